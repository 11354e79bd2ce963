"""Two guardians said different things of one day: which record counts (domain handbook 3.7)."""

from __future__ import annotations

from bots.check_in.keep import keep
from bots.check_in.scene import subjects_of, understand
from bots.check_in.thread import Thread
from bots.check_in.words import report as words
from bots.check_in.words import talk as talk_words
from bots.engine.conversation import Said, Turn, say
from bots.wording.health import body
from models.rules.check_in import Health, Measured


def chosen(turn: Turn, thread: Thread, text: str) -> Said | None:
    """Records the choice as a correction; both versions stay, and so does every alert. None: the text is no choice."""
    asked = thread.first
    person = next((p for p in turn.speaker.people if asked is not None and p.person_id == asked.subject), None)
    if asked is None or person is None or asked.day is None:
        return None
    rest = Thread(thread.asked[1:], thread.held, False, thread.pending, thread.done)
    bare = text.strip("。.！!，, ")
    mine, theirs = asked.candidates, tuple(int(tenths) for tenths in asked.choices)
    if bare in talk_words.UNSURE:
        return say(words.LEFT_TO_TEACHER, rest.wait())
    if bare in talk_words.MINE:
        choice = mine
    elif bare in talk_words.THEIRS:
        choice = theirs
    else:
        choice = _number(turn, person.person_id, text)
        if not choice or not (choice[0] in mine or choice[0] in theirs):
            return None
    kept = keep(
        turn,
        person,
        Health(readings=tuple(Measured(tenths) for tenths in choice)),
        day=asked.day,
        correction=True,
        reporter=person.relation,
    )
    return say(words.counted(person.name, body(kept.health)), rest.wait())


def _number(turn: Turn, person_id: int, text: str) -> tuple[int, ...]:
    """The one number the text says of the person, and of nobody else."""
    reading = understand(turn, text, subjects_of(turn))
    facts = reading.of(person_id)
    said = tuple(temperature.tenths for temperature in facts.temperatures) if facts is not None else ()
    return said if len(reading.people) == 1 and len(said) == 1 else ()
