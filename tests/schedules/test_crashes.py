"""Workers killed with −9 at every step of claim → send → record: nobody is skipped, nobody hears twice beyond the rule.

Real processes, a real socket, and a platform that counts what each phone shows.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest

from app.process.runtime import Clock
from app.process.serving import make_timetable
from models.database import Database
from tests import cast
from tests.house import make_runtime
from tests.schedules.crowd import KINDS, crowd_job, fates, platform, received, seat_crowd

#: Calls one worker has in flight at most: a crash may leave so many in doubt.
IN_FLIGHT = 40


@dataclass
class Stage:
    """A crowd, one occasion owed to it, and the platform it is sent through."""

    address: str
    phones: httpx.Client
    openids: list[str]
    occurrence: int
    database: Database

    def worker(self, step: str = "none", number: int = 0) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.schedules.crashing", self.address]
        command += [f"{str(self.phones.base_url).rstrip('/')}/platform", step, str(number), str(self.occurrence)]
        return subprocess.Popen(
            command, env={**os.environ, "LOG_FORMAT": "json"}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def end(self, worker: subprocess.Popen[bytes], code: int) -> None:
        _, error = worker.communicate(timeout=100)
        assert worker.returncode == code, error.decode()[-2000:]

    def judge(self, kind: str, crashes: int) -> tuple[Counter[str], dict[str, str]]:
        """Nobody is skipped, nobody doubled beyond the kind's rule; gives counts and fates."""
        shown = received(self.phones, self.openids)
        states = fates(make_runtime(self.database))
        assert set(states) == set(self.openids)
        assert set(states.values()) <= {"sent", "unknown"}
        skipped = [one for one in self.openids if shown[one] == 0 and states[one] != "unknown"]
        doubled = [one for one in self.openids if shown[one] > 1]
        assert skipped == []
        if KINDS[kind] == "again":
            assert "unknown" not in states.values()
            assert len(doubled) <= crashes * IN_FLIGHT
            assert max(shown.values()) <= 1 + crashes
        else:
            assert doubled == []
        if KINDS[kind] == "keyed":
            assert "unknown" not in states.values()
        assert list(states.values()).count("unknown") <= crashes * IN_FLIGHT
        return shown, states


def stage(address: str, database: Database, phones: httpx.Client, openids: list[str], kind: str, size: int) -> Stage:
    runtime = make_runtime(database, Clock(), cast.DISTRICT)
    now = datetime.now(UTC)
    timetable = make_timetable(runtime)
    # T is this morning's, so that the quiet hours of the night on which the test runs do not matter.
    planned = timetable.run_as_of(crowd_job(kind, size), cast.at("07:30", runtime.district.day_of(now)), now)
    assert planned.occurrence_id is not None
    return Stage(address, phones, openids, planned.occurrence_id, database)


@pytest.mark.parametrize("step", ["claimed", "called"])
def test_a_worker_killed_at_any_step_loses_nobody(sqlite_address: str, sqlite: Database, step: str) -> None:
    """The quick one: one kind that is never repeated, one crash, one worker after it."""
    size = 12
    openids = seat_crowd(make_runtime(sqlite), size, datetime.now(UTC))
    with platform(openids) as phones:
        scene = stage(sqlite_address, sqlite, phones, openids, "test-nudge", size)
        scene.end(scene.worker(step, 5), -signal.SIGKILL)
        scene.end(scene.worker(), 0)
        shown, states = scene.judge("test-nudge", crashes=1)
    assert sum(shown.values()) >= size - list(states.values()).count("unknown")


@pytest.mark.long
@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("step", ["claimed", "called", "half", "recorded"])
def test_several_workers_killed_at_every_step(address: str, database: Database, kind: str, step: str) -> None:
    """Three workers at once; two are killed at different moments, a fourth comes later."""
    size = 240
    openids = seat_crowd(make_runtime(database), size, datetime.now(UTC), open_windows=KINDS[kind] != "keyed")
    with platform(openids) as phones:
        scene = stage(address, database, phones, openids, kind, size)
        doomed = [scene.worker(step, 7), scene.worker(step, 31)]
        survivor = scene.worker()
        ends = [worker.wait(timeout=100) for worker in doomed]
        scene.end(survivor, 0)
        scene.end(scene.worker(), 0)
        for worker in (*doomed, survivor):
            assert worker.stderr is not None
            worker.stderr.close()
        crashes = ends.count(-signal.SIGKILL)
        scene.judge(kind, crashes)
    assert crashes >= 1
