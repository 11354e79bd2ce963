"""Which numbers are readings: of whom, of which day, sure, to be asked back, or never meant."""

from __future__ import annotations

import re

from bots.reading.asserted import SLIPPED
from bots.reading.beside import ahead_of
from bots.reading.clauses import Clause, Token
from bots.reading.facts import Method, Scene
from bots.reading.meant import doubt
from bots.reading.names import People
from bots.reading.neighbours import Verdict
from bots.reading.pairs import list_of_wholes, ranges, relative_before, relatives_first
from bots.reading.surroundings import surroundings
from bots.reading.values import NOT_READINGS
from bots.reading.walk import At
from bots.reading.when import When
from bots.reading.who import Who


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
                    here.who is not None
                    and (here.who.kind in ("kin", "outsider") or (here.fresh and here.mention > token.start))
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
            surroundings(text, clauses, clause, at, verdict, people, corrects, scene.home)
            if (
                verdict.fate == "drop"
                and verdict.reason.startswith("of ")
                and verdict.number.kind == "temperature"
                and verdict.number.tenths >= scene.fever_tenths
                and at
                and row[at - 1].keys is not None
                and row[at - 1].end == token.start
            ):
                verdict.fate, verdict.reason = (
                    "ask",
                    "unknown words",
                )  # a fever right behind a child's name is never a thing's
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


_ANOTHER = re.compile("借|换了?[支个根]?|用(?:邻居|别人|对门|楼下|楼上|他|我)|新买的|另[拿找]")
_ONCE_MORE = ("再", "又", "重新", "换", "借")
_THAT_IS = re.compile(r"\s*(?:哦|噢|啊|不对|等等|等下)*(?:那|这|刚才)?个?(?:是|还是|都是|其实是)$")
_LEFT_OVER = re.compile("(?:那|这)(?:个|次|数)?是.*(?:的|留下的|时候的|剩下的?没甩|没甩)$")
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
        left_over = _LEFT_OVER.search(near.text.strip())
        if left_over and any("past" in t.roles or "night" in t.roles for t in near.tokens):
            return When("recent", None, "", True)  # 一直停在38.4，那是上回他姐发烧留的
        for token in near.tokens:
            rest = near.text[token.end - near.start :].strip()
            if not {"day", "night", "past"}.isdisjoint(token.roles) and rest in ("的", "的了", "那次的", "那个"):
                when = places[token.start].when
                said = _THAT_IS.fullmatch(near.text[: token.start - near.start]) is not None
                return when if said and when.kind in ("day", "night", "recent") else None
    return None


def _shape(verdict: Verdict) -> None:
    number = verdict.number
    if number.kind in ("confirm", "fahrenheit"):
        verdict.fate, verdict.reason = "ask", number.reason or number.kind
    elif number.kind == "implausible":
        verdict.fate, verdict.reason = "ask", "implausible"
