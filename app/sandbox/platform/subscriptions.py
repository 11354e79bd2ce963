"""Subscription notices: grants per user and template, and fields that make a send fail instead of being cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.people import Person
from app.sandbox.platform.templates import field_names

# Characters allowed per kind of field. Source: the category library's field specification (mini-program pages).
_LIMITS = {"thing": 20, "number": 32, "letter": 32, "symbol": 5, "character_string": 32, "phrase": 5, "name": 20}
_LIMITS |= {"phone_number": 17, "car_number": 8, "amount": 12, "time": 40, "date": 40, "short_thing": 20}
_KIND = re.compile(r"^([a-z_]+?)\d*$")


class Subscriptions:
    """The account's subscription templates. Grants live with the person: template → {left, long_term}."""

    def __init__(self, templates: tuple[Mapping[str, Any], ...]) -> None:
        self._templates: dict[str, dict[str, Any]] = {str(one["template_id"]): dict(one) for one in templates}
        self._last_id = 5_000_000_000

    def all(self) -> list[dict[str, Any]]:
        """`newtmpl/gettemplate`."""
        return list(self._templates.values())

    def add(self, template: dict[str, Any]) -> None:
        """One more template; needs template_id, title and content."""
        if not {"template_id", "title", "content"} <= template.keys():
            raise ValueError("a template needs template_id, title and content")
        self._templates[str(template["template_id"])] = template

    def answer_popup(self, person: Person, template_id: str, *, accept: bool, long_term: bool) -> None:
        """The user tapped the pop-up. Raises ValueError for a template this account does not have."""
        if template_id not in self._templates:
            raise ValueError("the account has no such subscription template")
        if not accept:
            person.grants.pop(template_id, None)
            return
        left = person.grants.get(template_id, {}).get("left", 0)
        person.grants[template_id] = {"left": left + 1, "long_term": long_term}

    def accept(self, person: Person, body: dict[str, Any]) -> tuple[int, str, tuple[tuple[str, str], ...]]:
        """Take one send: message id, title, lines. Raises Refused."""
        template_id = str(body.get("template_id") or "")
        template = self._templates.get(template_id)
        if template is None:
            raise Refused(40037)
        grant = person.grants.get(template_id)
        if grant is None or (grant["left"] < 1 and not grant["long_term"]):
            raise Refused(43101)
        lines = self._fill(str(template["content"]), body.get("data"))
        if not grant["long_term"]:
            grant["left"] -= 1
        self._last_id += 1
        return self._last_id, str(template["title"]), lines

    def _fill(self, content: str, data: Any) -> tuple[tuple[str, str], ...]:
        given = data if isinstance(data, dict) else {}
        lines = []
        for line in content.splitlines():
            for key in field_names(line):
                member = given.get(key)
                value = str(member.get("value", "")) if isinstance(member, dict) else ""
                kind = _KIND.match(key)
                limit = _LIMITS.get(kind.group(1) if kind else "", 20)
                if not value.strip() or len(value) > limit or "\n" in value:
                    raise Refused(47003, f"data.{key}.value invalid")
                lines.append((line.split("{{")[0].rstrip("：: "), value))
        return tuple(lines)
