"""Videos, notices and study guidance: who is asked, which state somebody is in, what counts as seen (domain handbook 10).

Levels, each of them a fact of its own: delivered, opened, watched (seconds really played), confirmed. `收到` confirms that
a notice came; it never means that a video was watched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

KINDS: Mapping[str, str] = {"video": "视频", "notice": "通知", "study": "学习指导", "example": "正面典型"}
#: read: whoever has read or watched it; confirm: who says so; sign: who signs; answer: who answers the question
STRENGTHS: Mapping[str, str] = {"read": "阅读", "confirm": "确认", "sign": "签字", "answer": "回答"}
ROLES: Mapping[str, str] = {"student": "学生", "guardian": "家长", "staff": "教职工"}
#: Words an audience may be written in.
ROLE_WORDS: Mapping[str, str] = {
    "家长": "guardian",
    "监护人": "guardian",
    "学生": "student",
    "幼儿": "student",
    "教职工": "staff",
    "教职员工": "staff",
    "教师": "staff",
    "老师": "staff",
}

#: How long people have where nothing else is said (domain handbook 10.1).
DEADLINE = timedelta(hours=48)
#: Reminders after a campaign went out, and then the teacher (domain handbook 10.3).
REMINDERS = (timedelta(hours=24), timedelta(hours=44))
#: The share of a video that must really have been played, in percent: the last picture often stands still.
WATCHED_PERCENT = 90
#: Seconds by which a player's reports may run ahead of the clock: they come in whole seconds, over slow networks.
SLACK = 3
#: How far behind the deadline a late receipt is still taken.
LATE = timedelta(days=14)
#: How long one edition follows another.
WEEK = timedelta(days=7)

OPEN = "open"
#: Who may publish for a school, and for the whole district (domain handbook 2.2, wg_coordination).
SCHOOL_PUBLISHERS = frozenset({"principal", "academic_office"})
BUREAU_PUBLISHERS = frozenset({"wg_coordination", "wg_study", "district_officer", "district_leader"})


# --- the audience -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Audience:
    """Roles, narrowed by units (empty: the whole district) and by school kinds (empty: all)."""

    roles: frozenset[str]
    unit_ids: frozenset[int] = frozenset()
    school_kinds: frozenset[str] = frozenset()

    @property
    def is_whole_district(self) -> bool:
        return not self.unit_ids and not self.school_kinds

    def roles_of(self, kind: str, chain: Collection[int], school_kind: str | None) -> tuple[str, ...]:
        """The rows somebody has in it. kind: student or staff; chain: the person's unit and all above it."""
        if self.unit_ids and not self.unit_ids & set(chain):
            return ()
        if self.school_kinds and school_kind not in self.school_kinds:
            return ()
        if kind == "staff":
            return ("staff",) if "staff" in self.roles else ()
        return tuple(role for role in ("guardian", "student") if role in self.roles)


def needs_second(audience: Audience, *, district: bool) -> bool:
    """Whether a second person must release it. district: it is the bureau's, not one school's."""
    return district and audience.is_whole_district


# --- states -------------------------------------------------------------------------------------------------------
class State(Enum):
    """Where somebody stands; everybody of an audience is in exactly one."""

    UNBOUND = "unbound"  # no account to write to
    WAITING = "waiting"  # not yet owed or still on its way
    FAILED = "failed"  # refused, expired, nobody reached
    DELIVERED = "delivered"  # arrived, not opened
    OPENED = "opened"
    PARTLY = "partly"  # some of the video was played
    WATCHED = "watched"  # all of it was played, and more than that is asked
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one row. pushed: pushes owed for it; lost: those of them that will not arrive."""

    accounts: int
    pushed: int = 0
    lost: int = 0
    delivered_at: datetime | None = None
    opened_at: datetime | None = None
    watched_seconds: int = 0
    confirmed_at: datetime | None = None


def state_of(facts: Facts, seconds: int) -> State:
    """The furthest state the facts prove. seconds: the video's length, 0 where there is none."""
    if facts.confirmed_at is not None:
        return State.DONE
    if facts.watched_seconds > 0:
        return State.WATCHED if is_watched(facts.watched_seconds, seconds) else State.PARTLY
    if facts.opened_at is not None:
        return State.OPENED
    if facts.delivered_at is not None:
        return State.DELIVERED
    if facts.accounts == 0:
        return State.UNBOUND
    if facts.pushed and facts.lost >= facts.pushed:
        return State.FAILED
    return State.WAITING


def tally(states: Iterable[State]) -> dict[State, int]:
    """How many are in each state; the numbers add up to the audience."""
    counted = Counter(states)
    return {state: counted.get(state, 0) for state in State}


# --- watching -----------------------------------------------------------------------------------------------------
def is_watched(reached: int, seconds: int) -> bool:
    """Whether enough of a video of `seconds` has been played."""
    return seconds > 0 and reached * 100 >= seconds * WATCHED_PERCENT


def reached_after(base: int, reached: int, start: int, end: int, elapsed: int, seconds: int) -> int:
    """How far into the video an account has come, after a player's report that it played from `start` to `end`.

    base: how far it was when the page was opened, `elapsed` whole seconds ago by our clock; reached: how far by now.
    What lies beyond `reached` does not count (no seeking past what was played), nor what is faster than the clock.
    """
    if end <= start or start < 0 or start > reached + SLACK:
        return reached
    return max(reached, min(end, seconds, base + elapsed + SLACK))


# --- what counts --------------------------------------------------------------------------------------------------
def words_suffice(kind: str, strength: str, said: str) -> bool:
    """Whether `said` (seen: 已看; received: 收到; confirmed: 确认; text: has read the words) is the receipt asked for."""
    if strength in {"sign", "answer"}:
        return False
    if strength == "confirm":
        return said == "confirmed"
    if kind == "video":
        return said in {"seen", "text"}
    return said in {"seen", "received", "confirmed", "text"}


#: what is said → how the receipt came about
HOW: Mapping[str, str] = {"seen": "declared", "received": "received", "confirmed": "confirmed", "text": "text"}


# --- time ---------------------------------------------------------------------------------------------------------
def reminder_moments(start: datetime, deadline: datetime) -> tuple[datetime, ...]:
    """When those who have not are reminded: after 24 and 44 hours, as far as the deadline leaves room.

    Where it is too near for either, once, when three quarters of the time are over.
    """
    found = tuple(start + step for step in REMINDERS if start + step < deadline)
    return found or ((start + (deadline - start) * 3 / 4,) if deadline > start else ())


def reminder_due(start: datetime, deadline: datetime, at: datetime) -> int | None:
    """Which reminder is due at `at` (0 the first); None before the first and from the deadline on."""
    if at >= deadline:
        return None
    passed = [number for number, moment in enumerate(reminder_moments(start, deadline)) if moment <= at]
    return passed[-1] if passed else None


def is_over(deadline: datetime, at: datetime) -> bool:
    """Whether the teachers are told who is missing, and the sender how it ended."""
    return at >= deadline


def takes_receipts(state: str, deadline: datetime | None, at: datetime) -> bool:
    """Whether a receipt is still taken: late ones count, and the export says when they came."""
    return state in {"open", "closed"} and (deadline is None or at <= deadline + LATE)


def fits_week(sent: int, cap: int) -> bool:
    """Whether a family that got `sent` publications of any kind in seven days may get one more."""
    return sent < cap


def next_edition(at: datetime, until: datetime | None) -> datetime | None:
    """When the edition after the one of `at` goes out; None where the series ends."""
    following = at + WEEK
    return None if until is not None and following > until else following


# --- which document holds -----------------------------------------------------------------------------------------
def holding(campaign_id: int, replaced_by: Mapping[int, int]) -> int:
    """The publication that holds in place of `campaign_id`; itself where nothing took its place."""
    seen = {campaign_id}
    while (following := replaced_by.get(campaign_id)) is not None and following not in seen:
        campaign_id = following
        seen.add(following)
    return campaign_id


# --- devices ------------------------------------------------------------------------------------------------------
def is_own_device(owner: int, accounts_of_device: Sequence[int], owner_has_devices: bool) -> bool | None:
    """Whether a browser that opened `owner`'s link is the owner's.

    True: it has shown so before. None: nobody knows this browser, nor any other of the owner's: the first opening
    makes it theirs. False: it is somebody else's, or the owner has another; a forwarded link must not credit anybody.
    """
    if owner in accounts_of_device:
        return True
    return None if not accounts_of_device and not owner_has_devices else False
