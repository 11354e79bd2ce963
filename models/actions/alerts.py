"""Raising alerts: one row a person, day and code; later facts are added to it, and its version grows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, update

from models.queries.alerts import AlertRow, of_people
from models.rules.alerts import Finding, add_facts, is_graver
from models.statements import insert
from models.tables import Alert
from models.work import Work


@dataclass(frozen=True, slots=True)
class Raised:
    """One alert as it stands after raising. is_new: not there before; is_changed: new, or with new facts.

    is_graver: new, or the new facts ask for more than the old ones did.
    """

    alert: AlertRow
    is_new: bool
    is_changed: bool
    is_graver: bool


@dataclass(frozen=True, slots=True)
class Case:
    """What is found of one person's day."""

    person_id: int
    unit_id: int
    day: date
    found: Sequence[Finding]


def raise_alerts(work: Work, cases: Sequence[Case], at: datetime) -> list[list[Raised]]:
    """Keep what was found; gives for each case its alerts as they stand then, in the order of `found`.

    At most four statements, however many people. Facts that change an alert somebody had acknowledged or ended open it
    again and begin its clock anew; what it was before stays among the facts.
    """
    if not any(case.found for case in cases):
        return [[] for _ in cases]
    people, days = {case.person_id for case in cases}, {case.day for case in cases}
    known = of_people(work, people, days)
    missing = [
        (case, finding)
        for case in cases
        for finding in case.found
        if (case.person_id, case.day, finding.code) not in known
    ]
    if missing:
        made = insert(work.connection, Alert).on_conflict_do_nothing(
            index_elements=("person_id", "report_date", "code")
        )
        work.connection.execute(made, [_row(work, case, finding, at) for case, finding in missing])
        known = of_people(work, people, days)
    new = {(case.person_id, case.day, finding.code) for case, finding in missing}
    changed: list[AlertRow] = []
    raised = []
    for case in cases:
        mine = []
        for finding in case.found:
            place = (case.person_id, case.day, finding.code)
            alert, is_new = known[place], place in new
            before = alert.facts
            is_changed = is_new or _add(alert, finding, at)
            if is_changed and not is_new:
                changed.append(alert)
            mine.append(Raised(alert, is_new, is_changed, is_new or (is_changed and is_graver(before, alert.facts))))
        raised.append(mine)
    if changed:
        _write(work, changed, at)
    return raised


def _row(work: Work, case: Case, finding: Finding, at: datetime) -> dict[str, Any]:
    return {
        "person_id": case.person_id,
        "report_date": case.day,
        "code": finding.code,
        "level": finding.level,
        "unit_id": case.unit_id,
        "facts": work.vault.seal_json("alerts.facts", dict(finding.facts)),
        "raised_at": at,
        "updated_at": at,
        "clock_from": at,
        "steps_done": 0,
        "version": 1,
        "told": "",
    }


def _add(alert: AlertRow, finding: Finding, at: datetime) -> bool:
    """Put new facts into a known alert; False where they are none."""
    facts = add_facts(alert.facts, finding.facts)
    if facts == alert.facts:
        return False
    if alert.acknowledged_at is not None and is_graver(alert.facts, facts):
        facts["acknowledged"] = [*facts.get("acknowledged", []), alert.acknowledged_at.isoformat()]
        alert.acknowledged_at = alert.acknowledged_by = None
        alert.clock_from, alert.steps_done = at, 0
    # What only lowers a risk does not open again what a person has ended.
    if alert.outcome is not None and set(finding.facts) != {"later"}:
        facts["outcomes"] = [*facts.get("outcomes", []), alert.outcome]
        alert.outcome = alert.reportable = None
        alert.clock_from, alert.steps_done = at, 0
    alert.facts, alert.version = facts, alert.version + 1
    return True


def _write(work: Work, changed: Sequence[AlertRow], at: datetime) -> None:
    work.connection.execute(
        update(Alert)
        .where(Alert.id == bindparam("the_id"))
        .values(
            updated_at=at,
            **{
                name: bindparam(f"new_{name}")
                for name in (
                    "facts",
                    "version",
                    "acknowledged_at",
                    "acknowledged_by",
                    "clock_from",
                    "steps_done",
                    "outcome",
                    "reportable",
                )
            },
        ),
        [
            {
                "the_id": alert.id,
                "new_facts": work.vault.seal_json("alerts.facts", alert.facts),
                "new_version": alert.version,
                "new_acknowledged_at": alert.acknowledged_at,
                "new_acknowledged_by": alert.acknowledged_by,
                "new_clock_from": alert.clock_from,
                "new_steps_done": alert.steps_done,
                "new_outcome": alert.outcome,
                "new_reportable": alert.reportable,
            }
            for alert in changed
        ],
    )


@dataclass(frozen=True, slots=True)
class ToldOf:
    """Which further roles were told of an alert; owner_id: who answers for it, where that is known by now."""

    alert: AlertRow
    roles: Iterable[str]
    owner_id: int | None = None
    steps_done: int | None = None


def note_told(work: Work, told: Iterable[ToldOf]) -> None:
    """Remember who was told of which alerts, and how far their clock has gone. One statement."""
    rows = []
    for entry in told:
        alert = entry.alert
        alert.told = tuple(dict.fromkeys((*alert.told, *entry.roles)))
        alert.owner_id = alert.owner_id or entry.owner_id
        if entry.steps_done is not None:
            alert.steps_done = entry.steps_done
        rows.append(
            {
                "the_id": alert.id,
                "new_told": ",".join(alert.told)[:400],
                "new_owner_id": alert.owner_id,
                "new_steps_done": alert.steps_done,
            }
        )
    if rows:
        work.connection.execute(
            update(Alert)
            .where(Alert.id == bindparam("the_id"))
            .values({name: bindparam(f"new_{name}") for name in ("told", "owner_id", "steps_done")}),
            rows,
        )


def acknowledge(work: Work, alerts: Sequence[AlertRow], by_person_id: int) -> None:
    """Somebody who was told has taken these alerts on. One statement."""
    if alerts:
        work.connection.execute(
            update(Alert)
            .where(Alert.id.in_([alert.id for alert in alerts]), Alert.acknowledged_at.is_(None))
            .values(acknowledged_at=work.now, acknowledged_by=by_person_id)
        )


def follow_up(
    work: Work,
    alerts: Sequence[AlertRow],
    by_person_id: int,
    note: str,
    *,
    outcome: str | None = None,
    reportable: bool | None = None,
) -> None:
    """Keep what somebody did about these alerts. outcome: how they end; reportable: the reporter's judgement.

    Whoever handles an alert has taken it on. Two statements.
    """
    if not alerts:
        return
    acknowledge(work, alerts, by_person_id)
    values: dict[str, Any] = {"note": work.vault.seal("alerts.note", note) if note else None}
    if outcome is not None:
        values |= {"outcome": outcome, "outcome_by": by_person_id, "outcome_at": work.now}
    if reportable is not None:
        values |= {"reportable": reportable, "judged_by": by_person_id, "judged_at": work.now}
    work.connection.execute(update(Alert).where(Alert.id.in_([alert.id for alert in alerts])).values(values))
