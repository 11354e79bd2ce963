"""Full encrypted check-ins per second on one core, beside an echo that stores nothing and the naive way to store it.

    python -m benchmarks.webhook [--messages 6000] [--people 2000] [--database sqlite|postgresql|both]

Each server runs alone on core 0, the generator on core 1; rounds alternate, medians are printed.
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
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, func, insert, select, text

from app.parking import unpack_message
from benchmarks.load import Account, Result, build, load
from benchmarks.machine import cpu_seconds, facts
from models.database import Database, database_url
from models.schema import migrate
from models.tables import Account as AccountRow
from models.tables import Binding, CheckIn, Enrolment, Person, Unit, Version
from models.vault import Vault
from tests.postgres import Cluster, binaries

ACCOUNT = Account("benchToken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx-bench", "gh_bench")
SECRET = "a-secret-for-the-benchmark-only"
CLASS_SIZE = 40


def seat(database: Database, people: int) -> list[str]:
    """A district of `people` pupils in classes of forty, each with one guardian; gives the guardians' openids."""
    now = datetime.now(UTC)
    day = now.date() - timedelta(days=100)
    classes = max(1, people // CLASS_SIZE)
    units: list[dict[str, Any]] = [
        {
            "id": 1,
            "parent_id": None,
            "kind": "district",
            "name": "区",
            "path": "区",
            "school_id": None,
            "grade_id": None,
        },
        {"id": 2, "parent_id": 1, "kind": "school", "name": "校", "path": "校", "school_id": 2, "grade_id": None},
        {"id": 3, "parent_id": 2, "kind": "grade", "name": "级", "path": "校/级", "school_id": 2, "grade_id": 3},
    ]
    units += [
        {
            "id": 10 + n,
            "parent_id": 3,
            "kind": "class_unit",
            "name": f"{n}班",
            "path": f"校/级/{n}班",
            "school_id": 2,
            "grade_id": 3,
        }
        for n in range(classes)
    ]
    openids = [f"oBENCH{n:022d}" for n in range(people)]
    with database.write() as connection:
        connection.execute(insert(Unit), units)
        for start in range(0, people, 5000):
            ids = range(start + 1, min(people, start + 5000) + 1)
            connection.execute(
                insert(Person),
                [
                    {
                        "id": n,
                        "kind": "student",
                        "number": f"N{n}",
                        "name": f"学生{n}",
                        "unit_id": 10 + n % classes,
                        "school_id": 2,
                        "joined_on": day,
                    }
                    for n in ids
                ],
            )
            connection.execute(
                insert(Enrolment), [{"person_id": n, "unit_id": 10 + n % classes, "from_date": day} for n in ids]
            )
            connection.execute(
                insert(AccountRow), [{"id": n, "openid": openids[n - 1], "created_at": now} for n in ids]
            )
            connection.execute(
                insert(Binding),
                [
                    {
                        "account_id": n,
                        "person_id": n,
                        "relation": "guardian",
                        "rank": 1,
                        "bound_at": now,
                        "consent_version": "1",
                        "consented_at": now,
                    }
                    for n in ids
                ],
            )
        connection.execute(insert(Version).values(name="roster", value=1))
    return openids


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One server process on core 0, ready to be loaded."""

    def __init__(self, command: list[str], port: int, folder: Path, environment: dict[str, str]) -> None:
        self.port = port
        self.process = subprocess.Popen(
            ["taskset", "-c", "0", sys.executable, *command],
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


def measure(server: Server, openids: list[str], messages: int, expect: str) -> tuple[Result, float]:
    requests = build(ACCOUNT, openids, ["36.5"], messages, server.port)
    before = cpu_seconds(server.process.pid)
    result = asyncio.run(load(ACCOUNT, requests, server.port, expect=expect))
    return result, (cpu_seconds(server.process.pid) - before) / messages * 1e6


def statements(database: Database, openids: list[str]) -> tuple[int, int]:
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


def run(kind: str, arguments: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp(prefix="pinganbao-bench-"))
    cluster = None
    try:
        if kind == "postgresql":
            url, cluster = postgres(folder)
        else:
            url = f"sqlite:///{folder}/bench.db"
        database = Database(database_url(url, folder))
        migrate(database)
        openids = seat(database, arguments.people)
        one, many = statements(database, openids)
        driver = "postgresql+psycopg" if kind == "postgresql" else "sqlite+aiosqlite"
        naive_url = url.replace("postgresql", driver) if kind == "postgresql" else f"{driver}:///{folder}/naive.db"
        servers = {
            "ours": (["-m", "app", "serve", "--web-only", "--port"], "36.5"),
            "echo": (
                ["-m", "uvicorn", "--no-access-log", "--log-level", "warning", "benchmarks.peers.echo:app", "--port"],
                "36.5",
            ),
            "naive": (
                ["-m", "uvicorn", "--no-access-log", "--log-level", "warning", "benchmarks.peers.naive:app", "--port"],
                "36.5",
            ),
        }
        rates: dict[str, list[float]] = {name: [] for name in servers}
        print(f"\n{kind}: {arguments.people} people, {arguments.messages} messages, 16 connections, one core each")
        print(f"statements in a batch of 1: {one}; of 32: {many}")
        for _ in range(arguments.rounds):
            for name, (command, expect) in servers.items():
                port = free_port()
                server = Server([*command, str(port)], port, folder, settings(url) | {"BENCH_DATABASE_URL": naive_url})
                try:
                    measure(server, openids, 200, "")  # warm
                    result, micros = measure(server, openids, arguments.messages, expect)
                finally:
                    server.stop()
                rates[name].append(result.rate)
                print(
                    f"  {name:<6} {result.rate:7.0f}/s  p50 {result.percentile(0.5):6.2f} ms  p99 {result.percentile(0.99):7.2f} ms"
                    f"  {micros:5.0f} µs CPU  {dict(result.statuses)} {dict(result.faults) or ''}"
                )
        middle = {name: statistics.median(found) for name, found in rates.items()}
        with database.read() as connection:
            stored = connection.execute(select(func.count()).select_from(CheckIn)).scalar_one()
        print(
            f"  ours = {middle['ours'] / middle['echo']:.2f} × echo, {middle['ours'] / middle['naive']:.2f} × naive; {stored} revisions stored"
        )
        database.close()
    finally:
        if cluster is not None:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=6000)
    parser.add_argument("--people", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {1})
    print(facts())
    for kind in ("sqlite", "postgresql") if arguments.database == "both" else (arguments.database,):
        run(kind, arguments)


if __name__ == "__main__":
    main()
