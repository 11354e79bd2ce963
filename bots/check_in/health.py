"""From what a message says of a person to what is kept of them."""

from __future__ import annotations

from typing import Any

from bots.check_in.scene import trip_json
from bots.reading import PersonFacts, Trip
from models.rules.check_in import GROUPS, Health, Measured

_CODES = frozenset(code for codes in GROUPS.values() for code in codes)
_ABROAD = "境外"


def health_of(facts: PersonFacts, home_code: str, fever_tenths: int) -> Health:
    """What is kept of one person's day. home_code: the district's GB/T 2260 code; fever_tenths: where fever begins."""
    trips = facts.trips
    away = next((trip for trip in reversed(trips) if trip.away_now), None)
    onsets = tuple(f"{symptom.code}:{symptom.onset.isoformat()}" for symptom in facts.symptoms if symptom.onset)
    codes = [symptom.code for symptom in facts.symptoms]
    codes += [code for code in facts.danger if code in _CODES and code not in codes]
    household = [entry.code for entry in facts.household]
    if any(entry.tenths is not None and entry.tenths >= fever_tenths for entry in facts.household):
        household.append("fever")
    return Health(
        readings=tuple(Measured(reading.tenths, str(reading.method)) for reading in facts.temperatures),
        symptoms=tuple(dict.fromkeys(codes)),
        denied=tuple(dict.fromkeys(facts.denied)),
        denied_all=facts.denied_all,
        household_symptoms=tuple(dict.fromkeys(household)),
        left_area=facts.left_area,
        place=facts.place or next((trip.province for trip in reversed(trips) if trip.province), ""),
        where="" if away is None else where_is(away, home_code),
        in_key_region=away is not None and bool(away.key_region),
        trips=tuple(_kept(trip, home_code) for trip in trips),
        antipyretic=facts.antipyretic,
        statements=tuple(dict.fromkeys(case.status for case in facts.cases if not case.household)),
        household_statements=tuple(dict.fromkeys(case.status for case in facts.cases if case.household)),
        # With somebody at home who was in a key region: contact with such a person (domain handbook 5.5).
        contact=True if any(trip.key_region for trip in facts.household_trips) else facts.contact,
        recent_fever=facts.recent_fever,
        danger=tuple(code for code in facts.danger if code not in _CODES),
        onsets=onsets,
        household_trips=tuple(trip_json(trip) for trip in facts.household_trips),
        plans=tuple(trip_json(trip) for trip in facts.plans),
    )


def _kept(trip: Trip, home_code: str) -> dict[str, Any]:
    made = trip_json(trip)
    # Other districts of one's own city are no journey for the figures (domain handbook 5.7 A09).
    if where_is(trip, home_code) == "local":
        made["far"] = False
    return made


def where_is(trip: Trip, home_code: str) -> str:
    """local (own city), other_city, other_province, abroad; empty where the place is not known."""
    if trip.province == _ABROAD or trip.code == _ABROAD:
        return "abroad"
    if not trip.code:
        return ""
    if trip.code[:2] != home_code[:2]:
        return "other_province"
    if trip.code[2:4] != "00" and trip.code[:4] == home_code[:4]:
        return "local"
    return "other_city"
