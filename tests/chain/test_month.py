"""Days of whole schools against a truth kept by the test: every export, every sum, every end state."""

from __future__ import annotations

import pytest

from models.database import Database
from tests.chain.compare import compare
from tests.chain.district import Size
from tests.chain.month import Month


def test_three_days_of_a_few_schools_end_in_what_was_true(sqlite: Database) -> None:
    month = Month(sqlite, Size(schools=3, grades=2, classes=2, pupils=5), spoken=2, odd=12)
    month.live(3)
    compare(month)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_month_of_thirty_schools_ends_in_what_was_true(sqlite: Database) -> None:
    month = Month(sqlite, Size(schools=30, grades=4, classes=5, pupils=42), spoken=2)
    month.live(22)
    compare(month)
