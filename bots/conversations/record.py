"""`记录`: the last fourteen days of everybody the account speaks for."""

from __future__ import annotations

from datetime import timedelta

from bots.check_in.keep import is_counted
from bots.conversation import Conversation, Said, Turn, say
from bots.phrases import check_in as words
from bots.phrases.health import body
from models.queries.days import day_of, preload

#: Contract 8: the last 14 days.
_DAYS = 14
_NOTES = {"late": "（迟报）", "backfill": "（补报）"}


def show(turn: Turn) -> Said | None:
    """Newest day first; days on which somebody was not on the roster are left out."""
    people = turn.speaker.people
    if not people:
        return None
    days = [turn.day - timedelta(days=back) for back in range(_DAYS)]
    preload(turn.work, [person.person_id for person in people], days)
    begins = turn.district.times.starts_on
    parts = []
    for person in people:
        lines = []
        for on in days:
            if not is_counted(person, on) or (begins is not None and on < begins):
                continue
            day = day_of(turn.work, person.person_id, person.unit_id, on)
            said = [] if day.health is None else body(day.health)
            lines.append(words.record_line(on, said, _NOTES.get(day.state, "")))
        parts.append(words.record(person.name, lines))
    return say("\n".join(parts), keep=True)


conversation = Conversation(
    name="record",
    opens_on=frozenset({"记录", "历史", "健康记录", "查看记录"}),
    steps={"show": show},
    first="show",
)
