"""Pushes that gather what happens until they are sent: one message a day instead of one a deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from models.actions.outbox import owe
from models.rules.push import Push
from models.tables import Outbox
from models.work import Work


def owe_merged(work: Work, push: Push, about: int, worded: Callable[[Sequence[int]], Mapping[str, Any]]) -> bool:
    """Put `about` (an id) into the push with this key; it is made if it is not there. False: it is on its way already.

    worded: the body for all the ids gathered so far. Three statements.
    """
    owe(work, replace(push, body={**worded([]), "about": []}))
    connection = work.flush()
    row = connection.execute(select(Outbox.state, Outbox.body).where(Outbox.key == push.key).with_for_update()).one()
    if row.state != "queued" or row.body is None:
        return False
    gathered = list(dict.fromkeys([*work.vault.open_json("outbox.body", row.body)["about"], about]))
    body = {**worded(gathered), "about": gathered}
    connection.execute(
        update(Outbox).where(Outbox.key == push.key).values(body=work.vault.seal_json("outbox.body", body))
    )
    return True
