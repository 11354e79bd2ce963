"""Raising alerts: one row a person, day and code; later facts are added to it, and its version grows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, update

from models.queries.alerts import AlertRow, of_day
from models.rules.alerts import Finding, add_facts
from models.statements import insert
from models.tables import Alert
from models.work import Work


@dataclass(frozen=True, slots=True)
class Raised:
    """One alert as it stands after raising. is_new: not there before; is_changed: new, or with new facts."""

    alert: AlertRow
    is_new: bool
    is_changed: bool


def raise_alerts(work: Work, person_id: int, unit_id: int, day: date, found: Sequence[Finding]) -> list[Raised]:
    """Keep `found` for the person's day; gives the alerts as they stand then, in the order of `found`.

    At most four statements, however many alerts. Facts that change an alert somebody had acknowledged open it again;
    who had acknowledged it stays among the facts.
    """
    if not found:
        return []
    known = of_day(work, person_id, day)
    missing = [finding for finding in found if finding.code not in known]
    if missing:
        made = insert(work.connection, Alert).on_conflict_do_nothing(
            index_elements=("person_id", "report_date", "code")
        )
        work.connection.execute(
            made,
            [
                {
                    "person_id": person_id,
                    "report_date": day,
                    "code": finding.code,
                    "level": finding.level,
                    "unit_id": unit_id,
                    "facts": work.vault.seal_json("alerts.facts", dict(finding.facts)),
                    "raised_at": work.now,
                    "updated_at": work.now,
                    "version": 1,
                    "told": "",
                }
                for finding in missing
            ],
        )
        new = {finding.code for finding in missing}
        known = of_day(work, person_id, day)
    else:
        new = set()
    raised, changed = [], []
    for finding in found:
        alert = known[finding.code]
        if finding.code in new:
            raised.append(Raised(alert, True, True))
            continue
        facts = add_facts(alert.facts, finding.facts)
        if facts == alert.facts:
            raised.append(Raised(alert, False, False))
            continue
        if alert.acknowledged_at is not None:
            facts["acknowledged"] = [*facts.get("acknowledged", []), alert.acknowledged_at.isoformat()]
            alert.acknowledged_at = None
        alert.facts, alert.version = facts, alert.version + 1
        changed.append(alert)
        raised.append(Raised(alert, False, True))
    if changed:
        work.connection.execute(
            update(Alert)
            .where(Alert.id == bindparam("the_id"))
            .values(
                facts=bindparam("facts"),
                version=bindparam("version"),
                updated_at=work.now,
                acknowledged_at=None,
                acknowledged_by=None,
            ),
            [
                {
                    "the_id": alert.id,
                    "facts": work.vault.seal_json("alerts.facts", alert.facts),
                    "version": alert.version,
                }
                for alert in changed
            ],
        )
    return raised


def note_told(work: Work, told: Iterable[tuple[AlertRow, Iterable[str]]]) -> None:
    """Remember which roles were told of which alerts. One statement."""
    rows = [{"the_id": alert.id, "told": ",".join(dict.fromkeys((*alert.told, *roles)))[:400]} for alert, roles in told]
    if rows:
        work.connection.execute(
            update(Alert).where(Alert.id == bindparam("the_id")).values(told=bindparam("told")), rows
        )


def acknowledge(work: Work, alerts: Sequence[AlertRow], by_person_id: int) -> None:
    """Somebody who was told has taken these alerts on. One statement."""
    if alerts:
        work.connection.execute(
            update(Alert)
            .where(Alert.id.in_([alert.id for alert in alerts]), Alert.acknowledged_at.is_(None))
            .values(acknowledged_at=work.now, acknowledged_by=by_person_id)
        )
