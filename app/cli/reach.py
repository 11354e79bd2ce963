"""reach: who cannot be reached tomorrow, and what would help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Annotated

import typer

from app.cli.context import fail, open_house
from app.files.roster import unit_at
from app.process.runtime import Runtime
from models.queries.reach import Line, lines
from models.queries.units import Units
from models.rules.push import Lane
from models.rules.reach import service_window

#: The push everybody gets.
PROMPT = "checkin-prompt"
UNBOUND, REFUSED, CLOSED = "未绑定", "收不到", "窗口将关闭"
HELP = {
    UNBOUND: "发绑定单（pinganbao roster slips），或由班主任发送「绑定码」查看后转告",
    REFUSED: "请本人重新关注公众号并随便发一句话",
    CLOSED: "请本人在明早之前给公众号发一句话，或为 checkin-prompt 配置模板消息",
}


def reach(
    unit: Annotated[str | None, typer.Option("--unit", help="只看这个单位，例如 红旗小学/三年级/2班")] = None,
) -> None:
    """明早提醒时联系不到谁，怎样才能联系到。"""
    with open_house() as runtime, runtime.database.read() as connection:
        units = runtime.units.get(connection)
        named = unit_at(units, unit, runtime.district) if unit else None
        top = units.get(named) if unit else units.district
        if top is None:
            fail(f"没有「{unit}」这个单位；应为 红旗小学/三年级/2班 这样的名称" if unit else "还没有导入名册")
        day = runtime.district.day_of(runtime.clock()) + timedelta(days=1)
        moment = runtime.district.at(day, runtime.district.times.prompt)
        every = lines(connection, [part.id for part in units.within(top.id)], day)
        counts = _list(units, _judged(runtime, every, moment))
    total = sum(counts.values())
    missing = total - counts[""]
    print(f"{top.path}：明天（{day}）应提醒 {total} 人，能联系到 {counts['']} 人，联系不到 {missing} 人")
    for reason, text in HELP.items():
        if counts[reason]:
            print(f"  {reason} {counts[reason]} 人：{text}")


def _judged(runtime: Runtime, every: Iterable[Line], moment: datetime) -> Iterator[tuple[Line, str]]:
    """Each person once, with why nobody reaches them at `moment` ("": somebody does)."""
    has_template = PROMPT in runtime.settings.wechat_templates
    reserve = runtime.district.messages.window_reserve

    def reached(line: Line) -> bool:
        if line.account_id is None or line.refused:
            return False
        return has_template or service_window(line.windows, moment, Lane.NUDGE, reserve) is not None

    def reason(ways: Sequence[Line]) -> str:
        if any(reached(way) for way in ways):
            return ""
        if all(way.account_id is None for way in ways):
            return UNBOUND
        return REFUSED if all(way.refused for way in ways) else CLOSED

    for _, group in groupby(every, key=lambda line: line.person_id):
        ways = list(group)
        yield ways[0], reason(ways)


def _list(units: Units, judged: Iterable[tuple[Line, str]]) -> Counter[str]:
    counts = Counter[str]()
    for line, reason in judged:
        counts[reason] += 1
        if reason:
            print(f"{units[line.unit_id].path}\t{line.number}\t{line.name}\t{reason}")
    return counts
