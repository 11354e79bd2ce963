"""三班晨检应到45实到43，李小明发烧38.2在家，王乐乐事假: the morning check in a teacher's own words (domain 5.4, V22).

Who is named is entered by name; numbers are compared with what the named persons give and never taken over. It signs
nothing: the class is shown, and waits for its 确认.
"""

from __future__ import annotations

import re

from bots.check_in.health import health_of
from bots.check_in.keep import raise_without_record
from bots.check_in.on_behalf import record_for
from bots.check_in.scene import subject_of, understand
from bots.conversation import Conversation, Said, Turn, say
from bots.people import split
from bots.phrases import posts
from bots.phrases import unit_check as words
from bots.phrases.health import SYMPTOMS
from bots.phrases.plain import health_words, lines
from bots.picture import picture
from bots.reading.unit_check import UnitCheck, read_unit_check
from bots.reopening import after_change
from bots.reporting import Hat, has_started, hats_of, state, waiting
from models.actions.absences import Away, enter
from models.queries.days import preload
from models.queries.due import due_of
from models.queries.figures import figures_of
from models.queries.units import UnitInfo
from models.queries.unreported import Named, absent_of, people_of
from models.rules.check_in import Health
from models.rules.typed import compare

_ABSENT = (
    (re.compile(r"事假"), "personal"),
    (re.compile(r"隔离"), "isolation"),
    (re.compile(r"病假|因病|生病|住院|就医|去医院"), "sick"),
    (re.compile(r"没来|未到|没到|缺勤|缺席|联系不上|不明|请假"), "unexplained"),
)
_HOME = re.compile(r"在家|没来|未到|没到|请假|回家")
#: A clause that begins with a name and says something of a person.
_STRANGER = re.compile(
    r"^([\u4e00-\u9fff·]{2,4}?)(?:同学)?(?:发烧|发热|咳嗽|体温|病假|事假|请假|没来|未到|缺勤|隔离|腹泻|呕吐|3\d\.\d)"
)
_NO_NAMES = re.compile(r"^(?:其他|其余|今天|今日|学生|同学|全部|所有|无人|没有|教师|老师|教职工|均|都|人|有|无)")


def heard(turn: Turn) -> Said | None:
    """From somebody who answers for a class, a grade or a school; anybody else's words are not for this."""
    if turn.speaker.me is None or not turn.speaker.posts:
        return None
    check = read_unit_check(turn.text)
    if check is None:
        return None
    hats = hats_of(turn, "grade", "school") if check.staff else hats_of(turn, "class_unit")
    hats = hats or hats_of(turn, "class_unit", "grade", "school")
    if not hats:
        return None
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    found = [hat for hat in hats if _is_meant(turn, hat.unit, check)]
    titles = [turn.work.units.class_name(hat.unit.id) for hat in hats]
    if not found:
        return say(words.not_yours(f"{check.grade}{check.class_name}", titles))
    if len(found) > 1:
        return say(words.which_class(titles))
    return _take(turn, found[0], check)


def _is_meant(turn: Turn, unit: UnitInfo, check: UnitCheck) -> bool:
    grade = turn.work.units.get(unit.grade_id)
    if check.class_name and unit.kind == "class_unit" and unit.name != check.class_name:
        return False
    return not check.grade or grade is None or grade.name == check.grade


def _take(turn: Turn, hat: Hat, check: UnitCheck) -> Said:
    work, unit = turn.work, hat.unit
    told: list[str] = []
    if hat.level == "class_unit" and not check.staff:
        told += _enter(turn, unit, check.rest)
    name = work.units.class_name(unit.id)
    figures = figures_of(work.flush(), work.units, [unit.id], turn.day, due_of(work))[unit.id]
    differences = compare(check.typed, figures, staff=check.staff)
    if differences:
        shown = picture(work, turn.day, [unit.id])
        kind = "staff" if check.staff else "student"
        within = [lower.id for lower in work.units.within(unit.id)]
        missing = [shown.called(one) for lower in within for one in shown.missing.get(lower, ()) if one.kind == kind]
        absent = [one.name for one in absent_of(work.connection, within, turn.day)]
        told.append(words.differing(differences, absent, missing, shown.unwell_words(unit)))
    else:
        told.append(words.FITS)
    if check.staff:
        told.append(words.of_staff(name))
    return say(lines(*told, state(turn, hat)), waiting([hat], turn.day))


def _enter(turn: Turn, unit: UnitInfo, text: str) -> list[str]:
    """Enter everybody who is named: a reading, symptoms, an absence. What names nobody of the class is said."""
    pupils = people_of(turn.work.flush(), [unit.id], turn.day)
    parts = split(pupils, text)
    preload(turn.work, [found[0].person_id for found, _, _ in parts if len(found) == 1], [turn.day])
    told: list[str] = []
    unknown: list[str] = []
    for found, name, said in parts:
        # What follows a stranger's name is the stranger's, and nobody's of the class.
        own, strangers = _own(said) if found else ("", _own(f",{name}")[1])
        unknown += strangers
        if len(found) > 1:
            told.append(posts.several_called(name, [f"{one.name}（学号{one.number}）" for one in found]))
        elif found:
            told.append(_one(turn, found[0], own))
    if unknown:
        told.append(words.strangers(unknown, turn.work.units.class_name(unit.id)))
    return [line for line in told if line]


def _own(said: str) -> tuple[str, list[str]]:
    """What is said of the person named before it, and the names in it that nobody of the class has."""
    clauses = re.split(r"[,，。;；\s]+", said)
    strangers: list[str] = []
    own = clauses[:1]
    for clause in clauses[1:]:
        match = _STRANGER.match(clause)
        if match is not None and not _NO_NAMES.match(clause):
            strangers.append(match[1])
        elif not strangers:
            own.append(clause)
    return "，".join(own), strangers


def _one(turn: Turn, pupil: Named, said: str) -> str:
    heard_of, health = _health(turn, pupil, said)
    kind = next((kind for pattern, kind in _ABSENT if pattern.search(said)), "")
    if _HOME.search(said) and kind in {"", "unexplained"} and (health != Health() or not kind):
        kind = "sick" if health != Health() else "unexplained"
    if kind and turn.speaker.me is not None:
        codes = tuple(code for code, word in SYMPTOMS.items() if code != "other" and word in said)
        away = Away(
            person_id=pupil.person_id,
            unit_id=pupil.unit_id,
            day=turn.day,
            kind=kind,
            reason=said[:100],
            symptoms=codes,
            entered_by=turn.speaker.me.person_id,
            at=turn.sent_at,
        )
        changes = enter(turn.work, away)
        after_change(turn.work, pupil.unit_id, pupil.kind, turn.day, changes, turn.sent_at)
    parts = [part for part in (heard_of, posts.AWAY.get(kind, "")) if part]
    if not parts:
        return f"{pupil.name}：没有看出体温或缺勤原因，没有登记。请写：缺勤 {pupil.name} 病假 感冒"
    without = words.ill_without_number(pupil.name) if health != Health() and health.tenths is None else ""
    return f"已登记：{pupil.name} {'，'.join(parts)}。{without}"


def _health(turn: Turn, pupil: Named, said: str) -> tuple[str, Health]:
    """Record a reading at once, as for anybody; words of illness without one reach a human at once."""
    done = record_for(turn, pupil, said)
    if done.kept is not None:
        return health_words(done.kept.day.health), done.kept.day.health or Health()
    facts = understand(turn, said, (subject_of(turn, pupil),)).of(pupil.person_id)
    disease = turn.district.disease
    health = Health() if facts is None else health_of(facts, turn.district.code, disease.fever_tenths)
    if not (health.symptoms or health.danger):
        return "", Health()
    raise_without_record(turn, pupil, health, unconfirmed=False)
    return health_words(health), health


conversation = Conversation(
    name="unit_check",
    steps={"heard": heard},
    first="heard",
    reads=heard,
    order=45,
)
