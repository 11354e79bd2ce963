"""Words right beside a number that take it back, put it off or give its day to something else."""

from __future__ import annotations

import re

from bots.reading.clauses import Clause, Token
from bots.reading.days import hour_of
from bots.reading.facts import Scene
from bots.reading.values import NOT_READINGS


def ahead_of(row: list[Token], at: int, scene: Scene, clauses: list[Clause]) -> bool:
    """Whether the hour written right before the number has not come yet on the day of sending."""
    for other in reversed(row[:at]):
        if other.number is not None:
            hour = hour_of(other.number.text) if other.number.kind == "clock" else None
            if hour == _NOON and _a_smaller_hour_follows(row, at, clauses):
                return False  # 12点38.5，3点38.2: midnight
            return hour is not None and scene.sent_at.hour + 1 < hour
        if {"day", "night", "moment", "past"} & set(other.roles):
            return False
    return False


_NOON = 12


def _a_smaller_hour_follows(row: list[Token], at: int, clauses: list[Clause]) -> bool:
    """Whether the next hour named is an earlier one, so that the day began between the two."""
    here = row[at].clause
    for token in [*row[at + 1 :], *(t for clause in clauses[here + 1 : here + 3] for t in clause.tokens)]:
        if token.number is not None and token.number.kind == "clock":
            hour = hour_of(token.number.text)
            return hour is not None and hour < _NOON
    return False


def number_in(clauses: list[Clause], index: int) -> bool:
    """Whether a temperature is given in the clause at `index`."""
    return index < len(clauses) and any(
        token.number is not None and token.number.kind == "temperature" for token in clauses[index].tokens
    )


def guessed_behind(clauses: list[Clause], token: Token) -> bool:
    """Whether brackets right behind the number say that it is a guess."""
    here = clauses[token.clause]
    following = clauses[token.clause + 1] if token.clause + 1 < len(clauses) else None
    return (
        following is not None
        and here.stop[:1] == "("
        and following.start - token.end <= 2
        and "guess" in following.kinds
        and all(other.number is None for other in following.tokens)
    )


ON_AND_ON = re.compile("老是|老|左右|上下|都是|都在|一直|总是|总|经常|徘徊|晃|来回|之间|每天|天天")

UNRELIABLE = ("不准", "不太准", "不准的", "不准确", "不大准")

AS_TOLD = re.compile(r"(?:才|就|要|可以)?(?:吃|喂|用|加)(?:退烧)?药?(?![^，。]?[了的过完后]|.?美林|.?布洛芬)")
THEN_MEDICINE = re.compile(r"再(?:报|发|说(?!事|正|别|句|一)|喂|吃|用|给|送|去|看|带|请|来)(?![^，。]?[了的过])")

REPORTED_FOR = re.compile(r"(?:给|替|帮|为)([一-鿿]{2,3}?)(?:来|上|代|补|也)?(?:报|填|量|测)")  # 给王小刚报:36.5

NOT_THEIRS = re.compile(
    r"\s*(?:℃|度)?\s*(?:可|并|都)?不是(?:(?:我|本人)(?:报|发|填|写|量|测)|他|她|孩子|娃|宝宝|我家|我们家|我娃|我孩子|咱家|本人|今天)"
)

#: 36.5哎不是，那是上一回的
NO_IT_IS_NOT = re.compile(r"[哎哦啊噢诶嗯呃，, ]*不是(?=[，,哎啊哦]|那是|这是|$)")
NOT_MINE = re.compile(r"不是(?:我|本人|孩子|他|她)?(?:写|发|报|填|量|测)的$")

#: What one is told to write, what is possible, what is denied.
HARDLY = re.compile(
    r"(?:(?:(?:说|让|叫|要求|规定)(?:我们|都|统一|一律|全|大家)+|(?:让|叫|要求|规定)(?:填|写)?)(?:填|写|报|回)(?:个|成|上)?|(?:可能|[能会可])(?:以|会)?(?:到|上到|升到|烧到|达到)|甩到了?|(?:得|考|拿|扣)了|(?:喊|背|念|说|蹦|冒|叫|嚷|读|数|算|猜|抽)出(?:了|来)?(?:一)?个?|哪有|哪里有|哪是|不用报|那就|说有|(?:就|还|总|老|一直|光)(?:停|卡|定)在|(?:老|总|一直|还是)显示)$"
)
#: 36.5瞎写的, 36.5别报: what is said of the number right behind it, and nothing else.
AND_DENIED = re.compile(
    r"\s*(?:是|都是)?我?(?:(?:随便|瞎|乱|胡)(?:写|填|报|编)|猜|蒙|编)(?:的|来的|上去的)?(?=$|[，。,.!！\s])|(?:别|不要|先别)(?:写|填|报|记)(?=$|[，。,.!！\s])|那条是(?:给|替|帮|发)"
)
NEARLY = re.compile(
    r"\s*(?:就|只|还|都|也)?(?:差(?:一点|一丁点|一丢丢|那么|点|些|不?了?一?两分)|不到(?:一?点|一丢丢|一丝)|快(?:了|到了)|马上到)"
)

NOT_REACHED = re.compile(r"(?:还)?没(?:有)?到(?=$|[，。,.!！\s了呢])")  # but 37.9没到吃药的度数
NEVER_REACHED = (
    "还不到",
    "也不到",
    "以上",
    "以下",
    "以内",
    "之上",
    "之下",
    "都不到",
    "都没到",
    "都没有",
    "不到",
    "都不足",
)

#: 37.3那是发烧标准: what the number is, is told
A_RULE = re.compile(
    r"\s*(?:℃|度)?(?:以上)?就算(?:发烧|发热|低烧|高烧)|\s*(?:℃|度)?[那这就才都也]*(?:是|算|叫|为|属于)(?:[^，。,.!！\s了]{0,4})(?:标准|界限|上限|警戒|阈值|底线|及格|(?:发烧|发热|热|烧)(?:的)?线)"
)

_JOURNEY = frozenset(("go", "at", "back", "from", "plan"))


def is_followed(clauses: list[Clause], token: Token) -> bool:
    """Whether the next clause has a number of now."""
    following = clauses[token.clause + 1] if token.clause + 1 < len(clauses) else None
    return (
        following is not None
        and following.has("day")
        and any(other.number is not None and other.number.kind not in NOT_READINGS for other in following.tokens)
    )


_TIMES = frozenset(("day", "night", "past", "future", "moment"))


def of_a_journey(row: list[Token], at: int) -> bool:
    """明天去哈尔滨36.5: the day is that of the journey told between it and the number."""
    for other in reversed(row[:at]):
        if other.text == "到":
            continue  # 烧到
        if other.number is not None or not {"temperature", "method", "symptom", "report"}.isdisjoint(other.roles):
            return False
        if "from" in other.roles and other.end == row[at].start:
            return False  # 从39降到37.5
        if not _JOURNEY.isdisjoint(other.roles):
            return other.end < row[at].start or "plan" not in other.roles  # 后天要到36.5: a value looked forward to
        if not _TIMES.isdisjoint(other.roles):
            return False
    return False
