"""复课证明 …, 查验 …, 准入 …: certificate, the doctor's check, the teacher's yes (domain handbook 8.6).

The bot never says that somebody may go to school; it says who decides.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import bots.isolation.diagnoses  # noqa: F401 - what a hospital found is heard through its hook
from bots.alerts.telling import Posts, make_push
from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.engine.links import picture_link
from bots.isolation import words
from bots.isolation.checks import day_in, named
from bots.people.families import tell_family
from bots.wording import posts as post_words
from models.actions.incidents import end_step
from models.actions.management import admit, check, keep_picture, need_clearance, present
from models.queries.incidents import incident, steps_of
from models.queries.management import ClearanceRow, clearances, managed, picture_of
from models.queries.people import BoundPerson, Holder
from models.queries.unreported import Named
from models.rules.clusters import diagnoses_in
from models.rules.incidents import DECIDERS, HANDLERS
from models.rules.management import CERTIFICATES, EXCLUDED_FROM_SCHOOL, earliest_return, next_paper, wait_of
from models.rules.push import Push

_CHECKERS = DECIDERS
_TEACHERS = ("head_teacher", "deputy_head_teacher")
_PICTURE_WAITS = timedelta(hours=24)
_LONGEST = 120
Deed = Callable[[Turn, Named, str], Said]


def begin(turn: Turn) -> Said | None:
    verb = next((word for word in ("复课证明", "查验", "准入", "要求证明") if turn.text.startswith(word)), "")
    said = turn.text.removeprefix(verb).strip(" ：:，,")
    match verb:
        case "复课证明":
            return _present(turn, said)
        case "查验":
            return _by_post(turn, said, _CHECKERS, words.HOW_CHECK, words.ONLY_DOCTOR, _check)
        case "准入":
            return _by_post(turn, said, _TEACHERS, words.HOW_ADMIT, words.ONLY_TEACHER, _admit)
        case _:
            return _by_post(turn, said, HANDLERS, words.HOW_REQUIRE, words.ONLY_DOCTOR, _require)


# --- the family ------------------------------------------------------------------------------------------------------
def _present(turn: Turn, said: str) -> Said | None:
    """A guardian for a child, a member of staff for themselves, or a teacher for one of the class."""
    mine = turn.speaker.people
    kind = next((word for word in CERTIFICATES if word in said), "")
    child = next((one for one in mine if one.name in said or (len(one.name) > 2 and one.name[1:] in said)), None)
    if child is None and len(mine) == 1 and mine[0].relation == "guardian":
        child = mine[0]
    pupil: Named | BoundPerson | None = child
    if pupil is None and turn.speaker.posts:
        found = named(turn, said.partition(" ")[0])
        pupil = found[0] if len(found) == 1 else None
    if pupil is None or not kind:
        return say(words.HOW_PRESENT)
    issuer = said.replace(pupil.name, "").replace(kind, "", 1).strip(" ，,。")[:_LONGEST]
    issued = day_in(said, turn.day)
    if not issuer or issued is None or issued > turn.day:
        return say(words.HOW_PRESENT)
    row = _open(turn, pupil)
    if row is None:
        need_clearance(turn.work, pupil.person_id, pupil.unit_id, "person", turn.day)
        row = _open(turn, pupil)
    assert row is not None
    certificate = CERTIFICATES[kind]
    present(turn.work, row, certificate, issuer, issued)
    _tell_doctor(turn, row, certificate, issuer)
    picture = turn.district.incident.certificate_photo
    wait = Wait("clearance", "picture", {"person": pupil.person_id}, turn.sent_at + _PICTURE_WAITS) if picture else None
    return say(words.presented(pupil.name, certificate, picture), wait)


def picture(turn: Turn) -> Said | None:
    """The picture of the certificate, where the school asks for one: its reference, no more."""
    if turn.incoming.kind != "image" or not turn.incoming.media_id:
        return None
    row = clearances(turn.work, [int(turn.data["person"])]).get(int(turn.data["person"]))
    if row is None:
        return None
    keep_picture(turn.work, row, turn.incoming.media_id)
    return say(words.PICTURE_KEPT)


def _open(turn: Turn, one: Named | BoundPerson) -> ClearanceRow | None:
    return clearances(turn.work, [one.person_id]).get(one.person_id)


# --- the school ------------------------------------------------------------------------------------------------------
def _by_post(turn: Turn, said: str, roles: tuple[str, ...], how: str, only: str, deed: Deed) -> Said | None:
    if not turn.speaker.posts or turn.speaker.me is None:
        return None
    if not turn.speaker.holds(*roles):
        return say(only)
    name, _, rest = said.partition(" ")
    if not name:
        return say(how)
    found = named(turn, name, *roles)
    if not found:
        return say(post_words.nobody_called(name, "您负责的范围里"))
    if len(found) > 1:
        return say(post_words.several_called(name, [f"{one.name}（{one.number}）" for one in found]))
    return deed(turn, found[0], rest.strip()[:_LONGEST])


def _check(turn: Turn, one: Named, said: str) -> Said:
    me = turn.speaker.me
    assert me is not None
    if not said:
        return _papers(turn, one)
    passed = said.startswith(("通过", "合格"))
    if not passed and not said.startswith(("不通过", "未通过", "不合格")):
        return say(words.HOW_CHECK)
    row = _open(turn, one)
    if row is None:
        return say(words.not_asked(one.name))
    if passed and next_paper(row.papers) == "certificate":
        return say(words.no_paper(one.name))
    text = said.partition(" ")[2].strip()
    if not passed and not text:
        return say(words.HOW_CHECK)
    check(turn.work, row, passed, text, me.person_id)
    _tell(turn, one, "head_teacher" if one.kind == "student" else "grade_head", words.to_teacher(one.name, passed), row)
    return say(words.checked(one.name, passed))


def _papers(turn: Turn, one: Named) -> Said:
    """查验 姓名 alone: what lies there to be checked, with the picture where there is one."""
    row = _open(turn, one)
    if row is None:
        return say(words.not_asked(one.name))
    address = ""
    if picture_of(turn.work, row.id) is not None:
        until = turn.now + _PICTURE_WAITS
        address = picture_link(turn.work.vault, turn.public_url, row.id, turn.speaker.account_id, until)
    return say(words.papers_of(row, turn.work.units.class_name(row.unit_id), address))


def _admit(turn: Turn, one: Named, said: str) -> Said:
    me = turn.speaker.me
    assert me is not None
    row = _open(turn, one)
    if row is None:
        return say(words.not_asked(one.name))
    if next_paper(row.papers) == "certificate":
        return say(words.no_paper(one.name))
    if next_paper(row.papers) != "admission":
        return say(words.not_checked(one.name))
    held = [managed_row.kind for managed_row in managed(turn.work, [one.person_id])]
    held = [kind for kind in held if kind in EXCLUDED_FROM_SCHOOL]
    if held:
        return say(words.still_managed(one.name, held))
    admit(turn.work, row, turn.day, me.person_id)
    _clear_incident(turn, row, me.person_id)
    tell_family(turn, one.person_id, f"admitted:{row.id}", "复课查验", words.to_family(one.name, me.name))
    return say(words.admitted(one.name))


def _clear_incident(turn: Turn, row: ClearanceRow, by: int) -> None:
    """The step `cleared` of the incident that asked for it."""
    if row.incident_id is None:
        return
    case = incident(turn.work, row.incident_id)
    if case is None or case.closed_at is not None:
        return
    steps = steps_of(turn.work, [case.id]).get(case.id, [])
    if any(one.step == "cleared" and one.state == "open" for one in steps):
        end_step(turn.work, case, steps, "cleared", by=by, at=turn.sent_at, text="复课证明已查验，班主任已登记准入")


def _require(turn: Turn, one: Named, said: str) -> Said:
    diseases = sorted(diagnoses_in(said))
    if not diseases:
        return say(words.HOW_REQUIRE)
    since = day_in(said, turn.day)
    need_clearance(turn.work, one.person_id, one.unit_id, "person", turn.day, disease=diseases[0], since=since)
    wait = wait_of(diseases[0], turn.district, turn.day)
    return say(words.required(one.name, wait, earliest_return(wait, since)))


def _tell_doctor(turn: Turn, row: ClearanceRow, certificate: str, issuer: str) -> None:
    where = turn.work.units.class_name(row.unit_id)
    wait = wait_of(row.disease, turn.district, turn.day)
    text = words.to_doctor(row, where, certificate, issuer, wait)
    posts = Posts(turn.work, [row.unit_id], ["school_doctor"], turn.district.day_of(turn.now))
    for holder in posts.reached(row.unit_id, "school_doctor") or posts.last(row.unit_id):
        turn.push(_push(turn, holder, text, f"clearance:{row.id}:{turn.incoming.msg_id}:{holder.account_id}"))


def _tell(turn: Turn, one: Named, role: str, text: str, row: ClearanceRow) -> None:
    posts = Posts(turn.work, [one.unit_id], [role], turn.district.day_of(turn.now))
    for holder in posts.reached(one.unit_id, role):
        if holder.account_id != turn.speaker.account_id:
            turn.push(_push(turn, holder, text, f"checked:{row.id}:{turn.incoming.msg_id}:{holder.account_id}"))


def _push(turn: Turn, holder: Holder, text: str, key: str) -> Push:
    return make_push(
        turn.work, holder, text, key=key, unit=turn.district.name, level="orange", at=turn.now, alert_id=None
    )


conversation = Conversation(
    name="clearance",
    steps={"begin": begin, "picture": picture},
    first="begin",
    is_global=True,  # an open question about health must not take these words for its answer
    opens_on=frozenset({"复课证明", "查验", "准入", "要求证明"}),
    prefixes=("复课证明", "查验", "准入", "要求证明"),
)
