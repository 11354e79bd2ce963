"""How long observation lasts, its checks, and what coming back takes (domain handbook 8.5, 8.6, 15.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.rules.clusters import NAMES
from models.rules.district import Disease, ReturnWait
from models.rules.management import (
    CHECKS,
    WAITS,
    Papers,
    earliest_return,
    ends_on,
    missed_at,
    next_paper,
    observation,
    slot_of,
    wait_of,
)
from tests.cast import DISTRICT, MONDAY, at

DISEASE = Disease()


def every(first: date, last: date) -> set[tuple[date, str]]:
    return {(first + timedelta(days=n), slot) for n in range((last - first).days + 1) for slot in CHECKS}


def test_day_zero_is_the_last_exposure_and_release_is_possible_the_day_after_the_end() -> None:
    assert ends_on(MONDAY, DISEASE) == MONDAY + timedelta(days=14)
    last = MONDAY + timedelta(days=14)
    done = every(MONDAY, MONDAY + timedelta(days=20))
    assert observation(MONDAY, DISEASE, done, (MONDAY, "am"), last).lacking == ("period",)
    assert observation(MONDAY, DISEASE, done, (MONDAY, "am"), last + timedelta(days=1)).lacking == ()


def test_a_missed_day_makes_it_a_day_longer_and_a_missed_last_check_does_not_let_it_end() -> None:
    end = MONDAY + timedelta(days=14)
    done = every(MONDAY, end + timedelta(days=3)) - {(MONDAY + timedelta(days=3), "pm")}
    standing = observation(MONDAY, DISEASE, done, (MONDAY, "am"), end + timedelta(days=1))
    assert (standing.ends, standing.lacking) == (end + timedelta(days=1), ("period",))
    unreached = every(MONDAY, end + timedelta(days=1)) - {(end + timedelta(days=1), "pm")}
    standing = observation(MONDAY, DISEASE, unreached, (MONDAY, "am"), end + timedelta(days=2), until=())
    assert "unreached" in standing.lacking


#: Other tests may hold the machine for seconds; that says nothing about what is drawn.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    missed=st.sets(st.tuples(st.integers(0, 20), st.sampled_from(CHECKS)), max_size=12),
    shift=st.integers(0, 40),
)
def test_an_observation_never_ends_before_its_rule_and_every_missed_day_counts(
    missed: set[tuple[int, str]], shift: int
) -> None:
    gaps = {(MONDAY + timedelta(days=number), slot) for number, slot in missed}
    today = MONDAY + timedelta(days=shift)
    standing = observation(MONDAY, DISEASE, every(MONDAY, today) - gaps, (MONDAY, "am"), today)
    assert standing.ends >= ends_on(MONDAY, DISEASE) + timedelta(days=len({day for day, _ in standing.missed}))
    assert set(standing.missed) == {check for check in gaps if check[0] <= today}
    assert not standing.lacking or standing.ends >= today


def test_an_answer_counts_for_the_check_it_is_nearest_to() -> None:
    assert [slot_of(at(clock), DISTRICT) for clock in ("06:40", "12:30", "15:59", "16:00", "22:00")] == [
        "am",
        "am",
        "am",
        "pm",
        "pm",
    ]
    assert missed_at(MONDAY, "am", DISTRICT) == at("10:30")
    assert missed_at(MONDAY, "pm", DISTRICT) == at("20:30")


def test_every_wait_names_its_source_and_a_disease_we_know() -> None:
    for wait in WAITS:
        assert wait.disease in NAMES
        assert wait.text
        assert wait.source


@pytest.mark.parametrize(
    ("disease", "days"), [("chickenpox", 14), ("mumps", 9), ("scarlet_fever", 7), ("norovirus", 3)]
)
def test_a_wait_is_over_on_its_day(disease: str, days: int) -> None:
    assert earliest_return(wait_of(disease, DISTRICT, MONDAY), MONDAY) == MONDAY + timedelta(days=days)


def test_a_district_replaces_a_wait_and_it_has_its_days() -> None:
    from dataclasses import replace

    own = ReturnWait("chickenpox", 10, "onset", "满10天", "本区通知", to_date=MONDAY + timedelta(days=1))
    district = replace(DISTRICT, return_after=(own,))
    assert wait_of("chickenpox", district, MONDAY) == own
    assert wait_of("chickenpox", district, MONDAY + timedelta(days=1)) is None
    assert wait_of("mumps", district, MONDAY) is not None


def test_nobody_is_admitted_before_the_doctor_has_looked() -> None:
    assert next_paper(Papers(None, None, None, False)) == "certificate"
    assert next_paper(Papers("recovered", None, None, False)) == "check"
    assert next_paper(Papers("recovered", False, None, False)) == "check"
    assert next_paper(Papers("recovered", True, None, False)) == "admission"
    assert next_paper(Papers("recovered", True, None, True)) == ""
