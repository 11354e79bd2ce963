"""Every number of a message, and what its shape makes it: a temperature, a likely one, a date, a clock, or nothing.

Shape only: whose it is, of which day, and whether it was meant, is judged later from its neighbours.
"""

from __future__ import annotations

import re
from datetime import date

from bots.reading.days import month_dot_day
from bots.reading.heard import ODD_DEGREES, TENS, as_heard
from bots.reading.shapes import COUNTER_AFTER, DEGREE, FAHRENHEIT, LABELS, LETTERS, MEASURE_AFTER, NEW_SENTENCE, SHAPE
from bots.reading.values import (
    DIGIT,
    VALUE,
    Number,
    cjk_integer,
    decimal,
    digits_of,
    fraction_tenths,
    from_fahrenheit,
    whole_number,
)

_DAY_AND_READING = re.compile(r"[1-5]\.\d\d")  # at these hours nobody measures, and writes them with a point
_A_NAME = re.compile(r"[a-z]{2,12}[:,]? ?(?:3[4-9]|4[0-2])[.度]\d(?![\d.a-z])")
_FORM_LINE = 40
# 1.李小明 2.36.6: the second line of a numbered form
_OF_A_FORM = re.compile(r"(?:^|[\s，。；;])1[.、)）](?!\d).*?[\s，。；;](?:[2-9])[.、)）]$", re.DOTALL)
_SO_MANY = re.compile(r"个(?=$|[，,。.！!？?\s了呢吧])")  # 跳绳38.5个, but 36.5个个都好
_AND_MORE = re.compile(r"多(?:一?点儿?|一?些)?(?:了|呢|吧|的样子)*\s*(?:$|[，。,.!！?？\n])")  # 38多, but 38多块
_SPACED = re.compile(r"(3[4-9]|4[0-2])\s+(\d)(?![\d.点度月号日年岁个天周班:])\s*度?")
_SPAN = re.compile(r"\s*[-~到至]\s*(?:3[5-9]|4[0-2])(?![\d.])")
_OK = re.compile(r"(?:ok|zhengchang|normal|good|fine|du|degrees?)(?![a-z])")
_FROST = re.compile(r"[天日上里外边]$")  # what stands before the minus of -36℃
_CERTAIN = frozenset(".。点度℃°·:'`…")
_LIST = frozenset(",，、;；")


def find_numbers(text: str, plausible: tuple[int, int] = (340, 429), today: date | None = None) -> list[Number]:
    """All numbers of a normalised text, in order. Linear in its length. `today` lets 3.2 be read as a date."""
    low, high = plausible
    found: list[Number] = []
    at = 0
    length = len(text)
    while at < length:
        match = SHAPE.search(text, at)
        if match is None:
            break
        kind = match.lastgroup
        start, end = match.span()
        if match.start("int") < 0:
            if match.start("code") >= 0:
                number, end = _code(text, match)
                if number is not None:
                    found.append(number)
                at = end
                continue
            if (
                kind == "date"
                and "月" not in match[0]
                and text[max(0, start - 3) : start].rstrip(" ,，、").endswith("班")
            ):
                kind = "item"  # 三年二班 18号: the child's number in the class
            elif kind != "date" and today is not None and _DAY_AND_READING.fullmatch(match[0]):
                month, _, day = match[0].partition(".")
                if month_dot_day(int(month), int(day), today) is not None:
                    kind = "date"  # 2.28 36.5
            found.append(Number(start, end, {"date": "date", "item": "other"}.get(str(kind), "clock"), text=match[0]))
            at = end
            continue
        listed = (
            bool(found)
            and found[-1].end == start
            and _OF_A_FORM.search(text, max(0, start - _FORM_LINE), start) is not None
        )
        number = (
            _clean(text, match, low, high, listed) or _month_day(text, match, today) or _plain(text, match, low, high)
        )
        if number is not None:
            found.append(number)
            at = max(number.end, start + 1)
        else:
            at = start + 1
    if "、" in text:
        found = _of_one_list(text, found)
    if "度" in text or "点" in text or not ODD_DEGREES.isdisjoint(text) or ("." in text and not TENS.isdisjoint(text)):
        found = as_heard(text, found)
    return found


def _of_one_list(text: str, found: list[Number]) -> list[Number]:
    """38、39、40分: whole numbers of a list whose last has a unit have it too."""
    for at in range(len(found) - 1, 0, -1):
        here, before = found[at], found[at - 1]
        if (
            here.kind == "other"
            and here.text.isdigit()
            and before.kind == "integer"
            and not before.degree
            and text[before.end : here.start] == "、"
        ):
            found[at - 1] = Number(before.start, before.end, "other", text=before.text)
    return found


def _clean(text: str, match: re.Match[str], low: int, high: int, listed: bool = False) -> Number | None:
    """36.5 between marks, as most people write it: nothing beside it can change what it is."""
    if match["sep"] != "." or match["unit"] is not None or len(match["frac"]) != 1 or len(match["int"]) != 2:
        return None
    start, end = match.span()
    if end < len(text) and text[end] not in ("，,。!！\n ;；" if listed else "，,。!！\n"):
        return None
    if (
        start
        and not listed
        and text[start - 1] not in "，:。 \n"
        and not (text[start - 1] >= "\u4e00" and text[start - 1] not in LABELS)
    ):
        return None
    if not (match["int"].isascii() and match["int"].isdigit() and match["frac"].isascii()):
        return None
    tenths = int(match["int"]) * 10 + int(match["frac"])
    return (
        Number(start, end, "temperature", tenths, reason="temperature", text=match[0])
        if max(low, 340) <= tenths <= high
        else None
    )


def _month_day(text: str, match: re.Match[str], today: date | None) -> Number | None:
    separator, fraction = match["sep"], match["frac"]
    if today is None or not separator or separator not in "./-" or match["unit"] or not match["int"].isascii():
        return None
    end = match.end("frac")
    if len(match["int"]) > 2 or len(fraction) > 2 or not fraction.isascii() or text[end : end + 1] == ".":
        return None
    if month_dot_day(int(match["int"]), int(fraction), today) is None:
        return None
    if text[end : end + 1] not in ("日", "号", "班", "年") and COUNTER_AFTER.match(text, end):
        return None  # 3.6毫升
    end += text[end : end + 1] in ("日", "号")
    return Number(match.start(), end, "date", text=text[match.start() : end])


def _code(text: str, match: re.Match[str]) -> tuple[Number | None, int]:
    """Letters before a number: T36.5 is a reading, K1234 a train."""
    start = match.start()
    letters = start
    while text[letters].isalpha() and text[letters].isascii():
        letters += 1
    if text[start:letters] in LETTERS or _A_NAME.match(text, start):
        return None, letters  # Lele 36.5: the letters may be somebody's name
    return Number(start, match.end(), "code", text=match[0]), match.end()


def _plain(text: str, match: re.Match[str], low: int, high: int) -> Number | None:
    start, end = match.span()
    whole_text, separator, fraction = match["int"], (match["sep"] or "").strip(" 呃嗯又有"), match["frac"]
    chinese = not whole_text.isascii()
    minus = bool(start) and text[start - 1] == "-"
    likely = minus and 34 <= int(whole_text if whole_text.isdigit() and not chinese else 0) <= 42
    if likely and _FROST.search(text[max(0, start - 3) : start - 1]):
        value = int(whole_text) * 10 + (int(fraction[0]) if fraction and fraction[0].isascii() else 0)
        return Number(start, end, "confirm", value, reason="typo", text=match[0])
    if chinese:
        whole_digits, _ = cjk_integer(whole_text)
        if fraction is None and len(whole_text) == 3 and whole_text[1] in "十拾" and match.end("int") < len(text):
            after = text[match.end("int")]
            if after in DIGIT and not text[match.end("int") + 1 : match.end("int") + 2].startswith(("十", "拾")):
                return _run_on(text, start, match.end("int"), whole_digits, after)  # 三十六五
    else:
        whole_digits = whole_text
    before = text[start - 1] if start else ""
    whole_only = fraction is None and not match["unit"]
    if start >= 1 and (
        (
            before in LABELS
            and (whole_only or before not in "初高")
            and (before != "高" or whole_digits in ("1", "2", "3"))
        )
        or (before == "." and start >= 2 and text[start - 2].isdigit())
    ):
        end = match.end("int") if separator == "。" else end  # 排第36。36.5
        return Number(start, end, "other", text=text[start:end])
    if before == "-" and start >= 2 and text[start - 2].isalnum() and text[start - 2].isascii() and fraction is None:
        return Number(start, end, "other", text=match[0])
    if len(whole_digits) >= 5:
        if separator in (",", "，") and fraction is not None:
            end = match.end("int")  # 电话 3612345，36.5
        return Number(start, end, "other", text=text[start:end])
    if fraction is not None:
        number = _with_fraction(text, match, whole_digits, separator, fraction, low, high, chinese)
        if number is not None:
            return number
        end = match.end("int")
    return _without_fraction(
        text, start, end if fraction is None else match.end("int"), whole_digits, match, low, high, chinese
    )


def _run_on(text: str, start: int, end: int, whole: str, after: str) -> Number | None:
    tenths = int(whole) * 10 + VALUE[after]
    if COUNTER_AFTER.match(text, end + 1) and not text.startswith("度", end + 1):
        return None
    run = int(whole[-1]) + 1 == VALUE[after]
    stop = end + 1
    degree = text.startswith("度", stop)
    if run:  # 三十六七: about 36 or 37
        return Number(start, stop + degree, "confirm", tenths, degree, True, "vague", text[start : stop + degree])
    return Number(start, stop + degree, "temperature", tenths, degree, text=text[start : stop + degree])


def _with_fraction(
    text: str,
    match: re.Match[str],
    whole_digits: str,
    separator: str,
    fraction: str,
    low: int,
    high: int,
    chinese: bool,
) -> Number | None:
    start, end = match.span()
    whole = int(whole_digits)
    bare_end = match.end("frac")
    unit = (match["unit"] or "").strip()
    reading = 34 <= whole <= 43
    sure = (bool(separator) and separator[0] in _CERTAIN) or separator in ("摄氏度",)
    following = text[bare_end : bare_end + 1]
    if separator in ("点", "度") and not reading and not (30 <= whole <= 45):
        return None
    if fraction == "半" and separator not in ("点", "度", "℃", "°"):
        return None
    if not sure:
        # 36，5 is a reading; 36，37 and 36、5天 are lists
        if not (reading and len(fraction) == 1 and len(whole_digits) == 2):
            return None
        if (
            following
            and (
                following.isdigit()
                or following in "点时"  # 8秒38，7点36量的36.6
                or (following in ".。:" and text[bare_end + 1 : bare_end + 2].isdigit())
                or (not unit and COUNTER_AFTER.match(text, bare_end))
            )
        ):
            return None
        if following == "." and text[bare_end + 1 : bare_end + 2].isdigit():
            return None
        if separator in _LIST and fraction[0] not in "0123456789":
            if not chinese or text[bare_end:].strip(" 。.！!~"):
                return None
            likely = whole * 10 + int(digits_of(fraction))  # 三十六，五: a breath between, most likely
            return Number(start, bare_end, "confirm", likely, reason="typo", text=text[start:bare_end])
    if (
        separator == "。"
        and (following in (".", ":") or (following == "。" and len(fraction) > 1))
        and text[bare_end + 1 : bare_end + 2].isdigit()
    ):
        return None  # 排第36。36.5: a number at the end of a sentence, another one at the head of the next
    if separator == "。" and not fraction.isascii() and "一" <= following <= "鿿" and following != "度":
        return None  # 38。二手自行车
    if separator == ":" and not reading:
        return None
    if separator == "。" and len(fraction) == 2 and fraction.isdigit() and 34 <= int(fraction) <= 42:
        return None  # 还有38。39度: two numbers
    if match["sep"][-1:].isspace() and (len(fraction) > 1 or (not unit and COUNTER_AFTER.match(text, bare_end))):
        return None  # 37度 36-38, 三十七度 一年前
    if separator == "。" and len(whole_digits) != 2 and len(whole_digits) != 3:
        return None
    if separator and separator[0] in "。…:'`·" and not reading and whole > 12:
        return None
    if not unit and separator == "。" and reading and NEW_SENTENCE.match(text, bare_end):
        return None  # 36。5号回来: the digits behind the stop begin the next sentence
    if separator == "度" and reading and len(fraction) == 1 and re.match("分(?!钟|米)", text[bare_end : bare_end + 2]):
        return Number(
            start,
            bare_end + 1,
            "temperature",
            whole * 10 + int(digits_of(fraction)),
            True,
            text=text[start : bare_end + 1],
        )
    if not unit and (
        MEASURE_AFTER.match(text, bare_end)
        or _SO_MANY.match(text, bare_end)
        or (separator == "块" and following in ("的", "钱", "一", "了"))
    ):
        return Number(start, bare_end, "other", text=match[0])
    if following and following.isascii() and following.isalpha() and not unit and not _OK.match(text, bare_end):
        return Number(start, bare_end, "other", text=match[0])
    if len(fraction) > 2 and fraction[0].isascii():
        if text[bare_end : bare_end + 1] == ".":
            return Number(start, bare_end, "other", text=match[0])
        return Number(
            start, end, "confirm" if reading else "other", whole * 10 + int(fraction[0]), reason="typo", text=match[0]
        )
    if following == "." and text[bare_end + 1 : bare_end + 2].isdigit():  # 36.5.1.2: a version, an address
        if reading and fraction.isdigit() and len(fraction) == 1 and not text[bare_end + 2 : bare_end + 3].isdigit():
            return Number(
                start,
                bare_end + 2,
                "confirm",
                whole * 10 + int(fraction),
                reason="typo",
                text=text[start : bare_end + 2],
            )
        stop = bare_end
        while stop < len(text) and (text[stop].isdigit() or text[stop] == "."):
            stop += 1
        return Number(start, stop, "other", text=text[start:stop])
    tenths = fraction_tenths(fraction)
    if tenths is None:
        return None
    part, approximate = tenths
    if unit and re.fullmatch(FAHRENHEIT, unit):
        return Number(start, end, "fahrenheit", from_fahrenheit(whole * 10 + part), reason="fahrenheit", text=match[0])
    kind, value = decimal(whole, part, fraction, low, high)
    degree = bool(unit) or separator in ("度", "℃", "摄氏度") or separator.startswith("°")
    if separator in ("-", "/", "~", "*", "_", "个", "块", ";", "；") and kind == "temperature":
        kind = "confirm"
    if kind in ("confirm", "implausible") and not (30 <= whole <= 45) and len(whole_digits) > 3:
        kind = "other"
    reason = "typo" if kind == "confirm" else kind
    return Number(start, end, kind, value, degree, approximate, reason, match[0])


def _without_fraction(
    text: str, start: int, end: int, digits: str, match: re.Match[str], low: int, high: int, chinese: bool
) -> Number | None:
    stop = match.end() if match["frac"] is None else end
    unit = (match["unit"] or "").strip() if match["frac"] is None else ""
    if match["frac"] is not None:
        again = re.compile(rf"\s*{DEGREE}").match(text, end)
        if again:
            unit, stop = again[0].strip(), again.end()
    if (
        match["frac"] is None
        and not chinese
        and (spaced := _SPACED.match(text, start))
        and spaced.end() >= len(text.rstrip(" 。.！!~"))
    ):
        tenths = int(spaced[1]) * 10 + int(spaced[2])
        return Number(start, spaced.end(), "confirm", tenths, reason="typo", text=spaced[0])
    if unit and re.fullmatch(FAHRENHEIT, unit):
        value = int(digits)
        return Number(
            start,
            stop,
            "fahrenheit" if 93 <= value <= 109 else "other",
            from_fahrenheit(value * 10),
            reason="fahrenheit",
            text=text[start:stop],
        )
    after = text[stop : stop + 1]
    many = len(digits) == 2 and 36 <= int(digits) <= 42 and _AND_MORE.match(text, end)
    if not unit and not many and COUNTER_AFTER.match(text, end):
        return Number(start, end, "other", text=text[start:end]) if not chinese else None
    if after and after.isascii() and after.isalpha():
        return Number(start, end, "other", text=text[start:end])
    kind, tenths = whole_number(digits, low, high)
    if kind == "integer" and not unit and (span := _SPAN.match(text, end)):  # 36-38: a guess at best
        return Number(start, span.end(), "confirm", tenths, False, True, "vague", text[start : span.end()])
    if chinese and kind == "other":
        return None
    if (unit and kind == "integer") or (unit and kind == "confirm" and len(digits) == 2):
        kind = "temperature"
    elif unit and len(digits) == 2 and kind == "other" and (30 <= int(digits) <= 45):
        kind = "implausible"
    elif unit and kind == "other":
        return Number(start, stop, "other", degree=True, text=text[start:stop])
    reason = {"confirm": "three_digits", "fahrenheit": "fahrenheit"}.get(kind, kind)
    return Number(start, stop, kind, tenths, bool(unit), False, reason, text[start:stop])
