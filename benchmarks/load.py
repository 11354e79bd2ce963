"""The platform's side under load: signed, encrypted text messages over keep-alive connections, replies checked.

All requests are built before the clock starts. Closed loop: a connection sends its next message when the last one is
answered. Open loop (`rate`): message i is due at i / rate, and its latency counts from then, so that a stalled server
cannot hide its stall.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from app.sandbox.crypto import Sealer, sign


@dataclass(frozen=True)
class Account:
    """The account whose callback is loaded."""

    token: str
    aes_key: str
    app_id: str
    gh: str


@dataclass
class Result:
    """seconds: of the whole run; latencies: seconds, one a message; faults: what was wrong with replies."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

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

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.next()

    def next(self) -> None:
        if self.run.sent >= len(self.run.requests):
            return
        number = self.run.sent
        due = self.run.begun + number / self.run.pace if self.run.pace else 0.0
        now = time.perf_counter()
        if due > now:
            asyncio.get_running_loop().call_later(due - now, self.next)
            return
        self.run.sent += 1
        self.since = due or now
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
        self.run.finish(int(head[9:12]), body, self.since)
        self.next()


class _Run:
    def __init__(self, requests: Sequence[bytes], pace: float, sealer: Sealer, expect: str) -> None:
        self.requests, self.pace, self.sealer, self.expect = requests, pace, sealer, expect
        self.sent, self.begun, self.result = 0, 0.0, Result()
        self.done = asyncio.get_running_loop().create_future()

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
            if self.expect not in opened:
                result.faults["wrong reply"] += 1
        if len(result.latencies) == len(self.requests):
            self.done.set_result(None)


async def load(
    account: Account, requests: Sequence[bytes], port: int, *, connections: int = 16, rate: float = 0, expect: str = ""
) -> Result:
    """Send everything; gives what came of it."""
    run = _Run(requests, rate, Sealer(account.aes_key, account.app_id), expect)
    loop = asyncio.get_running_loop()
    run.begun = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port)
    await asyncio.wait_for(run.done, 300)
    run.result.seconds = time.perf_counter() - run.begun
    return run.result
