"""Numbers that belong to a thing: 体重, 水温, 打车, a carriage nobody has a word for."""

from __future__ import annotations

from bots.reading.clauses import Clause, Token
from bots.reading.events import done_then_measured
from bots.reading.lexicon import word_set
from bots.reading.names import looks_like_name
from bots.reading.neighbours import (
    Verdict,
)

_QUIET = word_set("temperature", "quiet")


def never_a_reading(clause: Clause, row: list[Token], at: int, verdict: Verdict, place: int) -> bool:
    if clause.hypothetical:
        verdict.fate, verdict.reason = "drop", "hypothetical"
        return True
    if clause.hearsay:
        verdict.fate, verdict.reason = "drop", "hearsay"
        return True
    if verdict.number.kind == "temperature" and done_then_measured(clause.text[: row[at].start - clause.start]):
        return False  # 喝了半杯水再量36.9
    measured = dated = again = False
    for k in range(at - 1, -1, -1):
        other = row[k]
        if other.start >= place:
            continue  # 楼 in 鼓楼区
        if "shop" in other.roles and "foreign" not in other.roles and measured:
            break  # 幼儿园老师量的36.5
        if measured and any("other" in between.roles or "kin" in between.roles for between in row[k + 1 : at]):
            break  # 进教室老师测的36.4
        before = clause.text[: other.start - clause.start]
        if "shop" in other.roles and before.endswith(("在", "到", "去", "从", "进", "出")):
            break  # 带去医院了38.4, 进学校36.3
        if other.text == "温度" and _thing_before(clause, row, k):
            verdict.fate, verdict.reason = "drop", f"of {other.text}"
            return True  # 车厢温度36度
        if other.text in _INDOORS and before.endswith("在") and any(_somebody(near) for near in row[:k]):
            break  # 孩子在屋里36.4
        if _foreign(other) or (
            value_of(other) == "word" and k and row[k - 1].end == other.start and "foreign" in row[k - 1].roles
        ):
            if (dated or again) and verdict.number.kind == "temperature":
                verdict.fate, verdict.reason = "ask", "unknown words"  # 打了疫苗今天38.1; 买的电池换上再量的36.5
                return False
            if "foreign" not in other.roles and "shop" in other.roles and verdict.number.kind == "temperature":
                verdict.fate, verdict.reason = "ask", "unknown words"  # 小区门口37.6: measured there, or paid?
                return False
            verdict.fate, verdict.reason = "drop", f"of {other.text}"
            return True
        value = other.roles.get("temperature", "")
        measured = measured or value == "measure"
        again = again or (value == "measure" and "ordinal" in other.roles)
        dated = dated or other.roles.get("day") == "0"
        if (
            other.text in _QUIET
            or value == "measure"
            or ("polite" in other.roles and len(other.text) <= 2)
            or "about" in other.roles.get("norm", "")
            or other.text in ("摸着", "摸起来", "摸上去")  # 暖气片摸着40度
        ):
            continue
        if other.text in ("烧到", "升到", "烧", "热到", "烧到了") or ("day" in other.roles and value == ""):
            continue
        break
    for other in row[at + 1 : at + 3]:
        if other.text in ("的", "度"):
            continue
        if (
            other.text == "是"
            and other.end < clause.end
            and any("foreign" in near.roles for near in row[at + 2 : at + 3])
        ):
            verdict.fate, verdict.reason = "ask", "unknown words"  # 38.5是洗澡水
            return False
        if (
            "foreign" in other.roles
            and "temperature" not in other.roles
            and clause.text[row[at].end - clause.start : other.start - clause.start].strip(" 的") in _JOINS
            and len(other.text) >= 1
            and _attributive(row, at)
            and not (other.text in _INDOORS and other.start > row[at].end)  # 三十七度整屋里暖气热得很
            and not (verdict.number.degree and other.text in _OWN_FIGURES)  # 三十六度五体重七十六斤
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


_JOINS = ("", "度")
_OWN_FIGURES = word_set("meant", "quantities")
_INDOORS = (
    "外头",
    "车厢",
    "车间",
    "屋里",
    "室内",
    "车里",
    "车内",
    "被窝",
    "教室",
    "宿舍",
    "寝室",
    "病房",
    "床",
    "外面",
    "外边",
    "室外",
    "户外",
    "酒店",
)


def _somebody(token: Token) -> bool:
    return token.keys is not None or not {"child", "pronoun", "elder", "younger", "nth"}.isdisjoint(token.roles)


def _thing_before(clause: Clause, row: list[Token], k: int) -> bool:
    """Whether 温度 is that of a thing we have no word for: letters nobody knows touch it."""
    start = row[k].start
    begins = row[k - 1].end if k else clause.start
    chunk = clause.text[begins - clause.start : start - clause.start].strip(" :、，()")
    if k and not {"foreign", "shop"}.isdisjoint(row[k - 1].roles) and start - row[k - 1].end <= 1:
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


def _attributive(row: list[Token], at: int) -> bool:
    """36.5的鞋, 38度水; but not 体温36.5血氧98."""
    if at + 1 >= len(row):
        return False
    if row[at + 1].text == "的":
        return True
    beyond = row[at + 2] if at + 2 < len(row) else None
    return not any(value_of(other) == "word" for other in row[:at]) and (beyond is None or beyond.number is None)
