"""Whether 我 is the one told about (我36.6), only the one who acts (我重新一看是36.5), or the child itself (我是李小明).

A guardian's own number is nobody's here, and a child's number behind an acting 我 is the child's. So 我 owns a number
only if nothing but times, symptoms, the place and words of measuring without an object stand between, or if the child
has a number of its own right behind (我量了36.9，娃36.2). Where 我 does something else before the number
(我挤完公交37.0), either may be meant, and it is asked.
"""

from __future__ import annotations

import re

from bots.reading.clauses import Clause, Token
from bots.reading.company import JOIN, OBJECT
from bots.reading.lexicon import word_set
from bots.reading.names import People
from bots.reading.who import Look, Who

_SMALL = re.compile(r"[也是的了才刚还都就一有点儿今这边先已经现在只又着呢啊呀嘛吧个:，、 \-—~.(（]*")
_FRAME = frozenset(
    (
        "day",
        "night",
        "moment",
        "past",
        "polite",
        "temperature",
        "method",
        "symptom",
        "generic",
        "degree",
        "body",
        "negation",
        "recovered",
        "well",
        "have",
        "norm",
        "copy",
        "at",
        "ordinal",
        "correct",
        "all",
        "list",
        "contrast",
        "onset",
        "stay",
        "etcetera",
        "title",
        "guess",
        "negated",
        "usual",
    )
)
_TOLD = frozenset(("symptom", "generic", "recovered", "well", "copy", "case", "disease", "medicine"))
_LOOKS = word_set("people", "looks")  # what somebody does with a thermometer in hand
_AT_WORK = re.compile("[瞅瞧按甩摁夹]")  # the hands and eyes of whoever measures
_SPEAKS = ("来报", "来说", "代报", "替报", "汇报", "说", "写", "报", "填", "讲", "重复", "发的", "发了", "上报")
_MEASURES = "量测又再重复刚亲先"
_HAND = ("给", "带", "帮", "替", "让", "陪", "送", "接", "把", "盯", "喂", "抱", "叫", "领")
_NOT_READINGS = ("other", "date", "clock", "code")
_NEXT_CLAUSES = 4


def of_the_writer(look: Look) -> str:
    """`own`: told about; `acts`: it only measured, looked or did; `unsure`; `topic`: nothing of a body is told."""
    acts, hands_on, foreign, told = False, False, False, False
    end = look.token.end
    number: Token | None = None
    start = look.clause.start
    before, row, at = look.before, look.row, look.at
    if (
        before is not None
        and before.text in ("是", "的是", "就是", "量的", "量了", "测的", "测了", "先量")
        and (at + 1 == len(row) or row[at + 1].text in ("的", "了"))
    ):
        return "own"  # 38.5是我的; 先量的我，36.3
    measured = speaks = both = away = False
    for token_at, token in enumerate(row[at + 1 :], at + 1):
        if _SMALL.fullmatch(look.clause.text, end - start, token.start - start) is None:
            if _AT_WORK.search(look.clause.text, end - start, token.start - start):
                acts = True  # 我重新按了36.7
            else:
                foreign = True
        end = token.end
        if token.number is not None:
            if token.number.kind in _NOT_READINGS:
                continue
            number = token
            break
        roles = token.roles
        if _on_somebody(row, token_at):
            hands_on = True
        elif "kin" in roles and row[token_at - 1].text in JOIN:
            both = True  # 我跟他爸都36.5
        elif token.text in ("自己", "本人", "自个儿"):
            hands_on, both = False, True  # 我把自己的体温写上了36.5
        elif token.text in ("在", "到") and not look.clause.text.startswith("家", token.end - start):
            away = True  # 我在单位测的36.4
        elif "suspect" in roles or roles.get("correct") == "wrong":
            acts = measured = True  # 小明我摸着有点热; 我看反了是36.9
        elif "pronoun" in roles and not told:
            hands_on = True  # 我揪着耳朵盯着他重新量的，36.6
        elif token.keys is not None or not {"child", "kin", "pronoun", "elder", "younger", "nth"}.isdisjoint(roles):
            if not acts and not hands_on:
                break  # 我俩孩子36.5: theirs
            hands_on = True
        elif (
            token.text in _LOOKS
            or token.text.startswith(_SPEAKS)
            or (
                token.text[0] in _MEASURES
                and ("量" in token.text or "测" in token.text)
                and roles.get("temperature") != "word"
            )
            or roles.get("temperature") == "measure"
        ):
            acts = True
            speaks = speaks or token.text.startswith(_SPEAKS)
            measured = measured or "temperature" in roles or "method" in roles or token.text[-1:] in "量测"
        elif not _TOLD.isdisjoint(roles):
            told = told or not (foreign or acts)
        elif _FRAME.isdisjoint(roles) and _SMALL.fullmatch(token.text) is None and "self" not in roles:
            foreign = True
    if number is None and (acts or hands_on) and at >= 2 and row[at - 1].text == "是" and _reads(row[at - 2]):
        return "acts"  # 小红36.6是我亲眼看的
    if number is None and acts and not hands_on and _child_not_yet(look, look.token):
        return "own"  # 七道门我测了7次体温，次次36.5…儿子还没醒
    if number is None:
        if acts and not hands_on and not told and _is_next(look) and child_follows(look, None):
            return "own"  # 我刚量的，36.9，孩子36.5
        if told and not hands_on:
            return "own"  # 我有点咳嗽，36.8
        if acts and not hands_on and look.right.startswith("也") and _is_next(look) and _told_already(look):
            return "own"  # 孩子36.8。我自己也量了，37.0
        measured = measured or any("temperature" in t.roles or "method" in t.roles for t in row[at + 1 :])
        if both and measured:
            return "own"
        return "acts" if (acts or hands_on) and measured else "topic"
    if hands_on or (speaks and any(t.keys or "elder" in t.roles or "younger" in t.roles for t in row[:at])):
        return "acts"  # 老大的我说一下36.6
    if (
        told
        or both
        or (not acts and not foreign)
        or (look.right.startswith("也") and not any(t.keys for t in row[:at]))
    ):
        return "own"  # 我也写36.5, but 小明我也量了36.6
    fronted = any(t.keys or not {"elder", "younger", "nth", "child"}.isdisjoint(t.roles) for t in row[:at])
    if fronted and (acts or any(t.text.startswith(_HAND) for t in row[at + 1 : at + 3])):
        return "acts"  # 小的我按着量的36.8, 妹妹发烧我带去医院了38.4
    if acts and any(who.kind == "self" for who in look.found.values()):
        return "own"  # 我昨天发烧，刚才我又量了37.2
    if child_follows(look, number):
        return "own" if not speaks else "unsure"
    if _child_not_yet(look, number):
        return "own"  # 我量的是37.2，孩子还没量
    if look.token.text in ("我自己", "我本人", "俺自己") and not hands_on:
        return "unsure"  # 35户跑下来我自己量了37.0: of whom?
    if away and not acts and look.people.own is not None:
        return "own"  # 我在学校值班36.5: a member of staff
    return "acts" if acts and not away else "unsure"


def with_somebody(look: Look) -> bool:
    """Whether the writer does something with somebody behind the word: 我给他夹了36.5."""
    return any(_on_somebody(look.row, at) for at in range(look.at + 1, len(look.row)))


def _is_next(look: Look) -> bool:
    """Whether the next clause begins with a number."""
    here = look.token.clause + 1
    return here < len(look.clauses) and bool(look.clauses[here].tokens) and _reads(look.clauses[here].tokens[0])


def _told_already(look: Look) -> bool:
    """Whether a reading was given in a clause before."""
    return any(_reads(token) for clause in look.clauses[: look.token.clause] for token in clause.tokens)


def _on_somebody(row: list[Token], at: int) -> bool:
    """Whether the writer does something with somebody: 给他夹, 又给量一遍, 看着他量, but not 带病上班."""
    token = row[at]
    if token.text[1:].endswith(("他", "她", "孩子", "娃")) and "kin" not in token.roles:
        return True
    if not token.text.startswith(_HAND) and token.text not in OBJECT:
        return False
    return any(
        other.keys is not None
        or not {"child", "pronoun", "elder", "younger", "nth"}.isdisjoint(other.roles)
        or "量" in other.text
        or "测" in other.text
        or other.roles.get("temperature") in ("measure", "word")
        for other in row[at + 1 : at + 4]
    )


def _child_not_yet(look: Look, number: Token) -> bool:
    """Whether the child is said not to have been measured yet, right behind the number."""
    here = look.token.clause + 1
    rows = [
        [t for t in look.row if t.start > number.start],
        *(clause.tokens for clause in look.clauses[here : here + _NEXT_CLAUSES]),
    ]
    return any(
        ("child" in token.roles or token.keys is not None)
        and any("defer" in other.roles or other.text in ("没量", "没测") for other in row[at + 1 : at + 4])
        for row in rows
        for at, token in enumerate(row)
    )


def child_follows(look: Look, number: Token | None, own: bool = False) -> bool:
    """Whether the child's own number comes next in what is told (我量了36.9，孩儿他爸37.1，娃36.2)."""
    behind = [token for token in look.row if number is not None and token.start > number.start]
    here = look.token.clause
    for near in look.clauses[here + 1 : here + 1 + _NEXT_CLAUSES]:
        behind += near.tokens
    for at, token in enumerate(behind):
        if (
            token.keys is not None
            or (not {"child", "pronoun", "elder", "younger", "nth"}.isdisjoint(token.roles) and token.text != "它")
            or token.text.startswith("给孩")
            or (own and token.roles.get("self") == "i")  # a member of staff is the one asked about
        ):
            return any(_reads(other) for other in behind[at + 1 : at + 5])
        if (
            not _reads(token)
            and _FRAME.isdisjoint(token.roles)
            and {"kin", "other", "self"}.isdisjoint(token.roles)
            and token.text[-1:] not in ("给", "才", "的", "了")
        ):
            return False
    return False


def _reads(token: Token) -> bool:
    return token.number is not None and token.number.kind not in _NOT_READINGS


def speaking_child(clauses: list[Clause], people: People) -> Who | None:
    """我是李小明，今天36.6: the child itself writes, so that 我 is the child from here on."""
    for clause in clauses[:3]:
        if "self" not in clause.kinds:
            continue
        row = clause.tokens
        for at, token in enumerate(row[:-2]):
            if (
                token.roles.get("self") != "i"
                or row[at + 1].text not in ("是", "叫", "就是")
                or (name := row[at + 2]).keys is None
                or len(name.keys) != 1
                or name.keys[0] not in people.children
            ):
                continue
            following = row[at + 3] if at + 3 < len(row) else None
            rest = clause.text[name.end - clause.start :].lstrip(" 同学本人")
            if not rest or (
                following is not None and following.text[0] in "我俺今" and following.start - name.end <= 2
            ):
                return Who("subjects", name.keys, text=token.text)
    return None
