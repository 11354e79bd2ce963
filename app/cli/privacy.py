"""forget, purge: letting go of health data, on request and by the district's rule. Both are on the trail."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from sqlalchemy import select

from app.cli.context import fail, open_house
from app.cli.working import operator, working, wrong_use
from models.actions import retention, trail
from models.tables import Person

NAMES = {
    "check_ins": "上报",
    "person_days": "每日状态",
    "alerts": "预警",
    "absences": "缺勤",
    "raw_text": "上报原文",
    "inbox": "已答消息",
    "outbox": "推送",
    "push_text": "推送正文",
    "threads": "联系老师",
    "audit": "操作记录",
    "open_pushes": "待发推送",
    "alert_text": "预警正文",
    "answers": "已答消息正文",
    "conversations": "进行中的对话",
    "calls": "通话记录",
    "absence_followups": "缺勤追访",
    "journeys": "行程",
    "declarations": "申报",
    "key_persons": "重点人员",
    "key_contacts": "重点人员联系记录",
    "key_decisions": "重点人员处理记录",
    "incidents": "事件",
    "candidates": "可能的接触者",
    "managements": "隔离与健康监测",
    "observation_checks": "每日两次核查",
    "clearances": "返校查验",
    "certificates": "复课证明图片",
    "onsets": "发病线索",
    "cluster_signals": "聚集提示",
}
KINDS = {"student": "学生", "staff": "人员"}


def forget(
    number: Annotated[str, typer.Option("--number", help="名册上的学号或编号")],
    kind: Annotated[str, typer.Option("--kind", help="学号与编号相同时指明：student 或 staff")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
) -> None:
    """按本人或监护人的申请，删除一个人的健康数据（名册与绑定保留）。"""
    if kind not in {"", *KINDS}:
        wrong_use("--kind 应为 student 或 staff")
    with open_house() as runtime:
        statement = select(Person.id, Person.kind, Person.name).where(Person.number == number)
        with runtime.database.read() as connection:
            found = connection.execute(statement.where(Person.kind == kind) if kind else statement).all()
        if not found:
            fail(f"名册里没有编号为 {number} 的人")
        if len(found) > 1:
            fail(f"学生和人员里都有编号 {number}，请加 --kind student 或 --kind staff")
        (person,) = found
        if not yes:
            typer.confirm(
                f"将删除 {KINDS[person.kind]} {number} {person.name} 的体温、症状、行程、原文、预警和缺勤，不能恢复。确定吗？",
                abort=True,
                err=True,
            )
        with working(runtime) as work:
            done = retention.forget_person(work, person.id)
            trail.note(work, operator(), "forget", f"person:{person.id}", retention.said(done))
    print(f"已删除 {KINDS[person.kind]} {number} 的健康数据：{_counts(done) or '没有需要删除的'}")


def purge() -> None:
    """按 district.toml 里 retention 一节的天数，删除到期的数据。"""
    done = Counter[str]()
    with open_house() as runtime:
        at = runtime.clock()
        with working(runtime) as work:
            ranges = retention.begin(work, at)
        for number, (low, high) in enumerate(ranges, start=1):
            with working(runtime) as work:
                done += retention.purge_people(work, at, low, high)
            if len(ranges) > 1:
                typer.echo(f"… {number}/{len(ranges)}", err=True)
        more = True
        while more:
            with working(runtime) as work:
                rest = retention.purge_rest(work, at)
            done += rest
            more = rest.total() >= retention.ROWS_AT_A_TIME
            if more:
                typer.echo(f"… {done.total()}", err=True)
        with working(runtime) as work:
            trail.note(work, operator(), "purge", "district", retention.said(done))
    print(f"到期数据已清理：{_counts(done) or '没有到期的'}")


def _counts(done: Counter[str]) -> str:
    return "，".join(f"{NAMES[name]} {count}" for name, count in done.items())
