"""The register of key persons: who is on it, who was heard, who is missing from it, and how it was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy.orm import aliased

from models.queries.keepers import keeps
from models.rules.check_in import SLOT, Health
from models.rules.key_persons import MANAGED_AS, REACHED
from models.statements import values
from models.tables import (
    Alert,
    CheckIn,
    Enrolment,
    Journey,
    KeyContact,
    KeyDecision,
    KeyPerson,
    KeyRegionRow,
    Management,
    Person,
    PersonDay,
)
from models.vault import Vault

#: Ids named in one statement.
_LISTED = 900
#: Alerts that speak of a journey, a contact or a case: whoever has one belongs on the list.
WATCHED = ("A03", "A04", "A08", "A09")


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One open (or ended) row of the register, unsealed."""

    id: int
    person_id: int
    name: str
    number: str
    kind: str
    unit_id: int
    category: str
    state: str
    source: str
    since: date | None
    until: date | None
    waived_days: int
    is_held: bool
    registered_on: date
    keeper_id: int | None
    keeper: str
    next_contact_at: datetime | None
    last_contact_on: date | None
    proposal: str
    ended_on: date | None
    escalated_on: date | None
    reason: str
    place: str


def _select(day: date) -> Any:
    """Rows of the register; keepers as of `day`, so that nobody is without one between two runs of the job."""
    keeper = aliased(Person)
    return (
        select(
            KeyPerson.id,
            KeyPerson.person_id,
            Person.name,
            Person.number,
            Person.kind,
            Person.unit_id,
            KeyPerson.category,
            KeyPerson.state,
            KeyPerson.source,
            KeyPerson.since,
            KeyPerson.until,
            KeyPerson.waived_days,
            KeyPerson.is_held,
            KeyPerson.registered_on,
            keeper.id.label("keeper_id"),
            func.coalesce(keeper.name, ""),
            KeyPerson.next_contact_at,
            KeyPerson.last_contact_on,
            KeyPerson.proposal,
            KeyPerson.ended_on,
            KeyPerson.escalated_on,
            KeyPerson.reason,
        )
        .join(Person, Person.id == KeyPerson.person_id)
        .outerjoin(keeper, keeper.id == keeps(Person.unit_id, KeyPerson.keeper_id, day))
        .order_by(Person.unit_id, Person.number, KeyPerson.id)
    )


def _row(row: Any, vault: Vault) -> KeyRow:
    *cells, sealed = values(row)
    said = vault.open_json("key_persons.reason", sealed)
    made: Any = (*cells, str(said.get("reason", "")), str(said.get("place", "")))
    return KeyRow(*made)


def open_rows(connection: Connection, vault: Vault, day: date, unit_ids: Iterable[int] | None = None) -> list[KeyRow]:
    """Everybody on the list on `day`, of these units (None: of all), by unit and number. One statement."""
    statement = _select(day).where(KeyPerson.ended_at.is_(None))
    if unit_ids is not None:
        statement = statement.where(Person.unit_id.in_(sorted(set(unit_ids))))
    return [_row(row, vault) for row in connection.execute(statement)]


def rows_between(connection: Connection, vault: Vault, first: date, last: date) -> Iterable[KeyRow]:
    """Everybody who was on the list on a day from `first` to `last`. One statement, streamed."""
    rows = connection.execute(
        _select(last).where(
            KeyPerson.registered_on <= last, or_(KeyPerson.ended_on.is_(None), KeyPerson.ended_on >= first)
        ),
        execution_options={"yield_per": 1000},
    )
    return (_row(row, vault) for row in rows)


def rows_by_id(connection: Connection, vault: Vault, ids: Sequence[int], day: date) -> list[KeyRow]:
    """These rows of the register. One statement a few hundred."""
    found = []
    for begin in range(0, len(ids), _LISTED):
        chosen = connection.execute(_select(day).where(KeyPerson.id.in_(list(ids[begin : begin + _LISTED]))))
        found += [_row(row, vault) for row in chosen]
    return found


@dataclass(frozen=True, slots=True)
class Count:
    """How many persons of one school are on the list in one category; held: of them kept away (暂不返校)."""

    school_id: int | None
    category: str
    persons: int
    held: int


def counts(connection: Connection) -> list[Count]:
    """Persons on the list, per school and category. One statement, nothing unsealed."""
    rows = connection.execute(
        select(
            KeyPerson.school_id,
            KeyPerson.category,
            func.count(KeyPerson.person_id.distinct()),
            func.count().filter(KeyPerson.is_held),
        )
        .where(KeyPerson.ended_at.is_(None))
        .group_by(KeyPerson.school_id, KeyPerson.category)
        .order_by(KeyPerson.school_id, KeyPerson.category)
    )
    return [Count(*values(row)) for row in rows]


def heard(
    connection: Connection, rows: Sequence[KeyRow], first: date, last: date
) -> tuple[Mapping[int, set[date]], Mapping[int, str]]:
    """On which days each of these people (by person) was heard: an answer, or a contact that reached them; and the
    result class of the newest answer. Two statements."""
    days: dict[int, set[date]] = {row.person_id: set() for row in rows}
    newest: dict[int, str] = {}
    person_of = {row.id: row.person_id for row in rows}
    people = sorted(days)
    for begin in range(0, len(people), _LISTED):
        answers = connection.execute(
            select(PersonDay.person_id, PersonDay.report_date, PersonDay.result)
            .where(
                PersonDay.person_id.in_(people[begin : begin + _LISTED]),
                PersonDay.report_date.between(first, last),
                PersonDay.state != "exempt",
            )
            .order_by(PersonDay.report_date)
        )
        for person_id, day, result in answers:
            days[person_id].add(day)
            newest[person_id] = result
    ids = sorted(person_of)
    for begin in range(0, len(ids), _LISTED):
        contacts = connection.execute(
            select(KeyContact.key_person_id, KeyContact.day).where(
                KeyContact.key_person_id.in_(ids[begin : begin + _LISTED]),
                KeyContact.day.between(first, last),
                KeyContact.outcome.in_(sorted(REACHED)),
            )
        )
        for number, day in contacts:
            days[person_of[number]].add(day)
    return days, newest


def attempted(connection: Connection, ids: Sequence[int], day: date) -> set[int]:
    """Rows of the list with any contact logged on `day`, reached or not. One statement a few hundred."""
    found: set[int] = set()
    for begin in range(0, len(ids), _LISTED):
        found |= set(
            connection.execute(
                select(KeyContact.key_person_id).where(
                    KeyContact.key_person_id.in_(list(ids[begin : begin + _LISTED])), KeyContact.day == day
                )
            ).scalars()
        )
    return found


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody whose answer speaks of a journey, a contact or a case and who is not on the list, and why."""

    person_id: int
    name: str
    unit_id: int
    code: str
    day: date
    why: str


def missing(connection: Connection, since: date, until: date) -> list[Missing]:
    """Who should be on the list and is not ("一个不漏"). Two statements: the few alerts of these days, nobody unsealed.

    Whoever was on the list on or after the day of the alert is not missing, released or not.
    """
    listed = select(KeyPerson.id).where(
        KeyPerson.person_id == Alert.person_id,
        or_(KeyPerson.ended_on.is_(None), KeyPerson.ended_on >= Alert.report_date),
    )
    rows = connection.execute(
        select(Person.id, Person.name, Alert.unit_id, Alert.code, Alert.report_date, Alert.outcome)
        .join(Alert, Alert.person_id == Person.id)
        .where(Alert.code.in_(WATCHED), Alert.report_date.between(since, until), ~listed.exists())
        .order_by(Alert.unit_id, Person.number, Alert.report_date.desc())
    ).all()
    if not rows:
        return []
    people = sorted({row.id for row in rows})
    stays: dict[int, list[str]] = {}
    for begin in range(0, len(people), _LISTED):
        for person_id, far in connection.execute(
            select(Journey.person_id, Journey.far).where(
                Journey.person_id.in_(people[begin : begin + _LISTED]), Journey.kind != "plan"
            )
        ):
            stays.setdefault(person_id, []).append(far)
    found: dict[int, Missing] = {}
    for person_id, name, unit_id, code, day, outcome in rows:
        if person_id in found or outcome == "excluded":
            continue
        known = stays.get(person_id, [])
        if known and all(far == "local" for far in known):
            continue  # within the own city and no key region: nothing to follow up (domain handbook 5.7 A09)
        why = "地点没有问清" if "" in known or not known else "有外出记录但未登记"
        if code in {"A03", "A04"} and not known:
            why = "有接触或病例的说法但未登记"
        found[person_id] = Missing(person_id, name, unit_id, code, day, why)
    return list(found.values())


def managed_not_listed(connection: Connection) -> list[Missing]:
    """Who is in management and not on the list of key persons. One statement."""
    listed = select(KeyPerson.id).where(KeyPerson.person_id == Management.person_id, KeyPerson.ended_at.is_(None))
    rows = connection.execute(
        select(Person.id, Person.name, Person.unit_id, Management.kind, Management.known_on)
        .join(Management, Management.person_id == Person.id)
        .where(Management.ended_on.is_(None), Management.kind.in_(sorted(MANAGED_AS)), ~listed.exists())
        .order_by(Person.unit_id, Person.number, Management.id)
    ).all()
    found: dict[int, Missing] = {}
    for person_id, name, unit_id, kind, day in rows:
        found.setdefault(person_id, Missing(person_id, name, unit_id, kind, day, "在管但不在名单上"))
    return list(found.values())


def no_longer_managed(connection: Connection) -> list[int]:
    """Rows of the list whose person was put on it by the register of isolation and has been released there since, and
    is in management for nothing any more. One statement."""
    held = select(Management.id).where(
        Management.person_id == KeyPerson.person_id,
        Management.ended_on.is_(None),
        Management.kind.in_(sorted(MANAGED_AS)),
    )
    released = select(Management.id).where(
        Management.person_id == KeyPerson.person_id,
        Management.state == "released",
        Management.kind.in_(sorted(MANAGED_AS)),
        Management.ended_at >= KeyPerson.registered_at,
    )
    rows = connection.execute(
        select(KeyPerson.id).where(
            KeyPerson.ended_at.is_(None),
            KeyPerson.category.in_(sorted(set(MANAGED_AS.values()))),
            KeyPerson.proposal == "",
            released.exists(),
            ~held.exists(),
        )
    )
    return list(rows.scalars())


@dataclass(frozen=True, slots=True)
class OpenJourney:
    """A journey that has not ended as far as anybody said. answers: what the newest answer after it says (sealed)."""

    id: int
    person_id: int
    name: str
    planned_return: date | None
    said_on: date
    answered_on: date | None
    health: bytes | None


def open_journeys(connection: Connection) -> list[OpenJourney]:
    """Own journeys nobody has said the end of, with the newest answer of a later day. One statement."""
    newest = (
        select(PersonDay.person_id, func.max(PersonDay.report_date).label("day"))
        .join(Journey, and_(Journey.person_id == PersonDay.person_id, Journey.kind == "own", Journey.last_on.is_(None)))
        .where(PersonDay.report_date > Journey.said_on)
        .group_by(PersonDay.person_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            Journey.id,
            Journey.person_id,
            Person.name,
            Journey.planned_return,
            Journey.said_on,
            newest.c.day,
            CheckIn.health,
        )
        .join(Person, Person.id == Journey.person_id)
        .outerjoin(newest, newest.c.person_id == Journey.person_id)
        .outerjoin(
            PersonDay,
            and_(
                PersonDay.person_id == newest.c.person_id,
                PersonDay.report_date == newest.c.day,
                PersonDay.slot == SLOT,
            ),
        )
        .outerjoin(
            CheckIn,
            and_(
                CheckIn.person_id == PersonDay.person_id,
                CheckIn.report_date == PersonDay.report_date,
                CheckIn.slot == PersonDay.slot,
                CheckIn.revision == PersonDay.revision,
            ),
        )
        .where(Journey.kind == "own", Journey.last_on.is_(None))
        .order_by(Journey.person_id, Journey.id)
    )
    return [OpenJourney(*values(row)) for row in rows]


def stayed_home(vault: Vault, journey: OpenJourney) -> bool:
    """Whether an answer after the journey says that they have not been away: they are back."""
    if journey.health is None:
        return False
    return Health.from_json(vault.open_json("check_ins.health", journey.health)).left_area is False


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about a key person and what it was made by."""

    at: datetime
    deed: str
    actor: str
    rule: str
    region: str
    region_from: date | None
    region_to: date | None
    regions_version: int | None
    detail: str


def decisions_of(connection: Connection, vault: Vault, ids: Iterable[int]) -> list[Decision]:
    """How it came that they are on the list, or are not any more, oldest first. One statement."""
    rows = connection.execute(
        select(
            KeyDecision.at,
            KeyDecision.deed,
            KeyDecision.actor,
            KeyDecision.rule,
            func.coalesce(KeyRegionRow.name, ""),
            KeyRegionRow.from_date,
            KeyRegionRow.to_date,
            KeyDecision.regions_version,
            KeyDecision.detail,
        )
        .outerjoin(KeyRegionRow, KeyRegionRow.id == KeyDecision.region_id)
        .where(KeyDecision.key_person_id.in_(sorted(set(ids))))
        .order_by(KeyDecision.id)
    )
    found = []
    for row in rows:
        *cells, sealed = values(row)
        made: Any = (*cells, vault.open("key_decisions.detail", sealed) if sealed else "")
        found.append(Decision(*made))
    return found


def was_in(person_id: Any, day: Any) -> Any:
    """Where somebody belonged on a day, to join `Enrolment` by: who moves is counted where they were that day."""
    return and_(
        Enrolment.person_id == person_id,
        Enrolment.from_date <= day,
        or_(Enrolment.to_date.is_(None), Enrolment.to_date > day),
    )


def listed_by_unit(calendar: Any) -> Any:
    """For the figures: (day, unit_id, kind, persons) on the list on each day of a calendar, a person once."""
    return (
        select(
            calendar.c.day,
            Enrolment.unit_id,
            Person.kind,
            func.count(KeyPerson.person_id.distinct()).label("persons"),
        )
        .join(Person, Person.id == KeyPerson.person_id)
        .join(
            calendar,
            and_(
                KeyPerson.registered_on <= calendar.c.day,
                or_(KeyPerson.ended_on.is_(None), KeyPerson.ended_on > calendar.c.day),
            ),
        )
        .join(Enrolment, was_in(KeyPerson.person_id, calendar.c.day))
        .group_by(calendar.c.day, Enrolment.unit_id, Person.kind)
        .subquery("listed")
    )


#: Where somebody is, as the figures' columns name it; and, beside it, whether that is a key region.
AWAY = ("other_city", "other_province", "abroad")
AWAY_COLUMNS = (*AWAY, "in_key_region", "place_unknown")


def away_by_unit(calendar: Any, days: Sequence[date] | None = None) -> Any:
    """For the figures: (day, unit_id, kind, *`AWAY_COLUMNS`) of people who are away as said on an earlier day. Whoever
    answered on the day itself with a place is counted by that answer; a person once, where they were last said to be.
    Nobody's answer counts as the place nobody knows, so such a journey counts from the day it was told.

    days: those of the calendar, where they are known: one look-up a person, instead of all their days.
    """
    day = calendar.c.day
    answered = select(PersonDay.person_id).where(
        PersonDay.person_id == Journey.person_id,
        PersonDay.report_date == day,
        PersonDay.slot == SLOT,
        or_(PersonDay.marks.contains("other_"), PersonDay.marks.contains("abroad"), PersonDay.marks.contains("region")),
    )
    if days is not None:
        answered = answered.where(PersonDay.report_date.in_(days))
    later = aliased(Journey)

    def holds(journey: Any) -> Any:
        return and_(
            journey.kind == "own",
            or_(journey.said_on < day, and_(journey.said_on == day, journey.far == "")),
            or_(journey.last_on.is_(None), journey.last_on > day),
        )

    newer = select(later.id).where(later.person_id == Journey.person_id, later.id > Journey.id, holds(later))
    return (
        select(
            day,
            Enrolment.unit_id,
            Person.kind,
            *(func.count().filter(Journey.far == far).label(far) for far in AWAY),
            func.count(Journey.region_id).label("in_key_region"),
            func.count().filter(Journey.far == "").label("place_unknown"),
        )
        .join(Person, Person.id == Journey.person_id)
        .join(calendar, holds(Journey))
        .join(Enrolment, was_in(Journey.person_id, day))
        .where(
            ~answered.exists(),
            ~newer.exists(),
            Person.joined_on <= day,
            or_(Person.left_on.is_(None), Person.left_on > day),
        )
        .group_by(day, Enrolment.unit_id, Person.kind)
        .subquery("away")
    )
