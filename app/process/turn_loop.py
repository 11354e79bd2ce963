"""Messages that wait are one batch: read, answered, written and committed together; then every reply goes out.

There is no timer: whatever has gathered while the last batch was being committed is the next batch. SQLite has one
worker; PostgreSQL a few, and a sender's messages always go to the same one, so their order is kept. A batch that fails
is replayed message by message, so that one bad message never spoils its neighbours.

Nothing is said before it is stored. Under overload a message is durably parked and answered `success`; its reply is
pushed when it is done. A message neither handled nor parked ends in an error, never in `success`.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog

from app.process.metrics import MESSAGES, TURN_SECONDS
from app.process.parking import pack_message
from app.process.runtime import Runtime
from bots.engine.dispatcher import Dispatcher, sender_of
from bots.engine.incoming import Incoming
from bots.engine.replies import Reply
from models.actions.inbox import park
from models.database import Keeper

log = structlog.get_logger()

#: A batch no larger than this keeps one commit short.
BATCH = 256
#: A message that has waited this long is parked rather than handled: its platform hangs up at 5 s.
PARK_AFTER = 2.5
#: Past this the caller is told of our failure; the platform asks again.
GIVE_UP = 4.5

_ANSWERED = MESSAGES.labels("answered")


class Overloaded(Exception):
    """Neither handled nor parked within the platform's patience; answer 500, it will ask again."""


class Parked(Exception):
    """Durably kept for later; answer `success`, the reply will be pushed."""


@dataclass(slots=True)
class _Waiting:
    incoming: Incoming
    future: asyncio.Future[Reply | None]
    loop: asyncio.AbstractEventLoop
    since: float = field(default_factory=time.monotonic)


class TurnLoop:
    """Workers that answer messages in batches. limit: messages that may wait per worker before new ones are parked."""

    def __init__(self, runtime: Runtime, dispatcher: Dispatcher, workers: int, limit: int) -> None:
        self._runtime, self._dispatcher = runtime, dispatcher
        count = 1 if runtime.database.is_sqlite else workers
        self._queues = [
            _Queue(self._handle, runtime.database.keeper, f"turns-{number}", limit) for number in range(count)
        ]

    def start(self) -> None:
        for queue in self._queues:
            queue.start()

    def stop(self) -> None:
        """Finish what was taken, then end."""
        for queue in self._queues:
            queue.stop()

    async def answer(self, incoming: Incoming) -> Reply | None:
        """The reply, once everything it says is stored. Raises Parked, Overloaded, or the turn's own error."""
        if not self._dispatcher.concerns(incoming):
            return None
        loop = asyncio.get_running_loop()
        waiting = _Waiting(incoming, loop.create_future(), loop)
        self._queue_of(incoming).put(waiting)
        patience = loop.call_later(GIVE_UP, _give_up, waiting.future)
        try:
            return await waiting.future
        finally:
            patience.cancel()

    def _queue_of(self, incoming: Incoming) -> _Queue:
        """A sender's messages always wait in the same queue."""
        if len(self._queues) == 1:
            return self._queues[0]
        place = hashlib.blake2b(sender_of(incoming).encode(), digest_size=4).digest()
        return self._queues[int.from_bytes(place) % len(self._queues)]

    def _handle(self, batch: Sequence[_Waiting], crowded: bool, keeper: Keeper) -> None:
        now = time.monotonic()
        if crowded or now - batch[0].since > PARK_AFTER:  # the first has waited longest
            late = [waiting for waiting in batch if crowded or now - waiting.since > PARK_AFTER]
            self._park(late)
            batch = batch[len(late) :]
        if not batch:
            return
        started = time.perf_counter()
        try:
            replies = self._turns([waiting.incoming for waiting in batch], keeper)
        except Exception:  # noqa: BLE001 - whatever it was, the neighbours are not to blame
            if len(batch) > 1:
                log.warning("batch replayed one by one", messages=len(batch))
                for waiting in batch:
                    self._handle_one(waiting, keeper)
                return
            self._handle_one(batch[0], keeper)
            return
        TURN_SECONDS.observe(time.perf_counter() - started)
        _ANSWERED.inc(len(batch))
        _resolve([(waiting, reply, None) for waiting, reply in zip(batch, replies, strict=True)])

    def _handle_one(self, waiting: _Waiting, keeper: Keeper) -> None:
        try:
            replies = self._turns([waiting.incoming], keeper)
        except Exception as error:
            MESSAGES.labels("failed").inc()
            log.exception("turn failed", message=message_label(waiting.incoming))
            _resolve([(waiting, None, error)])
        else:
            _ANSWERED.inc()
            _resolve([(waiting, replies[0], None)])

    def _turns(self, batch: Sequence[Incoming], keeper: Keeper) -> list[Reply | None]:
        runtime = self._runtime
        with keeper.write() as connection:
            return self._dispatcher.answer(batch, runtime.turn(connection))

    def _park(self, late: Sequence[_Waiting]) -> None:
        runtime = self._runtime
        try:
            with runtime.database.write() as connection:
                messages = [(waiting.incoming.key, pack_message(waiting.incoming)) for waiting in late]
                park(connection, runtime.vault, messages, runtime.clock())
        except Exception as error:
            log.exception("parking failed", messages=len(late))
            _resolve([(waiting, None, error) for waiting in late])
            return
        MESSAGES.labels("parked").inc(len(late))
        _resolve([(waiting, None, Parked()) for waiting in late])


def message_label(incoming: Incoming) -> str:
    """A message in the log: a digest of its key, which names nobody."""
    return hashlib.blake2b(incoming.key.encode(), digest_size=6).hexdigest()


#: What came of a message: its reply, or why there is none.
_Outcome = tuple[_Waiting, Reply | None, BaseException | None]


def _resolve(outcomes: Sequence[_Outcome]) -> None:
    """Tell those who wait; one call into each event loop, however many wait there."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Outcome]] = {}
    for outcome in outcomes:
        by_loop.setdefault(outcome[0].loop, []).append(outcome)
    for loop, theirs in by_loop.items():
        with suppress(RuntimeError):  # the loop has ended, and with it whoever waited there
            loop.call_soon_threadsafe(_settle, theirs)


def _settle(outcomes: Sequence[_Outcome]) -> None:
    for waiting, reply, error in outcomes:
        if not waiting.future.done():
            if error is None:
                waiting.future.set_result(reply)
            else:
                waiting.future.set_exception(error)


def _give_up(future: asyncio.Future[Reply | None]) -> None:
    if not future.done():
        future.set_exception(Overloaded())


class _Queue:
    """One worker thread and what waits for it."""

    def __init__(
        self,
        handle: Callable[[Sequence[_Waiting], bool, Keeper], Any],
        keeper: Callable[[], Keeper],
        name: str,
        limit: int,
    ) -> None:
        self._handle, self._keeper, self._limit = handle, keeper, limit
        self._waiting: deque[_Waiting] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, waiting: _Waiting) -> None:
        with self._wake:
            if self._stopping:
                raise Overloaded
            self._waiting.append(waiting)
            self._wake.notify()

    def stop(self) -> None:
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join(timeout=10)

    def _run(self) -> None:
        keeper = self._keeper()
        while self._serve(keeper):
            pass
        keeper.close()

    def _serve(self, keeper: Keeper) -> bool:
        """Handle what waits, or wait for it; whether there may be more."""
        with self._wake:
            while not self._waiting and not self._stopping:
                self._wake.wait()
            if not self._waiting:
                return False
            # Far behind: park a large slice at once, cheaply, so that the rest is answered in time.
            crowded = len(self._waiting) > self._limit
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH))]
        self._handle(batch, crowded, keeper)
        return True
