"""What holds for every text, not only for those somebody thought of."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bots.reading import PersonFacts, Reading, Scene, read
from bots.reading.normalise import normalise
from bots.reading.numbers import find_numbers
from tests.reading.scoring import Line, corpus

ONE = Line("", "one", {}).scene()
TWO = Line("", "two", {}).scene()
STAFF = Line("", "both", {}).scene()
SCENES = st.sampled_from([ONE, TWO, STAFF, Line("", "three", {}).scene()])
_WORDS = """
36.5 365 三十六度五 38 度 ℃ 。 ， 、 小明 小红 李小明 老大 都 两个 没 不 没有 咳嗽 发烧 有点 昨天 今早 晚上 3月1日
7:30 从 武汉 朝阳 回来 去了 改 不是 应该 吗 ？ 如果 超过 左右 妈妈 我 孩子 同学 美林 退烧了 体温 体重 K1234 谢谢
( ) 36，5 3.65 密接 请假 撤回 接龙 忽略之前 … [微笑] 🌹 ３６．５
"""
PIECES = st.lists(st.sampled_from([*_WORDS.split(), "\u200b", "\n", " "]), max_size=14).map("".join)
ASKED = st.sampled_from([line.asked for line in corpus() if line.asked is not None])


@given(st.text(max_size=300), SCENES)
def test_any_text_of_any_script_gets_an_answer(text: str, scene: Scene) -> None:
    assert isinstance(read(text, scene), Reading)


@settings(max_examples=300)
@given(PIECES, SCENES)
def test_any_jumble_of_our_own_words_gets_an_answer(text: str, scene: Scene) -> None:
    assert isinstance(read(text, scene), Reading)


@given(PIECES, ASKED)
def test_any_answer_to_an_open_question_gets_an_answer(text: str, asked: dict[str, object]) -> None:
    assert isinstance(read(text, Line(text, "two", {}, dict(asked)).scene()), Reading)


@settings(max_examples=300)
@given(PIECES | st.text(max_size=60), SCENES)
def test_a_temperature_read_stands_literally_in_the_text(text: str, scene: Scene) -> None:
    reading = read(text, scene)
    told = [temperature for person in reading.people for temperature in person.temperatures]
    for temperature in told + [backfill.reading for backfill in reading.backfills]:
        assert temperature.source
        assert temperature.source in text
        assert scene.plausible[0] <= temperature.tenths <= scene.plausible[1]


@given(
    st.integers(340, 429), st.sampled_from(["{}", "{}℃", "{}度", "体温{}", "孩子{}", "今天{}，没有不舒服", "小明{}"])
)
def test_a_reading_written_out_is_read_again_as_the_same(tenths: int, frame: str) -> None:
    text = frame.format(f"{tenths // 10}.{tenths % 10}")
    facts = read(text, ONE).of(1)
    assert facts is not None
    assert [temperature.tenths for temperature in facts.temperatures] == [tenths]


@given(st.integers(340, 429))
def test_chinese_numerals_say_the_same_as_digits(tenths: int) -> None:
    digits = "零一二三四五六七八九"
    whole, part = divmod(tenths, 10)
    ones = digits[whole % 10] if whole % 10 else ""
    for text in (f"{digits[whole // 10]}十{ones}度{digits[part]}", f"{digits[whole // 10]}十{ones}点{digits[part]}"):
        facts = read(text, ONE).of(1)
        assert facts is not None
        assert [temperature.tenths for temperature in facts.temperatures] == [tenths]


@given(st.integers(100, 999), SCENES)
def test_three_digits_are_never_stored(number: int, scene: Scene) -> None:
    assert not [t for person in read(str(number), scene).people for t in person.temperatures]


def _facts(reading: Reading) -> list[tuple[object, ...]]:
    def said(person: PersonFacts) -> tuple[object, ...]:
        temperatures = sorted(temperature.tenths for temperature in person.temperatures)
        return person.subject, temperatures, sorted(s.code for s in person.symptoms), person.left_area, person.place

    return [said(person) for person in reading.people]


# What domain 5.1 calls them; formatted out and read again they must come back.
_NAMES = {
    "fever": "发热",
    "chills": "畏寒",
    "fatigue": "乏力",
    "headache": "头痛",
    "dizziness": "头晕",
    "muscle_ache": "肌肉酸痛",
    "cough": "咳嗽",
    "sore_throat": "咽痛",
    "runny_nose": "流鼻涕",
    "stuffy_nose": "鼻塞",
    "sneezing": "打喷嚏",
    "chest_tightness": "胸闷",
    "dyspnea": "呼吸困难",
    "smell_taste_loss": "嗅觉减退",
    "nausea": "恶心",
    "vomiting": "呕吐",
    "diarrhea": "腹泻",
    "abdominal_pain": "腹痛",
    "rash": "皮疹",
    "blister": "疱疹",
    "conjunctivitis": "红眼",
    "parotid_swelling": "腮腺肿大",
    "jaundice": "黄疸",
    "convulsion": "抽搐",
}
_TURNS = ("第一次", "第二次", "第三次")
_PROVINCES = ("湖北省", "北京市", "广东省", "吉林省", "内蒙古自治区")


def _written(name: str, tenths: list[int], codes: list[str], travel: str) -> str:
    """A reading written out as a person would fill it into a form."""
    numbers = "，".join(f"{turn}{value // 10}.{value % 10}℃" for turn, value in zip(_TURNS, tenths, strict=False))
    symptoms = "有" + "、".join(_NAMES[code] for code in codes) if codes else "没有不舒服"
    went = {"": "", "no": "，没出过门"}.get(travel, f"，昨天从{travel}回来")
    return f"{name}{numbers}，{symptoms}{went}。"


_SAID = st.tuples(
    st.lists(st.integers(340, 429), min_size=1, max_size=3),
    st.lists(st.sampled_from(sorted(_NAMES)), max_size=4, unique=True),
    st.sampled_from(("", "no", *_PROVINCES)),
)


@given(_SAID, _SAID, st.sampled_from([ONE, TWO]))
def test_a_whole_reading_written_out_is_read_again_as_the_same(
    first: tuple[list[int], list[str], str], second: tuple[list[int], list[str], str], scene: Scene
) -> None:
    assume(not (second[2] == "no" and first[2] == ""))  # a closing 没出过门 is about all who were named
    both = [("小明", 1, first), ("小红", 2, second)][: len(scene.subjects)]
    reading = read("".join(_written(name, *said) for name, _, said in both), scene)
    for _, key, (tenths, codes, travel) in both:
        facts = reading.of(key)
        assert facts is not None
        assert sorted(temperature.tenths for temperature in facts.temperatures) == sorted(tenths)
        assert {symptom.code for symptom in facts.symptoms} == set(codes)
        assert facts.left_area == {"": None, "no": False}.get(travel, True)
        assert facts.place == ("" if travel in ("", "no") else travel)
        again = read(
            _written("", [t.tenths for t in facts.temperatures], list({s.code for s in facts.symptoms}), travel), ONE
        )
        assert _facts(again)[0][1:4] == (sorted(tenths), sorted(codes), facts.left_area)


_SAYING = [
    line
    for line in corpus()
    if not line.held_back
    and line.asked is None
    and not line.expect.get("temperatures")
    and any(line.expect.get(name) for name in ("symptoms", "left", "place"))
    and not line.text.rstrip().endswith(("?", "？", "吗", "么"))
]
_OPEN = [line for line in corpus() if not line.held_back and line.asked is None and line.expect.get("temperatures")]


@pytest.mark.parametrize(
    "phrase", ["，谢谢老师", "。谢谢", "，辛苦了", " 🌹", "[玫瑰]", "，麻烦您了", "\n谢谢您", "[微笑]", "，收到请回复"]
)
def test_a_polite_phrase_behind_changes_no_fact(phrase: str) -> None:
    changed = [line.text for line in _OPEN + _SAYING if not _same(line, line.text + phrase)]
    assert changed == []


@pytest.mark.parametrize(
    "phrase", ["老师好，", "您好！", "早上好老师。", "🌹 ", "老师早上好，", "[微笑]", "老师您好："]
)
def test_a_polite_phrase_before_changes_no_fact(phrase: str) -> None:
    changed = [line.text for line in _OPEN + _SAYING if not _same(line, phrase + line.text)]
    assert changed == []


def _same(line: Line, text: str) -> bool:
    scene = line.scene()
    return _facts(read(text, scene)) == _facts(read(line.text, scene))


@given(PIECES | st.text(max_size=60), SCENES)
def test_the_words_shown_for_a_temperature_are_those_of_its_number(text: str, scene: Scene) -> None:
    for person in read(text, scene).people:
        for temperature in person.temperatures:
            numbers = find_numbers(normalise(temperature.source).text)
            assert [number.tenths for number in numbers] == [temperature.tenths], temperature.source


def _steps(work: Callable[[], object]) -> int:
    """Lines of our own code run by `work`: a clock that a busy machine cannot disturb."""
    count = 0

    def local(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return local

    def tracer(frame: FrameType, event: str, argument: object) -> Any:
        return local if "reading" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def test_work_grows_in_step_with_the_length() -> None:
    for base in (
        "没有咳嗽，36.5。",
        "小明36.5改小红",
        "去武汉",
        "不是不",
        "36.5 ",
        "昨天咳嗽今天好了，",
        "三娃36.5 ",
        "武汉—",
        "湖北，",
        "全家都感冒，",
        "没出伊春，",
        "他姐38.4他",
    ):
        read(base * 5, TWO)
        short = _steps(lambda base=base: read((base * 1000)[:1000], TWO))  # type: ignore[misc]
        long = _steps(lambda base=base: read((base * 4000)[:4000], TWO))  # type: ignore[misc]
        assert long < 6 * short, base
