"""The last look at a number before it is stored: is everything around it explained?

A number is meant as today's temperature of this person where the rest of its clause belongs to the frame of a daily
report: who, when, how measured, what hurts, where, a polite phrase, a class, everyday life. What belongs to none of
these may be the thing the number is about (a price, a fermenting box, a poem), so the number is asked back. A word of
measuring beside the number (体温, 量, a thermometer) vouches for it; nothing vouches for what is said in jest or taken
back. This gate only ever turns "store" into "ask": it can cost a question, never a wrong figure.
"""

from __future__ import annotations

import re
from functools import cache

from bots.reading.clauses import Clause, Token
from bots.reading.events import tells_an_event
from bots.reading.facts import Home
from bots.reading.lexicon import word_file, word_pattern, word_set
from bots.reading.names import People, looks_like_name
from bots.reading.neighbours import NOT_READINGS, Verdict, said_from
from bots.reading.places import place_at

_MARKS = " :：、，。.…·!！~～()（）[]【】《》<>「」『』“”‘’\"'-—_=+*&|/\\→^#@￥$%;；?？\n\t"
_LETTERS = re.compile(r"[一-鿿a-z÷×√]")
# Words of measuring that a fermenting box or a price tag may have too: they do not vouch for anything.
_WEAK = word_set("meant", "weak")
_QUANTITIES = word_set("meant", "quantities")
# What tells that a message is a daily report, so that an unknown remark beside a lone number does no harm.
_FRAME = word_set("meant", "frame")
# An unknown remark of so many letters, in a message that says nothing of a report, is another topic.
_REMARK = 3
_BRIEF = 2
_CLASS = word_set("meant", "class")


@cache
def _plain() -> re.Pattern[str]:
    """Everyday words and counted things that may stand beside a reading without being what it measures."""
    words = [word for line in word_file("meant")["plain"].values() for word in str(line).split()]
    units = "|".join(sorted(str(word_file("meant")["counted"]["units"]).split(), key=len, reverse=True))
    counted = rf"第?[一二两三四五六七八九十半几百]*(?:{units})[半多]?"
    nth = "第[一二两三四五六七八九十]+"
    return re.compile("|".join([nth, *sorted(map(re.escape, words), key=len, reverse=True), counted]))


def unexplained(gap: str, left_of_number: bool = True) -> str:
    """What of some letters between listed words belongs to no frame. Right of a number a counted thing is its unit."""
    gap = gap.strip(_MARKS)
    if not gap or _LETTERS.search(gap) is None:
        return ""
    if not left_of_number and gap[0] in "一每":
        return gap  # 36.5一把
    rest = _plain().sub("", gap).strip(_MARKS)
    return rest if _LETTERS.search(rest) else ""


def doubt(
    text: str, clauses: list[Clause], clause: Clause, at: int, verdict: Verdict, people: People, home: Home
) -> str:
    """Why the number is not stored but asked back; empty where it is plainly meant."""
    row = clause.tokens
    token = row[at]
    here = token.clause
    if _taken_back(clauses, here, at):
        return "taken back"
    if _unsure(clauses, clause, at):
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
    if _RECKONED.search(text, max(0, token.start - 20), token.start):
        return "unknown words"  # 36.5加1.2得38.7
    if _SUM_AFTER.match(text, token.end) or _SUM_BEFORE.search(text, max(0, token.start - 8), token.start):
        return "unknown words"  # 37.5-36.5=1
    if verdict.who is None and (
        (lone and here and (_only_others(clauses[here - 1]) or _only_a_thing(clauses[here - 1])))
        or (at > 1 and _at_others(row, at))
    ):
        return "unknown words"  # 舅妈，38.5; 婶婶家38.5
    if lone and here and _put_into_a_thing(clauses[here - 1]):
        return "unknown words"  # 他把体温计插热水袋里，41.8
    strong = _vouched(row, at) or (verdict.number.degree and verdict.number.kind == "temperature" and _tenth(verdict))
    if (
        people.own is not None
        and not people.children
        and not _named(row, at)
        and (
            _of_a_class(clause, row)
            or (here and not strong and text.endswith(("最高", "最低", "平均"), 0, token.start))
        )
    ):
        return "unknown words"
    if not strong and _of_a_place(text, clause, row, at, home):
        return "unknown words"  # 广州今天38.5度
    if (
        not lone
        and not strong
        and _of_a_quantity(row, at)
        and not tells_an_event(text[said_from(clause, at) : token.start])
    ):
        return "unknown words"
    if _attribute(text, clause, row, at, strong or _plainly_named(text, row, at, verdict)) or (
        _ENOUGH.match(text, token.end) and _DICTATED.search(text, max(0, token.start - 4), token.start)
    ):
        return "unknown words"
    if people.own is None and _TO_ME.search(text, clause.start, token.start):
        return "unknown words"  # 大夫给我测36.7
    if at and (_aimed_at(text, row, at) or (_counts(row[at - 1]) and _SPLIT.search(text[: token.start][-4:]))):
        return "unknown words"
    if verdict.who is not None and verdict.who.text in _WE and _another_of(clauses, here):
        return "unknown words"  # 一家四口 36.2 36.4 36.5 36.6
    if here and _of_a_pet(clauses[here - 1]) and not any(_person(other) and other.text not in _HOUSE for other in row):
        return "unknown words"  # 兔子体温38到39.5，我家雪球刚量39.2
    if verdict.who is None and _NOT_HIS.match(text, token.end):
        return "unknown words"  # 36.6的是他，小明是36.4
    if _SENT.search(text, max(0, token.start - 6), token.start) and any(near.asked for near in clauses):
        return "question"
    if not (lone or _plainly_named(text, row, at, verdict)) and _leftover(text, clause, row, at, strong, home):
        return "unknown words"
    if strong or _named(row, at):
        return ""
    if here and _other_quantity(clauses[here - 1], clause):
        return "unknown words"
    return "unknown words" if _BODY.isdisjoint(clause.kinds) and _other_topic(text, clauses, here, home) else ""


def _only_others(before: Clause) -> bool:
    """Whether the clause before is nothing but a word for somebody else: told of, or spoken to?"""
    row = before.tokens
    return (
        bool(row)
        and all(not {"kin", "other", "self"}.isdisjoint(t.roles) and "polite" not in t.roles for t in row)
        and any(not {"kin", "other"}.isdisjoint(t.roles) for t in row)
        and sum(t.end - t.start for t in row) >= len(before.text.strip())
    )


_TRAVELS = frozenset(("at", "go", "from", "back", "stay", "transport", "out", "report"))


def _of_a_place(text: str, clause: Clause, row: list[Token], at: int, home: Home) -> bool:
    """Whether the clause begins with a place and tells of nobody, so that its number may be the weather's."""
    if not _TRAVELS.isdisjoint(clause.kinds) or any(_person(other) for other in row):
        return False
    place = place_at(text, clause.start, home)
    return place is not None and place.end <= row[at].start


def _only_a_thing(before: Clause) -> bool:
    """洗澡水，38.5度: the clause before is nothing but a thing."""
    row = before.tokens
    return (
        bool(row)
        and before.stop[:1] in ("，", ",", " ", ":")
        and all(not {"foreign", "shop"}.isdisjoint(t.roles) and "temperature" not in t.roles for t in row)
        and sum(t.end - t.start for t in row) >= len(before.text.strip())
    )


def _at_others(row: list[Token], at: int) -> bool:
    """婶婶家38.5: of the child at hers, or of somebody there? But 在婶婶家36.5."""
    house, owner = row[at - 1], row[at - 2]
    return (
        house.text in ("家", "家里", "那边", "那里", "那儿")
        and house.end == row[at].start
        and owner.end == house.start
        and not {"kin", "other"}.isdisjoint(owner.roles)
        and all({"at", "go", "back", "from", "stay"}.isdisjoint(other.roles) for other in row[: at - 2])
    )


_PUT = re.compile("插|放|贴|泡|塞|搁|伸|浸|怼|扔|对着|冲着|打|照")


def _put_into_a_thing(before: Clause) -> bool:
    """Whether the clause before put the thermometer to a thing that has a warmth of its own."""
    return (
        _PUT.search(before.text) is not None
        and any("foreign" in token.roles for token in before.tokens)
        and any("method" in t.roles or t.roles.get("temperature") == "word" for t in before.tokens)
    )


def _tenth(verdict: Verdict) -> bool:
    """三十六度七, 36度5: hardly anything but a body is measured so."""
    return _SPOKEN.search(verdict.number.text) is not None


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
_SUM_BEFORE = re.compile(r"[\d.]\s*[+×÷=]\s*$")
_SUM_AFTER = re.compile(r"\s*(?:=\s*[\d.]|\+\s*\d|[-+×÷*/]\s*[\d.]+\s*=|[×÷])")
_RECKONED = re.compile(r"\d[^，。\n]{0,4}[加减乘除][^，。\n]{0,8}(?:得|等于|是|成)$")
_TO_ME = re.compile(r"[给替帮]我(?:自己)?(?:也)?[量测夹打试怼扫滴]")
_SPLIT = re.compile(r"\d\s*[秒分米]$")  # 8秒38
_NOT_HIS = re.compile(r"的?(?:那个|这个)?是(?:他|她|弟弟|妹妹|哥哥|姐姐|另一个|别人)")
_WE = word_set("meant", "we")
_REACH = frozenset(("到", "至", "达"))


def _aimed_at(text: str, row: list[Token], at: int) -> bool:
    """打算量到36.5, 可能会到38度, 手机发烫到40度: a value that is aimed at, or something else's."""
    before = row[at - 1] if at else None
    if before is None or before.end != row[at].start or before.text[-1:] not in _REACH:
        return False
    if at >= 2 and _reads(row[at - 2]):
        return False  # 36.4到36.6之间
    if before.text == "到" and not any(
        _measuring(other) or _person(other) or "symptom" in other.roles for other in row[:at]
    ):
        return True
    return any("plan" in other.roles and other.text != "要" for other in row[: at - 1])


_HOUSE = ("我家", "我们家", "咱家", "俺家", "家里")


def _of_a_pet(clause: Clause) -> bool:
    """Whether a clause gives an animal's temperature."""
    return any(token.roles.get("other") == "pet" for token in clause.tokens) and any(
        _reads(token) for token in clause.tokens
    )


def _another_of(clauses: list[Clause], here: int) -> bool:
    """Whether there are several further numbers close by."""
    around = clauses[max(0, here - 3) : here + 4]
    return sum(_reads(other) for near in around for other in near.tokens) > 2


_ENOUGH = re.compile(r"(?:度|℃)?(?:就|也)?(?:行|可以|得了|好了|吧)")
_DICTATED = re.compile(r"(?:写|填|回|发|报|打|输)(?:个|上|成|一个)?$")  # 写36.5就行
_SENT = re.compile(r"(?:发|报|填|写|输|打)(?:了|过|的是?|过的)?$")
_PARTICLES = re.compile(r"[的了啊呀哈呢哦吧嘞哟啦呗滴哒嘛咯额嗯]*$")


_ONE_OF_MANY = re.compile(r"[一每](?![下点些样切直共会起])")


def _attribute(text: str, clause: Clause, row: list[Token], at: int, strong: bool) -> bool:
    """36.5的微笑, 37度女人, 36.5一把: the number describes what stands behind it."""
    token = row[at]
    if any(_reads(other) for other in row[at + 1 : at + 4]):
        return False  # 一回36.5一回36.7
    after = next(
        (
            other
            for other in row[at + 1 :]
            if "polite" not in other.roles or (len(other.text) > 1 and other.text != "微笑")
        ),
        None,
    )
    behind = text[token.end : after.start if after is not None else clause.end].strip(_MARKS)
    if _ONE_OF_MANY.match(behind):
        return True
    if strong or not behind or _PARTICLES.match(behind):
        return False
    return behind[0] == "的" or (len(behind) > 1 and unexplained(behind) != "")


_BODY = frozenset(
    ("symptom", "well", "generic", "day", "moment", "night", "negation", "report", "child", "all", "body")
)


def _taken_back(clauses: list[Clause], here: int, at: int) -> bool:
    """Whether a remark in or near the clause makes a jest of its number: 36.5。骗你的; but 刚才的不算，36.7."""
    if here + 1 < len(clauses) and _wrong_for_good(clauses, here):
        return True  # 36.8（发错了，这是大的）
    for index in range(max(0, here - 2), min(len(clauses), here + 3)):
        near = clauses[index]
        if "doubt" not in near.kinds or near.asked or abs(near.sentence - clauses[here].sentence) > 1:
            continue
        if index == here:
            if not _put_right(near.tokens, at):
                return True
        elif any(_reads(token) for token in near.tokens):
            continue  # 刚才那条38.6别当真，36.6: the remark has a number of its own
        elif index > here:
            if not any(_reads(token) for clause in clauses[here + 1 : index] for token in clause.tokens):
                return True
        elif not (
            any(token.roles.get("correct") == "earlier" for token in near.tokens)
            or any(_reads(token) for clause in clauses[max(0, index - 2) : here] for token in clause.tokens)
            or any("correct" in token.roles for token in clauses[here].tokens[:at])
        ):
            return True  # 逗你玩的，36.5; but 36.5，骗你的，其实36.7
    return False


def _unsure(clauses: list[Clause], clause: Clause, at: int) -> bool:
    """大概36.5吧，没细看: behind the last number of its clause it is said that nobody looked closely."""
    row = clause.tokens
    if any(_reads(token) for token in row[at + 1 :]):
        return False
    behind = clause.text[row[at].end - clause.start :]
    here = row[at].clause
    guessed = any(t.roles.get("norm") == "about" or "guess" in t.roles for t in row)
    if guessed and any("defer" in t.roles and t.text[-1:] in "量测" for t in row[at + 1 :]):
        return True  # 应该36.5左右吧我没量
    if (
        at
        and row[at - 1].text in ("应该", "应该还是", "应该是")
        and any(t.roles.get("norm") == "about" for t in row[at + 1 : at + 2])
    ):
        return True  # 明早量了再报，应该36.5左右
    if here + 1 < len(clauses) and not any(_reads(token) for token in clauses[here + 1].tokens):
        behind += clauses[here + 1].text if clauses[here + 1].sentence == clause.sentence else ""
    return _NOT_SEEN.search(behind) is not None and not any(
        _reads(token) for near in clauses[here + 1 : here + 4] for token in near.tokens
    )


_NOT_SEEN = re.compile(word_pattern("meant", "unsure"))


def _put_right(row: list[Token], at: int) -> bool:
    """刚才发的不算不算应该是36.3: behind the remark in the same clause stands what is right."""
    said = max((k for k, token in enumerate(row) if "doubt" in token.roles), default=-1)
    return said < at and any(token.roles.get("correct") == "should" for token in row[said + 1 : at])


def only_wrong(clauses: list[Clause], here: int) -> bool:
    """Whether the next clause says no more than that this one was wrong."""
    row = [token for token in clauses[here + 1].tokens if "polite" not in token.roles]
    return bool(row) and all(token.roles.get("correct") == "wrong" for token in row)


def _wrong_for_good(clauses: list[Clause], here: int) -> bool:
    """Whether it was wrong, and nothing puts it right."""
    return (
        only_wrong(clauses, here)
        and not any(_reads(token) for clause in clauses[here + 1 :] for token in clause.tokens)
        and not any(_reads(token) for clause in clauses[:here] for token in clause.tokens)
    )


def _counts(token: Token) -> bool:
    """A number that is neither a reading nor a time."""
    return token.number is not None and token.number.kind in ("other", "code")


def _reads(token: Token) -> bool:
    return token.number is not None and token.number.kind not in NOT_READINGS


def _measuring(token: Token) -> bool:
    roles = token.roles
    if "method" in roles or roles.get("symptom") == "fever" or roles.get("temperature") == "word":
        return token.text not in _WEAK
    if roles.get("temperature") == "measure":
        return token.text not in _WEAK
    return ("量" in token.text or "测" in token.text) and "defer" not in roles and "guess" not in roles


def _vouched(row: list[Token], at: int) -> bool:
    """Whether a word of measuring a body stands with this number."""
    for other in reversed(row[:at]):
        if _reads(other):
            break
        if _measuring(other):
            return True
    for other in row[at + 1 : at + 4]:
        if _reads(other):
            break
        if _measuring(other):
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


def _of_a_class(clause: Clause, row: list[Token]) -> bool:
    """A member of staff who counts heads writes of a class: 体温异常1人37.6."""
    return any(
        other.number is not None
        and other.number.kind == "other"
        and clause.text[other.end - clause.start - 1 : other.end - clause.start + 1].strip("0123456789")[:1]
        in tuple("人名")
        for other in row
    ) or any(other.text in _CLASS for other in row)


def _leftover(text: str, clause: Clause, row: list[Token], at: int, strong: bool, home: Home) -> bool:
    """Whether letters beside the number, up to its neighbouring numbers, belong to no frame."""
    first = at
    while first and not _reads(row[first - 1]):
        first -= 1
    last = at
    while last + 1 < len(row) and not _reads(row[last + 1]):
        last += 1
    start = row[first - 1].end if first else clause.start
    number = row[at].number
    if number is not None and number.kind == "temperature" and tells_an_event(text[start : row[at].start]):
        first, start = at + 1, row[at].end  # what was done before is told; only what stands behind is looked at
    for k in range(first, last + 2):
        end = row[k].start if k <= last else (row[k].start if k < len(row) else clause.end)
        if (
            end > start
            and (rest := unexplained(text[start:end], k <= at))
            and not (_place(text, start, end, row, k, home) or (strong and not _touches(row, k, at, rest)))
            and not (k > at + 1 and looks_like_name(rest) and _person(row[k - 1]))  # 小明36.2家长李强36.5
        ):
            return True
        start = row[k].end if k <= last else end
    return False


def _touches(row: list[Token], k: int, at: int, rest: str) -> bool:
    """Whether unknown letters stand right before the word of measuring that vouches, so that it may be theirs."""
    if k > at:
        return k == at + 1
    if k and row[k - 1].text in _AT_WHAT and not any(_person(other) for other in row[:at]):
        return True  # 给粥量了38.5, 枪打冷库38.5
    if len(rest) < _BRIEF or looks_like_name(rest):
        return False
    return k < at and _measuring(row[k]) and not any(_person(other) for other in row[:at])


_AT_WHAT = ("给", "替", "帮", "打", "对着", "冲", "照", "往")


def _person(token: Token) -> bool:
    return token.keys is not None or not {
        "child",
        "elder",
        "younger",
        "nth",
        "kin",
        "self",
        "pronoun",
        "other",
    }.isdisjoint(token.roles)


_WAYS = frozenset(("at", "go", "from", "back", "stay", "transport", "out"))


def _place(text: str, start: int, end: int, row: list[Token], k: int, home: Home) -> bool:
    """Whether the letters belong to a place, which may begin inside a listed word (哈 in 哈尔滨) or behind a preposition."""
    while start < end and text[start] in _MARKS:
        start += 1
    begins = {start}
    for before in reversed(row[max(0, k - 3) : k]):
        begins |= {before.start, before.end}
        if not _WAYS.isdisjoint(before.roles):
            if before.end >= start and before.text != "打":
                return True  # 去了铁力那边; but 枪打冷库38.5
            break
    return any((place := place_at(text, begin, home)) is not None and place.end > start for begin in begins)


def _of_a_quantity(row: list[Token], at: int) -> bool:
    """体重从36.5涨到38: what the clause measures is named, and no body's temperature since."""
    worded = False
    for other in reversed(row[:at]):
        if _measuring(other) or (worded and other.number is not None):
            return False  # 血压118/76温度36.5: what was measured before has its own number
        if other.text in _QUANTITIES:
            return True
        worded = worded or other.roles.get("temperature") == "word"
    return False


def _other_quantity(before: Clause, clause: Clause) -> bool:
    """体重又涨了，36.5: the clause before spoke of something that is measured too, and gave no number."""
    if before.sentence != clause.sentence or any(other.number is not None for other in before.tokens):
        return False
    return any(other.text in _QUANTITIES for other in before.tokens)


def _without_places(text: str, start: int, end: int, home: Home) -> str:
    """The letters without the names of places: 青岛-哈尔滨-伊春 tells where somebody was."""
    kept: list[str] = []
    while start < end:
        place = place_at(text, start, home)
        if place is not None and place.end <= end:
            start = place.end
            continue
        kept.append(text[start])
        start += 1
    return "".join(kept)


def _other_topic(text: str, clauses: list[Clause], here: int, home: Home) -> bool:
    """Whether the message says nothing of a report and something of which we know no word."""
    letters = 0
    for index, other in enumerate(clauses):
        if index == here or other.asked:
            continue
        if not _FRAME.isdisjoint(other.kinds) or any(t.keys is not None or _reads(t) for t in other.tokens):
            return False
        if any(token.number is not None and token.number.kind != "code" for token in other.tokens):
            continue  # 书费38.5元转您了: what it speaks of has a number of its own
        start = other.start
        for token in (*other.tokens, None):
            end = token.start if token is not None else other.end
            if end > start:
                letters += len(unexplained(_without_places(text, start, end, home)))
            start = token.end if token is not None else end
    return letters >= _REMARK
