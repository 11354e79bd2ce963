"""Keeping who rang a family that was not heard, and what came of it (domain handbook 7.1)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert

from models.actions.trail import note
from models.tables import Call
from models.work import Work


def log_call(work: Work, person_id: int, day: date, by: int, outcome: str, text: str, at: datetime) -> None:
    """One call. outcome: reached or unreached; text: what was said of it, sealed. Nothing is overwritten."""
    work.flush().execute(
        insert(Call).values(
            person_id=person_id,
            report_date=day,
            at=at,
            by_person_id=by,
            outcome=outcome,
            note=work.vault.seal("calls.note", text) if text else None,
        )
    )
    note(work, f"person:{by}", "family-called", f"person:{person_id}:{day}", outcome)
