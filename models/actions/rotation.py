"""Finishing a change of SECRET_KEY: what is sealed under an older key is sealed again under the newest.

Every binary column holds a sealed value named after itself ("table.column"), except digests: a column called `x_index`
is the keyed digest of the value sealed in `x`, and the inbox's key, which is forgotten within days anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, bindparam, select, tuple_, update

from models.tables import Base
from models.vault import Vault

#: Rows of one transaction: short enough that nobody waits for it.
SLICE = 500


def sealed_columns() -> list[tuple[Table, list[Column[Any]]]]:
    """The tables that hold sealed values, and which columns those are."""
    found = []
    for table in Base.metadata.sorted_tables:
        columns = [
            column
            for column in table.columns
            if isinstance(column.type, LargeBinary) and not column.primary_key and not column.name.endswith("_index")
        ]
        if columns:
            found.append((table, columns))
    return found


def reseal_slice(
    connection: Connection, vault: Vault, table: Table, columns: list[Column[Any]], after: tuple[Any, ...] | None
) -> tuple[int, tuple[Any, ...] | None]:
    """One slice of a table, behind the key `after`; gives how many rows changed and the last key (None: the end).

    Raises SealBroken where a value is under a key we no longer have.
    """
    keys = list(table.primary_key.columns)
    statement = select(*keys, *columns).order_by(*keys).limit(SLICE)
    if after is not None:
        statement = statement.where(tuple_(*keys) > tuple_(*after))
    rows = connection.execute(statement.with_for_update()).all()
    changed = 0
    for row in rows:
        new = dict(_renewed(vault, table, columns, row))
        if new:
            changed += 1
            where = [key == bindparam(f"the_{key.name}", row._mapping[key]) for key in keys]
            connection.execute(update(table).where(*where).values(new))
    last = tuple(rows[-1]._mapping[key] for key in keys) if len(rows) == SLICE else None
    return changed, last


def _renewed(vault: Vault, table: Table, columns: list[Column[Any]], row: Any) -> Iterator[tuple[str, Any]]:
    for column in columns:
        sealed = row._mapping[column]
        if sealed is None or vault.is_current(sealed):
            continue
        purpose = f"{table.name}.{column.name}"
        value = vault.open(purpose, sealed)
        yield column.name, vault.seal(purpose, value)
        if f"{column.name}_index" in table.columns:
            yield f"{column.name}_index", vault.index(purpose, value)
