"""请病假 感冒: the family asks for leave; it counts as an absence with a reason at once, and the teacher is told."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bots.check_in.alerting import reachable
from bots.check_in.before import BEFORE
from bots.check_in.holds import holds_report
from bots.check_in.scene import scene_of, subjects_of
from bots.check_in.talk import LEAVES
from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.pupils.absences import follow_sick, is_ill, symptoms_in
from bots.pupils.words import absences as words
from bots.reading import Intent, read
from bots.reports.reopening import after_change
from models.actions.absences import Away, enter, withdraw
from models.queries.absences import own_leave
from models.queries.due import due_of
from models.queries.people import BoundPerson
from models.rules.push import Lane, Push

NAME = "leave"
_ASKS = re.compile(r"请(?:个|一下|[一二两三四五六七1-7]天)?(?:病|事)?假|(?:病|事)假")
_DAYS = re.compile(r"([一二两三四五六七1-7])天")
_COUNT = {
    word: number
    for number, words_ in enumerate(("一1", "二两2", "三3", "四4", "五5", "六6", "七7"), 1)
    for word in words_
}
_NOISE = re.compile(
    r"请(?:个|一下)?(?:病|事)?假|(?:病|事)假|[一二两三四五六七1-7]天|今天|明天|后天|老师好?|您好|给|孩子|帮|想|要|需要"
)
_EDGES = " \t：:，,。.、！!"
_CANCEL = "取消请假"
#: A question, or no leave wanted: registered for nobody.
_NONE = re.compile(r"[?？]|吗|怎么|如何|不.{0,2}请|没.{0,2}请|无需|不要|别|要不要|病假条")


def begin(turn: Turn) -> Said | None:
    """A message that begins with the words, or says them in passing."""
    text = turn.text.strip()
    children = turn.speaker.children
    if not children or turn.incoming.kind != "text":
        return None
    if text.strip(_EDGES) == _CANCEL:
        return _cancel(turn, children)
    if not _ASKS.search(text) or _NONE.search(text) or turn.incoming.key in turn.work.known.get(LEAVES, {}):
        return None
    subjects = subjects_of(turn)
    reading = read(text, scene_of(turn, subjects))
    asks = [facts for facts in reading.people if facts.leave is not None]
    if Intent.LEAVE not in (reading.intent, *reading.also) and not asks:
        return None  # a question about leave, or none wanted
    if text.strip(_EDGES) in {"请假", "请病假", "请事假"} and len(children) > 1:
        return say(words.which([child.name for child in children]), Wait(NAME, "which", {"text": text}))
    named = [child for child in children if any(facts.subject == child.person_id for facts in asks)]
    named = [child for child in children if child.name in text] or named
    if not named and len(children) > 1:
        return say(words.which([child.name for child in children]), Wait(NAME, "which", {"text": text}))
    is_report = holds_report(turn, text)
    said = [_ask(turn, child, text) for child in (named or children)]
    # What it says of a temperature or a symptom is recorded as any report; the leave is kept with it.
    return None if is_report else say("".join(said))


def which(turn: Turn) -> Said | None:
    child = next((one for one in turn.speaker.children if one.name in turn.text), None)
    return None if child is None else say(_ask(turn, child, str(turn.data["text"])))


def _ask(turn: Turn, child: BoundPerson, text: str) -> str:
    first = turn.day + timedelta(days=2 if "后天" in text else 1 if "明天" in text else 0)
    found = _DAYS.search(text)
    days = _COUNT[found[1]] if found else 1
    reason = _NOISE.sub("", text.replace(child.name, "")).strip(_EDGES)[:100]
    symptoms = symptoms_in(turn, child, reason) if first == turn.day else ()
    ill = "病假" in text or ("事假" not in text and is_ill(reason, symptoms))
    kind = "sick" if ill else "personal"
    due = due_of(turn.work)
    for number in range(days):
        day = first + timedelta(days=number)
        if number and not due.attends(child.unit_id, day):
            continue
        away = Away(
            person_id=child.person_id,
            unit_id=child.unit_id,
            day=day,
            kind=kind,
            reason=reason,
            symptoms=symptoms,
            entered_by=None,
            at=turn.sent_at,
            entered_role="guardian",
            expected_return=first + timedelta(days=days) if found else None,
        )
        changes = enter(turn.work, away)
        after_change(turn.work, child.unit_id, child.kind, day, changes, turn.sent_at)
    if ill and first == turn.day:
        follow_sick(turn, child, turn.day, reason, symptoms)
    told = _tell(turn, child, kind, first, days, reason)
    turn.work.known.setdefault(LEAVES, {})[turn.incoming.key] = told
    return words.leave_ok(child.name, kind, first, days, reason, told=told)


def _tell(turn: Turn, child: BoundPerson, kind: str, first: date, days: int, reason: str) -> bool:

    unit = turn.work.units.class_name(child.unit_id)
    # Asked for again with other days or another reason, it is news to the teacher; the same again is none.
    what = turn.work.vault.index("absences.reason", f"{days} {reason}").hex()[:12]
    holders = reachable(turn, child.unit_id, "head_teacher")
    for holder in holders:
        turn.push(
            Push(
                key=f"leave:{child.person_id}:{first}:{kind}:{what}:{holder.account_id}",
                kind="reply",
                account_id=holder.account_id or 0,
                body={"text": words.to_teacher(unit, child.name, kind, first, days, reason)},
                moment=turn.now,
                expires_at=turn.now + timedelta(hours=24),
                lane=Lane.NUDGE,
                person_id=holder.person_id,
                fields={"title": "请假登记", "unit": unit, "time": f"{turn.day}", "note": "请进入对话查看"},
            )
        )
    return bool(holders)


def _cancel(turn: Turn, children: list[BoundPerson]) -> Said:
    mine = [child for child in children if own_leave(turn.work.flush(), child.person_id, turn.day)]
    if not mine:
        return say(words.NOTHING_TO_CANCEL)
    for child in mine:
        changes = withdraw(turn.work, child.person_id, turn.day) or {}
        after_change(turn.work, child.unit_id, child.kind, turn.day, changes, turn.sent_at)
    return say("".join(words.cancelled(child.name) for child in mine))


def _while_asked(turn: Turn) -> Said | None:
    """A leave asked for while a question about health is open."""
    return None if turn.opens else begin(turn)


BEFORE.append(_while_asked)

conversation = Conversation(
    name=NAME,
    opens_on=frozenset({"请假", "请病假", "请事假", _CANCEL}),
    prefixes=("请假", "请病假", "请事假"),
    steps={"begin": begin, "which": which},
    first="begin",
    is_global=True,
    reads=begin,
    order=40,
)
