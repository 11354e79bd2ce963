"""What crosses the wire between the platform and us: requests in, passive replies out.

`Wire.accept` makes an `Incoming` of a POST or raises `Refused`, and nothing else; `Wire.encode` makes the answer's
bytes. With an AES key set only safe mode is accepted: a plain body is refused, and plain fields beside `Encrypt`
(compat mode) are never looked at, because no signature covers them (silenceper/wechat#13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.engine.incoming import Incoming
from bots.engine.replies import Reply
from bots.wechat import xml
from bots.wechat.crypto import AesKey, Crypto
from bots.wechat.messages import read_message, read_text
from bots.wechat.passive import is_answered, render
from bots.wechat.refused import Refused
from bots.wechat.xml import text_of, whole
from models.randomness import RandomPool

__all__ = ["BODY_LIMIT", "FRESH", "SUCCESS", "Accepted", "Refused", "Wire"]

#: The platform's pushes stay under a few KiB.
BODY_LIMIT = 64 * 1024
#: How far the query's timestamp may lie from our clock, either way (contract 4).
FRESH = timedelta(minutes=5)
_fresh_nonce = RandomPool(8)
#: "Received, show nothing": in clear in every mode.
SUCCESS = (b"success", "text/plain")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that is the platform's. opened_with: the key its answer is sealed with, None in plain mode."""

    incoming: Incoming
    opened_with: AesKey | None = None


class Wire:
    """One account's wire.

    token, app_id: of the account; account_id: its `gh_…` name, messages to another are refused (empty: any).
    aes_key, previous_keys: the EncodingAESKey now, and those still accepted while it is changed; empty: plain mode.
    Raises ValueError for a malformed key.
    """

    def __init__(
        self, token: str, app_id: str, account_id: str = "", aes_key: str = "", previous_keys: Sequence[str] = ()
    ) -> None:
        self._crypto = Crypto(token, app_id, aes_key, previous_keys)
        self._account_id = account_id

    @property
    def is_safe(self) -> bool:
        """Whether messages must be encrypted."""
        return bool(self._crypto.keys)

    def verify(self, query: Mapping[str, str]) -> str:
        """The echostr to answer a verification with, byte for byte. Raises Refused.

        It is stateless and says nothing, so its age does not matter.
        """
        self._check_signature(query)
        if not query.get("echostr"):
            raise Refused(400, "echostr is missing")
        return query["echostr"]

    def accept(self, query: Mapping[str, str], body: bytes, now: datetime) -> Accepted:
        """The message behind a POST; signature, freshness, size, encryption and form are checked. Raises Refused."""
        if len(body) > BODY_LIMIT:
            raise Refused(413, f"the body is larger than {BODY_LIMIT} bytes")
        self._check_signature(query)
        self._check_fresh(query, now)
        if body.lstrip()[:1] in (b"{", b"["):
            raise Refused(415, "JSON pushes are not read: choose XML in the platform's console")
        key: AesKey | None = None
        if self._crypto.keys:
            encrypt = xml.sealed_of(body) or text_of(xml.read(body), "Encrypt")
            if not encrypt:
                raise Refused(403, "an AES key is set, and the message is not encrypted")
            body, key = self._crypto.open(
                encrypt, query.get("msg_signature", ""), query.get("timestamp", ""), query.get("nonce", "")
            )
            fields = None
        else:
            fields = xml.read(body)
            if "Encrypt" in fields or query.get("encrypt_type", "raw") not in ("raw", ""):
                raise Refused(400, "the message is encrypted, and no AES key is set")
        incoming = read_text(body) or read_message(xml.read(body) if fields is None else fields)
        if self._account_id and incoming.account != self._account_id:
            raise Refused(403, "the message is addressed to another account")
        return Accepted(incoming, key)

    def encode(self, reply: Reply | None, accepted: Accepted, now: datetime) -> tuple[bytes, str]:
        """The body and media type of the answer; `success` where there is nothing to say or nothing may be said."""
        if reply is None or not is_answered(accepted.incoming):
            return SUCCESS
        moment = int(now.timestamp())
        document = render(reply, accepted.incoming, moment)
        if not document:
            return SUCCESS
        if accepted.opened_with is None:
            return document.encode(), "application/xml"
        nonce = _fresh_nonce().hex()
        encrypt, signature = self._crypto.seal(document.encode(), accepted.opened_with, str(moment), nonce)
        sealed = (
            f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{moment}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )
        return sealed.encode(), "application/xml"

    def _check_signature(self, query: Mapping[str, str]) -> None:
        given, timestamp, nonce = (query.get(name, "") for name in ("signature", "timestamp", "nonce"))
        if not self._crypto.check_url_signature(given, timestamp, nonce):
            raise Refused(403, "the signature does not cover the request")

    def _check_fresh(self, query: Mapping[str, str], now: datetime) -> None:
        moment = whole(query.get("timestamp", ""))
        if moment is None or abs(now.timestamp() - moment) > FRESH.total_seconds():
            raise Refused(403, "the request's timestamp is not within five minutes of our clock")
