"""Short answers to what is no report, and a word to the teacher where a person is needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bots.check_in.alerting import reachable
from bots.check_in.words import talk as words
from bots.engine.conversation import Turn
from bots.reading import Intent, topic
from models.queries.people import BoundPerson
from models.rules.push import Lane, Push

#: What the head teacher is told, once a child and day.
_TOLD = {
    Intent.NO_THERMOMETER: "家里暂时没有体温计",
    Intent.WRONG_PERSON: "可能绑定有误，不是这个孩子的家长",
    Intent.TRANSFERRED: "孩子已转学，需要核对学籍",
    Intent.REFUSAL: "暂时不愿意在这里上报",
    Intent.LEAVE: "想给孩子请假",
}

#: In `Work.known`: messages whose leave has been registered as an absence → whether the teacher could be told.
LEAVES = "leaves registered"

TellTeacher = Callable[[Turn, BoundPerson, str, str], bool]


def small_talk(turn: Turn, intent: Intent, tell: TellTeacher) -> str:
    """The answer to an intent that reports nothing; empty where there is none."""
    told = False
    asked = turn.work.known.get(LEAVES, {})
    if intent is Intent.LEAVE and turn.incoming.key in asked:
        return words.LEAVE_NOTED if asked[turn.incoming.key] else words.LEAVE_UNTOLD
    if intent in _TOLD:
        children = _meant(turn, intent)
        if turn.speaker.children and not children:
            return words.which_child(intent, [child.name for child in turn.speaker.children])
        for child in children:
            told = tell(turn, child, str(intent), _TOLD[intent]) or told
    if intent is Intent.LEAVE and not turn.speaker.children:
        return words.STAFF_LEAVE
    if intent is Intent.LEAVE:
        return words.LEAVE if told else words.LEAVE_UNTOLD
    if intent is Intent.QUESTION and (answer := topic_answer(turn)):
        return answer
    if intent in {Intent.CHAT, Intent.REPORT} and topic(turn.text) == _ON_THE_WAY and turn.speaker.children:
        return topic_answer(turn)
    answers = words.ANSWERS if turn.speaker.children else words.STAFF_ANSWERS
    return answers.get(intent, "")


#: What is told, not asked, and deserves more than "no report": somebody is with the doctor.
_ON_THE_WAY = "at_hospital"


def topic_answer(turn: Turn) -> str:
    """What may be said to everybody who asks this; empty where the question has no topic of ours."""
    disease, deadline = turn.district.disease, turn.district.times.personal_deadline
    answer = words.TOPICS.get(topic(turn.text), "")
    return answer.format(fever=disease.fever_tenths / 10, deadline=f"{deadline:%H:%M}")


#: What holds for one child only; the others are said of the family, and of each of its children.
_OF_ONE = frozenset({Intent.WRONG_PERSON, Intent.TRANSFERRED})


def _meant(turn: Turn, intent: Intent) -> list[BoundPerson]:
    """The children it is said of: those named, else the only one; none where it is of one child and nobody knows which.

    No teacher hears of a child that is not meant.
    """
    children = turn.speaker.children
    named = [child for child in children if child.name in turn.text or _given(child.name) in turn.text]
    if named or len(children) < 2:
        return named or children
    return [] if intent in _OF_ONE else children


def _given(name: str) -> str:
    """The given name of three characters and more; what is shorter is said in full only."""
    return name[1:] if len(name) > 2 else name


def tell_teacher_once(turn: Turn, child: BoundPerson, what: str, text: str) -> bool:
    """Owe the head teacher (or who stands in) one line about a child; gives whether anybody can be reached."""
    found = reachable(turn, child.unit_id, "head_teacher")
    unit = turn.work.units.class_name(child.unit_id)
    for holder in found:
        turn.push(
            Push(
                key=f"told:{what}:{child.person_id}:{turn.day.isoformat()}:{holder.account_id}",
                kind="reply",
                account_id=holder.account_id or 0,
                person_id=holder.person_id,
                body={"text": words.teacher_told(text, unit, child.name)},
                fields={"title": "家长留言", "unit": unit},
                moment=turn.now,
                expires_at=turn.now + timedelta(hours=24),
                lane=Lane.NUDGE,
            )
        )
    return bool(found)
