"""Videos, notices, study guidance: what was published, for whom, and what each person has done with it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class Campaign(Base):
    """One publication and its audience. `at` empty: at once; `deadline` empty: 48 hours after it went out."""

    __tablename__ = "campaigns"
    __table_args__ = (
        CheckConstraint("kind IN ('video','notice','study','example')", name="kind"),
        CheckConstraint("strength IN ('read','confirm','sign','answer')", name="strength"),
        CheckConstraint("state IN ('draft','waiting','open','withdrawn','replaced','closed')", name="state"),
        CheckConstraint("repeats IN ('','weekly')", name="repeats"),
        UniqueConstraint("series_id", "at"),
        Index("ix_campaigns_state", "state"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    strength: Mapped[str] = mapped_column(String(8))
    #: what is asked where strength is "answer", and the answers one may give
    question: Mapped[str] = mapped_column(String(120), default="")
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: audience: student, guardian, staff; ids of units (empty: the whole district); school kinds (empty: all)
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    unit_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    school_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: names of files in the media folder; link: a public page instead of a file of ours
    video: Mapped[str] = mapped_column(String(80), default="")
    video_seconds: Mapped[int] = mapped_column(default=0)
    poster: Mapped[str] = mapped_column(String(80), default="")
    link: Mapped[str] = mapped_column(String(400), default="")
    #: a video that was sent to the account and is still with the platform
    media_id: Mapped[str] = mapped_column(String(160), default="")
    #: a document's own number and date (domain handbook 10.2)
    number: Mapped[str] = mapped_column(String(40), default="")
    dated: Mapped[date | None] = mapped_column()
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    repeats: Mapped[str] = mapped_column(String(8), default="")
    repeats_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: the first edition of a weekly one
    series_id: Mapped[int | None] = mapped_column(BigKey)
    #: whose publication it is: the bureau or a school
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(String(64), default="")
    approved_by: Mapped[str] = mapped_column(String(64), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    reason: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: when the audience was drawn and the first pushes were owed
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Receipt(Base):
    """What is known of one person of a campaign's audience; the rows together are the audience.

    A child has a row for the guardians (role guardian) and one of its own (role student), where both are asked.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        CheckConstraint("role IN ('student','guardian','staff')", name="role"),
        CheckConstraint(
            "how IN ('','watched','declared','text','received','confirmed','signed','answered','household')",
            name="how",
        ),
        CheckConstraint("(confirmed_at IS NULL) = (how = '')", name="confirmed_how"),
        Index("ix_receipts_person_id", "person_id"),
    )
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(8), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    #: kept here once known, since the outbox is emptied earlier
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    watched_seconds: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    how: Mapped[str] = mapped_column(String(12), default="")
    #: whose account did it
    account_id: Mapped[int | None] = mapped_column(BigKey)


class Signature(Base):
    """A guardian's or colleague's signature under a notice: drawn (PNG, sealed) or typed (sealed)."""

    __tablename__ = "signatures"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    drawn: Mapped[bytes | None] = mapped_column(LargeBinary)
    typed: Mapped[bytes | None] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CampaignAnswer(Base):
    """What somebody answered to a campaign's question, per person it is about; a later answer takes its place."""

    __tablename__ = "campaign_answers"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigKey)
    answer: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WatchSession(Base):
    """One page of one video, opened once. account_id empty: somebody to whom nothing is credited.

    base_seconds: how far this account had come when it was opened; reached_seconds: how far by now.
    """

    __tablename__ = "watch_sessions"
    __table_args__ = (Index("ix_watch_sessions_campaign_id_account_id", "campaign_id", "account_id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(BigKey)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    base_seconds: Mapped[int] = mapped_column(default=0)
    reached_seconds: Mapped[int] = mapped_column(default=0)


class AccountDevice(Base):
    """A browser that has shown itself to be an account's: by opening its first link, or by a code sent in the chat."""

    __tablename__ = "account_devices"
    device: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # keyed digest of the browser's own secret
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    #: when it became the account's; empty while a code waits to be sent in the chat
    paired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    how: Mapped[str] = mapped_column(String(8), default="")
    code: Mapped[str | None] = mapped_column(String(6))
    code_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OptOut(Base):
    """An account that wants no more of one kind (study guidance; domain handbook 10.4)."""

    __tablename__ = "opt_outs"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
