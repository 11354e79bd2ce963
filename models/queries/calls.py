"""Who was rung on a day, by whom, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from models.statements import values
from models.tables import Call, Person
from models.vault import Vault


@dataclass(frozen=True, slots=True)
class CallMade:
    """The last call about one person that day. by: who rang; outcome: reached or unreached."""

    person_id: int
    at: datetime
    by: str
    outcome: str
    note: str


def calls_on(
    connection: Connection, vault: Vault, day: date, person_ids: Iterable[int] | None = None
) -> dict[int, CallMade]:
    """The last call of `day` about each of these people (None: about anybody). One statement."""
    statement = (
        select(Call.person_id, Call.at, Person.name, Call.outcome, Call.note)
        .outerjoin(Person, Person.id == Call.by_person_id)
        .where(Call.report_date == day)
        .order_by(Call.at, Call.id)
    )
    if person_ids is not None:
        statement = statement.where(Call.person_id.in_(sorted(set(person_ids))))
    found = {}
    for row in connection.execute(statement):
        person_id, at, by, outcome, sealed = values(row)
        found[person_id] = CallMade(
            person_id, at, by or "", outcome, vault.open("calls.note", sealed) if sealed else ""
        )
    return found
