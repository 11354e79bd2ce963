"""What is asked next: at most one question a message, the most needed first, none of them twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bots.check_in.keep import Kept
from bots.check_in.scene import Known, trip_of
from bots.check_in.thread import WHICH_COUNTS
from bots.check_in.words import report as words
from bots.reading import Asked, AskKind
from models.rules.check_in import Health, is_fever
from models.rules.district import Disease

#: The order in which questions are put: what is recorded hangs on the first ones.
_ORDER = {
    kind: number
    for number, kind in enumerate(
        (
            "which_person",
            "confirm_value",
            "confirm_person",
            "which_day",
            "backfill",
            "temperature",
            WHICH_COUNTS,
            "fever",
            "retest",
            "symptoms",
            "since_when",
            "place",
            "when_back",
            "when_left",
            "method",
            "what_withdraw",
            "other",
        )
    )
}
NEEDS_NUMBER = frozenset({"which_person", "confirm_value", "confirm_person", "temperature", "fever", "retest"})


def in_order(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Each question once, the most needed first."""
    unique: dict[tuple[object, ...], Asked] = {}
    for entry in asked:
        unique.setdefault((entry.kind, entry.subject, entry.symptom, entry.day), entry)
    return tuple(sorted(unique.values(), key=lambda entry: (_ORDER.get(str(entry.kind), 99), entry.day or date.min)))


def still_open(asked: Asked, health: Health | None, said: Health | None) -> bool:
    """Whether a question put earlier is open after `said` (of its person) made `health` what holds."""
    kind = str(asked.kind)
    if kind in NEEDS_NUMBER:
        return said is None or not said.readings
    if health is None:
        return True
    if kind in {"place", "when_back", "when_left"} and health.left_area is not True:
        return False
    match kind:
        case "symptoms":
            return not ({*health.symptoms} - {"fever"} or health.denied_all or health.denied)
        case "since_when":
            return not any(entry.startswith(asked.symptom) for entry in health.onsets)
        case "place":
            return not any(trip.get("province") for trip in health.trips)
        case "when_back":
            return not any(trip.get("returned_on") or trip.get("planned_return") for trip in health.trips)
        case "when_left":
            return not any(trip.get("left_on") for trip in health.trips)
        case _:
            return True


def of_kept(kept: Kept, disease: Disease) -> list[Asked]:
    """The questions a recorded answer leads to."""
    person, health = kept.person, kept.health
    asked = []
    tenths = kept.said.tenths
    fever = is_fever(health, disease)
    others = [code for code in health.symptoms if code != "fever"]
    if kept.other_guardian and tenths is not None and _differs(kept):
        asked.append(
            Asked(
                WHICH_COUNTS,
                person.person_id,
                candidates=tuple(reading.tenths for reading in kept.said.readings),
                choices=tuple(str(reading.tenths) for reading in _earlier(kept).readings),
                day=kept.report_date,
            )
        )
    first_reading = len(health.readings) == 1 and tenths is not None
    if first_reading and wants_retest(health, disease):
        asked.append(Asked(str(AskKind.RETEST), person.person_id))
    elif first_reading and tenths is not None and tenths < disease.very_low_tenths:
        asked.append(Asked(str(AskKind.RETEST), person.person_id, candidates=(tenths,)))
    elif (
        (fever or person.in_observation)
        and tenths is not None
        and not others
        and not health.denied_all
        and not health.denied
    ):
        asked.append(Asked(str(AskKind.SYMPTOMS), person.person_id))
    return [*asked, *of_health(person, health)]


def of_health(person: Known, health: Health) -> list[Asked]:
    """What is not yet known of a person's symptoms and journeys, recorded or still without a number."""
    others = [code for code in health.symptoms if code != "fever"]
    asked = [] if health.onsets or not others else [Asked(str(AskKind.SINCE_WHEN), person.person_id, symptom=others[0])]
    return asked + _of_journey(person, health)


def wants_retest(health: Health, disease: Disease) -> bool:
    """A little high and otherwise well: measured again before anything else (domain handbook 4.5)."""
    tenths = health.tenths
    return (
        tenths is not None
        and disease.fever_tenths <= tenths < disease.fever_guide_tenths
        and not health.symptoms
        and not health.contact
        and not health.in_key_region
        and len(health.readings) == 1
    )


def _earlier(kept: Kept) -> Health:
    return kept.recorded.health_before or Health()


def _differs(kept: Kept) -> bool:
    return not {r.tenths for r in kept.said.readings} <= {r.tenths for r in _earlier(kept).readings}


def _of_journey(person: Known, health: Health) -> list[Asked]:
    if health.left_area is not True or not health.trips:
        return [Asked(str(AskKind.PLACE), person.person_id)] if health.left_area and not health.place else []
    trip = trip_of(dict(health.trips[-1]))
    asked = []
    if not trip.province:
        asked.append(Asked(str(AskKind.PLACE), person.person_id, trip=trip))
    if trip.returned_on is None and trip.planned_return is None:
        asked.append(Asked(str(AskKind.WHEN_BACK), person.person_id, trip=trip))
    if trip.left_on is None:
        asked.append(Asked(str(AskKind.WHEN_LEFT), person.person_id, trip=trip))
    return asked


def wording(
    asked: Asked, people: Mapping[int, Known], is_self: bool, by: str = "另一位家长", *, first: bool = True
) -> str:
    """The question in words. first: nothing is said before it."""
    person = people.get(asked.subject or 0) or next(iter(people.values()))
    name, candidates = person.name, asked.candidates
    place = "" if asked.trip is None else asked.trip.place
    match str(asked.kind):
        case "which_person":
            among = [people[key].name for key in asked.subjects if key in people] or [p.name for p in people.values()]
            return words.whose(among[0], candidates) if len(among) == 1 else words.which_person(among, candidates)
        case "confirm_value":
            if len(candidates) > 1:
                return words.confirm_values(name, candidates)
            return (
                words.confirm_value(name, candidates[0], asked.source)
                if candidates
                else words.ask_temperature(name, ())
            )
        case "confirm_person":
            if is_self and len(people) == 1:
                return words.confirm_own(candidates)
            return words.confirm_person(asked.choices)
        case "retest":
            return words.ask_low(name, candidates[0]) if candidates else words.ask_retest(name)
        case "method":
            return words.ask_method()
        case "symptoms":
            return words.ask_symptoms(name, is_self)
        case "since_when":
            return words.since_when(name, asked.symptom, is_self)
        case "place":
            return words.ask_place(name, asked.choices)
        case "when_back":
            return words.when_back(name, place, asked.trip is not None and asked.trip.away_now)
        case "when_left":
            return words.when_left(name, place)
        case "which_day":
            return words.which_day(name, candidates[0] if candidates else None)
        case "backfill":
            return (
                words.offer_backfill(name, asked.day, candidates[0])
                if asked.day and candidates
                else words.which_day(name, None)
            )
        case "which_counts":
            return words.which_counts(name, candidates, [int(tenths) for tenths in asked.choices], by)
        case "what_withdraw":
            return words.what_withdraw()
        case "fever":
            return words.fever_suspected(name)
        case _:
            if asked.subject is None and len(people) > 1:
                return words.ask_temperature_bare([p.name for p in people.values()])
            return words.ask_temperature(name, (), first=first, several=len(people) > 1)
