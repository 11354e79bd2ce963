"""绑定码: the class's codes and who is bound, for its head teacher (contract 10)."""

from __future__ import annotations

from bots.binding.words import codes as words
from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.wording import names
from models.actions import trail
from models.queries.bindings import pupil_codes

NAME = "binding_codes"
#: of the platform's 2,000 bytes for a text, what the list may take (the tail takes the rest)
_ROOM = 1850


def show(turn: Turn) -> Said | None:
    return _page(turn, 0)


def more(turn: Turn) -> Said | None:
    return _page(turn, int(turn.data["from"])) if turn.text.strip() == words.MORE else None


def _page(turn: Turn, start: int) -> Said:
    held = turn.speaker.holds("head_teacher", "deputy_head_teacher")
    if not held:
        return say(words.NOT_YOURS)
    lines = _lines(turn, list(dict.fromkeys(post.unit_id for post in held)))
    shown, size = start, 0
    while shown < len(lines) and (size := size + len(lines[shown].encode()) + 1) <= _ROOM:
        shown += 1
    for post in held if start == 0 else ():
        trail.note(turn.work, f"person:{post.person_id}", "read_binding_codes", f"unit:{post.unit_id}")
    is_more = shown < len(lines)
    return say(words.page(lines[start:shown], is_more), Wait(NAME, "more", {"from": shown}) if is_more else None)


def _lines(turn: Turn, unit_ids: list[int]) -> list[str]:
    """A head a class, then those without a guardian, then the others."""
    lines: list[str] = []
    today = turn.district.day_of(turn.now)
    for unit_id in unit_ids:  # a head teacher has one class, rarely two
        pupils = pupil_codes(turn.work.flush(), turn.work.vault, unit_id, today)
        bound = [pupil for pupil in pupils if pupil.guardians]
        lines.append(words.head(names.place(turn.work.units, unit_id), len(bound), len(pupils)))
        lines += [words.unbound(pupil.name, pupil.code) for pupil in pupils if not pupil.guardians]
        lines += [words.bound(pupil.name, pupil.guardians) for pupil in bound]
    return lines


conversation = Conversation(name=NAME, steps={"show": show, "more": more}, first="show", opens_on=frozenset({"绑定码"}))
