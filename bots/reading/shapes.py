"""The shapes a number of a message may have: a date, a clock, letters and digits, a number with a fraction and a degree."""

from __future__ import annotations

import re

from bots.reading.lexicon import words_of
from bots.reading.values import DIGIT


def _alternatives(*names: str) -> str:
    words = {word.lower() for name in names for word in words_of("units", "unit", name)}
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


MEASURE_AFTER = re.compile(rf"(?!\s*升[了到高至])[^\S\n]*(?:多|来|余)?(?:{_alternatives('measure')})")
COUNTER_AFTER = re.compile(
    rf"(?!\s*升[了到高至])[^\S\n]*(?:多|来|余)?(?:{_alternatives('measure')})|(?:{_alternatives('counter')})"
)
# 36。5号回来: such a unit behind the digit begins the next sentence; 36。5小明 does not.
NEW_SENTENCE = re.compile(rf"\s*(?:{_alternatives('measure')}|[号日月点时个人天次楼班年岁层位名周])")
LETTERS = frozenset(word.lower() for word in words_of("units", "letters", "allowed"))
LABELS = tuple(word.lower() for word in words_of("units", "label", "before"))

DEGREE = r"(?:摄氏度|度度?|℃|°\s*c|°|o?c(?![a-z]))"
FAHRENHEIT = r"(?:℉|°\s*f|华氏度|f(?![a-z]))"
_SEPARATOR = r"(?:[.。…·:'`]{1,3}|[,，]{1,2}|[、;；*_~\-/]|[^\S\n]*(?:点儿|[.。点度℃])[^\S\n]*(?:[呃嗯又有]\s*)?|[^\S\n]*°c?[^\S\n]*|个|块|摄氏度)"
_FRACTION = rf"(?:\d+|(?!一点[不都也儿没])[{DIGIT}](?:(?!一[会下点个切直共般起天次遍早回些])[{DIGIT}](?![十拾点度年班号日月岁个娃孩宝人次天周]))?|半)"
_CJK_INT = rf"(?:[34][十拾][{DIGIT}]|[三四][十拾]\d(?!\d)|[三四叁肆][十拾][{DIGIT}]?|[卅卌][{DIGIT}]?|[三四叁肆][{DIGIT}]{{1,2}})"
_CLOCK_HOUR = r"(?:[01]?\d|2[0-3]|[二]?十[一二三四五六七八九]?|[零一二两三四五六七八九])"
# 37.8七点半37.4: an hour in Chinese numerals may follow a reading at once
_BEGINS = r"(?:(?<![\d.])|(?<=\d\.\d)(?=[一二两三四五六七八九十]))"
# 差一点37度, 早上高了一点37.1: a little, no hour
_A_LITTLE = r"(?!一\s*点(?<=[差晚高低多快慢好热冷烧近远了烫轻重少有]一点))"
SHAPE = re.compile(
    rf"(?=[0-9a-z{DIGIT}十拾两正卅卌])(?:"  # most characters begin no number: passed over at once
    # 1. a date with a year or a month
    r"(?P<date>(?<!\d)(?:20\d\d\s*[年\-/.]\s*)?(?:1[0-2]|0?[1-9])\s*月\s*(?:[12]\d|3[01]|0?[1-9])(?:\s*[日号]|(?!\d))"
    r"|(?<!\d)20\d\d\s*[\-/.]\s*(?:1[0-2]|0?[1-9])\s*[\-/.]\s*(?:[12]\d|3[01]|0?[1-9])(?!\d)"
    r"|(?:十[一二]?|[一二三四五六七八九正])月(?:初[一二三四五六七八九十]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]?"
    r"|(?<![\d.])(?:[12]\d|3[01]|0?[1-9])\s*[号日](?![楼线院店车门机馆文公座桌位柜口厅])"
    r"|(?<![一二三四五六七八九十])(?:二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])[号日]"
    r"(?=\s*[:,，]?\s*(?:早上?|晚上?|体温|量|测|是)?\s*(?:3[4-9]|4[0-2]|三十|四十)))"
    # 2. the number of a list: 1. 36.5
    r"|(?P<item>(?<![\d.])\d{1,2}\s*[.、:)）]\s*(?=(?:3[4-9]|4[0-2])(?:\s*[.点度]\s*\d|。\d(?!\d))))"
    # 3. a clock
    r"|(?P<clock>(?<![\d.])(?:[01]?\d|2[0-3])\s*:\s*[0-5]\d(?:(?::[0-5]\d)?(?![\d.])|(?=(?:3[5-9]|4[0-2])[.。度]\d))"
    rf"|{_BEGINS}{_A_LITTLE}{_CLOCK_HOUR}\s*[点时](?:\s*(?:半|整|钟|多|左右|一刻|三刻|差一刻|差[{DIGIT}\d]分|零[{DIGIT}]分?|过|[0-5]?\d\s*分|[二三四五]?十[{DIGIT}]?分|十?[{DIGIT}]分))"
    rf"|{_BEGINS}{_A_LITTLE}{_CLOCK_HOUR}\s*[点时]\s*(?:[0-5]\d(?![\d度.点]|。\d(?!\d))|[二三四五]?十(?![度.点一二三四五六七八九])|[二三四五]十[一二三四五六七八九]?(?=三十[五六七八九][度点]))"  # 7点36, 六点四十
    r"|(?<![\d.])\d{1,2}\.[0-5]\d(?=(?:\s+|[量测]的?)(?:3[4-9]|4[0-2])[.。点度]\d)"  # 8.00 36.6
    rf"|{_BEGINS}{_A_LITTLE}{_CLOCK_HOUR}\s*[点时](?=\s*(?:3[4-9]|4[0-2]|[三四]十[一二三四五六七八九]?)\s*[.。点度]))"
    # 4. letters that belong to a number: K1234, T36.5
    r"|(?P<code>(?<![a-z])[a-z]+[\-=: ]?\d[\da-z]*)"
    # 5. a number, perhaps with a fraction and a degree
    rf"|(?P<int>{_CJK_INT}|\d+)(?:(?P<sep>{_SEPARATOR})(?P<frac>{_FRACTION}))?(?P<unit>\s*(?:{FAHRENHEIT}|{DEGREE}))?)"
)
