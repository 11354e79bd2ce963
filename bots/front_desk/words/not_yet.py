"""What is not there yet, and whom to ask instead (contract 10). Never 没看懂."""

from __future__ import annotations

from collections.abc import Mapping

#: subject as it is named → (words that mean it, whom to ask)
SUBJECTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "入校审批": (("入校", "进校", "进学校", "出校", "出入校", "入园", "进园"), "请打电话给班主任或学校门卫室"),
    "值班表": (("值班", "交接班", "带班"), "请问学校值班领导"),
    "消毒登记": (("消毒", "消杀", "通风"), "请按学校的纸质表登记，有问题请问后勤老师"),
    "物资管理": (("物资", "口罩", "消毒液", "测温枪", "台账"), "请问学校后勤老师"),
}


def answer(subject: str, whom: str) -> str:
    return f"{subject}暂未开通。{whom}。报体温请直接发数字，比如：36.5。"
