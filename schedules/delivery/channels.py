"""Which rungs are open to a push, cheapest first, and why the others are not. No call is made here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bots.engine.replies import drawn
from models.queries.sending import Allowed
from models.rules.push import Lane
from models.rules.reach import (
    RUNG_NAMES,
    SERVICE,
    SMS,
    SUBSCRIPTION,
    TEMPLATE,
    TYPED_WINDOW,
    Claimed,
    service_window,
)
from schedules.delivery import reasons
from schedules.delivery.context import House

WECHAT = (SERVICE, SUBSCRIPTION, TEMPLATE)


@dataclass(slots=True)
class Climb:
    """A push on its way: which rungs are open to it, why the others are not, and what the tries have cost."""

    push: Claimed
    judged: datetime
    rungs: list[str]
    barred: dict[str, str]
    window: str = ""
    spent: str = ""
    errcode: int | None = None
    shut: bool = False
    refused: str = ""
    used: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    granted: str = ""
    ungranted: str = ""

    @property
    def told(self) -> str:
        """Why not by these rungs, for the row."""
        return "；".join(f"{RUNG_NAMES[rung]}：{reason}" for rung, reason in self.barred.items())


def look(house: House, push: Claimed, judged: datetime, allowed: Allowed) -> Climb:
    """Which rungs are open, cheapest first."""
    district, kind = house.district, push.kind
    climb = Climb(push, judged, [], {})
    window = service_window(push.windows, judged, push.lane, district.messages.window_reserve)
    typed = push.windows.typed_at
    within = typed is not None and judged <= typed + TYPED_WINDOW
    climb.window = window or ""
    subscription = house.subscriptions().get(kind)
    is_granted = subscription is not None and (subscription.is_long_term or push.granted.get(subscription.id, 0) > 0)
    sms = house.sms_templates().get(kind) if house.sms is not None else None
    ways = (
        (SERVICE, True, "" if window else reasons.WINDOW_SPENT if within else reasons.WINDOW_SHUT),
        (SUBSCRIPTION, subscription is not None, "" if is_granted else reasons.NOT_GRANTED),
        (TEMPLATE, True, "" if kind in house.templates() else reasons.NOT_CONFIGURED),
        (SMS, sms is not None, "" if push.phone else reasons.NO_PHONE),
    )
    for rung, is_there, reason in ways:
        if not is_there or rung in push.tried:
            continue
        if rung != SERVICE and drawn(push.body):  # no other way carries a picture; the text goes by itself
            continue
        if rung in WECHAT and push.refused:
            reason = push.refused
        reason = reason or _quota(house, rung, push.lane, allowed)
        if reason:
            climb.barred[rung] = reason
        else:
            climb.rungs.append(rung)
    return climb


def _quota(house: House, rung: str, lane: Lane, allowed: Allowed) -> str:
    """Why the day's allowance of a rung forbids it; the last of it is kept for alerts and answers."""
    if rung in allowed.closed:
        return reasons.QUOTA_SPENT
    messages = house.district.messages
    limits = {
        SERVICE: messages.daily_service,
        SUBSCRIPTION: messages.daily_subscription,
        TEMPLATE: messages.daily_template,
    }
    limit = limits.get(rung)
    if limit is None or lane <= Lane.ANSWER:
        return ""
    left = limit - limit * messages.quota_reserve_percent // 100 - allowed.used.get(rung, 0)
    return "" if left > 0 else reasons.QUOTA_RESERVED


def first_rungs(climbs: Sequence[Climb]) -> dict[int, str]:
    """Push → the rung it tries first."""
    return {climb.push.id: climb.rungs[0] for climb in climbs}
