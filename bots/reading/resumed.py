"""Words that take up somebody spoken of before: 他 behind a relative, 才给孩子量, 本人, 自己, 就他没事."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from bots.reading.clauses import Clause, Token
from bots.reading.names import People
from bots.reading.siblings import themselves
from bots.reading.who import Look, Who, resolve, the_child

_HE_HOWEVER = re.compile(
    r"(?:没有(?![^，。,.]*(?:吃|量|去))|没事|好好|正常|倒没|倒是没|倒不|一点事|一点没|没症状|没咳|没烧|没发烧|不咳|不烧|不发烧|都正常|啥事没|还好|挺好)"
)
_SO_MANY = ("二宝", "二娃", "二孩", "三宝", "三娃", "三孩")
_FEVER = 373  # what might be a fever is asked about, whosesoever it is
_IN_PERSON = ("本人", "自己", "自个儿", "自个", "自己个儿")
_BUT_THE_CHILD = re.compile(
    r"(?:就|只有|唯独|除了|除)(?:我家|我们)?(?:他|她|孩子|娃儿?|宝宝|宝贝|儿子|女儿|闺女|小的)(?:一个|一人|自己|没|好|不|还|以?外|之外)"
)


@dataclass(slots=True)
class Told:
    """Whom the message last spoke of: in which clause, and whether a number has been given to them."""

    last: Who | None = None
    clause: Clause | None = None
    number: bool = False


def _named_later(clauses: list[Clause], clause: Clause) -> bool:
    """Whether the child is named with a reading of its own in the next clauses of the sentence."""
    here = clauses.index(clause)
    return any(
        token.keys is not None and following.number is not None and following.number.kind == "temperature"
        for near in clauses[here + 1 : here + 4]
        if near.sentence == clause.sentence
        for token, following in pairwise(near.tokens)
    )


def _child_has_its_own(clauses: list[Clause], clause: Clause) -> bool:
    """Whether the child is called by name or as a child with a reading of its own in the next clauses."""
    here = clauses.index(clause)
    return any(
        (token.keys is not None or "child" in token.roles)
        and following.number is not None
        and following.number.kind == "temperature"
        for near in clauses[here + 1 : here + 4]
        for token, following in pairwise(near.tokens)
    )


def taken_up(clauses: list[Clause], clause: Clause, at: int, people: People, told: Told, found: dict[int, Who]) -> None:
    """A word that is nobody by itself: 他 and 给孩子 mean the child again where somebody else was spoken of."""
    row = clause.tokens
    token = row[at]
    if token.number is not None:
        told.number = told.number or token.number.kind not in ("other", "date", "clock", "code")
        return
    if "pronoun" in token.roles and not people.children and _gives_next(row, at):
        found[token.start] = told.last = Who("outsider", text=token.text)  # 爱人昨天回来，他36.6: told by staff
        return
    if len(people.children) != 1:
        return
    if (
        "rest" in token.roles
        and any(t.number is not None and t.number.kind == "temperature" for t in row[at + 1 : at + 3])
        and not _instruments(clause)
    ):
        found[token.start] = Who("which", people.all_keys, text=token.text)  # 双胞胎一个在你们学校，另一个37.8
        told.last, told.clause, told.number = found[token.start], clause, False
        return
    if (
        token.text in ("他的", "她的")
        and at >= 2
        and row[at - 1].text in ("是", "就是", "才是")
        and (number := row[at - 2].number) is not None
        and number.kind == "temperature"
        and at + 1 == len(row)
    ):
        found[token.start] = told.last = the_child(people.children, token)  # 36.5是他的，36.9是我的
        return
    last = told.last
    if (
        "pronoun" in token.roles
        and at + 2 < len(row)
        and row[at + 1].text == "家"
        and (behind := row[at + 2 + (row[at + 2].text in ("那个", "都") and at + 3 < len(row))]).number is not None
        and behind.start - row[at + 1].end <= 2
    ):
        found[token.start] = told.last = Who("outsider", text=token.text)  # 同桌妈妈说她家38.5
        return
    if (
        people.own is not None
        and "pronoun" in token.roles
        and (last is None or last.keys == (people.own,))
        and any(other.number is not None and other.number.kind == "temperature" for other in row[at + 1 :])
    ):
        found[token.start] = told.last = the_child(people.children, token)  # 他爸送他上学前量的36.6
        return
    if last is None:
        return
    behind_it = row[at + 1 + (at + 2 < len(row) and row[at + 1].text == "是")] if at + 1 < len(row) else None
    following = behind_it.number if behind_it is not None else None
    if "pronoun" in token.roles:
        if (last.kind in ("kin", "outsider", "self") or last.keys == (people.own,)) and (
            _HE_HOWEVER.match(clause.text, token.end - clause.start)
            or (told.number and _gives_next(row, at))  # 他姐38.4，他36.6
        ):
            if _of_the_other_sex(row, at):
                found[token.start] = Who("which", people.all_keys, text=token.text)  # 他姐37.8她36.5
                return
            found[token.start] = told.last = the_child(people.children, token)  # 他同学咳嗽他没有
        elif last.kind == "self" and following is not None and following.kind == "temperature":
            found[token.start] = told.last = the_child(people.children, token)  # 咳嗽的是我，他36.5
        elif (
            last.kind in ("kin", "outsider")
            and not told.number
            and told.clause is not None
            and clause is not told.clause
            and clause.sentence == told.clause.sentence
            and following is not None
            and following.kind == "temperature"
        ):
            if following.tenths < _FEVER and _named_later(clauses, clause):
                found[token.start] = told.last = Who("kin", role="other", text=token.text)
                return  # 我妈那边也要报，她36.7，小明36.4
            found[token.start] = Who("which", people.all_keys, text=token.text)  # 弟弟没上学，他37.8
    elif at and token.text in ("给他", "给她") and "child" in row[at - 1].roles and row[at - 1].end == token.start:
        if last.kind == "subjects":
            found[token.start] = told.last = Who(
                "kin", role="other", text=token.text
            )  # 他爸冻得不行，让孩子给他量，35.4
    elif (token.text.startswith("给孩") or (told.number and token.text in ("给他", "给她"))) and last.kind in (
        "self",
        "kin",
    ):
        if last.kind == "kin" and not token.text.startswith("给孩") and _child_has_its_own(clauses, clause):
            found[token.start] = last  # 爷爷非说自己有38度，给他夹上才36.1。孙子36.4
            return
        found[token.start] = told.last = the_child(people.children, token)  # 我量了36.4，才给孩子量，36.6


def _of_the_other_sex(row: list[Token], at: int) -> bool:
    """Whether the child was 他 in the words before (他姐) and somebody is 她 now, or the other way round."""
    here = row[at].text[0]
    other = {"他": "她", "她": "他"}.get(here, "")
    return bool(other) and any(token.text[0] == other for token in row[:at])


def _gives_next(row: list[Token], at: int) -> bool:
    """Whether a reading comes right behind the word: 他36.6, 他是36.3, 他今天体温36.5."""
    for token in row[at + 1 : at + 4]:
        if token.number is not None:
            return True
        if token.text not in ("是", "就", "的", "才", "得") and {"day", "moment", "temperature"}.isdisjoint(
            token.roles
        ):
            return False
    return False


def in_person(look: Look, spoken: list[Who]) -> bool:
    """Whether a word tells of somebody; 本人 and 自己 behind a name tell nothing new (小明自己)."""
    row, at, token = look.row, look.at, look.token
    if token.text in _IN_PERSON and look.touching is not None and look.touching.text[-1:] in ("给", "替", "帮"):
        doer = next((t for t in row[: at - 1] if _is_person(t)), None)
        if doer is None or "self" in doer.roles:
            return True
        doing = look.found.get(doer.start) or resolve(doer, look.people, look.scene)
        if doing is None or doing.kind == "subjects":
            return False  # 孩子给自己量的36.6
        look.who = doing  # 保姆先给自己量36.3
        return True
    if (
        token.text in _IN_PERSON
        and at
        and row[at - 1].end == token.start
        and not {"kin", "other"}.isdisjoint(row[at - 1].roles)
        and {"child", "polite"}.isdisjoint(row[at - 1].roles)
    ):
        return False  # 保安自己倒是37.2
    if not (
        token.text in _IN_PERSON
        and at
        and row[at - 1].end == token.start
        and (
            not {"pronoun", "child", "elder", "younger", "nth"}.isdisjoint(row[at - 1].roles)
            or row[at - 1].keys is not None
        )
    ):
        return True
    if row[at - 1].start in look.found:
        return False  # 孩子本人, 小明自己
    if (
        len(look.people.children) == 1
        and row[at - 1].text == "她"
        and any(token.text[0] == "他" and "kin" in token.roles for near in look.clauses for token in near.tokens)
    ):
        look.who = Who("which", look.people.all_keys, text=token.text)
        return True  # 他奶非说烫手，她自己一量37.4
    speaker = next((t for t in row[:at] if "kin" in t.roles and t.keys is None), None)
    told_of_self = speaker is not None and any(t.text == "说" for t in row[row.index(speaker) : at])
    look.who = the_child(look.people.children, token)
    if len(look.people.children) > 1 and "pronoun" in row[at - 1].roles:
        look.who = themselves(look, spoken) or look.who
    if told_of_self and speaker is not None and "pronoun" in row[at - 1].roles:
        look.who = resolve(speaker, look.people, look.scene) or look.who  # 孩子他妈说她自己37.8
        return True
    return look.who.kind != "kin"


def _is_person(token: Token) -> bool:
    return token.keys is not None or not {"self", "kin", "child", "other", "elder", "younger"}.isdisjoint(token.roles)


def so_many(look: Look, tokens: list[Token]) -> None:
    """三娃36.5 36.6 36.7: three children, not the third."""
    token = look.token
    if "nth" in token.roles and token.text in _SO_MANY and _numbers_behind(tokens, token) >= int(token.roles["nth"]):
        look.who = Who("which", look.people.children or look.people.all_keys, text=token.text)


def we_but_the_child(look: Look) -> None:
    """全家都感冒了，就他没事: the child is excepted from what is said of all."""
    token = look.token
    if token.roles.get("self") == "we" and _BUT_THE_CHILD.search(_text_after(look.clauses, token)):
        look.who = Who("kin", role="other", text=token.text)
        he = next((other for other in look.row[look.at + 1 :] if "pronoun" in other.roles), None)
        if he is not None:
            look.found[he.start] = the_child(look.people.children, he)


def _numbers_behind(tokens: list[Token], token: Token) -> int:
    """Readings that follow one another behind a word, nothing between them; more than three are not counted."""
    count = 0
    at = bisect_right(tokens, token.start, key=lambda other: other.start)
    for other in tokens[at : at + 4]:
        if other.roles.get("temperature") == "word" and not count:
            continue  # 三娃体温：36.5/36.6/36.7
        if other.number is None or other.number.kind in ("other", "date", "clock", "code"):
            break
        count += 1
    return count


def _instruments(clause: Clause) -> bool:
    return "method" in clause.kinds or any(mark in clause.text for mark in "表计枪支耳腋")


def _text_after(clauses: list[Clause], token: Token) -> str:
    """What the sentence says behind a word, two clauses at most."""
    here = clauses[token.clause]
    more = [c.text for c in clauses[token.clause + 1 : token.clause + 2] if c.sentence == here.sentence]
    return "，".join([here.text[token.end - here.start :], *more])
