"""What a message is cut into: words, and clauses, each with what it is: told, asked, supposed, heard of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.reading.lexicon import word_set
from bots.reading.values import Number


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
