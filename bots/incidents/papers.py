"""Papers of an incident as asked for in chat: drafts of its reports, the hand-over sheet, the list of candidates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bots.engine.conversation import Turn
from bots.incidents.opening import Case
from bots.incidents.words import papers
from bots.incidents.words import steps as words
from bots.isolation.checks import day_in
from models.actions.trail import note
from models.queries.incident_picture import Picture, picture_of, steps_at
from models.queries.incidents import candidates_of, events_of

DRAFTS = frozenset({"初次报告", "进程报告", "结案报告"})
RECEIVERS = ("医院", "疾控", "社区", "教育局", "接班")
_NAMED_DAYS = {"昨天": 1, "前天": 2}


def draft(turn: Turn, case: Case, which: str, rest: str) -> str:
    """A report as it would have read at the end of a day: today, or the day written beside it.

    Once the report has been made its day is the first report's; the last report is about the whole.
    """
    work, district, row = turn.work, turn.district, case.row
    events = events_of(work, row.id)
    day = _day(turn, rest)
    if day is None and which == "初次报告":
        first = next((one for one in events if one.step == "reported"), None)
        day = None if first is None else district.day_of(first.entered_at)
    day = max(day or turn.day, district.day_of(row.opened_at))
    if which == "结案报告":
        day = turn.day if row.closed_at is None else district.day_of(row.closed_at)
    steps = steps_at(case.steps, events, district.end_of(day))
    picture = picture_of(work, row, day)
    school = _school(turn, case)
    match which:
        case "初次报告":
            me = turn.speaker.me
            owner = next((one.owner_name for one in case.steps if one.step == "reported"), "")
            reporter = me.name if me is not None else ""
            return papers.initial(district, row, school, case.where, steps, picture, reporter, owner)
        case "进程报告":
            return papers.progress(district, row, school, case.where, steps, events, picture)
        case _:
            return papers.closing(district, row, school, case.where, steps, picture)


def _day(turn: Turn, rest: str) -> date | None:
    """The day written beside a report, if it is not ahead."""
    for word, back in _NAMED_DAYS.items():
        if word in rest:
            return turn.day - timedelta(days=back)
    found = day_in(rest, turn.day)
    return None if found is None else min(found, turn.day)


def hand_over(turn: Turn, case: Case, rest: str) -> str:
    """A sheet for one receiver, as things stand now; who made it is on the trail."""
    receiver = next((name for name in RECEIVERS if name in rest), "")
    if not receiver:
        return papers.hand_over_how(case.row)
    me = turn.speaker.me
    assert me is not None
    picture = picture_of(turn.work, case.row, turn.day)
    if case.row.person_id is None and receiver == "医院":
        # A hospital sees those it is to treat, and nobody else's child.
        picture = replace(picture, ill=tuple(one for one in picture.ill if one.name in rest))
        if not picture.ill:
            return papers.hand_over_whom(case.row)
    note(turn.work, f"person:{me.person_id}", "incident.hand-over", f"incident:{case.row.id}", receiver)
    found = candidates_of(turn.work, case.row.id)
    stamp = f"{turn.district.local(turn.now):%Y-%m-%d %H:%M}"
    whose = words.turn_line(turn.district, words.next_of(case.steps), turn.now)
    return papers.hand_over(
        turn.district, case.row, receiver, _school(turn, case), case.where, case.steps, found, picture, stamp, whose
    )


def candidate_list(turn: Turn, case: Case, *, is_at_school: bool) -> str:
    """Who may have been in contact, as the school listed them; with those who fell ill where they are several."""
    rows = candidates_of(turn.work, case.row.id)
    several: Picture | None = picture_of(turn.work, case.row, turn.day) if case.row.person_id is None else None
    names = [one.name for one in several.ill] if several is not None else []
    days = turn.district.incident.contact_lookback_days
    return words.candidates(case.row, rows, days, is_at_school, names)


def _school(turn: Turn, case: Case) -> str:
    school = turn.work.units.get(case.row.school_id)
    return "" if school is None else school.name
