"""发布: the publicity post publishes in a few steps; a video sent to the account becomes the draft (domain handbook 10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bots.campaigns import words
from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.engine.replies import Text, pack
from bots.wording import names
from models.actions import campaigns as deeds
from models.queries import campaigns
from models.queries.bound import holders_on
from models.queries.people import PostHeld
from models.queries.units import UnitInfo, Units
from models.rules.campaign import (
    BUREAU_PUBLISHERS,
    ROLES,
    SCHOOL_PUBLISHERS,
    STRENGTHS,
    Audience,
    needs_second,
)
from models.rules.organisation import SCHOOL_KINDS
from models.rules.push import Lane, Push

NAME = "publish"
_EDGES = " \t\r\n。．.!！~～,，、;；:：《》"
_CANCEL = frozenset({"取消", "不发了", "算了"})
_KINDS = ("notice", "video", "study", "example")
_AUDIENCES = (["guardian"], ["staff"], ["guardian", "staff"])
_STRENGTHS = ("read", "confirm", "sign", "answer")
_NUMBERED = re.compile(rf"({words.APPROVE}|{words.WITHDRAW}|{words.REPLACE})\s*(\d{{1,9}})\s*(.*)", re.DOTALL)
_LONGEST = 30
#: "1 三年级、四年级2班"
_PART = re.compile(rf"([1-{len(_AUDIENCES)}])[\s，,、：:.．]*([^\s\d][\s\S]{{0,60}})")
_BETWEEN = re.compile(r"[、，,；;]+")


def begin(turn: Turn) -> Said | None:
    text = turn.text.strip(_EDGES)
    if text != words.PUBLISH:
        return _numbered(turn, text)
    if _post(turn) is None:
        return say(words.NOT_A_PUBLISHER)
    return say(words.ASK_KIND, Wait(NAME, "kind", {}))


def _post(turn: Turn) -> PostHeld | None:
    """The post by which somebody may publish; the bureau's before a school's."""
    return next(iter((*turn.speaker.holds(*BUREAU_PUBLISHERS), *turn.speaker.holds(*SCHOOL_PUBLISHERS))), None)


def narrow(units: Units, post: PostHeld, text: str) -> dict[str, Any] | str:
    """Columns of an audience that is only a part of what the post may reach; the first name that is nobody's.

    A school's post reaches its own grades and classes; the bureau's schools, grades of every school, kinds of school.
    """
    top = units[post.unit_id]
    scope = list(units.within(top.school_id or top.id)) if post.role in SCHOOL_PUBLISHERS else _all(units)
    ids: list[int] = []
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    for part in parts:
        found = [unit.id for unit in scope if _is_called(units, unit, re.sub(r"[/\s]", "", part))]
        if not found:
            return part
        ids += found
    return {"unit_ids": ids, "where": "、".join(parts)}


def _all(units: Units) -> list[UnitInfo]:
    return list(units.within(units.district.id)) if units.district else []


def _is_called(units: Units, unit: UnitInfo, name: str) -> bool:
    """红旗小学, 三年级, 三年级2班, 红旗小学三年级2班, and 小学 for every school of the kind."""
    if unit.kind == "school":
        return unit.name == name or (name in SCHOOL_KINDS and unit.school_kind == SCHOOL_KINDS[name])
    return unit.kind in {"grade", "class_unit"} and name in {units.class_name(unit.id), unit.path.replace("/", "")}


# --- the steps ----------------------------------------------------------------------------------------------------
def kind(turn: Turn) -> Said | None:
    chosen = _choice(turn, len(_KINDS))
    if isinstance(chosen, int):
        return say(words.ASK_TITLE, Wait(NAME, "title", {**turn.data, "kind": _KINDS[chosen]}))
    return chosen


def title(turn: Turn) -> Said | None:
    text = turn.text.strip()
    if text.strip(_EDGES) in _CANCEL:
        return say(words.CANCELLED)
    if turn.incoming.kind != "text" or turn.is_word:
        return None
    if not 1 <= len(text) <= _LONGEST:
        return say(words.TITLE_LONG, Wait(NAME, "title", dict(turn.data)))
    data = {**turn.data, "title": text}
    return say(words.ASK_TEXT, Wait(NAME, "text", data))


def text(turn: Turn) -> Said | None:
    said = turn.text.strip()
    if said.strip(_EDGES) in _CANCEL:
        return say(words.CANCELLED)
    if turn.incoming.kind != "text" or turn.is_word or not said:
        return None
    data = {**turn.data, "text": said}
    if data["kind"] == "video" and not data.get("media_id"):
        return say(words.ASK_VIDEO, Wait(NAME, "video", data))
    return _ask_audience(turn, data)


def _ask_audience(turn: Turn, data: dict[str, Any]) -> Said:
    post = _post(turn)
    shown = words.ask_audience(district=post is not None and post.role in BUREAU_PUBLISHERS)
    return say(shown, Wait(NAME, "audience", data))


def video(turn: Turn) -> Said | None:
    if turn.text.strip(_EDGES) in _CANCEL:
        return say(words.CANCELLED)
    if turn.incoming.kind in {"video", "shortvideo"} and turn.incoming.media_id:
        return _ask_audience(turn, {**turn.data, "media_id": turn.incoming.media_id})
    link = turn.incoming.link_url or turn.text.strip()
    parts = urlsplit(link)
    if parts.scheme == "https" and "." in (parts.hostname or "") and len(link) <= 400 and " " not in link:
        return _ask_audience(turn, {**turn.data, "link": link})
    return None if turn.is_word else say(words.BAD_LINK, Wait(NAME, "video", dict(turn.data)))


def audience(turn: Turn) -> Said | None:
    """Roles by number; behind it, where only a part is meant, schools, grades, classes or kinds of school."""
    part, post = _PART.fullmatch(turn.text.strip(_EDGES)), _post(turn)
    if part is not None and post is not None:
        chosen: int | Said | None = int(part[1]) - 1
        narrowed = narrow(turn.work.units, post, part[2])
        if isinstance(narrowed, str):
            return say(words.no_such_unit(narrowed), Wait(NAME, "audience", dict(turn.data)))
    else:
        chosen, narrowed = _choice(turn, len(_AUDIENCES)), {}
    if not isinstance(chosen, int):
        return chosen
    data = {**turn.data, **narrowed, "roles": _AUDIENCES[chosen]}
    if data["kind"] == "notice":
        return say(words.ASK_STRENGTH, Wait(NAME, "strength", data))
    return _preview(turn, {**data, "strength": "read"})


def strength(turn: Turn) -> Said | None:
    chosen = _choice(turn, len(_STRENGTHS))
    if not isinstance(chosen, int):
        return chosen
    return _preview(turn, {**turn.data, "strength": _STRENGTHS[chosen]})


def _preview(turn: Turn, data: dict[str, Any]) -> Said:
    post = _post(turn)
    if post is None:
        return say(words.NOT_A_PUBLISHER)
    whole = names.place(turn.work.units, post.unit_id) if post.role in SCHOOL_PUBLISHERS else "全区"
    where = data.get("where", whole)
    whom = "、".join(ROLES[role] for role in data["roles"])
    second = _is_district(post, data)
    shown = words.preview(
        data["kind"], data["title"], data["text"], whom, where, STRENGTHS[data["strength"]], second=second
    )
    return say(shown, Wait(NAME, "confirm", data))


def confirm(turn: Turn) -> Said | None:
    said = turn.text.strip(_EDGES)
    if said in _CANCEL:
        return say(words.CANCELLED)
    post, me = _post(turn), turn.speaker.me
    if said not in {"确认发布", "确认"} or post is None or me is None:
        return None
    data = dict(turn.data)
    second = _is_district(post, data)
    fields: dict[str, Any] = {name: data[name] for name in ("kind", "title", "text", "strength", "roles")}
    if data["strength"] == "answer":
        fields |= {"question": data["title"], "choices": ["同意", "不同意"]}
    # A video that is still with the platform is fetched first; until then it is a draft.
    waits = bool(data.get("media_id"))
    number = deeds.publish(
        turn.work,
        f"person:{me.person_id}",
        **fields,
        link=data.get("link", ""),
        media_id=data.get("media_id", ""),
        replaces_id=data.get("replaces"),
        reason=data.get("reason", ""),
        unit_ids=data.get("unit_ids", [] if post.role in BUREAU_PUBLISHERS else [post.unit_id]),
        unit_id=post.unit_id,
        author_id=me.person_id,
        state="waiting" if second else "draft" if waits else "open",
    )
    if second:
        return say(words.waits_second(number, data["title"], _ask_second(turn, number, data)))
    return say((words.published_video if waits else words.published)(number, data["title"]))


def _is_district(post: PostHeld, data: Mapping[str, Any]) -> bool:
    audience = Audience(frozenset(), frozenset(data.get("unit_ids", ())))
    return needs_second(audience, district=post.role in BUREAU_PUBLISHERS)


def _ask_second(turn: Turn, number: int, data: dict[str, Any]) -> int:
    """The other publishers of the bureau are asked to release it; gives how many."""
    me = turn.speaker.me
    who = me.name if me else ""
    text = words.please_approve(number, data["title"], data["text"], who)
    asked = {
        holder.account_id: holder.person_id
        for holder in holders_on(turn.work.flush(), BUREAU_PUBLISHERS, turn.district.day_of(turn.now))
        if holder.account_id not in (None, turn.speaker.account_id)
    }
    for account_id, person_id in asked.items():
        turn.push(
            Push(
                key=f"campaign-approve:{number}:{account_id}",
                kind="reply",
                account_id=account_id or 0,
                body=pack(Text(text)),
                moment=turn.now,
                expires_at=turn.district.end_of(turn.district.day_of(turn.now)),
                lane=Lane.ANSWER,
                person_id=person_id,
                fields={
                    "title": "待批准的发布",
                    "unit": turn.district.name,
                    "time": turn.day.isoformat(),
                    "note": "请进入对话查看",
                },
            )
        )
    return len(asked)


# --- release and withdrawal ---------------------------------------------------------------------------------------
def _numbered(turn: Turn, said: str) -> Said | None:
    """批准发布 12, 撤回发布 12 原因, 替换发布 12 原因."""
    found = _NUMBERED.fullmatch(said)
    if found is None:
        return None
    post, me = _post(turn), turn.speaker.me
    if post is None or me is None:
        return say(words.NOT_A_PUBLISHER)
    one = campaigns.campaign(turn.work.flush(), int(found[2]))
    bureau = post.role in BUREAU_PUBLISHERS
    if one is None or not (bureau or one.unit_id == post.unit_id):
        return say(words.no_such(found[2]))
    actor = f"person:{me.person_id}"
    if found[1] == words.WITHDRAW:
        done = deeds.withdraw(turn.work, one, actor, found[3].strip(_EDGES))
        return say(words.withdrawn(one.title) if done else words.no_such(found[2]))
    if found[1] == words.REPLACE:
        if one.state not in {"open", "closed"}:
            return say(words.no_such(found[2]))
        data = {"replaces": one.id, "reason": found[3].strip(_EDGES)[:120]}
        return say(words.replaces(one.title), Wait(NAME, "kind", data))
    if not bureau or one.state != "waiting":
        return say(words.NOT_WAITING)
    if not deeds.approve(turn.work, one, actor):
        return say(words.NOT_THE_SAME)
    return say(words.approved(one.title))


def _choice(turn: Turn, count: int) -> int | Said | None:
    """The number chosen, from 0; what is said where there is none; None where the message is somebody else's."""
    said = turn.text.strip(_EDGES)
    if said in _CANCEL:
        return say(words.CANCELLED)
    if said.isdecimal() and len(said) == 1 and 1 <= int(said) <= count:
        return int(said) - 1
    if turn.is_word or turn.opens or turn.incoming.kind != "text" or not said.isdecimal():
        return None
    return None if len(said) > 1 else say(words.CHOOSE, Wait(NAME, turn_step(turn), dict(turn.data)))


def turn_step(turn: Turn) -> str:
    """Which of the numbered questions is open: what has been answered so far tells."""
    return "kind" if "kind" not in turn.data else "audience" if "roles" not in turn.data else "strength"


def sent_video(turn: Turn) -> Said | None:
    """A video from somebody who may publish is the beginning of a publication."""
    if turn.incoming.kind not in {"video", "shortvideo"} or not turn.incoming.media_id or _post(turn) is None:
        return None
    return say(words.VIDEO_TAKEN, Wait(NAME, "title", {"kind": "video", "media_id": turn.incoming.media_id}))


conversation = Conversation(
    name=NAME,
    steps={
        "begin": begin,
        "kind": kind,
        "title": title,
        "text": text,
        "video": video,
        "audience": audience,
        "strength": strength,
        "confirm": confirm,
    },
    first="begin",
    opens_on=frozenset({words.PUBLISH}),
    prefixes=(words.APPROVE, words.WITHDRAW, words.REPLACE),
    reads=sent_video,
    order=18,
)
