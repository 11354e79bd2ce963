"""Everything that happens, numbered, so that a page or a test can follow it with a cursor."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

from app.sandbox.platform.clock import SandboxClock

_HEAVY = frozenset({"raw", "plain", "answer", "answer_plain", "params", "query"})


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `kind`: bubble, user, wire, clock, menu, scene, typing, act (live streams add restart)."""

    seq: int
    kind: str
    data: dict[str, Any]

    def as_json(self, *, light: bool = False) -> dict[str, Any]:
        """The shape the control API answers with; a light one without bodies and queries of the wire."""
        data = {name: value for name, value in self.data.items() if name not in _HEAVY} if light else self.data
        return {"seq": self.seq, "kind": self.kind, "data": data}


class Feed:
    """A bounded memory of what happened; readers wait for more than they have seen."""

    def __init__(self, keep: int) -> None:
        self._happenings: deque[Happening] = deque(maxlen=keep)
        self._wakers: set[asyncio.Event] = set()
        self.last = 0
        self.closed = False

    def tell(self, kind: str, **data: Any) -> Happening:
        """Note a happening and wake everybody who waits."""
        self.last += 1
        happening = Happening(self.last, kind, data)
        self._happenings.append(happening)
        for waker in self._wakers:
            waker.set()
        return happening

    def after(self, seq: int, kind: str | None = None) -> list[Happening]:
        """What happened after number `seq`, oldest first."""
        return [one for one in self._happenings if one.seq > seq and (kind is None or one.kind == kind)]

    def close(self) -> None:
        """End all live streams; may be called from a signal handler."""
        self.closed = True

    async def wait(self, seq: int, seconds: float) -> list[Happening]:
        """What happened after `seq`; waits up to `seconds` (real ones) for something to happen."""
        waker = asyncio.Event()
        self._wakers.add(waker)
        try:
            if self.last <= seq and seconds > 0:
                try:
                    async with asyncio.timeout(seconds):
                        await waker.wait()
                except TimeoutError:
                    return []
            return self.after(seq)
        finally:
            self._wakers.discard(waker)


class WireLog:
    """What went over the wire, in the developer's eyes: pushes, calls, and what the platform refused and why."""

    def __init__(self, feed: Feed, clock: SandboxClock) -> None:
        self._feed = feed
        self._clock = clock
        self.counters: Counter[str] = Counter()

    def push(self, **entry: Any) -> dict[str, Any]:
        """One delivery to the back end and its answer."""
        self.counters[f"push.{entry['outcome']}"] += 1
        return self._note("push", entry)

    def call(self, **entry: Any) -> dict[str, Any]:
        """One call of the back end and the platform's answer."""
        self.counters["call" + str(entry["path"]).replace("/cgi-bin", "", 1).replace("/", ".")] += 1
        if entry["errcode"]:
            self.counters[f"errcode.{entry['errcode']}"] += 1
        return self._note("call", entry)

    def note(self, **entry: Any) -> dict[str, Any]:
        """Anything else a developer should read: verification, dropped pushes, late answers."""
        return self._note("note", entry)

    def entries(self, after: int = 0, *, refused_only: bool = False) -> list[dict[str, Any]]:
        """The log after number `after`, oldest first; each entry carries its `seq`."""
        rows = [{"seq": one.seq, **one.data} for one in self._feed.after(after, "wire")]
        return [row for row in rows if row["refused"]] if refused_only else rows

    def _note(self, what: str, entry: dict[str, Any]) -> dict[str, Any]:
        data = {"what": what, "at": self._clock.now().isoformat(), "refused": False, "reason": "", **entry}
        return {"seq": self._feed.tell("wire", **data).seq, **data}
