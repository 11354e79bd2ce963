"""Pupils named by who answers for their class: 李小明发烧38.2在家，王乐乐事假 (domain handbook 5.4).

What is said of each is entered at once, as `代报` and `缺勤` would; what nobody can be named for is not entered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bots.check_in.health import health_of
from bots.check_in.keep import SAID_BY, raise_without_record
from bots.check_in.on_behalf import record_for
from bots.check_in.scene import subject_of, understand
from bots.engine.conversation import Turn
from bots.people.finding import split
from bots.pupils.absences import follow_sick, is_ill
from bots.pupils.words import unit_check as words
from bots.reports.chain import hats_of
from bots.reports.reopening import after_change
from bots.wording import posts
from bots.wording.health import journey
from bots.wording.plain import health_words, names
from models.actions.absences import Away, enter
from models.queries.days import preload
from models.queries.units import UnitInfo
from models.queries.unreported import Named, people_of
from models.rules.check_in import Health

_ABSENT = (
    (re.compile(r"事假"), "personal"),
    (re.compile(r"隔离"), "isolation"),
    (re.compile(r"病假|因病|生病|住院|就医|去医院"), "sick"),
    (re.compile(r"没来|未来|未到|没到|不来|来不了|缺勤|缺席|旷课|联系不上|不明|请[了个]?假"), "unexplained"),
)
_HOME = re.compile(r"在家|没来|未到|没到|请[了个]?假|回家")
#: A clause that begins with a name and says something of a person.
_STRANGER = re.compile(
    r"^([\u4e00-\u9fff·]{2,4}?)(?:同学)?(?:发烧|发热|咳嗽|体温|病假|事假|请假|没来|未到|缺勤|隔离|腹泻|呕吐|3\d\.\d)"
)
_NO_NAMES = re.compile(r"^(?:其他|其余|今天|今日|学生|同学|全部|所有|无人|没有|教师|老师|教职工|均|都|人|有|无)")
_QUESTION = re.compile(r"[?？吗呢]\s*$|多少|几度|怎么|为什么|是不是|有没有")
_OTHER_DAY = re.compile(r"昨天|昨日|前天|上周|上星期|明天|后天|下周|下星期")
_BACK = re.compile(r"回来|返回|从")
_IF = re.compile(r"^\s*(?:如果|万一|假如|要是)")
_AND = frozenset({"", "和", "跟", "与", "及", "还有"})
#: A text with fewer letters than a name has names nobody: a bare number asks no question of the database.
_WRITTEN = re.compile(r"[\u4e00-\u9fff]{2}")


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of it. lines: what is said, one a person; people: of how many something was entered."""

    lines: list[str]
    people: int


def enter_named(turn: Turn, units: Sequence[UnitInfo], text: str) -> Entered:
    """Enter everybody who is named: a reading, symptoms, an absence. What names nobody of the classes is said."""
    pupils = people_of(turn.work.flush(), [unit.id for unit in units], turn.day)
    parts = split(pupils, text)
    preload(turn.work, [found[0].person_id for found, _, _ in parts if len(found) == 1], [turn.day])
    told: list[str] = []
    unknown: list[str] = []
    entered = 0
    for found, name, said in _shared(parts):
        # What follows a stranger's name is the stranger's, and nobody's of the class.
        own, strangers = _own(said) if found else ("", _own(f",{name}")[1])
        unknown += strangers
        if len(found) > 1:
            told.append(posts.several_called(name, [f"{one.name}（学号{one.number}）" for one in found]))
        elif found:
            line = _one(turn, found[0], own)
            entered += bool(line)
            told.append(line or words.nothing_of(found[0].name))
    if unknown:
        told.append(words.strangers(unknown, names(turn.work.units.class_name(unit.id) for unit in units)))
    return Entered([line for line in told if line], entered)


def names_a_pupil(turn: Turn) -> list[UnitInfo]:
    """The speaker's own classes, where the text names somebody of them and none of the speaker's own children.

    Only who answers for a class is asked after; everybody else's message costs nothing here.
    """
    hats = hats_of(turn, "class_unit")
    if not hats or turn.speaker.me is None or turn.incoming.kind != "text" or not _WRITTEN.search(turn.text):
        return []
    if any(child.name[-2:] in turn.text for child in turn.speaker.children):
        return []
    units = [hat.unit for hat in hats]
    parts = split(people_of(turn.work.flush(), [unit.id for unit in units], turn.day), turn.text)
    return units if any(found for found, _, _ in parts) else []


def is_of_today(text: str) -> bool:
    """Whether a text states something of today: no question, no supposition, no other day (a return may be of any)."""
    other_day = _OTHER_DAY.search(text) and not _BACK.search(text)
    return not (other_day or _QUESTION.search(text) or _IF.search(text))


def _shared(parts: Sequence[tuple[list[Named], str, str]]) -> list[tuple[list[Named], str, str]]:
    """王乐乐和李小明都没来: what follows the last of several names is said of them all."""
    made: list[tuple[list[Named], str, str]] = []
    after = ""
    for found, name, said in reversed(parts):
        after = after if found and said in _AND else said
        made.append((found, name, after))
    return made[::-1]


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
    """Enter what is said of one pupil; gives the line about it, empty where it says nothing to enter."""
    heard_of, health = _health(turn, pupil, said)
    kind = "" if not is_of_today(said) else next((kind for pattern, kind in _ABSENT if pattern.search(said)), "")
    if _HOME.search(said) and is_of_today(said) and kind in {"", "unexplained"} and (health != Health() or not kind):
        kind = "sick" if health.symptoms or health.danger or health.tenths is not None else "unexplained"
    if kind == "unexplained" and is_ill(said, ()):
        kind = "sick"
    if kind and turn.speaker.me is not None:
        codes = tuple(code for code in health.symptoms if code != "other") if kind == "sick" else ()
        away = Away(
            person_id=pupil.person_id,
            unit_id=pupil.unit_id,
            day=turn.day,
            kind=kind,
            reason=said.strip(" ，,。")[:100],
            symptoms=codes,
            entered_by=turn.speaker.me.person_id,
            at=turn.sent_at,
        )
        changes = enter(turn.work, away)
        after_change(turn.work, pupil.unit_id, pupil.kind, turn.day, changes, turn.sent_at)
        if kind == "sick":
            follow_sick(turn, pupil, turn.day, said, codes)
    parts = [part for part in (heard_of, posts.AWAY.get(kind, "")) if part]
    if not parts:
        return ""
    ill = bool(health.symptoms or health.danger) and health.tenths is None
    without = words.ill_without_number(pupil.name) if ill else ""
    ask = posts.ask_reason(pupil.name) if kind == "unexplained" else ""
    return f"已登记：{pupil.name} {'，'.join(parts)}。{without}{ask}"


def _health(turn: Turn, pupil: Named, said: str) -> tuple[str, Health]:
    """Record a reading at once, as for anybody; words of illness or of a journey without one reach a human at once."""
    if not is_of_today(said):
        return "", Health()
    done = record_for(turn, pupil, said)
    if done.kept is not None:
        health = done.kept.day.health or Health()
        return "，".join((health_words(health), *journey(done.kept.said))), health
    facts = understand(turn, said, (subject_of(turn, pupil),)).of(pupil.person_id)
    disease = turn.district.disease
    health = Health() if facts is None else health_of(facts, turn.district.code, disease.fever_tenths)
    ill = bool(health.symptoms or health.danger)
    if not (ill or health.left_area or health.contact or health.statements):
        return "", Health()
    raise_without_record(turn, pupil, health, unconfirmed=False, said_by=SAID_BY["head_teacher"])
    return "，".join((*((health_words(health),) if ill else ()), *journey(health))), health
