"""代报 姓名 36.5: a head teacher reports for a family that cannot; the record says who entered it."""

from __future__ import annotations

from bots.conversation import Conversation, Said, Turn, say
from bots.people import split
from bots.phrases import posts
from bots.phrases.plain import celsius, health_words
from bots.reading.facts import Home, Method, PersonFacts, Scene, Subject
from bots.reading.read import read
from bots.reopening import after_answer
from bots.reporting import hats_of
from models.actions.check_ins import Entry, record
from models.queries.days import preload
from models.queries.unreported import Named, people_of
from models.rules.check_in import Health, Measured


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
            told.append(_enter(turn, found[0], said, turn.speaker.me.person_id))
    return say("\n".join(told))


def _enter(turn: Turn, pupil: Named, said: str, me: int) -> str:
    reading = read(said, _scene(turn, pupil))
    facts = reading.of(pupil.person_id)
    health = None if facts is None else _health(facts)
    if health is None or health.tenths is None:
        if reading.asks and reading.asks[0].candidates:
            likely = celsius(reading.asks[0].candidates[0])
            return f"{pupil.name}的体温没看明白。如果是{likely}，请发：代报 {pupil.name} {likely.removesuffix('℃')}"
        return f"没有看到{pupil.name}的体温，请发：代报 {pupil.name} 36.5"
    done = record(
        turn.work,
        Entry(
            person_id=pupil.person_id,
            person_kind=pupil.kind,
            unit_id=pupil.unit_id,
            day=turn.day,
            health=health,
            raw=turn.incoming.text or turn.text,
            reporter="head_teacher",
            sent_at=turn.sent_at,
            msg_id=turn.incoming.msg_id,
            account_id=turn.speaker.account_id,
            reporter_person_id=me,
        ),
    )
    after_answer(turn.work, done, pupil.kind, turn.sent_at)
    if not done.changed:
        return f"{pupil.name}今天已经报过同样的内容。要更正请发：代报 {pupil.name} 新的体温"
    fever = "体温偏高，请联系家长安排就医，并告诉校医。" if done.day.result == "fever" else ""
    again = f"不对请重新发“代报 {pupil.name} 体温”；回复“班级”看全班。"
    return f"已代报：{pupil.name} {health_words(done.day.health)}。{fever}{again}"


def _scene(turn: Turn, pupil: Named) -> Scene:
    district = turn.district
    return Scene(
        sent_at=district.local(turn.sent_at),
        subjects=(Subject(pupil.person_id, pupil.name),),
        home=Home(code=district.code, name=district.name),
        fever_tenths=district.disease.fever_tenths,
        plausible=district.disease.plausible_tenths,
        lookback_days=district.disease.lookback_days,
    )


def _health(facts: PersonFacts) -> Health:
    """What a teacher may say of a pupil in one line: readings, symptoms, where they are."""
    return Health(
        readings=tuple(
            Measured(one.tenths, "unknown" if one.method is Method.UNKNOWN else one.method.value)
            for one in facts.temperatures
        ),
        symptoms=tuple(one.code for one in facts.symptoms),
        denied=facts.denied,
        denied_all=facts.denied_all,
        left_area=facts.left_area,
        place=facts.place,
        antipyretic=facts.antipyretic,
    )


conversation = Conversation(
    name="enter",
    steps={"begin": begin},
    first="begin",
    opens_on=frozenset({"代报"}),
    prefixes=("代报",),
)
