"""What a running process holds, built once in `wiring` and passed on as a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from app.process.settings import Settings
from models.database import Database
from models.queries.units import UnitsCache
from models.rules.district import District
from models.vault import Vault
from models.work import Work


class Clock:
    """The time. In the demo it carries an offset that the sandbox moves forward, nowhere else."""

    def __init__(self, source: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._source = source
        self._offset = timedelta(0)

    def __call__(self) -> datetime:
        return self._source() + self._offset

    @property
    def offset(self) -> timedelta:
        return self._offset

    def move_to_offset(self, offset: timedelta) -> None:
        """Forward only: a day that was lived is not lived again. Raises ValueError."""
        if offset < self._offset:
            raise ValueError("the clock moves forward only")
        self._offset = offset


@dataclass(slots=True)
class Runtime:
    """Settings turned into things. folder: what relative paths are relative to."""

    folder: Path
    settings: Settings
    district: District
    database: Database
    vault: Vault
    clock: Clock
    units: UnitsCache = field(default_factory=UnitsCache)

    def work(self, connection: Connection, now: datetime | None = None) -> Work:
        """A unit of work on `connection`, as of `now`."""
        return Work(connection, now or self.clock(), self.district, self.vault, self.units.get(connection))

    def turn(self, connection: Connection) -> Work:
        """A unit of work for the dispatcher, which asks for the tree together with everything else."""
        return Work(connection, self.clock(), self.district, self.vault, self.units)

    def close(self) -> None:
        self.database.close()
