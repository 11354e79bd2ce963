"""Walks a message once, left to right: at each word, who is being talked about and which day it is.

Numbers written before their owner (36.5小明 36.7小红) or before their time (36.4早 36.6晚) are turned round first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bots.reading.behind import (
    close_by,
    ends,
    higher_or_lower,
    in_brackets,
    listed_behind,
    of_one_sentence,
    owner_in_the_next_clause,
    owners_told,
    times_behind,
    turned,
    turned_pairs,
)
from bots.reading.carrying import (
    before_todays,
    carries,
    claimed,
    days_follow,
    goes_on_about,
    no_fever_alone,
    number_alone,
    numbered,
    of_a_thing,
    says_no_reading,
    tells_an_age,
    told,
    travelled,
)
from bots.reading.clauses import Clause, Token
from bots.reading.when import TODAY, When, after_dawn, time_of
from bots.reading.who import Who


@dataclass(slots=True)
class At:
    """What holds at one token. `mention` numbers the person words, so that each takes its own number."""

    who: Who | None
    when: When
    mention: int
    marked: bool  # an own time, method or ordinal stands before this number
    fresh: bool  # the person was named in this clause


def _before_something(clause: Clause, prior: Token | None, token: Token) -> bool:
    """碎之前量的36.5: before something that was done; but 孩子之前39度."""
    left = clause.text[: token.start - clause.start]
    if token.text not in ("之前", "以前") or not left or "没" in left:
        return False  # 没甩之前停在37.4
    if prior is not None and prior.end == token.start:
        return prior.keys is None and _PERSONS.isdisjoint(prior.roles) and prior.number is None
    return clause.text[token.start - clause.start - 1] not in " :、"


_PERSONS = frozenset(
    ("child", "kin", "self", "pronoun", "other", "elder", "younger", "nth", "list", "contrast", "polite")
)


def _two_days(clause: Clause, first: Token, second: Token) -> bool:
    """Whether two dates are the first and the last day of something."""
    return (
        first.number is not None
        and second.number is not None
        and first.number.kind == second.number.kind == "date"
        and clause.text[first.end - clause.start : second.start - clause.start].strip() in ("-", "~", "到", "至", "--")
    )


_BESIDE_A_NAME = frozenset(("pronoun", "contrast", "polite", "list"))
_JUST_NOW = ("刚量", "刚测", "刚量了", "刚测了", "刚又量", "刚量的", "刚测的", "刚量完")


def _only_calls(clause: Clause, mention: int) -> bool:
    """同事家娃，38.5: the clause says no more than whose the number behind it is."""
    last = clause.tokens[-1] if clause.tokens else None
    return (
        last is not None
        and last.start == mention
        and (not {"child", "younger", "elder"}.isdisjoint(last.roles) or last.text.startswith("有"))
        and last.end >= clause.start + len(clause.text.rstrip())
        and all(token.number is None for token in clause.tokens)
    )


_AGAIN = (
    "复测",
    "再测",
    "再量",
    "重测",
    "重新测",
    "重新量",
    "复量",
    "刚量",
    "刚测",
    "刚又量",
    "重量",
    "再量了",
    "再测了",
    "又量",
    "又测",
    "又量了",
    "复查",
    "重新夹",
    "重夹",
    "再夹",
    "又夹",
    "重新试",
)


def walk(
    clauses: list[Clause], tokens: list[Token], named: dict[int, Who], sent: datetime, acting: set[int]
) -> dict[int, At]:
    """What holds at every token, by its start. acting: where the writer measures, looks or does something."""
    readings = [t for t in tokens if t.number is not None and t.number.kind not in ("other", "date", "clock", "code")]
    places: dict[int, At] = {}
    people_events = (
        sorted(
            [("n", t) for t in readings] + [("p", t) for t in tokens if t.start in named],
            key=lambda event: event[1].start,
        )
        if readings and named
        else []
    )
    turned_people = turned(people_events, "n", "p") and all(
        ends(clauses, person) and close_by(clauses, number, person)
        for (_, number), (_, person) in zip(people_events[::2], people_events[1::2], strict=True)
    )
    time_events = times_behind(tokens, readings, sent)
    turned_times = bool(time_events) and all(
        ends(clauses, t) and time_events[2 * at][1].clause in (t.clause, t.clause - 1)
        for at, (_, t) in enumerate(time_events[1::2])
    )
    if (
        turned_times
        and len(time_events) == 2
        and time_events[0][1].clause != time_events[1][1].clause
        and "(" not in (clauses[time_events[0][1].clause].stop)
    ):
        turned_times = False
    owner_after: dict[int, tuple[Who, int]] = {}
    behind: set[int] = set()  # the names that only tell whose the number before them is
    if turned_people:
        for at in range(0, len(people_events), 2):
            owner = people_events[at + 1][1]
            owner_after[people_events[at][1].start] = (named[owner.start], owner.start)
    elif (listed := listed_behind(people_events, named)) is not None:
        owner_after = listed
        turned_people = True
    elif named:
        owner_after = owner_in_the_next_clause(clauses, named)
        for number, owner in turned_pairs(clauses, people_events, named):
            owner_after[number.start] = (named[owner.start], owner.start)
            behind.add(owner.start)
        for number, owner in [*owners_told(clauses, named), *of_one_sentence(clauses, named)] if readings else ():
            owner_after[number.start] = (named[owner.start], owner.start)
            behind.add(owner.start)
        for number, owner, whose in higher_or_lower(clauses, named) if len(readings) > 1 else ():
            owner_after[number.start] = (whose, owner.start if whose is named[owner.start] else number.start)
            behind.add(owner.start)
        for number, owner in in_brackets(clauses, named) if readings else ():
            owner_after[number.start] = (named[owner.start], owner.start)
    time_after: dict[int, When] = {}
    if turned_times:
        for at in range(0, len(time_events), 2):
            word = time_events[at + 1][1]
            time_after[time_events[at][1].start] = time_of(word, sent, TODAY, False) or TODAY

    until_today = before_todays(clauses) if len(readings) > 1 else frozenset()
    listing: frozenset[int] = numbered(tokens) if named else frozenset()
    who: Who | None = None
    when = TODAY
    mention = -1
    resumed: tuple[Who | None, int] = (None, -1)  # of whom was told before a relative was mentioned, and where
    resumed_in = -1
    marked = False
    previous: Clause | None = None
    day_named, day_in = TODAY, -1  # the day named last in the sentence
    began: When | None = None  # when what is told of began
    when_at = -1  # the clause in which the running time was named
    for index, clause in enumerate(clauses):
        if previous is not None:
            if (
                (
                    previous.sentence != clause.sentence
                    and who is not None
                    and (who.kind in ("kin", "outsider", "self") or who.role == "unsure")
                )
                or (
                    who is not None
                    and who.kind == "kin"
                    and not {"symptom", "generic"}.isdisjoint(previous.kinds)
                    and not {"go", "from", "back"}.isdisjoint(clause.kinds)
                )
                or (  # 外婆病了，上周回了一趟仙桃: who travelled is the writer's family
                    who is not None
                    and who.kind in ("kin", "outsider", "self")
                    and not told(previous, who, mention)
                    and not (
                        (
                            previous.stop[:1] == " "
                            or (previous.stop[:1] == "(" and says_no_reading(clause))
                            or (  # 我，36.4；孩子，36.5
                                previous.stop[:1] == "，"
                                and number_alone(clause)
                                and len(previous.tokens) == 1
                                and len(previous.text.strip()) == len(previous.tokens[0].text)
                            )
                        )
                        and all(token.start in named for token in previous.tokens)
                    )  # 爸 36.2 妈 36.4
                    and not (
                        index > 1
                        and clause.tokens
                        and clause.tokens[0].number is not None
                        and clauses[index - 2].stop[:1] == "("
                        and all(
                            token.start in named or not _BESIDE_A_NAME.isdisjoint(token.roles)
                            for token in clauses[index - 2].tokens
                        )
                    )  # 我36.3，孩子(5岁)36.8; 就他弟弟(上幼儿园的)37.0
                    and not (previous.start <= mention and tells_an_age(previous, clause, who))
                    and not (who.kind == "outsider" and "all" in clause.kinds)
                    and not ((who.kind == "outsider" or who.role == "sibling") and _only_calls(previous, mention))
                    and not (who.role == "sibling" and previous.start <= mention and no_fever_alone(clause))
                    and not goes_on_about(previous, clause, clauses, index, named)
                )
            ):
                who, mention = resumed if resumed_in == clause.sentence else (None, -1)
            if not carries(clauses[index - 2] if index > 1 else None, previous, clause, when):
                when = TODAY
        fresh = False
        spoken = False
        prior: Token | None = None
        for token in clause.tokens:
            if token.start in named and not turned_people and token.start not in behind:
                if (
                    who is not None
                    and who.kind in ("kin", "outsider", "self")
                    and named[token.start].kind == "subjects"
                    and when_at < index
                    and index not in until_today
                ):
                    when = TODAY  # 他爸昨天38.5，孩子36.7
                if (
                    when_at < index
                    and previous is not None
                    and travelled(previous)
                    and who is not None
                    and named[token.start].keys != who.keys
                ):
                    when = TODAY  # 小红昨天回来，小明36.5
                if who is not None and who.kind == "subjects":
                    resumed, resumed_in = (who, mention), clause.sentence
                who, mention, fresh, marked = named[token.start], token.start, True, False
            elif (
                token.start in acting
                and who is not None
                and who.kind in ("kin", "outsider")
                and claimed(clauses, mention)
            ):
                who, mention = None, -1  # 他爷非说38，我重新一看是36度8
            elif "polite" not in token.roles or "day" in token.roles or "moment" in token.roles:
                if prior is not None and token.number is not None and of_a_thing(prior, token):
                    prior = token
                    places[token.start] = At(who, when, mention, marked, fresh)
                    continue  # 视力4.9 is no date
                if prior is not None and _two_days(clause, prior, token):
                    when, prior = TODAY, token  # 鸡西，2.22-2.24 体温36.5: the days of a stay
                    places[token.start] = At(who, when, mention, marked, fresh)
                    continue
                if token.start in listing:
                    places[token.start] = At(who, when, mention, marked, fresh)
                    prior = token
                    continue
                after_that = token.text in ("以后", "之后") and token.start > clause.start  # 进去以后又量
                after_that = after_that or _before_something(clause, prior, token)
                changed = None if turned_times or after_that else time_of(token, sent, when, spoken)
                if changed is not None:
                    if changed.kind in ("day", "night"):
                        day_named, day_in = changed, clause.sentence
                    elif changed.said:
                        day_named = TODAY
                    when, spoken, marked, when_at = changed, True, True, index
                elif when.kind == "night" and when_at < index and after_dawn(token, sent):
                    when, marked, when_at = When("today", sent.date(), "am", True), True, index  # 夜里38.5，六点37.4
                elif when_at < index and (
                    (when.kind in ("distant", "recent") and token.text in _AGAIN)
                    or (when.kind in ("day", "night") and token.text in _JUST_NOW)
                ):
                    when = TODAY  # 原来报36.5，复测37.4; 36.5是昨晚的，刚量的37.2
                elif "recovered" in token.roles and when_at < index and when.kind in ("day", "recent", "season"):
                    when = TODAY  # 前两天拉肚子，已经好了36.5
            if (
                "method" in token.roles
                or "ordinal" in token.roles
                or (token.number is not None and token.number.kind == "clock")
            ):
                marked = True
            here_who, here_mention, here_when = who, mention, when
            if token.start in owner_after:
                here_who, here_mention = owner_after[token.start]
                fresh = True
            if token.start in time_after:
                here_when = time_after[token.start]
            elif index in until_today and here_when.kind == "today" and day_in == clause.sentence:
                here_when = day_named  # 昨天下午摸着热…一量37.6…今早36.7
            places[token.start] = At(here_who, here_when, here_mention, marked, fresh)
            prior = token
            if token.number is not None and began is not None and when_at < index and days_follow(clauses, index):
                since = began if began.kind in ("day", "night") else When("recent", None, "", True)
                places[token.start] = At(here_who, since, here_mention, marked, fresh)  # 前天开始烧，39.2，昨天38.1
            if "onset" in token.roles and token.text != "就" and when.kind in ("day", "night", "recent", "season"):
                began = when
                when = TODAY  # 从昨天开始咳嗽，36.6: what follows is today's
            if token.number is not None and token.number.kind not in ("other", "date", "clock", "code"):
                marked = False
        previous = clause
    return places
