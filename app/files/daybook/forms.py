"""What each layout shows: headings and cells over the one table (domain handbook 6.3). Adding a form is adding data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from models.queries.figures.day_table import DayTable, SchoolRow
from models.rules.district import District
from models.rules.figures import Figures, total
from models.rules.organisation import SCHOOL_KINDS
from models.rules.rates import NAMES, Filing, Watched

Cell = str | int | None
SCHOOL_KIND_NAMES = {kind: name for name, kind in SCHOOL_KINDS.items()}
UNKNOWN = "—"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. group: a heading over several. sums: the last row adds it up."""

    heading: str
    width: int
    cell: Callable[[SchoolRow], Cell]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet. total: the row below all others; empty where a sum has no meaning. note: printed under the title."""

    name: str
    title: str
    headings: Sequence[tuple[str, str, int]]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()
    note: str = ""


def _figure(heading: str, name: str, width: int = 6, group: str = "") -> Column:
    return Column(heading, width, lambda row: getattr(row.figures, name), group)


def _rate(name: str, width: int = 9) -> Column:
    return Column(NAMES[name], width, lambda row: row.rates[name])


def _filed(district: District) -> Callable[[SchoolRow], Cell]:
    def cell(row: SchoolRow) -> Cell:
        return "未报" if row.filed_at is None else f"{district.local(row.filed_at):%H:%M}"

    return cell


def _on_time(row: SchoolRow) -> Cell:
    if not row.was_filed:
        return "未报"
    return f"迟{row.late}分" if row.late else "按时"


def _zero(row: SchoolRow) -> Cell:
    if not row.was_filed:
        return UNKNOWN
    return {"full": "是", "qualified": "附条件"}.get(row.zero_kind, "否") if row.is_zero else "否"


def _remark(row: SchoolRow) -> Cell:
    parts = []
    unknown = row.figures.unreported + row.figures.staff_unreported
    if unknown:
        parts.append(f"{unknown}人未报，情况不明")
    if row.status == "amended":
        parts.append("锁定后更正")
    elif row.was_filed and row.status == "draft":
        parts.append("已更正，待再次签报")
    elif row.status == "returned":
        parts.append("退回待改")
    return "；".join(parts)


def district_form(table: DayTable, district: District) -> list[Part]:
    """区级：一校一行，未报名单，有情况学校，与昨日比较，近三日。"""
    columns = [
        Column("学校", 24, lambda row: row.name),
        Column("类别", 8, lambda row: SCHOOL_KIND_NAMES.get(row.kind, "")),
        Column("报送", 7, _filed(district)),
        Column("是否按时", 8, _on_time),
        Column("版本", 5, lambda row: row.version or None),
        Column("零报告", 7, _zero),
        _figure("应报", "due", group="学生"),
        _figure("已报", "reported", group="学生"),
        _figure("发热", "fever", group="学生"),
        _figure("有症状", "symptomatic", group="学生"),
        _figure("应报", "staff_due", group="教职工"),
        _figure("已报", "staff_reported", group="教职工"),
        _figure("发热", "staff_fever", group="教职工"),
        _figure("疑似", "suspected", 5, "病例"),
        _figure("确诊", "confirmed", 5, "病例"),
        _figure("密接", "close_contact", 5, "病例"),
        Column("隔离中", 7, lambda row: row.figures.in_care, "病例"),
        Column("合计", 5, lambda row: row.figures.not_returned, "未返回"),
        _figure("省外", "other_province", 5, "未返回"),
        _figure("重点地区", "in_key_region", 8, "未返回"),
        _figure("重点人员", "key_persons", 8),
        _figure("因病缺勤", "sick_absence", 8),
        _rate("completeness", 10),
        _rate("staff_completeness", 11),
        Column("备注", 24, _remark),
    ]
    rows = [[column.cell(row) for column in columns] for row in table.rows]
    whole = [column.cell(_whole(table)) for column in columns]
    whole[0], whole[1], whole[2] = "合计", None, f"{table.filing.filed}/{table.filing.due}"
    whole[3], whole[4], whole[5] = table.rates["filing_on_time"], None, f"{table.filing.zeros}校"
    missing = [row for row in table.rows if not row.was_filed]
    cases = [row for row in table.rows if not row.is_quiet]
    return [
        Part("区级汇总", f"{table.bureau}学校健康日报汇总表", _heads(columns), rows, whole, _rates_line(table)),
        _listed(
            "未报单位", "未报送单位名单", missing, "没有未报送的单位。", ("学生未报", "教职工未报"),
            lambda row: (row.figures.unreported, row.figures.staff_unreported),
        ),
        _listed(
            "有情况学校", "非零情况学校名单", cases, "没有需要列出的学校。",
            ("学生发热", "教职工发热", "有症状", "疑似", "确诊", "密接", "隔离中"),
            lambda row: (
                row.figures.fever,
                row.figures.staff_fever,
                row.figures.symptomatic + row.figures.staff_symptomatic,
                row.figures.suspected,
                row.figures.confirmed,
                row.figures.close_contact,
                row.figures.in_care,
            ),
        ),
        _compared(table),
    ]  # fmt: skip


def city_form(table: DayTable, district: District) -> list[Part]:
    """市级：按学校类别汇总。"""
    del district
    kinds = list(dict.fromkeys(row.kind for row in table.rows))
    order = list(SCHOOL_KIND_NAMES)
    kinds.sort(key=lambda kind: order.index(kind) if kind in order else len(order))
    columns = [
        Column("学校类别", 12, lambda row: row.name),
        Column("应报校数", 9, lambda row: row.filing.due),
        Column("已报校数", 9, lambda row: row.filing.filed),
        Column("零报告校数", 10, lambda row: row.filing.zeros),
        Column("报告率", 8, lambda row: row.rates["filing"]),
        _figure("应报", "due", 8, "学生"),
        _figure("已报", "reported", 8, "学生"),
        _figure("发热", "fever", 6, "学生"),
        _figure("未返校", "not_returned", 7, "学生"),
        _figure("应报", "staff_due", 8, "教职工"),
        _figure("已报", "staff_reported", 8, "教职工"),
        _figure("发热", "staff_fever", 6, "教职工"),
        _figure("疑似", "suspected", 6, "病例"),
        _figure("确诊", "confirmed", 6, "病例"),
        _figure("无症状感染", "asymptomatic", 10, "病例"),
        _figure("密切接触", "close_contact", 9, "病例"),
        _figure("居家", "home_isolation", 6, "隔离"),
        _figure("集中", "central_isolation", 6, "隔离"),
        _figure("住院", "hospitalised", 6, "隔离"),
        Column("情况不明", 9, lambda row: row.figures.unreported + row.figures.staff_unreported),
    ]
    rows = []
    for kind in kinds:
        those = replace(table, rows=tuple(row for row in table.rows if row.kind == kind))
        rows.append([column.cell(_whole(those, SCHOOL_KIND_NAMES.get(kind, "未分类"))) for column in columns])
    whole = [column.cell(_whole(table, "合计")) for column in columns]
    title = f"{table.district}教育系统疫情防控日报表（市级）"
    return [Part("市级报表", title, _heads(columns), rows, whole, _rates_line(table))]


def cdc_form(table: DayTable, district: District) -> list[Part]:
    """疾控：学校症状监测，当日与近三日。"""
    del district
    symptoms = (
        ("发热", "fever"),
        ("咳嗽", "cough"),
        ("呕吐腹泻", "digestive"),
        ("皮疹", "rash"),
        ("其他", "other_symptom"),
    )
    columns = [
        Column("学校", 24, lambda row: row.name),
        _figure("应到", "expected", 7, "出勤"),
        Column("实到", 7, lambda row: UNKNOWN if row.figures.present is None else row.figures.present, "出勤"),
        Column("缺勤", 6, lambda row: UNKNOWN if row.figures.absent is None else row.figures.absent, "出勤"),
        _figure("因病", "sick_absence", 6, "出勤"),
    ]
    for heading, name in symptoms:
        columns.append(_figure("当日", name, 6, heading))
        columns.append(Column("近3日", 7, _three(name), heading))
    columns += [
        _figure("当日", "symptomatic", 6, "有症状人数"),
        _figure("今日新增", "new_abnormal", 9, "有症状人数"),
        Column("未报人数", 9, lambda row: row.figures.unreported),
        Column("零报告", 7, _zero),
    ]
    rows = [[column.cell(row) for column in columns] for row in table.rows]
    whole = [column.cell(_whole(table, "合计")) for column in columns]
    whole[-1] = f"{table.filing.zeros}校"
    title = f"{table.district}学校学生症状监测日报表"
    note = "学生人次按人计；近3日为当日与前两日之和，其中有未开展监测或未报的日子标“＊”，该数只含已知部分。"
    return [Part("症状监测", title, _heads(columns), rows, whole, note)]


FORMS: dict[str, Callable[[DayTable, District], list[Part]]] = {
    "district": district_form,
    "city": city_form,
    "cdc": cdc_form,
}


def _three(name: str) -> Callable[[SchoolRow], Cell]:
    def cell(row: SchoolRow) -> Cell:
        known = [past for past in row.before if past is not None]
        found = getattr(row.figures, name) + sum(getattr(past, name) for past in known)
        return found if len(known) == len(row.before) else f"{found}＊"

    return cell


def _whole(table: DayTable, name: str = "合计") -> SchoolRow:
    """All rows as one; a past day is known only where it is known of every school."""
    before = []
    for back in range(len(table.rows[0].before) if table.rows else 0):
        known = [found for row in table.rows if (found := row.before[back]) is not None]
        before.append(total(known) if len(known) == len(table.rows) else None)
    watched = sum((row.watched for row in table.rows), Watched())
    filing = sum((row.filing for row in table.rows), Filing())
    return SchoolRow(name, "", "", None, 0, 0, "", False, "", table.figures, filing, watched, tuple(before))


def _heads(columns: Sequence[Column]) -> list[tuple[str, str, int]]:
    return [(column.group, column.heading, column.width) for column in columns]


def _rates_line(table: DayTable) -> str:
    return "　".join(f"{NAMES[name]} {value}" for name, value in table.rates.items())


def _listed(
    name: str,
    title: str,
    rows: Sequence[SchoolRow],
    nothing: str,
    headings: Sequence[str],
    cells: Callable[[SchoolRow], Sequence[Cell]],
) -> Part:
    heads = [("", "序号", 6), ("", "学校", 24), ("", "报送情况", 12), *(("", heading, 11) for heading in headings)]
    listed = [[number, row.name, _on_time(row), *cells(row)] for number, row in enumerate(rows, start=1)]
    return Part(name, title, heads, listed, (), "" if listed else nothing)


_COMPARED = (
    ("学生已报", "reported"),
    ("学生发热", "fever"),
    ("学生有症状", "symptomatic"),
    ("教职工已报", "staff_reported"),
    ("教职工发热", "staff_fever"),
    ("疑似", "suspected"),
    ("确诊", "confirmed"),
    ("密接", "close_contact"),
    ("隔离中", "in_care"),
    ("未返回", "not_returned"),
    ("因病缺勤", "sick_absence"),
)


def _compared(table: DayTable) -> Part:
    """Today against yesterday, and the three days side by side; a day nobody was heard on is unknown, not 0."""
    now, yesterday, earlier = table.figures, table.past(1), table.past(2)
    day = table.day
    heads: list[tuple[str, str, int]] = [("", "项目", 18)]
    heads += [("近三日", _short(day - timedelta(days=back)), 12) for back in (2, 1, 0)]
    heads.append(("", "比昨日", 10))
    rows: list[Sequence[Cell]] = []
    for label, name in _COMPARED:
        old = _of(yesterday, name)
        new: Any = getattr(now, name)
        rows.append([label, _of(earlier, name), old, new, f"{new - old:+d}" if isinstance(old, int) else UNKNOWN])
    note = "“—”表示当天未开展监测或没有任何上报，情况不明。"
    return Part("比昨日与近三日", f"{table.district}与昨日比较及近三日情况", heads, rows, (), note)


def _of(figures: Figures | None, name: str) -> Cell:
    return UNKNOWN if figures is None else getattr(figures, name)


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
