"""Who holds the phone, asked of the platform: a page opened inside WeChat goes to its authorize page and comes back."""

from __future__ import annotations

import httpx
from starlette.requests import Request

from app.process.runtime import Runtime
from bots.engine.links import Opened, oauth_state
from bots.wechat.oauth import OAuth, Visitor

BACK = "/h5/oauth"
#: What WeChat's own browser calls itself.
_WECHAT = "micromessenger"
#: Ways in which a browser has shown whose it is when the platform can be asked: the first opening proves nothing then.
PROVEN = ("wechat", "code")
ANY = ("first", *PROVEN)


class SignIn:
    """OAuth as the settings have it: off, on (inside WeChat), everywhere (a stand-in, whose phones are browsers)."""

    def __init__(self, runtime: Runtime, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._runtime, self._how = runtime, runtime.settings.wechat_oauth
        self._transport = transport
        self._oauth: OAuth | None = None

    @property
    def is_on(self) -> bool:
        return self._how != "off"

    @property
    def ways(self) -> tuple[str, ...]:
        """How a browser may have become an account's for its visits to count."""
        return PROVEN if self.is_on else ANY

    def applies(self, request: Request) -> bool:
        """Whether this browser can be sent to the platform and back; once only."""
        if "w" in request.query_params or not self.is_on:
            return False
        return self._how == "everywhere" or _WECHAT in request.headers.get("user-agent", "").lower()

    def address(self, opened: Opened, device: str) -> str:
        """The platform's authorize page for the browser that opened this link."""
        runtime = self._runtime
        state = oauth_state(runtime.vault, opened, device, runtime.clock())
        return self._client().address(f"{runtime.settings.public_url}{BACK}", state)

    async def visitor(self, code: str) -> Visitor:
        """Raises a SendError: Malformed where the code is not good."""
        return await self._client().visitor(code)

    def _client(self) -> OAuth:
        if self._oauth is None:
            settings, clock = self._runtime.settings, self._runtime.clock
            secret = settings.wechat_app_secret.get_secret_value()
            self._oauth = OAuth(settings.wechat_api_url, settings.wechat_app_id, secret, clock, self._transport)
        return self._oauth

    async def close(self) -> None:
        if self._oauth is not None:
            await self._oauth.close()
