"""The shape of a job: a pure question of the day, answered with pushes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Connection

from models.rules.district import District, Times
from models.rules.push import Lane, Owed, Push
from models.vault import Vault
from models.work import Work

__all__ = ["Job", "Lane", "Lateness", "Moment", "Owed", "Push"]


class Lateness(Enum):
    """What becomes of occurrences that fell due while nobody was ticking."""

    ALL = "all"  # run every one
    LAST = "last"  # run only the latest
    NONE = "none"  # run none after `Job.useless_after`


@dataclass(frozen=True, slots=True)
class Moment:
    """One occurrence of a job: T (`at`, the moment everything is judged at), its local day, and its unit of work.

    slot: which time of the day's list this is (0 first). Deeds of the job itself (closing a day) go through `work`, in
    the planning transaction.
    """

    at: datetime
    day: date
    slot: int
    work: Work
    public_url: str

    @property
    def connection(self) -> Connection:
        """For reading; what the job has changed before is written first."""
        return self.work.flush()

    @property
    def district(self) -> District:
        return self.work.district

    @property
    def vault(self) -> Vault:
        return self.work.vault


@dataclass(frozen=True, slots=True)
class Job:
    """The one public object (`job`) of a file in `schedules/jobs/`.

    times: local times of day, read from the district file, so that a district moves them without code.
    every: instead of times: each whole multiple of it since midnight UTC. Such a job looks at what stands now; only the
    newest moment is planned, and an occurrence is kept only where something was owed.
    Whether anybody owes a report that day is asked by `plan` itself: it differs from unit to unit.
    """

    name: str
    times: Callable[[Times], Sequence[time]]
    plan: Callable[[Moment], Sequence[Push]]
    lateness: Lateness = Lateness.LAST
    useless_after: timedelta = timedelta(hours=2)
    #: it says the same every day to people who are bound; campaigns do not, and are guarded from the first one on
    is_routine: bool = True
    #: `plan` asks and changes nothing: a large occasion is then made up before the write lock is taken, so that nobody's
    #: answer waits for it
    only_asks: bool = False
    #: what `plan_piece` is called with, one piece after the other, each in a transaction of its own: for what writes much
    #: of its own, and may be done twice (a killed planner's pieces are). `plan` does all of them at once, for a preview.
    pieces: Callable[[Moment], Sequence[Any]] | None = None
    plan_piece: Callable[[Moment, Any], Sequence[Push]] | None = None
    every: timedelta | None = None
