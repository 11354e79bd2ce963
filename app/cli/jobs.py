"""jobs list, jobs run: the timetable by hand."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy import func, select

from app import logs
from app.cli.context import fail, open_house
from app.runtime import Runtime
from app.serving import delivering, make_timetable
from models.actions import occurrences
from models.rules.push import Push
from models.tables import Outbox
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
RESULTS = {"planned": "已执行", "missed": "已错过", "skipped": "不需要", "failed": "失败"}


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
            _describe(
                runtime,
                job,
                [push for push in timetable.preview(job, moment, runtime.clock()) if isinstance(push, Push)],
            )
            return
        planned = timetable.run_as_of(job, moment, runtime.clock())
        if planned.occurrence_id is None:
            fail(f"{name} 的这一次正在别处执行，请稍后再试")
        if planned.state == "before":
            with runtime.database.write() as connection:
                from models.actions import delivery

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


async def _finish(runtime: Runtime, occurrence_id: int) -> None:
    async with delivering(runtime) as delivery:
        await delivery.finish(occurrence_id)


def _moment(runtime: Runtime, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(f"--at 应为 ISO 时间，例如 2026-03-02T07:30:00+08:00，现为 {text}")
    return moment if moment.tzinfo else moment.replace(tzinfo=runtime.district.zone)


def _describe(runtime: Runtime, job: Job, pushes: list[Push]) -> None:
    templates = set(runtime.settings.wechat_templates)
    kinds = Counter(push.relation for push in pushes)
    print(f"{job.name}：将发给 {len({push.account_id for push in pushes})} 人，共 {len(pushes)} 条")
    print(f"  家长 {kinds.get('guardian', 0)} 条，本人 {kinds.get('self', 0)} 条")
    print(
        "  48 小时内发过消息的走客服消息；其余"
        + ("走模板消息" if job.name in templates else "没有配置模板，将列入未送达")
    )


def _local(runtime: Runtime, moment: datetime | None) -> str | None:
    return None if moment is None else runtime.district.local(moment).isoformat()
