"""What is said to people about their posts: refusals, which hat, what cannot be found."""

from __future__ import annotations

from collections.abc import Sequence

from bots.wording.plain import names

NO_POST = "这项功能由学校和教育局的负责人使用，您目前没有这个职务。报体温直接发数字，例如 36.5；其他请回复“帮助”。"
TODAY_NOT_YOURS = "“今日”看的是学校和全区的情况，由负责人使用，您目前没有这个职务。看孩子今天的记录请回复“今天”。"
NOT_STARTED = "按日历今天不用上报，也不用确认。需要上报的日子我会提醒您。"
NOT_YOURS_TO_SIGN = "这个单位的日报由它的负责人或上一级确认，您目前没有这个职务。看情况请回复“今日”；其他请回复“帮助”。"
RETURN_SCHOOLS_ONLY = "教育局退回的是学校的日报，例如：退回 红旗小学 缺人。班级、年级的日报由学校自己退回。"
NOTHING_OPEN = "您负责的日报今天都已确认，不用重复操作。回复“今日”可查看。"
RETURN_HOW = "请写明单位和原因，例如：退回 2班 数字对不上。原因可选：数字对不上、缺人、异常未说明、其他。"
RETURN_KEPT = "好的，没有退回。"
RETURN_WORD = "选“其他”请写明原因，例如：4 说明与班级情况不符。"
ENTER_HOW = "请写上姓名和体温，例如：代报 张小明 36.5。"
#: An absence by its kind.
AWAY = {"sick": "病假", "personal": "事假", "isolation": "因隔离缺勤", "unexplained": "原因不明"}
ABSENCE_HOW = (
    "请写上姓名、类别和原因，例如：缺勤 张小明 病假 感冒。类别：病假、事假、隔离、不明；撤销写“缺勤 张小明 取消”。"
)
SUPPLEMENT_HOW = "请在“补充”后面写上说明，例如：补充 未报1人已电话联系。"
SUPPLEMENT_NOBODY = "补充说明由签报人填写。请先回复“确认”签报，再写“补充 …”。"


def undo_absence(name: str) -> str:
    return f"登记错了请回复“缺勤 {name} 取消”。"


def ask_reason(name: str) -> str:
    """An absence without a reason: it has an owner until there is one."""
    return f"原因还不清楚，请联系家长后回复：追访 {name} 情况，或 缺勤 {name} 病假 原因。"


def only_for(who: str, instead: str = "") -> str:
    """A plain refusal: whose matter it is, and, for somebody with another post, the word for their own."""
    if instead:
        return f"这项功能由{who}使用，您目前没有这个职务。看您负责的情况请回复“{instead}”；其他请回复“帮助”。"
    return f"这项功能由{who}使用，您目前没有这个职务。如果职务有变动，请联系学校管理员；其他请回复“帮助”。"


def deputy_from(clock: str) -> str:
    return f"报告人尚未签报。作为B角，您可以在{clock}以后回复“确认”签报。"


def which(choices: Sequence[str], verb: str) -> str:
    """Several hats: asks which is meant."""
    return f"您有{len(choices)}项可以{verb}：{names(choices)}。请写明是哪一项，例如：{verb} {choices[0]}"


def return_why(name: str, reasons: Sequence[str]) -> str:
    """A unit to send back, without a reason yet."""
    listed = "，".join(f"{number} {reason}" for number, reason in enumerate(reasons, start=1))
    return f"退回{name}的原因是：{listed}？请回复数字，可在后面加一句说明；不退回请回复“取消”。"


def not_returnable(name: str, lock: str, *, locked: bool) -> str:
    """Nothing to send back, or the day is locked: why, and who can still change it."""
    if not locked:
        return f"{name}今日的日报还没有确认，或已经退回，不用再退回。要催一催请回复“催报”。"
    return (
        f"{name}的日报已在{lock}锁定：全区快报已发出，不再退回。"
        "锁定后的更正由学校疫情报告人回复“零报告”核对后重新“确认”，记为更正版。"
    )


def nobody_called(name: str, where: str) -> str:
    return f"{where}没有找到“{name}”。请核对姓名后重新发送；转学或新生请联系管理员更新名册。"


def several_called(name: str, people: Sequence[str]) -> str:
    return f"“{name}”有{len(people)}位：{names(people)}。请写全名或学号再发一次。"


def no_unit(name: str) -> str:
    return f"没有找到“{name}”。请写全名，例如：三年级2班。"
