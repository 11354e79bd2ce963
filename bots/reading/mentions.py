"""Key regions a message names and the reading made nothing of: put before a human, never passed over (issue 6).

Where a stay, a plan, a journey of the family or a denial was read, there is nothing left to ask about.
"""

from __future__ import annotations

import re
from datetime import date

from bots.reading.facts import Home, KeyRegion, PersonFacts, Reading, Trip
from bots.reading.normalise import normalise
from bots.reading.places import key_region_of, part_of_longer_name, place_at

_CLAUSE = re.compile(r"[，,。.；;！!\n]+(?!\d)")
#: Somebody is said not to have been there.
_DENIED = re.compile(r"(?:没有?|未|不|无|别|不曾|从未)[^，。；]{0,8}$")
#: A question, or something heard: about the region, not about a stay. 没? 回? in a statement are no questions.
_ASKED = re.compile(r"[?？]|请问|吗\s*$|是不是|要不要|会不会|能不能|可不可以|听说|新闻|电视")
#: What follows a place that is spoken of and not stayed at. The criterion is a stay, never where somebody comes from.
_SPOKEN_OF = re.compile(
    r"(?:那边|那儿)?(?:人(?![^，。]*[来在回])|加油|疫情|肺炎|病毒|籍|户口|口音|新闻|快递|包裹|特产)"
)


def names_a_place(text: str, home: Home) -> bool:
    """Whether any place of the country stands in a text."""
    plain = normalise(text).text.replace(" ", "")
    return any(place_at(plain, at, home) is not None for at in range(len(plain)))


def unread_regions(
    text: str, reading: Reading, regions: tuple[KeyRegion, ...], since: date, day: date, home: Home
) -> tuple[str, ...]:
    """The places of a text, as written, that lay in a key region on a day from `since` to `day`, and of which `reading`
    tells nothing."""
    if not regions:
        return ()
    known = {trip.code for facts in reading.people for trip in _trips(facts) if trip.code}
    found: list[str] = []
    for clause in _CLAUSE.split(normalise(text).text):
        # People put spaces into names; a place is a place all the same.
        plain = clause.replace(" ", "")
        if _ASKED.search(clause):
            continue
        at = 0
        while at < len(plain):
            place = place_at(plain, at, home)
            if place is None:
                at += 1
                continue
            at = place.end
            regional = any(key_region_of(code, regions, since, day, home) for code in place.codes)
            read = any(_within(code, other) for code in place.codes for other in known)
            if not regional or read or (part_of_longer_name(plain, place) and plain[place.end] != "人"):
                continue
            if _SPOKEN_OF.match(plain, place.end) or _DENIED.search(plain[: place.start]):
                continue
            found.append(plain[place.start : place.end])
    return tuple(dict.fromkeys(found))


def _trips(facts: PersonFacts) -> tuple[Trip, ...]:
    return (*facts.trips, *facts.plans, *facts.household_trips)


def _within(code: str, other: str) -> bool:
    """Whether one of two places lies in the other."""
    one, two = code.rstrip("0"), other.rstrip("0")
    return one.startswith(two) or two.startswith(one)
