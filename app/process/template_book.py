"""Which of the account's templates serves which kind of push, and how our fields fit into it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from bots.engine.sender import SendError
from bots.wechat.client import Template as Listed
from bots.wechat.client import WeChatClient
from schedules.delivery.drain import Template

log = structlog.get_logger()

#: Which of a template's own keys takes which of our fields, by the type in the key's name (wechat-platform 6.2).
_TIME_KEYS = ("time", "date")
_TEXT_FIELDS = ("title", "unit", "note")


class TemplateBook:
    """The configured templates by kind; those without field names learn them from the account's own list, once.

    configured: kind → template id, or {"id": …, "fields": {ours: theirs}, "long_term": true}.
    """

    def __init__(self, configured: Mapping[str, object], *, subscriptions: bool = False) -> None:
        self._subscriptions = subscriptions
        self._book: dict[str, Template] = {}
        self._to_learn: dict[str, str] = {}
        for kind, entry in configured.items():
            if isinstance(entry, Mapping) and "id" in entry:
                fields = entry.get("fields") or {}
                named = (
                    {str(ours): str(theirs) for ours, theirs in fields.items()} if isinstance(fields, Mapping) else {}
                )
                self._book[kind] = Template(
                    str(entry["id"]), named, tuple(named.values()), is_long_term=entry.get("long_term") is True
                )
                if not named:
                    self._to_learn[kind] = str(entry["id"])
            else:
                self._book[kind] = Template(str(entry))
                self._to_learn[kind] = str(entry)

    def __call__(self) -> Mapping[str, Template]:
        return self._book

    @property
    def is_complete(self) -> bool:
        """Whether every template's fields are known."""
        return not self._to_learn

    async def learn(self, client: WeChatClient) -> None:
        """Read the field names of the templates that were configured by id alone."""
        if not self._to_learn:
            return
        ask: Callable[[], Awaitable[Sequence[Listed]]] = (
            client.list_subscriptions if self._subscriptions else client.list_templates
        )
        try:
            known = {template.id: template.fields for template in await ask()}
        except SendError as error:
            log.warning("template list not read", errcode=error.errcode)
            return
        for kind, template_id in list(self._to_learn.items()):
            if template_id in known:
                keys = known[template_id]
                self._book[kind] = Template(
                    template_id, assign_fields(keys), keys, is_long_term=self._book[kind].is_long_term
                )
            else:
                log.warning("template not in the account's list", kind=kind)
            del self._to_learn[kind]


def assign_fields(keys: tuple[str, ...]) -> dict[str, str]:
    """Our fields to a template's keys: times to the time key, texts to the others in order."""
    times = [key for key in keys if key.rstrip("0123456789").startswith(_TIME_KEYS)]
    texts = [key for key in keys if key not in times]
    made = dict(zip(_TEXT_FIELDS, texts, strict=False))
    if times:
        made["time"] = times[0]
    return made
