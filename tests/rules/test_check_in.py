"""What one person's answers of a day come to (domain handbook 3, 4; contract 9, 10)."""

from __future__ import annotations

from hypothesis import given

from models.rules.check_in import Health, Measured, marks_of, merge, result_of, says_more
from models.rules.district import Disease
from tests.rules.test_alerts import ANY

DISEASE = Disease()


def reading(*tenths: int) -> Health:
    return Health(readings=tuple(Measured(value) for value in tenths))


def test_all_readings_are_kept_and_the_highest_counts() -> None:
    assert merge(reading(375), reading(368)).tenths == 375
    assert len(merge(reading(375), reading(368)).readings) == 2


def test_a_correction_replaces_the_readings() -> None:
    assert merge(reading(375), reading(368), correction=True).readings == (Measured(368),)


def test_a_normal_reading_after_medicine_counts_as_fever() -> None:
    assert result_of(Health(readings=(Measured(368),), antipyretic=True), DISEASE) == "fever"
    assert "fever" in marks_of(Health(readings=(Measured(368),), antipyretic=True), DISEASE)


def test_an_onset_goes_with_its_symptom() -> None:
    old = Health(readings=(Measured(365),), symptoms=("cough",), onsets=("cough:2026-03-01",))
    assert merge(old, Health(symptoms=("rash",))).onsets == ("cough:2026-03-01",)
    assert merge(old, Health(denied_all=True)).onsets == ()
    assert merge(old, Health(symptoms=("cough",), onsets=("cough:2026-02-28",))).onsets == ("cough:2026-02-28",)


def test_contact_denied_is_an_answer() -> None:
    assert Health.from_json(Health(contact=False).to_json()).contact is False
    assert Health.from_json(Health().to_json()).contact is None


def test_the_same_symptoms_in_another_order_say_nothing_new() -> None:
    old = Health(readings=(Measured(365),), symptoms=("cough", "rash"))
    assert not says_more(old, Health(readings=(Measured(365),), symptoms=("rash", "cough")))


@given(ANY)
def test_what_is_kept_comes_back_as_it_was(health: Health) -> None:
    assert Health.from_json(health.to_json()) == health


@given(ANY, ANY)
def test_saying_the_same_again_makes_no_revision(first: Health, second: Health) -> None:
    assert not says_more(first, first)
    merged = merge(first, second)
    assert not says_more(merged, merged)
