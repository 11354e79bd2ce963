"""Reporting in chat, in pieces: the scene, what is kept, who is told, what is asked next."""

from bots.check_in.keep import AFTER, Kept
from bots.check_in.on_behalf import OnBehalf, record_for

__all__ = ["AFTER", "Kept", "OnBehalf", "record_for"]
