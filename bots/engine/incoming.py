"""What reached us from the platform, as one value whatever it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A shared location. WeChat's X is the latitude."""

    latitude: float
    longitude: float
    label: str = ""


#: The types of message somebody here has a word for (wechat-platform 1.3).
KINDS = frozenset({"text", "image", "voice", "video", "shortvideo", "location", "link", "file"})


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or event, verified, decrypted and parsed.

    key: what makes it the same message when it is pushed again (contract 10): for messages FromUserName + MsgId,
    for events FromUserName + CreateTime + Event + EventKey + MsgID + OpenID.
    kind: text, image, voice, video, shortvideo, location, link, event; anything else is kept as it was named.
    event: subscribe, unsubscribe, SCAN, CLICK, VIEW, TEMPLATESENDJOBFINISH … exactly as the platform writes it.
    """

    key: str
    openid: str
    account: str
    sent_at: datetime
    kind: str
    msg_id: int = 0
    text: str = ""
    menu_id: str = ""  # bizmsgmenuid: a tapped msgmenu item
    event: str = ""
    event_key: str = ""
    ticket: str = ""
    media_id: str = ""
    recognition: str = ""
    place: Place | None = None
    link_title: str = ""
    link_url: str = ""
    link_description: str = ""
    picture_url: str = ""
    thumb_media_id: str = ""
    scan_result: str = ""  # what a scan button read
    status: str = ""  # of job events, in small letters and without blanks around the colon
    job_msg_id: str = ""
    user_openid: str = ""  # user_authorization_*: the user is in OpenID, not in FromUserName
    grants: tuple[tuple[str, str], ...] = field(default=())  # subscription events: (template id, accept or reject)
    details: tuple[tuple[str, str], ...] = ()  # what rare events say besides, by the platform's names

    @property
    def is_event(self) -> bool:
        return self.kind == "event"

    @property
    def scene(self) -> str:
        """The scene of a parametric QR code, with or without a first follow; empty otherwise."""
        if self.event == "subscribe":
            return self.event_key.removeprefix("qrscene_") if self.event_key.startswith("qrscene_") else ""
        return self.event_key if self.event == "SCAN" else ""
