"""What those who look after people are told, and asked to do (domain handbook 5.7, 13.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bots.phrases.health import degrees, on, statements, symptoms

TITLES: Mapping[str, str] = {
    "A01": "发热",
    "A02": "紧急",
    "A03": "发热且有重点地区或接触史",
    "A04": "自述与病例有关",
    "A05": "同住人与病例有关",
    "A06": "有症状",
    "A08": "重点地区返回",
    "A09": "外出",
    "A10": "同住人发热",
    "A14": "两份记录不一致",
    "A15": "用退烧药后体温正常",
}
TO_DO: Mapping[str, str] = {
    "A01": "请马上联系家长核实，安排居家或就医",
    "A02": "请立即联系家长，情况危急拨打120",
    "A03": "请马上核实，按流程隔离并上报",
    "A04": "请马上核实来源，是否认定由疾控判断",
    "A05": "请核实同住情况并提醒做好防护",
    "A06": "请关注并提醒休息",
    "A08": "请核实返回日期与隔离安排并登记",
    "A09": "请登记行程",
    "A10": "请联系家长了解同住人情况",
    "A14": "请与家长核实以哪份为准",
    "A15": "退烧药会掩盖体温，请按发热关注",
}
TO_DO_STAFF = {"A01": "请马上联系本人核实，安排居家或就医", "A02": "请立即联系本人，情况危急拨打120"}
ROLE_TITLES: Mapping[str, str] = {
    "head_teacher": "班主任",
    "deputy_head_teacher": "副班主任",
    "grade_head": "年级主任",
    "academic_office": "教务处",
    "designated_reporter": "学校疫情报告人",
    "deputy_reporter": "学校疫情报告人",
    "school_doctor": "校医",
    "duty_leader": "值班领导",
    "principal": "学校领导",
    "wg_isolation": "教育局",
    "wg_emergency": "教育局",
    "district_officer": "教育局",
}
ACKNOWLEDGE = "处理后请回复“收到”。"


def told(roles: Sequence[str]) -> str:
    """ "班主任、校医"; empty where nobody could be told."""
    return "、".join(dict.fromkeys(ROLE_TITLES.get(role, role) for role in roles))


def facts_of(facts: Mapping[str, Any]) -> list[str]:
    """The facts of an alert as parts."""
    parts = []
    if "tenths" in facts:
        parts.append(degrees(facts["tenths"]))
        if len(facts.get("readings", ())) > 1:
            parts.append("共测" + "、".join(degrees(tenths) for tenths in facts["readings"]))
    if said := (*facts.get("symptoms", ()), *facts.get("danger", ())):
        parts.append(symptoms(said))
    if facts.get("antipyretic"):
        parts.append("用过退烧药")
    if facts.get("recent_fever"):
        parts.append("24小时内发过热")
    if "household" in facts:
        parts.append("同住人：" + symptoms(facts["household"]))
    if "statements" in facts:
        parts.append("自述" + statements(facts["statements"]))
    if "places" in facts:
        parts.append("外出地点" + "、".join(facts["places"]))
    if facts.get("away"):
        parts.append("目前在外")
    if "returned_on" in facts:
        parts.append("、".join(on(date.fromisoformat(day)) for day in facts["returned_on"]) + "返回")
    if "key_region" in facts:
        parts.append("重点地区" + "、".join(facts["key_region"]))
    if facts.get("contact"):
        parts.append("有接触史")
    if "others" in facts:
        parts.append("另一份记录" + "、".join(degrees(tenths) for tenths in facts["others"]))
    if "later" in facts:
        parts.append("后来报" + "、".join(degrees(tenths) for tenths in facts["later"]))
    return parts


def alert(
    alerts: Sequence[tuple[str, Mapping[str, Any], bool]], name: str, unit: str, clock: str, said_by: str, kind: str
) -> str:
    """The message to somebody of the school. alerts: (code, facts, is_new), most urgent first."""
    titles = "、".join(dict.fromkeys(TITLES.get(code, code) for code, _, _ in alerts))
    unsure = "，待核实" if any(facts.get("unconfirmed") for _, facts, _ in alerts) else ""
    more = "，补充" if not any(is_new for _, _, is_new in alerts) else ""
    parts = list(dict.fromkeys(part for _, facts, _ in alerts for part in facts_of(facts)))
    code = alerts[0][0]
    to_do = (TO_DO_STAFF if kind == "staff" else {}).get(code) or TO_DO.get(code, "请核实")
    return f"【{titles}{unsure}{more}】{unit} {name}：{'，'.join(parts)}（{said_by}{clock}）。{to_do}。{ACKNOWLEDGE}"


def alert_bureau(alerts: Sequence[tuple[str, Mapping[str, Any], bool]], school: str, unit: str, clock: str) -> str:
    """The message to the bureau: the school and the matter, no name and no reading (domain handbook 2.4)."""
    titles = "、".join(dict.fromkeys(TITLES.get(code, code) for code, _, _ in alerts))
    return f"【{titles}】{school}{unit}有1人（{clock}）。学校已收到提醒，请与学校疫情报告人联系。{ACKNOWLEDGE}"


def acknowledged(lines: Sequence[str]) -> str:
    return "已记下您收到：\n" + "\n".join(lines) + "\n请尽快联系核实，有结果可以直接回复我。"


NOTHING_OPEN = "谢谢，目前没有等您确认的提醒。"


def acknowledged_line(unit: str, name: str, code: str) -> str:
    return f"{unit} {name}：{TITLES.get(code, code)}"
