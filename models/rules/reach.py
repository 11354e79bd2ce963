"""By which way a push goes out, when it is tried again, and what a crash means for it.

Sources: wechat-platform 5 and 6, contract 10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from models.rules.district import District
from models.rules.push import Lane

#: A typed message opens this long, for this many (wechat-platform 5.1, service accounts since 2023-06-12).
TYPED_WINDOW, TYPED_BUDGET = timedelta(hours=48), 5
#: A tap, a follow or a scan.
TAPPED_WINDOW, TAPPED_BUDGET = timedelta(minutes=1), 3
#: The windows end a little early for us: the platform's clock is not ours.
MARGIN = timedelta(seconds=5)

#: Kinds that are sent again when a process died between claiming and recording: one extra is better than none.
SENT_AGAIN = frozenset(
    {"alert", "reply", "checkin-prompt", "class-report", "grade-report", "school-report", "daily-digest"}
)
#: Seconds until the next try after a transient refusal.
BACK_OFF = (2.0, 4.0, 8.0, 16.0, 30.0)


@dataclass(frozen=True, slots=True)
class Windows:
    """What the platform still allows towards one account."""

    typed_at: datetime | None = None
    typed_spent: int = 0
    tapped_at: datetime | None = None
    tapped_spent: int = 0

    def after(self, spent: Mapping[str, int]) -> Windows:
        """What is left once `spent` (typed, tapped → messages) more have gone out."""
        return replace(
            self,
            typed_spent=self.typed_spent + spent.get("typed", 0),
            tapped_spent=self.tapped_spent + spent.get("tapped", 0),
        )


@dataclass(frozen=True, slots=True)
class Claimed:
    """One push a worker holds."""

    id: int
    key: str
    kind: str
    lane: Lane
    account_id: int | None
    person_id: int | None
    body: dict[str, Any] | None
    fields: dict[str, Any]
    owed: dict[str, Any] | None
    moment: datetime
    expires_at: datetime
    attempts: int
    created_at: datetime
    openid: str | None
    refused: str | None
    windows: Windows


def service_window(windows: Windows, now: datetime, lane: Lane, reserve: int) -> str | None:
    """The window a customer-service message would spend: tapped (it ends first), typed, or None.

    The last `reserve` messages of a typed window are kept for alerts and answers.
    """
    tapped, typed = windows.tapped_at, windows.typed_at
    if tapped is not None and now <= tapped + TAPPED_WINDOW - MARGIN and windows.tapped_spent < TAPPED_BUDGET:
        return "tapped"
    budget = TYPED_BUDGET if lane <= Lane.ANSWER else TYPED_BUDGET - reserve
    if typed is not None and now <= typed + TYPED_WINDOW - MARGIN and windows.typed_spent < budget:
        return "typed"
    return None


def back_off(attempts: int, steps: Sequence[float] = BACK_OFF) -> timedelta | None:
    """How long to wait before the next try after `attempts` tries; None: no further try."""
    return timedelta(seconds=steps[attempts - 1]) if attempts <= len(steps) else None


def quiet_until(now: datetime, lane: Lane, district: District) -> datetime | None:
    """When the quiet hours that hold at `now` end; None outside them, and for alerts and answers."""
    if lane <= Lane.ANSWER:
        return None
    begins, ends = district.times.quiet
    clock = district.local(now).time()
    day = district.day_of(now)
    if begins <= ends:
        return district.at(day, ends) if begins <= clock < ends else None
    if clock >= begins:
        return district.at(day + timedelta(days=1), ends)
    return district.at(day, ends) if clock < ends else None


def effective_now(now: datetime, moment: datetime, created_at: datetime) -> datetime:
    """The moment at which a push is judged: its own T, moved on by the time that has passed since it was planned.

    A job run "as of" another time is thus judged as of that time, whoever sends it, and still grows old.
    """
    return moment + max(now - created_at, timedelta(0))
