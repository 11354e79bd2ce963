"""Full encrypted check-ins per second on one core, beside an echo that stores nothing and the naive way to store it.

    python -m benchmarks.webhook [--messages 6000] [--people 60000] [--rounds 3] [--database sqlite|postgresql|both]

Each server runs alone on core 0, the generator (and PostgreSQL's server) on core 1; rounds alternate, medians of the
rounds' ratios are printed. Then: latency at 80 % of our highest rate, two web processes on PostgreSQL, and the same load
with 1,000, 100,000 and 1,000,000 people. Every tenth reply is opened and compared.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, func, insert, select, text

from app.parking import unpack_message
from benchmarks.load import Account, Result, build, load
from benchmarks.machine import cpu_seconds, facts
from models.database import Database, database_url
from models.schema import migrate
from models.tables import CheckIn, Version
from models.vault import Vault
from tests.postgres import Cluster, binaries

ACCOUNT = Account("benchToken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx-bench", "gh_bench")
SECRET = "a-secret-for-the-benchmark-only"
CLASS_SIZE = 40
SERVE = ("-m", "app", "serve", "--web-only", "--port")
PEER = ("-m", "uvicorn", "--no-access-log", "--log-level", "warning")
#: Of the highest rate: where the 99th hundredth is looked at.
SHARE = 0.8


def openid_of(number: int) -> str:
    return f"oBENCH{number:022d}"


def seat(database: Database, people: int) -> list[str]:
    """A district of `people` pupils in classes of forty, each with one guardian; gives the guardians' openids.

    Rows are made by the database itself, so that a million take seconds.
    """
    now = datetime.now(UTC)
    moment, day = (
        now.replace(tzinfo=None).isoformat(" ", "microseconds"),
        (now - timedelta(days=100)).date().isoformat(),
    )
    if not database.is_sqlite:
        moment += "+00"
    classes = max(1, people // CLASS_SIZE)
    count = "n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {})"
    if database.is_sqlite:
        numbers, padded = "WITH RECURSIVE " + count, "printf('oBENCH%022d', n - 1)"
    else:
        numbers, padded = "WITH n(n) AS (SELECT generate_series(1, {}))", "'oBENCH' || lpad((n - 1)::text, 22, '0')"
    with database.write() as connection:

        def fill(table: str, columns: str, values: str, size: int) -> None:
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({columns}) {numbers.format(size)} SELECT {values} FROM n"
                if not database.is_sqlite
                else f"{numbers.format(size)} INSERT INTO {table} ({columns}) SELECT {values} FROM n"
            )

        for row in (
            "1, NULL, 'district', '区', '区', NULL, NULL",
            "2, 1, 'school', '校', '校', 2, NULL",
            "3, 2, 'grade', '级', '校/级', 2, 3",
        ):
            connection.exec_driver_sql(
                f"INSERT INTO units (id, parent_id, kind, name, path, school_id, grade_id, position) VALUES ({row}, 0)"
            )
        fill(
            "units",
            "id, parent_id, kind, name, path, school_id, grade_id, position",
            "n + 10, 3, 'class_unit', n || '班', '校/级/' || n || '班', 2, 3, n",
            classes,
        )
        unit = f"11 + n % {classes}" if classes > 1 else "11"
        if not database.is_sqlite:
            unit = unit.replace("%", "%%")
        fill(
            "persons",
            "id, kind, number, name, unit_id, school_id, joined_on",
            f"n, 'student', 'N' || n, '学生' || n, {unit}, 2, '{day}'",
            people,
        )
        fill("enrolments", "person_id, unit_id, from_date", f"n, {unit}, '{day}'", people)
        fill(
            "accounts",
            "id, openid, typed_spent, tapped_spent, wrong_codes, created_at",
            f"n, {padded}, 0, 0, 0, '{moment}'",
            people,
        )
        fill(
            "bindings",
            "account_id, person_id, relation, rank, bound_at, consent_version, consented_at",
            f"n, n, 'guardian', 1, '{moment}', '1', '{moment}'",
            people,
        )
        connection.execute(insert(Version).values(name="roster", value=1))
        if not database.is_sqlite:
            connection.exec_driver_sql("ANALYZE")
    return [openid_of(number) for number in range(people)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One server process on core 0, ready to be loaded."""

    def __init__(
        self, command: Sequence[str], port: int, folder: Path, environment: dict[str, str], core: str = "0"
    ) -> None:
        self.port = port
        self.process = subprocess.Popen(
            ["taskset", "-c", core, sys.executable, *command],
            cwd=folder,
            env=os.environ | environment | {"PYTHONPATH": str(Path.cwd())},
            stdout=subprocess.DEVNULL,
            stderr=(folder / f"server-{port}.log").open("w"),
        )
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError((folder / f"server-{port}.log").read_text()[-2000:])

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)


def settings(url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "WECHAT_APP_ID": ACCOUNT.app_id,
        "WECHAT_ACCOUNT_ID": ACCOUNT.gh,
        "WECHAT_TOKEN": ACCOUNT.token,
        "WECHAT_AES_KEY": ACCOUNT.aes_key,
        "WECHAT_APP_SECRET": "bench",
        "BENCH_TOKEN": ACCOUNT.token,
        "BENCH_AES_KEY": ACCOUNT.aes_key,
        "BENCH_APP_ID": ACCOUNT.app_id,
    }


@dataclass
class Measured:
    """One load of one server. micros: processor time of its process a message; batch: messages in a commit, 0 where
    the server does not say."""

    result: Result
    micros: float
    batch: float = 0.0

    def line(self, name: str) -> str:
        result = self.result
        wrong = sum(result.faults.values())
        return (
            f"  {name:<22} {result.rate:7.0f}/s  p50 {result.percentile(0.5):6.2f} ms  p99 {result.percentile(0.99):7.2f} ms"
            f"  {self.micros:5.0f} µs CPU"
            + (f"  batches of {self.batch:.1f}" if self.batch else "")
            + f"  wrong {wrong}"
            + (f" {dict(result.faults)}" if wrong else "")
        )


def _batches(port: int) -> tuple[float, float]:
    """Messages answered and batches committed so far, as the process counts them."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
    except urllib.error.HTTPError:
        return 0.0, 0.0
    found = {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}
    return found.get('pinganbao_messages_total{outcome="answered"}', 0), found.get("pinganbao_turn_seconds_count", 0)


def measure(server: Server, openids: Sequence[str], messages: int, expect: str, **how: Any) -> Measured:
    requests = build(ACCOUNT, openids, ["36.5"], messages, server.port)
    before, counted = cpu_seconds(server.process.pid), _batches(server.port)
    result = asyncio.run(load(ACCOUNT, requests, server.port, expect=expect, **how))
    micros = (cpu_seconds(server.process.pid) - before) / messages * 1e6
    now = _batches(server.port)
    batches = now[1] - counted[1]
    return Measured(result, micros, (now[0] - counted[0]) / batches if batches else 0.0)


class Turns:
    """Openids handed out so that nobody is asked twice a day as long as there are enough."""

    def __init__(self, openids: Sequence[str]) -> None:
        self._openids, self._at = openids, 0

    def next(self, count: int) -> list[str]:
        start = self._at % len(self._openids)
        self._at += count
        found = self._openids[start : start + count]
        return [*found, *self._openids[: count - len(found)]]


def statements(database: Database, openids: Sequence[str]) -> tuple[int, int]:
    """Statements of a batch of 1 and of 32 first check-ins, counted in this process."""
    from app.main import make_dispatcher
    from app.runtime import Clock, Runtime
    from app.settings import Settings
    from models.rules.district import District

    made = Settings(_env_file=None, **{name.lower(): value for name, value in settings(str(database.url)).items()})  # type: ignore[call-arg, arg-type]
    runtime = Runtime(Path.cwd(), made, District("区"), database, Vault(SECRET), Clock())
    dispatcher = make_dispatcher(runtime)
    seen: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _u, statement, *_: seen.append(statement))
    counts = []
    for number, size in enumerate((1, 1, 32)):
        seen.clear()
        with database.write() as connection:
            work = runtime.work(connection)
            batch = [
                unpack_message(
                    {
                        "key": f"k{number}-{n}",
                        "openid": openids[-1 - number * 40 - n],
                        "account": "gh",
                        "kind": "text",
                        "text": "36.5",
                        "msg_id": n + 1,
                        "sent_at": runtime.clock().isoformat(),
                    }
                )
                for n in range(size)
            ]
            dispatcher.answer(batch, work)
        counts.append(len([one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))]))
    return counts[1], counts[2]


def postgres(folder: Path) -> tuple[str, Any]:
    server = binaries()
    if server is None:
        raise SystemExit("no PostgreSQL server binaries on this machine")
    cluster = Cluster(server)
    cluster.start(durable=True)
    engine = create_engine(database_url(cluster.url("postgres"), folder), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE bench"))
    engine.dispose()
    return cluster.url("bench"), cluster


class Place:
    """A database with people, and where the servers keep their things."""

    def __init__(self, kind: str, people: int) -> None:
        self.kind = kind
        self.folder = Path(tempfile.mkdtemp(prefix="pinganbao-bench-"))
        self.cluster: Any = None
        if kind == "postgresql":
            self.url, self.cluster = postgres(self.folder)
        else:
            self.url = f"sqlite:///{self.folder}/bench.db"
        self.database = Database(database_url(self.url, self.folder))
        migrate(self.database)
        self.openids = seat(self.database, people)
        self.turns = Turns(self.openids)

    def server(self, command: Sequence[str], core: str = "0") -> Server:
        naive = self.url.replace("postgresql", "postgresql+psycopg")
        if self.kind == "sqlite":
            naive = f"sqlite+aiosqlite:///{self.folder}/naive.db"
        port = free_port()
        given = settings(self.url) | {"BENCH_DATABASE_URL": naive}
        return Server([*command, str(port)], port, self.folder, given, core)

    def stored(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(CheckIn)).scalar_one())

    def close(self) -> None:
        self.database.close()
        if self.cluster is not None:
            self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _served(place: Place, command: Sequence[str], messages: int, expect: str = "36.5", **how: Any) -> Measured:
    server = place.server(command)
    try:
        measure(server, place.turns.next(200), 200, "")  # warm
        return measure(server, place.turns.next(messages), messages, expect, **how)
    finally:
        server.stop()


def compare(place: Place, arguments: argparse.Namespace) -> float:
    """Ours beside the two peers, in alternating rounds; gives our highest rate."""
    servers = {
        "ours": (SERVE, arguments.messages),
        "echo": ((*PEER, "benchmarks.peers.echo:app", "--port"), arguments.messages),
        "naive": ((*PEER, "benchmarks.peers.naive:app", "--port"), arguments.messages // 3),
    }
    rounds: list[dict[str, Measured]] = []
    for _ in range(arguments.rounds):
        rounds.append({})
        for name, (command, messages) in servers.items():
            rounds[-1][name] = _served(place, command, messages)
            print(rounds[-1][name].line(name), flush=True)

    def ratios(of: Callable[[Measured], float], peer: str, up: bool) -> str:
        found = [of(one["ours"]) / of(one[peer]) if up else of(one[peer]) / of(one["ours"]) for one in rounds]
        return f"{statistics.median(found):.2f} × {peer} ({', '.join(f'{one:.2f}' for one in found)})"

    for peer in ("echo", "naive"):
        print(
            f"  ours = {ratios(lambda one: one.result.rate, peer, True)} by rate,"
            f" {ratios(lambda one: one.micros, peer, False)} by processor time"
        )
    return max(one["ours"].result.rate for one in rounds)


def at_share(place: Place, highest: float, seconds: float) -> None:
    """An open loop at a share of the highest rate: latency counts from when a message was due."""
    rate = highest * SHARE
    found = _served(place, SERVE, max(200, int(rate * seconds)), rate=rate, connections=64)
    print(found.line(f"at {SHARE:.0%} = {rate:.0f}/s due"), flush=True)


def two_processes(place: Place, messages: int) -> None:
    """One web process and two on one database, neither bound to a core; the generator shares the cores with them."""
    rates = []
    for count in (1, 2):
        servers = [place.server(SERVE, core="0,1") for _ in range(count)]
        try:
            for server in servers:
                measure(server, place.turns.next(200), 200, "")
            made = [
                build(ACCOUNT, place.turns.next(messages // count), ["36.5"], messages // count, server.port)
                for server in servers
            ]
            before = sum(cpu_seconds(server.process.pid) for server in servers)

            async def both(
                made: Sequence[list[bytes]] = made, servers: Sequence[Server] = servers, count: int = count
            ) -> list[Result]:
                return await asyncio.gather(
                    *(
                        load(ACCOUNT, requests, server.port, expect="36.5", connections=32 // count)
                        for requests, server in zip(made, servers, strict=True)
                    )
                )

            results = asyncio.run(both())
            micros = (sum(cpu_seconds(server.process.pid) for server in servers) - before) / messages * 1e6
        finally:
            for server in servers:
                server.stop()
        seconds = max(result.seconds for result in results)
        rates.append(messages / seconds)
        wrong = sum(sum(result.faults.values()) for result in results)
        print(f"  {count} web process(es): {rates[-1]:.0f}/s, {micros:.0f} µs CPU a message, wrong {wrong}", flush=True)
    print(f"  two = {rates[1] / rates[0]:.2f} × one; generator and database want a core of their own as well")


def growth(kind: str, sizes: Sequence[int], messages: int) -> None:
    """The same load with more and more people on the roster, in rounds that alternate."""
    places = {size: Place(kind, size) for size in sizes}
    try:
        found: dict[int, list[Measured]] = {size: [] for size in sizes}
        for _ in range(2):
            for size, place in places.items():
                place.turns = Turns([openid_of(n * 7919 % size) for n in range(min(size, 40_000))])  # scattered
                found[size].append(_served(place, SERVE, messages))
                print(found[size][-1].line(f"{size} people"), flush=True)
        rates = [max(one.result.rate for one in found[size]) for size in sizes]
        micros = [min(one.micros for one in found[size]) for size in sizes]
        print(
            f"  from the smallest to the largest: rate {rates[-1] / rates[0] - 1:+.0%},"
            f" processor time {micros[-1] / micros[0] - 1:+.0%}"
        )
    finally:
        for place in places.values():
            place.close()


def run(kind: str, arguments: argparse.Namespace) -> None:
    place = Place(kind, arguments.people)
    try:
        one, many = statements(place.database, place.openids)
        print(f"\n{kind}: {arguments.people} people, {arguments.messages} messages, 16 connections, one core each")
        print(f"statements in a batch of 1: {one}; of 32: {many}, which is {many / 32:.2f} a message")
        began = place.stored()
        highest = compare(place, arguments)
        at_share(place, highest, arguments.seconds)
        if kind == "postgresql":
            two_processes(place, arguments.messages)
        print(f"  {place.stored() - began} revisions stored")
    finally:
        place.close()
    if arguments.growth:
        growth(kind, arguments.growth, arguments.messages // 2)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=6000)
    parser.add_argument("--people", type=int, default=60000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="how long the 99th hundredth is looked at")
    parser.add_argument(
        "--growth", type=int, nargs="*", default=[1000, 100_000, 1_000_000], help="people on the roster"
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {1})
    began = time.monotonic()
    print(facts())
    for kind in ("sqlite", "postgresql") if arguments.database == "both" else (arguments.database,):
        run(kind, arguments)
    print(f"\n{time.monotonic() - began:.0f} s in all")


if __name__ == "__main__":
    main()
