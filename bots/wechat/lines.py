"""Keep-alive lines to the platform: one HTTP/1.1 connection each, one request at a time.

Delivery's calls are small, alike and many. A general HTTP client spends over a millisecond of processor on each; a
line spends under a tenth of one, with llhttp (`httptools`) reading the answers. What may have been accepted before a
line broke is told apart from what never left: `NotLeft` against `BrokeOff`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

import httptools
import httpx

#: An answer longer than this is not one of the platform's (bytes).
LONGEST_ANSWER = 4 * 2**20
_NO_BODY = frozenset({204, 304})


class NotLeft(Exception):
    """The request was not written: no connection. The cause's name is its word."""


class BrokeOff(Exception):
    """The request was written, and no whole answer came."""


@dataclass(slots=True)
class Response:
    """headers: names in lower case; of several with one name the last."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


class Line(asyncio.Protocol):
    """One connection. httptools calls the `on_…` methods while it reads an answer."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Response] | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._response = Response()
        self._body: list[bytes] = []
        self._size = 0
        self._is_measured = False
        self.is_open = False
        self.idle_since = 0.0

    async def call(self, request: bytes, seconds: float) -> Response:
        """Write `request`, wait for its whole answer at most `seconds`. Raises NotLeft or BrokeOff."""
        if self._transport is None or not self.is_open:
            raise NotLeft("ConnectionClosed")
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Response] = loop.create_future()
        self._waiting = waiting
        self._parser = httptools.HttpResponseParser(self)
        self._response, self._body, self._size, self._is_measured = Response(), [], 0, False
        alarm = loop.call_later(seconds, self._fail, "ReadTimeout")
        try:
            self._transport.write(request)
            return await waiting
        finally:
            alarm.cancel()
            if not waiting.done() or waiting.cancelled():  # given up by the caller: the answer belongs to nobody
                self.close()
            self._waiting = None

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    def _fail(self, reason: str) -> None:
        self.close()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(BrokeOff(reason))

    # asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self.is_open = cast(asyncio.Transport, transport), True

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_open = False
        if self._waiting is None or self._waiting.done():
            return
        # an answer without a length ends with its connection
        if self._response.status and not self._is_measured:
            self._finish()
        else:
            self._fail("ConnectionLost")

    def data_received(self, data: bytes) -> None:
        if self._parser is None or self._waiting is None or self._waiting.done():
            self.close()  # nobody has asked
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fail("NotHttp")
        except httptools.HttpParserError:
            self._fail("NotHttp")

    # httptools

    def on_message_begin(self) -> None:
        if self._waiting is None or self._waiting.done():  # a second answer to one request
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        key = name.decode("latin-1").lower()
        self._response.headers[key] = value.decode("latin-1")
        if key in ("content-length", "transfer-encoding"):
            self._is_measured = True

    def on_headers_complete(self) -> None:
        assert self._parser is not None
        self._response.status = self._parser.get_status_code()
        self._is_measured = self._is_measured or self._response.status in _NO_BODY

    def on_body(self, body: bytes) -> None:
        self._body.append(body)
        self._size += len(body)
        if self._size > LONGEST_ANSWER:
            self._fail("TooLong")

    def on_message_complete(self) -> None:
        assert self._parser is not None
        if self._response.status < 200:  # a word ahead of the answer
            self._response, self._body, self._is_measured = Response(), [], False
            return
        if not self._parser.should_keep_alive():
            self.close()
        self._finish()

    def _finish(self) -> None:
        self._response.content = b"".join(self._body)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(self._response)


class Lines:
    """At most `at_most` lines to one address; the line used last is used next, so that few are kept warm.

    base_url: http(s)://host[:port][/path]; raises ValueError for anything else. keep_alive: seconds an idle line is
    used again. connecting, reading, queueing: seconds.
    """

    def __init__(
        self,
        base_url: str,
        at_most: int,
        *,
        keep_alive: float,
        connecting: float = 5.0,
        reading: float = 10.0,
        queueing: float = 30.0,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an http(s) address is expected")
        self._is_tls = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port or (443 if self._is_tls else 80)
        named = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self._host_header = named if parts.port is None else f"{named}:{parts.port}"
        self._path = parts.path.rstrip("/")
        self._tls: ssl.SSLContext | None = None
        self._keep_alive, self._connecting, self._reading, self._queueing = keep_alive, connecting, reading, queueing
        self._places = asyncio.Semaphore(at_most)
        self._idle: deque[Line] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def post(self, target: str, content: bytes, media_type: str) -> Response:
        """POST to `target` (path and query, already quoted). Raises NotLeft or BrokeOff."""
        head = (
            f"POST {self._path}{target} HTTP/1.1\r\nHost: {self._host_header}\r\nAccept: */*\r\n"
            f"Connection: keep-alive\r\nContent-Type: {media_type}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        request = head.encode("latin-1") + content
        if self._places.locked():
            try:
                await asyncio.wait_for(self._places.acquire(), self._queueing)
            except TimeoutError:
                raise NotLeft("PoolTimeout") from None
        else:
            await self._places.acquire()
        try:
            line = self._warm() or await self._connect()
            response = await line.call(request, self._reading)
            if line.is_open:
                line.idle_since = asyncio.get_running_loop().time()
                self._idle.append(line)
            return response
        finally:
            self._places.release()

    def _warm(self) -> Line | None:
        """An open line that has not been idle for long."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._idle.clear()
            self._loop = loop
        oldest = loop.time() - self._keep_alive
        while self._idle and self._idle[0].idle_since < oldest:
            self._idle.popleft().close()
        while self._idle:
            line = self._idle.pop()
            if line.is_open:
                return line
        return None

    async def _connect(self) -> Line:
        if self._is_tls and self._tls is None:
            self._tls = await asyncio.to_thread(httpx.create_ssl_context, trust_env=False)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._connecting):
                _, line = await loop.create_connection(Line, self._host, self._port, ssl=self._tls)
        except TimeoutError:
            raise NotLeft("ConnectTimeout") from None
        except OSError as error:  # among them TLS's own
            raise NotLeft(type(error).__name__) from None
        return line

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
