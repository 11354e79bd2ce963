"""The rates of a school's day in one line; what there was nothing of is left out."""

from __future__ import annotations

from collections.abc import Mapping

from models.rules.rates import NOTHING_DUE


def line(rates: Mapping[str, str]) -> str:
    """rates: by the keys of `rules.rates.NAMES`."""
    parts = [f"及时率：学生{rates['timeliness']}，教职工{rates['staff_timeliness']}"]
    for name, words in (("follow_up", "缺勤追访率"), ("alert_p90", "九成预警确认用时："), ("receipt", "回执率")):
        if rates[name] != NOTHING_DUE:
            parts.append(f"{words}{rates[name]}")
    return "，".join(parts) + "。"
