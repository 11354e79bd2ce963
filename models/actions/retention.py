"""Applying the retention rule: what has been kept for its days is emptied or deleted (domain handbook 13.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from models.actions.audit import note
from models.tables import CheckIn, Inbox, Outbox
from models.work import Work

#: States of a push after which nothing more happens to it.
FINISHED = ("sent", "dropped", "expired", "failed", "unknown")


@dataclass(frozen=True, slots=True)
class Applied:
    """How many rows of each class of data were emptied or deleted."""

    inbox: int
    raw_texts: int
    outbox: int


def apply(work: Work, at: datetime) -> Applied:
    """Delete answered messages and finished pushes, and empty raw texts, older than the district keeps them."""
    connection, keep = work.flush(), work.district.retention
    inbox = connection.execute(
        delete(Inbox).where(Inbox.received_at < at - timedelta(days=keep.inbox), Inbox.state == "done")
    ).rowcount
    raw_texts = connection.execute(
        update(CheckIn)
        .where(CheckIn.received_at < at - timedelta(days=keep.raw_text), CheckIn.raw.is_not(None))
        .values(raw=None)
    ).rowcount
    outbox = connection.execute(
        delete(Outbox).where(Outbox.created_at < at - timedelta(days=keep.outbox), Outbox.state.in_(FINISHED))
    ).rowcount
    note(work, "job:retention", "retention-applied", "district", f"inbox {inbox}, raw {raw_texts}, outbox {outbox}")
    return Applied(inbox, raw_texts, outbox)
