"""The figures of whole schools on days: summed by the database, so that a district of a thousand is one small answer.

The same numbers as `figures_by_unit` and `total`, unit by unit (a test compares them); here the classes' counters are
added up where they lie. Schools in which a class or grade follows a mode of its own are asked for unit by unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    Connection,
    Date,
    Select,
    and_,
    case,
    distinct,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from models.queries.due import Due
from models.queries.figures.rolls import Roll, is_summed, peopled, rolls
from models.queries.figures.unit import (
    ABSENT,
    SIGNED,
    figures_by_unit,
    kept_numbers,
    managed_numbers,
    managed_on,
    managed_until,
    place_row,
)
from models.queries.key_persons import AWAY_COLUMNS, away_by_unit, listed_by_unit, was_in
from models.queries.units import Units
from models.rules.alerts import FEVERS
from models.rules.check_in import COUNTS, SLOT
from models.rules.figures import ABNORMAL, STATED, UNTIL_REPORTED, Figures, total
from models.tables import Absence, Alert, Enrolment, Management, Person, PersonDay, Report, Unit, UnitDay

#: What the figures of a day are read from; whoever shows less may ask for less.
EVERYTHING = frozenset({"counts", "classes", "absences", "new", "alerts", "managed", "kept", "register"})
#: Who was due and what was reported: a line of a trend.
BRIEF = frozenset({"counts"})
#: What an official reads at a glance, without attendance, signatures, alerts and what is new today.
OVERVIEW = frozenset({"counts", "absences", "managed", "register"})


def figures_by_school(
    connection: Connection,
    units: Units,
    days: Sequence[date],
    due: Due,
    school_ids: Iterable[int] | None = None,
    *,
    parts: Collection[str] = EVERYTHING,
) -> dict[tuple[int, date], Figures]:
    """The figures of each school (None: of all) with everything below it, by day; schools with nothing are left out.

    parts: of `EVERYTHING`; what is not asked for stays 0, attendance without "classes" uncounted.

    Three statements, and a fourth one where classes or grades follow a mode of their own.
    """
    wanted = None if school_ids is None else set(school_ids)
    own = _own(units, due)
    calendar, summed = calendar_of(days), is_summed(connection)
    made: dict[tuple[int, date], dict[str, int]] = {}
    for (school_id, day), roll in rolls(connection, units, calendar, days, summed=summed).items():
        if school_id not in own and (wanted is None or school_id in wanted):
            made[school_id, day] = _roll_row(roll)
    for source, day, school_id, kind, *numbers in connection.execute(
        _statement(tuple(days), frozenset(parts), None if wanted is None else _only(wanted), summed=summed)
    ):
        if school_id is not None and school_id not in own and units.get(school_id) is not None:
            _place(made.setdefault((school_id, day), {}), source, kind, numbers)
    attended = "classes" in parts
    found = {
        place: finish(row, owes=due.owes(*place), attends=attended and due.attends(*place))
        for place, row in made.items()
    }
    apart = [school_id for school_id in own if wanted is None or school_id in wanted]
    return found | _unit_by_unit(connection, units, apart, days, due) if apart else found


def _own(units: Units, due: Due) -> set[int]:
    """The schools in which a class or a grade was ever given a mode of its own."""
    found = {unit.school_id for unit_id in due.ordered if (unit := units.get(unit_id)) and unit.kind in _BELOW}
    return {school_id for school_id in found if school_id is not None}


def _unit_by_unit(
    connection: Connection, units: Units, schools: Iterable[int], days: Sequence[date], due: Due
) -> dict[tuple[int, date], Figures]:
    below = {school_id: [unit.id for unit in units.within(school_id)] for school_id in schools}
    parts = figures_by_unit(connection, [unit for those in below.values() for unit in those], days, due)
    found = {}
    for school_id, those in below.items():
        for day in days:
            if counted := [parts[unit, day] for unit in those if (unit, day) in parts]:
                found[school_id, day] = total(counted)
    return found


@dataclass(frozen=True, slots=True)
class DistrictDay:
    """One day of the whole district. schools: the ids of those that owe a report and have anybody on their roster;
    figures: their sum."""

    schools: frozenset[int]
    figures: Figures


def district_days(
    connection: Connection,
    units: Units,
    days: Sequence[date],
    due: Due,
    *,
    parts: Collection[str] = OVERVIEW,
) -> dict[date, DistrictDay]:
    """The sum of all schools that owe a report, by day. parts: as in `figures_by_school`.

    The same as adding up its answer; here the database adds. A statement for each kind of calendar schools follow, of
    which a district has one or two, and the schools whose classes follow their own.
    """
    own, open_schools = _own(units, due), {one.id for one in units.schools()}
    calendar, summed = calendar_of(days), is_summed(connection)
    known = rolls(connection, units, calendar, days, summed=summed)
    alike: defaultdict[tuple[tuple[bool, bool], ...], list[int]] = defaultdict(list)
    for school_id in sorted(open_schools - own):
        alike[
            tuple((due.owes(school_id, day) and (school_id, day) in known, due.attends(school_id, day)) for day in days)
        ].append(school_id)
    if len(alike) > _KINDS:  # one statement for all of them, and the sums are made here
        own = open_schools
        alike.clear()
    top = units.district
    nobodys = (top.id,) if top is not None else ()
    sums: dict[date, list[Figures]] = {day: [] for day in days}
    schools: dict[date, set[int]] = {day: set() for day in days}
    for pattern, those in alike.items():
        owed = [day for day, (owes, _) in zip(days, pattern, strict=True) if owes]
        if not owed:
            continue
        attended = {day: attends for day, (_, attends) in zip(days, pattern, strict=True)}
        rows: dict[date, dict[str, int]] = {day: {} for day in owed}
        asked = _by_day(tuple(owed), frozenset(parts), _but(those, units), nobodys, summed=summed)
        for source, day, kind, *found in connection.execute(asked):
            _place(rows[day], source, kind, found)
        for day in owed:
            row = rows[day]
            for school_id in those:
                for name, number in _roll_row(known[school_id, day]).items():
                    row[name] = row.get(name, 0) + number
            sums[day].append(finish(row, owes=True, attends="classes" in parts and attended[day]))
            schools[day].update(those)
    apart = figures_by_school(connection, units, days, due, own & open_schools, parts=parts) if own else {}
    for (school_id, day), figures in apart.items():
        if due.owes(school_id, day) and figures.due + figures.staff_due:
            sums[day].append(figures)
            schools[day].add(school_id)
    return {day: DistrictDay(frozenset(schools[day]), total(sums[day])) for day in days}


def schools_due(connection: Connection, units: Units, day: date, due: Due) -> set[int]:
    """The schools that owe a report on a day: open, on its calendar, with anybody on the roster. Two statements."""
    known = rolls(connection, units, calendar_of([day]), [day], summed=is_summed(connection))
    return {one.id for one in units.schools() if (one.id, day) in known and due.owes(one.id, day)}


#: So many different calendars of schools are asked for one by one; beyond it every school is.
_KINDS = 4
_BELOW = ("grade", "class_unit")


def _roll_row(roll: Roll) -> dict[str, int]:
    return {"due": roll.students, "staff_due": roll.staff, "classes": roll.classes}


def _place(row: dict[str, int], source: str, kind: str, numbers: Sequence[Any]) -> None:
    counted = [int(number or 0) for number in numbers]
    if source == "classes":
        row["exempt_here"], row["absent_here"], row["classes_filed"] = counted[:3]
    else:
        place_row(row, source, kind, counted)


def finish(row: dict[str, int], *, owes: bool, attends: bool) -> Figures:
    """`figures._finish`, for sums: every step of it is linear once classes without pupils are counted apart."""
    exempt_here, absent_here = row.pop("exempt_here", 0), row.pop("absent_here", 0)
    enrolled, exempt = row.get("due", 0), row.get("exempt", 0)
    if not owes:
        # Whoever reports on a quiet day is counted; nobody else is missing.
        row["due"] = row.get("reported", 0) + exempt
        row["staff_due"] = row.get("staff_reported", 0) + row.get("staff_exempt", 0)
        row["classes"] = row["classes_filed"] = 0
    row["enrolled"] = enrolled
    row["expected"] = row.get("due", 0) - exempt if attends else row.get("due", 0)
    if attends and row.get("classes"):
        row["present"], row["absent"] = enrolled - exempt_here - absent_here, absent_here
    return Figures(**row)


_NUMBERS = len(COUNTS)


#: Classes hold pupils and nobody else does: a million persons need not be looked up to know which chain counts them.
_KIND = case((Unit.kind == "class_unit", "student"), else_="staff")


@dataclass(frozen=True, slots=True)
class _Among:
    """Schools: these, or all but these."""

    ids: tuple[int, ...]
    others: bool = False

    def __call__(self, school_id: Any) -> Any:
        if not self.others:
            return school_id.in_(self.ids)
        return school_id.not_in(self.ids) if self.ids else school_id.is_not(None)


def _only(those: Iterable[int]) -> _Among:
    return _Among(tuple(sorted(those)))


def _but(those: Sequence[int], units: Units) -> _Among:
    """`those`, said as shortly as it can be."""
    rest = {one.id for one in units.of_kind("school")} - set(those)
    return _Among(tuple(sorted(rest)), others=True) if len(rest) < len(those) else _only(those)


@lru_cache(maxsize=16)
def _by_day(
    days: tuple[date, ...], parts: frozenset[str], schools: _Among, nobodys: tuple[int, ...], *, summed: bool
) -> Any:
    """Rows (source, day, kind, thirteen numbers): the schools' rows added up. nobodys: units that belong to no school."""
    made = []
    if schools.others and not schools.ids and "counts" in parts:
        # Of all schools: nobody needs to know which counter belongs to which.
        parts -= {"counts"}
        counts = [func.sum(getattr(UnitDay, name)).label(f"n{place}") for place, name in enumerate(COUNTS)]
        made.append(
            select(literal("counts").label("source"), UnitDay.report_date.label("day"), UnitDay.kind, *counts)
            .where(UnitDay.report_date.in_(days), UnitDay.slot == SLOT, UnitDay.unit_id.not_in(nobodys))
            .group_by(UnitDay.report_date, UnitDay.kind)
        )
    if parts:
        one = _statement(days, parts, schools, summed=summed).subquery("by_school")
        numbers = [func.sum(one.c[f"n{place}"]).label(f"n{place}") for place in range(_NUMBERS)]
        made.append(select(one.c.source, one.c.day, one.c.kind, *numbers).group_by(one.c.source, one.c.day, one.c.kind))
    return union_all(*made)


@lru_cache(maxsize=16)
def _statement(days: tuple[date, ...], parts: frozenset[str], schools: _Among | None, *, summed: bool) -> Any:
    """Rows (source, day, school, kind, thirteen numbers). schools: None: all. Putting it together costs as much as a
    school's answer."""
    calendar = calendar_of(days)
    day = calendar.c.day

    def rows(source: str, kind: Any, *numbers: Any, at: Any) -> Select[Any]:
        padded = [*numbers, *(literal(0) for _ in range(_NUMBERS - len(numbers)))]
        named = [number.label(f"n{place}") for place, number in enumerate(padded)]
        made = select(
            literal(source).label("source"),
            at.label("day"),
            Unit.school_id.label("school_id"),
            kind.label("kind"),
            *named,
        )
        made = made.group_by(at, Unit.school_id, kind)
        if schools is None:
            return made
        return made.where(schools(Unit.school_id))

    counts = (
        rows("counts", UnitDay.kind, *(func.sum(getattr(UnitDay, name)) for name in COUNTS), at=UnitDay.report_date)
        .select_from(UnitDay)
        .join(Unit, Unit.id == UnitDay.unit_id)
        .where(UnitDay.report_date.in_(days), UnitDay.slot == SLOT)
    )
    absences = (
        rows(
            "absences",
            _KIND,
            *(func.count(case((Absence.kind == kind, 1))) for kind in ABSENT),
            at=Absence.report_date,
        )
        .select_from(Absence)
        .join(Unit, Unit.id == Absence.unit_id)
        .where(Absence.report_date.in_(days))
    )
    managed = (
        rows("managed", Person.kind, *managed_numbers(day), at=day)
        .select_from(Management)
        .join(calendar, managed_on(day))
        .join(Person, Person.id == Management.person_id)
        .join(Enrolment, was_in(Management.person_id, day))
        .join(Unit, Unit.id == Enrolment.unit_id)
    )
    kept = (
        rows("kept", Person.kind, *kept_numbers(day), at=day)
        .select_from(Management)
        .join(calendar, managed_until(day))
        .join(Person, Person.id == Management.person_id)
        .join(Enrolment, was_in(Management.person_id, day))
        .join(Unit, Unit.id == Enrolment.unit_id)
    )
    made: dict[str, Callable[[], Sequence[Any]]] = {
        "counts": lambda: [counts],
        "classes": lambda: [_classes(rows, peopled(calendar, summed=summed), days)],
        "absences": lambda: [absences],
        "new": lambda: [_new_abnormal(rows, calendar, day)],
        "alerts": lambda: [_alerts(rows, days)],
        "managed": lambda: [managed],
        "kept": lambda: [kept],
        "register": lambda: _register(rows, calendar, days),
    }
    return union_all(*(one for part, make in made.items() if part in parts for one in make()))


def _register(rows: Any, calendar: Any, days: Sequence[date]) -> Sequence[Any]:
    """Who is on the list of key persons, and who is still away since an earlier day."""
    listed, away = listed_by_unit(calendar), away_by_unit(calendar, days)
    places = (func.sum(away.c[name]) for name in AWAY_COLUMNS)
    return (
        rows("listed", listed.c.kind, func.sum(listed.c.persons), at=listed.c.day)
        .select_from(listed)
        .join(Unit, Unit.id == listed.c.unit_id),
        rows("away", away.c.kind, *places, at=away.c.day).select_from(away).join(Unit, Unit.id == away.c.unit_id),
    )


def _classes(rows: Any, here: Any, days: Sequence[date]) -> Select[Any]:
    """Of the classes that have pupils: who of them is exempt, who absent, and how many are signed.

    Laid one under the other and looked up once: a join of each would look each class up by itself.
    """
    none = literal(0)
    told = union_all(
        select(UnitDay.report_date.label("day"), UnitDay.unit_id, UnitDay.exempt.label("exempt"), none.label("absent"), none.label("filed"))
        .where(UnitDay.report_date.in_(days), UnitDay.slot == SLOT)
        .where(UnitDay.exempt > 0, UnitDay.kind == "student"),
        select(Absence.report_date, Absence.unit_id, none, literal(1), none).where(Absence.report_date.in_(days)),
        select(Report.report_date, Report.unit_id, none, none, literal(1))
        .where(Report.report_date.in_(days), Report.slot == SLOT, Report.status.in_(SIGNED)),
    ).subquery("told")  # fmt: skip
    sums = (func.sum(told.c.exempt), func.sum(told.c.absent), func.sum(told.c.filed))
    made: Select[Any] = (
        rows("classes", literal("student"), *sums, at=told.c.day)
        .select_from(told)
        .join(here, and_(here.c.unit_id == told.c.unit_id, here.c.day == told.c.day))
        .join(Unit, Unit.id == told.c.unit_id)
    )
    return made


def calendar_of(days: Sequence[date]) -> CTE:
    """`days` as rows, each with the day before it."""
    return union_all(
        *(
            select(literal(day, Date).label("day"), literal(day - timedelta(days=1), Date).label("before"))
            for day in days
        )
    ).cte("calendar")


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
