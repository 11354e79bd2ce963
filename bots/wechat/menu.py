"""The account's custom menu, as data, and the words its keys stand for (wechat-platform 13).

A tap brings the key; the conversation hears the word, as if it had been typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

#: What a tap means. Each word opens a conversation (contract 8).
MENU_WORDS: Final[Mapping[str, str]] = {
    "CHECK_IN": "打卡",
    "TODAY": "今天",
    "RECORD": "记录",
    "CONTACT_TEACHER": "联系老师",
    "CLASS": "班级",
    "MISSING": "未报",
    "GRADE": "年级",
    "REPORT": "零报告",
    "OVERVIEW": "今日",
    "BIND": "绑定",
    "HELP": "帮助",
}

#: Shown 4 characters on top and 8 below.
MENU: Final[Mapping[str, Any]] = {
    "button": [
        {
            "name": "报平安",
            "sub_button": [
                {"type": "click", "name": "报今天的体温", "key": "CHECK_IN"},
                {"type": "click", "name": "今天报了吗", "key": "TODAY"},
                {"type": "click", "name": "近十四天记录", "key": "RECORD"},
                {"type": "click", "name": "联系老师", "key": "CONTACT_TEACHER"},
            ],
        },
        {
            "name": "教职工",
            "sub_button": [
                {"type": "click", "name": "班级情况", "key": "CLASS"},
                {"type": "click", "name": "未报名单", "key": "MISSING"},
                {"type": "click", "name": "年级汇总", "key": "GRADE"},
                {"type": "click", "name": "零报告", "key": "REPORT"},
                {"type": "click", "name": "今日汇总", "key": "OVERVIEW"},
            ],
        },
        {
            "name": "帮助",
            "sub_button": [
                {"type": "click", "name": "怎样使用", "key": "HELP"},
                {"type": "click", "name": "怎样绑定", "key": "BIND"},
            ],
        },
    ]
}

TOP_BUTTONS = 3
SUB_BUTTONS = 5
TOP_NAME_BYTES = 16
SUB_NAME_BYTES = 60
KEY_BYTES = 128
URL_BYTES = 1024


class BadMenu(ValueError):
    """The platform would not take this menu; the text says which button and why."""


def word_for(event_key: str) -> str:
    """The word a tapped button stands for; empty for a key we do not know (an old menu still on a phone)."""
    return MENU_WORDS.get(event_key, "")


def check(menu: Mapping[str, Any]) -> None:
    """Hold a menu against the platform's limits. Raises BadMenu."""
    buttons = menu.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= TOP_BUTTONS:
        raise BadMenu(f"a menu has 1 to {TOP_BUTTONS} buttons")
    for button in buttons:
        _check_name(button, TOP_NAME_BYTES)
        below = button.get("sub_button")
        if below is None:
            _check_action(button)
            continue
        if set(button) != {"name", "sub_button"}:
            raise BadMenu(f"{button['name']}: a button with others below it has a name and nothing else")
        if not 1 <= len(below) <= SUB_BUTTONS:
            raise BadMenu(f"{button['name']}: 1 to {SUB_BUTTONS} buttons stand below it")
        for lower in below:
            _check_name(lower, SUB_NAME_BYTES)
            _check_action(lower)


def _check_name(button: Mapping[str, Any], limit: int) -> None:
    name = button.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= limit:
        raise BadMenu(f"{name!r}: a name of 1 to {limit} bytes is expected")


def _check_action(button: Mapping[str, Any]) -> None:
    name, kind = button["name"], button.get("type")
    if kind == "click":
        key = button.get("key", "")
        if key not in MENU_WORDS or len(key.encode()) > KEY_BYTES:
            raise BadMenu(f"{name}: the key {key!r} stands for no word, or has more than {KEY_BYTES} bytes")
    elif kind == "view":
        url = button.get("url", "")
        if not url.startswith(("http://", "https://")) or len(url.encode()) > URL_BYTES:
            raise BadMenu(f"{name}: an address of at most {URL_BYTES} bytes is expected")
    else:
        raise BadMenu(f"{name}: {kind!r} is not a kind of button we use")
