"""Who fell ill with what and when, in classes of illness, and the signals several of them made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class Onset(Base):
    """One person's illness of one syndrome: from its first day to the last on which it was seen. In the clear, for
    counting; what exactly was said stays sealed in the check-in."""

    __tablename__ = "onsets"
    __table_args__ = (Index("ix_onsets_school_id_onset_on", "school_id", "onset_on"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    syndrome: Mapped[str] = mapped_column(String(20), primary_key=True)
    onset_on: Mapped[date] = mapped_column(primary_key=True)
    last_seen_on: Mapped[date] = mapped_column()
    unit_id: Mapped[int] = mapped_column(BigKey)
    school_id: Mapped[int | None] = mapped_column(BigKey)


class ClusterSignal(Base):
    """One cluster rule that was reached in one place; later cases are added, and it is told of once."""

    __tablename__ = "cluster_signals"
    __table_args__ = (Index("ix_cluster_signals_place_rule", "place", "rule"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    rule: Mapped[str] = mapped_column(String(24))
    #: a unit's id; for families the lowest person id of the family
    place: Mapped[int] = mapped_column(BigKey)
    syndrome: Mapped[str] = mapped_column(String(20))
    first_day: Mapped[date] = mapped_column()
    last_day: Mapped[date] = mapped_column()
    #: ids of the persons counted
    people: Mapped[list[Any]] = mapped_column(JSON)
    #: the rule as it read then: count, days, text, source
    basis: Mapped[dict[str, Any]] = mapped_column(JSON)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
