"""Drafts of circulars (通报): facts about a school's filing, and what a person decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class Circular(Base):
    """One school in one span of seven days. Nothing of it leaves the bureau before a person has approved it."""

    __tablename__ = "circulars"
    __table_args__ = (
        CheckConstraint("state IN ('draft','approved','dropped','excused')", name="state"),
        UniqueConstraint("unit_id", "first_day"),
        Index("ix_circulars_state", "state"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    #: Monday and Sunday of the week
    first_day: Mapped[date] = mapped_column()
    last_day: Mapped[date] = mapped_column()
    #: {"late": [[ISO day, minutes], …], "missing": [ISO day, …]}: nothing but when what was filed
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default="draft")
    #: sealed: why the school could not (network, emergency), or why nothing is sent
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(BigKey)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
