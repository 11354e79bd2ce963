"""A crowd to push to: pupils with one guardian each, all within the window, and a platform on a real socket."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import httpx
import uvicorn
from sqlalchemy import insert, select

from app.process.runtime import Runtime
from app.sandbox import SandboxClock, SandboxSettings, create_sandbox
from models.rules.push import Push
from models.tables import Account, Binding, Enrolment, Outbox, Person
from schedules.job import Job, Moment
from tests import cast
from tests.house import APP_ID

#: kind → how it is settled when a worker died in the middle: again, never, or by the platform's own key.
KINDS = {"checkin-prompt": "again", "test-nudge": "never", "test-template": "keyed"}
FIRST = 5000


def seat_crowd(runtime: Runtime, size: int, now: datetime, *, open_windows: bool = True) -> list[str]:
    """`size` pupils of one class with a guardian each; gives the guardians' openids."""
    with runtime.database.write() as connection:
        cast_built = cast.build(connection, runtime.vault)
        unit, school = cast_built.units["红旗小学/三年级/2班"], cast_built.units["红旗小学"]
        numbers = range(FIRST, FIRST + size)
        connection.execute(
            insert(Person),
            [
                {
                    "id": number,
                    "kind": "student",
                    "number": f"C{number}",
                    "name": f"学生{number}",
                    "unit_id": unit,
                    "school_id": school,
                    "joined_on": cast.SCHOOL_YEAR,
                }
                for number in numbers
            ],
        )
        connection.execute(
            insert(Enrolment),
            [{"person_id": number, "unit_id": unit, "from_date": cast.SCHOOL_YEAR} for number in numbers],
        )
        connection.execute(
            insert(Account),
            [
                {
                    "id": number,
                    "openid": f"o-{number}",
                    "typed_at": now if open_windows else None,
                    "typed_spent": 0,
                    "tapped_spent": 0,
                    "wrong_codes": 0,
                    "created_at": now,
                }
                for number in numbers
            ],
        )
        connection.execute(
            insert(Binding),
            [
                {
                    "account_id": number,
                    "person_id": number,
                    "relation": "guardian",
                    "rank": 1,
                    "bound_at": now,
                    "consent_version": "2026-02",
                    "consented_at": now,
                }
                for number in numbers
            ],
        )
    return [f"o-{number}" for number in numbers]


def crowd_job(kind: str, size: int) -> Job:
    """One push of `kind` to everybody in the crowd."""

    def plan(moment: Moment) -> Sequence[Push]:
        return [
            Push(
                key=f"{kind}:{number}:{moment.day}",
                kind=kind,
                account_id=number,
                body={"text": f"{kind} {number}"},
                moment=moment.at,
                expires_at=moment.at + timedelta(hours=2),
                person_id=number,
                relation="guardian",
                fields={"title": f"{number}", "unit": "红旗小学", "time": "09:00", "note": "请回复体温"},
            )
            for number in range(FIRST, FIRST + size)
        ]

    return Job(kind, lambda times: (times.prompt,), plan)


@contextmanager
def platform(openids: Sequence[str]) -> Iterator[httpx.Client]:
    """The sandbox on a socket of its own, everybody following and having just written; a client of its control API."""
    settings = SandboxSettings(app_id=APP_ID, app_secret="cast-app-secret", mode="plain", callback_url="")
    sandbox = create_sandbox(settings, SandboxClock())
    server = uvicorn.Server(uvicorn.Config(sandbox, port=0, log_level="error", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
        users = [{"name": one, "openid": one, "following": True} for one in openids]
        client.post("/control/users/batch", json={"users": users}).raise_for_status()
        world = sandbox.state.world
        for one in openids:
            person = world.people.find(one)
            person.windows.open("message", world.now)
        yield client
    server.should_exit = True
    thread.join(timeout=10)


def received(client: httpx.Client, openids: Sequence[str]) -> Counter[str]:
    """How many messages each phone shows."""
    counts: Counter[str] = Counter()
    for openid in openids:
        messages = client.get(f"/control/users/{openid}/chat").json()["messages"]
        counts[openid] = sum(message["side"] == "account" for message in messages)
    return counts


def fates(runtime: Runtime) -> dict[str, str]:
    """openid → state of its push."""
    with runtime.database.read() as connection:
        rows = connection.execute(select(Account.openid, Outbox.state).join(Outbox, Outbox.account_id == Account.id))
        return {row.openid: row.state for row in rows}


def today() -> date:
    return datetime.now(UTC).date()
