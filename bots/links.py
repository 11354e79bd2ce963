"""Links of a person's own: signed, with an end, without a name in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from models.vault import Vault

_CAMPAIGN = "campaign-link"
_SESSION = "watch-session"
_FIGURES = "campaign-figures"


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that is ours and still holds."""

    campaign_id: int
    account_id: int


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
    if datetime.fromtimestamp(int(until, 16), UTC) < at:
        return None
    return Opened(int(campaign_id), int(account_id))


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
