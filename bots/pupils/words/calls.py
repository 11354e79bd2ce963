"""What is said of calls to families that were not heard."""

from __future__ import annotations

NOT_YOURS = (
    "“电话”由班主任、年级主任和学校负责人登记，您目前没有这个职务。报体温直接发数字，例如 36.5；其他请回复“帮助”。"
)
HOW = "请写上姓名和结果，例如：电话 张小明 没人接；或：电话 张小明 在家，无不适。"


def noted(name: str, outcome: str) -> str:
    if outcome == "unreached":
        return f"记下了：{name}家的电话没有联系上。可稍后再打，再发一次会更新；报告人签报时能看到您联系过。"
    return f"记下了：{name}家已电话联系上。家长报了体温请发“代报 {name} 36.5”；报告人签报时能看到您联系过。"
