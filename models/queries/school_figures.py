"""The figures of whole schools on days: summed by the database, so that a district of a thousand is one small answer.

The same numbers as `figures_by_unit` and `total`, unit by unit (a test compares them); here the classes' counters are
added up where they lie. Schools in which a class or grade follows a mode of its own are asked for unit by unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    Connection,
    Date,
    Select,
    and_,
    case,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from models.queries.due import Due
from models.queries.figures import (
    ABSENT,
    SIGNED,
    figures_by_unit,
    kept_numbers,
    managed_numbers,
    managed_on,
    managed_until,
    on_roster,
    place_row,
)
from models.queries.key_persons import AWAY_COLUMNS, away_by_unit, listed_by_unit
from models.queries.units import Units
from models.rules.alerts import FEVERS
from models.rules.check_in import COUNTS, SLOT
from models.rules.figures import ABNORMAL, STATED, UNTIL_REPORTED, Figures, total
from models.tables import (
    Absence,
    Alert,
    Enrolment,
    Management,
    Person,
    PersonDay,
    Report,
    RosterStep,
    Unit,
    UnitDay,
    Version,
)


def figures_by_school(
    connection: Connection,
    units: Units,
    days: Sequence[date],
    due: Due,
    school_ids: Iterable[int] | None = None,
    *,
    brief: bool = False,
) -> dict[tuple[int, date], Figures]:
    """The figures of each school (None: of all) with everything below it, by day; schools with nothing are left out.

    brief: only who was due and what was reported, for many days: no absences, attendance, alerts and signatures.

    One statement, and a second one where classes or grades follow a mode of their own.
    """
    own = {unit.school_id for unit_id in due.ordered if (unit := units.get(unit_id)) and unit.kind in _BELOW}
    wanted = None if school_ids is None else set(school_ids)
    made: dict[tuple[int, date], dict[str, int]] = {}
    for source, day, school_id, kind, *numbers in connection.execute(_statement(wanted, days, brief=brief)):
        if school_id is not None and school_id not in own and units.get(school_id) is not None:
            _place(made.setdefault((school_id, day), {}), source, kind, [int(number or 0) for number in numbers])
    found = {place: _finish(row, place, due) for place, row in made.items()}
    if brief:
        found = {place: replace(figures, present=None, absent=None) for place, figures in found.items()}
    apart = [school_id for school_id in own if school_id is not None and (wanted is None or school_id in wanted)]
    if apart:
        below = {school_id: [unit.id for unit in units.within(school_id)] for school_id in apart}
        parts = figures_by_unit(connection, [unit for those in below.values() for unit in those], days, due)
        for school_id, those in below.items():
            for day in days:
                if counted := [parts[unit, day] for unit in those if (unit, day) in parts]:
                    found[school_id, day] = total(counted)
    return found


_BELOW = ("grade", "class_unit")


def _place(row: dict[str, int], source: str, kind: str, numbers: list[int]) -> None:
    if source == "classes":
        row["classes"], row["exempt_here"], row["absent_here"], row["classes_filed"] = numbers[:4]
    else:
        place_row(row, source, kind, numbers)


def _finish(row: dict[str, int], place: tuple[int, date], due: Due) -> Figures:
    """`figures._finish`, for sums: every step of it is linear once classes without pupils are counted apart."""
    exempt_here, absent_here = row.pop("exempt_here", 0), row.pop("absent_here", 0)
    figures = Figures(**row)
    enrolled, attends = figures.due, due.attends(*place)
    if not due.owes(*place):
        figures = replace(
            figures,
            due=figures.reported + figures.exempt,
            staff_due=figures.staff_reported + figures.staff_exempt,
            classes=0,
            classes_filed=0,
        )
    figures = replace(figures, enrolled=enrolled, expected=figures.due - figures.exempt if attends else figures.due)
    if not attends or not figures.classes:
        return figures
    return replace(figures, present=enrolled - exempt_here - absent_here, absent=absent_here)


_NUMBERS = len(COUNTS)


#: Classes hold pupils and nobody else does: a million persons need not be looked up to know which chain counts them.
_KIND = case((Unit.kind == "class_unit", "student"), else_="staff")


def _statement(schools: set[int] | None, days: Sequence[date], *, brief: bool) -> Any:
    """Rows (source, day, school, kind, thirteen numbers)."""
    calendar = _calendar(days)
    here = _on_roster(calendar)
    day = calendar.c.day

    def rows(source: str, kind: Any, *numbers: Any, at: Any) -> Select[Any]:
        padded = [*numbers, *(literal(0) for _ in range(_NUMBERS - len(numbers)))]
        named = [number.label(f"n{place}") for place, number in enumerate(padded)]
        made = select(literal(source).label("source"), at.label("day"), Unit.school_id, kind.label("kind"), *named)
        made = made.group_by(at, Unit.school_id, kind)
        return made if schools is None else made.where(Unit.school_id.in_(sorted(schools)))

    first = (
        rows("due", here.c.kind, func.sum(here.c.people), at=here.c.day)
        .select_from(here)
        .join(Unit, Unit.id == here.c.unit_id),
        rows(
            "counts",
            UnitDay.kind,
            *(func.sum(getattr(UnitDay, name)) for name in COUNTS),
            at=UnitDay.report_date,
        )
        .select_from(UnitDay)
        .join(Unit, Unit.id == UnitDay.unit_id)
        .where(UnitDay.report_date.in_(days), UnitDay.slot == SLOT),
    )
    if brief:
        return union_all(*first)
    return union_all(
        *first,
        _classes(rows, here, days),
        rows(
            "absences",
            _KIND,
            *(func.count(case((Absence.kind == kind, 1))) for kind in ABSENT),
            at=Absence.report_date,
        )
        .select_from(Absence)
        .join(Unit, Unit.id == Absence.unit_id)
        .where(Absence.report_date.in_(days)),
        _new_abnormal(rows, calendar, day),
        _alerts(rows, days),
        rows("managed", Person.kind, *managed_numbers(day), at=day)
        .select_from(Management)
        .join(calendar, managed_on(day))
        .join(Person, Person.id == Management.person_id)
        .join(Unit, Unit.id == Management.unit_id),
        rows("kept", Person.kind, *kept_numbers(day), at=day)
        .select_from(Management)
        .join(calendar, managed_until(day))
        .join(Person, Person.id == Management.person_id)
        .join(Unit, Unit.id == Management.unit_id),
        *_register(rows, calendar),
    )


def _register(rows: Any, calendar: Any) -> Sequence[Any]:
    """Who is on the list of key persons, and who is still away since an earlier day."""
    listed, away = listed_by_unit(calendar), away_by_unit(calendar)
    places = (func.sum(away.c[name]) for name in AWAY_COLUMNS)
    return (
        rows("listed", listed.c.kind, func.sum(listed.c.persons), at=listed.c.day)
        .select_from(listed)
        .join(Unit, Unit.id == listed.c.unit_id),
        rows("away", away.c.kind, *places, at=away.c.day).select_from(away).join(Unit, Unit.id == away.c.unit_id),
    )


def _classes(rows: Any, here: CTE, days: Sequence[date]) -> Select[Any]:
    """Of the classes that have pupils: how many, and who of them is exempt, who absent, and how many are signed.

    Laid one under the other and added up by class: a join would look each class up by itself.
    """
    none = literal(0)
    told = union_all(
        select(here.c.day, here.c.unit_id, here.c.people, none.label("exempt"), none.label("absent"), none.label("filed"))
        .where(here.c.kind == "student"),
        select(UnitDay.report_date, UnitDay.unit_id, none, UnitDay.exempt, none, none)
        .where(UnitDay.report_date.in_(days), UnitDay.slot == SLOT)
        .where(UnitDay.exempt > 0, UnitDay.kind == "student"),
        select(Absence.report_date, Absence.unit_id, none, none, literal(1), none).where(Absence.report_date.in_(days)),
        select(Report.report_date, Report.unit_id, none, none, none, literal(1))
        .where(Report.report_date.in_(days), Report.slot == SLOT, Report.status.in_(SIGNED)),
    ).subquery("told")  # fmt: skip
    classes = (
        select(
            told.c.day,
            told.c.unit_id,
            func.sum(told.c.exempt).label("exempt"),
            func.sum(told.c.absent).label("absent"),
            func.sum(told.c.filed).label("filed"),
        )
        .group_by(told.c.day, told.c.unit_id)
        .having(func.sum(told.c.people) > 0)
        .subquery("classes")
    )
    sums = (func.sum(classes.c.exempt), func.sum(classes.c.absent), func.sum(classes.c.filed))
    made: Select[Any] = (
        rows("classes", literal("student"), func.count(), *sums, at=classes.c.day)
        .select_from(classes)
        .join(Unit, Unit.id == classes.c.unit_id)
    )
    return made


def _calendar(days: Sequence[date]) -> CTE:
    return union_all(
        *(
            select(literal(day, Date).label("day"), literal(day - timedelta(days=1), Date).label("before"))
            for day in days
        )
    ).cte("calendar")


def _on_roster(calendar: CTE) -> CTE:
    """(day, unit, kind, people) of every unit with anybody on its roster that day.

    From the steps while they are as new as the roster, else counted person by person; the database looks at one only.
    """
    roster, summed = aliased(Version), aliased(Version)
    current = exists().where(roster.name == "roster", summed.name == "roster_steps", roster.value == summed.value)
    people = func.sum(RosterStep.change)
    steps = (
        select(calendar.c.day, RosterStep.unit_id, RosterStep.kind, people.label("people"))
        .join(calendar, RosterStep.day <= calendar.c.day)
        .where(current)
        .group_by(calendar.c.day, RosterStep.unit_id, RosterStep.kind)
        .having(people > 0)
    )
    counted = (
        select(calendar.c.day, Enrolment.unit_id, Person.kind, func.count().label("people"))
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(calendar, on_roster(calendar.c.day))
        .where(~current)
        .group_by(calendar.c.day, Enrolment.unit_id, Person.kind)
    )
    return union_all(steps, counted).cte("here")


def _new_abnormal(rows: Any, calendar: CTE, day: Any) -> Select[Any]:
    """Abnormal today and not yesterday."""
    earlier = aliased(PersonDay)
    known = select(earlier.person_id).where(
        earlier.person_id == PersonDay.person_id,
        earlier.report_date == calendar.c.before,
        earlier.slot == SLOT,
        earlier.result.in_(ABNORMAL),
    )
    made: Select[Any] = (
        rows("new", _KIND, func.count(), at=day)
        .select_from(PersonDay)
        .join(calendar, PersonDay.report_date == day)
        .join(Unit, Unit.id == PersonDay.unit_id)
        .where(PersonDay.slot == SLOT, PersonDay.result.in_(ABNORMAL), ~known.exists())
    )
    return made


def _alerts(rows: Any, days: Sequence[date]) -> Select[Any]:
    """As `figures._alerts` counts them: a person once in each unit."""
    told = and_(
        PersonDay.person_id == Alert.person_id, PersonDay.report_date == Alert.report_date, PersonDay.slot == SLOT
    )
    unseen = or_(Alert.code.in_(STATED), and_(Alert.code.in_(UNTIL_REPORTED), PersonDay.person_id.is_(None)))
    by_unit = (
        select(
            Alert.report_date,
            Alert.unit_id,
            Person.kind,
            func.count(distinct(case((and_(Alert.outcome.is_(None), unseen), Alert.person_id)))).label("alerted"),
            func.count(
                distinct(case((and_(Alert.code.in_(sorted(FEVERS)), Alert.reportable.is_(False)), Alert.person_id)))
            ).label("judged"),
        )
        .join(Person, Person.id == Alert.person_id)
        .outerjoin(PersonDay, told)
        .where(Alert.report_date.in_(days))
        .group_by(Alert.report_date, Alert.unit_id, Person.kind)
        .subquery("by_unit")
    )
    made: Select[Any] = (
        rows(
            "alerts", by_unit.c.kind, func.sum(by_unit.c.alerted), func.sum(by_unit.c.judged), at=by_unit.c.report_date
        )
        .select_from(by_unit)
        .join(Unit, Unit.id == by_unit.c.unit_id)
    )
    return made
