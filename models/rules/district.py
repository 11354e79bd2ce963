"""The district's rules as values. Defaults are those of the contract's section 6; the file may change any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MODES = ("school_day", "boarding_day", "closed_campus", "pre_term", "holiday_report", "holiday_quiet")


@dataclass(frozen=True, slots=True)
class Times:
    """The day's clock in local time (domain handbook 3.2, closed_campus)."""

    window_opens: time = time(6, 0)
    prompt: time = time(7, 30)
    reminders: tuple[time, ...] = (time(8, 40), time(9, 5), time(15, 0))
    personal_deadline: time = time(9, 0)
    reporter_check: time = time(8, 0)  # is there somebody in each school who can sign today?
    class_report: time = time(9, 5)  # the state of the class, to its head teacher
    class_deadline: time = time(9, 30)
    grade_deadline: time = time(9, 50)
    office_deadline: time = time(10, 10)
    school_deadline: time = time(10, 30)
    digest: time = time(11, 30)
    lock: time = time(11, 30)
    nudges: tuple[time, ...] = (time(10, 10), time(10, 30))
    escalations: tuple[time, ...] = (time(10, 45), time(11, 0), time(11, 30))
    open_days: time = time(8, 0)  # what yesterday was left open, to whom it is open
    class_nudges: tuple[time, ...] = (time(9, 30), time(9, 45), time(10, 0), time(10, 30))
    silent_list: time = time(9, 50)  # who has not been heard for days
    observation_am: tuple[time, time] = (time(7, 0), time(9, 30))  # the two checks in observation (domain handbook 8.5)
    observation_pm: tuple[time, time] = (time(17, 0), time(19, 30))
    observation_missed: tuple[time, time] = (time(10, 30), time(20, 30))  # no answer by then: missed (A12)
    incident_draft: time = time(16, 0)  # the day's progress report of an incident, as a draft
    self_report: time = time(18, 0)  # the system's own day, to those who look after it
    quiet: tuple[time, time] = (time(21, 0), time(7, 0))
    starts_on: date | None = None
    readings_per_day: int = 1


@dataclass(frozen=True, slots=True)
class Disease:
    """What is watched for (domain handbook 4, 5). Temperatures in tenths of °C."""

    name: str = "呼吸道传染病"
    fever_tenths: int = 373
    high_fever_tenths: int = 390
    fever_guide_tenths: int = 380  # from here to hospital at once; below: measured again first (domain handbook 4.5)
    suspect_typo_tenths: int = 410  # from here also asked: is it a slip of the finger? (domain handbook 4.2)
    plausible_tenths: tuple[int, int] = (340, 429)
    very_low_tenths: int = 355  # below: measure again indoors
    observation_days: int = 14
    lookback_days: int = 14
    declaration_days: int = 7  # so often journeys and contacts are asked about again; 0: never (domain handbook 5)
    backfill_days: int = 3
    symptoms: tuple[str, ...] = ()  # codes asked for; empty means all of 5.1


@dataclass(frozen=True, slots=True)
class Escalation:
    """Minutes and persons (domain handbook 7)."""

    alert_repeat_minutes: int = 5
    alert_steps: tuple[tuple[int, tuple[str, ...]], ...] = (
        (10, ("deputy_head_teacher", "school_doctor")),
        (20, ("duty_leader", "principal")),
        (45, ("district_officer",)),
    )
    #: who hears first that a school has not filed, and who further at each later time of `Times.escalations`
    school_first: tuple[str, ...] = ("principal", "district_officer")
    school_wider: tuple[tuple[str, ...], ...] = (("duty_leader",), ("wg_emergency", "district_leader"))
    #: who hears at each time of `Times.class_nudges` that a class is not signed (domain handbook 7.2)
    class_to: tuple[tuple[str, ...], ...] = (
        ("head_teacher",),
        ("grade_head",),
        ("academic_office",),
        ("designated_reporter",),
    )
    #: after how many days in a row without a report who is given the list (domain handbook 7.1, A16)
    silent_steps: tuple[tuple[int, tuple[str, ...]], ...] = ((2, ("grade_head",)), (3, ("academic_office",)))
    return_minutes: int = 20  # to mend a report that was sent back (domain handbook 6.6)
    #: how often in seven days a school is late, or missing, before a circular is drafted (domain handbook 7.4)
    circular_late: int = 3
    circular_missing: int = 2


#: What may be put into the scope of a zero, besides alerts and new cases, which always are.
ZERO_SCOPE = (
    "fever",
    "symptomatic",
    "cough",
    "digestive",
    "rash",
    "sick_absence",
    "unexplained_absence",
    "new_abnormal",
    "close_contact",
    "in_care",
    "key_persons",
    "in_key_region",
)
COSIGN = ("non_zero", "always", "never")


@dataclass(frozen=True, slots=True)
class Reporting:
    """How the reports of units are signed (domain handbook 2.5, 6.5, 6.6, 7.2).

    principal_cosign: which reports of a school its principal signs too; one of `COSIGN`. strict_zero: while anybody is
    missing there is no zero, not even a qualified one. zero_scope_…: what must be 0 for one, by level; classes and grades
    go by the first.
    """

    principal_cosign: str = "non_zero"
    strict_zero: bool = False
    zero_scope_class: tuple[str, ...] = ("fever", "symptomatic", "sick_absence")
    zero_scope_school: tuple[str, ...] = ()
    #: from so long before the school's deadline the deputy may sign
    deputy_lead_minutes: int = 15
    #: a unit is reminded by hand at most this often
    remind_again_minutes: int = 60
    #: whoever was reminded has so long to answer 收到 or to sign, before the next one hears of it; 收到 holds as long again
    answer_minutes: int = 10
    #: who hears next, one after another, of a reminder nobody answered
    class_next: tuple[str, ...] = ("grade_head", "academic_office")
    school_next: tuple[str, ...] = ("deputy_reporter", "principal")
    #: a duty changes hands for longer than this only through the roster
    delegation_days: int = 31


@dataclass(frozen=True, slots=True)
class IncidentRules:
    """The clocks of an incident and of what follows from it (domain handbook 4.6, 8)."""

    held_minutes: int = 10
    guardian_minutes: int = 10
    hospital_minutes: int = 120
    #: to the CDC and the bureau: the limit of R2, R4, R5; the limit of the others, and what they are aimed at
    report_minutes: int = 120
    report_limit_minutes: int = 1440
    report_target_minutes: int = 120
    contacts_minutes: int = 120  # a first list of who may have been in contact
    disinfect_by: time = time(20, 0)
    progress_by: time = time(17, 0)  # a word each day from the next day on
    outcome_days: int = 7
    cleared_days: int = 14
    closing_limit_days: int = 3
    contact_lookback_days: int = 2
    remind_before_minutes: int = 30
    escalate_minutes: int = 15
    certificate_photo: bool = False  # whether schools ask for a picture of the certificate


@dataclass(frozen=True, slots=True)
class ReturnWait:
    """How long after a disease somebody stays away at least (domain handbook 15.3).

    counted_from: onset, symptoms_gone, rash or treatment. text and source: what is shown with it. Holds while
    from_date ≤ day < to_date.
    """

    disease: str
    days: int
    counted_from: str
    text: str
    source: str
    from_date: date | None = None
    to_date: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.from_date is None or self.from_date <= day) and (self.to_date is None or day < self.to_date)


@dataclass(frozen=True, slots=True)
class Messages:
    """How much we say, and how fast."""

    per_guardian_day: int = 4
    per_family_week: int = 3
    rate_per_second: int = 50
    blast_guard: int = 5000
    blast_factor: int = 3
    window_reserve: int = 2  # of the 5 in a person's window, kept for alerts
    #: a large occasion starts this many pushes a second in all processes together (schools in turn)
    start_per_second: int = 200
    #: calls the platform allows a day (wechat-platform 14), and how many of a hundred are kept for alerts
    daily_service: int = 500_000
    daily_template: int = 100_000
    daily_subscription: int = 100_000
    quota_reserve_percent: int = 2
    #: numbers of the members of staff who look after the system and hear its report every day
    operators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """Days each class of data is kept (domain handbook 13.4)."""

    raw_text: int = 30
    check_ins: int = 270
    inbox: int = 2
    outbox: int = 90
    audit: int = 1095
    incidents: int = 1095  # after their closing, by the school's archive rule
    media: int = 90


@dataclass(frozen=True, slots=True)
class KeyRegion:
    """A key region while `from_date` ≤ day < `to_date` (open-ended while empty). code: GB/T 2260, any level."""

    name: str
    code: str
    from_date: date
    to_date: date | None = None


@dataclass(frozen=True, slots=True)
class ClusterRule:
    """How many persons, where, in how many days are a signal (domain handbook 15.3).

    scope: class_unit, dormitory, grade, school, family; syndrome: see `rules.clusters`, or "similar" for any of them; days: length
    of the window; text and source: what is shown with the signal. Holds while from_date ≤ day < to_date.
    """

    code: str
    scope: str
    syndrome: str
    days: int
    count: int
    text: str
    source: str
    from_date: date | None = None
    to_date: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.from_date is None or self.from_date <= day) and (self.to_date is None or day < self.to_date)


# Asked several times a message, of the few moments and deadlines of a morning.
@lru_cache(maxsize=8192)
def _day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


@lru_cache(maxsize=1024)
def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class District:
    """Everything the district file says."""

    name: str
    code: str = "000000"
    bureau: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    mode: str = "closed_campus"
    times: Times = field(default_factory=Times)
    disease: Disease = field(default_factory=Disease)
    escalation: Escalation = field(default_factory=Escalation)
    reporting: Reporting = field(default_factory=Reporting)
    messages: Messages = field(default_factory=Messages)
    retention: Retention = field(default_factory=Retention)
    key_regions: tuple[KeyRegion, ...] = ()
    cluster_rules: tuple[ClusterRule, ...] = ()  # besides, or instead of, `rules.clusters.DEFAULTS`
    incident: IncidentRules = field(default_factory=IncidentRules)
    return_after: tuple[ReturnWait, ...] = ()  # besides, or instead of, `rules.management.WAITS`
    titles: Mapping[str, str] = field(default_factory=dict)  # display names, e.g. academic_office = "德育处"

    def local(self, moment: datetime) -> datetime:
        """The moment on the district's own clock."""
        return moment.astimezone(self.zone)

    def day_of(self, moment: datetime) -> date:
        """The district's calendar day a moment falls on."""
        return _day_of(moment, self.zone)

    def at(self, day: date, clock: time) -> datetime:
        """The moment at which the district's clock shows `clock` on `day`."""
        return _at(day, clock, self.zone)

    def end_of(self, day: date) -> datetime:
        return self.at(day + timedelta(days=1), time(0, 0))
