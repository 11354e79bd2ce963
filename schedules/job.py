"""The shape of a job: a pure question of the day, answered with pushes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from sqlalchemy import Connection

from models.rules.district import District, Times
from models.rules.push import Lane, Owed, Push
from models.vault import Vault

__all__ = ["Job", "Lane", "Lateness", "Moment", "Owed", "Push"]


class Lateness(Enum):
    """What becomes of occurrences that fell due while nobody was ticking."""

    ALL = "all"  # run every one
    LAST = "last"  # run only the latest
    NONE = "none"  # run none after `Job.useless_after`


@dataclass(frozen=True, slots=True)
class Moment:
    """One occurrence of a job: T (`at`), its local day, and what planning may look at. slot: which time of the day's
    list this is (0 first)."""

    at: datetime
    day: date
    slot: int
    connection: Connection
    district: District
    vault: Vault
    public_url: str


@dataclass(frozen=True, slots=True)
class Job:
    """The one public object (`job`) of a file in `schedules/jobs/`.

    times: local times of day, read from the district file, so that a district moves them without code.
    reporting_days_only: planned only on days on which somebody owes a report. writes: the occurrence's own deeds
    (closing a day), run in the planning transaction before `plan`.
    """

    name: str
    times: Callable[[Times], Sequence[time]]
    plan: Callable[[Moment], Sequence[Push]]
    lateness: Lateness = Lateness.LAST
    useless_after: timedelta = timedelta(hours=2)
    reporting_days_only: bool = True
