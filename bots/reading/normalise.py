"""One message as plain simplified text, with the way back to the words as they were written.

Full-width becomes half-width, traditional becomes simplified, digits of any script become 0–9, zero-width
characters and keycaps disappear, emoji and WeChat's [玫瑰] become blanks. Every character of the result knows its
place in the message, so that a reading can be shown in the writer's own letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

import opencc

# A WeChat text holds 2,048 bytes; what is longer was pasted by a machine. Reading stays linear up to here.
LONGEST = 12_000

_INVISIBLE = dict.fromkeys(
    chain(
        (0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x20E3, 0x3164, 0xFEFF, 0xFFA0),
        range(0x200B, 0x2010),
        range(0x202A, 0x202F),
        range(0x2060, 0x2070),
        range(0xFE00, 0xFE10),
        range(0xE0000, 0xE0080),
        range(0xE0100, 0xE01F0),
    )
)
_BASIC = re.compile(r"[\x00-\uffff]*")
_PLAIN = re.compile(r"[\n -Zabcdefghijklmnopqrstuvwxyz。，、！？：；（）℃一-鿿]*")
# 三 十 六 度 五: every character of the number stands alone
_ALONE = "0-9零一二三四五六七八九十度点.．。℃"
_SPACED_OUT = re.compile(rf"(?<![0-9一-鿿])(?:[{_ALONE}] +){{3,}}[{_ALONE}](?![0-9一-鿿.])")
_EMOTICON = re.compile(r"\[[一-鿿A-Za-z]{1,8}\]")
_SIMPLE = {"．": ".", "﹒": ".", "｡": "。", "‧": "·", "・": "·", "•": "·", "∙": "·", "⋅": "·", "﹕": ":", "︰": ":"}
_SIMPLE |= {
    "º": "°",
    "˚": "°",
    "゜": "°",
    "˙": ".",
    "〇": "零",
    "○": "零",
    "Ｏ": "O",
    "\t": " ",
    "\r": "\n",
    "\u3000": " ",
}
_SIMPLE |= {
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "―": "-",
    "−": "-",
    "－": "-",
    "～": "~",
    "〜": "~",
    "∼": "~",
}
_SIMPLE |= {
    "﹐": "，",
    "､": "、",
    "′": "'",
    "＇": "'",
    "‘": "'",
    "’": "'",
    "´": "'",
    "\u2028": "\n",
    "\u2029": "\n",
    "\x0b": "\n",
}
_SIMPLE |= {"≈": "约", "≒": "约", "㎏": "k", "℉": "℉", "℃": "℃", "°": "°", "：": ":", "（": "(", "）": ")"}
_SAME_LENGTH = str.maketrans(
    {"岀": "出", "妺": "妹", "毎": "每", "囬": "回", "亇": "个", "｜": "|", "：": ":", "（": "(", "）": ")"}
)


class Normal(NamedTuple):
    """The plain text and, for each of its characters, where it stands in `raw` (None: at the same place)."""

    text: str
    raw: str
    places: tuple[int, ...] | None

    def source(self, start: int, end: int) -> str:
        """The writer's own letters of `text[start:end]`."""
        if self.places is None:
            return self.raw[start:end]
        if start >= end:
            return ""
        return self.raw[self.places[start] : self.places[end - 1] + 1]


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _traditional() -> frozenset[str]:
    """The characters of the basic plane that conversion would change. Phrases are only touched where they hold one."""
    plane = "".join(map(chr, chain(range(0x3400, 0xA000), range(0xF900, 0xFB00))))
    return frozenset(plain for plain in plane if _converter().convert(plain) != plain)


def simplify(text: str) -> str:
    """Traditional to simplified, character for character (the length never changes)."""
    if text.isascii() or (_BASIC.fullmatch(text) and _traditional().isdisjoint(text)):
        return text
    converted: str = _converter().convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(_one(char) for char in text)


@lru_cache(4096)
def _one(char: str) -> str:
    converted: str = _converter().convert(char)
    return converted if len(converted) == 1 else char


@lru_cache(4096)
def _plain_character(char: str) -> str:
    """What one character becomes: "", one character, or a blank for what is only drawn."""
    known = _SIMPLE.get(char)
    if known is not None:
        return known
    code = ord(char)
    if code in _INVISIBLE:
        return ""
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category == "No":  # ① and friends number a list, they are no digits of a reading
        return " "
    if 0xFF01 <= code <= 0xFF5E:
        ascii_form = chr(code - 0xFEE0)
        return {",": "，", ":": ":", ";": "；", "!": "！", "?": "？"}.get(ascii_form, ascii_form)
    if category in ("So", "Sk", "Cs", "Cn", "Co") or code > 0x1F000:
        folded = unicodedata.normalize("NFKC", char)
        return folded if len(folded) == 1 and folded != char and folded.isalnum() else "，"
    if category in ("Cc", "Cf"):
        return "\n" if char == "\n" else ""
    if category == "Zs":
        return " "
    if category in ("Mn", "Me"):
        return ""
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def normalise(raw: str) -> Normal:
    """Plain text of a message. Keeps at most `LONGEST` characters; never raises."""
    if len(raw) > LONGEST:
        raw = raw[:LONGEST]
    runs = [found.span() for found in _SPACED_OUT.finditer(raw)] if " " in raw else []
    if not runs and _PLAIN.fullmatch(raw):
        return Normal(simplify(raw).translate(_SAME_LENGTH).lower(), raw, None)
    characters: list[str] = []
    places: list[int] = []
    at, length = 0, len(raw)
    while at < length:
        char = raw[at]
        if char == "[" and (face := _EMOTICON.match(raw, at)):
            characters.append("，")
            places.append(at)
            at = face.end()
            continue
        plain = char if ("一" <= char <= "鿿" or (char.isascii() and char.isalnum())) else _plain_character(char)
        while runs and at >= runs[0][1]:
            runs.pop(0)
        if plain == " " and characters and characters[-1] == "." and unicodedata.digit(char, None) is not None:
            plain = str(unicodedata.digit(char))  # 36.⑤
        if plain and not (plain == " " and runs and runs[0][0] < at):
            characters.append(plain)
            places.append(at)
        at += 1
    text = simplify("".join(characters))
    lowered = text.translate(_SAME_LENGTH).lower()
    if len(lowered) != len(text):  # a few letters grow when lowered (İ)
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return Normal(lowered, raw, tuple(places))
