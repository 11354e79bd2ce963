"""Plans occurrences as the timetable does, on the cast's database."""

from __future__ import annotations

from datetime import date

from sqlalchemy import event, select

from models.tables import Outbox
from schedules.registry import discover
from schedules.timetable import Planned, Timetable
from tests.cast import MONDAY, at
from tests.play import PUBLIC_URL, Play


def run(play: Play, name: str, clock: str, day: date = MONDAY) -> Planned:
    """Plan the job's occurrence as of that moment; what it owes is in the outbox afterwards."""
    jobs = discover()

    def make_work(connection, now):  # type: ignore[no-untyped-def]
        play.now = now
        return play.work(connection)

    timetable = Timetable(jobs, play.database, play.district, make_work, PUBLIC_URL)
    return timetable.run_as_of(jobs[name], at(clock, day), at(clock, day))


def told(play: Play, kind: str) -> dict[str, list[str]]:
    """Who is owed what of a kind: account key → texts."""
    names = {number: key for key, number in play.cast.accounts.items()}
    with play.database.read() as connection:
        rows = connection.execute(
            select(Outbox.account_id, Outbox.body).where(Outbox.kind == kind).order_by(Outbox.id)
        ).all()
    made: dict[str, list[str]] = {}
    for row in rows:
        made.setdefault(names[row.account_id], []).append(play.vault.open_json("outbox.body", row.body)["text"])
    return made


class Counted:
    """Counts the statements a database runs while it is open."""

    def __init__(self, play: Play) -> None:
        self._engine, self.statements = play.database.engine, []

    def __enter__(self) -> Counted:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_):  # type: ignore[no-untyped-def]
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT")):
            self.statements.append(statement)

    def __len__(self) -> int:
        return len(self.statements)
