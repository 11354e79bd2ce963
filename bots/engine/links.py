"""Links of a person's own: signed, with an end, without a name in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from models.vault import Vault

#: How long the way to the platform's authorize page and back may take.
STATE_HOLDS = timedelta(minutes=10)

_CAMPAIGN = "campaign-link"
_SESSION = "watch-session"
_STATE = "oauth-state"
_FIGURES = "campaign-figures"
_DAYBOOK = "day-workbook"
_FILE = "file"
_PICTURE = "certificate-picture"


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that is ours and still holds."""

    campaign_id: int
    account_id: int
    until: datetime


def campaign_link(vault: Vault, public_url: str, campaign_id: int, account_id: int, until: datetime) -> str:
    """The page of a publication as this account opens it, until `until`."""
    value = f"{campaign_id}.{account_id}.{int(until.timestamp()):x}"
    return f"{public_url}/h5/c/{value}.{vault.sign(_CAMPAIGN, value)}"


def open_link(vault: Vault, token: str, at: datetime) -> Opened | None:
    """What a link stands for; None where it was altered, is not ours, or has ended. Compared in constant time."""
    value, _, signature = token.rpartition(".")
    if not vault.is_signed(_CAMPAIGN, value, signature):
        return None
    campaign_id, account_id, until = value.split(".")
    ends = datetime.fromtimestamp(int(until, 16), UTC)
    return Opened(int(campaign_id), int(account_id), ends) if ends >= at else None


def oauth_state(vault: Vault, opened: Opened, device: str, at: datetime) -> str:
    """What goes to the platform's authorize page and comes back: the link, by which browser, since when.

    Letters and digits only, below 128 bytes (wechat-platform 12).
    """
    parts = (opened.campaign_id, opened.account_id, int(opened.until.timestamp()), int(at.timestamp()))
    value = "z".join(f"{part:x}" for part in parts)
    return f"{value}z{vault.sign(_STATE, f'{value} {device}')}"


def open_state(vault: Vault, state: str, device: str, at: datetime) -> Opened | None:
    """The link behind a state; None where it is not ours, comes back to another browser, or too late."""
    value, _, signature = state.rpartition("z")
    if not vault.is_signed(_STATE, f"{value} {device}", signature):
        return None
    campaign_id, account_id, until, begun = (int(part, 16) for part in value.split("z"))
    if datetime.fromtimestamp(begun, UTC) + STATE_HOLDS < at:
        return None
    return Opened(campaign_id, account_id, datetime.fromtimestamp(until, UTC))


def session_token(vault: Vault, session_id: int) -> str:
    """What a page's player reports under."""
    return f"{session_id}.{vault.sign(_SESSION, str(session_id))}"


def open_session(vault: Vault, token: str) -> int | None:
    """The opened page behind a player's report; None where it is not ours."""
    value, _, signature = token.partition(".")
    return int(value) if vault.is_signed(_SESSION, value, signature) else None


def figures_link(vault: Vault, public_url: str, campaign_id: int, until: datetime) -> str:
    """The numbers of a publication, for whoever published it."""
    value = f"{campaign_id}.{int(until.timestamp()):x}"
    return f"{public_url}/h5/f/{value}.{vault.sign(_FIGURES, value)}"


def open_figures(vault: Vault, token: str, at: datetime) -> int | None:
    """The publication behind such a link; None where it is not ours, or has ended."""
    value, _, signature = token.rpartition(".")
    if not vault.is_signed(_FIGURES, value, signature):
        return None
    campaign_id, until = value.split(".")
    return int(campaign_id) if datetime.fromtimestamp(int(until, 16), UTC) >= at else None


@dataclass(frozen=True, slots=True)
class DayBook:
    """The day's workbook somebody asked for, and who."""

    day: date
    layout: str
    person_id: int


def daybook_link(vault: Vault, public_url: str, day: date, layout: str, person_id: int, until: datetime) -> str:
    """The day's workbook in a layout, for the one who asked for it, until `until`."""
    value = f"{day:%Y%m%d}.{layout}.{person_id}.{int(until.timestamp()):x}"
    return f"{public_url}/h5/d/{value}.{vault.sign(_DAYBOOK, value)}"


def open_daybook(vault: Vault, token: str, at: datetime) -> DayBook | None:
    """What such a link stands for; None where it was altered, is not ours, or has ended."""
    value, _, signature = token.rpartition(".")
    if not vault.is_signed(_DAYBOOK, value, signature):
        return None
    day, layout, person_id, until = value.split(".")
    if datetime.fromtimestamp(int(until, 16), UTC) < at:
        return None
    return DayBook(date.fromisoformat(day), layout, int(person_id))


@dataclass(frozen=True, slots=True)
class HandedOut:
    """One file somebody asked for in the chat. of: "p" a person, "u" a unit, with its id; account_id: who asked."""

    kind: str
    of: str
    of_id: int
    first: date
    last: date
    form: str
    account_id: int


def file_link(vault: Vault, public_url: str, given: HandedOut, until: datetime) -> str:
    """A file for the one who asked for it, until `until`. No name stands in it."""
    value = (
        f"{given.kind}.{given.of}{given.of_id}.{given.first:%Y%m%d}.{given.last:%Y%m%d}.{given.form}"
        f".{given.account_id}.{int(until.timestamp()):x}"
    )
    return f"{public_url}/h5/x/{value}.{vault.sign(_FILE, value)}"


def open_file(vault: Vault, token: str, at: datetime) -> HandedOut | None:
    """What such a link stands for; None where it was altered, is not ours, or has ended."""
    value, _, signature = token.rpartition(".")
    if not vault.is_signed(_FILE, value, signature):
        return None
    kind, of, first, last, form, account_id, until = value.split(".")
    if datetime.fromtimestamp(int(until, 16), UTC) < at:
        return None
    days = (date.fromisoformat(first), date.fromisoformat(last))
    return HandedOut(kind, of[0], int(of[1:]), *days, form, int(account_id))


def picture_link(vault: Vault, public_url: str, clearance_id: int, account_id: int, until: datetime) -> str:
    """The picture of a certificate, for the one who checks it, until `until`."""
    value = f"{clearance_id}.{account_id}.{int(until.timestamp()):x}"
    return f"{public_url}/h5/k/{value}.{vault.sign(_PICTURE, value)}"


def open_picture(vault: Vault, token: str, at: datetime) -> tuple[int, int] | None:
    """The clearance and the account of such a link; None where it was altered, is not ours, or has ended."""
    value, _, signature = token.rpartition(".")
    if not vault.is_signed(_PICTURE, value, signature):
        return None
    clearance_id, account_id, until = value.split(".")
    if datetime.fromtimestamp(int(until, 16), UTC) < at:
        return None
    return int(clearance_id), int(account_id)
