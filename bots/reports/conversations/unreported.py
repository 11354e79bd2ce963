"""未报: who or what is still missing, for each post as closely as it may see."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.reports.chain import Hat, class_states, has_started, hats_of, state, waiting
from bots.reports.schools import filed_so_far
from bots.reports.words import district as words
from bots.wording import posts
from bots.wording.plain import lines, names
from models.queries.due import due_of
from models.queries.figures.school import schools_due
from models.queries.figures.schools import schools_on, unfiled_on
from models.queries.reports import filings
from models.queries.units import UnitInfo
from models.rules.authority import BUREAU, REMINDERS, Sight, sight

#: How many schools with open classes one message names.
_SHOWN = 15


def begin(turn: Turn) -> Said:
    classes = hats_of(turn, "class_unit")
    grades = hats_of(turn, "grade")
    schools = [
        unit
        for unit_id in dict.fromkeys(post.unit_id for post in turn.speaker.posts)
        if (unit := turn.work.units.get(unit_id)) is not None
        and unit.kind == "school"
        and sight(turn.speaker.posts, unit) > Sight.NOTHING
    ]
    bureau = bool(turn.speaker.holds(*BUREAU))
    if not (classes or grades or schools or bureau):
        return say(posts.only_for("班主任、年级主任、学校和教育局的负责人"))
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    shown: list[Hat] = classes or grades
    told = [
        class_states(turn, [hat.unit for hat in classes]) if classes else "",
        *(state(turn, hat) for hat in grades),
        _of_schools(turn, schools) if schools else "",
        _of_district(turn) if bureau else "",
    ]
    return say("\n\n".join(part for part in told if part), waiting(shown, turn.day) if shown else None)


def _of_schools(turn: Turn, schools: list[UnitInfo]) -> str:
    """Classes not signed, and how many people of each class are missing: counts, no names."""
    told = []
    then = "回复“催报”可提醒班主任。" if turn.speaker.holds(*REMINDERS) else ""
    for one in schools_on(turn.work.flush(), turn.work.units, turn.day, due_of(turn.work), schools):
        unfiled = [turn.work.units.class_name(unit.id) for unit in one.unfiled]
        told.append(
            lines(
                f"{one.school.name}：学生未报{one.figures.unreported}人，教职工未报{one.figures.staff_unreported}人。",
                f"未确认的班级：{names(unfiled, counted='个班')}。{then}" if unfiled else "班级都已确认。",
            )
        )
    return "\n".join(told)


def _of_district(turn: Turn) -> str:
    work, due = turn.work, due_of(turn.work)
    connection, units = work.flush(), work.units
    owing = schools_due(connection, units, turn.day, due)
    filed = {school_id for school_id, _ in filings(connection, [turn.day])}
    unfiled = unfiled_on(connection, units, turn.day, due)
    schools = sorted((units[school_id] for school_id in owing), key=lambda one: (one.position, one.path))
    open_classes = [f"{one.name}{len(unfiled[one.id])}个班" for one in schools if one.id in unfiled]
    return lines(
        words.filing(filed_so_far(units, owing, filed)),
        f"班级未确认：{names(open_classes, _SHOWN, '所')}。" if open_classes else "班级都已确认。",
        "回复“催报”可提醒未报学校的报告人。",
    )


conversation = Conversation(
    name="unreported",
    steps={"begin": begin},
    first="begin",
    opens_on=frozenset({"未报", "未报名单", "谁没报"}),
)
