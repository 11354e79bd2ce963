"""Who opened a page inside WeChat: the silent OAuth (`snsapi_base`) of the account (wechat-platform 12).

Its access token is another one than the account's own and is thrown away: the OpenID is all that is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

import httpx

from bots.engine.sender import Misconfigured
from bots.wechat.client import PLATFORM_HOST
from bots.wechat.errcodes import error_for
from bots.wechat.http import Http

#: Where the platform's own authorize page lies; a stand-in has it beside its API.
PAGES = "https://open.weixin.qq.com"
#: Connections: a code is exchanged once a phone, not once a page.
_CLIENTS = 2


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who opened a page. is_snapshot: it is shown as a snapshot page, under an OpenID that is made up."""

    openid: str
    is_snapshot: bool


class OAuth:
    """Asks the platform who holds the phone. transport: a stand-in for the network, for tests."""

    def __init__(
        self,
        base_url: str,
        app_id: str,
        app_secret: str,
        clock: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._app_id, self._app_secret, self._clock = app_id, app_secret, clock
        self._pages = PAGES if urlsplit(base_url).hostname == PLATFORM_HOST else base_url.rstrip("/")
        self._http = Http(base_url, transport, _CLIENTS)

    def address(self, back: str, state: str) -> str:
        """Where a phone is sent; the platform sends it on to `back` with a code and `state` (its order is checked)."""
        query = urlencode(
            {
                "appid": self._app_id,
                "redirect_uri": back,
                "response_type": "code",
                "scope": "snsapi_base",
                "state": state,
            }
        )
        return f"{self._pages}/connect/oauth2/authorize?{query}#wechat_redirect"

    async def visitor(self, code: str) -> Visitor:
        """Whose code it is; a code is good once. Raises a SendError: Malformed where the code is not good."""
        asked = {
            "appid": self._app_id,
            "secret": self._app_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        answer = await self._http.get("/sns/oauth2/access_token", asked)
        if answer.errcode:
            raise error_for(answer.errcode, answer.errmsg, "", self._clock())
        openid = answer.fields.get("openid")
        if not isinstance(openid, str) or not openid:
            raise Misconfigured("", "the platform's answer carries no openid")
        return Visitor(openid, answer.fields.get("is_snapshotuser") == 1)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()
