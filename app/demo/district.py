"""The people of the demonstration district 春江区: a kindergarten, a primary and a junior school, and the bureau.

Everybody is invented: names are drawn from lists of common surnames and given-name characters by a fixed seed, and the
phone numbers lie in a block made of zeros. Given back as the rows of a roster workbook, so that the demonstration
arrives through the same import as a real district.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.files.roster import check
from app.files.sheets import write_xlsx
from models.actions.roster import Changes, import_roster
from models.rules.roster import COLUMNS, PUPILS, SCHOOLS, STAFF, Cell, Sheet
from models.work import Work

BUREAU = "春江区教育局"
#: The child whose mother the guided tour plays.
TOUR_CHILD, TOUR_CLASS = "林林", "红旗小学/三年级/2班"
SEED = 20200218

_SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛")
_BOYS = "浩宇轩子博文俊杰睿涵泽楷晨嘉乐明哲天翔航煜铭一凡星辰书恒思远景行知行鹏飞安"
_GIRLS = "雨欣怡诗涵梓萱语桐若溪心悦佳琪可馨一诺思彤婉清语嫣书瑶月华晓彤静姝依朵念慈"
_GROWN = "建国志强海燕丽华秀英伟军晓敏玉兰文斌春梅立新慧芳永红国平雪莲振华"


@dataclass(frozen=True, slots=True)
class _School:
    name: str
    kind: str
    code: str
    grades: tuple[str, ...]
    classes: tuple[int, ...]
    size: int
    principal: str


_PLAN = (
    _School("春江第一幼儿园", "幼儿园", "Y", ("小班", "中班", "大班"), (1, 1, 1), 20, "园长"),
    _School(
        "红旗小学",
        "小学",
        "X",
        ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级"),
        (1, 1, 2, 1, 1, 1),
        20,
        "校长",
    ),
    _School("江畔中学", "初中", "Z", ("七年级", "八年级", "九年级"), (1, 2, 1), 22, "校长"),
)
_OFFICES = (
    "区领导小组",
    "区报告人",
    "应急防控组",
    "协调联络宣传报道组",
    "后勤保障组",
    "学习指导组",
    "安全保卫组",
    "隔离组",
)


class _People:
    """Draws names, numbers and phones; no name twice."""

    def __init__(self) -> None:
        self._chance = random.Random(SEED)
        self._taken = {TOUR_CHILD}
        self._phone = 13_900_000_000

    def child(self) -> tuple[str, str]:
        """Name and sex."""
        sex = self._chance.choice("男女")
        return self._name(_BOYS if sex == "男" else _GIRLS), sex

    def grown_up(self) -> str:
        return self._name(_GROWN)

    def _name(self, letters: str) -> str:
        while True:
            surname = (
                self._chance.choice(_DOUBLE_SURNAMES)
                if self._chance.random() < 0.02
                else self._chance.choice(_SURNAMES)
            )
            given = self._chance.choice(letters)
            roll = self._chance.random()
            if roll < 0.08:
                given *= 2
            elif roll < 0.85:
                given += self._chance.choice(letters)
            name = surname + given
            if name not in self._taken:
                self._taken.add(name)
                return name

    def phone(self) -> str:
        self._phone += 1
        return str(self._phone)


def demo_sheets() -> list[Sheet]:
    """The demonstration roster as the sheets of contract 5; the same every time."""
    people = _People()
    pupils = list(_pupils(people))
    staff = list(_staff(people))
    schools: list[tuple[Cell, ...]] = [(school.name, school.kind, "") for school in _PLAN]
    return [
        Sheet(name, COLUMNS[name], list(enumerate(rows, start=2)))
        for name, rows in ((SCHOOLS, schools), (PUPILS, pupils), (STAFF, staff))
    ]


def load_demo(work: Work) -> Changes:
    """Import the demonstration roster into the unit of work, as any roster; a second time changes nothing."""
    return import_roster(work, check(work, demo_sheets()), actor="demo")


def write_demo_roster(path: Path) -> None:
    """The demonstration roster as a workbook, for trying the import by hand."""
    text_columns = frozenset({"学号", "编号", "家长手机", "手机"})
    write_xlsx(
        path, {sheet.name: (sheet.columns, [row for _, row in sheet.rows]) for sheet in demo_sheets()}, {}, text_columns
    )


def _pupils(people: _People) -> Iterator[tuple[Cell, ...]]:
    for school in _PLAN:
        number = 0
        for grade, classes in zip(school.grades, school.classes, strict=True):
            for at in range(1, classes + 1):
                for seat in range(school.size + (at * 3 + len(grade)) % 4):
                    number += 1
                    name, sex = people.child()
                    if seat == 0 and f"{school.name}/{grade}/{at}班" == TOUR_CLASS:
                        name, sex = TOUR_CHILD, "女"
                    phone = people.phone() if number % 13 else ""
                    yield school.name, grade, f"{at}班", f"{school.code}{number:04d}", name, sex, phone


def _staff(people: _People) -> Iterator[tuple[Cell, ...]]:
    for school in _PLAN:
        number = 0

        def post(
            duty: str, scope: str = "", *, someone: tuple[str, str, str] | None = None, school: _School = school
        ) -> tuple[tuple[str, str, str], tuple[Cell, ...]]:
            nonlocal number
            if someone is None:
                number += 1
                someone = f"{school.code}T{number:03d}", people.grown_up(), people.phone()
            return someone, (*someone, school.name, duty, scope)

        for duty in (school.principal, "疫情报告人", "副报告人", "校医"):
            yield post(duty)[1]
        if school.code != "Y":  # kindergartens often have neither (domain handbook 2.1)
            yield post("教务主任")[1]
        yield post("门卫")[1]
        for grade, classes in zip(school.grades, school.classes, strict=True):
            head = None
            for at in range(1, classes + 1):
                teacher, row = post("班主任", f"{grade}/{at}班")
                head = head or teacher
                yield row
            if school.code != "Y":  # the first class's teacher also heads the grade: small schools merge duties
                yield post("年级主任", grade, someone=head)[1]
        yield post("任课教师", school.grades[0])[1]
        yield post("职工")[1]
    for at, duty in enumerate(_OFFICES, start=1):
        yield f"B{at:03d}", people.grown_up(), people.phone(), BUREAU, duty, ""
