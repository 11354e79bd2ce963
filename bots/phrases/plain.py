"""Small pieces of text the reporting chain's sentences are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from models.rules.check_in import Health
from models.rules.district import District

#: How many names a message lists before it says how many more there are.
NAMES_SHOWN = 30

#: Symptom codes in the words of parents and teachers (domain handbook 5.1).
SYMPTOMS = {
    "fever": "发热",
    "chills": "畏寒",
    "fatigue": "乏力",
    "headache": "头痛",
    "dizziness": "头晕",
    "muscle_ache": "肌肉酸痛",
    "cough": "咳嗽",
    "dry_cough": "干咳",
    "sore_throat": "咽痛",
    "runny_nose": "流鼻涕",
    "stuffy_nose": "鼻塞",
    "sneezing": "打喷嚏",
    "chest_tightness": "胸闷",
    "dyspnea": "气促",
    "smell_taste_loss": "嗅味觉减退",
    "nausea": "恶心",
    "vomiting": "呕吐",
    "diarrhea": "腹泻",
    "abdominal_pain": "腹痛",
    "rash": "皮疹",
    "blister": "疱疹",
    "conjunctivitis": "红眼",
    "parotid_swelling": "腮腺肿大",
    "jaundice": "黄疸",
    "convulsion": "抽搐",
    "other": "其他不适",
}


def names(people: Iterable[str], shown: int = NAMES_SHOWN) -> str:
    """ "林林、王乐乐", with how many in all where the list is cut."""
    listed = list(people)
    cut = "、".join(listed[:shown])
    return cut if len(listed) <= shown else f"{cut} 等{len(listed)}人"


def day_words(day: date) -> str:
    return f"{day.month}月{day.day}日"


def clock(district: District, moment: datetime) -> str:
    """The moment on the district's clock, "09:42"."""
    return f"{district.local(moment):%H:%M}"


def celsius(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}℃"


def health_words(health: Health | None) -> str:
    """What was reported of somebody, "38.2℃ 咳嗽"; empty where nothing was."""
    if health is None:
        return ""
    parts = [] if health.tenths is None else [celsius(health.tenths)]
    parts += [SYMPTOMS.get(code, "其他不适") for code in health.symptoms]
    return " ".join(parts)


def lines(*parts: str | None) -> str:
    """The lines that say something, one below the other."""
    return "\n".join(part for part in parts if part)


def either(words: Sequence[str]) -> str:
    """ "“班级”或“年级”"."""
    return "或".join(f"“{word}”" for word in words)
