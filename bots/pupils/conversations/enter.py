"""代报 姓名 36.5: a head teacher reports for a family that cannot; the record says who entered it."""

from __future__ import annotations

from bots.check_in.on_behalf import record_for
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.people.finding import split
from bots.reports.chain import hats_of
from bots.wording import posts
from bots.wording.health import degrees
from bots.wording.plain import health_words
from models.queries.days import preload
from models.queries.unreported import Named, people_of


def begin(turn: Turn) -> Said:
    hats = hats_of(turn, "class_unit")
    if not hats or turn.speaker.me is None:
        return say(posts.only_for("班主任"))
    text = turn.text.removeprefix("代报").strip(" ：:，,")
    if not text:
        return say(posts.ENTER_HOW)
    pupils = people_of(turn.work.flush(), [hat.unit.id for hat in hats], turn.day)
    parts = split(pupils, text)
    preload(turn.work, [found[0].person_id for found, _, _ in parts if len(found) == 1], [turn.day])
    told = []
    for found, name, said in parts:
        if not found:
            told.append(posts.nobody_called(name.split()[0], "您的班里"))
        elif len(found) > 1:
            told.append(posts.several_called(name, [f"{one.name}（学号{one.number}）" for one in found]))
        else:
            told.append(_enter(turn, found[0], said))
    return say("\n".join(told))


def _enter(turn: Turn, pupil: Named, said: str) -> str:
    done = record_for(turn, pupil, said)
    if done.kept is None:
        candidates = done.asks[0].candidates if done.asks else ()
        if candidates:
            likely = degrees(candidates[0])
            return f"{pupil.name}的体温没看明白。如果是{likely}，请发：代报 {pupil.name} {likely.removesuffix('℃')}"
        return f"没有看到{pupil.name}的体温，请发：代报 {pupil.name} 36.5"
    day = done.kept.day
    if not done.kept.recorded.changed:
        return f"{pupil.name}今天已经报过同样的内容。要更正请发：代报 {pupil.name} 改 新的体温"
    fever = "体温偏高，请联系家长安排就医，并告诉校医。" if day.result == "fever" else ""
    again = f"不对请重新发“代报 {pupil.name} 体温”；回复“班级”看全班。"
    return f"已代报：{pupil.name} {health_words(day.health)}。{fever}{again}"


conversation = Conversation(
    name="enter",
    steps={"begin": begin},
    first="begin",
    opens_on=frozenset({"代报"}),
    prefixes=("代报",),
)
