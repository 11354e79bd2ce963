"""The figures of units on days: counters, roster by date, absences, alerts and signatures, in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Select,
    and_,
    bindparam,
    case,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models.queries.due import Due
from models.queries.key_persons import AWAY_COLUMNS, away_by_unit, listed_by_unit, was_in
from models.queries.units import Units
from models.rules.alerts import FEVERS
from models.rules.check_in import COUNTS, SLOT
from models.rules.figures import ABNORMAL, STATED, UNTIL_REPORTED, Figures, total
from models.rules.management import CASES, COUNTED, EXCLUDED_FROM_SCHOOL, MEASURES
from models.statements import Among, Question
from models.tables import Absence, Alert, Clearance, Enrolment, Management, Person, PersonDay, Report, Unit, UnitDay

_STAFF = ("reported", "on_time", "fever", "symptomatic", "exempt")
ABSENT = {
    "sick": "sick_absence",
    "personal": "personal_leave",
    "isolation": "isolation_absence",
    "unexplained": "unexplained_absence",
}
#: A report in one of these states has somebody's signature under it as it stands.
SIGNED = ("submitted", "accepted", "locked", "amended")
#: Above this many units everything is asked for and the rest left aside: a long list is slower than none.
_LIST_LIMIT = 900


def figures_by_unit(
    connection: Connection, unit_ids: Iterable[int] | None, days: Sequence[date], due: Due | None = None
) -> dict[tuple[int, date], Figures]:
    """The figures of units themselves, not of what is below them: pupils of classes, staff of whatever collects them.

    unit_ids None: of every unit. due: who owes a report, and who is at school; without it everybody, and nobody. One
    statement, however many units and days; units with neither people nor counts are left out.
    """
    wanted = None if unit_ids is None else sorted(set(unit_ids))
    listed = wanted if wanted is not None and len(wanted) <= _LIST_LIMIT else None
    made: dict[tuple[int, date], dict[str, int]] = {}
    told: dict[str, Any] = {f"day{place}": day for place, day in enumerate(days)}
    told |= {f"before{place}": day - timedelta(days=1) for place, day in enumerate(days)}
    ask = _question(listed is None, len(days))
    for source, day, unit_id, kind, *numbers in ask(connection, units=listed or [], days=list(days), **told):
        row = made.setdefault((unit_id, day), {})
        place_row(row, source, kind, [int(number) for number in numbers])
    keep = None if wanted is None else set(wanted)
    return {place: _finish(row, place, due) for place, row in made.items() if keep is None or place[0] in keep}


def figures_of(
    connection: Connection, units: Units, unit_ids: Iterable[int], day: date, due: Due | None = None
) -> dict[int, Figures]:
    """The figures of each of these units with everything below it, on one day. One statement."""
    below = {unit_id: [unit.id for unit in units.within(unit_id)] for unit_id in dict.fromkeys(unit_ids)}
    parts = figures_by_unit(connection, {leaf for leaves in below.values() for leaf in leaves}, [day], due)
    return {
        unit_id: total(parts[leaf, day] for leaf in leaves if (leaf, day) in parts) for unit_id, leaves in below.items()
    }


def place_row(row: dict[str, int], source: str, kind: str, numbers: list[int]) -> None:
    """Put one row of the statement into the unit's columns."""
    staff = kind == "staff"
    if source == "due":
        row["staff_due" if staff else "due"] = numbers[0]
    elif source == "counts":
        for name, number in zip(COUNTS, numbers, strict=False):
            if not staff:
                row[name] = row.get(name, 0) + number
            elif name in _STAFF:
                row[f"staff_{name}"] = number
    elif source == "absences" and not staff:
        row.update(zip(ABSENT.values(), numbers, strict=False))
    elif source == "new" and not staff:
        row["new_abnormal"] = numbers[0]
    elif source == "alerts":
        row["staff_alerted" if staff else "alerted"] = numbers[0]
        row["staff_judged" if staff else "judged"] = numbers[1]
    elif source == "managed":
        place_managed(row, kind, numbers)
    elif source == "kept":
        row.update(zip((_STAFF_KEPT if staff else KEPT), numbers, strict=False))
    elif source == "filed":
        row["classes_filed"] = 1
    else:
        place_register(row, source, numbers, staff=staff)


def place_register(row: dict[str, int], source: str, numbers: Sequence[int], *, staff: bool) -> None:
    """Key persons, and where people are whom no answer of the day itself places."""
    if staff:
        return
    if source == "listed":
        row["key_persons"] = numbers[0]
    elif source == "away":
        for name, number in zip(AWAY_COLUMNS, numbers, strict=False):
            row[name] = row.get(name, 0) + number


#: The numbers of a "managed" row, in order.
MANAGED = (
    *COUNTED,
    "home_isolation",
    "central_isolation",
    "hospitalised",
    *(f"new_{kind}" for kind in COUNTED),
    "in_care",
)


def place_managed(row: dict[str, int], kind: str, numbers: list[int]) -> None:
    """Persons in management: pupils by column, staff in two sums of their own chain."""
    made = dict(zip(MANAGED, numbers, strict=False))
    if kind == "staff":
        row["staff_new_cases"] = sum(made[f"new_{name}"] for name in COUNTED)
        row["staff_in_care"] = made["in_care"]
    else:
        row.update(made)


def managed_numbers(day: Any) -> list[Any]:
    """The columns of a "managed" row, for `managements` that hold on `day`."""
    holds = [func.count(case((Management.kind == kind, 1))) for kind in (*COUNTED, *MEASURES)]
    new = [func.count(case((and_(Management.kind == kind, Management.known_on == day), 1))) for kind in COUNTED]
    in_care = func.count(distinct(case((Management.kind.in_(EXCLUDED_FROM_SCHOOL), Management.person_id))))
    return [*holds, *new, in_care]


def managed_on(day: Any) -> ColumnElement[bool]:
    """Whether a management holds on `day`: from the day it was known to before the day it ended."""
    return and_(Management.known_on <= day, or_(Management.ended_on.is_(None), Management.ended_on > day))


#: The numbers of a "kept" row, in order; of the staff only the contradictions are told.
KEPT = (
    "twice_found",
    "twice_kept",
    "cleared_isolating",
    "new_isolating",
    "released_isolating",
    "contacts_unplaced",
)
_STAFF_KEPT = tuple(f"staff_{name}" for name in KEPT[:3])


def kept_numbers(day: Any) -> list[Any]:
    """The columns of a "kept" row, for `managements` up to the day they ended on."""
    kind, holds = Management.kind, managed_on(day)
    kept = aliased(Management)
    is_kept = exists().where(
        kept.person_id == Management.person_id,
        kept.kind.in_(MEASURES),
        kept.known_on <= day,
        or_(kept.ended_on.is_(None), kept.ended_on > day),
    )
    admitted = exists().where(
        Clearance.person_id == Management.person_id,
        Clearance.ended_on == day,
        Clearance.admitted_at >= Management.started_at,
    )

    def too_many(kinds: Sequence[str]) -> Any:
        among = and_(holds, kind.in_(kinds))
        return func.count(case((among, 1))) - func.count(distinct(case((among, Management.person_id))))

    return [
        too_many(CASES),
        too_many(MEASURES),
        func.count(distinct(case((and_(holds, kind.in_(MEASURES), admitted), Management.person_id)))),
        func.count(case((and_(kind.in_(MEASURES), Management.known_on == day), 1))),
        func.count(case((and_(kind.in_(MEASURES), Management.ended_on == day), 1))),
        func.count(case((and_(holds, kind == "close_contact", ~is_kept), 1))),
    ]


def managed_until(day: Any) -> ColumnElement[bool]:
    """As `managed_on`, the day on which it ended included."""
    return and_(Management.known_on <= day, or_(Management.ended_on.is_(None), Management.ended_on >= day))


def _finish(row: dict[str, int], place: tuple[int, date], due: Due | None) -> Figures:
    figures = Figures(**row)
    enrolled = figures.due
    if due is not None and not due.owes(*place):
        # Whoever reports on a quiet day is counted; nobody else is missing.
        figures = replace(
            figures,
            due=figures.reported + figures.exempt,
            staff_due=figures.staff_reported + figures.staff_exempt,
            classes_filed=0,
        )
    attends = due is not None and due.attends(*place)
    classes = 1 if figures.due and (due is None or due.owes(*place)) else 0
    figures = replace(
        figures,
        enrolled=enrolled,
        # Closed days have no classroom: whoever is due counts (domain 6.1); long leave is not expected at school.
        expected=figures.due - figures.exempt if attends else figures.due,
        classes=classes,
        classes_filed=min(classes, figures.classes_filed),
    )
    if not attends or not classes:
        return figures
    return replace(figures, present=figures.expected - figures.absences, absent=figures.absences)


@lru_cache(maxsize=128)
def _question(every_unit: bool, days: int) -> Question:
    """Asked for so many days, of every unit or of some; built once, for that costs many times what a school's takes to run."""
    return Question(lambda among: _statement(among, days, every_unit=every_unit))


def _statement(among: Among, count: int, *, every_unit: bool) -> Any:
    """Rows (source, day, unit, kind, thirteen numbers). Parameters: units, days, and each day with the one before it."""
    calendar = union_all(
        *(
            select(
                bindparam(f"day{place}", type_=Date()).label("day"),
                bindparam(f"before{place}", type_=Date()).label("before"),
            )
            for place in range(count)
        )
    ).subquery("calendar")
    day, before = calendar.c.day, calendar.c.before

    def rows(source: str, unit: Any, kind: Any, *numbers: Any, at: Any = day) -> Select[Any]:
        padded = [*numbers, *(literal(0) for _ in range(len(COUNTS) - len(numbers)))]
        named = [number.label(f"n{place}") for place, number in enumerate(padded)]
        made = select(
            literal(source).label("source"), at.label("day"), unit.label("unit_id"), kind.label("kind"), *named
        )
        return made if every_unit else made.where(among(unit, "units"))

    return union_all(
        _due(rows, calendar, day),
        rows(
            "counts",
            UnitDay.unit_id,
            UnitDay.kind,
            *(_column(UnitDay, name) for name in COUNTS),
            at=UnitDay.report_date,
        ).where(among(UnitDay.report_date, "days"), UnitDay.slot == SLOT),
        rows(
            "absences",
            Absence.unit_id,
            Person.kind,
            *(func.count(case((Absence.kind == kind, 1))) for kind in ABSENT),
            at=Absence.report_date,
        )
        .join(Person, Person.id == Absence.person_id)
        .where(among(Absence.report_date, "days"))
        .group_by(Absence.report_date, Absence.unit_id, Person.kind),
        _new_abnormal(rows, calendar, day, before),
        _alerts(rows, among),
        rows("managed", Enrolment.unit_id, Person.kind, *managed_numbers(day))
        .select_from(Management)
        .join(calendar, managed_on(day))
        .join(Person, Person.id == Management.person_id)
        .join(Enrolment, was_in(Management.person_id, day))
        .group_by(day, Enrolment.unit_id, Person.kind),
        rows("kept", Enrolment.unit_id, Person.kind, *kept_numbers(day))
        .select_from(Management)
        .join(calendar, managed_until(day))
        .join(Person, Person.id == Management.person_id)
        .join(Enrolment, was_in(Management.person_id, day))
        .group_by(day, Enrolment.unit_id, Person.kind),
        *_register(rows, calendar),
        rows("filed", Report.unit_id, literal("student"), literal(1), at=Report.report_date)
        .join(Unit, Unit.id == Report.unit_id)
        .where(
            Unit.kind == "class_unit",
            among(Report.report_date, "days"),
            Report.slot == SLOT,
            Report.status.in_(SIGNED),
        ),
    )


def _register(rows: Any, calendar: Any) -> Sequence[Any]:
    listed, away = listed_by_unit(calendar), away_by_unit(calendar)
    return (
        rows("listed", listed.c.unit_id, listed.c.kind, listed.c.persons, at=listed.c.day),
        rows("away", away.c.unit_id, away.c.kind, *(away.c[name] for name in AWAY_COLUMNS), at=away.c.day),
    )


def _column(table: Any, name: str) -> InstrumentedAttribute[int]:
    column: InstrumentedAttribute[int] = getattr(table, name)
    return column


def on_roster(day: Any) -> ColumnElement[bool]:
    """Whether an enrolment and its person count on `day` (a date or a column)."""
    return and_(
        Enrolment.from_date <= day,
        or_(Enrolment.to_date.is_(None), Enrolment.to_date > day),
        Person.joined_on <= day,
        or_(Person.left_on.is_(None), Person.left_on > day),
    )


def _due(rows: Any, calendar: Any, day: Any) -> Any:
    return (
        rows("due", Enrolment.unit_id, Person.kind, func.count())
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(calendar, on_roster(day))
        .group_by(day, Enrolment.unit_id, Person.kind)
    )


def _new_abnormal(rows: Any, calendar: Any, day: Any, before: Any) -> Any:
    """Abnormal today and not yesterday."""
    earlier = aliased(PersonDay)
    known = select(earlier.person_id).where(
        earlier.person_id == PersonDay.person_id,
        earlier.report_date == before,
        earlier.slot == SLOT,
        earlier.result.in_(ABNORMAL),
    )
    return (
        rows("new", PersonDay.unit_id, Person.kind, func.count())
        .select_from(PersonDay)
        .join(calendar, PersonDay.report_date == day)
        .join(Person, Person.id == PersonDay.person_id)
        .where(PersonDay.slot == SLOT, PersonDay.result.in_(ABNORMAL), ~known.exists())
        .group_by(day, PersonDay.unit_id, Person.kind)
    )


def _alerts(rows: Any, among: Among) -> Any:
    """Persons with an open red alert no report shows yet, and persons whose fever was judged not reportable.

    Words of danger without a number leave the person unreported; a case statement is nobody's fever. Neither may
    disappear behind a zero.
    """
    told = and_(
        PersonDay.person_id == Alert.person_id,
        PersonDay.report_date == Alert.report_date,
        PersonDay.slot == SLOT,
    )
    unseen = or_(
        Alert.code.in_(STATED),
        and_(Alert.code.in_(UNTIL_REPORTED), PersonDay.person_id.is_(None)),
    )
    return (
        rows(
            "alerts",
            Alert.unit_id,
            Person.kind,
            func.count(distinct(case((and_(Alert.outcome.is_(None), unseen), Alert.person_id)))),
            func.count(
                distinct(case((and_(Alert.code.in_(sorted(FEVERS)), Alert.reportable.is_(False)), Alert.person_id)))
            ),
            at=Alert.report_date,
        )
        .select_from(Alert)
        .join(Person, Person.id == Alert.person_id)
        .outerjoin(PersonDay, told)
        .where(among(Alert.report_date, "days"))
        .group_by(Alert.report_date, Alert.unit_id, Person.kind)
    )
