"""The official account's callback: verification, and messages.

A raw ASGI application before the framework: the hot path needs no parameter machinery and no middleware. Nothing else than the wire's judgement, the turn loop
and the wire's encoding happens here.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import structlog
from starlette.types import Receive, Scope, Send

from app.process.metrics import REFUSED
from app.process.runtime import Runtime
from app.process.turn_loop import Overloaded, Parked, TurnLoop
from bots.wechat.wire import BODY_LIMIT, SUCCESS, Refused, Wire

log = structlog.get_logger()


class WeChatCallback:
    """`GET /wechat` and `POST /wechat`."""

    def __init__(self, runtime: Runtime, wire: Wire, turns: TurnLoop) -> None:
        self._runtime, self._wire, self._turns = runtime, wire, turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = _query(scope["query_string"])
        try:
            if scope["method"] in {"GET", "HEAD"}:
                body, media_type, status = self._wire.verify(query).encode(), "text/plain", 200
            else:
                body, media_type, status = await self._post(query, await _body(receive))
        except Refused as refused:
            REFUSED.labels(str(refused.status)).inc()
            log.info("request refused", status=refused.status, reason=refused.reason)
            body, media_type, status = b"", "text/plain", refused.status
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    (b"content-type", b"%b; charset=utf-8" % media_type.encode()),
                    (b"content-length", b"%d" % len(body)),
                ],
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def _post(self, query: dict[str, str], raw: bytes) -> tuple[bytes, str, int]:
        accepted = self._wire.accept(query, raw, self._runtime.clock())
        try:
            reply = await self._turns.answer(accepted.incoming)
        except Parked:
            return *SUCCESS, 200
        except Overloaded:
            log.warning("message not answered in time")
            return b"", "text/plain", 500
        except Exception:  # noqa: BLE001 - logged where it happened; the platform asks again
            return b"", "text/plain", 500
        return *self._wire.encode(reply, accepted, self._runtime.clock()), 200


def _query(raw: bytes) -> dict[str, str]:
    """The query's parameters, the last of a name; the platform's hold nothing that would be escaped."""
    text = raw.decode("latin-1")
    if "%" in text or "+" in text or text.count("=") != text.count("&") + 1:
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        return dict([part.split("=") for part in text.split("&")])
    except ValueError:
        return dict(parse_qsl(text, keep_blank_values=True))


async def _body(receive: Receive) -> bytes:
    """The request's body; reading stops once it is larger than any message."""
    parts: list[bytes] = []
    size = 0
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "the connection ended before the body")
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if size > BODY_LIMIT:
            raise Refused(413, f"the body is larger than {BODY_LIMIT} bytes")
        if not message.get("more_body", False):
            return b"".join(parts)
