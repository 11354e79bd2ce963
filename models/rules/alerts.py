"""Which alerts an answer raises, how high, and whom they concern (domain handbook 5.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.rules.check_in import GROUPS, Health, is_fever
from models.rules.district import Disease

#: Levels from the mildest up, as the handbook writes them.
LEVELS = ("grey", "yellow", "orange", "red", "red+")
URGENT = frozenset({"dyspnea", "convulsion", "unconscious"})
CASE = frozenset({"suspected", "confirmed", "asymptomatic", "close_contact"})
ISOLATING = frozenset({"home_isolation", "central_isolation"})
AWAY = frozenset({"other_city", "other_province", "abroad"})

_TEACHER = ("head_teacher",)
_SCHOOL = ("head_teacher", "school_doctor", "designated_reporter")
#: code → (level, roles told). "bureau" roles are posts at the district. Source: domain handbook 5.7.
RULES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "A01": ("red", _SCHOOL),
    "A02": ("red+", (*_SCHOOL, "duty_leader")),
    "A03": ("red+", (*_SCHOOL, "principal", "wg_isolation")),
    "A04": ("red+", (*_SCHOOL, "principal", "district_officer", "wg_isolation")),
    "A05": ("red", ("head_teacher", "designated_reporter")),
    "A06": ("yellow", _TEACHER),
    "A07": ("orange", ("head_teacher", "school_doctor")),
    "A08": ("orange", ("head_teacher", "wg_isolation")),
    "A09": ("yellow", _TEACHER),
    "A10": ("orange", _TEACHER),
    "A11": ("red+", ("school_doctor", "designated_reporter", "principal", "wg_emergency")),
    "A12": ("orange", _TEACHER),
    "A13": ("red", ("duty_leader", "head_teacher", "school_doctor")),
    "A14": ("orange", _TEACHER),
    "A15": ("red", _SCHOOL),
    "A16": ("orange", ("head_teacher", "grade_head")),
    "A17": ("grey", _TEACHER),
}
#: Who is told where nobody who can be reached holds the post: the next one of the same house, in this order.
STAND_INS: Mapping[str, tuple[str, ...]] = {
    "head_teacher": ("deputy_head_teacher", "grade_head", "academic_office", "designated_reporter"),
    "grade_head": ("academic_office", "designated_reporter"),
    "academic_office": ("designated_reporter",),
    "designated_reporter": ("deputy_reporter", "principal"),
    "school_doctor": (),
    "duty_leader": ("principal",),
    "principal": ("duty_leader",),
    "wg_isolation": ("district_officer",),
    "district_officer": ("wg_emergency", "district_leader"),
    "wg_emergency": ("district_officer",),
}
#: Who answers for an alert where nobody it is for holds a post, or can be reached; in this order.
LAST_OWNERS = (
    "designated_reporter",
    "deputy_reporter",
    "principal",
    "district_officer",
    "wg_emergency",
    "district_leader",
)
#: Told as the person somebody in observation is assigned to, whatever post they hold (domain handbook 8.5).
OFFICER = "contact_officer"
#: Fevers: each needs the reporter's judgement, reportable or not (domain handbook 4.5).
FEVERS = frozenset({"A01", "A02", "A03", "A15"})
#: Days a symptom lasts before it is looked at again (domain handbook 5.7 A07), the first one counted.
LASTING_DAYS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One alert an answer gives rise to. facts: plain JSON, no wording.

    Keys of facts: tenths (int), readings, axillary (lists of int), symptoms, danger, household, statements,
    household_statements (lists of codes),
    places, household_places, mentioned (key regions named and not understood), returned_on (lists), away (bool), unconfirmed (bool: 待核实), antipyretic, recent_fever, contact, key_region, others (list of int: the
    readings of the other guardian), later (list of int: what was said afterwards), earlier (list of "day tenths":
    yesterday's fever, filled in), groups, lasting_days (A07), days (A16, A17), slots (A12: missed checks),
    diagnosis (A07: diseases by name), reasons (A13), clusters (A11: list of rule, where, how many, days, syndrome, text, source).
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> str:
        return RULES[self.code][0]


def roles_told(code: str, kind: str) -> tuple[str, ...]:
    """The roles an alert goes to. Staff have no head teacher: their chain is grade head and academic office (seed)."""
    roles = RULES[code][1]
    if kind == "staff":
        out: list[str] = []
        for role in roles:
            out.extend(("grade_head", "academic_office", "designated_reporter") if role == "head_teacher" else (role,))
        return tuple(dict.fromkeys(out))
    return roles


def height(level: str) -> int:
    """How high a level is; the higher, the more urgent."""
    return LEVELS.index(level)


def findings(
    health: Health, disease: Disease, *, unconfirmed: bool = False, day: date | None = None
) -> tuple[Finding, ...]:
    """Every alert that follows from what is known of one person's day, most urgent first.

    unconfirmed: the reading has not been confirmed yet (待核实); the alert goes out all the same. day: the day it is
    about, for how long a symptom has lasted.
    """
    found: list[Finding] = []
    tenths, said = health.tenths, frozenset(health.symptoms) | frozenset(health.danger)
    body = _facts(health, unconfirmed)
    fever = is_fever(health, disease)
    # A journey too long ago to count (domain handbook 5.5, lookback) leaves `left_area` empty.
    trips = health.trips if health.left_area else ()
    exposed = bool(health.contact) or health.in_key_region or any(trip.get("key_region") for trip in trips)

    if fever or (health.recent_fever and not health.antipyretic):
        found.append(Finding("A01", body))
    if said & URGENT or (tenths is not None and tenths >= disease.high_fever_tenths and "fatigue" in said):
        found.append(Finding("A02", body))
    if fever and exposed:
        found.append(Finding("A03", {**body, **_travel(health)}))
    if CASE & set(health.statements):
        found.append(Finding("A04", {"statements": sorted(CASE & set(health.statements))}))
    if CASE & set(health.household_statements):
        found.append(Finding("A05", {"household_statements": sorted(CASE & set(health.household_statements))}))
    if not fever and said & {*GROUPS["respiratory"], *GROUPS["digestive"]}:
        found.append(Finding("A06", body))
    if not fever and (lasting := _lasting(health, said, day)):
        found.append(Finding("A07", {**body, **lasting}))
    if not ISOLATING & set(health.statements) and any(
        trip.get("key_region") and not trip.get("away_now") for trip in trips
    ):
        found.append(Finding("A08", _travel(health)))
    elif any(trip.get("key_region") for trip in health.household_trips):
        found.append(Finding("A08", _household_travel(health)))
    elif health.contact and not fever and not {*ISOLATING, *CASE} & set(health.statements):
        # Contact with a case or with somebody from a key region is looked after as a stay there is (domain handbook 9).
        found.append(Finding("A08", {"contact": True}))
    if _travelled(health):
        found.append(Finding("A09", _travel(health)))
    if "fever" in health.household_symptoms:
        found.append(Finding("A10", {"household": sorted(health.household_symptoms)}))
    if health.antipyretic and not fever:
        found.append(Finding("A15", body))
    return tuple(sorted(found, key=lambda finding: -height(finding.level)))


def _lasting(health: Health, said: frozenset[str], day: date | None) -> dict[str, Any]:
    """Why symptoms are more than one passing thing: of several groups, or for days (domain handbook 5.7 A07)."""
    groups = [name for name, codes in GROUPS.items() if (said - {"fever"}) & set(codes)]
    facts: dict[str, Any] = {"groups": groups} if len(groups) >= 2 else {}
    if day is not None:
        onsets = dict(entry.split(":", 1) for entry in health.onsets)
        days = [(day - date.fromisoformat(text)).days + 1 for code, text in onsets.items() if code in said]
        if days and max(days) >= LASTING_DAYS:
            facts["lasting_days"] = max(days)
    return facts


def _travelled(health: Health) -> bool:
    """Away in, or back from, another city or province; a journey whose place is not known yet counts, too."""
    if health.left_area is not True:
        return False
    return health.where in AWAY or not health.trips or any(trip.get("far", True) for trip in health.trips)


def _facts(health: Health, unconfirmed: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if health.tenths is not None:
        facts["tenths"] = health.tenths
        facts["readings"] = [reading.tenths for reading in health.readings]
        if axillary := [reading.tenths for reading in health.readings if reading.method == "axillary"]:
            facts["axillary"] = axillary
    if health.symptoms:
        facts["symptoms"] = list(health.symptoms)
    if health.danger:
        facts["danger"] = list(health.danger)
    for name in ("antipyretic", "recent_fever"):
        if getattr(health, name):
            facts[name] = True
    if unconfirmed:
        facts["unconfirmed"] = True
    return facts


def _travel(health: Health) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if health.contact:
        facts["contact"] = True
    places = [_place(str(trip.get("province", "")), str(trip.get("place", ""))) for trip in health.trips]
    places = list(dict.fromkeys(place for place in places if place)) or ([health.place] if health.place else [])
    if places:
        facts["places"] = places
    if any(trip.get("away_now") for trip in health.trips):
        facts["away"] = True
    returned = [str(trip["returned_on"]) for trip in health.trips if trip.get("returned_on")]
    if returned:
        facts["returned_on"] = list(dict.fromkeys(returned))
    regions = [str(trip["key_region"]) for trip in health.trips if trip.get("key_region")]
    if regions:
        facts["key_region"] = list(dict.fromkeys(regions))
    return facts


def _household_travel(health: Health) -> dict[str, Any]:
    """Somebody at home was in a key region: contact with such a person (domain handbook 5.5, 9 kp_region, 14 row 66)."""
    places = [_place(str(trip.get("province", "")), str(trip.get("place", ""))) for trip in health.household_trips]
    regions = [str(trip["key_region"]) for trip in health.household_trips if trip.get("key_region")]
    return {"household_places": list(dict.fromkeys(places)), "key_region": list(dict.fromkeys(regions))}


def _place(province: str, place: str) -> str:
    """ "湖北省武汉"; the province only once, where the place as written names it."""
    return place if province[:2] in place else f"{province}{place}"


def contradicts(earlier: Health, later: Health, disease: Disease) -> bool:
    """Whether two guardians' answers of one day cannot both be so: fever here, none there; a symptom stated, denied."""
    if (
        earlier.tenths is not None
        and later.tenths is not None
        and is_fever(earlier, disease) != is_fever(later, disease)
    ):
        return True
    if set(earlier.symptoms) & set(later.denied) or set(later.symptoms) & set(earlier.denied):
        return True
    return bool((earlier.symptoms and later.denied_all) or (later.symptoms and earlier.denied_all))


def add_facts(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of an alert after more was said: lists grow, the highest reading stays, once confirmed is confirmed."""
    merged = dict(old)
    for name, value in new.items():
        before = merged.get(name)
        if isinstance(value, list):
            merged[name] = list(before or []) + [item for item in value if item not in (before or [])]
        elif name in {"tenths", "lasting_days", "days", "count"} and before is not None:
            merged[name] = max(before, value)
        else:
            merged[name] = value
    if old and ("unconfirmed" not in old or ("unconfirmed" not in new and "tenths" in new)):
        merged.pop("unconfirmed", None)
    return merged


#: What is merely added to a known alert: a further measurement, or what was said after a high one.
_FURTHER = frozenset({"readings", "axillary", "later", "earlier"})


def is_graver(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the facts of an alert, grown from `old` to `new`, ask for more than before.

    A further reading that is no higher does not: the teacher hears of it, nobody else is called again.
    """
    return any(old.get(name) != value for name, value in new.items() if name not in _FURTHER) or bool(
        old.keys() - new.keys()
    )


def highest(levels: Iterable[str]) -> str:
    """The most urgent of some levels; empty where there are none."""
    return max(levels, key=height, default="")
