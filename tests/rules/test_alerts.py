"""Which alerts an answer raises (domain handbook 5.7)."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.alerts import (
    LEVELS,
    RULES,
    STAND_INS,
    Finding,
    add_facts,
    contradicts,
    findings,
    height,
    highest,
    roles_told,
)
from models.rules.check_in import GROUPS, Health, Measured, is_fever
from models.rules.district import Disease

DISEASE = Disease()


def told(tenths: int | None = None, **said: object) -> Health:
    return Health(readings=() if tenths is None else (Measured(tenths),), **said)  # type: ignore[arg-type]


def codes(health: Health) -> set[str]:
    return {finding.code for finding in findings(health, DISEASE)}


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        pytest.param(told(365), set(), id="an ordinary morning"),
        pytest.param(told(372), set(), id="just below the fever line"),
        pytest.param(told(373), {"A01"}, id="on the fever line"),
        pytest.param(told(symptoms=("fever",)), {"A01"}, id="the word without a number"),
        pytest.param(told(365, recent_fever=True), {"A01"}, id="a fever within 24 hours"),
        pytest.param(told(365, symptoms=("dyspnea",)), {"A02", "A06"}, id="short of breath"),
        pytest.param(told(365, symptoms=("convulsion",)), {"A02"}, id="a convulsion"),
        pytest.param(told(danger=("unconscious",)), {"A02"}, id="unconscious, no number"),
        pytest.param(told(390, symptoms=("fatigue",)), {"A01", "A02"}, id="39.0 and listless"),
        pytest.param(told(389, symptoms=("fatigue",)), {"A01"}, id="38.9 and listless"),
        pytest.param(told(380, contact=True), {"A01", "A03"}, id="fever and contact"),
        pytest.param(told(380, contact=False), {"A01"}, id="fever, contact denied"),
        pytest.param(told(365, contact=True), {"A08"}, id="contact without fever"),
        pytest.param(told(365, statements=("close_contact",)), {"A04"}, id="said to be a close contact"),
        pytest.param(told(365, statements=("excluded",)), set(), id="said to be excluded"),
        pytest.param(told(365, household_statements=("confirmed",)), {"A05"}, id="a case at home"),
        pytest.param(told(365, symptoms=("cough",)), {"A06"}, id="a cough"),
        pytest.param(told(380, symptoms=("cough",)), {"A01"}, id="a cough with fever is the fever's"),
        pytest.param(told(365, symptoms=("rash",)), set(), id="a rash is neither respiratory nor digestive"),
        pytest.param(told(365, household_symptoms=("fever",)), {"A10"}, id="fever at home"),
        pytest.param(told(365, household_symptoms=("cough",)), set(), id="a cough at home"),
        pytest.param(told(368, antipyretic=True), {"A15"}, id="medicine and a normal reading"),
        pytest.param(told(380, antipyretic=True), {"A01"}, id="medicine and still a fever"),
    ],
)
def test_what_an_answer_raises(health: Health, expected: set[str]) -> None:
    assert codes(health) == expected


def test_back_from_a_key_region_without_isolation_goes_to_the_isolation_group() -> None:
    trip = {"place": "武汉", "province": "湖北省", "key_region": "湖北", "returned_on": "2026-03-01"}
    assert codes(told(365, left_area=True, trips=(trip,))) == {"A08", "A09"}
    assert codes(told(365, left_area=True, trips=(trip,), statements=("home_isolation",))) == {"A09"}
    away = {**trip, "away_now": True}
    assert codes(told(365, left_area=True, trips=(away,), where="other_province")) == {"A09"}
    assert codes(told(378, left_area=True, trips=(trip,))) == {"A01", "A03", "A08", "A09"}


def test_another_district_of_the_own_city_is_no_journey() -> None:
    near = {"place": "南山区", "far": False}
    assert codes(told(365, left_area=True, trips=(near,))) == set()


def test_a_journey_whose_place_is_not_said_is_registered_all_the_same() -> None:
    assert codes(told(365, left_area=True)) == {"A09"}
    assert codes(told(365, left_area=False)) == set()


def test_the_most_urgent_comes_first() -> None:
    found = findings(told(390, symptoms=("fatigue", "cough"), household_symptoms=("fever",)), DISEASE)
    assert [finding.code for finding in found] == ["A02", "A01", "A10"]


def test_an_unconfirmed_reading_says_so() -> None:
    (found,) = findings(told(386), DISEASE, unconfirmed=True)
    assert found.facts["unconfirmed"] is True


def test_staff_are_told_of_through_their_own_chain() -> None:
    assert "head_teacher" in roles_told("A01", "student")
    assert roles_told("A01", "staff")[:2] == ("grade_head", "academic_office")
    assert "head_teacher" not in roles_told("A06", "staff")


def test_every_code_has_a_level_and_every_role_a_rule_for_who_stands_in() -> None:
    for code, (level, roles) in RULES.items():
        assert level in LEVELS, code
        assert roles, code
        for role in (*roles, *roles_told(code, "staff")):
            assert role in STAND_INS, role


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        pytest.param(told(365), told(368), False, id="both normal"),
        pytest.param(told(365), told(378), True, id="normal, then fever"),
        pytest.param(told(381), told(365), True, id="fever, then normal"),
        pytest.param(told(365, symptoms=("cough",)), told(365, denied=("cough",)), True, id="cough, then denied"),
        pytest.param(told(365, denied_all=True), told(365, symptoms=("rash",)), True, id="nothing, then a rash"),
        pytest.param(told(365, symptoms=("cough",)), told(365), False, id="cough, then not mentioned"),
    ],
)
def test_what_two_guardians_say_may_contradict(earlier: Health, later: Health, expected: bool) -> None:
    assert contradicts(earlier, later, DISEASE) is expected


def test_later_facts_are_added_and_the_highest_reading_stays() -> None:
    old = {"tenths": 385, "readings": [385], "symptoms": ["cough"]}
    new = {"tenths": 378, "readings": [378], "symptoms": ["fatigue"]}
    assert add_facts(old, new) == {"tenths": 385, "readings": [385, 378], "symptoms": ["cough", "fatigue"]}


def test_a_confirmation_takes_the_doubt_away_and_doubt_does_not_come_back() -> None:
    doubtful = {"tenths": 386, "readings": [386], "unconfirmed": True}
    certain = {"tenths": 386, "readings": [386]}
    assert add_facts(doubtful, certain) == certain
    assert add_facts(certain, doubtful) == certain
    assert add_facts(doubtful, {"later": [365]}) == {**doubtful, "later": [365]}


def test_highest_knows_the_order_of_levels() -> None:
    assert highest(["yellow", "red", "orange"]) == "red"
    assert highest([]) == ""
    assert height("red+") > height("red") > height("orange") > height("yellow") > height("grey")


ANY = st.builds(
    Health,
    readings=st.lists(st.integers(340, 429), max_size=3).map(lambda t: tuple(Measured(x) for x in t)),
    symptoms=st.lists(st.sampled_from([c for g in GROUPS.values() for c in g]), unique=True, max_size=4).map(tuple),
    left_area=st.sampled_from([None, True, False]),
    contact=st.sampled_from([None, True, False]),
    antipyretic=st.booleans(),
    statements=st.lists(st.sampled_from(["close_contact", "excluded", "home_isolation"]), unique=True).map(tuple),
)


@given(ANY, ANY)
def test_facts_are_plain_json_and_adding_them_twice_changes_nothing(first: Health, second: Health) -> None:
    def by_code(health: Health) -> dict[str, Finding]:
        return {finding.code: finding for finding in findings(health, DISEASE)}

    one, two = by_code(first), by_code(second)
    for code in one.keys() & two.keys():
        merged = add_facts(one[code].facts, two[code].facts)
        assert json.loads(json.dumps(merged)) == merged
        assert add_facts(merged, two[code].facts) == merged


@given(ANY)
def test_every_fever_reaches_a_human(health: Health) -> None:
    if is_fever(health, DISEASE):
        assert "A01" in codes(health)
