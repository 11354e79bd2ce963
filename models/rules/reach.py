"""By which way a push goes out, when it is tried again, and what a crash means for it.

Sources: wechat-platform 5 and 6, contract 10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

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
#: Seconds until the next try after a transient refusal; after the last the push is final, and workers try it again
#: every `RETRY_LATER` as long as it is of use.
BACK_OFF = (2.0, 4.0, 8.0, 16.0, 30.0)
RETRY_LATER = timedelta(minutes=5)
#: Not by itself: only whoever runs the job again asks for another try.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

#: The rungs, cheapest first. LIST: nothing arrives, the head teacher is told by name.
SERVICE, SUBSCRIPTION, TEMPLATE, SMS, LIST = "service", "subscription", "template", "sms", "list"
RUNG_NAMES: Mapping[str, str] = {
    SERVICE: "客服消息",
    SUBSCRIPTION: "订阅通知",
    TEMPLATE: "模板消息",
    SMS: "短信",
    LIST: "联系名单",
}
#: For so long the platform sends one client_msg_id of a template message once (wechat-platform 6), less a margin.
REPEATABLE_FOR = timedelta(minutes=9)
#: Kinds that count towards what a guardian is asked a day: one prompt, and reminders up to `per_guardian_day` in all.
PROMPT, REMINDER = "checkin-prompt", "checkin-reminder"
COUNTED = frozenset({PROMPT, REMINDER, "campaign-push", "campaign-reminder"})


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
    relation: str
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
    occurrence_id: int | None = None
    tried: frozenset[str] = frozenset()
    error: str = ""  # why it came back, if it did
    phone: bytes | None = None  # sealed
    granted: Mapping[str, int] = field(default_factory=dict)  # subscription template → messages left

    @property
    def is_sent_again(self) -> bool:
        """Whether one extra is better than none when nobody knows what became of a try."""
        return self.kind in SENT_AGAIN


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


def daily_limit(sent: Mapping[str, int], kind: str, per_day: int) -> bool:
    """Whether a guardian who was sent `sent` (kind → messages) today has heard enough for another of `kind`."""
    if kind not in COUNTED:
        return False
    if kind == PROMPT and sent.get(PROMPT, 0) >= 1:
        return True
    if kind == REMINDER and sent.get(REMINDER, 0) >= max(per_day - 1, 0):
        return True
    return sum(sent.get(one, 0) for one in COUNTED) >= per_day


def is_too_many(count: int, history: Sequence[int], least: int, factor: int, *, is_routine: bool) -> bool:
    """Whether so many pushes wait for a second person (contract 10: blast guard).

    history: what the same job owed on its earlier days, latest first, days on which it owed nothing left out.
    A routine job of the timetable goes to bound people and has nothing to be compared with before a week has passed.
    """
    if len(history) < HISTORY_DAYS:
        return not is_routine and count > least
    return count > max(least, factor * history[0])


#: The platform's days begin at midnight in China, wherever the district is; 45009 says that one is used up.
PLATFORM_ZONE = ZoneInfo("Asia/Shanghai")
DAY_QUOTA = 45009


def platform_day(now: datetime) -> date:
    """The day the platform counts calls on."""
    return now.astimezone(PLATFORM_ZONE).date()


def platform_midnight(now: datetime) -> datetime:
    """When the platform's allowances begin anew."""
    return datetime.combine(platform_day(now) + timedelta(days=1), time(), PLATFORM_ZONE)


#: Days a job must have run before "many more than yesterday" means anything.
HISTORY_DAYS = 7
