"""From an answer to the people who must look at it, in one transaction (domain handbook 3.7, 4, 5.7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from models.rules.push import Lane
from models.tables import Alert, Audit, Binding, Outbox, Post
from tests.cast import MONDAY, at
from tests.conversations.test_check_in import recorded
from tests.play import Play

A_HIGH_FEVER = """
【08:10】
奶奶: 38.2
机器人: 记下了（3月2日）：王乐乐，38.2℃。如有不对，回复“改”和正确的内容就能更正。王乐乐发热，已告知班主任、校医、学校疫情报告人。请先留在家里，不要到校，戴好口罩，尽快到医院发热门诊就诊，就诊后把结果告诉我们。如呼吸困难、抽搐或叫不醒，请立即拨打120。请问王乐乐还有没有咳嗽、乏力、拉肚子等不舒服？没有请回“没有”。
奶奶: 没有
机器人: 记下了（3月2日）：王乐乐，38.2℃，无其他不适。如有不对，回复“改”和正确的内容就能更正。
"""

A_LITTLE_HIGH = """
【08:10】
可妈: 37.5
机器人: 记下了（3月2日）：赵可，37.5℃。如有不对，回复“改”和正确的内容就能更正。赵可体温37.5℃偏高，已告知班主任、校医、学校疫情报告人。请先留在家里，不要到校；让孩子安静休息15分钟，用体温计量一下腋温，再把数字告诉我。
【08:30】
可妈: 腋下36.9
机器人: 记下了（3月2日）：赵可，37.5℃（共2次：37.5、36.9，按最高的算）。如有不对，回复“改”和正确的内容就能更正。谢谢您又量了一次，记录都会保留，老师会看到。今天请继续留在家里观察。请问赵可还有没有咳嗽、乏力、拉肚子等不舒服？没有请回“没有”。
"""

FEVER_WITHOUT_A_NUMBER = """
【08:10】
舟妈: 孩子发烧了
机器人: 周舟发热，已告知班主任、学校疫情报告人。请先留在家里，不要到校，戴好口罩，尽快到医院发热门诊就诊，就诊后把结果告诉我们。如呼吸困难、抽搐或叫不醒，请立即拨打120。为了留下准确记录，请补充周舟今天的体温是多少度，比如：36.5。
舟妈: 38.4
机器人: 记下了（3月2日）：周舟，38.4℃，发热。如有不对，回复“改”和正确的内容就能更正。周舟发热，已告知班主任、学校疫情报告人。请先留在家里，不要到校，戴好口罩，尽快到医院发热门诊就诊，就诊后把结果告诉我们。如呼吸困难、抽搐或叫不醒，请立即拨打120。请问周舟还有没有咳嗽、乏力、拉肚子等不舒服？没有请回“没有”。
"""

SHORT_OF_BREATH = """
【08:10】
奶奶: 孩子喘不上气了
机器人: 王乐乐出现呼吸困难，请立即就医，情况危急请马上拨打120。已告知班主任、校医、学校疫情报告人、学校领导。他们会尽快联系您。为了留下准确记录，请补充王乐乐今天的体温是多少度，比如：36.5。
"""

LIKELY_FEVER_CONFIRMED = """
【08:10】
爸爸: 386
机器人: 您发的386，林林的体温是38.6℃吗？是请回“对”，不是请重新发一次。（已先按待核实告知班主任、校医、学校疫情报告人。）
爸爸: 对
机器人: 记下了（3月2日）：林林，38.6℃。如有不对，回复“改”和正确的内容就能更正。林林发热，已告知班主任、校医、学校疫情报告人。请先留在家里，不要到校，戴好口罩，尽快到医院发热门诊就诊，就诊后把结果告诉我们。如呼吸困难、抽搐或叫不醒，请立即拨打120。请问林林还有没有咳嗽、乏力、拉肚子等不舒服？没有请回“没有”。
"""

LIKELY_FEVER_DENIED = """
【08:10】
爸爸: 386
机器人: 您发的386，林林的体温是38.6℃吗？是请回“对”，不是请重新发一次。（已先按待核实告知班主任、校医、学校疫情报告人。）
爸爸: 不是，36.6
机器人: 记下了（3月2日）：林林，36.6℃。如有不对，回复“改”和正确的内容就能更正。之前的发热提醒不会自动取消，老师会与您核实。
"""

VERY_HIGH = """
【08:10】
可妈: 41.5
机器人: 记下了（3月2日）：赵可，41.5℃。如有不对，回复“改”和正确的内容就能更正。赵可发热，已告知班主任、校医、学校疫情报告人。请先留在家里，不要到校，戴好口罩，尽快到医院发热门诊就诊，就诊后把结果告诉我们。如呼吸困难、抽搐或叫不醒，请立即拨打120。41.5℃非常高，请再看一眼体温计：没错请马上就医或拨打120，打错了回复“改”和正确的数字。请问赵可还有没有咳嗽、乏力、拉肚子等不舒服？没有请回“没有”。
可妈: 改 36.5
机器人: 已更正：赵可3月2日由41.5℃改为36.5℃。原记录会保留备查。之前的发热提醒不会自动取消，老师会与您核实。
"""

VERY_LOW = """
【08:10】
可妈: 34.9
机器人: 记下了（3月2日）：赵可，34.9℃。孩子如有咳嗽、拉肚子等不舒服，请直接告诉我。如有不对，回复“改”和正确的内容就能更正。赵可体温34.9℃偏低，可能是额头受凉。请在室内休息几分钟再量一次，回复新的数字。
可妈: 36.1
机器人: 记下了（3月2日）：赵可，36.1℃（共2次：34.9、36.1，按最高的算）。孩子如有咳嗽、拉肚子等不舒服，请直接告诉我。如有不对，回复“改”和正确的内容就能更正。
"""

A_COUGH = """
【08:10】
奶奶: 36.5，有点咳嗽
机器人: 记下了（3月2日）：王乐乐，36.5℃，咳嗽。如有不对，回复“改”和正确的内容就能更正。班主任会看到并关注，请让孩子多休息，如果加重请及时就医。请问王乐乐咳嗽是从什么时候开始的？
奶奶: 昨天开始的
机器人: 记下了（3月2日）：王乐乐，36.5℃，咳嗽（3月1日起）。如有不对，回复“改”和正确的内容就能更正。
"""

MEDICINE = """
【08:10】
小明爸爸: 吃了退烧药，现在36.8
机器人: 记下了（3月2日）：李小明，36.8℃，用过退烧药。如有不对，回复“改”和正确的内容就能更正。用过退烧药，体温正常也不代表退烧了，已告知班主任、校医、学校疫情报告人。请让孩子在家休息，药效过后（6至8小时）再量一次发给我。
"""

AT_HOME = """
【08:10】
小明爸爸: 36.5，孩子爷爷发烧了
机器人: 记下了（3月2日）：李小明，36.5℃。如有不对，回复“改”和正确的内容就能更正。谢谢告知，请同住的家人也注意休息、及时就医，并尽量分开住。已告知班主任。
小明爸爸: 社区通知我们是密接
机器人: 记下了（3月2日）：李小明，36.5℃，您说明：密接。如有不对，回复“改”和正确的内容就能更正。您说的情况已如实记下，已告知班主任、校医、学校疫情报告人、学校领导、教育局。请先留在家里，是否属于以疾控和医院的通知为准，老师会联系您。
"""

AWAY = """
【08:10】
小明爸爸: 36.5，我们在老家
机器人: 记下了（3月2日）：李小明，36.5℃，现在老家。如有不对，回复“改”和正确的内容就能更正。行程已登记，老师会看到；返校请等学校通知，返回后请告诉我一声。请问李小明去的是哪个省、哪个市？
小明爸爸: 湖南长沙
机器人: 记下了（3月2日）：李小明，36.5℃，现在湖南长沙。如有不对，回复“改”和正确的内容就能更正。请问李小明打算哪天从湖南长沙回来？还没定请回“不知道”。
"""

THE_SAME_FROM_BOTH = """
【08:10】
妈妈: 林林36.5
机器人: 记下了（3月2日）：林林，36.5℃。孩子如有咳嗽、拉肚子等不舒服，请直接告诉我。如有不对，回复“改”和正确的内容就能更正。
【08:20】
爸爸: 36.5
机器人: 谢谢您。林林今天08:10已由另一位家长报过了（36.5℃），内容一致，不用再报。
"""

DIFFERENT_FROM_BOTH = """
【08:10】
妈妈: 林林36.5
机器人: 记下了（3月2日）：林林，36.5℃。孩子如有咳嗽、拉肚子等不舒服，请直接告诉我。如有不对，回复“改”和正确的内容就能更正。
【08:20】
爸爸: 37.8
机器人: 记下了（3月2日）：林林，37.8℃（共2次：36.5、37.8，按最高的算）。如有不对，回复“改”和正确的内容就能更正。林林发热，已告知班主任、校医、学校疫情报告人。请先留在家里，不要到校，戴好口罩，尽快到医院发热门诊就诊，就诊后把结果告诉我们。如呼吸困难、抽搐或叫不醒，请立即拨打120。林林今天有两份不同的记录：另一位家长报的36.5℃和您报的37.8℃，两份都已保留，先按高的算。请问以哪一份为准？回复“我的”或“前面的”，也可以直接发数字。
爸爸: 我的
机器人: 好的，林林今天以37.8℃为准，两份记录都保留备查。
"""

UNSURE_WHICH = """
【08:10】
妈妈: 林林36.5
机器人: 记下了（3月2日）：林林，36.5℃。孩子如有咳嗽、拉肚子等不舒服，请直接告诉我。如有不对，回复“改”和正确的内容就能更正。
【08:20】
爸爸: 36.7
机器人: 记下了（3月2日）：林林，36.7℃（共2次：36.5、36.7，按最高的算）。孩子如有咳嗽、拉肚子等不舒服，请直接告诉我。如有不对，回复“改”和正确的内容就能更正。林林今天有两份不同的记录：另一位家长报的36.5℃和您报的36.7℃，两份都已保留，先按高的算。请问以哪一份为准？回复“我的”或“前面的”，也可以直接发数字。
爸爸: 不清楚
机器人: 好的，两份记录都保留，老师会与您核实。
"""

RECEIVED = """
【08:10】
奶奶: 38.2
机器人: 记下了（3月2日）：王乐乐，38.2℃。如有不对，回复“改”和正确的内容就能更正。王乐乐发热，已告知班主任、校医、学校疫情报告人。请先留在家里，不要到校，戴好口罩，尽快到医院发热门诊就诊，就诊后把结果告诉我们。如呼吸困难、抽搐或叫不醒，请立即拨打120。请问王乐乐还有没有咳嗽、乏力、拉肚子等不舒服？没有请回“没有”。
陈老师: 收到
机器人: 已记下您收到：
三年级2班 王乐乐：发热
请尽快联系核实，有结果可以直接回复我。
陈老师: 收到
机器人: 谢谢，目前没有等您确认的提醒。
校医: 收到
机器人: 谢谢，目前没有等您确认的提醒。
奶奶: 收到
机器人: 好的，谢谢您。刚才还想请问：王乐乐还有没有咳嗽、乏力、拉肚子等不舒服？没有请回“没有”。
"""

STAFF_FEVER = """
【08:10】
黄老师: 37.4
机器人: 记下了（3月2日）：黄河，37.4℃。如有不对，回复“改”和正确的内容就能更正。黄河体温37.4℃偏高，已告知年级主任、教务处、学校疫情报告人、校医。请先留在家里，不要到校；请安静休息15分钟，用体温计量一下腋温，再把数字告诉我。
"""


def alerts(play: Play) -> dict[tuple[str, str], dict[str, Any]]:
    """Every alert by (person, code), opened."""
    names = {number: name for name, number in play.cast.people.items()}
    with play.database.read() as connection:
        rows = connection.execute(select(Alert.__table__)).all()
    return {
        (names[row.person_id], row.code): {
            "level": row.level,
            "facts": play.vault.open_json("alerts.facts", row.facts),
            "told": row.told,
            "version": row.version,
            "acknowledged_by": row.acknowledged_by,
            "day": row.report_date,
        }
        for row in rows
    }


def pushed(play: Play, kind: str = "alert") -> list[str]:
    """Whom pushes of a kind are owed to, in order."""
    names = {number: name for name, number in play.cast.accounts.items()}
    with play.database.read() as connection:
        rows = connection.execute(select(Outbox.account_id).where(Outbox.kind == kind).order_by(Outbox.id))
        return [names[row.account_id] for row in rows]


def test_a_fever_is_recorded_and_told_with_the_same_commit(play_on_both: Play) -> None:
    play = play_on_both
    assert play(A_HIGH_FEVER) == A_HIGH_FEVER
    assert set(alerts(play)) == {("王乐乐", "A01")}
    found = alerts(play)["王乐乐", "A01"]
    assert found["facts"] == {"tenths": 382, "readings": [382]}
    assert found["told"] == "head_teacher,school_doctor,designated_reporter"
    assert pushed(play) == ["陈老师", "校医", "报告人"]
    (text,) = play.owed("陈老师")
    assert "三年级2班 王乐乐" in text
    assert "38.2℃" in text
    assert "08:10" in text
    assert "收到" in text


def test_an_alert_goes_first_and_its_template_shows_neither_name_nor_reading(play: Play) -> None:
    play("【08:10】\n奶奶: 38.2")
    with play.database.read() as connection:
        rows = connection.execute(select(Outbox.lane, Outbox.fields, Outbox.key, Outbox.owed)).all()
        alert = connection.execute(select(Alert.id)).scalar_one()
    for row in rows:
        assert row.lane == Lane.ALERT
        assert "王乐乐" not in str(row.fields)
        assert "38" not in str(row.fields["note"])
        assert row.key.startswith(f"alert:{alert}:1:")
        assert row.owed == {"rule": "unacknowledged", "alert": alert}


def test_a_little_high_is_measured_again_before_anything_else(play: Play) -> None:
    assert play(A_LITTLE_HIGH) == A_LITTLE_HIGH
    assert alerts(play)["赵可", "A01"]["facts"]["readings"] == [375, 369]
    assert recorded(play, "赵可")[-1]["tenths"] == [375, 369]


def test_the_word_without_a_number_alerts_at_once(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n舟妈: 孩子发烧了")
    assert set(alerts(play)) == {("周舟", "A01")}
    assert recorded(play, "周舟") == []


def test_the_number_after_the_word_is_added_to_the_alert(play: Play) -> None:
    assert play(FEVER_WITHOUT_A_NUMBER) == FEVER_WITHOUT_A_NUMBER
    found = alerts(play)
    assert set(found) == {("周舟", "A01")}
    assert found["周舟", "A01"]["version"] == 2
    assert found["周舟", "A01"]["facts"]["tenths"] == 384
    # 江畔中学 has no school doctor: nobody is made up, the others are told of both.
    assert pushed(play) == ["卫老师", "江畔报告人"] * 2


def test_danger_sends_to_hospital_and_asks_for_the_number(play: Play) -> None:
    assert play(SHORT_OF_BREATH) == SHORT_OF_BREATH
    found = alerts(play)["王乐乐", "A02"]
    assert found["level"] == "red+"
    # Nobody is duty leader today; the principal stands in.
    assert found["told"] == "head_teacher,school_doctor,designated_reporter,principal"


def test_a_likely_fever_alerts_unconfirmed_and_its_yes_confirms_it(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n爸爸: 386")
    assert alerts(play)["林林", "A01"]["facts"]["unconfirmed"] is True
    assert recorded(play, "林林") == []
    assert "待核实" in play.owed("陈老师")[0]
    play.say("爸爸", "对")
    found = alerts(play)["林林", "A01"]
    assert "unconfirmed" not in found["facts"]
    assert found["version"] == 2
    assert recorded(play, "林林")[0]["tenths"] == [386]


def test_the_dialogue_of_a_likely_fever(play: Play) -> None:
    assert play(LIKELY_FEVER_CONFIRMED) == LIKELY_FEVER_CONFIRMED


def test_a_likely_fever_that_was_none_is_not_taken_back_by_chat(play: Play) -> None:
    assert play(LIKELY_FEVER_DENIED) == LIKELY_FEVER_DENIED
    facts = alerts(play)["林林", "A01"]["facts"]
    assert facts["unconfirmed"] is True
    assert facts["later"] == [366]
    assert "后来报36.6℃" in play.owed("陈老师")[-1]


def test_a_slip_of_the_finger_is_alerted_and_corrected(play: Play) -> None:
    assert play(VERY_HIGH) == VERY_HIGH
    assert alerts(play)["赵可", "A01"]["facts"]["later"] == [365]


def test_a_very_low_reading_is_measured_again(play: Play) -> None:
    assert play(VERY_LOW) == VERY_LOW
    assert alerts(play) == {}


def test_a_cough_stands_in_the_class_list_before_it_goes_out(play: Play) -> None:
    assert play(A_COUGH) == A_COUGH
    assert alerts(play)["王乐乐", "A06"]["told"] == "head_teacher"
    assert pushed(play) == []


def test_a_cough_after_the_class_list_is_told_at_once(play: Play) -> None:
    play("【09:20】\n奶奶: 36.5，有点咳嗽")
    assert pushed(play) == ["陈老师"]


def test_medicine_hides_a_fever(play: Play) -> None:
    assert play(MEDICINE) == MEDICINE
    assert set(alerts(play)) == {("李小明", "A15")}


def test_what_is_said_of_those_at_home(play: Play) -> None:
    assert play(AT_HOME) == AT_HOME
    found = alerts(play)
    assert found["李小明", "A10"]["told"] == "head_teacher"
    assert "district_officer" in found["李小明", "A04"]["told"]


def test_the_bureau_reads_no_name_and_no_reading(play: Play) -> None:
    play("【08:10】\n小明爸爸: 38.5，社区通知我们是密接")
    (text,) = play.owed("区报告人")
    assert "李小明" not in text
    assert "38.5" not in text
    assert "红旗小学三年级2班" in text


def test_a_journey_is_asked_after_and_registered(play: Play) -> None:
    assert play(AWAY) == AWAY
    facts = alerts(play)["李小明", "A09"]["facts"]
    assert "湖南省长沙" in facts["places"] or "湖南长沙" in facts["places"]
    assert pushed(play) == ["陈老师"]


def test_the_second_guardian_hears_that_it_is_done(play_on_both: Play) -> None:
    assert play_on_both(THE_SAME_FROM_BOTH) == THE_SAME_FROM_BOTH
    assert len(recorded(play_on_both, "林林")) == 1


def test_two_guardians_who_disagree_are_both_kept_and_the_teacher_is_told(play_on_both: Play) -> None:
    play = play_on_both
    assert play(DIFFERENT_FROM_BOTH) == DIFFERENT_FROM_BOTH
    assert [row["tenths"] for row in recorded(play, "林林")] == [[365], [365, 378], [378]]
    found = alerts(play)
    assert set(found) == {("林林", "A01"), ("林林", "A14")}
    assert found["林林", "A14"]["told"] == "head_teacher"
    # One message to the teacher, not one an alert; nothing to the other guardian.
    assert len(play.owed("陈老师")) == 1
    assert play.owed("妈妈") == []


def test_two_ordinary_readings_are_no_contradiction(play: Play) -> None:
    assert play(UNSURE_WHICH) == UNSURE_WHICH
    assert alerts(play) == {}


def test_received_is_stamped_once_and_only_for_those_who_were_told(play_on_both: Play) -> None:
    play = play_on_both
    assert play(RECEIVED) == RECEIVED
    assert alerts(play)["王乐乐", "A01"]["acknowledged_by"] == play.cast.people["陈老师"]
    with play.database.read() as connection:
        trail = connection.execute(select(Audit.actor, Audit.action, Audit.detail)).all()
    assert [tuple(row) for row in trail] == [(f"person:{play.cast.people['陈老师']}", "alert.acknowledge", "A01")]


def test_received_by_the_teacher_of_another_class_stamps_nothing(play: Play) -> None:
    play("【08:10】\n奶奶: 38.2\n黄老师: 收到")
    assert alerts(play)["王乐乐", "A01"]["acknowledged_by"] is None


def test_new_facts_open_an_acknowledged_alert_again(play: Play) -> None:
    play("【08:10】\n奶奶: 38.2\n陈老师: 收到\n奶奶: 39.1")
    found = alerts(play)["王乐乐", "A01"]
    assert found["acknowledged_by"] is None
    assert found["facts"]["acknowledged"] == ["2026-03-02T00:10:01+00:00"]
    assert len(play.owed("陈老师")) == 2


def test_staff_are_told_of_through_grade_head_and_academic_office(play: Play) -> None:
    assert play(STAFF_FEVER) == STAFF_FEVER
    assert pushed(play) == ["孙主任", "教务", "报告人", "校医"]


def test_the_same_message_twice_alerts_once(play: Play) -> None:
    message = play.incoming("奶奶", "38.2")
    assert play.turn(message) == play.turn(message)
    assert len(pushed(play)) == 3
    assert alerts(play)["王乐乐", "A01"]["version"] == 1


def test_the_same_number_again_changes_no_alert(play: Play) -> None:
    play("【08:10】\n奶奶: 38.2\n奶奶: 38.2")
    assert alerts(play)["王乐乐", "A01"]["version"] == 1
    assert len(pushed(play)) == 3


def test_two_fevers_in_one_batch_are_two_alerts(play_on_both: Play) -> None:
    play = play_on_both
    play.turn(play.incoming("奶奶", "38.2"), play.incoming("小明爸爸", "38.3"), play.incoming("奶奶", "38.6"))
    found = alerts(play)
    assert set(found) == {("王乐乐", "A01"), ("李小明", "A01")}
    assert found["王乐乐", "A01"]["version"] == 2


def test_a_fever_in_the_night_of_yesterday_belongs_to_yesterday_and_still_alerts(play: Play) -> None:
    play.clock("00:02")
    yesterday = MONDAY - timedelta(days=1)
    play.say("奶奶", "38.2", sent_at=at("23:58", yesterday))
    assert alerts(play)["王乐乐", "A01"]["day"] == yesterday
    assert pushed(play) == ["陈老师", "校医", "报告人"]


def test_only_red_alerts_break_the_quiet_hours(play: Play) -> None:
    play.clock("22:10")
    play.say("小明爸爸", "36.5，孩子爷爷发烧了")
    play.say("奶奶", "38.2")
    with play.database.read() as connection:
        rows = connection.execute(select(Outbox.lane, Outbox.due_at).order_by(Outbox.id)).all()
    assert next((row.lane, row.due_at) for row in rows) == (Lane.ANSWER, at("07:00", MONDAY + timedelta(days=1)))
    assert {row.due_at for row in rows[1:]} == {at("22:10:01")}


def test_who_is_not_bound_is_stood_in_for(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(
            update(Binding)
            .where(Binding.account_id.in_([play.cast.accounts["陈老师"], play.cast.accounts["报告人"]]))
            .values(ended_at=at("07:00"))
        )
    play("【08:10】\n奶奶: 38.2")
    assert pushed(play) == ["孙主任", "校医", "副报告人"]
    assert alerts(play)["王乐乐", "A01"]["told"] == "grade_head,school_doctor,deputy_reporter"


def test_with_nobody_bound_the_parent_is_asked_to_call(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(update(Post).values(to_date=MONDAY - timedelta(days=1)))
    said = play.say("奶奶", "38.2")
    assert "请同时打电话告诉学校" in said
    assert "已告知" not in said
    assert alerts(play)["王乐乐", "A01"]["told"] == ""


@pytest.mark.parametrize("text", ["36.5", "37.2", "没发烧36.6", "爷爷量了37.9，孩子36.5"])
def test_what_is_no_fever_raises_none(play: Play, text: str) -> None:
    play.say("奶奶", text)
    with play.database.read() as connection:
        count = connection.execute(select(func.count()).select_from(Alert).where(Alert.code == "A01")).scalar_one()
    assert count == 0
