"""Signing, returning and re-opening the daily reports of units (domain handbook 6.5, 6.6; contract 10).

A report belongs to the unit and the day. Its figures are derived, never typed; what a person adds is the signature, and
only a signature makes a zero. Who signs holds the counters of the unit first, so that an answer that comes in the same
second is either in the figures or finds the signature and opens it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, update
from sqlalchemy import insert as plain_insert

from models.actions.outbox import owe_all
from models.actions.trail import note
from models.queries.due import due_of
from models.queries.figures.unit import figures_of
from models.queries.people import recipients_of
from models.queries.reports import SELECT, SIGNED, ReportInfo, deadline_of, info
from models.queries.units import UnitInfo
from models.rules.check_in import COUNTS, SLOT
from models.rules.figures import Figures, Finding, may_be_zero, validate, validate_day, zero_kind
from models.rules.push import Push
from models.statements import Bulk, Question
from models.tables import Report, ReportVersion, UnitDay
from models.work import Row, Work


@dataclass(frozen=True, slots=True)
class Filed:
    """What came of signing. outcome: filed; already (somebody has signed these figures: `report` says who);
    blocked (`findings` say what does not fit)."""

    outcome: str
    report: ReportInfo
    figures: Figures
    findings: tuple[Finding, ...] = ()


def file(work: Work, unit: UnitInfo, day: date, person_id: int, capacity: str, at: datetime) -> Filed:
    """Sign the report of `unit` as its figures stand now. at: when the signer said so, by the message's own time.

    The first signature of a day decides whether it was on time. After the lock a first signature is an amendment.
    """
    report = _hold(work, unit, day)
    below = [child.id for child in work.units.children(unit.id)]
    parts = figures_of(work.connection, work.units, [unit.id, *below], day, due_of(work))
    figures = parts[unit.id]
    if unit.kind == "class_unit":
        figures = replace(figures, classes_filed=figures.classes)  # by this very signature
    if report.is_signed and report.signed_figures == figures.to_json():
        return Filed("already", report, figures)
    told = validate_day(day, work.district.day_of(at), work.district.disease.backfill_days)
    told += validate(figures, children=[parts[child] for child in below] if below else None)
    findings = tuple(finding for finding in told if finding.blocks)
    if findings:
        return Filed("blocked", report, figures, findings)
    locked = report.status in {"locked", "missing", "amended"} or at > work.district.at(day, work.district.times.lock)
    kind = zero_kind(figures, unit.kind, work.district.reporting)
    changed: Row = {
        "status": "amended" if locked else "submitted",
        "version": report.version + 1,
        "is_zero": bool(kind),
        "zero_kind": kind,
        "figures": figures.to_json(),
        "first_filed_at": report.first_filed_at or at,
        "confirmed_at": at,
        "confirmed_by": person_id,
        "capacity": capacity,
        "accepted_by": None,
        "accepted_at": None,
        "on_time": report.on_time if report.was_filed else at <= deadline_of(work.district, unit, day),
        "reason": None,
        "cosigned_by": None,
        "cosigned_at": None,
    }
    _change(work.connection, unit.id, day, changed)
    _keep_version(work.connection, unit.id, day, changed, person_id, capacity, at)
    accept_below(work, unit, day, person_id, at)
    note(work, f"person:{person_id}", "report-signed", f"unit:{unit.id}:{day}", capacity)
    return Filed("filed", _read(work.connection, unit.id, day), figures)


def cosign(work: Work, unit: UnitInfo, day: date, person_id: int, at: datetime) -> ReportInfo | None:
    """The principal's name beside the reporter's, under the report as it is signed; None where there is nothing to sign
    beside, or somebody has."""
    report = _hold(work, unit, day)
    if not report.is_signed or report.cosigned_at is not None:
        return None
    _change(work.connection, unit.id, day, {"cosigned_by": person_id, "cosigned_at": at})
    note(work, f"person:{person_id}", "report-cosigned", f"unit:{unit.id}:{day}", f"version {report.version}")
    return _read(work.connection, unit.id, day)


def accept_below(work: Work, unit: UnitInfo, day: date, person_id: int, at: datetime) -> None:
    """Signing a level takes up what was signed below it. One statement; nothing below waits for it."""
    below = [lower.id for lower in work.units.within(unit.id) if lower.id != unit.id]
    if below:
        work.connection.execute(
            update(Report)
            .where(Report.unit_id.in_(below), Report.report_date == day, Report.slot == SLOT)
            .where(Report.status == "submitted")
            .values(status="accepted", accepted_by=person_id, accepted_at=at)
        )


def review(work: Work, school: UnitInfo, day: date, person_id: int, at: datetime) -> int:
    """The academic office takes up the grades' reports and the table of staff; gives how many grades are signed."""
    connection = work.flush()
    grades = [unit for unit in work.units.children(school.id) if unit.kind == "grade"]
    accept_below(work, school, day, person_id, at)
    note(work, f"person:{person_id}", "office-reviewed", f"unit:{school.id}:{day}")
    rows = connection.execute(
        SELECT.where(Report.unit_id.in_([grade.id for grade in grades]), Report.report_date == day)
    ).all()
    return sum(info(row).is_signed for row in rows)


def send_back(work: Work, unit: UnitInfo, day: date, person_id: int, reason: str, at: datetime) -> ReportInfo | None:
    """Return a signed report to its unit with a reason; None when nothing signed is there, or the day is locked.

    The first filing keeps deciding timeliness; a zero that was returned is none until somebody signs again.
    """
    report = _hold(work, unit, day)
    if report.status not in {"submitted", "accepted"}:
        return None
    changed: Row = {
        "status": "returned",
        "version": report.version + 1,
        "is_zero": False,
        "zero_kind": "",
        "reason": reason[:64],
    }
    _change(work.connection, unit.id, day, changed)
    _keep_version(work.connection, unit.id, day, changed | {"figures": report.signed_figures}, person_id, "", at)
    note(work, f"person:{person_id}", "report-returned", f"unit:{unit.id}:{day}", reason)
    return _read(work.connection, unit.id, day)


def remark(work: Work, unit: UnitInfo, day: date, person_id: int, text: str) -> ReportInfo:
    """Add a sentence to a unit's report (sealed); earlier sentences stay."""
    report = _hold(work, unit, day)
    before = [work.vault.open("reports.remark", report.remark)] if report.remark else []
    sealed = work.vault.seal("reports.remark", "\n".join([*before, text])[:2000])
    _change(work.connection, unit.id, day, {"remark": sealed})
    note(work, f"person:{person_id}", "report-remark", f"unit:{unit.id}:{day}")
    return _read(work.connection, unit.id, day)


# -- after the signature --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reopened:
    """One signed report that an answer has changed. changes: figure → (as signed, as it is now).

    accounts: of those who signed it or took it up. status: draft, or amended after the lock.
    """

    unit: UnitInfo
    day: date
    status: str
    version: int
    changes: Mapping[str, tuple[int, int]]
    accounts: tuple[tuple[int, int], ...]  # (account, person)
    at: datetime


#: Makes the messages that tell the signers; the wording is the caller's.
Tell = Callable[[Reopened], Sequence[Push]]


def reopen(
    work: Work, unit_id: int, kind: str, day: date, changes: Mapping[str, int], at: datetime, tell: Tell
) -> None:
    """A person's day of `unit_id` has changed by `changes` (figure → difference): whatever was signed is opened again.

    kind: student or staff. The reports of the unit, its grade and its school go back to draft, or become amended after
    the lock, and those who signed are told. Done with the batch, after its counters: one question for all of it.
    """
    if any(changes.values()):
        work.later(
            40,
            "reopened",
            _reopen,
            {"work": work, "unit": unit_id, "kind": kind, "day": day, "changes": dict(changes), "at": at, "tell": tell},
        )


_SIGNED = Question(
    lambda among: (
        SELECT.where(
            among(Report.unit_id, "units"),
            among(Report.report_date, "days"),
            or_(Report.status.in_(sorted(SIGNED)), Report.is_zero),
        )
        .order_by(Report.unit_id)
        .with_for_update(of=Report)
    )
)


def _reopen(connection: Connection, rows: list[Row]) -> Callable[[], None]:
    work: Work = rows[0]["work"]
    sums: dict[tuple[int, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    moments: dict[tuple[int, date], tuple[datetime, Tell]] = {}
    for row in rows:
        unit = work.units.get(row["unit"])
        for place in {row["unit"], unit.grade_id, unit.school_id} - {None} if unit else ():
            moments[place, row["day"]] = row["at"], row["tell"]
            for name, change in row["changes"].items():
                sums[place, row["day"]][f"staff_{name}" if row["kind"] == "staff" else name] += change
    places = {"units": sorted({unit_id for unit_id, _ in sums}), "days": sorted({day for _, day in sums})}
    asked = _SIGNED.ask(connection, **places)
    return lambda: _open_all(work, connection, [info(row) for row in asked()], sums, moments)


def _open_all(
    work: Work,
    connection: Connection,
    signed: Sequence[ReportInfo],
    sums: Mapping[tuple[int, date], Mapping[str, int]],
    moments: Mapping[tuple[int, date], tuple[datetime, Tell]],
) -> None:
    opened: list[tuple[ReportInfo, Reopened, Tell]] = []
    for report in signed:
        place = report.unit_id, report.report_date
        changes = {name: change for name, change in sums.get(place, {}).items() if change}
        before, after = report.figures, report.figures.plus(changes)
        shown = {name: (getattr(before, name), getattr(after, name)) for name in changes if hasattr(before, name)}
        if not report.is_signed:
            _end_zero(work, connection, report, after)
        elif shown:
            at, tell = moments[place]
            opened.append((report, _open_again(work, connection, report, after, shown, at), tell))
    if opened:
        _tell(work, connection, opened)


def _open_again(
    work: Work,
    connection: Connection,
    report: ReportInfo,
    after: Figures,
    shown: Mapping[str, tuple[int, int]],
    at: datetime,
) -> Reopened:
    unit, day = work.units[report.unit_id], report.report_date
    locked = report.status in {"locked", "amended"} or at > work.district.at(day, work.district.times.lock)
    # Nobody's yes made it a zero, so a change may end one and never make one, nor give one back.
    still_zero = report.is_zero and may_be_zero(after, unit.kind, work.district.reporting)
    if not locked:
        changed: Row = {"status": "draft", "reason": "changed"}
        if not still_zero:
            changed |= {"is_zero": False, "zero_kind": ""}
        version = report.version
    else:
        version = report.version + 1
        changed = {
            "status": "amended",
            "version": version,
            "figures": after.to_json(),
            "is_zero": still_zero,
            "zero_kind": report.zero_kind if still_zero else "",
            "reason": "changed",
        }
        _keep_version(connection, report.unit_id, day, changed, None, "", at)
    _change(connection, report.unit_id, day, changed)
    return Reopened(unit, day, str(changed["status"]), version, shown, (), at)


def _end_zero(work: Work, connection: Connection, report: ReportInfo, after: Figures) -> None:
    """What was opened again and still counts as the zero that was signed: a fever ends it, and only a yes brings it
    back."""
    if not may_be_zero(after, work.units[report.unit_id].kind, work.district.reporting):
        _change(connection, report.unit_id, report.report_date, {"is_zero": False, "zero_kind": ""})


def _tell(work: Work, connection: Connection, opened: list[tuple[ReportInfo, Reopened, Tell]]) -> None:
    signers = {person for report, _, _ in opened for person in (report.confirmed_by, report.accepted_by) if person}
    accounts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for recipient in recipients_of(connection, signers):
        if recipient.relation == "self":
            accounts[recipient.person_id].append((recipient.account_id, recipient.person_id))
    pushes: list[Push] = []
    for report, change, tell in opened:
        people = dict.fromkeys(person for person in (report.confirmed_by, report.accepted_by) if person)
        reached = tuple(place for person in people for place in accounts[person])
        pushes += tell(
            Reopened(change.unit, change.day, change.status, change.version, change.changes, reached, change.at)
        )
    owe_all(work, pushes)


# -- rows -------------------------------------------------------------------------------------------------------------


_ZEROS = dict.fromkeys(COUNTS, 0)
#: Holds counters by writing them as they are; those nobody has counted in yet begin at nothing.
_HELD = Bulk(
    UnitDay,
    ("unit_id", "report_date", "slot", "kind", *COUNTS),
    lambda made: made.on_conflict_do_update(
        index_elements=("unit_id", "report_date", "slot", "kind"), set_={"reported": UnitDay.reported}
    ),
)
_BEGUN = Bulk(
    Report,
    ("unit_id", "report_date", "slot", "status", "version", "is_zero", "zero_kind", "capacity"),
    lambda made: made.on_conflict_do_nothing(index_elements=("unit_id", "report_date", "slot")),
)
_PLACE = (Report.unit_id == bindparam("unit"), Report.report_date == bindparam("day"))
_ONE = Question(lambda _: SELECT.where(*_PLACE))
_LOCKED = Question(lambda _: SELECT.where(*_PLACE).with_for_update(of=Report))


def _hold(work: Work, unit: UnitInfo, day: date) -> ReportInfo:
    """Hold the counters of everything in `unit`, then its report, until the batch is committed; gives the report.

    In the order of the units' ids, the same in which answers take them.
    """
    connection = work.flush()
    places = []
    for lower in sorted(work.units.within(unit.id), key=lambda one: one.id):
        kind = "student" if lower.kind == "class_unit" else "staff"
        places.append({"unit_id": lower.id, "report_date": day, "slot": SLOT, "kind": kind, **_ZEROS})
    _HELD(connection, places)
    empty = {
        "unit_id": unit.id,
        "report_date": day,
        "slot": SLOT,
        "status": "draft",
        "version": 0,
        "is_zero": False,
        "zero_kind": "",
        "capacity": "",
    }
    _BEGUN(connection, [empty])
    return info(_LOCKED(connection, unit=unit.id, day=day)[0])


def _read(connection: Connection, unit_id: int, day: date) -> ReportInfo:
    return info(_ONE(connection, unit=unit_id, day=day)[0])


def _change(connection: Connection, unit_id: int, day: date, changed: Mapping[str, Any]) -> None:
    connection.execute(
        update(Report)
        .where(Report.unit_id == unit_id, Report.report_date == day, Report.slot == SLOT)
        .values(dict(changed))
    )


def _keep_version(
    connection: Connection,
    unit_id: int,
    day: date,
    changed: Mapping[str, Any],
    person_id: int | None,
    capacity: str,
    at: datetime,
) -> None:
    connection.execute(
        plain_insert(ReportVersion),
        {
            "unit_id": unit_id,
            "report_date": day,
            "slot": SLOT,
            "version": changed["version"],
            "status": changed["status"],
            "is_zero": changed["is_zero"],
            "zero_kind": changed["zero_kind"],
            "figures": changed["figures"],
            "by_person_id": person_id,
            "capacity": capacity,
            "at": at,
            "reason": changed.get("reason"),
        },
    )
