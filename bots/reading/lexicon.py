"""The word lists of `words/*.toml` as one table: word → its roles. An operator adds words there, never here.

A role is `kind` → `value` (kind `symptom`, value `cough`). One word may play several roles; which one counts is
decided by its neighbours. The longest word at a place wins.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from bots.reading.normalise import simplify

_FOLDER = Path(__file__).parent / "words"
_LISTS = ("symptoms", "people", "time", "travel", "talk")
# Lists that are looked up by their own module, not while scanning.
_APART = {"surnames", "composed", "pairs"}


@cache
def word_file(name: str) -> dict[str, Any]:
    """One file of word lists. Raises ValueError where it names no source."""
    data = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    if not data.get("source"):
        raise ValueError(f"words/{name}.toml names no source")
    return data


def words_of(file: str, table: str, value: str) -> tuple[str, ...]:
    """The words of one line of a file."""
    return tuple(str(word_file(file)[table][value]).split())


@cache
def word_set(module: str, name: str) -> frozenset[str]:
    """A small named set of `words/sets.toml`."""
    return frozenset(str(word_file("sets")[module][name]).split())


def word_pattern(module: str, name: str) -> str:
    """The words of such a set as alternatives of a regular expression, the longest first."""
    return "|".join(map(re.escape, sorted(word_set(module, name), key=len, reverse=True)))


def _composed(name: str) -> Iterator[tuple[str, str, str]]:
    """The words that a list composes of parts (十天前: a count, a unit, 前), each with its kind and value."""
    for parts in word_file(name).get("composed", {}).values():
        kind, value = str(parts["role"]).split()
        for choice in product(*(str(line).split() for key, line in parts.items() if key != "role")):
            yield "".join(choice), kind, value


def _build() -> tuple[dict[str, dict[str, str]], dict[str, tuple[int, ...]]]:
    roles: dict[str, dict[str, str]] = {}
    for name in _LISTS:
        for kind, lines in word_file(name).items():
            if kind == "source" or kind in _APART:
                continue
            for value, words in lines.items():
                for word in str(words).split():
                    # the first role of a kind stands: files list the special before the general
                    roles.setdefault(simplify(word).lower(), {}).setdefault(kind, value)
        for word, kind, value in _composed(name):
            roles.setdefault(word, {kind: value})
    lengths: dict[str, set[int]] = {}
    for word in roles:
        lengths.setdefault(word[:2], set()).add(len(word))
        lengths.setdefault(word[0], set())
    for pair, sizes in lengths.items():
        if pair[0] in roles:
            sizes.add(1)
    return roles, {begins: tuple(sorted(found, reverse=True)) for begins, found in lengths.items()}


ROLES, LENGTHS = _build()
SURNAMES = frozenset(words_of("people", "surnames", "common"))
RARE_SURNAMES = frozenset(words_of("people", "surnames", "at_the_head"))
