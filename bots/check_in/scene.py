"""From a turn to what the reading may know, and open questions as plain JSON."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Protocol, cast

from bots.engine.conversation import Turn
from bots.reading import Asked, Home, KeyRegion, Reading, Scene, Subject, Trip, read
from bots.reading.mentions import names_a_place
from models.queries.regions import as_rules
from models.rules.district import District


class Known(Protocol):
    """Somebody who may be reported for."""

    @property
    def person_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def joined_on(self) -> date: ...
    @property
    def left_on(self) -> date | None: ...
    @property
    def in_observation(self) -> bool: ...


@lru_cache(maxsize=4)
def _home(name: str, code: str) -> Home:
    return Home(code=code, name=name)


@lru_cache(maxsize=4)
def _regions(regions: tuple[Any, ...]) -> tuple[KeyRegion, ...]:
    # A row ends before its `to_date`; the reading takes the last day on which it holds.
    return tuple(
        KeyRegion(region.name, region.code, region.from_date, region.to_date and region.to_date - timedelta(days=1))
        for region in regions
    )


def subjects_of(turn: Turn) -> tuple[Subject, ...]:
    """Whom the speaker may report for: their children in the order of binding, and themselves."""
    people = turn.speaker.people
    if len(people) == 1:
        only = people[0]
        return (subject_of(turn, only, is_self=only.relation == "self"),)
    return tuple(
        subject_of(turn, person, is_self=person.relation == "self", bound=bound) for bound, person in enumerate(people)
    )


def subject_of(turn: Turn, person: Known, *, is_self: bool = False, bound: int = 0) -> Subject:
    unit = turn.work.units.get(person.unit_id)
    grade = None if unit is None else turn.work.units.get(unit.grade_id)
    return Subject(
        key=person.person_id,
        name=person.name,
        is_self=is_self,
        grade_rank=0 if grade is None else grade.position,
        bound_rank=bound,
        grade="" if grade is None else grade.name,
        class_unit=unit.name if unit is not None and unit.kind == "class_unit" else "",
    )


def scene_of(turn: Turn, subjects: tuple[Subject, ...], asked: Asked | None = None) -> Scene:
    """The scene of this message. asked: the question that is open."""
    district: District = turn.district
    disease = district.disease
    return Scene(
        sent_at=district.local(turn.sent_at),
        subjects=subjects,
        home=home_of(district),
        asked=asked,
        fever_tenths=disease.fever_tenths,
        plausible=disease.plausible_tenths,
        lookback_days=disease.lookback_days,
        key_regions=_regions(district.key_regions),
    )


def understand(turn: Turn, text: str, subjects: tuple[Subject, ...], asked: Asked | None = None) -> Reading:
    """Read `text`; a journey is held against the list of key regions as it stands in the database (issue 6)."""
    scene = scene_of(turn, subjects, asked)
    reading = read(text, scene)
    moved = any(facts.trips or facts.left_area or facts.household_trips for facts in reading.people)
    regions = _stored_regions(turn) if moved else running_regions(turn, text)
    if regions and regions != scene.key_regions:
        reading = read(text, replace(scene, key_regions=regions))
    return reading


def running_regions(turn: Turn, text: str) -> tuple[KeyRegion, ...]:
    """The running list, asked for only where a text names a place at all; else empty."""
    return _stored_regions(turn) if len(text) > 1 and names_a_place(text, home_of(turn.district)) else ()


def home_of(district: District) -> Home:
    """Where the district's people are at home."""
    return _home(district.name, district.code)


def _stored_regions(turn: Turn) -> tuple[KeyRegion, ...]:
    """The running list; one statement a batch, and only where somebody has travelled."""
    known = turn.work.known
    if "key regions" not in known:
        known["key regions"] = _regions(as_rules(turn.work.flush()))
    return cast("tuple[KeyRegion, ...]", known["key regions"])


def plain(asked: Asked) -> dict[str, Any]:
    """An open question as JSON: only what is set."""
    made = {name: value for name, value in asdict(asked).items() if value not in (None, "", ())}
    if asked.day is not None:
        made["day"] = asked.day.isoformat()
    if asked.trip is not None:
        made["trip"] = trip_json(asked.trip)
    return made


def asked_of(made: dict[str, Any]) -> Asked:
    """The question behind `plain`."""
    values = dict(made)
    for name in ("candidates", "choices", "subjects"):
        if name in values:
            values[name] = tuple(values[name])
    if "day" in values:
        values["day"] = date.fromisoformat(values["day"])
    if "trip" in values:
        values["trip"] = trip_of(values["trip"])
    return Asked(**values)


_TRIP = tuple(field.name for field in fields(Trip))
_TRIP_DAYS = frozenset({"left_on", "returned_on", "planned_return"})


def trip_json(trip: Trip) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in _TRIP:
        value = getattr(trip, name)
        if value not in (None, "", False):
            made[name] = value.isoformat() if name in _TRIP_DAYS else value
    return made


def trip_of(made: dict[str, Any]) -> Trip:
    values: dict[str, Any] = {
        name: date.fromisoformat(value) if name in _TRIP_DAYS else value
        for name, value in made.items()
        if name in _TRIP
    }
    return Trip(**values)
