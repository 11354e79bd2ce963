"""`今天`: what is recorded today for everybody the account speaks for."""

from __future__ import annotations

from bots.check_in.keep import is_counted
from bots.check_in.words import report as words
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.wording.health import body, journey
from models.queries.days import day_of
from models.queries.people import BoundPerson


def show(turn: Turn) -> Said | None:
    """One line a person: what holds, since when, or that nothing has come yet."""
    if not turn.speaker.people:
        return None
    return say(words.today(turn.day, [_line(turn, person) for person in turn.speaker.people]), keep=True)


def _line(turn: Turn, person: BoundPerson) -> str:
    if not is_counted(person, turn.day):
        return words.today_exempt(person.name)
    day = day_of(turn.work, person.person_id, person.unit_id, turn.day)
    if day.state == "exempt":
        return words.today_exempt(person.name)
    if day.health is None or day.newest_sent_at is None:
        return words.today_open(person.name)
    at = turn.district.local(day.first_sent_at or day.newest_sent_at)
    return words.today_line(person.name, [*body(day.health), *journey(day.health)], at, day.state)


conversation = Conversation(
    name="today",
    opens_on=frozenset({"今天", "状态", "今天的", "查看今天"}),
    steps={"show": show},
    first="show",
)
