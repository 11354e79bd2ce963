"""The platform's API: one gate for every call, then the call itself (calls.py, custom.py).

The gate does what the platform does for all calls: method, token, quota, body, the odd content types, `rid` in errors,
HTTP 200 for refusals, and faults on purpose.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.sandbox.platform import calls, oauth
from app.sandbox.platform.calls import Call
from app.sandbox.platform.custom import send_custom
from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.world import World

_CONTENT_TYPES = ("application/json; encoding=utf-8", "application/json; charset=utf-8", "text/plain")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spot:
    """One path of the API: how it is called and what its answer carries."""

    method: str
    handler: Callable[[World, Call], Awaitable[dict[str, Any] | Response]]
    token: bool = True
    ok: bool = True  # whether a success carries errcode 0
    upload: bool = False
    strict_charset: bool = False  # menus refuse \uXXXX; elsewhere the escapes reach the user


SPOTS: dict[str, Spot] = {
    "/cgi-bin/token": Spot("GET", calls.token, token=False, ok=False),
    "/cgi-bin/stable_token": Spot("POST", calls.stable_token, token=False, ok=False),
    "/cgi-bin/message/custom/send": Spot("POST", send_custom),
    "/cgi-bin/message/custom/typing": Spot("POST", calls.typing),
    "/cgi-bin/message/template/send": Spot("POST", calls.send_template),
    "/cgi-bin/template/get_all_private_template": Spot("GET", calls.list_templates, ok=False),
    "/cgi-bin/message/subscribe/bizsend": Spot("POST", calls.send_subscription),
    "/wxaapi/newtmpl/gettemplate": Spot("GET", calls.list_subscriptions),
    "/cgi-bin/message/mass/sendall": Spot("POST", calls.mass_to_all),
    "/cgi-bin/message/mass/send": Spot("POST", calls.mass_to_list),
    "/cgi-bin/media/upload": Spot("POST", calls.upload_temporary, ok=False, upload=True),
    "/cgi-bin/media/get": Spot("GET", calls.get_media, ok=False),
    "/cgi-bin/material/add_material": Spot("POST", calls.upload_permanent, ok=False, upload=True),
    "/cgi-bin/material/get_material": Spot("POST", calls.get_material, ok=False),
    "/sns/oauth2/access_token": Spot("GET", oauth.exchange, token=False, ok=False),
    "/cgi-bin/qrcode/create": Spot("POST", calls.create_qr, ok=False),
    "/cgi-bin/showqrcode": Spot("GET", calls.show_qr, token=False, ok=False),
    "/cgi-bin/menu/create": Spot("POST", calls.create_menu, strict_charset=True),
    "/cgi-bin/menu/get": Spot("GET", calls.get_menu, ok=False),
    "/cgi-bin/menu/delete": Spot("GET", calls.delete_menu),
    "/cgi-bin/get_current_selfmenu_info": Spot("GET", calls.current_menu, ok=False),
    "/cgi-bin/user/info": Spot("GET", calls.user_info, ok=False),
    "/cgi-bin/user/get": Spot("GET", calls.list_users, ok=False),
    "/cgi-bin/clear_quota": Spot("POST", calls.clear_quota),
    "/cgi-bin/clear_quota/v2": Spot("POST", calls.clear_quota_by_secret, token=False),
    "/cgi-bin/openapi/quota/get": Spot("POST", calls.get_quota),
    "/cgi-bin/getcallbackip": Spot("GET", calls.server_addresses, ok=False),
    "/cgi-bin/get_api_domain_ip": Spot("GET", calls.server_addresses, ok=False),
}


class Severed(Response):
    """A response whose connection is cut before it is complete."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4096")]})
        await send({"type": "http.response.body", "body": b'{"err', "more_body": True})


class Gate:
    """Every call of the back end comes through here."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rng = random.Random(f"answers {world.settings.seed}")

    async def handle(self, request: Request) -> Response:
        """Answer one call and note it in the wire log."""
        path = "/" + request.path_params["path"]
        raw = await request.body()
        hits = self._world.faults.strike("call", path)
        errcode = 0
        answer: dict[str, Any] | Response
        if "slow" in hits:
            await self._world.outside.pause(float(hits["slow"].get("seconds", 10)))
        if "status" in hits:
            status = int(hits["status"].get("status", 502))
            answer = Response("<html><body>Bad Gateway</body></html>", status_code=status, media_type="text/html")
        elif "cut" in hits:
            answer = Severed()
        else:
            try:
                answer = await self._run(path, request, raw, hits)
            except Refused as refusal:
                errcode = refusal.code
                answer = {"errcode": refusal.code, "errmsg": f"{refusal.message} rid: {self._rid()}", **refusal.extra}
        response, shown = self._finish(answer, hits)
        self._note(request, path, raw, shown, response, errcode, sorted(hits))
        return response

    async def _run(
        self, path: str, request: Request, raw: bytes, hits: dict[str, dict[str, Any]]
    ) -> dict[str, Any] | Response:
        world = self._world
        if "revoked" in hits:
            world.tokens.revoke_all(world.now)
        if "errcode" in hits:
            raise Refused(int(hits["errcode"].get("errcode", -1)))
        spot = SPOTS.get(path)
        if spot is None:
            raise Refused(40066)
        if request.method != spot.method:
            raise Refused(43001 if spot.method == "GET" else 43002)
        query = dict(request.query_params)
        if spot.token:
            world.tokens.check(query.get("access_token"), world.now)
        world.quota.charge(path, world.clock.now())
        body: dict[str, Any] = {}
        parts: dict[str, tuple[str, bytes]] = {}
        if spot.upload:
            if not request.headers.get("content-type", "").startswith("multipart/form-data"):
                raise Refused(41005)
            async with request.form() as form:
                for name, part in form.items():
                    if isinstance(part, UploadFile):
                        parts[name] = (part.filename or "", await part.read())
        elif spot.method == "POST" and path != "/cgi-bin/clear_quota/v2":
            body = _read_json(raw, strict_charset=spot.strict_charset)
        client_ip = request.client.host if request.client else ""
        answer = await spot.handler(world, Call(query, body, parts, client_ip, hits))
        if isinstance(answer, dict) and spot.ok:
            return {"errcode": 0, "errmsg": "ok", **answer}
        return answer

    def _finish(self, answer: dict[str, Any] | Response, hits: dict[str, dict[str, Any]]) -> tuple[Response, str]:
        if isinstance(answer, Response):
            return answer, f"<{answer.media_type or 'connection cut'}>"
        text = json.dumps(answer, ensure_ascii=False)
        if "cut_after" in hits:
            return Severed(), f"<connection cut> {text}"
        content = text.encode()
        if "truncated" in hits:
            content = content[: max(len(content) // 2, 1)]
        elif "garbage" in hits:
            content = content[:-1] + b',"note":"\x10\xff"}'
        return Response(content, headers={"content-type": self._rng.choice(_CONTENT_TYPES)}), text

    def _note(
        self, request: Request, path: str, raw: bytes, shown: str, response: Response, errcode: int, faults: list[str]
    ) -> None:
        shown_query = {name: value for name, value in request.query_params.items() if name not in _SECRET}
        self._world.wire.call(
            path=path,
            method=request.method,
            query=shown_query,
            raw="<upload>" if path in _UPLOADS else _without_secrets(raw.decode("utf-8", "replace"))[:20_000],
            answer=_TOKEN.sub(r'\1"…"', shown)[:20_000],
            errcode=errcode,
            refused=errcode != 0,
            reason=json.loads(shown)["errmsg"] if errcode and shown.startswith("{") else "",
            status=response.status_code,
            faults=faults,
        )

    def _rid(self) -> str:
        return "-".join(f"{self._rng.randrange(16**8):08x}" for _ in range(3))


_SECRET = frozenset({"access_token", "secret", "appsecret", "code"})
_UPLOADS = frozenset(path for path, spot in SPOTS.items() if spot.upload)
_TOKEN = re.compile(r'("(?:access|refresh)_token":\s*)"[^"]*"')


def _without_secrets(text: str) -> str:
    return re.sub(r'("(?:secret|appsecret)"\s*:\s*)"[^"]*"', r'\1"…"', text)


def _read_json(raw: bytes, *, strict_charset: bool) -> dict[str, Any]:
    if not raw:
        raise Refused(44002)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Refused(47001) from error
    literal = _ESCAPE.sub(_literal, text)
    if literal != text and strict_charset:
        raise Refused(40033)
    try:
        body = json.loads(literal)
    except json.JSONDecodeError as error:
        raise Refused(47001) from error
    if not isinstance(body, dict):
        raise Refused(47001)
    return body


def _literal(found: re.Match[str]) -> str:
    """The platform does not undo \\uXXXX: users read it letter by letter. Other escapes stay as they are."""
    return "\\" + found.group() if len(found.group(1)) == 5 else found.group()


def create_platform(world: World) -> Starlette:
    """The platform's side of the wire: `/cgi-bin/…`, the authorize page, and the pictures users send."""
    gate = Gate(world)

    async def picture(request: Request) -> Response:
        try:
            medium = world.media.find(request.path_params["media_id"], world.now)
        except Refused:
            return Response("", status_code=404)
        return Response(medium.data, media_type=medium.content_type)

    async def authorize(request: Request) -> Response:
        return await oauth.authorize(world, request)

    async def browse(request: Request) -> Response:
        return await oauth.browse(world, request)

    return Starlette(
        routes=[
            Route("/connect/oauth2/authorize", authorize),
            Route("/browser", browse),
            Route("/mmbiz_pic/{media_id}", picture),
            Route("/{path:path}", gate.handle, methods=["GET", "POST", "PUT", "DELETE"]),
        ]
    )
