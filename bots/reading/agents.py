"""Who acts and who goes along: 奶奶量的, 妈妈说, 跟小红一起. They are not the ones told about; 给奶奶量的 is."""

from __future__ import annotations

import re
from itertools import pairwise

from bots.reading.carrying import FROM_AFAR
from bots.reading.clauses import Clause, Token
from bots.reading.company import JOIN, OBJECT
from bots.reading.lexicon import word_file
from bots.reading.mine import child_follows, of_the_writer, with_somebody
from bots.reading.who import Look, Who

_ACTS = frozenset(str(word_file("people")["agent"]["verb"]).split())


_MEASURERS = ("校医", "医生", "大夫", "护士", "保安", "老师", "班主任", "门卫", "物业", "保健医", "社区")


def companion(look: Look) -> bool:
    """Whether the word is told about, and not one who only goes along (没跟小红一起). 小明和小红 become one mention."""
    row, at, who, before, explicit = look.row, look.at, look.who, look.before, look.explicit
    if before is None:
        return True
    if at >= 2 and before.text in JOIN and row[at - 2].roles.get("negation") == "no":
        return False  # 没跟小红一起
    number = row[at - 2].number if at >= 2 else None
    if number is not None and number.kind not in ("other", "date", "clock", "code") and before.text in JOIN:
        return True  # 小明36.5和小红36.7
    if not is_company(before, who, look.after):
        return True
    if who.kind != "subjects":
        return False
    if (
        before.text in ("跟", "跟着", "陪", "陪着", "带", "带着")
        and explicit
        and explicit[-1].kind in ("kin", "outsider")
    ):
        return False  # 姐夫家小子跟小红玩了一上午，回去37.5
    if explicit and explicit[-1].kind == "subjects" and before.text in JOIN:
        kind = "which" if before.text in ("或", "或者", "还是") else "subjects"
        look.who = Who(kind, tuple(dict.fromkeys(explicit[-1].keys + who.keys)), text=look.token.text, listed=True)
    return True


def only_acts(look: Look) -> bool:
    """Whether the word only tells who measured, wrote or went along."""
    who, row, at, after = look.who, look.row, look.at, look.after
    if look.before is not None and is_measured(look.before, who, after):
        return False
    if who.kind in ("kin", "outsider") or look.token.text in ("家长", "大人"):
        if after is not None and after.text in ("量", "测") and at + 2 < len(row) and row[at + 2].number is not None:
            own = look.people.own is not None and not look.people.children
            labelled = any(t.keys is not None for t in row[:at])  # 小红：奶奶量36.5；小明：我量36.7
            governed = look.before is not None and look.before.text in ("归", "由", "让")
            if not labelled and not governed and child_follows(look, row[at + 2], own):
                return False  # 奶奶量36.2，孩子量36.6: each was measured
        return look.token.roles.get("other") != "pet" and is_agent(row, at, after, look.clause)
    if who.kind == "self":
        told = of_the_writer(look)
        if told == "unsure":
            look.who = Who("which", look.people.all_keys, role="unsure", text=look.token.text)
            return False
        if told == "acts":
            look.acting.add(look.token.start)
        return told == "acts" or (told == "topic" and is_agent(row, at, after, look.clause))
    if (
        look.explicit
        and (look.before is None or look.before.text not in OBJECT)
        and look.explicit[-1].kind == "subjects"
        and not set(look.explicit[-1].keys) & set(who.keys)
        and after is not None
        and after.text in ("量的", "测的", "记的", "念的", "报的", "填的", "写的")
        and any(other.text in ("的", "的体温") and other.clause == look.token.clause for other in row[:at])
    ):
        return True  # 小红的体温小明记的：36.5
    return (
        who.kind == "subjects"
        and who.keys == (look.people.own,)
        and bool(look.people.children)
        and is_agent(row, at, after, look.clause)
        and of_the_writer(look) != "own"
        and (with_somebody(look) or _child_waits(look))
    )


def _child_waits(look: Look) -> bool:
    """小明睡着，我量了36.5: a child was named in this sentence and has no number yet, so that what I measured is theirs."""
    here = look.token.clause
    for near in reversed(look.clauses[: here + 1]):
        if near.sentence != look.clause.sentence:
            break
        for token in reversed(near.tokens):
            if token.start >= look.token.start:
                continue
            if token.number is not None and token.number.kind in ("temperature", "integer", "confirm"):
                return False
            named = look.found.get(token.start)
            if named is not None and named.kind in ("subjects", "which") and named.keys != (look.people.own,):
                return True
    return not any(who.keys == (look.people.own,) for who in look.found.values()) and not any(
        token.number is not None and token.number.kind == "temperature"
        for near in look.clauses[:here]
        for token in near.tokens
    )


def is_company(before: Token, who: Who, after: Token | None) -> bool:
    if is_measured(before, who, after):
        return False
    return before.text in JOIN or before.text in OBJECT or before.text in ("由", "找", "被", "随", "问", "请")


def is_measured(before: Token, who: Who, after: Token | None) -> bool:
    """给他姐量的38, 给我自己试了37.1: they are the ones measured."""
    measured = after is not None and after.text[:1] in ("量", "测", "试", "夹", "打")
    return (
        (before.text[-1:] == "给" or before.text in ("替", "帮", "给他", "给她"))
        and measured
        and (who.kind in ("kin", "outsider", "self") or who.text.startswith(("我", "俺", "本人")))
    )


def _for_the_child(row: list[Token], at: int) -> bool:
    """Whether somebody measures the child before any number is told."""
    for token, following in pairwise(row[at + 1 :]):
        if token.number is not None or "symptom" in token.roles:
            return False
        if token.text in ("给他", "给她", "给孩子", "给娃", "给小孩") and following.text[0] in "量测夹试":
            return True
    return False


def _measures_again(row: list[Token], at: int) -> bool:
    """Whether 又量, 再测 stands between the word and its number, and nothing of a body."""
    for token in row[at + 1 : at + 5]:
        if token.number is not None or not {"symptom", "kin", "self", "child"}.isdisjoint(token.roles):
            return False
        if token.text[0] in "又再重" and ("量" in token.text or "测" in token.text):
            return True
    return False


_TREATED = re.compile(
    "(?:刚|昨天|今天|也|去)?(?:打|接种|打完|打了|挂|吊|输)(?:完|了|过)?(?:疫苗|针|点滴|吊瓶|吊水|液|加强针)"
)


def is_agent(row: list[Token], at: int, after: Token | None, clause: Clause) -> bool:
    """爸爸量的, 妈妈说, 我给孩子: the one who acts."""
    if _TREATED.match(clause.text, row[at].end - clause.start):
        return False  # 他爸打完疫苗38.5
    if (
        after is not None
        and "self" in row[at].roles
        and after.roles.get("negation") == "no"
        and at + 2 < len(row)
        and row[at + 2].number is None
        and {"symptom", "generic", "body", "recovered", "well", "degree", "polite", "have"}.isdisjoint(
            row[at + 2].roles
        )
    ):
        return True  # 我不会打字今天早上量的是36.6
    if after is not None and after.text == "那个" and after.start == row[at].end:
        return False  # 爷爷那个报36.1
    if not {"elder", "younger"}.isdisjoint(row[at].roles) and FROM_AFAR.search(clause.text):
        return False  # 他哥从部队打电话回来，说测出38度
    if "kin" in row[at].roles and (_measures_again(row, at) or _for_the_child(row, at)):
        return True  # 妈妈不服又量36.5, 姑姑一进门就给他测，36.3
    on_leave = any("leave" in token.roles for token in row[at + 1 : at + 3])
    for token in row[at + 1 : at + (6 if on_leave else 4)]:
        if token.text in _ACTS or token.text in OBJECT or token.text[0] in "带陪领抱送接":
            return True
        if token.text.startswith(("告诉", "跟您", "说", "汇报", "报")):
            return True
        if "agent" in token.roles and token.roles["agent"] == "verb":
            return True
        if token.text in ("量", "测", "量的", "测的", "量体温", "测体温"):
            return True
        if (
            "self" in row[at].roles
            and token.roles.get("temperature") == "measure"
            and token.text[0] in "再又重复亲量测看"
        ):
            return True  # 我再量一遍是36.6
        if token.text[0] in "量测" and row[at].text in _MEASURERS:
            return True  # 校医量了是37.6
        if token.text == "量了" or token.text == "测了":
            return "self" in row[at].roles
        if token.number is not None or not (
            "day" in token.roles
            or "leave" in token.roles
            or (on_leave and token.text in ("在", "在家", "家", "家里"))  # 我请假在家陪
            or "moment" in token.roles
            or "polite" in token.roles
            or "correct" in token.roles
            or "ordinal" in token.roles
        ):
            return False
    return False
