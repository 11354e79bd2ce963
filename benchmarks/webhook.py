"""Full encrypted check-ins per second on one core, beside an echo that stores nothing and the naive way to store it.

    python -m benchmarks.webhook [--messages 6000] [--people 150000] [--rounds 3] [--database sqlite|postgresql|both]

Each server runs alone on core 0, the generator (and PostgreSQL's server) on core 1; rounds alternate, medians of the
rounds' ratios are printed, over few connections and over as many as a rush opens. Then: latency at 80 % of our highest rate, two web processes on PostgreSQL, and the same load
with 1,000, 100,000 and 1,000,000 people. Every tenth reply is opened and compared.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from app.process.parking import unpack_message
from benchmarks.load import Result, build, load
from benchmarks.machine import cpu_seconds, facts
from benchmarks.place import ACCOUNT, PEER, SECRET, SERVE, Place, Server, Turns, openid_of, settings
from models.database import Database
from models.vault import Vault

#: Of the highest rate: where the 99th hundredth is looked at.
SHARE = 0.8


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


def statements(database: Database, openids: Sequence[str]) -> tuple[int, int]:
    """Statements of a batch of 1 and of 32 first check-ins, counted in this process."""
    from app.main import make_dispatcher
    from app.process.runtime import Clock, Runtime
    from app.process.settings import Settings
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


def _served(place: Place, command: Sequence[str], messages: int, expect: str = "36.5", **how: Any) -> Measured:
    server = place.server(command)
    try:
        measure(server, place.turns.next(200), 200, "")  # warm
        return measure(server, place.turns.next(messages), messages, expect, **how)
    finally:
        server.stop()


def compare(place: Place, arguments: argparse.Namespace, connections: int) -> float:
    """Ours beside the two peers, in alternating rounds; gives our highest rate."""
    print(f"  over {connections} connections")
    servers = {
        "ours": (SERVE, arguments.messages),
        "echo": ((*PEER, "benchmarks.peers.echo:app", "--port"), arguments.messages),
        "naive": ((*PEER, "benchmarks.peers.naive:app", "--port"), arguments.messages // 3),
    }
    rounds: list[dict[str, Measured]] = []
    for _ in range(arguments.rounds):
        rounds.append({})
        for name, (command, messages) in servers.items():
            rounds[-1][name] = _served(place, command, messages, connections=connections)
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
        print(f"\n{kind}: {arguments.people} people, {arguments.messages} messages, one core each")
        print(f"statements in a batch of 1: {one}; of 32: {many}, which is {many / 32:.2f} a message")
        began = place.stored()
        highest = max(compare(place, arguments, connections) for connections in arguments.connections)
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
    parser.add_argument("--people", type=int, default=150_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--connections", type=int, nargs="+", default=[16, 64], help="open at once: what waits together is one batch"
    )
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
