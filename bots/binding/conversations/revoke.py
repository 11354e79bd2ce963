"""撤销绑定: the head teacher takes a guardian of a child of the class back (contract 8)."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

from bots.binding.words import bind as words
from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.engine.replies import Text, pack
from models.actions import bindings
from models.queries.bindings import open_of, pupils_called
from models.rules.push import Lane, Push

NAME = "revoking"
_WORD = "撤销绑定"
_NO = frozenset({"取消", "不撤销", "算了", "不", "不用了"})


def begin(turn: Turn) -> Said | None:
    held = turn.speaker.holds("head_teacher")
    if not held:
        return say(words.REVOKE_NOT_YOURS)
    name = turn.text.strip().removeprefix(_WORD).strip(" :：，,。.")
    if not name:
        return say(words.REVOKE_HOW)
    today = turn.district.day_of(turn.now)
    found = pupils_called(turn.work.flush(), [post.unit_id for post in held], name, today)
    if not found:
        return say(words.revoke_unknown(name))
    listed: list[tuple[int, date]] = []
    choices: dict[str, list[int]] = {}
    for pupil in found:
        for bound in open_of(turn.work.flush(), pupil.person_id):
            # Namesakes in one class are rare; their guardians are numbered through.
            number = bound.rank if len(found) == 1 else len(listed) + 1
            listed.append((number, turn.district.day_of(bound.bound_at)))
            choices[str(number)] = [pupil.person_id, bound.binding_id]
    if not listed:
        return say(words.revoke_none(name))
    return say(words.revoke_which(name, listed), Wait(NAME, "choose", {"name": name, "choices": choices}))


def choose(turn: Turn) -> Said | None:
    text = unicodedata.normalize("NFKC", turn.text).strip(" \t\r\n。.")
    if text in _NO:
        return say(words.REVOKE_KEPT)
    number = text.removeprefix("第").removesuffix("位")
    held = turn.speaker.holds("head_teacher")
    if number not in turn.data["choices"] or not held:
        return None
    pupil, binding_id = turn.data["choices"][number]
    name = str(turn.data["name"])
    bound = next((one for one in open_of(turn.work.flush(), pupil) if one.binding_id == binding_id), None)
    if bound is None:
        return say(words.revoke_none(name))
    bindings.revoke(turn.work, bound.binding_id, bound.account_id, pupil, held[0].person_id)
    turn.push(
        Push(
            key=f"revoked:{bound.binding_id}",
            kind="reply",
            account_id=bound.account_id,
            relation="guardian",
            body=pack(Text(words.revoked_guardian(name))),
            fields={"title": "绑定变更"},
            moment=turn.now,
            expires_at=turn.now + timedelta(days=1),
            lane=Lane.ANSWER,
        )
    )
    return say(words.revoked(name, int(number)))


conversation = Conversation(
    name=NAME,
    steps={"begin": begin, "choose": choose},
    first="begin",
    opens_on=frozenset({_WORD}),
    prefixes=(_WORD,),
)
