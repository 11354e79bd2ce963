"""When a circular is drafted (domain handbook 7.4): late or missing several times in a week. A draft and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Week:
    """A school's filing from Monday to Sunday. late: (day, minutes); missing: days whose lock has passed unfiled."""

    late: tuple[tuple[date, int], ...] = ()
    missing: tuple[date, ...] = ()

    def calls_for_a_draft(self, late: int, missing: int) -> bool:
        """late, missing: how often of each it takes."""
        return len(self.late) >= late or len(self.missing) >= missing

    def to_json(self) -> dict[str, Any]:
        return {
            "late": [[day.isoformat(), minutes] for day, minutes in self.late],
            "missing": [day.isoformat() for day in self.missing],
        }

    @staticmethod
    def from_json(made: Mapping[str, Any]) -> Week:
        return Week(
            tuple((date.fromisoformat(day), int(minutes)) for day, minutes in made["late"]),
            tuple(date.fromisoformat(day) for day in made["missing"]),
        )


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week a day lies in."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
