"""What is known of incidents: how they stand, whose turn it is, and whom they may concern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from models.rules.incidents import STEPS, Standing
from models.statements import values
from models.tables import ContactCandidate, Incident, IncidentEvent, IncidentStep, Person
from models.work import Work


@dataclass(slots=True)
class IncidentRow:
    """One incident. person_name empty: it is about a place. facts: see `actions.incidents.Opening`."""

    id: int
    person_id: int | None
    person_name: str
    person_number: str
    person_kind: str
    unit_id: int
    school_id: int | None
    reason: str
    report_code: str
    found_at: datetime
    found_by: int | None
    found_where: str
    opened_at: datetime
    opened_by: int | None
    owner_id: int | None
    stage: str
    outcome: str | None
    disease: str
    severity: str
    facts: dict[str, Any]
    updated_at: datetime
    closed_at: datetime | None


@dataclass(slots=True)
class StepRow:
    """One step with its clock and owner, and how it ended."""

    incident_id: int
    step: str
    state: str
    due_at: datetime
    owner_id: int | None
    owner_name: str
    reminded: int
    happened_at: datetime | None
    by_person_id: int | None
    note: str

    @property
    def standing(self) -> Standing:
        return Standing(self.step, self.state, self.due_at, self.reminded)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of a timeline."""

    id: int
    kind: str
    step: str
    happened_at: datetime
    entered_at: datetime
    actor: str
    text: str


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """Somebody who may have been in contact, and what the CDC decided (None: nothing yet)."""

    person_id: int
    name: str
    unit_id: int
    ways: tuple[str, ...]
    last_contact_on: date | None
    decision: str | None


_INCIDENT = select(
    Incident.id,
    Incident.person_id,
    Person.name,
    Person.number,
    Person.kind,
    Incident.unit_id,
    Incident.school_id,
    Incident.reason,
    Incident.report_code,
    Incident.found_at,
    Incident.found_by,
    Incident.found_where,
    Incident.opened_at,
    Incident.opened_by,
    Incident.owner_id,
    Incident.stage,
    Incident.outcome,
    Incident.disease,
    Incident.severity,
    Incident.facts,
    Incident.updated_at,
    Incident.closed_at,
).outerjoin(Person, Person.id == Incident.person_id)


def _row(work: Work, row: Any) -> IncidentRow:
    made = list(row)
    made[2], made[3], made[4] = row.name or "", row.number or "", row.kind or ""
    made[19] = {} if row.facts is None else work.vault.open_json("incidents.facts", row.facts)
    return IncidentRow(*made)


def open_in(work: Work, unit_ids: Iterable[int]) -> list[IncidentRow]:
    """The open incidents of people of these units, and of these units themselves, oldest first. One statement."""
    rows = work.flush().execute(
        _INCIDENT.where(Incident.closed_at.is_(None), Incident.unit_id.in_(sorted(set(unit_ids)))).order_by(Incident.id)
    )
    return [_row(work, row) for row in rows]


def open_everywhere(work: Work, opened_before: datetime) -> list[IncidentRow]:
    """Every open incident opened before a moment, by school. One statement."""
    rows = work.flush().execute(
        _INCIDENT.where(Incident.closed_at.is_(None), Incident.opened_at < opened_before).order_by(
            Incident.school_id, Incident.id
        )
    )
    return [_row(work, row) for row in rows]


def incident(work: Work, incident_id: int) -> IncidentRow | None:
    """One incident, held for changing. One statement."""
    row = work.flush().execute(_INCIDENT.where(Incident.id == incident_id).with_for_update(of=Incident)).one_or_none()
    return None if row is None else _row(work, row)


def steps_of(work: Work, incident_ids: Iterable[int]) -> dict[int, list[StepRow]]:
    """The steps of these incidents in the order in which they are read out. One statement."""
    rows = work.flush().execute(
        select(
            IncidentStep.incident_id,
            IncidentStep.step,
            IncidentStep.state,
            IncidentStep.due_at,
            IncidentStep.owner_id,
            Person.name,
            IncidentStep.reminded,
            IncidentStep.happened_at,
            IncidentStep.by_person_id,
            IncidentStep.note,
        )
        .outerjoin(Person, Person.id == IncidentStep.owner_id)
        .where(IncidentStep.incident_id.in_(sorted(set(incident_ids))))
    )
    found: dict[int, list[StepRow]] = {}
    for row in rows:
        note = "" if row.note is None else work.vault.open("incident_steps.note", row.note)
        found.setdefault(row.incident_id, []).append(
            StepRow(*(*values(row)[:5], row.name or "", *values(row)[6:9], note))
        )
    for steps in found.values():
        steps.sort(key=lambda one: STEPS.index(one.step))
    return found


def events_of(work: Work, incident_id: int) -> list[EventRow]:
    """The timeline, oldest first. One statement."""
    rows = work.flush().execute(
        select(
            IncidentEvent.id,
            IncidentEvent.kind,
            IncidentEvent.step,
            IncidentEvent.happened_at,
            IncidentEvent.entered_at,
            Person.name,
            IncidentEvent.text,
        )
        .outerjoin(Person, Person.id == IncidentEvent.by_person_id)
        .where(IncidentEvent.incident_id == incident_id)
        .order_by(IncidentEvent.id)
    )
    return [
        EventRow(
            *(
                *values(row)[:5],
                row.name or "",
                "" if row.text is None else work.vault.open("incident_events.text", row.text),
            )
        )
        for row in rows
    ]


def candidates_of(work: Work, incident_id: int) -> list[CandidateRow]:
    """Who may have been in contact, by class and number. One statement."""
    rows = work.flush().execute(
        select(
            ContactCandidate.person_id,
            Person.name,
            Person.unit_id,
            ContactCandidate.ways,
            ContactCandidate.last_contact_on,
            ContactCandidate.decision,
        )
        .join(Person, Person.id == ContactCandidate.person_id)
        .where(ContactCandidate.incident_id == incident_id)
        .order_by(Person.unit_id, Person.number)
    )
    return [
        CandidateRow(
            row.person_id, row.name, row.unit_id, tuple(row.ways.split(",")), row.last_contact_on, row.decision
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class DueStep:
    """An open step whose next reminder has fallen due."""

    incident_id: int
    step: str
    due_at: datetime
    reminded: int
    owner_id: int | None
    unit_id: int
    person_name: str


def due_steps(work: Work, at: datetime) -> list[DueStep]:
    """Open steps of open incidents that somebody must hear of by `at`, held. One statement."""
    rows = work.flush().execute(
        select(
            IncidentStep.incident_id,
            IncidentStep.step,
            IncidentStep.due_at,
            IncidentStep.reminded,
            IncidentStep.owner_id,
            Incident.unit_id,
            Person.name,
        )
        .join(Incident, Incident.id == IncidentStep.incident_id)
        .outerjoin(Person, Person.id == Incident.person_id)
        .where(IncidentStep.state == "open", IncidentStep.remind_at <= at, Incident.closed_at.is_(None))
        .order_by(IncidentStep.due_at, IncidentStep.incident_id)
        .with_for_update(of=IncidentStep)
    )
    return [DueStep(*(*values(row)[:6], row.name or "")) for row in rows]


def touched_between(work: Work, begins: datetime, ends: datetime) -> Sequence[Any]:
    """Incidents that were open at any time between two moments. One statement."""
    return (
        work.flush()
        .execute(
            _INCIDENT.where(
                Incident.opened_at < ends, or_(Incident.closed_at.is_(None), Incident.closed_at >= begins)
            ).order_by(Incident.id)
        )
        .all()
    )
