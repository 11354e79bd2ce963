"""What a district decides while running, and the trail of who did what."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class Version(Base):
    """A counter a cache compares with before it believes itself: roster, calendar, regions."""

    __tablename__ = "versions"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


class CalendarDay(Base):
    """One day on which the legal calendar, or an order of the district, differs from the weekday."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool] = mapped_column()
    name: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[str] = mapped_column(String(120), default="")


class CalendarMode(Base):
    """From which day a unit follows which mode (domain handbook 3.1); the nearest unit and latest day win."""

    __tablename__ = "calendar_modes"
    __table_args__ = (Index("ix_calendar_modes_unit_id_from_date", "unit_id", "from_date"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    mode: Mapped[str] = mapped_column(String(24))
    from_date: Mapped[date] = mapped_column()
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[str] = mapped_column(String(64))


class KeyRegionRow(Base):
    """A place that is a key region from one day to another. Decisions look at the row valid on the day of stay."""

    __tablename__ = "key_regions"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(12))
    from_date: Mapped[date] = mapped_column()
    to_date: Mapped[date | None] = mapped_column()
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Audit(Base):
    """One line of the trail: who did what to which thing. Never a reading, never a name of a child."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "at"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(String(400), default="")
