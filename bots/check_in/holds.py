"""Whether words hold something for a check-in; other conversations ask before they take a message for themselves."""

from __future__ import annotations

from bots.check_in.scene import scene_of, subjects_of
from bots.engine.conversation import Turn
from bots.reading import Intent, read


def holds_report(turn: Turn, text: str) -> bool:
    """Whether `text` states, or may state, facts about the health or the journeys of those the sender speaks for."""
    reading = read(text, scene_of(turn, subjects_of(turn)))
    stated = bool(reading.people or reading.alerts_pending or reading.backfills)
    return stated or reading.intent in {Intent.REPORT, Intent.CORRECTION}
