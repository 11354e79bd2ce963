"""What is said about the reports of units: their state, the signature, what a change does (domain handbook 13.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bots.reports.words.findings import in_words
from bots.wording.health import on
from bots.wording.plain import clock, health_words, lines, names, new_cases
from models.queries.calls import CallMade
from models.queries.reports import ReportInfo
from models.queries.unreported import Unwell
from models.rules.authority import wants_cosign
from models.rules.district import District
from models.rules.figures import Figures, Finding, completeness, may_be_zero, zero_kind

CAPACITY = {
    "": "",
    "deputy_head_teacher": "由副班主任代签",
    "deputy_reporter": "由B角签报",
    "principal": "由校长签报",
    "acted_for": "由上级代为确认",
    "delegate": "受托代签",
}
#: The figures a change is told of, in the order in which they are read out.
CHANGED = {
    "fever": "发热",
    "alerted": "待核实",
    "staff_alerted": "教职工待核实",
    "symptomatic": "有症状",
    "in_key_region": "在重点地区",
    "other_city": "市外",
    "other_province": "省外",
    "abroad": "境外",
    "sick_absence": "因病缺勤",
    "personal_leave": "事假",
    "isolation_absence": "因隔离缺勤",
    "unexplained_absence": "缺勤原因不明",
    "reported": "已报",
    "staff_fever": "教职工发热",
    "staff_symptomatic": "教职工有症状",
    "staff_reported": "教职工已报",
    "judged": "判断不需报告",
    "staff_judged": "教职工判断不需报告",
}
RETURN_REASONS = ("数字对不上", "缺人", "异常未说明", "其他")
#: How many classes' remarks a reporter is shown.
_REMARKS = 6
#: How many calls.
_CALLS = 8


def zero_words(report: ReportInfo) -> str:
    """What was signed: 零报告, 零报告（未报3人）, or 日报 (with something in it)."""
    if not report.is_zero:
        return "日报"
    if report.zero_kind == "full":
        return "零报告"
    figures = report.figures
    missing = figures.unreported + figures.staff_unreported
    parts = [f"未报{missing}人"] if missing else []
    if figures.classes_filed < figures.classes and figures.classes > 1:
        parts.append(f"{figures.classes - figures.classes_filed}个班未确认")
    return f"零报告（{'，'.join(parts) or '有班级未确认'}）"


def signed_words(district: District, report: ReportInfo) -> str:
    """Who signed what, when and in which capacity; empty where nobody has."""
    if not report.was_filed or report.confirmed_at is None:
        return ""
    how = CAPACITY.get(report.capacity, "")
    how = f"（{how}）" if how else ""
    return f"{report.signer}已于{clock(district, report.confirmed_at)}签报{how}：{zero_words(report)}"


def state_line(district: District, report: ReportInfo, deadline: datetime, at: datetime, beside: str = "") -> str:
    """Where a unit's report stands at `at` and what to do next. beside: what is said of the principal's signature."""
    if report.is_signed:
        late = "，迟报" if report.on_time is False else ""
        return f"{signed_words(district, report)}{late}{beside}。"
    if report.status == "returned":
        return f"已被退回：{report.reason or '请核对'}。改好后请回复“确认”。"
    if report.was_filed:
        return "签报后有更正，请核对后回复“确认”。"
    if report.status == "missing":
        return "已过锁定时间，记为未报。现在回复“确认”会记为补报。"
    if at > deadline:
        return f"已过{clock(district, deadline)}的截止时间，请现在核对，无误请回复“确认”。"
    return f"请在{clock(district, deadline)}前核对，无误请回复“确认”。"


def unwell_words(unwell: Sequence[Unwell], unit_names: Mapping[int, str] | None = None) -> str:
    """The abnormal by name, "王乐乐 38.2℃ 咳嗽"."""
    told = []
    for one in unwell:
        place = "教职工" if one.kind == "staff" else (unit_names or {}).get(one.unit_id, "")
        where = f"（{place}）" if unit_names and place else ""
        told.append(f"{one.name}{where} {health_words(one.health)}".strip())
    return names(told)


def class_counts(figures: Figures) -> str:
    absent = f"，缺勤{figures.absences}人（因病{figures.sick_absence}人）" if figures.absences else ""
    away = f"，不在本地{figures.not_returned}人" if figures.not_returned else ""
    return (
        f"应报{figures.due}人，已报{figures.reported}人，未报{figures.unreported}人；"
        f"发热{figures.fever}人，有症状{figures.symptomatic}人{absent}{away}"
    )


def class_state(
    district: District,
    name: str,
    day: date,
    figures: Figures,
    missing: Sequence[str],
    unwell: Sequence[Unwell],
    report: ReportInfo,
    deadline: datetime,
    at: datetime,
    unbound: int = 0,
    unreached: Sequence[str] = (),
    warnings: str = "",
) -> str:
    """A class as its head teacher sees it: counts, names missing, names abnormal, and the next step."""
    return lines(
        f"{name}（{on(day)}）：{class_counts(figures)}。",
        f"未报：{names(missing)}" if missing else "",
        f"提醒没能送达{names(unreached)}的家长，请电话联系。" if unreached else "",
        f"异常：{unwell_words(unwell)}" if unwell else "",
        f"另有{figures.alerted}人待核实，请尽快联系家长。" if figures.alerted else "",
        f"家长已绑定{figures.enrolled - unbound}/{figures.enrolled}名学生，回复“绑定码”可查看其余的。"
        if unbound
        else "",
        "" if report.is_signed else warnings,
        state_line(district, report, deadline, at) + _next_step(district, figures, report),
    )


def _next_step(district: District, figures: Figures, report: ReportInfo) -> str:
    if report.is_signed:
        return ""
    if figures.unreported and district.reporting.strict_zero:
        return f"本区规定全部报齐才能零报告，现在确认会记为日报（未报{figures.unreported}人）；回复“催报”可再提醒家长。"
    if figures.unreported:
        return f"现在确认会标明未报{figures.unreported}人；回复“催报”可再提醒家长。"
    return "确认后记为零报告。" if zero_kind(figures, "class_unit", district.reporting) else ""


def staff_counts(figures: Figures) -> str:
    fever = f"，发热{figures.staff_fever}人" if figures.staff_fever else ""
    return f"教职工应报{figures.staff_due}人，已报{figures.staff_reported}人{fever}"


def child_line(name: str, figures: Figures, report: ReportInfo | None, skipped: bool = False) -> str:
    """One unit below, in a line."""
    fever = f" 发热{figures.fever}" if figures.fever else ""
    if skipped and (report is None or not report.was_filed):
        return f"{name} {figures.reported}/{figures.due}{fever}"
    match report:
        case ReportInfo(is_signed=True):
            state = "已确认"
        case ReportInfo(status="returned"):
            state = "已退回"
        case ReportInfo(was_filed=True):
            state = "有更正待确认"
        case _:
            state = "未确认"
    return f"{name} {figures.reported}/{figures.due}{fever} {state}"


def grade_state(
    district: District,
    name: str,
    day: date,
    figures: Figures,
    children: Sequence[str],
    missing: Sequence[str],
    unwell: str,
    staff_missing: Sequence[str],
    report: ReportInfo,
    deadline: datetime,
    at: datetime,
) -> str:
    """A grade as its head sees it: classes, staff, names of the missing and the abnormal only."""
    return lines(
        f"{name}（{on(day)}）：{class_counts(figures)}。班级已确认{figures.classes_filed}/{figures.classes}。",
        "\n".join(children),
        f"未报：{names(missing)}" if missing else "",
        f"异常：{unwell}" if unwell else "",
        f"{staff_counts(figures)}。" if figures.staff_due else "",
        f"教职工未报：{names(staff_missing)}" if staff_missing else "",
        f"{state_line(district, report, deadline, at)}退回请写“退回 班级 原因”。",
    )


def office_state(name: str, day: date, figures: Figures, children: Sequence[str], staff_missing: Sequence[str]) -> str:
    """A school as its academic office sees it: grades by counts, the table of staff."""
    return lines(
        f"{name}（{on(day)}）：{class_counts(figures)}。班级已确认{figures.classes_filed}/{figures.classes}。",
        "\n".join(children),
        f"{staff_counts(figures)}。",
        f"教职工未报：{names(staff_missing)}" if staff_missing else "",
        "核对后请回复“确认”；退回请写“退回 年级 原因”。",
    )


def school_state(
    district: District,
    name: str,
    day: date,
    figures: Figures,
    unfiled: Sequence[str],
    unwell: str,
    report: ReportInfo,
    deadline: datetime,
    at: datetime,
    step: str = "",
    evidence: str = "",
) -> str:
    """A school as its reporter sees it before signing: the evidence, then what a yes will mean."""
    absent = f"，因病缺勤{figures.sick_absence}人" if figures.sick_absence else ""
    return lines(
        f"{name}（{on(day)}）：学生应报{figures.due}人，已报{figures.reported}人，未报{figures.unreported}人；"
        f"{staff_counts(figures)}。",
        f"学生疑似{figures.suspected}、确诊{figures.confirmed}、密接{figures.close_contact}{new_cases(figures)}，"
        f"发热{figures.fever}人，有症状{figures.symptomatic}人{absent}，在管{figures.in_care}人。",
        f"异常：{unwell}" if unwell else "",
        f"另有{figures.alerted}人待核实。" if figures.alerted else "",
        f"班级已确认{figures.classes_filed}/{figures.classes}"
        + (f"，未确认：{names(unfiled, counted='个班')}。" if unfiled else "。"),
        evidence,
        step or state_line(district, report, deadline, at, cosign_state(district, report)),
    )


def evidence(
    missing: int,
    unbound: int,
    unreached: int,
    said: Sequence[tuple[str, str, str]],
    last_fever: date | None,
    day: date,
    back: int,
    calls: Sequence[str] = (),
    uncalled: int = 0,
) -> str:
    """What a reporter's yes rests on. said: (class, signer, remark); last_fever: before `day`, within `back` days.

    calls: of the missing, each whose family somebody rang; uncalled: how many nobody did.
    """
    why = [part for part, number in ((f"未绑定{unbound}人", unbound), (f"未送达{unreached}人", unreached)) if number]
    told = [f"{unit}（{who}）{text}" if who else f"{unit} {text}" for unit, who, text in said[:_REMARKS]]
    if last_fever is None:
        fever = f"此前{back}天没有发热记录。" if back > 0 else ""
    else:
        fever = f"上一次发热在{on(last_fever)}（{(day - last_fever).days}天前）。"
    return lines(
        f"未报{missing}人中，{'、'.join(why)}。" if why else "",
        f"已电话联系{len(calls)}人：{'；'.join(calls[:_CALLS])}{'等' if len(calls) > _CALLS else ''}。"
        + (f"还有{uncalled}人没有电话记录。" if uncalled else "")
        if calls
        else "",
        f"班级说明：{'；'.join(told)}。" if told else "",
        fever,
    )


def call_line(district: District, name: str, where: str, made: CallMade) -> str:
    """One call of the evidence: 王乐乐（三年级2班，陈静09:40，没人接）."""
    what = made.note or ("已联系上" if made.outcome == "reached" else "没有联系上")
    return f"{name}（{where}，{made.by}{clock(district, made.at)}，{what}）"


def school_meaning(district: District, figures: Figures, kind: str) -> str:
    """What the reporter's yes will make of it."""
    if not kind and district.reporting.strict_zero and may_be_zero(figures, "school", district.reporting):
        return "还没有报齐。本区规定全部报齐才能零报告，现在签报会记为日报。"
    if not kind:
        return "有异常，签报后记为日报（不是零报告）。"
    if kind == "full":
        return ""
    missing = figures.unreported + figures.staff_unreported
    return f"签报后将标明“零报告（未报{missing}人）”。" if missing else "有班级未确认，签报后将标明。"


def overview_counts(name: str, day: date, figures: Figures) -> str:
    """What somebody oversees, by counts only."""
    return lines(
        f"{name}（{on(day)}）：学生应报{figures.due}人，已报{figures.reported}人（{completeness(figures)}）；"
        f"{staff_counts(figures)}。",
        f"学生发热{figures.fever}，有症状{figures.symptomatic}，疑似{figures.suspected}，确诊{figures.confirmed}，"
        f"密接{figures.close_contact}{new_cases(figures)}，因病缺勤{figures.sick_absence}，不在本地{figures.not_returned}，"
        f"在管{figures.in_care}。",
    )


# -- the signature ----------------------------------------------------------------------------------------------------


def filed(district: District, name: str, report: ReportInfo, figures: Figures, level: str, beside: str = "") -> str:
    """Signed: what, when, and what may still be added. beside: what is said of the principal's signature."""
    when = clock(district, report.confirmed_at) if report.confirmed_at else ""
    how = CAPACITY.get(report.capacity, "")
    late = "（迟报）" if report.on_time is False and report.version == 1 else ""
    amended = ("补报的" if report.version == 1 else "更正版") if report.status == "amended" else ""
    done = "已上报" if level == "school" else "已确认"
    head = f"{done}：{name}{amended}{zero_words(report)}{late}，{when}{'，' + how if how else ''}。"
    counts = f"应报{figures.due}人，已报{figures.reported}人，发热{figures.fever}人。"
    ask = ""
    if figures.fever > figures.judged and level != "grade":
        ask = (
            "发热请核实后回复“不需报告 姓名 原因”或“需报告 姓名 原因”。"
            if level == "school"
            else "发热情况请核实，说明可回复“补充 …”。"
        )
    elif report.zero_kind == "qualified":
        ask = "未报原因请回复“补充 …”。"
    return lines(head + counts, beside, ask + "之后如有变化，会重新打开并告诉您。")


COSIGN_HOW = "核对后请回复“联签”；有出入请与报告人联系。"


def ask_cosign(district: District, name: str, day: date, report: ReportInfo, figures: Figures) -> str:
    """To a principal: what was signed, and the word that puts their name beside it. Counts only."""
    what = "零报告" if report.is_zero else "日报，不是零报告"
    return lines(
        f"{name}{on(day)}{what}，{report.signer}{clock(district, report.confirmed_at) if report.confirmed_at else ''}签报，请您联签。",
        f"学生应报{figures.due}人，已报{figures.reported}人；{staff_counts(figures)}。",
        f"发热{figures.fever + figures.staff_fever}人，有症状{figures.symptomatic + figures.staff_symptomatic}人，"
        f"疑似{figures.suspected}、确诊{figures.confirmed}、密接{figures.close_contact}{new_cases(figures)}，在管{figures.in_care}人。",
        f"{COSIGN_HOW}回复“零报告”看姓名和依据。",
    )


def cosign_asked(reached: Sequence[str], held: Sequence[str]) -> str:
    """To the signer."""
    if reached:
        return f"已请{names(reached)}校长联签，签好我会告诉您。"
    if held:
        return f"还需{names(held)}校长联签，但校长没有绑定，请当面告知。"
    return "还需校长联签，但名册里没有校长，请联系管理员。"


def cosigned(district: District, name: str, report: ReportInfo) -> str:
    when = clock(district, report.cosigned_at) if report.cosigned_at else ""
    return f"{name}日报已联签：{report.cosigner}，{when}。如有变化会重新打开，再请签报。"


def nothing_to_cosign(district: District, name: str, report: ReportInfo) -> str:
    """Why there is nothing to put one's name to."""
    if report.cosigned_at is not None and report.is_signed:
        return f"{name}不用重复联签：{report.cosigner}已于{clock(district, report.cosigned_at)}联签。"
    if report.is_signed:
        return f"{name}不用联签：{signed_words(district, report)}。回复“今日”看全校情况。"
    return f"{name}还没有签报，暂时不用联签。回复“零报告”可核对，必要时您可直接回复“确认”签报。"


def cosign_state(district: District, report: ReportInfo) -> str:
    """Whether the principal has signed beside, or is waited for; empty where nobody is."""
    if not report.is_signed:
        return ""
    if report.cosigned_at is not None:
        return f"，{report.cosigner}{clock(district, report.cosigned_at)}联签"
    wanted = wants_cosign(district.reporting, is_zero=report.is_zero, capacity=report.capacity)
    return "，待校长联签" if wanted else ""


def already_signed(district: District, name: str, report: ReportInfo) -> str:
    return f"{name}不用重复确认：{signed_words(district, report)}。如有变化我会告诉您。"


def reviewed(name: str, signed: int, grades: int) -> str:
    return f"已确认：{name}教职工和年级汇总，年级已签报{signed}/{grades}。报告人可以签报了；如有变化我会告诉您。"


def blocked(name: str, findings: Sequence[Finding]) -> str:
    return (
        f"{name}的数字有对不上的地方，暂时不能签报：{in_words(findings)}。请联系管理员核对名册，或稍后回复“确认”再试。"
    )


def acted(district: District, name: str, report: ReportInfo) -> str:
    """To the holder, when somebody signed in their place."""
    return f"{name}：{signed_words(district, report)}。您不用再确认；如有出入，请回复“班级”“年级”或“零报告”查看。"


def returned(name: str, reason: str, until: str) -> str:
    return f"{name}日报被退回：{reason}。请于{until}前修改，改好后回复“确认”重新提交。"


def reopened(
    district: District, name: str, status: str, changes: Mapping[str, tuple[int, int]], at: datetime, word: str
) -> str:
    """After the signature something changed: "更正: 发热 0→1, 09:42"."""
    told = [f"{label} {changes[key][0]}→{changes[key][1]}" for key, label in CHANGED.items() if key in changes]
    what = f"更正: {'、'.join(told) or '数据'}, {clock(district, at)}"
    if status == "amended":
        return f"{name} {what}。当日已锁定，记为更正版。回复“{word}”可查看。"
    return f"{name} {what}。签报已重新打开，请回复“{word}”查看，无误后回复“确认”。"
