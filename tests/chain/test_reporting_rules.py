"""How reports are signed is data: the strict zero, its scope by level, when the deputy may sign."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.files.district import DistrictFileError, read_district
from models.rules.district import Reporting
from models.rules.figures import Figures, may_be_zero, zero_kind
from tests.play import Play


def _decides(play: Play, **given: object) -> None:
    play.district = replace(play.district, reporting=replace(play.district.reporting, **given))  # type: ignore[arg-type]


def test_where_the_zero_is_strict_nobody_may_be_missing(play_on_both: Play) -> None:
    play = play_on_both
    _decides(play, strict_zero=True)
    play.clock("10:05")
    assert "还没有报齐。本区规定全部报齐才能零报告，现在签报会记为日报。" in play.say("江畔报告人", "零报告")
    assert play.say("江畔报告人", "确认").startswith("已上报：江畔中学日报，10:05")
    assert "本区规定全部报齐才能零报告" in play.say("卫老师", "班级")
    for who in ("舟妈", "卫老师", "江畔报告人", "江畔校长"):
        play.say(who, "36.5")
    play.say("卫老师", "班级")
    assert play.say("卫老师", "确认").startswith("已确认：七年级1班零报告")
    play.say("江畔报告人", "零报告")
    assert play.say("江畔报告人", "确认").startswith("已上报：江畔中学零报告，10:05")


def test_the_scope_of_a_zero_is_data_by_level() -> None:
    cough = Figures(due=30, reported=30, symptomatic=1, cough=1)
    assert zero_kind(cough, "class_unit") == ""
    assert zero_kind(cough, "class_unit", Reporting(zero_scope_class=("fever",))) == "full"
    assert zero_kind(cough, "school") == "full"
    assert zero_kind(cough, "school", Reporting(zero_scope_school=("symptomatic",))) == ""


@pytest.mark.parametrize("name", ["alerted", "new_confirmed", "new_suspected", "new_close_contact"])
def test_no_district_takes_alerts_and_new_cases_out_of_the_scope(name: str) -> None:
    bare = Reporting(zero_scope_class=(), zero_scope_school=())
    for level in ("class_unit", "grade", "school"):
        assert not may_be_zero(replace(Figures(due=30, reported=30), **{name: 1}), level, bare)


def test_from_when_the_deputy_may_sign_is_data(play: Play) -> None:
    _decides(play, deputy_lead_minutes=30)
    play.clock("09:59")
    assert "10:00以后" in play.say("副报告人", "零报告")
    play.clock("10:00")
    assert "由B角签报" in play.say("副报告人", "确认")


def test_the_file_says_what_may_be_written(tmp_path: Path) -> None:
    file = tmp_path / "district.toml"
    file.write_text(
        '[district]\nname = "春江区"\n[reporting]\nstrict_zero = true\nprincipal_cosign = "always"\n'
        'zero_scope_school = ["fever"]\nanswer_minutes = 5\nschool_next = ["principal"]\n',
        encoding="utf-8",
    )
    reporting = read_district(file).reporting
    assert (reporting.strict_zero, reporting.principal_cosign, reporting.answer_minutes) == (True, "always", 5)
    assert (reporting.zero_scope_school, reporting.school_next) == (("fever",), ("principal",))
    file.write_text('[district]\nname = "春江区"\n[reporting]\nzero_scope_class = ["体温"]\n', encoding="utf-8")
    with pytest.raises(DistrictFileError, match=r"第 4 行：reporting.zero_scope_class 应为列名的列表；可用：fever"):
        read_district(file)
