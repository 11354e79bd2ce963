"""When several people's illness is a signal (domain handbook 4.6 R1, 15.3). A signal proposes; a human declares.

Counted are persons whose onset lies in a sliding window, same syndrome, each once: not reports. The thresholds are
data with validity and source; a district adds to them or replaces them by code in its file (`[[cluster_rule]]`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.rules.check_in import Health, is_fever
from models.rules.district import ClusterRule, Disease

#: Syndrome → its symptom codes of domain handbook 5.1; `fever` and `ili` are judged from the reading.
SYMPTOMS_OF: Mapping[str, frozenset[str]] = {
    "respiratory": frozenset(
        {"cough", "dry_cough", "sore_throat", "runny_nose", "chest_tightness", "dyspnea", "smell_taste_loss"}
    ),
    "digestive": frozenset({"vomiting", "diarrhea", "nausea", "abdominal_pain"}),
    "rash": frozenset({"rash"}),
    "hfmd": frozenset({"blister"}),
    "mumps": frozenset({"parotid_swelling"}),
    "eye": frozenset({"conjunctivitis"}),
    "jaundice": frozenset({"jaundice"}),
}
#: ILI: fever ≥ 38 °C with cough or sore throat (domain handbook 1.3, S11).
ILI_TENTHS = 380
_ILI = frozenset({"cough", "dry_cough", "sore_throat"})
#: Syndromes that are "similar symptoms" for R1.
SIMILAR = ("fever", "respiratory", "digestive", "rash", "hfmd", "mumps", "eye", "jaundice")
#: What makes somebody a case of the disease everybody is watched for (domain handbook 4.6 R5).
_CASES = frozenset({"confirmed", "asymptomatic"})
#: Words by which a diagnosis is passed on → the syndrome it counts as (domain handbook 15.2).
DIAGNOSES: Mapping[str, str] = {
    "流感": "influenza",
    "甲流": "influenza",
    "乙流": "influenza",
    "手足口": "hfmd",
    "诺如": "norovirus",
    "水痘": "chickenpox",
    "腮腺炎": "mumps",
    "风疹": "rubella",
    "猩红热": "scarlet_fever",
    "麻疹": "measles",
    "红眼病": "eye",
    "结膜炎": "eye",
    "痢疾": "dysentery",
    "登革热": "dengue",
    "新冠": "covid",
    "感染性腹泻": "digestive",
    "肺结核": "tuberculosis",
}
NAMES: Mapping[str, str] = {
    "fever": "发热",
    "ili": "流感样症状",
    "respiratory": "呼吸道症状",
    "digestive": "呕吐腹泻等消化道症状",
    "rash": "皮疹",
    "hfmd": "手足口部疱疹",
    "mumps": "腮腺肿大",
    "eye": "眼部充血",
    "jaundice": "黄疸",
    "influenza": "流感",
    "norovirus": "诺如病毒",
    "chickenpox": "水痘",
    "rubella": "风疹",
    "scarlet_fever": "猩红热",
    "measles": "麻疹",
    "dysentery": "痢疾",
    "dengue": "登革热",
    "covid": "新冠",
    "tuberculosis": "肺结核",
}
#: A person seen again within so many days has still the same illness, not a new onset.
SAME_ILLNESS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Onset:
    """One person fell ill with one syndrome on one day. family: who shares a guardian with them; dormitory:
    a number for where they sleep; 0 for nobody and nowhere."""

    person_id: int
    syndrome: str
    day: date
    class_id: int
    grade_id: int
    school_id: int
    family: int = 0
    dormitory: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """A rule that is reached: where (a unit's id, or the family's), by whom, in which days."""

    rule: ClusterRule
    place: int
    syndrome: str
    people: tuple[int, ...]
    first: date
    last: date


def syndromes_of(health: Health, disease: Disease, text: str = "") -> frozenset[str]:
    """The syndromes one person's day shows. text: words that may name a diagnosis, where one was stated."""
    said = frozenset(health.symptoms) | frozenset(health.danger)
    found = {name for name, codes in SYMPTOMS_OF.items() if said & codes}
    if is_fever(health, disease) or health.antipyretic or health.recent_fever:
        found.add("fever")
    if health.tenths is not None and health.tenths >= ILI_TENTHS and said & _ILI:
        found.add("ili")
    said_of = set(health.statements)
    if "diagnosis" in said_of:
        found |= diagnoses_in(text)
    if said_of & _CASES:
        # A case whose disease is not named is one of what everybody is watched for.
        found |= diagnoses_in(text) or {"covid"}
    return frozenset(found)


def diagnoses_in(text: str) -> frozenset[str]:
    """The diagnoses a text names."""
    return frozenset(code for word, code in DIAGNOSES.items() if word in text)


def _counts_as(rule: ClusterRule) -> Iterable[str]:
    return SIMILAR if rule.syndrome == "similar" else (rule.syndrome,)


def _place(rule: ClusterRule, onset: Onset) -> int:
    match rule.scope:
        case "class_unit":
            return onset.class_id
        case "grade":
            return onset.grade_id
        case "school":
            return onset.school_id
        case "dormitory":
            return onset.dormitory
        case _:
            return onset.family


def reached(rules: Sequence[ClusterRule], onsets: Sequence[Onset], new: Onset) -> list[Reached]:
    """The rules that hold in a window which `new` lies in. onsets: everybody's around it, `new` among them or not."""
    found = []
    every = {*onsets, new}
    for rule in rules:
        if not rule.holds_on(new.day) or new.syndrome not in _counts_as(rule) or not _place(rule, new):
            continue
        place = _place(rule, new)
        near = [one for one in every if one.syndrome == new.syndrome and _place(rule, one) == place]
        best: tuple[int, ...] = ()
        best_last = new.day
        for shift in range(rule.days):
            last = new.day + timedelta(days=shift)
            first = last - timedelta(days=rule.days - 1)
            people = tuple(sorted({one.person_id for one in near if first <= one.day <= last}))
            if len(people) > len(best):
                best, best_last = people, last
        if len(best) >= rule.count:
            first = best_last - timedelta(days=rule.days - 1)
            found.append(Reached(rule, place, new.syndrome, best, first, best_last))
    return found


def rules_in_force(given: Iterable[ClusterRule], defaults: Iterable[ClusterRule]) -> tuple[ClusterRule, ...]:
    """The district's rules, and the defaults it has not replaced by code."""
    own = tuple(given)
    replaced = {rule.code for rule in own}
    return (*own, *(rule for rule in defaults if rule.code not in replaced))


_S3 = "学校和托幼机构传染病疫情报告工作规范"
_S10 = "学校传染病聚集性疫情判定标准"
_S11 = "流感样病例暴发疫情处置指南（2018年版）"
#: Domain handbook 4.6 and 15.3, with the sources it names. `sibling` and `grade` rules are this product's own.
DEFAULTS: tuple[ClusterRule, ...] = (
    ClusterRule("R1-1", "class_unit", "similar", 1, 3, "同一班级1天内3例及以上相似症状，24小时内报告", _S3),
    ClusterRule("R1-3", "class_unit", "similar", 3, 5, "同一班级连续3天内5例及以上相似症状，24小时内报告", _S3),
    ClusterRule("R1-1D", "dormitory", "similar", 1, 3, "同一宿舍1天内3例及以上相似症状，24小时内报告", _S3),
    ClusterRule("R1-3D", "dormitory", "similar", 3, 5, "同一宿舍连续3天内5例及以上相似症状，24小时内报告", _S3),
    ClusterRule(
        "G-3",
        "grade",
        "similar",
        3,
        8,
        "同一年级连续3天内8例及以上相似症状，请校医研判",
        "本系统默认，可在区县文件中更改",
    ),
    ClusterRule(
        "F-3",
        "family",
        "similar",
        3,
        2,
        "同一家庭3天内2名孩子出现相似症状，请两边学校互相知会",
        "本系统默认，可在区县文件中更改",
    ),
    ClusterRule("ILI-7", "school", "ili", 7, 10, "同一学校7天内10例及以上流感样病例，电话报告疾控和教育局", _S11),
    ClusterRule(
        "ILI-30",
        "school",
        "ili",
        7,
        30,
        "同一学校7天内30例及以上流感样病例，疾控2小时内系统报告",
        "国家突发公共卫生事件相关信息报告管理工作规范",
    ),
    ClusterRule(
        "ILI-class",
        "class_unit",
        "ili",
        1,
        5,
        "同一班级一天内新发5例及以上流感样病例，可建议停课4天，由疾控和教育局决定",
        _S11,
    ),
    ClusterRule("HFMD-class", "class_unit", "hfmd", 7, 2, "同一班级7天内2例及以上手足口病", _S10),
    ClusterRule("HFMD-5", "school", "hfmd", 7, 5, "同一学校7天内5例及以上手足口病（聚集）", _S10),
    ClusterRule(
        "HFMD-10",
        "school",
        "hfmd",
        7,
        10,
        "同一学校7天内10例及以上手足口病（暴发）",
        "手足口病聚集性和暴发疫情处置工作规范",
    ),
    ClusterRule("NORO-10", "school", "norovirus", 7, 10, "同一学校7天内10例及以上诺如病毒感染", _S10),
    ClusterRule(
        "DIAR-20", "school", "digestive", 7, 20, "同一学校7天内20例及以上感染性腹泻", "突发公共卫生事件信息报告标准"
    ),
    ClusterRule("DYS-10", "school", "dysentery", 3, 10, "同一学校3天内10例及以上痢疾", _S10),
    ClusterRule("POX-5", "school", "chickenpox", 7, 5, "同一学校7天内5例及以上水痘", _S10),
    ClusterRule("MUMPS-5", "school", "mumps", 7, 5, "同一学校7天内5例及以上流行性腮腺炎", _S10),
    ClusterRule("RUB-5", "school", "rubella", 7, 5, "同一学校7天内5例及以上风疹", _S10),
    ClusterRule("SCAR-10", "school", "scarlet_fever", 7, 10, "同一学校7天内10例及以上猩红热", _S10),
    ClusterRule("MEAS-2", "school", "measles", 10, 2, "同一学校10天内2例及以上麻疹", _S10),
    ClusterRule("EYE-3", "school", "eye", 7, 3, "同一学校7天内3例及以上急性出血性结膜炎", _S10),
    ClusterRule("DENG-3", "school", "dengue", 14, 3, "同一校区14天内3例及以上登革热", _S10),
    ClusterRule(
        "COVID-2",
        "school",
        "covid",
        7,
        2,
        "同一学校7天内2例及以上新冠病例，2小时内报告",
        "新型冠状病毒肺炎防控方案（2022年）",
    ),
)
