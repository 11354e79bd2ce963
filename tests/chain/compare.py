"""A lived month held against its ledger."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from app.files.exports.columns import COLUMNS
from app.files.exports.rows import ROWS, Source
from models.queries.due import due_in
from models.queries.figures.day_table import day_table
from models.queries.figures.rows import FIGURES
from models.queries.figures.school import figures_by_school
from models.rules.figures import total
from tests.chain.books import ENDED, Truth, audit
from tests.chain.month import Month
from tests.house import StageClock, make_runtime

KINDS = {"class-reports": "class_unit", "grade-reports": "grade", "school-reports": "school"}
PUPILS = tuple(name for name in FIGURES if not name.startswith("staff"))


def compare(month: Month, *, audited: int = 3) -> None:
    """Everything that is exported of the month against the ledger. audited: days whose books are gone through whole."""
    month.ledger.recount(month.days)
    wrong = [*_reports(month), *_check_ins(month), *_tables(month), *_owners(month)]
    for day in month.days[:: max(1, len(month.days) // audited)]:
        wrong += _audit(month, day)
    assert not wrong, "\n".join(wrong[:60]) + f"\n… {len(wrong)} in all"


def _export(month: Month, kind: str, first: date, last: date) -> list[dict[str, Any]]:
    runtime = make_runtime(month.database, StageClock(month.now), month.district)
    with month.database.read() as connection:
        source = Source(runtime, connection, first, last)
        return [dict(zip(COLUMNS[kind], row, strict=True)) for row in ROWS[kind](source)]


def _path(row: dict[str, Any]) -> str:
    return "/".join(part for part in (row["school"], row["grade"], row["class"]) if part)


def _reports(month: Month) -> list[str]:
    """Each unit and day once, ended, and with the figures that were true; classes are grades are schools."""
    wrong, sums = [], {}
    for kind, level in KINDS.items():
        rows = _export(month, kind, month.days[0], month.days[-1])
        found = {(date.fromisoformat(row["date"]), _path(row)): row for row in rows}
        if len(found) != len(rows):
            wrong.append(f"{kind}: a unit stands twice on one day")
        owing = {(day, path) for day in month.days for path in month.ledger.owing(day, level)}
        wrong += [f"{kind}: {place} owes a report and has no row" for place in sorted(owing - found.keys())]
        wrong += [f"{kind}: {place} owes nothing and has a row" for place in sorted(found.keys() - owing)]
        for (day, path), row in found.items():
            if row["status"] not in ENDED:
                wrong.append(f"{day} {path}: the day is over and the report {row['status']}")
            for name, value in month.ledger.expected(day, path).items():
                if row[name] != value:
                    wrong.append(f"{day} {path}: {name} {row[name]}, and in truth {value}")
        sums[kind] = {
            day: {name: sum(row[name] or 0 for row in rows if row["date"] == day.isoformat()) for name in PUPILS}
            for day in month.days
        }
    if not sums["class-reports"] == sums["grade-reports"] == sums["school-reports"]:
        wrong.append("the sums of classes, grades and schools differ")
    return wrong


def _check_ins(month: Month) -> list[str]:
    """Every person due has one row, and its state and result are what was said."""
    wrong = []
    for day in month.days[:: max(1, len(month.days) // 3)]:
        seen: Counter[str] = Counter()
        by_number = {one.number: one for one in month.place.people.values()}
        for row in _export(month, "checkins", day, day):
            one = by_number[row["number"]]
            seen[one.number] += 1
            told = month.ledger.told.get((day, one.id))
            state = told.state if told else "unreported"
            result = None
            if told:
                result = "fever" if "fever" in told.marks else "symptomatic" if told.marks else "normal"
            if (row["state"], row["result"]) != (state, result):
                wrong.append(f"{day} {one.number}: {row['state']} {row['result']}, and in truth {state} {result}")
            if told and row["temperature_c"] != max(told.readings) / 10:
                wrong.append(f"{day} {one.number}: {row['temperature_c']}, and in truth {told.readings}")
            unit = month.ledger.unit_on(one.id, day)
            if _path(row) != unit and one.unit != "春江区教育局":
                wrong.append(f"{day} {one.number}: in {_path(row)}, and in truth {unit}")
        due = {
            one.number
            for one in month.place.people.values()
            if (unit := month.ledger.unit_on(one.id, day)) is not None and month.ledger.owes(unit, day)
        }
        wrong += [f"{day} {number}: due and no row" for number in sorted(due - seen.keys())]
        wrong += [f"{day} {number}: {times} rows" for number, times in seen.items() if times > 1]
    return wrong


def _tables(month: Month) -> list[str]:
    """The workbook's table and the sums by the database say the same as the schools' export, school by school."""
    wrong = []
    with month.database.read() as connection:
        units = month.units.get(connection)
        due = due_in(connection, units, month.district)
        for day in month.days:
            table = day_table(connection, units, month.district, due, day, month.now)
            summed = figures_by_school(connection, units, [day], due)
            counts = month.ledger.counts
            schools = list(month.ledger.owing(day, "school"))
            if [row.name for row in table.rows] != schools:
                wrong.append(f"{day}: the table has other schools")
            for name in ("due", "reported", "fever", "symptomatic", "staff_due", "staff_reported", "staff_fever"):
                truth = sum(counts[day, school][name] for school in schools)
                found = getattr(table.figures, name)
                if found != truth:
                    wrong.append(f"{day} district: {name} {found}, and in truth {truth}")
                if total(one for (_, on), one in summed.items() if on == day) and not schools:
                    wrong.append(f"{day}: figures of schools that owe nothing")
            wrong += _rates(month, day, table)
    return wrong


def _rates(month: Month, day: date, table: Any) -> list[str]:
    ledger, schools = month.ledger, list(month.ledger.owing(day, "school"))
    one = Counter()
    for school in schools:
        one.update(ledger.counts[day, school])
    filed = [school for school in schools if (day, school) in ledger.reports]
    zeros = [school for school in schools if ledger.expected(day, school)["is_zero"]]
    qualified = [school for school in zeros if ledger.expected(day, school)["zero_kind"] == "qualified"]
    truth = {
        "completeness": (one["reported"], one["due"]),
        "timeliness": (one["on_time"], one["due"]),
        "staff_completeness": (one["staff_reported"], one["staff_due"]),
        "staff_timeliness": (one["staff_on_time"], one["staff_due"]),
        "filing": (len(filed), len(schools)),
        "filing_on_time": (sum(bool(ledger.on_time(day, school)) for school in filed), len(schools)),
        "zero": (len(zeros), len(schools)),
        "qualified_zero": (len(qualified), len(zeros)),
    }
    return [
        f"{day}: {name} {table.rates[name]}, and in truth {part} of {whole}"
        for name, (part, whole) in truth.items()
        if not is_honest(table.rates[name], part, whole)
    ]


def is_honest(shown: str, part: int, whole: int) -> bool:
    """Whether a rate is shown as 7.5 asks: one decimal, "—" for nothing due, 100.0% only where nobody is missing."""
    if whole == 0:
        return shown == "—"
    if part == whole:
        return shown == "100.0%"
    if not shown.endswith("%"):
        return False
    tenths = int(shown.removesuffix("%").replace(".", ""))
    exact = 1000 * part / whole
    return (
        shown.endswith("%") and tenths < 1000 and (abs(tenths - exact) <= 0.5 + 1e-9 or (tenths == 999 and exact > 999))
    )


def _owners(month: Month) -> list[str]:
    """The morning after, every unit that is missing is named with somebody whose matter it is."""
    told: dict[date, list[str]] = {}
    for _, moment, text in month.owed("open-days"):
        told.setdefault(month.district.day_of(moment), []).append(text)
    wrong = []
    with month.database.read() as connection:
        units = month.units.get(connection)
    for day in month.days[:-1]:
        texts = told.get(day + timedelta(days=1), [])
        for level in KINDS.values():
            for path in month.ledger.owing(day, level):
                if month.ledger.status(day, path) == "missing":
                    unit = units.at(path)
                    assert unit is not None
                    name = units.class_name(unit.id)
                    owners = _owner(month, path, day + timedelta(days=1))
                    if not any(f"{name}（{owners}）未报" in text for text in texts):
                        wrong.append(f"{day} {path}: missing, and {owners} is not named: {texts[:1]}")
    return wrong


def _owner(month: Month, path: str, day: date) -> str:
    """Who answers for a unit that nobody has signed: its holder, else the one above."""
    role = {"class_unit": "head_teacher", "grade": "grade_head", "school": "designated_reporter"}[
        month.place.kinds[path]
    ]
    holder = month.place.posts[role, path]
    gone = month.ledger.unit_on(holder, day) is None or month.ledger.headless.get(path, date.max) <= day
    return month.name(holder) if not gone else _owner(month, path.rsplit("/", 1)[0], day)


def _audit(month: Month, day: date) -> list[str]:
    classes = list(month.ledger.owing(day, "class_unit"))
    truth = Truth(
        fevers={path: month.ledger.counts[day, path]["fever"] for path in classes},
        heard={path: month.ledger.counts[day, path]["reported"] for path in classes},
    )
    with month.database.read() as connection:
        units = month.units.get(connection)
        found = audit(connection, units, month.district, day, month.now, truth, closed=True)
    return [f"{day} books: {one}" for one in found]
