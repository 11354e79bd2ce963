"""行程无变化: what was declared of journeys and contacts is confirmed as still so, once a week (domain handbook 5)."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.key_persons.words import declaration as words
from models.actions.declarations import confirm
from models.queries.declarations import last_of

_WORDS = frozenset({"行程无变化", "行程没变化", "行程没有变化", "行程不变", "行程没变"})


def begin(turn: Turn) -> Said | None:
    """For everybody the account speaks for; of whom nothing was declared, nothing can be confirmed."""
    people = turn.speaker.people
    if not people:
        return say(words.NOBODY)
    known = [(one, last_of(turn.work, one.person_id, complete=True)) for one in people]
    same = [(one, last) for one, last in known if last is not None]
    for person, last in same:
        confirm(turn.work, person.person_id, person.relation, turn.speaker.account_id, last, turn.day)
    text = words.unchanged([person.name for person, _ in same]) if same else ""
    return say(text + (words.NEVER if len(same) < len(people) else ""), keep=True)


conversation = Conversation(
    name="reconfirmation",
    steps={"begin": begin},
    first="begin",
    opens_on=_WORDS,
    is_global=True,  # an open question about health must not take these words for its answer
)
