"""为什么: why a unit counts as on time, late or missing – the chain of facts, without a judgement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bots.reports.words.units import CAPACITY
from bots.wording.health import on
from bots.wording.plain import lines
from models.queries.reports import ReportInfo
from models.queries.why import Asked, Step
from models.rules.district import District

NOT_YOURS = (
    "“为什么”看的是单位日报为何迟报、未报，由负责人使用，您目前没有这个职务，或不负责这个单位。其他请回复“帮助”。"
)
HOW = "请写明单位，例如：为什么 红旗小学，或：为什么 三年级2班 昨天。"
#: How many pushes are listed before the middle ones are only counted.
_SHOWN = 6
_KINDS = {
    "class-report": "请确认班级日报",
    "grade-report": "请汇总",
    "school-report": "请核对全校情况",
    "class-nudge": "催报",
    "zero-report-nudge": "催报",
    "zero-report-escalation": "逾期提醒",
    "unit-remind": "催报",
    "returned": "告知被退回",
    "signed-for": "告知有人代签",
}
_CHANNELS = {"service": "对话消息", "template": "模板消息", "subscription": "订阅消息", "sms": "短信"}
_STATES = {"queued": "正在发送", "sending": "正在发送", "unknown": "是否送达不明", "held": "等待批准，未发出"}


def chain(
    district: District,
    name: str,
    day: date,
    deadline: datetime,
    report: ReportInfo,
    steps: Sequence[Step],
    asked: Sequence[Asked],
    alone: Sequence[tuple[str, str]],
    now: datetime,
    taken: tuple[datetime, str] | None = None,
) -> str:
    """The verdict first, then every fact with its time. now: the moment of the question; taken: when who answered 收到."""
    more = [] if taken is None else [(taken[0], 0, f"{taken[1]}回复“收到”")]
    if report.cosigned_at is not None:
        more.append((report.cosigned_at, 1, f"{report.cosigner}联签"))
    return lines(
        f"{name}{on(day)}日报：{_verdict(district, day, deadline, report, now)}。",
        *(f"{title}{who}没有绑定，收不到提醒。" for title, who in alone),
        "" if asked or alone else "没有向负责人发出过提醒。",
        *_facts(district, day, asked, steps, more),
        "签报后情况有变化，已自动重新打开，等待再次确认。" if report.status == "draft" and report.was_filed else "",
        "以上只列事实；收不到提醒的不算催报过。有困难请补充说明，回复“今日”看最新。",
    )


def quiet(name: str, day: date) -> str:
    return f"{name}{on(day)}按日历不用上报，不算迟报，也不算未报。"


def _verdict(district: District, day: date, deadline: datetime, report: ReportInfo, now: datetime) -> str:
    until = _clock(district, deadline, day)
    filed = report.first_filed_at
    if filed is None:
        if report.status == "locked":
            return "该级没有负责人，由上级汇总，不算未报"
        late = int((now - deadline).total_seconds() // 60)
        if report.status == "missing":
            return f"未报（{until}截止，锁定时仍未签报）"
        return f"未报，{until}截止，已过{late}分钟" if late > 0 else f"还没到截止时间（{until}）"
    minutes = max(1, int((filed - deadline).total_seconds() // 60))
    when = _clock(district, filed, day)
    return (
        f"迟报{minutes}分钟（{until}截止，首次签报{when}）"
        if filed > deadline
        else f"按时（{until}截止，首次签报{when}）"
    )


def _facts(
    district: District,
    day: date,
    asked: Sequence[Asked],
    steps: Sequence[Step],
    more: Sequence[tuple[datetime, int, str]],
) -> list[str]:
    """Pushes and versions in one line of time; of many pushes the middle ones are only counted."""
    half = _SHOWN // 2
    shown = asked if len(asked) <= _SHOWN else [*asked[:half], *asked[-half:]]
    facts = [(one.at, 0, _push(one)) for one in shown]
    facts += [(step.at, 1, _step(step)) for step in steps]
    facts += more
    if len(asked) > _SHOWN:
        facts.append((asked[half].at, 0, f"起另有{len(asked) - _SHOWN}次提醒，这里不一一列出"))
    return [f"{_clock(district, at, day)} {words}" for at, _, words in sorted(facts, key=lambda fact: fact[:2])]


def _push(one: Asked) -> str:
    what = f"{_KINDS.get(one.kind, '告知情况有变化')}，{one.title}{one.name}："
    if one.state == "sent":
        return f"{what}已送出（{_CHANNELS.get(one.channel, one.channel)}）"
    if one.state == "dropped":
        return f"{what}没有发出（发送前{one.error or '已不需要'}）"
    return f"{what}{_STATES.get(one.state, '未送达')}" + (f"（{one.error}）" if one.error else "")


def _step(step: Step) -> str:
    how = CAPACITY.get(step.capacity, "")
    who = step.by + (f"（{how}）" if how else "")
    match step.status:
        case "returned":
            return f"{who}退回：{step.reason or '请核对'}"
        case "locked":
            return "到锁定时间，按当时情况锁定"
        case "amended" if not step.by:
            return "锁定后情况有变化，记为更正版"
        case "amended":
            return f"{who}锁定后签报，记为更正版"
        case _:
            return f"{who}签报" + (f"（第{step.version}版）" if step.version > 1 else "")


def _clock(district: District, moment: datetime, day: date) -> str:
    """09:42, with the day where it is another one."""
    local = district.local(moment)
    return f"{local:%H:%M}" if local.date() == day else f"{on(local.date())}{local:%H:%M}"
