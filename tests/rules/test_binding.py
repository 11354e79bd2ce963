"""The rules of binding (contract 8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.binding import (
    ALPHABET,
    LENGTH,
    after_wrong_code,
    bare_code,
    canonical,
    code_in,
    free_rank,
    locked_until,
    scene_code,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
codes = st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH)
FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in ALPHABET + ALPHABET.lower()}


@given(codes, st.sampled_from(["", " ", "-", "　", " - "]), st.booleans(), st.booleans())
def test_a_code_in_any_writing_is_the_same_code(code: str, gap: str, is_lower: bool, is_wide: bool) -> None:
    written = gap.join((code[:4], code[4:]))
    written = written.lower() if is_lower else written
    written = written.translate(FULL_WIDTH) if is_wide else written
    assert canonical(written) == code
    for before in ("", " ", "：", "码 ", "码是", "　"):
        for after in ("", "。", " 谢谢", "，林林妈妈"):
            assert code_in(before + written + after) == code
    assert bare_code(written) == ("" if code.isdigit() else code)
    assert scene_code(f"bind_{written}") == code


@pytest.mark.parametrize(
    "text", ["36.5", "12345678", "3652 3653", "password", "你好", "", "林林36.5", "K1234", "hello world", "ACDE34679"]
)
def test_what_is_no_code_alone(text: str) -> None:
    assert bare_code(text) == ""


@pytest.mark.parametrize("text", ["林林", "红旗小学三年级2班 林林", "三(2)班", "。", ""])
def test_names_and_classes_hold_no_code(text: str) -> None:
    assert code_in(text) == ""


@pytest.mark.parametrize("scene", ["", "poster", "7", "BINDING"])
def test_other_scenes_hold_no_code(scene: str) -> None:
    assert scene_code(scene) == ""


@given(st.text())
def test_reading_a_code_never_fails(text: str) -> None:
    for found in (code_in(text), bare_code(text), scene_code(text), scene_code("bind_" + text)):
        assert isinstance(found, str)


@given(st.lists(st.integers(min_value=0, max_value=5000), min_size=1, max_size=40))
def test_only_ten_wrong_codes_within_an_hour_of_the_first_lock(gaps: list[int]) -> None:
    count, since, now = 0, None, NOON
    for gap in gaps:
        now += timedelta(seconds=gap)
        count, since = after_wrong_code(count, since, now)
        assert now - since < timedelta(hours=1)
        until = locked_until(count, since, now)
        assert (until is not None) == (count >= 10)
        if until is not None:
            assert now < until <= now + timedelta(hours=1)
            assert locked_until(count, since, until) is None


def test_four_guardians_and_no_fifth() -> None:
    taken: list[int] = []
    while (rank := free_rank(taken)) is not None:
        taken.append(rank)
    assert taken == [1, 2, 3, 4]
    assert free_rank([1, 3, 4]) == 2
