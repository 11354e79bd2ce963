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
from bots.reading.neighbours import Verdict, said_from
from bots.reading.values import NOT_READINGS
from bots.reading.words_beside import measuring, person

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
    tied = [_tied(text, clauses, verdict, at > 0) for at, verdict in enumerate(group)]
    if tied[0] and _behind_a_relative(clauses, group[0]) and any(_by_name(clauses, other) for other in group[1:]):
        tied[0] = False  # 表妹借住我家，烧到38.5。小明没事36.6
    named = [verdict for verdict in group if _only_named(text, clauses, verdict)]
    if len({verdict.number.tenths for verdict in named}) > 1 and len({verdict.mention for verdict in named}) > 1:
        tied = [good and verdict not in named for good, verdict in zip(tied, group, strict=True)]
    for at in range(1, len(group)):
        between = text[group[at - 1].token.end : group[at].token.start]
        whole = "integer" in (group[at].number.kind, group[at - 1].number.kind)
        if len(between) <= 6 and (_SIDE_BY_SIDE if whole else _LISTED).fullmatch(between):
            tied[at] = tied[at - 1] = True
    return [verdict for verdict, good in zip(group, tied, strict=True) if not good]


def _tied(text: str, clauses: list[Clause], verdict: Verdict, group_began: bool) -> bool:
    clause = clauses[verdict.token.clause]
    row = clause.tokens
    at = row.index(verdict.token)
    if verdict.marked:
        return True
    if group_began and _behind_a_relative(clauses, verdict):
        return False  # 量的36.8。他弟弟在另一屋睡，37.3; 囝仔36.5；孩子爸在卡口执勤，体温36.4
    alone = all("polite" in other.roles for other in row if other is not verdict.token)
    if alone and verdict.number.kind != "integer" and len(clause.text) - len(verdict.number.text) <= 2:
        return True  # 38.2，现在36.9
    for other in [*_before(row, at), *row[at + 1 : at + 3]]:
        if _reads(other):
            break
        if not _TURNS.isdisjoint(other.roles) or other.roles.get("symptom") == "fever" or other.roles.get("day") == "0":
            return True
    if verdict.mention >= clause.start and (
        any(other.keys is not None for other in row[:at])
        or (at and "child" in row[at - 1].roles and row[at - 1].end == verdict.token.start)
    ):
        return True
    if tells_an_event(text[said_from(clause, at) : verdict.token.start]):
        return True
    return _AGAIN.search(text, max(0, clause.start - 12), clause.end) is not None


def _by_name(clauses: list[Clause], verdict: Verdict) -> bool:
    """Whether the child is called by name or as a child in the number's own clause."""
    row = clauses[verdict.token.clause].tokens
    return any(token.keys is not None or "child" in token.roles for token in row[: row.index(verdict.token)])


def _behind_a_relative(clauses: list[Clause], verdict: Verdict) -> bool:
    """Whether nobody is spoken of in the number's clause, and only a relative in the one before."""
    row = clauses[verdict.token.clause].tokens
    return not any(person(token) and "self" not in token.roles for token in row) and _behind_somebody_else(
        clauses, verdict
    )


def _behind_somebody_else(clauses: list[Clause], verdict: Verdict) -> bool:
    """Whether the clause before speaks first of somebody who is not bound here."""
    here = verdict.token.clause
    if not here or clauses[here - 1].sentence != clauses[here].sentence:
        return False
    persons = [token for token in clauses[here - 1].tokens if person(token) and "self" not in token.roles]
    return (
        bool(persons)
        and all(token.keys is None and "child" not in token.roles for token in persons)
        and any("pronoun" not in token.roles and "polite" not in token.roles for token in persons)
        and not any(measuring(token) for token in clauses[here - 1].tokens)
    )


def _only_named(text: str, clauses: list[Clause], verdict: Verdict) -> bool:
    """小红36.5…小红那条是36.6: nothing but the name says why the number is there."""
    clause = clauses[verdict.token.clause]
    row = clause.tokens
    at = row.index(verdict.token)
    return (
        not verdict.marked
        and at > 0
        and verdict.who is not None
        and len(verdict.who.keys) == 1
        and any(other.keys == verdict.who.keys or "child" in other.roles for other in _before(row, at))
        and not any(
            not _TURNS.isdisjoint(other.roles) or other.roles.get("symptom") == "fever" or other.roles.get("day") == "0"
            for other in [*_before(row, at), *row[at + 1 : at + 3]]
        )
        and _AGAIN.search(text, max(0, clause.start - 12), clause.end) is None
    )


def _before(row: list[Token], at: int) -> list[Token]:
    near: list[Token] = []
    for other in reversed(row[:at]):
        if _reads(other):
            break
        near.append(other)
    return near


def _reads(token: Token) -> bool:
    return token.number is not None and token.number.kind not in NOT_READINGS
