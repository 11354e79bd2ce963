"""What guardians and staff are asked and reminded of (domain handbook 13.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bots.wording.plain import clock
from models.rules.district import District


def prompt(district: District, children: Sequence[str], own_name: str, deadline: datetime) -> str:
    """The morning's question for one account: its children, the member of staff behind it, or both."""
    until = f"{clock(district, deadline)}前回复即可"
    if own_name and children:
        return (
            f"{own_name}老师早上好，请报您本人和{_and(children)}今天的体温和身体情况，"
            f"比如：我36.5，{children[0]}36.6，都没有不舒服。{until}。"
        )
    if own_name:
        return f"{own_name}老师您好，请报今日体温和身体情况，比如：36.5 没有不舒服。{until}，谢谢您。"
    if len(children) > 1:
        example = "，".join(f"{name}36.{5 + place % 2}" for place, name in enumerate(children[:2]))
        return f"早上好，请报{_and(children)}今天的体温，可以一起发，比如：{example}，都没有不舒服。{until}。"
    return f"家长早上好，请报{children[0]}今天的体温和身体情况，比如：36.5 没有不舒服。{until}。"


def reminder(
    district: District,
    people: Sequence[str],
    deadline: datetime,
    at: datetime,
    *,
    last: bool,
    staff_only: bool = False,
) -> str:
    """To those who have not answered: friendly before the deadline, plain after it, an offer of help at the end.

    staff_only: it goes to a member of staff for themselves, whose chain is not the class's.
    """
    who = _and(people)
    if last:
        help_ = (
            "如有不便，请与年级主任或教务处联系。" if staff_only else "如遇到困难，回复“联系老师”，我请班主任与您联系。"
        )
        return f"今天最后提醒一次：请补报{who}的体温，直接发数字即可，例如 36.5。{help_}"
    if at < deadline:
        minutes = max(1, int((deadline - at).total_seconds() // 60))
        return f"还没收到{who}今天的健康情况，离截止还有{minutes}分钟，方便时请回复体温，例如 36.5，谢谢。"
    waits = "年级和教务处正在汇总" if staff_only else "班主任正在等全班情况"
    return f"{who}今天的体温还没报，已过截止时间。请现在补一下，例如 36.5，{waits}。"


def from_teacher(people: Sequence[str]) -> str:
    """The head teacher asks now (催报)."""
    return f"班主任提醒：还没收到{_and(people)}今天的体温，请现在回复，例如 36.5。如遇到困难，回复“联系老师”。"


def _and(people: Sequence[str]) -> str:
    return "、".join(people)
