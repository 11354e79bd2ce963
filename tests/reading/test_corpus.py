"""The open part of the corpus must stay above the goals of issue 3; the held-back third is only measured."""

from __future__ import annotations

import pytest

from tests.reading.scoring import EXAMINER, ROUNDS, Figures, corpus, score


@pytest.fixture(scope="module")
def open_part() -> Figures:
    return score([line for line in corpus() if not line.held_back])


def test_the_corpus_holds_1500_messages_that_differ_and_a_third_is_held_back() -> None:
    lines = list(corpus())
    assert len({(line.text, line.cast, line.hour, str(line.asked)) for line in lines}) == len(lines) >= 1500
    assert 0.28 < sum(line.held_back for line in lines) / len(lines) < 0.40


def test_no_number_is_stored_that_was_not_meant(open_part: Figures) -> None:
    assert open_part.not_meant == 0, "\n".join(open_part.failures)


def test_temperatures_are_exactly_right(open_part: Figures) -> None:
    assert open_part.right("temperatures") >= 0.995, "\n".join(open_part.failures)


def test_what_is_clear_is_not_asked_back(open_part: Figures) -> None:
    assert open_part.asked_though_clear <= 0.01 * open_part.clear, "\n".join(open_part.failures)


@pytest.mark.parametrize("what", ["symptoms", "left", "place", "asks"])
def test_symptoms_travel_place_and_questions_reach_their_goals(open_part: Figures, what: str) -> None:
    assert open_part.right(what) >= 0.98, "\n".join(open_part.failures)


@pytest.mark.parametrize("what", ["denied", "household", "backfills", "intent", "pending", "danger", "cases"])
def test_what_is_only_sometimes_expected_is_read_too(open_part: Figures, what: str) -> None:
    assert open_part.total[what] > 0
    assert open_part.right(what) >= 0.95, "\n".join(open_part.failures)


@pytest.fixture(scope="module")
def examiner() -> Figures:
    return score(list(corpus(EXAMINER)))


def test_an_examiner_who_had_not_read_the_code_finds_the_goals_kept(examiner: Figures) -> None:
    told = "\n".join(examiner.failures)
    assert examiner.lines >= 800
    assert examiner.not_meant == 0, told
    assert examiner.right("temperatures") >= 0.995, told
    assert examiner.asked_though_clear <= 0.01 * examiner.clear, told


@pytest.mark.parametrize("what", ["symptoms", "left", "place", "asks", "danger", "denied", "pending"])
def test_bodies_journeys_and_danger_of_the_examiners_messages_are_read(examiner: Figures, what: str) -> None:
    assert examiner.total[what] > 0
    assert examiner.right(what) >= 0.98, "\n".join(examiner.failures)


@pytest.fixture(scope="module")
def rounds() -> Figures:
    return score(list(corpus(ROUNDS)))


def test_what_the_later_rounds_taught_is_not_lost_again(rounds: Figures) -> None:
    """Hostile messages, stories and dictated texts: the floor is what was reached, and only ever rises."""
    told = "\n".join(rounds.failures)
    assert rounds.lines >= 4_100
    assert rounds.not_meant <= 2, told
    assert rounds.right("temperatures") >= 0.96, told
    assert rounds.asked_though_clear <= 0.05 * rounds.clear, told


@pytest.mark.parametrize("what", ["symptoms", "left", "place", "asks"])
def test_bodies_journeys_and_questions_of_the_later_rounds_are_read(rounds: Figures, what: str) -> None:
    assert rounds.right(what) >= 0.98, "\n".join(rounds.failures)
