"""Which numbers are readings: of whom, of which day, sure, to be asked back, or never meant."""

from __future__ import annotations

import re
from itertools import pairwise

from bots.reading.clauses import Clause, Token, chunk_start
from bots.reading.facts import Home, Method, Scene
from bots.reading.lexicon import word_set
from bots.reading.meant import doubt
from bots.reading.names import People, looks_like_name
from bots.reading.neighbours import (
    NOT_READINGS,
    Verdict,
    judge_neighbours,
    place_before,
)
from bots.reading.people import Who
from bots.reading.walk import At, When

_QUIET = word_set("temperature", "quiet")
_EVERY_DAY = tuple(word_set("temperature", "every_day"))


def judge(
    text: str,
    clauses: list[Clause],
    tokens: list[Token],
    places: dict[int, At],
    people: People,
    scene: Scene,
    suspicious: bool,
) -> list[Verdict]:
    """A verdict on every number that looks like a temperature."""
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
        or ("earlier" in said and any(slip in text for slip in _SLIPPED))
        or ("should" in said and any(slip in text for slip in _SLIPPED))
    )
    broken = any("thermometer" in clause.kinds for clause in clauses)
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
                and not text.endswith("另一个", 0, token.start)
            ):
                verdict.who, verdict.mention = Who("which", people.all_keys), -1
            _said_after(row, at, places, verdict)
            _shape(verdict)
            _surroundings(text, clause, row, at, verdict, people, clauses, corrects, scene.home)
            if verdict.fate == "store" and (reason := doubt(text, clauses, clause, at, verdict, people, scene.home)):
                verdict.fate, verdict.reason = "ask", reason
            if (suspicious or (broken and not _measured_otherwise(clause, row, at))) and verdict.fate == "store":
                verdict.fate, verdict.reason = "ask", "suspicious" if suspicious else "thermometer"
            verdicts.append(verdict)
    _relatives_first(clauses, verdicts)
    _relative_before(clauses, verdicts)
    _ranges(text, verdicts)
    _list_of_wholes(text, verdicts)
    return verdicts


def _measured_otherwise(clause: Clause, row: list[Token], at: int) -> bool:
    """额温枪没电了，换水银的量36.5: another thermometer was at hand."""
    return "thermometer" not in clause.kinds and any("method" in other.roles for other in row[:at])


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
    if at + 2 >= len(row) or row[at + 1].text not in ("是", "为") or row[at + 1].start != row[at].end:
        return
    here = places[row[at + 2].start]
    if here.fresh and here.mention == row[at + 2].start:
        verdict.who, verdict.mention = here.who, here.mention
    elif here.when.said and here.when.kind != "today" and not {"day", "night", "past"}.isdisjoint(row[at + 2].roles):
        verdict.when = here.when


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
    if _never_a_reading(clause, row, at, verdict, token.start if place is None else place):
        return
    if (
        touching
        and before is not None
        and before.roles.get("compare") == "with"
        and before.text.startswith(("比", "较"))
    ):
        verdict.fate, verdict.reason = "drop", "compare"  # 比平时36.2高点
        return
    if (
        touching
        and before is not None
        and before.text in ("不是", "并不是", "不是说", "没有", "没", "不")
        and not (before.text in ("没有", "没") and at >= 2 and ("symptom" in row[at - 2].roles))
    ):
        verdict.fate, verdict.reason = ("old", "negated") if "是" in before.text else ("drop", "negated")
        return
    if "withdraw" in clause.kinds and (
        (before is not None and touching and "withdraw" in before.roles)
        or any("withdraw" in other.roles for other in row[at + 1 : at + 4])
    ):
        verdict.fate, verdict.reason = "old", "withdrawn"  # 撤回36.5, 把刚才的36.5删了
        return
    if corrects and _is_old(text, row, at, clauses, clause):
        verdict.fate, verdict.reason = "old", "corrected"
        return
    if _NOT_THEIRS.match(text, token.end) or (
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
    if text.startswith(_NEVER_REACHED, token.end) or text[token.start - 1 : token.start] in ("比", "离", "距"):
        verdict.fate, verdict.reason = "drop", "threshold"  # 三十七度都不到, 比37.3低
        return
    if touched and after is not None and ("norm" in after.roles or after.text in ("以上", "以下")):
        if after.roles.get("norm") == "rule":
            verdict.fate, verdict.reason = "drop", "threshold"
            return
        if after.roles.get("norm") == "about":
            verdict.approximate = True
        elif after.text in ("多", "出头", "挂零", "多一点", "多点", "来度", "多度", "几") and after.start == token.end:
            verdict.fate, verdict.reason = "ask", "vague"
    if (
        touched
        and after is not None
        and "correct" not in after.roles
        and after.roles.get("guess")
        and after.text in ("可能", "也许")
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
        if "guess" in other.roles and not corrects and other.text != "大概是":
            verdict.fate, verdict.reason = "ask", "guess"
            break
        if other.number is not None:
            break
    if verdict.fate == "store" and _NOT_MINE.search(text, max(0, token.start - 8), token.start):
        verdict.fate, verdict.reason = "ask", "negated"
    if verdict.fate == "store" and text.endswith(_EVERY_DAY, 0, token.start):
        verdict.fate, verdict.reason = "ask", "usual"
    if verdict.fate == "store" and _unmeasured(clause, clauses, at):
        verdict.fate, verdict.reason = "ask", "guess"
    tail = text[token.end : token.end + 4].lstrip(" 就")
    if (verdict.number.degree and tail[:1] in ("角", "线", "弯", "坡")) or tail.startswith(
        ("不让", "不准", "禁止", "不许", "才让", "才能", "才准", "的体质", "体质")
    ):
        verdict.fate, verdict.reason = "drop", "rule"
        return
    if _THEN_MEDICINE.match(tail):
        verdict.fate, verdict.reason = "drop", "rule"  # 烧到38.5再喂药
        return
    if clause.asked and tail.startswith(("才吃", "才喂", "才用", "再吃", "再喂", "以后吃")):
        verdict.fate, verdict.reason = "drop", "rule"  # 38.5才吃药对吗
        return
    if (
        before is not None
        and before.text in ("我", "你", "您")
        and text[before.start - 1 : before.start] in tuple("给找借退欠转还")
    ):
        verdict.fate, verdict.reason = "ask", "unknown words"
    if (
        touching
        and before is not None
        and before.text == "正常"
        and before.end == token.start
        and _is_followed(clauses, token)
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
    if verdict.when.kind not in ("today", "usual") and _travelled(row, at):
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
        and (stranger := _REPORTED_FOR.search(text, max(clause.start, token.start - 14), token.start))
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
        _in_a_question(
            clause,
            row,
            at,
            verdict,
            following is not None and following.asked and following.sentence == clause.sentence,
        )
    previous = clauses[token.clause - 1] if token.clause else None
    judge_neighbours(text, clause, row, at, verdict, people, left_gap, right_gap, home, previous)


_THEN_MEDICINE = re.compile(r"再(?:喂|吃|用|给|送|去|看|带|请)(?![^，。]?[了的过])")
_REPORTED_FOR = re.compile(r"(?:给|替|帮|为)([一-鿿]{2,3}?)(?:来|上|代|补|也)?(?:报|填|量|测)")  # 给王小刚报:36.5
_NOT_THEIRS = re.compile(
    r"\s*(?:℃|度)?\s*(?:可|并|都)?不是(?:(?:我|本人)(?:报|发|填|写|量|测)|他|她|孩子|娃|宝宝|我家|我们家|我娃|我孩子|咱家|本人|今天)"
)
_NOT_MINE = re.compile(r"不是(?:我|本人|孩子|他|她)?(?:写|发|报|填|量|测)的$")
_NEVER_REACHED = ("以上", "以下", "以内", "之上", "之下", "都不到", "都没到", "都没有", "不到", "都不足")
_JOURNEY = frozenset(("go", "at", "back", "from", "plan"))


def _is_followed(clauses: list[Clause], token: Token) -> bool:
    """Whether the next clause has a number of now."""
    following = clauses[token.clause + 1] if token.clause + 1 < len(clauses) else None
    return (
        following is not None
        and following.has("day")
        and any(other.number is not None and other.number.kind not in NOT_READINGS for other in following.tokens)
    )


_TIMES = frozenset(("day", "night", "past", "future", "moment"))


def _travelled(row: list[Token], at: int) -> bool:
    """明天去哈尔滨36.5: the day is that of the journey told between it and the number."""
    for other in reversed(row[:at]):
        if other.text == "到":
            continue  # 烧到
        if other.number is not None or not {"temperature", "method", "symptom", "report"}.isdisjoint(other.roles):
            return False
        if not _JOURNEY.isdisjoint(other.roles):
            return True
        if not _TIMES.isdisjoint(other.roles):
            return False
    return False


def _never_a_reading(clause: Clause, row: list[Token], at: int, verdict: Verdict, place: int) -> bool:
    if clause.hypothetical:
        verdict.fate, verdict.reason = "drop", "hypothetical"
        return True
    if clause.hearsay:
        verdict.fate, verdict.reason = "drop", "hearsay"
        return True
    measured = dated = False
    for k in range(at - 1, -1, -1):
        other = row[k]
        if other.start >= place:
            continue  # 楼 in 鼓楼区
        if "shop" in other.roles and "foreign" not in other.roles and measured:
            break  # 幼儿园老师量的36.5
        if measured and any("other" in between.roles or "kin" in between.roles for between in row[k + 1 : at]):
            break  # 进教室老师测的36.4
        if "shop" in other.roles and k and row[k - 1].text in ("在", "到", "去", "从", "进"):
            break
        if other.text == "温度" and _thing_before(clause, row, k):
            verdict.fate, verdict.reason = "drop", f"of {other.text}"
            return True  # 车厢温度36度
        if _foreign(other) or (
            value_of(other) == "word" and k and row[k - 1].end == other.start and "foreign" in row[k - 1].roles
        ):
            if dated and verdict.number.kind == "temperature":
                verdict.fate, verdict.reason = "ask", "unknown words"  # 打了疫苗今天38.1
                return False
            verdict.fate, verdict.reason = "drop", f"of {other.text}"
            return True
        value = other.roles.get("temperature", "")
        measured = measured or value == "measure"
        dated = dated or other.roles.get("day") == "0"
        if (
            other.text in _QUIET
            or value == "measure"
            or ("polite" in other.roles and len(other.text) <= 2)
            or "about" in other.roles.get("norm", "")
        ):
            continue
        if other.text in ("烧到", "升到", "烧", "热到", "烧到了") or ("day" in other.roles and value == ""):
            continue
        break
    for other in row[at + 1 : at + 3]:
        if other.text in ("的", "度"):
            continue
        if (
            "foreign" in other.roles
            and "temperature" not in other.roles
            and other.start - row[at].end <= 2
            and len(other.text) >= 1
            and _attributive(row, at)
        ):
            verdict.fate, verdict.reason = "drop", f"of {other.text}"
            return True
        break
    if (
        "compare" in clause.kinds
        and any("compare" in other.roles for other in row[:at])
        and verdict.number.tenths < 340
    ):
        verdict.fate = "drop"
        return True
    return False


def _thing_before(clause: Clause, row: list[Token], k: int) -> bool:
    """Whether 温度 is that of a thing we have no word for: letters nobody knows touch it."""
    start = row[k].start
    begins = row[k - 1].end if k else clause.start
    chunk = clause.text[begins - clause.start : start - clause.start].strip(" :、，()")
    if k and "foreign" in row[k - 1].roles and start - row[k - 1].end <= 1:
        return True
    return len(chunk) >= 2 and not looks_like_name(chunk)


def value_of(token: Token) -> str:
    """The part a word plays in the telling of a temperature: word, measure, normal, or none."""
    return token.roles.get("temperature", "")


def _foreign(token: Token) -> bool:
    """A word whose numbers are its own: 体重, 气温, 打车, 超市."""
    roles = token.roles
    if "foreign" in roles or "transport" in roles or "shop" in roles:
        return "method" not in roles and "temperature" not in roles
    return False


def _unmeasured(clause: Clause, clauses: list[Clause], at: int) -> bool:
    """没量，写36.5吧: said not to be measured, and no measuring since."""
    here = clause.tokens[at].clause
    if any(
        "量" in other.text or "测" in other.text
        for other in clause.tokens[:at]
        if not other.text.startswith(("没", "未", "还没"))
    ):
        return False
    rows = [clause.tokens[:at]] + (
        [clauses[here - 1].tokens] if here and clauses[here - 1].sentence == clause.sentence else []
    )
    if any(
        other.keys is not None or not {"child", "elder", "younger", "nth"}.isdisjoint(other.roles)
        for other in clause.tokens[:at]
    ):
        return False
    told = any(
        "defer" in other.roles and other.text.startswith(("没", "未", "还没")) and other.text[-1] in "量测"
        for row in rows
        for other in row
    )
    told = told or (
        any("defer" in other.roles and other.text[-1] in "量测报" for row in rows for other in row)
        and any(other.roles.get("norm") == "about" or "guess" in other.roles for other in clause.tokens[:at])
    )
    rows_text = "".join(other.text for row in rows for other in row)
    told = told or (
        ("量" in rows_text or "测" in rows_text)
        and any("defer" in other.roles for row in rows for other in row)
        and any(other.roles.get("norm") == "about" for other in clause.tokens[:at])
    )
    return told and not any(
        not {"day", "night", "moment"}.isdisjoint(other.roles) for other in clause.tokens[:at]
    )  # 今早没量，昨晚36.6


def _attributive(row: list[Token], at: int) -> bool:
    """36.5的鞋, 38度水; but not 体温36.5血氧98."""
    if at + 1 >= len(row):
        return False
    if row[at + 1].text == "的":
        return True
    beyond = row[at + 2] if at + 2 < len(row) else None
    return not any(value_of(other) == "word" for other in row[:at]) and (beyond is None or beyond.number is None)


_SLIPPED = ("打成", "写成", "报成", "发成", "说成", "填成", "输成", "看成", "记成", "量成")


def _is_old(text: str, row: list[Token], at: int, clauses: list[Clause], clause: Clause) -> bool:
    """36.5写错了, 把36.5改成36.8, 刚才的36.5不对: the value that is taken back."""
    token = row[at]
    near = clauses[token.clause : token.clause + 3]
    later = [
        t
        for c in near
        for t in c.tokens
        if t.start > token.start and t.number is not None and t.number.kind not in NOT_READINGS
    ]
    for other in row[at + 1 : at + 4]:
        if other.number is not None:
            break
        value = other.roles.get("correct")
        if value == "wrong":
            return True
        if value == "change" and later and other.start - token.end <= 3:
            return True
        if value == "should":
            # 昨天报的36.5应该是36.8
            return bool(later and at and row[at - 1].text in ("报的", "写的", "填的", "发的"))
    if later and text.endswith(_SLIPPED, 0, token.start):
        return True  # 打成38.5了
    if later and row[-1] is token:
        between = [t for c in near for t in c.tokens if token.end <= t.start < later[0].start]  # 38.6 打错了 36.6
        if any(other.roles.get("correct") in ("wrong", "change") for other in between) and all(
            "correct" in other.roles or "polite" in other.roles for other in between
        ):
            return True
    if later and any(other.roles.get("correct") == "earlier" for other in row[:at]):
        following = [t for c in near for t in c.tokens if token.end <= t.start < later[0].start]
        return any("correct" in t.roles and t.roles["correct"] in ("wrong", "change", "should") for t in following)
    return bool(later and at and row[at - 1].text == "把")


def _in_a_question(clause: Clause, row: list[Token], at: int, verdict: Verdict, ask_follows: bool) -> None:
    """A number in a question is a report only where the rest of the question rests on it."""
    asks = [k for k, other in enumerate(row) if "question" in other.roles]
    firm = (
        any(
            ("temperature" in other.roles and other.roles["temperature"] != "normal") or "symptom" in other.roles
            for other in row[:at]
        )
        or any(other.roles.get("day") == "0" or "moment" in other.roles for other in row[:at])
        or (verdict.who is not None and verdict.who.sure)
    )
    after = row[at + 1] if at + 1 < len(row) else None
    told = (
        after is not None
        and after.text == "了"
        and at + 2 < len(row)
        and row[at + 2].text not in ("吗", "么", "吧", "没")
    )
    if told and verdict.number.kind == "temperature":
        return  # 39.1了要送医院吗
    if clause.advice:
        if (
            verdict.number.kind == "temperature"
            and verdict.number.tenths % 10 not in (0, 3, 5)
            and any(row[k].text.endswith(("办", "咋整", "咋弄")) for k in asks)
        ):
            return  # 38度2咋办: what to do is asked about a value one has
        if not firm and not (
            (verdict.number.degree or verdict.number.kind == "temperature")
            and row[at + 1 : at + 2]
            and row[at + 1].text == "了"
        ):
            verdict.fate, verdict.reason = "ask", "question"
        return
    if (
        asks
        and clause.wh
        and asks[0] > at
        and row[asks[0]].text in ("请问", "问一下", "想问", "想问问", "问问", "请教", "咨询")
    ):
        return
    if (
        asks
        and asks[0] < at
        and row[asks[0]].text in ("请问", "问一下", "想问", "想问问", "问问", "请教", "咨询")
        and len(asks) == 1
        and clause.stop[:1] not in ("?", "？")
    ):
        if ask_follows:
            return  # 请问早上36.4，晚上还要报吗
        verdict.fate, verdict.reason = "ask", "question"
        return
    verdict.fate, verdict.reason = "ask", "question"


_WHEN_OR_HOW = frozenset(("day", "moment", "night", "method", "polite", "temperature", "ordinal"))
_IS_NORMAL = re.compile(r"(?:度|℃)?(?:之间|以内)?(?:都|算|为|是|属于|就)*正常")
_DONE_BETWEEN = re.compile(r"(?:会儿?|一下|[了后完来好]|(..)\1|(.)[了一]\2)$")


def _relatives_first(clauses: list[Clause], verdicts: list[Verdict]) -> None:
    """他弟弟才两岁，37.8，小明36.6: an unnamed number behind a relative, with the child's own still to come."""
    for first, second in pairwise(
        verdicts
    ):  # 刚睡醒37.1，起来活动活动36.6: the next measuring, whatever was done between
        if (
            first.fate == "store"
            and second.fate == "ask"
            and second.reason == "unknown words"
            and second.number.kind == "temperature"
            and second.who == first.who
            and clauses[first.token.clause].sentence == clauses[second.token.clause].sentence
            and second.token.clause - first.token.clause <= 1
            and _DONE_BETWEEN.search(second.chunk)
        ):
            second.fate, second.reason, second.marked = "store", "", True
    for first, second in pairwise(verdicts):
        at = first.token.clause
        if (
            first.who is None
            and first.fate == "store"
            and at
            and second.who is not None
            and second.who.sure
            and clauses[at - 1].sentence == clauses[at].sentence
            and all(t is first.token or not _WHEN_OR_HOW.isdisjoint(t.roles) for t in clauses[at].tokens)
            and not {"kin", "younger", "elder", "other"}.isdisjoint(clauses[at - 1].kinds)
            and "agent" not in clauses[at - 1].kinds
        ):
            first.fate, first.reason = "ask", "unknown words"


def _relative_before(clauses: list[Clause], verdicts: list[Verdict]) -> None:
    """妹妹还小，体温36.9，小明的待会儿发: a relative just spoken of, the child only named afterwards."""
    for verdict in verdicts:
        at = verdict.token.clause
        if verdict.fate != "store" or verdict.who is not None or not at:
            continue
        before, here = clauses[at - 1], clauses[at]
        if (
            before.sentence == here.sentence
            and not {"kin", "younger", "elder", "other"}.isdisjoint(before.kinds)
            and {"agent", "go", "from", "back", "child", "defer"}.isdisjoint(before.kinds)
            and not any(token.keys is not None for token in before.tokens)
            and all(t is verdict.token or not _WHEN_OR_HOW.isdisjoint(t.roles) for t in here.tokens)
            and at + 1 < len(clauses)
            and clauses[at + 1].sentence == here.sentence
            and any(token.keys is not None or "child" in token.roles for token in clauses[at + 1].tokens[:2])
        ):
            verdict.fate, verdict.reason = "ask", "unknown words"


def _list_of_wholes(text: str, verdicts: list[Verdict]) -> None:
    """36 38 40: three whole numbers in a row are a lottery ticket or shoe sizes, until somebody says otherwise."""
    for first, second in pairwise(verdicts):
        if (
            first.fate == "drop"
            and first.reason.startswith("of ")
            and first.number.kind == second.number.kind == "integer"
        ) and not text[first.token.end : second.token.start].strip(" 、"):
            second.fate, second.reason = "drop", first.reason  # 鞋码36 37
    for at in range(len(verdicts) - 2):
        three = verdicts[at : at + 3]
        gaps = [text[one.token.end : two.token.start].strip(" 、,，") for one, two in pairwise(three)]
        if not any(gaps) and all(v.number.kind == "integer" and v.fate in ("store", "ask") for v in three):
            for verdict in three:
                verdict.fate, verdict.reason = "ask", "vague"


def _ranges(text: str, verdicts: list[Verdict]) -> None:
    """36.5-36.8, 36.5到36.8之间: both ends are about right."""
    for first, second in pairwise(verdicts):
        between = text[first.token.end : second.token.start].strip()
        if between == "就是" and first.reason == "negated" and second.fate == "store":
            second.fate, second.reason = "ask", "vague"  # 不是38.5就是38.6
        if between in ("或", "或者", "还是", "要么", "也可能是"):
            for verdict in (first, second):
                if verdict.fate == "store":
                    verdict.fate, verdict.reason = "ask", "vague"
        if between in ("-", "~", "到", "至", "——", "--"):
            if second is not verdicts[-1] and _IS_NORMAL.match(text, second.token.end):
                for verdict in (first, second):
                    verdict.fate, verdict.reason = "drop", "threshold"  # 群公告说36.0-37.2正常，孩子36.6
            first.approximate = second.approximate = True
            if first.number.kind == "integer" and second.number.kind == "integer":
                for verdict in (first, second):
                    if verdict.fate == "store":
                        verdict.fate, verdict.reason = "ask", "vague"
