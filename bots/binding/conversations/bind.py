"""绑定: an account proves with a code whose guardian, or which member of staff, it is, and consents (contract 8)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bots.binding.words import bind as words
from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.engine.replies import Text, pack
from bots.wording import names
from models.actions import bindings
from models.actions.merged import owe_merged
from models.queries.bindings import CodeHolder, by_code, names_of, open_of
from models.queries.people import Holder, holders
from models.rules.binding import (
    MOST_WRONG,
    bare_code,
    code_in,
    free_rank,
    locked_until,
    scene_code,
)
from models.rules.push import Push

NAME = "binding"
_ROLES_TOLD = ("head_teacher", "deputy_head_teacher")
#: what a holder of the post types first, the nearest to the children first
_FIRST_WORDS = (
    (("head_teacher", "deputy_head_teacher"), "班级"),
    (("grade_head", "academic_office"), "年级"),
    (("designated_reporter", "deputy_reporter"), "零报告"),
    (("principal", "district_officer", "district_leader"), "今日"),
)


@dataclass(frozen=True, slots=True)
class _Open:
    """A code that may be bound now. rank: the guardian's place; others: how many guardians there are already."""

    holder: CodeHolder
    rank: int
    others: int


def begin(turn: Turn) -> Said | None:
    text = _plain(turn.text)
    if text in words.AGREE or text in words.REFUSE:
        return say(words.NOTHING_TO_AGREE)
    rest = text.removeprefix("绑定")
    code = code_in(rest)
    if code:
        return _offer(turn, code)
    return say(words.NAMES_DO_NOT_BIND if rest.strip() else words.HOW)


def scanned(turn: Turn) -> Said | None:
    """Followed or scanned with a QR code of ours."""
    code = scene_code(turn.incoming.scene)
    if not code:
        return None
    if turn.incoming.event == "subscribe":
        turn.speaker.followed_at = turn.sent_at
    return _offer(turn, code)


def bare(turn: Turn) -> Said | None:
    """A message that is nothing but a code. Where the sender is bound already, a wrong one may mean something else."""
    code = bare_code(turn.text)
    if not code:
        return None
    if turn.speaker.people and _find(turn, code) is None:
        bindings.count_wrong_code(turn.speaker, turn.sent_at)
        return None
    return _offer(turn, code)


def consent(turn: Turn) -> Said | None:
    text = _plain(turn.text)
    if text in words.AGREE:
        return _bind(turn, str(turn.data["code"]))
    if text in words.REFUSE:
        return say(words.STAFF_REFUSED if turn.data["kind"] == "staff" else words.REFUSED)
    if turn.speaker.people or turn.is_word or turn.incoming.kind != "text":
        return None
    if text.startswith(("绑定", "解绑")) or bare_code(text) or not text.strip("?"):
        return None
    return Said(Text(words.ANSWER_FIRST), keep=True)


def _offer(turn: Turn, code: str) -> Said:
    """The privacy notice for a code that may be bound now, else why it may not."""
    found = _judge(turn, code)
    if isinstance(found, str):
        return say(found)
    district = turn.district
    made = words.notice if found.holder.kind == "student" else words.staff_notice
    wait = Wait(NAME, "consent", {"code": code, "kind": found.holder.kind})
    return say(made(district, turn.public_url), wait)


def _bind(turn: Turn, code: str) -> Said:
    found = _judge(turn, code)
    if isinstance(found, str):
        return say(found)
    holder, speaker, units = found.holder, turn.speaker, turn.work.units
    bindings.bind(turn.work, speaker, holder, found.rank, words.CONSENT_VERSION, turn.sent_at)
    if holder.kind == "staff":
        place = names.posts(units, speaker) or f"{names.place(units, holder.unit_id)}教职工"
        return say(words.bound_staff(holder.name, place, _first_word(turn)))
    if found.others:
        _tell_head_teacher(turn, holder)
    children = [child.name for child in speaker.children]
    return say(words.bound_child(holder.name, names.place(units, holder.unit_id), found.rank, children))


def _judge(turn: Turn, code: str) -> _Open | str:
    """Whether the code may be bound by this account now; a sentence says why not. Wrong codes are counted."""
    speaker = turn.speaker
    locked = locked_until(speaker.wrong_codes, speaker.wrong_codes_since, turn.sent_at)
    if locked is not None:
        return _locked(turn)
    holder = _find(turn, code)
    if holder is None:
        bindings.count_wrong_code(speaker, turn.sent_at)
        left = MOST_WRONG - speaker.wrong_codes
        return words.wrong(left) if left > 0 else _locked(turn)
    if any(person.person_id == holder.person_id for person in speaker.people):
        return words.already(holder.name)
    if holder.kind == "staff":
        if holder.used_at is not None or open_of(turn.work.flush(), holder.person_id):
            return words.STAFF_CODE_USED
        return words.ONE_POST if speaker.me is not None else _Open(holder, 1, 0)
    taken = [bound.rank for bound in open_of(turn.work.flush(), holder.person_id) if bound.relation == "guardian"]
    rank = free_rank(taken)
    return words.FULL if rank is None else _Open(holder, rank, len(taken))


def _find(turn: Turn, code: str) -> CodeHolder | None:
    return by_code(turn.work.flush(), turn.work.vault, code, turn.district.day_of(turn.now))


def _locked(turn: Turn) -> str:
    speaker = turn.speaker
    until = locked_until(speaker.wrong_codes, speaker.wrong_codes_since, turn.sent_at) or turn.sent_at
    # Rounded up: at the minute we name it is open again.
    return words.locked(f"{turn.district.local(until + timedelta(seconds=59)):%H:%M}")


def _first_word(turn: Turn) -> str:
    return next((word for roles, word in _FIRST_WORDS if turn.speaker.holds(*roles)), "")


def _tell_head_teacher(turn: Turn, holder: CodeHolder) -> None:
    """One more guardian of a child who had one: the head teacher hears of it, once a day (contract 10)."""
    district, today = turn.district, turn.district.day_of(turn.now)
    place = names.place(turn.work.units, holder.unit_id)

    def worded(pupils: Sequence[int]) -> Mapping[str, Any]:
        called = names_of(turn.work.flush(), pupils)
        return pack(Text(words.new_guardians(place, [called[pupil] for pupil in pupils])))

    for teacher in _told(holders(turn.work.flush(), [holder.unit_id], _ROLES_TOLD, today)):
        for days in range(3):  # today's message may be gone already, then tomorrow's gathers
            day = today + timedelta(days=days)
            moment = turn.now if days == 0 else district.at(day, district.times.class_report)
            push = Push(
                key=f"new-guardians:{holder.unit_id}:{teacher.person_id}:{day.isoformat()}",
                kind="reply",
                account_id=teacher.account_id or 0,
                person_id=teacher.person_id,
                body={},
                fields={"title": "新家长绑定", "unit": place, "time": f"{district.local(moment):%m月%d日}"},
                moment=moment,
                expires_at=district.end_of(day + timedelta(days=1)),
            )
            if owe_merged(turn.work, push, holder.person_id, worded):
                break


def _told(found: Sequence[Holder]) -> list[Holder]:
    """The head teachers who can be written to; only where there is none, their deputies."""
    reachable = [holder for holder in found if holder.account_id is not None]
    return [holder for holder in reachable if holder.role == "head_teacher"] or reachable


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip(" \t\r\n。.!~")


conversation = Conversation(
    name=NAME,
    steps={"begin": begin, "consent": consent, "scanned": scanned},
    first="begin",
    opens_on=frozenset({"绑定"}) | words.AGREE | words.REFUSE,
    prefixes=("绑定",),
    events={"SCAN": "scanned", "subscribe": "scanned"},
    reads=bare,
    order=10,
)
