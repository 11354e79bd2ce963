"""How long a person or a day that was named still holds in the clauses behind."""

from __future__ import annotations

import re
from itertools import pairwise

from bots.reading.clauses import Clause, Token
from bots.reading.when import When
from bots.reading.who import Who

_ARRIVED = ("到了", "到")  # 寄的苹果到了, but 烧到了
_OF_A_BODY = frozenset(("symptom", "temperature", "generic", "case", "recovered", "medicine"))


def told(clause: Clause, who: Who | None = None, mention: int = -1) -> bool:
    """Whether the clause told of somebody's body, so that the next one may go on about the same person.

    Of the writer only what stands behind 我 counts: 昨天38.5我都快哭了，今天36.7.
    """
    if clause.hypothetical:
        return False  # 超过37.3我就接他，现在36.9
    if who is not None and who.kind == "self" and mention >= clause.start:
        behind = [token for token in clause.tokens if token.start > mention]
        if behind:  # but 先量的我，36.3
            return any(
                (token.number is not None and token.number.kind not in ("other", "date", "clock"))
                or not _OF_A_BODY.isdisjoint(token.roles)
                for token in behind
            )
    return any(
        (token.number is not None and token.number.kind not in ("other", "date", "clock"))
        or (not _OF_A_BODY.isdisjoint(token.roles) and token.text not in _ARRIVED)
        for token in clause.tokens
    )


def claimed(clauses: list[Clause], mention: int) -> bool:
    """Whether somebody only said or saw the number: 他爷非说是三十八度, but not 他爸38.5."""
    clause = next((clause for clause in reversed(clauses) if clause.start <= mention), None)
    return clause is not None and any(
        token.start > mention and token.text.startswith(("说", "看", "瞅", "念", "报", "写")) for token in clause.tokens
    )


def of_a_thing(before: Token, token: Token) -> bool:
    """视力4.9, 油价3.2: a figure with a point right behind a thing that has figures of its own."""
    number = token.number
    return (
        number is not None
        and number.kind == "date"
        and "." in number.text
        and before.end == token.start
        and "foreign" in before.roles
    )


#: A brother or sister who calls from elsewhere tells of themselves.
FROM_AFAR = re.compile("打电话回来|打来电话|来电话|来信|视频")
_RECORD = re.compile("(?:记录|病历|本子|照片|日记|单子|截图|条子|病例|手册)$")
_CALLS = re.compile("(?:打)?(?:视频|电话|微信|语音)(?:里)?(?:跟我|告诉我)?说")
_VITALS = re.compile(r"(?:今早|早上|今天)?(?:血压|血糖|心率|脉搏|血氧)")
_HIS_OWN = re.compile(r"(?:今早|早上|今天)?(?:体温|温度|烧)")
_AGE = re.compile(r"[\d一二三四五六七八九十两半]+(?:个多?月|岁|天)|出生|满月|百天")


# What might be a fever of a brother or sister here is asked about rather than left to them.
_FEVER = 373


def tells_an_age(clause: Clause, following: Clause, who: Who) -> bool:
    """我姐家的孩子3岁，38.7: the clause only says how old somebody is, the number behind it is theirs."""
    if not number_alone(following) or _AGE.search(clause.text) is None:
        return False
    number = following.tokens[0].number
    return who.kind == "outsider" or (number is not None and number.tenths < _FEVER)


def number_alone(clause: Clause) -> bool:
    """Whether a clause is nothing but a reading."""
    return (
        len(clause.tokens) == 1
        and clause.tokens[0].number is not None
        and clause.tokens[0].number.kind == "temperature"
    )


def no_fever_alone(clause: Clause) -> bool:
    """Whether a clause is nothing but a reading that is no fever, so that it may go to a brother or sister unasked."""
    number = clause.tokens[0].number if number_alone(clause) else None
    return number is not None and number.tenths < _FEVER


def numbered(tokens: list[Token]) -> frozenset[int]:
    """1号李小明36.3，2号李小红36.5: the numbers of a list, each right before a name, are no dates."""
    if sum(token.number is not None and token.number.kind == "date" for token in tokens) < 2:
        return frozenset()
    found = [
        (int(token.text[:-1]), token.start)
        for token, name in pairwise(tokens)
        if token.number is not None
        and token.number.kind == "date"
        and name.keys is not None
        and name.start == token.end
        and token.text[-1] == "号"
        and token.text[:-1].isdecimal()
    ]
    rising = len(found) > 1 and all(second[0] == first[0] + 1 for first, second in pairwise(found))
    return frozenset(start for _, start in found) if rising else frozenset()


def days_follow(clauses: list[Clause], index: int) -> bool:
    """Whether the next clause gives the number of a day gone by, so that this one is of a day before it."""
    following = clauses[index + 1] if index + 1 < len(clauses) else None
    return (
        following is not None
        and following.sentence == clauses[index].sentence
        and any("night" in t.roles or "day" in t.roles for t in following.tokens)
        and not says_no_reading(following)
    )


def says_no_reading(clause: Clause) -> bool:
    """Whether a clause gives no temperature: what stands in brackets behind a person, their age or name."""
    return all(token.number is None or token.number.kind == "other" for token in clause.tokens)


def before_todays(clauses: list[Clause]) -> frozenset[int]:
    """The clauses whose own readings have no time, while a later one gives the reading of 今早 or 今天.

    昨天下午…一量37.6…今早再量36.7: what stands between belongs to the day named before.
    """
    last = max(
        (
            index
            for index, clause in enumerate(clauses)
            if any(t.roles.get("day") == "0" and t.text[0] == "今" for t in clause.tokens)
            and any(
                t.number is not None and t.number.kind == "temperature"
                for near in clauses[index : index + 3]
                for t in near.tokens
            )
        ),
        default=-1,
    )
    return frozenset(
        index
        for index, clause in enumerate(clauses[: max(last, 0)])
        if not any(not {"day", "night", "moment", "past"}.isdisjoint(t.roles) for t in clause.tokens)
        and any(t.number is not None and t.number.kind == "temperature" for t in clause.tokens)
    )


def travelled(clause: Clause) -> bool:
    """Whether the clause told of a journey: what goes on about it is the same person's, a number is not."""
    return not {"go", "from", "back"}.isdisjoint(clause.kinds) or "来客" in clause.text or "来了客" in clause.text


_JOURNEY = frozenset(("go", "at", "from", "back", "out"))

_HEARD = ("说是", "据说", "听说是", "好像是", "说烧", "说他", "说她")

_ROUTE = re.compile(r"[一-鿿][-→][一-鿿]")

_SOMEBODY = re.compile(r"有一?个(?!别)|有人|有名|有位")  # 宿舍昨天有个38.2的，小明36.5


def carries(before: Clause | None, previous: Clause, clause: Clause, when: When) -> bool:
    """Whether a day named before still holds: 昨天忘报了，36.6 is yesterday's, 昨天去奶奶家了，36.5 is not."""
    if when.kind == "today":
        return True
    if when.kind == "distant" and clause.text.startswith("今年"):
        return False  # 去年今天39度，今年36.5
    if when.kind == "usual" or _SOMEBODY.search(previous.text):
        return False
    if any(
        ("report" in token.roles and token.roles["report"] == "late")
        or token.text in ("忘", "忘了", "忘记", "忘记了", "忘报", "补", "补报", "补上", "漏报", "没报")
        for token in previous.tokens
    ):
        return True
    if (
        all(
            (token.number is not None and token.number.kind == "date")
            or not {"day", "night", "moment", "past"}.isdisjoint(token.roles)
            or ("polite" in token.roles and token.end - token.start <= 2)
            for token in previous.tokens
        )
        and previous.tokens
        and sum(token.end - token.start for token in previous.tokens) >= len(previous.text.strip()) - 2
        and not any(mark in previous.text for mark in "比跟和像较事")  # 比上月省, 上周六的事
        and not (before is not None and before.sentence == previous.sentence and not _JOURNEY.isdisjoint(before.kinds))
        and not (before is not None and _ROUTE.search(before.text))  # 青岛-哈尔滨-伊春，28号，36.5
    ):
        return True  # a date on a line of its own
    if previous.sentence != clause.sentence:
        return False
    if when.kind in ("distant", "season", "day") and _RECORD.search(previous.text.rstrip()):
        return True  # 翻出他出生那天的记录，体温36.8
    last = next((t for t in reversed(previous.tokens) if not {"day", "night", "past"}.isdisjoint(t.roles)), None)
    if last is not None and previous.text[last.end - previous.start :].strip() in ("的", "那天的", "那次的"):
        return True  # 这是他昨天的，36.5
    if any(
        token.number is not None and token.number.kind not in ("other", "date", "clock", "code")
        for token in previous.tokens
    ):
        return True
    if {"temperature", "medicine", "report"}.isdisjoint(previous.kinds) and _all_well(clause):
        return when.kind in ("day", "night") and any(  # 昨天咳了几声，36.5; 元宵节前发过烧，36.5
            token.roles.get("symptom") == "fever" for token in previous.tokens
        )
    return not {"symptom", "temperature", "medicine", "report", "generic", "suspect"}.isdisjoint(previous.kinds)


def goes_on_about(previous: Clause, clause: Clause, clauses: list[Clause], index: int, named: dict[int, Who]) -> bool:
    """姥爷从荆州回来了，咳嗽，孩子36.4: nobody new here, and the child is named afresh later in the sentence."""
    if _VITALS.match(clause.text.lstrip()) or (_VITALS.search(previous.text) and _HIS_OWN.match(clause.text.lstrip())):
        return True  # 爷爷73了，血压145，早上体温36.9
    if travelled(previous) and not {"go", "from", "back", "at"}.isdisjoint(clause.kinds):
        return True
    if FROM_AFAR.search(previous.text) and clause.text.lstrip().startswith("说"):
        return True
    if "at" in previous.kinds and _CALLS.match(clause.text.lstrip()):
        return True  # 他姑在悉尼，视频说今天38度
    if clause.sentence == previous.sentence and clause.text.lstrip().startswith(_HEARD):
        return True  # 小明同桌没来，说是38.7
    following = clauses[index + 1] if index + 1 < len(clauses) else None
    return (
        following is not None
        and not any(t.number is not None for t in clause.tokens)
        and following.sentence == clause.sentence
        and any(t.start in named and named[t.start].kind == "subjects" for t in following.tokens[:2])
    )


def _all_well(clause: Clause) -> bool:
    """Whether the clause gives readings that are plainly no fever."""
    told = [
        token.number.tenths
        for token in clause.tokens
        if token.number is not None and token.number.kind == "temperature"
    ]
    return bool(told) and max(told) < 370
