"""Two schools and a bureau as a workbook has them. All names are invented."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

PRIMARY, JUNIOR, BUREAU = "朝阳小学", "江畔中学", "春江区教育局"
CLASSES = {
    "A": (PRIMARY, "三年级", "1班"),
    "B": (PRIMARY, "三年级", "2班"),
    "C": (PRIMARY, "五年级", "1班"),
    "D": (JUNIOR, "七年级", "1班"),
    "E": (JUNIOR, "七年级", "2班"),
}
PUPILS = {
    "A": ("高晨", "马悦", "罗琪", "梁一帆", "宋子涵", "郑妙", "谢安安", "韩果"),
    "B": ("唐小满", "冯小雨", "于洋洋", "董一一", "萧然", "程程", "曹阳", "袁梦"),
    "C": ("邓可可", "许诺", "傅文", "沈心怡", "曾晓", "彭博文", "吕薇", "苏木木"),
    "D": ("邓朗", "卢晓东", "蒋佳", "蔡明轩", "贾雨桐", "丁宁宁", "魏莱", "薛冰"),
    "E": ("叶青青", "叶红", "阎立", "余乐乐", "潘多多", "杜若溪", "戴维维", "钟灵"),
}
#: number, name, unit, 职务, 管辖
STAFF = (
    ("T01", "陈静", PRIMARY, "班主任", "三年级/1班"),
    ("T02", "黄河", PRIMARY, "班主任", "三年级/2班"),
    ("T03", "吴越", PRIMARY, "班主任", "五年级/1班"),
    ("T04", "孙勤", PRIMARY, "年级主任", "三年级"),
    ("T05", "周平", PRIMARY, "年级主任", "五年级"),
    ("T06", "钱进", PRIMARY, "教务主任", ""),
    ("T07", "何清", PRIMARY, "疫情报告人", ""),
    ("T08", "方好", PRIMARY, "副报告人", ""),
    ("T09", "冯康", PRIMARY, "校医", ""),
    ("T10", "褚明", PRIMARY, "校长", ""),
    ("T11", "任佳", PRIMARY, "任课教师", "三年级"),
    ("T12", "石坚", PRIMARY, "门卫", ""),
    ("J01", "卫东", JUNIOR, "班主任", "七年级/1班"),
    ("J02", "金兰", JUNIOR, "班主任", "七年级/2班"),
    ("J03", "陶然", JUNIOR, "年级主任", "七年级"),
    ("J04", "蒋欣", JUNIOR, "疫情报告人", ""),
    ("J05", "水清", JUNIOR, "副报告人", ""),
    ("J06", "窦安", JUNIOR, "校医", ""),
    ("J07", "沈稳", JUNIOR, "校长", ""),
    ("J08", "章程", JUNIOR, "职工", ""),
    ("B01", "韩平", BUREAU, "区报告人", ""),
    ("B02", "杨安", BUREAU, "区领导小组", ""),
    ("B03", "朱正", BUREAU, "应急防控组", ""),
)
#: Who never followed the account: a child whose family has no WeChat, another one, and the man at the gate.
UNBOUND = frozenset({"袁梦", "许诺", "石坚"})
#: Families that are not simply one mother of one child: account → the children in the order of binding.
FAMILIES = {
    "邓妈": ("邓可可", "邓朗"),  # siblings in two schools
    "叶妈": ("叶青青", "叶红"),  # twins in one class
    "金兰": ("马悦",),  # a head teacher is the mother of a pupil of the other school
}
#: Second guardians.
FATHERS = {"程爸": "程程", "曹爸": "曹阳"}


def families() -> dict[str, tuple[str, ...]]:
    """Every account and the children it is bound to; members of staff too, where they are parents."""
    named = {child for children in FAMILIES.values() for child in children}
    mothers = {
        f"{name}妈": (name,)
        for pupils in PUPILS.values()
        for name in pupils
        if name not in named and name not in UNBOUND
    }
    return {**FAMILIES, **mothers, **{father: (child,) for father, child in FATHERS.items()}}


def number_of(name: str) -> str:
    """The pupil's number in the workbook."""
    for letter, pupils in PUPILS.items():
        if name in pupils:
            return f"{letter}{pupils.index(name) + 1}"
    return next(number for number, staff, *_ in STAFF if staff == name)


def write_workbook(path: Path) -> None:
    """The workbook as a school would fill it in."""
    with xlsxwriter.Workbook(str(path)) as book:
        pupils = book.add_worksheet("学生")
        pupils.write_row(0, 0, ("学校", "年级", "班级", "学号", "姓名", "性别", "家长手机"))
        rows = [(letter, name) for letter, names in PUPILS.items() for name in names]
        for line, (letter, name) in enumerate(rows, start=1):
            pupils.write_row(line, 0, (*CLASSES[letter], number_of(name), name, "女" if line % 2 else "男", ""))
        staff = book.add_worksheet("人员")
        staff.write_row(0, 0, ("编号", "姓名", "手机", "单位", "职务", "管辖"))
        for line, (number, name, unit, duty, scope) in enumerate(STAFF, start=1):
            staff.write_row(line, 0, (number, name, "", unit, duty, scope))
