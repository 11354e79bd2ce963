"""The server is killed −9 while people write: what was answered is stored once, and nothing is stored twice."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from app.process.runtime import Runtime
from tests.outside.crowd import Crowd, folder_of, settle, still_parked, stored_messages
from tests.outside.site import Site


def write_and_kill(
    site: Site, runtime: Runtime, crowd: Crowd, kills: int, between: tuple[float, float]
) -> dict[tuple[str, int], int]:
    async def both() -> None:
        killing = asyncio.create_task(crowd.kill_now_and_then(kills, between))
        await crowd.write()
        await killing

    site.serve("--web-only")
    asyncio.run(both())
    until = time.monotonic() + 20
    while still_parked(runtime) and time.monotonic() < until:
        time.sleep(0.1)
    stored = stored_messages(runtime)
    assert crowd.confirmed
    assert crowd.confirmed <= set(stored), "a message was answered and is not there"
    assert max(stored.values()) == 1, "a message was recorded twice"
    assert set(stored) <= crowd.confirmed | crowd.given_up
    return stored


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(folder_of(tmp_path))


def test_a_kill_in_the_middle_loses_nothing_that_was_answered(site: Site) -> None:
    runtime = settle(site, 30)
    try:
        crowd = Crowd(site, families=30, lines=4, seed=7, spacing=0.8)
        write_and_kill(site, runtime, crowd, kills=1, between=(0.5, 0.9))
        assert crowd.deliveries > 30 * 4  # some were delivered again
    finally:
        runtime.close()
        site.close()


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("seed", [1, 2])
def test_hundreds_of_messages_through_many_kills(
    engine: str, seed: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    given = {"database_url": request.getfixturevalue("empty_postgres_address")} if engine == "postgresql" else {}
    site = Site(folder_of(tmp_path), **given)
    runtime = settle(site, 120)
    try:
        crowd = Crowd(site, families=120, lines=8, seed=seed, spacing=2.5)
        stored = write_and_kill(site, runtime, crowd, kills=5, between=(0.2, 1.2))
        assert len(stored) > 300
    finally:
        runtime.close()
        site.close()
