"""What is already recorded for people's days: read once a batch, kept in step with what the batch writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, literal_column, select, true

from models.rules.check_in import SLOT, Health
from models.statements import Among, Question, Rows
from models.tables import Account, Binding, CheckIn, PersonDay
from models.work import Work


@dataclass(slots=True)
class Day:
    """One person's day and slot as recorded so far. revision 0: nothing yet."""

    person_id: int
    report_date: date
    slot: str
    unit_id: int
    state: str = ""
    result: str = ""
    marks: frozenset[str] = frozenset()
    revision: int = 0
    revisions: int = 0
    newest_sent_at: datetime | None = None
    newest_msg_id: int = 0
    first_sent_at: datetime | None = None
    health: Health | None = None
    reporter: str = ""
    reporter_account_id: int | None = None
    reporter_person_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Nobody has reported yet."""
        return self.revision == 0


_COLUMNS = (
    PersonDay.person_id,
    PersonDay.report_date,
    PersonDay.slot,
    PersonDay.unit_id,
    PersonDay.state,
    PersonDay.result,
    PersonDay.marks,
    PersonDay.revision,
    PersonDay.revisions,
    PersonDay.newest_sent_at,
    PersonDay.newest_msg_id,
    PersonDay.first_sent_at,
    CheckIn.health,
    CheckIn.reporter,
    CheckIn.reporter_account_id,
    CheckIn.reporter_person_id,
)
_COUNTS = and_(
    CheckIn.person_id == PersonDay.person_id,
    CheckIn.report_date == PersonDay.report_date,
    CheckIn.slot == PersonDay.slot,
    CheckIn.revision == PersonDay.revision,
)

_DAYS = Question(
    lambda among: (
        select(*_COLUMNS)
        .join(CheckIn, _COUNTS)
        .where(
            among(PersonDay.person_id, "people"),
            among(PersonDay.report_date, "dates"),
            PersonDay.slot == bindparam("slot"),
        )
    )
)


def _days_of(among: Among) -> Any:
    """The same by the accounts that speak for them; whose days are open comes too, with nothing beside it."""
    bound = select(Binding.person_id).join(Account, Account.id == Binding.account_id)
    bound = bound.where(Binding.ended_at.is_(None), among(Account.openid, "openids"))
    slot, day = PersonDay.slot == bindparam("slot"), PersonDay.report_date == bindparam("day")
    if among.is_sqlite:
        on = and_(PersonDay.person_id == Binding.person_id, day, slot)
        return bound.add_columns(*_COLUMNS).outerjoin(PersonDay, on).outerjoin(CheckIn, _COUNTS)
    # One person at a time, by the whole key: otherwise the server, which learns late how much a morning has added,
    # takes the two tables for small ones and reads them whole.
    one = (
        select(*_COLUMNS)
        .join(CheckIn, _COUNTS)
        .where(PersonDay.person_id == Binding.person_id, day, slot)
        .correlate(Binding)
        .limit(literal_column("1"))
        .lateral("one")
    )
    return bound.add_columns(*one.c).outerjoin(one, true())


_DAYS_OF = Question(_days_of)


def ask_days(connection: Connection, openids: Iterable[str], day: date) -> Rows:
    """One day of everybody the accounts of `openids` speak for; for `keep_days_of`. One statement."""
    return _DAYS_OF.ask(connection, openids=sorted(set(openids)), day=day, slot=SLOT)


def keep_days_of(work: Work, locked: Collection[int], day: date, rows: Sequence[tuple[Any, ...]]) -> None:
    """Take what `ask_days` found for people who are locked into `work.known`.

    Who is locked and not among the rows was unbound between two questions: their days are read when they are needed.
    """
    _keep(work, [row[1:] for row in rows if row[0] in locked and row[1] is not None])
    for row in rows:
        if row[0] in locked:
            work.known.setdefault(("day", row[0], day, SLOT), None)


def _keep(work: Work, rows: Iterable[tuple[Any, ...]]) -> None:
    for row in rows:
        # The columns stand in the order of the fields; two of them are not as they are stored.
        found = Day(*row)
        found.marks = frozenset(row[6].split(",")) - {""}
        sealed = row[12]
        found.health = Health.from_json(work.vault.open_json("check_ins.health", sealed)) if sealed else None
        work.known["day", found.person_id, found.report_date, found.slot] = found


def preload(work: Work, person_ids: Iterable[int], days: Iterable[date]) -> None:
    """Read these people's days into `work.known`, absent ones as open. One statement."""
    people, dates = sorted(set(person_ids)), sorted(set(days))
    wanted = [(person, day) for person in people for day in dates if ("day", person, day, SLOT) not in work.known]
    if not wanted:
        return
    _keep(work, _DAYS(work.flush(), people=people, dates=dates, slot=SLOT))
    for person, day in wanted:
        work.known.setdefault(("day", person, day, SLOT), None)


def health_before(work: Work, day: Day) -> Health | None:
    """What the revision before the one that counts said; None where there is none. One statement."""
    sealed = (
        work.flush()
        .execute(
            select(CheckIn.health)
            .where(
                CheckIn.person_id == day.person_id,
                CheckIn.report_date == day.report_date,
                CheckIn.slot == day.slot,
                CheckIn.revision < day.revision,
            )
            .order_by(CheckIn.sent_at.desc(), CheckIn.msg_id.desc(), CheckIn.revision.desc())
            .limit(1)
        )
        .scalar_one_or_none()
    )
    return None if sealed is None else Health.from_json(work.vault.open_json("check_ins.health", sealed))


def day_of(work: Work, person_id: int, unit_id: int, day: date, slot: str = SLOT) -> Day:
    """One person's day; from what the batch knows, else read."""
    place = ("day", person_id, day, slot)
    if place not in work.known:
        preload(work, [person_id], [day])
    known = work.known.get(place)
    if known is None:
        known = work.known[place] = Day(person_id, day, slot, unit_id)
    return known
