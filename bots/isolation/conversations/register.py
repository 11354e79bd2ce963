"""密接 …, 隔离 …, 解除 …, 在管: the register of isolation and observation in chat (domain handbook 8.4, 8.5).

Whoever enters a finding enters whose it is and when it was made; the bot names nobody a contact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from bots.alerts.telling import Posts, make_push
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.isolation import words
from bots.isolation.checks import day_in, named, school_units
from bots.people.families import tell_family
from bots.reports.reopening import after_change
from bots.wording import posts as post_words
from models.actions.incidents import decide
from models.actions.key_persons import Entry, register
from models.actions.management import Start, assign, release, start
from models.actions.trail import note
from models.queries.incidents import open_in
from models.queries.management import ASKED, ManagedRow, checks_of, managed, managed_in
from models.queries.people import Holder, holders, recipients_of
from models.queries.unreported import Named
from models.rules.authority import BUREAU
from models.rules.incidents import DECIDERS, HANDLERS
from models.rules.key_persons import MANAGED_AS, OPEN_ENDED
from models.rules.management import COUNTED, MEASURES, Observation, first_check, observation, over_now

_FINDINGS: Mapping[str, str] = {
    "密接": "close_contact",
    "一般接触": "general_contact",
    "疑似": "suspected",
    "确诊": "confirmed",
    "无症状": "asymptomatic",
}
_MEASURES: Mapping[str, str] = {"居家": "home_isolation", "集中": "central_isolation", "住院": "hospitalised"}
_VERBS = (*_FINDINGS, "隔离", "解除", "联系人")
_LONGEST = 200


def begin(turn: Turn) -> Said | None:
    if not turn.speaker.posts or turn.speaker.me is None:
        return None
    if turn.text in {"在管", "在管名单"}:
        return _list(turn)
    verb = next((word for word in _VERBS if turn.text.startswith(word)), "")
    rest = turn.text.removeprefix(verb)
    if not verb or (rest and rest[0] not in " ：:，,"):
        return None  # 确诊了吗, 隔离多久: not a word of the register
    said = rest.strip(" ：:，,")
    if not turn.speaker.holds(*DECIDERS):
        return say(words.ONLY) if turn.speaker.holds(*HANDLERS) or not turn.speaker.children else None
    name, _, more = said.partition(" ")
    more = more.strip()[:_LONGEST]
    found = named(turn, name, *DECIDERS) if name else []
    if not name:
        return say(_how(verb))
    if not found:
        return say(post_words.nobody_called(name, "本校"))
    if len(found) > 1:
        return say(post_words.several_called(name, [f"{one.name}（{one.number}）" for one in found]))
    if verb == "解除":
        return _release(turn, found[0], more)
    if verb == "联系人":
        return _officer(turn, found[0], more)
    if verb == "隔离":
        return _measure(turn, found[0], more)
    return _finding(turn, found[0], _FINDINGS[verb], more)


def _how(verb: str) -> str:
    return {"解除": words.HOW_RELEASE, "联系人": words.HOW_OFFICER, "隔离": words.HOW_MEASURE}.get(
        verb, words.HOW_FINDING
    )


# --- onto the register -----------------------------------------------------------------------------------------------
def _finding(turn: Turn, one: Named, kind: str, source: str) -> Said:
    if not source:
        return say(words.HOW_FINDING)
    me = turn.speaker.me
    assert me is not None
    incidents = []
    if kind in {"close_contact", "general_contact"}:
        incidents = decide(turn.work, one.person_id, kind, source, turn.sent_at, me.person_id)
    return _start(turn, one, kind, source, None, incidents[-1] if incidents else None)


def _measure(turn: Turn, one: Named, said: str) -> Said:
    how, _, source = said.partition(" ")
    kind = next((code for word, code in _MEASURES.items() if how.startswith(word)), "")
    if not kind or not source.strip():
        return say(words.HOW_MEASURE)
    exposed = day_in(source, turn.day)
    if exposed is not None and exposed > turn.day:
        return say(words.HOW_MEASURE)
    return _start(turn, one, kind, source.strip(), exposed, None)


def _start(turn: Turn, one: Named, kind: str, source: str, exposed: date | None, incident_id: int | None) -> Said:
    me = turn.speaker.me
    assert me is not None
    incident = incident_id or next(
        (row.id for row in open_in(turn.work, [one.unit_id]) if row.person_id == one.person_id), None
    )
    officer = _first_officer(turn, one)
    former, is_new = start(
        turn.work,
        Start(
            one.person_id,
            one.unit_id,
            kind,
            turn.day,
            source,
            me.person_id,
            last_exposure_on=exposed,
            officer_id=None if officer is None else officer.person_id,
            incident_id=incident,
        ),
    )
    _on_the_list(turn, one, kind, source, exposed)
    ends = next((row.ends_on for row in managed(turn.work, [one.person_id]) if row.kind == kind), None)
    if not is_new:
        return say(words.moved(one.name, kind, ends))
    _reopen(turn, one, kind, former)
    return say(words.started(one.name, kind, former, ends, "" if officer is None else officer.name))


def _on_the_list(turn: Turn, one: Named, kind: str, source: str, exposed: date | None) -> None:
    """Whoever is in management is a key person too: two registers, one set of people (domain handbook 9)."""
    category = MANAGED_AS.get(kind)
    me = turn.speaker.me
    if category is None or me is None:
        return
    since = None if category in OPEN_ENDED else exposed or turn.day
    reason = f"{words.KINDS[kind]}（{source[:60]}）"
    actor = f"person:{me.person_id}"
    entry = Entry(one.person_id, one.unit_id, category, reason, "", "school", since, by=me.person_id, actor=actor)
    register(turn.work, entry, turn.day)


def _first_officer(turn: Turn, one: Named) -> Holder | None:
    """The head teacher, or who stands in; for staff the head of their grade."""
    role = "head_teacher" if one.kind == "student" else "grade_head"
    posts = Posts(turn.work, [one.unit_id], [role], turn.district.day_of(turn.now))
    reached = posts.reached(one.unit_id, role) or posts.of(one.unit_id, role) or posts.last(one.unit_id)
    return reached[0] if reached else None


def _reopen(turn: Turn, one: Named, kind: str, former: list[str], *, ended: bool = False) -> None:
    """What was signed today of the unit holds no longer."""
    changes: dict[str, int] = {}
    if one.kind == "staff":
        changes["staff_new_cases"] = 1 if kind in COUNTED and not ended else 0
    else:
        sign = -1 if ended else 1
        if kind in (*COUNTED, *MEASURES):
            changes[kind] = sign
        if kind in COUNTED and not ended:
            changes[f"new_{kind}"] = 1
        for other in former:
            if other in (*COUNTED, *MEASURES):
                changes[other] = -1
    changes = {name: change for name, change in changes.items() if change}
    if changes:
        after_change(turn.work, one.unit_id, one.kind, turn.day, changes, turn.sent_at)


# --- off it ----------------------------------------------------------------------------------------------------------
def _release(turn: Turn, one: Named, document: str) -> Said:
    me = turn.speaker.me
    assert me is not None
    rows = managed(turn.work, [one.person_id])
    if not rows:
        return say(words.not_managed(one.name))
    early = document.startswith("提前")
    document = document.removeprefix("提前").strip()
    if not document:
        return say(words.HOW_RELEASE)
    for row in rows:
        if row.last_exposure_on is None or row.kind not in {"home_isolation", "central_isolation"}:
            continue
        standing = _standing(turn, row)
        if "unreached" in standing.lacking:
            return say(words.unreached(one.name))
        if "period" in standing.lacking and not early:
            return say(words.not_yet_over(one.name, standing.ends, len(standing.missed)))
    release(turn.work, rows, turn.day, document, me.person_id)
    for row in rows:
        _reopen(turn, one, row.kind, [], ended=True)
    if one.kind == "student" and any(row.kind in ASKED for row in rows):
        _tell_family(turn, one)
    return say(words.released(one.name, [row.kind for row in rows]))


def _tell_family(turn: Turn, one: Named) -> None:
    """What was decided, and what is still lacking before the child may come; never that it may."""
    tell_family(
        turn, one.person_id, f"released:{one.person_id}:{turn.day}", "观察解除", words.family_released(one.name)
    )


def _standing(turn: Turn, row: ManagedRow) -> Observation:
    assert row.last_exposure_on is not None
    checks = checks_of(turn.work, [row.person_id], row.known_on).get(row.person_id, {})
    answered = [check for check, at in checks.items() if at is not None]
    return observation(
        row.last_exposure_on,
        turn.district.disease,
        answered,
        first_check(row.started_at, turn.district),
        turn.day,
        until=over_now(turn.now, turn.day, turn.district),
    )


# --- who looks after them --------------------------------------------------------------------------------------------
def _officer(turn: Turn, one: Named, name: str) -> Said:
    me = turn.speaker.me
    assert me is not None
    unit = turn.work.units[one.unit_id]
    school = unit.school_id or unit.id
    places = [below.id for below in turn.work.units.within(school)]
    roles = {*HANDLERS, "academic_office", "duty_staff", "subject_teacher"}
    found = {
        holder.person_id: holder
        for holder in holders(turn.work.flush(), places, roles, turn.day)
        if name and (holder.name == name or (len(name) >= 2 and holder.name.endswith(name)))
    }
    if len(found) != 1:
        return say(words.HOW_OFFICER if not name else post_words.nobody_called(name, "本校的老师里"))
    if not managed(turn.work, [one.person_id]):
        return say(words.not_managed(one.name))
    officer = next(iter(found.values()))
    assign(turn.work, one.person_id, officer.person_id, me.person_id)
    if officer.account_id is not None and officer.account_id != turn.speaker.account_id:
        where = turn.work.units.class_name(one.unit_id)
        turn.push(
            make_push(
                turn.work,
                officer,
                words.officer_told(one.name, where),
                key=f"officer:{one.person_id}:{officer.person_id}:{turn.day}",
                unit=turn.district.name,
                level="orange",
                at=turn.now,
                alert_id=None,
            )
        )
    return say(words.officer_set(one.name, officer.name))


def _list(turn: Turn) -> Said | None:
    units = school_units(turn, *HANDLERS)
    if not units:
        return _counts(turn) if any(post.role in BUREAU for post in turn.speaker.posts) else say(words.ONLY)
    rows = managed_in(turn.work, units)
    if not rows:
        return say(words.NOBODY)
    me = turn.speaker.me
    assert me is not None
    note(turn.work, f"person:{me.person_id}", "names-read", f"managements:{turn.day}", "management")
    officers = {
        one.person_id: one.name for one in recipients_of(turn.work.flush(), {row.officer_id or 0 for row in rows})
    }
    lines = [
        words.managed_line(
            row, turn.work.units.class_name(row.unit_id), officers.get(row.officer_id or 0, ""), turn.day
        )
        for row in rows
    ]
    return say(words.listed(lines, len({row.person_id for row in rows})))


def _counts(turn: Turn) -> Said:
    """The bureau sees numbers by school (domain handbook 2.4)."""
    units = turn.work.units
    top = units.district
    rows = managed_in(turn.work, [unit.id for unit in units.within(top.id)]) if top is not None else []
    if not rows:
        return say(words.NOBODY)
    counted = Counter((row.school_id, row.kind) for row in rows)
    lines = []
    for school in sorted({row.school_id or 0 for row in rows}):
        unit = units.get(school)
        parts = [f"{words.KINDS[kind]}{counted[school, kind]}" for kind in words.KINDS if counted[school, kind]]
        lines.append(f"{unit.name if unit else turn.district.bureau}：{'，'.join(parts)}")
    return say(words.counts(lines))


conversation = Conversation(
    name="isolation",
    steps={"begin": begin},
    first="begin",
    is_global=True,  # an open question about health must not take these words for its answer
    opens_on=frozenset({"在管", "在管名单", *_VERBS}),
    prefixes=_VERBS,
)
