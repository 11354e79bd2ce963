"""Where people were, who is looked after for it, and what was done: journeys, key persons, contacts (domain handbook 9).

Places, notes and reasons are sealed. What is searched or counted lies in the clear under internal ids: categories,
states, days, and keyed digests of a place's code, by which a key region finds its journeys in one statement.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime

_OPEN = text("ended_at IS NULL")


class Journey(Base):
    """One stay of one person, or of somebody at home, in one place; a second stay there later is a second row."""

    __tablename__ = "journeys"
    __table_args__ = (
        CheckConstraint("kind IN ('own','household','plan')", name="kind"),
        Index("ix_journeys_person_id", "person_id"),
        Index("ix_journeys_province_index", "province_index"),
        Index("ix_journeys_city_index", "city_index"),
        Index("ix_journeys_county_index", "county_index"),
        Index("ix_journeys_first_on_last_on", "first_on", "last_on"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(BigKey)
    kind: Mapped[str] = mapped_column(String(12))
    #: sealed JSON of the journey as said: place, province, transport …
    place: Mapped[bytes] = mapped_column(LargeBinary)
    #: keyed digest of the place, to know the same one again
    place_index: Mapped[bytes] = mapped_column(LargeBinary)
    province_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    city_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    county_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: local, other_city, other_province, abroad, or empty while the place is not known
    far: Mapped[str] = mapped_column(String(16), default="")
    left_on: Mapped[date | None] = mapped_column()
    returned_on: Mapped[date | None] = mapped_column()
    planned_return: Mapped[date | None] = mapped_column()
    #: the first and last day on which they are known to have been away; last_on is empty while they are
    first_on: Mapped[date] = mapped_column()
    last_on: Mapped[date | None] = mapped_column()
    #: answer, declaration, head_teacher …
    source: Mapped[str] = mapped_column(String(24))
    said_on: Mapped[date] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: the key region it touched, as last evaluated
    region_id: Mapped[int | None] = mapped_column(BigKey)


class Declaration(Base):
    """One declaration of travel and contact (domain handbook 5.5), as completed or left off."""

    __tablename__ = "declarations"
    __table_args__ = (Index("ix_declarations_person_id_declared_at", "person_id", "declared_at"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declared_by: Mapped[str] = mapped_column(String(32))  # guardian, self, head_teacher …
    account_id: Mapped[int | None] = mapped_column(BigKey)
    #: sealed JSON of the fields answered; a field not in it was not asked
    body: Mapped[bytes] = mapped_column(LargeBinary)
    is_complete: Mapped[bool] = mapped_column(default=False)


class KeyPerson(Base):
    """One person followed up for one reason, from registration to release. Open while `ended_at` is empty."""

    __tablename__ = "key_persons"
    __table_args__ = (
        CheckConstraint(
            "state IN ('registered','in_contact','returning','observing','due_for_release','released','transferred')",
            name="state",
        ),
        Index(
            "uq_key_persons_open",
            "person_id",
            "category",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_key_persons_unit_id", "unit_id"),
        Index("ix_key_persons_registered_on_ended_on", "registered_on", "ended_on"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(BigKey)
    school_id: Mapped[int | None] = mapped_column(BigKey)
    category: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    #: sealed JSON: reason in words, place
    reason: Mapped[bytes] = mapped_column(LargeBinary)
    source: Mapped[str] = mapped_column(String(24))  # answer, declaration, region, head_teacher …
    #: the last day of exposure; observation is counted from it. Empty while it goes on
    since: Mapped[date | None] = mapped_column()
    #: the first day on which release may be decided, as far as known; missing days put it off
    until: Mapped[date | None] = mapped_column()
    #: days missed that a person has waived
    waived_days: Mapped[int] = mapped_column(default=0)
    #: 暂不返校: away from the city or the province, and nobody has approved the return
    is_held: Mapped[bool] = mapped_column(default=False)
    approved_by: Mapped[int | None] = mapped_column(BigKey)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registered_on: Mapped[date] = mapped_column()
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_by: Mapped[int | None] = mapped_column(BigKey)
    #: contact_officer: the one named person who keeps in contact
    keeper_id: Mapped[int | None] = mapped_column(BigKey)
    next_contact_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_contact_on: Mapped[date | None] = mapped_column()
    #: the day up to which an unreachable person has been told of higher up
    escalated_on: Mapped[date | None] = mapped_column()
    #: why release is proposed: period_over, region_ended, management_ended
    proposal: Mapped[str] = mapped_column(String(24), default="")
    ended_on: Mapped[date | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(BigKey)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: why it ended, the document


class KeyContact(Base):
    """One attempt to reach a key person on one day: chat, phoned, unreachable. Nothing is overwritten."""

    __tablename__ = "key_contacts"
    __table_args__ = (Index("ix_key_contacts_key_person_id_day", "key_person_id", "day"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key_person_id: Mapped[int] = mapped_column(ForeignKey("key_persons.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column()
    outcome: Mapped[str] = mapped_column(String(16))
    by_person_id: Mapped[int | None] = mapped_column(BigKey)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed


class KeyDecision(Base):
    """Why something about a key person was decided: the rule and the version of the list it was decided by."""

    __tablename__ = "key_decisions"
    __table_args__ = (Index("ix_key_decisions_key_person_id", "key_person_id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    key_person_id: Mapped[int] = mapped_column(ForeignKey("key_persons.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: registered, kept, proposed, approved, waived, released, transferred, keeper
    deed: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(64))
    rule: Mapped[str] = mapped_column(String(24), default="")
    region_id: Mapped[int | None] = mapped_column(BigKey)
    #: the value of the version `regions` by which it was decided
    regions_version: Mapped[int | None] = mapped_column()
    detail: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: in words


class AbsenceFollowUp(Base):
    """One enquiry after an absent person: what the family said (domain handbook 8.6 absence_followup)."""

    __tablename__ = "absence_followups"
    __table_args__ = (Index("ix_absence_followups_person_id_day", "person_id", "day"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_person_id: Mapped[int | None] = mapped_column(BigKey)
    #: reached, unreachable
    outcome: Mapped[str] = mapped_column(String(16))
    #: sealed JSON: symptoms, onset, visit, diagnosis, outcome, expected_return, note
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
