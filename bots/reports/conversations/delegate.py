"""我出差到周五，请张老师代报: hands one's duties over until a day; they return by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.reading.until import until_day
from bots.reports.words import delegating as words
from bots.wording import posts
from bots.wording.health import on
from models.actions.delegations import DELEGABLE, delegate, delegated_by, take_back
from models.queries.people import Holder, PostHeld, holders, recipients_of
from models.queries.staff import StaffMember, staff_of
from models.rules.push import Lane, Push

#: "请张老师代报", "由郑好代签", "让张三替我报": who is to act.
_WHO = re.compile(
    r"(?:请|让|由|托|委托|交给)\s*([\u4e00-\u9fff·]{1,8}?)\s*(?:帮我|替我|代我)?\s*(?:代报|代签|代理|代管|代为|来报|上报|报$|负责)"
)
_TITLED = re.compile(r"(老师|主任|校长|园长|书记)$")
_UNTIL = re.compile(r"到|至|天|号|日|周|星期")
_NUMBER = re.compile(r"3\d[.．点度]")
_YES = frozenset({"确认委托", "确认", "同意", "是", "是的", "对", "好", "好的"})
_NO = frozenset({"取消", "不", "不用", "不委托", "算了"})
_TRAILING = " \t\r\n。．.!！~～,，、;；?？"


def begin(turn: Turn) -> Said | None:
    """委托 …, 委托, 取消委托."""
    if turn.speaker.me is None or not turn.speaker.posts:
        return say(posts.NO_POST)
    if turn.text.startswith("取消委托"):
        return _take_back(turn)
    rest = turn.text.removeprefix("委托").strip(" ：:，,")
    if not rest or rest in {"情况", "安排"}:
        return _standing(turn)
    return _propose(turn, _who(turn.text) or _who(f"请{rest}代报") or rest.split()[0], turn.text)


def heard(turn: Turn) -> Said | None:
    """A sentence that says one is away and who acts."""
    if turn.speaker.me is None or not any(post.role in DELEGABLE for post in turn.speaker.posts):
        return None
    who = _who(turn.text)
    if not who or not _UNTIL.search(turn.text) or _NUMBER.search(turn.text):
        return None  # a reading in the same sentence comes first
    return _propose(turn, who, turn.text)


def agreed(turn: Turn) -> Said | None:
    """The answer to the question."""
    answer = turn.text.strip(_TRAILING)
    if answer in _NO:
        return say(words.KEPT)
    if answer not in _YES or turn.speaker.me is None:
        return None
    first, last = date.fromisoformat(turn.data["first"]), date.fromisoformat(turn.data["last"])
    to, name = int(turn.data["to"]), str(turn.data["name"])
    given = delegate(turn.work, _own(turn), to, first, last)
    if not given:
        return say(words.holds_already(name))
    duties = _duties(turn, given)
    by = turn.speaker.me.name
    _tell(turn, to, words.told(by, duties, first, last), f"delegated:{turn.speaker.me.person_id}:{to}:{last}")
    _tell_principals(turn, given, name, last)
    return say(words.done(duties, name, last))


def _propose(turn: Turn, called: str, text: str) -> Said:
    own = _own(turn)
    if not own:
        return say(words.NONE_DELEGABLE)
    last = until_day(text.replace(called, "", 1), turn.day)
    if not called or last is None:
        return say(words.HOW)
    most = turn.district.reporting.delegation_days
    if (last - turn.day).days >= most:
        return say(words.too_long(most))
    assert turn.speaker.me is not None
    found = _called(staff_of(turn.work.flush(), turn.speaker.me.school_id, turn.day), called)
    found = [one for one in found if one.person_id != turn.speaker.me.person_id]
    if not found:
        return say(words.nobody(called))
    if len(found) > 1:
        return say(words.several(called, [one.name for one in found]))
    other = found[0]
    if other.account_id is None:
        return say(words.unreachable(other.name))
    data = {
        "to": other.person_id,
        "name": other.name,
        "first": turn.day.isoformat(),
        "last": last.isoformat(),
    }
    return say(words.ask(_duties(turn, own), other.name, turn.day, last), Wait("delegate", "agreed", data))


def _take_back(turn: Turn) -> Said:
    assert turn.speaker.me is not None
    found = take_back(turn.work, turn.speaker.me.person_id, turn.day)
    if not found:
        return say(words.NOTHING)
    for person in dict.fromkeys(one.to for one in found):
        duties = [_duty(turn, one.role, one.unit_id) for one in found if one.to == person]
        text = words.told_back(turn.speaker.me.name, duties)
        _tell(turn, person, text, f"taken-back:{turn.speaker.me.person_id}:{person}:{turn.day}")
    return say(words.taken_back([_duty(turn, one.role, one.unit_id) for one in found]))


def _standing(turn: Turn) -> Said:
    assert turn.speaker.me is not None
    found = delegated_by(turn.work, turn.speaker.me.person_id, turn.day)
    if not found:
        return say(words.NOTHING if _own(turn) else words.NONE_DELEGABLE)
    return say(
        words.standing([f"{_duty(turn, one.role, one.unit_id)}由{one.to_name}代理到{on(one.last)}" for one in found])
    )


def _who(text: str) -> str:
    found = _WHO.search(text)
    return found[1] if found else ""


def _called(people: Sequence[StaffMember], called: str) -> list[StaffMember]:
    """By full name, else by surname with a title: 张老师."""
    full = [one for one in people if one.name == called]
    if full:
        return full
    bare = _TITLED.sub("", called)
    if not bare:
        return []
    full = [one for one in people if one.name == bare]
    return full or ([one for one in people if one.name.startswith(bare)] if bare != called else [])


def _own(turn: Turn) -> list[PostHeld]:
    return [post for post in turn.speaker.posts if post.role in DELEGABLE and post.delegated_by is None]


def _duties(turn: Turn, held: Sequence[PostHeld]) -> list[str]:
    return [_duty(turn, post.role, post.unit_id) for post in held]


def _duty(turn: Turn, role: str, unit_id: int) -> str:
    return f"{turn.work.units.class_name(unit_id)}{DELEGABLE[role]}"


def _tell(turn: Turn, person_id: int, text: str, key: str) -> None:
    for one in recipients_of(turn.work.flush(), [person_id]):
        if one.relation == "self":
            turn.push(_push(turn, one.account_id, person_id, text, f"{key}:{one.account_id}"))


def _tell_principals(turn: Turn, given: Sequence[PostHeld], name: str, last: date) -> None:
    """A principal hears who reports for the school (domain handbook 2.5)."""
    schools = [post for post in given if post.role == "designated_reporter"]
    me = turn.speaker.me
    if not schools or me is None:
        return
    found: list[Holder] = holders(turn.work.flush(), [post.unit_id for post in schools], ["principal"], turn.day)
    for holder in found:
        if holder.account_id is not None and holder.person_id != me.person_id:
            text = words.told_principal(me.name, name, _duties(turn, schools), last)
            key = f"delegated:{me.person_id}:{last}:principal:{holder.account_id}"
            turn.push(_push(turn, holder.account_id, holder.person_id, text, key))


def _push(turn: Turn, account_id: int, person_id: int, text: str, key: str) -> Push:
    return Push(
        key=f"{key}:{int(turn.now.timestamp())}",
        kind="school-report",
        account_id=account_id,
        body={"text": text},
        moment=turn.now,
        expires_at=turn.district.end_of(turn.district.day_of(turn.now)),
        lane=Lane.ANSWER,
        person_id=person_id,
        fields={"title": "上报工作委托", "unit": turn.district.name, "time": f"{turn.day}", "note": "请进入对话查看"},
    )


conversation = Conversation(
    name="delegate",
    steps={"begin": begin, "heard": heard, "agreed": agreed},
    first="begin",
    opens_on=frozenset({"委托", "取消委托", "委托情况"}),
    prefixes=("委托",),
    reads=heard,
    order=40,
)
