"""Temperatures as a voice keyboard hears them: 山石六度五, 36度无, 三十六渡五. Always asked back."""

from __future__ import annotations

import re

from bots.reading.lexicon import word_file
from bots.reading.values import DIGIT, VALUE, Number

_WORDS = word_file("units")


_THREE, _TEN, _ONES = (str(_WORDS["voice"][name]) for name in ("three", "ten", "ones"))

_VOICE = re.compile(rf"(?P<t>[{_THREE}])(?P<x>[{_TEN}])(?P<o>[{_ONES}])\s*[度点.]\s*(?P<f>[{_ONES}])(?![十点月号日年])")

# 36度无, 三十六点溜, 三十六度，五: the tenth as a voice keyboard hears it, or torn off by a comma
_TORN = re.compile(
    r"(?P<o>(?:3|三[十拾])[5-9五六七八九])\s*[度点](?:(?P<f>[衣亿易耳事思死无午舞物武刘留流溜期妻齐旗爸巴酒久旧])|[，,]\s*(?P<d>[0-9一二三四五六七八九]))"
    r"(?=$|[。，,！!；;\s])"
)

# 三十六渡五: 度 as another character of the same sound
_ODD_DEGREE = re.compile(rf"(?P<o>(?:3|三[十拾])[5-9五六七八九])\s*[渡杜镀]\s*(?P<f>[0-9{DIGIT}])(?![0-9{DIGIT}])")

ODD_DEGREES = frozenset("渡杜镀")

TENS = frozenset(_TEN)


def as_heard(text: str, found: list[Number]) -> list[Number]:
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
        if ones is None or part is None or (match["x"] == "十" and match["t"] in "三四" and match["o"] in VALUE):
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
    return _HEARD.get(char, VALUE.get(char))
