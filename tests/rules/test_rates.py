"""Rates: nothing due is no rate, nobody missing is 100 %, and never the other way round."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules.figures import Figures, rate
from models.rules.rates import NAMES, Filing, Watched, explained, minutes_to, p90, rates
from tests.cast import at

counts = st.integers(0, 10**6)


@given(counts, counts)
def test_a_share_is_whole_only_when_nobody_is_missing(part: int, more: int) -> None:
    whole = part + more
    shown = rate(part, whole)
    if not whole:
        assert shown == "—"
    else:
        assert (shown == "100.0%") == (part == whole)
        assert abs(float(shown.rstrip("%")) - 100 * part / whole) <= 0.1


def test_the_handbooks_own_examples() -> None:
    assert rate(9996, 10000) == "99.9%"
    assert rate(999_999, 1_000_000) == "99.9%"
    assert rate(0, 0) == "—"
    assert rate(2, 3) == "66.7%"


@given(st.lists(st.none() | st.integers(0, 500), max_size=60))
def test_nine_of_ten_alerts_were_taken_on_within_what_is_said(minutes: list[int | None]) -> None:
    said = p90(minutes)
    if not minutes:
        assert said == "—"
    elif said.endswith("分钟"):
        within = int(said.removesuffix("分钟"))
        assert 10 * sum(one is not None and one <= within for one in minutes) >= 9 * len(minutes)
        assert 10 * sum(one is not None and one < within for one in minutes) < 9 * len(minutes)
    else:  # too many nobody has taken on
        assert 10 * sum(one is not None for one in minutes) < 9 * len(minutes)


@given(
    st.lists(st.tuples(counts, counts, counts, counts, counts).map(lambda made: Filing(*made)), min_size=1, max_size=5)
)
def test_filings_add_up(parts: list[Filing]) -> None:
    whole = sum(parts[1:], parts[0])
    for name in ("due", "filed", "on_time", "zeros", "qualified"):
        assert getattr(whole, name) == sum(getattr(part, name) for part in parts)


def test_every_rate_has_its_own_denominator() -> None:
    figures = Figures(due=10, reported=9, on_time=5, exempt=1, staff_due=4, staff_reported=3, staff_on_time=2)
    watched = Watched(sick=4, explained=3, alerts=(2, 5, None), audience=8, receipts=4)
    made = rates(figures, Filing(3, 2, 1, 2, 1), watched)
    assert list(made) == list(NAMES)
    assert made == {
        "completeness": "100.0%",
        "staff_completeness": "75.0%",
        "timeliness": "55.6%",
        "staff_timeliness": "50.0%",
        "filing": "66.7%",
        "filing_on_time": "33.3%",
        "zero": "66.7%",
        "qualified_zero": "50.0%",
        "follow_up": "75.0%",
        "alert_p90": "未达（1条未确认）",
        "receipt": "50.0%",
    }
    assert set(rates(Figures(), Filing()).values()) == {"—"}
    assert watched + Watched() == watched


def test_minutes_begun_count_and_a_cause_found_late_is_none_found() -> None:
    assert minutes_to(at("08:00"), at("08:00:01")) == 1
    assert minutes_to(at("08:00"), at("08:05")) == 5
    assert minutes_to(at("08:00"), None) is None
    day = timedelta(days=1)
    pairs = [(at("08:00"), at("08:00") + day), (at("08:00"), at("08:01") + day), (at("08:00"), None)]
    assert explained(pairs) == 1
