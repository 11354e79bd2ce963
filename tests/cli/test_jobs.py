"""jobs held, approve, stop, resume, unknown, report: the hand on mass sending, at the keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from models.tables import Audit, Occurrence, Outbox, SendingStop
from tests.cast import MONDAY, at
from tests.cli.conftest import Desk


def push(desk: Desk, number: int, state: str, occurrence: int | None = None, **given: Any) -> None:
    values: dict[str, Any] = {
        "id": number,
        "key": f"k:{number}",
        "kind": "checkin-reminder",
        "lane": 2,
        "occurrence_id": occurrence,
        "account_id": 3,
        "person_id": 2,
        "relation": "guardian",
        "moment": at("07:30"),
        "due_at": at("07:30"),
        "expires_at": at("11:30"),
        "state": state,
        "created_at": at("07:30"),
    }
    with desk.database.write() as connection:
        connection.execute(insert(Outbox).values(**(values | given)))


def state(desk: Desk, number: int) -> str:
    with desk.database.read() as connection:
        return str(connection.execute(select(Outbox.state).where(Outbox.id == number)).scalar_one())


def occasion(desk: Desk, ordered_by: str) -> None:
    with desk.database.write() as connection:
        connection.execute(
            insert(Occurrence).values(
                id=1,
                job="campaign-push",
                due_at=at("07:30"),
                day=MONDAY,
                planned_at=at("07:30"),
                state="held",
                owed=1,
                ordered_by=ordered_by,
            )
        )
    push(desk, 1, "held", 1)


def test_a_held_occasion_is_listed_and_let_go_by_somebody_else(desk: Desk) -> None:
    occasion(desk, "timetable")
    assert "campaign-push" in desk.run("jobs", "held").stdout
    done = desk.run("jobs", "approve", "1", "--by", "韩平")
    assert done.exit_code == 0, done.output
    assert state(desk, 1) == "queued"
    with desk.database.read() as connection:
        assert connection.execute(select(Audit.actor, Audit.action)).all() == [("cli:韩平", "approve_sending")]
    assert desk.run("jobs", "approve", "1", "--by", "韩平").exit_code == 1


def test_whoever_ordered_an_occasion_does_not_approve_it(desk: Desk) -> None:
    occasion(desk, "cli:韩平")
    done = desk.run("jobs", "approve", "1", "--by", "韩平")
    assert done.exit_code == 1
    assert "另一人" in done.stderr
    assert state(desk, 1) == "held"


def test_stop_and_resume(desk: Desk) -> None:
    assert desk.run("jobs", "stop", "--reason", "内容有误").exit_code == 0
    assert desk.run("jobs", "resume").stdout.startswith("已恢复")
    assert "没有停发" in desk.run("jobs", "resume").stdout
    with desk.database.read() as connection:
        assert connection.execute(select(SendingStop.scope, SendingStop.reason)).all() == [("mass", "内容有误")]


@pytest.mark.parametrize(("word", "after"), [("sent", "sent"), ("failed", "failed"), ("again", "queued")])
def test_a_person_settles_what_nobody_knows(desk: Desk, word: str, after: str) -> None:
    push(desk, 1, "unknown", error="发送途中进程中断，结果未知")
    listed = desk.run("jobs", "unknown").stdout
    assert "王乐乐的家长" in listed
    assert "进程中断" in listed
    assert desk.run("jobs", "unknown", "--settle", "1", "--as", word).exit_code == 0
    assert state(desk, 1) == after
    assert desk.run("jobs", "unknown", "--settle", "1", "--as", word).exit_code == 1


def test_settling_needs_a_verdict(desk: Desk) -> None:
    assert desk.run("jobs", "unknown", "--settle", "1").exit_code == 2


def test_the_days_report_names_what_needs_doing(make_desk: Callable[[str], Desk], address: str) -> None:
    desk = make_desk(address)
    occasion(desk, "timetable")
    push(desk, 2, "sent", channel="service")
    push(desk, 3, "unknown", error="不明")
    push(desk, 4, "failed", channel="list", error="客服消息：48小时内未发过消息")
    with desk.database.write() as connection:
        connection.execute(update(Outbox).values(fields={}))
    text = desk.run("jobs", "report", "--day", str(MONDAY)).stdout
    assert "checkin-reminder 已发（客服消息） 1 条" in text
    assert "需要处理：1 条结果未知" in text
    assert "1 笔群发待批准" in text
    made = json.loads(desk.run("jobs", "report", "--day", str(MONDAY), "--json").stdout)
    assert made["unknown"] == 1
    assert ["checkin-reminder", "failed", "list", 1] in made["pushes"]
