"""What is said to a sentence about a whole class: what was entered by name, and where the numbers differ (V22)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bots.wording.plain import names
from models.rules.typed import Difference

_LABELS = {
    "enrolled": "在册",
    "expected": "应到",
    "present": "实到",
    "absent": "缺勤",
    "due": "应报",
    "reported": "已报",
    "unreported": "未报",
    "fever": "发热",
    "sick_absence": "病假",
    "personal_leave": "事假",
    "unwell": "异常",
}
FITS = "您写的人数与系统记录一致。"


def not_yours(called: str, own: Sequence[str]) -> str:
    return f"您写的是{called}，不在您负责的范围（{names(own)}），没有登记。请核对后再发。"


def which_class(own: Sequence[str]) -> str:
    return f"您负责{names(own)}，请在开头写明是哪个班，例如：{own[0]}应到45实到43。没有登记。"


def ill_without_number(name: str) -> str:
    return f"{name}有不适，已通知相关人员；体温请发“代报 {name} 38.2”。"


def nothing_of(name: str) -> str:
    return f"{name}：没有看出体温或缺勤原因，没有登记。请写：缺勤 {name} 病假 感冒"


def nothing_entered(name: str) -> str:
    """A pupil was named, and nothing of today could be entered."""
    return (
        f"没有登记{name}的任何情况。说今天的情况可以这样写：{name}38.2 咳嗽；{name}没来；{name}请病假 感冒；"
        f"追访 {name} 情况；不是今天的不登记。"
    )


NAMED_UNDO = "不对请重新发“代报 姓名 体温”或“缺勤 姓名 取消”；回复“班级”看全班。"
OWN_APART = "您本人的体温请单独发一次，比如：36.5。"


def strangers(called: Iterable[str], where: str) -> str:
    return f"{where}没有找到“{'、'.join(called)}”，没有登记，请核对姓名。"


def differing(found: Sequence[Difference], absent: Sequence[str], missing: Sequence[str], unwell: str) -> str:
    """Both numbers, and who they are by name; the system's figures are those of persons and stay."""
    told = []
    for one in found:
        who = {
            "absent": f"（有姓名的：{names(absent)}）" if absent else "（没有登记姓名）",
            "unreported": f"（{names(missing)}）" if missing else "",
            "unwell": f"（{unwell}）" if unwell else "",
        }.get(one.name, "")
        wrote = "无异常" if one.name == "unwell" and one.typed == 0 else f"{one.typed}人"
        told.append(f"{_LABELS[one.name]}您写{wrote}，系统记录{one.derived}人{who}")
    ask = ""
    if any(one.name == "absent" and one.typed > one.derived for one in found):
        ask = "缺勤的请按姓名登记，例如：缺勤 张小明 病假 感冒。"
    elif any(one.name in {"expected", "enrolled", "due"} for one in found):
        ask = "名册有变动请联系学校管理员。"
    return f"与您写的不一致：{'；'.join(told)}。日报以系统记录为准，没有按您写的数字改动。{ask}"


def of_staff(name: str) -> str:
    return f"{name}教职工以本人上报为准，不能代写。"
