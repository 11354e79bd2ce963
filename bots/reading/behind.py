"""Numbers written before their owner (36.5小明 36.7小红), before their time (36.4早 36.6晚), or before both (三十八度一，是妹妹)."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise

from bots.reading.clauses import Clause, Token
from bots.reading.when import TODAY, time_of
from bots.reading.who import Who

_TIMED = frozenset(("day", "night", "moment", "past", "future", "usual", "compare"))


def turned(events: list[tuple[str, Token]], first: str, second: str) -> bool:
    """Whether numbers stand before what they belong to, all through the message."""
    kinds = [kind for kind, _ in events]
    if len(kinds) < 2 or len(kinds) % 2 or kinds[0] != first:
        return False
    return all(kind == (first if at % 2 == 0 else second) for at, kind in enumerate(kinds))


def turned_pairs(
    clauses: list[Clause], events: list[tuple[str, Token]], named: dict[int, Who]
) -> list[tuple[Token, Token]]:
    """36.5小明，36.6小红 within a longer message: numbers with their owner right behind, two such or more in a row."""
    pairs: list[tuple[Token, Token]] = []
    run: list[tuple[Token, Token]] = []
    at = 0
    while at + 1 < len(events):
        (first, number), (second, person) = events[at : at + 2]
        before = events[at - 1] if at else None
        if (
            (first, second) == ("n", "p")
            and person.start - number.end <= 1
            and close_by(clauses, number, person)
            and ends(clauses, person)
            and (
                before is None
                or _group(before, named)
                or before[1].clause != number.clause
                or (run and before[1] is run[-1][1])
            )
        ):
            run.append((number, person))
            at += 2
            continue
        pairs += _sure(clauses, run, events[at] if at < len(events) else None)
        run = []
        at += 1
    return pairs + _sure(clauses, run, events[at] if at < len(events) else None)


def _group(event: tuple[str, Token], named: dict[int, Who]) -> bool:
    """两个孩子：36.5小明，36.7小红: several at once, each of whom is still to come."""
    return event[0] == "p" and len(named[event[1].start].keys) > 1


def _sure(
    clauses: list[Clause], run: list[tuple[Token, Token]], following: tuple[str, Token] | None
) -> list[tuple[Token, Token]]:
    """The pairs, unless one is alone, or a number behind the last (36.5小明36.6小红36.7) lets them be read forwards."""
    if len(run) < 2 or len({person.text for _, person in run}) < len(run):
        return []
    if following is not None and following[0] == "n":
        last = run[-1][1]
        between = following[1].clause - last.clause
        if between == 0 or (between == 1 and clauses[last.clause].stop[:1] in (" ", "(")):
            return []
    return run


def listed_behind(events: list[tuple[str, Token]], named: dict[int, Who]) -> dict[int, tuple[Who, int]] | None:
    """36.5、36.6 小明、小红: as many names behind the numbers, each one child's, go in order."""
    half = len(events) // 2
    if half < 2 or len(events) != 2 * half or half > 4:
        return None
    numbers, people = events[:half], events[half:]
    if any(kind != "n" for kind, _ in numbers) or any(kind != "p" for kind, _ in people):
        return None
    keys = [token.keys for _, token in people]
    if any(key is None or len(key) != 1 for key in keys) or len(set(keys)) != half:
        return None
    if people[-1][1].clause - numbers[0][1].clause > half + 1:
        return None
    return {
        number.start: (Who("subjects", key or (), text=person.text), person.start)
        for (_, number), (_, person), key in zip(numbers, people, keys, strict=True)
    }


def times_behind(tokens: list[Token], readings: list[Token], sent: datetime) -> list[tuple[str, Token]]:
    """Numbers and times in order where each number stands before its time (36.4早 36.6晚); else nothing."""
    if not readings:
        return []
    times: list[Token] = []
    for token in tokens:
        if (
            not (token.roles and _TIMED.isdisjoint(token.roles))
            and "polite" not in token.roles
            and (token.number is None or token.number.kind == "date")
            and time_of(token, sent, TODAY, False) is not None
        ):
            if token.start < readings[0].start:
                return []
            times.append(token)
    if len(times) != len(readings):
        return []
    events = sorted([("n", t) for t in readings] + [("t", t) for t in times], key=lambda event: event[1].start)
    return events if turned(events, "n", "t") else []


def ends(clauses: list[Clause], token: Token) -> bool:
    """Whether the clause says nothing after this word (or only goes on with the next number)."""
    row = clauses[token.clause].tokens
    at = row.index(token)
    rest = [other for other in row[at + 1 :] if not ("polite" in other.roles or "list" in other.roles)]
    return not rest or rest[0].number is not None


_IT_IS = re.compile(r"\s*(?:这|那|说的|量的|测的|烧的|发烧的|咳的|咳嗽的)?(?:是|就是|都是)")


_IN_TRUTH = ("其实", "不对", "哦不", "实际")


def owner_in_the_next_clause(clauses: list[Clause], named: dict[int, Who]) -> dict[int, tuple[Who, int]]:
    """三十八度一，是妹妹; 烧的是小红: whose it is stands behind, with 是 before it and nothing after it."""
    owners: dict[int, tuple[Who, int]] = {}
    for index, clause in enumerate(clauses):
        row = clause.tokens
        opening = _IT_IS.match(clause.text) if "是" in clause.text else None
        if opening is None:
            continue
        at = next((k for k, token in enumerate(row) if token.start == clause.start + opening.end()), None)
        if at is None or row[at].start not in named:
            continue
        person = row[at]
        if any(  # 是小红不是小明
            token.start not in named
            and token.keys is None
            and token.text not in ("的", "了")
            and "negated" not in token.roles
            for token in row[at + 1 :]
        ):
            continue
        about = [token for token in row if token.end <= person.start and "symptom" in token.roles]
        before = clauses[index - 1] if index else None
        if before is not None and before.sentence == clause.sentence and not about:
            about = [t for t in before.tokens if t.number is not None or "symptom" in t.roles]
            if any(token.start in named for token in before.tokens) and not clause.text.lstrip().startswith(_IN_TRUTH):
                continue
        for token in about:
            owners[token.start] = named[person.start], person.start
    return owners


_FILLERS = ("其实", "才", "就", "应该", "那个", "这个", "都")
_IS = ("其实是", "实际是", "实际上是", "应该是", "是", "的是", "是的", "就是", "才是", "都是")


def owners_told(clauses: list[Clause], named: dict[int, Who]) -> list[tuple[Token, Token]]:
    """36.5的是乐乐, 那个37.2其实是小明的, 37.8是我同事家的: each number with the person word it is said to be of."""
    pairs: list[tuple[Token, Token]] = []
    for clause in clauses:
        row = clause.tokens
        if "是" not in clause.text:
            continue
        for at, token in enumerate(row[:-2]):
            if token.number is None or token.number.kind in ("other", "date", "clock", "code"):
                continue
            to = at + 1
            while to < len(row) and row[to].text in _FILLERS:
                to += 1
            if to + 1 >= len(row) or row[to].text not in _IS:
                continue
            to += 1
            while to < len(row) and row[to].start not in named and row[to].text in ("我", "俺", "我们", "那个", "咱"):
                to += 1
            if to >= len(row) or row[to].start not in named:
                continue
            rest = row[to + 1 :]
            if all(other.text in _AFTER_OWNER or "polite" in other.roles for other in rest) and (
                row[to - 1].text == "的是" or rest or not clause.text[row[to].end - clause.start :].strip()
            ):
                pairs.append((token, row[to]))
    return pairs


_HIGHER = re.compile(r"(?:那个)?(高|低|热|烫|凉)(?:一点|点儿?|些)?的(?:那个)?(?:就|才)?是")
_FIRST = re.compile(r"(前头|前面|前一个|头一个|后头|后面|后一个)(?:那个|的)?(?:就|才)?是")


def higher_or_lower(clauses: list[Clause], named: dict[int, Who]) -> list[tuple[Token, Token, Who]]:
    """两娃36.4、36.9，高的是小红, 前头是哥哥的: one of two numbers and whose it is; the other is the other child's.

    A number, the word that tells, and whom it tells of.
    """
    found: list[tuple[Token, Token, Who]] = []
    for index, clause in enumerate(clauses):
        said = (_HIGHER.match(clause.text) or _FIRST.match(clause.text)) if index and "是" in clause.text else None
        person = next((t for t in clause.tokens if said and t.start == clause.start + said.end()), None)
        if said is None or person is None or person.start not in named or len(named[person.start].keys) != 1:
            continue
        around = clauses[max(0, index - 2) : index]
        two = [t for c in around for t in c.tokens if t.number is not None and t.number.kind == "temperature"]
        if len(two) != 2 or two[0].number is None or two[1].number is None:
            continue
        if said.re is _HIGHER:
            two.sort(key=lambda token: token.number.tenths if token.number is not None else 0)
        first = said[1][0] in "低凉前头"
        found.append((two[0 if first else 1], person, named[person.start]))
        both = next((named[t.start] for c in around for t in c.tokens if t.start in named), None)
        if both is not None and len(both.keys) == 2:
            other = tuple(key for key in both.keys if key not in named[person.start].keys)
            found.append((two[1 if first else 0], person, Who("subjects", other, text=both.text)))
    return found


def of_one_sentence(clauses: list[Clause], named: dict[int, Who]) -> list[tuple[Token, Token]]:
    """36.5，小红的。 A sentence of nothing but a number and a name."""
    pairs: list[tuple[Token, Token]] = []
    for index, (here, following) in enumerate(pairwise(clauses)):
        if (
            here.sentence == following.sentence
            and len(here.tokens) == 1
            and (number := here.tokens[0].number) is not None
            and number.kind == "temperature"
            and 0 < len(following.tokens) <= 2
            and following.tokens[0].keys is not None
            and following.tokens[0].start in named
            and following.text.strip() in (following.tokens[0].text, following.tokens[0].text + "的")
            and (index + 2 == len(clauses) or clauses[index + 2].sentence != here.sentence)
            and (not index or clauses[index - 1].sentence != here.sentence)
        ):
            pairs.append((here.tokens[0], following.tokens[0]))
    return pairs


def in_brackets(clauses: list[Clause], named: dict[int, Who]) -> list[tuple[Token, Token]]:
    """36.7（小明，刚刷完牙）: a number alone at the head of a sentence, and whose it is at the head of the brackets."""
    pairs: list[tuple[Token, Token]] = []
    for here, following in pairwise(clauses):
        if (
            here.stop[:1] == "("
            and len(here.tokens) == 1
            and here.tokens[0].number is not None
            and here.tokens[0].number.kind == "temperature"
            and len(here.text.strip()) == len(here.tokens[0].text)
            and (not here.tokens[0].clause or clauses[here.tokens[0].clause - 1].sentence != here.sentence)
            and len(following.tokens) == 1
            and following.tokens[0].start in named
            and named[following.tokens[0].start].kind == "subjects"
        ):
            pairs.append((here.tokens[0], following.tokens[0]))
    return pairs


_AFTER_OWNER = ("的", "家", "家的", "那个", "了", "自己", "的了")


# So many letters may stand between a number and its owner behind it.
_CLOSE = 6


def close_by(clauses: list[Clause], number: Token, owner: Token) -> bool:
    """A name behind a number stands in the same clause, alone in brackets, or both make a sentence (37.9，小明。)."""
    if owner.start - number.end > _CLOSE:
        return False  # 36.3 您要的彩纸我下午送到门卫
    if number.clause == owner.clause:
        return True
    here, following = clauses[number.clause], clauses[owner.clause]
    if (
        owner.clause == number.clause + 1
        and here.sentence == following.sentence
        and len(here.tokens) == len(following.tokens) == 1
        and "count" not in owner.roles  # 36.8，两个孩子 may be asking for one of them
        and (owner.clause + 1 == len(clauses) or clauses[owner.clause + 1].sentence != here.sentence)
        and (not number.clause or clauses[number.clause - 1].sentence != here.sentence)
    ):
        return True
    return owner.clause == number.clause + 1 and clauses[number.clause].stop[:1] in ("(", " ")
