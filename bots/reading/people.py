"""Whose words are whose: each person word of a message, looked at in turn with what stands around it.

What a word means by itself is told in `who.py`. Here its neighbours have their say, one question after the other: is
it another's word (`resumed.py`), an address, an owner or an outsider (`asides.py`), one of several (`groups.py`,
`siblings.py`), or only who held the thermometer (`agents.py`, and `mine.py` for 我)?
"""

from __future__ import annotations

from bots.reading.agents import companion, only_acts
from bots.reading.asides import aside, at_somebodys, introduced, no_word, whose_child
from bots.reading.clauses import Clause, Token
from bots.reading.facts import Scene
from bots.reading.groups import all_of, alone_in_a_row, listed, of_one_sex, rest_of
from bots.reading.mine import speaking_child
from bots.reading.names import People
from bots.reading.resumed import Told, in_person, so_many, taken_up, we_but_the_child
from bots.reading.siblings import former_or_latter, in_turn, sibling_of, the_other_one, those_two, told_apart
from bots.reading.who import NOBODY, PERSONAL, Look, Who, resolve

# Words that may be about somebody; where there is none, nobody is named.
_SOMEBODY = PERSONAL | {"pronoun", "rest", "order"}
_CLOSE_BY = 4  # names said before that a closing 都 may be about


def named_people(
    clauses: list[Clause], tokens: list[Token], people: People, scene: Scene
) -> tuple[dict[int, Who], set[int]]:
    """Person words that carry facts, by the place of their token's start. Agents, owners, companions are left out.

    Second: where the writer only acted (我重新一看是36.5), which ends what was told of a relative.
    """
    if (
        people.default is not None
        and all(_SOMEBODY.isdisjoint(clause.kinds) for clause in clauses)
        and not any(token.keys is not None for token in tokens)
    ):
        return {}, set()  # 36.5，没有不舒服
    found: dict[int, Who] = {}
    acting: set[int] = set()
    speaker = speaking_child(clauses, people)
    explicit: list[Who] = []
    clause_before = ""
    told = Told()
    said: list[Who] = []  # who was named in the clauses before, the last few
    sentence: list[Who] = []  # and in the sentence so far
    together: list[Who] = []  # those last named side by side in this sentence
    number = -1
    for clause in clauses:
        excepted = explicit if _leaves_out(clause_before) else []
        clause_outside = clause_before.endswith("外")
        before_this, clause_before = clause_before, clause.text.strip()
        said = [*said, *(who for who in explicit if who.kind == "subjects" and len(who.keys) == 1)][-_CLOSE_BY:]
        same = clause.sentence == number
        sentence = [*sentence, *explicit] if same else []
        if not same or len({key for who in explicit if who.kind == "subjects" for key in who.keys}) > 1:
            together = explicit if same else []
        left_open = explicit if explicit and same and not _gives_a_number(clause, clauses) else []
        explicit, number = [], clause.sentence
        row = clause.tokens
        skip = -1
        for at, token in enumerate(row):
            if at <= skip or (token.start in found and found[token.start].kind == "outsider"):
                if at > skip:
                    explicit.append(found[token.start])  # 婶子家老三
                continue
            roles = token.roles
            who = None
            if "all" in roles or "rest" in roles or token.text[0] in "都均体":
                left_out = excepted if not explicit or clause_outside else []
                who = all_of(
                    clause,
                    at,
                    explicit or excepted,
                    people,
                    bool(left_out),
                    said,
                    left_open,
                    before_this if same else None,
                )
            if who is None and (token.keys is not None or not PERSONAL.isdisjoint(roles)):
                who = resolve(token, people, scene)
            if speaker is not None and who is not None and who.kind == "self" and token.roles.get("self") == "i":
                who = speaker
            if who is not None and no_word(clause, row, at):
                continue
            if who is None and "order" in token.roles and (who := former_or_latter(token, said + explicit)):
                found[token.start] = who
                continue
            if who is None:
                if token.number is not None or "pronoun" in roles or "rest" in roles or token.text[0] in "给他她":
                    taken_up(clauses, clause, at, people, told, found)
                continue
            look = Look(
                clauses,
                clause,
                row,
                at,
                who,
                people,
                scene,
                found,
                explicit,
                acting,
                token,
                row[at - 1] if at and token.start - row[at - 1].end <= 1 else None,
                row[at + 1] if at + 1 < len(row) and row[at + 1].start - token.end <= 1 else None,
            )
            the_other_one(look)
            if len(people.children) > 1:
                sibling_of(look, said + explicit)
                those_two(look, explicit, together, sentence + explicit)
                in_turn(look, sentence + explicit)
            meant, skip = _meant(look, tokens, said + explicit)
            if meant is None:
                continue
            found[token.start] = meant
            explicit.append(meant)
            if meant is look.who:
                told.last, told.clause, told.number = meant, clause, False
    if len(people.children) > 1:
        alone_in_a_row(clauses, found)
    told_apart(found, clauses, people)
    return of_one_sex(found, people), acting


def _leaves_out(before: str) -> bool:
    """除了小明以外，都36.5; 除了小明37.4，家里其他人都36.5."""
    return before.startswith("除") and (before.endswith(("外", "度")) or before[-1:].isdigit())


def _whose_agent(look: Look) -> Who | None:
    """小明奶奶量的36.5 among several: whose grandmother it is, is the one measured."""
    owner = look.touching
    if owner is not None and owner.text.endswith(("他", "她", "的")) and look.at >= 2:
        owner = look.row[look.at - 2]
    if owner is None or owner.keys is None or len(owner.keys) != 1 or "kin" not in look.token.roles:
        return None
    return Who("subjects", owner.keys, text=owner.text)


def _gives_a_number(clause: Clause, clauses: list[Clause]) -> bool:
    """Whether the clause before this one gives a reading."""
    before = clauses[clause.tokens[0].clause - 1] if clause.tokens and clause.tokens[0].clause else None
    return before is None or any(t.number is not None and t.number.kind == "temperature" for t in before.tokens)


def _meant(look: Look, tokens: list[Token], spoken: list[Who]) -> tuple[Who | None, int]:
    """Whom the word stands for here, None where it carries nothing, and how far the clause is dealt with."""
    skip = look.at
    if not in_person(look, spoken):
        return None, skip
    so_many(look, tokens)
    we_but_the_child(look)
    other = aside(look)
    if other is not None:
        return (None if other is NOBODY else other), skip
    if at_somebodys(look):
        return None, look.at + 1
    other = introduced(look)
    if other is not None:
        return (None if other is NOBODY else other), skip
    rest_of(look)
    listed(look)
    if whose_child(look):
        return look.found[look.token.start], look.at + 1
    if not companion(look):
        return None, skip
    if only_acts(look):
        return _whose_agent(look), skip
    return look.who, skip
