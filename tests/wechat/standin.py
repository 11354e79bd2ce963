"""A stand-in for the platform's API, at the wire: tokens that live and die, and answers one can set."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx

from bots.wechat.client import WeChatClient
from models.database import Database
from models.vault import Vault

APP_ID, APP_SECRET = "wxb11529c136998cb6", "the-apps-secret"
OPENID = "oLinMum-0123456789abcdefghij"
RID = " rid: 67a3-5f1c-9d"
T = TypeVar("T")


@dataclass
class Clock:
    """A moment that moves when told to."""

    now: datetime = datetime(2026, 3, 1, 23, 42, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class Platform:
    """Enforces tokens as `stable_token` describes them; everything else answers what `answers` says for its path."""

    clock: Clock = field(default_factory=Clock)
    answers: dict[str, Callable[[httpx.Request], httpx.Response]] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    token: str = ""
    born: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    forced: int = 0
    refuses_every_token: int = 0  # the errcode it says
    lasts: int = 7200
    slowly: bool = False

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = request.url.path
        self.calls[path] += 1
        if self.slowly:
            await asyncio.sleep(0)
        if path in self.answers and path == "/cgi-bin/stable_token":
            return self.answers[path](request)
        if path == "/cgi-bin/stable_token":
            return self.give_token(json.loads(request.content))
        if self.refuses_every_token:
            return said({"errcode": self.refuses_every_token, "errmsg": f"invalid credential{RID}"})
        if request.url.params.get("access_token") != self.token:
            return said({"errcode": 40001, "errmsg": f"invalid credential, not latest{RID}"})
        if self.clock() >= self.born + timedelta(seconds=self.lasts):
            return said({"errcode": 42001, "errmsg": f"access_token expired{RID}"})
        answer = self.answers.get(path)
        return answer(request) if answer else said({"errcode": 0, "errmsg": "ok"})

    def give_token(self, asked: dict[str, Any]) -> httpx.Response:
        assert (asked["grant_type"], asked["appid"]) == ("client_credential", APP_ID)
        if asked["secret"] != APP_SECRET:
            return said({"errcode": 40001, "errmsg": f"invalid credential{RID}"})
        age = (self.clock() - self.born).total_seconds()
        if asked["force_refresh"]:
            self.forced += 1
        if asked["force_refresh"] or age > self.lasts - 300:
            self.token, self.born, age = f"T{self.calls['/cgi-bin/stable_token']}", self.clock(), 0
        return said({"access_token": self.token, "expires_in": int(self.lasts - age)})

    def kill_token(self) -> None:
        """Somebody else fetched one: ours is no longer the latest."""
        self.token, self.born = f"elsewhere{len(self.requests)}", self.clock()

    @property
    def fetched(self) -> int:
        return self.calls["/cgi-bin/stable_token"]

    def bodies(self, path: str) -> list[dict[str, Any]]:
        return [json.loads(request.content) for request in self.requests if request.url.path == path]

    def client(self, database: Database, vault: Vault, secret: str = APP_SECRET) -> WeChatClient:
        transport = httpx.MockTransport(self.handle)
        return WeChatClient("https://wechat.test", APP_ID, secret, database, vault, self.clock, transport=transport)


def said(fields: dict[str, Any], media_type: str = "application/json; encoding=utf-8") -> httpx.Response:
    return httpx.Response(200, content=json.dumps(fields).encode(), headers={"Content-Type": media_type})


def saying(fields: dict[str, Any]) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _request: said(fields)


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
