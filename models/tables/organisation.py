"""The district's tree and the people in it (domain handbook 1.1, 2)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, BigKey, UtcDateTime


class Unit(Base):
    """One unit of the tree: the district, a school, a grade or a class."""

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("kind IN ('district','school','grade','class_unit')", name="kind"),
        Index("ix_units_parent_id", "parent_id"),
        Index("ix_units_school_id", "school_id"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    #: names from the school down, "红旗小学/三年级/2班"; the bureau's own path is its name
    path: Mapped[str] = mapped_column(String(200), unique=True)
    school_id: Mapped[int | None] = mapped_column(BigKey)
    grade_id: Mapped[int | None] = mapped_column(BigKey)
    #: the order in which units are read out: 小班 before 中班, 2班 before 10班
    position: Mapped[int] = mapped_column(default=0)
    #: kindergarten, primary, junior, nine_year, senior, complete_secondary, vocational, special; schools only
    school_kind: Mapped[str | None] = mapped_column(String(24))
    campus: Mapped[str | None] = mapped_column(String(64))
    closed_on: Mapped[date | None] = mapped_column()


class Person(Base):
    """One pupil or one member of staff, known by the number of the roster."""

    __tablename__ = "persons"
    __table_args__ = (
        CheckConstraint("kind IN ('student','staff')", name="kind"),
        UniqueConstraint("kind", "number"),
        Index("ix_persons_unit_id", "unit_id"),
        Index("ix_persons_phone_index", "phone_index"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(64))
    sex: Mapped[str | None] = mapped_column(String(4))
    #: sealed; a pupil's row holds the guardian's phone
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: where the person is today: a class for pupils; for staff the unit that collects them (grade, school or bureau)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    school_id: Mapped[int | None] = mapped_column(BigKey)
    #: counted from this day (contract 10: a roster's first load counts from the school year's start)
    joined_on: Mapped[date] = mapped_column()
    left_on: Mapped[date | None] = mapped_column()
    #: under a measure of `managements`: two checks a day are asked for, and what is said counts as one
    in_observation: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: when journeys and contacts were last declared for them, or confirmed as unchanged
    declared_on: Mapped[date | None] = mapped_column()


class Enrolment(Base):
    """Where one person belonged from one day on; one row covers any day. A transfer ends one and begins the next."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("person_id", "from_date"),
        Index("ix_enrolments_unit_id_from_date", "unit_id", "from_date"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    from_date: Mapped[date] = mapped_column()
    #: first day on which it no longer holds; empty while it lasts
    to_date: Mapped[date | None] = mapped_column()


class RosterStep(Base):
    """By how many a unit's roster grows (or shrinks) on a day: summed up to a day they are who is on it then.

    Derived from `persons` and `enrolments` by `actions.roster_steps`, and believed only while the version
    `roster_steps` equals the version `roster`.
    """

    __tablename__ = "roster_steps"
    unit_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    change: Mapped[int] = mapped_column()


class SchoolStep(Base):
    """By how many a school's roster, and the number of its classes with pupils, change on a day. Derived and believed
    like `RosterStep`, from which it is summed: a district of a thousand schools is two thousand rows."""

    __tablename__ = "school_steps"
    school_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int] = mapped_column()
    classes: Mapped[int] = mapped_column()


class ClassSpan(Base):
    """From which day to before which day (empty while it lasts) a class has pupils. Derived and believed like
    `RosterStep`."""

    __tablename__ = "class_spans"
    unit_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    to_day: Mapped[date | None] = mapped_column()


class Post(Base):
    """One duty of one member of staff: the role (domain handbook 1.1) and the unit it is for."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "unit_id", "from_date"),
        Index("ix_posts_unit_id_role", "unit_id", "role"),
    )
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    #: the roster's own word (班主任 …), for showing
    title: Mapped[str] = mapped_column(String(32))
    from_date: Mapped[date] = mapped_column()
    to_date: Mapped[date | None] = mapped_column()
    #: whose duty this is, where its holder has handed it over for a time (such a post always ends)
    delegated_by: Mapped[int | None] = mapped_column(BigKey)


class BindingCode(Base):
    """The secret by which an account proves whose guardian, or which member of staff, it is."""

    __tablename__ = "binding_codes"
    __table_args__ = (Index("ix_binding_codes_person_id", "person_id"),)
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    code: Mapped[bytes] = mapped_column(LargeBinary)  # sealed: printed on slips and exported again
    code_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
