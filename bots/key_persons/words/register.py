"""What is said of and to key persons (domain handbook 9, 13): calm, by stay or contact and never by where one is from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bots.wording.health import on
from bots.wording.plain import lines, names
from models.queries.key_persons import Count, Decision, KeyRow, Missing
from models.rules.key_persons import CATEGORIES, STATES, Readiness

NOT_YOURS = "重点人员名单由班主任、疫情报告人、校医、校长和教育局隔离组查看。您可以回复“帮助”看能做什么。"
ONLY_DECIDERS = "解除和批准返校由疫情报告人、校医、校长或教育局隔离组决定。您可以回复“重点人员”查看名单。"
HOW = (
    "登记请写：登记重点人员 姓名 原因 地点或说明，例如：登记重点人员 林林 外省 3月1日从长春回来。"
    "原因可写：重点地区、外省、境外、封控、接触、症状、出院。"
)
CONTACT_HOW = "登记联系请写：联系 姓名 已通话，或：联系 姓名 联系不上，后面可加说明。回复“重点人员”看名单。"
RELEASE_HOW = "解除请写：解除重点 姓名 依据，例如：解除重点 林林 观察期满，材料已核。回复“重点人员”看名单。"
APPROVE_HOW = "批准返校请写：批准返校 姓名 依据，例如：批准返校 林林 社区已报备。"
EMPTY = "目前没有重点人员。登记请写：登记重点人员 姓名 原因 说明。"
_SOURCES = {
    "answer": "家长答复",
    "declaration": "行程申报",
    "region": "重点地区名单更新",
    "head_teacher": "教师登记",
    "school": "学校登记",
    "system": "系统核对",
}


def line(rows: Sequence[KeyRow], where: str, is_heard: bool) -> str:
    """One person on the list with every reason, for those who may see names."""
    row = rows[0]
    held = "，暂不返校" if any(one.is_held for one in rows) else ""
    until = f"，最早{on(row.until)}可议解除" if row.until and not row.proposal else ""
    proposal = {
        "period_over": "，观察期已满，待决定",
        "region_ended": "，地区已移出名单，待决定",
        "management_ended": "，医学观察已解除，待决定",
    }.get(row.proposal, "")
    heard = "今日已联系" if is_heard else "今日待联系"
    keeper = row.keeper or "待指定"
    reasons = "；".join(dict.fromkeys(one.reason for one in rows))
    return f"{row.name}（{where}）：{reasons}。{STATES[row.state]}{held}{until}{proposal}。联系人{keeper}，{heard}。"


def listed(title: str, count: int, heard: int, parts: Sequence[str], shown: int) -> str:
    more = f"另有{len(parts) - shown}人，可写“重点人员 姓名”查看。" if len(parts) > shown else ""
    return lines(
        f"{title}重点人员{count}人，今日已联系{heard}人，待联系{count - heard}人：",
        *parts[:shown],
        more,
        "联系后请回复：联系 姓名 已通话（或 联系不上）。",
    )


def by_school(title: str, rows: Iterable[tuple[str, Count]]) -> str:
    """Counts per school and category, for those who see no names."""
    parts: dict[str, list[str]] = {}
    total = 0
    for school, count in rows:
        held = f"（暂不返校{count.held}）" if count.held else ""
        parts.setdefault(school, []).append(f"{CATEGORIES[count.category]}{count.persons}{held}")
        total += count.persons
    if not parts:
        return f"{title}目前没有重点人员。回复“今日”看当天情况。"
    return lines(
        f"{title}重点人员，按学校和类别：",
        *(f"{school}：{'，'.join(said)}" for school, said in parts.items()),
        "这里只有人数；姓名由学校和隔离组掌握。回复“今日”看当天情况。",
    )


def detail(row: KeyRow, where: str, ready: Readiness, decisions: Sequence[str]) -> str:
    """Everything about one person, and by which rule and which version of the list it was decided."""
    what = lacking(ready)
    return lines(
        f"{row.name}（{where}），{CATEGORIES[row.category]}",
        f"原因：{row.reason}" + (f"（{row.place}）" if row.place and row.place not in row.reason else ""),
        f"来源：{_SOURCES.get(row.source, row.source)}，{on(row.registered_on)}登记",
        f"状态：{STATES[row.state]}" + ("，暂不返校" if row.is_held else ""),
        f"末次暴露：{on(row.since)}" if row.since else "末次暴露：还在当地或不明",
        f"联系人：{row.keeper or '待指定'}",
        f"解除条件：{what}" if what else "解除条件：已具备，由报告人或校医决定",
        "经过：" if decisions else "",
        *decisions,
        f"联系后请回复：联系 {row.name} 已通话。",
    )


_DEEDS = {
    "registered": "登记",
    "kept": "更新",
    "proposed": "提请解除",
    "approved": "批准返校",
    "waived": "豁免漏测",
    "released": "解除",
    "transferred": "移交",
}


def decision(moment: str, one: Decision) -> str:
    """One step and what it was decided by."""
    basis = ""
    if one.region:
        span = f"{one.region_from}至{one.region_to or '今后'}"
        basis = f"，依据：重点地区名单第{one.regions_version}版 {one.region}（{span}）"
    elif one.regions_version:
        basis = f"，依据：重点地区名单第{one.regions_version}版"
    said = f"：{one.detail}" if one.detail else ""
    return f"{moment} {_DEEDS.get(one.deed, one.deed)}{said}{basis}"


def lacking(ready: Readiness) -> str:
    """What still stands between somebody and release; empty where nothing does."""
    parts = []
    if ready.due_on is None:
        parts.append("期限由人确定")
    else:
        parts.append(f"{on(ready.due_on)}起可议")
    if ready.missing:
        parts.append(f"缺{len(ready.missing)}天联系或上报（{names([on(day) for day in ready.missing], 5)}），顺延")
    if ready.unwell:
        parts.append("最近一次上报有症状")
    if ready.needs_document:
        parts.append("需要证明材料")
    return "；".join(parts)


def registered(name: str, category: str, keeper: str, *, is_new: bool, held: bool) -> str:
    what = "已登记" if is_new else "名单上已有，已更新"
    stay = "在外地期间暂不返校。" if held else ""
    return f"{what}：{name}，{CATEGORIES[category]}。联系人{keeper or '待指定'}，每天联系一次。{stay}回复“重点人员”看名单。"


def contacted(name: str, outcome: str, also: str = "") -> str:
    if outcome == "unreachable":
        return (
            f"记下了：{name}今天联系不上。连续两天联系不上会报校长和教育局隔离组。联系上后请回复：联系 {name} 已通话。"
        )
    return f"记下了：{name}今天已电话联系。{also}回复“重点人员”看还有谁待联系。"


def not_listed(name: str) -> str:
    return f"名单上没有您能查看的“{name}”。登记请写：登记重点人员 {name} 原因 说明。"


def which(name: str, options: Sequence[str]) -> str:
    return f"名单上有几位“{name}”：{'、'.join(options)}。请用学号代替姓名再写一次。"


def not_yet(name: str, what: str) -> str:
    return (
        f"{name}还不能解除：{what}。若由您负责豁免漏掉的天数，请写：解除重点 {name} 豁免 依据；"
        "需要材料的请写明证明名称。"
    )


def released(name: str) -> str:
    return f"已解除：{name}。依据已留存，名单保留历史。请告知家长；能否到校由学校按规定查验。回复“重点人员”看名单。"


def approved(name: str) -> str:
    return f"已批准返校：{name}。请告知家长返回日期和要求，返回后继续观察。回复“重点人员”看名单。"


def nothing_held(name: str) -> str:
    return f"{name}没有“暂不返校”的登记。回复“重点人员”看名单。"


# --- pushes -----------------------------------------------------------------------------------------------------
def daily(count: int, heard: int, open_names: Sequence[str], until: str) -> str:
    """kp_daily of domain handbook 13.3."""
    return (
        f"重点人员今日联系：应联系{count}，已联系{heard}，待联系{count - heard}：{names(open_names)}。"
        f"请{until}前联系并登记，例如回复：联系 {open_names[0]} 已通话（或 联系不上）。"
    )


def again(count: int, open_names: Sequence[str]) -> str:
    return (
        f"还有{count}位重点人员今天没有联系登记：{names(open_names)}。"
        f"请现在联系，并回复：联系 {open_names[0]} 已通话（或 联系不上）。"
    )


def uncontacted(rows: Sequence[str]) -> str:
    return f"今天到现在还没有联系登记的重点人员：{'；'.join(rows)}。请督促联系人今天联系并登记。回复“重点人员”看名单。"


def managed_still(name: str, kinds: str) -> str:
    return f"{name}还在管（{kinds}），先凭文书解除：解除 {name} 文书名称；之后再写：解除重点 {name} 依据。"


def unreachable(rows: Sequence[str]) -> str:
    return f"重点人员已连续两天没有联系上：{'；'.join(rows)}。请安排专人核实去向。回复“重点人员”看名单。"


def unreachable_counts(rows: Sequence[str]) -> str:
    return f"有重点人员连续两天没有联系上：{'，'.join(rows)}。请督促学校核实。回复“重点人员”看名单。"


def not_on_the_list(found: Sequence[Missing], where: Sequence[str]) -> str:
    said = [f"{one.name}（{place}，{on(one.day)}，{one.why}）" for one, place in zip(found, where, strict=True)]
    return (
        f"重点人员核对：答复里提到外出、接触或病例，或在管而不在名单上的有{len(found)}人：{names(said)}。"
        f"请问清后回复：登记重点人员 {found[0].name} 原因 说明。"
    )


def due(rows: Sequence[tuple[str, str, str]]) -> str:
    """release_due of domain handbook 13.3. rows: name, class, what is to be looked at."""
    said = [f"{name}（{where}）{what}" for name, where, what in rows]
    return (
        f"可议解除的重点人员{len(rows)}人：{names(said)}。请核对材料后决定，系统不会自动解除。"
        f"解除请回复：解除重点 {rows[0][0]} 依据。"
    )


def region_keeper(region: str, start: date, people: Sequence[str]) -> str:
    return (
        f"{region}自{on(start)}起列入重点地区。按已申报的行程，您负责联系的{len(people)}人新列入重点人员：{names(people)}。"
        f"请今天联系核实，并回复：联系 {people[0]} 已通话。"
    )


def region_bureau(region: str, start: date, count: int, schools: int) -> str:
    return (
        f"{region}自{on(start)}起列入重点地区，已按名单复核全区申报：新增重点人员{count}人，涉及{schools}所学校，"
        "联系人已逐一通知。回复“重点人员”看名单。"
    )


def come_back(name: str, place: str, day: date) -> str:
    return f"您说过{name}计划{on(day)}从{place or '外地'}返回，请问已经回来了吗？回来了请回复“{on(day)}回来了”，没有请告诉我新的日期。回来后请再回复“登记行程”，补充车次和接触情况。"
