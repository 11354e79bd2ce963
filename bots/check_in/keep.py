"""Keeping one answer for one person: the revision, the alerts it raises, and what others do when a day changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bots.check_in.alerting import alert
from bots.check_in.scene import Known
from bots.engine.conversation import Turn
from models.actions.check_ins import Entry, Recorded, record
from models.queries.alerts import of_people
from models.queries.days import Day, day_of
from models.queries.people import unit_on
from models.rules.alerts import Finding, contradicts, findings
from models.rules.check_in import Health, merge, result_of

SAID_BY = {"guardian": "家长", "self": "本人", "head_teacher": "班主任"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of one answer. day.health is what holds now.

    other_guardian: the day had been reported by another guardian; earlier: what held then, reported at earlier_at by
    earlier_by. found: the alerts that follow; told: the roles that were told.
    """

    person: Known
    report_date: date
    recorded: Recorded
    said: Health
    other_guardian: bool
    earlier_by: str
    earlier_at: datetime | None
    found: tuple[Finding, ...]
    told: tuple[str, ...]

    @property
    def day(self) -> Day:
        return self.recorded.day

    @property
    def health(self) -> Health:
        return self.recorded.day.health or self.said

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(finding.code for finding in self.found)


#: What else happens when a person's day has a new revision; the reporting chain re-opens what was signed here.
AFTER: list[Callable[[Turn, Kept], None]] = []

#: What happens with every answer about a person, also one that repeats what is recorded.
EVERY: list[Callable[[Turn, Kept], None]] = []

#: The same when danger is stated, or a fever waits for its yes, and nothing is recorded yet.
AFTER_DANGER: list[Callable[[Turn, Known, frozenset[str]], None]] = []

#: What else follows from what was said of a person's day, recorded or still without its number: (turn, person, unit,
#: day, health). Clusters and the register of key persons look here.
AFTER_SAID: list[Callable[[Turn, Known, int, date, Health], None]] = []


def is_counted(person: Known, day: date) -> bool:
    """Whether the person is on the roster that day."""
    return person.joined_on <= day and (person.left_on is None or day < person.left_on)


def keep(
    turn: Turn,
    person: Known,
    health: Health,
    *,
    day: date | None = None,
    correction: bool = False,
    whole: bool = False,
    reporter: str = "guardian",
    reporter_person_id: int | None = None,
    pending: bool = False,
) -> Kept:
    """Record `health` for the person's day (that of the message unless `day` is given) and raise what follows.

    pending: an alert went out while a reading waited for its yes; what is said now is added to it.
    """
    on = day or turn.day
    unit_id = person.unit_id
    if on != turn.district.day_of(turn.now):
        unit_id = unit_on(turn.work.connection, person.person_id, on) or unit_id
    known = day_of(turn.work, person.person_id, unit_id, on)
    earlier, earlier_by, earlier_at = known.health, known.reporter, known.first_sent_at
    account = turn.speaker.account_id
    other = (
        reporter == "guardian"
        and not known.is_open
        and known.reporter == "guardian"
        and known.reporter_account_id != account
    )
    done = record(
        turn.work,
        Entry(
            person_id=person.person_id,
            person_kind=person.kind,
            unit_id=known.unit_id,
            day=on,
            health=health,
            raw=turn.incoming.text or turn.text,
            reporter=reporter,
            sent_at=turn.sent_at,
            msg_id=turn.incoming.msg_id,
            account_id=account,
            reporter_person_id=reporter_person_id,
            correction=correction,
            whole=whole,
        ),
    )
    found: tuple[Finding, ...] = ()
    told: tuple[str, ...] = ()
    if done.changed or pending:
        found = _findings(turn, done, earlier, health, other=other, pending=pending)
        found, told = _told_of_today(turn, person, on, found, SAID_BY.get(reporter, "老师"))
        if on_that_day := tuple(one for one in found if "earlier" not in one.facts):
            told += alert(turn, person, known.unit_id, on, on_that_day, SAID_BY.get(reporter, "老师"))
    kept = Kept(person, on, done, health, other, earlier_by, earlier_at, found, told)
    for each in EVERY:
        each(turn, kept)
    if done.changed:
        for after in AFTER:
            after(turn, kept)
        for heard in AFTER_SAID:
            heard(turn, person, known.unit_id, on, health if not done.newest else kept.health)
    return kept


def _told_of_today(
    turn: Turn, person: Known, on: date, found: tuple[Finding, ...], said_by: str
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """A fever of yesterday that has an alert of today already stays that one alert: its reading is added there.

    Gives the findings, yesterday's fever as a fact of today's, and the roles told of it. At most one statement.
    """
    fever = next((one for one in found if one.code == "A01" and "tenths" in one.facts), None)
    if fever is None or on != turn.day - timedelta(days=1):
        return found, ()
    known = of_people(turn.work, [person.person_id], [on, turn.day])
    today = known.get((person.person_id, turn.day, "A01"))
    if (person.person_id, on, "A01") in known or today is None or not today.facts.get("recent_fever"):
        return found, ()
    added = Finding("A01", {"earlier": [f"{on.isoformat()} {fever.facts['tenths']}"]})
    told = alert(turn, person, person.unit_id, turn.day, [added], said_by)
    return tuple(added if one is fever else one for one in found), told


def _findings(
    turn: Turn, done: Recorded, earlier: Health | None, said: Health, *, other: bool, pending: bool
) -> tuple[Finding, ...]:
    disease = turn.district.disease
    # Risk goes up at once, also from a late message that no longer counts or a correction that lowers it.
    holds = done.day.health if done.newest and done.day.health is not None else merge(earlier, said)
    found = list(findings(holds, disease, day=done.day.report_date))
    codes = {finding.code for finding in found}
    if other and earlier is not None and contradicts(earlier, said, disease):
        facts = {"others": [reading.tenths for reading in earlier.readings]}
        if said.tenths is not None:
            facts["readings"] = [reading.tenths for reading in said.readings]
        found.append(Finding("A14", facts))
    was_high = earlier is not None and result_of(earlier, disease) == "fever"
    if "A01" not in codes and said.tenths is not None and (pending or was_high):
        # An alert is never taken back by chat; what was said afterwards is added to it.
        found.append(Finding("A01", {"later": [said.tenths]}))
    return tuple(found)


def raise_without_record(
    turn: Turn, person: Known, health: Health, *, unconfirmed: bool, said_by: str = ""
) -> tuple[str, ...]:
    """Alerts for what is not recorded yet: danger without a number, a number that waits for its yes. Gives who is told.

    said_by: who said it, in words; the family or the person themselves where empty.
    """
    found = findings(health, turn.district.disease, unconfirmed=unconfirmed, day=turn.day)
    said_by = said_by or SAID_BY["guardian" if person.kind == "student" else "self"]
    told = alert(turn, person, person.unit_id, turn.day, found, said_by) if found else ()
    for after in AFTER_DANGER:
        after(turn, person, frozenset(finding.code for finding in found))
    if not unconfirmed:
        for heard in AFTER_SAID:
            heard(turn, person, person.unit_id, turn.day, health)
    return told
