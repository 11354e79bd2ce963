"""Looking again at the moment of sending: is a push still of use?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from models.queries.campaigns import answered_accounts
from models.rules.reach import Claimed
from models.tables import Alert, Binding, PersonDay, Report

REPORTED, FILED, UNBOUND, HANDLED = "已上报", "已报送", "已解绑", "已确认收到"
RECEIVED = "已回执或已撤回"


def no_longer_owed(connection: Connection, claimed: Iterable[Claimed]) -> dict[int, str]:
    """Push id → why it has lost its use. One statement a rule, however many pushes."""
    dropped: dict[int, str] = {}
    by_rule: dict[str, list[Claimed]] = defaultdict(list)
    for push in claimed:
        if push.owed:
            by_rule[push.owed["rule"]].append(push)
    dropped |= _reported(connection, by_rule["unreported"])
    dropped |= _filed(connection, by_rule["report_open"])
    dropped |= _handled(connection, by_rule["unacknowledged"])
    dropped |= _received(connection, by_rule["receipt"])
    dropped |= _unbound(connection, [push for push in claimed if push.person_id is not None])
    return dropped


def _reported(connection: Connection, pushes: list[Claimed]) -> dict[int, str]:
    if not pushes:
        return {}
    days = {date.fromisoformat(push.owed["day"]) for push in pushes if push.owed}
    persons = {person for push in pushes if push.owed for person in push.owed["persons"]}
    rows = connection.execute(
        select(PersonDay.person_id, PersonDay.report_date).where(
            PersonDay.person_id.in_(sorted(persons)), PersonDay.report_date.in_(sorted(days))
        )
    )
    done = {(row.person_id, row.report_date.isoformat()) for row in rows}
    return {
        push.id: REPORTED
        for push in pushes
        if push.owed and all((person, push.owed["day"]) in done for person in push.owed["persons"])
    }


def _received(connection: Connection, pushes: list[Claimed]) -> dict[int, str]:
    if not pushes:
        return {}
    pairs = {push.id: (int(push.owed["campaign"]), push.account_id) for push in pushes if push.owed and push.account_id}
    done = answered_accounts(connection, pairs.values())
    return {push_id: RECEIVED for push_id, pair in pairs.items() if pair in done}


def _filed(connection: Connection, pushes: list[Claimed]) -> dict[int, str]:
    if not pushes:
        return {}
    rows = connection.execute(
        select(Report.unit_id, Report.report_date).where(
            Report.unit_id.in_(sorted({push.owed["unit"] for push in pushes if push.owed})),
            Report.status.in_(("submitted", "accepted", "amended", "locked")),
        )
    )
    done = {(row.unit_id, row.report_date.isoformat()) for row in rows}
    return {push.id: FILED for push in pushes if push.owed and (push.owed["unit"], push.owed["day"]) in done}


def _handled(connection: Connection, pushes: list[Claimed]) -> dict[int, str]:
    if not pushes:
        return {}
    rows = connection.execute(
        select(Alert.id).where(
            Alert.id.in_(sorted({push.owed["alert"] for push in pushes if push.owed})),
            Alert.acknowledged_at.is_not(None),
        )
    )
    done = {row.id for row in rows}
    return {push.id: HANDLED for push in pushes if push.owed and push.owed["alert"] in done}


def _unbound(connection: Connection, pushes: list[Claimed]) -> dict[int, str]:
    """A push goes to an account because of a person; when it no longer speaks for them, it hears nothing of them."""
    if not pushes:
        return {}
    rows = connection.execute(
        select(Binding.account_id, Binding.person_id).where(
            Binding.account_id.in_(sorted({push.account_id for push in pushes if push.account_id is not None})),
            Binding.ended_at.is_(None),
        )
    )
    bound = {(row.account_id, row.person_id) for row in rows}
    return {push.id: UNBOUND for push in pushes if (push.account_id, push.person_id) not in bound}
