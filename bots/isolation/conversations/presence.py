"""到校 姓名…: the gate or the class has somebody who is here; whoever should not be is stopped (A13)."""

from __future__ import annotations

from bots.alerts.words.telling import told as told_words
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.isolation import words
from bots.isolation.checks import school_units
from bots.isolation.presence import seen_at_school
from bots.people.finding import split
from bots.wording import posts as post_words
from models.queries.unreported import people_of
from models.rules.incidents import HANDLERS

_ROLES = (*HANDLERS, "gatekeeper", "duty_staff")


def begin(turn: Turn) -> Said | None:
    if not turn.speaker.posts or turn.speaker.me is None:
        return None
    if not turn.speaker.holds(*_ROLES):
        return say(words.ONLY_GATE)
    said = turn.text.removeprefix("到校").strip(" ：:，,")
    if not said:
        return say(words.HOW_PRESENCE)
    parts = split(people_of(turn.work.flush(), school_units(turn, *_ROLES), turn.day), said)
    unclear = [name for found, name, _ in parts if len(found) != 1]
    if unclear:
        several = next((found for found, _, _ in parts if len(found) > 1), [])
        if several:
            shown = [f"{one.name}（{one.number}）" for one in several]
            return say(post_words.several_called(unclear[0], shown))
        return say(post_words.nobody_called(unclear[0], "您负责的范围里"))
    people = [found[0] for found, _, _ in parts]
    stopped = seen_at_school(turn, people, f"{turn.speaker.posts[0].title}")
    if not stopped:
        return say(words.nothing_against([one.name for one in people]))
    roles = list(dict.fromkeys(role for told in stopped.values() for role in told))
    names = [one.name for one in people if one.person_id in stopped]
    return say(words.may_not_be_here(names, [told_words(roles)] if roles else []))


conversation = Conversation(
    name="presence",
    steps={"begin": begin},
    first="begin",
    is_global=True,
    opens_on=frozenset({"到校"}),
    prefixes=("到校 ",),
)
