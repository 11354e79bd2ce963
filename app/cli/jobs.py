"""jobs: the timetable by hand, and the hand on mass sending."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import typer
from sqlalchemy import func, select

from app.cli.context import fail, open_house
from app.cli.working import operator, working, wrong_use
from app.process import logs
from app.process.runtime import Runtime
from app.process.serving import delivering, make_timetable
from app.process.template_book import TemplateBook
from bots.sms.recorder import Recorder
from models.actions import delivery, occurrences, sending, trail
from models.queries.day_of_sending import day_of_sending, doubtful
from models.rules.push import Push
from models.rules.reach import HISTORY_DAYS, LIST, RUNG_NAMES, is_too_many
from models.tables import Outbox
from schedules.delivery.drain import House
from schedules.delivery.forecast import forecast
from schedules.job import Job

app = typer.Typer(help="定时任务。", no_args_is_help=True)

STATES = {
    "queued": "待发",
    "sending": "发送中",
    "sent": "已发",
    "dropped": "不再需要",
    "expired": "已过时效",
    "failed": "未发出",
    "unknown": "结果未知",
    "held": "待批准",
}
RESULTS = {
    "planned": "已执行",
    "missed": "已错过",
    "skipped": "不需要",
    "failed": "失败",
    "held": "待批准",
    "planning": "正在执行",
}


@app.command("list")
def list_jobs(as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False) -> None:
    """列出任务：下次时间、上次时间与结果。"""
    with open_house() as runtime:
        timetable = make_timetable(runtime)
        now = runtime.clock()
        with runtime.database.read() as connection:
            latest = occurrences.latest(connection)
        rows: list[dict[str, Any]] = []
        for job in timetable.jobs.values():
            due = timetable.next_due(job, now)
            last = latest.get(job.name)
            rows.append(
                {
                    "name": job.name,
                    "next_at": _local(runtime, due),
                    "last_due_at": _local(runtime, last[0]) if last else None,
                    "last_result": f"{last[1]}:{last[2]}" if last else None,
                }
            )
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        print(
            f"{row['name']:<24} 下次 {row['next_at'] or '—':<26} 上次 {row['last_due_at'] or '—'} {row['last_result'] or ''}"
        )


@app.command("run")
def run_job(
    name: Annotated[str, typer.Argument(help="任务名，见 jobs list")],
    at: Annotated[str, typer.Option("--at", help="以哪一刻的身份执行，例如 2026-03-02T07:30:00+08:00")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说明会发给谁、多少、走哪条路，不发送")] = False,
) -> None:
    """以某一刻的身份执行一次任务，发送完毕后返回。同一次任务执行两遍不会重复发送。"""
    with open_house() as runtime:
        logs.set_up(runtime.settings.log_format)
        timetable = make_timetable(runtime)
        job = timetable.jobs.get(name)
        if job is None:
            fail(f"没有名为 {name} 的任务；可用：{'、'.join(timetable.jobs)}")
        moment = _moment(runtime, at)
        if dry_run:
            _describe(runtime, job, timetable.preview(job, moment, runtime.clock()))
            return
        planned = timetable.run_as_of(job, moment, runtime.clock(), operator())
        if planned.occurrence_id is None:
            fail(f"{name} 的这一次正在别处执行，请稍后再试")
        if planned.state == "before":
            with runtime.database.write() as connection:
                delivery.retry_failed(connection, planned.occurrence_id, runtime.clock())
        asyncio.run(_finish(runtime, planned.occurrence_id))
        with runtime.database.read() as connection:
            rows = connection.execute(
                select(Outbox.state, func.count())
                .where(Outbox.occurrence_id == planned.occurrence_id)
                .group_by(Outbox.state)
            )
            counts = dict(rows.all())
    total = sum(counts.values())
    parts = "，".join(f"{STATES.get(state, state)} {count}" for state, count in sorted(counts.items()))
    print(f"{name}：共 {total} 条" + (f"（{parts}）" if parts else ""))
    if counts.get("held"):
        print(
            f"  明显多于平时，等待另一人批准：pinganbao jobs approve {planned.occurrence_id}，或区教育局在微信回复“批准”"
        )


async def _finish(runtime: Runtime, occurrence_id: int) -> None:
    async with delivering(runtime) as worker:
        await worker.finish(occurrence_id)


def _moment(runtime: Runtime, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(f"--at 应为 ISO 时间，例如 2026-03-02T07:30:00+08:00，现为 {text}")
    return moment if moment.tzinfo else moment.replace(tzinfo=runtime.district.zone)


def _describe(runtime: Runtime, job: Job, pushes: list[Push]) -> None:
    """Who, how many, by which rung, what it costs."""
    settings = runtime.settings
    house = House(
        runtime.database,
        runtime.vault,
        runtime.district,
        runtime.clock,
        "forecast",
        set,
        TemplateBook(settings.wechat_templates),
        subscriptions=TemplateBook(settings.wechat_subscriptions, subscriptions=True),
        sms=Recorder() if settings.sms_provider != "off" else None,
        sms_templates=TemplateBook(settings.sms_templates),
    )
    with runtime.database.read() as connection:
        made = forecast(connection, house, pushes, runtime.clock())
        past = occurrences.history(connection, job.name, runtime.district.day_of(runtime.clock()), HISTORY_DAYS)
    kinds = Counter(push.relation for push in pushes)
    print(f"{job.name}：将发给 {made.people} 人，共 {made.pushes} 条（只是预演，没有发送）")
    print(f"  家长 {kinds.get('guardian', 0)} 条，本人 {kinds.get('self', 0)} 条")
    for rung in (*RUNG_NAMES,):
        if made.rungs[rung]:
            print(f"  {'到不了' if rung == LIST else RUNG_NAMES[rung]} {made.rungs[rung]} 条")
    for reason, count in made.reasons.most_common(5):
        print(f"    {count} 条：{reason}")
    cost = made.texts * settings.sms_price_fen
    print(f"  费用：微信消息不收费；短信 {made.texts} 条，约 {cost / 100:.2f} 元")
    rate = runtime.district.messages.rate_per_second
    print(f"  每个发送进程每秒 {rate} 条，约 {max(1, -(-made.pushes // rate))} 秒发完")
    messages = runtime.district.messages
    if is_too_many(made.pushes, past, messages.blast_guard, messages.blast_factor, is_routine=job.is_routine):
        print("  明显多于平时：实际执行时会先等另一人批准")


@app.command("held")
def list_held() -> None:
    """列出等待批准的群发。"""
    with open_house() as runtime, runtime.database.read() as connection:
        held = occurrences.held(connection)
        for one in held:
            print(
                f"{one.id}\t{one.job}\t{one.day}\t{one.owed} 条\t{one.ordered_by} 发起于 {_local(runtime, one.planned_at)}"
            )
    if not held:
        print("没有等待批准的群发")


@app.command("approve")
def approve(
    number: Annotated[int, typer.Argument(help="编号，见 jobs held")],
    by: Annotated[str, typer.Option("--by", help="批准人；与发起人须为两个人")] = "",
) -> None:
    """批准一笔超过平时数量的群发；批准人不能是发起人。"""
    who = f"cli:{by}" if by else operator()
    with open_house() as runtime, working(runtime) as work:
        held = {one.id: one for one in occurrences.held(work.connection)}
        if number not in held:
            fail(f"没有编号为 {number} 的待批准群发，见 pinganbao jobs held")
        count = occurrences.approve(work.connection, number, who, runtime.clock())
        if count is None:
            fail(f"这一笔由 {who} 发起，须由另一人批准：pinganbao jobs approve {number} --by 姓名")
        trail.note(work, who, "approve_sending", f"occurrence:{number}", f"{held[number].job} {count}")
    print(f"已批准 {held[number].job} 的 {count} 条，由发送进程发出")


@app.command("stop")
def stop(
    everything: Annotated[bool, typer.Option("--all", help="连预警和答复一起停")] = False,
    reason: Annotated[str, typer.Option("--reason", help="为什么")] = "",
) -> None:
    """停发：一秒之内所有进程不再发出提醒和通知（--all 连预警一起停）。"""
    scope = "all" if everything else "mass"
    with open_house() as runtime, working(runtime) as work:
        sending.stop(work.connection, operator(), runtime.clock(), scope, reason)
        trail.note(work, operator(), "stop_sending", scope, reason)
    print("已全部停发" if everything else "已停发提醒和通知；预警和答复照常")
    print("恢复：pinganbao jobs resume")


@app.command("resume")
def resume() -> None:
    """恢复发送。已过时效的不会补发。"""
    with open_house() as runtime, working(runtime) as work:
        ended = sending.resume(work.connection, operator(), runtime.clock())
        trail.note(work, operator(), "resume_sending", "all", str(ended))
    print("已恢复发送" if ended else "现在没有停发")


@app.command("unknown")
def list_unknown(
    settle: Annotated[int | None, typer.Option("--settle", help="要裁定的编号")] = None,
    state: Annotated[str, typer.Option("--as", help="sent 已送达，failed 未送达，again 再发一次")] = "",
) -> None:
    """列出结果未知的推送；或由人裁定其中一条。"""
    choices = {"sent": "sent", "failed": "failed", "again": "queued"}
    if settle is not None and state not in choices:
        wrong_use("--as 应为 sent、failed 或 again")
    with open_house() as runtime:
        if settle is not None:
            with working(runtime) as work:
                done = delivery.settle_unknown(work.connection, settle, choices[state], operator(), runtime.clock())
                if not done:
                    fail(f"编号 {settle} 不是结果未知的推送")
                trail.note(work, operator(), "settle_unknown", f"push:{settle}", state)
            print(f"已裁定 {settle}：{ {'sent': '已送达', 'failed': '未送达', 'again': '再发一次'}[state] }")
            return
        with runtime.database.read() as connection:
            rows = doubtful(connection)
        for row in rows:
            name = f"{row.name}的家长" if row.relation == "guardian" and row.name else row.name or "—"
            late = "（已过时效，不必再发）" if row.created_at + (row.expires_at - row.moment) <= runtime.clock() else ""
            print(f"{row.id}\t{row.kind}\t{name}\t{_local(runtime, row.created_at)}\t{row.error}{late}")
        print(
            f"结果未知 {len(rows)} 条"
            + ("；裁定：pinganbao jobs unknown --settle 编号 --as sent|failed|again" if rows else "")
        )


@app.command("report")
def report(
    day: Annotated[str, typer.Option("--day", help="哪一天，例如 2026-03-02；默认今天")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """系统当天的自检报告：跑了哪些任务，发出多少、走哪条路，哪些没有发出、为什么。"""
    with open_house() as runtime:
        try:
            wanted = date.fromisoformat(day) if day else runtime.district.day_of(runtime.clock())
        except ValueError:
            wrong_use(f"--day 应为日期，例如 2026-03-02，现为 {day}")
        begins, ends = runtime.district.at(wanted, time()), runtime.district.at(wanted + timedelta(days=1), time())
        with runtime.database.read() as connection:
            found = day_of_sending(connection, wanted, begins, ends)
            unsure, held = len(doubtful(connection)), occurrences.held(connection)
    made: dict[str, Any] = {
        "day": wanted.isoformat(),
        "jobs": [[job, _local(runtime, due), state, owed] for job, due, state, owed in found.jobs],
        "pushes": [list(row) for row in found.fates],
        "failures": [list(row) for row in found.failures],
        "quotas": [list(row) for row in found.quotas],
        "unknown": unsure,
        "held": len(held),
        "stops": found.stops,
        "parked": found.parked,
    }
    if as_json:
        print(json.dumps(made, ensure_ascii=False, indent=1))
        return
    print(f"{wanted} 系统自检")
    for job, due, state, owed in made["jobs"]:
        print(f"  {due[11:16]} {job} {RESULTS.get(state, state)} {owed} 条")
    for kind, state, rung, count in made["pushes"]:
        print(f"  {kind} {STATES.get(state, state)}{f'（{RUNG_NAMES.get(rung, rung)}）' if rung else ''} {count} 条")
    for error, count in made["failures"]:
        print(f"  未到达 {count} 条：{error}")
    for rung, used, closed in made["quotas"]:
        print(f"  {RUNG_NAMES.get(rung, rung)} 今日调用 {used} 次{'，已被平台限额' if closed else ''}")
    todo = [
        text
        for count, text in (
            (unsure, f"{unsure} 条结果未知：pinganbao jobs unknown"),
            (len(held), f"{len(held)} 笔群发待批准：pinganbao jobs held"),
            (found.parked, f"{found.parked} 条来信排队待处理"),
            (sum(state == "missed" for _, _, state, _ in made["jobs"]), "有任务错过了时间，见上"),
        )
        if count
    ]
    print("需要处理：" + "；".join(todo) if todo else "没有需要处理的事")


def _local(runtime: Runtime, moment: datetime | None) -> str | None:
    return None if moment is None else runtime.district.local(moment).isoformat()
