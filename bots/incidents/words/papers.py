"""Papers of an incident: drafts of its reports and the hand-over sheet (domain handbook 8.3, 13.3).

Each holds what had been reported by the day it is about, names what is lacking, and no more than its receiver needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bots.incidents.words.steps import REASONS, STEP_NAMES, WHERE
from bots.wording.health import body, degrees, on, statements, symptoms
from models.queries.incident_picture import Ill, Picture
from models.queries.incidents import CandidateRow, EventRow, IncidentRow, StepRow
from models.rules.clusters import NAMES as SYNDROMES
from models.rules.district import District
from models.rules.incidents import lacking, stage_of

#: How many ill people a sheet lists by name.
_LINES = 12


def _or_gap(value: Any, name: str) -> str:
    return str(value) if value not in (None, "", [], ()) else f"【待补：{name}】"


def _is_done(steps: Sequence[StepRow], step: str) -> bool:
    return any(one.step == step and one.state == "done" for one in steps)


def _course(district: District, row: IncidentRow, steps: Sequence[StepRow]) -> str:
    done = [
        f"{district.local(one.happened_at):%m月%d日%H:%M}{STEP_NAMES[one.step]}"
        for one in steps
        if one.state == "done" and one.happened_at is not None and one.step not in {"outcome", "case_closed"}
    ]
    return "；".join([f"{district.local(row.found_at):%m月%d日%H:%M}发现", *done])


def _opening(facts: Mapping[str, Any]) -> str:
    """The state an incident was opened with."""
    parts = [degrees(tenths) for tenths in facts.get("readings", ())] or (
        [degrees(facts["tenths"])] if "tenths" in facts else []
    )
    said = [*facts.get("symptoms", ()), *facts.get("danger", ())]
    told = f"自述{statements(facts['statements'])}" if facts.get("statements") else ""
    return "，".join(part for part in ("、".join(parts), symptoms(said), told) if part)


def _state(district: District, row: IncidentRow, picture: Picture) -> str:
    """How those it is about are on the day: one person's report, or the numbers of several."""
    if row.person_id is None:
        return _numbers(district, row, picture)
    reported = "，".join(part for one in picture.ill if one.health is not None for part in body(one.health))
    return reported or (_opening(row.facts) if picture.day == district.day_of(row.found_at) else "")


def _numbers(district: District, row: IncidentRow, picture: Picture) -> str:
    what = SYNDROMES.get(str(row.facts.get("syndrome", "")), "")
    if not picture.ill:
        return what
    parts = [f"{what}累计{len(picture.ill)}人", f"当日新发{picture.new}人"]
    parts.append(f"当日仍不适{picture.unwell(district.disease)}人")
    if picture.silent:
        parts.append(f"当日未报{picture.silent}人")
    return "，".join(parts)


def _reports(facts: Mapping[str, Any], until: date | None = None) -> str:
    return "；".join(
        f"{one.get('at', '')}报{one.get('to') or '【待补：接收单位】'}"
        for one in facts.get("reports", ())
        if until is None or str(one.get("at", ""))[:10] <= until.isoformat()
    )


def _exposure(facts: Mapping[str, Any]) -> str:
    parts = [*facts.get("places", ()), *facts.get("key_region", ())]
    if facts.get("contact"):
        parts.append("有接触史")
    return "、".join(dict.fromkeys(parts))


def _measures(steps: Sequence[StepRow]) -> str:
    return "、".join(
        STEP_NAMES[one.step] for one in steps if one.state == "done" and one.step in {"held", "disinfected", "contacts"}
    )


def _count(row: IncidentRow, picture: Picture) -> str:
    return str(len(picture.ill)) if row.person_id is not None or picture.ill else ""


def _unfinished(steps: Sequence[StepRow]) -> str:
    return "、".join(STEP_NAMES[name] for name in lacking([one.standing for one in steps])) or "无"


def initial(
    district: District,
    row: IncidentRow,
    school: str,
    where: str,
    steps: Sequence[StepRow],
    picture: Picture,
    reporter: str,
    owner: str,
) -> str:
    """The first report as a draft; what is not known is named (domain handbook 8.3). Nobody's name of those who are ill."""
    facts, day = row.facts, picture.day
    hospital = facts.get("hospital") if _is_done(steps, "referred") else ""
    exposure = f"；旅居接触史：{_or_gap(_exposure(facts), '旅居接触史')}" if row.person_id is not None else ""
    return "\n".join(
        [
            f"初次报告（草稿）事件{row.id} 截至{on(day)}",
            f"学校：{school}；类型：{REASONS.get(row.reason, row.reason)}；定级：{row.severity or '未定级'}",
            f"负责人：{_or_gap(owner, '负责人')}；报告人：{_or_gap(reporter, '报告人')}；电话：【待补：电话】",
            f"发现时间：{district.local(row.found_at):%Y-%m-%d %H:%M}；地点：{_or_gap(WHERE.get(row.found_where), '发现地点')}",
            f"报告时间：{_or_gap(_reports(facts, day), '报告时间和接收单位')}",
            f"班级：{where}；发病人数：{_or_gap(_count(row, picture), '发病人数')}",
            f"症状体温：{_or_gap(_state(district, row, picture), '症状体温')}{exposure}",
            f"经过：{_course(district, row, steps)}",
            f"就诊医院：{_or_gap(hospital, '就诊医院')}；已采取措施：{_or_gap(_measures(steps), '措施')}",
            f"请核对补齐后，由报告人电话或系统报送；报送后回复：事件 {row.id} 已报告 疾控 时间。",
        ]
    )


def progress(
    district: District,
    row: IncidentRow,
    school: str,
    where: str,
    steps: Sequence[StepRow],
    events: Sequence[EventRow],
    picture: Picture,
) -> str:
    """The report of one day on the course of things, as a draft (from the day after, by 17:00)."""
    day = picture.day
    new = [one for one in events if district.day_of(one.entered_at) == day and one.kind in {"step", "note"}]
    told = "；".join(
        f"{district.local(one.happened_at):%H:%M}{STEP_NAMES.get(one.step, '情况')}"
        + (f"：{one.text}" if one.text else "")
        for one in new
    )
    has_outcome = any(one.step == "outcome" and one.state != "open" for one in steps)
    diagnosis = row.facts.get("diagnosis") if has_outcome else ""
    hospital = row.facts.get("hospital") if _is_done(steps, "referred") else ""
    stage = STEP_NAMES[stage_of([one.standing for one in steps], row.outcome)]
    return "\n".join(
        [
            f"进程报告（草稿）事件{row.id} {on(day)}",
            f"学校：{school}；班级：{where}；目前：{stage}",
            f"当日情况：{_or_gap(_state(district, row, picture), '当日情况（没有收到当天的上报）')}",
            f"今日进展：{_or_gap(told, '今日进展')}",
            f"诊断：{_or_gap(diagnosis, '诊断')}；就诊医院：{_or_gap(hospital, '就诊医院')}",
            f"未完成：{_unfinished(steps)}",
            f"请在{district.incident.progress_by:%H:%M}前核对报送；登记进展请回复：事件 {row.id} 追踪 情况。",
        ]
    )


def closing(
    district: District, row: IncidentRow, school: str, where: str, steps: Sequence[StepRow], picture: Picture
) -> str:
    """The last report as a draft: cause, course, what to do better."""
    outcome = {"excluded": "排除", "diagnosed": "确诊", "false_alarm": "误报"}.get(row.outcome or "", "")
    days = sorted(one.since for one in picture.ill)
    several = f"；首例{on(days[0])}，末例{on(days[-1])}" if row.person_id is None and days else ""
    return "\n".join(
        [
            f"结案报告（草稿）事件{row.id}",
            f"学校：{school}；班级：{where}；结果：{_or_gap(outcome, '排除或确诊')}",
            f"发病人数：{'0（误报）' if row.outcome == 'false_alarm' else _or_gap(_count(row, picture), '发病人数')}{several}",
            f"原因：{_or_gap(row.facts.get('cause'), '原因')}；诊断：{_or_gap(row.facts.get('diagnosis'), '诊断')}",
            f"经过：{_course(district, row, steps)}",
            f"报告：{_or_gap(_reports(row.facts), '报告时间和接收单位')}",
            "改进措施：【待补：改进措施】",
            f"未完成：{_unfinished(steps)}；"
            + ("已结案，记录保留备查。" if row.closed_at is not None else f"核对后回复：事件 {row.id} 结案 原因。"),
        ]
    )


# -- hand-over --------------------------------------------------------------------------------------------------------
def hand_over_how(row: IncidentRow) -> str:
    return f"请写交给谁，例如：事件 {row.id} 交接 医院。可选：医院、疾控、社区、教育局、接班。"


def hand_over_whom(row: IncidentRow) -> str:
    return f"这是多人的事件，请写明送诊的孩子（可写多人），例如：事件 {row.id} 交接 医院 姓名。"


def hand_over(
    district: District,
    row: IncidentRow,
    receiver: str,
    school: str,
    where: str,
    steps: Sequence[StepRow],
    found: Sequence[CandidateRow],
    picture: Picture,
    stamp: str,
    turn: str,
) -> str:
    """A sheet with what the receiver needs, and no more (domain handbook 2.4, 13.4).

    stamp: when it was made; turn: whose turn it is, in words.
    """
    facts, lines = row.facts, [f"交接单（{receiver}）事件{row.id} {stamp}"]
    exposure = [] if row.person_id is None else [f"旅居接触史：{_or_gap(_exposure(facts), '旅居接触史')}"]
    found_at = f"发现：{district.local(row.found_at):%m月%d日%H:%M}，{_or_gap(WHERE.get(row.found_where), '地点')}"
    one_is = row.person_id is not None
    count = _or_gap(_count(row, picture), "发病人数")
    what = REASONS.get(row.reason, row.reason) if one_is else SYNDROMES.get(str(facts.get("syndrome", "")), "聚集")
    match receiver:
        case "医院":
            lines += [found_at, *_patients(district, row, picture, with_class=False), *exposure]
        case "疾控":
            near = sum(1 for one in found if set(one.ways) - {"class"})
            lines += [
                f"{school}{where}",
                found_at,
                *_patients(district, row, picture, with_class=not one_is),
                *exposure,
            ]
            lines += [
                f"就诊医院：{_or_gap(facts.get('hospital'), '就诊医院')}",
                f"排查名单{len(found)}人，其中密切往来{near}人",
            ]
        case "社区":
            lines += [f"姓名：{row.person_name}"] if one_is else [f"{school}{where}{count}人"]
            lines += [f"需要：{_or_gap(facts.get('community'), '请社区配合的事项')}", *exposure]
        case "教育局":
            lines += [f"{school}{where}{count}人，{what}", f"目前：{STEP_NAMES[row.stage]}"]
            lines += [f"报告：{_or_gap(_reports(facts), '报告时间和接收单位')}"]
        case _:
            lines += [f"{where} {row.person_name}" if one_is else f"{where} {what}{count}人"]
            lines += [f"目前：{STEP_NAMES[row.stage]}", turn, f"未完成：{_unfinished(steps)}"]
    return "\n".join([*lines, f"请只交给需要的人。回复“事件 {row.id}”看全部步骤。"])


def _patients(district: District, row: IncidentRow, picture: Picture, *, with_class: bool) -> list[str]:
    """Who is ill, with what was reported of each that day."""
    if row.person_id is not None:
        return [f"姓名：{row.person_name}", f"症状体温：{_or_gap(_state(district, row, picture), '症状体温')}"]
    lines = [(f"{one.where} " if with_class else "") + _patient(one) for one in picture.ill[:_LINES]]
    more = [f"等共{len(picture.ill)}人"] if len(picture.ill) > _LINES else []
    head = [f"{_numbers(district, row, picture)}："] if with_class else []
    return [*head, *lines, *more] if lines else ["姓名：【待补：病例】"]


def _patient(one: Ill) -> str:
    said = "，".join(body(one.health)) if one.health is not None else "当日未报"
    return f"{one.name}，{on(one.since)}起，{said}"
