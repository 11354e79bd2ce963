"""The clock of an alert (domain handbook 7.3)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules.alerts import LEVELS
from models.rules.district import Escalation
from models.rules.escalation import due, next_due, steps
from tests.cast import at

RULE = Escalation()


def told(level: str) -> list[tuple[int, tuple[str, ...]]]:
    return [(int(step.after.total_seconds() // 60), step.roles) for step in steps(level, RULE)]


def test_red_repeats_at_5_and_goes_on_at_10_20_and_45() -> None:
    assert told("red") == [
        (5, ()),
        (10, ("deputy_head_teacher", "school_doctor")),
        (20, ("duty_leader", "principal")),
        (45, ("district_officer",)),
    ]


def test_red_plus_begins_one_level_higher() -> None:
    assert [roles for _, roles in told("red+")][:3] == [roles for _, roles in told("red")][1:]


def test_orange_waits_half_an_hour_and_the_mild_have_no_clock() -> None:
    assert [minutes for minutes, _ in told("orange")] == [35, 40, 50, 75]
    assert told("yellow") == told("grey") == []


@given(st.sampled_from(LEVELS), st.lists(st.integers(0, 90), max_size=30))
def test_each_step_falls_due_once_in_order_whenever_one_looks(level: str, minutes: list[int]) -> None:
    since, done, seen = at("08:10"), 0, []
    for minute in sorted(minutes):
        for step in due(level, since, done, since + timedelta(minutes=minute), RULE):
            assert since + step.after <= since + timedelta(minutes=minute)
            seen.append(step.number)
            done = step.number
    assert seen == sorted(set(seen))
    following = next_due(level, since, done, RULE)
    assert following is None or not minutes or following > since + timedelta(minutes=max(minutes))
