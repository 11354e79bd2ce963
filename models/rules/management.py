"""Persons in management: findings and measures, how long observation lasts, its two checks a day, and coming back.

Sources: domain handbook 8.5, 8.6, 15.3. A finding is reported to us by those who decide it and never computed; the
passing of a date ends nothing, a person with a document does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.rules.district import Disease, District, ReturnWait

#: What medicine found of a person; one at a time (V11).
FINDINGS = ("suspected", "confirmed", "asymptomatic", "close_contact", "general_contact")
#: Where a person is kept; one at a time (V12).
MEASURES = ("home_isolation", "central_isolation", "hospitalised")
#: Findings that stand in the figures of a report, as long as they hold, and once as new (domain handbook 6.1, 6.5).
COUNTED = ("suspected", "confirmed", "asymptomatic", "close_contact")
#: What a person may have one of, whoever found it (V11).
CASES = ("suspected", "confirmed", "asymptomatic")
#: Findings whose person may not be at school; general contacts get advice, no more (domain handbook 8.4).
EXCLUDED_FROM_SCHOOL = (*COUNTED, *MEASURES)
OPEN = ("observing", "due_for_release")
#: The two checks a day of somebody in observation (domain handbook 8.5).
CHECKS = ("am", "pm")
#: What a certificate says (domain handbook 8.6), as it is written in chat.
CERTIFICATES: Mapping[str, str] = {"痊愈": "recovered", "排除": "excluded", "解除隔离": "released", "解除": "released"}


def kin(kind: str) -> tuple[str, ...]:
    """The kinds of which a person has one at a time with `kind`: a new one takes the former's place."""
    return FINDINGS if kind in FINDINGS else MEASURES


def ends_on(last_exposure_on: date, disease: Disease) -> date:
    """The last day of observation: day 0 is the last exposure. Release is possible from the day after it."""
    return last_exposure_on + timedelta(days=disease.observation_days)


@dataclass(frozen=True, slots=True)
class Observation:
    """How an observation stands. ends: its last day by rule and by what was missed; missed: checks without an answer.

    lacking: what a release still lacks, in codes: period, check (missed, and not made up for), unreached.
    """

    ends: date
    missed: tuple[tuple[date, str], ...]
    lacking: tuple[str, ...]


def observation(
    last_exposure_on: date,
    disease: Disease,
    answered: Iterable[tuple[date, str]],
    asked_from: tuple[date, str],
    today: date,
    *,
    until: Sequence[str] = CHECKS,
) -> Observation:
    """How the observation of one person stands on `today`.

    answered: the checks that were answered, as (day, slot). asked_from: the first check that was owed. until: the
    checks of `today` whose time is over. Each day with a missed check makes it one day longer; and while the last
    check that was owed was missed, it does not end (domain handbook 8.5, 9).
    """
    done = set(answered)
    end = ends_on(last_exposure_on, disease)
    owed = []
    day = asked_from[0]
    while day <= today:
        for slot in CHECKS if day < today else tuple(until):
            if (day, slot) >= asked_from:
                owed.append((day, slot))
        day += timedelta(days=1)
    missed = tuple(check for check in owed if check not in done)
    end += timedelta(days=len({day for day, _ in missed}))
    lacking = []
    if today <= end:
        lacking.append("period")
    if owed and owed[-1] in missed:
        lacking.append("unreached")
        end = max(end, today)
    return Observation(end, missed, tuple(lacking))


def slot_of(moment: datetime, district: District) -> str:
    """The check an answer counts for: the evening's from an hour before it is asked, else the morning's."""
    opens = district.times.observation_pm[0]
    day = district.day_of(moment)
    return "pm" if moment >= district.at(day, opens) - timedelta(hours=1) else "am"


def missed_at(day: date, slot: str, district: District) -> datetime:
    """When a check without an answer is missed: an hour after its time is over (domain handbook 5.7 A12)."""
    return district.at(day, district.times.observation_missed[CHECKS.index(slot)])


def over_now(at: datetime, day: date, district: District) -> tuple[str, ...]:
    """The checks of `day` that are missed at `at` unless they were answered."""
    return tuple(slot for slot in CHECKS if missed_at(day, slot, district) <= at)


def first_check(started_at: datetime, district: District) -> tuple[date, str]:
    """The first check owed by somebody put on the register then: the next whose time is not over."""
    day = district.day_of(started_at)
    for slot, span in zip(CHECKS, (district.times.observation_am, district.times.observation_pm), strict=True):
        if started_at < district.at(day, span[1]):
            return day, slot
    return day + timedelta(days=1), CHECKS[0]


_S11 = "流感样病例暴发疫情处置指南（2018年版）"
_S25 = "学校传染病病愈返校复课医学证明查验制度"
#: Domain handbook 15.3 `return_after`. days None: counted by the doctor, not in days. The certificate goes before it.
WAITS: tuple[ReturnWait, ...] = (
    ReturnWait("influenza", 2, "symptoms_gone", "体温恢复正常、其他症状消失后48小时", _S11),
    ReturnWait("ili", 2, "symptoms_gone", "体温恢复正常、其他症状消失后48小时", _S11),
    ReturnWait("chickenpox", 14, "onset", "全部结痂，且不少于发病后14天", _S25),
    ReturnWait("measles", 7, "rash", "出疹后不少于7天", _S25),
    ReturnWait("mumps", 9, "onset", "发病后9天且腮腺肿大消退", _S25),
    ReturnWait("scarlet_fever", 7, "treatment", "治疗满7天", _S25),
    ReturnWait("norovirus", 3, "symptoms_gone", "症状消失后72小时", "本系统默认，未核实，请区县确认"),
    ReturnWait("hfmd", 14, "onset", "症状全部消失，一般为发病后2周", "本系统默认，未核实，请区县确认"),
)


def wait_of(disease: str, district: District, day: date) -> ReturnWait | None:
    """The wait of a disease in force on `day`; the district's own before the defaults. None: the certificate alone."""
    own = [wait for wait in district.return_after if wait.disease == disease and wait.holds_on(day)]
    replaced = {wait.disease for wait in district.return_after}
    rest = [wait for wait in WAITS if wait.disease == disease and wait.disease not in replaced]
    return next(iter((*own, *rest)), None)


def earliest_return(wait: ReturnWait | None, since: date | None) -> date | None:
    """The first day on which the wait is over, counted from `since` (onset, end of symptoms …); None where not known."""
    return None if wait is None or since is None else since + timedelta(days=wait.days)


@dataclass(frozen=True, slots=True)
class Papers:
    """How far somebody's return has come. check_passed None: the doctor has not looked."""

    certificate: str | None
    check_passed: bool | None
    earliest_on: date | None
    admitted: bool


def next_paper(papers: Papers) -> str:
    """What is lacking next: certificate, check, admission; "" when nothing is. Nobody may be admitted before the check."""
    if papers.admitted:
        return ""
    if papers.certificate is None:
        return "certificate"
    return "admission" if papers.check_passed else "check"
