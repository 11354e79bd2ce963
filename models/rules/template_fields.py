"""Values for the fields of template and subscription messages, cut and shaped to the platform's field types.

A template message silently loses what is too long; a subscription message with such a field fails (47003), and so does
an empty one. Source: wechat-platform 6.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

#: Characters each type shows.
LIMITS: Mapping[str, int] = {
    "thing": 20,
    "short_thing": 5,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "character_string": 32,
    "phrase": 5,
    "name": 10,
    "phone_number": 17,
    "car_number": 8,
    "amount": 11,
    "time": 32,
    "date": 32,
}
#: What stands in a field we have nothing for; an empty one makes a subscription message fail.
_NOTHING: Mapping[str, str] = {
    "thing": "请点开查看",
    "short_thing": "请查看",
    "phrase": "请查看",
    "const": "请查看",
    "name": "学校",
    "number": "1",
    "letter": "A",
    "symbol": "-",
    "character_string": "-",
    "phone_number": "-",
    "car_number": "-",
    "amount": "¥0",
}
_TYPE = re.compile(r"[a-z_]+")
_BLANKS = re.compile(r"\s+")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2})\S*)?")
_KEEP: Mapping[str, re.Pattern[str]] = {
    "number": re.compile(r"[^0-9.]"),
    "letter": re.compile(r"[^A-Za-z]"),
    "character_string": re.compile(r"[^\x21-\x7e]"),
    "phone_number": re.compile(r"[^0-9+\-() ]"),
}


def field_type(key: str) -> str:
    """`thing` of `thing4`."""
    found = _TYPE.match(key)
    return found[0] if found else ""


def shape(key: str, value: str, moment: datetime) -> str:
    """`value` as the field `key` may hold it; never empty. moment: local, stands where a time is asked and none given."""
    kind = field_type(key)
    text = _BLANKS.sub(" ", value).strip()
    if kind in ("time", "date"):
        return _time(kind, text, moment)
    if kind in _KEEP:
        text = _KEEP[kind].sub("", text)
    limit = LIMITS.get(kind, 20)
    if kind == "name" and text.isascii():
        limit = 20
    if len(text) > limit:
        text = text[: limit - 1] + "…" if limit > 5 and kind not in _KEEP else text[:limit]
    return text or _NOTHING.get(kind, "请点开查看")


def _time(kind: str, text: str, moment: datetime) -> str:
    found = _ISO.search(text)
    if found:
        year, month, day, clock = found.groups()
        return _day(date(int(year), int(month), int(day))) + (f" {clock}" if clock else "")
    if kind == "time" and re.fullmatch(r"\d{1,2}:\d{2}", text):
        return f"{_day(moment.date())} {text.zfill(5)}"
    if re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日( \d{2}:\d{2})?", text):
        return text
    return f"{_day(moment.date())} {moment:%H:%M}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def fill(keys: Sequence[str], names: Mapping[str, str], ours: Mapping[str, str], moment: datetime) -> dict[str, str]:
    """The data of a message: every key of the template, shaped. names: our field → the template's key."""
    by_key = {key: ours.get(name, "") for name, key in names.items()}
    wanted = list(keys) or list(names.values()) or list(ours)
    if not names:
        by_key = dict(ours)
    return {key: shape(key, by_key.get(key, ""), moment) for key in wanted}
