"""A class's binding codes, for its head teacher (contract 10)."""

from __future__ import annotations

from collections.abc import Sequence

NOT_YOURS = (
    "绑定码只有班主任能查看。家长请看学校发的纸条，或向班主任要；要绑定，请发送“绑定”加绑定码，例如：绑定 ACDE3467。"
)
MORE = "继续"


def head(place: str, bound: int, total: int) -> str:
    return f"{place}：{total}名学生，{bound}名已有家长绑定，{total - bound}名还没有。请把码单独告诉家长，不要发到群里。"


def unbound(name: str, code: str) -> str:
    return f"{name} {code}" if code else f"{name} 暂无有效的码，请向学校管理员要"


def bound(name: str, guardians: int) -> str:
    return f"{name} 已绑定（{guardians}位家长）"


def page(lines: Sequence[str], more: bool) -> str:
    tail = f"没有显示完，请回复“{MORE}”看后面的。" if more else "家长发送“绑定”加绑定码就能绑定。"
    return "\n".join([*lines, tail])
