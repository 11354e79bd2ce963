"""Whether a delivery worker still runs: what a dead one held must not wait for anybody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from app.process.liveness import Liveness, _started
from models.database import Database


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs until its input ends."""
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_a_worker_sees_itself_and_not_one_that_never_was(database: Database) -> None:
    liveness = Liveness(database)
    assert liveness.alive([liveness.worker, "elsewhere:999999999:1:abc"]) == {liveness.worker}
    liveness.close()


def test_another_worker_of_the_database_is_alive_until_it_closes(database: Database) -> None:
    mine, theirs = Liveness(database), Liveness(database)
    assert mine.alive([theirs.worker]) == {theirs.worker}
    theirs.close()
    if not database.is_sqlite:  # there it is the process that counts
        assert mine.alive([theirs.worker]) == set()
    mine.close()


def test_a_killed_process_is_dead_even_while_nobody_has_waited_for_it(
    sqlite: Database, other: subprocess.Popen[bytes]
) -> None:
    liveness = Liveness(sqlite)
    worker = f"here:{other.pid}:{_started(other.pid)}:abc"
    assert liveness.alive([worker]) == {worker}
    other.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and stays in the process table
    assert liveness.alive([worker]) == set()


def test_a_number_given_to_another_process_is_not_the_worker(sqlite: Database, other: subprocess.Popen[bytes]) -> None:
    assert Liveness(sqlite).alive([f"here:{other.pid}:1:abc"]) == set()
