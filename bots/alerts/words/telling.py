"""What those who look after people are told, and asked to do (domain handbook 5.7, 13.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bots.wording.health import degrees, on, statements, symptoms
from models.rules.alerts import add_facts
from models.rules.clusters import NAMES as DISEASES

TITLES: Mapping[str, str] = {
    "A01": "发热",
    "A02": "紧急",
    "A03": "发热且有重点地区或接触史",
    "A04": "自述与病例有关",
    "A05": "同住人与病例有关",
    "A06": "有症状",
    "A07": "多种症状或持续不适",
    "A08": "重点地区返回",
    "A09": "外出",
    "A10": "同住人发热",
    "A11": "聚集信号",
    "A12": "观察期漏测",
    "A13": "不应到校而到校",
    "A14": "两份记录不一致",
    "A15": "用退烧药后体温正常",
    "A16": "连续未报",
    "A17": "体温多日相同",
}
TO_DO: Mapping[str, str] = {
    "A01": "请马上联系家长核实，安排居家或就医",
    "A02": "请立即联系家长，情况危急拨打120",
    "A03": "请马上核实，按流程隔离并上报",
    "A04": "请马上核实来源，是否认定由疾控判断",
    "A05": "请核实同住情况并提醒做好防护",
    "A06": "请关注并提醒休息",
    "A07": "请了解症状变化，必要时提醒就医",
    "A08": "请核实返回日期与隔离安排并登记",
    "A09": "请登记行程",
    "A10": "请联系家长了解同住人情况",
    "A12": "请联系家长补测并登记",
    "A13": "请先安排到留观处，联系家长和校医",
    "A14": "请与家长核实以哪份为准",
    "A15": "退烧药会掩盖体温，请按发热关注",
    "A16": "请电话联系，了解情况后代报或登记",
    "A17": "仅供您留意，请不要责怪家长，可提醒每天实测",
}
TO_DO_STAFF = {"A01": "请马上联系本人核实，安排居家或就医", "A02": "请立即联系本人，情况危急拨打120"}
ROLE_TITLES: Mapping[str, str] = {
    "head_teacher": "班主任",
    "deputy_head_teacher": "副班主任",
    "contact_officer": "联系人",
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
SLOTS = {"am": "早", "pm": "晚"}
#: Why somebody should not be at school (A13).
REASONS = {
    "fever": "今天发热",
    "observing": "观察期未解除",
    "clearance": "复课证明未查验",
    "on_hold": "在外返回未批准",
    "sick_leave": "今天登记为病假或隔离",
}
#: How many alerts one message lists.
LINES_SHOWN = 12
ACKNOWLEDGE = "处理后请回复“收到”。"


_DIAGNOSED = ("医院有诊断", "请核实诊断并登记，返校前需要复课证明的请提醒家长")


def _is_diagnosed(code: str, facts: Mapping[str, Any]) -> bool:
    """A07 for what a hospital found, and for nothing else."""
    return code == "A07" and "diagnosis" in facts and not {"groups", "lasting_days"} & set(facts)


def _is_contact(code: str, facts: Mapping[str, Any]) -> bool:
    """A08 for what was said of a contact, without a stay of anybody."""
    return code == "A08" and bool(facts.get("contact")) and not {"key_region", "places"} & set(facts)


def title(code: str, facts: Mapping[str, Any]) -> str:
    if _is_contact(code, facts):
        return "接触史"
    return _DIAGNOSED[0] if _is_diagnosed(code, facts) else TITLES.get(code, code)


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
        if "axillary" in facts and len(facts["readings"]) > 1:
            parts.append("其中腋温" + "、".join(degrees(tenths) for tenths in facts["axillary"]))
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
    if "household_statements" in facts:
        parts.append("同住人" + statements(facts["household_statements"]))
    if "diagnosis" in facts:
        parts.append("自述诊断" + "、".join(DISEASES.get(name, name) for name in facts["diagnosis"]))
    if "mentioned" in facts:
        parts.append(f"提到{'、'.join(facts['mentioned'])}，是否去过没有看懂，请核实")
    if "places" in facts:
        parts.append("外出地点" + "、".join(facts["places"]))
    if facts.get("away"):
        parts.append("目前在外")
    if "returned_on" in facts:
        parts.append("、".join(on(date.fromisoformat(day)) for day in facts["returned_on"]) + "返回")
    if "household_places" in facts:
        parts.append("同住人去过" + "、".join(facts["household_places"]))
    if "key_region" in facts:
        parts.append("重点地区" + "、".join(facts["key_region"]))
    if facts.get("contact"):
        parts.append("有接触史")
    if "lasting_days" in facts:
        parts.append(f"已持续{facts['lasting_days']}天")
    if "days" in facts:
        parts.append(f"连续{facts['days']}天")
    if "slots" in facts:
        parts.append("漏测" + "、".join(slot_words(slot) for slot in facts["slots"]))
    if "reasons" in facts:
        parts.append("、".join(REASONS.get(reason, reason) for reason in facts["reasons"]))
    if "others" in facts:
        parts.append("另一份记录" + "、".join(degrees(tenths) for tenths in facts["others"]))
    for day, _, tenths in (entry.partition(" ") for entry in facts.get("earlier", ())):
        parts.append(on(date.fromisoformat(day)) + degrees(int(tenths)))
    if "later" in facts:
        parts.append("后来报" + "、".join(degrees(tenths) for tenths in facts["later"]))
    return parts


def alert(
    alerts: Sequence[tuple[str, Mapping[str, Any], bool]], name: str, unit: str, clock: str, said_by: str, kind: str
) -> str:
    """The message to somebody of the school. alerts: (code, facts, is_new), most urgent first."""
    titles = "、".join(dict.fromkeys(title(code, facts) for code, facts, _ in alerts))
    unsure = "，待核实" if any(facts.get("unconfirmed") for _, facts, _ in alerts) else ""
    more = "，补充" if not any(is_new for _, _, is_new in alerts) else ""
    known: Mapping[str, Any] = {}
    for _, facts, _ in alerts:
        known = add_facts(known, facts)
    parts = facts_of(known)
    code = alerts[0][0]
    to_do = (TO_DO_STAFF if kind == "staff" else {}).get(code) or TO_DO.get(code, "请核实")
    if _is_diagnosed(code, alerts[0][1]):
        to_do = _DIAGNOSED[1]
    elif _is_contact(code, alerts[0][1]):
        to_do = "请核实接触的人和时间并登记，是否认定由疾控判断"
    return f"【{titles}{unsure}{more}】{unit} {name}：{'，'.join(parts)}（{said_by}{clock}）。{to_do}。{ACKNOWLEDGE}"


def alert_list(lines: Sequence[tuple[str, str, str, Mapping[str, Any]]]) -> str:
    """Several people's alerts in one message. lines: (unit, name, code, facts), most urgent first."""
    shown = [
        f"{unit} {name}：{title(code, facts)}" + (f"，{'，'.join(parts)}" if (parts := facts_of(facts)) else "")
        for unit, name, code, facts in lines[:LINES_SHOWN]
    ]
    more = f"\n等共{len(lines)}条" if len(lines) > LINES_SHOWN else ""
    to_do = TO_DO.get(lines[0][2], "请核实")
    return f"有{len(lines)}条提醒：\n" + "\n".join(shown) + f"{more}\n{to_do}。{ACKNOWLEDGE}"


def alert_bureau(
    alerts: Sequence[tuple[str, Mapping[str, Any], bool]], school: str, unit: str, clock: str, people: int = 1
) -> str:
    """The message to the bureau: the school and the matter, no name and no reading (domain handbook 2.4)."""
    titles = "、".join(dict.fromkeys(title(code, facts) for code, facts, _ in alerts))
    return f"【{titles}】{school}{unit}有{people}人（{clock}）。学校已收到提醒，请与学校疫情报告人联系。{ACKNOWLEDGE}"


def cluster(alerts: Sequence[tuple[str, Mapping[str, Any], bool]], school: str, unit: str) -> str:
    """A cluster signal: where, how many, which rule, from which source. No name (the handbook's 2.4), no diagnosis."""
    found = [one for _, facts, _ in alerts for one in facts.get("clusters", ())]
    told = [cluster_line({**one, "where": one["where"] or unit or school}) for one in found]
    numbers = dict.fromkeys(one["incident"] for one in found if "incident" in one)
    opened = "".join(f"已建立事件{number}，步骤请回复“事件 {number}”。" for number in numbers)
    return (
        f"【聚集信号】{school}：" + "；".join(dict.fromkeys(told)) + "。这是提示，是否成立请校医核实、由疾控判断。"
        f"{opened}{ACKNOWLEDGE}"
    )


def cluster_line(one: Mapping[str, Any]) -> str:
    """One signal with the rule's text and its source."""
    return (
        f"{one['where']}{one['days']}天内{one['count']}人{one['what']}。"
        f"规则{one['rule']}：{one['text']}（出处：{one['source']}）"
    )


def again(lines: Sequence[str], first: bool) -> str:
    """Nobody has acknowledged these. first: the reader hears of them for the first time."""
    head = "以下提醒还没有人回复“收到”" + ("，现请您接手" if first else "，再次提醒您")
    more = f"\n等共{len(lines)}条" if len(lines) > LINES_SHOWN else ""
    return f"{head}：\n" + "\n".join(lines[:LINES_SHOWN]) + f"{more}\n{ACKNOWLEDGE}"


def again_line(unit: str, name: str, code: str, facts: Mapping[str, Any], minutes: int) -> str:
    head = title(code, facts)
    parts = "，".join(part for part in facts_of(facts) if part != head)
    return f"{unit} {name}：{head}{'，' + parts if parts else ''}（已{minutes}分钟）"


def again_line_bureau(place: str, code: str, minutes: int) -> str:
    return f"{place}：{TITLES.get(code, code)}1人（已{minutes}分钟）"


def slot_words(slot: str) -> str:
    """ "2026-03-02 am" → "3月2日早"."""
    day, _, part = slot.partition(" ")
    return on(date.fromisoformat(day)) + SLOTS.get(part, part)


def acknowledged(lines: Sequence[str]) -> str:
    return "已记下您收到：\n" + "\n".join(lines) + "\n请尽快联系核实，有结果可以直接回复我。"


NOTHING_OPEN = "谢谢，目前没有等您确认的提醒。"


def acknowledged_line(unit: str, name: str, code: str) -> str:
    return f"{unit} {name}：{TITLES.get(code, code)}"
