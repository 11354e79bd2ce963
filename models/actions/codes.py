"""Making binding codes: secrets that say nothing about whom they are for."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from sqlalchemy import insert

from models.queries.roster import codes_in_use
from models.rules.binding import ALPHABET, LENGTH
from models.tables import BindingCode
from models.work import Row, Work


def new_code() -> str:
    """25⁸ possibilities, about 1.5 · 10¹¹: guessing is stopped by the lock-out long before."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def make_missing(work: Work, person_ids: Iterable[int], numbers: Mapping[int, str]) -> int:
    """Give a code to everybody who has none that serves; gives how many were made. Two statements.

    numbers: the roster's numbers, none of which (from 3 characters on) may show up inside its owner's code.
    """
    taken, served = codes_in_use(work.flush())
    rows: list[Row] = []
    for person_id in person_ids:
        if person_id in served:
            continue
        number = numbers.get(person_id, "").upper()
        while True:
            code = new_code()
            index = work.vault.index("binding_codes.code", code)
            if index not in taken and not (len(number) > 2 and number in code):
                break
        taken.add(index)
        rows.append(
            {
                "person_id": person_id,
                "code": work.vault.seal("binding_codes.code", code),
                "code_index": index,
                "made_at": work.now,
            }
        )
    if rows:
        work.connection.execute(insert(BindingCode), rows)
    return len(rows)
