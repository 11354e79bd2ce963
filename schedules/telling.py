"""Pushes to those who hold a post: one shape for reports, nudges and digests."""

from __future__ import annotations

from datetime import datetime

from models.queries.people import Holder
from models.rules.push import Lane, Owed, Push
from schedules.asking import useful_until
from schedules.job import Moment


def tell(
    moment: Moment,
    kind: str,
    key: str,
    holder: Holder,
    text: str,
    until: datetime,
    *,
    title: str,
    unit: str,
    note: str,
    report_of: int | None = None,
    lane: Lane = Lane.NUDGE,
    deadline: datetime | None = None,
) -> Push:
    """One push to a holder who can be reached (`account_id` is set). report_of: owed while that unit's report is.

    deadline: by when something is to be done, with its hour; without one the field shows the day.
    """
    assert holder.account_id is not None
    shown = moment.day.isoformat() if deadline is None else f"{moment.district.local(deadline):%Y-%m-%d %H:%M}"
    return Push(
        key=key,
        kind=kind,
        account_id=holder.account_id,
        body={"text": text},
        moment=moment.at,
        expires_at=useful_until(moment, until),
        lane=lane,
        person_id=holder.person_id,
        fields={"title": title, "unit": unit, "time": shown, "note": note},
        owed=None if report_of is None else Owed("report_open", moment.day, unit=report_of),
    )
