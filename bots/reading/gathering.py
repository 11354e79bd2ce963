"""The facts of one message while they are gathered, person by person, and whose a fact is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from bots.reading.clauses import Clause, Token
from bots.reading.facts import (
    Ask,
    AskKind,
    Backfill,
    CaseStatement,
    HouseholdSymptom,
    Leave,
    Method,
    PendingAlert,
    PersonFacts,
    Scene,
    Symptom,
    Temperature,
    Trip,
)
from bots.reading.names import People
from bots.reading.normalise import Normal
from bots.reading.who import Who

_T = TypeVar("_T")


@dataclass(slots=True)
class Draft:
    """The facts of one person while they are gathered."""

    temperatures: list[Temperature] = field(default_factory=list)
    present: dict[str, Symptom] = field(default_factory=dict)
    denied: dict[str, None] = field(default_factory=dict)
    denied_all: bool = False
    household: list[HouseholdSymptom] = field(default_factory=list)
    household_denied: bool = False
    never_left: bool = False
    trips: list[tuple[Trip, bool]] = field(default_factory=list)
    passed: list[Trip] = field(default_factory=list)  # those only passed through
    plans: list[Trip] = field(default_factory=list)
    contact: bool | None = None
    antipyretic: bool = False
    recent_fever: bool = False
    danger: dict[str, None] = field(default_factory=dict)
    cases: list[CaseStatement] = field(default_factory=list)
    leave: Leave | None = None
    no_thermometer: bool = False
    method: Method | None = None
    household_trips: list[Trip] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """Whether anything was said of this person."""
        return bool(
            self.temperatures
            or self.present
            or self.denied
            or self.denied_all
            or self.household
            or self.household_denied
            or self.never_left
            or self.trips
            or self.plans
            or self.contact is not None
            or self.antipyretic
            or self.recent_fever
            or self.danger
            or self.cases
            or self.leave is not None
            or self.no_thermometer
            or self.method is not None
            or self.household_trips
        )

    def facts(self, key: int, home: str = "") -> PersonFacts:
        """The finished facts. Of several journeys the key region names the province, then where they are now, then
        another province than home's (`home`), then the last one stayed at."""
        if not self.trips:
            return self._facts(key, False if self.never_left else None, "")
        counting = [trip for trip, counts in self.trips if counts]
        left = True if counting else (False if self.never_left else None)
        named = [trip for trip in counting if trip.province]
        risky = [trip for trip in named if trip.key_region]
        away = [trip for trip in named if trip.away_now]
        stayed = [trip for trip in named if trip not in self.passed]
        elsewhere = [trip for trip in stayed if trip.province != home]
        place = (risky or away or elsewhere or stayed or named)[-1].province if named else ""
        return self._facts(key, left, place)

    def _facts(self, key: int, left: bool | None, place: str) -> PersonFacts:
        return PersonFacts(
            key,
            tuple(self.temperatures),
            tuple(self.present.values()),
            tuple(code for code in self.denied if code not in self.present),
            self.denied_all,
            tuple(self.household),
            self.household_denied,
            left,
            place,
            tuple(trip for trip, _ in self.trips),
            tuple(self.plans),
            self.contact,
            self.antipyretic,
            self.recent_fever,
            tuple(self.danger),
            tuple(self.cases),
            self.leave,
            self.no_thermometer,
            tuple(self.household_trips),
            self.method,
        )


class Gathering:
    """What is known of one message so far. The readers of numbers, bodies and journeys add to it."""

    def __init__(
        self, normal: Normal, scene: Scene, people: People, clauses: list[Clause], tokens: list[Token]
    ) -> None:
        self.normal, self.scene, self.people, self.clauses, self.tokens = normal, scene, people, clauses, tokens
        self.kinds: frozenset[str] = frozenset().union(*(clause.kinds for clause in clauses))
        self.drafts: dict[int, Draft] = {}
        self.asks: list[Ask] = []
        self.backfills: list[Backfill] = []
        self.pending: list[PendingAlert] = []
        self.explain: list[str] = []
        self.today = scene.sent_at.date()
        self.kept_numbers = 0
        self.corrected = False
        self.questions: list[Ask] = []
        self.no_yes = False  # the yes of this answer is taken back by its rest
        self.idle: list[Ask] = []  # about a number that is hardly a reading, once another one was read
        self.everybody: list[tuple[int, int]] | None = None  # where each was named, once somebody asks

    def draft(self, key: int) -> Draft:
        """The draft of one person, marked as spoken of."""
        found = self.drafts.get(key)
        if found is None:
            found = self.drafts[key] = Draft()
        return found

    def source(self, start: int, end: int) -> str:
        """The writer's own words."""
        return self.normal.source(start, end)

    def keys_of(self, who: Who | None) -> tuple[str, tuple[int, ...]]:
        """`keys`, `which`, `household` or `nobody`, with the subjects it is about."""
        people = self.people
        if who is None:
            if people.default is not None:
                return "keys", (people.default,)
            asked = self.scene.asked
            if asked is not None and asked.subject in people.all_keys and asked.kind != AskKind.WHICH_PERSON:
                return "keys", (asked.subject,) if asked.subject is not None else ()
            return ("which", people.all_keys) if people.all_keys else ("nobody", ())
        if who.kind == "subjects":
            return "keys", who.keys
        if who.kind == "which":
            return "which", who.keys or people.all_keys
        if who.kind == "rest":
            rest = tuple(key for key in people.all_keys if key not in self.drafts)
            return ("keys", rest) if rest else ("which", people.all_keys)
        if who.kind in ("kin", "self"):
            return "household", people.children or people.all_keys
        return "nobody", ()
