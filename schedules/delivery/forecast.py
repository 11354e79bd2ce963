"""What an occasion would come to, without sending anything: who, how many, by which rung, and who is not reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from models.queries.accounts import Reachable, reachable
from models.queries.sending import allowed
from models.rules.push import Push
from models.rules.reach import LIST, SMS, Claimed, Windows, platform_day
from schedules.delivery.channels import look
from schedules.delivery.context import House

_NOBODY = Reachable(None, None, Windows(), {}, None)


@dataclass(frozen=True, slots=True)
class Forecast:
    """pushes, people (accounts); rungs: first rung → pushes; reasons: why nobody is reached → pushes; segments of SMS."""

    pushes: int
    people: int
    rungs: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def texts(self) -> int:
        """Short messages that cost money."""
        return self.rungs[SMS]


def forecast(connection: Connection, house: House, pushes: Sequence[Push], now: datetime) -> Forecast:
    """Judge the pushes as they would be judged at their own moment. A few statements, however many pushes."""
    may = allowed(connection, platform_day(now))
    known = reachable(connection, [(push.account_id, push.person_id) for push in pushes])
    made = Forecast(len(pushes), len({push.account_id for push in pushes}))
    for push in pushes:
        account = known.get((push.account_id, push.person_id), _NOBODY)
        climb = look(house, _as_claimed(push, account), push.moment, may)
        made.rungs[climb.rungs[0] if climb.rungs else LIST] += 1
        if not climb.rungs:
            made.reasons[climb.told] += 1
    return made


def _as_claimed(push: Push, account: Reachable) -> Claimed:
    return Claimed(
        id=0,
        key=push.key,
        kind=push.kind,
        lane=push.lane,
        account_id=push.account_id,
        person_id=push.person_id,
        relation=push.relation,
        body=None,
        fields={},
        owed=None,
        moment=push.moment,
        expires_at=push.expires_at,
        attempts=0,
        created_at=push.moment,
        openid=account.openid,
        refused=account.refused,
        windows=account.windows,
        phone=account.phone,
        granted=account.granted,
    )
