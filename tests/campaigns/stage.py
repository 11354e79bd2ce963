"""Publishing on the cast's stage, and looking at what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from models.actions import campaigns as deeds
from models.queries import campaigns as queries
from models.queries import receipts as standing
from models.queries.receipts import Standing
from models.rules.campaign import State, state_of
from tests.cast import MONDAY
from tests.jobs.helper import run
from tests.play import Play

TEXT = "开学前请全家一起学习洗手和戴口罩的方法。"


def publish(play: Play, kind: str = "notice", title: str = "开学须知", **fields: Any) -> int:
    """A publication to all guardians, unless other columns are given."""
    made: dict[str, Any] = {
        "kind": kind,
        "title": title,
        "text": TEXT,
        "strength": "read",
        "roles": ["guardian"],
        "unit_id": 1,
    } | fields
    with play.database.write() as connection:
        work = play.work(connection)
        number = deeds.publish(work, "cli:test", **made)
        work.flush()
    return number


def push(play: Play, clock: str = "12:00", day: date = MONDAY) -> int:
    """Run the push job as of then; gives how many were owed."""
    return run(play, "campaign-push", clock, day).owed


def remind(play: Play, clock: str, day: date) -> int:
    return run(play, "campaign-reminder", clock, day).owed


def deliver(play: Play, at: datetime | None = None) -> None:
    """Everything that waits in the outbox arrives."""
    from sqlalchemy import update

    from models.tables import Outbox

    with play.database.write() as connection:
        connection.execute(
            update(Outbox)
            .where(Outbox.state == "queued")
            .values(state="sent", sent_at=at or play.now, channel="service")
        )


def rows(play: Play, number: int) -> dict[tuple[str, str], Standing]:
    """(name, role) → what is known."""
    with play.database.read() as connection:
        return {(row.name, row.role): row for row in standing.standings(connection, [number])}


def states(play: Play, number: int) -> dict[tuple[str, str], State]:
    with play.database.read() as connection:
        campaign = queries.campaign(connection, number)
    assert campaign is not None
    return {who: state_of(row.facts, campaign.video_seconds) for who, row in rows(play, number).items()}
