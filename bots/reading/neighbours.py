"""What stands directly beside a number: names, words nobody knows, and what makes a whole number a reading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bots.reading.clauses import Clause, Token
from bots.reading.events import tells_an_event
from bots.reading.facts import Home, Method
from bots.reading.lexicon import word_set, words_of
from bots.reading.names import TOLD_BY, People, heads, looks_like_name, misspelt, stranger
from bots.reading.places import place_at
from bots.reading.unexplained import unexplained
from bots.reading.values import NOT_READINGS, Number
from bots.reading.when import When
from bots.reading.who import Who

_CLASS = re.compile(
    r"(?:[一二三四五六七八九]|\d{1,2}|初[一二三]|高[一二三])?(?:年级?|届)?[(]?(?:[一二三四五六七八九十]{1,2}|\d{1,3})?[)]?班级?|[小中大]班|[一二三四五六七八九]年级"
)


_DAY_OF_ILLNESS = re.compile(r"^第(?:[一二三四五六七八九十]+|\d*)天$|^天$")
_LASTED = re.compile(
    r"^(?:(?:又|再|刚)?(?:过|隔|等|歇|歇息|休息|停|暖和|缓|坐|躺|稳)了?)?(?:[一二两三四五六七八九十半几]+|\d+)?个?(?:半)?(?:分钟|小时|钟头|刻钟|会儿?|阵子?)(?:以?后|之后)?(?:再)?(?:量|测)?"
)
_UNIT = re.compile(rf"^(?:{'|'.join(words_of('units', 'unit', 'measure'))}|号?[座位桌床])")

_LATIN_NAME = re.compile(r"[a-z]{2,}$")
_KNOWN_LETTERS = frozenset(
    word.lower() for word in (*words_of("units", "letters", "allowed"), *words_of("meant", "plain", "letters"))
)

_HAPPENED = word_set("meant", "happened")


@dataclass(slots=True)
class Verdict:
    """One number judged. `fate`: store, ask, drop (said, but no reading of anybody here), other_day, old."""

    number: Number
    token: Token
    fate: str
    who: Who | None
    when: When
    mention: int
    reason: str = ""
    method: Method = Method.UNKNOWN
    approximate: bool = False
    choices: tuple[int, ...] = ()  # for a person to be confirmed
    chunk: str = ""
    marked: bool = False
    keys: tuple[int, ...] = field(default=())


_INTEGER_LEFT = frozenset(
    (
        "child",
        "elder",
        "younger",
        "nth",
        "all",
        "count",
        "pronoun",
        "temperature",
        "method",
        "day",
        "night",
        "past",
        "moment",
        "ordinal",
        "correct",
        "symptom",
        "norm",
        "rest",
        "self",
        "kin",
    )
)


_INTEGER_RIGHT = frozenset(
    (
        "temperature",
        "polite",
        "well",
        "negation",
        "norm",
        "child",
        "elder",
        "younger",
        "nth",
        "moment",
        "day",
        "night",
        "symptom",
        "method",
        "kin",
        "self",
        "ordinal",
        "contrast",
        "all",
        "correct",
        "stay",
        "degree",
        "ignore",
        "leave",
        "medicine",
        "case",
    )
)


_PREPOSITIONS = ("at", "go", "from", "back")


def place_before(text: str, row: list[Token], at: int, home: Home) -> int | None:
    """Where the place begins that fills the letters between its preposition and a number: 在伊春36.5."""
    for other in reversed(row[:at]):
        if any(kind in other.roles for kind in _PREPOSITIONS):
            place = place_at(text, other.end, home)
            if place is not None and not text[place.end : row[at].start].strip("的了呢 "):
                return other.end
    return None


def judge_neighbours(
    text: str,
    clause: Clause,
    row: list[Token],
    at: int,
    verdict: Verdict,
    people: People,
    left: str,
    right: str,
    home: Home,
    previous: Clause | None = None,
) -> None:
    token, number = row[at], verdict.number
    before = row[at - 1] if at else None
    after = row[at + 1] if at + 1 < len(row) else None
    measured = any(
        other.roles.get("temperature", "normal") != "normal"
        or "method" in other.roles
        or "量" in other.text
        or "测" in other.text
        for other in row
    ) or any(other.roles.get("symptom") == "fever" for other in row[:at])
    if left.isascii():
        if verdict.fate == "store" and (letters := _LATIN_NAME.search(left)) and letters[0] not in _KNOWN_LETTERS:
            verdict.fate, verdict.reason, verdict.chunk, verdict.who = "ask", "unknown name", letters[0], None
            return  # Lele 36.5
        left = ""
    chunk = left
    if (
        chunk
        and before is not None
        and before.keys is not None
        and verdict.who is not None
        and before.end == token.start - len(left)
    ):
        chunk = before.text + chunk
    left = _CLASS.sub("", left).strip(" 的是为了")
    left = _LASTED.sub("", left)
    if left and TOLD_BY.fullmatch(text, clause.start, token.start):
        left = ""  # 王婶说36.5
    if left and any(other.roles.get("day") == "0" for other in row[:at]):
        left = _DAY_OF_ILLNESS.sub("", left)  # 今天第四天36.8
    if left and before is not None and before.number is not None and before.number.kind == "other":
        left = _UNIT.sub("", left)  # 8岁36斤36.5度
    if left and verdict.number.kind == "temperature" and _tells_of_a_body(row[:at]):
        left = ""  # 吐了两回36.8
    if left in ("喝", "吃", "用", "打", "服", "喂") and any(
        "ignore" in other.roles or "medicine" in other.roles for other in row[:at]
    ):
        left = ""  # 咳嗽药喝了36.6
    if left in _HAPPENED or (left and place_before(text, row, at, home) is not None):
        left = ""
    if left and verdict.number.kind == "temperature" and tells_an_event(text[said_from(clause, at) : token.start]):
        left = ""  # 跑了几圈37.3
    if left:
        near = misspelt(left, people) or misspelt(_tail(left), people)
        if near:
            verdict.fate, verdict.reason, verdict.choices, verdict.chunk = "ask", "name", near, left
            verdict.who = None
            return
        if (
            looks_like_name(left)
            and before is not None
            and before.end + len(left) == token.start
            and (not {"kin", "other"}.isdisjoint(before.roles) or before.text == "家长")
            and "child" not in before.roles
        ):
            verdict.fate, verdict.reason = "drop", "of somebody else"  # 爱人王强36.6
            return
        if _spoken(number) and not looks_like_name(left) and not unexplained(left):
            left = ""  # 他都胖了八斤了三十六度三: hardly anything but a body is measured so
        if left and (not measured or looks_like_name(left)):
            if verdict.fate == "store" or looks_like_name(left) or _pet_name(left):
                verdict.reason = "unknown name" if looks_like_name(left) or _pet_name(left) else "unknown words"
                verdict.fate, verdict.chunk = "ask", left
                if verdict.reason == "unknown name":
                    verdict.who = None
            return
    if right and after is None and verdict.fate == "store" and not measured:
        near = misspelt(right, people)
        if near or (looks_like_name(right) and verdict.mention < 0):
            verdict.fate, verdict.reason, verdict.choices, verdict.chunk = "ask", "name", near, right
            verdict.who = None
            return
    if verdict.fate == "store" and verdict.who is None and (name := heads(clause, at, previous) or stranger(clause)):
        verdict.fate, verdict.reason, verdict.chunk = "ask", "unknown name", name
        return
    if number.kind == "integer" and verdict.fate == "store":
        good_left = (
            before is None
            or not _INTEGER_LEFT.isdisjoint(before.roles)
            or before.keys is not None
            or before.number is not None
            or "polite" in before.roles
        )
        good_right = (not right) and (
            after is None
            or not _INTEGER_RIGHT.isdisjoint(after.roles)
            or after.number is not None
            or after.keys is not None
        )
        if after is not None and after.roles.get("negation") == "no":  # 36没发烧, but 四十不惑
            beyond = set(row[at + 2].roles) if at + 2 < len(row) else set()
            denies = bool(beyond & {"symptom", "generic", "body", "well", "recovered", "out", "go"})
            good_right = good_right and (denies or (not beyond and not text[after.end : clause.end].strip()))
        if text[token.end : token.end + 2].lstrip(".点度")[:1] in ("几", "多"):
            good_right = False  # 36.几
        if not measured and not number.degree and any("foreign" in other.roles for other in row[at + 1 : at + 4]):
            good_right = False  # 他38了鞋又小了
        if before is not None and ("foreign" in before.roles or before.text in ("有", "第", "在")):
            good_left = False
        if not (good_left and good_right):
            verdict.fate, verdict.reason = "ask", "unknown words"
    elif verdict.fate == "store" and right and text[token.end : token.end + 1] == "的" and not measured:
        verdict.fate, verdict.reason = "ask", "unknown words"
    elif verdict.fate == "store" and after is not None and after.text == "的" and right == "" and not measured:
        rest_of_it = text[after.end : clause.end].strip()
        if rest_of_it and at + 2 >= len(row):
            verdict.fate, verdict.reason = "ask", "unknown words"


def said_from(clause: Clause, at: int) -> int:
    """Where the words begin that belong to a number: behind the reading before it, or at the head of its clause."""
    for other in reversed(clause.tokens[:at]):
        if other.number is not None and other.number.kind not in NOT_READINGS:
            return other.end
    return clause.start


def _spoken(number: Number) -> bool:
    """三十六度三, 36度5: written as it is said, with its tenth."""
    return number.kind == "temperature" and number.tenths % 10 > 0 and (number.degree or not number.text[0].isascii())


def _tells_of_a_body(row: list[Token]) -> bool:
    """Whether the clause has told of a symptom already, so that a degree with its tenth is its temperature."""
    if any("ignore" in token.roles or "medicine" in token.roles for token in row):
        return False
    return any("symptom" in token.roles and len(token.text) > 1 for token in row) or (
        any("body" in token.roles for token in row) and any("ache" in token.roles for token in row)
    )


def _tail(chunk: str) -> str:
    return chunk[-3:] if len(chunk) > 3 else ""


def _pet_name(chunk: str) -> bool:
    """豆豆, 小米, 米宝: a name nobody told us."""
    if not "一" <= chunk[:1] <= "鿿":
        return False
    if len(chunk) == 2 and (chunk[0] == chunk[1] or chunk[0] in "小阿大" or chunk[1] in "宝仔儿哥姐弟妹娃妞"):
        return True
    return len(chunk) == 3 and (chunk[1] == chunk[2] or chunk.endswith("宝"))
