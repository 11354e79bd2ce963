"""A push as a value: what is owed to one account, until when, and what must still hold when it goes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any


class Lane(IntEnum):
    """Lower goes first."""

    ALERT = 0
    ANSWER = 1
    NUDGE = 2
    NEWS = 3


@dataclass(frozen=True, slots=True)
class Owed:
    """The fact that makes a push useful, looked at again at the moment of sending.

    rule "unreported": at least one of `persons` has no report of `day`;
    rule "report_open": the report of `unit` for `day` is not in (draft, returned, or no row);
    rule "bound": the account is still bound to one of `persons`;
    rule "unacknowledged": the alert `alert` has not been acknowledged;
    rule "receipt": the account has not answered the publication `campaign`, and it still holds.
    """

    rule: str
    day: date | None = None
    persons: tuple[int, ...] = ()
    unit: int | None = None
    alert: int | None = None
    campaign: int | None = None


@dataclass(frozen=True, slots=True)
class Push:
    """One message owed to one account.

    key: made of ids and ISO dates, never of wording; a second push with the same key is not kept.
    kind: the job's name, or "alert", or "reply" (contract 6); it chooses template and crash rule.
    body: what is said, as `bots.engine.replies` packs it: {"text": …}, {"card": …} or {"picture": …}.
    fields: what a template message may show (title, unit, time, note): no name, no reading.
    moment: T. Quiet hours, expiry and "still owed" are judged at T.
    """

    key: str
    kind: str
    account_id: int
    body: Mapping[str, Any]
    moment: datetime
    expires_at: datetime
    lane: Lane = Lane.NUDGE
    person_id: int | None = None
    relation: str = "self"
    fields: Mapping[str, str] = field(default_factory=dict)
    owed: Owed | None = None
    due_at: datetime | None = None


def in_turns(pushes: Iterable[Push], school_of: Callable[[int], int | None]) -> list[Push]:
    """The pushes of one occasion, alerts first, then school by school in turn: none waits behind a large one."""
    seen: Counter[tuple[int, int | None]] = Counter()
    placed = []
    for push in pushes:
        school = None if push.person_id is None else school_of(push.person_id)
        place = seen[int(push.lane), school]
        seen[int(push.lane), school] = place + 1
        placed.append((int(push.lane), place, push))
    placed.sort(key=lambda one: one[:2])
    return [push for _, _, push in placed]
