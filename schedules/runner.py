"""The only file that knows APScheduler: an in-process tick that carries no state.

Occurrences, cursors and the guard live in the database (`schedules.timetable`), so the tick may run in every process,
may be late, and may stop at any moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from schedules.timetable import Timetable

log = structlog.get_logger()

TICK_SECONDS = 1


@asynccontextmanager
async def ticking(
    timetable: Timetable | None,
    clock: Callable[[], datetime],
    chores: Sequence[tuple[str, float, Callable[[], Any]]] = (),
) -> AsyncIterator[None]:
    """Tick while the block runs. chores: (name, seconds, what) for other small regular work; all run in threads."""
    scheduler = AsyncIOScheduler(timezone="UTC")

    def add(name: str, seconds: float, work: Callable[[], Any]) -> None:
        async def run() -> None:
            try:
                await asyncio.to_thread(work)
            except Exception:
                log.exception("tick failed", tick=name)

        scheduler.add_job(
            run, "interval", seconds=seconds, id=name, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    if timetable is not None:
        add("timetable", TICK_SECONDS, lambda: timetable.tick(clock()))
    for name, seconds, work in chores:
        add(name, seconds, work)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
