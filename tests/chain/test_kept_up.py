"""Figures and rates are kept up while people answer, and equal a recount of every single record, on both engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from math import ceil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from models.queries.due import due_in
from models.queries.figures.day_table import DayTable, day_table
from models.queries.figures.school import figures_by_school
from models.rules.check_in import Health
from models.rules.figures import total
from models.tables import Absence, Alert, CheckIn, Enrolment, Person, ReportVersion, Unit
from tests.cast import MONDAY, at
from tests.chain.compare import is_honest
from tests.jobs.helper import run
from tests.play import Play

FAMILIES = {"林林": "妈妈", "林森": "妈妈", "王乐乐": "奶奶", "李小明": "小明爸爸", "赵可": "可妈", "周舟": "舟妈"}
STAFF = ("陈老师", "孙主任", "报告人", "江畔报告人")
SIGNERS = {"陈老师": "三年级2班", "黄老师": "三年级1班", "卫老师": "七年级1班", "孙主任": "三年级"}
SIGNERS |= {"报告人": "红旗小学", "校长": "红旗小学", "江畔报告人": "江畔中学"}
minutes = st.integers(0, 90)
events = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from(sorted(FAMILIES)), st.sampled_from((365, 368, 379, 384)), minutes),
        st.tuples(st.just("correct"), st.sampled_from(sorted(FAMILIES)), st.sampled_from((365, 382)), minutes),
        st.tuples(st.just("staff"), st.sampled_from(STAFF), st.sampled_from((364, 381)), minutes),
        st.tuples(st.just("sign"), st.sampled_from(sorted(SIGNERS)), st.just(0), minutes),
        st.tuples(st.just("return"), st.sampled_from(("红旗小学", "江畔中学")), st.just(0), minutes),
        st.tuples(st.just("absent"), st.sampled_from(("林林", "王乐乐", "李小明")), st.just(0), minutes),
        st.tuples(st.just("ack"), st.sampled_from(("陈老师", "报告人", "江畔报告人")), st.just(0), minutes),
        st.tuples(st.just("judge"), st.sampled_from(sorted(FAMILIES)), st.just(0), minutes),
        st.tuples(st.just("time"), st.just(""), st.just(0), st.integers(60, 150)),
    ),
    min_size=4,
    max_size=16,
)
Events = list[tuple[str, str, int, int]]


def _live(play: Play, told: Events, day: date) -> None:
    """One day from 07:40; the lock falls when its time has come."""
    play.clock("07:40", day)
    locked = False
    for what, who, number, passes in told:
        play.now += timedelta(minutes=passes // 3 if what != "time" else passes)
        if play.now > at("22:00", day):
            break
        if not locked and play.now > at("11:30", day):
            moment, locked = play.now, True
            run(play, "day-lock", "11:30", day)
            play.now = moment
        if what in {"answer", "correct"}:
            play.say(FAMILIES[who], f"{'改 ' if what == 'correct' else ''}{who}{number / 10:.1f}")
        elif what == "staff":
            play.say(who, f"我{number / 10:.1f}")
        elif what == "sign":
            play.say(who, f"确认 {SIGNERS[who]}")
        elif what == "return":
            play.say("区报告人", f"退回 {who} 缺人")
        elif what == "absent":
            play.say("陈老师", f"缺勤 {who} 病假 感冒")
        elif what == "ack":
            play.say(who, "收到")
        elif what == "judge":
            play.say("江畔报告人" if who == "周舟" else "报告人", f"不需报告 {who} 普通感冒")


def _recount(connection: Connection, play: Play, day: date) -> dict[str, Counter[str]]:
    """What the schools' persons said, from each revision that was kept: kind → counts. Nothing that is kept up is read."""
    persons = {
        row.id: row.kind
        for row in connection.execute(
            select(Person.id, Person.kind)
            .join(Enrolment, Enrolment.person_id == Person.id)
            .join(Unit, Unit.id == Enrolment.unit_id)
            .where(Unit.school_id.is_not(None))
        )
    }
    counts = {"student": Counter[str](), "staff": Counter[str]()}
    for kind in persons.values():
        counts[kind]["due"] += 1
    first: dict[int, datetime] = {}
    newest: dict[int, tuple[tuple[datetime, int], Health]] = {}
    for row in connection.execute(select(CheckIn).where(CheckIn.report_date == day)):
        if row.person_id in persons:
            first[row.person_id] = min(row.sent_at, first.get(row.person_id, row.sent_at))
            health = Health.from_json(play.vault.open_json("check_ins.health", row.health))
            newest[row.person_id] = max(
                newest.get(row.person_id, ((row.sent_at, -1), health)), ((row.sent_at, row.msg_id), health),
                key=lambda one: one[0],
            )  # fmt: skip
    for person_id, moment in first.items():
        mine = counts[persons[person_id]]
        mine["reported"] += moment <= at("11:30", day)
        mine["on_time"] += moment <= at("09:00", day)
        mine["fever"] += (newest[person_id][1].tenths or 0) >= 373
    return counts


def _wrong(connection: Connection, play: Play, day: date, table: DayTable) -> Iterator[str]:
    counts = _recount(connection, play, day)
    pupils, staff = counts["student"], counts["staff"]
    for name in ("due", "reported", "on_time", "fever"):
        if getattr(table.figures, name) != pupils[name]:
            yield f"{name}: {getattr(table.figures, name)}, and {pupils[name]} of the records"
        if getattr(table.figures, f"staff_{name}") != staff[name]:
            yield f"staff_{name}: {getattr(table.figures, f'staff_{name}')}, and {staff[name]} of the records"
    signed: dict[int, datetime] = {}
    for row in connection.execute(
        select(ReportVersion.unit_id, ReportVersion.at)
        .join(Unit, Unit.id == ReportVersion.unit_id)
        .where(ReportVersion.report_date == day, ReportVersion.by_person_id.is_not(None), Unit.kind == "school")
        .where(ReportVersion.status.in_(("submitted", "accepted", "amended")))
        .order_by(ReportVersion.version)
    ):
        signed.setdefault(row.unit_id, row.at)
    filed, on_time = len(signed), sum(moment <= at("10:30", day) for moment in signed.values())
    zeros = sum(one.is_zero for one in table.rows)
    qualified = sum(one.zero_kind == "qualified" for one in table.rows)
    sick = connection.execute(
        select(Absence.entered_at, Absence.followed_up_at).where(Absence.report_date == day, Absence.kind == "sick")
    ).all()
    asked = sum(row.followed_up_at is not None for row in sick)
    truth = {
        "completeness": (pupils["reported"], pupils["due"]),
        "timeliness": (pupils["on_time"], pupils["due"]),
        "staff_completeness": (staff["reported"], staff["due"]),
        "staff_timeliness": (staff["on_time"], staff["due"]),
        "filing": (filed, len(table.rows)),
        "filing_on_time": (on_time, len(table.rows)),
        "zero": (zeros, len(table.rows)),
        "qualified_zero": (qualified, zeros),
        "follow_up": (asked, len(sick)),
    }
    for name, (part, whole) in truth.items():
        if not is_honest(table.rates[name], part, whole):
            yield f"{name}: {table.rates[name]}, and {part} of {whole}"
    if zeros > filed:
        yield f"{zeros} zeros of {filed} that filed"
    if table.rates["alert_p90"] != (said := _nine_of_ten(connection, day)):
        yield f"alert_p90: {table.rates['alert_p90']}, and {said}"


def _nine_of_ten(connection: Connection, day: date) -> str:
    """The shortest time within which nine of ten alerts were acknowledged, by trying each."""
    waits = [
        None
        if row.acknowledged_at is None
        else max(0, ceil((row.acknowledged_at - row.raised_at).total_seconds() / 60))
        for row in connection.execute(
            select(Alert.raised_at, Alert.acknowledged_at)
            .join(Unit, Unit.id == Alert.unit_id)
            .where(Alert.report_date == day, Unit.school_id.is_not(None))
        )
    ]
    if not waits:
        return "—"
    known = sorted(wait for wait in waits if wait is not None)
    for within in known:
        if 10 * sum(wait <= within for wait in known) >= 9 * len(waits):
            return f"{within}分钟"
    return f"未达（{len(waits) - len(known)}条未确认）"


def _holds(play: Play, examples: int) -> None:
    """Each example has a day of its own, so that one database serves them all."""
    days = (MONDAY + timedelta(days=number) for number in count())

    @settings(max_examples=examples, deadline=None, derandomize=examples < 50, suppress_health_check=list(HealthCheck))
    @given(events)
    def check(told: Events) -> None:
        day = next(days)
        _live(play, told, day)
        with play.database.read() as connection:
            units = play.units.get(connection)
            due = due_in(connection, units, play.district)
            table = day_table(connection, units, play.district, due, day, play.now)
            wrong = list(_wrong(connection, play, day, table))
            assert total(figures_by_school(connection, units, [day], due).values()) == table.figures
        assert not wrong, "\n".join(wrong)

    check()


def test_figures_and_rates_equal_a_recount_after_whatever_was_said(play_on_both: Play) -> None:
    _holds(play_on_both, 6)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_figures_and_rates_equal_a_recount_after_many_more_days(play_on_both: Play) -> None:
    _holds(play_on_both, 80)


def test_a_day_on_which_nothing_is_due_has_no_rates(play_on_both: Play) -> None:
    play = play_on_both
    with play.database.read() as connection:
        units = play.units.get(connection)
        due = due_in(connection, units, play.district)
        before = day_table(connection, units, play.district, due, date(2025, 7, 1), play.now)
    assert set(before.rates.values()) == {"—"}


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_honest_is_told_from_dishonest(part: int, more: int) -> None:
    """The judge of the rates is judged: half up, never whole while somebody is missing, and nothing for nothing due."""
    whole = part + more
    assert not is_honest("100.0%", part, whole + 1)
    assert not is_honest("—", part, whole + 1)
    assert not is_honest("100.0%", 0, 0)
    assert is_honest("99.9%", 9996, 10000)
    assert is_honest("66.7%", 2, 3)
    assert not is_honest("66.6%", 2, 3)
