"""How readings, symptoms, days and journeys are written for people (names: domain handbook 5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from models.rules.check_in import Health
from models.rules.district import Disease

SYMPTOMS: Mapping[str, str] = {
    "fever": "发热",
    "chills": "畏寒",
    "fatigue": "乏力",
    "headache": "头痛",
    "dizziness": "头晕",
    "muscle_ache": "肌肉酸痛",
    "cough": "咳嗽",
    "dry_cough": "干咳",
    "sore_throat": "嗓子疼",
    "runny_nose": "流鼻涕",
    "stuffy_nose": "鼻塞",
    "sneezing": "打喷嚏",
    "chest_tightness": "胸闷",
    "dyspnea": "呼吸困难",
    "smell_taste_loss": "嗅觉味觉减退",
    "nausea": "恶心",
    "vomiting": "呕吐",
    "diarrhea": "腹泻",
    "abdominal_pain": "肚子疼",
    "rash": "皮疹",
    "blister": "疱疹",
    "conjunctivitis": "眼睛红",
    "parotid_swelling": "腮腺肿大",
    "jaundice": "黄疸",
    "convulsion": "抽搐",
    "unconscious": "意识不清",
    "other": "其他不适",
}
#: Only for wording: from here on "nothing else" is said instead of "nothing".
_FEVER = Disease().fever_tenths
#: How a temperature was taken (domain handbook 1.2); "unknown" is not said.
METHODS: Mapping[str, str] = {"forehead": "额温", "ear": "耳温", "axillary": "腋温", "oral": "口温"}
STATEMENTS: Mapping[str, str] = {
    "suspected": "疑似",
    "confirmed": "确诊",
    "asymptomatic": "无症状感染",
    "close_contact": "密接",
    "general_contact": "一般接触",
    "excluded": "已排除",
    "home_isolation": "居家隔离",
    "central_isolation": "集中隔离",
    "sealed": "住处封控",
    "diagnosis": "医院有诊断",
}


def degrees(tenths: int) -> str:
    """365 → "36.5℃"."""
    return f"{tenths // 10}.{tenths % 10}℃"


def on(day: date) -> str:
    """ "3月2日"."""
    return f"{day.month}月{day.day}日"


def symptoms(codes: Iterable[str]) -> str:
    """ "咳嗽、流鼻涕"."""
    return "、".join(dict.fromkeys(SYMPTOMS.get(code, code) for code in codes))


def statements(codes: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(STATEMENTS.get(code, code) for code in codes))


def body(health: Health, *, brief: bool = False) -> list[str]:
    """What a report says of the body, as parts: the reading that counts, symptoms, what was denied.

    A number alone never claims that nothing else is the matter (domain handbook 5). brief: the counting reading only.
    """
    parts = []
    if health.tenths is not None:
        others = [reading.tenths for reading in health.readings]
        text = degrees(health.tenths)
        if len(others) > 1 and not brief:
            text += f"（共{len(others)}次：{'、'.join(f'{t // 10}.{t % 10}' for t in others)}，按最高的算）"
        parts.append(text)
    if health.symptoms:
        parts.append(_with_onset(health))
    elif health.denied_all:
        parts.append("无其他不适" if health.tenths is not None and health.tenths >= _FEVER else "无不适")
    elif health.denied:
        parts.append("无" + symptoms(health.denied))
    if health.antipyretic:
        parts.append("用过退烧药")
    if health.recent_fever:
        parts.append("24小时内发过热")
    if health.statements:
        parts.append("您说明：" + statements(health.statements))
    if health.contact and not health.household_trips:
        parts.append("有接触史")
    return parts


def _with_onset(health: Health) -> str:
    said = dict(entry.split(":", 1) for entry in health.onsets)
    days = {code: on(date.fromisoformat(said[code])) for code in health.symptoms if code in said}
    return "、".join(
        dict.fromkeys(
            SYMPTOMS.get(code, code) + (f"（{days[code]}起）" if code in days else "") for code in health.symptoms
        )
    )


def journey(health: Health) -> list[str]:
    """What a report says of travel, as parts; empty where nothing was said that counts."""
    others = ["同住人" + trip_words(trip) for trip in health.household_trips]
    others += ["打算" + plan_words(trip) for trip in health.plans]
    if health.left_area is None:
        return others
    if health.left_area is False:
        return ["未离开本区", *others]
    if not health.trips:
        return [f"外出{health.place}" if health.place else "有外出", *others]
    return [*(trip_words(trip) for trip in health.trips), *others]


def plan_words(trip: Mapping[str, Any]) -> str:
    """ "3月3日去黑龙江省哈尔滨，预计3月6日返回"."""
    left, planned = _day(trip, "left_on"), _day(trip, "planned_return")
    return f"{left}去{_where(trip)}" + (f"，预计{planned}返回" if planned else "")


def _where(trip: Mapping[str, Any]) -> str:
    place = str(trip.get("place") or trip.get("province") or "外地")
    province = str(trip.get("province") or "")
    return f"{province}{place}" if province and province[:2] not in place else place


def trip_words(trip: Mapping[str, Any]) -> str:
    """ "2月25日去北京，3月1日返回"."""
    place = _where(trip)
    left, back, planned = (_day(trip, name) for name in ("left_on", "returned_on", "planned_return"))
    if trip.get("away_now"):
        return f"{left and left + '起'}现在{place}" + (f"，预计{planned}返回" if planned else "")
    return (f"{left}去{place}" if left else f"去过{place}") + (f"，{back}返回" if back else "")


def _day(trip: Mapping[str, Any], name: str) -> str:
    return on(date.fromisoformat(str(trip[name]))) if trip.get(name) else ""
