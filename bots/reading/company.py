"""Who stands beside the person told about: owners, hosts, agents, companions, strangers of the same name."""

from __future__ import annotations

import re

from bots.reading.clauses import Clause, Token
from bots.reading.lexicon import SURNAMES, word_file, word_set
from bots.reading.names import (
    People,
    given_name,
)
from bots.reading.normalise import simplify
from bots.reading.who import Who

_HOUSE = frozenset(str(word_file("people")["agent"]["house"]).split())


_ACTS = frozenset(str(word_file("people")["agent"]["verb"]).split())


_OBJECT = word_set("people", "object")


JOIN = word_set("people", "join")


_MEASURERS = ("校医", "医生", "大夫", "护士", "保安", "老师", "班主任", "门卫", "物业", "保健医", "社区")


_ADJECTIVES_OF_MANY = (
    "好多",
    "许多",
    "很多",
    "不少",
    "好些",
    "好几个",
    "大部分",
    "一半",
    "其他",
    "其它",
    "有的",
    "别的",
    "一些",
    "有些",
)


_ACQUAINTED = re.compile(r"(?:玩|坐|住|上学|上课|补课|吃饭|接触|接触过|认识)的(?:那个|这个|一个)?$")


def some_of_many(left: str) -> bool:
    if left.endswith(_ADJECTIVES_OF_MANY):
        return True
    if _ACQUAINTED.search(left) or (
        left.endswith("有") and not left.endswith(("没有", "只有", "还有", "我有", "家有"))
    ):
        return True
    return left.endswith("个") and not left.endswith(
        ("儿个", "今个", "昨个", "这个", "那个", "俩个", "两个", "三个", "二个", "每个", "2个", "3个", "我家一个")
    )


def other_family_name(clause: Clause, row: list[Token], at: int, people: People) -> bool:
    """A given name behind a family name that is not this child's."""
    token = row[at]
    if token.start <= clause.start or token.keys is None:
        return False
    char = clause.text[token.start - clause.start - 1]
    if char not in SURNAMES or (at and row[at - 1].end == token.start and len(row[at - 1].text) > 1):
        return False
    names = [simplify(people.name_of[key]).lower() for key in token.keys]
    return all(name != token.text and given_name(name) == token.text and not name.startswith(char) for name in names)


def is_title(token: Token, before: Token | None, row: list[Token], at: int) -> bool:
    """老师 in 老师好, 李老师: an address, no person told about."""
    if token.text in ("老师", "老师您", "班主任", "校长"):
        if at + 1 < len(row) and row[at + 1].start == token.end and "symptom" in row[at + 1].roles:
            return False
        return (
            at == 0
            or "polite" in (before.roles if before else {})
            or at == len(row) - 1
            or "polite" in row[at + 1].roles
        )
    return False


def is_owner(token: Token, who: Who, after: Token | None) -> bool:
    """孩子爸爸, 我儿子, 他同学: the owner is not the one told about."""
    if after is None:
        return False
    gap = after.start - token.end
    if gap > 1:
        return False
    if (
        "kin" in after.roles
        or ("other" in after.roles and after.text not in ("同学", "老师"))
        or (after.text == "同学" and token.keys is None)
    ):
        return gap == 0
    if who.kind == "self" and (
        "child" in after.roles or after.keys is not None or "elder" in after.roles or "younger" in after.roles
    ):
        return gap == 0
    return False


def joined_by_house(row: list[Token], at: int) -> bool:
    return any(row[k].text in _HOUSE or row[k].text == "的" for k in range(max(0, at - 2), at))


def at_home_of(row: list[Token], at: int, who: Who, people: People, found: dict[int, Who]) -> bool:
    """奶奶家 is a place; 邻居家孩子 and 姑姑家的孩子 are somebody else."""
    if who.kind not in ("kin", "outsider", "self") or at + 1 >= len(row):
        return False
    after = row[at + 1]
    if after.start != row[at].end or not (after.text in _HOUSE or after.text == "的"):
        return False
    beyond = row[at + 2] if at + 2 < len(row) else None
    if beyond is not None and beyond.text == "的" and at + 3 < len(row):
        beyond = row[at + 3]
    if (
        beyond is not None
        and beyond.start - after.end <= 1
        and ("child" in beyond.roles or "elder" in beyond.roles or "younger" in beyond.roles)
    ):
        if who.kind == "self":
            return False
        found[beyond.start] = Who("outsider", text=beyond.text)
        found[row[at].start] = Who("outsider", text=row[at].text)
        return True
    if who.kind == "outsider" and beyond is not None and beyond.start == after.end and "symptom" in beyond.roles:
        found[row[at].start] = Who("outsider", text=row[at].text)  # 邻居家发烧了
        return True
    if who.kind == "outsider" and beyond is not None and beyond.start == after.end and beyond.number is not None:
        found[row[at].start] = Who("outsider", text=row[at].text)  # 同事家38.5
        return True
    if (
        after.text in _HOUSE
        and at + 3 == len(row)
        and row[at + 2].text == "的"
        and at
        and row[at - 1].text in ("是", "都是")
    ):
        found[row[at].start] = who  # 刚才发的36.8是邻居家的
        return True
    return after.text != "的"  # 妈妈的36.5 is hers, 我妈的体温 too


def introduces(row: list[Token], at: int, who: Who, clause: Clause) -> bool:
    """我是小明妈妈: who writes, not whom it is about."""
    if who.kind not in ("kin", "self") and not (
        who.kind == "subjects" and at + 1 < len(row) and "kin" in row[at + 1].roles
    ):
        return False
    start = next((k for k, other in enumerate(row) if "polite" not in other.roles), 0)
    if "self" in row[start].roles and len(row) > start + 1 and row[start + 1].text in ("是", "就是"):
        return start <= at <= start + 4
    return bool(who.kind == "self" and at + 1 < len(row) and row[at + 1].text == "是" and at + 2 < len(row))


def is_measured(before: Token, who: Who, after: Token | None) -> bool:
    """给他姐量的38: she is the one measured."""
    measured = after is not None and after.text[:1] in ("量", "测")
    return (
        (before.text[-1:] == "给" or before.text in ("替", "帮", "给他", "给她"))
        and measured
        and who.kind in ("kin", "outsider")
    )


def is_company(before: Token, who: Who, after: Token | None) -> bool:
    if is_measured(before, who, after):
        return False
    return before.text in JOIN or before.text in _OBJECT or before.text in ("由", "找", "被", "随", "问", "请")


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
    on_leave = any("leave" in token.roles for token in row[at + 1 : at + 3])
    for token in row[at + 1 : at + (6 if on_leave else 4)]:
        if token.text in _ACTS or token.text in _OBJECT or token.text[0] in "带陪领抱送接":
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
