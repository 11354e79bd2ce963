"""Welcome (domain handbook 13.4)."""

from __future__ import annotations

from bots.binding.words.bind import HOW
from models.rules.district import District


def welcome(district: District) -> str:
    of = district.bureau or district.name
    return f"欢迎使用平安报（{of}）。家长和教职工都请先绑定：{HOW}想了解我能做什么，请回复“帮助”。"


WELCOME_BACK = "欢迎回来。您的绑定还在，报体温直接发数字，比如：36.5；其他功能请回复“帮助”。"
OTHER_CODE = "这个二维码不是平安报的绑定码。"
