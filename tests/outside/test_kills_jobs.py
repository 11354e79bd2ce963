"""Jobs and workers are killed −9 while they send: nobody is skipped, and hardly anybody hears something twice."""

from __future__ import annotations

import csv
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from schedules.delivery.drain import IN_FLIGHT
from tests.outside.crowd import family, folder_of, settle
from tests.outside.site import Site

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
FAMILIES = 200
SEND = "/cgi-bin/message/custom/send"


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    given = {}
    if request.param == "postgresql":
        given = {"database_url": request.getfixturevalue("empty_postgres_address")}
    made = Site(folder_of(tmp_path), **given)
    yield made
    made.close()


def slow_platform(site: Site, seconds: float) -> httpx.Client:
    """The platform with every family following, their windows open, and slow to send."""
    control = site.platform()
    control.post("/account", json={"callback_url": ""}).raise_for_status()  # what they wrote is known already
    users = [{"name": family(number), "openid": f"o-{family(number)}", "following": True} for number in range(FAMILIES)]
    control.post("/users/batch", json={"users": users}).raise_for_status()
    for user in users:
        control.post(f"/users/{user['openid']}/text", json={"content": "你好"}).raise_for_status()
    rule = {"on": "call", "route": SEND, "fault": "slow", "seconds": seconds}
    control.put("/faults", json={"rules": [rule]}).raise_for_status()
    return control


def heard(control: httpx.Client, word: str) -> Counter[str]:
    """How often each family heard a push with that word in it."""
    made: Counter[str] = Counter()
    for number in range(FAMILIES):
        chat = control.get(f"/users/o-{family(number)}/chat").json()["messages"]
        made[family(number)] = sum(
            message["side"] == "account" and message["via"] != "passive" and word in message["text"] for message in chat
        )
    return made


def wait_until_quiet(control: httpx.Client) -> None:
    """Nothing is on the wire: calls of the dead come to their end on the platform's side too."""
    seen = -1
    until = time.monotonic() + 60
    while time.monotonic() < until:
        now = control.get("/wire", params={"what": "call"}).json()["last"]
        if now == seen:
            return
        seen = now
        time.sleep(1.5)
    raise AssertionError("the wire never falls silent")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_job_killed_in_the_middle_and_run_to_its_end_reaches_everybody(site: Site, seed: int) -> None:
    settle(site, FAMILIES).close()
    control = slow_platform(site, 0.3)
    rng = random.Random(seed)
    tomorrow = (datetime.now(UTC) + timedelta(hours=8)).date() + timedelta(days=1)
    command = ("jobs", "run", "checkin-prompt", "--at", f"{tomorrow}T07:30:00+08:00")
    kills = 0
    for _ in range(4):
        process = site.start(*command)
        last = control.get("/wire").json()["last"]
        while process.poll() is None and not calls_since(control, last):
            time.sleep(0.02)
        time.sleep(rng.uniform(0.05, 0.9))
        if process.poll() is None:
            site.kill(process)
            kills += 1
    assert kills >= 3
    done = site.run(*command)
    assert f"已发 {FAMILIES}" in done.stdout, done.stdout
    wait_until_quiet(control)
    counts = heard(control, "体温")
    assert min(counts.values()) >= 1, "somebody was skipped"
    assert max(counts.values()) <= 1 + kills
    extra = sum(counts.values()) - FAMILIES
    assert extra <= kills * IN_FLIGHT, f"{extra} extra in {kills} kills"
    site.run(*command)
    wait_until_quiet(control)
    assert heard(control, "体温") == counts


def calls_since(control: httpx.Client, after: int) -> bool:
    entries = control.get("/wire", params={"after": after, "what": "call"}).json()["entries"]
    return any(SEND in str(entry) for entry in entries)


def test_two_workers_and_two_timetables_with_random_kills_push_each_thing_once(
    tmp_path: Path, empty_postgres_address: str
) -> None:
    site = Site(folder_of(tmp_path), empty_postgres_address)
    try:
        _run_the_noon(site)
    finally:
        site.close()


def _run_the_noon(site: Site) -> None:
    """The district's noon is now, wherever this runs: its prompt comes in a moment, and a reminder after it."""
    # The sign of Etc/GMT names is turned round: GMT-8 lies eight hours ahead.
    shift = 12 - datetime.now(UTC).hour
    rules = f'[district]\nname = "春江区"\ntime_zone = "Etc/GMT{-shift:+d}"\n[messages]\nrate_per_second = 20\n'
    (site.folder / "district.toml").write_text(rules, "utf-8")
    settle(site, FAMILIES).close()
    control = slow_platform(site, 0.2)
    local = datetime.now(UTC) + timedelta(hours=shift)
    prompt, reminder = ((local + timedelta(seconds=after)).strftime("%H:%M:%S") for after in (25, 45))
    times = f"[times]\nprompt = {prompt}\nreminders = [{reminder}]\n"
    (site.folder / "district.toml").write_text(rules + times, "utf-8")
    rng = random.Random(11)
    alive = {name: site.start(name.rstrip("12")) for name in ("deliver1", "deliver2", "timetable1", "timetable2")}
    end = time.monotonic() + 75
    kills: Counter[str] = Counter()
    while time.monotonic() < end:
        time.sleep(rng.uniform(1.5, 4))
        name = rng.choice(sorted(alive))
        assert alive[name].poll() is None, site.logs()
        site.kill(alive[name])
        kills[name.rstrip("12")] += 1
        alive[name] = site.start(name.rstrip("12"))
    _drained(site, control)
    assert min(kills.values()) >= 3
    prompts, reminders = heard(control, "早上好"), heard(control, "截止时间")  # noon lies after the deadline
    assert min(prompts.values()) >= 1, "somebody was not asked"
    assert sum(prompts.values()) - FAMILIES <= kills["deliver"] * IN_FLIGHT
    assert max(reminders.values()) <= 1, "a reminder came twice"
    rows = _deliveries(site, local.date().isoformat())
    by_kind = Counter((row["kind"], row["status"]) for row in rows)
    assert by_kind["checkin-prompt", "sent"] == FAMILIES
    assert by_kind["checkin-reminder", "sent"] + by_kind["checkin-reminder", "unknown"] == FAMILIES
    silent = sum(count == 0 for count in reminders.values())
    assert silent <= by_kind["checkin-reminder", "unknown"]
    assert all(row["error"] for row in rows if row["status"] == "unknown")


def _drained(site: Site, control: httpx.Client) -> None:
    until = time.monotonic() + 90
    today = ""
    while time.monotonic() < until:
        wait_until_quiet(control)
        today = today or _today(site)
        if not [row for row in _deliveries(site, today) if row["status"] == "queued"]:
            return
        time.sleep(2)
    raise AssertionError(f"pushes are left: {site.logs()}")


def _today(site: Site) -> str:
    listed = site.run("jobs", "list", "--json")
    (job,) = [one for one in json.loads(listed.stdout) if one["name"] == "checkin-prompt"]
    return str(job["last_due_at"])[:10]


def _deliveries(site: Site, day: str) -> list[dict[str, str]]:
    site.run("export", "deliveries", "--from", day, "--to", day, "--format", "csv", "--out", "d.csv")
    with (site.folder / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
