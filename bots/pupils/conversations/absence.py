"""缺勤 姓名 病假 感冒: a head teacher records who is away, and why."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.isolation.presence import seen_at_school
from bots.isolation.words import seen_after_all
from bots.people.finding import called
from bots.pupils.absences import follow_sick, symptoms_in
from bots.pupils.words import absences as absence_words
from bots.reports.chain import hats_of
from bots.reports.reopening import after_change
from bots.wording import posts
from bots.wording.health import on
from models.actions.absences import Away, enter, note_return, withdraw
from models.queries.absences import last_absence
from models.queries.unreported import Named, people_of

KINDS = {
    "病假": "sick",
    "因病": "sick",
    "生病": "sick",
    "病": "sick",
    "事假": "personal",
    "事": "personal",
    "隔离": "isolation",
    "不明": "unexplained",
    "原因不明": "unexplained",
    "没来": "unexplained",
}
_WITHDRAWN = frozenset({"取消", "撤销", "销假", "到校", "已到校"})
_BACK = frozenset({"到校", "已到校", "销假"})
_AT_SCHOOL = frozenset({"到校", "已到校"})


def begin(turn: Turn) -> Said:
    hats = hats_of(turn, "class_unit")
    if not hats or turn.speaker.me is None:
        return say(posts.only_for("班主任"))
    words = turn.text.removeprefix("缺勤").split()
    if not words:
        return say(posts.ABSENCE_HOW)
    pupils = people_of(turn.work.flush(), [hat.unit.id for hat in hats], turn.day)
    found = called(pupils, words[0])
    if not found:
        return say(posts.nobody_called(words[0], "您的班里"))
    if len(found) > 1:
        return say(posts.several_called(words[0], [f"{one.name}（学号{one.number}）" for one in found]))
    pupil, kind = found[0], words[1] if len(words) > 1 else ""
    if kind in _WITHDRAWN:
        return say(_end(turn, pupil, kind))
    if kind not in KINDS:
        return say(posts.ABSENCE_HOW)
    reason = " ".join(words[2:])[:100]
    symptoms = symptoms_in(turn, pupil, reason) if KINDS[kind] == "sick" else ()
    changes = enter(
        turn.work,
        Away(
            person_id=pupil.person_id,
            unit_id=pupil.unit_id,
            day=turn.day,
            kind=KINDS[kind],
            reason=reason,
            symptoms=symptoms,
            entered_by=turn.speaker.me.person_id,
            at=turn.sent_at,
        ),
    )
    after_change(turn.work, pupil.unit_id, pupil.kind, turn.day, changes, turn.sent_at)
    asks = follow_sick(turn, pupil, turn.day, reason, symptoms) if KINDS[kind] == "sick" else ""
    what = "，".join(part for part in (posts.AWAY[KINDS[kind]], reason) if part)
    undo = posts.undo_absence(pupil.name)
    if asks:
        undo += absence_words.needs_paper(pupil.name)
    return say(f"已登记缺勤：{pupil.name}，{what}，{on(turn.day)}。回复“班级”可查看全班；{undo}")


def _end(turn: Turn, pupil: Named, kind: str) -> str:
    """The absence was none, or has ended; whoever is back and should not be is stopped (A13)."""
    changes = withdraw(turn.work, pupil.person_id, turn.day)
    last = last_absence(turn.work.flush(), pupil.person_id, turn.day)
    is_back = kind in _BACK
    if last is not None and is_back:
        note_return(turn.work, pupil.person_id, last, turn.day)
    if changes is not None:
        after_change(turn.work, pupil.unit_id, pupil.kind, turn.day, changes, turn.sent_at)
        text = f"已取消{pupil.name}今天的缺勤登记。回复“班级”可查看全班。"
    elif last is not None and is_back:
        text = absence_words.returned(pupil.name, turn.day)
    else:
        text = f"{pupil.name}今天没有缺勤登记。登记请写：缺勤 {pupil.name} 病假 感冒"
    stopped = seen_at_school(turn, [pupil], "班主任") if kind in _AT_SCHOOL else {}
    return seen_after_all(text, [pupil.name]) if stopped else text


conversation = Conversation(
    name="absence",
    steps={"begin": begin},
    first="begin",
    opens_on=frozenset({"缺勤"}),
    prefixes=("缺勤",),
)
