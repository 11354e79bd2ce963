"""A message cut into words and clauses, each clause with what it is: told, asked, supposed, planned, heard of.

Nothing here decides what a word means for a child; it only says where words stand and in which mood.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.reading.lexicon import LENGTHS, ROLES, word_set
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


# 一发烧就39度: what happens every time, not what happened today
_EVERY_OR_SUPPOSED = frozenset("就再咋怎")
_EVERY_TIME = re.compile(r"一(?:发烧|发热|烧|感冒|咳嗽?|着凉|生病|跑|哭)[^，。]{0,2}就(?!疼|痛|恶心|想吐)")


# 要烧到39我们就去医院: what somebody means to do then
_SUPPOSED = re.compile(
    r"^(?:他|她|孩子|娃)?(?:要|再)(?:烧到|烧|升到|到|超过|涨到)[^，。]{0,9}就|^(?:下次|哪天|谁要|真要|等(?:他|孩子|娃|到))[^，。]{0,8}(?:就|再|咋|怎么)|烧到[^，。了]{0,6}再(?:喂|吃|用|说|讲|看|去|送|议)(?![^，。]?[了的过])"
)


@dataclass(slots=True)
class Token:
    """One listed word, name or number. `keys` are the subjects a name stands for (several: ambiguous)."""

    start: int
    end: int
    text: str
    roles: Mapping[str, str]
    number: Number | None = None
    keys: tuple[int, ...] | None = None
    clause: int = 0

    def has(self, kind: str) -> bool:
        """Whether the word plays this role at all."""
        return kind in self.roles


@dataclass(slots=True)
class Clause:
    """The words between two punctuation marks. `sentence` counts full stops before it."""

    start: int
    end: int
    text: str
    sentence: int
    stop: str = ""  # the mark that ends it
    tokens: list[Token] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    hypothetical: bool = False
    asked: bool = False  # a question
    wh: bool = False  # a question that asks for something else than yes or no
    advice: bool = False  # 怎么办, 去哪个医院: a question that rests on a statement
    hearsay: bool = False
    usual: bool = False

    def has(self, kind: str) -> bool:
        """Whether any word of the clause plays this role."""
        return kind in self.kinds


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
    _moods(clauses)
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


def _moods(clauses: list[Clause]) -> None:
    hypothetical_in = -1
    hearsay_in = -1
    for at, clause in enumerate(clauses):
        kinds = clause.kinds
        if "hypothetical" in kinds and not _EVEN_IF.search(clause.text):
            hypothetical_in = clause.sentence
        elif (hypothetical_in == clause.sentence and _FILLS_IN.match(clause.text.lstrip())) or (
            hypothetical_in == clause.sentence
            and (
                any(token.roles.get("day") == "0" for token in clause.tokens[:3])
                or _tells_of_an_hour(clause)
                or (clause.text.lstrip().startswith(_IN_FACT) and "temperature" in kinds)
            )
        ):
            hypothetical_in = -1
        if "hypothetical" in kinds and at and clauses[at - 1].stop[:1] == "(":
            clauses[at - 1].hypothetical = True  # 36.5（示例）
        clause.hypothetical = hypothetical_in == clause.sentence or (
            not _EVERY_OR_SUPPOSED.isdisjoint(clause.text)
            and (_EVERY_TIME.search(clause.text) is not None or _SUPPOSED.search(clause.text) is not None)
        )
        if clause.hypothetical and clause.text.rstrip().endswith(_WISHED):
            hypothetical_in = -1  # 要是能去重庆就好了 36.4
        if "hearsay" in kinds and not ("视频里" in clause.text and ("量" in clause.text or "测" in clause.text)):
            hearsay_in = clause.sentence
        elif hearsay_in == clause.sentence and (
            ("child" in kinds and not clause.text.lstrip().startswith(_THAT_CHILD))
            or "day" in kinds
            or "self" in kinds
            or any(t.keys for t in clause.tokens)
            or ("pronoun" in kinds and clause.tokens[0].has("pronoun"))  # 书上写37.3以上是发热，他36.9
            or (clause.text.startswith("那") and len(clause.tokens) > 1 and clause.tokens[1].number is not None)
        ):
            hearsay_in = -1
        clause.hearsay = hearsay_in == clause.sentence
        clause.usual = "usual" in kinds
        if "question" in kinds or clause.text.endswith("不") or "?" in clause.stop or "？" in clause.stop:
            _question(clause)


def _tells_of_an_hour(clause: Clause) -> bool:
    """如果下午超过37.5我再联系您，上午是36.7: an hour of its own and a value, and no consequence."""
    row = clause.tokens
    return (
        len(row) > 1
        and "moment" in row[0].roles
        and row[0].start == clause.start
        and any(token.number is not None and token.number.kind == "temperature" for token in row[1:3])
        and not any(mark in clause.text for mark in "就再才要会")
    )


_IN_FACT = ("所以", "不过", "但", "可是", "结果", "后来")  # 假设写个36.5你们也看不出，所以我认真量了：36.9
_EVEN_IF = re.compile(r"\d(?:度|℃)?就算")  # 37.3就算发热，我家36.8
_FILLS_IN = re.compile("我(?:就|也)?(?:照着|照|按着|按)[^，。]{0,3}[填写报]")  # 例子是36.5，我照着填我家的
_THAT_CHILD = ("那孩子", "那个孩子", "那娃", "那家")  # 刷到个视频，那孩子40度
_WISHED = ("就好了", "多好", "就好", "就好啦", "多好啊")
_INDEFINITE = word_set("clauses", "indefinite")


def _asks(clause: Clause, token: Token) -> bool:
    """Whether 什么, 哪, 啥 ask: not in 没什么, 哪都没, 啥都好."""
    if "?" in clause.stop or "？" in clause.stop:
        return True
    if any("negation" in other.roles or "negated" in other.roles for other in clause.tokens):
        return False
    following = clause.text[token.end - clause.start : token.end - clause.start + 3]
    return not any(mark in following for mark in "都也")


_SOFT = ("", "呀", "啊", "呢", "哦", "哈", "嘞", "哩", " ")  # 算正常不呀, but 站不稳


def _question(clause: Clause) -> None:
    last = clause.tokens[-1] if clause.tokens else None
    end = clause.end
    if last is not None and last.text in ("老师", "老师您", "班主任") and len(clause.tokens) > 1:
        end, last = last.start, clause.tokens[-2]  # 对吗老师
    ends_asking = bool(
        last
        and last.roles.get("question") == "yesno"
        and last.end >= end - 1
        and (last.text != "不" or clause.text[last.end - clause.start :] in _SOFT)
    )
    for token in clause.tokens:
        value = token.roles.get("question")
        if value == "advice":
            clause.advice = clause.asked = True
        elif value == "wh":
            if token.text in _INDEFINITE and clause.text[
                token.start - clause.start - 1 : token.start - clause.start
            ] in tuple("了过好这前住"):
                continue  # 玩了几天
            clause.wh = True
            clause.asked = clause.asked or token.text not in _INDEFINITE or _asks(clause, token)
        elif value == "yesno" and len(token.text) >= 3:
            clause.asked = True
    if (
        "?" in clause.stop
        or "？" in clause.stop
        or (ends_asking and last is not None and last.text != "吧" and last.text != "不")
    ):
        clause.asked = True
    if (
        last is not None
        and last.text == "不"
        and len(clause.tokens) > 1
        and clause.text[last.end - clause.start :] in _SOFT
    ):
        clause.asked = True  # 算正常不
    if ends_asking and last is not None and last.text in ("吧", "不") and clause.stop[:1] in ("?", "？"):
        clause.asked = True


_PARTICLES = word_set("clauses", "particles")


_CARRYING = word_set("clauses", "carrying")


def chunk_start(clause: Clause, at: int) -> int:
    """Where the unknown letters before a word begin; the word's own start where there are none.

    One-character words belong to unknown letters beside them (红 in 王小红); behind a particle (亏了36.5) what stands
    before the particle counts.
    """
    row = clause.tokens
    origin = start = row[at].start
    for other in reversed(row[:at]):
        if other.end != start or other.text not in _CARRYING:
            break
        start = other.start
        at -= 1
    for other in reversed(row[:at]):
        if other.end < start:
            return other.end
        if len(other.text) == 1 and other.number is None and other.keys is None and other.text not in _PARTICLES:
            start = other.start
            continue
        return origin
    return clause.start if clause.text[: start - clause.start].strip(" :、()") else origin
