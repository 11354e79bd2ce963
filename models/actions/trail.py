"""The trail of who did what, and the counters that tell caches to read again."""

from __future__ import annotations

from sqlalchemy import Connection, select

from models.statements import insert
from models.tables import Audit, Version
from models.work import Row, Work


def note(work: Work, actor: str, action: str, thing: str, detail: str = "") -> None:
    """One line of the trail, written with the batch. Never a reading, never a child's name."""
    row = {"at": work.now, "actor": actor[:64], "action": action, "object": thing[:120], "detail": detail[:400]}
    work.later(90, "audit", _insert_audit, row)


def _insert_audit(connection: Connection, rows: list[Row]) -> object:
    return connection.execute(insert(connection, Audit), rows)


def hold(work: Work, name: str) -> int:
    """Lock a version's row until the unit of work ends, so that two imports follow one another; gives its value."""
    connection = work.flush()
    connection.execute(insert(connection, Version).values(name=name, value=0).on_conflict_do_nothing())
    return connection.execute(select(Version.value).where(Version.name == name).with_for_update()).scalar_one()


def bump(work: Work, name: str) -> None:
    """Tell every process that what it remembers of `name` (roster, calendar, regions) is old."""
    connection = work.flush()
    statement = insert(connection, Version).values(name=name, value=1)
    connection.execute(
        statement.on_conflict_do_update(index_elements=("name",), set_={"value": Version.__table__.c.value + 1})
    )
