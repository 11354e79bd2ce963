"""Somebody else's child: 邻居家那个宝宝, 我姐家小孩, 我们班有个孩子 are no child bound here."""

from __future__ import annotations

import re

from bots.reading.clauses import Clause, Token
from bots.reading.lexicon import word_pattern

# What may stand between the others and their child.
_THEIRS = re.compile(
    r"(?:家里|家|们)?(?:[^，。]?(?:楼|栋|单元|门|院|班))?(?:的|那边|那|这|有)?(?:一|两|俩|几)?(?:个|位|家)?(?:的|那个|小|大)?"
)
# Parents' and grandparents' houses are the child's own.
_OWN_KIN = frozenset(("mother", "father", "grandparent", "parent"))
_PLACES = re.compile(
    rf"(?:{word_pattern('strangers', 'places')})(?:里|上)?(?:的|有|那)?(?:一|几|两)?(?:个|位|群)?(?:小)?$"
)
_LONGEST = 8
_HER_CHILD = ("娃", "孩子", "宝宝", "儿子", "女儿", "闺女", "家孩子", "家娃")


def child_of_others(clause: Clause, row: list[Token], at: int) -> bool:
    """Whether the child word at `at` stands behind the people or the place whose child it is."""
    token = row[at]
    left = clause.text[: token.start - clause.start]
    if at and "pronoun" in row[at - 1].roles and row[at - 1].end == token.start and token.text in _HER_CHILD:
        return True  # 聊天说她娃昨晚37.8
    for other in reversed(row[:at]):
        between = clause.text[other.end - clause.start : token.start - clause.start]
        if len(between) > _LONGEST or other.number is not None:
            return False
        if _of_others(other, between):
            return _THEIRS.fullmatch(between) is not None
    return _PLACES.search(left) is not None


def _of_others(token: Token, between: str) -> bool:
    roles = token.roles
    if "kin" in roles:
        return roles["kin"] not in _OWN_KIN
    if "elder" in roles or "younger" in roles:
        return between.startswith("家")
    if roles.get("other") in ("outsider", "further"):
        return "polite" not in roles or between.startswith("家")  # 老师，宝宝36.5; but 老师家宝宝
    return False
