"""Publications: states that add up, watching that cannot be feigned, reminders, whose browser it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.campaign import (
    SLACK,
    Audience,
    Facts,
    State,
    fits_week,
    holding,
    is_own_device,
    is_watched,
    next_edition,
    reached_after,
    reminder_due,
    reminder_moments,
    state_of,
    takes_receipts,
    tally,
    words_suffice,
)

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
moments = st.none() | st.just(NOON)
facts = st.builds(
    Facts,
    accounts=st.integers(0, 4),
    pushed=st.integers(0, 4),
    lost=st.integers(0, 4),
    delivered_at=moments,
    opened_at=moments,
    watched_seconds=st.integers(0, 200),
    confirmed_at=moments,
)


@given(st.lists(facts, max_size=60), st.integers(0, 150))
def test_states_add_up_to_the_audience_and_nobody_is_in_two(rows: list[Facts], seconds: int) -> None:
    counted = tally(state_of(row, seconds) for row in rows)
    assert sum(counted.values()) == len(rows)
    assert set(counted) == set(State)


@given(facts, st.integers(0, 150))
def test_a_state_claims_nothing_that_did_not_happen(row: Facts, seconds: int) -> None:
    state = state_of(row, seconds)
    assert (state is State.DONE) == (row.confirmed_at is not None)
    if state in {State.PARTLY, State.WATCHED}:
        assert row.watched_seconds > 0
    if state is State.OPENED:
        assert row.opened_at is not None
    if state is State.DELIVERED:
        assert row.delivered_at is not None


@given(
    st.integers(1, 600),
    st.lists(st.tuples(st.integers(0, 30), st.integers(-5, 700), st.integers(-5, 700)), max_size=40),
)
def test_nobody_gets_further_than_the_clock_or_the_video(seconds: int, reports: list[tuple[int, int, int]]) -> None:
    reached = elapsed = 0
    for pause, start, end in reports:
        elapsed += pause
        before = reached
        reached = reached_after(0, reached, start, end, elapsed, seconds)
        assert before <= reached <= min(seconds, elapsed + SLACK)
        if start > before + SLACK:
            assert reached == before


@given(st.integers(1, 3600), st.integers(1, 30))
def test_an_honest_player_arrives_at_the_end(seconds: int, every: int) -> None:
    reached = 0
    for now in range(every, seconds + every, every):
        reached = reached_after(0, reached, now - every, min(now, seconds), now, seconds)
    assert reached == seconds
    assert is_watched(reached, seconds)


def test_a_second_sitting_goes_on_from_the_first() -> None:
    assert reached_after(40, 40, 40, 60, 20, 60) == 60
    assert reached_after(40, 40, 0, 60, 2, 60) == 45  # two seconds after opening nobody has played twenty


@given(st.timedeltas(timedelta(minutes=1), timedelta(days=30)))
def test_reminders_lie_between_start_and_deadline_and_are_two_at_most(span: timedelta) -> None:
    found = reminder_moments(NOON, NOON + span)
    assert 1 <= len(found) <= 2
    assert all(NOON < moment < NOON + span for moment in found)
    assert reminder_due(NOON, NOON + span, NOON) is None
    assert reminder_due(NOON, NOON + span, NOON + span) is None
    assert reminder_due(NOON, NOON + span, found[-1]) == len(found) - 1


def test_the_handbooks_hours() -> None:
    moments = reminder_moments(NOON, NOON + timedelta(hours=48))
    assert moments == (NOON + timedelta(hours=24), NOON + timedelta(hours=44))


@pytest.mark.parametrize(
    ("kind", "strength", "said", "counts"),
    [
        ("video", "read", "received", False),
        ("video", "read", "confirmed", False),
        ("video", "read", "seen", True),
        ("video", "read", "text", True),
        ("notice", "read", "received", True),
        ("notice", "confirm", "received", False),
        ("notice", "confirm", "seen", False),
        ("notice", "confirm", "confirmed", True),
        ("notice", "sign", "confirmed", False),
        ("notice", "answer", "confirmed", False),
    ],
)
def test_what_is_said_counts_for_what_was_asked(kind: str, strength: str, said: str, counts: bool) -> None:
    assert words_suffice(kind, strength, said) is counts


def test_an_audience_is_narrowed_by_units_and_kinds() -> None:
    families = Audience(frozenset({"guardian", "student"}), frozenset({7}), frozenset({"primary"}))
    assert families.roles_of("student", (9, 7, 1), "primary") == ("guardian", "student")
    assert families.roles_of("student", (9, 8, 1), "primary") == ()
    assert families.roles_of("student", (9, 7, 1), "junior") == ()
    assert families.roles_of("staff", (7, 1), "primary") == ()
    assert not families.is_whole_district
    assert Audience(frozenset({"staff"})).is_whole_district


@given(st.dictionaries(st.integers(1, 9), st.integers(1, 9), max_size=9), st.integers(1, 9))
def test_what_holds_is_found_even_in_a_circle(replaced: dict[int, int], number: int) -> None:
    found = holding(number, replaced)
    assert found == number or found in replaced.values()


def test_replaced_twice_the_last_holds() -> None:
    assert holding(1, {1: 2, 2: 5}) == 5


@pytest.mark.parametrize(
    ("known", "has_any", "own"),
    [
        ((), False, None),
        ((), True, False),
        ((3,), True, True),
        ((4,), False, False),
        ((4, 3), True, True),
        ((4,), True, False),
    ],
)
def test_only_an_unknown_browser_of_an_owner_without_one_becomes_theirs(
    known: tuple[int, ...], has_any: bool, own: bool | None
) -> None:
    assert is_own_device(3, known, has_any) is own


def test_caps_series_and_late_receipts() -> None:
    assert fits_week(2, 3)
    assert not fits_week(3, 3)
    assert next_edition(NOON, NOON + timedelta(days=7)) == NOON + timedelta(days=7)
    assert next_edition(NOON, NOON + timedelta(days=6)) is None
    assert takes_receipts("closed", NOON, NOON + timedelta(days=3))
    assert not takes_receipts("withdrawn", NOON, NOON)
    assert not takes_receipts("closed", NOON, NOON + timedelta(days=15))
