"""From a journey to release: found, looked after every day by one person, let go by a person (domain handbook 9)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from models.actions.regions import add_regions
from models.database import Database
from models.queries.key_persons import open_rows
from models.rules.district import KeyRegion
from models.tables import KeyPerson
from tests.cast import MONDAY
from tests.jobs.helper import run, told
from tests.play import Play

KIND = "key-person-follow-up"


def rows(play: Play) -> list[tuple[str, str, str, bool]]:
    with play.database.read() as connection:
        return [
            (row.name, row.category, row.state, row.is_held)
            for row in open_rows(connection, play.vault, play.now.date())
        ]


def region(play: Play, name: str = "武汉市", code: str = "420100", start: date = MONDAY - timedelta(days=30)) -> None:
    with play.database.write() as connection:
        work = play.work(connection)
        add_regions(work, [KeyRegion(name, code, start)], "test")
        work.flush()


def test_from_a_journey_to_the_end_of_it(database: Database) -> None:
    play = Play(database)
    region(play)
    play.clock("08:00")
    play.say("奶奶", "36.5 乐乐在武汉，2月20号去的，还没回来")
    play.say("小明爸爸", "36.6 小明昨天从长春回来")
    play.say("可妈", "36.4 没出门")
    assert rows(play) == [("王乐乐", "kp_region", "registered", True), ("李小明", "kp_returned", "registered", False)]

    # The keeper is the head teacher; the list has names for the class, numbers for those who see none.
    listed = play.say("陈老师", "重点人员")
    assert "王乐乐" in listed
    assert "暂不返校" in listed
    assert "联系人陈静" in listed
    assert "待联系0人" in listed
    assert "没有重点人员" in play.say("黄老师", "重点人员")
    assert "王乐乐" in play.say("校医", "重点人员")
    bureau = play.say("局领导", "重点人员")
    assert "红旗小学" in bureau
    assert "王乐乐" not in bureau
    assert "名单由" in play.say("奶奶", "重点人员")
    why = play.say("陈老师", "重点人员 王乐乐")
    assert "重点地区名单第1版 武汉市" in why

    # The next day nobody is heard by nine; the keeper gets the list and logs by a reply.
    tuesday = MONDAY + timedelta(days=1)
    run(play, KIND, "09:05", tuesday)
    assert "应联系2，已联系0" in told(play, KIND)["陈老师"][0]
    play.clock("09:10", tuesday)
    assert "已电话联系" in play.say("陈老师", "联系 王乐乐 已通话，一切正常")
    assert "联系不上" in play.say("陈老师", "联系 李小明 联系不上")
    run(play, KIND, "15:00", tuesday)
    assert "李小明" in told(play, KIND)["陈老师"][1]
    assert "王乐乐" not in told(play, KIND)["陈老师"][1]

    # Only a person lets go, and not before everything is there.
    play.clock("10:00", tuesday)
    assert "由疫情报告人" in play.say("陈老师", "解除重点 李小明 没事")
    refused = play.say("报告人", "解除重点 李小明 观察期满")
    assert "还不能解除" in refused
    assert "3月16日" in refused
    assert "已批准返校" in play.say("报告人", "批准返校 王乐乐 社区已报备")
    assert [row for row in rows(play) if row[0] == "王乐乐"] == [("王乐乐", "kp_region", "returning", False)]


def test_nobody_reached_for_two_days_is_told_of_higher_up(database: Database) -> None:
    play = Play(database)
    play.clock("08:00")
    play.say("奶奶", "36.5 乐乐昨天从长春回来")
    for number in (1, 2):
        run(play, KIND, "09:05", MONDAY + timedelta(days=number))
        assert "校长" not in told(play, KIND)
    run(play, KIND, "09:05", MONDAY + timedelta(days=3))
    assert "王乐乐" in told(play, KIND)["校长"][0]
    assert "连续两天" in told(play, KIND)["校长"][0]
    run(play, KIND, "09:05", MONDAY + timedelta(days=3))
    assert len(told(play, KIND)["校长"]) == 1


def test_release_comes_after_the_days_and_each_missing_day_puts_it_off(database: Database) -> None:
    play = Play(database)
    play.clock("08:00")
    play.say("奶奶", "36.5 乐乐昨天从长春回来")  # last exposure 1 March, due from 16 March
    for number in range(1, 14):
        if number != 5:
            play.clock("08:00", MONDAY + timedelta(days=number))
            play.say("奶奶", "36.5")
    run(play, KIND, "09:05", date(2026, 3, 16))
    assert "报告人" not in told(play, KIND)
    play.clock("08:00", date(2026, 3, 16))
    play.say("奶奶", "36.5")
    run(play, KIND, "09:05", date(2026, 3, 17))
    assert "可议解除的重点人员1人：王乐乐" in told(play, KIND)["报告人"][0]
    assert rows(play)[0][2] == "due_for_release"
    play.clock("09:30", date(2026, 3, 17))
    assert "已解除" in play.say("报告人", "解除重点 王乐乐 观察期满，材料已核")
    assert rows(play) == []
    with play.database.read() as connection:  # ended, never deleted
        assert connection.execute(select(KeyPerson.state, KeyPerson.ended_by)).all() == [
            ("released", play.cast.people["报告人"])
        ]


def test_whoever_an_answer_speaks_of_and_is_not_listed_is_named_to_the_school(database: Database) -> None:
    play = Play(database)
    play.clock("08:00")
    play.say("奶奶", "36.5 乐乐现在在外地")
    assert rows(play) == []
    run(play, KIND, "09:05")
    text = told(play, KIND)["报告人"][0]
    assert "王乐乐" in text
    assert "地点没有问清" in text
    play.clock("09:20")
    assert "已登记：王乐乐" in play.say("陈老师", "登记重点人员 王乐乐 外省 在吉林长春，2月25号去的")
    run(play, KIND, "09:05", MONDAY + timedelta(days=1))
    assert len(told(play, KIND).get("报告人", [])) == 1
    assert rows(play) == [("王乐乐", "kp_returned", "registered", True)]


def test_a_post_of_the_bureau_changes_the_list_while_all_runs(database: Database) -> None:
    play = Play(database)
    play.clock("08:00")
    play.say("奶奶", "36.5 乐乐在黑河，2月20号去的，还没回来")
    play.say("小明爸爸", "36.6 小明2月25日从黑河回来")
    play.clock("10:00")
    assert "由区报告人" in play.say("校长", "增加重点地区 黑河市 2月26日起")
    asked = play.say("区报告人", "增加重点地区 黑河市 2月26日起")
    assert "黑龙江省黑河市（231100）" in asked
    assert "确认" in asked
    done = play.say("区报告人", "确认")
    assert "新增重点人员1人" in done, done  # 小明 had left before it was one
    assert ("王乐乐", "kp_region", "registered", True) in rows(play)
    assert "王乐乐" in told(play, KIND)["陈老师"][0]
    why = play.say("陈老师", "重点人员 王乐乐")
    assert "名单第1版 黑龙江省黑河市（2026-02-26至今后）" in why, why

    # Taken off again, nobody is let go: it is proposed.
    play.say("区报告人", "结束重点地区 黑河市 3月10日起")
    assert "提请决定解除1人" in play.say("区报告人", "确认")
    assert ("王乐乐", "kp_region", "registered", True) in rows(play)
    assert "取消" in play.say("区报告人", "增加重点地区 武汉市 3月1日起")
    assert "没有改动" in play.say("区报告人", "取消")
