"""Several children told apart by each other: 他姐, 他自己, 他俩, 前者, 大孙子 beside 小孙女, 仨里头俩 beside 就小红."""

from __future__ import annotations

import re
from itertools import pairwise

from bots.reading.clauses import Clause, Token
from bots.reading.names import People
from bots.reading.who import Look, Who

_HIS = ("他", "她")
_DOES_FOR = ("替", "帮", "给", "带")
_ELDER = ("哥", "姐")
_YOUNGER = ("弟", "妹")
_BOY_WORDS = ("儿子", "小子", "男", "孙子")
_GIRL_WORDS = ("女", "闺女", "丫头", "姑娘", "妞")
_BOY = ("哥", "弟")
_GIRL = ("姐", "妹")


_BY_SIZE = re.compile(r"按大小|从大到小|由大到小|先大后小|大的在前|大的先")


def one_of(whos: list[Who]) -> list[int]:
    """The keys of those who are one child each, in the order they were last spoken of."""
    keys: dict[int, None] = {}
    for who in whos:
        if who.kind == "subjects" and len(who.keys) == 1:
            keys.pop(who.keys[0], None)
            keys[who.keys[0]] = None
    return list(keys)


def sibling_of(look: Look, spoken: list[Who]) -> None:
    """小红替她哥报 is 小明; but 小明他姐 is nobody here where 小明 is the elder, and 他姐 alone tells not whose."""
    token, people = look.token, look.people
    touching = look.touching
    if touching is None or len(people.children) != 2 or {"elder", "younger"}.isdisjoint(token.roles):
        return
    if not token.text.endswith(_BOY + _GIRL) or "child" in token.roles:
        return
    owner: int | None = None
    if touching.keys is not None and len(touching.keys) == 1:
        owner = touching.keys[0]
    elif touching.text.endswith(_HIS):
        named = one_of(spoken)
        if not named:
            look.who = Who("which", people.children, text=token.text)
            return
        owner = named[-1]
    if owner is None:
        return
    if owner == (people.elder if "elder" in token.roles else people.younger):
        other = people.younger if "elder" in token.roles else people.elder
        if touching.keys is None and other in one_of(spoken):
            return  # 小红36.5小明36.6她哥咳嗽
        look.who = Who("kin", role="sibling", text=token.text)


def the_other_one(look: Look) -> None:
    """他哥在学校…这个小的36.8: beside an elder brother of whom was told, 小的 is the child."""
    roles = look.token.roles
    if look.who.kind != "which" or len(look.people.children) != 1 or {"elder", "younger"}.isdisjoint(roles):
        return
    opposite = _ELDER if "younger" in roles else _YOUNGER
    if any(who.kind == "kin" and who.text.endswith(opposite) for who in look.found.values()):
        look.who = Who("subjects", look.people.children, text=look.token.text)


def themselves(look: Look, spoken: list[Who]) -> Who | None:
    """他自己 among several children: the one who acts for another (小红替她哥报…她自个儿), else who was spoken of last."""
    for clause in look.clauses[: look.token.clause + 1]:
        for token, following in pairwise(clause.tokens):
            if token.keys is not None and len(token.keys) == 1 and following.text.startswith(_DOES_FOR):
                return Who("subjects", token.keys, text=look.token.text)
    named = one_of(spoken)
    return Who("subjects", (named[-1],), text=look.token.text) if named else None


def those_two(look: Look, *named: list[Who]) -> None:
    """小明小红上周去了绥化，他俩都36.5: of three children the two just named."""
    if look.who.kind != "which" or look.token.roles.get("count") != "2" or len(look.people.children) < 3:
        return
    for whos in named:
        keys = tuple(dict.fromkeys(key for who in whos if who.kind == "subjects" for key in who.keys))
        if len(keys) == 2:
            look.who = Who("subjects", keys, text=look.token.text)
            return


def in_turn(look: Look, sentence: list[Who]) -> None:
    """小红…小明…，俩人分别37.1和36.4: in the order they were named in."""
    token, row, at = look.token, look.row, look.at
    if look.who.kind != "subjects" or len(look.who.keys) < 2 or "count" not in token.roles:
        return
    if not any(other.roles.get("order") == "in_turn" for other in row[at + 1 : at + 3]):
        return
    keys = tuple(dict.fromkeys(key for who in sentence if who.kind == "subjects" for key in who.keys))
    if len(keys) == len(look.who.keys):
        look.who = Who("subjects", keys, text=token.text, listed=True)


def former_or_latter(token: Token, spoken: list[Who]) -> Who | None:
    """小红咳，小明不咳，前者36.9后者36.5."""
    turn = token.roles.get("order")
    named = one_of(spoken)[-2:]
    if turn not in ("first", "second") or len(named) < 2:
        return None
    return Who("subjects", (named[0 if turn == "first" else 1],), text=token.text)


def told_apart(found: dict[int, Who], clauses: list[Clause], people: People) -> None:
    """What is clear only once all were named: 大孙子 and 小孙女, 哥哥 and 闺女, 仨里头俩 and 就小红."""
    if len(people.children) < 2:
        return
    if len(people.children) == 2 and any("大" in clause.text and _BY_SIZE.search(clause.text) for clause in clauses):
        for start, who in found.items():
            if who.kind == "subjects" and set(who.keys) == set(people.children):
                found[start] = Who("subjects", people.order, text=who.text, listed=True)  # 他俩36.5、36.4，按大小排的
    named = {token.start for clause in clauses for token in clause.tokens if token.keys is not None}
    open_words = [
        start
        for start, who in found.items()
        if who.kind == "which" and start + len(who.text) not in named  # but 大的那个五年级
    ]
    if not open_words:
        return
    if len(people.children) == 2 and people.elder is not None and people.younger is not None:
        big = [start for start in open_words if found[start].text.startswith("大孙")]
        small = [start for start in open_words if found[start].text.startswith("小孙")]
        if len(open_words) == len(big) + len(small) and big and small and people.own is None:
            for start in open_words:
                key = people.elder if start in big else people.younger
                found[start] = Who("subjects", (key,), text=found[start].text)
            return
        sure = {who.keys[0]: who.text for who in found.values() if who.kind == "subjects" and len(who.keys) == 1}
        words = {found[start].text for start in open_words}
        if len(sure) == 1 and len(words) == 1:
            (key, text), word = next(iter(sure.items())), words.pop()
            boy, girl = word.startswith(_BOY_WORDS), word.startswith(_GIRL_WORDS)
            if (boy and text.startswith(_GIRL)) or (girl and text.startswith(_BOY)):
                other = people.younger if key == people.elder else people.elder
                for start in open_words:
                    found[start] = Who("subjects", (other,), text=word)  # 哥哥36.5，闺女36.3
        return
    single = {who.keys[0] for who in found.values() if who.kind == "subjects" and len(who.keys) == 1}
    if len(single) == 1 and len(open_words) == 1 and len(people.children) == 3 and people.own is None:
        token = next((t for clause in clauses for t in clause.tokens if t.start == open_words[0]), None)
        if token is not None and token.roles.get("count") == "2" and _number_near(clauses, token):
            rest = tuple(key for key in people.children if key not in single)
            found[open_words[0]] = Who("subjects", rest, text=token.text)  # 仨里头俩36.4，就小红36.7


def _number_near(clauses: list[Clause], token: Token) -> bool:
    """Whether a reading stands right behind the word (俩36.4, 俩小的都36.3)."""
    row = clauses[token.clause].tokens
    at = row.index(token)
    return any(other.number is not None for other in row[at + 1 : at + 3])
