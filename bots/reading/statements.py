"""What is said about cases, contacts and leave. Recorded as said; nobody here decides it (domain 0.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bots.reading.clauses import Clause, Token
from bots.reading.days import small_number
from bots.reading.facts import CaseStatement, Leave
from bots.reading.lexicon import word_set
from bots.reading.normalise import Normal
from bots.reading.walk import At
from bots.reading.who import Who

_DAYS = re.compile(r"(\d{1,2}|[一二两三四五六七八九十半]{1,2})\s*天")
_NOT_SAID = frozenset(("future", "distant", "usual", "season"))
_NEEDLESS = word_set("statements", "needless")
_AS_CASE = word_set("statements", "as_case")


def cases_of(
    clauses: list[Clause], places: dict[int, At], normal: Normal
) -> Iterator[tuple[CaseStatement, Who | None]]:
    """Statements of 密接, 疑似, 确诊, 隔离 and of hospital findings, with whom they are about."""
    for index, clause in enumerate(clauses):
        if clause.hypothetical or clause.hearsay or (clause.asked and not clause.advice):
            continue
        row = clause.tokens
        if "disease" in clause.kinds and {"case", "diagnosis"}.isdisjoint(clause.kinds):
            yield from _found_at_a_hospital(clauses, index, places, normal)
        for at, token in enumerate(row):
            status = token.roles.get("case") or ("diagnosis" if "diagnosis" in token.roles else "")
            if not status:
                continue
            here = places[token.start]
            if here.when.kind in _NOT_SAID or _turned_down(normal.text, row, at):
                continue
            after = row[at + 1] if at + 1 < len(row) and row[at + 1].start - token.end <= 2 else None
            beyond = (
                row[at + 2] if after is not None and at + 2 < len(row) and row[at + 2].start - after.end <= 1 else None
            )
            disease = next((t for t in (after, beyond) if t is not None and _is_disease(t)), None)
            if status == "diagnosis":
                if disease is None or any("negation" in t.roles or "negated" in t.roles for t in row[at : at + 2]):
                    continue
                found = "confirmed" if disease.text in _AS_CASE else "diagnosis"
                yield CaseStatement(found, normal.source(token.start, disease.end), note=disease.text), here.who
            elif status in ("confirmed", "suspected") and disease is not None and disease.text not in _AS_CASE:
                yield CaseStatement("diagnosis", normal.source(token.start, disease.end), note=disease.text), here.who
            elif status == "confirmed" and at and _is_disease(row[at - 1]) and row[at - 1].text not in _AS_CASE:
                yield (
                    CaseStatement("diagnosis", normal.source(row[at - 1].start, token.end), note=row[at - 1].text),
                    here.who,
                )
            elif status == "negative":
                yield CaseStatement("excluded", normal.source(token.start, token.end)), here.who
            else:
                yield CaseStatement(status, normal.source(token.start, token.end)), here.who


def _found_at_a_hospital(
    clauses: list[Clause], index: int, places: dict[int, At], normal: Normal
) -> Iterator[tuple[CaseStatement, Who | None]]:
    """去医院看了，是甲流: a disease named in, or right behind, the clause of the visit."""
    clause = clauses[index]
    near = [clause, *(clauses[index - 1 : index] if index else [])]
    if not any(token.roles.get("disease") == "visit" for other in near if not other.asked for token in other.tokens):
        return
    if not {"negation", "negated", "guess", "fear"}.isdisjoint(clause.kinds) or clause.asked:
        return
    for token in clause.tokens:
        here = places[token.start]
        if token.roles.get("disease") == "named" and here.when.kind not in _NOT_SAID:
            found = "confirmed" if token.text in _AS_CASE else "diagnosis"
            yield CaseStatement(found, normal.source(token.start, token.end), note=token.text), here.who
            return


def _is_disease(token: Token) -> bool:
    return "symptom" in token.roles or token.roles.get("disease") == "named"


def _turned_down(text: str, row: list[Token], at: int) -> bool:
    """不是密接, 接触过确诊的, 没有被隔离: not about the person's own state."""
    token = row[at]
    anchor = token.start
    for other in reversed(row[:at]):
        if anchor - other.end > 3:
            break
        if (
            "negation" in other.roles
            or "negated" in other.roles
            or "exposure" in other.roles
            or other.roles.get("guess") == "fear"
            or "plan" in other.roles
        ):
            return True
        if other.text in ("跟", "和", "与") and text[token.end : token.end + 2] in ("接触", "同乘", "一起"):
            return True
        anchor = other.start
    there_is = bool(at) and row[at - 1].text in ("有", "出现") and row[at - 1].end == token.start
    if there_is and token.roles.get("case") in ("confirmed", "suspected", "asymptomatic"):
        return True  # 同楼有确诊
    if any(word in text[max(0, anchor - 4) : token.start] for word in _NEEDLESS):
        return True
    rest = text[token.end : token.end + 4]
    return rest.startswith(
        (
            "没有",
            "0",
            "零",
            "吗",
            "的标准",
            "标准",
            "政策",
            "怎么",
            "病例数",
            "人数",
            "的人",
            "解除",
            "结束",
            "期满",
            "满了",
            "完了",
            "期结束",
            "已解除",
            "期已",
        )
    ) or (rest.startswith("无") and not rest.startswith("无症"))


def contact_of(clauses: list[Clause]) -> bool | None:
    """Contact with cases or key regions: said, denied, or not mentioned."""
    for clause in clauses:
        if "exposure" not in clause.kinds or clause.asked or clause.hypothetical:
            continue
        for at, token in enumerate(clause.tokens):
            if "exposure" in token.roles:
                if token.text.startswith("没") or any(
                    t.roles.get("negation") == "no" and token.start - t.end <= 2 for t in clause.tokens[:at]
                ):
                    return False
                if (
                    clause.kinds & {"case"}
                    or "湖北" in clause.text
                    or "重点地区" in clause.text
                    or "风险" in clause.text
                ):
                    return True
    return None


def leave_of(clauses: list[Clause], normal: Normal, ill: bool) -> Leave | None:
    """A leave asked for, as sick leave where the message tells of an illness."""
    for clause in clauses:
        if "leave" not in clause.kinds or clause.hypothetical or clause.asked:
            continue
        for token in clause.tokens:
            value = token.roles.get("leave")
            if value is None or any(t.roles.get("negation") == "no" and t.end == token.start for t in clause.tokens):
                continue
            days = _DAYS.search(normal.text, clause.start, clause.end)
            count = small_number(days[1]) if days and days[1] != "半" else None
            kind = "sick_absence" if value == "sick" or (value == "ask" and ill) else "personal_leave"
            return Leave(kind, count, normal.source(token.start, token.end))
    return None
