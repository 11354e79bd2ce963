"""A sentence about a whole class or grade: 三班晨检应到45实到43，李小明发烧38.2在家，王乐乐事假 (domain handbook 5.4).

Only the numbers of the unit are read here, and where in the text they stand; who is ill is read as anybody's report is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from models.rules.typed import Typed

_CHINESE = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"(\d{1,4}|[零一二两三四五六七八九十百]{1,5})"
#: field of `Typed` → how it is written before its number
_FIELDS: Mapping[str, str] = {
    "enrolled": "在册|全班共?|总人数|共有",
    "expected": "应到|应出勤|应检",
    "present": "实到|到校|到岗|出勤|实检",
    "absent": "缺勤|缺席|缺课|未到",
    "due": "应报|应上报",
    "reported": "已报|实报|已上报",
    "unreported": "未报|没报|未上报",
    "fever": "发热|发烧",
    "sick_absence": "病假|因病缺勤|因病缺课",
    "personal_leave": "事假",
}
_PATTERNS = {
    name: re.compile(
        rf"(?<![已未应实无没])(?:{words})\s*(?:人数)?[:为是有]?\s*{_NUMBER}\s*(?:人|名|个)?(?![\d.点度℃.])"
    )
    for name, words in _FIELDS.items()
}
_ALL = re.compile(r"全勤|全到|全部到齐|都到齐|均到校|都到校|无人?缺勤|没有缺勤|无缺席")
_WELL = re.compile(r"无异常|没有异常|均正常|都正常|全部正常|一切正常|均无不适|都没有不舒服|零报告")
_CHECK = re.compile(r"晨检|午检|晚检|应到|实到|应报|实报|全班|全勤|全到|均正常|都正常|零报告|无异常|无缺勤|到齐")
_STAFF = re.compile(r"教职工|教师|老师们|职工|教工")
_UNIT = re.compile(r"(?:([一二三四五六七八九1-9]|小|中|大)年?级?)?[((]?(\d{1,2}|[一二三四五六七八九十]{1,3})[))]?班")
_GRADE = re.compile(r"([一二三四五六七八九]|[1-9])年级|(高|初)([一二三])|(小|中|大)班")


@dataclass(frozen=True, slots=True)
class UnitCheck:
    """What a sentence says of a unit. class_name: "2班", or empty; grade: "三年级", or empty; rest: what is left for the
    persons named in it."""

    typed: Typed
    staff: bool
    class_name: str
    grade: str
    rest: str


def number(written: str) -> int:
    """45, 四十五, 一百零三."""
    if written.isdigit():
        return int(written)
    total, digit = 0, 0
    for char in written:
        if char in {"十", "百"}:
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _CHINESE[char]
    return total + digit


def read_unit_check(text: str) -> UnitCheck | None:
    """The sentence's numbers; None where it says nothing of a whole unit."""
    plain = unicodedata.normalize("NFKC", text)
    if not _CHECK.search(plain):
        return None
    rest, found = plain, {}
    for name, pattern in _PATTERNS.items():
        if (match := pattern.search(rest)) is not None:
            found[name] = number(match[1])
            rest = rest[: match.start()] + "," + rest[match.end() :]
    typed = Typed(**found, everybody=bool(_ALL.search(rest)), well=bool(_WELL.search(rest)))
    if not typed.says_something:
        return None
    rest = _WELL.sub(",", _ALL.sub(",", rest))
    staff, class_name, grade = bool(_STAFF.search(rest)), "", ""
    if (unit := _UNIT.search(rest)) is not None:
        class_name = f"{number(unit[2])}班"
        grade = _grade(unit[1]) if unit[1] else ""
        rest = rest[: unit.start()] + "," + rest[unit.end() :]
    elif (unit := _GRADE.search(rest)) is not None:
        grade = _grade(unit[1]) if unit[1] else unit[0]
        rest = rest[: unit.start()] + "," + rest[unit.end() :]
    return UnitCheck(typed, staff, class_name, grade, re.sub(r"晨检|午检|晚检|全班", ",", rest).strip(" ,。.;"))


def _grade(written: str) -> str:
    chinese = "零一二三四五六七八九"
    return f"{chinese[int(written)] if written.isdigit() else written}年级"
