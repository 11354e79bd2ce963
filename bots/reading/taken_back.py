"""Remarks that take a number back, mock it, or say that nobody looked closely: 36.5。骗你的; 大概36.5吧，没细看."""

from __future__ import annotations

import re

from bots.reading.clauses import Clause, Token
from bots.reading.lexicon import word_pattern
from bots.reading.words_beside import reads


def taken_back(clauses: list[Clause], here: int, at: int) -> bool:
    """Whether a remark in or near the clause makes a jest of its number: 36.5。骗你的; but 刚才的不算，36.7."""
    if here + 1 < len(clauses) and _wrong_for_good(clauses, here):
        return True  # 36.8（发错了，这是大的）
    if not any("doubt" in near.kinds for near in clauses[max(0, here - 2) : here + _FAR]):
        return False
    for index in range(here + 1, min(len(clauses), here + _FAR)):
        near = clauses[index]
        if (
            "doubt" in near.kinds
            and _THE_FIRST.search(near.text)
            and any(reads(token) for clause in clauses[here + 1 : index] for token in clause.tokens)
        ):
            return True  # 35.1，34.6，换水银的36.7，前两个不算
    for index in range(max(0, here - 2), min(len(clauses), here + 3)):
        near = clauses[index]
        if "doubt" not in near.kinds or near.asked or abs(near.sentence - clauses[here].sentence) > 1:
            continue
        if _IN_EARNEST.match(clauses[here].text.lstrip()):
            return False  # 真实体温36.4，别当真哈
        if index == here:
            if not _put_right(near.tokens, at):
                return True
        elif any(reads(token) for token in near.tokens):
            continue  # 刚才那条38.6别当真，36.6: the remark has a number of its own
        elif index > here:
            if _THE_FIRST.search(near.text) is None and not any(
                reads(token) for clause in clauses[here + 1 : index] for token in clause.tokens
            ):
                return True
        elif not (
            any(token.roles.get("correct") == "earlier" for token in near.tokens)
            or any(reads(token) for clause in clauses[max(0, index - 2) : here] for token in clause.tokens)
            or any("correct" in token.roles for token in clauses[here].tokens[:at])
        ):
            return True  # 逗你玩的，36.5; but 36.5，骗你的，其实36.7
    return False


_FAR = 9
_IN_EARNEST = re.compile("真实|实际|其实|正经|说真的|真的")
_THE_FIRST = re.compile("前(?:面)?[一两三几]个|头[一两]个|第一[个次]|前面|之前|刚才那个")


def unsure(clauses: list[Clause], clause: Clause, at: int) -> bool:
    """大概36.5吧，没细看: behind the last number of its clause it is said that nobody looked closely."""
    row = clause.tokens
    if at + 1 < len(row) and any(reads(token) for token in row[at + 1 :]):
        return False
    behind = clause.text[row[at].end - clause.start :]
    here = row[at].clause
    guessed = not {"norm", "guess"}.isdisjoint(clause.kinds) and any(
        t.roles.get("norm") == "about" or "guess" in t.roles for t in row
    )
    if guessed and any("defer" in t.roles and t.text[-1:] in "量测" for t in row[at + 1 :]):
        return True  # 应该36.5左右吧我没量
    if (
        at
        and row[at - 1].text in ("应该", "应该还是", "应该是")
        and any(t.roles.get("norm") == "about" for t in row[at + 1 : at + 2])
    ):
        return True  # 明早量了再报，应该36.5左右
    if here + 1 < len(clauses) and not any(reads(token) for token in clauses[here + 1].tokens):
        behind += clauses[here + 1].text if clauses[here + 1].sentence == clause.sentence else ""
    if _SEEN.isdisjoint(behind):
        return False
    return _NOT_SEEN.search(behind) is not None and not any(
        reads(token) for near in clauses[here + 1 : here + 4] for token in near.tokens
    )


_SEEN = frozenset("看清准")
_NOT_SEEN = re.compile(word_pattern("meant", "unsure"))


def _put_right(row: list[Token], at: int) -> bool:
    """刚才发的不算不算应该是36.3: behind the remark in the same clause stands what is right."""
    said = max((k for k, token in enumerate(row) if "doubt" in token.roles), default=-1)
    return said < at and any(token.roles.get("correct") == "should" for token in row[said + 1 : at])


def only_wrong(clauses: list[Clause], here: int) -> bool:
    """Whether the next clause says no more than that this one was wrong."""
    if "correct" not in clauses[here + 1].kinds:
        return False
    row = [token for token in clauses[here + 1].tokens if "polite" not in token.roles]
    return bool(row) and all(token.roles.get("correct") == "wrong" for token in row)


def _wrong_for_good(clauses: list[Clause], here: int) -> bool:
    """Whether it was wrong, and nothing puts it right."""
    return (
        only_wrong(clauses, here)
        and not any(reads(token) for clause in clauses[here + 1 :] for token in clause.tokens)
        and not any(reads(token) for clause in clauses[:here] for token in clause.tokens)
    )
