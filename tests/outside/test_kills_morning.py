"""A small morning on PostgreSQL: two web processes, timetable and delivery, each killed −9 at random while families answer.

What was confirmed is there once, each family is asked, and the day's figures are what a recount of the records says.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.process.runtime import Runtime
from models.rules.check_in import COUNTS, contribution
from models.tables import CheckIn, Outbox, Person, PersonDay, UnitDay
from schedules.delivery.drain import IN_FLIGHT
from tests.outside.crowd import Crowd, family, folder_of, settle, still_parked, stored_messages
from tests.outside.site import Site, free_port

FAMILIES, LINES, SECONDS = 60, 8, 20.0
KINDS = ("web1", "web2", "timetable", "deliver")


class Morning:
    """The processes of a site, each ended and started again at random. kills: how often of each kind."""

    def __init__(self, site: Site, seed: int) -> None:
        self.site, self.rng, self.kills = site, random.Random(f"morning {seed}"), Counter[str]()
        self.ports = {"web1": site.port, "web2": free_port()}
        self.alive = {name: self.start(name) for name in KINDS}
        self.wait_for_web()

    def start(self, name: str):  # type: ignore[no-untyped-def]
        if name in self.ports:
            return self.site.start("serve", "--port", str(self.ports[name]), "--web-only")
        return self.site.start(name)

    def wait_for_web(self) -> None:
        for name, port in self.ports.items():
            self.site.wait_for(f"http://127.0.0.1:{port}/readyz", self.alive[name], patience=100)

    async def kill_at_random(self, seconds: float) -> None:
        """Every kind in turn, in a drawn order, until the time is over; one web process at a time."""
        until, order = time.monotonic() + seconds, list[str]()
        while time.monotonic() < until or len(self.kills) < len(KINDS):
            if not order:
                order = self.rng.sample(KINDS, len(KINDS))
            name = order.pop()
            if name in self.ports:
                await asyncio.to_thread(self.wait_for_web)
            await asyncio.sleep(self.rng.uniform(0.2, 1.5))
            assert self.alive[name].poll() is None, self.site.logs()
            await asyncio.to_thread(self.site.kill, self.alive[name])
            self.kills[name] += 1
            self.alive[name] = self.start(name)


def wait_until(done, seconds: float, what: str, site: Site) -> None:  # type: ignore[no-untyped-def]
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, f"{what}: {site.logs()}"
        time.sleep(0.2)


def recount(runtime: Runtime) -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    """The running counts as they are kept, and as the people's days say they ought to be; zeros left out."""
    kept, counted = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    with runtime.database.read() as connection:
        columns = (UnitDay.unit_id, UnitDay.report_date, UnitDay.kind, *(getattr(UnitDay, name) for name in COUNTS))
        for row in connection.execute(select(*columns)):
            for name, value in zip(COUNTS, row[3:], strict=True):
                kept[row[0], row[1], row[2], name] += value
        days = select(PersonDay.unit_id, PersonDay.report_date, Person.kind, PersonDay.state, PersonDay.marks)
        for unit, day, kind, state, marks in connection.execute(days.join(Person, Person.id == PersonDay.person_id)):
            for name, value in contribution(state, frozenset(marks.split(",")) - {""}).items():
                counted[unit, day, kind, name] += value
    return +kept, +counted


@pytest.mark.long
@pytest.mark.timeout(240)
def test_a_morning_in_which_every_kind_of_process_is_killed(tmp_path: Path, empty_postgres_address: str) -> None:
    site = Site(folder_of(tmp_path), empty_postgres_address)
    # The district's noon is now, wherever this runs (the sign of Etc/GMT names is turned round); it locks at night.
    shift = 12 - datetime.now(UTC).hour
    local = datetime.now(UTC) + timedelta(hours=shift)
    prompt = (local + timedelta(seconds=25)).strftime("%H:%M:%S")
    (site.folder / "district.toml").write_text(
        f'[district]\nname = "春江区"\ntime_zone = "Etc/GMT{-shift:+d}"\n[messages]\nrate_per_second = 50\n'
        f"[times]\nprompt = {prompt}\n",
        "utf-8",
    )
    runtime = settle(site, FAMILIES)
    try:
        control = site.platform()
        control.post("/account", json={"callback_url": ""}).raise_for_status()
        users = [{"name": family(n), "openid": f"o-{family(n)}", "following": True} for n in range(FAMILIES)]
        control.post("/users/batch", json={"users": users}).raise_for_status()
        for user in users:
            control.post(f"/users/{user['openid']}/text", json={"content": "你好"}).raise_for_status()

        morning = Morning(site, seed=5)
        crowd = Crowd(
            site, FAMILIES, LINES, seed=5, spacing=3.0, pause=6.0, ports=tuple(morning.ports.values()), fevers=6
        )

        async def both() -> None:
            await asyncio.gather(crowd.write(), morning.kill_at_random(SECONDS))

        asyncio.run(both())
        assert min(morning.kills[name] for name in KINDS) >= 1
        assert crowd.deliveries > FAMILIES * LINES, "no delivery was ever repeated: nothing was killed in the middle"

        wait_until(lambda: not still_parked(runtime), 30, "messages stay parked", site)
        stored = stored_messages(runtime)
        assert len(crowd.confirmed) > FAMILIES * LINES / 2
        assert crowd.confirmed <= set(stored), "a message was confirmed and is not there"
        assert max(stored.values()) == 1, "a message was recorded twice"
        assert set(stored) <= crowd.confirmed | crowd.given_up

        kept, counted = recount(runtime)
        assert kept == counted
        with runtime.database.read() as connection:
            newest = connection.execute(select(PersonDay.person_id, PersonDay.revisions)).all()
            made = dict(connection.execute(select(CheckIn.person_id, func.count()).group_by(CheckIn.person_id)).all())
        assert {row.person_id: row.revisions for row in newest} == made
        hot = {name for name, msg_id in stored if msg_id % 1_000_000 == LINES - 1 and int(name[-4:]) % 6 == 0}
        assert sum(count for place, count in kept.items() if place[-1] == "fever") == len(hot) > 0

        def all_told() -> bool:
            with runtime.database.read() as connection:
                left = select(func.count()).where(
                    Outbox.state.in_(("queued", "sending")), Outbox.kind == "checkin-prompt"
                )
                return not connection.execute(left).scalar_one()

        wait_until(all_told, 60, "prompts are left", site)
        with runtime.database.read() as connection:
            states = Counter(
                connection.execute(select(Outbox.state).where(Outbox.kind == "checkin-prompt")).scalars().all()
            )
        prompts = heard_prompts(control)
        # Who had answered before the prompt's turn came is not asked (dropped); everybody else hears it.
        assert states.total() <= FAMILIES
        assert sum(count > 0 for count in prompts.values()) >= states["sent"]
        assert sum(prompts.values()) <= states.total() + morning.kills["deliver"] * IN_FLIGHT
    finally:
        runtime.close()
        site.close()


def heard_prompts(control) -> Counter[str]:  # type: ignore[no-untyped-def]
    made: Counter[str] = Counter()
    for number in range(FAMILIES):
        chat = control.get(f"/users/o-{family(number)}/chat").json()["messages"]
        made[family(number)] = sum(one["side"] == "account" and one["via"] != "passive" for one in chat)
    return made
