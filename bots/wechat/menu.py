"""The account's menu: what each key stands for when it is tapped."""

from __future__ import annotations

from collections.abc import Mapping

#: A tapped key is handled as if the word had been typed.
MENU_WORDS: Mapping[str, str] = {
    "CHECK_IN": "打卡",
    "TODAY": "今天",
    "RECORD": "记录",
    "HELP": "帮助",
    "CLASS": "班级",
    "REPORT": "零报告",
    "CONTACT_TEACHER": "联系老师",
}
