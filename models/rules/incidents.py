"""The steps of an incident: in which order, by when, whose they are, and when somebody hears of them again.

Source: domain handbook 8 and 4.6. Steps run in parallel in real life; none is left out silently: each ends done or
`not_applicable` with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.rules.district import District, IncidentRules

#: Every step, in the order in which they are read out. `contacts` and `disinfected` stand beside the main way.
STEPS = (
    "held",
    "guardian_notified",
    "referred",
    "reported",
    "contacts",
    "disinfected",
    "tracking",
    "outcome",
    "cleared",
    "case_closed",
)
#: The main way, along which `stage` moves (domain handbook 8.1); `outcome` shows as excluded or diagnosed.
MAIN = ("held", "guardian_notified", "referred", "reported", "tracking", "outcome", "cleared", "case_closed")
#: Whose a step is; where nobody holds the post, the next one (`rules.alerts.STAND_INS`).
OWNERS: Mapping[str, str] = {
    "held": "head_teacher",
    "guardian_notified": "head_teacher",
    "referred": "head_teacher",
    "reported": "designated_reporter",
    "contacts": "designated_reporter",
    "disinfected": "designated_reporter",
    "tracking": "head_teacher",
    "outcome": "school_doctor",
    "cleared": "school_doctor",
    "case_closed": "designated_reporter",
}
#: Who answers for the incident as a whole.
OWNER = "designated_reporter"
#: Who hears of each new line of the timeline, once each: the school's leaders and the bureau.
LEADERS = ("principal", "duty_leader", "designated_reporter", "school_doctor")
BUREAU_LEADERS = ("district_officer", "wg_emergency")
#: Steps whose clock runs in minutes; the others run in days.
_BY_MINUTES = frozenset({"held", "guardian_notified", "referred", "reported", "contacts", "disinfected"})
#: Why an incident was opened → which reporting rule of domain handbook 4.6 holds.
REASONS: Mapping[str, str] = {
    "fever_exposed": "R5",  # fever with a key region or a contact (A03)
    "case_said": "R5",  # said to be suspected, confirmed or a close contact (A04)
    "cluster": "R1",
    "disease": "R2",
    "severe": "R3",
    "other": "R3",
}
#: Rules that leave little time; the others leave a day, and are aimed at within the same (domain handbook 4.6).
URGENT_RULES = frozenset({"R2", "R4", "R5"})
#: Who ends an incident's question, and who closes it.
DECIDERS = ("school_doctor", "designated_reporter", "deputy_reporter", "principal")
CLOSERS = ("designated_reporter", "deputy_reporter", "principal")
#: Who may enter a step and read all of an incident, for their own class or school.
HANDLERS = ("head_teacher", "deputy_head_teacher", "grade_head", *DECIDERS, "duty_leader")


@dataclass(frozen=True, slots=True)
class Standing:
    """One step as it stands. state: open, done, not_applicable."""

    step: str
    state: str
    due_at: datetime
    reminded: int = 0


@dataclass(frozen=True, slots=True)
class Reminder:
    """When somebody hears that a step is due. roles: besides its owner. is_over: its time is up."""

    at: datetime
    roles: tuple[str, ...]
    is_over: bool


def report_minutes(code: str, rules: IncidentRules) -> int:
    """How long a reporting rule leaves; for the easier ones the aim, which is as short as the hard limit."""
    return rules.report_minutes if code in URGENT_RULES else rules.report_target_minutes


def limit_minutes(code: str, rules: IncidentRules) -> int:
    """The limit itself (domain handbook 4.6)."""
    return rules.report_minutes if code in URGENT_RULES else rules.report_limit_minutes


def due_of(step: str, found_at: datetime, since: datetime, code: str, district: District) -> datetime:
    """When a step is due. found_at: the clock of what is due at once; since: opening, or when the step became possible."""
    rules = district.incident
    match step:
        case "held":
            return found_at + timedelta(minutes=rules.held_minutes)
        case "guardian_notified":
            return found_at + timedelta(minutes=rules.guardian_minutes)
        case "referred":
            return found_at + timedelta(minutes=rules.hospital_minutes)
        case "reported":
            return found_at + timedelta(minutes=report_minutes(code, rules))
        case "contacts":
            return found_at + timedelta(minutes=rules.contacts_minutes)
        case "disinfected":
            day = district.day_of(since)
            return max(district.at(day, rules.disinfect_by), since + timedelta(hours=1))
        case "tracking":
            return next_tracking(since, district)
        case "outcome":
            return since + timedelta(days=rules.outcome_days)
        case "cleared":
            return since + timedelta(days=rules.outcome_days + district.disease.observation_days)
        case _:
            days = rules.outcome_days + district.disease.observation_days + rules.closing_limit_days
            return since + timedelta(days=days)


def next_tracking(after: datetime, district: District) -> datetime:
    """By when the next word on a case is due: the following day's hour (progress reports begin the next day, 8.3)."""
    return district.at(district.day_of(after) + timedelta(days=1), district.incident.progress_by)


def due_after_outcome(step: str, at: datetime, district: District) -> datetime:
    """The clocks of what comes after the outcome, counted from it."""
    rules = district.incident
    return at + timedelta(days=rules.cleared_days if step == "cleared" else rules.closing_limit_days)


def reminders(step: str, due_at: datetime, rules: IncidentRules) -> tuple[Reminder, ...]:
    """Who hears of an open step, and when: its owner before its time and at it, then those above.

    After the last one the owner hears daily as long as it stays open: see `reminder`.
    """
    if step in _BY_MINUTES:
        lead = timedelta(minutes=rules.remind_before_minutes)
        early = () if step in {"held", "guardian_notified"} else (Reminder(due_at - lead, (), False),)
        return (
            *early,
            Reminder(due_at, (), True),
            Reminder(due_at + timedelta(minutes=rules.escalate_minutes), ("principal", "duty_leader"), True),
            Reminder(due_at + timedelta(minutes=2 * rules.escalate_minutes), ("district_officer",), True),
        )
    return (
        Reminder(due_at - timedelta(hours=1), (), False),
        Reminder(due_at, ("designated_reporter",), True),
        Reminder(due_at + timedelta(days=1), ("principal",), True),
        Reminder(due_at + timedelta(days=2), ("district_officer",), True),
    )


def reminder(step: str, due_at: datetime, number: int, rules: IncidentRules) -> Reminder:
    """The reminder after `number` earlier ones; without end, daily after the last."""
    listed = reminders(step, due_at, rules)
    if number < len(listed):
        return listed[number]
    return Reminder(listed[-1].at + timedelta(days=number - len(listed) + 1), (), True)


def fallen(step: str, due_at: datetime, number: int, at: datetime, rules: IncidentRules) -> list[Reminder]:
    """The reminders that have fallen due at `at` after `number` earlier ones."""
    found: list[Reminder] = []
    while (one := reminder(step, due_at, number + len(found), rules)).at <= at:
        found.append(one)
    return found


def first_reminder(step: str, due_at: datetime, now: datetime, rules: IncidentRules) -> tuple[int, datetime]:
    """Which reminder comes first for a step that opens now: those that lie before now for its owner are left out.

    Those that reach further up are not: a late answer climbs at once.
    """
    number = 0
    while (one := reminder(step, due_at, number, rules)).at <= now and not one.roles:
        number += 1
    return number, one.at


def stage_of(steps: Iterable[Standing], outcome: str | None) -> str:
    """How far along the main way an incident is: its furthest step that was done."""
    done = {standing.step for standing in steps if standing.state == "done"}
    stage = "found"
    for step in MAIN:
        if step in done:
            stage = (outcome if outcome in {"excluded", "diagnosed"} else "excluded") if step == "outcome" else step
    return str(stage)


def lacking(steps: Iterable[Standing]) -> list[str]:
    """The steps that stand in the way of closing, in order."""
    open_now = {standing.step for standing in steps if standing.state == "open"}
    return [step for step in STEPS if step in open_now and step != "case_closed"]


def next_step(steps: Iterable[Standing]) -> Standing | None:
    """The open step whose time is up first; None when all are ended."""
    return min(
        (one for one in steps if one.state == "open"), key=lambda one: (one.due_at, STEPS.index(one.step)), default=None
    )
