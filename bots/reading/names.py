"""What the subjects of a scene may be called, and names that only resemble theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from bots.reading.clauses import Clause, Token, chunk_start
from bots.reading.facts import Subject
from bots.reading.lexicon import RARE_SURNAMES, SURNAMES, word_set
from bots.reading.normalise import simplify

_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


Aliases = Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]]


_COMPOUND = tuple(name for name in SURNAMES if len(name) == 2)


class People:
    """The subjects of a scene and everything they may be called."""

    __slots__ = ("all_keys", "children", "default", "elder", "grades", "name_of", "order", "own", "subjects", "younger")

    def __init__(self, subjects: tuple[Subject, ...]) -> None:
        self.subjects = subjects
        self.own = next((subject.key for subject in subjects if subject.is_self), None)
        self.children = tuple(subject.key for subject in subjects if not subject.is_self)
        self.all_keys = tuple(subject.key for subject in subjects)
        self.name_of = {subject.key: subject.name for subject in subjects}
        children = [subject for subject in subjects if not subject.is_self]
        self.order = tuple(s.key for s in sorted(children, key=lambda s: (-s.grade_rank, s.bound_rank)))
        self.elder = self.order[0] if len(self.order) == 2 else None
        self.younger = self.order[1] if len(self.order) == 2 else None
        self.default = self.all_keys[0] if len(subjects) == 1 else None
        grades: dict[str, list[int]] = {}
        for subject in children:
            if subject.grade:
                grades.setdefault(subject.grade, []).append(subject.key)
        self.grades = {grade: keys[0] for grade, keys in grades.items() if len(keys) == 1}


@lru_cache(2048)
def people_of(subjects: tuple[Subject, ...]) -> tuple[People, Aliases]:
    """The people of a scene with the names they go by, keyed by first character, longest first."""
    people = People(subjects)
    names: dict[str, set[int]] = {}
    for subject in subjects:
        if subject.is_self:
            own = simplify(subject.name).lower()
            names.setdefault(own, set()).add(subject.key)
            names.setdefault(f"{own[: len(own) - len(given_name(own))] or own}老师", set()).add(subject.key)
            continue
        for alias in aliases_of(subject.name):
            names.setdefault(alias, set()).add(subject.key)
    if len(people.children) > 1:
        for grade, key in people.grades.items():
            names.setdefault(grade, set()).add(key)
            names.setdefault(grade.translate(_DIGITS), set()).add(key)
            if grade.startswith(("初", "高")):
                names.setdefault(grade + "的", set()).add(key)
    for subject in subjects:  # a real name beats a nickname that happens to be equal
        full = simplify(subject.name).lower()
        names[full] = {s.key for s in subjects if simplify(s.name).lower() == full}
    table: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for alias, keys in names.items():
        if alias:
            table.setdefault(alias[0], []).append((alias, tuple(sorted(keys))))
    return people, {first: tuple(sorted(found, key=lambda entry: -len(entry[0]))) for first, found in table.items()}


def given_name(name: str) -> str:
    """The name without the family name; all of it where that cannot be told."""
    name = simplify(name).lower()
    if "·" in name:
        return name.split("·")[0]
    if len(name) >= 3 and name.startswith(_COMPOUND):
        return name[2:]
    if 2 <= len(name) <= 4 and not name.isascii():
        return name[1:]
    return name


def aliases_of(name: str) -> frozenset[str]:
    """What a child may be called: full and given name, 小X, X宝, XX, 阿X, X儿. One character alone is no name."""
    full = simplify(name).lower().replace(" ", "")
    given = given_name(full)
    found = {full}
    if len(given) >= 2:
        found.add(given)
    if full.isascii():
        found.update(part for part in simplify(name).lower().split() if len(part) >= 2)
        return frozenset(found)
    if len(given) <= 2:
        for char in dict.fromkeys(given):
            found.update(
                (f"小{char}", f"{char}宝", f"{char}{char}", f"阿{char}", f"{char}仔", f"大{char}", f"小{char}{char}")
            )
        found.update(
            (f"{given}宝", f"{given}宝宝", f"{given}宝贝", f"{given}儿")
            if len(given) == 1
            else (f"{given}宝", f"小{given}")
        )
    if len(full) >= 2 and len(full) - len(given) == 1:
        found.add(f"小{full[0]}")
    return frozenset(alias for alias in found if alias not in _NO_NAMES)


# Nicknames by rule that are everyday words; a child so named is still found by the full name.
_NO_NAMES = word_set("people", "no_names")


def misspelt(chunk: str, people: People) -> tuple[int, ...]:
    """Subjects whose name is one slip away from `chunk`; empty where it is like none."""
    near: list[int] = []
    for key in people.all_keys:
        name = simplify(people.name_of[key]).lower()
        given = given_name(name)
        for target in {name, given}:
            if len(target) < 2 or abs(len(target) - len(chunk)) > 1:
                continue
            distance = Levenshtein.distance(target, chunk)
            if distance == 1 and (len(target) >= 3 or (len(target) == 2 and len(chunk) == 2)):
                near.append(key)
                break
    return tuple(near)


def looks_like_name(chunk: str) -> bool:
    """Two to four characters of which the first is a common family name."""
    return 2 <= len(chunk) <= 4 and (chunk[0] in SURNAMES or chunk[:2] in SURNAMES)


#: What may stand behind a name and tell something of the person: 王刚发烧了, 刘洋没事, 张伟今天咳嗽.
_TELLS = frozenset(("symptom", "well", "recovered", "negation", "day", "moment", "body", "temperature"))


def stranger(clause: Clause) -> str:
    """The full name of somebody nobody told us of, with which a clause about somebody's health begins; else empty."""
    row = clause.tokens
    at = next((at for at, token in enumerate(row) if len(token.text) > 1), None)
    if at is None or at > 2 or any(t.keys is not None for t in row[: at + 1]) or _TELLS.isdisjoint(row[at].roles):
        return ""
    if TOLD_BY.match(clause.text.strip()):
        return ""  # 王婶量的36.5
    left = chunk_start(clause, at)  # 刚 in 王刚发烧了 is a letter of the name, not a time
    chunk = clause.text[left - clause.start : row[at].start - clause.start].strip(" :，、")
    return chunk if left == clause.start and 2 <= len(chunk) <= 3 and looks_like_name(chunk) else ""


#: What stands between a name and its number and is no part of the name: 赵可今早体温36.5.
_BETWEEN = frozenset(("temperature", "method", "day", "moment", "report"))


def heads(clause: Clause, at: int, before: Clause | None = None) -> str:
    """The name nobody told us of with which a clause begins that gives its number at token `at`; else empty.

    赵可36.5: both letters of a name may be words of ours as well (可, 早, 好), so it is the place that tells: a family
    name at the head of the clause, one to three letters more, then the number. 温度36.5 begins with a word, not a name.
    before: the clause in front; a name and a space (高飞 36.5) is a clause of its own.
    """
    row = clause.tokens
    end = row[at].start
    for token in reversed(row[:at]):
        if clause.text[token.end - clause.start : end - clause.start].strip(" :，、=") or len(token.text) < 2:
            break
        if _BETWEEN.isdisjoint(token.roles) or token.start == clause.start + 1:
            break  # 史今天36.5
        end = token.start
    chunk = clause.text[: end - clause.start].strip(" :，、=是为")
    if chunk:
        told = TOLD_BY.fullmatch(clause.text[: row[at].start - clause.start].strip()) is not None
        return chunk if _is_name(chunk, clause) and not told else ""
    if before is None or before.stop.strip():
        return ""
    chunk = before.text.strip()
    return chunk if _is_name(chunk, before) else ""


def _plainly(chunk: str) -> bool:
    """Whether no list knows the letters, so that 小刚 may be somebody."""
    return chunk not in word_set("meant", "small_things")


def _is_name(chunk: str, clause: Clause) -> bool:
    """Whether the letters at the clause's head are a name by their first one, and no word of ours as a whole."""
    surname = looks_like_name(chunk) or (chunk[0] in RARE_SURNAMES and 2 <= len(chunk) <= 3)
    surname = surname or (len(chunk) == 2 and chunk[0] in "小阿" and _plainly(chunk))
    if not surname or TOLD_BY.fullmatch(chunk) or not all("一" <= char <= "鿿" for char in chunk):
        return False
    head = clause.start + len(clause.text) - len(clause.text.lstrip())
    inside = [token for token in clause.tokens if token.start < head + len(chunk)]
    if inside and inside[0].start == head and len(inside[0].text) > 1 and inside[0].text not in _COMPOUND:
        return False
    return all({"body", "method"}.isdisjoint(token.roles) for token in inside)  # 左手腕35.1


#: Somebody who measured or told: 王婶说36.5, 李大爷量的36.6.
TOLD_BY = re.compile(
    rf"(?:[{''.join(sorted(name for name in SURNAMES if len(name) == 1))}]|[老小])?(?:大|二|三|小)?"
    r"[婶姨叔伯姐哥嫂奶爷妈姑舅](?:子|儿|妈|爷|娘)?(?:刚|早上|又|帮忙?|给|替)*(?:说是?|量[了的]?|测[了的]?|讲|告诉我|发来|报)(?:的)?(?:是)?"
)


def told_as_outsider(text: str, tokens: list[Token], chunk: str) -> bool:
    """Whether the message has said who the name nobody knows is: 让隔壁小张帮我打的 ... 小张36.8."""
    return bool(chunk) and any(
        "other" in token.roles and token.keys is None and text.startswith(chunk, token.end) for token in tokens
    )
