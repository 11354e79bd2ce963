"""Reporting: a parent for their children, a member of staff for themselves, in their own words."""

from __future__ import annotations

from bots.check_in.before import taken_before, with_advice
from bots.check_in.plain import at_once
from bots.check_in.taking import ask_again, take
from bots.check_in.thread import Thread, put_aside, set_aside
from bots.check_in.words import report as words
from bots.check_in.words import talk as talk_words
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.pupils.by_name import names_a_pupil
from bots.wording.health import body, journey
from models.queries.days import day_of

#: Words that open something else and may yet answer a question of ours (since when? 36.5?).
_ANSWERS = frozenset({"今天", "确认"})


def begin(turn: Turn) -> Said | None:
    """`打卡`: who is still to be reported is asked for; who is not is shown."""
    if not turn.speaker.people:
        return None
    missing, lines = [], []
    for person in turn.speaker.people:
        day = day_of(turn.work, person.person_id, person.unit_id, turn.day)
        if day.is_open:
            missing.append(person.name)
        elif day.health is not None:
            lines.append(words.already(person.name, [*body(day.health), *journey(day.health)]))
    return say("\n".join([*lines, *([words.ask_temperature_bare(missing)] if missing else [])]), keep=True)


def answer(turn: Turn) -> Said | None:
    """An answer to an open question, or a report of its own; anything else is passed on, the thread kept."""
    thread = Thread.of(turn.data)
    # "代报 王乐乐 36.5" is a teacher's order, and 撤销 a wish of its own, whatever we had asked.
    if turn.opens and turn.text not in _ANSWERS and (turn.is_word or turn.speaker.posts):
        put_aside(turn, thread)
        return None
    if (before := taken_before(turn)) is not None:
        return before
    if turn.speaker.posts and names_a_pupil(turn):
        put_aside(turn, thread)  # 王乐乐38.5 answers no question about the teacher's own temperature
        return None
    text = _words(turn, thread)
    if not text and turn.incoming.kind in talk_words.OTHER_KINDS:
        return ask_again(turn, thread, talk_words.OTHER_KINDS[turn.incoming.kind])
    said = with_advice(turn, take(turn, text, thread, waiting=True)) if text else None
    if said is None:
        put_aside(turn, thread)
    return said


def listen(turn: Turn) -> Said | None:
    """Whatever nobody else has claimed, from somebody who may report."""
    if not turn.speaker.people:
        return None
    thread = set_aside(turn)
    text = _words(turn, thread)
    if text:
        return with_advice(turn, take(turn, text, thread, waiting=False))
    return say(talk_words.OTHER_KINDS.get(turn.incoming.kind, talk_words.STICKER), keep=True)


def _words(turn: Turn, thread: Thread) -> str:
    """What there is to read: the text, a recognised voice, a shared place where a place was asked for."""
    if turn.text:
        return turn.text
    if turn.incoming.recognition:
        return turn.incoming.recognition.strip()
    place = turn.incoming.place
    if place is not None and thread.first is not None and thread.first.kind == "place":
        return place.label.strip()
    return ""


conversation = Conversation(
    name="check_in",
    opens_on=frozenset({"打卡", "报体温", "上报体温"}),
    steps={"begin": begin, "answer": answer},
    first="begin",
    reads=listen,
    at_once=at_once,
)
