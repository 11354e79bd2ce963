"""The figures of a unit and a day: what they add up to, when they are a zero, and what does not fit.

Source of columns: contract section 7, domain handbook 6.1–6.5, 7.5. Counts are of persons. Pupils and staff are two
chains whose denominators never mix: every staff column begins with `staff_`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from models.rules.district import Reporting

#: Results of a person's day that make them abnormal.
ABNORMAL = ("fever", "symptomatic")
#: Alert codes (domain handbook 5.7) of a fever or an emergency, which the person's report shows once there is one …
UNTIL_REPORTED = ("A01", "A02", "A15")
#: … and of statements about cases, which no reading shows.
STATED = ("A03", "A04")


@dataclass(frozen=True, slots=True)
class Figures:
    """One unit's day in numbers. None is "not counted that day" and never the same as 0.

    due: who must report, `exempt` among them; reported: on time or late, a backfill is neither. alerted: persons with
    an open red alert whom no reported fever shows yet. suspected … close_contact: findings that hold that day;
    new_…: those of them that were entered that day (6.5: two numbers, never mixed). in_care: persons in management
    (在管), under a finding or a measure; they are no new cases and do not prevent a zero. new_isolating,
    released_isolating: measures that began, and ended, that day. contacts_unplaced: close contacts no measure is on record
    for. twice_found, twice_kept, cleared_isolating: contradictions of the register, which nobody may sign: persons with
    two findings at a time, in two kinds of isolation, or admitted that day while still isolated. place_unknown: away, and
    nobody has said where. judged: fevers a reporter judged not reportable. classes:
    classes with anybody due; classes_filed: those whose report is signed.
    """

    enrolled: int = 0
    expected: int = 0
    due: int = 0
    reported: int = 0
    on_time: int = 0
    exempt: int = 0
    present: int | None = None
    absent: int | None = None
    sick_absence: int = 0
    personal_leave: int = 0
    isolation_absence: int = 0
    unexplained_absence: int = 0
    fever: int = 0
    symptomatic: int = 0
    cough: int = 0
    digestive: int = 0
    rash: int = 0
    other_symptom: int = 0
    new_abnormal: int = 0
    suspected: int = 0
    confirmed: int = 0
    asymptomatic: int = 0
    close_contact: int = 0
    home_isolation: int = 0
    central_isolation: int = 0
    hospitalised: int = 0
    new_suspected: int = 0
    new_confirmed: int = 0
    new_asymptomatic: int = 0
    new_close_contact: int = 0
    in_care: int = 0
    new_isolating: int = 0
    released_isolating: int = 0
    contacts_unplaced: int = 0
    twice_found: int = 0
    twice_kept: int = 0
    cleared_isolating: int = 0
    other_city: int = 0
    other_province: int = 0
    abroad: int = 0
    place_unknown: int = 0
    in_key_region: int = 0
    key_persons: int = 0
    alerted: int = 0
    judged: int = 0
    staff_due: int = 0
    staff_reported: int = 0
    staff_on_time: int = 0
    staff_exempt: int = 0
    staff_fever: int = 0
    staff_symptomatic: int = 0
    staff_alerted: int = 0
    staff_judged: int = 0
    staff_new_cases: int = 0
    staff_in_care: int = 0
    staff_twice_found: int = 0
    staff_twice_kept: int = 0
    staff_cleared_isolating: int = 0
    classes: int = 0
    classes_filed: int = 0

    @property
    def unreported(self) -> int:
        """Pupils due of whom nothing was heard in time (V04)."""
        return self.due - self.reported - self.exempt

    @property
    def staff_unreported(self) -> int:
        return self.staff_due - self.staff_reported - self.staff_exempt

    @property
    def not_returned(self) -> int:
        """Derived, never typed (V10)."""
        return self.other_city + self.other_province + self.abroad

    @property
    def isolating(self) -> int:
        """Under a measure: at home, in a centre, in hospital; one person in one of them (V12)."""
        return self.home_isolation + self.central_isolation + self.hospitalised

    @property
    def absences(self) -> int:
        """Absences entered, whether or not it is a school day."""
        return self.sick_absence + self.personal_leave + self.isolation_absence + self.unexplained_absence

    def to_json(self) -> dict[str, int]:
        """Only what is not at its default."""
        made = {name: getattr(self, name) for name in NAMES}
        return {name: value for name, value in made.items() if value is not None and (value or name in _OPTIONAL)}

    @staticmethod
    def from_json(made: Mapping[str, Any]) -> Figures:
        return Figures(**{name: int(value) for name, value in made.items() if name in NAMES})

    def plus(self, changes: Mapping[str, int]) -> Figures:
        """The figures after `changes` (name → difference); names that are no figure are left out."""
        made = {name: getattr(self, name) for name in NAMES}
        for name, change in changes.items():
            if name in made:
                made[name] = (made[name] or 0) + change
        return Figures(**made)


NAMES: tuple[str, ...] = tuple(field.name for field in fields(Figures))
_OPTIONAL = frozenset({"present", "absent"})


def total(parts: Iterable[Figures]) -> Figures:
    """The sum. A column none of the parts counted stays uncounted."""
    sums: dict[str, int | None] = dict.fromkeys(NAMES, 0) | dict.fromkeys(_OPTIONAL, None)
    for part in parts:
        for name in NAMES:
            value = getattr(part, name)
            if value is not None:
                sums[name] = (sums[name] or 0) + value
    return Figures(**sums)  # type: ignore[arg-type]


_NEW_CASES = ("new_suspected", "new_confirmed", "new_asymptomatic", "new_close_contact")


_BY_DEFAULT = Reporting()


def zero_scope(level: str, reporting: Reporting = _BY_DEFAULT) -> tuple[str, ...]:
    """What must be 0 for a zero at this level (6.5): stricter in the class than above it, as the district decides.

    A runny nose among two thousand children must not make a school's zero impossible; a fever does (contract 10). New
    cases and open alerts are in every scope.
    """
    own = reporting.zero_scope_class if level in {"class_unit", "grade"} else reporting.zero_scope_school
    return (*own, "alerted", *_NEW_CASES)


def may_be_zero(figures: Figures, level: str, reporting: Reporting = _BY_DEFAULT) -> bool:
    """Nothing in the level's scope, and every fever above the class judged not reportable."""
    if any(getattr(figures, name) for name in zero_scope(level, reporting)):
        return False
    if figures.staff_alerted or figures.staff_new_cases or figures.staff_fever > figures.staff_judged:
        return False
    return figures.fever <= figures.judged if level not in {"class_unit", "grade"} else True


def zero_kind(figures: Figures, level: str, reporting: Reporting = _BY_DEFAULT) -> str:
    """What a person's yes makes of these figures: "full", "qualified", or "" (a report, not a zero).

    Qualified: somebody due was not heard, or a class below is not signed; with `strict_zero` that is no zero. Nobody due
    is nobody's zero.
    """
    if not may_be_zero(figures, level, reporting) or figures.due + figures.staff_due == 0:
        return ""
    unfiled = level != "class_unit" and figures.classes_filed < figures.classes
    if not (figures.unreported or figures.staff_unreported or unfiled):
        return "full"
    return "" if reporting.strict_zero else "qualified"


def rate(part: int, whole: int) -> str:
    """A share in per cent with one decimal, half up; "—" for nothing due; never 100.0% while somebody is missing."""
    if whole <= 0:
        return "—"
    tenths = (part * 2000 + whole) // (2 * whole)
    if part < whole:
        tenths = min(tenths, 999)
    return f"{tenths // 10}.{tenths % 10}%"


def completeness(figures: Figures) -> str:
    """完整率: reported, on time or late, of those due (7.5)."""
    return rate(figures.reported, figures.due - figures.exempt)


def staff_completeness(figures: Figures) -> str:
    """完整率 of the staff chain; its denominator is its own."""
    return rate(figures.staff_reported, figures.staff_due - figures.staff_exempt)


def timeliness(figures: Figures) -> str:
    """及时率: by the personal deadline, of those due, not of those reported."""
    return rate(figures.on_time, figures.due - figures.exempt)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of domain 6.4 that does not hold. blocks: it cannot be signed like this; otherwise a warning.

    numbers: the figures concerned, by name, for the words around them.
    """

    code: str
    blocks: bool
    numbers: Mapping[str, int]


def validate(
    figures: Figures,
    *,
    yesterday: Figures | None = None,
    signed: Figures | None = None,
    children: Iterable[Figures] | None = None,
) -> list[Finding]:
    """The rules of domain handbook 6.4 that concern the figures of one unit and day; V18 is `validate_day`.

    yesterday: the day before as it is counted now; signed: as it was signed then (None: nobody did). children: the units
    below. Figures come from named persons, so most rules can only fail when something in our own books is wrong; then
    they must not be signed. V08: whoever is not away is at home, so what can fail is that more are away than there are.
    V07, V08 and V09 are held against those due: a backfill and a journey of the day before count, and are no report of
    today. V10 is derived, V16 is `may_be_zero`, V22 is `rules.typed.compare`.
    """
    found: list[Finding] = []

    def expect(code: str, holds: bool, *names: str, blocks: bool = True, **more: int) -> None:
        if not holds:
            numbers = {name: getattr(figures, name) or 0 for name in names}
            found.append(Finding(code, blocks, numbers | more))

    expect("V01", figures.expected <= figures.enrolled, "expected", "enrolled")
    if figures.present is not None and figures.absent is not None:
        expect("V02", figures.present + figures.absent == figures.expected, "present", "absent", "expected")
        expect("V03", figures.absent == figures.absences, "absent", "absences")
    expect("V04", figures.unreported >= 0, "reported", "exempt", "due")
    expect("V05", not figures.unexplained_absence, "unexplained_absence", blocks=False)
    parts = ("fever", "cough", "digestive", "rash", "other_symptom")
    counts = [getattr(figures, name) for name in parts]
    expect("V06", max(counts) <= figures.symptomatic <= sum(counts), "symptomatic", *parts)
    expect("V07", figures.symptomatic <= figures.due, "symptomatic", "due")
    expect("V08", figures.not_returned + figures.place_unknown <= figures.due, "not_returned", "place_unknown", "due")
    expect("V09", figures.in_key_region <= figures.due, "in_key_region", "due")
    expect("V11", not figures.twice_found + figures.staff_twice_found, "twice_found", "staff_twice_found")
    expect("V12", not figures.twice_kept + figures.staff_twice_kept, "twice_kept", "staff_twice_kept")
    expect("V12", not figures.contacts_unplaced, "close_contact", "contacts_unplaced", blocks=False)
    if children is not None:
        below = total(children)
        names = ("due", "reported", "fever", "symptomatic")
        expect("V14", all(getattr(below, name) == getattr(figures, name) for name in names), *names)
    expect("V15", figures.fever <= figures.judged, "fever", "judged", blocks=False)
    numbers = [getattr(figures, name) for name in NAMES if getattr(figures, name) is not None]
    expect("V17", all(number >= 0 for number in numbers))
    expect(
        "V21",
        not figures.cleared_isolating + figures.staff_cleared_isolating,
        "cleared_isolating",
        "staff_cleared_isolating",
    )
    if signed is not None:
        expected = signed.isolating + figures.new_isolating - figures.released_isolating
        moved = ("isolating", "new_isolating", "released_isolating")
        expect("V13", figures.isolating == expected, *moved, blocks=False, before=signed.isolating)
    if yesterday is not None:
        # Whoever joined or left since yesterday is an event of the roster; what was signed then knows of no other.
        was, now = (signed or yesterday).enrolled, yesterday.enrolled
        expect("V19", was == now, "enrolled", blocks=False, was=was, counted=now)
        ill, before = figures.sick_absence, yesterday.sick_absence
        expect("V20", not (ill > before and (ill >= 3 or ill >= 2 * before > 0)), "sick_absence", blocks=False)
    return found


def validate_day(day: date, today: date, backfill_days: int) -> list[Finding]:
    """V18: nobody reports of a day that has not come, nor of one longer ago than may be backfilled."""
    if today - timedelta(days=backfill_days) <= day <= today:
        return []
    return [Finding("V18", True, {"apart": abs((today - day).days), "allowed": backfill_days})]
