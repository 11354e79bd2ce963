"""A campaign file from the desk to the receipts: add, list, approve, withdraw, export."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlalchemy import select

from models.actions import receipts as taken
from models.tables import Campaign, Receipt
from schedules.registry import discover
from schedules.timetable import Timetable
from tests.cast import DISTRICT, at
from tests.cli.conftest import Desk, desk, make_desk  # noqa: F401 - fixtures

FILE = """\
kind = "notice"
title = "开学须知"
text = "请按时返校，戴好口罩。"
audience = ["家长", "教职工"]
at = 2026-03-02T12:00:00+08:00
deadline = 2026-03-04T12:00:00+08:00
strength = "read"
"""


def written(desk: Desk, text: str = FILE, name: str = "notice.toml") -> Path:  # noqa: F811
    path = desk.folder / name
    path.write_text(text, "utf-8")
    return path


def run_push(desk: Desk, clock: str = "12:00") -> int:  # noqa: F811
    jobs = discover()
    timetable = Timetable(
        jobs, desk.database, DISTRICT, lambda connection, now: desk.work(connection, clock), "https://p.test"
    )
    return timetable.run_as_of(jobs["campaign-push"], at(clock), at(clock)).owed


def test_a_notice_goes_from_the_file_to_the_export(desk: Desk) -> None:  # noqa: F811
    written(desk)
    added = desk.run("campaign", "add", "notice.toml")
    assert added.exit_code == 0, added.stderr
    assert "编号 1" in added.stdout
    assert run_push(desk, "11:50") == 0  # not before its time
    assert run_push(desk) == 21
    with desk.database.write() as connection:
        work = desk.work(connection, "12:30")
        taken.open_page(work, 1, desk.cast.accounts["妈妈"], at("12:20"))
        taken.confirm(work, 1, desk.cast.accounts["妈妈"], "declared", at("12:30"))
    listed = desk.run("campaign", "list")
    assert "进行中  通知《开学须知》" in listed.stdout
    assert "完成 2/21" in listed.stdout
    done = desk.run(
        "export", "receipts", "--from", "2026-03-02", "--to", "2026-03-02", "--format", "csv", "--out", "r.csv"
    )
    assert done.exit_code == 0
    with (desk.folder / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == (
        [
            "campaign",
            "kind",
            "person",
            "role",
            "school",
            "grade",
            "class",
            "delivered_at",
            "opened_at",
            "watched_seconds",
            "confirmed_at",
        ]
    )
    assert len(rows) == 21
    mine = next(row for row in rows if row["person"] == "林林的家长")
    assert mine["confirmed_at"] == "2026-03-02T12:30:00+08:00"
    assert mine["opened_at"] == "2026-03-02T12:20:00+08:00"
    assert (mine["role"], mine["class"], mine["watched_seconds"]) == ("guardian", "2班", "")
    assert sum(bool(row["confirmed_at"]) for row in rows) == 2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('kind = "film"', '第 1 行：kind 应为 "video"'),
        ("title = 3", "title 应为"),
        ('audience = ["门卫"]', "audience 应为"),
        ('units = ["白云小学"]', "没有「白云小学」这个单位"),
        ('video = "gone.mp4"', "没有这个文件"),
        ('link = "http://x.cn"', "link 应为公开网页的链接"),
        ("deadline = 2026-03-01T12:00:00+08:00", "deadline 应晚于 at"),
        ('colour = "red"', "colour 不认识"),
        ("strength = read", "不合 TOML"),
    ],
)
def test_a_wrong_file_says_where_and_what_is_expected(desk: Desk, line: str, expected: str) -> None:  # noqa: F811
    key = line.split(" ")[0]
    kept = [one for one in FILE.splitlines() if not one.startswith(f"{key} ")]
    written(desk, "\n".join([line, *kept]))
    done = desk.run("campaign", "add", "notice.toml")
    assert done.exit_code == 1
    assert expected in done.stderr
    assert "notice.toml 第 " in done.stderr
    with desk.database.read() as connection:
        assert connection.execute(select(Campaign.id)).all() == []


def test_what_is_held_goes_out_only_after_somebody_else_released_it(desk: Desk) -> None:  # noqa: F811
    written(desk)
    assert desk.run("campaign", "add", "notice.toml", "--hold").exit_code == 0
    assert run_push(desk) == 0
    assert "要由另一个人批准" in desk.run("campaign", "approve", "1").stderr
    assert desk.run("campaign", "approve", "1", "--as", "韩平").exit_code == 0
    assert run_push(desk, "12:10") == 21


def test_what_is_withdrawn_is_not_sent(desk: Desk) -> None:  # noqa: F811
    written(desk)
    desk.run("campaign", "add", "notice.toml")
    assert desk.run("campaign", "withdraw", "1", "--reason", "日期有误").exit_code == 0
    assert run_push(desk) == 0
    assert "不能撤回" in desk.run("campaign", "withdraw", "1", "--reason", "再撤一次").stderr
    with desk.database.read() as connection:
        assert connection.execute(select(Receipt.person_id)).all() == []
