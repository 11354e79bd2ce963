"""The clocks, owners and ends of an incident's steps (domain handbook 4.6, 8)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.rules.district import IncidentRules
from models.rules.incidents import (
    MAIN,
    OWNERS,
    REASONS,
    STEPS,
    Standing,
    due_of,
    fallen,
    lacking,
    limit_minutes,
    next_step,
    reminder,
    stage_of,
)
from tests.cast import DISTRICT, at

RULES = IncidentRules()


def standing(**states: str) -> list[Standing]:
    return [
        Standing(step, states.get(step, "open"), due_of(step, at("08:10"), at("08:10"), "R5", DISTRICT))
        for step in STEPS
    ]


def test_every_step_has_an_owner_and_a_clock() -> None:
    assert set(OWNERS) == set(STEPS)
    assert set(MAIN) < set(STEPS)
    clocks = [one.due_at for one in standing()]
    assert clocks[:5] == [at("08:20"), at("08:20"), at("10:10"), at("10:10"), at("10:10")]
    assert all(due > at("08:10") for due in clocks)


def test_what_must_be_reported_at_once_leaves_two_hours_and_the_rest_a_day_with_an_earlier_aim() -> None:
    assert {code: limit_minutes(code, RULES) for code in sorted(set(REASONS.values()))} == {
        "R1": 1440,
        "R2": 120,
        "R3": 1440,
        "R5": 120,
    }
    assert due_of("reported", at("08:10"), at("09:00"), "R1", DISTRICT) == at("10:10")


def test_the_clock_starts_when_it_was_found_not_when_we_heard() -> None:
    assert due_of("reported", at("06:00"), at("09:00"), "R5", DISTRICT) == at("08:00")


def test_an_overdue_step_climbs_and_never_falls_silent() -> None:
    due = at("10:10")
    assert [one.roles for one in fallen("reported", due, 0, at("10:45"), RULES)] == [
        (),
        (),
        ("principal", "duty_leader"),
        ("district_officer",),
    ]
    assert fallen("reported", due, 4, at("10:45"), RULES) == []
    assert reminder("reported", due, 4, RULES).at == due + timedelta(minutes=30, days=1)


def test_the_stage_is_the_furthest_step_done() -> None:
    assert stage_of(standing(), None) == "found"
    assert stage_of(standing(held="done", referred="done", guardian_notified="not_applicable"), None) == "referred"
    assert stage_of(standing(outcome="done"), "diagnosed") == "diagnosed"
    assert stage_of(standing(contacts="done"), None) == "found"


#: Other tests may hold the machine for seconds; that says nothing about what is drawn.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(["open", "done", "not_applicable"]), min_size=len(STEPS), max_size=len(STEPS)))
def test_nothing_is_left_out_silently(states: list[str]) -> None:
    steps = standing(**dict(zip(STEPS, states, strict=True)))
    still = {one.step for one in steps if one.state == "open"}
    assert set(lacking(steps)) == still - {"case_closed"}
    coming = next_step(steps)
    assert (coming is None) == (not still)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(STEPS), st.integers(0, 30))
def test_reminders_come_one_after_another_for_ever(step: str, number: int) -> None:
    due = at("10:10")
    assert reminder(step, due, number, RULES).at < reminder(step, due, number + 1, RULES).at
