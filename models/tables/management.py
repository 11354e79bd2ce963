"""Persons in management: what medicine found of them, where they are kept, their checks, and how they come back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class Management(Base):
    """One finding about a person, or one measure they are under, from a day until somebody ended it.

    Findings (suspected, confirmed, asymptomatic, close_contact, general_contact) are reported to us, never computed;
    measures are home_isolation, central_isolation and hospitalised. A person has one of each at a time.
    """

    __tablename__ = "managements"
    __table_args__ = (
        CheckConstraint("state IN ('observing','due_for_release','released','superseded')", name="state"),
        Index("ix_managements_person_id", "person_id"),
        Index("ix_managements_unit_id_known_on", "unit_id", "known_on"),
        Index(
            "uq_managements_person_id_kind_open",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(BigKey)
    school_id: Mapped[int | None] = mapped_column(BigKey)
    kind: Mapped[str] = mapped_column(String(20))
    known_on: Mapped[date] = mapped_column()  # the day it counts from; new on this day, in management afterwards
    last_exposure_on: Mapped[date | None] = mapped_column()
    #: the last day of observation by rule; its passing ends nothing
    ends_on: Mapped[date | None] = mapped_column()
    state: Mapped[str] = mapped_column(String(16))
    incident_id: Mapped[int | None] = mapped_column(BigKey)
    officer_id: Mapped[int | None] = mapped_column(BigKey)  # the assigned contact
    source: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: who decided it, as said
    started_by: Mapped[int | None] = mapped_column(BigKey)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: first day on which it no longer holds
    ended_on: Mapped[date | None] = mapped_column()
    ended_by: Mapped[int | None] = mapped_column(BigKey)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    document: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: the notice that ended it


class ObservationCheck(Base):
    """One of the two checks a day of somebody in observation: answered, or missed."""

    __tablename__ = "observation_checks"
    __table_args__ = (Index("ix_observation_checks_day_slot", "day", "slot"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(String(4), primary_key=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when it was found missing, an hour after the slot


class Clearance(Base):
    """What somebody needs before they are at school again: certificate, the doctor's check, the teacher's yes."""

    __tablename__ = "clearances"
    __table_args__ = (
        Index(
            "uq_clearances_person_id_open",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_clearances_school_id", "school_id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(BigKey)
    school_id: Mapped[int | None] = mapped_column(BigKey)
    reason: Mapped[str] = mapped_column(String(16))  # incident, isolation, sick, person
    disease: Mapped[str] = mapped_column(String(24), default="")
    needed_on: Mapped[date] = mapped_column()
    #: the first day the disease's wait is over, where it counts in days; the certificate goes before the table
    earliest_on: Mapped[date | None] = mapped_column()
    incident_id: Mapped[int | None] = mapped_column(BigKey)
    certificate: Mapped[str | None] = mapped_column(String(16))  # recovered, excluded, released
    issuer: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    issued_on: Mapped[date | None] = mapped_column()
    media: Mapped[bytes | None] = mapped_column(
        LargeBinary
    )  # sealed: the platform's media id, where photos are asked for
    media_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    picture: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: the picture itself, in base64, once fetched
    presented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_by: Mapped[int | None] = mapped_column(BigKey)
    check_passed: Mapped[bool | None] = mapped_column()
    check_note: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    admitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    admitted_by: Mapped[int | None] = mapped_column(BigKey)
    #: the day from which nothing stands against it any more: admitted, or no longer needed
    ended_on: Mapped[date | None] = mapped_column()
