"""Schools summed by the database, and kept-up counters: both equal a count from scratch, whatever happened."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from models.actions import roster_steps
from models.actions.trail import bump
from models.queries.due import due_in
from models.queries.figures.school import BRIEF, EVERYTHING, OVERVIEW, district_days, figures_by_school, schools_due
from models.queries.figures.schools import sums_on, unfiled_on
from models.queries.figures.unit import figures_by_unit
from models.queries.reports import reports_on
from models.rules.figures import total
from models.tables import Absence, Alert, CalendarMode, Enrolment, Person, PersonDay, Report, UnitDay
from tests.cast import MONDAY, at
from tests.play import Play

DAYS = [MONDAY - timedelta(days=1), MONDAY, MONDAY + timedelta(days=1)]
CLASSES = ["红旗小学/三年级/1班", "红旗小学/三年级/2班", "红旗小学/五年级/1班", "江畔中学/七年级/1班"]
days = st.sampled_from(DAYS)
events = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(0, 5), st.integers(0, 3), days),
        st.tuples(st.just("leave"), st.integers(0, 20), st.just(0), days),
        st.tuples(st.just("join"), st.integers(0, 20), st.just(0), days),
        st.tuples(st.just("absent"), st.integers(0, 20), st.integers(0, 3), days),
        st.tuples(st.just("alert"), st.integers(0, 20), st.integers(0, 3), days),
        st.tuples(st.just("sick"), st.integers(0, 20), st.integers(0, 1), days),
        st.tuples(st.just("count"), st.integers(0, 9), st.integers(0, 6), days),
        st.tuples(st.just("sign"), st.integers(0, 9), st.integers(0, 2), days),
        st.tuples(st.just("mode"), st.integers(0, 9), st.integers(0, 2), days),
    ),
    max_size=14,
)


def _happen(connection: Connection, play: Play, told: list[tuple[str, int, int, date]]) -> None:
    """Put rows where the actions would; the last of each kind, person and day stands."""
    people = connection.execute(select(Person.id, Person.kind, Person.unit_id).order_by(Person.id)).all()
    for number, (what, who, how, day) in enumerate(told):
        person = people[who % len(people)]
        unit = sorted(play.cast.units.values())[who % 10]
        if what == "move":
            lasting = (Enrolment.person_id == person.id) & Enrolment.to_date.is_(None)
            begun = connection.execute(select(Enrolment.from_date).where(lasting)).scalar_one_or_none()
            if begun is not None and begun < day:
                connection.execute(update(Enrolment).where(lasting).values(to_date=day))
                target = play.cast.units[CLASSES[how]]
                connection.execute(insert(Enrolment).values(person_id=person.id, unit_id=target, from_date=day))
        elif what in {"leave", "join"}:
            name = "left_on" if what == "leave" else "joined_on"
            connection.execute(update(Person).where(Person.id == person.id).values({name: day}))
        elif what == "absent":
            key = (Absence.person_id == person.id) & (Absence.report_date == day)
            connection.execute(delete(Absence).where(key))
            kind = ("sick", "personal", "isolation", "unexplained")[how]
            row = {"person_id": person.id, "report_date": day, "unit_id": person.unit_id, "kind": kind}
            connection.execute(insert(Absence).values(**row, entered_at=at("09:00", day)))
        elif what == "alert":
            code = ("A01", "A02", "A03", "A15")[how]
            key = (Alert.person_id == person.id) & (Alert.report_date == day) & (Alert.code == code)
            connection.execute(delete(Alert).where(key))
            moment = at("08:00", day)
            row = {"person_id": person.id, "report_date": day, "code": code, "level": "red", "unit_id": person.unit_id}
            row |= {"facts": b"x", "raised_at": moment, "updated_at": moment, "clock_from": moment}
            row |= {"reportable": False if who % 2 else None, "outcome": "excluded" if who % 3 == 0 else None}
            row |= {"version": 1, "told": "", "steps_done": 0}
            connection.execute(insert(Alert).values(**row))
        elif what == "sick":
            key = (PersonDay.person_id == person.id) & (PersonDay.report_date == day)
            connection.execute(delete(PersonDay).where(key))
            row = {"person_id": person.id, "report_date": day, "slot": "am", "unit_id": person.unit_id}
            row |= {"state": "reported", "result": ("fever", "symptomatic")[how], "marks": "", "revision": 1}
            row |= {"revisions": 1, "newest_sent_at": at("08:00", day), "newest_msg_id": number}
            connection.execute(insert(PersonDay).values(**row, first_sent_at=at("08:00", day)))
        elif what == "count":
            kind = "student" if who % 2 else "staff"
            key = (UnitDay.unit_id == unit) & (UnitDay.report_date == day) & (UnitDay.kind == kind)
            connection.execute(delete(UnitDay).where(key))
            row = {"reported": how, "on_time": how // 2, "fever": how % 2, "exempt": how % 3, "abroad": how // 3}
            connection.execute(insert(UnitDay).values(unit_id=unit, report_date=day, slot="am", kind=kind, **row))
        elif what == "sign":
            key = (Report.unit_id == unit) & (Report.report_date == day)
            connection.execute(delete(Report).where(key))
            status = ("submitted", "draft", "locked")[how]
            row = {"unit_id": unit, "report_date": day, "slot": "am", "status": status}
            connection.execute(insert(Report).values(**row, first_filed_at=at("09:10", day) if how != 1 else None))
        elif what == "mode":
            mode = ("school_day", "holiday_quiet", "closed_campus")[how]
            row = {"unit_id": unit, "mode": mode, "from_date": day, "set_at": at("08:00", day), "set_by": "test"}
            connection.execute(insert(CalendarMode).values(**row))


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(events, st.booleans())
def test_a_school_summed_by_the_database_is_the_sum_of_its_units(
    play_on_both: Play, told: list[tuple[str, int, int, date]], summed: bool
) -> None:
    play = play_on_both
    with play.database.engine.connect() as connection, connection.begin() as everything:
        _happen(connection, play, told)
        work = play.work(connection)
        if summed:  # else the roster is newer than its steps, and is counted person by person
            bump(work, "roster")
            roster_steps.sum_up(work)
        due = due_in(connection, work.units, play.district)
        parts = figures_by_unit(connection, None, DAYS, due)
        made = figures_by_school(connection, work.units, DAYS, due)
        for school in work.units.schools():
            for day in DAYS:
                below = [parts[unit.id, day] for unit in work.units.within(school.id) if (unit.id, day) in parts]
                assert made.get((school.id, day)) == (total(below) if below else None), (school.name, day)
        everything.rollback()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(events, st.booleans(), st.sampled_from([EVERYTHING, OVERVIEW, BRIEF]))
def test_a_district_summed_by_the_database_is_the_sum_of_its_schools(
    play_on_both: Play, told: list[tuple[str, int, int, date]], summed: bool, parts: frozenset[str]
) -> None:
    play = play_on_both
    with play.database.engine.connect() as connection, connection.begin() as everything:
        _happen(connection, play, told)
        work = play.work(connection)
        if summed:
            bump(work, "roster")
            roster_steps.sum_up(work)
        due = due_in(connection, work.units, play.district)
        schools = sums_on(connection, work.units, DAYS, due, parts=parts)
        made = district_days(connection, work.units, DAYS, due, parts=parts)
        for day in DAYS:
            assert made[day].schools == {one.school.id for one in schools[day]}
            assert made[day].figures == total(one.figures for one in schools[day]), day
            assert schools_due(connection, work.units, day, due) == made[day].schools
        everything.rollback()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(events, st.booleans())
def test_the_open_classes_are_those_with_pupils_and_without_a_signature(
    play_on_both: Play, told: list[tuple[str, int, int, date]], summed: bool
) -> None:
    play = play_on_both
    with play.database.engine.connect() as connection, connection.begin() as everything:
        _happen(connection, play, told)
        work = play.work(connection)
        if summed:
            bump(work, "roster")
            roster_steps.sum_up(work)
        due = due_in(connection, work.units, play.district)
        parts = figures_by_unit(connection, None, [MONDAY], due)
        reports = reports_on(connection, None, [MONDAY])
        open_classes = [
            unit.id
            for school in work.units.schools()
            for unit in work.units.classes(school.id)
            if (one := parts.get((unit.id, MONDAY))) is not None
            and one.classes
            and not ((report := reports.get((unit.id, MONDAY))) and report.is_signed)
        ]
        found = unfiled_on(connection, work.units, MONDAY, due)
        assert [unit.id for school in work.units.schools() for unit in found.get(school.id, ())] == open_classes
        everything.rollback()
