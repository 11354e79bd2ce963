"""What the platform says later about a template message it had accepted (wechat-platform 6)."""

from __future__ import annotations

from sqlalchemy import update

from models.tables import Outbox
from models.work import Work

#: the platform's words for the outcome, lower case without blanks → ours
REASONS = {
    "failed:userblock": "user_block",
    "failed:systemfailed": "system_failed",
    "failed:freqlimit": "frequency_limit",
}


def settle(work: Work, msgid: str, status: str) -> bool:
    """Write the outcome of template message `msgid`; False where no push of ours has that id.

    The platform's spelling wavers ("failed: system failed"), so blanks and case are ignored; what is not "success"
    has failed.
    """
    word = "".join(status.lower().split())
    if word == "success":
        changed = {"state": "sent", "error": ""}
    else:
        changed = {"state": "failed", "error": REASONS.get(word, "platform_failed")}
    done = work.flush().execute(update(Outbox).where(Outbox.msgid == msgid).values(**changed))
    return bool(done.rowcount)
