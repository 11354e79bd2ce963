"""What really happened in a district, kept by the test itself, and what therefore must stand in its books.

It is told events in order and shares no rule with the product: who is on which roster on a day, who said what when, who
signed. From them follow each unit's counts, whether its zero holds, and how its day ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.cast import at
from tests.chain.district import Place

FEVER = 373
DEADLINES = {"class_unit": "09:30", "grade": "09:50", "school": "10:30"}
ABSENCES = {"sick": "sick_absence", "personal": "personal_leave", "unexplained": "unexplained_absence"}


@dataclass(slots=True)
class Told:
    """One person's day. state: reported, late, backfill."""

    unit: str
    state: str
    readings: list[int]
    cough: bool = False

    @property
    def marks(self) -> frozenset[str]:
        made = set()
        if max(self.readings) >= FEVER:
            made |= {"fever", "symptomatic"}
        if self.cough:
            made |= {"cough", "symptomatic"}
        return frozenset(made)

    @property
    def counts(self) -> Counter[str]:
        made = Counter(self.marks)
        if self.state != "backfill":
            made["reported"] = 1
        if self.state == "reported":
            made["on_time"] = 1
        return made


@dataclass(slots=True)
class Report:
    """How a unit's report stands. state: none, signed, open (changed since), returned. zero: "", full, qualified."""

    state: str = "none"
    first: datetime | None = None
    signer: str = ""
    zero: str = ""
    late_change: bool = False  # changed or signed after the lock


@dataclass
class Ledger:
    """place: whom there is. owes(school, day): whether anything is owed; attends: whether there is school."""

    place: Place
    days: list[date]
    #: where each person belonged from which day on; None: gone
    rolls: dict[int, list[tuple[date, str | None]]] = field(default_factory=dict)
    told: dict[tuple[date, int], Told] = field(default_factory=dict)
    away: dict[tuple[date, int], str] = field(default_factory=dict)
    judged: set[tuple[date, int]] = field(default_factory=set)
    #: of whom a fever was told that is not of the day; it keeps a zero away until they are heard of
    worried: set[tuple[date, int]] = field(default_factory=set)
    reports: dict[tuple[date, str], Report] = field(default_factory=dict)
    locked: set[date] = field(default_factory=set)
    quiet: set[tuple[str, date]] = field(default_factory=set)
    taught: set[tuple[str, date]] = field(default_factory=set)
    #: grades without a head, from a day on
    headless: dict[str, date] = field(default_factory=dict)
    counts: dict[tuple[date, str], Counter[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for person in self.place.people.values():
            self.rolls[person.id] = [(date.min, person.unit)]

    # -- the roster -----------------------------------------------------------------------------------------------------
    def unit_on(self, person_id: int, day: date) -> str | None:
        return next(unit for since, unit in reversed(self.rolls[person_id]) if since <= day)

    def moves(self, person_id: int, unit: str | None, since: date) -> None:
        self.rolls[person_id].append((since, unit))

    def owes(self, path: str, day: date) -> bool:
        return (path.split("/")[0], day) not in self.quiet

    def open(self, day: date) -> None:
        """Who is due on a day, by unit."""
        for path in self.place.units:
            self.counts[day, path] = Counter()
        for person in self.place.people.values():
            unit = self.unit_on(person.id, day)
            if unit is not None:
                self._add(day, unit, person.kind, {"due": 1})

    def _add(self, day: date, unit: str, kind: str, change: dict[str, int] | Counter[str]) -> None:
        for path in self.place.chain(unit):
            for name, number in change.items():
                self.counts[day, path][f"staff_{name}" if kind == "staff" else name] += number

    # -- what people say ------------------------------------------------------------------------------------------------
    def answer(self, day: date, person_id: int, moment: datetime, tenths: int, *, cough: bool = False, corrects: bool = False) -> None:  # fmt: skip
        person, known = self.place.people[person_id], self.told.get((day, person_id))
        unit = known.unit if known else self.unit_on(person_id, day)
        assert unit is not None
        before = known.counts if known else Counter()
        if known is None:
            past = moment > at("11:30", day)
            state = "backfill" if past else "late" if moment > at("09:00", day) else "reported"
            known = self.told[day, person_id] = Told(unit, state, [tenths], cough)
            if (day, person_id) in self.worried:
                self._add(day, unit, "student", {"alerted": -1})
        else:
            known.readings = [tenths] if corrects else [*known.readings, tenths]
            known.cough = known.cough or cough
        self._changed(day, unit, person.kind, before, known.counts, moment)

    def absent(self, day: date, person_id: int, kind: str | None, moment: datetime) -> None:
        unit = self.unit_on(person_id, day)
        assert unit is not None
        before = self.away.pop((day, person_id), None)
        if kind is not None:
            self.away[day, person_id] = kind
        old = Counter({ABSENCES[before]: 1}) if before else Counter()
        new = Counter({ABSENCES[kind]: 1}) if kind else Counter()
        self._changed(day, unit, "student", old, new, moment)

    def worry(self, day: date, person_id: int) -> None:
        unit = self.unit_on(person_id, day)
        assert unit is not None
        self.worried.add((day, person_id))
        self._add(day, unit, "student", {"alerted": 1})

    def judge(self, day: date, person_id: int) -> None:
        if (day, person_id) in self.told and (day, person_id) not in self.judged:
            self.judged.add((day, person_id))
            self._add(day, self.told[day, person_id].unit, self.place.people[person_id].kind, {"judged": 1})

    def _changed(self, day: date, unit: str, kind: str, old: Counter[str], new: Counter[str], moment: datetime) -> None:
        change = {name: new[name] - old[name] for name in {*old, *new} if new[name] != old[name]}
        if not change:
            return
        self._add(day, unit, kind, change)
        for path in self.place.chain(unit):
            report = self.reports.get((day, path))
            if report is None or report.state == "none":
                continue
            if moment > at("11:30", day):
                report.late_change = True
            elif report.state == "signed":
                report.state = "open"
            if report.zero and not self.may_be_zero(day, path):
                report.zero = ""

    # -- signatures -----------------------------------------------------------------------------------------------------
    def may_be_zero(self, day: date, path: str) -> bool:
        one, kind = self.counts[day, path], self.place.kinds[path]
        if one["staff_fever"] > one["staff_judged"] or one["alerted"]:
            return False
        if kind == "school":
            return one["fever"] <= one["judged"]
        return not (one["fever"] or one["symptomatic"] or one["sick_absence"])

    def sign(self, day: date, path: str, moment: datetime, signer: str) -> None:
        report = self.reports.setdefault((day, path), Report())
        one, kind = self.counts[day, path], self.place.kinds[path]
        report.state, report.signer = "signed", signer
        report.first = report.first or moment
        report.zero = ""
        if self.may_be_zero(day, path):
            missing = one["due"] - one["reported"] + one["staff_due"] - one["staff_reported"]
            unsigned = kind != "class_unit" and any(
                self.counts[day, below]["due"] and not self.is_signed(day, below)
                for below in self.place.of_kind("class_unit")
                if below.startswith(f"{path}/")
            )
            report.zero = "qualified" if missing or unsigned else "full"
        if moment > at("11:30", day):
            report.late_change = True

    def is_signed(self, day: date, path: str) -> bool:
        report = self.reports.get((day, path))
        return report is not None and (report.state == "signed" or (day in self.locked and report.first is not None))

    def send_back(self, day: date, path: str) -> bool:
        report = self.reports.get((day, path))
        if report is None or report.state != "signed" or day in self.locked:
            return False
        report.state, report.zero = "returned", ""
        return True

    def lock(self, day: date) -> None:
        self.locked.add(day)

    # -- what must stand in the books -------------------------------------------------------------------------------------
    def status(self, day: date, path: str) -> str:
        report = self.reports.get((day, path)) or Report()
        if report.first is None:
            since = self.headless.get(path)
            school = self.reports.get((day, path.split("/")[0])) or Report()
            skipped = since is not None and since <= day and school.first is not None
            return "locked" if skipped else "missing"
        return "amended" if report.late_change else "locked"

    def on_time(self, day: date, path: str) -> bool | None:
        report = self.reports.get((day, path)) or Report()
        return None if report.first is None else report.first <= at(DEADLINES[self.place.kinds[path]], day)

    def owing(self, day: date, kind: str) -> Iterator[str]:
        """The units of a kind that owe a report on a day."""
        for path in self.place.of_kind(kind):
            one = self.counts[day, path]
            if self.owes(path, day) and one["due"] + one["staff_due"]:
                yield path

    def expected(self, day: date, path: str) -> dict[str, object]:
        """A unit's row in its export, as far as it is counted here."""
        one, report = self.counts[day, path], self.reports.get((day, path)) or Report()
        absences = {name: one[name] for name in ABSENCES.values()}
        taught = (path.split("/")[0], day) in self.taught
        zero = report.zero if report.zero and self.may_be_zero(day, path) else ""
        return {
            **{name: one[name] for name in ("due", "reported", "fever", "symptomatic")},
            **absences,
            "unreported": one["due"] - one["reported"],
            "absent": sum(absences.values()) if taught else None,
            "present": one["due"] - sum(absences.values()) if taught else None,
            "new_abnormal": self._new(day, path),
            **{name: one[name] for name in ("staff_due", "staff_reported", "staff_fever")},
            "is_zero": bool(zero),
            "zero_kind": zero or None,
            "status": self.status(day, path),
            "on_time": self.on_time(day, path),
            "confirmed_by": report.signer or None,
        }

    def recount(self, days: list[date]) -> None:
        """The counts again from the persons; they must be those that were kept while it happened."""
        kept = {place: +counts for place, counts in self.counts.items()}
        for day in days:
            self.open(day)
            for (on, person_id), told in self.told.items():
                if on == day:
                    self._add(day, told.unit, self.place.people[person_id].kind, told.counts)
            for (on, person_id), absence in self.away.items():
                if on == day:
                    unit = self.unit_on(person_id, day)
                    assert unit is not None
                    self._add(day, unit, "student", {ABSENCES[absence]: 1})
            for on, person_id in self.worried:
                if on == day and (on, person_id) not in self.told:
                    self._add(day, self.unit_on(person_id, day) or "", "student", {"alerted": 1})
            for on, person_id in self.judged:
                if on == day:
                    unit = self.told[on, person_id].unit
                    self._add(day, unit, self.place.people[person_id].kind, {"judged": 1})
        for place, counts in self.counts.items():
            assert +counts == kept[place], place

    _abnormal: dict[date, Counter[str]] = field(default_factory=dict)

    def _new(self, day: date, path: str) -> int:
        """Abnormal on the day and not on the day before."""
        if day not in self._abnormal:
            found = self._abnormal[day] = Counter()
            for (on, person_id), told in self.told.items():
                before = self.told.get((day - timedelta(days=1), person_id))
                is_pupil = self.place.people[person_id].kind == "student"
                if on == day and told.marks and is_pupil and not (before and before.marks):
                    found.update(self.place.chain(told.unit))
        return self._abnormal[day][path]
