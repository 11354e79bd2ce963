"""Who is in management, which checks they answered, and what stands against somebody's being at school."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, literal, or_, select, union_all

from models.rules.alerts import FEVERS
from models.rules.check_in import SLOT
from models.rules.management import EXCLUDED_FROM_SCHOOL, Papers
from models.statements import values
from models.tables import Absence, Alert, Clearance, KeyPerson, Management, ObservationCheck, Person, PersonDay
from models.vault import Vault
from models.work import Work

#: Measures under which two checks a day are asked for; in hospital the hospital looks after that.
ASKED = ("home_isolation", "central_isolation")
#: Absences of somebody who stays at home because of illness.
_AT_HOME = ("sick", "isolation")


@dataclass(slots=True)
class ManagedRow:
    """One finding about a person, or one measure they are under."""

    id: int
    person_id: int
    name: str
    person_kind: str
    unit_id: int
    school_id: int | None
    kind: str
    known_on: date
    last_exposure_on: date | None
    ends_on: date | None
    state: str
    officer_id: int | None
    incident_id: int | None
    started_at: datetime


_MANAGED = select(
    Management.id,
    Management.person_id,
    Person.name,
    Person.kind,
    Management.unit_id,
    Management.school_id,
    Management.kind,
    Management.known_on,
    Management.last_exposure_on,
    Management.ends_on,
    Management.state,
    Management.officer_id,
    Management.incident_id,
    Management.started_at,
).join(Person, Person.id == Management.person_id)


def managed(work: Work, person_ids: Iterable[int]) -> list[ManagedRow]:
    """What holds of these people now, held. One statement."""
    rows = work.flush().execute(
        _MANAGED.where(Management.person_id.in_(sorted(set(person_ids))), Management.ended_on.is_(None))
        .order_by(Management.id)
        .with_for_update(of=Management)
    )
    return [ManagedRow(*values(row)) for row in rows]


def managed_in(work: Work, unit_ids: Iterable[int]) -> list[ManagedRow]:
    """Everybody of these units who is in management now, by unit. One statement."""
    rows = work.flush().execute(
        _MANAGED.where(Management.unit_id.in_(sorted(set(unit_ids))), Management.ended_on.is_(None)).order_by(
            Management.unit_id, Person.number, Management.id
        )
    )
    return [ManagedRow(*values(row)) for row in rows]


def observed(work: Work) -> list[ManagedRow]:
    """Everybody in the district who owes two checks a day. One statement."""
    rows = work.flush().execute(
        _MANAGED.where(Management.kind.in_(ASKED), Management.ended_on.is_(None)).order_by(Management.id)
    )
    return [ManagedRow(*values(row)) for row in rows]


def checks_of(work: Work, person_ids: Iterable[int], since: date) -> dict[int, dict[tuple[date, str], datetime | None]]:
    """The checks on record of these people from a day on: (day, slot) → when it was answered. One statement."""
    found: dict[int, dict[tuple[date, str], datetime | None]] = {}
    rows = work.flush().execute(
        select(
            ObservationCheck.person_id, ObservationCheck.day, ObservationCheck.slot, ObservationCheck.answered_at
        ).where(ObservationCheck.person_id.in_(sorted(set(person_ids))), ObservationCheck.day >= since)
    )
    for row in rows:
        found.setdefault(row.person_id, {})[row.day, row.slot] = row.answered_at
    return found


@dataclass(slots=True)
class ClearanceRow:
    """What somebody still needs before they are at school again."""

    id: int
    person_id: int
    name: str
    unit_id: int
    school_id: int | None
    reason: str
    disease: str
    needed_on: date
    earliest_on: date | None
    incident_id: int | None
    certificate: str | None
    issued_on: date | None
    presented_at: datetime | None
    checked_at: datetime | None
    check_passed: bool | None
    issuer: str

    @property
    def papers(self) -> Papers:
        return Papers(self.certificate, self.check_passed, self.earliest_on, False)


_CLEARANCE = select(
    Clearance.id,
    Clearance.person_id,
    Person.name,
    Clearance.unit_id,
    Clearance.school_id,
    Clearance.reason,
    Clearance.disease,
    Clearance.needed_on,
    Clearance.earliest_on,
    Clearance.incident_id,
    Clearance.certificate,
    Clearance.issued_on,
    Clearance.presented_at,
    Clearance.checked_at,
    Clearance.check_passed,
    Clearance.issuer,
).join(Person, Person.id == Clearance.person_id)


def _clearance(work: Work, row: Any) -> ClearanceRow:
    issuer = "" if row.issuer is None else work.vault.open("clearances.issuer", row.issuer)
    return ClearanceRow(*(*values(row)[:15], issuer))


def clearances(work: Work, person_ids: Iterable[int]) -> dict[int, ClearanceRow]:
    """The open clearance of each of these people, held. One statement."""
    rows = work.flush().execute(
        _CLEARANCE.where(
            Clearance.person_id.in_(sorted(set(person_ids))), Clearance.ended_on.is_(None)
        ).with_for_update(of=Clearance)
    )
    return {row.person_id: _clearance(work, row) for row in rows}


def clearances_in(work: Work, unit_ids: Iterable[int]) -> list[ClearanceRow]:
    """The open clearances of people of these units, by unit. One statement."""
    rows = work.flush().execute(
        _CLEARANCE.where(Clearance.unit_id.in_(sorted(set(unit_ids))), Clearance.ended_on.is_(None)).order_by(
            Clearance.unit_id, Person.number
        )
    )
    return [_clearance(work, row) for row in rows]


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A picture that lies with the platform still. sent_at: when it was sent to us."""

    id: int
    person_id: int
    name: str
    unit_id: int
    media_id: str
    sent_at: datetime


def unfetched(connection: Connection, vault: Vault) -> list[Unfetched]:
    """Pictures of certificates that wait to be fetched. One statement."""
    rows = connection.execute(
        select(Clearance.id, Clearance.person_id, Person.name, Clearance.unit_id, Clearance.media, Clearance.media_at)
        .join(Person, Person.id == Clearance.person_id)
        .where(Clearance.media.is_not(None), Clearance.picture.is_(None), Clearance.ended_on.is_(None))
        .order_by(Clearance.id)
        .limit(20)
    )
    return [
        Unfetched(row.id, row.person_id, row.name, row.unit_id, vault.open("clearances.media", row.media), row.media_at)
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that was fetched, and the unit of its person."""

    unit_id: int
    content: bytes


def picture_of(work: Work, clearance_id: int) -> Kept | None:
    """The picture of one clearance; None where there is none, or none any more. One statement."""
    row = (
        work.flush()
        .execute(select(Clearance.unit_id, Clearance.picture).where(Clearance.id == clearance_id))
        .one_or_none()
    )
    if row is None or row.picture is None:
        return None
    return Kept(row.unit_id, base64.b64decode(work.vault.open("clearances.picture", row.picture)))


def against_presence(work: Work, person_ids: Iterable[int], day: date) -> dict[int, tuple[str, ...]]:
    """Why these people should not be at school on a day: fever, observing, clearance, on_hold, sick_leave. One statement.

    A fever counts until somebody who may has ended its alert. on_hold: back from away, and nobody has approved of it
    (暂不返校, domain handbook 9). sick_leave: said to be at home, ill or isolated, and seen all the same (16, case 4).
    """
    wanted = sorted(set(person_ids))
    rows = work.flush().execute(
        union_all(
            select(PersonDay.person_id, literal("fever")).where(
                PersonDay.person_id.in_(wanted),
                PersonDay.report_date == day,
                PersonDay.slot == SLOT,
                PersonDay.result == "fever",
            ),
            select(Alert.person_id, literal("fever")).where(
                Alert.person_id.in_(wanted),
                Alert.report_date == day,
                Alert.code.in_(sorted(FEVERS)),
                or_(Alert.outcome.is_(None), Alert.outcome != "excluded"),
            ),
            select(Management.person_id, literal("observing")).where(
                Management.person_id.in_(wanted),
                Management.kind.in_(EXCLUDED_FROM_SCHOOL),
                Management.known_on <= day,
                Management.ended_on.is_(None),
            ),
            select(Clearance.person_id, literal("clearance")).where(
                Clearance.person_id.in_(wanted), Clearance.needed_on <= day, Clearance.ended_on.is_(None)
            ),
            select(KeyPerson.person_id, literal("on_hold")).where(
                KeyPerson.person_id.in_(wanted),
                KeyPerson.is_held,
                KeyPerson.registered_on <= day,
                KeyPerson.ended_on.is_(None),
            ),
            select(Absence.person_id, literal("sick_leave")).where(
                Absence.person_id.in_(wanted), Absence.report_date == day, Absence.kind.in_(_AT_HOME)
            ),
        )
    )
    found: dict[int, dict[str, None]] = {}
    for person_id, reason in rows:
        found.setdefault(person_id, {})[reason] = None
    return {person_id: tuple(reasons) for person_id, reasons in found.items()}
