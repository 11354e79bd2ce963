"""A pupil moves to another class or school: what is open goes along, past days stay where they were."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import insert, select, update

from models.actions.roster import settle
from models.queries.due import due_of
from models.queries.figures.unit import figures_by_unit
from models.tables import Clearance, Enrolment, Incident, IncidentStep, KeyPerson, Management, Person
from tests.cast import MONDAY
from tests.jobs.helper import run
from tests.play import Play

TUESDAY = MONDAY + timedelta(days=1)
OLD, GRADE, SCHOOL = "红旗小学/三年级/2班", "红旗小学/三年级/1班", "江畔中学/七年级/1班"


def move(play: Play, child: str, to: str, day: date) -> None:
    """As a roster says it, and the beginning of the day makes it so."""
    person = play.cast.people[child]
    with play.database.write() as connection:
        connection.execute(update(Enrolment).where(Enrolment.person_id == person).values(to_date=day))
        connection.execute(
            insert(Enrolment).values(person_id=person, unit_id=play.cast.units[to], from_date=day, to_date=None)
        )
    run(play, "day-begin", "00:01", day)


def places(play: Play) -> set[int]:
    with play.database.read() as connection:
        return {
            unit
            for table in (Management, KeyPerson, Incident, Clearance)
            for unit in connection.execute(select(table.unit_id).where(table.person_id.is_not(None))).scalars()
        }


def watched(play: Play) -> None:
    """李小明: an incident, a close contact at home, with everything that belongs to it."""
    play(
        "【08:10】\n小明爸爸: 38.5，社区通知我们是密接\n报告人: 密接 李小明 区疾控电话通知 3月2日08:00\n"
        "报告人: 隔离 李小明 居家 3月1日 区疾控通知\n报告人: 联系人 李小明 陈静"
    )
    assert places(play) == {play.cast.units[OLD]}


def test_what_is_open_goes_along_into_another_class(play_on_both: Play) -> None:
    play = play_on_both
    watched(play)
    move(play, "李小明", GRADE, TUESDAY)
    assert places(play) == {play.cast.units[GRADE]}
    play.clock("08:00", TUESDAY)
    assert "李小明" in play.say("黄老师", "在管")
    assert "李小明" not in play.say("陈老师", "在管")
    assert "李小明" in play.say("黄老师", "事件 1")
    assert "李小明" not in play.say("陈老师", "事件 1")
    assert "李小明" in play.say("黄老师", "重点人员")
    with play.database.read() as connection:
        owners = set(
            connection.execute(
                select(IncidentStep.owner_id).where(IncidentStep.state == "open", IncidentStep.step == "held")
            ).scalars()
        )
    assert owners == {play.cast.people["黄老师"]}
    # A missed check reaches the new class's teacher, not the one who was assigned before.
    before = len(play.owed("陈老师"))
    run(play, "observation-check", "10:30", TUESDAY)
    assert any("漏测" in text and "李小明" in text for text in play.owed("黄老师"))
    assert not any("漏测" in text for text in play.owed("陈老师")[before:])


def test_past_days_count_people_where_they_were_then(play_on_both: Play) -> None:
    play = play_on_both
    watched(play)

    def counted(day: date) -> dict[str, tuple[int, int]]:
        with play.database.read() as connection:
            work = play.work(connection)
            found = figures_by_unit(connection, None, [day], due_of(work))
        names = {number: path for path, number in play.cast.units.items()}
        return {
            names[unit]: (figures.close_contact, figures.key_persons)
            for (unit, _), figures in found.items()
            if figures.close_contact or figures.key_persons
        }

    before = counted(MONDAY)
    assert before == {OLD: (1, 2)} or before == {OLD: (1, 1)}
    move(play, "李小明", SCHOOL, TUESDAY)
    assert counted(MONDAY) == before
    assert set(counted(TUESDAY)) == {SCHOOL}


def test_a_move_ahead_of_its_day_takes_nothing_along_yet(play: Play) -> None:
    watched(play)
    person = play.cast.people["李小明"]
    with play.database.write() as connection:
        connection.execute(update(Enrolment).where(Enrolment.person_id == person).values(to_date=TUESDAY))
        connection.execute(
            insert(Enrolment).values(person_id=person, unit_id=play.cast.units[GRADE], from_date=TUESDAY)
        )
        assert settle(play.work(connection), MONDAY) == 0
    assert places(play) == {play.cast.units[OLD]}
    with play.database.read() as connection:
        assert connection.execute(select(Person.unit_id).where(Person.id == person)).scalar() == play.cast.units[OLD]
