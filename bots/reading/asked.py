"""The open question and what the message answers to it. Facts volunteered beside the answer are read as always."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bots.reading.days import span
from bots.reading.facts import Ask, Asked, AskKind, Backfill, Intent, Method, Symptom, Temperature, Trip
from bots.reading.intent import whole
from bots.reading.negation import Symptoms
from bots.reading.neighbours import Verdict
from bots.reading.routes import Move
from bots.reading.unexplained import unexplained
from bots.reading.walk import At
from bots.reading.when import When
from bots.reading.who import Who

if TYPE_CHECKING:
    from bots.reading.gathering import Gathering

_FIRST = ("第一个", "前面", "前一个", "第1个", "上面", "先", "头一个", "前边")
_SECOND = ("第二个", "后面", "后一个", "第2个", "下面", "后边", "另一个")


def settle(
    builder: Gathering,
    word: frozenset[str],
    verdicts: list[Verdict],
    named: dict[int, Who],
    places: dict[int, At],
    symptoms: Symptoms,
    moves: list[Move],
) -> Intent | None:
    """Apply the answer to the open question; returns the intent it settles, or None where it was not answered."""
    asked = builder.scene.asked
    if asked is None:
        return None
    numbers = any(verdict.fate in ("store", "ask") for verdict in verdicts)
    if not word and len(builder.clauses) > 1:  # 是的，没有不舒服
        word = whole(builder.clauses[0].text) & {"yes", "no"}
    kind = asked.kind
    builder.no_yes = bool(asked.candidates) and "yes" in word and _takes_back(builder, named, kind)
    if builder.no_yes and kind == AskKind.BACKFILL:
        return None
    if kind in (AskKind.CONFIRM_VALUE, AskKind.CONFIRM_PERSON):
        return None if numbers else _confirm(builder, asked, word, named, places)
    if kind == AskKind.WHICH_PERSON:
        return None if numbers else _which(builder, asked, word, named, places)
    if kind != AskKind.METHOD and not numbers and len(builder.tokens) <= _FEW:
        _method_volunteered(builder, asked)  # 水银的, though something else was asked
    if kind == AskKind.SYMPTOMS and not symptoms.findings:
        return _symptoms(builder, asked, word)
    if kind in (AskKind.TEMPERATURE, AskKind.RETEST, AskKind.FEVER):
        if not numbers and word & {"no", "nothing"} and not symptoms.findings:
            return Intent.NO
        return None
    if kind == AskKind.METHOD:
        method = next((token.roles["method"] for token in builder.tokens if "method" in token.roles), None)
        if method is not None and not numbers:
            for key in _subjects(builder, asked):
                builder.draft(key).method = Method(method)
            return Intent.YES
        return None
    if kind in (AskKind.WHEN_BACK, AskKind.WHEN_LEFT, AskKind.PLACE) and _NOT_GONE.search(builder.normal.text):
        moves.clear()
        for key in _subjects(builder, asked):
            builder.draft(key).never_left = True
        return Intent.CORRECTION  # 孩子没去: no journey at all
    if kind in (AskKind.SINCE_WHEN, AskKind.WHEN_BACK, AskKind.WHEN_LEFT):
        return _day(builder, asked, places, moves, numbers)
    if kind == AskKind.WHICH_DAY and not numbers:
        return _which_day(builder, asked, places)
    return None


_FEW = 4  # words of an answer that says no more than how it was measured


def _method_volunteered(builder: Gathering, asked: Asked) -> None:
    method = next((token.roles["method"] for token in builder.tokens if "method" in token.roles), None)
    if method is not None and not any(token.number is not None for token in builder.tokens):
        for key in _subjects(builder, asked):
            builder.draft(key).method = Method(method)


_NOT_GONE = re.compile(
    r"(?:孩子|娃|他|她|小孩|我们|我)?(?:并|也|根本|压根)?没(?:有)?去(?:成|过)?(?:[。！!，, ]|的|$)|不是(?:我|孩子|他|她)去的"
)


def _subjects(builder: Gathering, asked: Asked) -> tuple[int, ...]:
    if asked.subject is not None and asked.subject in builder.people.all_keys:
        return (asked.subject,)
    known = tuple(key for key in asked.subjects if key in builder.people.all_keys)
    if len(known) == 1:
        return known
    return (builder.people.default,) if builder.people.default is not None else ()


def _record(builder: Gathering, key: int, tenths: int, asked: Asked) -> None:
    if asked.day is not None:  # 昨天的是36.7, and then whose: still yesterday's
        builder.backfills.append(Backfill(asked.day, Temperature(tenths, asked.source), key))
        return
    builder.draft(key).temperatures.append(Temperature(tenths, asked.source))
    builder.kept_numbers += 1


def _named_keys(named: dict[int, Who]) -> list[int]:
    keys = [key for at in sorted(named) for key in (named[at].keys if named[at].kind == "subjects" else ())]
    return list(dict.fromkeys(keys))


def _takes_back(builder: Gathering, named: dict[int, Who], kind: str) -> bool:
    """Whether the rest of an answer says that its yes is none: 嗯？ 对，体重。是，他爷爷的。可以，晚点。"""
    text = builder.normal.text
    if any(clause.asked or clause.hypothetical or clause.hearsay for clause in builder.clauses):
        return True
    ranked = any(mark in text for mark in _FIRST + _SECOND)  # 后面 is a place among the children here
    if (
        not (_OTHERWISE - {"foreign"} if ranked else _OTHERWISE).isdisjoint(builder.kinds)
        or _OF_OTHERS.search(text)
        or _WHOEVER.search(text)
    ):
        return True
    if any(who.kind not in ("subjects", "which") for who in named.values()):
        return True
    if kind != AskKind.CONFIRM_VALUE or len(builder.clauses) < 2:
        return False
    gaps = 0
    for clause in builder.clauses:
        start = clause.start
        for token in (*clause.tokens, None):
            end = token.start if token is not None else clause.end
            gaps += len(unexplained(builder.normal.text[start:end])) if end > start else 0
            start = token.end if token is not None else end
    return gaps >= _UNKNOWN


_OTHERWISE = frozenset(("foreign", "defer", "doubt", "guess", "withdraw"))
_UNKNOWN = 2  # letters that belong to no frame of a report
_OF_OTHERS = re.compile(r"的(?:那个)?(?:同学|同桌|朋友|邻居|表|堂|弟|妹|哥|姐|爸|妈|爷|奶|姥|舅|姑|姨|叔|老师)")
_WHOEVER = re.compile(r"都不|谁的?都|哪个都|随便|其中|任[何意]|一个都没|没有一个")


def _of_another_day(builder: Gathering, asked: Asked, keys: tuple[int, ...], places: dict[int, At]) -> bool:
    """对，不过是昨天的: the value is offered for that day and is none of today's."""
    when = _spoken_time(builder, places)
    if when is None or when.kind == "today" or asked.day is not None:
        return False
    if when.day is not None and when.kind != "future":
        for key in keys:
            reading = Temperature(max(asked.candidates), asked.source)
            builder.backfills.append(Backfill(when.day, reading, key))
    return True


def _confirm(
    builder: Gathering, asked: Asked, word: frozenset[str], named: dict[int, Who], places: dict[int, At]
) -> Intent | None:
    keys = _named_keys(named) if len(builder.people.all_keys) > 1 else []
    if asked.candidates and "yes" in word:
        if any(token.roles.get("correct") == "wrong" for token in builder.tokens):
            word = frozenset(("no",))  # 对，我打错了
        elif builder.no_yes:
            return None
        elif _of_another_day(builder, asked, tuple(keys) or _subjects(builder, asked), places):
            return Intent.REPORT
    if "yes" in word or (keys and "no" not in word and asked.candidates):
        chosen = tuple(keys) or _subjects(builder, asked)
        if not asked.candidates:
            return Intent.YES
        if not chosen:
            names = tuple(builder.people.name_of.values())
            builder.asks.append(
                Ask(AskKind.WHICH_PERSON, None, asked.candidates, names, asked.source, subjects=builder.people.all_keys)
            )
            return Intent.YES
        for key in chosen:
            _record(builder, key, max(asked.candidates), asked)
        return Intent.YES
    if word & {"no", "nothing"}:
        builder.asks.append(
            Ask(AskKind.TEMPERATURE, asked.subject if asked.subject is not None else builder.people.default)
        )
        return Intent.NO
    return None


def _which(
    builder: Gathering, asked: Asked, word: frozenset[str], named: dict[int, Who], places: dict[int, At]
) -> Intent | None:
    text = builder.normal.text
    if asked.candidates and _takes_back(builder, named, asked.kind):
        return None
    allowed = asked.subjects or builder.people.all_keys
    keys = _named_keys(named)
    if keys and text.strip().startswith("不是"):
        keys = [key for key in allowed if key not in keys]  # 不是小明: then the other, where there is one
        keys = keys if len(keys) == 1 else []
    if not keys and any(mark in text for mark in ("都是", "都有", "两个都", "俩都", "一样", "都一样", "全是")):
        keys = list(allowed)
    if not keys and text.strip().isdigit() and 1 <= int(text.strip()[:2]) <= len(asked.choices):
        wanted = asked.choices[int(text.strip()[:2]) - 1]
        keys = [key for key in allowed if builder.people.name_of[key] == wanted]
    if not keys:
        if "yes" in word and len(allowed) == 1:
            keys = list(allowed)
        else:
            return None
    if asked.symptom:
        for key in keys:
            code = "other" if asked.symptom == "unconscious" else asked.symptom
            builder.draft(key).present[code] = Symptom(code, asked.source)
            if asked.symptom in ("fever", "dyspnea", "convulsion", "unconscious"):
                builder.draft(key).danger[asked.symptom] = None
        return Intent.YES
    if asked.trip is not None:
        for key in keys:
            builder.draft(key).trips.append((asked.trip, True))
        return Intent.YES
    if not asked.candidates:
        return None
    if _of_another_day(builder, asked, tuple(keys), places):
        return Intent.REPORT
    if len(asked.candidates) == 1 or len(set(asked.candidates)) == 1:
        for key in keys:
            _record(builder, key, asked.candidates[0], asked)
        return Intent.YES
    if len(asked.candidates) == 2 and len(builder.people.all_keys) == 2:
        first = keys[0]
        if len(keys) == 1:
            if any(mark in text for mark in _SECOND) and not any(mark in text for mark in _FIRST):
                first = next(key for key in builder.people.all_keys if key != keys[0])
            elif not any(mark in text for mark in _FIRST):
                return _again(builder, asked)
        elif text.find(_SECOND[1]) >= 0 and (text.find(_FIRST[1]) < 0 or text.find(_SECOND[1]) < text.find(_FIRST[1])):
            first = keys[1]
        second = next(key for key in builder.people.all_keys if key != first)
        _record(builder, first, asked.candidates[0], asked)
        _record(builder, second, asked.candidates[1], asked)
        return Intent.YES
    if len(keys) == len(asked.candidates):
        for key, tenths in zip(keys, asked.candidates, strict=True):
            _record(builder, key, tenths, asked)
        return Intent.YES
    return _again(builder, asked)


def _again(builder: Gathering, asked: Asked) -> Intent:
    builder.asks.append(
        Ask(AskKind.WHICH_PERSON, None, asked.candidates, asked.choices, asked.source, subjects=asked.subjects)
    )
    return Intent.YES


def _symptoms(builder: Gathering, asked: Asked, word: frozenset[str]) -> Intent | None:
    if word & {"no", "nothing"}:
        for key in _subjects(builder, asked) or builder.people.children:
            draft = builder.draft(key)
            draft.denied_all = True
            if asked.symptom:
                draft.denied[asked.symptom] = None
        return Intent.NO
    if "have" in word or ("yes" in word and asked.symptom):
        if asked.symptom:
            for key in _subjects(builder, asked):
                builder.draft(key).present[asked.symptom] = Symptom(asked.symptom, asked.source)
            return Intent.YES
        builder.asks.append(Ask(AskKind.SYMPTOMS, asked.subject))
        return Intent.YES
    return None


def _spoken_time(builder: Gathering, places: dict[int, At]) -> When | None:
    for token in builder.tokens:
        here = places[token.start].when
        if here.said and (here.day is not None or here.kind != "today"):
            return here
        if token.roles.get("day") == "0" or "moment" in token.roles:
            return here
    return None


def _day(builder: Gathering, asked: Asked, places: dict[int, At], moves: list[Move], numbers: bool) -> Intent | None:
    when = _spoken_time(builder, places)
    if asked.kind == AskKind.SINCE_WHEN:
        if when is None or not asked.symptom or when.kind == "future" or any(c.asked for c in builder.clauses):
            return None  # 明天能上学吗: nobody has been coughing since tomorrow
        if when.kind == "today" and numbers and "onset" not in builder.kinds:
            return None  # 现在37.8: the hour of a measurement
        day = when.day or (builder.today if when.kind == "today" else None)
        for key in _subjects(builder, asked):
            builder.draft(key).present[asked.symptom] = Symptom(asked.symptom, asked.source, day)
        return Intent.YES
    trip = asked.trip
    if trip is None:
        return None
    stay = span(builder.normal.text, builder.today)
    if stay is not None and stay[0] <= builder.today and all(move.trip.place in ("", trip.place) for move in moves):
        moves.clear()  # 20号去的28号回的: both days, of the journey that was asked about
        return _keep_trip(builder, asked, _with_stay(trip, stay, builder.today), distant=False)
    if moves or when is None:
        return None
    day = when.day or (builder.today if when.kind == "today" else None)
    if asked.kind == AskKind.WHEN_LEFT:
        trip = replace(trip, left_on=day)
    elif when.kind == "future":
        trip = replace(trip, away_now=True, planned_return=day)
    else:
        trip = replace(trip, returned_on=day, away_now=False)
    if when.kind == "future" and asked.kind == AskKind.WHEN_LEFT:
        for key in _subjects(builder, asked):
            builder.draft(key).plans.append(trip)
        return Intent.YES
    return _keep_trip(builder, asked, trip, distant=when.kind == "distant")


def _with_stay(trip: Trip, stay: tuple[date, date], today: date) -> Trip:
    """The journey with the first and the last day of the stay; a last day yet to come is the plan."""
    left, back = stay
    if back > today:
        return replace(trip, left_on=left, away_now=True, planned_return=back)
    return replace(trip, left_on=left, returned_on=back, away_now=False)


def _keep_trip(builder: Gathering, asked: Asked, trip: Trip, *, distant: bool) -> Intent:
    long_ago = trip.returned_on is not None and (builder.today - trip.returned_on).days > builder.scene.lookback_days
    for key in _subjects(builder, asked):
        builder.draft(key).trips.append((trip, not long_ago and not distant))
    return Intent.YES


def _which_day(builder: Gathering, asked: Asked, places: dict[int, At]) -> Intent | None:
    when = _spoken_time(builder, places)
    if when is None or not asked.candidates:
        return None
    for key in _subjects(builder, asked):
        if when.kind == "today":
            _record(builder, key, max(asked.candidates), asked)
        elif when.day is not None:
            builder.backfills.append(Backfill(when.day, Temperature(max(asked.candidates), asked.source), key))
    return Intent.YES
