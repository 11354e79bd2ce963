"""A provider that sends nothing and keeps what it was asked to send: for tests and for trying things out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Recorded:
    phone: str
    template: str
    values: Mapping[str, str]
    reference: str


@dataclass(slots=True)
class Recorder:
    """`sent` holds every message, in order."""

    sent: list[Recorded] = field(default_factory=list)

    async def send(self, phone: str, template: str, values: Mapping[str, str], reference: str) -> str:
        self.sent.append(Recorded(phone, template, dict(values), reference))
        return f"recorded-{len(self.sent)}"

    async def close(self) -> None:
        return None
