"""What else a number may be of: a place's weather, a thing's warmth, a quantity, an animal, somebody else."""

from __future__ import annotations

import re
from itertools import pairwise

from bots.reading.clauses import Clause, Token
from bots.reading.facts import Home
from bots.reading.lexicon import word_set
from bots.reading.places import place_at
from bots.reading.unexplained import MARKS, unexplained
from bots.reading.words_beside import measuring, person, reads

_QUANTITIES = word_set("meant", "quantities")


_CLASS = word_set("meant", "class")


def only_others(before: Clause) -> bool:
    """Whether the clause before is nothing but a word for somebody else: told of, or spoken to?"""
    row = before.tokens
    return (
        bool(row)
        and all(not {"kin", "other", "self"}.isdisjoint(t.roles) and "polite" not in t.roles for t in row)
        and any(not {"kin", "other"}.isdisjoint(t.roles) for t in row)
        and sum(t.end - t.start for t in row) >= len(before.text.strip())
    )


_TRAVELS = frozenset(("at", "go", "from", "back", "stay", "transport", "out", "report"))


def of_a_place(text: str, clause: Clause, row: list[Token], at: int, home: Home) -> bool:
    """Whether the clause begins with a place and tells of nobody, so that its number may be the weather's."""
    if not _TRAVELS.isdisjoint(clause.kinds) or any(person(other) for other in row):
        return False
    place = place_at(text, clause.start, home)
    return place is not None and place.end <= row[at].start


def only_a_thing(before: Clause) -> bool:
    """洗澡水，38.5度: the clause before is nothing but a thing."""
    row = before.tokens
    return (
        bool(row)
        and before.stop[:1] in ("，", ",", " ", ":")
        and all(not {"foreign", "shop"}.isdisjoint(t.roles) and "temperature" not in t.roles for t in row)
        and sum(t.end - t.start for t in row) >= len(before.text.strip())
    )


_WORKPLACES = ("单位", "公司", "厂里", "工地", "店里")


def at_others(row: list[Token], at: int) -> bool:
    """婶婶家38.5: of the child at hers, or of somebody there? But 在婶婶家36.5."""
    if any(
        not {"kin", "other"}.isdisjoint(row[k].roles)
        and row[k + 1].text in _WORKPLACES
        and row[k + 1].start == row[k].end
        and not (k and not {"at", "go"}.isdisjoint(row[k - 1].roles))
        for k in range(at - 1)
    ):
        return True  # 他爸单位门口量的36.3
    house, owner = row[at - 1], row[at - 2]
    return (
        house.text in ("家", "家里", "那边", "那里", "那儿")
        and house.end == row[at].start
        and owner.end == house.start
        and not {"kin", "other"}.isdisjoint(owner.roles)
        and all({"at", "go", "back", "from", "stay"}.isdisjoint(other.roles) for other in row[: at - 2])
    )


_PUT = re.compile(
    "[量测](?![了完的过得体一好])|试|插|放|贴|泡|塞|搁|伸|浸|怼|扔|对着|冲着|打(?!视频|电话|针|字)|照(?!片|相|常|样)"
)


_INSTRUMENT = re.compile("[表枪](?![姐妹哥弟叔姑舅姨扬示格达演情])")


def put_into_a_thing(before: Clause) -> bool:
    """Whether the clause before put the thermometer to a thing that has a warmth of its own."""
    return (
        _PUT.search(before.text) is not None
        and any("foreign" in token.roles for token in before.tokens)
        and (
            _INSTRUMENT.search(before.text) is not None
            or any("method" in t.roles or t.roles.get("temperature") == "word" for t in before.tokens)
        )
    )


def measured_a_thing(before: Clause) -> bool:
    """孩子拿表量面盆，量完36.9: the clause before names a thing as what was measured."""
    return any(
        token.text[-1:] in ("量", "测", "打") and thing.start == token.end and "foreign" in thing.roles
        for token, thing in pairwise(before.tokens)
        if "method" not in thing.roles and "temperature" not in thing.roles
    )


SUM_BEFORE = re.compile(r"[\d.]\s*[+×÷=]\s*$")


SUM_AFTER = re.compile(r"\s*(?:=\s*[\d.]|\+\s*\d|[-+×÷*/]\s*[\d.]+\s*=|[×÷])")


RECKONED = re.compile(r"\d[^，。\n]{0,4}[加减乘除][^，。\n]{0,8}(?:得|等于|是|成)$")


_REACH = frozenset(("到", "至", "达"))


def aimed_at(row: list[Token], at: int) -> bool:
    """打算量到36.5, 可能会到38度, 手机发烫到40度: a value that is aimed at, or something else's."""
    before = row[at - 1] if at else None
    if before is None or before.end != row[at].start or before.text[-1:] not in _REACH:
        return False
    if at >= 2 and reads(row[at - 2]):
        return False  # 36.4到36.6之间
    if before.text == "到" and not any(
        measuring(other) or person(other) or "symptom" in other.roles for other in row[:at]
    ):
        return True
    return any("plan" in other.roles and other.text != "要" for other in row[: at - 1])


HOUSE = ("我家", "我们家", "咱家", "俺家", "家里")


def pet_in(clause: Clause) -> bool:
    """Whether an animal or a doll is spoken of."""
    return any(token.roles.get("other") == "pet" for token in clause.tokens)


def of_a_pet(clause: Clause) -> bool:
    """Whether a clause gives an animal's temperature, or says that it was measured."""
    return pet_in(clause) and any(reads(token) or measuring(token) for token in clause.tokens)


def another_of(clauses: list[Clause], here: int) -> bool:
    """Whether there are several further numbers close by."""
    around = clauses[max(0, here - 3) : here + 4]
    return sum(reads(other) for near in around for other in near.tokens) > 2


_PARTICLES = re.compile(r"[的了啊呀哈呢哦吧嘞哟啦呗滴哒嘛咯额嗯]*$")


_ONE_OF_MANY = re.compile(r"[一每](?![下点些样切直共会起])")


def attribute(text: str, clause: Clause, row: list[Token], at: int, strong: bool) -> bool:
    """36.5的微笑, 37度女人, 36.5一把: the number describes what stands behind it."""
    token = row[at]
    if any(reads(other) for other in row[at + 1 : at + 4]):
        return False  # 一回36.5一回36.7
    after = next(
        (
            other
            for other in row[at + 1 :]
            if "polite" not in other.roles or (len(other.text) > 1 and other.text != "微笑")
        ),
        None,
    )
    behind = text[token.end : after.start if after is not None else clause.end].strip(MARKS)
    if _ONE_OF_MANY.match(behind):
        return True
    if strong or not behind or _PARTICLES.match(behind):
        return False
    return behind[0] == "的" or (len(behind) > 1 and unexplained(behind) != "")


def of_a_class(clause: Clause, row: list[Token]) -> bool:
    """A member of staff who counts heads writes of a class: 体温异常1人37.6."""
    return any(
        other.number is not None
        and other.number.kind == "other"
        and clause.text[other.end - clause.start - 1 : other.end - clause.start + 1].strip("0123456789")[:1]
        in tuple("人名")
        for other in row
    ) or any(other.text in _CLASS for other in row)


def of_a_quantity(row: list[Token], at: int) -> bool:
    """体重从36.5涨到38: what the clause measures is named, and no body's temperature since."""
    worded = False
    for other in reversed(row[:at]):
        if measuring(other) or (worded and other.number is not None):
            return False  # 血压118/76温度36.5: what was measured before has its own number
        if other.text in _QUANTITIES:
            return True
        worded = worded or other.roles.get("temperature") == "word"
    return False


def other_quantity(before: Clause, clause: Clause) -> bool:
    """体重又涨了，36.5: the clause before spoke of something that is measured too, and gave no number."""
    if before.sentence != clause.sentence or any(other.number is not None for other in before.tokens):
        return False
    return any(other.text in _QUANTITIES for other in before.tokens)
