"""Injected truth over a month, counted again at its end (issue 6, "How well")."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.database import Database
from models.rules.clusters import DEFAULTS
from models.tables import Alert, CheckIn, ClusterSignal, Incident, IncidentStep, Outbox
from tests.incidents.month import CLASSES, Month


def recount(month: Month) -> None:
    """Every promise of the section, from the injected truth and the rows as they stand."""
    play, names = month.play, {child.id: child for child in month.pupils}
    with play.database.read() as connection:
        alerts = connection.execute(select(Alert.__table__)).all()
        incidents = connection.execute(select(Incident.__table__)).all()
        steps = connection.execute(select(IncidentStep.__table__)).all()
        signals = connection.execute(select(ClusterSignal.__table__)).all()
        keys = connection.execute(select(Outbox.key).where(Outbox.kind == "alert")).scalars().all()
        kept = connection.execute(select(CheckIn.person_id, CheckIn.report_date)).all()

    # Nobody without an owner at any moment that was looked at.
    assert month.looked >= 6 * month.days
    assert month.ownerless == []

    # One alert a person, day and code; each push once.
    every = Counter((row.person_id, row.report_date, row.code) for row in alerts)
    assert max(every.values()) == 1
    assert len(keys) == len(set(keys))

    # What was injected was raised, on its day; and no fever nobody had.
    told = set(every)
    for event in month.events:
        for code in event.codes:
            assert (event.child.id, event.day, code) in told, event
    fevers = {(event.child.id, event.day) for event in month.events if "A01" in event.codes}
    assert {(person, day) for person, day, code in told if code == "A01" and person in names} == fevers
    said = {(row.person_id, row.report_date) for row in kept}
    assert {(event.child.id, event.day) for event in month.events if event.kind != "journey"} <= said

    # Clusters: exactly those of the truth, by a count of its own.
    found = {(row.rule, row.place, row.syndrome) for row in signals if row.rule in ("R1-1", "R1-3")}
    assert found == clusters(month)
    places = {row.unit_id for row in incidents if row.reason == "cluster"}
    assert {place for _, place, _ in found} <= places

    # Every case has an outcome and its times.
    cases = [row for row in alerts if row.person_id in names and row.level in ("red", "red+", "orange")]
    assert cases
    for row in cases:
        assert row.outcome is not None, (names[row.person_id].name, row.code, row.report_date)
        assert row.raised_at <= row.acknowledged_at
        assert row.raised_at <= row.outcome_at
    for row in incidents:
        assert (row.outcome, row.closed_at is not None) == ("false_alarm", True)
        assert row.found_at <= row.opened_at <= row.closed_at
    assert {row.state for row in steps} <= {"done", "not_applicable"}
    assert all(row.happened_at is not None for row in steps)

    # Journeys to key regions: recall, and every miss on a human's list.
    there = {event.child.id for event in month.events if event.region}
    elsewhere = {event.child.id for event in month.events if event.kind == "journey" and not event.region}
    recall = len(there & month.registered) / len(there)
    assert recall >= 0.99
    assert there - month.registered <= month.listed
    assert not elsewhere & month.registered


def clusters(month: Month) -> set[tuple[str, int, str]]:
    """Which class rules the truth reaches: persons in a window, same syndrome, counted one by one."""
    onsets = defaultdict(set)
    for event in month.events:
        if event.syndrome:
            onsets[event.child.unit, event.syndrome].add((event.child.id, event.day))
    found = set()
    for rule in (one for one in DEFAULTS if one.code in ("R1-1", "R1-3")):
        for (unit, syndrome), those in onsets.items():
            for _, first in those:
                inside = {child for child, day in those if first <= day < first + timedelta(days=rule.days)}
                if len(inside) >= rule.count:
                    found.add((rule.code, month.play.cast.units[unit], syndrome))
    return found


def test_a_few_days_end_with_everything_accounted_for(sqlite: Database) -> None:
    month = Month(sqlite, days=3, children=44, journeys=8)
    month.run()
    recount(month)


@pytest.mark.long
@pytest.mark.timeout(300)  # forty seconds on a quiet machine
def test_a_month_of_injected_truth_is_accounted_for(database: Database) -> None:
    month = Month(database, days=30, children=270, journeys=200)
    month.run()
    recount(month)
    assert len({event.child.unit for event in month.events}) == len(CLASSES)
