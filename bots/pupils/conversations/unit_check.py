"""三班晨检应到45实到43，李小明发烧38.2在家，王乐乐事假: the morning check in a teacher's own words (domain 5.4, V22).

Who is named is entered by name; numbers are compared with what the named persons give and never taken over. It signs
nothing: the class is shown, and waits for its 确认.
"""

from __future__ import annotations

from bots.check_in.before import BEFORE
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.pupils.by_name import enter_named
from bots.pupils.words import unit_check as words
from bots.reading.unit_check import UnitCheck, read_unit_check
from bots.reports.chain import Hat, has_started, hats_of, state, waiting
from bots.reports.day_state import picture
from bots.wording import posts
from bots.wording.plain import lines
from models.queries.due import due_of
from models.queries.figures.unit import figures_of
from models.queries.units import UnitInfo
from models.queries.unreported import absent_of
from models.rules.typed import compare


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
        told += enter_named(turn, [unit], check.rest).lines
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


# An open question about the teacher's own health does not take a sentence about the class for its answer.
BEFORE.append(heard)

conversation = Conversation(
    name="unit_check",
    steps={"heard": heard},
    first="heard",
    reads=heard,
    order=45,
)
