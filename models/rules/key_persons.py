"""Who is a key person, until when, and what stands between them and release (domain handbook 9).

The criterion is a stay or a contact, never where somebody comes from. Nothing here releases anybody: it says what a
person who decides would want to know.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

#: Categories in the order of gravity, as people call them.
CATEGORIES: Mapping[str, str] = {
    "kp_case": "自述确诊或疑似（待核实）",
    "kp_contact": "自述接触（待疾控核实）",
    "kp_region": "到过重点地区或接触其人员",
    "kp_sealed": "住所封控",
    "kp_abroad": "境外旅居或接触",
    "kp_returned": "外省市旅居",
    "kp_symptom": "近期发热或症状未消",
    "kp_recovered": "出院后健康管理",
}
#: What a teacher may write for each; the longest words first.
WORDS: Mapping[str, str] = {
    "重点地区": "kp_region",
    "封控": "kp_sealed",
    "封闭": "kp_sealed",
    "境外": "kp_abroad",
    "国外": "kp_abroad",
    "外省": "kp_returned",
    "外市": "kp_returned",
    "外地": "kp_returned",
    "返回": "kp_returned",
    "密接": "kp_contact",
    "接触": "kp_contact",
    "确诊": "kp_case",
    "疑似": "kp_case",
    "症状": "kp_symptom",
    "发热": "kp_symptom",
    "出院": "kp_recovered",
    "康复": "kp_recovered",
}
STATES: Mapping[str, str] = {
    "registered": "已登记，待联系",
    "in_contact": "联系中",
    "returning": "已批准返回",
    "observing": "观察中",
    "due_for_release": "待决定解除",
    "released": "已解除",
    "transferred": "已移交",
}
#: What was said of the person (`rules.check_in.Health.statements`) and the category it makes.
STATED: Mapping[str, str] = {
    "confirmed": "kp_case",
    "suspected": "kp_case",
    "asymptomatic": "kp_case",
    "close_contact": "kp_contact",
    "sealed": "kp_sealed",
}
#: What the register of isolation makes of somebody on this one; a general contact gets advice, no more.
MANAGED_AS: Mapping[str, str] = {
    "suspected": "kp_case",
    "confirmed": "kp_case",
    "asymptomatic": "kp_case",
    "hospitalised": "kp_case",
    "close_contact": "kp_contact",
    "home_isolation": "kp_contact",
    "central_isolation": "kp_contact",
}
#: Released only with a document (domain handbook 8.5, 8.6).
NEEDS_DOCUMENT = frozenset({"kp_case", "kp_contact", "kp_recovered"})
#: Whose end does not come with days alone: somebody says when.
OPEN_ENDED = frozenset({"kp_case", "kp_sealed", "kp_symptom", "kp_recovered"})
#: Away there, people stay away until somebody approves (seed: 暂不返校).
HELD = frozenset({"other_city", "other_province", "abroad"})
#: Who may decide a release or a return (domain handbook 9: reporter or doctor; the bureau's isolation group).
DECIDERS = ("designated_reporter", "deputy_reporter", "school_doctor", "principal", "wg_isolation")
#: Who sees key persons by name beyond the own class (domain handbook 2.4, 9).
SEES_NAMES = ("designated_reporter", "deputy_reporter", "school_doctor", "principal", "wg_isolation")
#: The one named keeper: the first of these over the person's unit that somebody holds.
KEEPERS = (
    "head_teacher",
    "deputy_head_teacher",
    "grade_head",
    "academic_office",
    "designated_reporter",
    "deputy_reporter",
    "principal",
    "wg_isolation",
    "district_officer",
    "wg_emergency",
    "district_leader",
)
#: How an attempt to reach somebody ended.
CONTACTS: Mapping[str, str] = {"chat": "聊天已答复", "phoned": "电话已联系", "unreachable": "联系不上"}
REACHED = frozenset({"chat", "phoned"})
#: Days in a row without contact after which principal and isolation group are told (domain handbook 9).
UNREACHABLE_DAYS = 2


def stems_of(code: str) -> tuple[str, str, str]:
    """A place's code as province, city and county; empty where it does not go that deep. GB/T 2260; other words whole."""
    if not code.isdecimal():
        return code, "", ""
    return code[:2], "" if code[2:4] == "00" else code[:4], "" if code[4:6] in {"", "00"} else code


def level_of(code: str) -> tuple[str, str]:
    """Which level (province, city, county) a region of the list is of, and its stem."""
    province, city, county = stems_of(code)
    return ("county", county) if county else ("city", city) if city else ("province", province)


def covers(region_code: str, code: str) -> bool:
    """Whether a place lies in a region. A province named alone does not lie in one of its cities."""
    level, stem = level_of(region_code)
    return bool(code) and dict(zip(("province", "city", "county"), stems_of(code), strict=True))[level] == stem


def category_of(far: str, *, in_region: bool, household: bool) -> str | None:
    """What a journey makes of the person; None: nothing to follow up (own city, or the place is not known yet)."""
    if in_region:
        return "kp_region"
    if household:
        return None
    return {"abroad": "kp_abroad", "other_province": "kp_returned", "other_city": "kp_returned"}.get(far)


def until_of(category: str, since: date | None, observation_days: int) -> date | None:
    """The first day on which release may be decided: day 0 is the last exposure, the end day N, release the day after."""
    if since is None or category in OPEN_ENDED:
        return None
    return since + timedelta(days=observation_days + 1)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a person who decides about release sees.

    missing: days of the period without an answer or a contact, less those waived; each puts the end off by a day.
    due_on: the first day release may be decided, empty while nobody can say. unwell: the newest answer is abnormal.
    """

    due_on: date | None
    missing: tuple[date, ...]
    unwell: bool
    needs_document: bool

    def is_due(self, day: date) -> bool:
        return self.due_on is not None and day >= self.due_on and not self.unwell


def readiness(
    category: str,
    begins: date,
    until: date | None,
    waived_days: int,
    heard: Collection[date],
    newest_result: str,
    today: date,
) -> Readiness:
    """How far somebody is from release. heard: days with an answer or a contact; begins: the first day looked after."""
    if until is None:
        return Readiness(None, (), newest_result in {"fever", "symptomatic"}, category in NEEDS_DOCUMENT)
    end = until
    missing: list[date] = []
    day = begins
    # A missed day puts the end off by one, and the days gained must not be missed either.
    while day < min(end, today):
        if day not in heard:
            missing.append(day)
            if len(missing) > waived_days:
                end += timedelta(days=1)
        day += timedelta(days=1)
    return Readiness(end, tuple(missing), newest_result in {"fever", "symptomatic"}, category in NEEDS_DOCUMENT)
