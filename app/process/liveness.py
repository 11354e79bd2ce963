"""Which delivery workers are alive, without clocks: a lock that dies with its holder.

On PostgreSQL each worker holds a session-level advisory lock on a connection of its own; the server lets go of it the
moment the process is gone. On SQLite all workers are on this machine, and the process table knows.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import Connection, text

from models.database import Database

#: The kernel's letters for a process that has ended.
_DEAD = frozenset("ZXx")


def _started(pid: int) -> str:
    """When the process began, in the kernel's ticks; empty where it does not run or cannot be asked.

    One that is dead but was not yet waited for by whoever started it, which in a container may be never, does not run.
    """
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return "" if state in _DEAD else rest[18]
    except (OSError, IndexError):
        return ""


class Liveness:
    """This worker's own sign of life, and its view of the others'."""

    def __init__(self, database: Database) -> None:
        self._database = database
        pid = os.getpid()
        self.worker = f"{socket.gethostname()[:12]}:{pid}:{_started(pid)}:{secrets.token_hex(3)}"[:60]
        self._own: Connection | None = None
        if not database.is_sqlite:
            self._own = database.engine.connect()
            self._own.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _key(self.worker)})
            self._own.commit()

    def alive(self, workers: Collection[str]) -> set[str]:
        """Those of `workers` that still run."""
        if self._database.is_sqlite:
            return {worker for worker in workers if _runs(worker)}
        found = {self.worker} & set(workers)
        with self._database.engine.connect() as connection:
            for worker in set(workers) - found:
                key = {"key": _key(worker)}
                if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one():
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
                else:
                    found.add(worker)
            connection.commit()
        return found

    def close(self) -> None:
        if self._own is not None:
            self._own.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key(self.worker)})
            self._own.close()
            self._own = None


def _runs(worker: str) -> bool:
    parts = worker.split(":")
    if len(parts) != 4 or not parts[1].isdigit():
        return False
    pid = int(parts[1])
    if parts[2]:
        return _started(pid) == parts[2]
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _key(worker: str) -> int:
    return int.from_bytes(hashlib.blake2b(worker.encode(), digest_size=8).digest(), signed=True)
