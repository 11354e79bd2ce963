"""What people allow by subscription message, kept from the platform's events (wechat-platform 1.4, 7.1)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete

from models.statements import insert
from models.tables import Grant
from models.work import Work


def accept(work: Work, account_id: int, templates: Iterable[str]) -> None:
    """One more message of each of these templates; a one-time grant is used up by sending."""
    connection = work.flush()
    for template in sorted(set(templates)):
        connection.execute(
            insert(connection, Grant)
            .values(account_id=account_id, template_id=template[:64], remaining=1)
            .on_conflict_do_update(
                index_elements=("account_id", "template_id"), set_={"remaining": Grant.remaining + 1}
            )
        )


def withdraw(work: Work, account_id: int, templates: Iterable[str]) -> None:
    """The person refuses these templates from now on."""
    wanted = sorted({template[:64] for template in templates})
    if wanted:
        work.flush().execute(delete(Grant).where(Grant.account_id == account_id, Grant.template_id.in_(wanted)))
