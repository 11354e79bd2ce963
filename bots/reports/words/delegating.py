"""Handing a duty over for a time: what is asked, said and told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bots.wording.health import on
from bots.wording.plain import names

HOW = "请写明请谁代、到哪天，例如：我出差到周五，请张三代报。到期自动恢复由您负责。"
NOTHING = "您目前没有委托给别人的工作。要委托请写，例如：我出差到周五，请张三代报。"
NONE_DELEGABLE = "只有班主任、年级主任、教务处和疫情报告人可以委托本人的上报工作；受托的工作不能再转托。"
KEPT = "好的，没有委托，仍由您负责。需要时再写，例如：我出差到周五，请张三代报。"


def too_long(days: int) -> str:
    return f"委托最长{days}天。时间更长请联系学校管理员更新名册。"


def nobody(called: str) -> str:
    return f"本校没有找到“{called}”。请写全名，例如：我出差到周五，请张三代报。"


def several(called: str, found: Sequence[str]) -> str:
    return f"“{called}”有{len(found)}位：{names(found)}。请写全名再发一次。"


def unreachable(name: str) -> str:
    return f"{name}还没有绑定，收不到提醒，不能受托。请换一位，或请{name}先绑定。"


def holds_already(name: str) -> str:
    return f"{name}本来就有这项职责，不用委托；到时由{name}直接回复“确认”即可。"


def ask(duties: Sequence[str], name: str, first: date, last: date) -> str:
    days = on(first) if first == last else f"{on(first)}至{on(last)}"
    return (
        f"{days}把{names(duties)}的工作委托给{name}，之后自动恢复由您负责。同意请回复“确认委托”，不委托请回复“取消”。"
    )


def done(duties: Sequence[str], name: str, last: date) -> str:
    back = on(last + timedelta(days=1))
    return f"已委托：{names(duties)}由{name}代理到{on(last)}，{back}起自动恢复。提前收回请回复“取消委托”。"


def told(by: str, duties: Sequence[str], first: date, last: date) -> str:
    """To whoever takes over."""
    days = on(first) if first == last else f"{on(first)}至{on(last)}"
    return f"{by}请您代理{names(duties)}，{days}。其间请按提醒核对并回复“确认”；不便代理请直接与{by}联系。"


def told_principal(by: str, name: str, duties: Sequence[str], last: date) -> str:
    return f"{names(duties)}由{name}代理到{on(last)}（{by}不在岗），到期自动恢复。如不妥请与{by}联系；回复“今日”看全校情况。"


def taken_back(duties: Sequence[str]) -> str:
    return f"已收回：{names(duties)}恢复由您负责。回复“今日”可查看情况。"


def told_back(by: str, duties: Sequence[str]) -> str:
    return f"{by}已收回{names(duties)}的工作，您不用再代理，谢谢您。"


def standing(told: Sequence[str]) -> str:
    return "您委托的工作：" + "；".join(told) + "。到期自动恢复；提前收回请回复“取消委托”。"
