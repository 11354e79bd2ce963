"""What a time word does to the running time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bots.reading.clauses import Token
from bots.reading.days import hour_of, last_weekday, named_date


@dataclass(frozen=True, slots=True)
class When:
    """A time: `kind` is today, day (an exact other day), night (last night), recent, season, distant, future, usual."""

    kind: str = "today"
    day: date | None = None
    moment: str = ""
    said: bool = False  # a time was named


TODAY = When()

_ONGOING = (
    "这几天",
    "最近",
    "近期",
    "近日",
    "这两天",
    "近两周",
    "近14天",
    "14天内",
    "十四天内",
    "近十四天",
    "最近14天",
    "两周内",
    "半个月内",
    "本周",
    "这周",
    "这礼拜",
    "这星期",
    "这一礼拜",
    "这一周",
    "这一星期",
    "这个礼拜",
    "这个星期",
)


_DAWN = 5
_NOON = 12


def after_dawn(token: Token, sent: datetime) -> bool:
    """Whether a word is an hour of the morning the message was sent on, which ends the night told of before."""
    hour = hour_of(token.text) if token.number is not None and token.number.kind == "clock" else None
    return hour is not None and _DAWN <= hour < _NOON and hour <= sent.hour


def time_of(token: Token, sent: datetime, before: When, same_clause: bool) -> When | None:
    """What a time word does to the running time, or None where it is none."""
    roles = token.roles
    today = sent.date()
    if token.number is not None:
        if token.number.kind != "date":
            return None
        day = named_date(token.number.text, today)
        if day is None:
            invalid = token.number.text[0].isdigit() and "月" in token.number.text
            return When("recent", None, "", True) if invalid else None  # 2月29日 of a year that has none
        if day == today:
            return When("today", day, "", True)
        return When("future" if day > today else "day", day, "", True)
    if "compare" in roles or not roles:
        return None
    if "night" in roles:
        return When("night", today - timedelta(days=1), "pm", True)
    if "day" in roles:
        offset = int(roles["day"])
        day = today + timedelta(days=offset)
        moment = "am" if "早" in token.text or "晨" in token.text or "上午" in token.text else ""
        moment = "pm" if "晚" in token.text or "下午" in token.text else moment
        if offset == -2 and "晚" in token.text:
            return When("day", day, "pm", True)
        return When(
            "today" if offset == 0 else "day",
            day,
            moment,
            offset != 0 or token.text not in ("刚", "刚刚", "刚才", "现"),
        )
    if "moment" in roles:
        moment = roles["moment"]
        if same_clause and before.said and (before.kind != "today" or before.day is not None):
            kind = "today" if before.kind == "night" and moment != "pm" else before.kind
            return (
                When(kind, before.day if before.kind != "night" else None, moment, True)
                if kind == "today"
                else When(kind, before.day, moment, True)
            )
        hour = sent.hour
        afternoon = token.text in ("下午", "放学", "放学后", "放学回来", "放学到家", "午后", "后晌")
        if (moment == "pm" and hour < (12 if afternoon else 17)) or (moment == "noon" and hour < 11):
            return When("night" if moment == "pm" and not afternoon else "day", today - timedelta(days=1), moment, True)
        return When("today", None, moment, True)
    if "past" in roles:
        value = roles["past"]
        if value == "recent":
            if token.text in _ONGOING:
                return When("recent", None, "ongoing", True)
            weekday = last_weekday(token.text, today)
            return When("today", today, "", True) if weekday == today else When("recent", weekday, "", True)
        if token.text.startswith(("那", "头")) and same_clause and before.kind == "today" and before.said:
            return before  # 起床那阵37.8
        return When(value, None, "", True)
    if "future" in roles:
        ahead = {"明天": 1, "明日": 1, "明早": 1, "明晚": 1, "明儿": 1, "明儿个": 1, "后天": 2, "大后天": 3}.get(
            token.text
        )
        day_ahead = today + timedelta(days=ahead) if ahead else last_weekday(token.text, today)
        return When("future", day_ahead, "", True)
    if "usual" in roles:
        return When("usual", None, "", True)
    return None
