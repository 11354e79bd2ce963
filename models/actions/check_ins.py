"""Recording what was reported: a new revision, the person's day, and the running count of the unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from models.queries.days import Day, day_of
from models.rules.check_in import (
    COUNTS,
    SLOT,
    Health,
    contribution,
    difference,
    marks_of,
    merge,
    result_of,
    says_more,
    state_of,
)
from models.statements import Bulk
from models.tables import CheckIn, PersonDay, UnitDay
from models.vault import to_json
from models.work import Row, Work


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer for one person. sent_at, msg_id: of the message; raw: the message, unchanged.

    reporter: guardian, self, head_teacher …; correction: the readings replace the earlier ones; whole: `health` is all
    that holds from now on (an answer was withdrawn and the one before it is restored). written: `health` as JSON, where
    the caller has it.
    """

    person_id: int
    person_kind: str
    unit_id: int
    day: date
    health: Health
    raw: str
    reporter: str
    sent_at: datetime
    msg_id: int = 0
    account_id: int | None = None
    reporter_person_id: int | None = None
    correction: bool = False
    whole: bool = False
    written: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of an entry. changed False: it repeated what is recorded and made no revision.

    before: as the day stood (revision 0: open); after: as it stands; newest False: an older message came late, it is
    kept as a revision and counts for nothing. result_before: the result class before ("" when open).
    """

    changed: bool
    newest: bool
    day: Day
    health_before: Health | None
    result_before: str
    state_before: str


def record(work: Work, entry: Entry) -> Recorded:
    """Keep `entry` as a new revision of its person's day; the newest (later CreateTime, then larger MsgId) counts."""
    day = day_of(work, entry.person_id, entry.unit_id, entry.day)
    health_before, result_before, state_before = day.health, day.result, day.state
    if not entry.whole and not says_more(day.health, entry.health, correction=entry.correction):
        return Recorded(False, True, day, health_before, result_before, state_before)

    newest = day.newest_sent_at is None or (entry.sent_at, entry.msg_id) >= (day.newest_sent_at, day.newest_msg_id)
    health = entry.health
    if newest and not entry.whole:
        health = merge(day.health, entry.health, correction=entry.correction)
    bare = bool(entry.written) and health is entry.health
    revision = day.revisions + 1
    work.later(
        10,
        "check_ins",
        _insert_check_ins,
        {
            "person_id": entry.person_id,
            "report_date": entry.day,
            "slot": SLOT,
            "revision": revision,
            "health": work.vault.seal("check_ins.health", entry.written if bare else to_json(health.to_json())),
            "raw": work.vault.seal("check_ins.raw", entry.raw),
            "reporter": entry.reporter,
            "reporter_account_id": entry.account_id,
            "reporter_person_id": entry.reporter_person_id,
            "sent_at": entry.sent_at,
            "msg_id": entry.msg_id,
            "received_at": work.now,
        },
    )
    old = contribution(day.state, day.marks) if day.revision else {}
    if newest:
        day.health, day.revision = health, revision
        day.newest_sent_at, day.newest_msg_id = entry.sent_at, entry.msg_id
        day.reporter, day.reporter_account_id = entry.reporter, entry.account_id
        day.reporter_person_id = entry.reporter_person_id
        day.result = result_of(health, work.district.disease)
        day.marks = marks_of(health, work.district.disease)
    day.revisions = revision
    if day.first_sent_at is None or entry.sent_at < day.first_sent_at:
        day.first_sent_at = entry.sent_at
    # The first report's time decides timeliness; a later correction does not make a day late.
    day.state = state_of(day.first_sent_at, entry.day, work.district)
    work.later(20, "person_days", _upsert_person_days, {"day": day})
    count(work, day.unit_id, entry.day, entry.person_kind, old, contribution(day.state, day.marks))
    return Recorded(True, newest, day, health_before, result_before, state_before)


def count(work: Work, unit_id: int, day: date, kind: str, old: Mapping[str, int], new: Mapping[str, int]) -> None:
    """Move a unit's running count from one contribution to another."""
    change = difference(old, new)
    if change:
        work.later(30, "unit_days", _add_to_unit_days, {"place": (unit_id, day, SLOT, kind), "change": change})


def _day_row(day: Day) -> Row:
    return {
        "person_id": day.person_id,
        "report_date": day.report_date,
        "slot": day.slot,
        "unit_id": day.unit_id,
        "state": day.state,
        "result": day.result,
        "marks": ",".join(sorted(day.marks)) if day.marks else "",
        "revision": day.revision,
        "revisions": day.revisions,
        "newest_sent_at": day.newest_sent_at,
        "newest_msg_id": day.newest_msg_id,
        "first_sent_at": day.first_sent_at,
    }


_DAY_KEYS = ("person_id", "report_date", "slot")
_DAY_COLUMNS = tuple(column.name for column in PersonDay.__table__.columns)
_CHECK_INS = Bulk(CheckIn, [column.name for column in CheckIn.__table__.columns])
_PERSON_DAYS = Bulk(
    PersonDay,
    _DAY_COLUMNS,
    lambda made: made.on_conflict_do_update(
        index_elements=_DAY_KEYS, set_={name: made.excluded[name] for name in _DAY_COLUMNS if name not in _DAY_KEYS}
    ),
)
_UNIT_DAYS = Bulk(
    UnitDay,
    ("unit_id", "report_date", "slot", "kind", *COUNTS),
    lambda made: made.on_conflict_do_update(
        index_elements=("unit_id", "report_date", "slot", "kind"),
        set_={name: getattr(UnitDay, name) + made.excluded[name] for name in COUNTS},
    ),
)


def _insert_check_ins(connection: Connection, rows: list[Row]) -> None:
    _CHECK_INS(connection, rows)


def _upsert_person_days(connection: Connection, rows: list[Row]) -> None:
    days: dict[tuple[int, date, str], Day] = {}
    for row in rows:  # what a day has become counts, however often it changed
        day: Day = row["day"]
        days[day.person_id, day.report_date, day.slot] = day
    _PERSON_DAYS(connection, [_day_row(days[key]) for key in sorted(days)])


def _add_to_unit_days(connection: Connection, rows: list[Row]) -> None:
    sums: dict[tuple[Any, ...], dict[str, int]] = {}
    for row in rows:
        added = sums.setdefault(row["place"], dict.fromkeys(COUNTS, 0))
        for name, change in row["change"].items():
            added[name] += change
    # In the order of the units' ids, so that two batches never wait for each other crosswise.
    _UNIT_DAYS(
        connection,
        [
            {"unit_id": unit, "report_date": day, "slot": slot, "kind": kind, **added}
            for (unit, day, slot, kind), added in sorted(sums.items(), key=lambda item: item[0])
        ],
    )
