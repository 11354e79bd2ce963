"""What a message wants, apart from the facts it states: yes, no, thanks, a question, a refusal, a trick."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from bots.reading.clauses import Clause
from bots.reading.facts import Intent
from bots.reading.lexicon import word_file
from bots.reading.names import looks_like_name
from bots.reading.normalise import simplify

_MARKS = re.compile(r"[\s，。,.！!？?；;：:、~…（）()\[\]【】\"'“”‘’\-—_*^+=|/\\<>《》]+")
_LEADING = re.compile(r"^(?:嗯+|哦+|噢+|啊+|呃+|额+|那个|老师好?|您好|你好|亲|哎|诶)+")
_TRAILING = re.compile(
    r"(?:的?(?:啊|呀|呢|吧|哈+|啦|哦|噢|喔|呐|嘛|哟|咯|喽|滴|哒|老师|谢谢(?:老师|您)?|辛苦了|哩|嘞))+$"
)
_ENUMERATED = re.compile(r"(?:^|\n)\s*\d{1,3}\s*[.、．)）:： ]\s*([一-鿿]{2,4})[ :：,，]{0,3}(?:3[4-9]|4[0-2])")


_FIGURES = re.compile(r"\d[.度]?\d")  # no message that is one word has two figures in a row


@cache
def _whole() -> dict[str, dict[str, None]]:
    table: dict[str, dict[str, None]] = {}
    for value, words in word_file("intents")["whole"].items():
        for word in str(words).split():
            table.setdefault(simplify(word).lower(), {})[value] = None
    return table


@cache
def _holds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lines = word_file("intents")["holds"].items()
    return tuple(
        (value, re.compile("|".join(re.escape(simplify(word).lower()) for word in str(words).split())))
        for value, words in lines
    )


@cache
def _any_hold() -> re.Pattern[str]:
    words = [word for line in word_file("intents")["holds"].values() for word in str(line).split()]
    return re.compile("|".join(re.escape(simplify(word).lower()) for word in words))


def whole(text: str) -> frozenset[str]:
    """What the whole message is one word for (several where it does several jobs: 好)."""
    if len(text) > 40 or _FIGURES.search(text) is not None:
        return frozenset()
    bare = _MARKS.sub("", text)
    table = _whole()
    found: dict[str, None] = dict(table.get(bare, {}))
    if not found:
        inner = _TRAILING.sub("", bare)
        found = (
            dict(table.get(inner, {}))
            or dict(table.get(_LEADING.sub("", inner), {}))
            or dict(table.get(_LEADING.sub("", bare), {}))
        )
        if (
            not found
            and len(inner) >= 2
            and len(inner) % 2 == 0
            and inner[: len(inner) // 2] == inner[len(inner) // 2 :]
        ):
            found = dict(table.get(inner[: len(inner) // 2], {}))
    return frozenset(found)


def holds(text: str) -> frozenset[str]:
    """What a phrase anywhere in the message speaks for."""
    squeezed = _MARKS.sub("", text) if not text.isalnum() else text
    if _any_hold().search(squeezed) is None:
        return frozenset()
    return frozenset(value for value, pattern in _holds() if pattern.search(squeezed))


_PARENTS = re.compile(r"(?:^|\n)\s*([一-鿿]{2,4}?)(?:妈妈|爸爸|妈|爸|家长|奶奶|爷爷)?\s*:\s*(?:3[4-9]|4[0-2])")


def is_chain(text: str, names: Collection[str] = ()) -> bool:
    """A pasted class list with other families' data (接龙). names: of those bound here, whose list it may be."""
    lines = _PARENTS.findall(text) if text.count("\n") > 1 and ":" in text else []
    if len(lines) > 2 and sum(looks_like_name(name) and name not in names for name in lines) > 1:
        return True
    return text.count("\n") >= 2 and sum(looks_like_name(name) for name in _ENUMERATED.findall(text)) >= 3


def talk_of(clauses: list[Clause]) -> list[Intent]:
    """What the words of the clauses add: withdraw, defer, no thermometer, same as before, leave, question."""
    found: list[Intent] = []
    for clause in clauses:
        kinds = clause.kinds
        if "withdraw" in kinds and any(t.roles.get("correct") == "earlier" for c in clauses for t in c.tokens):
            found.append(Intent.WITHDRAW)
        if "defer" in kinds and not clause.asked:
            found.append(Intent.DEFER)
        if "thermometer" in kinds:
            found.append(Intent.NO_THERMOMETER)
        if "compare" in kinds and any(t.roles.get("compare") == "same" for t in clause.tokens):
            found.append(Intent.SAME_AS_BEFORE)
        if "leave" in kinds and not clause.hypothetical:
            found.append(Intent.LEAVE)
        if clause.asked:
            found.append(Intent.QUESTION)
    return list(dict.fromkeys(found))
