"""Who stands beside the person told about: owners, hosts, strangers of the same name."""

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

_THERE = ("那", "那边", "那头", "那儿", "那里", "家那边")
_THEIR_ONE = ("的", "那", "那个", "这个", "那位", "那只")
_HOUSE = frozenset(str(word_file("people")["agent"]["house"]).split())


OBJECT = word_set("people", "object")


JOIN = word_set("people", "join")


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


_SIBLINGS = frozenset(
    ["哥哥", "姐姐", "弟弟", "妹妹", "哥", "姐", "弟", "妹", "他哥", "他姐", "他弟", "他妹", "阿哥", "阿姐"]
)


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


def is_owner(token: Token, who: Who, after: Token | None, people: People) -> bool:
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
    if who.kind == "subjects" and after.text in _SIBLINGS and len(people.children) == 1:
        return gap == 0  # 小明弟弟
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
    prepared = at > 0 and not {"at", "go"}.isdisjoint(row[at - 1].roles)
    if (
        who.kind != "self"
        and after.text in _THERE
        and after.start == row[at].end
        and any(not {"at", "go"}.isdisjoint(other.roles) for other in row[:at])
        and any(
            other.keys is not None or "child" in other.roles or "elder" in other.roles or "younger" in other.roles
            for other in row[:at]
        )
    ):
        return True  # 老大在哈尔滨他姨那36.7
    if (
        prepared
        and after.start == row[at].end
        and after.text in ("那", "这")
        and at + 2 < len(row)
        and row[at + 2].text in _HOUSE
    ):
        return row[at + 2].start == after.end  # 在姥姥那屋睡的
    if after.start != row[at].end or not (after.text in _HOUSE or after.text == "的"):
        return False
    beyond = row[at + 2] if at + 2 < len(row) else None
    if beyond is not None and beyond.text == "的" and at + 3 < len(row):
        beyond = row[at + 3]
    if (
        beyond is not None
        and beyond.start - after.end <= 1
        and not {"child", "elder", "younger", "nth", "count"}.isdisjoint(beyond.roles)
    ):
        if who.kind == "self":
            return False
        found[beyond.start] = Who("outsider", text=beyond.text)
        found[row[at].start] = Who("outsider", text=row[at].text)
        return True
    theirs = who.kind == "outsider" or (who.kind == "kin" and who.role == "other")
    if theirs and beyond is not None and _number_of_theirs(row, at + 1):
        found[row[at].start] = Who("outsider", text=row[at].text)  # 三姨家那个37.9, 舅舅家的37.9
        return True
    if who.kind == "kin" and who.text.startswith("我") and beyond is not None and beyond.text == "那个":
        found[beyond.start] = Who("outsider", text=beyond.text)  # 我妹家那个流鼻涕
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
        and (
            row[at - 1].text in ("是", "都是") or (at >= 2 and row[at - 2].text == "是" and "self" in row[at - 1].roles)
        )
    ):
        found[row[at].start] = who  # 刚才发的36.8是邻居家的
        return True
    return after.text != "的"  # 妈妈的36.5 is hers, 我妈的体温 too


def _number_of_theirs(row: list[Token], house: int) -> bool:
    """Whether behind 家 there is nothing but 的, 那个 and then a reading."""
    at = house + 1
    while at < len(row) and row[at].text in _THEIR_ONE and row[at].start - row[at - 1].end <= 1:
        at += 1
    return house + 1 < at < len(row) and row[at].number is not None and row[at].start - row[at - 1].end <= 1


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
