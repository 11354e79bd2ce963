"""A bare number for the one person somebody speaks for, of a day nobody has reported yet: nearly every message of a morning.

It says and keeps what `take` would, and takes only what raises no alert, asks nothing and needs no advice; whether a
number is such a one is asked of the rules themselves, once a number. The tests hold the two ways together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from bots.check_in.again import asked_again
from bots.check_in.echo import first_of_day
from bots.check_in.following import of_kept
from bots.check_in.guidance import guidance
from bots.check_in.keep import AFTER, AFTER_SAID, Kept, is_counted
from bots.engine.conversation import Said, Turn
from bots.engine.replies import Text
from bots.reading import bare_tenths
from bots.wording.health import body
from models.actions.check_ins import Entry, Recorded, record
from models.queries.days import Day, day_of
from models.queries.people import BoundPerson
from models.rules.alerts import findings
from models.rules.check_in import Health, Measured, marks_of, result_of
from models.rules.district import Disease
from models.vault import to_json


@dataclass(frozen=True, slots=True)
class _Quiet:
    """A number that is nothing but good: as it is kept, as it is written, as it is shown."""

    health: Health
    written: str
    parts: tuple[str, ...]


@dataclass(slots=True)
class _Judged:
    """What the rules of one disease say of each number, as far as it has been asked; None: it needs the long way."""

    disease: Disease | None = None
    numbers: dict[int, _Quiet | None] = field(default_factory=dict)

    def of(self, tenths: int, disease: Disease) -> _Quiet | None:
        if disease is not self.disease:
            self.disease, self.numbers = disease, {}
        if tenths not in self.numbers:
            self.numbers[tenths] = _judge(tenths, disease)
        return self.numbers[tenths]


_judged = _Judged()


def _judge(tenths: int, disease: Disease) -> _Quiet | None:
    health = Health(readings=(Measured(tenths),))
    if not disease.plausible_tenths[0] <= tenths <= disease.plausible_tenths[1]:
        return None
    if findings(health, disease) or marks_of(health, disease) or result_of(health, disease) != "normal":
        return None
    someone = BoundPerson(
        0, "student", "", "", 0, None, date.min, None, "guardian", 1, 0, datetime.min.replace(tzinfo=UTC)
    )
    day = Day(0, date.min, "", 0, health=health, revision=1, result="normal")
    kept = Kept(someone, date.min, Recorded(True, True, day, None, "", ""), health, False, "", None, (), ())
    if guidance(kept, disease, False) or guidance(kept, disease, True) or of_kept(kept, disease):
        return None
    return _Quiet(health, to_json(health.to_json()), tuple(body(health)))


def at_once(turn: Turn) -> Said | None:
    """The answer to a bare number that is good news; None for everything else."""
    tenths = bare_tenths(turn.text)
    speaker, work = turn.speaker, turn.work
    if tenths is None or len(speaker.people) != 1:
        return None
    quiet = _judged.of(tenths, work.district.disease)
    if quiet is None:
        return None
    person, on = speaker.people[0], turn.day
    if not is_counted(person, on) or on != work.today:
        return None
    day = day_of(work, person.person_id, person.unit_id, on)
    if not day.is_open or day.health is not None:
        return None
    is_self = person.relation == "self"
    done = record(
        work,
        Entry(
            person_id=person.person_id,
            person_kind=person.kind,
            unit_id=day.unit_id,
            day=on,
            health=quiet.health,
            raw=turn.incoming.text or turn.text,
            reporter=person.relation,
            sent_at=turn.sent_at,
            msg_id=turn.incoming.msg_id,
            account_id=speaker.account_id,
            reporter_person_id=person.person_id if is_self else None,
            written=quiet.written,
        ),
    )
    kept = Kept(person, on, done, quiet.health, False, "", None, (), ())
    for after in AFTER:
        after(turn, kept)
    for heard in AFTER_SAID:
        heard(turn, person, day.unit_id, on, quiet.health)
    return Said(Text(first_of_day(turn, kept, quiet.parts) + asked_again(turn, person)))
