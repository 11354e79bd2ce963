"""Letters beside a number that are in no list: what they leave unexplained, and what they may still be."""

from __future__ import annotations

import re
from functools import cache

from bots.reading.clauses import Clause, Token
from bots.reading.events import tells_an_event
from bots.reading.facts import Home
from bots.reading.lexicon import word_file, word_set
from bots.reading.names import looks_like_name
from bots.reading.places import place_at
from bots.reading.words_beside import measuring, person, reads

MARKS = " :：、，。.…·!！~～()（）[]【】《》<>「」『』“”‘’\"'-—_=+*&|/\\→^#@￥$%;；?？\n\t"


_LETTERS = re.compile(r"[一-鿿a-z÷×√]")


# What tells that a message is a daily report, so that an unknown remark beside a lone number does no harm.
_FRAME = word_set("meant", "frame")


# An unknown remark of so many letters, in a message that says nothing of a report, is another topic.
_REMARK = 3
_BRIEF = 2


@cache
def _plain() -> re.Pattern[str]:
    """Everyday words and counted things that may stand beside a reading without being what it measures."""
    words = [word for line in word_file("meant")["plain"].values() for word in str(line).split()]
    units = "|".join(sorted(str(word_file("meant")["counted"]["units"]).split(), key=len, reverse=True))
    counted = rf"第?[一二两三四五六七八九十半几百]*(?:{units})[半多]?"
    nth = "第[一二两三四五六七八九十]+"
    return re.compile("|".join([nth, *sorted(map(re.escape, words), key=len, reverse=True), counted]))


def unexplained(gap: str, left_of_number: bool = True) -> str:
    """What of some letters between listed words belongs to no frame. Right of a number a counted thing is its unit."""
    gap = gap.strip(MARKS)
    if not gap or _LETTERS.search(gap) is None:
        return ""
    if not left_of_number and gap[0] in "一每":
        return gap  # 36.5一把
    rest = _plain().sub("", gap).strip(MARKS)
    return rest if _LETTERS.search(rest) else ""


def leftover(text: str, clause: Clause, row: list[Token], at: int, strong: bool, home: Home) -> bool:
    """Whether letters beside the number, up to its neighbouring numbers, belong to no frame."""
    first = at
    while first and not reads(row[first - 1]):
        first -= 1
    last = at
    while last + 1 < len(row) and not reads(row[last + 1]):
        last += 1
    start = row[first - 1].end if first else clause.start
    number = row[at].number
    if number is not None and number.kind == "temperature" and tells_an_event(text[start : row[at].start]):
        first, start = at + 1, row[at].end  # what was done before is told; only what stands behind is looked at
    behind = text[row[at].end : row[last + 1].start if last + 1 < len(row) else clause.end]
    if number is not None and number.kind == "temperature" and _MEASURED_SO.search(behind):
        last = at  # 36.1刚从被窝里掏出来量的
    for k in range(first, last + 2):
        end = row[k].start if k <= last else (row[k].start if k < len(row) else clause.end)
        if (
            end > start
            and (rest := unexplained(text[start:end], k <= at))
            and not (_place(text, start, end, row, k, home) or (strong and not _touches(row, k, at, rest)))
            and not (k > at + 1 and looks_like_name(rest) and person(row[k - 1]))  # 小明36.2家长李强36.5
        ):
            return True
        start = row[k].end if k <= last else end
    return False


def _touches(row: list[Token], k: int, at: int, rest: str) -> bool:
    """Whether unknown letters stand right before the word of measuring that vouches, so that it may be theirs."""
    if k > at:
        return k == at + 1
    if k and row[k - 1].text in _AT_WHAT and not any(person(other) for other in row[:at]):
        return True  # 给粥量了38.5, 枪打冷库38.5
    if len(rest) < _BRIEF or looks_like_name(rest):
        return False
    return k < at and measuring(row[k]) and not any(person(other) for other in row[:at])


_MEASURED_SO = re.compile("^(?:度|℃)?(?:这?是|就是)?[^，。]{2,12}[量测试夹](?:的|出来的|的呢|的哈)$")
_AT_WHAT = ("给", "替", "帮", "打", "对着", "冲", "照", "往")


_WAYS = frozenset(("at", "go", "from", "back", "stay", "transport", "out"))


def _place(text: str, start: int, end: int, row: list[Token], k: int, home: Home) -> bool:
    """Whether the letters belong to a place, which may begin inside a listed word (哈 in 哈尔滨) or behind a preposition."""
    while start < end and text[start] in MARKS:
        start += 1
    begins = {start}
    for before in reversed(row[max(0, k - 3) : k]):
        begins |= {before.start, before.end}
        if not _WAYS.isdisjoint(before.roles):
            if before.end >= start and before.text != "打":
                return True  # 去了铁力那边; but 枪打冷库38.5
            break
    return any((place := place_at(text, begin, home)) is not None and place.end > start for begin in begins)


def _without_places(text: str, start: int, end: int, home: Home) -> str:
    """The letters without the names of places: 青岛-哈尔滨-伊春 tells where somebody was."""
    kept: list[str] = []
    while start < end:
        place = place_at(text, start, home)
        if place is not None and place.end <= end:
            start = place.end
            continue
        kept.append(text[start])
        start += 1
    return "".join(kept)


def other_topic(text: str, clauses: list[Clause], here: int, home: Home) -> bool:
    """Whether the message says nothing of a report and something of which we know no word."""
    letters = 0
    for index, other in enumerate(clauses):
        if index == here or other.asked:
            continue
        if not _FRAME.isdisjoint(other.kinds) or any(t.keys is not None or reads(t) for t in other.tokens):
            return False
        if any(token.number is not None and token.number.kind != "code" for token in other.tokens):
            continue  # 书费38.5元转您了: what it speaks of has a number of its own
        start = other.start
        for token in (*other.tokens, None):
            end = token.start if token is not None else other.end
            if end > start:
                letters += len(unexplained(_without_places(text, start, end, home)))
            start = token.end if token is not None else end
    return letters >= _REMARK
