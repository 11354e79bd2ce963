"""The reporter's judgement of a fever."""

from __future__ import annotations

from collections.abc import Sequence

from bots.wording.plain import names

HOW = "请写姓名和原因，例如：不需报告 王乐乐 普通感冒已就医。需要报告请写：需报告 王乐乐 原因。"
ONLY = "判断是否需要报告，由疫情报告人、副报告人和校长来做。您可以先回复“收到”，再联系报告人。"


def nothing(name: str) -> str:
    return f"{name}今天没有需要判断的发热提醒。回复“零报告”可查看全校情况。"


def ask_reason(name: str, verb: str) -> str:
    return f"请补上原因再发一次，例如：{verb} {name} 普通感冒已就医。"


def not_reportable(name: str, left: Sequence[str]) -> str:
    more = f"还需判断：{names(left)}。" if left else "今天的发热都已判断。"
    return f"已记下：{name}的发热不需报告。{more}再回复“零报告”核对，“确认”签报。"


def reportable(name: str, told: int) -> str:
    who = "已通知校长和教育局" if told else "请马上通知校长"
    return f"已记下：{name}的发热需要报告。{who}。请尽快电话报告区疾控和教育局（各类时限不同，最严2小时），并把经过用“补充 …”记下。"


def told_principal(school: str, where: str, name: str, by: str) -> str:
    return f"{school}{where}{name}的发热，{by}判断需要报告。请督促按时限报告疾控和教育局；回复“零报告”看全校情况。"


def told_bureau(school: str, where: str) -> str:
    return f"{school}{where}有1例发热，学校判断需要报告。请与学校疫情报告人联系；回复“查 {school}”看该校情况。"
