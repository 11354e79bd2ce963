"""When nobody else knew what to do with a message: what to type instead (domain handbook 13.2)."""

from __future__ import annotations

from bots.binding.words.bind import HOW

UNBOUND = f"您还没有绑定，所以我不能替您登记。{HOW}"
UNBOUND_URGENT = f"孩子不舒服请马上打电话告诉班主任，情况危急请拨打120。您还没有绑定，我不能替您登记。{HOW}"
GUARDIAN = "要报孩子的情况，请发体温，比如：36.5 没有不舒服。其他问题请回复“联系老师”，或回复“帮助”看我能做什么。"
STAFF = "要报您本人的情况，请发体温，比如：36.5。其他功能请回复“帮助”，我告诉您能发哪些词。"
#: words that make the answer to somebody unbound begin with whom to call
URGENT = ("发烧", "发热", "喘", "抽搐", "昏", "呼吸困难", "吐", "不舒服", "39", "40")
