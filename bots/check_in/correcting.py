"""Changing one's mind: `改`, `更正`, `撤销`. The old revision is always kept; alerts are never taken back by chat."""

from __future__ import annotations

from bots.check_in.keep import keep
from bots.check_in.thread import Thread
from bots.check_in.words import report as words
from bots.engine.conversation import Said, Turn, say
from bots.reading import Asked, AskKind
from bots.wording.health import body, journey
from models.queries.days import Day, day_of, health_before
from models.queries.people import BoundPerson
from models.rules.check_in import Health


def _reported(turn: Turn) -> list[tuple[BoundPerson, Day]]:
    """Whom this account may report for and who has a record on the message's day."""
    days = [(person, day_of(turn.work, person.person_id, person.unit_id, turn.day)) for person in turn.speaker.people]
    return [(person, day) for person, day in days if not day.is_open]


def _ask_number(text: str, person: BoundPerson | None) -> Said:
    asked = Asked(str(AskKind.TEMPERATURE), None if person is None else person.person_id)
    return say(text, Thread((asked,), correcting=True).wait())


def ask_correction(turn: Turn) -> Said:
    """`改` without anything to put in its place: what should it be?"""
    reported = _reported(turn)
    if not reported:
        return say(words.NOTHING_TO_CORRECT)
    only = reported[0][0] if len(turn.speaker.people) == 1 else None
    return _ask_number(words.ask_temperature_correction("孩子" if only is None else only.name), only)


def withdraw(turn: Turn) -> Said:
    """`撤销`: the last answer of this account is taken back, and what held before it holds again.

    The only answer of a day cannot be taken back to nothing, for silence is no report: its correction is asked for.
    """
    mine = [(person, day) for person, day in _reported(turn) if day.reporter_account_id == turn.speaker.account_id]
    if not mine:
        return say(words.NOTHING_TO_CORRECT)
    person, day = max(mine, key=lambda entry: (entry[1].newest_sent_at or turn.now, entry[1].newest_msg_id))
    before = health_before(turn.work, day) if day.revisions > 1 else None
    if before is None:
        return _ask_number(words.cannot_withdraw(person.name, _parts(day.health)), person)
    kept = keep(
        turn,
        person,
        before,
        whole=True,
        reporter=person.relation,
        reporter_person_id=person.person_id if person.relation == "self" else None,
    )
    return say(words.withdrawn(person.name, _parts(kept.health)))


def _parts(health: Health | None) -> list[str]:
    return [] if health is None else [*body(health), *journey(health)]
