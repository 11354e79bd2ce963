"""Opening an incident, ending its steps one by one, and closing it. The timeline only ever grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from models.actions.management import need_clearance, not_needed
from models.actions.trail import note
from models.queries.incidents import IncidentRow, StepRow
from models.rules.incidents import (
    OWNER,
    OWNERS,
    REASONS,
    STEPS,
    due_after_outcome,
    due_of,
    first_reminder,
    next_tracking,
    reminder,
    stage_of,
)
from models.statements import insert
from models.tables import ContactCandidate, Incident, IncidentEvent, IncidentStep
from models.work import Work


@dataclass(frozen=True, slots=True)
class Opening:
    """What an incident is opened with. person_id None: it is about a place (a cluster).

    facts: plain JSON – said (how it was put), tenths, readings, symptoms, places, and later hospital, diagnosis, cause,
    reports (list of to, at). known_to_family: the family itself said it, so that nobody has to tell them.
    """

    person_id: int | None
    unit_id: int
    reason: str
    found_at: datetime
    found_by: int | None = None
    found_where: str = ""
    opened_by: int | None = None
    alert_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    known_to_family: bool = False


def open_incident(work: Work, opening: Opening, owner_of: Callable[[str], int | None]) -> tuple[int, bool]:
    """Open an incident with all its steps; gives its id and whether it is new: a person has one open at a time.

    owner_of: who answers for a role over the unit. Three statements.
    """
    connection, now = work.flush(), work.now
    standing = select(Incident.id).where(Incident.person_id == opening.person_id, Incident.closed_at.is_(None))
    if opening.person_id is not None and (known := connection.execute(standing).scalar()) is not None:
        return known, False
    unit = work.units[opening.unit_id]
    made = connection.execute(
        insert(connection, Incident)
        .values(
            person_id=opening.person_id,
            unit_id=opening.unit_id,
            school_id=unit.school_id,
            reason=opening.reason,
            report_code=REASONS[opening.reason],
            found_at=opening.found_at,
            found_by=opening.found_by,
            found_where=opening.found_where,
            opened_at=now,
            opened_by=opening.opened_by,
            alert_id=opening.alert_id,
            owner_id=owner_of(OWNER),
            stage="found",
            facts=work.vault.seal_json("incidents.facts", dict(opening.facts)),
            updated_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Incident.id)
    ).scalar()
    if made is None:  # somebody else opened it a moment ago
        return connection.execute(standing).scalar_one(), False
    connection.execute(insert(connection, IncidentStep), [_step(work, made, step, opening, owner_of) for step in STEPS])
    add_event(work, made, "opened", at=opening.found_at, by=opening.opened_by, text=str(opening.facts.get("said", "")))
    if opening.person_id is not None:
        need_clearance(
            work, opening.person_id, opening.unit_id, "incident", work.district.day_of(now), incident_id=made
        )
    if opening.known_to_family:
        add_event(work, made, "step", step="guardian_notified", at=opening.found_at, by=None, text=BY_THE_FAMILY)
    actor = "alert" if opening.opened_by is None else f"person:{opening.opened_by}"
    note(work, actor, "incident.open", f"incident:{made}", opening.reason)
    return made, True


#: What stands beside a step the family's own message has fulfilled.
BY_THE_FAMILY = "家长本人报告"


def _step(
    work: Work, incident_id: int, step: str, opening: Opening, owner_of: Callable[[str], int | None]
) -> dict[str, Any]:
    rules = work.district.incident
    due_at = due_of(step, opening.found_at, work.now, REASONS[opening.reason], work.district)
    number, remind_at = first_reminder(step, due_at, work.now, rules)
    is_done = step == "guardian_notified" and opening.known_to_family
    return {
        "incident_id": incident_id,
        "step": step,
        "state": "done" if is_done else "open",
        "due_at": due_at,
        "owner_id": owner_of(OWNERS[step]),
        "remind_at": remind_at,
        "reminded": number,
        "happened_at": opening.found_at if is_done else None,
        "note": work.vault.seal("incident_steps.note", BY_THE_FAMILY) if is_done else None,
    }


def add_event(
    work: Work, incident_id: int, kind: str, *, at: datetime, by: int | None, step: str = "", text: str = ""
) -> int:
    """One line of the timeline; gives its id. One statement."""
    return int(
        work.connection.execute(
            insert(work.connection, IncidentEvent)
            .values(
                incident_id=incident_id,
                kind=kind,
                step=step,
                happened_at=at,
                entered_at=work.now,
                by_person_id=by,
                text=work.vault.seal("incident_events.text", text) if text else None,
            )
            .returning(IncidentEvent.id)
        ).scalar_one()
    )


def end_step(
    work: Work,
    incident: IncidentRow,
    steps: Sequence[StepRow],
    step: str,
    *,
    by: int,
    at: datetime,
    text: str = "",
    state: str = "done",
    outcome: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> int:
    """A step is done, or does not apply; gives the timeline's new line. What comes after an outcome gets its clock.

    at: when it happened. A word on the course of things (`tracking`) leaves that step open until there is an outcome
    and sets its clock to the next day.
    """
    event = add_event(work, incident.id, "step" if state == "done" else state, step=step, at=at, by=by, text=text)
    note(work, f"person:{by}", f"incident.{step}", f"incident:{incident.id}", state)
    mine = {one.step: one for one in steps}
    goes_on = step == "tracking" and state == "done" and incident.outcome is None
    if goes_on:
        _move(work, mine["tracking"], next_tracking(at, work.district))
    else:
        _end(work, mine[step], state, at, by, text)
    if step == "outcome":
        incident.outcome = outcome or incident.outcome
        if incident.person_id is not None and incident.disease:
            day = work.district.day_of(incident.found_at)
            need_clearance(
                work,
                incident.person_id,
                incident.unit_id,
                "incident",
                day,
                disease=incident.disease,
                since=day,
                incident_id=incident.id,
            )
        if mine["tracking"].state == "open":
            _end(work, mine["tracking"], "done", at, by, "")
        for later in ("cleared", "case_closed"):
            if mine[later].state == "open":
                _move(work, mine[later], due_after_outcome(later, at, work.district))
    if step == "cleared" and mine["case_closed"].state == "open":
        _move(work, mine["case_closed"], due_after_outcome("case_closed", at, work.district))
    if facts:
        incident.facts = {**incident.facts, **facts}
    closes = step == "case_closed" and state == "done"
    _write(work, incident, mine.values(), closed_by=by if closes else None)
    return event


def reject(work: Work, incident: IncidentRow, steps: Sequence[StepRow], *, by: int, text: str) -> int:
    """A false alarm: whatever is still open does not apply, and the incident is closed. It stays on record, without blame."""
    for one in steps:
        if one.state == "open" and one.step not in {"outcome", "case_closed"}:
            _end(work, one, "not_applicable", work.now, by, text)
    for one in steps:
        if one.state == "open":
            _end(work, one, "done", work.now, by, text)
    incident.outcome = "false_alarm"
    incident.facts = {**incident.facts, "cause": text}
    not_needed(work, incident.id, work.district.day_of(work.now))
    event = add_event(work, incident.id, "closed", step="false_alarm", at=work.now, by=by, text=text)
    note(work, f"person:{by}", "incident.false-alarm", f"incident:{incident.id}")
    _write(work, incident, steps, closed_by=by)
    return event


def add_note(work: Work, incident: IncidentRow, *, by: int, text: str, facts: Mapping[str, Any] | None = None) -> int:
    """A word for the timeline that ends no step."""
    event = add_event(work, incident.id, "note", at=work.now, by=by, text=text)
    if facts:
        incident.facts = {**incident.facts, **facts}
    _write(work, incident, None)
    return event


def grade(work: Work, incident: IncidentRow, severity: str, by: int) -> None:
    """The district's own grading (Ⅰ–Ⅳ); nobody else enters one (domain handbook 8.2)."""
    work.connection.execute(
        update(Incident).where(Incident.id == incident.id).values(severity=severity, updated_at=work.now)
    )
    add_event(work, incident.id, "note", at=work.now, by=by, text=f"定级：{severity}")
    note(work, f"person:{by}", "incident.grade", f"incident:{incident.id}", severity)


def _end(work: Work, step: StepRow, state: str, at: datetime, by: int | None, text: str) -> None:
    step.state, step.happened_at = state, at
    work.connection.execute(
        update(IncidentStep)
        .where(IncidentStep.incident_id == step.incident_id, IncidentStep.step == step.step)
        .values(
            state=state,
            happened_at=at,
            by_person_id=by,
            remind_at=None,
            note=work.vault.seal("incident_steps.note", text) if text else None,
        )
    )


def _move(work: Work, step: StepRow, due_at: datetime) -> None:
    number, remind_at = first_reminder(step.step, due_at, work.now, work.district.incident)
    step.due_at, step.reminded = due_at, number
    work.connection.execute(
        update(IncidentStep)
        .where(IncidentStep.incident_id == step.incident_id, IncidentStep.step == step.step)
        .values(due_at=due_at, remind_at=remind_at, reminded=number)
    )


def _write(work: Work, incident: IncidentRow, steps: Iterable[StepRow] | None, *, closed_by: int | None = None) -> None:
    if steps is not None:
        incident.stage = stage_of([one.standing for one in steps], incident.outcome)
    made: dict[str, Any] = {
        "stage": incident.stage,
        "outcome": incident.outcome,
        "disease": incident.disease,
        "facts": work.vault.seal_json("incidents.facts", incident.facts),
        "updated_at": work.now,
    }
    if closed_by is not None:
        incident.closed_at = work.now
        made |= {"closed_at": work.now, "closed_by": closed_by}
    work.connection.execute(update(Incident).where(Incident.id == incident.id).values(made))


@dataclass(frozen=True, slots=True)
class Reminded:
    """A step somebody was reminded of, for the `number`-th time."""

    incident_id: int
    step: str
    due_at: datetime
    number: int


def note_reminded(work: Work, reminded: Sequence[Reminded]) -> None:
    """Remember how far these steps' clocks have gone, and when they ring next. One statement."""
    if reminded:
        rules = work.district.incident
        work.connection.execute(
            update(IncidentStep)
            .where(IncidentStep.incident_id == bindparam("the_id"), IncidentStep.step == bindparam("the_step"))
            .values(reminded=bindparam("new_reminded"), remind_at=bindparam("new_remind_at")),
            [
                {
                    "the_id": one.incident_id,
                    "the_step": one.step,
                    "new_reminded": one.number,
                    "new_remind_at": reminder(one.step, one.due_at, one.number, rules).at,
                }
                for one in reminded
            ],
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may have been in contact. ways: class, seat, dormitory, sibling, other."""

    person_id: int
    ways: tuple[str, ...]
    last_contact_on: date | None
    note: str = ""


def add_candidates(work: Work, incident_id: int, candidates: Sequence[Candidate], by: int | None) -> None:
    """Keep who may have been in contact; what is known of somebody already is kept, ways and day are renewed."""
    if not candidates:
        return
    statement = insert(work.connection, ContactCandidate)
    work.connection.execute(
        statement.on_conflict_do_update(
            index_elements=("incident_id", "person_id"),
            set_={name: statement.excluded[name] for name in ("ways", "last_contact_on")},
        ),
        [
            {
                "incident_id": incident_id,
                "person_id": one.person_id,
                "ways": ",".join(one.ways),
                "last_contact_on": one.last_contact_on,
                "note": work.vault.seal("contact_candidates.note", one.note) if one.note else None,
                "added_at": work.now,
                "added_by": by,
            }
            for one in candidates
        ],
    )


def decide(work: Work, person_id: int, decision: str, source: str, decided_at: datetime, by: int) -> list[int]:
    """Enter what the CDC decided of somebody; gives the incidents whose candidate they are. One statement."""
    rows = work.connection.execute(
        update(ContactCandidate)
        .where(
            ContactCandidate.person_id == person_id,
            ContactCandidate.incident_id.in_(select(Incident.id).where(Incident.closed_at.is_(None))),
        )
        .values(
            decision=decision,
            source=work.vault.seal("contact_candidates.source", source),
            decided_at=decided_at,
            entered_by=by,
        )
        .returning(ContactCandidate.incident_id)
    )
    return sorted(rows.scalars())
