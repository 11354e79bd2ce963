"""From what was said of journeys, contacts and cases to the register of key persons (domain handbook 9).

Runs in the same transaction as the answer, and only where something of the kind was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bots.check_in.health import where_is
from bots.check_in.keep import AFTER_SAID
from bots.check_in.scene import Known, trip_of
from bots.engine.conversation import Turn
from bots.key_persons.words import register as words
from bots.wording.health import on
from models.actions.journeys import Kept, Stay, keep_journeys
from models.actions.key_persons import Entry, Registered, keep_keepers, region_added, region_ended, register
from models.queries.bound import holders_on
from models.queries.key_persons import KeyRow, rows_by_id
from models.queries.people import Holder
from models.queries.regions import StoredRegion
from models.rules.check_in import Health
from models.rules.key_persons import HELD, KEEPERS, STATED, category_of
from models.rules.push import Lane, Push
from models.work import Work

_STATEMENTS = {
    "confirmed": "自述确诊",
    "suspected": "自述疑似",
    "asymptomatic": "自述无症状感染",
    "close_contact": "自述密切接触",
    "sealed": "自述住所封控",
}


def stays_of(health: Health, home_code: str) -> list[Stay]:
    """The journeys an answer speaks of: own ones that count, those of somebody at home, and plans."""
    own = health.trips if health.left_area else ()
    found = [_stay("own", trip, home_code) for trip in own]
    found += [_stay("household", trip, home_code) for trip in health.household_trips]
    return found + [_stay("plan", trip, home_code) for trip in health.plans]


def _stay(kind: str, said: Mapping[str, Any], home_code: str) -> Stay:
    trip = trip_of(dict(said))
    return Stay(
        kind=kind,
        code=trip.code,
        far=where_is(trip, home_code),
        left_on=trip.left_on,
        returned_on=trip.returned_on,
        planned_return=trip.planned_return,
        away_now=trip.away_now and trip.returned_on is None,
        said=dict(said),
    )


def enrol(
    work: Work,
    person: Known,
    unit_id: int,
    day: date,
    health: Health,
    source: str,
    *,
    by: int | None = None,
    actor: str = "system",
) -> list[Registered]:
    """Keep the journeys `health` speaks of and register what follows from it; gives what was registered."""
    stays = stays_of(health, work.district.code)
    kept = keep_journeys(work, person.person_id, unit_id, day, stays, source) if stays else []
    entries: dict[str, Entry] = {}

    def add(category: str, reason: str, place: str, since: date | None, *, held: bool, of: StoredRegion | None) -> None:
        before = entries.get(category)
        if before is not None and (before.since is None or (since is not None and since <= before.since)):
            return
        entries[category] = Entry(
            person.person_id, unit_id, category, reason, place, source, since, held, by, actor, of
        )

    for one in kept:
        if one.stay.kind == "plan":
            continue
        household = one.stay.kind == "household"
        category = category_of(one.stay.far, in_region=one.region is not None, household=household)
        if category is None:
            continue
        held = not household and one.last_on is None and one.stay.far in HELD
        since = one.last_on if not household else one.last_on or day
        add(category, _journey_words(one, household), _place(one.stay.said), since, held=held, of=one.region)
    for status in health.statements:
        if status in STATED:
            add(STATED[status], f"{_STATEMENTS[status]}，待核实", "", day, held=False, of=None)
    if health.contact and not any(one.stay.kind == "household" and one.region for one in kept):
        add("kp_contact", "自述接触过病例或重点地区人员，待核实", "", day, held=False, of=None)
    return [register(work, entry, day) for entry in entries.values()]


def _journey_words(one: Kept, household: bool) -> str:
    place = _place(one.stay.said) or "地点不详"
    who = "同住人" if household else ""
    when = f"{on(one.last_on)}离开" if one.last_on else "目前在当地"
    region = f"，{one.region.name}当时为重点地区" if one.region else ""
    return f"{who}{'到过' if one.last_on else '在'}{place}（{when}）{region}"


def _place(said: Mapping[str, Any]) -> str:
    province, place = str(said.get("province", "")), str(said.get("place", ""))
    return place if not province or province[:2] in place else f"{province}{place}"


def _after_said(turn: Turn, person: Known, unit_id: int, day: date, health: Health) -> None:
    if not (
        (health.left_area and health.trips)
        or health.household_trips
        or health.plans
        or health.contact
        or any(status in STATED for status in health.statements)
    ):
        return
    enrol(turn.work, person, unit_id, day, health, "answer", actor=f"account:{turn.speaker.account_id}")


AFTER_SAID.append(_after_said)


# --- the list of key regions changes ----------------------------------------------------------------------------
def after_regions(
    work: Work, added: Sequence[StoredRegion], ended: Sequence[int], actor: str, at: datetime
) -> tuple[int, int, list[Push]]:
    """Everybody is looked at again, in the transaction that changed the list.

    Gives how many were registered, for how many release is proposed, and whom to tell: keepers by name, the isolation
    group by number. A number of statements that does not depend on how many people there are, but for reading their
    names out to the keepers.
    """
    day = work.district.day_of(at)
    pushes: list[Push] = []
    registered = 0
    for region in added:
        new = region_added(work, region, day, actor)
        registered += len(new)
        if new:
            pushes += _tell(work, region, rows_by_id(work.connection, work.vault, new, day), at)
    proposed = region_ended(work, ended, actor) if ended else []
    keep_keepers(work, day)
    return registered, len(proposed), pushes


def _tell(work: Work, region: StoredRegion, rows: Sequence[KeyRow], at: datetime) -> list[Push]:
    day = work.district.day_of(at)
    mine: dict[int, list[str]] = {}
    for row in rows:
        if row.keeper_id is not None:
            mine.setdefault(row.keeper_id, []).append(row.name)
    schools = {work.units[row.unit_id].school_id for row in rows}
    pushes = []
    told: set[int] = set()
    for holder in holders_on(work.connection, KEEPERS, day):
        if holder.account_id is None or holder.person_id in told:
            continue
        if names := mine.get(holder.person_id):
            told.add(holder.person_id)
            text = words.region_keeper(region.name, region.from_date, names)
            pushes.append(_push(work, holder, region, text, f"新增{len(names)}人，请点开查看", at))
        elif holder.role == "wg_isolation":
            told.add(holder.person_id)
            text = words.region_bureau(region.name, region.from_date, len(rows), len(schools))
            pushes.append(_push(work, holder, region, text, f"新增{len(rows)}人", at))
    return pushes


def _push(work: Work, holder: Holder, region: StoredRegion, text: str, note: str, at: datetime) -> Push:
    assert holder.account_id is not None
    day = work.district.day_of(at)
    return Push(
        key=f"key-region:{region.id}:{holder.account_id}",
        kind="key-person-follow-up",
        account_id=holder.account_id,
        body={"text": text},
        moment=at,
        expires_at=work.district.end_of(day),
        lane=Lane.ANSWER,
        person_id=holder.person_id,
        fields={"title": "重点人员", "unit": work.units.class_name(holder.unit_id), "time": f"{day}", "note": note},
    )


def together(rows: Iterable[KeyRow]) -> dict[int, list[KeyRow]]:
    """Rows by person: a person is one, for however many reasons they are on the list."""
    found: dict[int, list[KeyRow]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found
