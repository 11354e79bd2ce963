"""The bodies of the control API (control.py is its reference). Unknown members are refused, so a slip is noticed."""

from __future__ import annotations

import base64
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.sandbox.platform.settings import AccountKind, Mode

# The smallest files of their kinds, for those who do not care what the picture shows.
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
_AMR = base64.b64encode(b"#!AMR\n" + bytes(32)).decode()
_MP4 = base64.b64encode(b"\x00\x00\x00\x18ftypmp42" + bytes(32)).decode()


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewUser(_Body):
    name: str
    openid: str | None = None
    follow: bool = False
    following: bool = False
    plays: str = ""
    children: tuple[str, ...] = ()
    caption: str = ""


class NewUsers(_Body):
    users: list[NewUser]


class UserChange(_Body):
    name: str | None = None
    receives: bool | None = None
    blacklisted: bool | None = None


class CodeGiven(_Body):
    scene: str | None = None
    ticket: str | None = None


class TextSent(_Body):
    content: str


class StickerSent(_Body):
    label: str = "[动画表情]"


class ImageSent(_Body):
    name: str = "photo.png"
    base64: str = _PIXEL


class VoiceSent(_Body):
    name: str = "voice.amr"
    base64: str = _AMR


class VideoSent(_Body):
    name: str = "video.mp4"
    base64: str = _MP4
    short: bool = False


class PlaceSent(_Body):
    latitude: float
    longitude: float
    scale: int = 15
    label: str = ""


class LinkSent(_Body):
    title: str
    description: str = ""
    url: str


class ButtonTapped(_Body):
    name: str | None = None
    key: str | None = None


class ItemTapped(_Body):
    id: str
    message: int | None = None


class LinkOpened(_Body):
    url: str
    fetch: bool = False


class PopupAnswered(_Body):
    template_id: str
    accept: bool = True
    long_term: bool = False


class RawPush(_Body):
    fields: dict[str, Any]


class ClockMove(_Body):
    to: str | None = None
    by_seconds: float | None = None


class FaultRules(_Body):
    rules: list[dict[str, Any]]


class AccountChange(_Body):
    callback_url: str | None = None
    token: str | None = None
    mode: Mode | None = None
    aes_key: str | None = None
    kind: AccountKind | None = None
    verify: bool = False


class NewTemplate(_Body):
    template: dict[str, Any]
    subscription: bool = False
