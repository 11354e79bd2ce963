"""A01–A17: the nearest case that raises each and the nearest that does not, who is told, and what the clock does.

The table is the domain handbook's (5.7), written out here again so that the product's own is held against it.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from models.actions.regions import add_regions
from models.database import Database
from models.rules.district import KeyRegion
from models.tables import Alert, CheckIn, Outbox, Post
from tests.cast import MONDAY, SCHOOL_YEAR, at
from tests.conversations.test_check_in_alerts import alerts
from tests.jobs.helper import run
from tests.play import Play

#: Who holds each role of the table over 王乐乐, 林林 and 赵可 (the last two posts are given below).
HOLDS = {
    "school_doctor": "校医",
    "designated_reporter": "报告人",
    "principal": "校长",
    "grade_head": "孙主任",
    "duty_leader": "教务",
    "wg_emergency": "应急组",
    "wg_isolation": "局领导",
    "district_officer": "区报告人",
}
TEACHERS = {"王乐乐": "陈老师", "林林": "陈老师", "赵可": "黄老师"}


@dataclass(frozen=True)
class Case:
    """One row of the table. Lines: "day clock who: text", or "day clock job name"; day 0 is the Monday.

    no: what comes as near as can be and raises nothing; yes: what raises it, last line last.
    """

    code: str
    level: str
    told: str
    no: str
    yes: str
    person: str = "王乐乐"


SCHOOL = "teacher school_doctor designated_reporter"
OBSERVED = (
    "\n0 07:00 报告人: 密接 王乐乐 区疾控电话通知 3月2日06:50\n0 07:00 报告人: 隔离 王乐乐 居家 3月1日 区疾控通知"
)
TABLE = (
    Case("A01", "red", SCHOOL, "0 08:10 奶奶: 37.2", "0 08:20 奶奶: 37.3"),
    Case("A02", "red+", f"{SCHOOL} duty_leader", "0 08:10 奶奶: 38.9 没精神", "0 08:20 奶奶: 39.0 没精神"),
    Case(
        "A03",
        "red+",
        f"{SCHOOL} principal wg_isolation",
        "0 08:10 奶奶: 37.2 昨天从武汉回来",
        "0 08:20 奶奶: 37.3",
    ),
    Case(
        "A04",
        "red+",
        f"{SCHOOL} principal district_officer wg_isolation",
        "0 08:10 奶奶: 36.5 社区说孩子不是密接",
        "0 08:20 奶奶: 社区通知孩子是密接",
    ),
    Case(
        "A05",
        "red",
        "teacher designated_reporter",
        "0 08:10 奶奶: 36.5 孩子爸爸发烧了",
        "0 08:20 奶奶: 孩子爸爸确诊了",
    ),
    Case("A06", "yellow", "teacher", "0 09:10 奶奶: 36.5 不咳嗽", "0 09:20 奶奶: 改 36.5 有点咳嗽"),
    Case(
        "A07",
        "orange",
        "teacher school_doctor",
        "0 09:10 奶奶: 36.5 咳嗽 流鼻涕",
        "0 09:20 奶奶: 还拉肚子",
    ),
    Case(
        "A08",
        "orange",
        "teacher wg_isolation",
        "-1 08:10 奶奶: 36.5 昨天从武汉回来，正在居家隔离",
        "0 08:20 奶奶: 36.5 前天从武汉回来",
    ),
    Case("A09", "yellow", "teacher", "0 08:10 奶奶: 36.5 一直没出门", "0 08:20 奶奶: 昨天从长春回来"),
    Case("A10", "orange", "teacher", "0 08:10 奶奶: 36.5 爷爷咳嗽", "0 08:20 奶奶: 爷爷发烧了"),
    Case(
        "A11",
        "red+",
        "school_doctor designated_reporter principal wg_emergency",
        "0 08:10 小明爸爸: 36.5 拉肚子\n0 08:10 爸爸: 36.5 拉肚子",
        "0 08:20 奶奶: 36.5 拉肚子",
    ),
    Case(
        "A12",
        "orange",
        "contact_officer",
        f"{OBSERVED}\n0 08:10 奶奶: 36.5 没有不舒服\n0 10:30 job observation-check",
        "0 20:30 job observation-check",
    ),
    Case(
        "A13",
        "red",
        "duty_leader teacher school_doctor",
        "0 08:10 奶奶: 37.2\n0 08:11 校医: 到校 王乐乐",
        "0 08:20 奶奶: 请病假 牙疼\n0 08:21 校长: 到校 王乐乐",
    ),
    Case("A14", "orange", "teacher", "0 08:10 妈妈: 林林36.5 没有不舒服", "0 08:20 爸爸: 36.5 有点咳嗽", person="林林"),
    Case("A15", "red", SCHOOL, "0 08:10 奶奶: 36.8 没吃退烧药", "0 08:20 奶奶: 刚才吃了退烧药，现在36.8"),
    Case(
        "A16",
        "orange",
        "teacher grade_head",
        "0 08:10 可妈: 36.5\n1 10:30 job daily-watch",
        "2 10:30 job daily-watch",
        person="赵可",
    ),
    Case(
        "A17",
        "grey",
        "teacher",
        "\n".join(f"{day} 08:10 可妈: 36.{4 if day == -2 else 5}" for day in range(-2, 5))
        + "\n4 10:30 job daily-watch",
        "\n".join(f"{day} 08:10 可妈: 36.5" for day in range(5, 12)) + "\n11 10:30 job daily-watch",
        person="赵可",
    ),
)
_LINE = re.compile(r"(-?\d+) (\d\d:\d\d) (?:job (\S+)|(\S+): (.*))")


def act(play: Play, script: str) -> datetime:
    """Play the lines; gives the moment of the last one."""
    for line in script.strip().splitlines():
        day, clock, job, who, text = _LINE.fullmatch(line).groups()  # type: ignore[union-attr]
        on: date = MONDAY + timedelta(days=int(day))
        play.clock(clock, on)
        if job:
            run(play, job, clock, on)
        else:
            play.say(who, text)
    return at(clock, on)


def stage(database: Database) -> Play:
    """The cast with a duty leader, somebody of the isolation group, and 武汉 on the list."""
    play = Play(database)
    with play.database.write() as connection:
        for who, role, unit in (("教务", "duty_leader", "红旗小学"), ("局领导", "wg_isolation", "春江区教育局")):
            person, place = play.cast.people[who], play.cast.units[unit]
            connection.execute(
                insert(Post).values(person_id=person, role=role, title=role, unit_id=place, from_date=SCHOOL_YEAR)
            )
        work = play.work(connection)
        add_regions(work, [KeyRegion("武汉市", "420100", MONDAY - timedelta(days=20))], "test")
        work.flush()
    return play


def pushes(play: Play) -> Counter[str]:
    """How many alert messages everybody is owed."""
    names = {number: name for name, number in play.cast.accounts.items()}
    with play.database.read() as connection:
        return Counter(
            names[account]
            for account in connection.execute(select(Outbox.account_id).where(Outbox.kind == "alert")).scalars()
        )


def people(case: Case) -> set[str]:
    """Who is told, by the handbook's column."""
    teacher = TEACHERS[case.person]
    return {teacher if role in ("teacher", "contact_officer") else HOLDS[role] for role in case.told.split()}


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.code)
def test_the_nearest_case_raises_it_and_the_nearest_other_does_not(case: Case, sqlite: Database) -> None:
    play = stage(sqlite)
    act(play, case.no)
    assert (case.person, case.code) not in alerts(play)
    before = pushes(play)
    act(play, case.yes)
    found = alerts(play)[case.person, case.code]
    assert found["level"] == case.level
    told = {
        TEACHERS[case.person] if role in ("head_teacher", "contact_officer") else HOLDS[role]
        for role in found["told"].split(",")
    }
    # More may be told than the table says (A02: the reporter, who judges), never fewer.
    assert people(case) <= told
    assert told - people(case) <= ({"报告人"} if case.code == "A02" else set())
    speaker = {"校长"} if case.code == "A13" else set()
    assert set(pushes(play) - before) >= people(case) - speaker


@pytest.mark.parametrize(
    "case", [case for case in TABLE if case.level not in ("yellow", "grey")], ids=lambda case: case.code
)
def test_it_is_repeated_by_the_clock_until_one_says_received(case: Case, sqlite: Database) -> None:
    play = stage(sqlite)
    act(play, case.no)
    settle(play)
    raised = act(play, case.yes)
    grace = timedelta(minutes=30 if case.level == "orange" else 0)
    first = raised + grace + timedelta(minutes=5, seconds=59)

    def tick(moment: datetime) -> Counter[str]:
        before = pushes(play)
        run(play, "alert-follow-up", f"{play.district.local(moment):%H:%M:%S}", play.district.day_of(moment))
        return pushes(play) - before

    teacher = TEACHERS[case.person]
    assert teacher not in tick(raised + grace + timedelta(minutes=4))
    assert people(case) <= set(tick(first))
    if case.level == "red+":  # starts one level higher
        assert {"陈老师", "校医"} & set(tick(first + timedelta(minutes=5)))
    someone = sorted(people(case))[0]
    said = play.say(someone, "收到")
    assert case.person in said or "已记下您收到" in said
    for other in sorted(people(case))[1:]:
        play.say(other, "收到")
    assert teacher not in tick(first + timedelta(minutes=60))
    assert alerts(play)[case.person, case.code]["acknowledged_by"] is not None


def settle(play: Play) -> None:
    """Whatever the near case has raised of other codes is taken on, so that only the clock of the case runs."""
    for who in ("陈老师", "黄老师", "校医", "报告人", "局领导"):
        play.say(who, "收到")


def test_nobody_answers_and_the_next_ones_hear_up_to_the_bureau(sqlite: Database) -> None:
    play = stage(sqlite)
    raised = act(play, "0 08:20 奶奶: 36.5 爷爷发烧了")  # orange: its clock begins after half an hour
    heard = {}
    for minutes in (35, 40, 50, 75):
        before = pushes(play)
        moment = raised + timedelta(minutes=minutes, seconds=10)
        run(play, "alert-follow-up", f"{play.district.local(moment):%H:%M:%S}")
        heard[minutes] = set(pushes(play) - before)
    assert heard[35] == {"陈老师"}
    assert {"陈老师", "校医"} <= heard[40]
    assert {"教务", "校长"} <= heard[50]
    assert "区报告人" in heard[75]


ANSWERED = [case for case in TABLE if "job" not in case.yes and case.code != "A13"]


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case.code)
def test_the_same_said_again_is_the_same_alert_with_no_new_call(case: Case, sqlite: Database) -> None:
    play = stage(sqlite)
    if case.code in ("A03", "A07", "A11", "A14"):
        act(play, case.no)
    act(play, case.yes)
    first, calls = alerts(play)[case.person, case.code], pushes(play)
    again = re.sub(r" 08:20 ", " 08:40 ", re.sub(r" 09:20 ", " 09:40 ", case.yes.replace("改 ", "")))
    act(play, again)
    second = alerts(play)[case.person, case.code]
    assert (second["version"], second["facts"]) == (first["version"], first["facts"])
    assert pushes(play) == calls


@pytest.mark.parametrize(
    "case", [one for one in ANSWERED if one.code in {"A01", "A04", "A08", "A11", "A14"}], ids=lambda case: case.code
)
def test_it_is_raised_in_the_transaction_of_its_answer(case: Case, sqlite: Database) -> None:
    play = stage(sqlite)
    *before, last = [*case.no.splitlines(), *case.yes.splitlines()]
    act(play, "\n".join(before))
    rows = count(play)
    day, clock, _, who, text = _LINE.fullmatch(last).groups()  # type: ignore[union-attr]
    play.clock(clock, MONDAY + timedelta(days=int(day)))
    message = play.incoming(who, text)
    with contextlib.suppress(ZeroDivisionError), play.database.write() as connection:
        play.dispatcher.answer([message], play.work(connection))
        raise ZeroDivisionError
    assert count(play) == rows
    play.turn(message)
    assert all(after > earlier for after, earlier in zip(count(play)[1:], rows[1:], strict=True))
    assert (case.person, case.code) in alerts(play)


def count(play: Play) -> tuple[int, ...]:
    with play.database.read() as connection:
        return tuple(len(connection.execute(select(table.__table__)).all()) for table in (CheckIn, Alert, Outbox))


@pytest.mark.parametrize(
    ("lines", "code", "day"),
    [
        pytest.param("0 15:00 奶奶: 38.2", "A01", 0, id="after the lock"),
        pytest.param("0 22:30 奶奶: 38.2", "A01", 0, id="at night"),
        pytest.param("0 08:10 奶奶: 386", "A01", 0, id="unconfirmed"),
        pytest.param("0 08:10 奶奶: 36.5\n0 08:20 奶奶: 改 38.2", "A01", 0, id="a correction upwards"),
        pytest.param("0 08:10 奶奶: 昨天38.5\n0 08:11 奶奶: 是", "A01", -1, id="filled in afterwards"),
    ],
)
def test_late_unconfirmed_and_corrected_answers_raise_it_too(lines: str, code: str, day: int, sqlite: Database) -> None:
    play = stage(sqlite)
    act(play, lines)
    assert alerts(play)["王乐乐", code]["day"] in (MONDAY, MONDAY + timedelta(days=day))
    assert pushes(play)["陈老师"] >= 1


def test_yesterday_s_fever_told_today_is_one_alert_and_calls_everybody_once(play_on_both: Play) -> None:
    play = play_on_both
    act(play, "0 08:10 奶奶: 昨天38.1")
    calls = pushes(play)
    assert calls["校医"] == calls["报告人"] == calls["陈老师"] == 1
    act(play, "0 08:11 奶奶: 是")
    assert [(person, code) for person, code in alerts(play) if code == "A01"] == [("王乐乐", "A01")]
    with play.database.read() as connection:
        rows = connection.execute(select(Alert.report_date, Alert.code)).all()
        kept = connection.execute(select(CheckIn.report_date)).scalars().all()
    assert [tuple(row) for row in rows] == [(MONDAY, "A01")]
    assert kept == [MONDAY - timedelta(days=1)]
    # The class's teacher hears the number; nobody else is called again for it.
    assert pushes(play) == calls + Counter({"陈老师": 1})
    assert "3月1日38.1℃" in play.owed("陈老师")[-1]


def test_a_fever_alerted_yesterday_is_followed_up_by_today_s_own_alert(play: Play) -> None:
    act(play, "-1 08:10 奶奶: 38.1\n0 08:10 奶奶: 昨天38.1，今早36.8\n0 08:11 奶奶: 对")
    with play.database.read() as connection:
        rows = connection.execute(select(Alert.report_date, Alert.code).order_by(Alert.report_date)).all()
    assert [tuple(row) for row in rows] == [(MONDAY - timedelta(days=1), "A01"), (MONDAY, "A01")]
