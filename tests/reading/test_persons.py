"""Whose number it is: the writer's own, who only measured, owners behind, children told apart."""

from __future__ import annotations

import pytest

from bots.reading import AskKind, read
from tests.reading.scoring import Line


def stored(text: str, cast: str = "one") -> dict[int, list[int]]:
    """The readings of today of each person."""
    reading = read(text, Line(text, cast, {}).scene())
    return {facts.subject: [t.tenths for t in facts.temperatures] for facts in reading.people if facts.temperatures}


@pytest.mark.parametrize(
    "text",
    ["我36.6", "我今早36.6", "我也36.7", "我发烧38.5了", "36.9是我的", "我跟他爸都36.8", "我把自己的体温写上了36.5"],
)
def test_a_guardians_own_number_is_no_childs(text: str) -> None:
    assert stored(text) == {}


@pytest.mark.parametrize(
    ("text", "tenths"),
    [
        ("我有点咳嗽，36.8，孩子36.5", [365]),
        ("我量了36.9，孩儿他爸37.1，娃最低，36.2", [362]),
        ("我昨天加班回来36.9，孩子36.4", [364]),
        ("先给我自己试了一下37.1，给娃量36.8", [368]),
        ("我，36.4；孩子，36.5", [365]),
        ("我血压150，体温36.9；孙子体温36.4", [364]),
    ],
)
def test_the_writer_and_the_child_each_have_their_own(text: str, tenths: list[int]) -> None:
    assert stored(text) == {1: tenths}


@pytest.mark.parametrize(
    ("text", "tenths"),
    [
        ("姥爷老花眼看成36.9，我瞅的是36.5", [365]),
        ("他爷非说是三十八度，我重新一看是36度8", [368]),
        ("他爸给量的36.8，我不信又给量一遍36.6", [368, 366]),
        ("我揪着耳朵盯着他重新量的，36.6", [366]),
        ("我把体温计塞他胳肢窝里都没醒，36.2", [362]),
        ("昨天这时候38.5我都快哭了，今天36.7", [367]),
        ("我就带他去医院，现在37.6", [376]),
    ],
)
def test_who_only_acts_does_not_own_the_number(text: str, tenths: list[int]) -> None:
    assert stored(text) == {1: tenths}


def test_what_the_writer_did_before_the_number_makes_it_doubtful() -> None:
    text = "我打疫苗37.8"
    reading = read(text, Line(text, "one", {}).scene())
    assert not reading.people or not any(facts.temperatures for facts in reading.people)


def test_a_child_that_writes_is_that_child() -> None:
    assert stored("我是李小明，我妈上班了，今天我是36.6") == {1: [366]}
    assert stored("我是李小明的妈妈，我36.6") == {}


@pytest.mark.parametrize(
    ("text", "cast", "expected"),
    [
        ("刚帮对门孩子量的38.2，回来给小明量36.5", "one", {1: [365]}),
        ("保姆先给自己量36.3，又给小明量36.6", "one", {1: [366]}),
        ("让孩子给他爸量体温，37.4；孩子36.6", "one", {1: [366]}),
        ("儿子给我量36.8，我给儿子量36.5", "both", {9: [368], 1: [365]}),
        ("给她哥量了36.5，给我量了36.8，给狗量了38.7", "two", {}),
        ("奶奶量36.2，我量36.4，孩子量36.6", "one", {1: [366]}),
        ("小明他爸量的36.5，小红36.4", "two", {1: [365], 2: [364]}),
    ],
)
def test_whoever_is_measured_owns_the_number(text: str, cast: str, expected: dict[int, list[int]]) -> None:
    assert stored(text, cast) == expected


@pytest.mark.parametrize(
    ("text", "cast", "expected"),
    [
        ("37.9，小明。36.6，小红。", "two", {1: [379], 2: [366]}),
        ("量了俩，36.5的是乐乐，36.8的是小红", "three", {3: [365], 2: [368]}),
        ("小红那个37.2其实是小明的", "two", {1: [372]}),
        ("36.5是他的，36.9是我的", "one", {1: [365]}),
        ("那个37.8是我同事家的，孩子36.5", "one", {1: [365]}),
        ("一个36.5一个36.8，36.8的是大的那个", "two", {1: [368], 2: [365]}),
        ("两个娃36.4、36.7，前头是哥哥的", "two", {1: [364], 2: [367]}),
        ("36.7（小明，刚刷完牙），我到校门口再测", "both", {1: [367]}),
        ("小红36.6是我亲眼看的", "two", {2: [366]}),
    ],
)
def test_owners_may_stand_behind(text: str, cast: str, expected: dict[int, list[int]]) -> None:
    assert stored(text, cast) == expected


@pytest.mark.parametrize(
    ("text", "cast", "expected"),
    [
        ("小明、小红、乐乐依次36.3、36.4、36.8", "three", {1: [363], 2: [364], 3: [368]}),
        ("我和儿子分别36.3、36.6", "both", {9: [363], 1: [366]}),
        ("小明，乐乐，36.6；小红，36.3", "three", {1: [366], 3: [366], 2: [363]}),
        ("仨里头俩36.4，就小红36.7", "three", {1: [364], 3: [364], 2: [367]}),
        ("乐乐36.6；小明小红昨天才回，他俩都36.5", "three", {3: [366], 1: [365], 2: [365]}),
        ("小红咳，小明不咳，前者36.9后者36.5", "two", {2: [369], 1: [365]}),
        ("1号李小明36.3，2号李小红36.5", "two", {1: [363], 2: [365]}),
        ("小红在姥姥那屋睡的，姥姥说36.4；小明36.5", "two", {2: [364], 1: [365]}),
        ("小红赢了，36.7，小明输了，一量36.3", "two", {2: [367], 1: [363]}),
        ("大孙子三十六度四，小孙女三十六度七", "two", {1: [364], 2: [367]}),
    ],
)
def test_children_are_told_apart_by_each_other(text: str, cast: str, expected: dict[int, list[int]]) -> None:
    assert stored(text, cast) == expected


@pytest.mark.parametrize("text", ["他姐量了37.2，他没量呢", "女儿36.3儿子36.9", "俩娃数是36.6和36.2，谁是谁没记住"])
def test_words_that_do_not_tell_which_child_are_asked(text: str) -> None:
    reading = read(text, Line(text, "two", {}).scene())
    assert not any(facts.temperatures for facts in reading.people)
    assert any(ask.kind == AskKind.WHICH_PERSON for ask in reading.asks)


@pytest.mark.parametrize(
    "text", ["韩梓轩37.9回家了，我36.4", "班里李想37.5已联系家长，我本人36.4", "体育老师38.1没来，我36.4"]
)
def test_beside_a_teachers_own_number_a_stranger_is_left_out(text: str) -> None:
    reading = read(text, Line(text, "staff", {}).scene())
    assert stored(text, "staff") == {9: [364]}
    assert not [ask for ask in reading.asks if ask.candidates]


@pytest.mark.parametrize(
    ("text", "cast", "expected"),
    [
        ("我们巴郎子36度7", "one", {1: [367]}),
        ("大佬36.5，细妹36.7", "two", {1: [365], 2: [367]}),
        ("哥老倌36.5，妹娃子37.0", "two", {1: [365], 2: [370]}),
        ("靓仔36.5", "one", {1: [365]}),
        ("婶子家老三37.3，我家小明36.8", "one", {1: [368]}),
        ("小明跟楼下小胖玩，小胖今儿个就38.4了，我家这个36.4", "one", {1: [364]}),
        ("王婶量的36.5", "one", {1: [365]}),
    ],
)
def test_words_for_children_and_kin_of_many_regions(text: str, cast: str, expected: dict[int, list[int]]) -> None:
    assert stored(text, cast) == expected


def test_a_doubtful_reading_of_the_only_child_left_is_asked_and_not_passed_over() -> None:
    text = "小红36.4，小明白白胖胖壮壮36.5"
    assert stored(text, "two") == {2: [364]}
    reading = read(text, Line(text, "two", {}).scene())
    assert [(ask.subject, ask.candidates) for ask in reading.asks if ask.kind == AskKind.CONFIRM_VALUE] == [(1, (365,))]
