"""What is said to those who handle alerts (domain handbook 13.3)."""

from __future__ import annotations

from collections.abc import Sequence

from bots.alerts.words.telling import TITLES, facts_of
from bots.wording.health import on
from models.queries.alerts import AlertRow
from models.rules.alerts import FEVERS

HOW = (
    "请写上姓名和处理情况，例如：处理 林林 已就医 普通感冒。"
    "已核实没有问题：处理 林林 已排除 原因；报告人研判：处理 林林 不需报告 原因，或 处理 林林 需报告 原因。"
)
NOT_YOURS = "这项功能由学校和教育局的负责人使用，您目前没有这个职务。其他请回复“帮助”。"
ONLY_SETTLERS = "解除提醒由班主任、校医或疫情报告人核实后进行。您可以写处理情况，例如：处理 张小明 已电话联系。"
ONLY_JUDGES = "是否需要报告由学校疫情报告人研判。您可以写处理情况，例如：处理 张小明 已电话联系。"


def nothing_open(name: str) -> str:
    return f"{name}目前没有待处理的提醒。回复“待办”可查看其他待处理的。"


def noted(name: str) -> str:
    return f"已记下对{name}的处理情况。核实没有问题后请回复“处理 {name} 已排除 原因”。"


def excluded(name: str, owed: bool) -> str:
    more = "发热是否需要报告，还请疫情报告人研判。" if owed else ""
    return f"已记下：{name}的提醒已由您核实排除，记录会保留备查。{more}回复“待办”可查看其余的。"


def exclude_needs_reason(name: str) -> str:
    return f"请写明排除的依据，例如：处理 {name} 已排除 复测腋温36.6，家长已确认。"


def judgement_needs_reason(name: str, reportable: bool) -> str:
    word = "需报告 班内已有3人发热" if reportable else "不需报告 医院诊断普通感冒"
    return f"请写明研判的依据，例如：处理 {name} {word}。"


def judged(name: str, reportable: bool) -> str:
    if reportable:
        return f"已记下研判：{name}需要报告。请按时限电话报告疾控和教育局；回复“开事件 {name} 原因”可建立事件并计时。"
    return f"已记下研判：{name}不需报告，并注明原因。如有变化会重新提醒。回复“待办”可查看其余的。"


def line(unit: str, row: AlertRow) -> str:
    parts = "，".join(facts_of(row.facts))
    state = (
        "待研判" if row.outcome is not None and row.code in FEVERS else "已收到" if row.acknowledged_at else "待确认"
    )
    return f"{on(row.report_date)} {unit} {row.person_name}：{TITLES.get(row.code, row.code)} {parts}（{state}）"


def open_list(lines: Sequence[str]) -> str:
    if not lines:
        return "目前没有待处理的提醒。"
    shown = "\n".join(lines[:15])
    more = f"\n等共{len(lines)}条" if len(lines) > 15 else ""
    return f"待处理{len(lines)}条：\n{shown}{more}\n处理后请回复“处理 姓名 情况”。"
