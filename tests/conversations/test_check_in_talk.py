"""The talk around a report: plans, the family's journeys, answers nobody asked for, questions in passing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert

from models.tables import KeyRegionRow
from tests.cast import MONDAY, at
from tests.conversations.test_check_in import recorded
from tests.conversations.test_check_in_alerts import alerts
from tests.play import Play


def test_a_plan_is_noted_and_is_no_journey(play: Play) -> None:
    said = play(
        """
【07:40】
奶奶: 36.5
奶奶: 明天我们去哈尔滨看他姥姥
奶奶: 今天
"""
    )
    assert "打算3月3日去黑龙江省哈尔滨" in said
    assert "还没出发就先不算外出" in said
    assert alerts(play) == {}


def test_a_journey_of_the_family_to_a_key_region_reaches_the_teacher(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(
            insert(KeyRegionRow).values(
                name="武汉市", code="420100", from_date=date(2026, 1, 1), added_at=at("07:00"), added_by="test"
            )
        )
    play("【07:40】\n奶奶: 36.5")
    said = play.say("奶奶", "孩子他爸昨天从武汉回来了")
    assert "同住人去过湖北省武汉，3月1日返回" in said
    assert "已告知班主任" in said
    (told,) = play.owed("陈老师", "alert")
    assert "同住人去过湖北省武汉" in told
    assert "重点地区武汉市" in told


def test_a_journey_of_the_family_elsewhere_is_noted_without_alarm(play: Play) -> None:
    said = play("【07:40】\n奶奶: 36.5\n奶奶: 孩子他爸从哈尔滨回来了")
    assert "同住人去过黑龙江省哈尔滨" in said
    assert "老师会看到" in said
    assert alerts(play) == {}


def test_an_answer_is_taken_though_nobody_asked_for_it_yet(play: Play) -> None:
    said = play(
        """
【07:40】
小明爸爸: 我们回老家了
小明爸爸: 哈尔滨
小明爸爸: 下周三回
小明爸爸: 上周五来的
小明爸爸: 36.4
"""
    )
    assert said.rstrip().endswith(
        "机器人: 记下了（3月2日）：李小明，36.4℃，2月27日起现在黑龙江省哈尔滨，预计3月11日返回。"
        "如有不对，回复“改”和正确的内容就能更正。行程已登记，老师会看到；返校请等学校通知，返回后请告诉我一声。"
        "还请回复“登记行程”，补充李小明的车次、同行人和接触情况，一分钟左右。"
    )


def test_a_word_of_time_completes_nothing_where_nothing_is_open(play: Play) -> None:
    said = play("【07:40】\n小明爸爸: 36.4\n小明爸爸: 下周三回")
    assert "预计" not in said
    assert len([line for line in said.splitlines() if "记下了" in line]) == 1


def test_questions_in_passing_are_answered_and_the_thread_is_taken_up(play: Play) -> None:
    said = play(
        """
【07:40】
爸爸: 林林38.2，有点咳嗽
爸爸: 要去哪个医院啊
爸爸: 前天开始的
爸爸: 啥时候开学
爸爸: 多少度算发烧
"""
    )
    hospital, cough, school, fever = (line for line in said.splitlines()[4:] if line.startswith("机器人"))
    assert "发热门诊" in hospital
    assert hospital.endswith("刚才还想请问：林林咳嗽是从什么时候开始的？")
    assert "咳嗽（2月28日起）" in cough
    assert "以学校通知为准" in school
    assert "37.3℃" in fever


def test_an_alert_that_grows_says_each_fact_once(play: Play) -> None:
    play("【07:40】\n爸爸: 林林38.2，有点咳嗽\n爸爸: 她喘不上气了")
    urgent = play.owed("校医", "alert")[-1]
    assert urgent.count("咳嗽") == 1
    assert urgent.startswith("【紧急、发热】三年级2班 林林：38.2℃")
    assert MONDAY.isoformat() not in urgent


def test_what_is_said_of_a_stranger_is_asked_back_and_not_kept(play: Play) -> None:
    said = play(
        """
【07:40】
爸爸: 王刚发烧了38.5
爸爸: 不是
爸爸: 刘洋没事36.5
"""
    )
    assert "记下了" not in said
    assert said.count("您说的是林林吗？") == 2
    assert alerts(play) == {}
    assert play.say("爸爸", "对").startswith("记下了（3月2日）：林林，36.5℃")


def test_a_further_reading_that_is_no_higher_calls_only_the_teacher_again(play: Play) -> None:
    play("【07:40】\n爸爸: 38.1")
    before = {who: len(play.owed(who, "alert")) for who in ("陈老师", "校医", "报告人")}
    play("【08:30】\n爸爸: 37.6")
    assert {who: len(play.owed(who, "alert")) for who in before} == before | {"陈老师": before["陈老师"] + 1}
    play("【09:10】\n爸爸: 38.9")
    assert {who: len(play.owed(who, "alert")) for who in ("校医", "报告人")} == {"校医": 2, "报告人": 2}


def test_a_lower_reading_does_not_ask_again_who_has_taken_it_on(play: Play) -> None:
    play("【07:40】\n爸爸: 38.1\n校医: 收到\n爸爸: 37.2")
    assert alerts(play)["林林", "A01"]["acknowledged_by"] == play.cast.people["校医"]


def test_what_a_teacher_says_of_a_pupil_is_never_the_teachers_own(play: Play) -> None:
    play("【09:06】\n陈老师: 李小明退烧了")
    assert alerts(play) == {}


def test_another_days_reading_stays_that_days_when_the_child_is_named_afterwards(play: Play) -> None:
    said = play(
        """
【07:40】
妈妈: 昨天的是36.7
妈妈: 林林
妈妈: 对
妈妈: 今天
"""
    )
    assert "要补记到林林的3月1日吗" in said
    assert "记下了（3月1日）：林林，36.7℃" in said
    assert "林林：今天还没报" in said


def test_a_journey_whose_traveller_is_named_afterwards_is_shown_at_once(play: Play) -> None:
    play("【07:40】\n妈妈: 去了北京")
    assert "林林去过北京" in play.say("妈妈", "林林")
    assert "林林2月20日去北京，2月28日返回" in play.say("妈妈", "2月20到28号")


def test_first_and_last_day_answer_both_questions_of_a_journey(play: Play) -> None:
    play("【07:40】\n奶奶: 36.5 去了北京")
    said = play.say("奶奶", "20号去的28号回的")
    assert "2月20日去北京，2月28日返回" in said
    assert "哪天" not in said
    play("【07:50】\n小明爸爸: 36.5 去了北京")
    assert "预计3月5日返回" in play.say("小明爸爸", "2月25号到3月5号")


def test_a_question_about_tomorrow_is_no_onset(play: Play) -> None:
    play("【07:40】\n奶奶: 36.5 有点咳")
    said = play.say("奶奶", "明天能上学吗")
    assert "3月3日" not in said
    assert "（3月1日起）" in play.say("奶奶", "昨天")


def test_a_yes_to_nothing_never_claims_a_record(play: Play) -> None:
    said = play("【07:40】\n奶奶: 昨天367\n奶奶: 对\n校医: 你好\n校医: 对")
    assert "已经记下" not in said
    assert "请发王乐乐今天的体温数字" in said
    assert "已经记下了" in play("【07:45】\n奶奶: 36.5\n奶奶: 对")


def test_staff_are_not_sent_to_a_teacher(play: Play) -> None:
    said = play("【07:40】\n校医: 怎么看没报的\n局领导: 红旗小学怎么样\n校医: 我今天请假\n校医: 36.5 食堂今天吃什么")
    assert "联系老师" not in said
    assert "班主任" not in said
    assert "联系老师" in play.say("奶奶", "36.5 食堂今天吃什么")


def test_a_number_that_is_no_reading_is_said_not_to_be_recorded(play: Play) -> None:
    said = play("【07:40】\n奶奶: 不到37\n奶奶: 37路公交停了\n奶奶: 今天")
    assert said.count("没有看到明确的体温，没有记录") == 2
    assert "今天还没报" in said


def test_a_number_beside_an_unknown_thing_is_asked_with_its_likely_value_and_kept_on_yes(play: Play) -> None:
    said = play.say("小明爸爸", "发酵箱显示36.5")
    assert "36.5℃吗" in said
    assert recorded(play, "李小明") == []
    assert play.say("小明爸爸", "是").startswith("记下了")
    assert [row["tenths"] for row in recorded(play, "李小明")] == [[365]]


@pytest.mark.parametrize("text", ["对，体重", "可以，晚点", "嗯？"])
def test_a_yes_taken_back_in_the_same_breath_keeps_nothing_and_is_answered(play: Play, text: str) -> None:
    play.say("小明爸爸", "365")
    assert play.say("小明爸爸", text)
    assert recorded(play, "李小明") == []
    assert play.say("小明爸爸", "36.6").startswith("记下了")
    assert [row["tenths"] for row in recorded(play, "李小明")] == [[366]]


def test_a_yes_of_yesterday_is_offered_for_yesterday(play: Play) -> None:
    play.say("小明爸爸", "365")
    said = play.say("小明爸爸", "对，不过是昨天的")
    assert "3月1日" in said
    assert recorded(play, "李小明") == []


def test_whose_reading_it_is_stays_open_where_the_answer_names_neither(play: Play) -> None:
    play.say("林妈妈", "36.6")
    assert play.say("林妈妈", "都不是")
    assert recorded(play, "林森") == []
    assert recorded(play, "林林") == []


def test_a_reading_in_jest_is_not_kept(play: Play) -> None:
    play.say("小明爸爸", "36.5，逗你玩的，还没量")
    assert recorded(play, "李小明") == []


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("林森已经转学了", {"吴老师"}),
        ("我不是林林的家长，你们绑错了", {"陈老师"}),
        ("林林不想报了，别再问", {"陈老师"}),
        ("孩子转学了", set()),
        ("发错人了吧，我不是家长", set()),
        ("家里没有体温计", {"吴老师", "陈老师"}),  # a matter of the family: each hears of the own child
    ],
)
def test_only_the_teacher_of_the_child_that_is_meant_hears(play_on_both: Play, text: str, who: set[str]) -> None:
    play = play_on_both
    said = play.say("妈妈", text)
    told = {name: play.owed(name) for name in ("吴老师", "陈老师", "黄老师") if play.owed(name)}
    assert set(told) == who
    for name, texts in told.items():
        assert all(("林林" if name == "陈老师" else "林森") in one for one in texts)
        assert not any(("林森" if name == "陈老师" else "林林") in one for one in texts)
    assert ("请写上名字" in said) is (not who)


def test_the_only_child_needs_no_name(play: Play) -> None:
    play.say("奶奶", "孩子转学了")
    assert "王乐乐的家长说" in play.owed("陈老师")[0]


def test_the_teacher_hears_how_a_fever_was_measured_again(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n奶奶: 37.5\n奶奶: 腋下量了36.8")
    first, second = play.owed("陈老师", "alert")
    assert "37.5℃（家长" in first
    assert "共测37.5℃、36.8℃，其中腋温36.8℃" in second
    assert len(play.owed("校医", "alert")) == 1  # no higher: nobody else is called again


def test_who_is_back_from_a_key_region_hears_to_stay_at_home_and_who_decides(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(
            insert(KeyRegionRow).values(
                name="武汉市", code="420100", from_date=date(2026, 1, 1), added_at=at("07:00"), added_by="test"
            )
        )
    play.clock("08:00")
    said = play.say("奶奶", "36.5 昨天从武汉回来")
    assert "请先留在家里，不要到校，按社区要求报备；每天早晚各量一次体温发给我" in said
    assert "能否到校以学校通知为准" in said


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("社区通知孩子是密接", ("已如实记下", "请先留在家里", "以疾控和医院的通知为准")),
        ("孩子爸爸确诊了", ("孩子也请先留在家里，不要到校", "尽量分开住")),
        ("36.5 昨天接触了一个确诊的", ("有接触史", "请先留在家里", "以疾控和医院的通知为准")),
        ("孩子爷爷发烧了", ("尽量分开住",)),
    ],
)
def test_a_word_about_a_case_gets_its_next_steps_in_the_same_reply(
    play_on_both: Play, text: str, steps: tuple[str, ...]
) -> None:
    play = play_on_both
    play.clock("08:00")
    said = play.say("奶奶", text)
    for step in (*steps, "已告知班主任"):
        assert step in said
    assert play.owed("陈老师", "alert")


def test_a_contact_without_fever_reaches_teacher_and_bureau_and_nobody_calls_it_a_close_one(play: Play) -> None:
    play.clock("08:00")
    play.say("奶奶", "36.5 昨天接触了一个确诊的")
    (told,) = play.owed("陈老师", "alert")
    assert "【接触史】三年级2班 王乐乐：有接触史" in told
    assert "是否认定由疾控判断" in told
    assert "密接" not in told
    assert alerts(play)["王乐乐", "A08"]["level"] == "orange"
    play.say("小明爸爸", "36.5 没接触过确诊的")
    assert ("李小明", "A08") not in alerts(play)


@pytest.mark.parametrize("text", ["33.2", "43.5", "29.9℃", "45.0度"])
def test_a_number_no_body_has_is_said_to_be_left_out(play: Play, text: str) -> None:
    play.clock("08:00")
    said = play.say("可妈", text)
    assert "不像是体温，没有记录" in said
    assert "赵可今天的体温" in said
    assert "收到" not in said
    assert recorded(play, "赵可") == []
    assert "37.5℃吗" in (asked := play.say("可妈", "99.5"))  # a thermometer set to the other scale
    assert "不像是体温" not in asked
    assert "不像是体温" not in play.say("可妈", "36.5")
