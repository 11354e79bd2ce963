"""Sums, zeros, rates and what does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.figures import (
    NAMES,
    Figures,
    completeness,
    may_be_zero,
    rate,
    timeliness,
    total,
    validate,
    zero_kind,
    zero_scope,
)

counts = st.integers(0, 2000)
figures = st.builds(
    Figures,
    **{name: counts for name in NAMES if name not in {"present", "absent"}},
    present=st.none() | counts,
    absent=st.none() | counts,
)
LEVELS = ("class_unit", "grade", "school", "district")


@given(st.lists(figures, max_size=6))
def test_a_sum_is_the_sum_of_every_column_whatever_the_grouping(parts: list[Figures]) -> None:
    whole = total(parts)
    for name in NAMES:
        known = [getattr(part, name) for part in parts if getattr(part, name) is not None]
        assert getattr(whole, name) == (sum(known) if known or name not in {"present", "absent"} else None)
    assert total([total(parts[:2]), total(parts[2:])]) == whole


@given(figures)
def test_figures_survive_being_kept(one: Figures) -> None:
    assert Figures.from_json(one.to_json()) == one


@given(figures, st.dictionaries(st.sampled_from(["fever", "reported", "staff_fever"]), st.integers(-5, 5)))
def test_changes_are_added(one: Figures, changes: dict[str, int]) -> None:
    after = one.plus(changes)
    assert all(getattr(after, name) == getattr(one, name) + change for name, change in changes.items())


def test_presence_nobody_counted_is_not_zero_presence() -> None:
    assert total([Figures(due=3), Figures(due=2)]).present is None
    assert "present" not in Figures().to_json()
    assert Figures.from_json({"present": 0}).present == 0


@given(figures, st.sampled_from(LEVELS))
def test_nothing_with_a_fever_or_in_the_scope_is_ever_a_zero(one: Figures, level: str) -> None:
    if zero_kind(one, level):
        assert not any(getattr(one, name) for name in zero_scope(level))
        assert one.fever <= one.judged
        assert one.staff_fever <= one.staff_judged
        assert one.due + one.staff_due > 0


@given(figures, st.sampled_from(LEVELS))
def test_a_full_zero_has_heard_everybody(one: Figures, level: str) -> None:
    if zero_kind(one, level) == "full":
        assert one.unreported == 0
        assert one.staff_unreported == 0
        assert level == "class_unit" or one.classes_filed >= one.classes


def test_a_runny_nose_ends_the_zero_of_a_class_and_not_of_a_school() -> None:
    one = Figures(due=30, reported=30, symptomatic=1, other_symptom=1)
    assert not may_be_zero(one, "class_unit")
    assert zero_kind(one, "school") == "full"


def test_a_fever_makes_it_a_report_at_every_level_until_it_is_judged() -> None:
    one = Figures(due=30, reported=30, fever=1, symptomatic=1)
    assert [zero_kind(one, level) for level in LEVELS] == ["", "", "", ""]
    assert zero_kind(replace(one, judged=1), "school") == "full"
    assert zero_kind(replace(one, judged=1), "class_unit") == ""


def test_a_danger_told_of_somebody_not_heard_yet_is_no_zero() -> None:
    assert zero_kind(Figures(due=30, reported=29, alerted=1), "school") == ""


def test_missing_people_or_classes_qualify_a_zero() -> None:
    assert zero_kind(Figures(due=30, reported=29), "class_unit") == "qualified"
    assert zero_kind(Figures(due=30, reported=29, exempt=1), "class_unit") == "full"
    assert zero_kind(Figures(due=30, reported=30, classes=2, classes_filed=1), "school") == "qualified"
    assert zero_kind(Figures(due=30, reported=30, staff_due=2, staff_reported=1), "school") == "qualified"


def test_nobody_due_is_nobodys_zero() -> None:
    assert zero_kind(Figures(), "school") == ""


@given(counts, counts)
def test_a_rate_reaches_a_hundred_only_when_nobody_is_missing(part: int, whole: int) -> None:
    part = min(part, whole)
    shown = rate(part, whole)
    if whole == 0:
        assert shown == "—"
    else:
        assert (shown == "100.0%") == (part == whole)
        assert abs(float(shown.removesuffix("%")) - 100 * part / whole) <= 0.1


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        pytest.param(0, 0, "—", id="nothing due"),
        pytest.param(0, 5, "0.0%", id="nobody"),
        pytest.param(1, 3, "33.3%", id="a third"),
        pytest.param(2, 3, "66.7%", id="half up"),
        pytest.param(9996, 10000, "99.9%", id="not rounded up to all"),
        pytest.param(5, 5, "100.0%", id="all"),
    ],
)
def test_rates_have_one_decimal(part: int, whole: int, shown: str) -> None:
    assert rate(part, whole) == shown


def test_late_answers_are_complete_and_not_timely() -> None:
    one = Figures(due=10, reported=8, on_time=6)
    assert (completeness(one), timeliness(one)) == ("80.0%", "60.0%")


SOUND = Figures(
    enrolled=30, expected=30, due=30, reported=28, on_time=27, fever=1, cough=1, symptomatic=2, sick_absence=1
)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        pytest.param(replace(SOUND, expected=31), "V01", id="more expected than enrolled"),
        pytest.param(replace(SOUND, present=20, absent=1), "V02", id="presence does not add up"),
        pytest.param(replace(SOUND, present=28, absent=2), "V03", id="absences do not add up"),
        pytest.param(replace(SOUND, reported=31), "V04", id="more reported than due"),
        pytest.param(replace(SOUND, symptomatic=0), "V06", id="a symptom without anybody who has it"),
        pytest.param(replace(SOUND, symptomatic=31, other_symptom=31), "V07", id="more ill than there are"),
        pytest.param(replace(SOUND, in_key_region=31), "V09", id="more away than there are"),
    ],
)
def test_figures_that_do_not_fit_cannot_be_signed(wrong: Figures, code: str) -> None:
    assert code in {finding.code for finding in validate(wrong) if finding.blocks}
    assert not [finding for finding in validate(SOUND) if finding.blocks]


def test_a_sum_that_is_not_the_sum_of_its_parts_is_found() -> None:
    parts = [SOUND, replace(SOUND, fever=0, symptomatic=1)]
    assert "V14" not in {finding.code for finding in validate(total(parts), children=parts)}
    assert "V14" in {finding.code for finding in validate(total(parts).plus({"fever": 1}), children=parts)}


def test_what_is_odd_is_a_warning() -> None:
    found = validate(replace(SOUND, sick_absence=4), yesterday=SOUND, signed=replace(SOUND, enrolled=29))
    assert {finding.code for finding in found if not finding.blocks} == {"V15", "V19", "V20"}
