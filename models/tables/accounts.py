"""WeChat accounts and whom they speak for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class Account(Base):
    """One follower of the official account. Unfollowing deletes the row (the platform obliges us to)."""

    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    openid: Mapped[str] = mapped_column(String(64), unique=True)
    followed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: sealed JSON of the step a conversation waits in; empty when nothing is open
    wait: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: customer-service window opened by a typed message: 48 h and 5 messages (wechat-platform 5.1)
    typed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    typed_spent: Mapped[int] = mapped_column(default=0)
    #: the short window opened by a tap, a follow or a scan: 1 minute and 3 messages
    tapped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tapped_spent: Mapped[int] = mapped_column(default=0)
    #: the platform's refusal to deliver to this person (48002, 43019 …), until they write again
    refused: Mapped[str | None] = mapped_column(String(64))
    wrong_codes: Mapped[int] = mapped_column(default=0)
    wrong_codes_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Binding(Base):
    """One account speaks for one person: a guardian for a child, or a member of staff for themselves."""

    __tablename__ = "bindings"
    __table_args__ = (
        CheckConstraint("relation IN ('guardian','self')", name="relation"),
        Index(
            "uq_bindings_open",
            "account_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_bindings_person_id", "person_id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    relation: Mapped[str] = mapped_column(String(8))
    #: 1 for the first guardian of a child, up to 4
    rank: Mapped[int] = mapped_column(default=1)
    bound_at: Mapped[datetime] = mapped_column(UtcDateTime)
    consent_version: Mapped[str] = mapped_column(String(32))
    consented_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(32))


class Inbox(Base):
    """One message that was accepted: its answer, or, while it is parked, its sealed body.

    The key is an HMAC of the platform's dedup key, so a row outlives an unfollowing without naming anybody.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        CheckConstraint("state IN ('done','parked')", name="state"),
        Index("ix_inbox_received_at", "received_at"),
        Index(
            "ix_inbox_parked",
            "received_at",
            sqlite_where=text("state = 'parked'"),
            postgresql_where=text("state = 'parked'"),
        ),
    )
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(BigKey, index=True)
    state: Mapped[str] = mapped_column(String(8))
    #: sealed: the reply's JSON when done, the message's JSON while parked
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
