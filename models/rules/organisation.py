"""The words of a roster and what they stand for: duties, kinds of schools, names of grades and classes.

Sources: domain handbook 1.1 (roles and kinds, with their synonyms), 2.2 (the six workgroups), contract 5 (the words of
the roster). Names are kept as people write them; `key`s tell that 三年级 and 3年级, or 2班 and （二）班, are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: 类别 → kind of school (domain handbook 1.1)
SCHOOL_KINDS: Mapping[str, str] = {
    "幼儿园": "kindergarten",
    "小学": "primary",
    "初中": "junior",
    "九年一贯": "nine_year",
    "高中": "senior",
    "完全中学": "complete_secondary",
    "职业": "vocational",
    "特殊教育": "special",
}

#: what a school's name says about its kind, the most telling first; "中学" alone leaves it to the grades
_KIND_IN_NAME: tuple[tuple[str, str], ...] = (
    (r"幼儿园|幼稚园|托儿所|幼教中心", "kindergarten"),
    (r"特殊教育|特教|启智|聋|盲校|培智", "special"),
    (r"职业|职教|职高|中专|技工|技校|技师", "vocational"),
    (r"九年一贯|九年制|九年", "nine_year"),
    (r"完全中学|完中", "complete_secondary"),
    (r"小学|完小|教学点", "primary"),
    (r"初级中学|初中|初级", "junior"),
    (r"高级中学|高中", "senior"),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a 职务 of the roster means.

    scope: what its 管辖 must name: `class`, `grade`, `whole` (empty), or `collected` (the grade whose head collects the
    person; empty: the academic office; contract 10, staff chain).
    """

    role: str
    scope: str


#: 职务 at a school
SCHOOL_DUTIES: Mapping[str, Duty] = {
    "班主任": Duty("head_teacher", "class"),
    "副班主任": Duty("deputy_head_teacher", "class"),
    "任课教师": Duty("staff_member", "collected"),
    "年级主任": Duty("grade_head", "grade"),
    "教务主任": Duty("academic_office", "whole"),
    "疫情报告人": Duty("designated_reporter", "whole"),
    "副报告人": Duty("deputy_reporter", "whole"),
    "校医": Duty("school_doctor", "whole"),
    "校长": Duty("principal", "whole"),
    "园长": Duty("principal", "whole"),
    "书记": Duty("principal", "whole"),
    "值班领导": Duty("duty_leader", "whole"),
    "值班人员": Duty("duty_staff", "whole"),
    "门卫": Duty("gatekeeper", "whole"),
    "后勤": Duty("logistics_clerk", "whole"),
    "职工": Duty("staff_member", "collected"),
    # the other words of the handbook for the same duties
    "主班": Duty("head_teacher", "class"),
    "配班": Duty("deputy_head_teacher", "class"),
    "年级组长": Duty("grade_head", "grade"),
    "教务处": Duty("academic_office", "whole"),
    "德育主任": Duty("academic_office", "whole"),
    "疫情报告员": Duty("designated_reporter", "whole"),
    "报告人B角": Duty("deputy_reporter", "whole"),
    "保健医": Duty("school_doctor", "whole"),
    "保健教师": Duty("school_doctor", "whole"),
    "保安": Duty("gatekeeper", "whole"),
    "总务": Duty("logistics_clerk", "whole"),
    "教职工": Duty("staff_member", "collected"),
}

#: 职务 at the bureau
BUREAU_DUTIES: Mapping[str, Duty] = {
    "区领导小组": Duty("district_leader", "whole"),
    "区报告人": Duty("district_officer", "whole"),
    "协调联络宣传报道组": Duty("wg_coordination", "whole"),
    "应急防控组": Duty("wg_emergency", "whole"),
    "后勤保障组": Duty("wg_logistics", "whole"),
    "学习指导组": Duty("wg_study", "whole"),
    "安全保卫组": Duty("wg_security", "whole"),
    "隔离组": Duty("wg_isolation", "whole"),
    "职工": Duty("staff_member", "whole"),
}

#: words a fault offers, in the contract's order
SCHOOL_DUTY_WORDS = tuple(SCHOOL_DUTIES)[:16]
BUREAU_DUTY_WORDS = tuple(BUREAU_DUTIES)[:8]

_DIGITS = "零一二三四五六七八九"
#: grades of a kindergarten in the order of age
_KINDERGARTEN = {"托班": -5, "小班": -4, "中班": -3, "大班": -2, "学前班": -1, "混龄班": 0}
#: first year of each stage, counted through from the first year of primary school
_STAGES = {"小": 0, "小学": 0, "初": 6, "初中": 6, "高": 9, "高中": 9, "职": 9, "职高": 9, "中职": 9}
_LAST_POSITION = 9_000
_COHORTS = 20_000


@dataclass(frozen=True, slots=True)
class GradeName:
    """A grade's name as written, the key under which other writings of it are found, and its place in the order."""

    name: str
    key: str
    position: int


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class's name as written, the key under which other writings of it are found, and its place in the grade."""

    name: str
    key: str
    position: int


def plain(text: str) -> str:
    """Half-width, without any blanks: how words and names of units are compared."""
    return unicodedata.normalize("NFKC", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))


def person_name(text: str) -> str:
    """A person's name without the blanks people pad it with ("张　三"); those inside other scripts' names stay."""
    name = " ".join(text.split())
    return name if re.search(r"[A-Za-z]", name) else name.replace(" ", "")


def chinese_number(text: str) -> int | None:
    """1–99 from "7", "07", "七", "十", "二十三"; None where it is no such number ("三一")."""
    if re.fullmatch(r"[0-9]{1,4}", text):
        return int(text) or None
    found = re.fullmatch(r"(?:([二三四五六七八九])?(十))?([一二三四五六七八九])?", text)
    if not text or not found:
        return None
    tens, ten, ones = found.groups()
    return (_DIGITS.index(tens or "一") * 10 if ten else 0) + (_DIGITS.index(ones) if ones else 0)


def kind_of_school(name: str, grades: Iterable[GradeName] = ()) -> str | None:
    """The kind a school's name tells; where it says only 中学 or 学校, what its grades tell; None if neither does."""
    for pattern, kind in _KIND_IN_NAME:
        if re.search(pattern, name):
            return kind
    positions = {grade.position for grade in grades}
    if positions and max(positions) <= 0:
        return "kindergarten"
    primary = any(0 < position < 70 for position in positions)
    senior = any(100 <= position < _LAST_POSITION for position in positions)
    junior = any(70 <= position < 100 for position in positions)
    if "中学" in name or name.endswith(("中", "附中")):
        return "complete_secondary" if senior and junior else "senior" if senior else "junior"
    if primary:
        return "nine_year" if junior else "primary"
    if junior or senior:
        return "complete_secondary" if senior and junior else "senior" if senior else "junior"
    return None


def grade_name(text: str, school_kind: str | None = None) -> GradeName | None:
    """Read a grade's name; None where it is none.

    小班 … 大班, 一年级 … 九年级, 初一, 高一, 2025级. Vocational and special schools name their grades freely.
    """
    name = plain(text)
    if name in _KINDERGARTEN:
        return GradeName(name, name, _KINDERGARTEN[name])
    if found := re.fullmatch(r"(小学?|初中?|高中?|职高?|中职)?([一二三四五六七八九1-9])(?:年级|年)?", name):
        stage, number = found[1], chinese_number(found[2]) or 0
        if stage is not None and number <= {"小": 6, "初": 4}.get(stage[0], 3):
            return GradeName(name, f"{stage[0]}{_DIGITS[number]}", (_STAGES[stage] + number) * 10)
        if stage is None and name.endswith(("年级", "年")):
            return GradeName(name, f"{_DIGITS[number]}年级", number * 10)
    if name in {"预初", "初预"}:
        return GradeName(name, "预初", 60)
    if found := re.fullmatch(r"(20\d\d)[级届]", name):  # the youngest first
        return GradeName(name, name, _COHORTS - int(found[1]))
    if name and (school_kind in {"vocational", "special"} or (school_kind == "kindergarten" and name.endswith("班"))):
        return GradeName(name, name, _LAST_POSITION if school_kind != "kindergarten" else 0)
    return None


def class_name(text: str, grade: GradeName) -> ClassName:
    """Read a class's name: "2班", "二班", "(2)班", "三年级2班" and "三(2)班" are one class of 三年级."""
    name = plain(text)
    number = _class_number(name)
    if number is None:
        for prefix in _prefixes(grade):
            if name.startswith(prefix) and (number := _class_number(name.removeprefix(prefix))) is not None:
                break
    if number is not None:
        return ClassName(name, str(number), number)
    bare = name.removeprefix(grade.name) if name != grade.name else name
    return ClassName(name, bare.removesuffix("班") or bare, _LAST_POSITION)


def _class_number(text: str) -> int | None:
    found = re.fullmatch(r"第?[(\[【〔]?第?([0-9一二三四五六七八九十]+)[)\]】〕]?班?级?", text)
    return chinese_number(found[1]) if found else None


def _prefixes(grade: GradeName) -> list[str]:
    """How a grade is put before a class's number, the longest first."""
    made = {grade.name, grade.key, grade.name.removesuffix("级"), grade.key.removesuffix("级")}
    if found := re.fullmatch(r"(\D?)([一二三四五六七八九])(?:年级)?", grade.key):
        digit = str(_DIGITS.index(found[2]))
        made |= {found[1] + number + tail for number in (found[2], digit) for tail in ("", "年", "年级")}
    elif grade.position <= 0:
        made.add(grade.name.removesuffix("班"))
    return sorted(made - {""}, key=len, reverse=True)


def find_scope(
    text: str, school: str, classes: Mapping[GradeName, Mapping[str, ClassName]]
) -> tuple[GradeName, ClassName | None] | None:
    """The grade, or the class, a 管辖 names: "三年级", "三年级/2班", "三年级2班", "三(2)班", "苹果班".

    classes: the school's grades and their classes by key. None where nothing, or more than one class, fits.
    """
    parts = [part for part in re.split(r"[/\\>]", plain(text)) if part]
    if parts and parts[0] == plain(school):
        parts = parts[1:]
    if not parts or len(parts) > 2:
        return None
    grades = {grade.key: grade for grade in classes}
    named = grade_name(parts[0], "special")
    grade = grades.get(named.key) if named else None
    if len(parts) == 2:
        if grade is None:
            return None
        found = classes[grade].get(class_name(parts[1], grade).key)
        return (grade, found) if found else None
    if grade is not None:
        return grade, None
    fitting = [
        (candidate, of_grade[key])
        for candidate, of_grade in classes.items()
        if (key := class_name(parts[0], candidate).key) in of_grade
    ]
    return fitting[0] if len(fitting) == 1 else None
