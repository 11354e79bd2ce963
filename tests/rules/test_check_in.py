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


BEIJING = {"place": "北京", "province": "北京市", "code": "110000"}
WUHAN = {"place": "武汉", "province": "湖北省", "code": "420100"}


def away(*trips: dict[str, object], left_area: bool | None = True, place: str = "") -> Health:
    return Health(left_area=left_area, trips=trips, place=place)


def test_what_is_said_of_a_journey_later_adds_to_it() -> None:
    merged = merge(
        away({**BEIJING, "away_now": True, "left_on": "2026-02-20"}), away({**BEIJING, "returned_on": "2026-03-01"})
    )
    assert merged.trips == ({**BEIJING, "left_on": "2026-02-20", "returned_on": "2026-03-01"},)


def test_a_second_journey_does_not_replace_the_first() -> None:
    assert merge(away(BEIJING), away(WUHAN, place="湖北省")).trips == (BEIJING, WUHAN)


def test_a_place_that_is_found_takes_the_unknown_ones_stead() -> None:
    assert merge(away({"place": "老家", "away_now": True}), away({**WUHAN, "away_now": True})).trips == (
        {**WUHAN, "away_now": True},
    )


def test_never_having_left_ends_every_journey() -> None:
    merged = merge(away(BEIJING, place="北京市"), Health(left_area=False))
    assert (merged.left_area, merged.trips, merged.place) == (False, (), "")


def test_a_journey_too_long_ago_takes_only_itself_back() -> None:
    assert merge(away(WUHAN, place="湖北省"), away(WUHAN, left_area=None)).left_area is None
    merged = merge(away(BEIJING, WUHAN, place="湖北省"), away(WUHAN, left_area=None))
    assert (merged.left_area, merged.trips, merged.place) == (True, (BEIJING,), "北京市")


def test_what_is_not_said_of_journeys_leaves_them() -> None:
    old = away(BEIJING, place="北京市")
    assert merge(old, reading(365)).trips == (BEIJING,)
