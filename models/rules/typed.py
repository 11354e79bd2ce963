"""V22: a number somebody typed is compared with the data of named persons; the difference is named, never accepted.

Source: domain handbook 6.4 (V22), 6.5: figures are derived from named people, never typed over them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from models.rules.figures import Figures


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wrote of a unit in numbers. None: not said. present, absent: of those expected in the classroom.

    well: nobody is said to be unwell (无异常, 均正常). everybody: all are said to be there or to have reported (全勤).
    """

    enrolled: int | None = None
    expected: int | None = None
    present: int | None = None
    absent: int | None = None
    due: int | None = None
    reported: int | None = None
    unreported: int | None = None
    fever: int | None = None
    sick_absence: int | None = None
    personal_leave: int | None = None
    everybody: bool = False
    well: bool = False

    @property
    def says_something(self) -> bool:
        return self != Typed()


@dataclass(frozen=True, slots=True)
class Difference:
    """One number that is not what the named data give. name: as in `Figures`, or present, absent, unwell."""

    name: str
    typed: int
    derived: int


def compare(typed: Typed, figures: Figures, *, staff: bool) -> list[Difference]:
    """Every difference between what was typed and what the named data of the unit give, in reading order; none: it fits.

    Pupils are compared with pupils and staff with staff. Absences are those entered by name, on whatever day.
    """
    derived = _derived(figures, staff)
    found = [
        Difference(name, wanted, derived[name])
        for name, wanted in _wanted(typed, derived)
        if name in derived and wanted != derived[name]
    ]
    return list(dict.fromkeys(found))


def _wanted(typed: Typed, derived: dict[str, int]) -> Iterator[tuple[str, int]]:
    for field in fields(typed):
        value = getattr(typed, field.name)
        if isinstance(value, int) and not isinstance(value, bool):
            yield field.name, value
    expected = derived["expected"] if typed.expected is None else typed.expected
    if typed.present is not None and typed.absent is None:
        yield "absent", expected - typed.present
    if typed.everybody:
        yield "absent", 0
    if typed.well:
        yield "unwell", 0
        yield "unreported", 0


def _derived(figures: Figures, staff: bool) -> dict[str, int]:
    if staff:
        due = figures.staff_due
        return {
            "enrolled": due,
            "expected": due,
            "due": due,
            "reported": figures.staff_reported,
            "unreported": figures.staff_unreported,
            "fever": figures.staff_fever,
            "unwell": figures.staff_symptomatic + figures.staff_alerted,
        }
    return {
        "enrolled": figures.enrolled,
        "expected": figures.expected,
        "present": figures.expected - figures.absences,
        "absent": figures.absences,
        "due": figures.due,
        "reported": figures.reported,
        "unreported": figures.unreported,
        "fever": figures.fever,
        "sick_absence": figures.sick_absence,
        "personal_leave": figures.personal_leave,
        "unwell": figures.symptomatic + figures.alerted,
    }
