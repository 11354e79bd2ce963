"""The account's custom menu, checked as strictly as the platform does."""

from __future__ import annotations

from typing import Any

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.settings import MenuRules

_KEYED = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
_TYPES = _KEYED | {"view", "media_id", "article_id", "article_view_limited", "miniprogram", "view_limited"}


class Menu:
    """The menu now in force, as it was created; None without one."""

    def __init__(self, rules: MenuRules) -> None:
        self._rules = rules
        self._buttons: list[dict[str, Any]] | None = None
        self.menu_id = 400_000_000

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons, or an empty list."""
        return self._buttons or []

    def create(self, body: dict[str, Any]) -> None:
        """`menu/create`. Raises Refused 40016…40023."""
        buttons = body.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= self._rules.buttons:
            raise Refused(40016)
        for button in buttons:
            if not isinstance(button, dict):
                raise Refused(40016)
            subs = button.get("sub_button")
            self._check_name(button, self._rules.name_bytes)
            if subs:
                if not isinstance(subs, list) or len(subs) > self._rules.sub_buttons:
                    raise Refused(40023)
                for sub in subs:
                    if not isinstance(sub, dict) or sub.get("sub_button"):
                        raise Refused(40023)
                    self._check_name(sub, self._rules.sub_name_bytes)
                    self._check_deed(sub)
            else:
                self._check_deed(button)
        self._buttons = buttons
        self.menu_id += 1

    def get(self) -> dict[str, Any]:
        """`menu/get`. Raises Refused 46003 without a menu."""
        if self._buttons is None:
            raise Refused(46003)
        shown = [{**button, "sub_button": button.get("sub_button", [])} for button in self._buttons]
        return {"menu": {"button": shown, "menuid": self.menu_id}}

    def current(self) -> dict[str, Any]:
        """`get_current_selfmenu_info`."""
        if self._buttons is None:
            return {"is_menu_open": 0, "selfmenu_info": {"button": []}}
        shown = []
        for button in self._buttons:
            subs = button.get("sub_button")
            shown.append({"name": button["name"], "sub_button": {"list": subs}} if subs else dict(button))
        return {"is_menu_open": 1, "selfmenu_info": {"button": shown}}

    def delete(self) -> None:
        """`menu/delete`."""
        self._buttons = None

    def find(self, *, name: str | None, key: str | None) -> dict[str, Any]:
        """The tappable button with this name or key. Raises LookupError."""
        for button in self.buttons:
            for one in button.get("sub_button") or [button]:
                if (name is not None and one.get("name") == name) or (key is not None and one.get("key") == key):
                    return dict(one)
        raise LookupError("the menu has no such button")

    def _check_name(self, button: dict[str, Any], limit: int) -> None:
        name = button.get("name")
        if not isinstance(name, str) or not name or len(name.encode()) > limit:
            raise Refused(40018)

    def _check_deed(self, button: dict[str, Any]) -> None:
        kind = button.get("type")
        if kind not in _TYPES:
            raise Refused(40017)
        if kind in _KEYED:
            key = button.get("key")
            if not isinstance(key, str) or not key or len(key.encode()) > self._rules.key_bytes:
                raise Refused(40019)
        if kind in ("view", "miniprogram"):
            url = button.get("url")
            if not isinstance(url, str) or not url or len(url.encode()) > self._rules.url_bytes:
                raise Refused(40020)
