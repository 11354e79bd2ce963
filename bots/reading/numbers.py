"""Every number of a message, and what its shape makes it: a temperature, a likely one, a date, a clock, or nothing.

Shape only: whose it is, of which day, and whether it was meant, is judged later from its neighbours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bots.reading.days import month_dot_day
from bots.reading.lexicon import word_file, words_of

_DIGIT = "零一二三四五六七八九壹贰叁肆伍陆柒捌玖"
_VALUE = {char: at % 10 for at, char in enumerate("零一二三四五六七八九")}
_VALUE |= {char: at + 1 for at, char in enumerate("壹贰叁肆伍陆柒捌玖")}
_VALUE |= {"两": 2, "幺": 1, "〇": 0}

_WORDS = word_file("units")


def _alternatives(*names: str) -> str:
    words = {word.lower() for name in names for word in words_of("units", "unit", name)}
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


_MEASURE_AFTER = re.compile(rf"(?!\s*升[了到高至])\s*(?:多|来|余)?(?:{_alternatives('measure')})")
_COUNTER_AFTER = re.compile(
    rf"(?!\s*升[了到高至])\s*(?:多|来|余)?(?:{_alternatives('measure')})|(?:{_alternatives('counter')})"
)
_LETTERS = frozenset(word.lower() for word in words_of("units", "letters", "allowed"))
_LABELS = tuple(word.lower() for word in words_of("units", "label", "before"))
_THREE, _TEN, _ONES = (str(_WORDS["voice"][name]) for name in ("three", "ten", "ones"))

_DEGREE = r"(?:摄氏度|度|℃|°\s*c|°|o?c(?![a-z]))"
_FAHRENHEIT = r"(?:℉|°\s*f|华氏度|f(?![a-z]))"
_SEPARATOR = r"(?:[.。…·:'`]{1,3}|[,，、;；*_~\-/]|\s*[.。点度℃]\s*(?:[呃嗯又]\s*)?|\s*°c?\s*|个|块|摄氏度)"
_FRACTION = rf"(?:\d+|[{_DIGIT}](?:[{_DIGIT}](?![十拾点度]))?|半)"
_CJK_INT = rf"(?:[34][十拾][{_DIGIT}]|[三四][十拾]\d(?!\d)|[三四叁肆][十拾][{_DIGIT}]?|[卅卌][{_DIGIT}]?|[三四叁肆][{_DIGIT}]{{1,2}})"
_CLOCK_HOUR = r"(?:[01]?\d|2[0-3]|[二]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
# 差一点37度, 早上高了一点37.1: a little, no hour
_A_LITTLE = r"(?!一\s*点(?<=[差晚高低多快慢好热冷烧近远了烫轻重少有]一点))"
_SHAPE = re.compile(
    rf"(?=[0-9a-z{_DIGIT}十拾两正卅卌])(?:"  # most characters begin no number: passed over at once
    # 1. a date with a year or a month
    r"(?P<date>(?<!\d)(?:20\d\d\s*[年\-/.]\s*)?(?:1[0-2]|0?[1-9])\s*月\s*(?:[12]\d|3[01]|0?[1-9])(?:\s*[日号]|(?!\d))"
    r"|(?<!\d)20\d\d\s*[\-/.]\s*(?:1[0-2]|0?[1-9])\s*[\-/.]\s*(?:[12]\d|3[01]|0?[1-9])(?!\d)"
    r"|(?:十[一二]?|[一二三四五六七八九正])月(?:初[一二三四五六七八九十]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]?"
    r"|(?<![\d.])(?:[12]\d|3[01]|0?[1-9])\s*[号日](?![楼线院店车门机馆文公座桌位柜口厅])"
    r"|(?<![一二三四五六七八九十])(?:二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])[号日]"
    r"(?=\s*[:,，]?\s*(?:早上?|晚上?|体温|量|测|是)?\s*(?:3[4-9]|4[0-2]|三十|四十)))"
    # 2. the number of a list: 1. 36.5
    r"|(?P<item>(?<![\d.])\d{1,2}\s*[.、:)）]\s*(?=(?:3[4-9]|4[0-2])\s*[.。点度]\s*\d))"
    # 3. a clock
    r"|(?P<clock>(?<![\d.])(?:[01]?\d|2[0-3])\s*:\s*[0-5]\d(?::[0-5]\d)?(?![\d.])"
    rf"|(?<![\d.]){_A_LITTLE}{_CLOCK_HOUR}\s*[点时](?:\s*(?:半|整|钟|多|左右|一刻|三刻|过|[0-5]?\d\s*分|[二三四五]?十[{_DIGIT}]?分|十?[{_DIGIT}]分))"
    rf"|(?<![\d.]){_A_LITTLE}{_CLOCK_HOUR}\s*[点时]\s*(?:[0-5]\d(?![\d度.点])|[二三四五]?十(?![度.点一二三四五六七八九]))"  # 7点36, 六点四十
    r"|(?<![\d.])\d{1,2}\.[0-5]\d(?=(?:\s+|[量测]的?)(?:3[4-9]|4[0-2])[.。点度]\d)"  # 8.00 36.6
    rf"|(?<![\d.]){_A_LITTLE}{_CLOCK_HOUR}\s*[点时](?=\s*(?:3[4-9]|4[0-2]|[三四]十[一二三四五六七八九]?)\s*[.。点度]))"
    # 4. letters that belong to a number: K1234, T36.5
    r"|(?P<code>(?<![a-z])[a-z]+[\-=: ]?\d[\da-z]*)"
    # 5. a number, perhaps with a fraction and a degree
    rf"|(?P<int>{_CJK_INT}|\d+)(?:(?P<sep>{_SEPARATOR})(?P<frac>{_FRACTION}))?(?P<unit>\s*(?:{_FAHRENHEIT}|{_DEGREE}))?)"
)
_A_NAME = re.compile(r"[a-z]{2,12}[:,]? ?(?:3[4-9]|4[0-2])[.度]\d(?![\d.a-z])")
_VOICE = re.compile(rf"(?P<t>[{_THREE}])(?P<x>[{_TEN}])(?P<o>[{_ONES}])\s*[度点.]\s*(?P<f>[{_ONES}])(?![十点月号日年])")
_AND_MORE = re.compile(r"多(?:一?点儿?|一?些)?(?:了|呢|吧|的样子)*\s*(?:$|[，。,.!！?？\n])")  # 38多, but 38多块
# 36度无, 三十六点溜, 三十六度，五: the tenth as a voice keyboard hears it, or torn off by a comma
_TORN = re.compile(
    r"(?P<o>(?:3|三[十拾])[5-9五六七八九])\s*[度点](?:(?P<f>[衣亿易耳事思死无午舞物武刘留流溜期妻齐旗爸巴酒久旧])|[，,]\s*(?P<d>[0-9一二三四五六七八九]))"
    r"(?=$|[。，,！!；;\s])"
)
# 三十六渡五: 度 as another character of the same sound
_ODD_DEGREE = re.compile(rf"(?P<o>(?:3|三[十拾])[5-9五六七八九])\s*[渡杜镀]\s*(?P<f>[0-9{_DIGIT}])(?![0-9{_DIGIT}])")
_ODD_DEGREES = frozenset("渡杜镀")
_TENS = frozenset(_TEN)
_SPACED = re.compile(r"(3[4-9]|4[0-2])\s+(\d)(?![\d.点度月号日年岁个天周班:])\s*度?")
_RANGE = re.compile(r"\s*(?:[-~到至]|——)\s*(?=\d|三十|四十)")
_SPAN = re.compile(r"\s*[-~到至]\s*(?:3[5-9]|4[0-2])(?![\d.])")
_OK = re.compile(r"(?:ok|zhengchang|normal|good|fine|du|degrees?)(?![a-z])")
_FROST = re.compile(r"[天日上里外边]$")  # what stands before the minus of -36℃
_CERTAIN = frozenset(".。点度℃°·:'`…")
_LIST = frozenset(",，、;；")


@dataclass(slots=True)
class Number:
    """One number. `kind`: temperature, integer, confirm, implausible, fahrenheit, date, clock, other."""

    start: int
    end: int
    kind: str
    tenths: int = 0  # temperature, integer, confirm, fahrenheit: the value or the likely one
    degree: bool = False  # ℃ or 度 stands with it
    approximate: bool = False
    reason: str = ""
    text: str = ""


def _digits(part: str) -> str:
    return "".join(char if char.isascii() else str(_VALUE[char]) for char in part)


def _cjk_integer(part: str) -> tuple[str, str]:
    """Digits of the whole degrees, and digits that follow at once (三十六五)."""
    first = part[0]
    if first in "卅卌":
        return ("3" if first == "卅" else "4") + (_digits(part[1:2]) or "0"), ""
    if len(part) > 1 and part[1] in "十拾":
        return _digits(first) + (_digits(part[2:3]) or "0"), ""
    return _digits(part), ""


def _fraction_tenths(fraction: str) -> tuple[int, bool] | None:
    """Tenths (0–10) and whether it is approximate; None where it is no sensible fraction."""
    if fraction == "半":
        return 5, False
    if fraction[0].isascii():
        if len(fraction) == 1:
            return int(fraction), False
        if len(fraction) == 2:
            return (int(fraction) + 5) // 10, False
        return None
    value = _digits(fraction)
    if len(value) == 1:
        return int(value), False
    if int(value[1]) == int(value[0]) + 1:  # 三十六度二三: about 36.2 to 36.3
        return int(value[1]), True
    return (int(value) + 5) // 10, False


def _whole(digits: str, low: int, high: int) -> tuple[str, int]:
    """Kind and likely tenths of digits without a separator."""
    value = int(digits)
    if len(digits) == 2:
        if 36 <= value <= 42:
            return "integer", value * 10
        if value in (34, 35):
            return "confirm", value * 10
        if 93 <= value <= 99:
            return "fahrenheit", _from_fahrenheit(value * 10)
        return "other", 0
    if len(digits) == 3:
        if low <= value <= high:
            return "confirm", value
        if 100 <= value <= 109:
            return "fahrenheit", _from_fahrenheit(value * 10)
        if 930 <= value <= 999:
            return "fahrenheit", _from_fahrenheit(value)
        return "other", 0
    if len(digits) == 4 and low * 10 <= value <= high * 10 + 9 and not 1900 <= value <= 2100:
        return "confirm", (value + 5) // 10
    return "other", 0


def _from_fahrenheit(tenths: int) -> int:
    return ((tenths - 320) * 10 + 9) // 18


def _decimal(whole: int, part: int, fraction: str, low: int, high: int) -> tuple[str, int]:
    """Kind and tenths of `whole.part`; the likely value where it is a slip."""
    tenths = whole * 10 + part
    if low <= tenths <= high:
        return "temperature", tenths
    if 930 <= tenths <= 1099:
        return "fahrenheit", _from_fahrenheit(tenths)
    first = fraction[0] if fraction[0].isdigit() else str(part)
    if 30 <= whole <= 43:
        return "implausible", 0
    swapped = int(str(whole)[::-1]) * 10 + part if 10 < whole < 100 else 0
    if 350 <= swapped <= 420:  # 63.5
        return "confirm", swapped
    if whole in (3, 4) and len(fraction) == 2 and fraction.isdigit():  # 3.65
        moved = whole * 100 + int(fraction)
        if 350 <= moved <= 420:
            return "confirm", moved
    if 5 <= whole <= 9 and len(fraction) == 1:  # 6.5: the 3 is missing
        return "confirm", 300 + whole * 10 + int(first)
    if 50 <= whole < 100 and 5 <= whole % 10 <= 9:  # 66.5, 56.5: the wrong key
        return "confirm", 300 + whole % 10 * 10 + part
    if 340 <= whole <= 429 and len(fraction) >= 1:  # 366.5
        return "confirm", whole
    return "implausible", 0


def find_numbers(text: str, plausible: tuple[int, int] = (340, 429), today: date | None = None) -> list[Number]:
    """All numbers of a normalised text, in order. Linear in its length. `today` lets 3.2 be read as a date."""
    low, high = plausible
    found: list[Number] = []
    at = 0
    length = len(text)
    while at < length:
        match = _SHAPE.search(text, at)
        if match is None:
            break
        kind = match.lastgroup
        start, end = match.span()
        if match.start("int") < 0:
            if match.start("code") >= 0:
                number, end = _code(text, match, low, high)
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
            found.append(Number(start, end, {"date": "date", "item": "other"}.get(str(kind), "clock"), text=match[0]))
            at = end
            continue
        number = _clean(text, match, low, high) or _month_day(text, match, today) or _plain(text, match, low, high)
        if number is not None:
            found.append(number)
            at = max(number.end, start + 1)
        else:
            at = start + 1
    if (
        "度" in text
        or "点" in text
        or not _ODD_DEGREES.isdisjoint(text)
        or ("." in text and not _TENS.isdisjoint(text))
    ):
        found = _voice(text, found)
    return found


def _clean(text: str, match: re.Match[str], low: int, high: int) -> Number | None:
    """36.5 between marks, as most people write it: nothing beside it can change what it is."""
    if match["sep"] != "." or match["unit"] is not None or len(match["frac"]) != 1 or len(match["int"]) != 2:
        return None
    start, end = match.span()
    if end < len(text) and text[end] not in "，,。!！\n":
        return None
    if (
        start
        and text[start - 1] not in "，:。 \n"
        and not (text[start - 1] >= "\u4e00" and text[start - 1] not in _LABELS)
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
    if text[end : end + 1] not in ("日", "号", "班", "年") and _COUNTER_AFTER.match(text, end):
        return None  # 3.6毫升
    end += text[end : end + 1] in ("日", "号")
    return Number(match.start(), end, "date", text=text[match.start() : end])


def _code(text: str, match: re.Match[str], low: int, high: int) -> tuple[Number | None, int]:
    """Letters before a number: T36.5 is a reading, K1234 a train."""
    start = match.start()
    letters = start
    while text[letters].isalpha() and text[letters].isascii():
        letters += 1
    if text[start:letters] in _LETTERS or _A_NAME.match(text, start):
        return None, letters  # Lele 36.5: the letters may be somebody's name
    return Number(start, match.end(), "code", text=match[0]), match.end()


def _plain(text: str, match: re.Match[str], low: int, high: int) -> Number | None:
    start, end = match.span()
    whole_text, separator, fraction = match["int"], (match["sep"] or "").strip(" 呃嗯又"), match["frac"]
    chinese = not whole_text.isascii()
    minus = bool(start) and text[start - 1] == "-"
    likely = minus and 34 <= int(whole_text if whole_text.isdigit() and not chinese else 0) <= 42
    if likely and _FROST.search(text[max(0, start - 3) : start - 1]):
        value = int(whole_text) * 10 + (int(fraction[0]) if fraction and fraction[0].isascii() else 0)
        return Number(start, end, "confirm", value, reason="typo", text=match[0])
    if chinese:
        whole_digits, _ = _cjk_integer(whole_text)
        if fraction is None and len(whole_text) == 3 and whole_text[1] in "十拾" and match.end("int") < len(text):
            after = text[match.end("int")]
            if after in _DIGIT and not text[match.end("int") + 1 : match.end("int") + 2].startswith(("十", "拾")):
                return _run_on(text, start, match.end("int"), whole_digits, after)  # 三十六五
    else:
        whole_digits = whole_text
    before = text[start - 1] if start else ""
    whole_only = fraction is None and not match["unit"]
    if start >= 1 and (
        (before in _LABELS and (whole_only or before not in "初高"))
        or (before == "." and start >= 2 and text[start - 2].isdigit())
    ):
        return Number(start, end, "other", text=match[0])
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
    tenths = int(whole) * 10 + _VALUE[after]
    if _COUNTER_AFTER.match(text, end + 1) and not text.startswith("度", end + 1):
        return None
    run = int(whole[-1]) + 1 == _VALUE[after]
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
        if following and (
            following.isdigit()
            or (following in ".。:" and text[bare_end + 1 : bare_end + 2].isdigit())
            or (not unit and _COUNTER_AFTER.match(text, bare_end))
        ):
            return None
        if following == "." and text[bare_end + 1 : bare_end + 2].isdigit():
            return None
        if separator in _LIST and fraction[0] not in "0123456789":
            if not chinese or text[bare_end:].strip(" 。.！!~"):
                return None
            likely = whole * 10 + int(_digits(fraction))  # 三十六，五: a breath between, most likely
            return Number(start, bare_end, "confirm", likely, reason="typo", text=text[start:bare_end])
    if separator == ":" and not reading:
        return None
    if separator == "。" and len(whole_digits) != 2 and len(whole_digits) != 3:
        return None
    if separator and separator[0] in "。…:'`·" and not reading and whole > 12:
        return None
    if not unit and separator == "。" and reading and _COUNTER_AFTER.match(text, bare_end):
        return None  # 36。5号回来: the digits behind the stop begin the next sentence
    if separator == "度" and reading and len(fraction) == 1 and re.match("分(?!钟|米)", text[bare_end : bare_end + 2]):
        return Number(
            start,
            bare_end + 1,
            "temperature",
            whole * 10 + int(_digits(fraction)),
            True,
            text=text[start : bare_end + 1],
        )
    if not unit and (
        _MEASURE_AFTER.match(text, bare_end) or (separator == "块" and following in ("的", "钱", "一", "了"))
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
    tenths = _fraction_tenths(fraction)
    if tenths is None:
        return None
    part, approximate = tenths
    if unit and re.fullmatch(_FAHRENHEIT, unit):
        return Number(start, end, "fahrenheit", _from_fahrenheit(whole * 10 + part), reason="fahrenheit", text=match[0])
    kind, value = _decimal(whole, part, fraction, low, high)
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
        again = re.compile(rf"\s*{_DEGREE}").match(text, end)
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
    if unit and re.fullmatch(_FAHRENHEIT, unit):
        value = int(digits)
        return Number(
            start,
            stop,
            "fahrenheit" if 93 <= value <= 109 else "other",
            _from_fahrenheit(value * 10),
            reason="fahrenheit",
            text=text[start:stop],
        )
    after = text[stop : stop + 1]
    many = len(digits) == 2 and 36 <= int(digits) <= 42 and _AND_MORE.match(text, end)
    if not unit and not many and _COUNTER_AFTER.match(text, end):
        return Number(start, end, "other", text=text[start:end]) if not chinese else None
    if after and after.isascii() and after.isalpha():
        return Number(start, end, "other", text=text[start:end])
    kind, tenths = _whole(digits, low, high)
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


def _voice(text: str, found: list[Number]) -> list[Number]:
    """Voice keyboards write 山石六度五 for 三十六度五: a likely value, to be asked back."""
    extra: list[Number] = []
    for match in _VOICE.finditer(text):
        start, end = match.span()
        if any(number.start <= start < number.end and number.kind == "temperature" for number in found):
            continue
        if (
            any(start <= number.start < end and number.kind == "temperature" for number in found)
            and match["t"] in "三3"
        ):
            pass
        ones, part = _heard(match["o"]), _heard(match["f"])
        tens = 300
        if ones is None or part is None or (match["x"] == "十" and match["t"] in "三四" and match["o"] in _VALUE):
            continue
        tenths = tens + ones * 10 + part
        if 340 <= tenths <= 429:
            found = [number for number in found if number.end <= start or number.start >= end]
            extra.append(Number(start, end, "confirm", tenths, True, reason="voice", text=match[0]))
    for match in [*_TORN.finditer(text), *_ODD_DEGREE.finditer(text)]:
        part = _heard(match["f"] or match.groupdict().get("d") or "")
        ones = _heard(match["o"][-1])
        if part is None or ones is None:
            continue
        start, end = match.span()
        if any(number.kind == "confirm" and number.start <= start < number.end for number in extra):
            continue
        found = [number for number in found if number.end <= start or number.start >= end]
        extra.append(Number(start, end, "confirm", 300 + ones * 10 + part, True, reason="voice", text=match[0]))
    return sorted(found + extra, key=lambda number: number.start) if extra else found


_HEARD = {
    "衣": 1,
    "亿": 1,
    "易": 1,
    "儿": 2,
    "而": 2,
    "耳": 2,
    "事": 4,
    "思": 4,
    "死": 4,
    "无": 5,
    "午": 5,
    "舞": 5,
    "物": 5,
}
_HEARD |= {
    "武": 5,
    "刘": 6,
    "留": 6,
    "流": 6,
    "溜": 6,
    "期": 7,
    "妻": 7,
    "齐": 7,
    "旗": 7,
    "其": 7,
    "吧": 8,
    "爸": 8,
    "巴": 8,
}
_HEARD |= {"酒": 9, "久": 9, "就": 9, "旧": 9}


def _heard(char: str) -> int | None:
    if char.isascii() and char.isdigit():
        return int(char)
    return _HEARD.get(char, _VALUE.get(char))
