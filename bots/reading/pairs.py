"""What two numbers of one message say of each other: a relative's before the child's, ranges, lists."""

from __future__ import annotations

import re
from itertools import pairwise

from bots.reading.clauses import Clause, Token
from bots.reading.neighbours import (
    Verdict,
)
from bots.reading.who import Who

_WHEN_OR_HOW = frozenset(("day", "moment", "night", "method", "polite", "temperature", "ordinal"))


_IS_NORMAL = re.compile(r"(?:度|℃)?(?:之间|以内)?(?:都|算|为|是|属于|就)*正常")


_DONE_BETWEEN = re.compile(r"(?:会儿?|一下|[了后完来好]|(..)\1|(.)[了一]\2)$")


# What might be a fever is asked about even where it seems to be a relative's.
_FEVER = 373


_FRAME = frozenset(("other", "at", "self", "report", "polite"))


def _gives(token: Token) -> bool:
    """人家给量的36.3: who measured the relative."""
    return token.text in ("给", "的", "那边", "说") or not _FRAME.isdisjoint(token.roles)


def _tells_of_a_child(row: list[Token]) -> bool:
    """王乐乐是我外甥，36.8; but 小明弟弟两岁，36.9."""
    return any(
        token.keys is not None
        and not (
            at + 1 < len(row)
            and {"kin", "elder", "younger"} & set(row[at + 1].roles)
            and row[at + 1].start == token.end
        )
        for at, token in enumerate(row)
    )


def relatives_first(clauses: list[Clause], verdicts: list[Verdict]) -> None:
    """他弟弟才两岁，37.8，小明36.6: an unnamed number behind a relative, with the child's own still to come."""
    for first, second in pairwise(
        verdicts
    ):  # 刚睡醒37.1，起来活动活动36.6: the next measuring, whatever was done between
        if (
            first.fate == "store"
            and second.fate == "ask"
            and second.reason == "unknown words"
            and second.number.kind == "temperature"
            and second.who == first.who
            and clauses[first.token.clause].sentence == clauses[second.token.clause].sentence
            and second.token.clause - first.token.clause <= 1
            and _DONE_BETWEEN.search(second.chunk)
        ):
            second.fate, second.reason, second.marked = "store", "", True
    for first, second in pairwise(verdicts):
        at = first.token.clause
        if (
            first.who is None
            and first.fate == "store"
            and at
            and second.who is not None
            and second.who.sure
            and clauses[at - 1].sentence == clauses[at].sentence
            and all(t is first.token or not _WHEN_OR_HOW.isdisjoint(t.roles) or _gives(t) for t in clauses[at].tokens)
            and not {"kin", "younger", "elder", "nth", "other"}.isdisjoint(clauses[at - 1].kinds)
            and "agent" not in clauses[at - 1].kinds
            and not _tells_of_a_child(clauses[at - 1].tokens)
        ):
            if first.number.tenths >= _FEVER:
                first.fate, first.reason = "ask", "unknown words"
            else:
                first.who = Who("kin", role="other")


def relative_before(clauses: list[Clause], verdicts: list[Verdict]) -> None:
    """妹妹还小，体温36.9，小明的待会儿发: a relative just spoken of, the child only named afterwards."""
    for verdict in verdicts:
        at = verdict.token.clause
        if verdict.fate != "store" or verdict.who is not None or not at:
            continue
        before, here = clauses[at - 1], clauses[at]
        if (
            before.sentence == here.sentence
            and not {"kin", "younger", "elder", "nth", "other"}.isdisjoint(before.kinds)
            and {"agent", "go", "from", "back", "child", "defer"}.isdisjoint(before.kinds)
            and not any(token.keys is not None for token in before.tokens)
            and all(t is verdict.token or not _WHEN_OR_HOW.isdisjoint(t.roles) for t in here.tokens)
            and at + 1 < len(clauses)
            and clauses[at + 1].sentence == here.sentence
            and any(token.keys is not None or "child" in token.roles for token in clauses[at + 1].tokens[:2])
        ):
            verdict.fate, verdict.reason = "ask", "unknown words"


def list_of_wholes(text: str, verdicts: list[Verdict]) -> None:
    """36 38 40: three whole numbers in a row are a lottery ticket or shoe sizes, until somebody says otherwise."""
    for first, second in pairwise(verdicts):
        if (
            first.fate == "drop"
            and first.reason.startswith("of ")
            and first.number.kind == second.number.kind == "integer"
        ) and not text[first.token.end : second.token.start].strip(" 、"):
            second.fate, second.reason = "drop", first.reason  # 鞋码36 37
    for at in range(len(verdicts) - 2):
        three = verdicts[at : at + 3]
        gaps = [text[one.token.end : two.token.start].strip(" 、,，") for one, two in pairwise(three)]
        if not any(gaps) and all(v.number.kind == "integer" and v.fate in ("store", "ask") for v in three):
            for verdict in three:
                verdict.fate, verdict.reason = "ask", "vague"


def ranges(text: str, verdicts: list[Verdict]) -> None:
    """36.5-36.8, 36.5到36.8之间: both ends are about right."""
    for first, second in pairwise(verdicts):
        between = text[first.token.end : second.token.start].strip()
        if between == "就是" and first.reason == "negated" and second.fate == "store":
            second.fate, second.reason = "ask", "vague"  # 不是38.5就是38.6
        if between in ("或", "或者", "还是", "要么", "也可能是"):
            for verdict in (first, second):
                if verdict.fate == "store":
                    verdict.fate, verdict.reason = "ask", "vague"
        if between in ("-", "~", "到", "至", "——", "--"):
            if second is not verdicts[-1] and _IS_NORMAL.match(text, second.token.end):
                for verdict in (first, second):
                    verdict.fate, verdict.reason = "drop", "threshold"  # 群公告说36.0-37.2正常，孩子36.6
            if first.fate == "drop" and first.reason.startswith("of "):
                second.fate, second.reason = first.fate, first.reason  # 量程35.0-42.0
            first.approximate = second.approximate = True
            if first.number.kind == "integer" and second.number.kind == "integer":
                for verdict in (first, second):
                    if verdict.fate == "store":
                        verdict.fate, verdict.reason = "ask", "vague"
