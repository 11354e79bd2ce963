"""The stand-in's clock: real time plus an offset that only grows.

48-hour windows, 3-day media and months are judged by this clock, so they can be played in seconds. The 5 seconds a
back end has for its answer are real seconds and do not come from here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


class ClockMovesForward(ValueError):
    """The moment asked for lies in the past."""


class SandboxClock:
    """`real` returns seconds since 1970 (a fake in tests); `start`, if given, is what the clock shows first."""

    def __init__(self, *, start: datetime | None = None, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._offset = 0.0 if start is None else start.timestamp() - real()

    @property
    def offset_seconds(self) -> float:
        """How far this clock is ahead of real time."""
        return self._offset

    def timestamp(self) -> float:
        """Seconds since 1970, as this clock sees it."""
        return self._real() + self._offset

    def now(self) -> datetime:
        """This moment, in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def move_to(self, moment: datetime) -> None:
        """Jump to `moment`. Raises ClockMovesForward if that is earlier than now."""
        ahead = moment.timestamp() - self.timestamp()
        if ahead < 0:
            raise ClockMovesForward(
                f"the clock only moves forward; it already shows {self.now():%Y-%m-%d %H:%M:%S} UTC"
            )
        self._offset += ahead

    def move_by(self, step: timedelta) -> None:
        """Jump ahead by `step`. Raises ClockMovesForward if it is negative."""
        if step < timedelta(0):
            raise ClockMovesForward("the clock only moves forward")
        self._offset += step.total_seconds()

    def restore(self, offset_seconds: float) -> None:
        """Undo a move that the back end did not follow; not for anything else."""
        self._offset = offset_seconds


def read_moment(words: str, now: datetime, zone: ZoneInfo) -> datetime:
    """A moment written as ISO time, as `HH:MM` or `next HH:MM` (the next time the clock shows that, local time).

    An ISO time without zone is local. Raises ValueError on anything else.
    """
    text = words.strip()
    hour_minute = text.removeprefix("next ").strip()
    if len(hour_minute) <= 5 and ":" in hour_minute:
        hour, minute = (int(part) for part in hour_minute.split(":", 1))
        local = now.astimezone(zone)
        moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return moment if moment > local else moment + timedelta(days=1)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
