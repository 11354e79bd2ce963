"""What stands beside one number, asked in a fixed order: may it be a reading, whose rule, guess, question or day is it?

Each question looks at one kind of neighbour. The first that settles the fate of the number ends the row; others only
turn "store" into "ask" and leave the rest to those behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bots.reading.asserted import in_a_question, unmeasured
from bots.reading.beside import (
    A_RULE,
    AND_DENIED,
    AS_TOLD,
    HARDLY,
    NEARLY,
    NEVER_REACHED,
    NOT_MINE,
    NOT_REACHED,
    ON_AND_ON,
    REPORTED_FOR,
    THEN_MEDICINE,
    UNRELIABLE,
    guessed_behind,
    is_followed,
    of_a_journey,
)
from bots.reading.clauses import Clause, Token, chunk_start
from bots.reading.facts import Home
from bots.reading.given_up import RIGHT_MARKS, compared_or_denied, corrected, withdrawn
from bots.reading.lexicon import word_set
from bots.reading.names import People, looks_like_name
from bots.reading.neighbours import Verdict, judge_neighbours, place_before
from bots.reading.spot import Spot
from bots.reading.things import never_a_reading
from bots.reading.when import When

_EVERY_DAY = tuple(word_set("temperature", "every_day"))
_CLOSING = frozenset("，。,！!？?；;\n")
_LEFT_MARKS = " :，、,.。…(（[【\"'-~=+*#“”《》<>→—_|/\\「」『』"


def surroundings(
    text: str,
    clauses: list[Clause],
    clause: Clause,
    at: int,
    verdict: Verdict,
    people: People,
    corrects: bool,
    home: Home,
) -> None:
    """Let the neighbours of the number at `at` have their say on `verdict`."""
    row = clause.tokens
    token = row[at]
    before = row[at - 1] if at else None
    after = row[at + 1] if at + 1 < len(row) else None
    spot = Spot(
        text,
        clauses,
        clause,
        at,
        token,
        before,
        after,
        before is not None and token.start - before.end <= 1,
        after is not None and after.start - token.end <= 1,
        token.end >= len(text) or text[token.end] in _CLOSING,
        verdict,
        people,
        corrects,
        home,
    )
    for question in _QUESTIONS:
        if question(spot):
            return
    left = text[chunk_start(clause, at) : token.start].strip(_LEFT_MARKS)
    right = text[token.end : after.start if after else clause.end].strip(RIGHT_MARKS)
    previous = clauses[token.clause - 1] if token.clause else None
    judge_neighbours(text, clause, row, at, verdict, people, left, right, home, previous)


def _no_reading(spot: Spot) -> bool:
    """A unit, a label or a thing beside the number."""
    place = place_before(spot.text, spot.clause.tokens, spot.at, spot.home)
    return never_a_reading(
        spot.clause, spot.clause.tokens, spot.at, spot.verdict, spot.token.start if place is None else place
    )


def _nearly_or_once(spot: Spot) -> bool:
    """从38.6降下来了: when was it so high? 他烧过38.5: some time or other. 三十八度还差一点: a fever, but which?"""
    text, token, verdict = spot.text, spot.token, spot.verdict
    last = text[token.start - 1 : token.start]
    if last == "从" and text.startswith(_CAME_DOWN, token.end):
        spot.doubt("unknown words")
    if verdict.fate != "store":
        return False
    if last == "过" and not verdict.when.said and _HAS_HAD.search(text, max(0, token.start - 5), token.start):
        spot.doubt("unknown words")
    elif not spot.closed and NEARLY.match(text, token.end):
        spot.doubt("guess")
    return False


_CAME_DOWN = ("降下", "退下", "掉下", "落下", "下来")
_HAS_HAD = re.compile(r"(?:烧|烧到|发烧到|升到|到|有|高|热|超|飙到|冲到)过$")


def _threshold(spot: Spot) -> bool:
    """三十七度都不到, 比37.3低, 37.3以上, 不超过37.3, 37度多, 可能36.5."""
    text, token, verdict, after = spot.text, spot.token, spot.verdict, spot.after
    if text[token.start - 1 : token.start] in _LESS_OR_MORE or (
        not spot.closed
        and (
            (
                verdict.reason != "guess"
                and text.startswith(NEVER_REACHED, token.end)
                and not _denies(spot.clause.tokens, spot.at)
            )
            or NOT_REACHED.match(text, token.end)
            or A_RULE.match(text, token.end)
        )
    ):
        return spot.settle("drop", "threshold")
    if after is None or not spot.touched:
        return False
    value = after.roles.get("norm")
    if (value or after.text in ("以上", "以下")) and value == "rule":
        if "没到" not in after.text or NOT_REACHED.match(text, token.end):  # but 37.9没到吃药的度数
            return spot.settle("drop", "threshold")
    elif value == "about":
        verdict.approximate = True
    elif value and after.text in _SOME_MORE and after.start == token.end:
        spot.doubt("vague")
    if after.roles.get("guess") == "maybe" and (
        (after.text in ("可能", "也许") and not text.startswith("是", after.end)) or after is spot.clause.tokens[-1]
    ):
        spot.doubt("guess")  # 36.5估计, but 37.1可能是跳热了
    return False


_LESS_OR_MORE = ("比", "离", "距")
_SOME_MORE = ("多", "出头", "挂零", "多一点", "多点", "来度", "多度", "几")


def _denies(row: list[Token], at: int) -> bool:
    """三十六度七都没有咳嗽: what is denied is a symptom."""
    return any(
        not {"symptom", "generic"}.isdisjoint(other.roles) and row[at + 1].text in ("都没有", "都没到", "都没", "都")
        for other in row[at + 2 : at + 4]
    )


def _said_just_before(spot: Spot) -> bool:
    """低于37.3, 不到38, 好像36.5, 大约36.5: of the three words before."""
    row, at, clause, token = spot.clause.tokens, spot.at, spot.clause, spot.token
    if not at or _WEIGHS.isdisjoint(clause.kinds):
        return False
    for other in reversed(row[max(0, at - 3) : at]):
        value = other.roles.get("norm")
        if value == "rule":
            if "correct" in other.roles:
                continue
            if "contrast" in other.roles and other.start == clause.start and (token.clause or other.end < token.start):
                continue  # 屋里冷，不过孩子36.6
            return spot.settle("drop", "threshold")
        if value == "vague" and other.text not in ("好几", "几", "多"):
            spot.doubt("vague")
            break
        if value == "about":
            spot.verdict.approximate = True
        if other.roles.get("guess") == "fear" and any(
            "symptom" in between.roles for between in row[row.index(other) + 1 : at]
        ):
            continue  # 别感冒，36.5
        if "guess" in other.roles and not (spot.corrects and "correct" in other.roles) and other.text != "大概是":
            spot.doubt("guess")
            break
        if other.number is not None:
            break
    return False


_WEIGHS = frozenset(("norm", "guess"))


def _not_meant_so(spot: Spot) -> bool:
    """电子的不准37.5, 小红36.5（估计的）, 老师让填36.5, 最高能到38.5, 天天36.5, 最近老是37.2, 没量，写36.5吧."""
    text, token, verdict, clause = spot.text, spot.token, spot.verdict, spot.clause
    last = text[token.start - 1 : token.start]
    left = max(0, token.start - 8)
    if verdict.fate == "store":
        if last in _UNRELIABLE_ENDS and text.endswith(UNRELIABLE, left, token.start):
            spot.doubt("thermometer")
        elif clause.stop[:1] == "(" and guessed_behind(spot.clauses, token):
            spot.doubt("guess")
    if (verdict.fate == "store" or verdict.reason == "guess") and (
        (last in _HARDLY_ENDS and HARDLY.search(text, left, token.start))
        or (not spot.closed and AND_DENIED.match(text, token.end))
    ):
        spot.doubt("usual")
    if verdict.fate != "store":
        return False
    if last == "的" and NOT_MINE.search(text, left, token.start):
        spot.doubt("negated")
    elif text.endswith(_EVERY_DAY, 0, token.start) or (
        verdict.when.moment == "ongoing"
        and (verdict.number.tenths >= _RAISED or sum(t.number is not None for t in clause.tokens) > 1)
        and ON_AND_ON.search(clause.text)
    ):
        spot.doubt("usual")
    elif unmeasured(clause, spot.clauses, spot.at):
        spot.doubt("guess")
    return False


_UNRELIABLE_ENDS = ("准", "的", "确")
_HARDLY_ENDS = tuple("填写报回个成上到达了有是就出在示")
_RAISED = 370


def _rule_behind(spot: Spot) -> bool:
    """38度的体质, 37.3不让进, 36.9就不用报了吧, 医生说38.5吃药, 烧到38.5再喂药."""
    if spot.closed:
        return False
    text, token, verdict, clause = spot.text, spot.token, spot.verdict, spot.clause
    tail = text[token.end : token.end + 4].lstrip(" 就")
    if (verdict.number.degree and tail[:1] in _DRAWN) or tail.startswith(_ALLOWED):
        return spot.settle("drop", "rule")
    if verdict.fate == "store" and tail.startswith(_TO_BE_REPORTED):
        spot.doubt("question")
    if AS_TOLD.match(tail) and ("说" in clause.text or "让" in clause.text or "写" in clause.text):
        return spot.settle("drop", "rule")
    if THEN_MEDICINE.match(tail):
        return spot.settle("drop", "rule")
    if clause.asked and tail.startswith(("才吃", "才喂", "才用", "再吃", "再喂", "以后吃")):
        return spot.settle("drop", "rule")  # 38.5才吃药对吗
    return False


_DRAWN = ("角", "线", "弯", "坡")
_ALLOWED = ("不让", "不准", "禁止", "不许", "才让", "才能", "才准", "的体质", "体质")
_TO_BE_REPORTED = ("不用报", "不用再报", "不用天天", "还用", "还要报", "用不用", "要不要报")


def _usual_or_owed(spot: Spot) -> bool:
    """还给我36.5 is money; 正常36.5，现在37 is what is usual."""
    text, token, before, verdict = spot.text, spot.token, spot.before, spot.verdict
    if before is not None:
        if (
            before.text in ("我", "你", "您")
            and text[before.start - 1 : before.start] in tuple("给找借退欠转还")
            and text[before.start - 2 : before.start] not in ("报给", "发给", "说给", "念给")  # 他自己量好报给我36.5
        ):
            spot.doubt("unknown words")
        if before.text == "正常" and before.end == token.start and is_followed(spot.clauses, token):
            return spot.settle("drop", "usual")
    if verdict.when.kind == "usual":
        return spot.settle("drop", "usual")
    return False


def _another_day(spot: Spot) -> bool:
    """The day named: of a journey, to come, long gone, or corrected today."""
    verdict, row, before = spot.verdict, spot.clause.tokens, spot.before
    kind = verdict.when.kind
    if kind == "today":
        return False
    if kind == "future" and any(other.number is not None and other.number.kind == "date" for other in row):
        spot.doubt("future")  # 5号 may be the child's number
        verdict.when = When()
    if (
        spot.corrects
        and before is not None
        and before.roles.get("correct") in ("change", "should")
        and verdict.when.kind not in ("day", "night")
    ):
        verdict.when = When()  # 原来报的36.5改成37.5
    if verdict.when.kind != "today" and of_a_journey(row, spot.at):
        planned = verdict.when.kind == "recent" and "plan" in spot.clause.kinds  # 周末打算去沈阳36.5
        if verdict.when.kind not in ("future", "distant", "season") and not planned:
            spot.doubt("other day")  # 昨天从北京回来36.6: measured then, or now?
        verdict.when = When()
    if verdict.when.kind in ("future", "distant", "season"):
        return spot.settle("drop", verdict.when.kind)
    if verdict.when.kind == "recent" and verdict.when.moment != "ongoing" and verdict.when.day is None:
        return spot.settle("drop", "other day")
    return False


def _somebodys_name(spot: Spot) -> bool:
    """给王小刚报:36.5: of a child nobody here knows."""
    text, token, verdict = spot.text, spot.token, spot.verdict
    if verdict.fate != "store" or not (verdict.who is None or verdict.who.kind == "subjects"):
        return False
    stranger = REPORTED_FOR.search(text, max(spot.clause.start, token.start - 14), token.start)
    if stranger and looks_like_name(stranger[1]) and not any(other.keys is not None for other in spot.clause.tokens):
        verdict.chunk, verdict.who = stranger[1], None
        return spot.settle("ask", "unknown name")
    return False


def _asked_about(spot: Spot) -> bool:
    """这样报对吗:36.5; 二号36.5 with two children: a day, or the second child? And a number inside a question."""
    verdict, before, clause, row = spot.verdict, spot.before, spot.clause, spot.clause.tokens
    if verdict.fate == "store" and spot.touching and before is not None and before.text[-1:] in ("吗", "么"):
        spot.doubt("question")
    if (
        len(spot.people.children) > 1
        and verdict.fate in ("store", "other_day")
        and any(other.text in ("一号", "二号", "三号") for other in row)
    ):
        spot.doubt("vague")
        verdict.when = When()
    if clause.asked and verdict.fate == "store":
        here = spot.token.clause
        following = spot.clauses[here + 1] if here + 1 < len(spot.clauses) else None
        in_a_question(
            clause,
            row,
            spot.at,
            verdict,
            following is not None and following.asked and following.sentence == clause.sentence,
        )
    return False


# The order matters: what settles a number stands before what only doubts it.
_QUESTIONS: tuple[Callable[[Spot], bool], ...] = (
    _no_reading,
    compared_or_denied,
    withdrawn,
    corrected,
    _nearly_or_once,
    _threshold,
    _said_just_before,
    _not_meant_so,
    _rule_behind,
    _usual_or_owed,
    _another_day,
    _somebodys_name,
    _asked_about,
)
