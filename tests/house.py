"""A whole back end in one test: runtime on a given database, the wire of an invented account, and signed posts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from app.main import create_app
from app.process.runtime import Clock, Runtime
from app.process.settings import Settings
from app.sandbox.platform.crypto import Sealer
from bots.engine.registry import Registry
from models.database import Database
from models.rules.district import District
from models.vault import Vault
from tests.cast import DISTRICT, SECRET, Cast, at, build, openid

TOKEN, APP_ID, ACCOUNT = "castToken", "wx-cast", "gh_cast"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


class StageClock(Clock):
    """A clock that stands still until it is told to move."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        super().__init__(lambda: self.moment)

    def move(self, **step: float) -> None:
        self.moment += timedelta(**step)


def settings(**given: Any) -> Settings:
    made: dict[str, Any] = {
        "database_url": "sqlite:///unused.db",
        "wechat_app_id": APP_ID,
        "wechat_app_secret": "cast-app-secret",
        "wechat_account_id": ACCOUNT,
        "wechat_token": TOKEN,
        "wechat_aes_key": AES_KEY,
        "wechat_api_url": "http://127.0.0.1:9",
        "secret_key": SECRET,
    } | given
    return Settings(_env_file=None, **made)  # type: ignore[call-arg]


def make_runtime(
    database: Database, clock: Clock | None = None, district: District = DISTRICT, **given: Any
) -> Runtime:
    """A runtime on `database`; the clock stands at 07:31 of the cast's Monday unless another is given."""
    return Runtime(Path.cwd(), settings(**given), district, database, Vault(SECRET), clock or StageClock(at("07:31")))


def seat(runtime: Runtime) -> Cast:
    """Put the cast into the runtime's database."""
    with runtime.database.write() as connection:
        return build(connection, runtime.vault)


@dataclass
class Platform:
    """The platform's side of the callback: signs and seals what it posts, opens and checks what it hears."""

    clock: Clock
    token: str = TOKEN
    app_id: str = APP_ID
    aes_key: str = AES_KEY
    account: str = ACCOUNT
    _msg_id: int = field(default=23456789012345678)

    def text_xml(self, who: str, text: str, msg_id: int | None = None, sent_at: datetime | None = None) -> str:
        if msg_id is None:
            self._msg_id += 1
            msg_id = self._msg_id
        moment = int((sent_at or self.clock()).timestamp())
        content = text.replace("]]>", "]]]]><![CDATA[>")
        return (
            f"<xml><ToUserName><![CDATA[{self.account}]]></ToUserName>"
            f"<FromUserName><![CDATA[{openid(who)}]]></FromUserName><CreateTime>{moment}</CreateTime>"
            f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content><MsgId>{msg_id}</MsgId></xml>"
        )

    def request(self, xml: str, nonce: str = "1372623149") -> tuple[dict[str, str], bytes]:
        """Query and body of a safe-mode push."""
        stamp = str(int(self.clock().timestamp()))
        sealed = Sealer(self.aes_key, self.app_id).seal(xml)
        query = {
            "signature": self._sign(stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "encrypt_type": "aes",
            "msg_signature": self._sign(stamp, nonce, sealed),
        }
        body = f"<xml><ToUserName><![CDATA[{self.account}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return query, body.encode()

    def _sign(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted((self.token, *parts))).encode(), usedforsecurity=False).hexdigest()

    def heard(self, response: httpx.Response) -> str:
        """The text a person is shown; empty for `success`."""
        body = response.text
        if response.status_code != 200 or body in ("", "success"):
            return ""
        sealed = re.search(r"<Encrypt><!\[CDATA\[(.*?)\]\]></Encrypt>", body)
        assert sealed is not None, body
        opened = Sealer(self.aes_key, self.app_id).open(sealed[1])
        content = re.search(r"<Content><!\[CDATA\[(.*)\]\]></Content>", opened, re.DOTALL)
        return content[1] if content else opened


@dataclass
class Web:
    """The application under a client, as the platform reaches it."""

    runtime: Runtime
    app: FastAPI
    client: httpx.AsyncClient
    platform: Platform

    async def say(self, who: str, text: str, **fields: Any) -> str:
        return self.platform.heard(await self.post(self.platform.text_xml(who, text, **fields)))

    async def post(self, xml: str) -> httpx.Response:
        query, body = self.platform.request(xml)
        return await self.client.post("/wechat", params=query, content=body)


class Open:
    """`async with Open(runtime) as web`: the application running, without a socket."""

    def __init__(self, runtime: Runtime, registry: Registry | None = None) -> None:
        self.runtime = runtime
        self.app = create_app(runtime, registry=registry)

    async def __aenter__(self) -> Web:
        self._lifespan = self.app.router.lifespan_context(self.app)
        await self._lifespan.__aenter__()
        client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://pinganbao.test")
        self._client = client
        return Web(self.runtime, self.app, client, Platform(self.runtime.clock))

    async def __aexit__(self, *error: object) -> None:
        await self._client.aclose()
        await self._lifespan.__aexit__(None, None, None)
