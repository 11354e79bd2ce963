"""A question about a publication goes to a person: the child's head teacher, for colleagues whoever published it."""

from __future__ import annotations

from bots.campaigns import words
from bots.engine.conversation import Turn
from bots.engine.replies import Text, pack
from bots.front_desk.words import contact_teacher
from bots.wording import names
from models.actions import teacher_threads as lines
from models.queries import campaigns
from models.queries.people import BoundPerson, holders
from models.queries.receipts import Mine
from models.rules.push import Lane, Push
from models.rules.teacher_thread import LINE, LONGEST, OPEN_FOR


def ask_sender(turn: Turn, one: Mine) -> str:
    """Pass the question on; gives what the asker is told of it."""
    child = next((child for child in turn.speaker.children if child.person_id in one.people), None)
    return _ask_teacher(turn, child) if child is not None else _ask_author(turn, one)


def _ask_teacher(turn: Turn, child: BoundPerson) -> str:
    found = holders(turn.work.flush(), [child.unit_id], ("head_teacher",), turn.district.day_of(turn.now))
    teachers = [one for one in found if one.account_id not in (None, turn.speaker.account_id)]
    place = names.place(turn.work.units, child.unit_id)
    if not teachers:
        return words.nobody_to_ask("班主任")
    line = lines.open_line(turn.work, turn.speaker.account_id, child)
    who = contact_teacher.whose(child.name, child.rank, child.rank == 1)
    text = contact_teacher.to_teacher(child.name, place, turn.text[:LONGEST], who)
    for teacher in teachers:
        _push(turn, f"{LINE}:{line}", teacher.account_id or 0, teacher.person_id, text, place)
    return words.passed_to(f"{child.name}的班主任")


def _ask_author(turn: Turn, one: Mine) -> str:
    authors = [each for each in campaigns.authors(turn.work.flush(), one.campaign.id) if each.account_id is not None]
    unit = turn.work.units.get(one.campaign.unit_id)
    where = unit.name if unit else turn.district.name
    me = turn.speaker.me
    if not authors or me is None:
        return words.nobody_to_ask(where)
    who = f"{names.place(turn.work.units, me.unit_id)}{me.name}"
    text = words.question_to_sender(one.campaign.title, who, turn.text[:LONGEST])
    for author in authors:
        _push(turn, f"campaign-question:{one.campaign.id}", author.account_id or 0, author.person_id, text, where)
    return words.passed_to("发布人")


def _push(turn: Turn, key: str, account_id: int, person_id: int, text: str, place: str) -> None:
    local = turn.district.local(turn.sent_at)
    turn.push(
        Push(
            key=f"{key}:{turn.incoming.msg_id or int(turn.sent_at.timestamp())}:{account_id}",
            kind="reply",
            account_id=account_id,
            person_id=person_id,
            body=pack(Text(text)),
            fields={"title": "留言", "unit": place, "time": f"{local:%m月%d日 %H:%M}", "note": "请打开对话查看"},
            moment=turn.now,
            expires_at=turn.now + OPEN_FOR,
            lane=Lane.ANSWER,
        )
    )
