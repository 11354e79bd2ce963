"""Draining the outbox: any number of workers, on any machines, share only the database.

A worker keeps a few dozen calls in flight. In each turn it records, in one transaction, what has come back, and claims
as many due pushes as calls are free; a claimed push is called at once, so a crash leaves in doubt the calls in flight
and nothing else. What a dead worker held is settled by the others as its kind demands (`delivery.take_over`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from aiolimiter import AsyncLimiter
from sqlalchemy import Connection

from bots.engine.sender import Sender
from models.actions import delivery
from models.actions.delivery import Outcome
from models.queries.sending import allowed, is_stopped
from models.queries.still_owed import no_longer_owed
from models.rules.reach import RETRY_LATER, platform_day
from schedules.delivery import reasons
from schedules.delivery.channels import Climb, first_rungs
from schedules.delivery.context import House, Meter, NoMeter, Template
from schedules.delivery.ladder import Ladder

__all__ = ["Delivery", "House", "Meter", "NoMeter", "Template"]

log = structlog.get_logger()
T = TypeVar("T")

#: Calls one worker keeps in flight, and pushes it looks at in one turn (most of which may need no call).
IN_FLIGHT = 40
CLAIM = 40
#: A turn waits until this many calls are free, or so many short looks for them: one commit then serves many, and the
#: calls still in flight keep the line busy meanwhile.
WORTH_A_TURN, LOOKS, LOOK = 20, 5, 0.008
IDLE = 0.5  # seconds between looks at an empty outbox
SETTLE_EVERY = 1.0  # seconds between looks for dead workers
#: `finish` waits this long for a platform that refuses everything, and for pushes due within the horizon.
PATIENCE = 90.0
HORIZON = timedelta(seconds=45)
#: After so many refusals in a row the platform is taken to be down: one probe at a time, after growing pauses.
DOWN_AFTER = 10
PROBE_PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0)


@dataclass(slots=True)
class Breaker:
    """Notices that nothing works, so that a platform that is down is probed instead of hammered."""

    failures: int = 0
    pauses: int = 0
    open_until: datetime | None = None

    def note(self, outcome: Outcome, now: datetime) -> None:
        if not outcome.used:
            return
        is_down = outcome.state in ("queued", "unknown") or (outcome.state == "failed" and outcome.due_at is not None)
        if not is_down:
            self.failures, self.pauses, self.open_until = 0, 0, None
            return
        self.failures += 1
        if self.failures >= DOWN_AFTER and (self.open_until is None or now >= self.open_until):
            pause = PROBE_PAUSES[min(self.pauses, len(PROBE_PAUSES) - 1)]
            self.pauses += 1
            self.open_until = now + timedelta(seconds=pause)
            log.warning("the platform seems to be down", refusals=self.failures, pause=pause)

    def allows(self, wanted: int, now: datetime) -> int:
        if self.open_until is None:
            return wanted
        return min(wanted, 1) if now >= self.open_until else 0


@dataclass(frozen=True, slots=True)
class Turn:
    """What one transaction came to. looked_at: due pushes it took up, called or not."""

    looked_at: int
    climbs: list[Climb]
    decided: list[Outcome]


class Delivery:
    """One worker's delivery. `run` drains for ever; `finish` drains one occurrence to its end; `drain` one round."""

    def __init__(self, house: House, sender: Sender) -> None:
        self._house = house
        self._rate = house.district.messages.rate_per_second
        self._pace = AsyncLimiter(self._rate, 1)
        self._ladder = Ladder(house, sender, self._pace)
        self._breaker = Breaker()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Drain until `stop`; what is in flight is finished and recorded."""
        await asyncio.gather(self._watch(), self._flow(None, for_ever=True))

    async def drain(self, occurrence_id: int | None = None) -> int:
        """One round: claim, send, record. Gives how many pushes were taken up."""
        now = self._house.clock()
        turn = await self._turn([], CLAIM, occurrence_id, now)
        outcomes = await asyncio.gather(*(self._ladder.climb(climb, now) for climb in turn.climbs))
        await self._turn(list(outcomes), 0, occurrence_id, now)
        return turn.looked_at

    async def finish(self, occurrence_id: int, horizon: timedelta = HORIZON) -> None:
        """Drain one occurrence until each of its pushes is final, or waits for the end of the quiet hours.

        What the platform keeps refusing becomes failed, with its reason; it is tried again when the job is run again,
        and by running workers every few minutes as long as it is of use.
        """
        moved_at, before = time.monotonic(), -1
        while True:
            await self.take_over()
            taken = await self._flow(occurrence_id)
            now = self._house.clock()
            waiting = await self._read(lambda connection: delivery.next_due(connection, occurrence_id))
            if waiting is not None and await self._read(is_stopped):
                return  # it stays owed until somebody lets sending go on
            if taken and taken != before:
                moved_at, before = time.monotonic(), taken
            is_hopeless = time.monotonic() - moved_at > PATIENCE
            if waiting is None or waiting > now + horizon or is_hopeless:
                await self._give_up(occurrence_id, now + (RETRY_LATER if is_hopeless else timedelta(0)))
                return
            await self._pause(min(0.5, max(0.05, (waiting - now).total_seconds())))

    async def _give_up(self, occurrence_id: int, later: datetime) -> None:
        await self._write(lambda connection: delivery.give_up(connection, occurrence_id, later, reasons.DOWN))

    async def take_over(self) -> int:
        """Settle what dead workers held; gives how many pushes."""
        alive, now = self._house.is_alive, self._house.clock()
        return await self._write(lambda connection: delivery.take_over(connection, alive, now))

    # the flow

    async def _flow(self, occurrence_id: int | None, *, for_ever: bool = False) -> int:
        """Keep calls in flight until nothing is due (or until `stop`); gives how many pushes were taken up."""
        flying: set[asyncio.Task[Outcome]] = set()
        landed: list[Outcome] = []
        taken = 0
        while True:
            now = self._house.clock()
            wanted = 0 if self._stopping.is_set() else self._free(IN_FLIGHT - len(flying), now)
            looked_at = 0
            try:
                if landed or (wanted and await self._is_due(flying, now)):
                    turn = await self._turn(landed, wanted, occurrence_id, now)
                    landed = []
                    looked_at = turn.looked_at
                    taken += looked_at
                    for climb in turn.climbs:
                        await self._pace.acquire()
                        flying.add(asyncio.create_task(self._ladder.climb(climb, now)))
            except Exception:
                # What has landed is kept and recorded as soon as the database answers again.
                log.exception("delivery paused")
                await asyncio.sleep(IDLE)
                if not for_ever and not flying and not landed:
                    raise
            if flying:
                landed += await self._gather(flying)
            elif self._stopping.is_set() and not landed:
                return taken
            elif not looked_at and not landed:
                if not for_ever:
                    return taken
                await self._pause(IDLE)

    async def _gather(self, flying: set[asyncio.Task[Outcome]]) -> list[Outcome]:
        """Wait for the first call to come back, and a moment longer for company."""
        done, _ = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
        for _ in range(LOOKS):
            if len(done) >= min(WORTH_A_TURN, len(flying)):
                break
            await asyncio.sleep(LOOK)
            done = {task for task in flying if task.done()}
        flying -= done
        return [task.result() for task in done]

    def _free(self, places: int, now: datetime) -> int:
        """How many pushes may be taken up now: free places, the pace, and whether the platform is there at all."""
        places = self._breaker.allows(min(places, CLAIM), now)
        while places > 0 and not self._pace.has_capacity(min(places, self._rate)):
            places //= 2
        return places

    async def _is_due(self, flying: set[asyncio.Task[Outcome]], now: datetime) -> bool:
        """Whether the write lock is worth taking; with calls in flight it will be taken anyway."""
        return bool(flying) or await self._read(lambda connection: delivery.anything_due(connection, now))

    async def _turn(self, landed: list[Outcome], wanted: int, occurrence_id: int | None, now: datetime) -> Turn:
        """One transaction: record, look, decide, claim."""
        house, day = self._house, platform_day(now)

        def work(connection: Connection) -> Turn:
            delivery.settle(connection, house.worker, landed, now)
            if not wanted:
                return Turn(0, [], [])
            may = allowed(connection, day)
            if may.stopped == "all":
                return Turn(0, [], [])
            due = delivery.due(
                connection,
                house.vault,
                now,
                wanted,
                occurrence_id,
                urgent_only=bool(may.stopped),
                with_grants=bool(house.subscriptions()),
            )
            dropped = no_longer_owed(connection, due, house.district, house.is_due) if due else {}
            climbs: list[Climb] = []
            decided: list[Outcome] = []
            for push in due:
                if push.id in dropped:
                    decided.append(Outcome(push.id, "dropped", error=dropped[push.id], is_try=False))
                    continue
                begun = self._ladder.begin(push, now, may)
                if isinstance(begun, Climb):
                    climbs.append(begun)
                else:
                    decided.append(begun)
            delivery.decide(connection, decided)
            delivery.claim(connection, house.worker, now, first_rungs(climbs))
            return Turn(len(due), climbs, decided)

        turn = await self._write(work)
        for outcome in landed:
            self._breaker.note(outcome, now)
        house.meter.recorded([*landed, *turn.decided])
        return turn

    async def _watch(self) -> None:
        """Settle what dead workers held, and take up again what failed for a passing reason."""
        while not self._stopping.is_set():
            try:
                await self.take_over()
                await self._write(self._chores)
            except Exception:
                log.exception("take-over paused")
            await self._pause(SETTLE_EVERY)

    def _chores(self, connection: Connection) -> None:
        now = self._house.clock()
        delivery.try_again(connection, now)
        delivery.expire_held(connection, now, reasons.HELD_TOO_LONG)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _write(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._house.database.write() as connection:
                return work(connection)

        return await asyncio.to_thread(run)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._house.database.read() as connection:
                return work(connection)

        return await asyncio.to_thread(run)
