"""What is owed to people, when it falls due, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class Occurrence(Base):
    """One firing of one job. The unique pair is the guard: any number of processes may tick."""

    __tablename__ = "occurrences"
    __table_args__ = (UniqueConstraint("job", "due_at"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date] = mapped_column()
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: planned, skipped, missed or failed; held: its pushes wait for a second person's word; planning: some of its pushes
    #: are kept, the others follow (if not, another process makes them up again and keeps what is missing)
    state: Mapped[str] = mapped_column(String(12))
    #: who asked for it ("timetable", "cli:name", "person:12"), and who let held pushes go
    ordered_by: Mapped[str] = mapped_column(String(64), default="timetable")
    approved_by: Mapped[str | None] = mapped_column(String(64))
    owed: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(String(200), default="")


class JobCursor(Base):
    """Up to which moment a job's occurrences have been planned."""

    __tablename__ = "job_cursors"
    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    planned_to: Mapped[datetime] = mapped_column(UtcDateTime)


class Outbox(Base):
    """One push owed to one person, and its fate. The key makes planning it twice harmless."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued','sending','sent','dropped','expired','failed','unknown','held')", name="state"
        ),
        # Partial indexes only help queries that spell the state out (SQLite compares the words).
        Index(
            "ix_outbox_queued",
            "lane",
            "due_at",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        # One push of an account is in flight at a time: its budget is counted, and their order is kept.
        Index(
            "ix_outbox_in_flight",
            "account_id",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
        Index(
            "ix_outbox_again",
            "due_at",
            sqlite_where=text("state = 'failed' AND retryable"),
            postgresql_where=text("state = 'failed' AND retryable"),
        ),
        Index(
            "ix_outbox_doubtful",
            "state",
            sqlite_where=text("state IN ('held','unknown')"),
            postgresql_where=text("state IN ('held','unknown')"),
        ),
        Index("ix_outbox_account_id", "account_id"),
        Index("ix_outbox_occurrence", "occurrence_id", "state", "lane", "due_at", "id"),
        Index("ix_outbox_msgid", "msgid"),
        Index("ix_outbox_created_at", "created_at"),
        # The pushes whose words are still here, for the night that empties them.
        Index(
            "ix_outbox_body",
            "created_at",
            sqlite_where=text("body IS NOT NULL"),
            postgresql_where=text("body IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    #: 0 alert, 1 answer, 2 nudge, 3 news: lower goes first
    lane: Mapped[int] = mapped_column()
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id"))
    account_id: Mapped[int | None] = mapped_column(BigKey)
    #: whose guardian (relation guardian) or who (relation self) the recipient is
    person_id: Mapped[int | None] = mapped_column(BigKey)
    relation: Mapped[str] = mapped_column(String(8), default="self")
    #: sealed JSON of what is said: text, or a card, or a picture
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: fields of a template message; never a name or a reading (wechat-platform 15)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: what must still hold when it is sent: {"rule": "unreported", "day": …, "persons": […]}
    owed: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    #: T: quiet hours, expiry and "still owed" are judged at this moment, whoever sends it
    moment: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)  # not before; moves back after a transient refusal
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8))
    #: the rung that was taken: service, subscription, template, sms, or list (the head teacher's call list)
    channel: Mapped[str] = mapped_column(String(16), default="")
    #: rungs that refused this push, joined with commas, so that no rung is asked twice
    tried: Mapped[str] = mapped_column(String(48), default="")
    #: why this rung: what was wrong with the cheaper ones
    why: Mapped[str] = mapped_column(String(120), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    errcode: Mapped[int | None] = mapped_column()
    error: Mapped[str] = mapped_column(String(200), default="")
    #: it failed for a passing reason: the same job run again tries once more
    retryable: Mapped[bool] = mapped_column(default=False)
    msgid: Mapped[str | None] = mapped_column(String(40))  # the platform's id of a template message
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Drawing(Base):
    """One picture of ours that goes to several people: drawn and uploaded once, good for the platform's three days."""

    __tablename__ = "drawings"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: the SVG, compressed: counts and names of schools, never a person
    svg: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    media_id: Mapped[str] = mapped_column(String(160), default="")
    uploaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: until when one worker is taken to be uploading it
    busy_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Grant(Base):
    """What one account allows by subscription message: so many more of one template, or any number."""

    __tablename__ = "subscription_grants"
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: messages left; a template of the long-term kind is not counted
    remaining: Mapped[int] = mapped_column(default=0)


class EarlyFailure(Base):
    """The platform's word that a template message did not arrive, come before the send itself was recorded."""

    __tablename__ = "early_failures"
    msgid: Mapped[str] = mapped_column(String(40), primary_key=True)
    error: Mapped[str] = mapped_column(String(40))
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SendingStop(Base):
    """Somebody stopped all sending; it lasts until somebody lets it go on."""

    __tablename__ = "sending_stops"
    id: Mapped[int] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped_by: Mapped[str] = mapped_column(String(64))
    #: mass: nudges and news wait, alerts and answers go on; all: nothing goes out
    scope: Mapped[str] = mapped_column(String(8), default="mass")
    reason: Mapped[str] = mapped_column(String(200), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(64))


class PlatformToken(Base):
    """The access token that every process shares; one of them refreshes it."""

    __tablename__ = "platform_tokens"
    app_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    generation: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: who is fetching a new one, and until when the others wait for them
    refresher: Mapped[str | None] = mapped_column(String(40))
    refreshing_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class QuotaDay(Base):
    """Calls made to one platform interface on one day (the platform counts per account and day)."""

    __tablename__ = "quota_days"
    interface: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    used: Mapped[int] = mapped_column(default=0)
    closed: Mapped[bool] = mapped_column(default=False)  # the platform said 45009
