"""Calls to the platform's API: tolerant of its answers, strict about what a failure means.

Posts, of which delivery makes many, go over the lines of `lines.py`; questions and files over a general client.

WeChat says no with HTTP 200 and an `errcode`; answers come under several content types, with raw control characters,
and sometimes cut off (wechat-platform 4). What may have been accepted before a call broke off is `MaybeSent`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from bots.engine.sender import MaybeSent, Misconfigured, SendError, TryLater
from bots.wechat.lines import BrokeOff, Lines, NotLeft

#: Seconds an idle connection is used again: shorter than the five after which common servers close theirs, since a
#: request that meets the closing leaves us not knowing whether it arrived.
KEEP_ALIVE = 3.0
#: Posts on their way at once are CLIENTS × IN_FLIGHT. One shared httpx client falls from 2,600 to 430 requests a second
#: at 50 in flight; so each carries a few.
IN_FLIGHT = 5
CLIENTS = 8
#: Seconds. The platform answers within one; a peak may take several.
TIMEOUT = httpx.Timeout(connect=5, read=10, write=10, pool=30)

JSON = "application/json; charset=utf-8"
NO_ADDRESS = "WECHAT_API_URL is not an http(s) address"

_ERRCODE = re.compile(r'"errcode"\s*:\s*(-?\d{1,9})')
#: The request did not leave, or a gateway says that nobody took it.
_NOT_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_NOT_TAKEN = frozenset({429, 502, 503})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back with HTTP 200. fields: of a JSON answer, empty for a file."""

    fields: Mapping[str, Any]
    content: bytes
    media_type: str
    disposition: str = ""

    @property
    def errcode(self) -> int:
        code = self.fields.get("errcode", 0)
        return code if isinstance(code, int) else -1

    @property
    def errmsg(self) -> str:
        return str(self.fields.get("errmsg", ""))


class Http:
    """Lines for posts, and httpx clients for the rest. transport: a stand-in for the network, then for posts too."""

    def __init__(
        self, base_url: str, transport: httpx.AsyncBaseTransport | None = None, clients: int = CLIENTS
    ) -> None:
        # httpx logs every address at INFO, and the platform wants its access token in the address
        logging.getLogger("httpx").setLevel(logging.WARNING)
        limits = httpx.Limits(
            max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT, keepalive_expiry=KEEP_ALIVE
        )
        self._base_url, self._at_most = base_url, clients * IN_FLIGHT
        self._is_real = transport is None
        self._lines: Lines | None = None
        if self._is_real:
            clients = 1
        self._clients = [
            httpx.AsyncClient(base_url=base_url, transport=transport, timeout=TIMEOUT, limits=limits, trust_env=False)
            for _ in range(clients)
        ]
        self._busy = [0] * clients
        self._places = asyncio.Semaphore(clients * IN_FLIGHT)

    @asynccontextmanager
    async def _idlest(self) -> AsyncIterator[httpx.AsyncClient]:
        async with self._places:
            number = min(range(len(self._busy)), key=self._busy.__getitem__)
            self._busy[number] += 1
            try:
                yield self._clients[number]
            finally:
                self._busy[number] -= 1

    async def get(self, path: str, params: Mapping[str, str], openid: str = "") -> Answer:
        """Raises TryLater, MaybeSent or Misconfigured; an `errcode` is the caller's to judge."""
        return await self._call("GET", path, openid, params=dict(params))

    async def post(self, path: str, params: Mapping[str, str], body: Mapping[str, Any], openid: str = "") -> Answer:
        """POST JSON in real UTF-8: escapes reach users as they are, or fail with 40033."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        if self._is_real:
            return await self._post(path, params, content, openid)
        headers = {"Content-Type": JSON}
        return await self._call("POST", path, openid, params=dict(params), content=content, headers=headers)

    async def _post(self, path: str, params: Mapping[str, str], content: bytes, openid: str) -> Answer:
        if self._lines is None:
            try:
                self._lines = Lines(self._base_url, self._at_most, keep_alive=KEEP_ALIVE)
            except ValueError:
                raise Misconfigured(openid, NO_ADDRESS) from None
        target = f"{path}?{urlencode(params)}" if params else path
        try:
            response = await self._lines.post(target, content, JSON)
        except NotLeft as error:
            raise TryLater(openid, f"the platform cannot be reached ({error})") from None
        except BrokeOff as error:
            raise MaybeSent(openid, f"the call broke off ({error})") from None
        if response.status != 200:
            raise _status_error(response.status, openid)
        return _answer(response.headers, response.content, openid)

    async def upload(self, path: str, params: Mapping[str, str], name: str, content: bytes, media_type: str) -> Answer:
        """POST a file as the form part `media`."""
        return await self._call("POST", path, "", params=dict(params), files={"media": (name, content, media_type)})

    async def _call(self, method: str, path: str, openid: str, **parts: Any) -> Answer:
        # the causes are left behind on purpose: their requests hold the token and the recipient
        try:
            async with self._idlest() as client:
                response = await client.request(method, path, **parts)
        except _NOT_WRITTEN as error:
            raise TryLater(openid, f"the platform cannot be reached ({type(error).__name__})") from None
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise Misconfigured(openid, NO_ADDRESS) from None
        except httpx.HTTPError as error:
            raise MaybeSent(openid, f"the call broke off ({type(error).__name__})") from None
        if response.status_code != 200:
            raise _status_error(response.status_code, openid)
        return _answer(response.headers, response.content, openid)

    async def close(self) -> None:
        if self._lines is not None:
            self._lines.close()
        for client in self._clients:
            await client.aclose()


def _status_error(status: int, openid: str) -> SendError:
    if status in _NOT_TAKEN:
        return TryLater(openid, f"the platform answered HTTP {status}")
    if status >= 500:
        return MaybeSent(openid, f"the platform answered HTTP {status}")
    return Misconfigured(openid, f"the platform answered HTTP {status}: is WECHAT_API_URL right?")


def _answer(headers: Mapping[str, str], content: bytes, openid: str) -> Answer:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    disposition = headers.get("content-disposition", "")
    if disposition or not ("json" in media_type or media_type.startswith("text/") or not media_type):
        return Answer({}, content, media_type, disposition)
    text = content.decode("utf-8", "replace").lstrip("\ufeff")
    try:
        fields = json.loads(text, strict=False)
    except ValueError:
        found = _ERRCODE.search(text)  # cut off after what matters
        if found is None:
            raise MaybeSent(openid, "the platform's answer cannot be read") from None
        fields = {"errcode": int(found[1])}
    if not isinstance(fields, dict):
        raise MaybeSent(openid, "the platform's answer is not an object")
    return Answer(fields, content, media_type)
