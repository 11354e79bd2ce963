"""Messages and events that are not text, follow, scan or menu: read through wechatpy's classes.

wechatpy's fields raise whatever their converters raise on odd values (frameworks 1), so they are fed with plain fields
only, and a value that does not convert counts as absent. The subscription and publishing events are unknown to wechatpy
and read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

from wechatpy.events import EVENT_TYPES
from wechatpy.messages import MESSAGE_TYPES

from bots.engine.incoming import Place
from bots.wechat.xml import Fields, text_of

Parts = dict[str, Any]

_COMMON = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "Ticket", "MsgID"})
#: The elements of the subscription events. The platform's own sample shows the first one's tag on the second event.
_SUBSCRIPTIONS = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")


def _message(kind: str, fields: Fields) -> Any:
    return MESSAGE_TYPES[kind]({tag: value for tag, value in fields.items() if isinstance(value, str)})


def _event(name: str, fields: Fields, nested: str = "") -> Any:
    kept: Fields = {tag: value for tag, value in fields.items() if isinstance(value, str) and tag != nested}
    inner = fields.get(nested)
    if isinstance(inner, dict):
        kept[nested] = {tag: value for tag, value in inner.items() if isinstance(value, str)}
    return EVENT_TYPES[name](kept)


def _of(thing: Any, attribute: str) -> str:
    """A field of a wechatpy object as text; empty where it is absent or does not convert."""
    try:
        value = getattr(thing, attribute)
    except (KeyError, TypeError, ValueError, OverflowError):
        return ""
    return "" if value is None else str(value)


def _place(latitude: str, longitude: str, label: str = "") -> Place | None:
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        return None
    if not (isfinite(north) and isfinite(east) and abs(north) <= 90 and abs(east) <= 180):
        return None
    return Place(north, east, label)


def plain_details(fields: Fields) -> Parts:
    """What else an event says, one level deep, in the order it came."""
    return {"details": tuple(_leaves(fields, _COMMON))}


def _leaves(fields: Fields, skip: frozenset[str] = frozenset()) -> Iterable[tuple[str, str]]:
    for tag, value in fields.items():
        if tag in skip:
            continue
        if isinstance(value, str):
            yield tag, value
        elif isinstance(value, dict):
            yield from ((inner, text) for inner, text in value.items() if isinstance(text, str))


def _image(fields: Fields) -> Parts:
    message = _message("image", fields)
    return {"media_id": _of(message, "media_id"), "picture_url": _of(message, "image")}


def _voice(fields: Fields) -> Parts:
    message = _message("voice", fields)
    return {"media_id": _of(message, "media_id"), "recognition": _of(message, "recognition")}


def _video(fields: Fields) -> Parts:
    message = _message("video", fields)
    return {"media_id": _of(message, "media_id"), "thumb_media_id": _of(message, "thumb_media_id")}


def _location(fields: Fields) -> Parts:
    message = _message("location", fields)
    return {"place": _place(_of(message, "location_x"), _of(message, "location_y"), _of(message, "label"))}


def _link(fields: Fields) -> Parts:
    message = _message("link", fields)
    return {
        "link_title": _of(message, "title"),
        "link_url": _of(message, "url"),
        "link_description": _of(message, "description"),
    }


def _position(fields: Fields) -> Parts:
    event = _event("location", fields)
    return {"place": _place(_of(event, "latitude"), _of(event, "longitude"))}


def _scan_button(fields: Fields) -> Parts:
    return {"scan_result": _of(_event("scancode_push", fields, "ScanCodeInfo"), "scan_result")}


def _location_button(fields: Fields) -> Parts:
    event = _event("location_select", fields, "SendLocationInfo")
    return {"place": _place(_of(event, "location_x"), _of(event, "location_y"), _of(event, "label"))}


def _photo_button(fields: Fields) -> Parts:
    return {"details": (("Count", _of(_event("pic_sysphoto", fields, "SendPicsInfo"), "count")),)}


def _mass_finish(fields: Fields) -> Parts:
    event = _event("masssendjobfinish", fields)
    counts = {
        "TotalCount": "total_count",
        "FilterCount": "filter_count",
        "SentCount": "sent_count",
        "ErrorCount": "error_count",
    }
    return {
        "status": _of(event, "status").strip().lower(),
        "details": tuple((tag, _of(event, attribute)) for tag, attribute in counts.items()),
    }


def _publish_finish(fields: Fields) -> Parts:
    info = fields.get("PublishEventInfo")
    told = info if isinstance(info, dict) else {}
    return {
        "status": text_of(told, "publish_status").strip(),
        "job_msg_id": text_of(told, "publish_id").strip(),
        "details": tuple(_leaves(told)),
    }


def _subscription(fields: Fields) -> Parts:
    entries: list[Fields] = []
    for tag in _SUBSCRIPTIONS:
        element = fields.get(tag)
        listed = element.get("List", []) if isinstance(element, dict) else []
        entries += [entry for entry in (listed if isinstance(listed, list) else [listed]) if isinstance(entry, dict)]
    first = entries[0] if entries else {}
    answers = ((text_of(entry, "TemplateId"), text_of(entry, "SubscribeStatusString")) for entry in entries)
    parts: Parts = {"grants": tuple((template, answer) for template, answer in answers if template and answer)}
    if "ErrorCode" in first:
        code = text_of(first, "ErrorCode").strip()
        parts["job_msg_id"] = text_of(first, "MsgID").strip()
        parts["status"] = "success" if code == "0" else f"failed:{code}"
        parts["details"] = tuple(_leaves(first))
    return parts


RARE_MESSAGES: dict[str, Callable[[Fields], Parts]] = {
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
}
#: By the platform's spelling. Events that are not here, known to anybody or not, keep their plain fields as `details`.
RARE_EVENTS: dict[str, Callable[[Fields], Parts]] = {
    "LOCATION": _position,
    "scancode_push": _scan_button,
    "scancode_waitmsg": _scan_button,
    "pic_sysphoto": _photo_button,
    "pic_photo_or_album": _photo_button,
    "pic_weixin": _photo_button,
    "location_select": _location_button,
    "MASSSENDJOBFINISH": _mass_finish,
    "PUBLISHJOBFINISH": _publish_finish,
    "subscribe_msg_popup_event": _subscription,
    "subscribe_msg_change_event": _subscription,
    "subscribe_msg_sent_event": _subscription,
}
