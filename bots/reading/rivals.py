"""Two different readings of one person in one message: each must say why it is there, or it is asked back.

Whoever measures twice says so: by an hour, a thermometer, 又, 现在, 两次, a medicine between, or by a plain list of
numbers. A second number without any of that is mostly somebody else's, a rule's or another day's
(36.5。37.3那是发烧标准), so it is asked back. The gate only ever turns "store" into "ask".
"""

from __future__ import annotations

import re

from bots.reading.clauses import Clause, Token
from bots.reading.events import tells_an_event
from bots.reading.lexicon import word_pattern
from bots.reading.neighbours import NOT_READINGS, Verdict, said_from

# Between two numbers of one list or range nothing stands but these.
_LISTED = re.compile(r"[\s、,，。.;；:/|~～\-—–+→➡>]*(?:(?:到|至|和|与|跟|降到|涨到|升到|退到)|之间)?[\s、,，:]*")
_SIDE_BY_SIDE = re.compile(r"\s*[/、~～\-到至和 ]\s*")  # 36.5/37, but 36。36.5
_TURNS = frozenset(("moment", "night", "method", "ordinal", "medicine", "recovered", "temperature", "correct"))
_AGAIN = re.compile(word_pattern("rivals", "again"))


def rivals(text: str, clauses: list[Clause], group: list[Verdict]) -> list[Verdict]:
    """Those of one person's readings of today that nothing ties to the others. Empty where all values agree.

    group: the verdicts about to be stored for one person, in the order of the message.
    """
    if len({verdict.number.tenths for verdict in group}) < 2:
        return []
    tied = [_tied(text, clauses, verdict) for verdict in group]
    for at in range(1, len(group)):
        between = text[group[at - 1].token.end : group[at].token.start]
        whole = "integer" in (group[at].number.kind, group[at - 1].number.kind)
        if len(between) <= 6 and (_SIDE_BY_SIDE if whole else _LISTED).fullmatch(between):
            tied[at] = tied[at - 1] = True
    return [verdict for verdict, good in zip(group, tied, strict=True) if not good]


def _tied(text: str, clauses: list[Clause], verdict: Verdict) -> bool:
    clause = clauses[verdict.token.clause]
    row = clause.tokens
    at = row.index(verdict.token)
    if verdict.marked:
        return True
    if len(row) == 1 and verdict.number.kind != "integer" and len(clause.text) - len(verdict.number.text) <= 2:
        return True  # 38.2，现在36.9
    for other in [*_before(row, at), *row[at + 1 : at + 3]]:
        if _reads(other):
            break
        if not _TURNS.isdisjoint(other.roles) or other.roles.get("symptom") == "fever" or other.roles.get("day") == "0":
            return True
    if verdict.mention >= clause.start and any(other.keys is not None for other in row[:at]):
        return True
    if tells_an_event(text[said_from(clause, at) : verdict.token.start]):
        return True
    return _AGAIN.search(text, max(0, clause.start - 12), clause.end) is not None


def _before(row: list[Token], at: int) -> list[Token]:
    near: list[Token] = []
    for other in reversed(row[:at]):
        if _reads(other):
            break
        near.append(other)
    return near


def _reads(token: Token) -> bool:
    return token.number is not None and token.number.kind not in NOT_READINGS
