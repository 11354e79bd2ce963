"""What was reported for people, and what it adds up to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class CheckIn(Base):
    """One revision of what was reported for one person, day and slot. Nothing is overwritten; later ones supersede."""

    __tablename__ = "check_ins"
    __table_args__ = (CheckConstraint("revision >= 1", name="revision"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    report_date: Mapped[date] = mapped_column(primary_key=True)  # the district's calendar day, not UTC
    slot: Mapped[str] = mapped_column(String(4), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    #: sealed JSON of `rules.check_in.Health`: readings in tenths of °C, symptoms, travel
    health: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: sealed: the message that made this revision, unchanged, until retention empties it
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: guardian, self, head_teacher …: the role stays when the account is gone
    reporter: Mapped[str] = mapped_column(String(32))
    reporter_account_id: Mapped[int | None] = mapped_column(BigKey, index=True)
    reporter_person_id: Mapped[int | None] = mapped_column(BigKey)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the message's own CreateTime
    msg_id: Mapped[int] = mapped_column(BigInteger, default=0)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PersonDay(Base):
    """One person's day and slot as the figures see it: the newest revision's classes, in the clear."""

    __tablename__ = "person_days"
    __table_args__ = (
        CheckConstraint("state IN ('reported','late','backfill','exempt')", name="state"),
        CheckConstraint("result IN ('normal','fever','symptomatic','')", name="result"),
        Index("ix_person_days_unit_id_report_date", "unit_id", "report_date"),
        # The few abnormal ones of a day, found in a whole district without reading everybody.
        Index(
            "ix_person_days_abnormal",
            "report_date",
            "unit_id",
            sqlite_where=text("result IN ('fever','symptomatic')"),
            postgresql_where=text("result IN ('fever','symptomatic')"),
        ),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    report_date: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(String(4), primary_key=True)
    unit_id: Mapped[int] = mapped_column(BigKey)
    state: Mapped[str] = mapped_column(String(8))
    result: Mapped[str] = mapped_column(String(12))
    #: comma list of figure columns this day counts in (`rules.figures.MARKS`): fever,symptomatic,cough …
    marks: Mapped[str] = mapped_column(String(200), default="")
    revision: Mapped[int] = mapped_column()  # the newest, which counts
    revisions: Mapped[int] = mapped_column()  # how many there are
    newest_sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    newest_msg_id: Mapped[int] = mapped_column(BigInteger, default=0)
    first_sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnitDay(Base):
    """The running count of one class's pupils, or of one unit's staff, for a day and slot; higher units are sums."""

    __tablename__ = "unit_days"
    __table_args__ = (Index("ix_unit_days_report_date", "report_date"),)
    unit_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    report_date: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(String(4), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)  # student or staff: two chains, never mixed
    reported: Mapped[int] = mapped_column(default=0)
    on_time: Mapped[int] = mapped_column(default=0)
    fever: Mapped[int] = mapped_column(default=0)
    symptomatic: Mapped[int] = mapped_column(default=0)
    cough: Mapped[int] = mapped_column(default=0)
    digestive: Mapped[int] = mapped_column(default=0)
    rash: Mapped[int] = mapped_column(default=0)
    other_symptom: Mapped[int] = mapped_column(default=0)
    other_city: Mapped[int] = mapped_column(default=0)
    other_province: Mapped[int] = mapped_column(default=0)
    abroad: Mapped[int] = mapped_column(default=0)
    in_key_region: Mapped[int] = mapped_column(default=0)
    exempt: Mapped[int] = mapped_column(default=0)


class Absence(Base):
    """One person away from school on one day, and why (domain handbook 1.2)."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("kind IN ('sick','personal','isolation','unexplained')", name="kind"),
        Index("ix_absences_unit_id_report_date", "unit_id", "report_date"),
        Index("ix_absences_report_date", "report_date"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    report_date: Mapped[date] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(BigKey)
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    symptoms: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    onset: Mapped[date | None] = mapped_column()
    entered_by: Mapped[int | None] = mapped_column(BigKey)
    #: guardian, self, head_teacher …: in which role it was entered; empty in rows from before this was kept
    entered_role: Mapped[str | None] = mapped_column(String(24))
    #: the day the family expects the person back
    expected_return: Mapped[date | None] = mapped_column()
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    followed_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_on: Mapped[date | None] = mapped_column()


class Alert(Base):
    """One thing a human must look at: one row a person, day and code; later facts are added to it."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("uq_alerts_person_id_report_date_code", "person_id", "report_date", "code", unique=True),
        Index("ix_alerts_unit_id_report_date", "unit_id", "report_date"),
        Index("ix_alerts_report_date", "report_date"),
        # The few nobody has taken on, found each minute without reading the rest.
        Index(
            "ix_alerts_unanswered",
            "clock_from",
            sqlite_where=text("acknowledged_at IS NULL AND outcome IS NULL"),
            postgresql_where=text("acknowledged_at IS NULL AND outcome IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    report_date: Mapped[date] = mapped_column()
    code: Mapped[str] = mapped_column(String(4))  # A01 … (domain handbook 5.7)
    level: Mapped[str] = mapped_column(String(8))
    unit_id: Mapped[int] = mapped_column(BigKey)
    facts: Mapped[bytes] = mapped_column(LargeBinary)  # sealed JSON
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: how many distinct sets of facts it has carried; part of the pushes' keys
    version: Mapped[int] = mapped_column(default=1)
    told: Mapped[str] = mapped_column(String(400), default="")  # roles that were told, comma list
    acknowledged_by: Mapped[int | None] = mapped_column(BigKey)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: since when nobody has taken it on, and how many steps of `rules.escalation` have been taken
    clock_from: Mapped[datetime] = mapped_column(UtcDateTime)
    steps_done: Mapped[int] = mapped_column(default=0)
    #: who answers for it while nobody has acknowledged it: the first of those it concerns, reachable or not
    owner_id: Mapped[int | None] = mapped_column(BigKey)
    #: the reporter's judgement, required of every fever (domain handbook 4.5)
    reportable: Mapped[bool | None] = mapped_column()
    judged_by: Mapped[int | None] = mapped_column(BigKey)
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: excluded, not_reportable, reportable …: how it ended; new facts open it again
    outcome: Mapped[str | None] = mapped_column(String(32))
    outcome_by: Mapped[int | None] = mapped_column(BigKey)
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: the reason, as said


class Call(Base):
    """One call to somebody's family who had not been heard that day: who rang, when, and what came of it."""

    __tablename__ = "calls"
    __table_args__ = (
        CheckConstraint("outcome IN ('reached','unreached')", name="outcome"),
        Index("ix_calls_report_date_person_id", "report_date", "person_id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    report_date: Mapped[date] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_person_id: Mapped[int | None] = mapped_column(BigKey)
    outcome: Mapped[str] = mapped_column(String(12))
    note: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
