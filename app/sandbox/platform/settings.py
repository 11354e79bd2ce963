"""What the stand-in is told: whose account it plays, and every number of the platform as data.

The numbers come from the platform's public pages; each class names the page. Where the pages are silent or disagree,
the comment says `unverified`, and the value chosen is the one that is harder on the back end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self

Mode = Literal["plain", "compat", "safe"]
AccountKind = Literal["service", "subscription", "test"]

_DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True, slots=True)
class PushRules:
    """How messages are pushed to the back end. Source: "Passive user reply message", "warn_guide"."""

    deadline_seconds: float = 5.0
    deliveries: int = 3  # the page says "three in total"; field measurements: first + 2
    spacing_seconds: float = 5.0  # from the start of one delivery to the start of the next
    retry_on_bad_answer: bool = False  # unverified; abnormal data shows the fault bubble at once
    mark_fail_after: int = 10  # consecutive failed pushes; the threshold itself is unverified
    mark_fail_seconds: float = 60.0
    mark_fail_policy: Literal["lose", "queue"] = "lose"  # unverified; assume lost
    reply_text_bytes: int = 2048  # field reports; more is shown as a fault here, the harsher of two readings
    job_finish_delay_seconds: float = 0.0  # how long after a template message its event is pushed
    parallel: int = 16  # pushes on the wire at once
    fault_text: str = "该公众号提供的服务出现故障，请稍后再试"  # what today's clients show


@dataclass(frozen=True, slots=True)
class WindowRule:
    """How many customer-service messages one deed of a user allows, and for how long."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class CustomRules:
    """Customer-service messages. Source: "Customer Service Messages" (service account, since 2023-06-12)."""

    windows: Mapping[str, WindowRule] = field(
        default_factory=lambda: {
            "message": WindowRule(5, 48 * 3600),
            "menu": WindowRule(3, 60),
            "msgmenu": WindowRule(3, 60),
            "follow": WindowRule(3, 60),
            "scan": WindowRule(3, 60),
        }
    )
    overlap: Literal["cautious", "separate"] = "cautious"  # unverified; see windows.py
    text_bytes: int = 2048
    articles: int = 1
    typing_seconds: float = 15.0
    typing_interaction_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class TokenRules:
    """Access tokens. Source: "getStableAccessToken", "getAccessToken"."""

    expires_in: int = 7200
    overlap_seconds: int = 300
    forced_per_day: int = 20
    forced_spacing_seconds: int = 30
    length: int = 300  # "reserve at least 512 characters"


@dataclass(frozen=True, slots=True)
class TemplateRules:
    """Template messages. Source: "Template Message Interface" and the staff post on the rule of 2023-05-04."""

    field_characters: int = 20
    dedupe_seconds: int = 600
    stripped_keys: tuple[str, ...] = ("first", "remark")
    per_openid_per_minute: int | None = None  # 43117; the platform's threshold is unverified, so off


@dataclass(frozen=True, slots=True)
class MediaRules:
    """Sizes in bytes and allowed endings. Source: "Upload temporary media", "Add permanent material"."""

    temporary_seconds: int = 3 * 24 * 3600
    temporary: Mapping[str, tuple[int, tuple[str, ...]]] = field(
        default_factory=lambda: {
            "image": (10 << 20, ("png", "jpeg", "jpg", "gif")),
            "voice": (2 << 20, ("amr", "mp3")),
            "video": (10 << 20, ("mp4",)),
            "thumb": (64 << 10, ("jpg", "jpeg")),
        }
    )
    permanent: Mapping[str, tuple[int, tuple[str, ...]]] = field(
        default_factory=lambda: {
            "image": (10 << 20, ("bmp", "png", "jpeg", "jpg", "gif")),
            "voice": (2 << 20, ("mp3", "wma", "wav", "amr")),
            "video": (10 << 20, ("mp4",)),
            "thumb": (64 << 10, ("jpg", "jpeg")),
        }
    )


@dataclass(frozen=True, slots=True)
class QrRules:
    """Parametric QR codes. Source: "Generating a Parametric QR Code"."""

    temporary_max_seconds: int = 2_592_000
    temporary_default_seconds: int = 60
    permanent: int = 100_000
    scene_characters: int = 64


@dataclass(frozen=True, slots=True)
class MenuRules:
    """The custom menu; lengths are bytes. Source: "Create custom menu"."""

    buttons: int = 3
    sub_buttons: int = 5
    name_bytes: int = 16
    sub_name_bytes: int = 60
    key_bytes: int = 128
    url_bytes: int = 1024


@dataclass(frozen=True, slots=True)
class MassRules:
    """Mass sends. Source: "Batch Sends"."""

    per_user_and_month: int = 4
    client_id_bytes: int = 64
    client_id_seconds: int = 24 * 3600


# Calls a day for (a service or subscription account, a test account). Source: "API Call Limits".
DAILY: Mapping[str, tuple[int, int]] = {
    "/cgi-bin/token": (2_000, 200),
    "/cgi-bin/stable_token": (500_000, 500_000),
    "/cgi-bin/menu/create": (1_000, 100),
    "/cgi-bin/menu/get": (10_000, 1_000),
    "/cgi-bin/menu/delete": (1_000, 100),
    "/cgi-bin/get_current_selfmenu_info": (10_000, 1_000),
    "/cgi-bin/media/upload": (100_000, 500),
    "/cgi-bin/media/get": (200_000, 1_000),
    "/cgi-bin/message/custom/send": (500_000, 50_000),
    "/cgi-bin/message/template/send": (100_000, 100_000),
    "/cgi-bin/message/mass/sendall": (100, 100),
    "/cgi-bin/message/mass/send": (100, 100),
    "/cgi-bin/qrcode/create": (100_000, 10_000),
    "/cgi-bin/user/get": (500, 100),
    "/cgi-bin/user/info": (5_000_000, 500_000),
}
MINUTE: Mapping[str, int] = {"/cgi-bin/stable_token": 10_000, "/cgi-bin/message/mass/sendall": 60}


@dataclass(frozen=True, slots=True)
class QuotaRules:
    """Call limits; the day turns at midnight in China (unverified, generally held)."""

    daily: Mapping[str, tuple[int, int]] = field(default_factory=lambda: dict(DAILY))
    minute: Mapping[str, int] = field(default_factory=lambda: dict(MINUTE))
    clears_per_month: int = 10


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """The account that is played, and where its back end is.

    `aes_key` is the 43-character EncodingAESKey, needed in compat and safe mode. `callback_url` empty: nothing is
    pushed, every message of a user ends in the fault bubble. `public_url` is where this stand-in itself is reached
    (pictures it serves). `web_host` is the 网页授权域名 (empty: the callback's). `product_clock_url`, when set, is told
    `{"offset_seconds": …}` whenever the clock moves.
    `cast`, `steps` and `clock_buttons` only feed the phones page; left out they are those of data/stage.json.
    `morning` is what other users do (data/morning.json). Raises ValueError on a key of a wrong shape.
    """

    app_id: str = "wx0123456789abcdef"
    app_secret: str = "0123456789abcdef0123456789abcdef"  # noqa: S105 - an invented secret of an invented account
    token: str = "sandboxtoken"  # noqa: S105 - as above
    account_id: str = "gh_0123456789ab"
    account_name: str = "平安报"
    mode: Mode = "safe"
    aes_key: str | None = None
    kind: AccountKind = "service"
    verified: bool = True
    callback_url: str = ""
    public_url: str = "http://127.0.0.1:8001"
    web_host: str = ""
    oauth_code_seconds: int = 300
    product_clock_url: str = ""
    product_clock_token: str = ""
    time_zone: str = "Asia/Shanghai"
    seed: int = 20260302
    ip_whitelist: frozenset[str] = frozenset()
    secret_frozen: bool = False
    templates: tuple[Mapping[str, Any], ...] = field(default_factory=lambda: account_templates())
    subscription_templates: tuple[Mapping[str, Any], ...] = ()
    wire_entries: int = 5_000
    push: PushRules = field(default_factory=PushRules)
    custom: CustomRules = field(default_factory=CustomRules)
    tokens: TokenRules = field(default_factory=TokenRules)
    template: TemplateRules = field(default_factory=TemplateRules)
    media: MediaRules = field(default_factory=MediaRules)
    qr: QrRules = field(default_factory=QrRules)
    menu: MenuRules = field(default_factory=MenuRules)
    mass: MassRules = field(default_factory=MassRules)
    quota: QuotaRules = field(default_factory=QuotaRules)
    cast: tuple[Mapping[str, Any], ...] = field(default_factory=lambda: stage("cast"))
    steps: tuple[Mapping[str, Any], ...] = field(default_factory=lambda: stage("steps"))
    clock_buttons: tuple[Mapping[str, Any], ...] = field(default_factory=lambda: stage("clock_buttons"))
    morning: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.mode != "plain" and self.aes_key is None:
            raise ValueError(f"mode {self.mode} needs an aes_key")
        if self.aes_key is not None and (len(self.aes_key) != 43 or not self.aes_key.isalnum()):
            raise ValueError("aes_key must be 43 letters and digits")

    def changed(self, **changes: Any) -> Self:
        """The same account with some settings replaced."""
        return replace(self, **changes)


def account_templates() -> tuple[Mapping[str, Any], ...]:
    """The template messages an account has from the start, in the shape of `get_all_private_template`."""
    return tuple(json.loads((_DATA / "templates.json").read_text(encoding="utf-8")))


def stage(part: str) -> tuple[Mapping[str, Any], ...]:
    """What the phones page shows unless told otherwise: `cast`, `steps` or `clock_buttons`."""
    return tuple(json.loads((_DATA / "stage.json").read_text(encoding="utf-8"))[part])
