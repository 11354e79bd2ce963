"""Who cannot be reached tomorrow, and what would help."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from models.tables import Account, Binding
from tests.cli.conftest import Desk


def write_now(desk: Desk, *whos: str) -> None:
    """These people have just written to the account."""
    ids = [desk.cast.accounts[who] for who in whos]
    with desk.database.write() as connection:
        connection.execute(update(Account).where(Account.id.in_(ids)).values(typed_at=datetime.now(UTC), typed_spent=0))


def test_three_reasons_each_with_what_would_help(desk: Desk) -> None:
    write_now(desk, "爸爸", "可妈")
    with desk.database.write() as connection:
        lele = desk.cast.people["王乐乐"]
        connection.execute(update(Binding).where(Binding.person_id == lele).values(ended_at=datetime.now(UTC)))
        xiaoming = desk.cast.accounts["小明爸爸"]
        connection.execute(update(Account).where(Account.id == xiaoming).values(refused="对方已拉黑"))

    done = desk.run("reach", "--unit", "红旗小学/三年级/2班")
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    # 林林's mother has not written, her father has: one way is enough
    assert lines[:2] == ["红旗小学/三年级/2班\tS002\t王乐乐\t未绑定", "红旗小学/三年级/2班\tS003\t李小明\t收不到"]
    assert "应提醒 3 人，能联系到 1 人，联系不到 2 人" in lines[2]
    assert [line.split("：")[0].strip() for line in lines[3:]] == ["未绑定 1 人", "收不到 1 人"]


def test_a_window_that_closes_before_the_prompt_is_told_and_a_template_helps(desk: Desk) -> None:
    with desk.database.write() as connection:
        connection.execute(update(Account).values(typed_at=datetime.now(UTC) - timedelta(hours=48), typed_spent=0))
    done = desk.run("reach", "--unit", "江畔中学/七年级/1班")
    assert "江畔中学/七年级/1班\tS006\t周舟\t窗口将关闭" in done.stdout
    with (desk.folder / ".env").open("a", encoding="utf-8") as file:
        file.write('WECHAT_TEMPLATES={"checkin-prompt": "tpl-1"}\n')
    assert "应提醒 1 人，能联系到 1 人，联系不到 0 人" in desk.run("reach", "--unit", "江畔中学/七年级/1班").stdout


def test_the_whole_district_and_an_unknown_unit(desk: Desk) -> None:
    with desk.database.read() as connection:
        people = len(desk.cast.people)
        assert connection.execute(select(Account.id)).all()
    assert f"应提醒 {people} 人" in desk.run("reach").stdout
    done = desk.run("reach", "--unit", "红旗小学/九年级")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "没有「红旗小学/九年级」这个单位" in done.stderr
