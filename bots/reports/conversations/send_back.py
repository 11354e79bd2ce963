"""退回 单位 原因: sends a signed report back to the level below, with a reason."""

from __future__ import annotations

from datetime import timedelta

from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.reports.chain import own_word
from bots.reports.words import units as reports
from bots.wording import posts
from bots.wording.plain import clock
from models.actions import reports as deeds
from models.queries.people import holders
from models.queries.units import UnitInfo
from models.rules.authority import HOLDERS, may_return
from models.rules.push import Lane, Push

_MARKS = " \t：:，,、。.;；"
_KIND = {"class_unit": "class-report", "grade": "grade-report", "school": "school-report"}


def begin(turn: Turn) -> Said | None:
    allowed = _allowed(turn)
    if not turn.speaker.posts and not turn.text.removeprefix("退回").startswith((" ", "\u3000")):
        return None  # "退回家休息" is no order
    if not allowed or turn.speaker.me is None:
        return say(posts.only_for("年级主任、教务处、疫情报告人、校长和区报告人", own_word(turn)))
    words = turn.text.removeprefix("退回").split(None, 1)
    if not words:
        return say(posts.RETURN_HOW)
    called, said = words[0], words[1].strip() if len(words) > 1 else ""
    found = _called(turn, allowed, called)
    if not found:
        below = any(unit.kind != "school" for unit in turn.work.units.called(called))
        bureau_only = all(unit.kind == "school" for unit in allowed)
        return say(posts.RETURN_SCHOOLS_ONLY if below and bureau_only else posts.no_unit(called))
    names = [turn.work.units.class_name(unit.id) for unit in found]
    if len(found) > 1:
        return say(posts.which(names, "退回"))
    return _with_reason(turn, found[0], said)


def why(turn: Turn) -> Said | None:
    """The reason, by its number in the list or in words."""
    said = turn.text.strip()
    if said in {"取消", "不退回", "算了"}:
        return say(posts.RETURN_KEPT)
    unit = turn.work.units.get(int(turn.data["unit"]))
    if turn.opens or unit is None or turn.speaker.me is None or not may_return(turn.speaker.posts, unit):
        return None
    return _with_reason(turn, unit, said)


def _with_reason(turn: Turn, unit: UnitInfo, said: str) -> Said:
    name = turn.work.units.class_name(unit.id)
    reason = reason_of(said)
    if reason is None:
        ask = posts.RETURN_WORD if said else posts.return_why(name, reports.RETURN_REASONS)
        return say(ask, Wait("return_report", "why", {"unit": unit.id}))
    assert turn.speaker.me is not None
    return _send_back(turn, unit, name, reason, turn.speaker.me.person_id)


def reason_of(said: str) -> str | None:
    """A reason of the list, with what was added; anything else is 其他 and says what. None: a word is missing."""
    *listed, other = reports.RETURN_REASONS
    for number, reason in enumerate(listed, start=1):
        for begins in (reason, str(number)):
            if said.startswith(begins):
                more = said.removeprefix(begins).strip(_MARKS)
                return f"{reason}：{more}" if more else reason
    more = said.removeprefix(other).removeprefix(str(len(reports.RETURN_REASONS))).strip(_MARKS)
    return f"{other}：{more}" if more else None


def _allowed(turn: Turn) -> list[UnitInfo]:
    """The units whose reports the speaker may return."""
    units = turn.work.units
    found: dict[int, UnitInfo] = {}
    for post in turn.speaker.posts:
        if units.get(post.unit_id) is not None:
            found |= {unit.id: unit for unit in units.within(post.unit_id) if may_return(turn.speaker.posts, unit)}
    return list(found.values())


def _called(turn: Turn, allowed: list[UnitInfo], called: str) -> list[UnitInfo]:
    full = [unit for unit in allowed if called in {turn.work.units.class_name(unit.id), unit.path}]
    return full or [unit for unit in allowed if unit.name == called]


def _send_back(turn: Turn, unit: UnitInfo, name: str, reason: str, me: int) -> Said:
    report = deeds.send_back(turn.work, unit, turn.day, me, reason, turn.sent_at)
    if report is None:
        lock = turn.district.at(turn.day, turn.district.times.lock)
        return say(posts.not_returnable(name, clock(turn.district, lock), locked=turn.sent_at > lock))
    mend = timedelta(minutes=turn.district.escalation.return_minutes)
    until = clock(turn.district, turn.sent_at + mend)
    told = 0
    for holder in holders(turn.work.connection, [unit.id], HOLDERS[unit.kind], turn.day):
        if holder.account_id is None:
            continue
        told += 1
        turn.push(
            Push(
                key=f"returned:{unit.id}:{turn.day}:{report.version}:{holder.account_id}",
                kind=_KIND[unit.kind],
                account_id=holder.account_id,
                body={"text": reports.returned(name, reason, until)},
                moment=turn.now,
                expires_at=turn.district.end_of(turn.district.day_of(turn.now)),
                lane=Lane.ANSWER,
                person_id=holder.person_id,
                fields={"title": "日报被退回", "unit": name, "time": until, "note": "请进入对话查看原因"},
            )
        )
    next_step = f"已通知{told}位负责人，{until}前修改。" if told else "负责人没有绑定，请电话通知。"
    return say(f"已退回：{name}，{reason}。{next_step}首次上报时间不变。")


conversation = Conversation(
    name="return_report",
    steps={"begin": begin, "why": why},
    first="begin",
    opens_on=frozenset({"退回"}),
    prefixes=("退回",),
)
