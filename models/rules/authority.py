"""Who may see, sign, return and act for which unit (domain handbook 2.4, 2.5, 6.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Protocol

from models.rules.district import Reporting


class Place(Protocol):
    """A unit, as far as authority looks at it."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def school_id(self) -> int | None: ...
    @property
    def grade_id(self) -> int | None: ...


class Duty(Protocol):
    """A post, as far as authority looks at it."""

    @property
    def role(self) -> str: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def delegated_by(self) -> int | None: ...


class Sight(IntEnum):
    """How much of a unit somebody may see; each includes the ones before."""

    NOTHING = 0
    COUNTS = 1
    EXCEPTIONS = 2  # names of the abnormal and of the unreported
    NAMES = 3


#: How long before the school's deadline the deputy may sign (2.5), where the district says nothing else.
DEPUTY_LEAD = timedelta(minutes=15)

#: Who holds a unit's report: the first of these that somebody holds.
HOLDERS = {
    "class_unit": ("head_teacher", "deputy_head_teacher"),
    "grade": ("grade_head",),
    "school": ("designated_reporter", "deputy_reporter"),
}
#: Roles of a school that look over all of it, and how closely.
_SCHOOL_SIGHT = {
    "academic_office": Sight.COUNTS,
    "duty_leader": Sight.COUNTS,
    "designated_reporter": Sight.EXCEPTIONS,
    "deputy_reporter": Sight.EXCEPTIONS,
    "school_doctor": Sight.EXCEPTIONS,
    "principal": Sight.EXCEPTIONS,
}
#: Roles of the bureau that look over every school, by counts.
BUREAU = frozenset(
    {
        "district_officer",
        "district_leader",
        "wg_coordination",
        "wg_emergency",
        "wg_logistics",
        "wg_study",
        "wg_security",
        "wg_isolation",
    }
)
#: Roles of a school that may remind its classes by hand.
REMINDERS = ("academic_office", "designated_reporter", "deputy_reporter", "principal", "duty_leader")
#: Who may let a large occasion go, and stop or resume all sending.
APPROVERS = frozenset({"district_officer", "district_leader"})
#: Who may end an alert (domain handbook 0.4: cancelling takes the teacher or the doctor; the reporter signs for both).
SETTLERS = ("head_teacher", "deputy_head_teacher", "school_doctor", "designated_reporter", "deputy_reporter")
#: Who judges whether a fever is to be reported (domain handbook 4.5).
JUDGES = ("designated_reporter", "deputy_reporter", "principal")
OVERSEERS = frozenset(_SCHOOL_SIGHT) | BUREAU


def sight(duties: Iterable[Duty], place: Place) -> Sight:
    """How much of `place` the holder of these posts may see: the best of all their hats."""
    best = Sight.NOTHING
    for duty in duties:
        if duty.role in {"head_teacher", "deputy_head_teacher"} and duty.unit_id == place.id:
            best = max(best, Sight.NAMES)
        elif duty.role == "grade_head" and duty.unit_id in {place.id, place.grade_id}:
            best = max(best, Sight.EXCEPTIONS)
        elif duty.role in _SCHOOL_SIGHT and duty.unit_id in {place.id, place.school_id}:
            best = max(best, _SCHOOL_SIGHT[duty.role])
        elif duty.role in BUREAU:
            best = max(best, Sight.COUNTS)
    return best


def signing(
    duties: Iterable[Duty], place: Place, at: datetime, deadline: datetime, lead: timedelta = DEPUTY_LEAD
) -> str | None:
    """In which capacity the holder of these posts signs the report of `place` at `at`; None: they may not.

    "" the holder; delegate: whom the holder has asked to act until a day; deputy_head_teacher; deputy_reporter (由B角签报), from `lead` before the deadline; principal;
    acted_for: the level above acts for an absent holder. The strongest hat counts.
    """
    found: list[str] = []
    for duty in duties:
        here, above = duty.unit_id == place.id, duty.unit_id == place.school_id
        match place.kind, duty.role:
            case ("class_unit", "head_teacher") | ("grade", "grade_head") | ("school", "designated_reporter") if here:
                found.append("" if duty.delegated_by is None else "delegate")
            case "class_unit", "deputy_head_teacher" if here:
                found.append("deputy_head_teacher")
            case "school", "principal" if here:
                found.append("principal")
            case "school", "deputy_reporter" if here and at >= deadline - lead:
                found.append("deputy_reporter")
            case "class_unit", "grade_head" if duty.unit_id == place.grade_id:
                found.append("acted_for")
            case (("class_unit" | "grade"), ("academic_office" | "designated_reporter" | "principal")) if above:
                found.append("acted_for")
            case _:
                pass
    order = ("", "delegate", "deputy_head_teacher", "principal", "deputy_reporter", "acted_for")
    return min(found, key=order.index, default=None)


def wants_cosign(reporting: Reporting, *, is_zero: bool, capacity: str) -> bool:
    """Whether a school's signed report still needs its principal's name beside the reporter's (6.6)."""
    if capacity == "principal" or reporting.principal_cosign == "never":
        return False
    return reporting.principal_cosign == "always" or not is_zero


def may_return(duties: Iterable[Duty], place: Place) -> bool:
    """A return goes to the level directly below; where that level has nobody, the next one above it may."""
    for duty in duties:
        above = duty.unit_id == place.school_id and duty.unit_id != place.id
        if place.kind == "class_unit" and (
            (duty.role == "grade_head" and duty.unit_id == place.grade_id)
            or (duty.role in {"academic_office", "designated_reporter", "principal"} and above)
        ):
            return True
        if place.kind == "grade" and duty.role in {"academic_office", "designated_reporter", "principal"} and above:
            return True
        if place.kind == "school" and duty.role in {"district_officer", "wg_emergency"}:
            return True
    return False


def own_hats(duties: Sequence[Duty]) -> list[tuple[str, int]]:
    """The reports these posts answer for, as (level, unit): class_unit, grade, office, school; each once.

    office: the academic office's table of grades and staff; its unit is the school.
    """
    levels = {
        "head_teacher": "class_unit",
        "deputy_head_teacher": "class_unit",
        "grade_head": "grade",
        "academic_office": "office",
        "designated_reporter": "school",
        "deputy_reporter": "school",
        "principal": "school",
    }
    return list(dict.fromkeys((levels[duty.role], duty.unit_id) for duty in duties if duty.role in levels))
