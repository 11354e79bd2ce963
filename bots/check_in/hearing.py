"""Which of the open questions a message answers, and its reading in the light of that question."""

from __future__ import annotations

import re

from bots.check_in.following import in_order, of_health
from bots.check_in.scene import subjects_of, understand
from bots.check_in.taken import Taking
from bots.check_in.thread import WHICH_COUNTS
from bots.reading import Asked, Intent, Reading, Subject
from models.queries.days import day_of
from models.rules.check_in import merge

_YES_NO = frozenset({"confirm_value", "confirm_person", "which_person", "backfill", "symptoms", "retest", "fever"})
#: Intents that answer an open question even where they carry no facts.
_ANSWERING = frozenset({Intent.CORRECTION, Intent.REPORT, Intent.DEFER, Intent.NO_THERMOMETER})
#: What completes a record is said in a few words; a longer text is read as what it is.
_SHORT = 20
#: Since when, without a symptom of its own: 前天开始的, 从昨晚起的.
_SINCE = re.compile(r"(?:开始|起)的?(?:吧|呢|啊)?(?=$|[，。,.\s])")
#: Questions whose answer may say since when besides.
_BESIDE = frozenset({"temperature", "retest", "symptoms", "place", "when_back", "when_left"})


def hear(taking: Taking, text: str, *, waiting: bool) -> tuple[Reading, Asked | None] | None:
    """The reading of a message, and the open question it answers. waiting: a question is open; None where the message
    answers none of the open ones.

    Questions are answered in any order: perhaps it is the answer to one that waits behind the first, or to one nobody
    has put.
    """
    turn, thread = taking.turn, taking.thread
    first = thread.first
    subjects = subjects_of(turn)
    asked = None if first is None or first.kind == WHICH_COUNTS else first
    reading = understand(turn, text, subjects, asked)
    if waiting and not _answers(reading, asked):
        for other in (*thread.asked[1:], *_unasked(taking)):
            tried = understand(turn, text, subjects, other)
            if tried.people and tried.intent is not Intent.QUESTION:
                reading, asked = tried, other
                break
        else:
            return None
    elif not waiting and not _answers(reading, asked):
        reading, asked = _to_what_is_open(taking, text, subjects, reading)
    return _with_since_when(taking, text, subjects, reading, asked)


def _unasked(taking: Taking) -> tuple[Asked, ...]:
    """Questions nobody has put, to which today's record leaves room for an answer: where, since when, when back."""
    turn = taking.turn
    open_now: list[Asked] = []
    for person in taking.people.values():
        said = taking.thread.held.get(person.person_id)
        day = day_of(turn.work, person.person_id, person.unit_id, turn.day)
        health = said if day.health is None else day.health if said is None else merge(day.health, said)
        if health is not None:
            open_now += of_health(person, health)
    return in_order(open_now)


def _with_since_when(
    taking: Taking, text: str, subjects: tuple[Subject, ...], reading: Reading, asked: Asked | None
) -> tuple[Reading, Asked | None]:
    """36.8，前天开始的: beside the number that was asked for, it also says since when what was told before has lasted."""
    if not _SINCE.search(text) or (asked is not None and str(asked.kind) not in _BESIDE):
        return reading, asked
    if any(symptom.onset for facts in reading.people for symptom in facts.symptoms):
        return reading, asked
    for other in (*taking.thread.asked, *_unasked(taking)):
        if other.kind == "since_when" and other is not asked:
            tried = understand(taking.turn, text, subjects, other)
            if any(symptom.onset for facts in tried.people for symptom in facts.symptoms):
                return tried, asked
    return reading, asked


def _to_what_is_open(
    taking: Taking, text: str, subjects: tuple[Subject, ...], reading: Reading
) -> tuple[Reading, Asked | None]:
    """A few words that mean nothing by themselves (下周三回) may complete what is recorded."""
    if reading.intent in {Intent.CHAT, Intent.OTHER} and len(text) <= _SHORT:
        for other in _unasked(taking):
            tried = understand(taking.turn, text, subjects, other)
            if tried.people and tried.intent is not Intent.QUESTION:
                return tried, other
    return reading, None


def _answers(reading: Reading, asked: Asked | None) -> bool:
    """Whether the message is for the open question, or says something of health by itself."""
    if reading.people or reading.backfills or reading.alerts_pending:
        return True
    if reading.intent in _ANSWERING:
        return True
    if asked is None:
        return False
    if reading.intent in {Intent.YES, Intent.NO}:
        return str(asked.kind) in _YES_NO
    return reading.intent is Intent.DONT_KNOW
