"""The daily reports of units: who said what of their unit, and every version of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class Report(Base):
    """The current version of one unit's report for one day and slot. It belongs to the unit, not to who sends it."""

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint(
            "status IN ('draft','submitted','accepted','returned','missing','locked','amended')", name="status"
        ),
        CheckConstraint("zero_kind IN ('','full','qualified')", name="zero_kind"),
        Index("ix_reports_report_date", "report_date"),
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    report_date: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(String(4), primary_key=True)
    status: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=0)
    is_zero: Mapped[bool] = mapped_column(default=False)
    zero_kind: Mapped[str] = mapped_column(String(12), default="")
    #: `rules.figures.Figures` as it was signed: counts only, never a name
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    first_filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(BigKey)
    #: deputy_reporter (由B角签报), principal, acted_for …; empty when the holder signed
    capacity: Mapped[str] = mapped_column(String(32), default="")
    #: who at the level above took it up when signing their own
    accepted_by: Mapped[int | None] = mapped_column(BigKey)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    on_time: Mapped[bool | None] = mapped_column()
    #: the open return's or re-opening's reason code
    reason: Mapped[str | None] = mapped_column(String(64))
    remark: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    #: the principal's signature beside the reporter's, under this version
    cosigned_by: Mapped[int | None] = mapped_column(BigKey)
    cosigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReportVersion(Base):
    """One version of a report as it stood when it was filed, returned, amended or locked. Never changed."""

    __tablename__ = "report_versions"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    report_date: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(String(4), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(12))
    is_zero: Mapped[bool] = mapped_column()
    zero_kind: Mapped[str] = mapped_column(String(12))
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    by_person_id: Mapped[int | None] = mapped_column(BigKey)
    capacity: Mapped[str] = mapped_column(String(32), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(200))


class ReportNudge(Base):
    """That a unit's report was asked for on a day, who has taken it on, and how many further people were told since."""

    __tablename__ = "report_nudges"
    __table_args__ = (Index("ix_report_nudges_report_date", "report_date"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    report_date: Mapped[date] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: who asked by hand (催报); empty for the timetable
    asked_by: Mapped[int | None] = mapped_column(BigKey)
    steps_done: Mapped[int] = mapped_column(default=0)
    #: who answered 收到, and when last
    taken_by: Mapped[int | None] = mapped_column(BigKey)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
