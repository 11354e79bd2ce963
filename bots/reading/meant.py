"""The last look at a number before it is stored: is everything around it explained?

A number is meant as today's temperature of this person where the rest of its clause belongs to the frame of a daily
report: who, when, how measured, what hurts, where, a polite phrase, a class, everyday life. What belongs to none of
these may be the thing the number is about (a price, a fermenting box, a poem), so the number is asked back. A word of
measuring beside the number (体温, 量, a thermometer) vouches for it; nothing vouches for what is said in jest or taken
back. This gate only ever turns "store" into "ask": it can cost a question, never a wrong figure.
"""

from __future__ import annotations

import re

from bots.reading.clauses import Clause, Token
from bots.reading.events import tells_an_event
from bots.reading.facts import Home
from bots.reading.lexicon import word_pattern, word_set
from bots.reading.names import People
from bots.reading.neighbours import Verdict, said_from
from bots.reading.of_what import (
    HOUSE,
    RECKONED,
    SUM_AFTER,
    SUM_BEFORE,
    aimed_at,
    another_of,
    at_others,
    attribute,
    measured_a_thing,
    of_a_class,
    of_a_pet,
    of_a_place,
    of_a_quantity,
    only_a_thing,
    only_others,
    other_quantity,
    pet_in,
    put_into_a_thing,
)
from bots.reading.taken_back import taken_back, unsure
from bots.reading.unexplained import leftover, other_topic, unexplained
from bots.reading.words_beside import counts, measuring, person, reads

_BRIEF = 2


def doubt(
    text: str, clauses: list[Clause], clause: Clause, at: int, verdict: Verdict, people: People, home: Home
) -> str:
    """Why the number is not stored but asked back; empty where it is plainly meant."""
    row = clause.tokens
    token = row[at]
    here = token.clause
    if taken_back(clauses, here, at):
        return "taken back"
    if unsure(clauses, clause, at):
        return "guess"
    if verdict.number.kind == "integer" and not verdict.number.degree and _BROKEN.match(text, token.end):
        return "unknown words"  # 36. breaks off
    lone = (
        len(row) == 1
        and len(clause.text) - (token.end - token.start) <= _BRIEF
        and not unexplained(text[token.end : clause.end])
    )
    if lone and len(clauses) == 1:
        return ""
    if _QUOTED.search(text, max(0, token.start - 3), token.start) and text[token.end : token.end + 1] not in _UNQUOTED:
        return "unknown words"  # 大夫喊“三十九度二，拿冰块！”
    if _CLAIMED.search(text, max(0, token.start - 14), token.start) or _said_to_be_a_thing(clauses, here, at):
        return "unknown words"
    if here and _of_the_thing_before(clauses[here - 1], clause, at):
        return "unknown words"  # 发面盆底下垫个热水袋，38度正好
    if _changed_to_a_round_one(row, at):
        return "unknown words"  # 评课表上的37.5改成了40
    if _heats_up(text, clause, row, at):
        return "unknown words"  # 炕头那边烧到四十度
    if text.endswith(_OF_MANY, 0, token.start):
        return "unknown words"  # 给司机打了一宿枪，最高的一个37.6
    if (
        here
        and verdict.number.kind == "integer"
        and not verdict.number.degree
        and clauses[here - 1].sentence == clause.sentence
        and _SCORES.search(clauses[here - 1].text)
        and not any(measuring(other) for other in row)
    ):
        return "unknown words"  # 乐乐扔了38、39、40分，小明才37
    if RECKONED.search(text, max(0, token.start - 20), token.start):
        return "unknown words"  # 36.5加1.2得38.7
    if SUM_AFTER.match(text, token.end) or SUM_BEFORE.search(text, max(0, token.start - 8), token.start):
        return "unknown words"  # 37.5-36.5=1
    if verdict.who is None and lone and here and len(people.children) == 1 and _of_a_sibling(clauses[here - 1]):
        return "unknown words"  # 他弟弟在另一屋睡，37.8
    if verdict.who is None and lone and here and (only_others(clauses[here - 1]) or only_a_thing(clauses[here - 1])):
        return "unknown words"  # 舅妈，38.5
    if (verdict.who is None or verdict.mention < clause.start) and at > 1 and at_others(row, at):
        return "unknown words"  # 婶婶家38.5, 娃36.6，他爸单位门口量的36.3
    if at + 1 == len(row) and clause.stop[:1] == "(" and _a_relative_in_brackets(clauses, here):
        return "unknown words"  # 36.7（小明妈妈）
    if here and (
        (lone and put_into_a_thing(clauses[here - 1]))
        or (measured_a_thing(clauses[here - 1]) and not any(person(t) and "self" not in t.roles for t in row))
    ):
        return "unknown words"  # 他把体温计插热水袋里，41.8; 孩子拿表量面盆，量完36.9
    if here and verdict.number.kind == "integer" and not verdict.number.degree and "foreign" in clauses[here - 1].kinds:
        return "unknown words"  # 小红这双鞋36码半，小明38
    if _pointed_at_a_thing(clause, row, at) or _put_to_me(clauses, here):
        return "unknown words"  # 暖气片拿枪一打38.7; 师傅拿枪打我，说三十七度
    if (
        here
        and "给" in clauses[here - 1].text
        and pet_in(clauses[here - 1])
        and not any(person(other) for other in row)
    ):
        return "unknown words"  # 他给布娃娃打了针，量了三十九度
    strong = _vouched(row, at) or (verdict.number.kind == "temperature" and _tenth(verdict))
    if (
        people.own is not None
        and not people.children
        and not _named(row, at)
        and (
            of_a_class(clause, row)
            or (
                here and text.endswith(("最高", "最低", "平均", "最高的", "最低的", "最高是", "最低是"), 0, token.start)
            )
        )
    ):
        return "unknown words"
    if not strong and of_a_place(text, clause, row, at, home):
        return "unknown words"  # 广州今天38.5度
    if (
        not lone
        and not strong
        and of_a_quantity(row, at)
        and not tells_an_event(text[said_from(clause, at) : token.start])
    ):
        return "unknown words"
    if attribute(text, clause, row, at, strong or _plainly_named(text, row, at, verdict)) or (
        _ENOUGH.match(text, token.end) and _DICTATED.search(text, max(0, token.start - 4), token.start)
    ):
        return "unknown words"
    if people.own is None and _TO_ME.search(text, clause.start, token.start):
        return "unknown words"  # 大夫给我测36.7
    if at and (aimed_at(row, at) or (counts(row[at - 1]) and _SPLIT.search(text[: token.start][-4:]))):
        return "unknown words"
    if verdict.who is not None and verdict.who.text in _WE and another_of(clauses, here):
        return "unknown words"  # 一家四口 36.2 36.4 36.5 36.6
    if here and _of_long_ago_or_a_sum(clauses[here - 1], clause, at):
        return "unknown words"
    if here and of_a_pet(clauses[here - 1]) and not any(person(other) and other.text not in HOUSE for other in row):
        return "unknown words"  # 兔子体温38到39.5，我家雪球刚量39.2
    if verdict.who is None and _NOT_HIS.match(text, token.end):
        return "unknown words"  # 36.6的是他，小明是36.4
    if _is_a_thing(row, at) or (people.own is not None and not people.children and _of_a_third(row, at)):
        return "unknown words"
    if text.startswith("的", token.end) and _SOMEONE.search(text, max(0, token.start - 5), token.start):
        return "unknown words"  # 就一个38的送走了
    if _SENT.search(text, max(0, token.start - 6), token.start) and any(near.asked for near in clauses):
        return "question"
    if not (lone or _plainly_named(text, row, at, verdict)) and leftover(text, clause, row, at, strong, home):
        return "unknown words"
    if strong or _named(row, at):
        return ""
    if here and not any(o.keys or "child" in o.roles for o in row[:at]) and other_quantity(clauses[here - 1], clause):
        return "unknown words"
    return "unknown words" if _BODY.isdisjoint(clause.kinds) and other_topic(text, clauses, here, home) else ""


_RESULT = re.compile("(?:得|等于|结果是|答案是|和是|商是|积是)[^，。]{0,2}$")


def _of_long_ago_or_a_sum(before: Clause, clause: Clause, at: int) -> bool:
    """她念书那会儿没电扇，三十八度照样上课; 口算第六行除不尽，得36.5: told of nobody here."""
    row = clause.tokens
    if before.sentence != clause.sentence or any(person(other) or measuring(other) for other in row):
        return False
    if any("foreign" in token.roles for token in before.tokens) and _RESULT.search(
        clause.text[: row[at].start - clause.start]
    ):
        return True
    number = row[at].number
    return (
        number is not None
        and number.tenths % 10 == 0
        and any(token.roles.get("past") == "distant" for token in before.tokens)
    )


_HELD = re.compile("[枪计][^，。]{0,3}[打照量测试]")
_TOWARDS = re.compile("对着|对准|冲着")
_AT_ME = re.compile("[打量测照试]我$")


def _pointed_at_a_thing(clause: Clause, row: list[Token], at: int) -> bool:
    """Whether the thermometer was held to something that is nobody: 对着白墙打出来34.8, 暖气片拿枪一打38.7."""
    said = clause.text[: row[at].start - clause.start]
    held = _TOWARDS.search(said) is not None or (
        _HELD.search(said) is not None
        and any("foreign" in other.roles and "method" not in other.roles for other in row[:at])
    )
    return held and not (any(person(other) for other in row) or _BODIES.search(clause.text))


def _is_a_thing(row: list[Token], at: int) -> bool:
    """三十九度整的是洗澡水: what the number is of, told behind it."""
    behind = row[at + 1 : at + 3]
    return (
        len(behind) > 1
        and behind[0].text in ("的是", "是", "那是", "就是")
        and "foreign" in behind[1].roles
        and {"method", "temperature"}.isdisjoint(behind[1].roles)
    )


def _of_a_third(row: list[Token], at: int) -> bool:
    """他说他那边测的36.5: a member of staff who writes for herself calls nobody he."""
    persons = [token for token in row[:at] if person(token)]
    return bool(persons) and all("pronoun" in token.roles for token in persons)


_QUOTED = re.compile("[一-鿿:，]“$")
_UNQUOTED = ("”", '"', "")


# 老二嚷嚷自己42度: what somebody only cries out
_CLAIMED = re.compile(
    "(?:嚷嚷?|喊|叫唤|闹着|闹着说|吵吵|吹牛说?|哼唧|谎称|谎报|撒谎说?|骗人说)(?:着|说)?(?:自己|他自己|她自己)"
    "(?:是|有|肯定|已经|都|快|发|高|烧|到|得|了)*$"
)
_CALLED = re.compile("(?:我)?(?:说的|指的|量的|那|这)(?:可)?是")


def _said_to_be_a_thing(clauses: list[Clause], here: int, at: int) -> bool:
    """38.2，别怕，说的是洗澡水: told in one of the next clauses, before any other number."""
    if at + 1 < len(clauses[here].tokens):
        return False
    for near in clauses[here + 1 : here + 3]:
        if any(reads(token) for token in near.tokens):
            return False
        if _CALLED.match(near.text.lstrip()) and any("foreign" in token.roles for token in near.tokens):
            return not any(person(token) or measuring(token) for token in near.tokens)
    return False


_SCORES = re.compile(r"\d(?:分(?!钟)|[个下环票题名页圈])")


def _of_a_sibling(before: Clause) -> bool:
    """Whether the clause before tells of nobody but a brother or sister who is not bound."""
    persons = [token for token in before.tokens if person(token) and "pronoun" not in token.roles]
    return bool(persons) and all(
        not {"younger", "elder"}.isdisjoint(token.roles) and token.text[-1:] in "弟妹哥姐" for token in persons
    )


def _a_relative_in_brackets(clauses: list[Clause], here: int) -> bool:
    """Whether the brackets behind the number name nobody but a relative: (小明妈妈)."""
    inside = clauses[here + 1].tokens if here + 1 < len(clauses) else []
    return bool(inside) and all(person(token) for token in inside) and "kin" in inside[-1].roles


def _of_the_thing_before(before: Clause, clause: Clause, at: int) -> bool:
    """Whether a whole degree without any word of a body follows a clause of nothing but things."""
    row = clause.tokens
    number = row[at].number
    return (
        number is not None
        and number.degree
        and number.tenths % 10 == 0
        and before.sentence == clause.sentence
        and any("foreign" in token.roles and "method" not in token.roles for token in before.tokens)
        and not any(person(t) or measuring(t) or "day" in t.roles or "moment" in t.roles for t in before.tokens)
        and all("polite" in token.roles for token in row if token is not row[at])
    )


_VERY_HIGH = 400


def _changed_to_a_round_one(row: list[Token], at: int) -> bool:
    """Whether a value is changed to a bare 40, 41 or 42: more often a mark or a price than a body."""
    number = row[at].number
    return (
        number is not None
        and number.kind == "integer"
        and not number.degree
        and number.tenths >= _VERY_HIGH
        and any(other.roles.get("correct") == "change" for other in row[max(0, at - 2) : at])
    )


_HEATS = ("烧到", "升到", "热到", "烧到了", "升到了", "到")


def _heats_up(text: str, clause: Clause, row: list[Token], at: int) -> bool:
    """Whether a thing, or something we have no word for, is said to reach the value, and nobody."""
    before = row[at - 1] if at else None
    if before is None or before.text not in _HEATS or before.end != row[at].start:
        return False
    if any(person(other) or reads(other) or "pronoun" in other.roles for other in row[:at]):
        return False
    if any("foreign" in other.roles and "method" not in other.roles for other in row[: at - 1]):
        return True
    ends = [clause.start, *(other.end for other in row[: at - 1])]
    starts = [*(other.start for other in row[: at - 1]), before.start]
    return any(unexplained(text[a:b]) for a, b in zip(ends, starts, strict=True) if a < b)


_OF_MANY = ("最高的一个", "最低的一个", "最高那个", "最烫的一个", "最烫那个")


_SOMEONE = re.compile("(?:有|就|又|出了?|来了?)(?:一|两|几)?个$")
_BODIES = re.compile("额头|脑门|手腕|耳朵|腋|胳肢窝|胳膊|脖子|他|她")


def _put_to_me(clauses: list[Clause], here: int) -> bool:
    """Whether the clause before says that the writer was measured."""
    return bool(here) and _AT_ME.search(clauses[here - 1].text.rstrip()) is not None


def _tenth(verdict: Verdict) -> bool:
    """三十六度七, 36度5: hardly anything but a body is measured so."""
    number = verdict.number
    return (number.degree or not number.text[0].isascii()) and _SPOKEN.search(number.text) is not None


def _plainly_named(text: str, row: list[Token], at: int, verdict: Verdict) -> bool:
    """地铺上的乐乐36.6, 小明36.7达标: a bound child's own name right before a value with its tenth."""
    before = row[at - 1] if at else None
    return (
        before is not None
        and before.keys is not None
        and len(before.keys) == 1
        and verdict.who is not None
        and verdict.who.keys == before.keys
        and text[before.end : row[at].start] in ("", ":", " ", "是", "的")
        and verdict.number.kind == "temperature"
        and any("foreign" in other.roles for other in row) is False
        and _STORY.search(text, 0, before.start) is None
    )


_STORY = re.compile(word_pattern("meant", "story"))


_SPOKEN = re.compile(r"[度点]\s*[\d一二三四五六七八九半]")


_BROKEN = re.compile(r"[.·]\s*$|\s?:\s*\d")


_TO_ME = re.compile(r"[给替帮]我(?:自己)?(?:也)?[量测夹打试怼扫滴]")


_SPLIT = re.compile(r"\d\s*[秒分米]$")  # 8秒38


_NOT_HIS = re.compile(r"的?(?:那个|这个)?是(?:他|她|弟弟|妹妹|哥哥|姐姐|另一个|别人)")


_WE = word_set("meant", "we")


_ENOUGH = re.compile(r"(?:度|℃)?(?:就|也)?(?:行|可以|得了|好了|吧)")


_DICTATED = re.compile(r"(?:写|填|回|发|报|打|输)(?:个|上|成|一个)?$")  # 写36.5就行


_SENT = re.compile(r"(?:发|报|填|写|输|打)(?:了|过|的是?|过的)?$")


_BODY = frozenset(
    ("symptom", "well", "generic", "day", "moment", "night", "negation", "report", "child", "all", "body")
)


def _vouched(row: list[Token], at: int) -> bool:
    """Whether a word of measuring a body stands with this number."""
    for other in reversed(row[:at]):
        if reads(other):
            break
        if measuring(other):
            return True
    for other in row[at + 1 : at + 4]:
        if reads(other):
            break
        if measuring(other):
            return True
    return False


def _named(row: list[Token], at: int) -> bool:
    """Whether somebody of this scene is named right before the number."""
    before = row[at - 1] if at else None
    return (
        before is not None
        and row[at].start - before.end <= 1
        and (before.keys is not None or not {"child", "elder", "younger", "nth"}.isdisjoint(before.roles))
    )
