"""Pages of a publication per second, and bytes served per video view.

    python -m benchmarks.pages [--people 400] [--seconds 30]

A server process on SQLite, a generator with a connection a phone; each phone opens its own link, opens it again, and
leaves its receipt. Then a real video of --seconds, made on the spot, is watched in headless Chromium: at once, in two
sittings, and once more; the server counts what it sends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import event

from app.main import create_app
from app.media.videos import keep_file
from app.process import wiring
from app.process.runtime import Runtime
from benchmarks.machine import cpu_seconds, facts
from benchmarks.place import SECRET, seat
from bots.engine.links import campaign_link
from bots.engine.registry import Registry
from models.actions import campaigns as deeds
from models.queries import campaigns as queries
from models.schema import ROOT, migrate
from tests.campaigns.film import CHROMIUM, browser, make_film

TEXT = "# 返校时间\n|年级|日期|\n|---|---|\n|三年级|3月9日|\n# 请您做到\n- 连续14天测温\n- 如有不适不要到校\n" * 8


def open_runtime(folder: Path) -> Runtime:
    return wiring.open_runtime(
        folder,
        database_url="sqlite:///pages.db",
        secret_key=SECRET,
        wechat_app_id="wx-bench",
        district_file=str(ROOT / "district.toml"),
    )


# --- the server -------------------------------------------------------------------------------------------------------
class Counted:
    """The application, and beside it `/bench`: statements and bytes of videos since it was last asked."""

    def __init__(self, runtime: Runtime) -> None:
        self._app = create_app(runtime, registry=Registry([]))
        self._seen = {"statements": 0, "commits": 0, "media_bytes": 0, "media_requests": 0}
        event.listen(runtime.database.engine, "before_cursor_execute", lambda *_: self._add("statements"))
        event.listen(runtime.database.engine, "commit", lambda *_: self._add("commits"))

    def _add(self, what: str, count: int = 1) -> None:
        self._seen[what] += count

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if path == "/bench":
            body, self._seen = json.dumps(self._seen).encode(), dict.fromkeys(self._seen, 0)
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})
            return

        async def counted(message: Any) -> None:
            if message["type"] == "http.response.body":
                self._add("media_bytes", len(message.get("body", b"")))
            await send(message)

        is_video = path.endswith(".mp4")
        if is_video:
            self._add("media_requests")
        await self._app(scope, receive, counted if is_video else send)


def serve(folder: Path, port: int) -> None:
    config = uvicorn.Config(Counted(open_runtime(folder)), port=port, log_level="error", access_log=False)
    uvicorn.Server(config).run()


# --- the pages --------------------------------------------------------------------------------------------------------
def publish(runtime: Runtime, kind: str, **fields: Any) -> int:
    with runtime.database.write() as connection:
        work = runtime.work(connection)
        made = {"title": "返校安排", "text": TEXT, "strength": "read", "roles": ["guardian"], "unit_id": 1} | fields
        number = deeds.publish(work, "bench", kind=kind, **made)
        deeds.start(work, queries.by_ids(work.flush(), [number]), work.now)
        work.flush()
    return number


def links(runtime: Runtime, number: int, people: int) -> list[str]:
    until = datetime.now(UTC) + timedelta(days=2)
    return [campaign_link(runtime.vault, "", number, one, until) for one in range(1, people + 1)]


async def measure(
    title: str,
    phones: list[httpx.AsyncClient],
    addresses: list[str],
    pid: int,
    ask: Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]],
) -> None:
    """One round of requests, eight in flight; prints what it took."""
    places, times = asyncio.Semaphore(8), []
    await phones[0].get("/bench")

    async def one(phone: httpx.AsyncClient, address: str) -> int:
        async with places:
            begun = time.perf_counter()
            answer = await ask(phone, address)
            times.append(time.perf_counter() - begun)
        assert answer.status_code in (200, 303), answer.status_code
        return len(answer.content)

    cpu, begun = cpu_seconds(pid), time.perf_counter()
    sizes = await asyncio.gather(*(one(*pair) for pair in zip(phones, addresses, strict=True)))
    taken, used = time.perf_counter() - begun, cpu_seconds(pid) - cpu
    seen = (await phones[0].get("/bench")).json()
    count = len(sizes)
    print(
        f"{title:24} {count / taken:7.0f}/s  {used / count * 1000:6.2f} ms CPU  "
        f"median {statistics.median(times) * 1000:5.1f} ms  p99 {sorted(times)[int(count * 0.99)] * 1000:6.1f} ms  "
        f"{seen['statements'] / count:5.1f} statements  {seen['commits'] / count:4.1f} commits  {max(sizes):6d} bytes"
    )


async def pages(runtime: Runtime, address: str, people: int, pid: int) -> None:
    limits = httpx.Limits(max_connections=1)
    phones = [httpx.AsyncClient(base_url=address, limits=limits, trust_env=False) for _ in range(people)]
    for kind, fields in (("notice", {}), ("video", {"video": "0" * 24 + ".mp4", "video_seconds": 60})):
        found = links(runtime, publish(runtime, kind, **fields), people)
        await measure(f"{kind}, first opening", phones, found, pid, lambda phone, link: phone.get(link))
        await measure(f"{kind}, opened again", phones, found, pid, lambda phone, link: phone.get(link))
        action = "read" if kind == "notice" else "text"

        def answer(phone: httpx.AsyncClient, link: str, action: str = action) -> Awaitable[httpx.Response]:
            return phone.post(f"{link}/done", data={"action": action})

        await measure(f"{kind}, receipt", phones, found, pid, answer)
    for phone in phones:
        await phone.aclose()


# --- the video --------------------------------------------------------------------------------------------------------
def views(runtime: Runtime, address: str, seconds: int, folder: Path) -> None:
    if CHROMIUM is None:
        print("no Chromium here: bytes per view not measured")
        return
    with browser(folder / "profile") as phone:
        film = folder / "film.mp4"
        if not make_film(phone, film, seconds):
            print("no video could be made here: bytes per view not measured")
            return
        size = film.stat().st_size
        number = publish(runtime, "video", video=keep_file(runtime, film), video_seconds=seconds)
        first, second = links(runtime, number, 2)
        print(f"\na video of {seconds} s, {size} bytes, in Chromium")

        def seen(title: str) -> None:
            counted = httpx.get(f"{address}/bench", trust_env=False).json()
            share = counted["media_bytes"] / size
            print(
                f"{title:34} {counted['media_requests']} requests  {counted['media_bytes']:9d} bytes  {share:.2f} of it"
            )

        def play(page: Any, until: float) -> None:
            page.evaluate("() => { const v = document.getElementById('video'); v.muted = true; v.play(); }")
            while not page.evaluate(f"document.getElementById('video').currentTime >= {until}"):
                page.wait_for_timeout(200)

        seen("(before)")
        for title, link, until in (
            ("opened, not played", first, 0.0),
            ("watched to the half, then left", first, seconds / 2),
            ("come back, watched to the end", first, seconds - 1.0),
            ("opened again afterwards", first, 0.0),
        ):
            page = phone.new_page()
            page.goto(address + link)
            if until:
                play(page, until)
            page.wait_for_timeout(700)
            page.close()
            seen(title)
    with browser(folder / "other") as phone:
        page = phone.new_page()
        page.goto(address + second)
        play(page, seconds - 1.0)
        page.wait_for_timeout(700)
        seen("another phone, in one sitting")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--serve", nargs=2, metavar=("FOLDER", "PORT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(Path(given.serve[0]), int(given.serve[1]))
        return
    print(facts())
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        folder = Path(name)
        runtime = open_runtime(folder)
        migrate(runtime.database)
        seat(runtime.database, given.people)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        command = [sys.executable, "-m", "benchmarks.pages", "--serve", name, str(port)]
        server = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)})
        address = f"http://127.0.0.1:{port}"
        try:
            _await_start(address)
            asyncio.run(pages(runtime, address, given.people, server.pid))
            views(runtime, address, given.seconds, folder)
        finally:
            server.terminate()
            server.wait(10)
            runtime.close()


def _await_start(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{address}/healthz", trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
