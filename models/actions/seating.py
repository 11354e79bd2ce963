"""Where somebody sits or sleeps at school."""

from __future__ import annotations

from models.statements import insert
from models.tables import PersonPlace
from models.work import Work


def enter_place(
    work: Work,
    person_id: int,
    unit_id: int,
    kind: str,
    name: str,
    by: int,
    *,
    row: int | None = None,
    column: int | None = None,
) -> None:
    """Keep somebody's dormitory or seat; what was known of it before goes. One statement."""
    connection = work.flush()
    statement = insert(connection, PersonPlace)
    made = {
        "person_id": person_id,
        "kind": kind,
        "school_id": work.units[unit_id].school_id,
        "unit_id": unit_id,
        "name": name,
        "seat_row": row,
        "seat_column": column,
        "entered_by": by,
        "entered_at": work.now,
    }
    keys = ("person_id", "kind")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=keys, set_={key: statement.excluded[key] for key in made if key not in keys}
        ),
        made,
    )
