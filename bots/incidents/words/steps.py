"""What is said of incidents: steps, clocks, drafts, candidates and hand-over sheets (domain handbook 8, 13.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bots.wording.health import on
from models.queries.incidents import CandidateRow, IncidentRow, StepRow
from models.rules.clusters import NAMES as DISEASES
from models.rules.district import District
from models.rules.incidents import lacking, limit_minutes, next_step

STEP_NAMES: Mapping[str, str] = {
    "found": "发现",
    "held": "临时隔离",
    "guardian_notified": "通知家长",
    "referred": "就医",
    "reported": "上报",
    "contacts": "排查名单",
    "disinfected": "消毒",
    "tracking": "追踪",
    "outcome": "排除或确诊",
    "excluded": "已排除",
    "diagnosed": "已确诊",
    "cleared": "复课查验",
    "case_closed": "销案",
    "false_alarm": "误报",
}
#: What to type for each step, after the incident's number.
STEP_WORDS: Mapping[str, str] = {
    "held": "已隔离 地点",
    "guardian_notified": "已通知家长",
    "referred": "已就医 医院",
    "reported": "已报告 疾控 时间",
    "contacts": "排查",
    "disinfected": "已消毒 地点",
    "tracking": "追踪 情况",
    "outcome": "排除 依据（或 确诊 诊断）",
    "cleared": "查验 结果",
    "case_closed": "结案 原因",
}
REASONS: Mapping[str, str] = {
    "fever_exposed": "发热且有重点地区或接触史",
    "case_said": "自述与病例有关",
    "cluster": "聚集",
    "disease": "传染病",
    "severe": "重症",
    "other": "其他",
}
WHERE: Mapping[str, str] = {
    "home": "家中",
    "gate": "校门",
    "class": "教室",
    "dormitory": "宿舍",
    "canteen": "食堂",
    "way": "途中",
}
WAYS: Mapping[str, str] = {
    "seat": "邻座",
    "dormitory": "同宿舍",
    "sibling": "兄弟姐妹",
    "class": "同班",
    "other": "其他",
}
DECISIONS: Mapping[str, str] = {"close_contact": "密接", "general_contact": "一般接触", "none": "不判定"}
HOW = (
    "建立事件请写：开事件 姓名 原因。查看请写：事件 编号。登记请写：事件 编号 已隔离 医务室；"
    "也可写 已通知家长、已就医、已报告、排查、已消毒、追踪、排除、确诊、查验、结案、误报、不适用。"
)
NOT_YOURS = "事件由班主任、校医、疫情报告人和校领导处置，您目前没有这个职务。其他请回复“帮助”。"
NO_SUCH = "没有找到这个事件，或不在您负责的范围。回复“事件”可查看进行中的。"
ONLY_DECIDERS = "排除和确诊由校医、疫情报告人或校长依据医院和疾控的结论登记。您可以写：事件 编号 追踪 情况。"
ONLY_CLOSERS = "结案和误报由疫情报告人或校长登记。您可以写：事件 编号 追踪 情况。"
ONLY_BUREAU = "定级由教育局登记。回复“事件”可查看进行中的。"
LATER = "这个时间还没有到，请写发生的时间，例如：已报告 疾控 15:20。"
LOCAL_ONLY = "请写事件编号，例如：事件 3。回复“事件”可查看进行中的。"
_LINES = 15


def no_incident(name: str) -> str:
    return f"{name}目前没有进行中的事件。要建立请回复“开事件 {name} 原因”。"


def which(rows: Sequence[IncidentRow]) -> str:
    return (
        "有不止一个：" + "、".join(f"事件{row.id}（{row.person_name}）" for row in rows) + "。请写编号，例如：事件 3。"
    )


def clock(district: District, moment: datetime, today: datetime) -> str:
    """ "08:20" today, "3月3日17:00" on another day."""
    local = district.local(moment)
    return f"{local:%H:%M}" if local.date() == district.day_of(today) else f"{on(local.date())}{local:%H:%M}"


def title(row: IncidentRow, where: str, *, plain: bool = False) -> str:
    """ "事件3（三年级2班 李小明，发热且有…）"; plain: without a name."""
    who = where if plain or not row.person_name else f"{where} {row.person_name}"
    return f"事件{row.id}（{who}，{REASONS.get(row.reason, row.reason)}）"


def turn_line(district: District, step: StepRow | None, now: datetime) -> str:
    """Whose turn it is, and until when."""
    if step is None:
        return "各项已办完。"
    over = "，已逾期" if step.due_at <= now else ""
    owner = step.owner_name or "请指定负责人"
    return f"下一步：{STEP_NAMES[step.step]}，{clock(district, step.due_at, now)}前{over}，负责人{owner}"


def next_of(steps: Sequence[StepRow]) -> StepRow | None:
    coming = next_step([one.standing for one in steps])
    return None if coming is None else next(one for one in steps if one.step == coming.step)


def listed(district: District, rows: Sequence[tuple[IncidentRow, str, Sequence[StepRow], bool]], now: datetime) -> str:
    """The open incidents. rows: (incident, where, steps, plain)."""
    if not rows:
        return "目前没有进行中的事件。要建立请回复“开事件 姓名 原因”。"
    shown = [
        f"{title(row, where, plain=plain)}：{STEP_NAMES[row.stage]}；{turn_line(district, next_of(steps), now)}"
        for row, where, steps, plain in rows[:_LINES]
    ]
    more = f"\n等共{len(rows)}个" if len(rows) > _LINES else ""
    return f"进行中的事件{len(rows)}个：\n" + "\n".join(shown) + f"{more}\n回复“事件 {rows[0][0].id}”看全部步骤。"


def shown(
    district: District, row: IncidentRow, where: str, steps: Sequence[StepRow], now: datetime, *, plain: bool
) -> str:
    """One incident with all its steps; plain: for the bureau, without name and without what was written."""
    lines = []
    for one in steps:
        name = (
            STEP_NAMES.get(row.outcome or "", STEP_NAMES["outcome"]) if one.step == "outcome" else STEP_NAMES[one.step]
        )
        if one.state == "done":
            at = clock(district, one.happened_at or now, now)
            lines.append(f"✓{name} {at}" + (f" {one.note}" if one.note and not plain else ""))
        elif one.state == "not_applicable":
            lines.append(f"－{name} 不适用" + (f"（{one.note}）" if one.note and not plain else ""))
        else:
            over = "（逾期）" if one.due_at <= now else ""
            lines.append(f"○{name} {clock(district, one.due_at, now)}前{over} {one.owner_name or '未指定'}")
    severity = f"，定级{row.severity}" if row.severity else ""
    head = f"{title(row, where, plain=plain)}，{clock(district, row.found_at, now)}发现{severity}："
    if row.closed_at is not None:
        tail = f"已于{clock(district, row.closed_at, now)}结案，记录保留备查。"
    elif plain:
        tail = "详情请联系学校疫情报告人。"
    else:
        coming = next_of(steps)
        what = STEP_WORDS[coming.step] if coming else "结案 原因"
        tail = f"登记请回复，例如：事件 {row.id} {what}。"
    return head + "\n" + "\n".join(lines) + "\n" + tail


def opened(district: District, row: IncidentRow, where: str, steps: Sequence[StepRow], now: datetime) -> str:
    minutes = limit_minutes(row.report_code, district.incident)
    limit = f"{minutes // 60}小时" if minutes % 60 == 0 else f"{minutes}分钟"
    return (
        f"已建立{title(row, where)}，自{clock(district, row.found_at, now)}起计时，须在{limit}内报告疾控和教育局。"
        f"{turn_line(district, next_of(steps), now)}。回复“事件 {row.id}”看全部步骤。"
    )


def already_open(row: IncidentRow, where: str) -> str:
    return f"{title(row, where)}正在处置，不再另建。回复“事件 {row.id}”看全部步骤。"


def entered(
    district: District, row: IncidentRow, where: str, step: str, at: datetime, steps: Sequence[StepRow], now: datetime
) -> str:
    head = f"已记下{title(row, where)}：{STEP_NAMES[step]}，{clock(district, at, now)}。"
    if row.closed_at is not None:
        return f"{head}事件已结案，记录保留备查。回复“事件”可查看其他的。"
    return f"{head}{turn_line(district, next_of(steps), now)}。回复“事件 {row.id}”看全部步骤。"


def noted(row: IncidentRow, where: str) -> str:
    return f"已记入{title(row, where)}的经过。回复“事件 {row.id}”看全部步骤。"


def closed_before(row: IncidentRow) -> str:
    return f"事件{row.id}已经结案，记录保留备查。如有新情况请另行建立：开事件 {row.person_name} 原因。"


def still_open(row: IncidentRow, steps: Sequence[StepRow]) -> str:
    names = "、".join(STEP_NAMES[name] for name in lacking([one.standing for one in steps]))
    first = lacking([one.standing for one in steps])[0]
    return (
        f"事件{row.id}还不能结案，未完成：{names}。"
        f"不需要的请写明原因，例如：事件 {row.id} 不适用 {STEP_NAMES[first]} 原因。"
    )


def needs(row: IncidentRow, what: str) -> str:
    """Something must be said beside the step: a cause, a reason, a diagnosis."""
    return f"请写明{what}，例如：事件 {row.id} {_EXAMPLES.get(what, '')}。"


_EXAMPLES = {
    "不适用的步骤和原因": "不适用 消毒 孩子一直在家，没有到校",
    "排除的依据": "排除 区医院核酸阴性，诊断普通感冒",
    "诊断": "确诊 甲流，区医院3月3日诊断",
    "原因": "结案 普通感冒，已痊愈返校",
    "误报的原因": "误报 家长把38.2打成了83.2，复测36.5",
}


def cannot_skip(row: IncidentRow) -> str:
    return f"这一步不能写不适用。需要结案请回复：事件 {row.id} 结案 原因；不是真的请回复：事件 {row.id} 误报 原因。"


# -- what leaders hear ------------------------------------------------------------------------------------------------
def timeline(district: District, row: IncidentRow, where: str, what: str, at: datetime, *, plain: bool, by: str) -> str:
    """One new line of the timeline, to a leader; plain: to the bureau."""
    actor = f"，{by}登记" if by and not plain else ""
    return (
        f"{title(row, where, plain=plain)}：{what}，{district.local(at):%m月%d日%H:%M}{actor}。"
        f"回复“事件 {row.id}”看全部步骤。"
    )


def opened_by_alert(incident_id: int) -> str:
    return f"已建立事件{incident_id}，步骤请回复“事件 {incident_id}”。"


def reminder(lines: Sequence[str]) -> str:
    return "事件处置提醒：\n" + "\n".join(lines[:12]) + "\n办好后请回复，例如：" + "事件 编号 步骤 情况。"


def reminder_line(
    district: District, incident_id: int, who: str, step: str, due_at: datetime, now: datetime, owner: str
) -> str:
    minutes = int(abs((due_at - now).total_seconds()) // 60)
    late = due_at <= now
    if minutes < 60:
        span = f"{minutes}分钟"
    elif minutes < 48 * 60:
        span = f"{minutes // 60}小时"
    else:
        span = f"{minutes // 1440}天"
    state = ("已到时限" if minutes == 0 else f"已逾期{span}") if late else f"还有{span}"
    return (
        f"事件{incident_id} {who}：{STEP_NAMES[step]}须在{clock(district, due_at, now)}前完成，{state}，负责人{owner}"
    )


# -- contacts ---------------------------------------------------------------------------------------------------------
def candidates(
    row: IncidentRow, found: Sequence[CandidateRow], days: int, at_school: bool, ill: Sequence[str] = ()
) -> str:
    """The school's own list of who may have been in contact: near ones by name, the class by number.

    ill: the names of those who fell ill, where the incident is about several.
    """
    cases = f"发病{len(ill)}人：{'、'.join(ill[:_LINES])}{'等' if len(ill) > _LINES else ''}。" if ill else ""
    if not found:
        none = "" if at_school else f"发现前{days}天内没有到校记录，同班名单不列入。"
        return f"{cases}事件{row.id}的排查名单目前为空。{none}需要加人请回复：事件 {row.id} 候选 姓名 接触方式。"
    parts = []
    for way in ("sibling", "seat", "dormitory", "other"):
        near = [_decided(one) for one in found if way in one.ways]
        if near:
            parts.append(f"{WAYS[way]}：{'、'.join(near)}")
    number = sum("class" in one.ways for one in found)
    if number:
        parts.append(f"同班共{number}人")
    none = "" if at_school else f"（发现前{days}天内没有到校记录，未列同班）"
    return (
        f"{cases}事件{row.id}排查名单{none}：{'；'.join(parts)}。这是学校自己的名单，是否密接由疾控判定；"
        f"疾控通知后请回复：密接 姓名 来源和时间。加人请回复：事件 {row.id} 候选 姓名 接触方式。"
    )


def _decided(one: CandidateRow) -> str:
    return one.name + (f"（{DECISIONS.get(one.decision, one.decision)}）" if one.decision else "")


def candidate_added(row: IncidentRow, name: str) -> str:
    return f"已把{name}列入事件{row.id}的排查名单。是否密接由疾控判定；回复“事件 {row.id} 排查”看名单。"


def disease_name(code: str) -> str:
    return DISEASES.get(code, code)
