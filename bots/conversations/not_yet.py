"""Entry permits, duty, disinfection, supplies: 暂未开通, and whom to ask instead (contract 10)."""

from __future__ import annotations

from bots.conversation import Conversation, Said, Turn, say
from bots.phrases import not_yet as words
from bots.reading import Intent, Scene, Subject, read


def answer(turn: Turn) -> Said | None:
    found = _subject(turn.text)
    if not found or _is_report(turn):
        return None
    return say(words.answer(found, words.SUBJECTS[found][1]))


def _subject(text: str) -> str:
    return next((name for name, (said, _) in words.SUBJECTS.items() if any(word in text for word in said)), "")


def _is_report(turn: Turn) -> bool:
    """Whether the same words say something about somebody's health: that comes first."""
    disease = turn.district.disease
    subjects = tuple(
        Subject(key=person.person_id, name=person.name, is_self=person.relation == "self", bound_rank=rank)
        for rank, person in enumerate(turn.speaker.people)
    )
    scene = Scene(
        sent_at=turn.district.local(turn.sent_at),
        subjects=subjects,
        fever_tenths=disease.fever_tenths,
        plausible=disease.plausible_tenths,
        lookback_days=disease.lookback_days,
    )
    reading = read(turn.text, scene)
    return bool(reading.people or reading.alerts_pending or reading.backfills) or reading.intent in {
        Intent.REPORT,
        Intent.CORRECTION,
    }


conversation = Conversation(
    name="not_yet",
    steps={"answer": answer},
    first="answer",
    opens_on=frozenset(word for said, _ in words.SUBJECTS.values() for word in said),
    reads=answer,
    order=50,
)
