"""Who may see, sign and return what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from models.rules.authority import Sight, may_return, own_hats, sight, signing
from tests.cast import at


@dataclass(frozen=True)
class Place:
    id: int
    kind: str
    school_id: int | None
    grade_id: int | None


@dataclass(frozen=True)
class Duty:
    role: str
    unit_id: int
    delegated_by: int | None = None


BUREAU = Place(1, "district", None, None)
SCHOOL, OTHER = Place(2, "school", 2, None), Place(9, "school", 9, None)
GRADE, CLASS = Place(3, "grade", 2, 3), Place(4, "class_unit", 2, 3)
DEADLINE = at("10:30")


@pytest.mark.parametrize(
    ("role", "unit", "place", "how"),
    [
        pytest.param("head_teacher", 4, CLASS, Sight.NAMES, id="own class by name"),
        pytest.param("head_teacher", 5, CLASS, Sight.NOTHING, id="not another class"),
        pytest.param("grade_head", 3, CLASS, Sight.EXCEPTIONS, id="exceptions of the grade"),
        pytest.param("academic_office", 2, CLASS, Sight.COUNTS, id="counts for the office"),
        pytest.param("designated_reporter", 2, SCHOOL, Sight.EXCEPTIONS, id="abnormal ones of the school"),
        pytest.param("principal", 2, OTHER, Sight.NOTHING, id="not another school"),
        pytest.param("district_officer", 1, SCHOOL, Sight.COUNTS, id="counts for the bureau"),
        pytest.param("gatekeeper", 2, SCHOOL, Sight.NOTHING, id="no health at the gate"),
        pytest.param("logistics_clerk", 2, SCHOOL, Sight.NOTHING, id="no health in the store"),
    ],
)
def test_everybody_sees_as_much_as_their_post_needs(role: str, unit: int, place: Place, how: Sight) -> None:
    assert sight([Duty(role, unit)], place) is how


@pytest.mark.parametrize(
    ("role", "unit", "place", "capacity"),
    [
        pytest.param("head_teacher", 4, CLASS, "", id="the head teacher"),
        pytest.param("deputy_head_teacher", 4, CLASS, "deputy_head_teacher", id="stands in"),
        pytest.param("grade_head", 3, CLASS, "acted_for", id="the level above acts"),
        pytest.param("grade_head", 3, GRADE, "", id="the grade head"),
        pytest.param("academic_office", 2, GRADE, "acted_for", id="the office acts for a grade"),
        pytest.param("principal", 2, SCHOOL, "principal", id="the principal always"),
        pytest.param("head_teacher", 4, SCHOOL, None, id="a head teacher never for the school"),
        pytest.param("district_officer", 1, SCHOOL, None, id="the bureau never for a school"),
        pytest.param("school_doctor", 2, SCHOOL, None, id="the doctor never"),
    ],
)
def test_who_signs_and_in_which_capacity(role: str, unit: int, place: Place, capacity: str | None) -> None:
    assert signing([Duty(role, unit)], place, at("09:00"), DEADLINE) == capacity


def test_the_deputy_signs_from_a_quarter_of_an_hour_before_the_deadline() -> None:
    deputy = [Duty("deputy_reporter", 2)]
    assert signing(deputy, SCHOOL, at("10:15") - timedelta(seconds=1), DEADLINE) is None
    assert signing(deputy, SCHOOL, at("10:15"), DEADLINE) == "deputy_reporter"
    assert signing(deputy, SCHOOL, at("12:00"), DEADLINE) == "deputy_reporter"


def test_of_several_hats_the_holders_counts() -> None:
    one = [Duty("principal", 2), Duty("designated_reporter", 2), Duty("head_teacher", 4)]
    assert signing(one, SCHOOL, at("09:00"), DEADLINE) == ""
    assert own_hats(one) == [("school", 2), ("class_unit", 4)]


def test_a_report_is_returned_from_above_only() -> None:
    assert may_return([Duty("grade_head", 3)], CLASS)
    assert may_return([Duty("academic_office", 2)], GRADE)
    assert may_return([Duty("district_officer", 1)], SCHOOL)
    assert not may_return([Duty("head_teacher", 4)], CLASS)
    assert not may_return([Duty("grade_head", 3)], GRADE)
    assert not may_return([Duty("designated_reporter", 2)], SCHOOL)
    assert not may_return([Duty("district_leader", 1)], SCHOOL)
