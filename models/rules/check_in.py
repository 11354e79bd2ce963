"""What one person's answer for one day means (domain handbook 3, 4, 5; contract 9, 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from models.rules.district import Disease, District

SLOT = "am"

#: Symptom codes by group (domain handbook 5.1).
GROUPS: Mapping[str, tuple[str, ...]] = {
    "general": ("fever", "chills", "fatigue", "headache", "dizziness", "muscle_ache"),
    "respiratory": (
        "cough",
        "dry_cough",
        "sore_throat",
        "runny_nose",
        "stuffy_nose",
        "sneezing",
        "chest_tightness",
        "dyspnea",
        "smell_taste_loss",
    ),
    "digestive": ("nausea", "vomiting", "diarrhea", "abdominal_pain"),
    "other": ("rash", "blister", "conjunctivitis", "parotid_swelling", "jaundice", "convulsion", "other"),
}
#: The running counts of a unit and day (`unit_days`), in the order in which they are asked for.
COUNTS = (
    "reported",
    "on_time",
    "fever",
    "symptomatic",
    "cough",
    "digestive",
    "rash",
    "other_symptom",
    "other_city",
    "other_province",
    "abroad",
    "in_key_region",
    "exempt",
)
_MARK_OF = {
    "cough": "cough",
    "dry_cough": "cough",
    **dict.fromkeys(GROUPS["digestive"], "digestive"),
    "rash": "rash",
    "blister": "rash",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One reading: tenths of °C and how it was taken (forehead, ear, axillary, oral, unknown)."""

    tenths: int
    method: str = "unknown"


@dataclass(frozen=True, slots=True)
class Health:
    """Everything one revision says of one person's day. None and empty mean "not said", never "no"."""

    readings: tuple[Measured, ...] = ()
    symptoms: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    denied_all: bool = False
    household_symptoms: tuple[str, ...] = ()
    left_area: bool | None = None
    place: str = ""  # official province name
    where: str = ""  # local, other_city, other_province, abroad: where they are now, as far as said
    in_key_region: bool = False
    trips: tuple[Mapping[str, Any], ...] = ()
    antipyretic: bool = False
    statements: tuple[str, ...] = ()  # close_contact, suspected, confirmed: as said, never concluded
    household_statements: tuple[str, ...] = ()  # the same, said of somebody at home
    contact: bool | None = None  # with a case, or with somebody from a key region
    recent_fever: bool = False  # a fever within 24 hours, though not now
    danger: tuple[str, ...] = ()  # danger words that are no symptom code: unconscious
    onsets: tuple[str, ...] = ()  # "cough:2026-03-01": since when, where it was said
    household_trips: tuple[Mapping[str, Any], ...] = ()  # journeys of somebody at home
    plans: tuple[Mapping[str, Any], ...] = ()  # journeys intended and not begun: no absence, no trip

    @property
    def tenths(self) -> int | None:
        """The reading that counts: the highest, whatever the method (contract 10)."""
        readings = self.readings
        if len(readings) == 1:  # nearly always, and asked for many times a message
            return readings[0].tenths
        return max((reading.tenths for reading in readings), default=None)

    def to_json(self) -> dict[str, Any]:
        """Only what was said."""
        made: dict[str, Any] = {}
        if self.readings:
            made["r"] = [[reading.tenths, reading.method] for reading in self.readings]
        for name, short in _SHORT.items():
            value = getattr(self, name)
            if value not in ((), "", None, False) or (name in _ANSWERS and value is False):
                made[short] = list(value) if isinstance(value, tuple) else value
        return made

    @staticmethod
    def from_json(made: Mapping[str, Any]) -> Health:
        values: dict[str, Any] = {}
        for name, short in _SHORT.items():
            if short in made:
                value = made[short]
                values[name] = tuple(value) if isinstance(value, list) else value
        readings = tuple(Measured(int(tenths), str(method)) for tenths, method in made.get("r", ()))
        return Health(readings=readings, **values)


_SHORT = {
    "symptoms": "s",
    "denied": "d",
    "denied_all": "n",
    "household_symptoms": "h",
    "left_area": "l",
    "place": "p",
    "where": "w",
    "in_key_region": "k",
    "trips": "t",
    "antipyretic": "m",
    "statements": "c",
    "household_statements": "hc",
    "contact": "x",
    "recent_fever": "f",
    "danger": "u",
    "onsets": "o",
    "household_trips": "ht",
    "plans": "pl",
}
#: Fields in which "no" is an answer and not an absence of one.
_ANSWERS = frozenset({"left_area", "contact"})


def merge(old: Health | None, new: Health, *, correction: bool = False) -> Health:
    """What holds after a further answer of the same day.

    Readings add up (all are kept, the highest counts) unless the answer corrects them; a symptom stays until it is
    denied; travel said later replaces what was said before.
    """
    if old is None:
        return new
    symptoms = tuple(new.symptoms) + tuple(
        code
        for code in old.symptoms
        if code not in new.symptoms and code not in new.denied and not (new.denied_all and not new.symptoms)
    )
    readings = new.readings if correction and new.readings else old.readings + new.readings
    travel = _travel(old, new)
    return replace(
        new,
        readings=readings,
        symptoms=symptoms,
        denied=tuple(dict.fromkeys((*new.denied, *(code for code in old.denied if code not in new.symptoms)))),
        denied_all=(new.denied_all or old.denied_all) and not symptoms,
        household_symptoms=tuple(dict.fromkeys((*old.household_symptoms, *new.household_symptoms))),
        **travel,
        antipyretic=new.antipyretic or old.antipyretic,
        statements=tuple(dict.fromkeys((*old.statements, *new.statements))),
        household_statements=tuple(dict.fromkeys((*old.household_statements, *new.household_statements))),
        contact=old.contact if new.contact is None else new.contact,
        recent_fever=new.recent_fever or old.recent_fever,
        danger=tuple(dict.fromkeys((*old.danger, *new.danger))),
        onsets=_newest_onsets(old.onsets, new.onsets, symptoms),
        household_trips=_by_place(old.household_trips, new.household_trips),
        plans=_by_place(old.plans, new.plans),
    )


def _travel(old: Health, new: Health) -> dict[str, Any]:
    """What holds of journeys after a further answer.

    What is said of a place again adds to what was known of it; a place found takes an unknown one's stead. Never having
    left ends all of them; a journey too long ago to count (trips without `left_area`) takes its own back.
    """
    said = {name: getattr(new, name) for name in ("left_area", "place", "where", "in_key_region", "trips")}
    if new.left_area is False:
        return {**said, "trips": ()}
    if new.left_area is None and not new.trips:
        return {name: getattr(old, name) for name in said}
    by_place = {_place_of(trip): trip for trip in old.trips}
    others = tuple(
        trip
        for trip in old.trips
        if trip.get("province") and _place_of(trip) not in {_place_of(other) for other in new.trips}
    )
    if new.left_area is None:
        kept = {**said, "trips": others}
        if others:
            return {**kept, "left_area": old.left_area, "place": str(others[-1]["province"]), "where": old.where}
        return {**kept, "place": "", "where": ""}
    again = tuple(_again(by_place.get(_place_of(trip), {}), trip) for trip in new.trips)
    return {**said, "trips": (*others, *again) if again else old.trips, "place": new.place or old.place}


def _place_of(trip: Mapping[str, Any]) -> str:
    return str(trip.get("code") or trip.get("place") or "")


def _by_place(old: tuple[Mapping[str, Any], ...], new: tuple[Mapping[str, Any], ...]) -> tuple[Mapping[str, Any], ...]:
    """Each place once; what is said of it again adds to what was known."""
    if not new:
        return old
    known = {_place_of(trip): trip for trip in old}
    return tuple((known | {_place_of(trip): {**known.get(_place_of(trip), {}), **trip} for trip in new}).values())


def _again(before: Mapping[str, Any], trip: Mapping[str, Any]) -> Mapping[str, Any]:
    """One journey with what was known of it; whether they are away still is what was said last."""
    made = {**before, **trip}
    if not trip.get("away_now"):
        made.pop("away_now", None)
    return made


def _newest_onsets(old: tuple[str, ...], new: tuple[str, ...], symptoms: tuple[str, ...]) -> tuple[str, ...]:
    """One onset a symptom that still holds; what was said later wins."""
    said = dict(entry.split(":", 1) for entry in (*old, *new))
    return tuple(f"{code}:{said[code]}" for code in symptoms if code in said)


def says_more(old: Health | None, new: Health, *, correction: bool = False) -> bool:
    """Whether `new` adds anything to what is recorded; a repetition makes no revision."""
    if old is None:
        return True
    merged = merge(old, new, correction=correction)
    if set(new.readings) <= set(old.readings) and not correction:
        merged = replace(merged, readings=old.readings)
    if merged.readings != old.readings:
        return True
    # The order in which things were said is nothing new.
    return _in_order(merged) != _in_order(old)


def _in_order(health: Health) -> Health:
    return replace(
        health,
        symptoms=tuple(sorted(health.symptoms)),
        denied=tuple(sorted(health.denied)),
        household_symptoms=tuple(sorted(health.household_symptoms)),
        onsets=tuple(sorted(health.onsets)),
    )


def is_fever(health: Health, disease: Disease) -> bool:
    """A reading at or above the threshold, or the word itself."""
    return (health.tenths is not None and health.tenths >= disease.fever_tenths) or "fever" in health.symptoms


def result_of(health: Health, disease: Disease) -> str:
    """normal, fever or symptomatic.

    Fever begins at the threshold, inclusive, or where the words say so; a normal reading after a fever-reducing
    medicine means nothing and is handled as one (domain handbook 4.4, 6.1: the fever column counts A15 cases).
    """
    if is_fever(health, disease) or health.antipyretic:
        return "fever"
    return "symptomatic" if health.symptoms else "normal"


def marks_of(health: Health, disease: Disease) -> frozenset[str]:
    """The figure columns (`unit_days`) in which this person's day counts; overlapping by design."""
    result = result_of(health, disease)
    marks = {_MARK_OF.get(code, "other_symptom") for code in health.symptoms if code != "fever"}
    if result == "fever":
        marks |= {"fever", "symptomatic"}
    elif result == "symptomatic":
        marks.add("symptomatic")
    if health.where in {"other_city", "other_province", "abroad"}:
        marks.add(health.where)
    if health.in_key_region:
        marks.add("in_key_region")
    return frozenset(marks)


def state_of(sent_at: datetime, day: date, district: District) -> str:
    """reported, late or backfill, by the message's own CreateTime (contract 10)."""
    if sent_at > district.at(day, district.times.lock) or district.day_of(sent_at) > day:
        return "backfill"
    return "late" if sent_at > district.at(day, district.times.personal_deadline) else "reported"


@lru_cache(maxsize=1024)
def contribution(state: str, marks: frozenset[str]) -> Mapping[str, int]:
    """The columns of `unit_days` one person's day adds 1 to. A backfill improves the record, not completeness (3.4)."""
    counts = dict.fromkeys(marks, 1)
    if state in {"reported", "late"}:
        counts["reported"] = 1
    if state == "reported":
        counts["on_time"] = 1
    if state == "exempt":
        counts["exempt"] = 1
    return MappingProxyType(counts)


def difference(old: Mapping[str, int], new: Mapping[str, int]) -> dict[str, int]:
    """What moves the figures from one contribution to another: the columns that change, and by how much."""
    change = {name: -count for name, count in old.items() if name not in new}
    for name, count in new.items():
        if count != old.get(name, 0):
            change[name] = count - old.get(name, 0)
    return change
