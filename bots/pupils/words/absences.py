"""What is said about absence: asked for by the family, followed up by the teacher (domain handbook 5.4, 8.6, 13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bots.wording.health import on
from bots.wording.plain import names

NAMES = {"sick": "病假", "personal": "事假", "isolation": "因隔离缺勤", "unexplained": "原因不明"}
HOW = "请假请写：请病假 感冒 或 请事假 家里有事，可加姓名、日期和天数，例如：林林请病假2天 咳嗽。"
FOLLOW_HOW = (
    "追访请写：追访 姓名 情况，例如：追访 林林 已就诊，诊断感冒，预计3月5日返校；联系不上写：追访 林林 联系不上。"
)
NOT_YOURS = "追访由班主任、校医和疫情报告人登记。您可以回复“帮助”看能做什么。"


def which(children: Sequence[str]) -> str:
    return f"请问是给哪一位请假：{'、'.join(children)}？请回复姓名。"


def leave_ok(name: str, kind: str, first: date, days: int, reason: str, *, told: bool) -> str:
    """leave_ok of domain handbook 13.2."""
    span = on(first) + (f"起{days}天" if days > 1 else "")
    said = f"，{reason}" if reason else ""
    whom = "已告知班主任。" if told else "班主任暂时收不到消息，请再打电话告知。"
    back = (
        "请每天报一次情况，返校时如学校要求请带上复课证明交校医查验。" if kind == "sick" else "体温请照常每天报一次。"
    )
    return f"已登记{NAMES[kind]}：{name}，{span}{said}。{whom}{back}要取消请回复“取消请假”。"


def to_teacher(unit: str, name: str, kind: str, first: date, days: int, reason: str) -> str:
    span = on(first) + (f"起{days}天" if days > 1 else "")
    follow = f"联系后请回复：追访 {name} 情况。" if kind == "sick" else f"有出入请回复：缺勤 {name} 取消。"
    return f"{unit}{name}的家长请{NAMES[kind]}，{span}{'，' + reason if reason else ''}。已记入缺勤。{follow}"


def cancelled(name: str) -> str:
    return f"已取消{name}今天的请假登记。体温请照常上报，直接发数字就行。"


def beside(kind: str, reason: str) -> str:
    """ "（病假：水痘）", beside a day's line."""
    return f"（{NAMES.get(kind, kind)}{'：' + reason if reason else ''}）"


NOTHING_TO_CANCEL = "今天没有您登记的请假。请假请写：请病假 感冒。"


def followed(name: str, said: Sequence[str]) -> str:
    what = f"：{'，'.join(said)}" if said else ""
    return f"已登记追访：{name}{what}。病假未返校的每天追访一次。返校后请回复：缺勤 {name} 到校。"


def needs_paper(name: str) -> str:
    return f"这种病返校前要有复课证明并经校医查验，已为{name}登记；家长可回复“复课证明 …”提交。"


def not_reached(name: str) -> str:
    return f"已登记：{name}今天没有联系上。请换一个电话再试，联系上后回复：追访 {name} 情况。"


def nobody_absent(name: str) -> str:
    return f"{name}近期没有缺勤登记。登记缺勤请写：缺勤 {name} 病假 感冒。"


def returned(name: str, day: date) -> str:
    return f"已登记：{name}{on(day)}返校。如所患疾病要求，请让校医查验复课证明。回复“班级”可查看全班。"


def to_follow(unit: str, owed: int, done: int, people: Sequence[tuple[str, str, int]]) -> str:
    """people: name, kind, for how many days in a row."""
    said = [
        f"{name}（{NAMES[kind]}{f'第{days}天' if days > 1 else ''}{'，请问清原因' if kind == 'unexplained' else ''}）"
        for name, kind, days in people
    ]
    return (
        f"{unit}缺勤追访：应追访{owed}，已追访{done}，待追访：{names(said)}。"
        f"请现在联系，并回复：追访 {people[0][0]} 情况（或 联系不上）。"
    )


def unexplained(unit: str, people: Sequence[str]) -> str:
    """To the head of the grade: nobody knows yet why they are away."""
    return f"{unit}有{len(people)}人缺勤原因不明，班主任还没有登记追访：{names(people)}。请督促班主任今天联系到家长并登记。"
