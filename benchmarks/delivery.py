"""Pushes delivered per second and process beside a bare httpx loop, planning a large occasion, and memory while draining.

    python -m benchmarks.delivery [--messages 6000] [--recipients 100000] [--rows 20000] [--database sqlite|postgresql|both]

The stand-in for the platform runs in a process of its own. The bare loop sends the same bodies with the same number of
calls in flight through the same number of clients, and stores nothing; rounds alternate, medians are printed.
`--rows 500000` drains the number the goal names.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvloop
from sqlalchemy import delete, func, select, update

from app.process.liveness import Liveness
from app.process.runtime import Clock, Runtime
from app.process.serving import calendar_of, make_client, make_timetable
from app.process.settings import Settings
from benchmarks.machine import facts
from benchmarks.place import SECRET, postgres, seat
from bots.wechat.http import CLIENTS, IN_FLIGHT, TIMEOUT
from models.database import Database, database_url
from models.rules.district import District, Messages, Times
from models.rules.push import Push
from models.schema import migrate
from models.tables import Account, Outbox
from models.vault import Vault
from schedules.delivery.drain import Delivery, House
from schedules.job import Job, Moment

DISTRICT = District(name="区", bureau="局", messages=Messages(rate_per_second=100_000, daily_service=100_000_000))
TEXT = "请在9:00前回复孩子今天的体温，例如 36.5；不舒服也请一起说。"


@contextmanager
def platform() -> Iterator[str]:
    """The stand-in's address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.peers.platform", str(port)])
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
                break
            except httpx.HTTPError:
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def make(database: Database, address: str) -> Runtime:
    settings = Settings(  # type: ignore[call-arg]
        _env_file=None, wechat_app_id="wx-bench", wechat_app_secret="bench", wechat_api_url=address, secret_key=SECRET
    )
    local = datetime.now(UTC).astimezone(DISTRICT.zone)
    # It is never night on the bench.
    quiet = ((local + timedelta(hours=12)).time(), (local + timedelta(hours=13)).time())
    district = replace(DISTRICT, times=Times(quiet=quiet, starts_on=None))
    return Runtime(Path.cwd(), settings, district, database, Vault(SECRET), Clock())


def rss() -> float:
    """Resident memory of this process, MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def occasion(name: str, accounts: list[int], each: int = 1) -> Job:
    """`each` pushes to every account."""

    def plan(moment: Moment) -> list[Push]:
        return [
            Push(
                key=f"{name}:{account}:{number}",
                kind="bench",
                account_id=account,
                body={"text": TEXT},
                moment=moment.at,
                expires_at=moment.at + timedelta(hours=4),
                relation="guardian",
                fields={"title": "每日健康上报", "unit": "校", "time": "09:00", "note": "请点开回复体温"},
            )
            for number in range(each)
            for account in accounts
        ]

    return Job(name, lambda times: (times.prompt,), plan)


async def bare(address: str, openids: list[str]) -> tuple[float, float]:
    """Messages a second, and µs of processor a message, of a loop that only calls."""
    clients = [
        httpx.AsyncClient(
            base_url=address,
            timeout=TIMEOUT,
            trust_env=False,
            limits=httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT),
        )
        for _ in range(CLIENTS)
    ]
    left = iter(openids)

    async def call(client: httpx.AsyncClient) -> None:
        for openid in left:
            body = {"touser": openid, "msgtype": "text", "text": {"content": TEXT}}
            answer = await client.post(
                "/cgi-bin/message/custom/send",
                params={"access_token": "bench-token"},
                content=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
                headers={"Content-Type": "application/json; charset=utf-8"},
            )
            assert answer.json()["errcode"] == 0

    started, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*(call(client) for client in clients for _ in range(IN_FLIGHT)))
    spent, work = time.perf_counter() - started, time.process_time() - worked
    for client in clients:
        await client.aclose()
    return len(openids) / spent, work / len(openids) * 1e6


async def ours(runtime: Runtime, occurrence: int, count: int) -> tuple[float, float]:
    """Messages a second, and µs of processor a message, of a worker that claims, calls and records."""
    liveness = Liveness(runtime.database)
    client = make_client(runtime)
    house = House(
        runtime.database,
        runtime.vault,
        runtime.district,
        runtime.clock,
        liveness.worker,
        liveness.alive,
        is_due=calendar_of(runtime),
    )
    await client.check_credentials()
    started, worked = time.perf_counter(), time.process_time()
    await Delivery(house, client).finish(occurrence)
    spent, work = time.perf_counter() - started, time.process_time() - worked
    await client.close()
    liveness.close()
    with runtime.database.read() as connection:
        sent = connection.execute(
            select(func.count()).where(Outbox.occurrence_id == occurrence, Outbox.state == "sent")
        ).scalar_one()
    assert sent == count, f"{sent} of {count} sent"
    return count / spent, work / count * 1e6


def planned(runtime: Runtime, job: Job) -> tuple[int, float]:
    """Occurrence, and seconds of wall clock."""
    now = datetime.now(UTC)
    started = time.perf_counter()
    done = make_timetable(runtime).run_as_of(job, now, now)
    assert done.occurrence_id is not None
    return done.occurrence_id, time.perf_counter() - started


def open_windows(database: Database) -> list[int]:
    """Everybody has just written; gives the ids of the accounts."""
    with database.write() as connection:
        connection.execute(update(Account).values(typed_at=datetime.now(UTC), typed_spent=-1_000_000))
        return list(connection.execute(select(Account.id).order_by(Account.id)).scalars())


def clear(database: Database) -> None:
    with database.write() as connection:
        connection.execute(delete(Outbox))


async def rates(runtime: Runtime, address: str, accounts: list[int], arguments: argparse.Namespace) -> None:
    with runtime.database.read() as connection:
        openids = list(connection.execute(select(Account.openid).limit(arguments.messages)).scalars())
    found: dict[str, list[tuple[float, float]]] = {"bare": [], "ours": []}
    for number in range(arguments.rounds):
        found["bare"].append(await bare(address, openids))
        occurrence, _ = await asyncio.to_thread(planned, runtime, occasion(f"b{number}", accounts[: len(openids)]))
        found["ours"].append(await ours(runtime, occurrence, len(openids)))
        clear(runtime.database)
        told = "   ".join(f"{name} {one[-1][0]:6.0f}/s ({one[-1][1]:4.0f} µs CPU)" for name, one in found.items())
        print(f"  round {number + 1}: {told}")
    middle = {name: statistics.median(rate for rate, _ in one) for name, one in found.items()}
    micros = {name: statistics.median(work for _, work in one) for name, one in found.items()}
    print(
        f"  drain: {middle['ours']:.0f}/s a process, {middle['ours'] / middle['bare']:.0%} of a bare httpx loop with "
        f"{CLIENTS * IN_FLIGHT} in flight (by processor time {micros['bare'] / micros['ours']:.0%}; "
        "goal: 1,000/s and 70 %)"
    )


async def memory(runtime: Runtime, accounts: list[int], rows: int) -> None:
    each = max(1, rows // len(accounts))
    occurrence, seconds = await asyncio.to_thread(planned, runtime, occasion("m", accounts, each))
    total = each * len(accounts)
    print(f"  {total} rows planned in {seconds:.1f} s")
    seen: list[float] = []

    async def watch() -> None:
        while True:
            seen.append(rss())
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    rate, _ = await ours(runtime, occurrence, total)
    watching.cancel()
    tenth = max(1, len(seen) // 10)
    tenths = [statistics.mean(seen[start : start + tenth]) for start in range(0, len(seen), tenth)]
    print(
        f"  memory while draining {total} rows at {rate:.0f}/s: {max(seen):.0f} MiB at most; MiB in each tenth of the "
        f"time: {' '.join(f'{one:.0f}' for one in tenths[:10])}"
    )
    clear(runtime.database)


def run(kind: str, arguments: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp(prefix="pinganbao-bench-"))
    cluster: Any = None
    try:
        if kind == "postgresql":
            url, cluster = postgres(folder)
        else:
            url = f"sqlite:///{folder}/bench.db"
        database = Database(database_url(url, folder))
        migrate(database)
        seat(database, arguments.recipients)
        accounts = open_windows(database)
        print(f"\n{kind}: {len(accounts)} recipients")
        with platform() as address:
            runtime = make(database, address)
            prompt = make_timetable(runtime).jobs["checkin-prompt"]
            worked = time.process_time()
            _, seconds = planned(runtime, prompt)
            worked = time.process_time() - worked
            with database.read() as connection:
                owed = connection.execute(select(func.count()).select_from(Outbox)).scalar_one()
            print(
                f"  planning checkin-prompt: {owed} pushes in {seconds:.2f} s, {worked:.2f} s of processor (goal: 100,000 in under 5 s)"
            )
            clear(database)
            uvloop.run(rates(runtime, address, accounts, arguments))
            if arguments.rows:
                uvloop.run(memory(runtime, accounts[: min(len(accounts), arguments.rows)], arguments.rows))
        database.close()
    finally:
        if cluster is not None:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=6000)
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    arguments = parser.parse_args()
    print(facts())
    for kind in ("sqlite", "postgresql") if arguments.database == "both" else (arguments.database,):
        run(kind, arguments)


if __name__ == "__main__":
    main()
