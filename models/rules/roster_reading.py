"""A roster workbook's rows, read into a checked roster or into the full list of what is wrong with them.

Pure: what is stored already comes in as `Known`. Sheets and columns are those of contract 5. Every fault is listed,
none hides another, and one is enough to refuse the whole workbook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.rules.organisation import (
    BUREAU_DUTIES,
    BUREAU_DUTY_WORDS,
    SCHOOL_DUTIES,
    SCHOOL_DUTY_WORDS,
    SCHOOL_KINDS,
    ClassName,
    Duty,
    GradeName,
    class_name,
    find_scope,
    grade_name,
    kind_of_school,
    person_name,
    plain,
)
from models.rules.roster import (
    COLUMNS,
    EXAMPLE,
    JOINED,
    MAY_LACK,
    PUPILS,
    SCHOOLS,
    STAFF,
    BadRoster,
    Cell,
    Fault,
    Known,
    Member,
    Post,
    Roster,
    School,
    Sheet,
)

_PHONE = re.compile(r"1[3-9][0-9]{9}")
_WIDTH = {"学号": 40, "编号": 40, "姓名": 64, "学校": 64, "年级": 32, "班级": 32, "校区": 64}


@dataclass(slots=True)
class _Row:
    """One row's cells by heading, and where to complain."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    faults: list[Fault]

    def fault(self, column: str, problem: str, expected: str) -> None:
        self.faults.append(Fault(self.sheet, self.number, column, problem, expected))

    def text(self, column: str) -> str:
        """The cell as text; complains about an empty cell, a number Excel has damaged, or too long a text."""
        cell = self.cells.get(column, "")
        if isinstance(cell, float) or (isinstance(cell, str) and re.fullmatch(r"[0-9.]+[Ee]\+?[0-9]+", cell.strip())):
            self.fault(
                column, "长数字已被 Excel 改坏（末几位丢失或变成科学计数）", "应先把这一列设为“文本”格式，再重新填写"
            )
            return ""
        text = cell.strftime("%Y-%m-%d") if isinstance(cell, date) else " ".join(cell.split())
        if not text and (self.sheet, column) not in MAY_LACK:
            self.fault(column, "没有填写", f"应填写{column}")
        limit = _WIDTH.get(column)
        if limit and len(text) > limit:
            self.fault(column, f"太长（{len(text)} 个字）", f"应不超过 {limit} 个字")
            return ""
        return text

    def joined(self) -> date | None:
        cell = self.cells.get(JOINED, "")
        if isinstance(cell, date) or cell == "":
            return (cell.date() if isinstance(cell, datetime) else cell) if isinstance(cell, date) else None
        text = plain(str(cell).removesuffix(".0"))
        if found := re.fullmatch(r"(20\d\d)(?:[-/.年])?(\d{1,2})(?:[-/.月])?(\d{1,2})日?", text):
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                pass
        self.fault(JOINED, f"「{cell}」不是日期", "应为 2026-03-02 这样的日期，或留空")
        return None

    def phone(self, column: str) -> str | None:
        text = self.text(column)
        digits = re.sub(r"[\s\-]", "", plain(text)).removeprefix("+86")
        digits = digits.removeprefix("86") if len(digits) == 13 else digits
        if not digits:
            return None
        if not _PHONE.fullmatch(digits):
            self.fault(column, "不是手机号码", "应为 11 位手机号，例如 13900000001")  # never the number itself
            return None
        return digits


class _Reader:
    def __init__(self, known: Known, bureau: str, bureau_names: frozenset[str]) -> None:
        self.known, self.bureau, self.bureau_names = known, bureau, bureau_names
        self.faults: list[Fault] = []
        self.notices: list[str] = []
        self.schools: dict[str, School] = {}
        self.given_kinds: dict[str, tuple[str, str | None]] = {}
        self.classes: dict[str, dict[GradeName, dict[str, ClassName]]] = {
            school: {grade: dict(of_grade) for grade, of_grade in grades.items()}
            for school, grades in known.classes.items()
        }
        self.people: list[Member] = []

    def rows(self, sheet: Sheet) -> Iterator[_Row]:
        headings = [plain(column).strip("*＊").split("(")[0] for column in sheet.columns]
        columns = COLUMNS[sheet.name]
        missing = [name for name in columns if name not in headings and (sheet.name, name) not in MAY_LACK]
        for name in missing:
            self.faults.append(Fault(sheet.name, 1, name, "缺少这一列", "首行应有：" + " ".join(columns)))
        twice = [name for name in (*columns, JOINED) if headings.count(name) > 1]
        for name in twice:
            self.faults.append(Fault(sheet.name, 1, name, "这一列出现了两次", "每列应只出现一次"))
        if missing or twice:
            return
        unknown = [name for name in headings if name and name not in (*columns, JOINED)]
        if unknown:
            self.notices.append(f"工作表「{sheet.name}」的列 {'、'.join(unknown)} 没有用到")
        where = {name: headings.index(name) for name in (*columns, JOINED) if name in headings}
        key = {PUPILS: "学号", STAFF: "编号"}.get(sheet.name, "学校")
        for number, cells in sheet.rows:
            row = {name: cells[at] if at < len(cells) else "" for name, at in where.items()}
            if all(cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in row.values()):
                continue
            if str(row.get(key, "")).strip().startswith(EXAMPLE):
                continue
            yield _Row(sheet.name, number, row, self.faults)

    def read_schools(self, sheet: Sheet) -> None:
        for row in self.rows(sheet):
            name, kind, campus = plain(row.text("学校")), plain(row.text("类别")), row.text("校区") or None
            if not name or not kind:
                continue
            if kind not in SCHOOL_KINDS:
                row.fault("类别", f"「{kind}」不是学校类别", "应为 " + " ".join(SCHOOL_KINDS) + " 之一")
            elif name in self.given_kinds and self.given_kinds[name] != (SCHOOL_KINDS[kind], campus):
                row.fault("学校", f"「{name}」前面已填过，内容不同", "每所学校应只有一行")
            else:
                self.given_kinds[name] = (SCHOOL_KINDS[kind], campus)
                self.schools.setdefault(name, School(name, SCHOOL_KINDS[kind], campus))

    def read_pupils(self, sheet: Sheet) -> None:
        seen: dict[str, tuple[int, str]] = {}
        for row in self.rows(sheet):
            school, name = plain(row.text("学校")), person_name(row.text("姓名"))
            number, sex = plain(row.text("学号")), plain(row.text("性别"))
            phone, joined_on = row.phone("家长手机"), row.joined()
            unit = self._class_of(row, school)
            if sex not in {"", "男", "女"}:
                row.fault("性别", f"「{sex}」不是性别", "应为 男 或 女，或留空")
            if number in seen:
                other, other_school = seen[number]
                hint = "" if other_school == school else f"（{other_school}）"
                row.fault("学号", f"「{number}」与第 {other} 行{hint}重复", "学号应在全区不重复，例如用学籍号")
            elif number:
                seen[number] = row.number, school
                self._same_person(row, "学号", ("student", number), name, school)
            if school:
                self.schools.setdefault(school, School(school, ""))
            if unit and number and name:
                self.people.append(Member("student", number, name, school, unit, sex or None, phone, joined_on))

    def _class_of(self, row: _Row, school: str) -> str | None:
        grade_text, class_text = plain(row.text("年级")), plain(row.text("班级"))
        if not school or not grade_text:
            return None
        kind = self.given_kinds.get(school, (self.known.schools.get(school) or kind_of_school(school), None))[0]
        grade = grade_name(grade_text, kind)
        if grade is None or "/" in grade_text:
            row.fault(
                "年级", f"「{grade_text}」不是年级", "应为 小班 中班 大班、一年级 … 九年级、初一 … 高三 这样的年级名"
            )
            return None
        if not class_text:
            return None
        if "/" in class_text:
            row.fault("班级", f"「{class_text}」里有斜线", "应只填班级名，例如 2班")
            return None
        of_school = self.classes.setdefault(school, {})
        grade = next((stored for stored in of_school if stored.key == grade.key), grade)
        found = class_name(class_text, grade)
        found = of_school.setdefault(grade, {}).setdefault(found.key, found)
        return f"{school}/{grade.name}/{found.name}"

    def _same_person(self, row: _Row, column: str, who: tuple[str, str], name: str, school: str) -> None:
        """A number stored for somebody of another name at another school is a slip, never a silent transfer."""
        stored = self.known.people.get(who)
        if stored and name and stored[0] != name and stored[1] != school:
            row.fault(
                column,
                f"「{who[1]}」已是{stored[1] or self.bureau}另一个人的{column}",
                f"应核对{column}；若确是同一人转来，请先用原姓名导入",
            )

    def read_staff(self, sheet: Sheet) -> None:
        first: dict[str, tuple[int, str, str, str]] = {}  # number → row, name, school, phone
        gathered: dict[str, list[tuple[str, Duty, str]]] = {}
        joined: dict[str, date | None] = {}
        for row in self.rows(sheet):
            number, name = plain(row.text("编号")), person_name(row.text("姓名"))
            place, phone, joined_on = plain(row.text("单位")), row.phone("手机") or "", row.joined()
            at_bureau = place in self.bureau_names
            school = "" if at_bureau else place
            if place and not at_bureau and place not in self.schools and place not in self.known.schools:
                row.fault(
                    "单位", f"没有「{place}」这所学校", f"应与「学生」或「学校」表里的校名一致，或填 {self.bureau}"
                )
                school = place = ""
            post = self._duty_of(row, school, at_bureau) if place else None
            if not number or not name:
                continue
            if number not in first:
                first[number] = row.number, name, school if place else "?", phone
                self._same_person(row, "编号", ("staff", number), name, school)
            at, other, other_school, other_phone = first[number]
            if other != name:
                row.fault("姓名", f"编号「{number}」在第 {at} 行是另一个姓名", "同一编号应是同一个人")
                continue
            if place and other_school not in ("?", school):
                row.fault("单位", f"编号「{number}」在第 {at} 行属于另一个单位", "同一编号的各行单位应相同")
                continue
            if phone and other_phone and phone != other_phone:
                row.fault("手机", f"编号「{number}」在第 {at} 行是另一个手机号", "同一编号的手机号应相同")
            first[number] = (
                at,
                other,
                other_school if other_school != "?" or not place else school,
                other_phone or phone,
            )
            joined[number] = joined.get(number) or joined_on
            if post:
                gathered.setdefault(number, []).append(post)
        for number, posts in gathered.items():
            _, name, school, phone = first[number]
            unit = _collected_in(school or self.bureau, posts)
            kept: dict[tuple[str, str], Post] = {}
            for title, duty, at_unit in posts:
                before = kept.get((duty.role, at_unit))
                titles = [*before.title.split("、"), title] if before else [title]
                kept[duty.role, at_unit] = Post("、".join(dict.fromkeys(titles))[:32], duty.role, at_unit)
            self.people.append(
                Member("staff", number, name, school, unit, None, phone or None, joined[number], tuple(kept.values()))
            )

    def _duty_of(self, row: _Row, school: str, at_bureau: bool) -> tuple[str, Duty, str] | None:
        """The post of a row: its word, what it means, and the path of the unit it is for."""
        title, scope = re.sub(r"[、，,]", "", plain(row.text("职务"))), plain(row.text("管辖"))
        if not title:
            return None
        duties, words = (BUREAU_DUTIES, BUREAU_DUTY_WORDS) if at_bureau else (SCHOOL_DUTIES, SCHOOL_DUTY_WORDS)
        duty = duties.get(title)
        if duty is None:
            elsewhere = SCHOOL_DUTIES if at_bureau else BUREAU_DUTIES
            where = ("只用于学校" if at_bureau else "只用于教育局") if title in elsewhere else "不是规定的职务"
            row.fault("职务", f"「{title}」{where}", "应为 " + " ".join(words) + " 之一")
            return None
        whole = school or self.bureau
        if scope in {"", "全校", "全园", "全区", plain(whole)}:
            if duty.scope in {"class", "grade"}:
                example = "三年级/2班" if duty.scope == "class" else "三年级"
                row.fault(
                    "管辖",
                    f"{title}没有填管辖",
                    f"应填所带的{'班级' if duty.scope == 'class' else '年级'}，例如 {example}",
                )
                return None
            return title, duty, whole
        if duty.scope == "whole":
            row.fault("管辖", f"{title}管的是整个单位，这里填了「{scope}」", "应留空")
            return None
        found = find_scope(scope, school, self.classes.get(school, {}))
        if found is None:
            example = "三年级/2班" if duty.scope == "class" else "三年级"
            row.fault("管辖", f"在{school}找不到「{scope}」", f"应与「学生」表里的年级、班级一致，例如 {example}")
            return None
        grade, of_grade = found
        if duty.scope == "class":
            if of_grade is None:
                row.fault("管辖", f"「{scope}」是年级，{title}要填到班", f"应填所带的班级，例如 {grade.name}/2班")
                return None
            return title, duty, f"{school}/{grade.name}/{of_grade.name}"
        if duty.scope == "grade" and of_grade is not None:
            row.fault("管辖", f"「{scope}」是班级，{title}管的是年级", f"应填年级，例如 {grade.name}")
            return None
        return title, duty, f"{school}/{grade.name}"

    def settle_kinds(self) -> None:
        """Give every school its kind: as given, else as its name says, else as its grades do, else as stored."""
        for name in list(self.schools):
            given, campus = self.given_kinds.get(name, (None, None))
            kind = given or self.known.schools.get(name) or kind_of_school(name, self.classes.get(name, {}))
            if kind is None:
                words = " ".join(SCHOOL_KINDS)
                self.faults.append(
                    Fault(SCHOOLS, 0, "类别", f"从校名「{name}」看不出类别", f"应在这张表里填写该校类别：{words}")
                )
            self.schools[name] = School(name, kind or "", campus)


def _collected_in(whole: str, posts: Sequence[tuple[str, Duty, str]]) -> str:
    """The unit that collects a member of staff: what a 任课教师/职工 row names; else the school where any post is for
    all of it or for a grade (a grade head is collected by the academic office); else the grade of the class."""
    for _, duty, unit in posts:
        if duty.scope == "collected":
            return unit
    if any(duty.scope != "class" for _, duty, _ in posts):
        return whole
    return posts[0][2].rpartition("/")[0]


def read_roster(
    sheets: Sequence[Sheet],
    known: Known,
    bureau: str,
    bureau_names: frozenset[str] = frozenset(),
    partial: bool = False,
) -> Roster:
    """The roster in these sheets.

    bureau: the bureau's name (its people's 单位); bureau_names: other writings of it. partial: one sheet alone will do
    (a CSV file). Raises BadRoster with every fault.
    """
    reader = _Reader(known, plain(bureau), frozenset(map(plain, bureau_names)) | {plain(bureau)})
    by_name = {plain(sheet.name): sheet for sheet in sheets}
    wanted = [name for name in (PUPILS, STAFF) if name in by_name]
    for name in (PUPILS, STAFF):
        if name not in by_name and not (partial and wanted):
            found = "、".join(sheet.name for sheet in sheets) or "没有工作表"
            reader.faults.append(
                Fault(name, 0, "", f"缺少这张工作表（文件里有：{found}）", "应有：" + " ".join(COLUMNS[name]))
            )
    ignored = [name for name in by_name if name not in COLUMNS and name != "说明"]
    if ignored:
        reader.notices.append(f"工作表 {'、'.join(ignored)} 没有用到")
    if SCHOOLS in by_name:
        reader.read_schools(_named(by_name[SCHOOLS], SCHOOLS))
    if PUPILS in by_name:
        reader.read_pupils(_named(by_name[PUPILS], PUPILS))
    if STAFF in by_name:
        reader.read_staff(_named(by_name[STAFF], STAFF))
    reader.settle_kinds()
    if not reader.faults and not reader.people:
        reader.faults.append(Fault(wanted[0], 0, "", "没有一行可以导入", "应从第 2 行起每行填写一个人"))
    if reader.faults:
        order = {SCHOOLS: 0, PUPILS: 1, STAFF: 2}
        raise BadRoster(sorted(reader.faults, key=lambda fault: (order.get(fault.sheet, 3), fault.row)))
    without = sum(1 for person in reader.people if person.kind == "staff" and person.phone is None)
    if without:
        reader.notices.append(f"{without} 名人员没有手机号，紧急时无法电话联系")
    kinds = frozenset({PUPILS: "student", STAFF: "staff"}[name] for name in wanted)
    return Roster(
        reader.bureau,
        tuple(reader.schools.values()),
        reader.classes,
        tuple(reader.people),
        kinds,
        tuple(reader.notices),
    )


def _named(sheet: Sheet, name: str) -> Sheet:
    return Sheet(name, sheet.columns, sheet.rows)
