"""The rates of domain handbook 7.5, from counts; honest where nothing was due, and never whole while somebody is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.rules.figures import Figures, completeness, rate, staff_completeness, timeliness

#: Within so long an absence must have a cause found to count as followed up.
FOLLOW_UP = timedelta(hours=24)
NOTHING_DUE = "—"


@dataclass(frozen=True, slots=True)
class Filing:
    """How units filed a day. due: owed a report; filed: signed at least once; on_time: by the unit's deadline; zeros:
    those whose zero still holds, qualified among them."""

    due: int = 0
    filed: int = 0
    on_time: int = 0
    zeros: int = 0
    qualified: int = 0

    def __add__(self, other: Filing) -> Filing:
        return Filing(
            self.due + other.due,
            self.filed + other.filed,
            self.on_time + other.on_time,
            self.zeros + other.zeros,
            self.qualified + other.qualified,
        )


@dataclass(frozen=True, slots=True)
class Watched:
    """What was followed after: sick absences and those explained within a day; minutes to each alert's acknowledgement
    (None: nobody yet); the audience of publications and their receipts."""

    sick: int = 0
    explained: int = 0
    alerts: tuple[int | None, ...] = ()
    audience: int = 0
    receipts: int = 0

    def __add__(self, other: Watched) -> Watched:
        return Watched(
            self.sick + other.sick,
            self.explained + other.explained,
            self.alerts + other.alerts,
            self.audience + other.audience,
            self.receipts + other.receipts,
        )


#: What each rate is called, in the order in which tables show them.
NAMES = {
    "completeness": "学生完整率",
    "staff_completeness": "教职工完整率",
    "timeliness": "学生及时率",
    "staff_timeliness": "教职工及时率",
    "filing": "报告率",
    "filing_on_time": "按时报告率",
    "zero": "零报告率",
    "qualified_zero": "附条件零报告占比",
    "follow_up": "缺勤追访率",
    "alert_p90": "预警确认P90",
    "receipt": "回执率",
}


def rates(figures: Figures, filing: Filing, watched: Watched | None = None) -> dict[str, str]:
    """Every rate as it is shown, by the keys of `NAMES`. Without `watched` the last three are "—"."""
    seen = watched or Watched()
    return {
        "completeness": completeness(figures),
        "staff_completeness": staff_completeness(figures),
        "timeliness": timeliness(figures),
        "staff_timeliness": rate(figures.staff_on_time, figures.staff_due - figures.staff_exempt),
        "filing": rate(filing.filed, filing.due),
        "filing_on_time": rate(filing.on_time, filing.due),
        "zero": rate(filing.zeros, filing.due),
        "qualified_zero": rate(filing.qualified, filing.zeros),
        "follow_up": rate(seen.explained, seen.sick),
        "alert_p90": p90(seen.alerts),
        "receipt": rate(seen.receipts, seen.audience),
    }


def p90(minutes: Sequence[int | None]) -> str:
    """Within how many minutes nine of ten alerts were taken on, by the nearest rank; those nobody has taken on come
    last, and where the ninth of ten is one of them there is no such number."""
    if not minutes:
        return NOTHING_DUE
    known = sorted(minute for minute in minutes if minute is not None)
    rank = -(-9 * len(minutes) // 10)
    if rank > len(known):
        return f"未达（{len(minutes) - len(known)}条未确认）"
    return f"{known[rank - 1]}分钟"


def minutes_to(raised_at: datetime, acknowledged_at: datetime | None) -> int | None:
    """Whole minutes to an acknowledgement, begun ones counted; None while there is none."""
    if acknowledged_at is None:
        return None
    return max(0, -(int((raised_at - acknowledged_at).total_seconds()) // 60))


def explained(pairs: Iterable[tuple[datetime, datetime | None]]) -> int:
    """How many (entered, followed up) had their cause found within a day."""
    return sum(found is not None and found - entered <= FOLLOW_UP for entered, found in pairs)
