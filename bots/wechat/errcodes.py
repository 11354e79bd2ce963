"""What the platform's in-body error numbers mean, and what to do next.

Sources: wechat-platform 4, 5.5, 6.3, 7.3, 9, 10, 13 (official pages, WxJava's error table, community answers). Numbers
that are not listed count as `TryLater`: the caller's own limits end the attempts, and nothing is given up unread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bots.engine.sender import Malformed, Misconfigured, OutOfReach, QuotaSpent, SendError, TryLater, WindowClosed

#: The access token was refused: read the store again, renew once, repeat the call once.
TOKEN_REFUSED: Final = frozenset({40001, 40014, 42001})
#: No msgmenu for this account (subscription, test and unverified accounts): the same words go out as text.
NO_MSGMENU: Final = 40200
#: No custom menu has been set.
NO_MENU: Final = 46003
DAY_QUOTA: Final = 45009
#: The platform's days begin at midnight in China, wherever the district is.
PLATFORM_ZONE: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Errcode:
    """error: what it is for the caller. todo: for the operator. wait: seconds, where the platform states a time."""

    error: type[SendError]
    meaning: str
    todo: str = ""
    wait: float | None = None


_CONSOLE = "check WECHAT_APP_ID and WECHAT_APP_SECRET against the console"
_RIGHTS = "look at the account's rights and notices in the console"
_DEFECT = "the request is wrong: report it with the rid"

ERRCODES: Final[dict[int, Errcode]] = {
    -1: Errcode(TryLater, "system busy"),
    # the token and the account (section 4)
    40001: Errcode(TryLater, "access token refused, or wrong AppSecret", _CONSOLE, 30),
    40014: Errcode(TryLater, "malformed access token", _CONSOLE, 30),
    42001: Errcode(TryLater, "access token expired", _CONSOLE, 30),
    40002: Errcode(Misconfigured, "wrong grant_type", _DEFECT),
    40013: Errcode(Misconfigured, "wrong AppID", _CONSOLE),
    40125: Errcode(Misconfigured, "wrong AppSecret", _CONSOLE),
    40164: Errcode(Misconfigured, "this machine's address is not on the IP list", "add the address to IP 白名单"),
    40243: Errcode(Misconfigured, "the AppSecret is frozen", "unfreeze it in the console"),
    41001: Errcode(Misconfigured, "access token missing", _DEFECT),
    41002: Errcode(Misconfigured, "AppID missing", _CONSOLE),
    41004: Errcode(Misconfigured, "AppSecret missing", _CONSOLE),
    61004: Errcode(Misconfigured, "this machine's address is not registered", "add the address to IP 白名单"),
    89503: Errcode(Misconfigured, "the call waits for the administrator's consent", "ask the administrator"),
    89506: Errcode(Misconfigured, "the administrator refused this address for 24 hours", "ask the administrator"),
    89507: Errcode(Misconfigured, "the administrator refused this address for an hour", "ask the administrator"),
    48001: Errcode(Misconfigured, "the account lacks the right to this interface", _RIGHTS),
    48004: Errcode(Misconfigured, "the interface is banned for this account", _RIGHTS),
    50002: Errcode(Misconfigured, "the account is restricted", _RIGHTS),
    43107: Errcode(Misconfigured, "the account's subscription messages are banned", _RIGHTS),
    # allowances (sections 4, 14)
    DAY_QUOTA: Errcode(QuotaSpent, "today's calls are used up", "wait for midnight in China, or clear the quota"),
    45011: Errcode(QuotaSpent, "this minute's calls are used up", wait=60),
    # this person (sections 5.5, 6.3, 7.3, 10)
    45015: Errcode(WindowClosed, "the 48-hour window is shut, or the person unfollowed"),
    45047: Errcode(WindowClosed, "the messages of this window are spent"),
    43101: Errcode(WindowClosed, "no grant for this subscription message"),
    43117: Errcode(WindowClosed, "template messages to this person are too frequent"),
    43108: Errcode(TryLater, "the same subscription message is being sent to this person"),
    40003: Errcode(OutOfReach, "not an OpenID of this account"),
    43004: Errcode(OutOfReach, "the person does not follow the account"),
    43019: Errcode(OutOfReach, "the person is on the account's black list"),
    48002: Errcode(OutOfReach, "the person switched off messages of this account"),
    49003: Errcode(OutOfReach, "the OpenID does not belong to this account"),
    # this message (sections 3, 5.5, 6.3, 7.3, 9)
    40004: Errcode(Malformed, "wrong kind of media"),
    40005: Errcode(Malformed, "wrong kind of file"),
    40006: Errcode(Malformed, "wrong file size"),
    40007: Errcode(Malformed, "unknown or expired media"),
    40008: Errcode(Malformed, "unknown message type"),
    # a page's code (section 12)
    40029: Errcode(Malformed, "unknown OAuth code"),
    40163: Errcode(Malformed, "OAuth code used before"),
    42003: Errcode(Malformed, "OAuth code expired"),
    41008: Errcode(Malformed, "OAuth code missing"),
    40036: Errcode(Malformed, "template id of wrong length", "check WECHAT_TEMPLATES"),
    40037: Errcode(Malformed, "template not of this account", "check WECHAT_TEMPLATES"),
    40249: Errcode(Misconfigured, "the template is blocked", "choose another template in the console"),
    43116: Errcode(Malformed, "template not in use by this account", "check WECHAT_TEMPLATES"),
    NO_MSGMENU: Errcode(Malformed, "no menu messages for this kind of account"),
    41005: Errcode(Malformed, "the file is missing"),
    41030: Errcode(Malformed, "wrong page path"),
    43001: Errcode(Malformed, "GET is needed", _DEFECT),
    43002: Errcode(Malformed, "POST is needed", _DEFECT),
    43003: Errcode(Misconfigured, "HTTPS is needed", "check WECHAT_API_URL"),
    44002: Errcode(Malformed, "the body is empty", _DEFECT),
    44004: Errcode(Malformed, "the text is empty", _DEFECT),
    45001: Errcode(Malformed, "the file is too big"),
    45002: Errcode(Malformed, "the text is too long"),
    45007: Errcode(Malformed, "the recording is too long"),
    45008: Errcode(Malformed, "too many articles"),
    45162: Errcode(Malformed, "wrong shape of the message"),
    45168: Errcode(Malformed, "sensitive words"),
    47001: Errcode(Malformed, "the body is not the expected JSON", _DEFECT),
    47003: Errcode(Malformed, "a field of the template is empty, too long or of the wrong kind"),
    # the menu (section 13)
    40016: Errcode(Malformed, "wrong number of menu buttons"),
    40017: Errcode(Malformed, "wrong kind of menu button"),
    40018: Errcode(Malformed, "menu name too long"),
    40019: Errcode(Malformed, "menu key too long"),
    40020: Errcode(Malformed, "menu address too long"),
    40023: Errcode(Malformed, "wrong number of sub-buttons"),
    40033: Errcode(Malformed, "characters the platform does not take", _DEFECT),
    NO_MENU: Errcode(Malformed, "no menu has been set"),
}

_UNKNOWN = Errcode(TryLater, "an error number we do not know")
_TOLD_LENGTH = 140
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")


def error_for(errcode: int, errmsg: str, openid: str, now: datetime) -> SendError:
    """The error behind a refusal. errmsg is kept for people (it names the address in 40164), never matched on."""
    known = ERRCODES.get(errcode, _UNKNOWN)
    told = _UNPRINTABLE.sub(" ", errmsg)
    if openid:
        told = told.replace(openid, "…")
    wait = until_platform_midnight(now) if errcode == DAY_QUOTA else known.wait
    reason = f"{errcode} {known.meaning} ({told[:_TOLD_LENGTH]})"
    return known.error(openid, f"{reason}; {known.todo}" if known.todo else reason, errcode, wait)


def until_platform_midnight(now: datetime) -> float:
    """Seconds until the platform's daily allowances begin anew (generally held, not official)."""
    local = now.astimezone(PLATFORM_ZONE)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), PLATFORM_ZONE)
    return (tomorrow - local).total_seconds()
