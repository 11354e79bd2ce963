"""The trail: who did what to which thing. Never a reading, never a name of a child."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy import insert as plain_insert

from models.tables import Audit
from models.work import Row, Work


def note(work: Work, actor: str, action: str, about: str, detail: str = "") -> None:
    """Keep one line of the trail with the batch. actor: "person:12", "job:day-lock" …; about: "unit:7:2026-03-02" …"""
    work.later(
        70,
        "audit",
        _insert_audit,
        {"at": work.now, "actor": actor, "action": action, "object": about, "detail": detail[:400]},
    )


def _insert_audit(connection: Connection, rows: list[Row]) -> None:
    connection.execute(plain_insert(Audit), rows)
