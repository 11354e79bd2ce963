"""What a scrape is told of what is owed, on each engine."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from app.process import metrics
from models.actions.delivery import Outcome
from models.database import Database
from models.tables import Inbox, Outbox
from tests.cast import at
from tests.house import Open, make_runtime

PUSH = {
    "lane": 2,
    "relation": "self",
    "fields": {},
    "moment": at("07:30"),
    "due_at": at("07:30"),
    "expires_at": at("11:30"),
    "created_at": at("07:30"),
    "attempts": 0,
    "retryable": False,
    "error": "",
    "channel": "",
}


def values(page: str) -> dict[str, float]:
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in page.splitlines() if line[:1] != "#"}


def test_a_scrape_tells_what_is_owed_and_for_how_long(database: Database) -> None:
    runtime = make_runtime(database)  # 07:31
    rows: list[dict[str, Any]] = [
        PUSH | {"key": "1", "kind": "checkin-prompt", "state": "queued"},
        PUSH | {"key": "2", "kind": "checkin-prompt", "state": "sending"},
        PUSH | {"key": "3", "kind": "checkin-prompt", "state": "sent"},
        PUSH | {"key": "4", "kind": "alert", "state": "queued", "due_at": at("07:31") + timedelta(minutes=5)},
    ]
    with database.write() as connection:
        connection.execute(insert(Outbox), rows)
        parked = [
            {"key": bytes([number]) * 16, "state": state, "received_at": at("07:30")}
            for number, state in enumerate(("parked", "done"))
        ]
        connection.execute(insert(Inbox), parked)
    told = values(metrics.exposed(runtime).decode())
    assert {name: value for name, value in told.items() if "outbox" in name or "parked" in name} == {
        'pinganbao_outbox_owed{kind="alert",state="queued"}': 1,
        'pinganbao_outbox_owed{kind="checkin-prompt",state="queued"}': 1,
        'pinganbao_outbox_owed{kind="checkin-prompt",state="sending"}': 1,
        'pinganbao_outbox_oldest_seconds{kind="checkin-prompt"}': 60,
        "pinganbao_inbox_parked": 1,
    }
    assert told["pinganbao_database_up"] == 1


def test_deliveries_are_counted_by_rung_and_code() -> None:
    name = 'pinganbao_deliveries_total{channel="service",code="45015",state="failed"}'

    def now() -> float:
        return values(metrics.generate_latest().decode()).get(name, 0)

    before = now()
    metrics.DeliveryMeter().recorded([Outcome(1, "failed", "service", 45015), Outcome(2, "sent", "template")])
    assert now() == before + 1


def test_a_database_that_is_gone_is_told_not_raised(sqlite: Database) -> None:
    runtime = make_runtime(sqlite)
    with sqlite.write() as connection:
        connection.execute(text("DROP TABLE outbox"))
    told = values(metrics.exposed(runtime).decode())
    assert told["pinganbao_database_up"] == 0
    assert not [name for name in told if "outbox" in name]


@pytest.mark.anyio
async def test_the_page_is_prometheus_text(sqlite: Database) -> None:
    async with Open(make_runtime(sqlite)) as web:
        answer = await web.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert re.search(r"^pinganbao_database_up 1\.0$", answer.text, re.MULTILINE)
    names = re.findall(r"^# TYPE (\S+)", answer.text, re.MULTILINE)
    assert len(names) == len(set(names))
