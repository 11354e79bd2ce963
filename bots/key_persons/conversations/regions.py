"""增加重点地区 黑河市 3月1日起, 结束重点地区 …: a post of the bureau changes the list, after a yes, while all runs."""

from __future__ import annotations

import re
from datetime import date

from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.key_persons.registering import after_regions
from bots.key_persons.words import regions as words
from bots.reading import Home
from bots.reading.places import full_name, place_at
from models.actions.regions import add_regions, end_region
from models.queries.regions import all_regions
from models.rules.district import KeyRegion

NAME = "regions"
_LIST, _ADD, _END = "重点地区", "增加重点地区", "结束重点地区"
#: Who keeps the list (contract 7: the bureau; domain handbook 2.2: the isolation group screens).
KEEPERS = ("district_officer", "district_leader", "wg_isolation")
_DAY = re.compile(
    r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})[日号]?(?:起|开始)?|(今天|今日|明天|明日|昨天)(?:起|开始)?"
)
_YES, _NO = frozenset({"确认", "是", "对", "好"}), frozenset({"取消", "不", "算了", "不要"})
_EDGES = " ：:，,。　"


def begin(turn: Turn) -> Said | None:
    text = turn.text.strip()
    if not turn.speaker.posts and not text.startswith((_ADD, _END)):
        return None
    if not turn.speaker.holds(*KEEPERS):
        return say(words.NOT_YOURS)
    deed = "add" if text.startswith(_ADD) else "end" if text.startswith(_END) else ""
    if not deed:
        return _list(turn) if text.strip(_EDGES) == _LIST else None
    rest = text.removeprefix(_ADD if deed == "add" else _END).strip(_EDGES)
    day, name = _day_in(rest, turn.day)
    name = re.sub(r"(自|从|于)$", "", name.strip(_EDGES)).strip(_EDGES)
    if not name:
        return say(words.HOW)
    found = place_at(name, 0, Home(code=turn.district.code, name=turn.district.name))
    if found is None or found.end < len(name):
        return say(words.unknown(name))
    if len(found.codes) != 1:
        return say(words.several(name, [_called(code) for code in found.codes[:6]]))
    data = {"deed": deed, "name": _called(found.code), "code": found.code, "day": day.isoformat()}
    ask = words.ask_add if deed == "add" else words.ask_end
    return say(ask(data["name"], data["code"], day), Wait(NAME, "confirm", data))


def confirm(turn: Turn) -> Said | None:
    said = turn.text.strip(_EDGES)
    if said in _NO:
        return say(words.CANCELLED)
    if said not in _YES or turn.speaker.me is None or not turn.speaker.holds(*KEEPERS):
        return None
    name, code, day = str(turn.data["name"]), str(turn.data["code"]), date.fromisoformat(turn.data["day"])
    actor = f"person:{turn.speaker.me.person_id}"
    if turn.data["deed"] == "add":
        before = {row.id for row in all_regions(turn.work.flush())}
        if not add_regions(turn.work, [KeyRegion(name, code, day)], actor):
            return say(words.already(name))
        new = [row for row in all_regions(turn.work.flush()) if row.id not in before]
        registered, _, pushes = after_regions(turn.work, new, (), actor, turn.now)
        text = words.added(name, day, registered)
    else:
        ending = [row.id for row in all_regions(turn.work.flush()) if row.code == code and row.holds_on(day)]
        if not end_region(turn.work, code, day, actor):
            return say(words.not_listed(name))
        _, proposed, pushes = after_regions(turn.work, (), ending, actor, turn.now)
        text = words.ended(name, day, proposed)
    for name in ("stored regions", "key regions"):
        turn.work.known.pop(name, None)
    for push in pushes:
        if push.account_id != turn.speaker.account_id:
            turn.push(push)
    return say(text)


def _list(turn: Turn) -> Said:
    rows = all_regions(turn.work.flush())
    parts = [
        f"{row.name} {row.from_date}至{row.to_date or '今后'}"
        + ("" if row.holds_on(turn.day) else "（未开始）" if row.from_date > turn.day else "（已结束）")
        for row in rows[-30:]
    ]
    return say(words.listed(parts) if parts else words.EMPTY)


def _day_in(text: str, today: date) -> tuple[date, str]:
    """The day a text names (today where it names none), and what is left of it. A day of next year is last year's."""
    found = _DAY.search(text)
    if found is None:
        return today, re.sub(r"(起|开始)$", "", text)
    rest = text[: found.start()] + text[found.end() :]
    if found[4]:
        shift = {"今": 0, "明": 1, "昨": -1}[found[4][0]]
        return date.fromordinal(today.toordinal() + shift), rest
    try:
        day = date(int(found[1] or today.year), int(found[2]), int(found[3]))
    except ValueError:
        return today, text
    if not found[1] and (day - today).days > 180:
        day = day.replace(year=day.year - 1)
    return day, rest


def _called(code: str) -> str:
    return full_name(code)


conversation = Conversation(
    name=NAME,
    opens_on=frozenset({_LIST, _ADD, _END}),
    prefixes=(_ADD, _END),
    steps={"begin": begin, "confirm": confirm},
    first="begin",
)
