"""Recording for somebody else: the head teacher's `代报`. Who may do it is judged by the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bots.check_in.health import health_of
from bots.check_in.keep import Kept, is_counted, keep
from bots.check_in.scene import Known, subject_of, understand
from bots.engine.conversation import Turn
from bots.reading import Ask, Intent
from models.rules.check_in import Health


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """What came of it. kept None: nothing was recorded; asks: what is unclear, most important first.

    counted False: the person is not on the roster that day.
    """

    kept: Kept | None
    asks: tuple[Ask, ...] = ()
    counted: bool = True


def record_for(
    turn: Turn,
    person: Known,
    text_or_health: str | Health,
    reporter: str = "head_teacher",
    day: date | None = None,
    correction: bool = False,
) -> OnBehalf:
    """Record what the speaker says of `person` for the message's day (or `day`); alerts are raised as for anybody.

    text_or_health: words, read as if only this person could be meant, or what is known already. Without a number
    nothing is recorded. correction: the readings replace the earlier ones, as they do where the words say so (改 36.8).
    """
    on = day or turn.day
    if not is_counted(person, on):
        return OnBehalf(None, counted=False)
    asks: tuple[Ask, ...] = ()
    if isinstance(text_or_health, Health):
        health, corrects = text_or_health, correction
    else:
        reading = understand(turn, text_or_health.strip(), (subject_of(turn, person),))
        facts, asks = reading.of(person.person_id), reading.asks
        corrects = correction or reading.intent is Intent.CORRECTION
        disease = turn.district.disease
        health = Health() if facts is None else health_of(facts, turn.district.code, disease.fever_tenths)
    if health.tenths is None:
        return OnBehalf(None, asks)
    me = turn.speaker.me
    by = None if me is None else me.person_id
    kept = keep(turn, person, health, day=on, correction=corrects, reporter=reporter, reporter_person_id=by)
    return OnBehalf(kept, asks)
