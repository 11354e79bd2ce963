"""What the conversations of the reporting chain share: whose report is meant, what it says now, and what is waited for.

A report is named by its level (class_unit, grade, office, school) and its unit; the academic office's unit is the
school, whose own report is the designated reporter's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bots.engine.conversation import Turn, Wait
from bots.reports.day_state import Picture, picture
from bots.wording import posts
from bots.wording.plain import clock
from models.actions.trail import note
from models.queries.due import due_of
from models.queries.people import PostHeld
from models.queries.reports import deadline_of
from models.queries.units import UnitInfo
from models.rules.authority import Sight, own_hats, sight, signing
from models.rules.district import District
from models.work import Work

#: The word that shows a report of each level.
WORDS = {"class_unit": "班级", "grade": "年级", "office": "年级", "school": "零报告"}


@dataclass(frozen=True, slots=True)
class Hat:
    """One report somebody answers for."""

    level: str
    unit: UnitInfo


def hats_of(turn: Turn, *levels: str) -> list[Hat]:
    """The reports the speaker answers for (of these levels), in the order of the day: class before school."""
    order = list(WORDS)
    found = []
    for level, unit_id in own_hats(turn.speaker.posts):
        unit = turn.work.units.get(unit_id)
        if unit is not None and (not levels or level in levels):
            found.append(Hat(level, unit))
    return sorted(found, key=lambda hat: (order.index(hat.level), hat.unit.position, hat.unit.path))


def own_word(turn: Turn) -> str:
    """The word with which somebody who may not see this looks at what is theirs; empty without a post that sees anything."""
    if hats := hats_of(turn):
        return WORDS[hats[0].level]
    units = (turn.work.units.get(post.unit_id) for post in turn.speaker.posts)
    return "今日" if any(unit and sight(turn.speaker.posts, unit) > Sight.NOTHING for unit in units) else ""


def title(work: Work, hat: Hat) -> str:
    """The report's name as people say it."""
    name = work.units.class_name(hat.unit.id)
    return f"{name}年级汇总" if hat.level == "office" else name


def waiting(hats: Sequence[Hat], day: date) -> Wait:
    """What a bare 确认 will mean: the report just shown, or one of several."""
    shown = [[hat.level, hat.unit.id] for hat in hats]
    return Wait("confirm", "shown", {"shown": shown, "day": day.isoformat()})


def has_started(turn: Turn) -> bool:
    """Whether anything is owed on the day of the message by the units the speaker has posts for."""
    due = due_of(turn.work)
    return any(due.owes(post.unit_id, turn.day) for post in turn.speaker.posts)


def deputy_lead(district: District) -> timedelta:
    """How long before the school's deadline its deputy may sign."""
    return timedelta(minutes=district.reporting.deputy_lead_minutes)


def capacity_of(turn: Turn, unit: UnitInfo) -> str | None:
    """In which capacity the speaker signs a unit now; None: they may not."""
    deadline = deadline_of(turn.district, unit, turn.day)
    return signing(turn.speaker.posts, unit, turn.sent_at, deadline, deputy_lead(turn.district))


def deputy_too_early(posts_held: Sequence[PostHeld], work: Work, unit: UnitInfo, day: date, at: datetime) -> str:
    """From when a deputy may sign the school, as a sentence; empty when that is not what stands in the way."""
    deadline, lead = deadline_of(work.district, unit, day), deputy_lead(work.district)
    now, then = (signing(posts_held, unit, moment, deadline, lead) for moment in (at, deadline))
    if now is None and then is not None:
        return posts.deputy_from(clock(work.district, deadline - lead))
    return ""


def state(turn: Turn, hat: Hat) -> str:
    """The report of `hat` as it stands now. A handful of statements, whatever its size."""
    shown = picture(turn.work, turn.day, [hat.unit.id])
    match hat.level:
        case "class_unit":
            return shown.class_text(hat.unit)
        case "grade":
            _note_names(turn, hat.unit, shown)
            return shown.grade_text(hat.unit)
        case "office":
            return shown.office_text(hat.unit)
        case _:
            names = sight(turn.speaker.posts, hat.unit) >= Sight.EXCEPTIONS
            if names:
                _note_names(turn, hat.unit, shown)
            early = deputy_too_early(turn.speaker.posts, turn.work, hat.unit, turn.day, turn.sent_at)
            step = "" if shown.report(hat.unit).is_signed else early
            return shown.school_text(hat.unit, names=names, step=step)


def class_states(turn: Turn, classes: Sequence[UnitInfo]) -> str:
    """One or several classes with names, for those who may see names."""
    shown = picture(turn.work, turn.day, [unit.id for unit in classes])
    return "\n\n".join(shown.class_text(unit) for unit in classes)


def _note_names(turn: Turn, unit: UnitInfo, shown: Picture) -> None:
    """Whoever but the head teacher reads names of the abnormal leaves a line in the trail (domain 2.4)."""
    if turn.speaker.me is not None and shown.unwell_words(unit):
        note(turn.work, f"person:{turn.speaker.me.person_id}", "names-read", f"unit:{unit.id}:{turn.day}", "abnormal")
