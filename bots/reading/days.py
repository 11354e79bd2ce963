"""Days as people name them, against the day the message was sent."""

from __future__ import annotations

import re
from datetime import date, timedelta

_FULL = re.compile(r"(20\d\d)\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})")
_MONTH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})")
_ONLY_DAY = re.compile(r"(\d{1,2})\s*[号日]")
_CHINESE = re.compile(r"([一二三四五六七八九十正]+)月(?:初)?([一二三四五六七八九十]+)")
_PARTS = re.compile(r"(\d{1,2})\s*[./\-]\s*(\d{1,2})")
_VALUES = {char: at for at, char in enumerate("零一二三四五六七八九")}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
# A date named without its year or month is the nearest one within half a year.
_HALF_YEAR = timedelta(days=183)


def small_number(text: str) -> int | None:
    """The value of 1–99 in digits or Chinese numerals (两 is 2, 半 is not a number), else None."""
    if text.isascii():
        return int(text) if text.isdigit() and len(text) < 4 else None
    text = text.replace("两", "二").replace("俩", "二").replace("仨", "三")
    if text == "十":
        return 10
    tens, ten, ones = text.partition("十")
    if ten:
        if len(tens) > 1 or len(ones) > 1:
            return None
        high, low = _VALUES.get(tens, 1 if not tens else -1), _VALUES.get(ones, 0 if not ones else -1)
        return high * 10 + low if high >= 0 and low >= 0 else None
    return _VALUES.get(text) if len(text) == 1 else None


_HOUR = re.compile(r"(\d{1,2}|[一二两三四五六七八九十]{1,3})\s*[:点时.]")


def hour_of(clock: str) -> int | None:
    """The hour of a time of day as written (7:30, 十九点半), 0–23; None where it names none."""
    found = _HOUR.match(clock)
    hour = small_number(found[1]) if found else None
    return hour if hour is not None and hour < 24 else None


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, today: date) -> date | None:
    options = [made for year in (today.year - 1, today.year, today.year + 1) if (made := _make(year, month, day))]
    return min(options, key=lambda made: abs(made - today), default=None)


_ONLY_CHINESE = re.compile(r"([一二三四五六七八九十]{1,3})[号日]")


def named_date(text: str, today: date) -> date | None:
    """The day a written date means (3月2日, 2026-03-02, 22号), or None where there is no such day.

    A day of the month alone is the latest one not after tomorrow's week: 28号 on the 2nd is last month's.
    """
    if full := _FULL.search(text):
        return _make(int(full[1]), int(full[2]), int(full[3]))
    if part := _MONTH_DAY.search(text):
        return _nearest(int(part[1]), int(part[2]), today)
    if part := _ONLY_DAY.search(text):
        day = int(part[1])
        this = _make(today.year, today.month, day)
        if this is not None and this <= today + timedelta(days=10):
            return this
        before = today.replace(day=1) - timedelta(days=1)
        return _make(before.year, before.month, day) or this
    if part := _ONLY_CHINESE.fullmatch(text.strip()):
        day_of = small_number(part[1])
        return named_date(f"{day_of}号", today) if day_of else None
    if part := _PARTS.fullmatch(text.strip()):
        return month_dot_day(int(part[1]), int(part[2]), today)
    if any(mark in text for mark in "正初腊"):
        return None  # the lunar calendar is not ours to compute
    if part := _CHINESE.search(text):
        month = small_number(part[1])
        day_of = small_number(part[2])
        return _nearest(month, day_of, today) if month and day_of else None
    return None


_ONE = r"(?:(?P<month{0}>\d{{1,2}})\s*月\s*)?(?P<day{0}>\d{{1,2}}(?!\d))\s*(?P<mark{0}>[号日]?)"
_SPAN = re.compile(
    r"(?<![\d.])"
    + _ONE.format(1)
    + r"\s*(?:去的?|走的?|出发的?|离开的?)?\s*[,，、;；]?\s*(?:到|至|[-—–~～]+)?\s*"
    + _ONE.format(2)
    + r"(?![\d.])"
)


def span(text: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of a stay (2月20号到28号, 20号去的28号回的), or None where the text names no such two.

    The second day takes the month of the first where it has none of its own; the stay may not end before it begins.
    """
    for found in _SPAN.finditer(text):
        if not found["mark2"] or not (found["mark1"] or found["month1"]):
            continue
        first_words = f"{found['month1']}月{found['day1']}" if found["month1"] else f"{found['day1']}号"
        first = named_date(first_words, today)
        if first is None:
            continue
        month = int(found["month2"]) if found["month2"] else first.month
        last = _make(first.year + (month < first.month), month, int(found["day2"]))
        if last is None or last < first:
            after = first.replace(day=1) + timedelta(days=32)
            last = None if found["month2"] else _make(after.year, after.month, int(found["day2"]))
        if last is not None and first <= last <= first + _HALF_YEAR:
            return first, last
    return None


def month_dot_day(whole: int, fraction: int, today: date) -> date | None:
    """3.2 as the 2nd of March, where such a day lies within 45 days of `today`; else None."""
    if not (1 <= whole <= 12 and 1 <= fraction <= 31):
        return None
    found = _nearest(whole, fraction, today)
    return found if found is not None and abs(found - today) <= timedelta(days=45) else None


def last_weekday(word: str, today: date) -> date | None:
    """The day 上周三, 周三 or 星期天 names, looking back; None for anything else."""
    weekday = _WEEKDAYS.get(word[-1:])
    if weekday is None or not any(mark in word for mark in ("周", "星期", "礼拜")):
        return None
    monday = today - timedelta(days=today.weekday())
    if word.startswith("上"):
        return monday + timedelta(days=weekday - 7)
    if word.startswith("下"):
        return monday + timedelta(days=weekday + 7)
    this = monday + timedelta(days=weekday)
    return this if this <= today else this - timedelta(days=7)
