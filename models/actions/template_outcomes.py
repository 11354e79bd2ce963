"""What the platform says later about a template message it had accepted (wechat-platform 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from models.statements import insert
from models.tables import EarlyFailure, Outbox
from models.work import Work

#: the platform's words for the outcome, lower case without blanks → ours
REASONS = {
    "failed:userblock": "模板消息：对方拒收",
    "failed:systemfailed": "模板消息：平台发送失败",
    "failed:freqlimit": "模板消息：发送过于频繁",
}
_OTHER = "模板消息：未送达"


def settle(work: Work, msgid: str, status: str) -> bool:
    """Write the outcome of template message `msgid`; False where no push of ours has that id.

    The platform's spelling wavers ("failed: system failed"), so blanks and case are ignored; what is not "success"
    has failed.
    """
    word = "".join(status.lower().split())
    connection = work.flush()
    if word == "success":
        done = connection.execute(update(Outbox).where(Outbox.msgid == msgid).values(state="sent", error=""))
        return bool(done.rowcount)
    error = REASONS.get(word, _OTHER)
    if not_arrived(connection, {msgid: error}, work.now):
        return True
    # It may come before the worker has recorded that the message was sent: kept for that moment.
    connection.execute(
        insert(connection, EarlyFailure)
        .values(msgid=msgid[:40], error=error, heard_at=work.now)
        .on_conflict_do_nothing(index_elements=("msgid",))
    )
    return False


def not_arrived(connection: Connection, errors: Mapping[str, str], now: datetime) -> int:
    """These template messages (msgid → why) did not arrive: the rungs below are tried. Gives how many were ours."""
    done = 0
    for msgid, error in errors.items():
        found = connection.execute(
            update(Outbox)
            .where(Outbox.msgid == msgid, Outbox.state == "sent")
            .values(state="queued", tried="service,subscription,template", error=error, due_at=now, sent_at=None)
        )
        done += int(found.rowcount or 0)
    return done


def early_failures(connection: Connection, msgids: Collection[str], now: datetime) -> None:
    """Apply what the platform said of these messages before they were recorded. One statement where it said nothing."""
    rows = connection.execute(
        select(EarlyFailure.msgid, EarlyFailure.error).where(EarlyFailure.msgid.in_(sorted(msgids)))
    ).all()
    if rows:
        not_arrived(connection, {row.msgid: row.error for row in rows}, now)
        connection.execute(delete(EarlyFailure).where(EarlyFailure.msgid.in_([row.msgid for row in rows])))
