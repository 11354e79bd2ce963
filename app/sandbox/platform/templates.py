"""Template messages: the account's own templates, what a field may show, and what arrives in the end.

Since 2023-05-04 the opening and closing lines, colours and emoji are dropped and every field shows at most 20
characters; sending still succeeds and the surplus silently vanishes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.people import Person
from app.sandbox.platform.settings import TemplateRules

_FIELD = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\.DATA\s*\}\}")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A template message the platform took: `lines` are what the phone shows, label and value."""

    msg_id: int
    title: str
    lines: tuple[tuple[str, str], ...]
    url: str
    cut: tuple[str, ...]
    repeated: bool


def field_names(content: str) -> list[str]:
    """The keys a template's text asks for, in order."""
    return _FIELD.findall(content)


def shown(value: str, limit: int) -> str:
    """What the phone shows of a field's value: one line, no emoji, at most `limit` characters.

    A run of Latin letters and digits is reported to count as one character only where it is short; here every
    character counts, the harsher reading.
    """
    line = "".join(character for character in re.sub(r"\s*[\r\n]+\s*", " ", value) if not is_emoji(character))
    return line[:limit]


def is_emoji(character: str) -> bool:
    """Whether the client would drop it: pictographs and what joins them."""
    point = ord(character)
    return 0x1F000 <= point <= 0x1FAFF or 0x2600 <= point <= 0x27BF or point in (0x200D, 0xFE0F, 0x20E3)


class Templates:
    """The account's templates and the sends of the last ten minutes."""

    def __init__(self, rules: TemplateRules, templates: tuple[Mapping[str, Any], ...]) -> None:
        self._rules = rules
        self._templates: dict[str, dict[str, Any]] = {str(one["template_id"]): dict(one) for one in templates}
        self._sent: dict[tuple[str, str], tuple[float, Accepted]] = {}
        self._times: dict[str, list[float]] = {}
        self._last_id = 3_000_000_000
        self.blocked: set[str] = set()

    def all(self) -> list[dict[str, Any]]:
        """`get_all_private_template`."""
        return list(self._templates.values())

    def add(self, template: dict[str, Any]) -> None:
        """One more template of the account; needs template_id, title and content."""
        if not {"template_id", "title", "content"} <= template.keys():
            raise ValueError("a template needs template_id, title and content")
        self._templates[str(template["template_id"])] = template

    def accept(self, person: Person, body: dict[str, Any], now: float) -> Accepted:
        """Take a message for a user. Raises Refused with the platform's code."""
        template_id = body.get("template_id")
        if not isinstance(template_id, str) or not template_id:
            raise Refused(40036)
        template = self._templates.get(template_id)
        if template is None:
            raise Refused(40037)
        if template_id in self.blocked:
            raise Refused(40249)
        if not person.following:
            raise Refused(43004)
        data = body.get("data")
        if not isinstance(data, dict) or not data:
            raise Refused(47003, "argument invalid! data is empty")
        client_id = body.get("client_msg_id")
        if client_id:
            before = self._sent.get((person.openid, str(client_id)))
            if before is not None and now - before[0] < self._rules.dedupe_seconds:
                kept = before[1]
                return Accepted(kept.msg_id, kept.title, kept.lines, kept.url, kept.cut, repeated=True)
        self._check_frequency(person.openid, now)
        lines, cut = self._fill(str(template["content"]), data)
        self._last_id += 1
        url = str(body.get("url") or "")
        accepted = Accepted(self._last_id, str(template["title"]), lines, url, cut, repeated=False)
        if client_id:
            self._sent[(person.openid, str(client_id))] = (now, accepted)
        return accepted

    def _check_frequency(self, openid: str, now: float) -> None:
        limit = self._rules.per_openid_per_minute
        if limit is None:
            return
        recent = [moment for moment in self._times.get(openid, []) if now - moment < 60]
        if len(recent) >= limit:
            raise Refused(43117)
        self._times[openid] = [*recent, now]

    def _fill(self, content: str, data: dict[str, Any]) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
        lines: list[tuple[str, str]] = []
        cut: list[str] = []
        for line in content.splitlines():
            keys = [key for key in field_names(line) if key not in self._rules.stripped_keys]
            if not keys:
                continue
            label = _FIELD.split(line)[0].rstrip("：: ")
            values = []
            for key in keys:
                given = data.get(key)
                value = str(given.get("value", "")) if isinstance(given, dict) else ""
                if not value.strip():
                    raise Refused(47003, f"argument invalid! data.{key}.value is empty")
                visible = shown(value, self._rules.field_characters)
                if visible != value:
                    cut.append(key)
                values.append(visible)
            lines.append((label, "".join(values)))
        return tuple(lines), tuple(cut)
