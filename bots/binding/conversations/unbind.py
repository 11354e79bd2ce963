"""解绑: an account stops speaking for somebody, after 确认解绑 (contract 8)."""

from __future__ import annotations

from collections.abc import Sequence

from bots.binding.words import unbind as words
from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.isolation.observed import tell_of_leaving
from models.actions import bindings
from models.queries.people import BoundPerson

NAME = "unbinding"
_WORD = "解绑"


def begin(turn: Turn) -> Said | None:
    people = turn.speaker.people
    if not people:
        return say(words.NOBODY)
    named = _chosen(turn.text.removeprefix(_WORD), people)
    if named or len(people) == 1:
        return _ask(named or people)
    listed = [person.binding_id for person in people]
    return say(words.which(people), Wait(NAME, "choose", {"bindings": listed}))


def choose(turn: Turn) -> Said | None:
    if _text(turn) in words.NO:
        return say(words.KEPT)
    listed = _still(turn)
    chosen = _chosen(turn.text, listed)
    return _ask(chosen) if chosen else None


def confirm(turn: Turn) -> Said | None:
    """Only the two words end it; anything else keeps it, and is left to whoever it was meant for."""
    text = _text(turn)
    if text in words.NO:
        return say(words.KEPT)
    if text != words.CONFIRM:
        return None
    ended = _still(turn)
    if not ended:
        return say(words.NOBODY)
    bindings.unbind(turn.work, turn.speaker, ended)
    tell_of_leaving(turn, ended, "解绑")
    return say(words.done(ended, turn.speaker.people))


def stray(turn: Turn) -> Said | None:
    """确认解绑 without a question before it."""
    return say(words.NOTHING_OPEN) if _text(turn) == words.CONFIRM else None


def _ask(people: Sequence[BoundPerson]) -> Said:
    return say(words.ask(people), Wait(NAME, "confirm", {"bindings": [person.binding_id for person in people]}))


def _still(turn: Turn) -> list[BoundPerson]:
    """Those of the question that are still bound, in its order."""
    by_id = {person.binding_id: person for person in turn.speaker.people}
    return [by_id[number] for number in turn.data["bindings"] if number in by_id]


def _chosen(text: str, people: Sequence[BoundPerson]) -> list[BoundPerson]:
    """Whom a number of the list, a name or 全部 means; empty where it means nobody."""
    said = text.strip(" \t\r\n。.，,、:：")
    if said in words.ALL:
        return list(people)
    if said in words.SELF:
        return [person for person in people if person.relation == "self"]
    if said.isdecimal() and 1 <= int(said) <= len(people):
        return [people[int(said) - 1]]
    return [person for person in people if said and person.name == said]


def _text(turn: Turn) -> str:
    return turn.text.strip(" \t\r\n。.！!")


conversation = Conversation(
    name=NAME,
    steps={"begin": begin, "choose": choose, "confirm": confirm},
    first="begin",
    opens_on=frozenset({_WORD}),
    prefixes=(_WORD,),
    is_global=True,
    reads=stray,
    order=30,
)
