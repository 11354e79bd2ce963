"""Contract 8, binding, sentence by sentence over the wire."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from models.tables import Account, Binding, Person
from tests.cast import MONDAY, openid
from tests.contract.conftest import NAMES, Line

pytestmark = pytest.mark.anyio


def bound(line: Line, who: str) -> set[str]:
    with line.web.runtime.database.read() as connection:
        rows = connection.execute(
            select(Person.name)
            .join(Binding, Binding.person_id == Person.id)
            .join(Account, Account.id == Binding.account_id)
            .where(Account.openid == openid(who), Binding.ended_at.is_(None))
        )
        return {row[0] for row in rows}


def unseat(line: Line, who: str) -> str:
    """A member of staff who is not bound yet; gives the code."""
    with line.web.runtime.database.write() as connection:
        connection.execute(delete(Binding).where(Binding.person_id == line.cast.people[who]))
    return line.cast.codes[who]


async def test_following_welcomes_and_says_how_to_bind(line: Line) -> None:
    assert "绑定" in await line.event("某人", "subscribe")


async def test_the_code_brings_the_notice_and_consent_brings_child_and_class(line: Line) -> None:
    notice = await line.say("某人", f"绑定 {line.cast.codes['周舟']}")
    for fact in ("体温", "症状", "行程", "14周岁", "天", "同意"):
        assert fact in notice
    assert not any(name in notice for name in NAMES)
    assert bound(line, "某人") == set()
    done = await line.say("某人", "同意")
    assert "周舟" in done
    assert "七年级1班" in done
    assert bound(line, "某人") == {"周舟"}


@pytest.mark.parametrize("writing", ["绑定{}", "绑定:{}", "绑定：{}", " 绑定  {} ", "{}", "绑定 {lower}", "绑定码 {}"])
async def test_the_code_is_found_however_it_is_written(line: Line, writing: str) -> None:
    code = line.cast.codes["周舟"]
    assert "同意" in await line.say("某人", writing.format(code, lower=code.lower()))


@pytest.mark.parametrize(("event", "prefix"), [("subscribe", "qrscene_bind_"), ("SCAN", "bind_")])
async def test_a_scanned_code_binds_as_a_typed_one(line: Line, event: str, prefix: str) -> None:
    notice = await line.event("某人", event, f"{prefix}{line.cast.codes['周舟']}", "<Ticket><![CDATA[t]]></Ticket>")
    assert "同意" in notice
    assert "周舟" in await line.say("某人", "同意")


async def test_without_consent_nothing_is_bound_or_recorded(line: Line) -> None:
    await line.talk("某人", f"绑定 {line.cast.codes['周舟']}", "36.5")
    await line.talk("某人", "不同意")
    assert bound(line, "某人") == set()
    assert line.report("周舟")["state"] == "unreported"


async def test_names_alone_never_bind(line: Line) -> None:
    for text in ("绑定 周舟", "我是周舟的妈妈", "绑定 七年级1班 周舟", "同意"):
        await line.say("某人", text)
    assert bound(line, "某人") == set()


async def test_one_account_holds_several_children_and_a_post(line: Line) -> None:
    unseat(line, "校医")
    for key in ("林林", "周舟", "校医"):
        assert "同意" in await line.say("某人", f"绑定 {line.cast.codes[key]}")
        assert "绑定成功" in await line.say("某人", "同意")
    assert bound(line, "某人") == {"林林", "周舟", "冯康"}


async def test_a_pupils_code_serves_four_guardians_and_the_second_to_fourth_are_told(line: Line) -> None:
    code = line.cast.codes["周舟"]  # her mother is bound already
    for who in ("甲", "乙", "丙"):
        await line.talk(who, f"绑定 {code}", "同意")
        assert bound(line, who) == {"周舟"}
    fifth = await line.say("丁", f"绑定 {code}")
    await line.say("丁", "同意")
    assert bound(line, "丁") == set()
    assert "4" in fifth
    told = line.owed("卫老师")
    assert len(told) == 1  # merged
    assert "周舟" in told[0]
    assert "家长" in told[0]


async def test_the_first_guardian_is_not_pushed_but_counted(line: Line) -> None:
    await line.talk("舟妈", "解绑", "确认解绑")
    assert "0/1名学生" in await line.say("卫老师", "班级")
    already = line.owed("卫老师")
    await line.talk("某人", f"绑定 {line.cast.codes['周舟']}", "同意")
    assert "0/1名学生" not in await line.say("卫老师", "班级")
    assert line.owed("卫老师") == already


async def test_the_head_teacher_may_revoke_a_guardian(line: Line) -> None:
    await line.talk("甲", f"绑定 {line.cast.codes['周舟']}", "同意")
    listed = await line.say("卫老师", "撤销绑定 周舟")
    assert "第2位" in listed
    assert "已撤销" in await line.say("卫老师", "2")
    assert bound(line, "甲") == set()
    assert bound(line, "舟妈") == {"周舟"}
    await line.say("甲", "36.5")
    assert line.report("周舟")["state"] == "unreported"


async def test_nobody_but_the_head_teacher_may_revoke(line: Line) -> None:
    for who in ("陈老师", "妈妈", "江畔校长", "区报告人"):
        assert "第1位" not in await line.say(who, "撤销绑定 周舟")
    assert bound(line, "舟妈") == {"周舟"}


async def test_a_staff_code_serves_once(line: Line) -> None:
    code = unseat(line, "校医")
    await line.talk("甲", f"绑定 {code}", "同意")
    assert bound(line, "甲") == {"冯康"}
    refused = await line.say("乙", f"绑定 {code}")
    await line.say("乙", "同意")
    assert bound(line, "乙") == set()
    assert "同意请回复" not in refused


async def test_a_wrong_code_says_so_and_ten_in_an_hour_lock_the_account_only(line: Line) -> None:
    right = line.cast.codes["周舟"]
    for number in range(10):
        answer = await line.say("某人", f"绑定 ZZZZ999{number}")
        assert "不对" in answer or "次数太多" in answer
    assert "次数太多" in await line.say("某人", f"绑定 {right}")
    await line.say("某人", "同意")
    assert bound(line, "某人") == set()
    assert "同意" in await line.say("别人", f"绑定 {right}")  # nobody else is locked
    line.clock.move(minutes=61)
    await line.talk("某人", f"绑定 {right}", "同意")
    assert bound(line, "某人") == {"周舟"}


async def test_nine_wrong_codes_do_not_lock(line: Line) -> None:
    for number in range(9):
        await line.say("某人", f"绑定 ZZZZ999{number}")
    await line.talk("某人", f"绑定 {line.cast.codes['周舟']}", "同意")
    assert bound(line, "某人") == {"周舟"}


async def test_a_lock_cannot_be_walked_around_by_scanning_or_a_bare_code(line: Line) -> None:
    for number in range(10):
        await line.event("某人", "SCAN", f"bind_ZZZZ999{number}")
    right = line.cast.codes["周舟"]
    assert "同意请回复" not in await line.event("某人", "SCAN", f"bind_{right}")
    assert "同意请回复" not in await line.say("某人", right)


async def test_unbinding_needs_its_confirmation(line: Line) -> None:
    assert "确认解绑" in await line.say("舟妈", "解绑")
    assert bound(line, "舟妈") == {"周舟"}
    await line.say("舟妈", "确认解绑")
    assert bound(line, "舟妈") == set()
    await line.say("舟妈", "36.5")
    assert line.report("周舟")["state"] == "unreported"


async def test_unbinding_out_of_the_blue_is_not_done(line: Line) -> None:
    await line.say("舟妈", "确认解绑")
    assert bound(line, "舟妈") == {"周舟"}


async def test_the_next_day_brings_a_new_notice_to_the_head_teacher(line: Line) -> None:
    code = line.cast.codes["周舟"]
    await line.talk("甲", f"绑定 {code}", "同意")
    line.clock_at("10:00", MONDAY + timedelta(days=1))
    await line.talk("乙", f"绑定 {code}", "同意")
    assert len(line.owed("卫老师")) == 2
