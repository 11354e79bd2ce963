"""The last to be asked: what to type instead. Nobody is left without an answer to words."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.front_desk.words import fallback as words


def answer(turn: Turn) -> Said | None:
    if turn.incoming.kind != "text" and not turn.incoming.is_event:
        return None
    if turn.speaker.children:
        return say(words.GUARDIAN)
    if turn.speaker.me is not None:
        return say(words.STAFF)
    return say(words.UNBOUND_URGENT if any(word in turn.text for word in words.URGENT) else words.UNBOUND)


conversation = Conversation(name="fallback", steps={"answer": answer}, first="answer", reads=answer, order=1000)
