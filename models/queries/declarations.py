"""Declarations of travel and contact (domain handbook 5.5): what was left off, and what was declared last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.tables import Declaration
from models.work import Work


@dataclass(frozen=True, slots=True)
class Declared:
    """One declaration, unsealed. body: the fields answered; one not in it was not asked."""

    id: int
    declared_at: datetime
    body: Mapping[str, Any]
    is_complete: bool


def last_of(work: Work, person_id: int, *, complete: bool, account_id: int | None = None) -> Declared | None:
    """The newest declaration for a person, completed or left off (by this account). One statement."""
    statement = select(Declaration.id, Declaration.declared_at, Declaration.body, Declaration.is_complete).where(
        Declaration.person_id == person_id, Declaration.is_complete == complete
    )
    if account_id is not None:
        statement = statement.where(Declaration.account_id == account_id)
    row = (
        work.flush().execute(statement.order_by(Declaration.declared_at.desc(), Declaration.id.desc()).limit(1)).first()
    )
    if row is None:
        return None
    return Declared(row.id, row.declared_at, work.vault.open_json("declarations.body", row.body), row.is_complete)
