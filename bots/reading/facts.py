"""What goes into the reading of a message, and what comes out of it: plain values, no behaviour worth a name.

Temperatures are integer tenths of a degree Celsius everywhere (365 is 36.5 °C). Dates are days of the district's
time zone, which is the zone of `Scene.sent_at`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Intent(StrEnum):
    """What the writer wants, in one word. `Reading.intent` is the main one, `Reading.also` holds the others."""

    REPORT = "report"  # facts about a subject (temperature, symptom, travel, danger, case statement)
    YES = "yes"
    NO = "no"
    CORRECTION = "correction"  # 改 36.8, 刚才写错了: the facts replace what was said before
    WITHDRAW = "withdraw"
    QUESTION = "question"
    THANKS = "thanks"
    ACKNOWLEDGE = "acknowledge"  # 收到, 好的
    GREETING = "greeting"
    REFUSAL = "refusal"
    DEFER = "defer"  # 等会报
    NO_THERMOMETER = "no_thermometer"
    WRONG_PERSON = "wrong_person"
    TRANSFERRED = "transferred"
    CONTACT_TEACHER = "contact_teacher"
    LEAVE = "leave"  # 请假
    SEEN = "seen"  # 已看
    SAME_AS_BEFORE = "same_as_before"  # 和昨天一样: never copied
    DONT_KNOW = "dont_know"  # 不清楚 as an answer
    PRIVACY = "privacy"  # 凭什么要我孩子信息
    CHAIN = "chain"  # a pasted class list (接龙): neither processed nor kept
    INJECTION = "injection"
    OPINION = "opinion"
    CHAT = "chat"
    OTHER = "other"


class AskKind(StrEnum):
    """What is asked back. Also the kinds of `Asked`, the question that is open."""

    WHICH_PERSON = "which_person"  # candidates: the numbers; choices: names (empty for one child: "is it theirs?")
    CONFIRM_VALUE = "confirm_value"  # candidates: the likely value
    CONFIRM_PERSON = "confirm_person"  # the name is misspelt or unknown: is it `choices`?
    TEMPERATURE = "temperature"
    RETEST = "retest"
    METHOD = "method"
    SYMPTOMS = "symptoms"
    SINCE_WHEN = "since_when"
    PLACE = "place"  # choices: full names where the name is ambiguous
    WHEN_BACK = "when_back"
    WHEN_LEFT = "when_left"
    WHICH_DAY = "which_day"
    WHAT_WITHDRAW = "what_withdraw"
    BACKFILL = "backfill"  # shall this be kept for that day?
    FEVER = "fever"  # 会不会是发烧: measure now
    OTHER = "other"


class Method(StrEnum):
    """Where the thermometer was held (domain 1.2)."""

    FOREHEAD = "forehead"
    EAR = "ear"
    AXILLARY = "axillary"
    ORAL = "oral"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody the writer may report for."""

    key: int
    name: str
    is_self: bool = False  # a member of staff writing about themselves
    grade_rank: int = 0  # higher = older grade
    bound_rank: int = 0  # order of binding, 0 first
    grade: str = ""  # 三年级
    class_unit: str = ""  # 2班


@dataclass(frozen=True, slots=True)
class Home:
    """The district as places see it: its GB/T 2260 code and the names along the chain, and its configured name."""

    code: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class KeyRegion:
    """A region of the versioned list; `code` is GB/T 2260 (420000, 420100, 420106) and covers all below it."""

    name: str
    code: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Trip:
    """One stay outside the district. Dates are None where not said; `code` is "" where the place is not known."""

    place: str = ""  # as written
    province: str = ""  # official name, "" where not known; 境外 for abroad
    code: str = ""  # GB/T 2260, "" unless sure
    left_on: date | None = None
    returned_on: date | None = None
    away_now: bool = False
    transport: str = ""  # train, plane, coach, car, ship, other
    transport_no: str = ""  # K1234, CA1234
    key_region: str = ""  # name of the key region it lies in, valid on a day of the stay
    planned_return: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that is open, with what it was about."""

    kind: str
    subject: int | None = None  # Subject.key
    candidates: tuple[int, ...] = ()  # tenths: the values asked about
    choices: tuple[str, ...] = ()
    source: str = ""  # the words the question was about
    symptom: str = ""  # for since_when
    trip: Trip | None = None  # for place, when_back, when_left
    day: date | None = None  # for backfill, which_day
    subjects: tuple[int, ...] = ()  # for which_person: whom it may be (empty = all of the scene)


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the reading may know besides the text."""

    sent_at: datetime  # aware, in the district's zone (the message's own CreateTime)
    subjects: tuple[Subject, ...] = ()
    home: Home = field(default_factory=Home)
    asked: Asked | None = None
    fever_tenths: int = 373
    plausible: tuple[int, int] = (340, 429)
    lookback_days: int = 14
    key_regions: tuple[KeyRegion, ...] = ()


@dataclass(frozen=True, slots=True)
class Temperature:
    """One reading. `source` stands literally in the message (or in the message an open question was about)."""

    tenths: int
    source: str
    method: Method = Method.UNKNOWN
    approximate: bool = False
    moment: str = ""  # am, noon, pm as written, else ""


@dataclass(frozen=True, slots=True)
class Symptom:
    """A symptom of domain 5.1 the person has today."""

    code: str
    source: str
    onset: date | None = None
    severity: str = ""  # mild, moderate, severe
    note: str = ""  # improving, chronic, worse …


@dataclass(frozen=True, slots=True)
class HouseholdSymptom:
    """What somebody at home has (domain 5.6). `who`: father, mother, grandparent, sibling, other."""

    who: str
    code: str
    source: str
    tenths: int | None = None


@dataclass(frozen=True, slots=True)
class CaseStatement:
    """Somebody said it; nobody here decides it. `status`: close_contact, suspected, confirmed, asymptomatic,
    general_contact, excluded, home_isolation, central_isolation, sealed, diagnosis."""

    status: str
    source: str
    household: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """A leave asked for: `kind` is sick_absence or personal_leave; `days` None where not said."""

    kind: str
    days: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the message says of one subject today. What it does not mention is empty, never "no"."""

    subject: int
    temperatures: tuple[Temperature, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    denied: tuple[str, ...] = ()  # symptom codes said to be absent
    denied_all: bool = False  # 没有不舒服, 一切正常
    household: tuple[HouseholdSymptom, ...] = ()
    household_denied: bool = False
    left_area: bool | None = None
    place: str = ""  # official province name of the trip that counts
    trips: tuple[Trip, ...] = ()
    plans: tuple[Trip, ...] = ()  # intended, not made
    contact: bool | None = None  # contact with cases or key regions, None = not said
    antipyretic: bool = False
    recent_fever: bool = False  # a fever in the last 24 h, though not now
    danger: tuple[str, ...] = ()  # fever, dyspnea, convulsion, unconscious: stated of this subject
    cases: tuple[CaseStatement, ...] = ()
    leave: Leave | None = None
    no_thermometer: bool = False
    household_trips: tuple[Trip, ...] = ()  # somebody at home was away, not this person
    method: Method | None = None  # the answer to "how measured" where no number came with it

    @property
    def highest(self) -> Temperature | None:
        """The reading that counts, whatever the method (contract 10), or None."""
        return max(self.temperatures, key=lambda reading: reading.tenths, default=None)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question back. `subject` is None where it is about whom the question is."""

    kind: AskKind
    subject: int | None = None
    candidates: tuple[int, ...] = ()  # tenths
    choices: tuple[str, ...] = ()
    source: str = ""
    symptom: str = ""
    trip: Trip | None = None
    day: date | None = None
    subjects: tuple[int, ...] = ()

    def as_asked(self) -> Asked:
        """The same question, as the next scene carries it while it is open."""
        return Asked(
            str(self.kind),
            self.subject,
            self.candidates,
            self.choices,
            self.source,
            self.symptom,
            self.trip,
            self.day,
            self.subjects,
        )


@dataclass(frozen=True, slots=True)
class Backfill:
    """A reading of another day: to be offered, never kept as today's."""

    day: date | None  # None: some other day that was not named
    reading: Temperature
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class PendingAlert:
    """A likely fever not yet confirmed (待核实). `subject` None: any of the subjects."""

    tenths: int | None  # None: danger or suspicion without a number
    source: str
    subject: int | None = None
    reason: str = ""  # three_digits, fahrenheit, which_person, suspicion, typo, vague, question


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer. Never raises, never empty of meaning: where nothing is understood, `intent` is OTHER."""

    people: tuple[PersonFacts, ...] = ()
    asks: tuple[Ask, ...] = ()  # most important first
    backfills: tuple[Backfill, ...] = ()
    intent: Intent = Intent.OTHER
    also: tuple[Intent, ...] = ()
    alerts_pending: tuple[PendingAlert, ...] = ()
    explain: tuple[str, ...] = ()
    question: str = ""  # the words of the question asked of us, for an answer or for the teacher

    def of(self, key: int) -> PersonFacts | None:
        """The facts about one subject, or None where the message says nothing of them."""
        return next((facts for facts in self.people if facts.subject == key), None)
