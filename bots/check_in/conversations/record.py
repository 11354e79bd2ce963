"""`记录`: the last fourteen days of everybody the account speaks for; `记录 姓名`: of one, also of a pupil in one's charge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bots.check_in.keep import is_counted
from bots.check_in.scene import Known
from bots.check_in.words import report as words
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.people.finding import called
from bots.pupils.words import absences as absent_words
from bots.wording import posts
from bots.wording.health import body
from models.actions.trail import note
from models.queries.days import day_of, preload
from models.queries.health_records import RecordAbsence, absences_of
from models.queries.unreported import Named, people_named
from models.rules.handing_out import kinds_for

#: Contract 8: the last 14 days.
_DAYS = 14
_PREFIXES = ("记录", "查看记录")
_EDGES = " \t：:，,。.、"
_NOTES = {"late": "（迟报）", "backfill": "（补报）"}


def show(turn: Turn) -> Said | None:
    """Newest day first; days on which somebody was not on the roster are left out."""
    people: Sequence[Known] = turn.speaker.people
    if not people:
        return None
    name = next((turn.text.removeprefix(word) for word in _PREFIXES if turn.text.startswith(word)), "").strip(_EDGES)
    if name:
        found = [one for one in people if name in {one.name, one.name[1:]}] or _pupils(turn, name)
        if found is None:
            return None  # 记录一下今天的体温: no name
        if len(found) != 1:
            where = "您能查看的范围里"
            several = [f"{one.name}（{one.number}）" for one in found if isinstance(one, Named)]
            unknown = posts.nobody_called(name, where)
            return say(posts.several_called(name, several) if found else unknown, keep=True)
        people = found
    days = [turn.day - timedelta(days=back) for back in range(_DAYS)]
    ids = [person.person_id for person in people]
    preload(turn.work, ids, days)
    absences = absences_of(turn.work.flush(), ids, days[-1], days[0])
    begins = turn.district.times.starts_on
    parts = []
    for person in people:
        lines = []
        for on in days:
            if not is_counted(person, on) or (begins is not None and on < begins):
                continue
            day = day_of(turn.work, person.person_id, person.unit_id, on)
            said = [] if day.health is None else body(day.health)
            away = _away(turn, absences.get((person.person_id, on)))
            lines.append(words.record_line(on, said, _NOTES.get(day.state, "") + away))
        parts.append(words.record(person.name, lines))
    return say("\n".join(parts), keep=True)


def _away(turn: Turn, absence: RecordAbsence | None) -> str:
    """Why somebody was away that day, as it was entered."""
    if absence is None:
        return ""
    reason = "" if absence.reason is None else turn.work.vault.open("absences.reason", absence.reason)
    return absent_words.beside(absence.kind, reason)


def _pupils(turn: Turn, name: str) -> list[Named] | None:
    """Pupils and staff called so of whom the speaker may see every value (domain handbook 2.4), each reading on the trail."""
    me, places = turn.speaker.me, turn.work.units
    if me is None or not turn.speaker.posts:
        return None
    posts_held = turn.speaker.posts
    own = [unit for post in posts_held if (unit := places.get(post.unit_id)) is not None]
    below = {unit.id: unit for top in own for unit in places.within(top.id)}
    units = [unit.id for unit in below.values() if "record" in kinds_for(posts_held, unit.id, places.above(unit.id))]
    if not units:
        return []
    found = called(people_named(turn.work.flush(), units, name, turn.day), name)
    for one in found if len(found) == 1 else ():
        note(turn.work, f"person:{me.person_id}", "record.read", f"person:{one.person_id}")
    return found


conversation = Conversation(
    name="record",
    opens_on=frozenset({"记录", "历史", "健康记录", "查看记录"}),
    prefixes=("记录 ", "查看记录 "),
    steps={"show": show},
    first="show",
)
