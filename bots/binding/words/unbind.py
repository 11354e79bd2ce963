"""Ending a binding (domain handbook 13.4)."""

from __future__ import annotations

from collections.abc import Sequence

from bots.wording.names import both, person
from models.queries.people import BoundPerson

CONFIRM = "确认解绑"
ALL = frozenset({"全部", "都解绑", "全部解绑", "所有"})
SELF = frozenset({"本人", "自己", "我", "我自己", "教职工"})
NO = frozenset({"不", "不解绑", "取消", "算了", "不了", "不要", "不用了", "否", "不解了"})

NOBODY = "您现在没有绑定任何人，不用解绑。要绑定，请发送“绑定”加绑定码，例如：绑定 ACDE3467。"
KEPT = "好的，没有解绑，一切照旧。"
NOTHING_OPEN = "没有等您确认的解绑。要解绑，请先发送“解绑”。"


def which(people: Sequence[BoundPerson]) -> str:
    listed = "\n".join(f"{number}. {person(bound)}" for number, bound in enumerate(people, start=1))
    return f"您绑定了：\n{listed}\n要解绑哪一位？请回复数字或姓名，全部解绑请回复“全部”。"


def ask(people: Sequence[BoundPerson]) -> str:
    children = [bound.name for bound in people if bound.relation == "guardian"]
    loss = [f"替{both(children)}上报"] if children else []
    loss += ["用这个微信上报本人情况和处理工作"] if any(bound.relation == "self" for bound in people) else []
    return (
        f"解绑后我不再提醒您，您也不能再{'，不能再'.join(loss)}。已有记录由学校按规定保存。"
        f"确认请回复“{CONFIRM}”，不解绑不用理会。"
    )


def done(ended: Sequence[BoundPerson], left: Sequence[BoundPerson]) -> str:
    said = f"已解绑{both(person(bound) for bound in ended)}。"
    if any(bound.relation == "guardian" for bound in ended):
        said += "孩子的情况请直接告诉班主任，以后想再用，请发送“绑定”加绑定码。"
    if any(bound.relation == "self" for bound in ended):
        said += "您本人的旧绑定码已失效，以后想再用，请向学校管理员要新码。"
    return said + (f"您仍然绑定着{both(person(bound) for bound in left)}。" if left else "")
