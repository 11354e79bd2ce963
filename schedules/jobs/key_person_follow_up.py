"""The day's contact with key persons (domain handbook 9): to each keeper the list of the day, and later who is left.

Before that the register is put right: keepers who left are replaced, journeys that ended are closed, whoever an answer
speaks of and who is not on the list is named to the school, and what may be decided is put before those who decide.
Nobody is released by the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bots.key_persons.registering import together
from bots.key_persons.words import register as words
from bots.wording.plain import clock
from models.actions.journeys import close_journeys
from models.actions.key_persons import keep_keepers, note_escalated, note_heard, propose
from models.queries.bound import holders_on
from models.queries.key_persons import (
    KeyRow,
    Missing,
    attempted,
    heard,
    managed_not_listed,
    missing,
    no_longer_managed,
    open_journeys,
    open_rows,
    stayed_home,
)
from models.queries.people import Holder, recipients_of
from models.rules.key_persons import KEEPERS, UNREACHABLE_DAYS, Readiness, readiness
from models.rules.push import Lane
from schedules.job import Job, Moment, Push
from schedules.telling import tell

_KIND = "key-person-follow-up"
#: Who is told of people nobody has reached for days, of those missing from the list, and of what may be decided.
_HIGHER = ("principal", "wg_isolation")
_DECIDE = ("designated_reporter", "school_doctor")


def plan(moment: Moment) -> Sequence[Push]:
    if moment.slot == 0:
        pushes = _come_back(moment)
        keep_keepers(moment.work, moment.day)
        propose(moment.work, no_longer_managed(moment.work.flush()), "management_ended")
    else:
        pushes = []
    rows = open_rows(moment.connection, moment.vault, moment.day)
    gaps = _missing(moment) if moment.slot == 0 else []
    if not rows and not gaps:
        return pushes
    first = min((row.registered_on for row in rows), default=moment.day)
    days, newest = heard(moment.connection, rows, first, moment.day) if rows else ({}, {})
    note_heard(moment.work, [row.id for row in rows if moment.day in days.get(row.person_id, ())], moment.day)
    roles = {*KEEPERS, *_HIGHER, *_DECIDE}
    holders = [one for one in holders_on(moment.connection, roles, moment.day) if one.account_id is not None]
    pushes += _keepers(moment, rows, days, holders)
    if moment.slot:
        pushes += _uncontacted(moment, rows, days, holders)
    else:
        pushes += _unreachable(moment, rows, days, holders)
        pushes += _due(moment, rows, days, newest, holders)
        pushes += _gaps(moment, gaps, holders)
    return pushes


def _keepers(
    moment: Moment, rows: Sequence[KeyRow], days: Mapping[int, set[date]], holders: Sequence[Holder]
) -> list[Push]:
    """The keeper's own people, one push a keeper; whoever cannot be reached is stood in for by the school's reporter."""
    people = together(rows)
    reached = {holder.person_id for holder in holders}
    stand_in = {
        moment.work.units[holder.unit_id].school_id: holder.person_id
        for holder in holders
        if holder.role == "designated_reporter"
    }
    mine: dict[int, list[KeyRow]] = {}
    for those in people.values():
        row = those[0]
        keeper = row.keeper_id
        if keeper not in reached:
            keeper = stand_in.get(moment.work.units[row.unit_id].school_id, keeper)
        if keeper is not None:
            mine.setdefault(keeper, []).append(row)
    until = clock(moment.district, moment.district.at(moment.day, moment.district.times.reminders[-1]))
    pushes, told = [], set[int]()
    for holder in holders:
        listed = mine.get(holder.person_id)
        if not listed or holder.person_id in told:
            continue
        told.add(holder.person_id)
        left = [row.name for row in listed if moment.day not in days.get(row.person_id, ())]
        if not left:
            continue
        text = (
            words.daily(len(listed), len(listed) - len(left), left, until)
            if moment.slot == 0
            else words.again(len(left), left)
        )
        pushes.append(_push(moment, f"contact-{moment.slot}", holder, text, f"待联系{len(left)}人，请点开查看"))
    return pushes


def _uncontacted(
    moment: Moment, rows: Sequence[KeyRow], days: Mapping[int, set[date]], holders: Sequence[Holder]
) -> list[Push]:
    """Nobody has been in contact by the afternoon, and no attempt is logged: the reporter hears whose task it is."""
    tried = attempted(moment.connection, [row.id for row in rows], moment.day)
    left = [
        those[0]
        for those in together(rows).values()
        if moment.day not in days.get(those[0].person_id, ())
        and those[0].registered_on < moment.day
        and not any(row.id in tried for row in those)
    ]
    units = moment.work.units
    pushes, told = [], set[int]()
    for holder in holders:
        if holder.role != "designated_reporter" or holder.person_id in told:
            continue
        school = units[holder.unit_id].school_id
        mine = [row for row in left if units[row.unit_id].school_id == school and row.keeper_id != holder.person_id]
        if mine:
            told.add(holder.person_id)
            said = [f"{row.name}（{units.class_name(row.unit_id)}，联系人{row.keeper or '待指定'}）" for row in mine]
            pushes.append(_push(moment, "uncontacted", holder, words.uncontacted(said[:30]), f"{len(mine)}人未联系"))
    return pushes


def _unreachable(
    moment: Moment, rows: Sequence[KeyRow], days: Mapping[int, set[date]], holders: Sequence[Holder]
) -> list[Push]:
    """Nobody heard of for two whole days: the principal by name, the isolation group by name (domain handbook 9)."""
    back = [moment.day - timedelta(days=number) for number in range(1, UNREACHABLE_DAYS + 1)]
    lost = [
        those
        for those in together(rows).values()
        if those[0].registered_on <= back[-1]
        and not any(day in days.get(those[0].person_id, ()) for day in (*back, moment.day))
    ]
    if not lost:
        return []
    note_escalated(moment.work, [row.id for those in lost for row in those], moment.day)
    units = moment.work.units
    pushes, told = [], set[int]()
    for holder in holders:
        if holder.role not in _HIGHER or holder.person_id in told:
            continue
        school = units[holder.unit_id].school_id
        mine = [those[0] for those in lost if school is None or units[those[0].unit_id].school_id == school]
        if mine:
            told.add(holder.person_id)
            said = [f"{row.name}（{units.class_name(row.unit_id)}，联系人{row.keeper or '待指定'}）" for row in mine]
            pushes.append(
                _push(moment, "unreachable", holder, words.unreachable(said[:30]), f"{len(mine)}人", Lane.ANSWER)
            )
    return pushes


def _due(
    moment: Moment,
    rows: Sequence[KeyRow],
    days: Mapping[int, set[date]],
    newest: Mapping[int, str],
    holders: Sequence[Holder],
) -> list[Push]:
    ready: list[tuple[KeyRow, Readiness]] = []
    for row in rows:
        begins = max(row.registered_on, row.since or row.registered_on)
        found = readiness(
            row.category,
            begins,
            row.until,
            row.waived_days,
            days.get(row.person_id, set()),
            newest.get(row.person_id, ""),
            moment.day,
        )
        if found.is_due(moment.day) or row.proposal in {"region_ended", "management_ended"}:
            ready.append((row, found))
    propose(moment.work, [row.id for row, found in ready if not row.proposal], "period_over")
    units = moment.work.units
    pushes, told = [], set[int]()
    for holder in holders:
        if holder.role not in _DECIDE or holder.person_id in told:
            continue
        school = units[holder.unit_id].school_id
        mine = [
            (
                row.name,
                units.class_name(row.unit_id),
                "，已解除医学观察"
                if row.proposal == "management_ended"
                else "，需要证明材料"
                if found.needs_document
                else "，地区已移出名单"
                if row.proposal == "region_ended"
                else "",
            )
            for row, found in ready
            if units[row.unit_id].school_id == school
        ]
        if mine:
            told.add(holder.person_id)
            pushes.append(_push(moment, "due", holder, words.due(mine), f"{len(mine)}人可议解除"))
    return pushes


def _missing(moment: Moment) -> list[Missing]:
    since = moment.day - timedelta(days=moment.district.disease.lookback_days)
    found = {one.person_id: one for one in managed_not_listed(moment.connection)}
    for one in missing(moment.connection, since, moment.day):
        found.setdefault(one.person_id, one)
    return list(found.values())


def _gaps(moment: Moment, gaps: Sequence[Missing], holders: Sequence[Holder]) -> list[Push]:
    """一个不漏: who is missing from the list and why, to the reporter of their school."""
    units = moment.work.units
    pushes, told = [], set[int]()
    for holder in holders:
        if holder.role != "designated_reporter" or holder.person_id in told:
            continue
        school = units[holder.unit_id].school_id
        mine = [one for one in gaps if units[one.unit_id].school_id == school]
        if mine:
            told.add(holder.person_id)
            where = [units.class_name(one.unit_id) for one in mine]
            text = words.not_on_the_list(mine, where)
            pushes.append(_push(moment, "missing", holder, text, f"{len(mine)}人不在名单"))
    return pushes


def _come_back(moment: Moment) -> list[Push]:
    """Journeys people said the end of since are closed; past the planned return the family is asked."""
    ended: dict[int, date] = {}
    late = []
    for journey in open_journeys(moment.connection):
        if journey.answered_on is not None and stayed_home(moment.vault, journey):
            ended[journey.id] = journey.answered_on
        elif journey.planned_return is not None and journey.planned_return < moment.day:
            late.append(journey)
    close_journeys(moment.work, ended)
    by_person = {journey.person_id: journey for journey in late}
    pushes = []
    for one in recipients_of(moment.connection, by_person) if by_person else ():
        journey = by_person[one.person_id]
        assert journey.planned_return is not None
        pushes.append(
            Push(
                key=f"{_KIND}:back:{journey.id}:{one.account_id}:{moment.day}",
                kind=_KIND,
                account_id=one.account_id,
                body={"text": words.come_back(journey.name, "", journey.planned_return)},
                moment=moment.at,
                expires_at=moment.district.end_of(moment.day),
                person_id=one.person_id,
                relation=one.relation,
                fields={
                    "title": "行程返回核对",
                    "unit": moment.district.name,
                    "time": moment.day.isoformat(),
                    "note": "请进入对话回复",
                },
            )
        )
    return pushes


def _push(moment: Moment, what: str, holder: Holder, text: str, note: str, lane: Lane = Lane.NUDGE) -> Push:
    return tell(
        moment,
        _KIND,
        f"{_KIND}:{what}:{holder.account_id}:{moment.day}",
        holder,
        text,
        moment.district.end_of(moment.day),
        title="重点人员",
        unit=moment.work.units.class_name(holder.unit_id),
        note=note,
        lane=lane,
    )


# In the morning with the state of the class, and again with the last reminder of the day.
job = Job(name=_KIND, times=lambda times: (times.class_report, times.reminders[-1]), plan=plan)
