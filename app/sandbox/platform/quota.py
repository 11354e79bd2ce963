"""Calls a day and a minute for each path, and the ten resets a month."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.settings import AccountKind, QuotaRules


class Quota:
    """Counts calls per path and local day. Paths without a limit are never refused."""

    def __init__(self, rules: QuotaRules, kind: AccountKind, zone: ZoneInfo) -> None:
        self._rules = rules
        self._column = 1 if kind == "test" else 0
        self._zone = zone
        self._day: Counter[str] = Counter()
        self._today = ""
        self._minute: Counter[str] = Counter()
        self._this_minute = ""
        self._clears: Counter[str] = Counter()

    def charge(self, path: str, now: datetime) -> None:
        """Count one call. Raises Refused 45009 (day) or 45011 (minute)."""
        self._turn(now)
        limit = self._rules.minute.get(path)
        if limit is not None and self._minute[path] >= limit:
            raise Refused(45011)
        daily = self.limit(path)
        if daily is not None and self._day[path] >= daily:
            raise Refused(45009)
        self._minute[path] += 1
        self._day[path] += 1

    def limit(self, path: str) -> int | None:
        """Calls a day, or None for no limit."""
        limits = self._rules.daily.get(path)
        return None if limits is None else limits[self._column]

    def look(self, path: str, now: datetime) -> dict[str, Any]:
        """`openapi/quota/get`."""
        self._turn(now)
        limit = self.limit(path)
        if limit is None:
            raise Refused(40066)
        used = self._day[path]
        return {"quota": {"daily_limit": limit, "used": used, "remain": max(limit - used, 0)}}

    def clear(self, now: datetime) -> None:
        """`clear_quota` and `clear_quota/v2` together, 10 a month. Raises Refused 48006."""
        month = f"{now.astimezone(self._zone):%Y-%m}"
        if self._clears[month] >= self._rules.clears_per_month:
            raise Refused(48006)
        self._clears[month] += 1
        self._day.clear()

    def _turn(self, now: datetime) -> None:
        local = now.astimezone(self._zone)
        if (today := f"{local:%Y-%m-%d}") != self._today:
            self._today = today
            self._day.clear()
        if (minute := f"{local:%Y-%m-%d %H:%M}") != self._this_minute:
            self._this_minute = minute
            self._minute.clear()
