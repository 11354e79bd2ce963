"""From stored rows to the lines of a sheet: words only, nothing left to decide for those who draw it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from sqlalchemy import Connection

from app.files.exports.rows import reporter_words
from app.process.runtime import Runtime
from bots.wording.health import METHODS, journey, statements, symptoms
from models.queries import health_records as stored
from models.queries.calendar import Calendar
from models.queries.exports import days_between
from models.queries.units import Units
from models.rules.check_in import Health, is_fever

#: What a day without a value says, by why there is none.
GAPS: Mapping[str, str] = {
    "unreported": "未报",
    "exempt": "免报",
    "not_due": "当日不需上报",
    "not_counted": "不在册",
    "not_begun": "监测未开始",
    "not_yet": "未到",
    "deleted": "已过保存期，内容已清除",
}
#: Beside a day nobody reported and nobody explained.
NO_REASON = "（当天没有收到上报，也没有登记缺勤原因）"
ABSENCES: Mapping[str, str] = {
    "sick": "病假",
    "personal": "事假",
    "isolation": "隔离",
    "unexplained": "缺勤（原因待查）",
}
STATES: Mapping[str, str] = {"late": "迟报", "backfill": "补报"}
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Line:
    """One day of one person. why: reported, or a key of GAPS. temperature: the readings with their methods."""

    day: date
    why: str
    temperature: str = ""
    highest: int | None = None
    is_fever: bool = False
    symptoms: str = ""
    journey: str = ""
    by: str = ""
    at: str = ""
    note: str = ""
    #: where revisions before it said something else: (at, by, temperature, symptoms)
    before: tuple[tuple[str, str, str, str], ...] = ()

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.weekday()]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's record of a span of days."""

    school: str
    unit: str
    kind: str
    name: str
    number: str
    sex: str
    first: date
    last: date
    lines: tuple[Line, ...] = field(default=())

    @property
    def due(self) -> int:
        """Days on which something was to be reported."""
        return sum(line.why in {"reported", "unreported"} for line in self.lines)

    @property
    def reported(self) -> int:
        return sum(line.why == "reported" for line in self.lines)

    @property
    def fevers(self) -> int:
        return sum(line.is_fever for line in self.lines)

    @property
    def highest(self) -> int | None:
        return max((line.highest for line in self.lines if line.highest is not None), default=None)

    @property
    def checksum(self) -> str:
        """The same record gives the same checksum; any change of any value another. 16 hexadecimal digits."""
        made = json.dumps(asdict(self), ensure_ascii=False, default=str, sort_keys=True)
        return hashlib.sha256(made.encode()).hexdigest()[:16].upper()


@dataclass(frozen=True, slots=True)
class Source:
    """What sheets are read from: one reading transaction, one span of days, and what explains a gap."""

    runtime: Runtime
    connection: Connection
    units: Units
    calendar: Calendar
    first: date
    last: date
    today: date
    kept_from: date


def sheets(source: Source, people: Sequence[stored.RecordPerson]) -> list[Sheet]:
    """The records of some people (a class at a time): three statements, whatever their number."""
    ids = [person.id for person in people]
    if not ids:
        return []
    connection, first, last = source.connection, source.first, source.last
    revisions = stored.revisions_of(connection, ids, first, last)
    absences = stored.absences_of(connection, ids, first, last)
    units = stored.units_of(connection, ids, first, last)
    made = []
    for person in people:
        mine = units.get(person.id, [])
        lines = tuple(
            _line(
                source,
                person,
                day,
                next((unit for begins, ends, unit in mine if begins <= day and (ends is None or day < ends)), None),
                revisions.get((person.id, day), []),
                absences.get((person.id, day)),
            )
            for day in days_between(first, last)
        )
        place = source.units.get(mine[-1][2] if mine else person.unit_id)
        school = source.units.get(place.school_id) if place else None
        made.append(
            Sheet(
                school=school.name if school else (place.name if place else ""),
                unit=source.units.class_name(place.id) if place else "",
                kind=person.kind,
                name=person.name,
                number=person.number,
                sex=person.sex or "",
                first=first,
                last=last,
                lines=lines,
            )
        )
    return made


def _line(
    source: Source,
    person: stored.RecordPerson,
    day: date,
    unit_id: int | None,
    revisions: Sequence[stored.RecordRevision],
    absence: stored.RecordAbsence | None,
) -> Line:
    runtime, away = source.runtime, ""
    if absence is not None:
        reason = runtime.vault.open("absences.reason", absence.reason) if absence.reason else ""
        away = ABSENCES.get(absence.kind, absence.kind) + (f"：{reason}" if reason else "")
    counting = next((revision for revision in revisions if revision.counts), None)
    if counting is not None and counting.state != "exempt":
        return _reported(runtime, day, counting, revisions, away)
    why = "exempt" if counting is not None else _gap(source, person, day, unit_id)
    gap = GAPS[why] + (NO_REASON if why == "unreported" and not away else "")
    return Line(day, why, note="；".join(part for part in (gap, away) if part))


def _gap(source: Source, person: stored.RecordPerson, day: date, unit_id: int | None) -> str:
    begins = source.runtime.district.times.starts_on
    if day > source.today:
        return "not_yet"
    if day < source.kept_from:
        return "deleted"
    if unit_id is None or day < person.joined_on or (person.left_on is not None and day >= person.left_on):
        return "not_counted"
    if begins is not None and day < begins:
        return "not_begun"
    return "unreported" if source.calendar.is_due(source.units, unit_id, day) else "not_due"


def _reported(
    runtime: Runtime,
    day: date,
    counting: stored.RecordRevision,
    revisions: Sequence[stored.RecordRevision],
    away: str,
) -> Line:
    health = _health(runtime, counting)
    if health is None:
        return Line(day, "reported", note="；".join(part for part in ("内容已按规定清除", away) if part))
    earlier = tuple(
        (*_who_and_when(runtime, revision), *_body(before))
        for revision in revisions
        if not revision.counts and (before := _health(runtime, revision)) is not None
    )
    at, by = _who_and_when(runtime, counting)
    temperature, felt = _body(health)
    notes = [STATES.get(counting.state, ""), _corrected(temperature, felt, earlier), away]
    return Line(
        day,
        "reported",
        temperature,
        health.tenths,
        is_fever(health, runtime.district.disease),
        felt,
        "；".join(journey(health)),
        by,
        at,
        "；".join(note for note in notes if note),
        earlier,
    )


def _corrected(temperature: str, felt: str, earlier: Sequence[tuple[str, str, str, str]]) -> str:
    """What stood there before, where it was something else; all of it is in the workbook. A further measurement or a
    further symptom takes nothing back: what was said before still stands on the line."""
    changed = [
        (at, before, how)
        for at, _, before, how in earlier
        if not (_holds(temperature, before, "、") and _holds(felt, how, "；"))
    ]
    if not changed:
        return ""
    at, before, how = changed[-1]
    several = f"等{len(changed)}次" if len(changed) > 1 else ""
    return f"更正前{'，'.join(part for part in (before, how) if part) or '无数值'}（{at}）{several}"


def _holds(now: str, before: str, between: str) -> bool:
    """Whether every part of what was said before is still there."""
    parts = {part for one in now.split(between) for part in (one, *one.split("、"))}
    return all(part in parts for one in before.split(between) for part in one.split("、") if part)


def _health(runtime: Runtime, revision: stored.RecordRevision) -> Health | None:
    if revision.health is None:
        return None
    return Health.from_json(runtime.vault.open_json("check_ins.health", revision.health))


def _who_and_when(runtime: Runtime, revision: stored.RecordRevision) -> tuple[str, str]:
    at = f"{runtime.district.local(revision.sent_at):%m-%d %H:%M}"
    return at, reporter_words(revision.reporter, revision.reporter_name) or ""


def _body(health: Health) -> tuple[str, str]:
    """Readings with how they were taken, and how the person felt."""
    readings = "、".join(
        f"{reading.tenths / 10:.1f}" + (f"（{METHODS[reading.method]}）" if reading.method in METHODS else "")
        for reading in health.readings
    )
    felt = [symptoms(health.symptoms)] if health.symptoms else ["无不适"] if health.denied_all else []
    felt += ["用过退烧药"] if health.antipyretic else []
    felt += ["自述" + statements(health.statements)] if health.statements else []
    return readings, "；".join(felt)
