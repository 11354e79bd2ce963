"""The fields of a push, into `Incoming` (wechat-platform 1.2–1.4).

What people write and tap all day (text, follow, scan, menu) and the reports on our own template messages are read by
hand; the rarer types go through wechatpy's message and event classes, fed with fields that are known to be plain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from bots.engine.incoming import Incoming
from bots.engine.replies import words_only
from bots.wechat.rare import RARE_EVENTS, RARE_MESSAGES, plain_details
from bots.wechat.refused import Refused
from bots.wechat.xml import Fields, text_of, whole

#: The platform writes some events in capitals and some not; any other case is brought to its own spelling.
SPELLING = {
    name.lower(): name
    for name in ("SCAN", "CLICK", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH", "PUBLISHJOBFINISH")
}
#: Between the parts of a dedup key: a character that never survives the reading of XML.
_BETWEEN = "\x1f"
_OPENID_LIMIT = 64  # as wide as the column; OpenIDs have 28 characters today
_COLON = re.compile(r"\s*:\s*")
_LATEST = 253402300799  # 9999-12-31, the last moment a datetime can hold


#: A text message as the platform writes it; anything unusual in it is left to the reading of fields.
_PLAIN_TEXT = re.compile(
    rb"<xml>\s*<ToUserName><!\[CDATA\[([\w@.-]+)\]\]></ToUserName>\s*"
    rb"<FromUserName><!\[CDATA\[([\w@.-]{1,64})\]\]></FromUserName>\s*<CreateTime>([1-9][0-9]{0,10})</CreateTime>\s*"
    rb"<MsgType><!\[CDATA\[text\]\]></MsgType>\s*<Content><!\[CDATA\[([^\]\x00-\x08\x0b-\x1f]*)\]\]></Content>\s*"
    rb"<MsgId>([1-9][0-9]{0,18})</MsgId>\s*</xml>\s*"
)


def read_text(document: bytes) -> Incoming | None:
    """A text message in the platform's own form: what `read_message` makes of its fields, at a fifth of the cost. None for
    any other document."""
    found = _PLAIN_TEXT.fullmatch(document)
    if found is None:
        return None
    account, openid, moment, content, number = found.groups()
    if b"\xef\xbf" in content:  # perhaps a character that XML forbids
        return None
    try:
        text = words_only(content.decode())
    except UnicodeDecodeError:
        return None
    sender, message = openid.decode("ascii"), number.decode("ascii")
    return Incoming(
        f"{sender}{_BETWEEN}{message}",
        sender,
        account.decode("ascii"),
        datetime.fromtimestamp(int(moment), UTC),
        "text",
        _sortable(int(message)),
        text,
    )


def read_message(fields: Fields) -> Incoming:
    """The message or event behind a push's fields; a type or an event we do not know keeps its name.

    Raises Refused where sender, receiver, moment or type is missing.
    """
    kind = text_of(fields, "MsgType").strip()
    openid = text_of(fields, "FromUserName").strip()
    account = text_of(fields, "ToUserName").strip()
    moment = whole(text_of(fields, "CreateTime"))
    if not kind or not account or not 0 < len(openid) <= _OPENID_LIMIT or moment is None or moment > _LATEST:
        raise Refused(400, "ToUserName, FromUserName, CreateTime or MsgType is missing or malformed")
    sent_at = datetime.fromtimestamp(moment, UTC)
    if kind == "event":
        return _event(fields, openid, account, sent_at)
    number = text_of(fields, "MsgId").strip()
    rest = _MESSAGES.get(kind, _nothing)(fields)
    if number in ("", "0"):  # never seen on a message; what it says stands in for the number
        digest = blake2b(repr(sorted(fields.items())).encode("utf-8", "replace"), digest_size=12).hexdigest()
        number = f"{moment}-{digest}"
    return Incoming(
        key=f"{openid}{_BETWEEN}{number}",
        openid=openid,
        account=account,
        sent_at=sent_at,
        kind=kind,
        msg_id=_sortable(whole(number)),
        **rest,
    )


def _event(fields: Fields, openid: str, account: str, sent_at: datetime) -> Incoming:
    named = text_of(fields, "Event").strip()
    event = SPELLING.get(named.lower(), named)
    event_key = text_of(fields, "EventKey")
    user = text_of(fields, "OpenID").strip()
    rest = (_EVENTS.get(event) or RARE_EVENTS.get(event, plain_details))(fields)
    job = rest.pop("job_msg_id", "") or (text_of(fields, "MsgID") or text_of(fields, "MsgId")).strip()
    return Incoming(
        key=_BETWEEN.join((openid, str(int(sent_at.timestamp())), event, event_key, job, user)),
        openid=openid,
        account=account,
        sent_at=sent_at,
        kind="event",
        event=event,
        event_key=event_key,
        ticket=text_of(fields, "Ticket"),
        job_msg_id=job,
        user_openid=user,
        **rest,
    )


def _sortable(number: int | None) -> int:
    """The number as a column can hold it; the platform's are 64-bit, and only their order matters."""
    return number if number is not None and number < 2**63 else 0


def _nothing(_fields: Fields) -> dict[str, Any]:
    return {}


def _text(fields: Fields) -> dict[str, Any]:
    return {"text": text_of(fields, "Content"), "menu_id": text_of(fields, "bizmsgmenuid")}


def _template_finish(fields: Fields) -> dict[str, Any]:
    return {"status": job_status(text_of(fields, "Status"))}


def job_status(written: str) -> str:
    """A job's result in one spelling: the platform writes `failed:user block` and `failed: system failed`."""
    return _COLON.sub(":", written.strip().lower())


#: In the order of wechat-platform 1.3 and 1.4; what is not listed has nothing to add to the common fields.
_MESSAGES: dict[str, Callable[[Fields], dict[str, Any]]] = {"text": _text, **RARE_MESSAGES}
_EVENTS: dict[str, Callable[[Fields], dict[str, Any]]] = {
    "subscribe": _nothing,
    "unsubscribe": _nothing,
    "SCAN": _nothing,
    "CLICK": _nothing,
    "TEMPLATESENDJOBFINISH": _template_finish,
}
