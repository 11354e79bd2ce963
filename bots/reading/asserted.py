"""Whether a number is asserted at all: not guessed unmeasured, not taken back, not only asked about."""

from __future__ import annotations

import re

from bots.reading.clauses import Clause, Token
from bots.reading.neighbours import (
    Verdict,
)
from bots.reading.values import NOT_READINGS


def unmeasured(clause: Clause, clauses: list[Clause], at: int) -> bool:
    """没量，写36.5吧: said not to be measured, and no measuring since."""
    here = clause.tokens[at].clause
    if "defer" not in clause.kinds and (not here or "defer" not in clauses[here - 1].kinds):
        return False
    if any(
        "量" in other.text or "测" in other.text
        for other in clause.tokens[:at]
        if not other.text.startswith(("没", "未", "还没"))
    ):
        return False
    rows = [clause.tokens[:at]] + (
        [clauses[here - 1].tokens] if here and clauses[here - 1].sentence == clause.sentence else []
    )
    unmeasured_at = max(
        (k for k, other in enumerate(clause.tokens[:at]) if "defer" in other.roles and other.text[-1:] in "量测"),
        default=-1,
    )
    if any(
        other.keys is not None
        or not {"child", "elder", "younger", "nth", "rest", "self", "kin"}.isdisjoint(other.roles)
        for other in clause.tokens[unmeasured_at + 1 : at]
    ):
        return False
    told = any(
        "defer" in other.roles and other.text.startswith(("没", "未", "还没")) and other.text[-1] in "量测"
        for row in rows
        for other in row
    )
    told = told or (
        any("defer" in other.roles and other.text[-1] in "量测报" for row in rows for other in row)
        and any(other.roles.get("norm") == "about" or "guess" in other.roles for other in clause.tokens[:at])
    )
    rows_text = "".join(other.text for row in rows for other in row)
    told = told or (
        ("量" in rows_text or "测" in rows_text)
        and any("defer" in other.roles for row in rows for other in row)
        and any(other.roles.get("norm") == "about" for other in clause.tokens[:at])
    )
    return told and not any(
        not {"day", "night", "moment"}.isdisjoint(other.roles) for other in clause.tokens[:at]
    )  # 今早没量，昨晚36.6


_ALL_WELL = re.compile("(?:度|℃)?好(?:好|着|端端)")
_FAR = 6
_UNAWARE = re.compile(r"\s*(?:也|就|了)?(?:不知道|不晓得|不清楚|不确定|搞不清|也不知)")
SLIPPED = (
    "看错成",
    "写错成",
    "报错成",
    "打错成",
    "量错成",
    "打成",
    "写成",
    "报成",
    "发成",
    "说成",
    "填成",
    "输成",
    "看成",
    "记成",
    "误报成",
    "错报成",
    "误写成",
    "错填成",
    "误填成",
    "听成",
    "读成",
    "念成",
    "瞧成",
)


def _told_before(clauses: list[Clause], token: Token) -> bool:
    """Whether a reading was given in the clause before."""
    before = clauses[token.clause - 1].tokens if token.clause else []
    return any(other.number is not None and other.number.kind not in NOT_READINGS for other in before)


def is_old(text: str, row: list[Token], at: int, clauses: list[Clause]) -> bool:
    """36.5写错了, 把36.5改成36.8, 刚才的36.5不对: the value that is taken back."""
    token = row[at]
    if at >= 3 and row[at - 1].text == "是" and row[at - 2].number is not None and "negated" in row[at - 3].roles:
        return False  # 不是37.6是36.7手滑
    near = clauses[token.clause : token.clause + 3]
    later = [
        t
        for c in near
        for t in c.tokens
        if t.start > token.start and t.number is not None and t.number.kind not in NOT_READINGS
    ]
    if later and text.endswith(SLIPPED, 0, later[0].start):
        return False  # 我36.4，刚才误报成37.4了
    for other in row[at + 1 : at + 4]:
        if other.number is not None:
            break
        value = other.roles.get("correct")
        if value == "wrong":
            return True
        if value == "change" and later and other.start - token.end <= 3:
            return True
        if value == "should":
            # 昨天报的36.5应该是36.8
            return bool(later and at and row[at - 1].text in ("报的", "写的", "填的", "发的"))
    if text.endswith(SLIPPED, 0, token.start) and (later or _told_before(clauses, token)):
        return True  # 打成38.5了; 我36.4，刚才误报成37.4了
    if later and row[-1] is token:
        between = [t for c in near for t in c.tokens if token.end <= t.start < later[0].start]  # 38.6 打错了 36.6
        if any(other.roles.get("correct") in ("wrong", "change") for other in between) and all(
            "correct" in other.roles or "polite" in other.roles for other in between
        ):
            return True
    if later and any(other.roles.get("correct") == "earlier" for other in row[:at]):
        following = [t for c in near for t in c.tokens if token.end <= t.start < later[0].start]
        return any("correct" in t.roles and t.roles["correct"] in ("wrong", "change", "should") for t in following)
    return bool(later and at and row[at - 1].text == "把")


def in_a_question(clause: Clause, row: list[Token], at: int, verdict: Verdict, ask_follows: bool) -> None:
    """A number in a question is a report only where the rest of the question rests on it."""
    asks = [k for k, other in enumerate(row) if "question" in other.roles]
    firm = (
        any(
            ("temperature" in other.roles and other.roles["temperature"] != "normal")
            or not {"symptom", "method"}.isdisjoint(other.roles)
            for other in row[:at]
        )
        or any(other.roles.get("day") == "0" or "moment" in other.roles for other in row[:at])
        or (verdict.who is not None and verdict.who.sure and verdict.mention >= clause.start)
    )
    after = row[at + 1] if at + 1 < len(row) else None
    if _UNAWARE.match(clause.text, row[at].end - clause.start):
        return  # 小红37.6不知道是不是穿多了
    told = (
        after is not None
        and after.text == "了"
        and at + 2 < len(row)
        and row[at + 2].text not in ("吗", "么", "吧", "没")
    )
    if told and verdict.number.kind == "temperature":
        return  # 39.1了要送医院吗
    if _ALL_WELL.match(clause.text, row[at].end - clause.start):
        return  # 小明36.6好好的刮啥呀
    if asks and asks[0] > at and row[asks[0]].start - row[at].end > _FAR and verdict.number.degree:
        return  # 体温三十六度五然后就是校服短了能不能换: another matter, in one breath
    if clause.advice:
        if (
            verdict.number.kind == "temperature"
            and verdict.number.tenths % 10 not in (0, 3, 5)
            and any(row[k].text.endswith(("办", "咋整", "咋弄")) for k in asks)
        ):
            return  # 38度2咋办: what to do is asked about a value one has
        if not firm and not (
            (verdict.number.degree or verdict.number.kind == "temperature")
            and row[at + 1 : at + 2]
            and row[at + 1].text == "了"
        ):
            verdict.fate, verdict.reason = "ask", "question"
        return
    if (
        asks
        and clause.wh
        and asks[0] > at
        and row[asks[0]].text in ("请问", "问一下", "想问", "想问问", "问问", "请教", "咨询")
    ):
        return
    if (
        asks
        and asks[0] < at
        and row[asks[0]].text in ("请问", "问一下", "想问", "想问问", "问问", "请教", "咨询")
        and len(asks) == 1
        and clause.stop[:1] not in ("?", "？")
    ):
        if ask_follows:
            return  # 请问早上36.4，晚上还要报吗
        verdict.fate, verdict.reason = "ask", "question"
        return
    verdict.fate, verdict.reason = "ask", "question"
