"""日报表: the day's workbook by a link of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bots.engine.replies import link
from bots.wording.health import on

LAYOUTS: Mapping[str, str] = {"district": "区级汇总", "city": "市级报表", "cdc": "疾控症状监测"}
NOT_YOURS = "“日报表”由区教育局的报告人和领导小组下载，您目前没有这个职务。看情况请回复“今日”；其他请回复“帮助”。"


def links(day: date, made: Mapping[str, str], hours: int) -> str:
    """made: layout → its address."""
    listed = "\n".join(link(address, LAYOUTS[layout]) for layout, address in made.items())
    return (
        f"{on(day)}日报表（Excel，可直接打印）：\n{listed}\n"
        f"链接只供您本人使用，{hours}小时内有效，每次下载都会留痕，请勿转发。看更早的请写“日报表 3月1日”。"
    )


def nothing(day: date) -> str:
    return f"{on(day)}按日历没有学校需要上报，没有日报表。看别的日子请写“日报表 3月1日”。"
