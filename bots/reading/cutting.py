"""Cuts a message into words and clauses.

Nothing here decides what a word means for a child; it only says where words stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bots.reading.clauses import Clause, Token
from bots.reading.lexicon import LENGTHS, ROLES, word_set
from bots.reading.moods import moods
from bots.reading.values import Number

_STOPS = frozenset("。！？!?；;\n")
_COMMAS = frozenset("，,")
_MARKS = _STOPS | _COMMAS | frozenset(". :()")
# Nobody writes such a clause; work inside a clause may then look at all its words and the whole stays linear.
_LONGEST_CLAUSE = 120
_EMPTY: Mapping[str, str] = {}
_HEAVY = frozenset(
    (
        "symptom",
        "generic",
        "temperature",
        "go",
        "at",
        "back",
        "stay",
        "out",
        "case",
        "leave",
        "medicine",
        "child",
        "kin",
    )
)


def scan(
    text: str, numbers: list[Number], aliases: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]]
) -> list[Token]:
    """Words, names and numbers of a text from left to right, the longest first. Linear."""
    tokens: list[Token] = []
    by_start = {number.start: number for number in numbers}
    at, length = 0, len(text)
    lengths, roles_of = LENGTHS, ROLES
    while at < length:
        number = by_start.get(at)
        char = text[at]
        found_roles = None
        size = 0
        sizes = lengths.get(text[at : at + 2])  # words by their first two letters, else the one-letter word
        for longest in lengths.get(char, ()) if sizes is None else sizes:
            found_roles = roles_of.get(text[at : at + longest])
            if found_roles is not None:
                size = min(longest, length - at)  # a slice past the end is the shorter word
                break
        if char in aliases:
            for alias, keys in aliases[char]:
                longest = size if found_roles is None or "correct" not in found_roles else 0  # 明明是36.5 of a 明明
                if text.startswith(alias, at) and (len(alias) >= longest or text[at : at + size] == alias + "的"):
                    tokens.append(Token(at, at + len(alias), alias, _EMPTY, None, keys))
                    at += len(alias)
                    break
            else:
                alias = ""
            if alias:
                continue
        if number is not None:
            if number.kind == "other" and size > number.end - number.start:
                pass  # 2个孩子
            else:
                tokens.append(Token(at, number.end, number.text, _EMPTY, number))
                at = number.end
                continue
        if found_roles is not None:
            end = at + size
            if size > 1 and numbers and not by_start.keys().isdisjoint(range(at + 1, end)):
                # a word may not swallow a reading's first digit
                shorter = next(
                    (
                        size
                        for size in sizes or lengths.get(char, ())
                        if text[at : at + size] in roles_of
                        and not any(start in by_start for start in range(at + 1, at + size))
                    ),
                    0,
                )
                if not shorter:
                    at += 1
                    continue
                end = at + shorter
                found_roles = roles_of[text[at:end]]
            tokens.append(Token(at, end, text[at:end], found_roles))
            at = end
            continue
        at += 1
    return tokens


# Voice keyboards write no commas: what is longer than this and has none is cut where a new statement opens.
_BREATHLESS = 18
_BREATH = 4
_MARKED = re.compile(r"[，,。、:;；！!？?()\s]")
_GOVERNS = word_set("clauses", "governs")


def _opens(text: str, token: Token, current: list[Token]) -> bool:
    """Whether a word begins a new statement in a text without commas: 今早, 孩子, 体温, 我, unless a verb governs it."""
    before = current[-1] if current else None
    if (
        before is not None
        and before.end == token.start
        and (before.text in _GOVERNS or before.text[-1] in "给带送接陪让叫跟和的是")
    ):
        return False
    roles = token.roles
    if token.number is not None:
        return False
    if text.startswith(("你看", "您看"), token.start):
        return True
    person = token.keys is not None or "child" in roles or "kin" in roles or "self" in roles
    if (
        before is not None
        and before.end == token.start
        and (before.keys is not None or not _PERSONS.isdisjoint(before.roles))
    ):
        return False  # 孩子今天, 我们孩子
    return person or roles.get("day") == "0" or roles.get("temperature") == "word"


_PERSONS = frozenset(("child", "kin", "self", "pronoun", "day", "moment"))


def cut(text: str, tokens: list[Token]) -> list[Clause]:
    """Clauses of a text. Marks inside a number do not cut."""
    clauses: list[Clause] = []
    sentence = 0
    start = 0
    at, length = 0, len(text)
    current: list[Token] = []
    position = 0
    count = len(tokens)
    breathless = length >= _BREATHLESS and _MARKED.search(text) is None
    blanks_cut = " " in text and _COMMA.search(text) is None
    while at <= length:
        if position < count and tokens[position].start == at:
            token = tokens[position]
            if breathless and at - start >= _BREATH and _opens(text, token, current):
                clause = Clause(start, at, text[start:at], sentence, "，", current)
                for earlier in current:
                    clause.kinds.update(earlier.roles)
                clauses.append(clause)
                current, start = [], at
            token.clause = len(clauses)
            current.append(token)
            position += 1
            at = token.end
            if at < length and at - start <= _LONGEST_CLAUSE:
                continue
        mark = text[at] if at < length else ""
        if (
            mark == ""
            or at - start > _LONGEST_CLAUSE
            or mark in _STOPS
            or mark in _COMMAS
            or (mark == "." and not _inside_number(text, at))
            or (mark in " :()" and _cuts(text, at, current))
            or (mark == " " and blanks_cut and _a_statement(text[start:at]))
        ):
            if current or text[start:at].strip():
                clause = Clause(start, at, text[start:at], sentence, mark, current)
                for token in current:
                    clause.kinds.update(token.roles)
                clauses.append(clause)
            elif clauses and mark and len(clauses[-1].stop) < 8:
                clauses[-1].stop += mark
            current = []
            start = at + 1 if mark and mark in _MARKS else at
            if mark in _STOPS or mark == ".":
                sentence += 1
            if mark and mark not in _MARKS:
                continue  # cut for its length alone: nothing is passed over
        at += 1
    moods(clauses)
    return clauses


_COMMA = re.compile("[，,。；;！!？?\n]")
_FEWEST = 5


def _a_statement(words: str) -> bool:
    """狗叫呢你别管 三十六度四: in a text that has blanks for commas, words long enough to be no name end at one."""
    return len(words) >= _FEWEST and all("一" <= char <= "鿿" for char in words)


def _inside_number(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isascii() and text[at + 1].isascii() and text[at + 1].isalnum()


_GREETING = (
    "老师好",
    "老师您好",
    "老师你好",
    "老师早",
    "您好",
    "你好",
    "早上好",
    "上午好",
    "下午好",
    "晚上好",
    "中午好",
)


def _cuts(text: str, at: int, current: list[Token]) -> bool:
    """A blank or bracket cuts where what stands before it is a statement of its own."""
    if not current:
        return False
    mark = text[at]
    if mark == ":":  # 老师您好:约36.6
        return len(current) == 1 and "polite" in current[0].roles and current[0].text.startswith(_GREETING)
    if mark in "()":
        return True
    return any(
        (token.number is not None and token.number.kind not in ("date", "clock", "code", "other"))
        or not _HEAVY.isdisjoint(token.roles)
        for token in current
    )
