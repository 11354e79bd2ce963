"""A whole morning: everybody answers at ten times the average rate while the day's timetable runs beside it.

    python -m benchmarks.morning [--people 100000] [--times 10] [--database sqlite|postgresql] [--apart | --kills]

An average morning is everybody once between 07:30 and 08:30; ten times that is over in six minutes, and so are the
prompts, reminders, class reports, nudges and the digest, which fall due by the timetable itself. One `pinganbao serve`
(web, timetable and delivery) on core 0; the people, the stand-in for the platform and PostgreSQL on core 1. With
`--apart` web (two on PostgreSQL), timetable and delivery are processes of their own, still on core 0. With `--kills` they
are as well, each killed −9 at random and started again, and a message that is not answered 200 is delivered again after five seconds, twice at most, as WeChat does.

What is stored at the end is counted against what the generator sent: every confirmed message once, every class's figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.delivery import platform
from benchmarks.load import Result, build, load
from benchmarks.machine import cpu_seconds, facts
from benchmarks.place import ACCOUNT, Place, Server, free_port, settings
from models.tables import Alert, CheckIn, Inbox, Occurrence, Outbox, PersonDay, UnitDay

HOUR = 3600
#: Requests are signed a minute at a time: the callback refuses what is five minutes old.
SLICE_SECONDS = 30
#: Until all processes have started.
STARTING = 20
#: Pupils of a school, for how many reporters there are.
SCHOOL_SIZE = 1000
#: What people write, and how often of a hundred; 38.2 is a fever.
WRITTEN = (("36.5", 60), ("36.8", 25), ("36.2", 14), ("38.2", 1))
#: When the day's occasions fall due, as shares of the morning's length.
TIMES = (
    ("prompt", 0.05),
    ("reminders", [0.4, 0.6]),
    ("personal_deadline", 0.5),
    ("class_report", 0.7),
    ("class_deadline", 0.75),
    ("class_nudges", [0.78, 0.82]),
    ("grade_deadline", 0.8),
    ("office_deadline", 0.82),
    ("nudges", [0.84, 0.88]),
    ("school_deadline", 0.9),
    ("escalations", [0.92]),
    ("digest", 0.95),
    ("lock", 3.0),
)
#: The asking kinds may go as template messages, to those whose window is shut.
TEMPLATES = (
    "checkin-prompt",
    "checkin-reminder",
    "class-report",
    "class-nudge",
    "zero-report-nudge",
    "alert",
    "school-report",
    "daily-digest",
)


@dataclass
class Watch:
    """What is seen of the web process meanwhile: memory in MiB, one value every few seconds."""

    processes: Processes
    ended: threading.Event
    memory: list[float] = field(default_factory=list)

    def run(self) -> None:
        while not self.ended.wait(5):
            try:
                pages = int(Path(f"/proc/{self.processes.pid}/statm").read_text().split()[1])
            except OSError:  # it has just been killed
                continue
            self.memory.append(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


def district_file(folder: Path, seconds: float, pushes: int) -> float:
    """A district whose morning is now, wherever this runs, and lasts `seconds`; a hand on mass sending that lets a whole
    district through. pushes: sent a second at most, by each process. Gives when it begins (monotonic): all have started
    by then."""
    shift = 7 - datetime.now(UTC).hour  # the sign of Etc/GMT names is turned round
    began = datetime.now(UTC) + timedelta(hours=shift, seconds=STARTING)

    def moment(share: float) -> str:
        return (began + timedelta(seconds=seconds * share)).strftime("%H:%M:%S")

    times = {name: [moment(one) for one in at] if isinstance(at, list) else moment(at) for name, at in TIMES}
    lines = [f"{name} = {value}".replace("'", "") for name, value in times.items()]  # TOML's own times: with seconds
    (folder / "district.toml").write_text(
        f'[district]\nname = "区"\nbureau = "区教育局"\ntime_zone = "Etc/GMT{-shift:+d}"\n[times]\n'
        + "\n".join(lines)
        + f"\n[messages]\nblast_guard = 10000000\nrate_per_second = {pushes}\ndaily_template = 10000000\n",
        encoding="utf-8",
    )
    return time.monotonic() + STARTING


class Processes:
    """What serves the morning, on core 0: one process of everything, or a process of each kind that is killed."""

    def __init__(self, place: Place, environment: dict[str, str], *, apart: bool) -> None:
        self._place, self._environment = place, environment
        webs = 2 if apart and place.kind == "postgresql" else 1
        self.ports = [free_port() for _ in range(webs)]
        self._names = [f"web{number}" for number in range(webs)] + (["timetable", "deliver"] if apart else [])
        self._apart = apart
        self.alive: dict[str, Server] = {}
        self.kills: Counter[str] = Counter()
        self._cpu = 0.0

    def start(self) -> None:
        for name in self._names:
            self.alive[name] = self._start(name)

    def _start(self, name: str) -> Server:
        folder = self._place.folder
        if name.startswith("web"):
            port = self.ports[int(name[3:])]
            command = ["-m", "app", "serve", *(["--web-only"] if self._apart else []), "--port", str(port)]
            return Server(command, port, folder, self._environment)
        return Server(["-m", "app", name], 0, folder, self._environment)

    @property
    def pid(self) -> int:
        return self.alive["web0"].process.pid

    def cpu(self) -> float:
        """Seconds of processor all of them have taken so far."""
        return self._cpu + sum(cpu_seconds(one.process.pid) for one in self.alive.values())

    def kill_at_random(self, ended: threading.Event) -> None:
        """Every kind in turn, in a drawn order, every few seconds."""
        rng, order = random.Random(11), list[str]()
        while not ended.wait(rng.uniform(3, 9)):
            order = order or rng.sample(self._names, len(self._names))
            name = order.pop()
            self._cpu += cpu_seconds(self.alive[name].process.pid)
            self.alive[name].kill()
            self.kills[name] += 1
            self.alive[name] = self._start(name)

    def stop(self) -> None:
        for one in self.alive.values():
            one.stop()

    def end(self) -> None:
        """Leave nobody behind, whatever has happened."""
        for one in self.alive.values():
            if one.process.poll() is None:
                one.kill()


@dataclass
class Morning:
    """What the generator knows of the morning. written: the texts of messages that were answered; unsure: how many were
    never answered 200, and may be stored or not."""

    results: list[Result] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)

    def run(self, place: Place, people: int, rate: float, ports: list[int], retries: int) -> None:
        """Everybody answers once, in a drawn order."""
        rng = random.Random(7)
        order = list(range(people))
        rng.shuffle(order)
        texts, weights = zip(*WRITTEN, strict=True)
        size = max(1, int(rate * SLICE_SECONDS))
        for start in range(0, people, size):
            these = [place.openids[number] for number in order[start : start + size]]
            lines = rng.choices(texts, weights, k=len(these))
            requests = build(ACCOUNT, these, lines, len(these), ports[0])
            last = asyncio.run(load(ACCOUNT, requests, *ports, connections=64, rate=rate, expect="℃", retries=retries))
            self.results.append(last)
            self.written.update(lines)
            self.unsure.update(lines[number] for number in last.given_up)
            print(
                f"  {start + len(these):>7} answered, {last.rate:.0f}/s, p50 {last.percentile(0.5):.1f} ms,"
                f" p99 {last.percentile(0.99):.1f} ms, worst {last.percentile(1):.0f} ms,"
                f" wrong {dict(last.faults) or 0}"
                + (f", delivered again {last.repeats}, given up {len(last.given_up)}" if retries else ""),
                flush=True,
            )


def count(place: Place, morning: Morning) -> list[str]:
    """What is stored, against what was written; gives what does not agree."""
    with place.database.read() as connection:

        def number(statement: object) -> int:
            return int(connection.execute(statement).scalar_one() or 0)  # type: ignore[call-overload]

        until = time.monotonic() + 60
        while number(select(func.count()).where(Inbox.state == "parked")) and time.monotonic() < until:
            time.sleep(1)
    with place.database.read() as connection:
        pupils = PersonDay.person_id <= len(place.openids)
        found = {
            "revisions": number(select(func.count()).select_from(CheckIn)),
            "messages": number(select(func.count(func.distinct(CheckIn.msg_id)))),
            "people's days": number(select(func.count()).select_from(PersonDay).where(pupils)),
            "answers kept": number(select(func.count()).where(Inbox.state == "done")),
            "fevers by person": number(select(func.count()).where(PersonDay.result == "fever")),
            "fevers by class": number(select(func.sum(UnitDay.fever))),
            "people alerted for": number(select(func.count()).select_from(Alert).where(Alert.code == "A01")),
        }
        owed = connection.execute(select(Outbox.kind, Outbox.state, func.count()).group_by(Outbox.kind, Outbox.state))
        fired = connection.execute(
            select(Occurrence.job, Occurrence.state, func.sum(Occurrence.owed))
            .where((Occurrence.owed > 0) | (Occurrence.state != "planned"))
            .group_by(Occurrence.job, Occurrence.state)
        )
        print("  occasions:", ", ".join(f"{job} {state} {owed}" for job, state, owed in sorted(map(tuple, fired))))
        refused = connection.execute(
            select(Outbox.kind, Outbox.error, func.count())
            .where(Outbox.state.in_(("failed", "unknown")))
            .group_by(Outbox.kind, Outbox.error)
        )
        print("  not sent:", ", ".join(f"{size} {kind}: {error}" for kind, error, size in sorted(map(tuple, refused))))
        print("  pushes:", ", ".join(f"{kind} {state} {size}" for kind, state, size in sorted(map(tuple, owed))))
    people, fevers = morning.written.total(), morning.written["38.2"]
    expected = dict.fromkeys(
        ("revisions", "messages", "people's days", "answers kept"), (people, morning.unsure.total())
    )
    expected |= dict.fromkeys(
        ("fevers by person", "fevers by class", "people alerted for"), (fevers, morning.unsure["38.2"])
    )
    print("  stored:", ", ".join(f"{name} {value}" for name, value in found.items()))
    return [
        f"{name}: {found[name]} instead of {wanted}" + (f" or up to {unsure} less" if unsure else "")
        for name, (wanted, unsure) in expected.items()
        if not wanted - unsure <= found[name] <= wanted
    ]


def drained(place: Place, seconds: float) -> None:
    """Wait until nothing that may go now is left in the outbox, or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with place.database.read() as connection:
            left = select(func.count()).where(
                Outbox.state.in_(("queued", "sending")), Outbox.due_at <= datetime.now(UTC)
            )
            if not connection.execute(left).scalar_one():
                return
        time.sleep(2)


def size_of(place: Place) -> float:
    """The database's size in MiB."""
    if place.cluster is None:
        return sum(path.stat().st_size for path in place.folder.glob("bench.db*")) / 2**20
    with place.database.read() as connection:
        found = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    return int(found) / 2**20


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--times", type=float, default=10, help="times the average rate")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--pushes", type=int, default=50, help="sent a second at most; 50 is what a district has at first"
    )
    parser.add_argument("--apart", action="store_true", help="web, timetable and delivery in processes of their own")
    parser.add_argument("--kills", action="store_true", help="kill -9 each kind of process at random meanwhile")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {1})
    rate = arguments.people / HOUR * arguments.times
    print(facts())
    print(
        f"{arguments.database}: {arguments.people} people, everybody once at {rate:.0f}/s, the day's timetable beside it"
    )
    place = Place(arguments.database, arguments.people, max(1, arguments.people // SCHOOL_SIZE), staffed=True)
    with platform() as address, ExitStack() as leaving:
        leaving.callback(place.close)
        begins = district_file(place.folder, arguments.people / rate, arguments.pushes)
        templates = {kind: {"id": f"T-{kind}", "fields": {"title": "thing1"}} for kind in TEMPLATES}
        environment = settings(place.url) | {
            "WECHAT_API_URL": address,
            "WECHAT_TEMPLATES": json.dumps(templates),
        }
        processes = Processes(place, environment, apart=arguments.apart or arguments.kills)
        leaving.callback(processes.end)
        processes.start()
        ended = threading.Event()
        watch = Watch(processes, ended=ended)
        threads = [threading.Thread(target=watch.run, daemon=True)]
        if arguments.kills:
            threads.append(threading.Thread(target=processes.kill_at_random, args=(ended,), daemon=True))
        for thread in threads:
            thread.start()
        time.sleep(max(0.0, begins - time.monotonic()))
        morning, began = Morning(), time.monotonic()
        morning.run(place, arguments.people, rate, processes.ports, 2 if arguments.kills else 0)
        seconds = time.monotonic() - began
        ended.set()
        for thread in threads:
            thread.join(60)
        drained(place, 120)
        micros = processes.cpu() / arguments.people * 1e6
        wrong = count(place, morning)
        processes.stop()
        latencies = sorted(one for result in morning.results for one in result.latencies)
        faults = sum((result.faults for result in morning.results), Counter())
        print(
            f"  {len(latencies)} messages in {seconds:.0f} s: p50 {latencies[len(latencies) // 2] * 1e3:.1f} ms,"
            f" p99 {latencies[int(len(latencies) * 0.99)] * 1e3:.1f} ms, worst {latencies[-1] * 1e3:.0f} ms;"
            f" {micros:.0f} µs CPU a person, pushes and jobs included; wrong answers {sum(faults.values())}"
        )
        if arguments.kills:
            repeats = sum(result.repeats for result in morning.results)
            print(f"  killed: {dict(processes.kills)}; delivered again {repeats}, given up {morning.unsure.total()}")
        print(f"  memory MiB: {' '.join(f'{one:.0f}' for one in watch.memory[:: max(1, len(watch.memory) // 12)])}")
        size = size_of(place)
        print(f"  database {size:.0f} MiB, {size * 2**20 / arguments.people:.0f} bytes a person with the roster")
        print("  nothing lost, nothing doubled" if not wrong else f"  NOT EQUAL: {'; '.join(wrong)}")
    return 1 if wrong or faults else 0


if __name__ == "__main__":
    sys.exit(main())
