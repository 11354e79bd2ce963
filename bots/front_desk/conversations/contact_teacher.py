"""联系老师: a private line between one guardian and the head teacher of the child (contract 8, 10).

The guardian's side waits in `write`: what they then write is passed on, until 结束 or a day of silence. The teacher
answers with 回复, which names the line or asks for it. Each sees the other's words only, and nobody else's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bots.check_in.holds import holds_report
from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.engine.replies import Text, pack
from bots.front_desk.words import contact_teacher as words
from bots.wording import names
from models.actions import teacher_threads as lines
from models.queries import teacher_threads
from models.queries.people import BoundPerson, Holder, holders
from models.queries.teacher_threads import Thread
from models.rules.binding import bare_code
from models.rules.push import Lane, Push
from models.rules.teacher_thread import LINE, LONGEST, OPEN_FOR

NAME = "contact_teacher"
_WORD, _ANSWER = "联系老师", "回复"
_COMMANDS = (_WORD, _ANSWER, "绑定", "撤销绑定")
_TEACHERS = ("head_teacher", "deputy_head_teacher")
_FAMILY = re.compile(r"\S{1,8}家长|老师")
#: "贾雅婷家长 …", "贾雅婷的家长：…" names whom the words are for; "请家长放心" does not.
_ADDRESSED = re.compile(
    r"(?!请|让|叫|各位|麻烦|希望|建议|辛苦|提醒)(\w[\w·]{0,11}?)的?家长(?:\d|[一二三四])?(?=[\s:：，,。]|$)"
)
_BARE = re.compile(r"[\d\s.。．，,、:：℃度点改体温是今天早上午晚]+")
_EDGES = " \t\r\n:：，,。.、"


def begin(turn: Turn) -> Said | None:
    text = turn.text.strip()
    if text.strip(_EDGES) in words.CLOSE:
        return _close_all(turn)
    if text.startswith(_ANSWER):
        return _answer(turn, text.removeprefix(_ANSWER).strip(_EDGES))
    return _open(turn, text.removeprefix(_WORD).strip(_EDGES))


# --- the family's side ------------------------------------------------------------------------------------------
def _open(turn: Turn, text: str) -> Said | None:
    children = turn.speaker.children
    if not children:
        return say(words.NO_CHILD)
    # "联系老师 孩子喘不上气": what it says of somebody's health goes its own way at once, whatever else it is.
    is_report = bool(text) and holds_report(turn, text)
    named = [child for child in children if text.startswith(child.name)]
    if len(children) == 1 or len(named) == 1:
        child = named[0] if len(named) == 1 else children[0]
        rest = text.removeprefix(child.name).strip(_EDGES) if len(children) > 1 else text
        done = _to(turn, child, rest)
        return None if is_report else done
    if is_report:
        return None
    wait = Wait(NAME, "which", {"children": [child.person_id for child in children], "text": text})
    return say(words.which_child([child.name for child in children]), wait)


def which(turn: Turn) -> Said | None:
    said = turn.text.strip(_EDGES)
    if said in words.CLOSE:
        return say(words.CLOSED)
    by_id = {child.person_id: child for child in turn.speaker.children}
    listed = [by_id[number] for number in turn.data["children"] if number in by_id]
    if said.isdecimal() and 1 <= int(said) <= len(listed):
        return _to(turn, listed[int(said) - 1], str(turn.data["text"]))
    child = next((child for child in listed if child.name == said), None)
    return None if child is None else _to(turn, child, str(turn.data["text"]))


def write(turn: Turn) -> Said | None:
    """One more message of the family on the open line."""
    child = next((child for child in turn.speaker.children if child.person_id == turn.data["child"]), None)
    if child is None:
        return None
    said = turn.text.strip(_EDGES)
    if said in words.CLOSE:
        mine = teacher_threads.of_account(turn.work.flush(), turn.speaker.account_id, turn.now)
        lines.close(turn.work, [thread.id for thread in mine if thread.person_id == child.person_id])
        return say(words.CLOSED)
    if _is_for_others(turn):
        return None
    if turn.incoming.kind != "text":
        return None if turn.incoming.is_event else Said(Text(words.TEXT_ONLY), keep=True)
    is_report = holds_report(turn, turn.text)
    if is_report and _is_bare_report(turn):
        return None
    done = _to(turn, child, turn.text)
    # What it says of somebody's health is recorded as any other report; the teacher gets the words all the same.
    return None if is_report else done


def _to(turn: Turn, child: BoundPerson, text: str) -> Said:
    """Open the line to the child's head teacher and, with words, pass them on."""
    today = turn.district.day_of(turn.now)
    found = holders(turn.work.flush(), [child.unit_id], _TEACHERS, today)
    if any(teacher.account_id == turn.speaker.account_id for teacher in found):
        return say(words.own_class(child.name))  # a teacher may be the mother of a child in the class
    teachers = _reachable(turn, found)
    if not teachers:
        return say(words.unreachable(child.name))
    wait = Wait(NAME, "write", {"child": child.person_id}, turn.sent_at + OPEN_FOR)
    if not text:  # the line begins with the first word: before it there is nothing to answer
        return say(words.write(child.name), wait)
    line = lines.open_line(turn.work, turn.speaker.account_id, child)
    place = names.place(turn.work.units, child.unit_id)
    who = words.whose(child.name, child.rank, child.rank == 1)
    body = words.to_teacher(child.name, place, text[:LONGEST], who)
    for teacher in teachers:
        _pass_on(turn, line, teacher.account_id or 0, "self", teacher.person_id, body, place)
    more = words.cut(LONGEST) if len(text) > LONGEST else ""
    return say(words.passed_on(child.name) + more, wait)


def _is_bare_report(turn: Turn) -> bool:
    """A temperature with hardly a word around it: nothing for a teacher to read."""
    rest = _BARE.sub("", turn.text)
    for child in turn.speaker.children:
        rest = rest.replace(child.name, "")
    return not rest


def _is_for_others(turn: Turn) -> bool:
    """A command or a binding code is for us, never for the other side of the line."""
    return turn.is_word or turn.text.strip().startswith(_COMMANDS) or bool(bare_code(turn.text))


# --- the teacher's side -----------------------------------------------------------------------------------------
def _answer(turn: Turn, text: str) -> Said | None:
    classes = [post.unit_id for post in turn.speaker.holds(*_TEACHERS)]
    if not classes:
        # "回复36.5": many write the word they were told to answer with.
        return say(words.NOT_A_TEACHER) if not text or _FAMILY.match(text) else None
    threads = teacher_threads.of_units(turn.work.flush(), classes, turn.now)
    if not threads:
        return None if holds_report(turn, text) else say(words.NOBODY_WROTE)
    named, rest = _named(text, threads)
    stranger = _ADDRESSED.match(text) if not named else None
    if stranger is None and (len(named) == 1 or len(threads) == 1):
        return _to_parent(turn, (named or threads)[0], rest)
    asked = (named or threads)[:9]
    if stranger is not None:
        rest = text[stranger.end() :].strip(_EDGES)
    wait = Wait(NAME, "which_line", {"lines": [thread.id for thread in asked], "text": rest})
    listed = [f"{_who(thread)}（{turn.district.local(thread.last_at):%H:%M}）" for thread in asked]
    if stranger is not None:  # what is meant for one family never goes to another
        return say(words.no_such_line(stranger[0], listed, bool(rest)), wait)
    return say(words.which_parent(listed, bool(rest)), wait)


def which_line(turn: Turn) -> Said | None:
    said = turn.text.strip(_EDGES)
    if said in words.CLOSE or said in words.CANCEL:
        return say(words.NOT_PASSED_ON)
    if not said.isdecimal() or not 1 <= int(said) <= len(turn.data["lines"]):
        return None
    thread = _line(turn, int(turn.data["lines"][int(said) - 1]))
    return say(words.ANSWER_GONE) if thread is None else _to_parent(turn, thread, str(turn.data["text"]))


def answer(turn: Turn) -> Said | None:
    """The teacher's next message after 回复."""
    said = turn.text.strip(_EDGES)
    if said in words.CANCEL:
        return say(words.NOT_PASSED_ON)
    if said in words.CLOSE:
        lines.close(turn.work, [int(turn.data["line"])])
        return say(words.CLOSED)
    if _is_for_others(turn):
        return None
    if turn.incoming.kind != "text":
        return None if turn.incoming.is_event else Said(Text(words.TEXT_ONLY_TEACHER), keep=True)
    thread = _line(turn, int(turn.data["line"]))
    return say(words.ANSWER_GONE) if thread is None else _to_parent(turn, thread, turn.text)


def _to_parent(turn: Turn, thread: Thread, text: str) -> Said:
    if not text:
        return say(words.answer_now(_who(thread)), Wait(NAME, "answer", {"line": thread.id}))
    if not lines.keep_open(turn.work, thread.id):
        return say(words.ANSWER_GONE)
    me = turn.speaker.me
    body = words.to_parent(me.name if me else "", thread.name, text[:LONGEST])
    place = names.place(turn.work.units, thread.unit_id)
    _pass_on(turn, thread.id, thread.account_id, "guardian", thread.person_id, body, place)
    return say(words.answered(_who(thread)) + (words.cut(LONGEST) if len(text) > LONGEST else ""))


def _line(turn: Turn, line_id: int) -> Thread | None:
    """The line, if it is open and leads to a class of this teacher."""
    classes = [post.unit_id for post in turn.speaker.holds(*_TEACHERS)]
    open_now = teacher_threads.of_units(turn.work.flush(), classes, turn.now) if classes else []
    return next((thread for thread in open_now if thread.id == line_id), None)


def _named(text: str, threads: Sequence[Thread]) -> tuple[list[Thread], str]:
    """The lines that "林林家长 …" means (namesakes have the same), and the words after it."""
    for said in sorted({name for thread in threads for name in _calls(thread)}, key=lambda name: -len(name)):
        if text.startswith(said):
            return [thread for thread in threads if said in _calls(thread)], text.removeprefix(said).strip(_EDGES)
    return [], text


def _calls(thread: Thread) -> tuple[str, str]:
    return _who(thread), f"{thread.name}的家长"


def _who(thread: Thread) -> str:
    return words.whose(thread.name, thread.rank, thread.rank == 1)


def _close_all(turn: Turn) -> Said:
    """结束 with no question open: the lines of this person, whichever side they are on."""
    threads = teacher_threads.of_account(turn.work.flush(), turn.speaker.account_id, turn.now)
    classes = [post.unit_id for post in turn.speaker.holds(*_TEACHERS)]
    if classes and not threads:
        threads = teacher_threads.of_units(turn.work.flush(), classes, turn.now)
        if len(threads) > 1:
            return say(words.several_open([_who(thread) for thread in threads]))
    if not threads:
        return say(words.NOTHING_OPEN)
    lines.close(turn.work, [thread.id for thread in threads])
    return say(words.CLOSED)


def _reachable(turn: Turn, found: Sequence[Holder]) -> list[Holder]:
    """Head teachers who can be written to; only where there is none, their deputies."""
    bound = [holder for holder in found if holder.account_id is not None]
    silent = teacher_threads.refused(turn.work.flush(), [holder.account_id or 0 for holder in bound]) if bound else ()
    reachable = [holder for holder in bound if holder.account_id not in silent]
    return [holder for holder in reachable if holder.role == "head_teacher"] or reachable


def _pass_on(turn: Turn, line: int, account_id: int, relation: str, person_id: int, text: str, place: str) -> None:
    local = turn.district.local(turn.sent_at)
    turn.push(
        Push(
            key=f"{LINE}:{line}:{turn.incoming.msg_id or int(turn.sent_at.timestamp())}:{account_id}",
            kind="reply",
            account_id=account_id,
            person_id=person_id,
            relation=relation,
            body=pack(Text(text)),
            fields={"title": "留言", "unit": place, "time": f"{local:%m月%d日 %H:%M}", "note": "请打开对话查看"},
            moment=turn.now,
            expires_at=turn.now + OPEN_FOR,
            lane=Lane.ANSWER,
        )
    )


conversation = Conversation(
    name=NAME,
    steps={"begin": begin, "which": which, "write": write, "which_line": which_line, "answer": answer},
    first="begin",
    opens_on=frozenset({_WORD, _ANSWER}) | words.CLOSE,
    prefixes=(_WORD, _ANSWER),
)
