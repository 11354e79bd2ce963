"""批准, 停发, 恢复发送: the bureau's hand on mass sending."""

from __future__ import annotations

import unicodedata

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.front_desk.words import sending as words
from models.actions import occurrences, sending
from models.actions.trail import note
from models.rules.authority import APPROVERS

_APPROVE, _LIST, _STOP, _STOP_ALL, _RESUME = "批准", "待批准", "停发", "全部停发", "恢复发送"


def begin(turn: Turn) -> Said | None:
    text = unicodedata.normalize("NFKC", turn.text).strip(" \t\r\n。.!，,")
    number = text.removeprefix(_APPROVE).strip(" 第号:：")
    if text not in _WORDS and not number.isdecimal():
        return None
    if turn.speaker.me is None or not turn.speaker.holds(*APPROVERS):
        return say(words.NOT_YOURS)
    if text == _LIST:
        return _list(turn)
    if text in (_STOP, _STOP_ALL):
        return _stop(turn, "all" if text == _STOP_ALL else "mass")
    if text == _RESUME:
        return _resume(turn)
    return _approve(turn, int(number) if number.isdecimal() else None)


def _list(turn: Turn) -> Said:
    held = occurrences.held(turn.work.flush())
    return say(words.waiting([(one.id, one.job, one.owed) for one in held]) if held else words.NOTHING_HELD)


def _approve(turn: Turn, number: int | None) -> Said:
    held = {one.id: one for one in occurrences.held(turn.work.flush())}
    if not held:
        return say(words.NOTHING_HELD)
    if number is None:
        if len(held) > 1:
            return _list(turn)
        number = next(iter(held))
    if number not in held:
        return say(words.NOT_HELD)
    count = occurrences.approve(turn.work.connection, number, _who(turn), turn.now)
    if count is None:
        return say(words.OWN if held[number].ordered_by == _who(turn) else words.NOT_HELD)
    note(turn.work, _who(turn), "approve_sending", f"occurrence:{number}", f"{held[number].job} {count}")
    return say(words.approved(held[number].job, count))


def _stop(turn: Turn, scope: str) -> Said:
    sending.stop(turn.work.flush(), _who(turn), turn.now, scope)
    note(turn.work, _who(turn), "stop_sending", scope)
    return say(words.STOPPED_ALL if scope == "all" else words.STOPPED)


def _resume(turn: Turn) -> Said:
    if not sending.resume(turn.work.flush(), _who(turn), turn.now):
        return say(words.NOT_STOPPED)
    note(turn.work, _who(turn), "resume_sending", "all")
    return say(words.RESUMED)


def _who(turn: Turn) -> str:
    assert turn.speaker.me is not None
    return f"person:{turn.speaker.me.person_id}"


_WORDS = frozenset({_APPROVE, _LIST, _STOP, _STOP_ALL, _RESUME})

conversation = Conversation(
    name="sending",
    steps={"begin": begin},
    first="begin",
    opens_on=_WORDS,
    prefixes=(_APPROVE,),
)
