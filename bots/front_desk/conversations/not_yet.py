"""Entry permits, duty, disinfection, supplies: 暂未开通, and whom to ask instead (contract 10)."""

from __future__ import annotations

from bots.check_in.holds import holds_report
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.front_desk.words import not_yet as words


def answer(turn: Turn) -> Said | None:
    found = _subject(turn.text)
    if not found or holds_report(turn, turn.text):
        return None  # what is said of somebody's health comes first
    return say(words.answer(found, words.SUBJECTS[found][1]))


def _subject(text: str) -> str:
    return next((name for name, (said, _) in words.SUBJECTS.items() if any(word in text for word in said)), "")


conversation = Conversation(
    name="not_yet",
    steps={"answer": answer},
    first="answer",
    opens_on=frozenset(word for said, _ in words.SUBJECTS.values() for word in said),
    reads=answer,
    order=50,
)
