"""Days as people name them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.reading.days import span

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2月20号到28号", date(2026, 2, 20), date(2026, 2, 28)),
        ("2月20到28号", date(2026, 2, 20), date(2026, 2, 28)),
        ("20号去的28号回的", date(2026, 2, 20), date(2026, 2, 28)),
        ("28号到1号", date(2026, 2, 28), date(2026, 3, 1)),
        ("12月30号到1月2号", date(2025, 12, 30), date(2026, 1, 2)),
    ],
)
def test_a_stay_has_a_first_and_a_last_day(text: str, first: date, last: date) -> None:
    assert span(text, MONDAY) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["2月27日去的", "2月27号", "12月12日", "36.5 28号", "三班20号", "2.20", "28号", "量了36.5，1号楼", "30号到2月31号"],
)
def test_one_day_or_another_number_is_no_stay(text: str) -> None:
    assert span(text, MONDAY) is None


@given(st.text(alphabet="0123456789月号日到至去的回-. ，二十", max_size=40))
def test_a_stay_never_ends_before_it_begins(text: str) -> None:
    found = span(text, MONDAY)
    assert found is None or found[0] <= found[1]
