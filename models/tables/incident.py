"""What happens after somebody fell ill or was exposed: the incident, its steps, its timeline, and whom they met."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class Incident(Base):
    """One case from its finding to its closing (domain handbook 8). One open incident a person."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "uq_incidents_person_id_open",
            "person_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_incidents_school_id_closed_at", "school_id", "closed_at"),
        Index("ix_incidents_opened_at", "opened_at"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    #: empty where it is about a place and not about one person (a cluster)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(BigKey)
    school_id: Mapped[int | None] = mapped_column(BigKey)
    reason: Mapped[str] = mapped_column(String(24))  # `rules.incidents.REASONS`
    report_code: Mapped[str] = mapped_column(String(4))  # R1 … R7, which limit of reporting holds
    #: the clock of reporting starts here, not when we learned of it (domain handbook 4.6)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    found_by: Mapped[int | None] = mapped_column(BigKey)
    found_where: Mapped[str] = mapped_column(String(12), default="")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[int | None] = mapped_column(BigKey)  # empty: opened by an alert
    alert_id: Mapped[int | None] = mapped_column(BigKey)
    owner_id: Mapped[int | None] = mapped_column(BigKey)
    stage: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(16))  # excluded, diagnosed, false_alarm
    disease: Mapped[str] = mapped_column(String(24), default="")
    severity: Mapped[str] = mapped_column(String(8), default="")  # entered by the district; empty: 未定级
    facts: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed JSON: what was said at opening, diagnosis, cause
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(BigKey)


class IncidentStep(Base):
    """One step of one incident: its clock, its owner, and how it ended."""

    __tablename__ = "incident_steps"
    __table_args__ = (
        CheckConstraint("state IN ('open','done','not_applicable')", name="state"),
        Index(
            "ix_incident_steps_remind_at",
            "remind_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    owner_id: Mapped[int | None] = mapped_column(BigKey)
    #: when the next reminder falls due, and how many there have been
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded: Mapped[int] = mapped_column(default=0)
    happened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_person_id: Mapped[int | None] = mapped_column(BigKey)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed


class IncidentEvent(Base):
    """One line of an incident's timeline. Rows are only ever added."""

    __tablename__ = "incident_events"
    __table_args__ = (Index("ix_incident_events_incident_id", "incident_id", "id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))  # opened, step, not_applicable, note, draft, contact, closed
    step: Mapped[str] = mapped_column(String(20), default="")
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_person_id: Mapped[int | None] = mapped_column(BigKey)
    text: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed


class ContactCandidate(Base):
    """Somebody who may have met the person of an incident. What they are is decided by the CDC and entered here."""

    __tablename__ = "contact_candidates"
    __table_args__ = (Index("ix_contact_candidates_person_id", "person_id"),)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    ways: Mapped[str] = mapped_column(String(60))  # comma list: class, seat, dormitory, sibling, other
    last_contact_on: Mapped[date | None] = mapped_column()
    note: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[int | None] = mapped_column(BigKey)
    #: close_contact, general_contact or none; never set without source and time
    decision: Mapped[str | None] = mapped_column(String(16))
    source: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entered_by: Mapped[int | None] = mapped_column(BigKey)


class PersonPlace(Base):
    """Where somebody sits or sleeps at school, for who may have met whom and for signals of a dormitory."""

    __tablename__ = "person_places"
    __table_args__ = (Index("ix_person_places_school_id_kind_name", "school_id", "kind", "name"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)  # dormitory, seat
    school_id: Mapped[int | None] = mapped_column(BigKey)
    unit_id: Mapped[int] = mapped_column(BigKey)
    name: Mapped[str] = mapped_column(String(40))
    #: row and column of a seat, from the front and from the left
    seat_row: Mapped[int | None] = mapped_column()
    seat_column: Mapped[int | None] = mapped_column()
    entered_by: Mapped[int | None] = mapped_column(BigKey)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
