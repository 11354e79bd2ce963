"""The word lists of `words/*.toml` as one table: word → its roles. An operator adds words there, never here.

A role is `kind` → `value` (kind `symptom`, value `cough`). One word may play several roles; which one counts is
decided by its neighbours. The longest word at a place wins.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from bots.reading.normalise import simplify

_FOLDER = Path(__file__).parent / "words"
_LISTS = ("symptoms", "people", "time", "travel", "talk")
# Lists that are looked up by their own module, not while scanning.
_APART = {"surnames"}


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
    lengths: dict[str, set[int]] = {}
    for word in roles:
        lengths.setdefault(word[:2], set()).add(len(word))
        lengths.setdefault(word[0], set())
        if len(word) == 1:
            for pair in [start for start in roles if start[0] == word]:
                lengths.setdefault(pair[:2], set()).add(1)
            lengths[word].add(1)
    return roles, {begins: tuple(sorted(found, reverse=True)) for begins, found in lengths.items()}


ROLES, LENGTHS = _build()
SURNAMES = frozenset(words_of("people", "surnames", "common"))
RARE_SURNAMES = frozenset(words_of("people", "surnames", "at_the_head"))
