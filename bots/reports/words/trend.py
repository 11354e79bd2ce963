"""趋势: a week or a fortnight, a line a day, that reads on a phone; what is not known stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bots.wording.health import on
from bots.wording.plain import lines
from models.rules.figures import Figures, completeness

NOT_YOURS = (
    "“趋势”看的是学校和全区的变化，由学校报告人、学校领导和教育局使用，您目前没有这个职务。看孩子最近14天请回复“记录”。"
)
HOW = "请写“趋势”看近7天，“趋势 14”看近14天。"
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a unit. due: schools that owed a report; none: nobody was asked. figures: of pupils and staff."""

    day: date
    due: int
    filed: int
    figures: Figures


def trend(name: str, days: Sequence[Day], today: date, clock: str, *, schools: bool) -> str:
    """clock: up to when today is counted. schools: how many of them filed is of interest."""
    first, last = days[0].day, days[-1].day
    return lines(
        f"{name}近{len(days)}天（{on(first)}至{on(last)}），学生完整率，师生发热、有症状人数：",
        *(_lines(days, today, clock, schools=schools)),
        _change(days, today),
        "“—”表示当天不用上报。回复“今日”看最新" + ("，“未报”看未报单位。" if schools else "。"),
    )


def _lines(days: Sequence[Day], today: date, clock: str, *, schools: bool) -> list[str]:
    """A line a day; days in a row on which nobody was due are one line."""
    told: list[str] = []
    quiet: list[date] = []
    for one in (*days, None):
        if one is not None and not one.due:
            quiet.append(one.day)
            continue
        if quiet:
            told.append(f"{_when(quiet[0])}{f'至{_when(quiet[-1])}' if len(quiet) > 1 else ''} —")
            quiet = []
        if one is not None:
            told.append(_line(one, today, clock, schools=schools))
    return told


def _when(day: date) -> str:
    return f"{day.month}/{day.day}周{_WEEKDAYS[day.weekday()]}"


def _line(one: Day, today: date, clock: str, *, schools: bool) -> str:
    when = _when(one.day)
    figures = one.figures
    filed = f"，报送{one.filed}/{one.due}校" if schools else "，已签报" if one.filed else "，未签报"
    now = f"（截至{clock}）" if one.day == today else ""
    return (
        f"{when} 学生{completeness(figures)} "
        f"发热{figures.fever + figures.staff_fever} 症状{figures.symptomatic + figures.staff_symptomatic}{filed}{now}"
    )


def _change(days: Sequence[Day], today: date) -> str:
    """The last whole day against the one before it; nothing where there are not two."""
    whole = [one for one in days if one.due and one.day != today]
    if len(whole) < 2:
        return ""
    before, after = whole[-2], whole[-1]
    old = before.figures.fever + before.figures.staff_fever
    new = after.figures.fever + after.figures.staff_fever
    unknown = after.figures.unreported + after.figures.staff_unreported
    moved = "持平" if new == old else f"由{old}人变为{new}人"
    return f"{on(after.day)}与{on(before.day)}相比，发热{moved}；{on(after.day)}仍有{unknown}人情况不明。"
