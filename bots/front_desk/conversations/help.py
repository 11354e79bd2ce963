"""帮助: what this person can type, by the hats they wear."""

from __future__ import annotations

import unicodedata

from bots.binding.words.bind import HOW
from bots.engine.conversation import Conversation, Said, Turn
from bots.engine.replies import Text
from bots.front_desk.words import help as words


def show(turn: Turn) -> Said | None:
    speaker = turn.speaker
    roles = {words.role_of(post.role) for post in speaker.posts}
    blocks = [words.block(title, lines) for role, (title, lines) in words.BY_ROLE.items() if role in roles]
    if speaker.me is not None:
        blocks.append(words.block("教职工", words.STAFF))
    if speaker.children:
        blocks.insert(0, words.block("家长", words.GUARDIAN))
    # A question that was open stays open: help is a look aside.
    return Said(Text("\n\n".join(blocks) or words.NOBODY_CAN + HOW), keep=True)


def marks(turn: Turn) -> Said | None:
    """A bare question mark."""
    return show(turn) if unicodedata.normalize("NFKC", turn.text).strip() in words.MARKS else None


conversation = Conversation(
    name="help",
    steps={"show": show},
    first="show",
    opens_on=words.WORDS,
    is_global=True,
    reads=marks,
    order=15,
)
