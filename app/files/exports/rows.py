"""Stored rows → cells, kind by kind: unsealed, in the district's zone, names in place of ids."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from app.process.runtime import Runtime
from models.queries import campaigns, exports
from models.queries import key_persons as register
from models.queries import receipts as standing
from models.queries.calendar import Calendar
from models.queries.calendar import load as load_calendar
from models.queries.due import due_by
from models.queries.figures.rows import report_rows
from models.queries.retention import kept_from
from models.queries.units import Units
from models.rules.check_in import SLOT, Health
from models.rules.organisation import BUREAU_DUTIES, SCHOOL_DUTIES

Cell = str | int | float | bool | None

#: Who reported, where it was not a person of the staff acting for another.
_REPORTERS = {"guardian": "家长", "self": "本人"}
#: The roster's own word for a role; of several, the first.
_TITLES = {duty.role: title for title, duty in reversed({**BUREAU_DUTIES, **SCHOOL_DUTIES}.items())}
#: What `error` says where the row itself has no reason (contract 10: non-empty unless queued or sent).
_STATUS_REASONS = {
    "dropped": "不再需要",
    "expired": "已过时效",
    "failed": "未发出",
    "unknown": "结果未知",
    "held": "数量过多，待批准",
}


@dataclass(slots=True, frozen=True)
class Span:
    """The days asked for, both included, and the moments at which they begin and end in the district."""

    first: date
    last: date
    begins: datetime
    ends: datetime


@dataclass
class Source:
    """What the rows of one export are read from: one reading transaction, one span of days."""

    runtime: Runtime
    connection: Connection
    first: date
    last: date

    @cached_property
    def units(self) -> Units:
        return self.runtime.units.get(self.connection)

    @cached_property
    def calendar(self) -> Calendar:
        return load_calendar(self.connection, self.runtime.district)

    @cached_property
    def span(self) -> Span:
        district = self.runtime.district
        return Span(self.first, self.last, district.end_of(self.first - timedelta(days=1)), district.end_of(self.last))

    def owes(self, unit_id: int, day: date) -> bool:
        """Whether the people of a unit are due to report on `day`."""
        return self.calendar.is_due(self.units, unit_id, day)

    def place(self, unit_id: int | None) -> tuple[str | None, str | None, str | None]:
        """School (or bureau), grade and class a unit stands for."""
        unit = self.units.get(unit_id)
        if unit is None:
            return None, None, None
        school = self.units.get(unit.school_id)
        grade = self.units.get(unit.grade_id)
        return (
            school.name if school else unit.name,
            grade.name if grade else None,
            unit.name if unit.kind == "class_unit" else None,
        )

    def moment(self, value: datetime | None) -> str | None:
        return None if value is None else self.runtime.district.local(value).isoformat(timespec="seconds")

    def opened(self, column: str, value: bytes | None) -> str | None:
        return None if value is None else self.runtime.vault.open(column, value)

    def opened_json(self, column: str, value: bytes | None) -> Any:
        return None if value is None else self.runtime.vault.open_json(column, value)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _joined(codes: Any) -> str | None:
    return "|".join(codes) or None


def check_ins(source: Source) -> Iterator[tuple[Cell, ...]]:
    """The newest revision of each person due, and one row for each of whom nothing is recorded."""
    first_kept = kept_from(source.connection)
    today = source.runtime.district.day_of(source.runtime.clock())
    for day in exports.days_between(source.first, source.last):
        owes: dict[int, bool] = {}
        # Where retention has been applied nobody can be called unreported any more, nor before the day has come.
        told = day >= first_kept and (day <= today or exports.anybody_reported(source.connection, day))
        for row in exports.check_ins_on(source.connection, day):
            if row.state is None:
                if row.unit_id not in owes:
                    owes[row.unit_id] = told and source.owes(row.unit_id, day)
                if not owes[row.unit_id]:
                    continue
                cells: tuple[Cell, ...] = ("unreported", *(None,) * 11)
            else:
                cells = _reported(source, row)
            yield (day.isoformat(), SLOT, *source.place(row.unit_id), row.kind, row.number, row.name, *cells)


def _reported(source: Source, row: Any) -> tuple[Cell, ...]:
    body = source.opened_json("check_ins.health", row.health)
    health = Health.from_json(body) if body is not None else Health()
    return (
        row.state,
        row.result or None,
        None if health.tenths is None else health.tenths / 10,
        _joined(f"{reading.tenths / 10:.1f}" for reading in health.readings),
        _joined(health.symptoms),
        _joined(health.household_symptoms),
        health.left_area,
        health.place or None,
        reporter_words(row.reporter, row.reporter_name),
        source.moment(row.sent_at),
        row.revision,
        source.opened("check_ins.raw", row.raw),
    )


def reporter_words(role: str | None, name: str | None) -> str | None:
    """Who reported, in words: 家长, 本人, or the colleague who did it for them."""
    if role is None:
        return None
    if role in _REPORTERS:
        return _REPORTERS[role]
    return f"{_TITLES.get(role, '工作人员')}{name or ''}"


def _reports(unit_kind: str) -> Callable[[Source], Iterator[tuple[Cell, ...]]]:
    def rows(source: Source) -> Iterator[tuple[Cell, ...]]:
        runtime = source.runtime
        due = due_by(source.calendar, source.units)
        for row in report_rows(
            source.connection,
            source.units,
            runtime.district,
            due,
            unit_kind,
            source.first,
            source.last,
            runtime.clock(),
        ):
            day, *cells, confirmed_at, on_time, version = astuple(row)
            yield _day(day), *cells, source.moment(confirmed_at), on_time, version

    return rows


def deliveries(source: Source) -> Iterator[tuple[Cell, ...]]:
    """Every push and its fate; a push in flight counts as queued."""
    span = source.span
    for row in exports.deliveries(source.connection, span.first, span.last, span.begins, span.ends):
        status = "queued" if row.state == "sending" else row.state
        error = row.error or (_STATUS_REASONS.get(status, "") if status not in {"queued", "sent"} else "")
        if error and row.errcode:
            error = f"{error}（errcode {row.errcode}）"
        yield (
            source.moment(row.created_at),
            row.kind,
            _recipient(row.name, row.relation),
            row.channel or None,
            status,
            row.attempts,
            source.moment(row.sent_at),
            None if status == "sent" else error or None,
        )


def _recipient(name: str | None, relation: str) -> str | None:
    if name is None:
        return None
    return f"{name}的家长" if relation == "guardian" else name


def alerts(source: Source) -> Iterator[tuple[Cell, ...]]:
    """What a human had to look at. facts: JSON; temperatures in tenths of °C."""
    for row in exports.alerts(source.connection, source.first, source.last):
        facts = source.opened_json("alerts.facts", row.facts)
        yield (
            source.moment(row.raised_at),
            row.code,
            row.level,
            row.name,
            *source.place(row.unit_id),
            facts if isinstance(facts, str) else json.dumps(facts, ensure_ascii=False),
            row.told or None,
            row.acknowledger,
            source.moment(row.acknowledged_at),
            row.outcome,
        )


def absences(source: Source) -> Iterator[tuple[Cell, ...]]:
    """Who was away, and why."""
    for row in exports.absences(source.connection, source.first, source.last):
        yield (
            _day(row.report_date),
            row.name,
            row.number,
            *source.place(row.unit_id),
            row.kind,
            source.opened("absences.reason", row.reason),
            _joined(source.opened_json("absences.symptoms", row.symptoms) or ()),
            _day(row.onset),
            row.explained_by or _REPORTERS.get(row.entered_role or ""),
            source.moment(row.followed_up_at),
            _day(row.returned_on),
        )


def audit(source: Source) -> Iterator[tuple[Cell, ...]]:
    """The trail."""
    for row in exports.audit(source.connection, source.span.begins, source.span.ends):
        yield source.moment(row.at), row.actor, row.action, row.object, row.detail or None


def receipts(source: Source) -> Iterator[tuple[Cell, ...]]:
    """Everybody of the audiences of publications that ran in these days; delivered_at as far as the platform says."""
    found = {one.id: one for one in campaigns.touched_between(source.connection, source.span.begins, source.span.ends)}
    for row in standing.standings(source.connection, found):
        campaign, facts = found[row.campaign_id], row.facts
        yield (
            campaign.title,
            campaign.kind,
            _recipient(row.name, "guardian" if row.role == "guardian" else "self"),
            row.role,
            *source.place(row.unit_id),
            source.moment(facts.delivered_at),
            source.moment(facts.opened_at),
            facts.watched_seconds if campaign.video_seconds else None,
            source.moment(facts.confirmed_at),
        )


def incidents(source: Source) -> Iterator[tuple[Cell, ...]]:
    """Every incident that was open at any time in these days. A cluster has no person; its place and rule stand for it."""
    for row in exports.incidents(source.connection, source.span.begins, source.span.ends):
        yield (
            row.id,
            source.moment(row.opened_at),
            row.name,
            *source.place(row.unit_id),
            _why(source, row),
            row.stage,
            source.moment(row.updated_at),
            source.moment(row.closed_at),
        )


#: What tells one incident of a reason from another, by its facts: the rule reached and the illness, the disease, the
#: words of whoever opened it.
_FACTS_OF = {"cluster": ("rule", "syndrome"), "disease": ("disease", "said"), "severe": ("said",), "other": ("said",)}


def _why(source: Source, row: Any) -> str:
    names = _FACTS_OF.get(row.reason, ())
    facts = source.runtime.vault.open_json("incidents.facts", row.facts) if names and row.facts is not None else {}
    return " ".join([row.reason, *(str(facts[name]) for name in names if facts.get(name))])


def key_persons(source: Source) -> Iterator[tuple[Cell, ...]]:
    """Who was followed up in these days, why, and since when. since: the first day on the list; until: the day it ended,
    else the first day on which release may be decided."""
    for row in register.rows_between(source.connection, source.runtime.vault, source.first, source.last):
        yield (
            row.name,
            *source.place(row.unit_id),
            f"{row.category} {row.reason}",
            row.place or None,
            _day(row.registered_on),
            _day(row.ended_on or row.until),
            _day(row.last_contact_on),
            row.state,
        )


ROWS: Mapping[str, Callable[[Source], Iterator[tuple[Cell, ...]]]] = {
    "checkins": check_ins,
    "class-reports": _reports("class_unit"),
    "grade-reports": _reports("grade"),
    "school-reports": _reports("school"),
    "incidents": incidents,
    "key-persons": key_persons,
    "alerts": alerts,
    "absences": absences,
    "receipts": receipts,
    "deliveries": deliveries,
    "audit": audit,
}
