"""The shipped menu, and menus the platform would not take."""

from __future__ import annotations

from typing import Any

import pytest

from bots.wechat.menu import MENU, MENU_WORDS, BadMenu, check, word_for


def test_the_shipped_menu_keeps_the_platforms_limits() -> None:
    check(MENU)


def test_every_key_of_the_menu_stands_for_a_word_and_every_word_has_its_button() -> None:
    keys = [lower["key"] for button in MENU["button"] for lower in button["sub_button"]]
    assert sorted(keys) == sorted(MENU_WORDS)
    assert word_for("TODAY") == "今天"
    assert word_for("A_BUTTON_OF_LAST_YEAR") == ""


def click(name: str = "帮助", key: str = "HELP") -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


@pytest.mark.parametrize(
    "buttons",
    [
        pytest.param([], id="none"),
        pytest.param([click()] * 4, id="four on top"),
        pytest.param([click("六个字太长了")], id="18 bytes on top"),
        pytest.param([click("")], id="no name"),
        pytest.param([click(key="UNKNOWN")], id="a key without a word"),
        pytest.param([{"name": "甲", "sub_button": [click()] * 6}], id="six below"),
        pytest.param([{"name": "甲", "sub_button": []}], id="none below"),
        pytest.param([{"name": "甲", "key": "HELP", "sub_button": [click()]}], id="a parent that acts"),
        pytest.param([{"name": "甲", "sub_button": [click("长" * 21)]}], id="63 bytes below"),
        pytest.param([{"type": "view", "name": "甲", "url": "javascript:1"}], id="no address"),
        pytest.param([{"type": "view", "name": "甲", "url": "https://x.test/" + "a" * 1010}], id="long address"),
        pytest.param([{"type": "pic_weixin", "name": "甲", "key": "HELP"}], id="a kind we do not use"),
    ],
)
def test_a_menu_beyond_the_limits_is_refused(buttons: list[dict[str, Any]]) -> None:
    with pytest.raises(BadMenu):
        check({"button": buttons})


def test_links_are_fine_in_a_menu() -> None:
    check({"button": [{"type": "view", "name": "看看", "url": "https://x.test/h5"}]})
