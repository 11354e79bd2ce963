"""Numbers that are given up beside themselves: compared with, denied, withdrawn, or put right by a later one."""

from __future__ import annotations

import re

from bots.reading.asserted import SLIPPED, is_old
from bots.reading.beside import NO_IT_IS_NOT, NOT_THEIRS, number_in
from bots.reading.clauses import Clause, Token
from bots.reading.lexicon import word_pattern
from bots.reading.spot import Spot
from bots.reading.taken_back import only_wrong
from bots.reading.values import NOT_READINGS

RIGHT_MARKS = " :、.。)）]】\"'-~=+*#“”《》→—_|/\\·…「」『』"


def compared_or_denied(spot: Spot) -> bool:
    """比平时36.2高点, 比昨天的36.8低; 不是36.5, 没有38度."""
    before, row, at = spot.before, spot.clause.tokens, spot.at
    if before is None:
        return False
    if (spot.touching and before.roles.get("compare") == "with" and before.text.startswith(("比", "较"))) or (
        before.text == "的" and at >= 2 and row[at - 2].roles.get("compare") == "with"
    ):
        return spot.settle("drop", "compare")
    if not spot.touching or before.text not in _DENIES:
        return False
    if spot.text[before.end : spot.token.start].strip(_BETWEEN):
        return False  # 小明躺着没动36.5
    if before.text in ("没有", "没") and at >= 2 and _denies_what_is_before(spot, row[at - 2]):
        return False
    return spot.settle("old" if "是" in before.text else "drop", "negated")


_BETWEEN = " :：，,、"
_DENIES = ("不是", "并不是", "不是说", "没有", "没", "不")


def _denies_what_is_before(spot: Spot, other: Token) -> bool:
    """咳嗽没有36.5; 家里有人确诊，我没有36.5."""
    here = spot.token.clause
    return "symptom" in other.roles or (
        here > 0
        and "disease" in spot.clauses[here - 1].kinds
        and not {"self", "child", "pronoun"}.isdisjoint(other.roles)
    )


def withdrawn(spot: Spot) -> bool:
    """量了个35.1，你先别记; 撤回36.5, 把刚才的36.5删了."""
    row, at, before = spot.clause.tokens, spot.at, spot.before
    if at + 1 == len(row) and _not_to_be_kept(spot.clauses, spot.token.clause):
        return spot.settle("old", "withdrawn")
    if "withdraw" in spot.clause.kinds and (
        (before is not None and spot.touching and "withdraw" in before.roles)
        or any("withdraw" in other.roles for other in row[at + 1 : at + 4])
    ):
        return spot.settle("old", "withdrawn")
    return False


_MAY_STAND_BETWEEN = 2
# 你先别记; but 可别登记反了, 别记错了
_LATER = re.compile(f"(?:{word_pattern('temperature', 'later')})(?![错反混漏串岔到成])")


def _not_to_be_kept(clauses: list[Clause], here: int) -> bool:
    """Whether one of the next clauses asks not to write the last number down, and gives no other."""
    for near in clauses[here + 1 : here + 1 + _MAY_STAND_BETWEEN]:
        if "withdraw" in near.kinds:
            break
    else:
        return False
    for index in range(here + 1, min(len(clauses), here + 1 + _MAY_STAND_BETWEEN)):
        if number_in(clauses, index):
            return False
        if _LATER.search(clauses[index].text):
            return True
    return False


def corrected(spot: Spot) -> bool:
    """红外的35.6，不准，水银36.4; 36.5写错了，是36.8; 36.5错，36.8对."""
    text, token, clauses, row = spot.text, spot.token, spot.clauses, spot.clause.tokens
    here = token.clause
    if (
        here + 1 < len(clauses)
        and only_wrong(clauses, here)
        and number_in(clauses, here + 2)
        and spot.at + 1 == len(row)
    ):
        return spot.settle("old", "corrected")
    if (spot.corrects or text.endswith(SLIPPED, 0, token.start)) and is_old(text, row, spot.at, clauses):
        return spot.settle("old", "corrected")
    if "不是" in text[token.end : token.end + _SOON]:
        if NO_IT_IS_NOT.match(text, token.end) and not spot.corrects:
            return spot.settle("ask", "taken back")
        if NOT_THEIRS.match(text, token.end) or (
            len(spot.people.children)
            and text.startswith("不是", token.end)
            and spot.after is not None
            and spot.at + 2 < len(row)
            and row[spot.at + 2].keys
        ):
            return spot.settle("drop", "negated")  # 那个36.9不是他的
    if spot.closed or "错" not in text[token.end : token.end + 2 + _SOON]:
        return False
    right = text[token.end : spot.after.start if spot.after else spot.clause.end].strip(RIGHT_MARKS)
    if right.startswith("错") and any(
        other.number is not None and other.number.kind not in NOT_READINGS
        for near in clauses[here : here + 2]
        for other in near.tokens
        if other.start > token.start
    ):
        return spot.settle("old", "corrected")
    return False


_SOON = 10
