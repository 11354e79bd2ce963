"""Pictures, voices, places, links, files and stickers that no open question wanted (domain handbook 14.5, no. 88)."""

from __future__ import annotations

import re

from bots.binding.words.bind import HOW
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.front_desk.words import media as words

#: WeChat's own faces come as short codes, [微笑] or /::) (wechat-platform 1.3); the rest are Unicode's pictures.
#: The outer repetition never gives back what it took: a long text must not be tried in all its divisions.
_FACES = re.compile(
    r"(?:\[[^\[\]\d]{1,10}\]|/:[^\s/]{1,8}|[\u2190-\u2bff\u3030\ufe0f\u200d\U0001f000-\U0001faff\U000e0020-\U000e007f]|\s)++"
)


def answer(turn: Turn) -> Said | None:
    kind = turn.incoming.kind
    bound = bool(turn.speaker.people)
    then = words.REPORT if bound else HOW
    if kind == "text":
        if words.NOT_PASSED_ON in turn.text:
            return say(words.NOT_SHOWN + then)
        return say(words.STICKER + then) if turn.text and _FACES.fullmatch(turn.text) else None
    if turn.incoming.is_event:
        return None
    if kind not in words.ANSWERS:  # unknown kinds are acknowledged, no more (contract 10)
        return Said(None, keep=True)
    if kind == "location" and bound and not turn.speaker.children:
        return say(words.STAFF_LOCATION + then)
    return say(words.ANSWERS[kind] + then)


conversation = Conversation(name="media", steps={"answer": answer}, first="answer", reads=answer, order=20)
