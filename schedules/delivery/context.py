"""What delivery works on, handed in by whoever constructs it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection

from bots.engine.text_messages import TextMessages
from models.actions.delivery import Outcome
from models.database import Database
from models.rules.district import District
from models.vault import Vault


@dataclass(frozen=True, slots=True)
class Template:
    """The account's template for one kind: our field (title, unit, time, note) → the template's key.

    keys: all keys of the template. is_long_term: a subscription template that is granted once for all.
    """

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    is_long_term: bool = False


class Meter(Protocol):
    """Whoever counts what delivery does."""

    def sent(self, rung: str, kind: str, seconds: float) -> None: ...

    def refused(self, rung: str, errcode: int) -> None: ...

    def recorded(self, outcomes: Sequence[Outcome]) -> None: ...


class NoMeter:
    def sent(self, rung: str, kind: str, seconds: float) -> None: ...

    def refused(self, rung: str, errcode: int) -> None: ...

    def recorded(self, outcomes: Sequence[Outcome]) -> None: ...


Book = Callable[[], Mapping[str, Template]]


@dataclass(slots=True)
class House:
    """is_alive: of these workers, those whose process still runs (this one is). templates, subscriptions: by kind.

    sms: the provider of short messages, None where there is none; sms_templates: by kind. is_due: the calendar.
    """

    database: Database
    vault: Vault
    district: District
    clock: Callable[[], datetime]
    worker: str
    is_alive: Callable[[Collection[str]], set[str]]
    templates: Book = dict
    public_url: str = ""
    subscriptions: Book = dict
    sms: TextMessages | None = None
    sms_templates: Book = dict
    is_due: Callable[[Connection], Callable[[int, date], bool]] | None = None
    meter: Meter = field(default_factory=NoMeter)
