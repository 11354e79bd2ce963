"""A stand-in on a fake clock, with a back end that each test writes in a few lines.

The back end's side of the codec is wechatpy, so the stand-in's own is checked by somebody else.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI
from wechatpy.crypto import WeChatCrypto

from app.sandbox import SandboxClock, SandboxSettings, create_sandbox

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 6, 30, tzinfo=ZONE)
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SETTINGS = SandboxSettings(
    app_id="wxb11529c136998cb6",
    token="pamtest",
    aes_key=AES_KEY,
    mode="plain",
    callback_url="http://backend/wechat",
    public_url="http://wechat",
    cast=(),
)
Backend = Callable[[httpx.Request], httpx.Response]


def text_reply(request: httpx.Request, content: str, **changes: str) -> str:
    """A legal plain text reply to a push, unless `changes` say otherwise."""
    fields = {
        "ToUserName": request.url.params["openid"],
        "FromUserName": SETTINGS.account_id,
        "CreateTime": "1772404200",
        "MsgType": "text",
        "Content": content,
    } | changes
    return "<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items()) + "</xml>"


def silent(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text="success")


class Stage:
    """One stand-in and its back end: `backend` may be replaced at any time; `pushes` holds what was delivered."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.seconds = MONDAY.timestamp()
        self.pauses: list[float] = []
        self.pushes: list[httpx.Request] = []
        self.backend: Backend = silent
        self.during_pause: Callable[[], Awaitable[None]] | None = None
        self.app: FastAPI = create_sandbox(
            settings,
            SandboxClock(real=lambda: self.seconds),
            transport=httpx.MockTransport(self._answer),
            pause=self._pause,
        )
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://wechat")
        self._token = ""

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.pushes.append(request)
        return self.backend(request)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def close(self) -> None:
        await self.http.aclose()
        await self.app.state.world.close()

    async def control(self, path: str, **body: Any) -> Any:
        answer = await self.http.post(f"/control{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def look(self, path: str, **query: Any) -> Any:
        return (await self.http.get(f"/control{path}", params=query)).json()

    async def follower(self, name: str = "林妈妈") -> str:
        return str((await self.control("/users", name=name, follow=True))["openid"])

    async def does(self, openid: str, deed: str, **body: Any) -> Any:
        return await self.control(f"/users/{openid}/{deed}", **body)

    async def chat(self, openid: str) -> list[dict[str, Any]]:
        return list((await self.look(f"/users/{openid}/chat"))["messages"])

    async def token(self) -> str:
        if not self._token:
            body = {
                "grant_type": "client_credential",
                "appid": self.settings.app_id,
                "secret": self.settings.app_secret,
            }
            self._token = (await self.http.post("/cgi-bin/stable_token", json=body)).json()["access_token"]
        return self._token

    async def call(self, path: str, body: Any = None, **query: Any) -> Any:
        """A call with a good token: POST with a body, GET without. Bytes are sent as they are."""
        params = {"access_token": await self.token()} | query
        if body is None:
            answer = await self.http.get(f"/platform/cgi-bin/{path}", params=params)
        else:
            content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            answer = await self.http.post(f"/platform/cgi-bin/{path}", params=params, content=content)
        assert answer.status_code == 200
        return answer.json()

    async def say(self, openid: str, content: str = "您好") -> Any:
        """A customer-service text from the back end."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": content}}
        return await self.call("message/custom/send", body)

    async def settle(self) -> None:
        await self.control("/settle")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings() -> SandboxSettings:
    return SETTINGS


@pytest.fixture
async def stage(settings: SandboxSettings) -> AsyncIterator[Stage]:
    made = Stage(settings)
    yield made
    await made.close()


@pytest.fixture
def codec() -> WeChatCrypto:
    return WeChatCrypto(SETTINGS.token, AES_KEY, SETTINGS.app_id)
