"""通报: what was drafted is shown to the bureau; a person approves it, drops it, or records why the school could not."""

from __future__ import annotations

import re
import unicodedata

from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.reports.words import circular as words
from models.actions import circulars as deeds
from models.queries.circulars import Draft, open_drafts
from models.queries.people import holders
from models.rules.authority import APPROVERS
from models.rules.push import Lane, Push

#: Who answers for a school's filing, and hears of a circular about it.
_RESPONSIBLE = ("principal", "designated_reporter", "deputy_reporter")
_DECISION = re.compile(r"(?P<what>批准|不发|说明)\s*(?P<number>\d+)?\s*号?[\s,，:：]*(?P<reason>.*)", re.DOTALL)


def begin(turn: Turn) -> Said:
    if turn.speaker.me is None or not turn.speaker.holds(*APPROVERS):
        return say(words.NOT_YOURS)
    drafts = open_drafts(turn.work.flush())
    if not drafts:
        return say(words.NOTHING)
    listed = [(one.id, turn.work.units[one.unit_id].name, one.first_day, one.last_day, one.week) for one in drafts]
    shown = words.drafts(listed, may_approve=_may_approve(turn))
    return say(shown, Wait("circular", "decide", {"shown": [one.id for one in drafts]}))


def decide(turn: Turn) -> Said | None:
    """批准 1 · 不发 1 原因 · 说明 1 原因; anything else is somebody else's."""
    found = _DECISION.fullmatch(unicodedata.normalize("NFKC", turn.text).strip(" 。.!"))
    if found is None or turn.speaker.me is None or not turn.speaker.holds(*APPROVERS):
        return None
    shown = turn.data["shown"]
    number = int(found["number"]) if found["number"] else shown[0] if len(shown) == 1 else None
    if number is None or number not in shown:
        # 批准 9 may be of a large sending that waits; that is another conversation's.
        return None if number is not None else _again(turn, words.WHY)
    what, reason = found["what"], found["reason"].strip()
    if what != "说明" and not _may_approve(turn):
        return _again(turn, words.ONLY_LEADER)
    if what != "批准" and not reason:
        return _again(turn, words.WHY)
    draft = next((one for one in open_drafts(turn.work.flush()) if one.id == number), None)
    state = {"批准": "approved", "不发": "dropped", "说明": "excused"}[what]
    who = turn.speaker.me.person_id
    if draft is None or not deeds.decide(turn.work, number, state, who, reason, turn.sent_at):
        return _again(turn, words.GONE)
    school = turn.work.units[draft.unit_id].name
    if state == "approved":
        return _again(turn, words.approved(school, _send(turn, draft)))
    return _again(turn, words.dropped(school) if state == "dropped" else words.excused(school))


def _again(turn: Turn, text: str) -> Said:
    return say(text, Wait("circular", "decide", dict(turn.data)))


def _may_approve(turn: Turn) -> bool:
    return bool(turn.speaker.holds("district_leader"))


def _send(turn: Turn, draft: Draft) -> int:
    """To the school's own people, in private; gives how many can be reached."""
    unit, district = turn.work.units[draft.unit_id], turn.district
    text = words.sent_out(district.bureau or district.name, unit.name, draft.first_day, draft.last_day, draft.week)
    told = {}
    for holder in holders(turn.work.connection, [unit.id], _RESPONSIBLE, turn.day):
        if holder.account_id is None or holder.account_id in told:
            continue
        told[holder.account_id] = Push(
            key=f"circular:{draft.id}:{holder.account_id}",
            kind="circular",
            account_id=holder.account_id,
            body={"text": text},
            moment=turn.now,
            expires_at=district.end_of(turn.day + (draft.last_day - draft.first_day)),
            lane=Lane.NUDGE,
            person_id=holder.person_id,
            fields={
                "title": "日报报送情况通报",
                "unit": unit.name,
                "time": turn.day.isoformat(),
                "note": "请进入对话查看",
            },
        )
    for push in told.values():
        turn.push(push)
    return len(told)


conversation = Conversation(
    name="circular", steps={"begin": begin, "decide": decide}, first="begin", opens_on=frozenset({"通报"})
)
