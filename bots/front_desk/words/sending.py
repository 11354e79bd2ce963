"""Large occasions that wait for a second person, and stopping and resuming all sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from models.rules.reach import RUNG_NAMES

#: What a job is called among people.
JOBS: Mapping[str, str] = {
    "checkin-prompt": "上报提醒",
    "checkin-reminder": "补报提醒",
    "class-report": "班级日报",
    "grade-report": "年级日报",
    "school-report": "学校日报",
    "zero-report-nudge": "零报告催报",
    "zero-report-escalation": "逾期通报",
    "daily-digest": "全区快报",
    "daily-digest-picture": "全区快报图",
    "circular-draft": "通报草稿",
    "circular": "通报",
    "campaign-push": "宣传推送",
    "campaign-reminder": "宣传提醒",
}

NOT_YOURS = "这项操作由区教育局的报告人或领导小组办理。如需停发，请致电区教育局。"
NOTHING_HELD = "现在没有等待批准的群发。"
NOT_HELD = "没有这一笔等待批准的群发，可能已经批准或已过时效。回复“待批准”查看。"
OWN = "这一笔是您自己发起的，需要另一位同事批准。"
NOT_STOPPED = "现在没有停发，发送一切正常。"
STOPPED = "已停发：提醒和通知从现在起不再发出，预警和答复照常。回复“恢复发送”继续；要连预警一起停，回复“全部停发”。"
STOPPED_ALL = "已全部停发：包括预警在内，一条也不再发出。请尽快查明原因，回复“恢复发送”继续。"
RESUMED = "已恢复发送。已过时效的不会补发，其余按顺序发出。"


def called(job: str) -> str:
    return JOBS.get(job, job)


def please_approve(number: int, job: str, count: int) -> str:
    """To those who may approve."""
    return (
        f"群发待批准：{called(job)}共{count}条，明显多于平时，已暂停。核实无误请回复“批准 {number}”；"
        "不批准就不会发出。回复“待批准”查看全部。"
    )


def waiting(lines: Sequence[tuple[int, str, int]]) -> str:
    """(number, job, count) of what is held."""
    listed = "\n".join(f"{number}号 {called(job)} {count}条" for number, job, count in lines)
    return f"等待批准的群发：\n{listed}\n核实无误请回复“批准 编号”，例如：批准 {lines[0][0]}。"


def approved(job: str, count: int) -> str:
    return f"已批准，{called(job)}{count}条开始发送。发现不对请立即回复“停发”。"


def self_report(
    day: date,
    *,
    ran: int,
    missed: Sequence[str],
    sent: Mapping[str, int],
    failed: int,
    reasons: Sequence[tuple[str, int]],
    closed: Sequence[str],
    held: int,
    unknown: int,
    parked: int,
) -> str:
    """The system's day to those who look after it. missed: jobs whose last time was missed; closed: rungs out of quota."""
    by = "、".join(f"{RUNG_NAMES.get(rung, rung)}{count}" for rung, count in sent.items())
    lines = [
        f"{day.month}月{day.day}日系统自检：",
        f"任务执行{ran}次"
        + (f"，错过：{'、'.join(called(job) for job in missed)}" if missed else "，没有错过的")
        + "。",
        f"发出{sum(sent.values())}条" + (f"（{by}）" if by else "") + f"，未送到{failed}条。",
    ]
    lines += [f"未送到的主要原因：{'；'.join(f'{reason} {count}条' for reason, count in reasons)}。"] if reasons else []
    todo = [f"{RUNG_NAMES.get(rung, rung)}今日额度已用完" for rung in closed]
    todo += [f"{held}笔群发等待批准，回复“待批准”查看"] if held else []
    todo += [f"{unknown}条不知是否送到，请在服务器上看 pinganbao jobs unknown"] if unknown else []
    todo += [f"{parked}条来信还在排队"] if parked else []
    return "\n".join([*lines, "需要处理：" + "；".join(todo) + "。" if todo else "没有需要处理的事。"])
