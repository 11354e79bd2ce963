"""Until when: the last day somebody names looking ahead (到周五, 到3月6号, 明天)."""

from __future__ import annotations

import re
from datetime import date, timedelta

_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_NEAR = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_WEEKDAY = re.compile(r"(本|这|下)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})")
_ONLY_DAY = re.compile(r"(\d{1,2})\s*[号日]")
_DAYS = re.compile(r"([\d一二两三四五六七八九十]+)\s*天")
_NUMBERS = {char: at for at, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
#: A week names its days from Monday on; 下周 is the one after this.
_WEEK = 7


def until_day(text: str, today: date) -> date | None:
    """The last day the text names, today or later; None where it names none.

    周五 is the next Friday, today included; 3月6日 is this year's, or next year's once it has passed; 3天 counts today.
    """
    if found := _MONTH_DAY.search(text):
        return _ahead(int(found[1]), int(found[2]), today)
    if found := _ONLY_DAY.search(text):
        this = _make(today.year, today.month, int(found[1]))
        if this is not None and this >= today:
            return this
        later = today.replace(day=1) + timedelta(days=32)
        return _make(later.year, later.month, int(found[1]))
    if found := _WEEKDAY.search(text):
        monday = today - timedelta(days=today.weekday())
        day = monday + timedelta(days=_WEEKDAYS[found[2]])
        if found[1] == "下":
            return day + timedelta(days=_WEEK)
        return day if day >= today else day + timedelta(days=_WEEK)
    # The longest first: 大后天 holds 后天.
    for word, days in sorted(_NEAR.items(), key=lambda item: -len(item[0])):
        if word in text:
            return today + timedelta(days=days)
    if found := _DAYS.search(text):
        count = int(found[1]) if found[1].isdecimal() else _NUMBERS.get(found[1], 0)
        return today + timedelta(days=count - 1) if 1 <= count <= 366 else None
    return None


def _ahead(month: int, day: int, today: date) -> date | None:
    this = _make(today.year, month, day)
    return this if this is not None and this >= today else _make(today.year + 1, month, day)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
