"""宿舍 姓名 3号楼201, 座位 姓名 3排2列: who sleeps and sits where, for signals and for who may have met whom."""

from __future__ import annotations

import re
import unicodedata

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.isolation.checks import named
from bots.wording import posts as post_words
from models.actions.seating import enter_place
from models.rules.incidents import HANDLERS

_SEAT = re.compile(r"(?:第)?(\d{1,2})\s*[排行]\s*(?:第)?(\d{1,2})\s*[列座]")
_HOW = "请写姓名和宿舍或座位，例如：宿舍 王乐乐 3号楼201；座位 王乐乐 3排2列。只用于排查和聚集提示。"
_ONLY = "宿舍和座位由班主任、校医和学校报告人登记。其他请回复“帮助”。"


def begin(turn: Turn) -> Said | None:
    if not turn.speaker.posts or turn.speaker.me is None:
        return None
    if not turn.speaker.holds(*HANDLERS):
        return say(_ONLY)
    verb = "宿舍" if turn.text.startswith("宿舍") else "座位"
    name, _, rest = turn.text.removeprefix(verb).strip(" ：:，,").partition(" ")
    where = unicodedata.normalize("NFKC", rest).replace(" ", "")[:40]
    seat = _SEAT.search(where)
    if not name or not where or (verb == "座位" and seat is None):
        return say(_HOW)
    found = named(turn, name)
    if not found:
        return say(post_words.nobody_called(name, "您负责的范围里"))
    if len(found) > 1:
        return say(post_words.several_called(name, [f"{one.name}（{one.number}）" for one in found]))
    one, kind = found[0], "dormitory" if verb == "宿舍" else "seat"
    row, column = (int(seat[1]), int(seat[2])) if seat is not None and kind == "seat" else (None, None)
    enter_place(turn.work, one.person_id, one.unit_id, kind, where, turn.speaker.me.person_id, row=row, column=column)
    return say(f"已登记：{one.name} {verb}{where}。写错了直接再发一次，例如：{verb} {one.name} {where}。")


conversation = Conversation(
    name="places",
    steps={"begin": begin},
    first="begin",
    is_global=True,  # an open question about health must not take these words for its answer
    opens_on=frozenset({"宿舍", "座位"}),
    prefixes=("宿舍 ", "座位 "),
)
