"""What officials, principals and reporters read about schools (domain handbook 13.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bots.wording.health import on
from bots.wording.plain import lines, names
from models.queries.reach import Tomorrow
from models.rules.figures import Figures, completeness, staff_completeness

#: How many schools one line names before it says how many more there are.
_SCHOOLS_SHOWN = 15


#: What the digest tells of cases, in the order in which it is read out.
_CASES = (("疑似", "suspected"), ("确诊", "confirmed"), ("密接", "close_contact"), ("在管", "in_care"))


@dataclass(frozen=True, slots=True)
class Schools:
    """How the schools of a district stand. late: (name, minutes)."""

    due: int
    filed: int
    missing: Sequence[str]
    late: Sequence[tuple[str, int]]
    not_zero: Sequence[str]


def digest(
    name: str, day: date, schools: Schools, figures: Figures, yesterday: Figures | None, ahead: Tomorrow | None = None
) -> str:
    """The day in 20 seconds: filed, late, missing; the cases; the change; what is not known."""
    missing = f"（{names(schools.missing, _SCHOOLS_SHOWN, '所')}）" if schools.missing else ""
    late = "、".join(f"{school}（迟{minutes}分）" for school, minutes in schools.late[:_SCHOOLS_SHOWN])
    before = yesterday or Figures()
    told = yesterday is not None
    return lines(
        f"{name}{on(day)}日报：应报{schools.due}校，已报{schools.filed}（按时{schools.filed - len(schools.late)}），未报{len(schools.missing)}{missing}。",
        f"迟报：{late}。" if late else "",
        f"学生：应报{figures.due}，已报{figures.reported}（{completeness(figures)}），"
        f"发热{figures.fever}{_change(figures.fever, before.fever, told)}，"
        f"因病缺勤{figures.sick_absence}{_moved(figures.sick_absence, before.sick_absence, told)}，"
        f"不在本地{figures.not_returned}{_moved(figures.not_returned, before.not_returned, told)}。",
        f"教职工：应报{figures.staff_due}，已报{figures.staff_reported}（{staff_completeness(figures)}），"
        f"发热{figures.staff_fever}{_change(figures.staff_fever, before.staff_fever, told)}。",
        "，".join(
            f"{word}{getattr(figures, name)}{_moved(getattr(figures, name), getattr(before, name), told)}"
            for word, name in _CASES
        )
        + "。",
        f"有异常的学校：{names(schools.not_zero, _SCHOOLS_SHOWN, '所')}。" if schools.not_zero else "",
        f"明天联系不上{ahead.missing}人（未绑定{ahead.unbound}，收不到{ahead.refused}），请学校补发绑定码或电话通知。"
        if ahead is not None and ahead.missing
        else "",
        f"情况不明：学生{figures.unreported}人、教职工{figures.staff_unreported}人未报"
        + (f"，{figures.alerted + figures.staff_alerted}人待核实" if figures.alerted + figures.staff_alerted else "")
        + "。回复“今日”看最新，“趋势”看变化，“未报”看名单。",
    )


def digest_note(schools: Schools, figures: Figures) -> str:
    """The same in the one line of a template message: counts only, the two chains apart."""
    return f"应报{schools.due}校已报{schools.filed}；学生发热{figures.fever}、教职工发热{figures.staff_fever}"


def _change(now: int, before: int, told: bool) -> str:
    """How a figure moved since yesterday; nothing where nobody was asked then."""
    if not told:
        return ""
    change = now - before
    return "（与昨日持平）" if change == 0 else f"（较昨日{'+' if change > 0 else '−'}{abs(change)}）"


def _moved(now: int, before: int, told: bool) -> str:
    """The same, short, and only where something moved."""
    return f"（{'+' if now > before else '−'}{abs(now - before)}）" if told and now != before else ""


def filing(schools: Schools) -> str:
    missing = f"，未报：{names(schools.missing, _SCHOOLS_SHOWN, '所')}" if schools.missing else ""
    return f"学校日报：应报{schools.due}校，已报{schools.filed}{missing}。"


def nudge(school: str, minutes: int, filed: int, classes: int, unfiled: Sequence[str], sign_for: str = "") -> str:
    """To a reporter whose school has not filed. minutes: until the deadline, negative after it. sign_for: a class that may
    be confirmed in its head teacher's place."""
    when = f"{minutes}分钟后截止" if minutes > 0 else "已到截止时间" if minutes == 0 else f"已逾期{-minutes}分钟"
    left = f"，未确认：{names(unfiled, _SCHOOLS_SHOWN, '个班')}" if unfiled else ""
    instead = f"班主任不便时您可回复“确认 {sign_for}”代为确认。" if sign_for else ""
    return (
        f"{school}今日零报告尚未提交，{when}。已确认{filed}/{classes}个班{left}。{instead}"
        "请回复“零报告”核对后签报；正在处理请回复“收到”。"
    )


def escalate_principal(school: str, minutes: int, taken: str = "") -> str:
    """taken: who answered 收到 and when; empty where nobody did."""
    state = f"{taken}回复“收到”，还没有提交" if taken else "报告人暂未提交"
    return f"您好，{school}今日日报已逾期{minutes}分钟，{state}，请督促，或回复“零报告”核对后直接签报。"


def no_reporter(school: str, deputy: str) -> str:
    """To a principal: nobody who reports for the school can be reached. deputy: who can sign instead."""
    then = f"今天请由{deputy}签报，或您直接回复“零报告”签报" if deputy else "今天请您直接回复“零报告”核对签报"
    return f"{school}今天没有能收到消息的疫情报告人（未设、未绑定或已取消关注）。{then}，并请尽快补上报告人。"


def stand_in(school: str) -> str:
    """To a deputy whose reporter cannot be reached."""
    return f"{school}的疫情报告人今天收不到消息，请您作为B角准备签报：到时回复“零报告”核对，再回复“确认”。"


def no_reporter_bureau(schools: Sequence[str]) -> str:
    listed = names(schools, _SCHOOLS_SHOWN, "所")
    return f"今天{len(schools)}所学校没有能收到消息的报告人（含B角）：{listed}。请电话联系学校；回复“未报”看最新。"


def escalate_bureau(schools: Sequence[str], minutes: int) -> str:
    listed = names(schools, _SCHOOLS_SHOWN, "所")
    late = f"截止后{minutes}分钟，{len(schools)}所学校日报未提交：{listed}。"
    return f"{late}请督促；回复“催报”可再提醒报告人，“未报”看最新。"


def class_nudge(name: str) -> str:
    """To a head teacher whose class is not signed."""
    return f"{name}今日日报还没有确认，请回复“班级”核对，无误请回复“确认”；正在处理请回复“收到”。"


def classes_late(classes: Sequence[str], minutes: int) -> str:
    """To the level above classes that are not signed."""
    listed = names(classes, _SCHOOLS_SHOWN, "个班")
    return f"截止后{minutes}分钟，{len(classes)}个班未确认：{listed}。班主任不便时您可回复“确认 {classes[0]}”代为确认。"


def left_open(unit: str, state: str, owners: Sequence[str]) -> str:
    """One unit of yesterday, as a fact with the name of who answers for it."""
    what = {"missing": "未报", "uncosigned": "日报还没有校长联签"}.get(state, "签报后有更正或退回，没有再确认")
    return f"{unit}（{'、'.join(owners) or '没有负责人'}）{what}"


def open_day(day: date, units: Sequence[str]) -> str:
    """In the morning, to those whose matter it is."""
    return (
        f"{on(day)}已锁定，还有{len(units)}项没有了结：{names(units, _SCHOOLS_SHOWN, '个')}。"
        "请了解原因；家长仍可补报近日的体温。今天的日报请按时回复“确认”。"
    )


def silent(unit: str, days: int, count: int, people: Sequence[str]) -> str:
    """People not heard for days; a place named several times is counted."""
    listed = [f"{name}{people.count(name)}人" if people.count(name) > 1 else name for name in dict.fromkeys(people)]
    return (
        f"{unit}连续{days}天及以上未报{count}人：{names(listed)}。请联系了解情况并登记；"
        "未绑定、未送达的不算未配合，请帮助绑定或电话核实。回复“未报”看今天的情况。"
    )


def within(minutes: int) -> str:
    """ "一小时内", "30分钟内"."""
    return "一小时内" if minutes == 60 else f"{minutes}分钟内"


def taken_on(units: Sequence[str], minutes: int) -> str:
    """To whoever answered a reminder with 收到."""
    return f"已记下由您处理：{names(units, _SCHOOLS_SHOWN, '个')}的日报。{minutes}分钟内没有签报会再提醒，并告知下一位。核对后请回复“确认”。"


def next_one(unit: str, asked: str, first: Sequence[str], *, was_reached: bool, was_taken: str, word: str) -> str:
    """To the next person, as facts: who was reminded when, and whether it arrived."""
    who = "、".join(first)
    if was_taken:
        what = f"{was_taken}已回复“收到”，还没有签报"
    elif not who:
        what = "没有可以提醒的负责人"
    elif was_reached:
        what = f"{asked}已提醒{who}，还没有回复“收到”，也没有签报"
    else:
        what = f"{asked}的提醒没有送达{who}"
    return f"{unit}今日日报：{what}。请您了解；需要代为处理可回复“{word}”，由您处理请回复“收到”。"


def reminded(role: str, units: Sequence[str], told: int, already: int, unbound: int, *, minutes: int = 60) -> str:
    """What a reminder by hand came to. already: reminded within the hour; unbound: cannot be reached here."""
    parts = [f"已提醒{told}位{role}" if told or not already else f"{within(minutes)}已提醒过{already}位{role}"]
    if told and already:
        parts.append(f"{already}位{within(minutes)}已提醒过")
    if unbound:
        parts.append(f"{unbound}位没有绑定，请电话联系")
    return f"{'，'.join(parts)}。未报的有{len(units)}个：{names(units, _SCHOOLS_SHOWN, '个')}。回复“未报”看最新情况。"
