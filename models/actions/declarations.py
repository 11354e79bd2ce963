"""Keeping declarations of travel and contact: each answer as it comes, so that one left off can be taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, update

from models.actions.trail import note
from models.queries.declarations import Declared
from models.tables import Declaration, Person
from models.work import Work


def begin(work: Work, person_id: int, declared_by: str, account_id: int) -> int:
    """A new, empty declaration; what this account had left off for the person before is dropped. Two statements."""
    connection = work.flush()
    connection.execute(
        delete(Declaration).where(
            Declaration.person_id == person_id,
            Declaration.account_id == account_id,
            Declaration.is_complete.is_(False),
        )
    )
    made: int = connection.execute(
        insert(Declaration)
        .values(
            person_id=person_id,
            declared_at=work.now,
            declared_by=declared_by,
            account_id=account_id,
            body=work.vault.seal_json("declarations.body", {}),
            is_complete=False,
        )
        .returning(Declaration.id)
    ).scalar_one()
    return made


def complete(work: Work, person_id: int, declaration_id: int, body: Mapping[str, Any], day: date) -> bool:
    """It is declared; gives whether it was still open. Two statements."""
    if not keep(work, declaration_id, body, complete=True):
        return False
    _declared(work, person_id, day)
    return True


def confirm(work: Work, person_id: int, declared_by: str, account_id: int, known: Declared, day: date) -> None:
    """What was declared last is still so. It becomes a declaration of its own, which names the one it rests on."""
    number = begin(work, person_id, declared_by, account_id)
    complete(work, person_id, number, {**known.body, "declared_by": declared_by, "unchanged": known.id}, day)


def _declared(work: Work, person_id: int, day: date) -> None:
    work.connection.execute(update(Person).where(Person.id == person_id).values(declared_on=day))


def keep(work: Work, declaration_id: int, body: Mapping[str, Any], *, complete: bool = False) -> bool:
    """Keep the answers so far; gives whether it was still open. One statement."""
    done = work.flush().execute(
        update(Declaration)
        .where(Declaration.id == declaration_id, Declaration.is_complete.is_(False))
        .values(body=work.vault.seal_json("declarations.body", dict(body)), declared_at=work.now, is_complete=complete)
    )
    if complete and done.rowcount:
        note(work, "declaration", "declaration.complete", f"declaration:{declaration_id}")
    return bool(done.rowcount)
