"""The platform's side under load: signed, encrypted text messages over keep-alive connections, replies checked.

All requests are built before the clock starts. With `retries`, a message whose connection broke or whose answer was no
200 is delivered again, as the platform does. Closed loop: a connection sends its next message when the last one is
answered. Open loop (`rate`): message i is due at i / rate, and its latency counts from then, so that a stalled server
cannot hide its stall.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlencode

from app.sandbox.platform.crypto import Sealer, sign


@dataclass(frozen=True)
class Account:
    """The account whose callback is loaded."""

    token: str
    aes_key: str
    app_id: str
    gh: str


@dataclass
class Result:
    """seconds: of the whole run; latencies: seconds, one a message; faults: what was wrong with replies; repeats:
    deliveries after a message's first; given_up: the numbers of messages that were never answered 200."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    given_up: list[int] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


def build(account: Account, openids: Sequence[str], texts: Sequence[str], count: int, port: int) -> list[bytes]:
    """`count` requests, each with its own MsgId, the senders in turn."""
    sealer = Sealer(account.aes_key, account.app_id)
    first = time.time_ns()
    made = []
    for number in range(count):
        now, nonce = str(int(time.time())), str(number + 1)
        xml = (
            f"<xml><ToUserName><![CDATA[{account.gh}]]></ToUserName>"
            f"<FromUserName><![CDATA[{openids[number % len(openids)]}]]></FromUserName><CreateTime>{now}</CreateTime>"
            f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{texts[number % len(texts)]}]]></Content>"
            f"<MsgId>{first + number}</MsgId></xml>"
        )
        sealed = sealer.seal(xml)
        query = urlencode(
            {
                "signature": sign(account.token, now, nonce),
                "timestamp": now,
                "nonce": nonce,
                "encrypt_type": "aes",
                "msg_signature": sign(account.token, now, nonce, sealed),
            }
        )
        body = f"<xml><ToUserName><![CDATA[{account.gh}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        head = f"POST /wechat?{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        made.append((head + body).encode())
    return made


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self.run, self.buffer, self.since = run, b"", 0.0
        self.asked, self.number = False, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.next()

    def connection_lost(self, _error: Exception | None) -> None:
        if self.asked:
            self.run.answered(self.number, 0, b"", self.since)
            if self.run.retries:
                self.run.open()

    def next(self) -> None:
        if self.transport.is_closing():  # the server closes what has been idle for some seconds
            self.run.open()
            return
        taken = self.run.take()
        if taken is None:
            self.run.wait_for_more(self)
            return
        number, due = taken
        now = time.perf_counter()
        if due > now:
            asyncio.get_running_loop().call_later(due - now, self.send, number, due)
        else:
            self.send(number, due or now)

    def send(self, number: int, since: float) -> None:
        """Deliver message `number`, whose latency counts from `since`."""
        if self.transport.is_closing():
            self.run.put_back(number, since)
            self.run.open()
            return
        self.number, self.since, self.asked = number, since, True
        self.transport.write(self.run.requests[number])  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end].lower()
        at = head.find(b"content-length:")
        size = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self.buffer) < end + 4 + size:
            return
        body, self.buffer = self.buffer[end + 4 : end + 4 + size], b""
        self.asked = False
        self.run.answered(self.number, int(head[9:12]), body, self.since)
        self.next()


class _Run:
    def __init__(
        self,
        requests: Sequence[bytes],
        pace: float,
        sealer: Sealer,
        expect: str,
        ports: Sequence[int],
        retries: int,
        patience: float,
    ) -> None:
        self._ports, self._opening = cycle(ports), set[asyncio.Task[object]]()
        self.requests, self.pace, self.sealer, self.expect = requests, pace, sealer, expect
        self.retries, self._patience = retries, patience
        self._sent, self.begun, self.result = 0, 0.0, Result()
        self._again: deque[tuple[int, float]] = deque()
        self._tries: Counter[int] = Counter()
        self._idle: list[_Connection] = []
        self.done = asyncio.get_running_loop().create_future()

    def open(self) -> None:
        """One more connection, which sends as long as there is something to send."""
        task: asyncio.Task[object] = asyncio.get_running_loop().create_task(self._connect())
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _connect(self) -> None:
        while not self.done.done():
            try:
                await asyncio.get_running_loop().create_connection(
                    lambda: _Connection(self), "127.0.0.1", next(self._ports)
                )
                return
            except OSError as error:
                if not self.retries:
                    if not self.done.done():
                        self.done.set_exception(error)
                    return
                await asyncio.sleep(0.05)  # its server is being started again

    def take(self) -> tuple[int, float] | None:
        """The next message to deliver and when it was due (0: now); None when nothing is left for the moment."""
        if self._again:
            return self._again.popleft()
        if self._sent >= len(self.requests):
            return None
        number = self._sent
        self._sent += 1
        return number, self.begun + number / self.pace if self.pace else 0.0

    def wait_for_more(self, connection: _Connection) -> None:
        self._idle.append(connection)

    def put_back(self, number: int, since: float) -> None:
        """A message that waits for its next delivery."""
        self._again.append((number, since))
        if self._idle:
            self._idle.pop().next()

    def answered(self, number: int, status: int, body: bytes, since: float) -> None:
        """A delivery has ended: the message is done with, or comes again."""
        if status == 200 or not self.retries:
            self.finish(status, body, since)
        elif self._tries[number] < self.retries:
            self._tries[number] += 1
            self.result.repeats += 1
            asyncio.get_running_loop().call_later(self._patience, self.put_back, number, since)
        else:
            self.result.given_up.append(number)
            self.finish(200, b"", since)

    def finish(self, status: int, body: bytes, since: float) -> None:
        result = self.result
        result.latencies.append(time.perf_counter() - since)
        result.statuses[status] += 1
        if status != 200:
            result.faults[f"status {status}"] += 1
        elif len(result.latencies) % 10 == 0 and self.expect:
            text = body.decode()
            start = text.find("<Encrypt><![CDATA[")
            opened = self.sealer.open(text[start + 18 : text.find("]]>", start)]) if start >= 0 else text
            if body and self.expect not in opened:
                result.faults["wrong reply"] += 1
        if len(result.latencies) == len(self.requests):
            self.done.set_result(None)


async def load(
    account: Account,
    requests: Sequence[bytes],
    port: int,
    *others: int,
    connections: int = 16,
    rate: float = 0,
    expect: str = "",
    retries: int = 0,
    patience: float = 5,
) -> Result:
    """Send everything to a port, or to several in turn; gives what came of it. patience: seconds before a message is
    delivered again."""
    run = _Run(requests, rate, Sealer(account.aes_key, account.app_id), expect, (port, *others), retries, patience)
    run.begun = time.perf_counter()
    for _ in range(connections):
        run.open()
    await asyncio.wait_for(run.done, 300)
    run.result.seconds = time.perf_counter() - run.begun
    return run.result
