"""Looking again at the moment of sending: is a push still of use?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from models.queries.receipts import answered_accounts
from models.rules.district import District
from models.rules.reach import COUNTED, Claimed, daily_limit
from models.tables import Alert, Binding, Enrolment, Outbox, PersonDay, Post, Report, Unit

REPORTED, FILED, UNBOUND, HANDLED = "已上报", "已报送", "已解绑", "已确认收到"
GONE, NOT_DUE, NOT_IN_CHARGE, ENOUGH = "已不在册", "当天不需要上报", "已不负责该单位", "当天提醒次数已满"
RECEIVED = "已回执或已撤回"


def no_longer_owed(
    connection: Connection,
    claimed: Sequence[Claimed],
    district: District,
    is_due: Callable[[Connection], Callable[[int, date], bool]] | None = None,
) -> dict[int, str]:
    """Push id → why it has lost its use. One statement a rule, however many pushes.

    is_due: the calendar, asked whether a unit's people still owe a report of the day.
    """
    dropped: dict[int, str] = {}
    by_rule: dict[str, list[Claimed]] = defaultdict(list)
    for push in claimed:
        if push.owed:
            by_rule[push.owed["rule"]].append(push)
    dropped |= _reported(connection, by_rule["unreported"])
    dropped |= _filed(connection, by_rule["report_open"])
    dropped |= _handled(connection, by_rule["unacknowledged"])
    dropped |= _received(connection, by_rule["receipt"])
    dropped |= _not_due(connection, by_rule["unreported"], is_due)
    dropped |= _not_in_charge(connection, [push for push in by_rule["report_open"] if push.relation == "self"])
    dropped |= _unbound(connection, [push for push in claimed if push.person_id is not None])
    dropped |= _heard_enough(connection, claimed, district)
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


def _not_due(
    connection: Connection,
    pushes: list[Claimed],
    is_due: Callable[[Connection], Callable[[int, date], bool]] | None,
) -> dict[int, str]:
    """Nobody of a push is on the roster that day any more, or their unit does not report that day after all."""
    if not pushes:
        return {}
    persons = {person for push in pushes if push.owed for person in push.owed["persons"]}
    rows = connection.execute(
        select(Enrolment.person_id, Enrolment.unit_id, Enrolment.from_date, Enrolment.to_date).where(
            Enrolment.person_id.in_(sorted(persons))
        )
    ).all()
    owes = is_due(connection) if is_due is not None else lambda _unit, _day: True
    dropped = {}
    for push in pushes:
        if push.owed is None:
            continue
        day, asked = date.fromisoformat(push.owed["day"]), set(push.owed["persons"])
        units = [
            row.unit_id
            for row in rows
            if row.person_id in asked and row.from_date <= day and (row.to_date is None or row.to_date > day)
        ]
        if not units:
            dropped[push.id] = GONE
        elif not any(owes(unit, day) for unit in units):
            dropped[push.id] = NOT_DUE
    return dropped


def _not_in_charge(connection: Connection, pushes: list[Claimed]) -> dict[int, str]:
    """A report is nagged for only with those who hold a post for its unit, or for one above it."""
    wanted = {push.owed["unit"] for push in pushes if push.owed and push.person_id is not None}
    if not wanted:
        return {}
    chains = {
        row.id: {row.id, row.grade_id, row.school_id}
        for row in connection.execute(select(Unit.id, Unit.grade_id, Unit.school_id).where(Unit.id.in_(sorted(wanted))))
    }
    held = connection.execute(
        select(Post.person_id, Post.unit_id, Unit.kind, Post.from_date, Post.to_date)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.person_id.in_(sorted({push.person_id for push in pushes if push.person_id is not None})))
    ).all()

    def is_in_charge(push: Claimed, unit: int, day: date) -> bool:
        return any(
            (post.kind == "district" or post.unit_id in chains.get(unit, set()))
            and post.from_date <= day
            and (post.to_date is None or post.to_date > day)
            for post in held
            if post.person_id == push.person_id
        )

    return {
        push.id: NOT_IN_CHARGE
        for push in pushes
        if push.owed
        and push.person_id is not None
        and not is_in_charge(push, push.owed["unit"], date.fromisoformat(push.owed["day"]))
    }


def _heard_enough(connection: Connection, claimed: Iterable[Claimed], district: District) -> dict[int, str]:
    """At most one prompt and a few reminders a day for each guardian, whoever asks for more."""
    counted = [push for push in claimed if push.relation == "guardian" and push.kind in COUNTED]
    if not counted:
        return {}
    days = [district.day_of(push.moment) for push in counted]
    begins = district.at(min(days), datetime.min.time())
    rows = connection.execute(
        select(Outbox.account_id, Outbox.kind, Outbox.moment).where(
            Outbox.account_id.in_(sorted({push.account_id for push in counted if push.account_id is not None})),
            Outbox.relation == "guardian",
            Outbox.kind.in_(sorted(COUNTED)),
            Outbox.state.in_(("sent", "unknown")),
            Outbox.moment >= begins,
            Outbox.moment < district.at(max(days) + timedelta(days=1), datetime.min.time()),
        )
    )
    heard: dict[tuple[int | None, date], Counter[str]] = defaultdict(Counter)
    for row in rows:
        heard[row.account_id, district.day_of(row.moment)][row.kind] += 1
    per_day = district.messages.per_guardian_day
    return {
        push.id: ENOUGH
        for push, day in zip(counted, days, strict=True)
        if daily_limit(heard[push.account_id, day], push.kind, per_day)
    }
