"""The chain as a machine: parents, teachers, heads, reporters and the clock in any order; the books stay sound."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models.database import Database, database_url
from tests.cast import MONDAY, PUPILS, at
from tests.chain.books import Truth, audit
from tests.jobs.helper import run
from tests.play import Play

CHILDREN = {"林林": "妈妈", "林森": "妈妈", "王乐乐": "奶奶", "李小明": "小明爸爸", "赵可": "可妈", "周舟": "舟妈"}
CLASS = {name: path for name, _, _, path in PUPILS}
TEACHERS = {"陈老师": ("林林", "王乐乐", "李小明"), "黄老师": ("赵可",), "吴老师": ("林森",), "卫老师": ("周舟",)}
SHOWS = {**dict.fromkeys(TEACHERS, "班级"), "孙主任": "年级", "教务": "年级"}
SHOWS |= dict.fromkeys(("报告人", "副报告人", "校长", "江畔报告人", "江畔校长"), "零报告")
STAFF = ("陈老师", "孙主任", "教务", "报告人", "卫老师", "江畔报告人")
RETURNS = {"孙主任": "三年级2班", "教务": "三年级", "报告人": "五年级1班", "区报告人": "红旗小学"}
READINGS = (365, 368, 371, 373, 379, 384)
FEVER = 373


class Chain(RuleBasedStateMachine):
    """Three days at most; the test keeps its own account of who has a fever and who was heard."""

    make: Callable[[], Database]

    def __init__(self) -> None:
        super().__init__()
        self.database = type(self).make()
        self.play = Play(self.database)
        self.now: datetime = at("08:00")
        self.day: date = MONDAY
        self.closed: set[date] = set()
        self.readings: dict[tuple[date, str], list[int]] = {}
        self.heard: set[tuple[date, str]] = set()

    def teardown(self) -> None:
        self.database.close()

    def _say(self, who: str, text: str) -> str:
        self.play.now = self.now
        said = self.play.say(who, text)
        self.now = self.play.now
        return said

    @initialize(signed=st.booleans())
    def begin(self, signed: bool) -> None:
        """Half of the days begin with everybody heard and every level signed: what may go wrong comes after that."""
        self.now = at("09:10")
        if signed:
            for child in CHILDREN:
                self.a_parent_answers(child, 365, corrects=False)
            for who in (*TEACHERS, "孙主任", "报告人", "江畔报告人"):
                self._say(who, SHOWS[who])
                assert self._say(who, "确认").startswith("已")

    @rule(child=st.sampled_from(sorted(CHILDREN)), tenths=st.sampled_from(READINGS), corrects=st.booleans())
    def a_parent_answers(self, child: str, tenths: int, corrects: bool) -> None:
        place, known = (self.day, child), self.readings.get((self.day, child))
        said = self._say(CHILDREN[child], f"{'改 ' if corrects and known else ''}{child}{tenths / 10:.1f}")
        assert not [other for other in CHILDREN if other in said and CHILDREN[other] != CHILDREN[child]]
        self.readings[place] = [tenths] if corrects or not known else [*known, tenths]
        if self.day not in self.closed:
            self.heard.add(place)

    @rule(
        teacher=st.sampled_from(sorted(TEACHERS)),
        number=st.integers(0, 2),
        kind=st.sampled_from(("病假 咳嗽", "事假", "取消")),
    )
    def a_teacher_enters_an_absence(self, teacher: str, number: int, kind: str) -> None:
        pupils = TEACHERS[teacher]
        self._say(teacher, f"缺勤 {pupils[number % len(pupils)]} {kind}")

    @rule(who=st.sampled_from(STAFF), tenths=st.sampled_from(READINGS))
    def one_of_the_staff_answers(self, who: str, tenths: int) -> None:
        self._say(who, f"我{tenths / 10:.1f}")

    @rule(who=st.sampled_from(sorted(SHOWS)))
    def somebody_signs(self, who: str) -> None:
        self._say(who, SHOWS[who])
        self._say(who, "确认")

    @rule(who=st.sampled_from(sorted(SHOWS)))
    def somebody_looks_and_something_changes_before_the_yes(self, who: str) -> None:
        self._say(who, SHOWS[who])
        self.a_parent_answers("王乐乐", 384, corrects=False)
        self._say(who, "确认")

    @rule(who=st.sampled_from(sorted(RETURNS)))
    def a_report_is_returned(self, who: str) -> None:
        self._say(who, f"退回 {RETURNS[who]} 缺人")

    @rule(child=st.sampled_from(sorted(CHILDREN)), verb=st.sampled_from(("不需报告", "需报告")))
    def a_reporter_judges(self, child: str, verb: str) -> None:
        self._say("江畔报告人" if child == "周舟" else "报告人", f"{verb} {child} 普通感冒")

    @precondition(lambda self: self.day < MONDAY + timedelta(days=2) or self.now < at("21:00", self.day))
    @rule(minutes=st.sampled_from((10, 35, 60, 150)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        lock = at("11:30", self.day)
        if self.now > lock and self.day not in self.closed:
            run(self.play, "day-lock", "11:30", self.day)
            self.closed.add(self.day)
        if self.now > at("20:00", self.day):
            self.day += timedelta(days=1)
            self.now = at("08:00", self.day)

    @invariant()
    def the_books_are_sound(self) -> None:
        with self.database.read() as connection:
            units = self.play.units.get(connection)
            for day in (self.day,):
                truth = Truth(
                    fevers={path: self._count(day, path, FEVER) for path in CLASS.values()},
                    heard={
                        path: sum(one == day and CLASS[name] == path for one, name in self.heard)
                        for path in CLASS.values()
                    },
                )
                wrong = audit(connection, units, self.play.district, day, self.now, truth, closed=day in self.closed)
                assert not wrong, "\n".join(wrong)

    def _count(self, day: date, path: str, least: int) -> int:
        return sum(
            one == day and CLASS[name] == path and max(readings) >= least
            for (one, name), readings in self.readings.items()
        )


def _run(template: Path, folder: Path, examples: int, steps: int, *, derandomize: bool) -> None:
    made = iter(range(100_000))

    def fresh() -> Database:
        path = folder / f"{next(made)}.db"
        shutil.copy(template, path)
        return Database(database_url(f"sqlite:///{path}", Path.cwd()))

    machine = type("Machine", (Chain,), {"make": staticmethod(fresh)})
    given = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=derandomize,
        phases=(Phase.generate,),  # what fails is short enough, and shrinking it takes minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=given)


def test_whatever_happens_in_whatever_order_the_books_are_sound(sqlite_template: Path, tmp_path: Path) -> None:
    _run(sqlite_template, tmp_path, 8, 12, derandomize=True)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_the_books_are_sound_in_many_more_orders(sqlite_template: Path, tmp_path: Path) -> None:
    _run(sqlite_template, tmp_path, 120, 25, derandomize=False)
