"""`pinganbao campaign …`: videos, notices, study guidance."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.context import fail, open_house
from app.cli.working import operator, working, wrong_use
from app.files.campaign import CampaignFile, CampaignFileError, read_campaign
from app.media.pictures import poster
from app.media.video_fetch import fetch_media
from app.media.videos import BadVideo, check_video, keep_bytes, keep_file, plays_everywhere
from app.process.runtime import Runtime
from app.process.serving import make_client
from bots.engine.sender import SendError
from models.actions import campaigns as deeds
from models.queries import campaigns as queries
from models.queries import receipts as standing
from models.queries.campaigns import CampaignInfo
from models.queries.units import Units
from models.rules.campaign import KINDS, ROLES, STRENGTHS, State, state_of, tally

app = typer.Typer(help="视频、通知、学习指导的推送。", no_args_is_help=True)
STATES = {
    "draft": "草稿",
    "waiting": "待批准",
    "open": "进行中",
    "withdrawn": "已撤回",
    "replaced": "已被代替",
    "closed": "已截止",
}
Number = Annotated[int, typer.Argument(help="编号（campaign list 可查）")]


@app.callback()
def _campaign() -> None:
    """视频、通知、学习指导的推送。"""


@app.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="推送文件 .toml")],
    hold: Annotated[bool, typer.Option("--hold", help="先不发出，等另一个人 campaign approve 后再发")] = False,
) -> None:
    """登记一次推送；到时间自动送出。"""
    with open_house() as runtime:
        with runtime.database.read() as connection:
            units = runtime.units.get(connection)
        try:
            read = read_campaign(file, runtime.district, units)
            fields = dict(read.fields) | _hosted(runtime, read)
        except (CampaignFileError, BadVideo) as error:
            fail(str(error))
        except SendError as error:
            fail(f"{file.name}：media_id 的视频现在取不到，微信说：{error.reason}")
        with working(runtime) as work:
            if read.replaces is not None:
                before = queries.campaign(work.connection, read.replaces)
                if before is None:
                    fail(f"{file.name}：replaces 没有编号 {read.replaces} 的推送；pinganbao campaign list 可查")
                fields["replaces_id"] = before.id
            top = work.units.district
            fields["unit_id"] = fields["unit_id"] or (top.id if top else None)
            unit = work.units.get(fields["unit_id"])
            name = unit.name if unit else runtime.district.name
            fields["poster"] = keep_bytes(
                runtime, poster(fields["title"], KINDS[fields["kind"]], name, fields.get("video_seconds", 0)), "png"
            )
            number = deeds.publish(work, operator(), state="waiting" if hold else "open", **fields)
        print(f"已登记 编号 {number}：{KINDS[fields['kind']]}《{fields['title']}》")
        print(
            f"发给：{_whom(units, fields)}；回执：{STRENGTHS[fields['strength']]}；发出：{_when(runtime, fields['at'])}"
        )
        if hold:
            print(f"等另一个人批准后发出：pinganbao campaign approve {number}")


def _hosted(runtime: Runtime, read: CampaignFile) -> dict[str, Any]:
    """The columns of a hosted video: a file, or permanent media of the account. Raises BadVideo or SendError."""
    if media_id := read.fields["media_id"]:
        with tempfile.TemporaryDirectory() as folder:
            return _kept(runtime, asyncio.run(_fetched(runtime, media_id, Path(folder))))
    return {} if read.video is None else _kept(runtime, read.video)


async def _fetched(runtime: Runtime, media_id: str, folder: Path) -> Path:
    client = make_client(runtime)
    try:
        return await fetch_media(client, media_id, folder)
    finally:
        await client.close()


def _kept(runtime: Runtime, path: Path) -> dict[str, Any]:
    video = check_video(path)
    if not plays_everywhere(video):
        typer.echo(
            f"请留意：{path.name} 的画面编码是 {video.codec or '未知'}，有的手机放不了，建议转成 H.264", err=True
        )
    if not video.starts_fast:
        typer.echo(f"请留意：{path.name} 的索引在文件末尾，网络慢时开始得慢，导出时请选“网络优化”", err=True)
    return {"video": keep_file(runtime, path), "video_seconds": video.seconds}


def _when(runtime: Runtime, moment: Any) -> str:
    return "立即" if moment is None else f"{runtime.district.local(moment):%Y-%m-%d %H:%M}"


def _whom(units: Units, fields: Any) -> str:
    where = "、".join(units[unit_id].path for unit_id in fields["unit_ids"]) or "全区"
    return where + " " + "、".join(ROLES[role] for role in fields["roles"])


@app.command("list")
def list_() -> None:
    """列出最近的推送和完成情况。"""
    with open_house() as runtime, runtime.database.read() as connection:
        found = queries.newest(connection)
        states: dict[int, list[State]] = {one.id: [] for one in found}
        by_id = {one.id: one for one in found}
        for row in standing.standings(connection, [one.id for one in found if one.started_at]):
            states[row.campaign_id].append(state_of(row.facts, by_id[row.campaign_id].video_seconds))
        for one in found:
            counted = tally(states[one.id])
            print(
                f"{one.id}  {STATES[one.state]}  {KINDS[one.kind]}《{one.title}》  发出 {_when(runtime, one.at)}  "
                f"完成 {counted[State.DONE]}/{len(states[one.id])}"
            )
        if not found:
            print("还没有推送。")


def _found(connection: Any, number: int) -> CampaignInfo:
    found = queries.campaign(connection, number)
    if found is None:
        wrong_use(f"没有编号 {number} 的推送；pinganbao campaign list 可查")
    return found


@app.command("approve")
def approve(number: Number, by: Annotated[str, typer.Option("--as", help="批准人，默认当前系统用户")] = "") -> None:
    """批准一条等第二个人放行的推送（发起人自己不能批准）。"""
    with open_house() as runtime, working(runtime) as work:
        one = _found(work.connection, number)
        if one.state != "waiting":
            fail(f"编号 {number} 不在等批准，现在是{STATES[one.state]}")
        if not deeds.approve(work, one, f"cli:{by}" if by else operator()):
            fail(f"编号 {number} 是您自己登记的，要由另一个人批准（--as 写明是谁）")
    print(f"已批准 编号 {number}：《{one.title}》")


@app.command("withdraw")
def withdraw(number: Number, reason: Annotated[str, typer.Option(help="原因")]) -> None:
    """撤回一条推送；没送出的不再发送。"""
    with open_house() as runtime, working(runtime) as work:
        one = _found(work.connection, number)
        if not deeds.withdraw(work, one, operator(), reason):
            fail(f"编号 {number} 不能撤回，现在是{STATES[one.state]}")
    print(f"已撤回 编号 {number}：《{one.title}》")
