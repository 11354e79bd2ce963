"""A roster as values: the sheets of contract 5, the people they list, and what can be wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.rules.organisation import ClassName, GradeName

#: A cell is text, a date, or a number that could not be turned into text without guessing.
Cell = str | date | float

PUPILS, STAFF, SCHOOLS = "学生", "人员", "学校"
JOINED = "入册日期"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    PUPILS: ("学校", "年级", "班级", "学号", "姓名", "性别", "家长手机"),
    STAFF: ("编号", "姓名", "手机", "单位", "职务", "管辖"),
    SCHOOLS: ("学校", "类别", "校区"),
}
#: columns whose cells, or which themselves, may be missing
MAY_LACK = {(PUPILS, "性别"), (PUPILS, "家长手机"), (STAFF, "手机"), (STAFF, "管辖"), (SCHOOLS, "校区")}
#: rows of the template that show how to fill it in begin their number with this word and are never imported
EXAMPLE = "示例"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its headings and its rows with the numbers they have in the file (the headings are row 1)."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[int, tuple[Cell, ...]]]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong, for the person who keeps the workbook. row 0: the sheet as a whole."""

    sheet: str
    row: int
    column: str
    problem: str
    expected: str

    def __str__(self) -> str:
        place = f"工作表「{self.sheet}」" + (f"第 {self.row} 行" if self.row else "")
        place += f"「{self.column}」" if self.column else ""
        return f"{place}：{self.problem}；{self.expected}"


class BadRoster(Exception):
    """The workbook cannot be taken. faults: every one of them, in the order of the workbook."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults in the roster")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored already: kinds by school, grades with their classes by school, and people.

    people: (kind, number) → (name, school or "" for the bureau).
    """

    schools: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, Mapping[GradeName, Mapping[str, ClassName]]] = field(default_factory=dict)
    people: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class School:
    name: str
    kind: str
    campus: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One duty: the roster's own word, the role (domain handbook 1.1), and the path of the unit it is for."""

    title: str
    role: str
    unit: str


@dataclass(frozen=True, slots=True)
class Member:
    """One pupil or member of staff. unit: path of the class, or of the unit that collects the person's own report."""

    kind: str
    number: str
    name: str
    school: str
    unit: str
    sex: str | None = None
    phone: str | None = None
    joined_on: date | None = None
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """A checked roster. schools in the order of the workbook; classes as school → grade → its classes by key.

    kinds: which kinds of people the workbook lists, so that somebody missing from it is missing indeed.
    notices: what the operator should know, though nothing is wrong with it.
    """

    bureau: str
    schools: tuple[School, ...]
    classes: Mapping[str, Mapping[GradeName, Mapping[str, ClassName]]]
    people: tuple[Member, ...]
    kinds: frozenset[str]
    notices: tuple[str, ...] = ()
