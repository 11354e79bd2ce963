"""通报: drafts about schools that filed late or not at all. Facts only; never a class, never a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bots.wording.health import on
from bots.wording.plain import lines
from models.rules.circular import Week

NOT_YOURS = "“通报”草稿由区教育局的报告人查看、领导小组批准，您目前没有这个职务。其他请回复“帮助”。"
NOTHING = "现在没有待批准的通报草稿。一周内迟报、未报达到规定次数的学校，会自动起草，须人批准才发。"
ONLY_LEADER = "通报由区领导小组批准。您可以登记情况说明，例如：说明 1 停电断网；学校有正当理由的不通报。"
WHY = "请写明编号和原因，例如：不发 1 已电话了解；说明 1 停电断网。"
GONE = "这一份已经处理过了，或编号不对。回复“通报”看还有哪些。"
_SHOWN = 8


def facts(week: Week) -> str:
    """ "迟报3次（3月2日11分钟、…），未报2次（3月5日、…）"."""
    late = "、".join(f"{on(day)}{minutes}分钟" for day, minutes in week.late)
    missing = "、".join(on(day) for day in week.missing)
    parts = [
        f"迟报{len(week.late)}次（{late}）" if late else "",
        f"未报{len(week.missing)}次（{missing}）" if missing else "",
    ]
    return "，".join(part for part in parts if part)


def drafts(listed: Sequence[tuple[int, str, date, date, Week]], *, may_approve: bool) -> str:
    """listed: (number, school, first day, last day, facts)."""
    told = [
        f"{number}号 {school}（{on(first)}至{on(last)}）：{facts(week)}。"
        for number, school, first, last, week in listed
    ]
    more = f"另有{len(told) - _SHOWN}份，处理后再回复“通报”查看。" if len(told) > _SHOWN else ""
    first = listed[0][0]
    how = f"批准请回复“批准 {first}”，不发请回复“不发 {first} 原因”，" if may_approve else ""
    return lines(
        f"通报草稿{len(told)}份，均未发出：",
        *told[:_SHOWN],
        more,
        f"{how}有正当理由请回复“说明 {first} 原因”。",
    )


def drafted(schools: Sequence[str]) -> str:
    """To the bureau: new drafts wait. The names are of schools."""
    named = "、".join(schools[:_SHOWN]) + (f" 等{len(schools)}校" if len(schools) > _SHOWN else "")
    return f"新起草{len(schools)}份通报（{named}），未发出，须批准。请回复“通报”查看。"


def sent_out(bureau: str, school: str, first: date, last: date, week: Week) -> str:
    """To a school's principal and reporters, once approved: its own facts and nobody else's."""
    return (
        f"{bureau}通报：{school}{on(first)}至{on(last)}日报{facts(week)}。请查明原因并改进；如因网络、值班应急等，"
        "请联系区教育局说明。回复“趋势”可查看本校情况。"
    )


def approved(school: str, told: int) -> str:
    reached = f"已发给该校{told}位负责人" if told else "该校负责人都没有绑定，请电话告知"
    return f"已批准：{school}，{reached}。回复“通报”看还有哪些。"


def dropped(school: str) -> str:
    return f"好的，{school}这一份不发，原因已留存。回复“通报”看还有哪些。"


def excused(school: str) -> str:
    return f"已登记说明，{school}本周按有正当理由处理，不通报。回复“通报”看还有哪些。"
