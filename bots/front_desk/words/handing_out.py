"""导出: files by links of one's own (domain handbook 2.4, 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bots.engine.replies import link
from bots.wording.health import on

KINDS: Mapping[str, str] = {
    "record": "健康记录表",
    "absences": "缺勤",
    "key-persons": "重点人员",
    "incidents": "事件",
    "alerts": "预警",
    "school-reports": "学校日报",
}
FORMS: Mapping[str, str] = {"pdf": "打印版PDF", "xlsx": "表格", "zip": "打包"}
NOBODY = "导出由绑定的家长、班主任、校医、疫情报告人、学校领导和教育局使用。请先绑定：回复“绑定”加纸条上的绑定码。"
NOT_YOURS = "您的职务看的是汇总数字，没有可以导出的名单。看情况请回复“年级”或“今日”；其他请回复“帮助”。"


def no_unit(name: str) -> str:
    return f"没有找到您可以导出的“{name}”。例如：导出，或 导出 三年级2班，或 导出 2月16日到3月1日。"


def links(title: str, first: date, last: date, made: Sequence[tuple[str, str, str]], hours: int, more: str) -> str:
    """made: (what, form, address), in order."""
    span = on(first) if first == last else f"{on(first)}至{on(last)}"
    lines: dict[str, list[str]] = {}
    for what, form, address in made:
        lines.setdefault(what, []).append(link(address, FORMS[form]))
    listed = "\n".join(f"{what}：{' '.join(found)}" for what, found in lines.items())
    return f"{title}，{span}：\n{listed}\n链接只供您本人使用，{hours}小时内有效，每次下载都会留痕，请勿转发，用后请删除文件。{more}"


OTHER_DAYS = "要别的日期请写：导出 2月16日到3月1日。"
OTHER_UNITS = "只要一个班请写：导出 三年级2班。"


def own(name: str) -> str:
    return f"{name}的健康记录表"


TITLE_OWN = "您可以下载的记录"
