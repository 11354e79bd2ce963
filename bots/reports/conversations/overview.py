"""今日: the figures of what somebody oversees. 查 学校名: one school, for those who oversee it."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.reports.chain import has_started, hats_of, state, waiting
from bots.reports.schools import filed_so_far
from bots.reports.words import district as words
from bots.reports.words import rates as rate_words
from bots.reports.words import units as reports
from bots.wording import posts
from bots.wording.plain import lines, names
from models.queries.due import due_of
from models.queries.figures.rates import filing_of, watched_on
from models.queries.figures.school import district_days
from models.queries.figures.schools import SchoolDay, schools_on
from models.queries.reports import deadline_of, filings
from models.queries.units import UnitInfo
from models.rules.authority import BUREAU, Sight, sight
from models.rules.rates import rates


def begin(turn: Turn) -> Said | None:
    if turn.text.startswith("查"):
        return look_up(turn) if _is_look_up(turn) else None
    overseen, hats = _schools(turn), hats_of(turn, "class_unit", "grade")
    if not (overseen or hats or turn.speaker.holds(*BUREAU)):
        return say(posts.TODAY_NOT_YOURS)
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    if turn.speaker.holds(*BUREAU):
        return say(_district(turn))
    if overseen:
        return say("\n\n".join(_school(turn, one) for one in _days(turn, overseen)))
    return say("\n\n".join(state(turn, hat) for hat in hats), waiting(hats, turn.day))


def _is_look_up(turn: Turn) -> bool:
    """Whether 查 asks for a school: "查体温36.5" is a report, and must reach whoever reads reports."""
    rest = turn.text.removeprefix("查")
    named = rest.strip(" ：:，,")
    return not named or rest[0] in " ：:" or any(named in school.name for school in turn.work.units.schools())


def look_up(turn: Turn) -> Said | None:
    """查 学校名."""
    called = turn.text.removeprefix("查").strip(" ：:，,")
    allowed = turn.work.units.schools() if turn.speaker.holds(*BUREAU) else _schools(turn)
    if not allowed:
        return say(posts.only_for("校长和教育局"))
    if not called:
        return say(f"请写学校名，例如：查 {allowed[0].name}")
    found = [school for school in allowed if school.name == called]
    found = found or [school for school in allowed if called in school.name]
    if not found:
        return say(posts.no_unit(called) if turn.speaker.holds(*BUREAU) else posts.only_for("教育局"))
    if len(found) > 1:
        return say(posts.which([school.name for school in found], "查"))
    return say(_school(turn, _days(turn, found)[0]))


def _schools(turn: Turn) -> list[UnitInfo]:
    """The schools the speaker looks over."""
    ids = dict.fromkeys(post.unit_id for post in turn.speaker.posts)
    units = [turn.work.units.get(unit_id) for unit_id in ids]
    return [
        unit for unit in units if unit and unit.kind == "school" and sight(turn.speaker.posts, unit) > Sight.NOTHING
    ]


def _days(turn: Turn, schools: list[UnitInfo]) -> list[SchoolDay]:
    work = turn.work
    return schools_on(work.flush(), work.units, turn.day, due_of(work), schools)


def _school(turn: Turn, one: SchoolDay) -> str:
    unfiled = names([turn.work.units.class_name(unit.id) for unit in one.unfiled], counted="个班")
    signed = reports.signed_words(turn.district, one.report)
    deadline = deadline_of(turn.district, one.school, turn.day)
    return lines(
        reports.overview_counts(one.school.name, turn.day, one.figures),
        _rates(turn, one),
        f"班级已确认{one.figures.classes_filed}/{one.figures.classes}"
        + (f"，未确认：{unfiled}。" if unfiled else "。"),
        f"{signed}{reports.cosign_state(turn.district, one.report)}。"
        if signed
        else "学校日报未提交" + ("，已逾期。" if turn.sent_at > deadline else "。"),
    )


def _rates(turn: Turn, one: SchoolDay) -> str:
    watched = watched_on(turn.work.flush(), turn.district, turn.day, [one.school.id]).get(one.school.id)
    return rate_words.line(rates(one.figures, filing_of(one, turn.district.reporting), watched))


def _district(turn: Turn) -> str:
    work = turn.work
    connection = work.flush()
    one = district_days(connection, work.units, [turn.day], due_of(work))[turn.day]
    filed = {school_id for school_id, _ in filings(connection, [turn.day])}
    return lines(
        reports.overview_counts(work.district.name, turn.day, one.figures),
        words.filing(filed_so_far(work.units, one.schools, filed)),
        "回复“查 学校名”看一所学校，“未报”看未报单位，“催报”提醒报告人。",
    )


conversation = Conversation(
    name="overview",
    steps={"begin": begin},
    first="begin",
    opens_on=frozenset({"今日", "今日情况", "查"}),
    prefixes=("查",),
)
