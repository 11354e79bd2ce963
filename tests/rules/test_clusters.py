"""When several illnesses are a signal (domain handbook 4.6, 15.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.check_in import Health, Measured
from models.rules.clusters import DEFAULTS, NAMES, SIMILAR, Onset, diagnoses_in, reached, rules_in_force, syndromes_of
from models.rules.district import ClusterRule, Disease
from tests.cast import MONDAY

DISEASE = Disease()


def fell(person: int, day: date = MONDAY, syndrome: str = "digestive", class_id: int = 7) -> Onset:
    return Onset(person, syndrome, day, class_id=class_id, grade_id=4, school_id=2)


def codes(onsets: list[Onset], new: Onset) -> set[str]:
    return {one.rule.code for one in reached(DEFAULTS, onsets, new)}


def test_three_in_a_class_on_one_day_are_a_signal_and_two_are_not() -> None:
    assert codes([fell(1)], fell(2)) == set()
    assert codes([fell(1), fell(2)], fell(3)) == {"R1-1"}


def test_five_in_three_consecutive_days_are_a_signal_and_four_or_four_days_are_not() -> None:
    days = [MONDAY - timedelta(days=2), MONDAY - timedelta(days=2), MONDAY - timedelta(days=1), MONDAY]
    four = [fell(number, day) for number, day in enumerate(days, start=1)]
    assert codes(four[:3], four[3]) == set()
    assert codes(four, fell(5)) == {"R1-3"}
    assert codes([fell(1, MONDAY - timedelta(days=3)), *four[1:]], fell(5)) == set()


def test_other_classes_and_other_symptoms_are_not_counted_together() -> None:
    assert codes([fell(1), fell(2, class_id=8)], fell(3)) == set()
    assert codes([fell(1), fell(2, syndrome="rash")], fell(3)) == set()


def test_a_person_is_counted_once_however_often_they_report() -> None:
    assert codes([fell(1), fell(1, MONDAY), fell(2)], fell(2)) == set()


def test_vomiting_needs_no_fever_to_be_a_signal() -> None:
    assert syndromes_of(Health(readings=(Measured(365),), symptoms=("vomiting",)), DISEASE) == {"digestive"}


@pytest.mark.parametrize(
    ("tenths", "symptoms", "is_ili"),
    [(379, ("cough",), False), (380, ("cough",), True), (385, ("sore_throat",), True), (385, ("runny_nose",), False)],
)
def test_influenza_like_begins_at_38_with_cough_or_sore_throat(
    tenths: int, symptoms: tuple[str, ...], is_ili: bool
) -> None:
    found = syndromes_of(Health(readings=(Measured(tenths),), symptoms=symptoms), DISEASE)
    assert ("ili" in found) is is_ili


def test_a_diagnosis_is_counted_only_where_one_was_stated() -> None:
    assert syndromes_of(Health(), DISEASE, "水痘") == set()
    assert syndromes_of(Health(statements=("diagnosis",)), DISEASE, "医院说是水痘") == {"chickenpox"}
    assert diagnoses_in("手足口病") == {"hfmd"}


def test_every_rule_names_its_source_and_a_syndrome_we_know() -> None:
    assert len({rule.code for rule in DEFAULTS}) == len(DEFAULTS)
    for rule in DEFAULTS:
        assert rule.source
        assert str(rule.count) in rule.text
        assert rule.syndrome == "similar" or rule.syndrome in NAMES


def test_a_district_replaces_a_rule_by_its_code_and_rules_have_their_days() -> None:
    own = ClusterRule("R1-1", "class_unit", "similar", 1, 2, "2例", "本区通知", to_date=MONDAY)
    rules = rules_in_force([own], DEFAULTS)
    assert [rule.count for rule in rules if rule.code == "R1-1"] == [2]
    assert not reached(rules, [fell(1)], fell(2))
    before = MONDAY - timedelta(days=1)
    assert [one.rule.source for one in reached(rules, [fell(1, before)], fell(2, before))] == ["本区通知"]


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 6), st.sampled_from(SIMILAR)), max_size=40),
    st.tuples(st.integers(1, 12), st.integers(0, 6), st.sampled_from(SIMILAR)),
)
def test_a_signal_is_raised_exactly_where_its_window_holds_enough_people(
    others: list[tuple[int, int, str]], last: tuple[int, int, str]
) -> None:
    onsets = [fell(person, MONDAY + timedelta(days=shift), name) for person, shift, name in others]
    new = fell(last[0], MONDAY + timedelta(days=last[1]), last[2])
    found = codes(onsets, new)
    same = [one for one in (*onsets, new) if one.syndrome == new.syndrome]
    in_a_day = {one.person_id for one in same if one.day == new.day}
    windows = [
        {one.person_id for one in same if first <= one.day <= first + timedelta(days=2)}
        for first in (new.day - timedelta(days=back) for back in range(3))
    ]
    assert ("R1-1" in found) is (len(in_a_day) >= 3)
    assert ("R1-3" in found) is (max(map(len, windows)) >= 5)
