"""Which numbers are readings: of whom, of which day, sure, to be asked back, or never meant."""

from __future__ import annotations

import re

from bots.reading.asserted import SLIPPED, in_a_question, is_old, unmeasured
from bots.reading.beside import (
    A_RULE,
    AND_DENIED,
    AS_TOLD,
    HARDLY,
    NEARLY,
    NEVER_REACHED,
    NO_IT_IS_NOT,
    NOT_MINE,
    NOT_REACHED,
    NOT_THEIRS,
    ON_AND_ON,
    REPORTED_FOR,
    THEN_MEDICINE,
    UNRELIABLE,
    ahead_of,
    guessed_behind,
    is_followed,
    number_in,
    of_a_journey,
)
from bots.reading.clauses import Clause, Token, chunk_start
from bots.reading.facts import Home, Method, Scene
from bots.reading.lexicon import word_pattern, word_set
from bots.reading.meant import doubt
from bots.reading.names import People, looks_like_name
from bots.reading.neighbours import (
    NOT_READINGS,
    Verdict,
    judge_neighbours,
    place_before,
)
from bots.reading.pairs import list_of_wholes, ranges, relative_before, relatives_first
from bots.reading.taken_back import only_wrong
from bots.reading.things import never_a_reading
from bots.reading.walk import At
from bots.reading.when import When
from bots.reading.who import Who

_EVERY_DAY = tuple(word_set("temperature", "every_day"))


def judge(
    text: str,
    clauses: list[Clause],
    tokens: list[Token],
    places: dict[int, At],
    people: People,
    scene: Scene,
    suspicious: bool,
    not_theirs: bool,
) -> list[Verdict]:
    """A verdict on every number that looks like a temperature.

    suspicious: a machine's notation, or somebody trying the service out. not_theirs: a receipt, a form, something
    forwarded; what is said of a child by name counts all the same.
    """
    verdicts: list[Verdict] = []
    said = {
        token.roles["correct"]
        for clause in clauses
        if "correct" in clause.kinds  # most messages correct nothing
        for token in clause.tokens
        if "correct" in token.roles
    }
    corrects = (
        bool(said & {"change", "wrong"})
        or said >= {"should", "earlier"}
        or ("earlier" in said and any(slip in text for slip in SLIPPED))
        or ("should" in said and any(slip in text for slip in SLIPPED))
    )
    broken = any("thermometer" in clause.kinds for clause in clauses) and "没坏" not in text
    for clause in clauses:
        row = clause.tokens
        for at, token in enumerate(row):
            number = token.number
            if number is None or number.kind in NOT_READINGS:
                continue
            here = places[token.start]
            verdict = Verdict(
                number,
                token,
                "store",
                here.who,
                here.when,
                here.mention,
                approximate=number.approximate,
                marked=here.marked,
            )
            verdict.method = method_of(row, at)
            if (
                len(people.all_keys) > 1
                and text.endswith("一个", 0, token.start)
                and not text.endswith(("另一个", "人一个"), 0, token.start)
                and not (
                    here.fresh
                    and here.who is not None
                    and (here.who.kind in ("kin", "outsider") or here.mention > token.start)
                )
            ):
                verdict.who, verdict.mention = Who("which", people.all_keys), -1
            if (
                len(people.children) > 1
                and verdict.mention < clause.start
                and _ONE_NUMBER.search(_said_before(clauses, clause, token))
            ):
                verdict.who, verdict.mention = Who("which", people.all_keys), -1  # 两个都在姑姑家，就报过来一个数，36.5
            _said_after(row, at, places, verdict)
            if at + 1 == len(row) and (day := _day_behind(clauses, token.clause, places)) is not None:
                verdict.when = day
            _shape(verdict)
            _surroundings(text, clause, row, at, verdict, people, clauses, corrects, scene.home)
            if verdict.fate == "store" and (reason := doubt(text, clauses, clause, at, verdict, people, scene.home)):
                verdict.fate, verdict.reason = "ask", reason
            if verdict.fate == "store" and verdict.when.kind == "today" and ahead_of(row, at, scene, clauses):
                verdict.fate, verdict.reason = "ask", "other day"  # 12:00 36.6, sent at eight
            named_here = here.fresh and here.who is not None and here.who.sure and here.mention >= clause.start
            if (
                suspicious
                or (not_theirs and not (named_here and _by_name(row, at)))
                or (
                    broken
                    and not ("thermometer" not in clause.kinds and named_here)
                    and not _measured_otherwise(clause, row, at)
                    and not any(_ANOTHER.search(near.text) for near in clauses[max(0, token.clause - 2) : token.clause])
                )
            ) and verdict.fate == "store":
                verdict.fate, verdict.reason = "ask", "suspicious" if suspicious or not_theirs else "thermometer"
            verdicts.append(verdict)
    relatives_first(clauses, verdicts)
    relative_before(clauses, verdicts)
    ranges(text, verdicts)
    list_of_wholes(text, verdicts)
    return verdicts


_ONE_NUMBER = re.compile("(?:就|只|才)[^，。]{0,4}一个数|左(?:边)?[^，。]{0,6}右|先[小大]后[小大]")


def _said_before(clauses: list[Clause], clause: Clause, token: Token) -> str:
    """The words of this clause before a number, and the clause before it."""
    before = clauses[token.clause - 1].text if token.clause else ""
    return before + clause.text[: token.start - clause.start]


def _by_name(row: list[Token], at: int) -> bool:
    """Whether a bound child is called by name in the words before a number."""
    return any(other.keys is not None for other in row[:at])


def _measured_otherwise(clause: Clause, row: list[Token], at: int) -> bool:
    """额温枪没电了，换水银的量36.5; 枪没电了买了电池再量的36.5: another thermometer was at hand, or the same again."""
    if "thermometer" not in clause.kinds:
        return any("method" in other.roles for other in row[:at]) or _ANOTHER.search(clause.text) is not None
    broken = next(k for k, other in enumerate(row) if "thermometer" in other.roles)
    if broken > at:  # 老大量了36.7老二哭闹量不了: of somebody else
        return any(o.keys is not None or not _PERSONS.isdisjoint(o.roles) for o in row[at + 1 : broken])
    return any(other.text.startswith(_ONCE_MORE) for other in row[broken + 1 : at])


def method_of(row: list[Token], at: int) -> Method:
    """The thermometer named beside a number: before it first, else right behind it."""
    for other in reversed(row[:at]):
        if other.number is not None and other.number.kind not in NOT_READINGS:
            break
        if "method" in other.roles:
            return Method(other.roles["method"])
    for other in row[at + 1 : at + 3]:
        if other.number is not None:
            break
        if "method" in other.roles:
            return Method(other.roles["method"])
    return Method.UNKNOWN


def _said_after(row: list[Token], at: int, places: dict[int, At], verdict: Verdict) -> None:
    """38.5是爷爷的, 36.5是昨天的: whose or when stands behind the number."""
    if at + 2 == len(row) and row[at + 1].start - row[at].end <= 1:
        behind = places[row[at + 1].start].when
        if behind.said and behind.kind in ("night", "day") and not verdict.when.said:
            verdict.when = behind  # 小红39昨晚，现在37.8
    if at + 2 >= len(row) or row[at + 1].text not in ("是", "为") or row[at + 1].start != row[at].end:
        return
    owner = row[at + 2]
    if at + 3 < len(row) and owner.keys is not None and row[at + 3].start == owner.end and "kin" in row[at + 3].roles:
        owner = row[at + 3]  # 36.5是小明他爸
    here = places[owner.start]
    if here.fresh and here.mention == owner.start:
        verdict.who, verdict.mention = here.who, here.mention
    elif here.when.said and here.when.kind != "today" and not {"day", "night", "past"}.isdisjoint(row[at + 2].roles):
        verdict.when = here.when


_PERSONS = frozenset(("child", "elder", "younger", "nth", "kin", "other"))


def _denies(row: list[Token], at: int) -> bool:
    """三十六度七都没有咳嗽: what is denied is a symptom."""
    return any(
        not {"symptom", "generic"}.isdisjoint(other.roles) and row[at + 1].text in ("都没有", "都没到", "都没", "都")
        for other in row[at + 2 : at + 4]
    )


_CAME_DOWN = ("降下", "退下", "掉下", "落下", "下来")
_HAS_HAD = re.compile(r"(?:烧|烧到|发烧到|升到|到|有|高|热|超|飙到|冲到)过$")
_ANOTHER = re.compile("借|换了?[支个根]?|用(?:邻居|别人|对门|楼下|楼上|他|我)|新买的|另[拿找]")
_ONCE_MORE = ("再", "又", "重新", "换", "借")
_THAT_IS = re.compile(r"\s*(?:哦|噢|啊|不对|等等|等下)*(?:那|这|刚才)?个?(?:是|还是|都是|其实是)$")
_LEFT_OVER = re.compile("(?:那|这)(?:个|次)?是.*(?:的|留下的|时候的)$")
_MAY_STAND_BETWEEN = 2


def _day_behind(clauses: list[Clause], here: int, places: dict[int, At]) -> When | None:
    """36.5，哦等等，那是昨天的: the day a number is given afterwards."""
    if clauses[here].stop[:1] == "(" and here + 1 < len(clauses):
        inside = clauses[here + 1].tokens
        if inside and all(not {"day", "night", "moment"}.isdisjoint(token.roles) for token in inside):
            when = places[inside[-1].start].when
            return when if when.kind != "today" else None  # 36.8（上午）37.1（下午）
    for near in clauses[here + 1 : here + 1 + _MAY_STAND_BETWEEN]:
        if any(token.number is not None for token in near.tokens):
            return None
        left_over = _LEFT_OVER.match(near.text.strip())
        if left_over and any(token.roles.get("past") for token in near.tokens):
            return When("recent", None, "", True)  # 一直停在38.4，那是上回他姐发烧留的
        for token in near.tokens:
            rest = near.text[token.end - near.start :].strip()
            if not {"day", "night", "past"}.isdisjoint(token.roles) and rest in ("的", "的了", "那次的", "那个"):
                when = places[token.start].when
                said = _THAT_IS.fullmatch(near.text[: token.start - near.start]) is not None
                return when if said and when.kind in ("day", "night", "recent") else None
    return None


def _not_to_be_kept(clauses: list[Clause], here: int) -> bool:
    """Whether one of the next clauses asks not to write the last number down, and gives no other."""
    if not any("withdraw" in near.kinds for near in clauses[here + 1 : here + 1 + _MAY_STAND_BETWEEN]):
        return False
    for index in range(here + 1, min(len(clauses), here + 1 + _MAY_STAND_BETWEEN)):
        if number_in(clauses, index):
            return False
        if _LATER.search(clauses[index].text):
            return True
    return False


# 你先别记; but 可别登记反了, 别记错了
_LATER = re.compile(f"(?:{word_pattern('temperature', 'later')})(?![错反混漏串岔到成])")


def _shape(verdict: Verdict) -> None:
    number = verdict.number
    if number.kind in ("confirm", "fahrenheit"):
        verdict.fate, verdict.reason = "ask", number.reason or number.kind
    elif number.kind == "implausible":
        verdict.fate, verdict.reason = "ask", "implausible"


def _surroundings(
    text: str,
    clause: Clause,
    row: list[Token],
    at: int,
    verdict: Verdict,
    people: People,
    clauses: list[Clause],
    corrects: bool,
    home: Home,
) -> None:
    token = row[at]
    before = row[at - 1] if at else None
    after = row[at + 1] if at + 1 < len(row) else None
    left_gap = text[chunk_start(clause, at) : token.start].strip(" :，、,.。…(（[【\"'-~=+*#“”《》<>→—_|/\\「」『』")
    right_gap = text[token.end : after.start if after else clause.end].strip(
        " :、.。)）]】\"'-~=+*#“”《》→—_|/\\·…「」『』"
    )
    touching = before is not None and token.start - before.end <= 1
    touched = after is not None and after.start - token.end <= 1

    place = place_before(text, row, at, home)
    if never_a_reading(clause, row, at, verdict, token.start if place is None else place):
        return
    if (
        touching
        and before is not None
        and before.roles.get("compare") == "with"
        and before.text.startswith(("比", "较"))
    ) or (before is not None and before.text == "的" and at >= 2 and row[at - 2].roles.get("compare") == "with"):
        verdict.fate, verdict.reason = "drop", "compare"  # 比平时36.2高点, 比昨天的36.8低
        return
    if (
        touching
        and before is not None
        and before.text in ("不是", "并不是", "不是说", "没有", "没", "不")
        and not (
            before.text in ("没有", "没")
            and at >= 2
            and (
                "symptom" in row[at - 2].roles
                or (
                    token.clause > 0
                    and "disease" in clauses[token.clause - 1].kinds
                    and not {"self", "child", "pronoun"}.isdisjoint(row[at - 2].roles)
                )
            )
        )
    ):
        verdict.fate, verdict.reason = ("old", "negated") if "是" in before.text else ("drop", "negated")
        return
    if at + 1 == len(row) and _not_to_be_kept(clauses, token.clause):
        verdict.fate, verdict.reason = "old", "withdrawn"  # 量了个35.1，你先别记
        return
    if "withdraw" in clause.kinds and (
        (before is not None and touching and "withdraw" in before.roles)
        or any("withdraw" in other.roles for other in row[at + 1 : at + 4])
    ):
        verdict.fate, verdict.reason = "old", "withdrawn"  # 撤回36.5, 把刚才的36.5删了
        return
    if (
        token.clause + 1 < len(clauses)
        and only_wrong(clauses, token.clause)
        and number_in(clauses, token.clause + 2)
        and at + 1 == len(row)
    ):
        verdict.fate, verdict.reason = "old", "corrected"  # 红外的35.6，不准，水银36.4
        return
    if (corrects or text.endswith(SLIPPED, 0, token.start)) and is_old(text, row, at, clauses, clause):
        verdict.fate, verdict.reason = "old", "corrected"
        return
    if NO_IT_IS_NOT.match(text, token.end) and not corrects:
        verdict.fate, verdict.reason = "ask", "taken back"
        return
    if NOT_THEIRS.match(text, token.end) or (
        len(people.children)
        and text.startswith("不是", token.end)
        and after is not None
        and at + 2 < len(row)
        and row[at + 2].keys
    ):
        verdict.fate, verdict.reason = "drop", "negated"  # 那个36.9不是他的
        return
    if right_gap.startswith("错") and any(
        other.number is not None and other.number.kind not in NOT_READINGS
        for near in clauses[token.clause : token.clause + 2]
        for other in near.tokens
        if other.start > token.start
    ):
        verdict.fate, verdict.reason = "old", "corrected"  # 36.5错，36.8对
        return
    if text[token.start - 1 : token.start] == "从" and text.startswith(_CAME_DOWN, token.end):
        verdict.fate, verdict.reason = "ask", "unknown words"  # 从38.6降下来了，36.9: when was it so high?
    if (
        verdict.fate == "store"
        and not verdict.when.said
        and _HAS_HAD.search(text, max(0, token.start - 5), token.start)
    ):
        verdict.fate, verdict.reason = "ask", "unknown words"  # 他烧过38.5: some time or other
    if verdict.fate == "store" and NEARLY.match(text, token.end):
        verdict.fate, verdict.reason = "ask", "guess"  # 三十八度还差一点: a fever, but which?
    if (
        (verdict.reason != "guess" and text.startswith(NEVER_REACHED, token.end) and not _denies(row, at))
        or NOT_REACHED.match(text, token.end)
        or A_RULE.match(text, token.end)
        or text[token.start - 1 : token.start] in ("比", "离", "距")
    ):
        verdict.fate, verdict.reason = "drop", "threshold"  # 三十七度都不到, 比37.3低
        return
    if touched and after is not None and ("norm" in after.roles or after.text in ("以上", "以下")):
        if after.roles.get("norm") == "rule" and (
            "没到" not in after.text or NOT_REACHED.match(text, token.end)
        ):  # but 37.9没到吃药的度数
            verdict.fate, verdict.reason = "drop", "threshold"
            return
        if after.roles.get("norm") == "about":
            verdict.approximate = True
        elif after.text in ("多", "出头", "挂零", "多一点", "多点", "来度", "多度", "几") and after.start == token.end:
            verdict.fate, verdict.reason = "ask", "vague"
    if (
        touched
        and after is not None
        and after.roles.get("guess") == "maybe"
        and (
            (after.text in ("可能", "也许") and not text.startswith("是", after.end)) or after is row[-1]
        )  # 36.5估计, but 37.1可能是跳热了
    ):
        verdict.fate, verdict.reason = "ask", "guess"
    for other in reversed(row[max(0, at - 3) : at]):
        value = other.roles.get("norm")
        if value == "rule":
            if "correct" in other.roles:
                continue
            if "contrast" in other.roles and other.start == clause.start and (token.clause or other.end < token.start):
                continue  # 屋里冷，不过孩子36.6
            verdict.fate, verdict.reason = "drop", "threshold"
            return
        if value == "vague" and other.text not in ("好几", "几", "多"):
            verdict.fate, verdict.reason = "ask", "vague"
            break
        if value == "about":
            verdict.approximate = True
        if other.roles.get("guess") == "fear" and any(
            "symptom" in between.roles for between in row[row.index(other) + 1 : at]
        ):
            continue  # 别感冒，36.5
        if "guess" in other.roles and not (corrects and "correct" in other.roles) and other.text != "大概是":
            verdict.fate, verdict.reason = "ask", "guess"
            break
        if other.number is not None:
            break
    if verdict.fate == "store" and text.endswith(UNRELIABLE, max(0, token.start - 8), token.start):
        verdict.fate, verdict.reason = "ask", "thermometer"  # 电子的不准37.5，水银36.6
    if verdict.fate == "store" and guessed_behind(clauses, token):
        verdict.fate, verdict.reason = "ask", "guess"  # 小红36.5（估计的）
    if (verdict.fate == "store" or verdict.reason == "guess") and (
        HARDLY.search(text, max(0, token.start - 8), token.start) or AND_DENIED.match(text, token.end)
    ):
        verdict.fate, verdict.reason = "ask", "usual"  # 老师让填36.5, 最高能到38.5, 哪有36.5
    if verdict.fate == "store" and NOT_MINE.search(text, max(0, token.start - 8), token.start):
        verdict.fate, verdict.reason = "ask", "negated"
    if verdict.fate == "store" and text.endswith(_EVERY_DAY, 0, token.start):
        verdict.fate, verdict.reason = "ask", "usual"
    if (
        verdict.fate == "store"
        and verdict.when.moment == "ongoing"
        and (verdict.number.tenths >= 370 or sum(t.number is not None for t in row) > 1)
        and ON_AND_ON.search(clause.text)
    ):
        verdict.fate, verdict.reason = "ask", "usual"  # 最近老是37.2
    if verdict.fate == "store" and unmeasured(clause, clauses, at):
        verdict.fate, verdict.reason = "ask", "guess"
    tail = text[token.end : token.end + 4].lstrip(" 就")
    if (verdict.number.degree and tail[:1] in ("角", "线", "弯", "坡")) or tail.startswith(
        ("不让", "不准", "禁止", "不许", "才让", "才能", "才准", "的体质", "体质")
    ):
        verdict.fate, verdict.reason = "drop", "rule"
        return
    if verdict.fate == "store" and tail.startswith(
        ("不用报", "不用再报", "不用天天", "还用", "还要报", "用不用", "要不要报")
    ):
        verdict.fate, verdict.reason = "ask", "question"  # 36.9就不用报了吧
    if AS_TOLD.match(tail) and ("说" in clause.text or "让" in clause.text or "写" in clause.text):
        verdict.fate, verdict.reason = "drop", "rule"  # 医生说38.5吃药
        return
    if THEN_MEDICINE.match(tail):
        verdict.fate, verdict.reason = "drop", "rule"  # 烧到38.5再喂药
        return
    if clause.asked and tail.startswith(("才吃", "才喂", "才用", "再吃", "再喂", "以后吃")):
        verdict.fate, verdict.reason = "drop", "rule"  # 38.5才吃药对吗
        return
    if (
        before is not None
        and before.text in ("我", "你", "您")
        and text[before.start - 1 : before.start] in tuple("给找借退欠转还")
        and text[before.start - 2 : before.start] not in ("报给", "发给", "说给", "念给")  # 他自己量好报给我36.5
    ):
        verdict.fate, verdict.reason = "ask", "unknown words"
    if (
        touching
        and before is not None
        and before.text == "正常"
        and before.end == token.start
        and is_followed(clauses, token)
    ):
        verdict.fate, verdict.reason = "drop", "usual"  # 正常36.5，现在37
        return
    if verdict.when.kind == "usual":
        verdict.fate, verdict.reason = "drop", "usual"
        return
    if verdict.when.kind == "future" and any(other.number is not None and other.number.kind == "date" for other in row):
        verdict.fate, verdict.reason = "ask", "future"  # 5号 may be the child's number
        verdict.when = When()
    if (
        corrects
        and before is not None
        and before.roles.get("correct") in ("change", "should")
        and verdict.when.kind not in ("day", "night")
    ):
        verdict.when = When()  # 原来报的36.5改成37.5
    if verdict.when.kind not in ("today", "usual") and of_a_journey(row, at):
        planned = verdict.when.kind == "recent" and "plan" in clause.kinds  # 周末打算去沈阳36.5
        if verdict.when.kind not in ("future", "distant", "season") and not planned:
            verdict.fate, verdict.reason = "ask", "other day"  # 昨天从北京回来36.6: measured then, or now?
        verdict.when = When()
    if verdict.when.kind in ("future", "distant", "season"):
        verdict.fate, verdict.reason = "drop", verdict.when.kind
        return
    if verdict.when.kind == "recent" and verdict.when.moment != "ongoing" and verdict.when.day is None:
        verdict.fate, verdict.reason = "drop", "other day"
        return
    if (
        verdict.fate == "store"
        and (verdict.who is None or verdict.who.kind == "subjects")
        and (stranger := REPORTED_FOR.search(text, max(clause.start, token.start - 14), token.start))
        and looks_like_name(stranger[1])
        and not any(other.keys is not None for other in row)
    ):
        verdict.fate, verdict.reason, verdict.chunk, verdict.who = "ask", "unknown name", stranger[1], None
        return
    if verdict.fate == "store" and touching and before is not None and before.text[-1:] in ("吗", "么"):
        verdict.fate, verdict.reason = "ask", "question"  # 这样报对吗:36.5
    if (
        verdict.fate in ("store", "other_day")
        and len(people.children) > 1
        and any(other.text in ("一号", "二号", "三号") for other in row)
    ):
        verdict.fate, verdict.reason, verdict.when = "ask", "vague", When()  # a day, or the first child?
    if clause.asked and verdict.fate == "store":
        following = clauses[token.clause + 1] if token.clause + 1 < len(clauses) else None
        in_a_question(
            clause,
            row,
            at,
            verdict,
            following is not None and following.asked and following.sentence == clause.sentence,
        )
    previous = clauses[token.clause - 1] if token.clause else None
    judge_neighbours(text, clause, row, at, verdict, people, left_gap, right_gap, home, previous)
