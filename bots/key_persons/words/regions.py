"""Changing the list of key regions in chat (domain handbook 9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bots.wording.health import on
from bots.wording.plain import lines

NOT_YOURS = "重点地区名单由区报告人、区领导小组和隔离组维护。您可以回复“帮助”看能做什么。"
HOW = (
    "增加请写：增加重点地区 黑河市 3月1日起；结束请写：结束重点地区 黑河市 3月20日起。"
    "日期不写就是今天。回复“重点地区”看名单。"
)
CANCELLED = "好的，名单没有改动。回复“重点地区”看名单。"
CONFIRM_FIRST = "请回复“确认”执行，或回复“取消”。"
EMPTY = "目前没有重点地区。增加请写：增加重点地区 黑河市 3月1日起。"


def unknown(name: str) -> str:
    return f"行政区划里查不到“{name}”。请写全称，例如：增加重点地区 黑龙江省黑河市 3月1日起。"


def several(name: str, options: Sequence[str]) -> str:
    return f"“{name}”有几处：{'、'.join(options)}。请连同上级写全，例如：增加重点地区 {options[0]} 3月1日起。"


def ask_add(name: str, code: str, start: date) -> str:
    return (
        f"将从{on(start)}起把{name}（{code}）列入重点地区，并立即按已申报的行程复核全区人员，新增人员会通知联系人。"
        "确认请回复“确认”，不要请回复“取消”。"
    )


def ask_end(name: str, code: str, day: date) -> str:
    return (
        f"将从{on(day)}起把{name}（{code}）移出重点地区。已登记的人员不会自动解除，系统会提请学校决定。"
        "确认请回复“确认”，不要请回复“取消”。"
    )


def added(name: str, start: date, registered: int) -> str:
    return f"已列入：{name}自{on(start)}起为重点地区。复核完成，新增重点人员{registered}人。回复“重点人员”查看。"


def already(name: str) -> str:
    return f"{name}已经在名单上，没有改动。回复“重点地区”看名单。"


def ended(name: str, day: date, proposed: int) -> str:
    return (
        f"已移出：{name}自{on(day)}起不再是重点地区。提请决定解除{proposed}人，未自动解除任何人。回复“重点人员”查看。"
    )


def not_listed(name: str) -> str:
    return f"{name}现在不是重点地区，没有改动。回复“重点地区”看名单。"


def listed(parts: Sequence[str]) -> str:
    return lines("重点地区名单：", *parts, "增加请写：增加重点地区 地名 日期起。")
