"""A whole morning: everybody answers at ten times the average rate while prompts, reminders and the digest run beside it.

    python -m benchmarks.morning [--people 100000] [--times 10] [--database sqlite|postgresql]

One `pinganbao serve` (web, timetable and delivery) on core 0; the people, the stand-in for the platform and PostgreSQL
on core 1. An average morning is everybody once between 07:30 and 08:30. What is stored at the end is counted against
what the generator sent: every message once, every class's figures.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from benchmarks.delivery import platform
from benchmarks.load import Result, build, load
from benchmarks.machine import cpu_seconds, facts
from benchmarks.place import ACCOUNT, Place, Server, free_port, settings
from models.schema import ROOT
from models.tables import CheckIn, Inbox, Outbox, PersonDay, UnitDay

HOUR = 3600
#: Requests are signed a minute at a time: the callback refuses what is five minutes old.
SLICE_SECONDS = 30
JOBS = ("checkin-prompt", "checkin-reminder", "daily-digest")
#: tenths of °C that people write, and how often; 38.2 is a fever.
WRITTEN = (("36.5", 60), ("36.8", 25), ("36.2", 14), ("38.2", 1))


@dataclass
class Watch:
    """What is seen of the server meanwhile: memory in MiB, one value every few seconds."""

    pid: int
    memory: list[float] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.ended.wait(5):
            pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
            self.memory.append(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


def jobs(folder: Path, environment: dict[str, str], seconds: float) -> list[str]:
    """Run the day's large jobs one after the other, spread over the morning; gives what each said."""
    said = []
    day = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    for job in JOBS:
        done = subprocess.run(
            [sys.executable, "-m", "app", "jobs", "run", job, "--at", day.isoformat(timespec="seconds")],
            cwd=folder,
            env=os.environ | environment | {"PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
        )
        said.append(f"{job}: {done.returncode} {(done.stdout + done.stderr).strip().splitlines()[-1:]}")
        time.sleep(seconds / (len(JOBS) + 1))
    return said


def district_file(folder: Path) -> None:
    """The shipped rules, with a hand on mass sending that lets a whole district through."""
    text = (ROOT / "district.toml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("blast_")]
    at = kept.index("[messages]") if "[messages]" in kept else len(kept)
    kept[at : at + 1] = ["[messages]", "blast_guard = 10000000"]
    (folder / "district.toml").write_text("\n".join(kept) + "\n", encoding="utf-8")


def morning(place: Place, people: int, rate: float) -> tuple[list[Result], Counter[str]]:
    """Everybody answers once, in a drawn order; gives the slices' results and what was written."""
    rng = random.Random(7)
    order = list(range(people))
    rng.shuffle(order)
    texts, weights = zip(*WRITTEN, strict=True)
    size = max(1, int(rate * SLICE_SECONDS))
    results, written = [], Counter[str]()
    for start in range(0, people, size):
        these = [place.openids[number] for number in order[start : start + size]]
        lines = rng.choices(texts, weights, k=len(these))
        written.update(lines)
        requests = build(ACCOUNT, these, lines, len(these), 0)
        results.append(asyncio.run(load(ACCOUNT, requests, PORT[0], connections=64, rate=rate, expect="℃")))
        last = results[-1]
        print(
            f"  {start + len(these):>7} answered, {last.rate:.0f}/s, p50 {last.percentile(0.5):.1f} ms,"
            f" p99 {last.percentile(0.99):.1f} ms, worst {last.percentile(1):.0f} ms, wrong {dict(last.faults) or 0}",
            flush=True,
        )
    return results, written


PORT = [0]


def count(place: Place, people: int, written: Counter[str]) -> list[str]:
    """What is stored, against what was written; gives what does not agree."""
    with place.database.read() as connection:

        def number(statement: object) -> int:
            return int(connection.execute(statement).scalar_one() or 0)  # type: ignore[call-overload]

        until = time.monotonic() + 60
        while number(select(func.count()).where(Inbox.state == "parked")) and time.monotonic() < until:
            time.sleep(1)
    with place.database.read() as connection:
        found = {
            "revisions": number(select(func.count()).select_from(CheckIn)),
            "messages": number(select(func.count(func.distinct(CheckIn.msg_id)))),
            "people's days": number(select(func.count()).select_from(PersonDay)),
            "answers kept": number(select(func.count()).where(Inbox.state == "done")),
            "fevers by person": number(select(func.count()).where(PersonDay.result == "fever")),
            "fevers by class": number(select(func.sum(UnitDay.fever))),
        }
        owed = connection.execute(select(Outbox.kind, Outbox.state, func.count()).group_by(Outbox.kind, Outbox.state))
        print("  pushes:", ", ".join(f"{kind} {state} {size}" for kind, state, size in owed))
    fevers = written["38.2"]
    expected = dict.fromkeys(("revisions", "messages", "people's days", "answers kept"), people)
    expected |= dict.fromkeys(("fevers by person", "fevers by class"), fevers)
    print("  stored:", ", ".join(f"{name} {value}" for name, value in found.items()))
    return [f"{name}: {found[name]} instead of {wanted}" for name, wanted in expected.items() if found[name] != wanted]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--times", type=float, default=10, help="times the average rate")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {1})
    rate = arguments.people / HOUR * arguments.times
    print(facts())
    print(
        f"{arguments.database}: {arguments.people} people, everybody once at {rate:.0f}/s, jobs {', '.join(JOBS)} beside it"
    )
    place = Place(arguments.database, arguments.people)
    with platform() as address, tempfile.TemporaryDirectory():
        try:
            district_file(place.folder)
            environment = settings(place.url) | {"WECHAT_API_URL": address}
            PORT[0] = free_port()
            server = Server(["-m", "app", "serve", "--port", str(PORT[0])], PORT[0], place.folder, environment)
            watch = Watch(server.process.pid)
            threading.Thread(target=watch.run, daemon=True).start()
            said: list[str] = []
            beside = threading.Thread(
                target=lambda: said.extend(jobs(place.folder, environment, arguments.people / rate)), daemon=True
            )
            beside.start()
            began = time.monotonic()
            results, written = morning(place, arguments.people, rate)
            seconds = time.monotonic() - began
            beside.join(300)
            watch.ended.set()
            micros = cpu_seconds(server.process.pid) / arguments.people * 1e6
            wrong = count(place, arguments.people, written)
            server.stop()
            latencies = sorted(one for result in results for one in result.latencies)
            faults = sum((result.faults for result in results), Counter())
            size = sum(path.stat().st_size for path in place.folder.glob("bench.db*")) / 2**20
            if place.cluster is not None:
                with place.database.read() as connection:
                    size = (
                        connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one() / 2**20
                    )
            print("  " + "; ".join(said))
            print(
                f"  {len(latencies)} messages in {seconds:.0f} s: p50 {latencies[len(latencies) // 2] * 1e3:.1f} ms,"
                f" p99 {latencies[int(len(latencies) * 0.99)] * 1e3:.1f} ms, worst {latencies[-1] * 1e3:.0f} ms;"
                f" {micros:.0f} µs CPU a person, pushes and jobs included; wrong answers {sum(faults.values())}"
            )
            print(f"  memory MiB: {' '.join(f'{one:.0f}' for one in watch.memory[:: max(1, len(watch.memory) // 12)])}")
            print(f"  database {size:.0f} MiB, {size * 2**20 / arguments.people:.0f} bytes a person with the roster")
            print("  nothing lost, nothing doubled" if not wrong else f"  NOT EQUAL: {'; '.join(wrong)}")
        finally:
            place.close()
    return 1 if wrong or faults else 0


if __name__ == "__main__":
    sys.exit(main())
