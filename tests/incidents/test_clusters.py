"""Each cluster rule just below and just above its threshold, and what a signal sets going (domain handbook 4.6, 15.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.database import Database
from models.rules.clusters import DEFAULTS, Onset, reached
from models.rules.district import ClusterRule
from models.tables import ClusterSignal, Incident, IncidentEvent, IncidentStep
from tests.cast import DISTRICT, MONDAY
from tests.play import Play

PLACES = {
    "class_unit": "class_id",
    "grade": "grade_id",
    "school": "school_id",
    "family": "family",
    "dormitory": "dormitory",
}
BY_CODE = {rule.code: rule for rule in DEFAULTS}


def fell(rule: ClusterRule, person: int, day: date, place: int = 7) -> Onset:
    """Somebody in the rule's own kind of place; in every other kind of place alone."""
    where: dict[str, Any] = {field: 1000 * number + person for number, field in enumerate(PLACES.values(), 1)}
    where[PLACES[rule.scope]] = place
    return Onset(person, "rash" if rule.syndrome == "similar" else rule.syndrome, day, **where)


def is_reached(rule: ClusterRule, onsets: list[Onset]) -> bool:
    return rule in {one.rule for one in reached(DEFAULTS, onsets[:-1], onsets[-1])}


@pytest.mark.parametrize("rule", DEFAULTS, ids=lambda rule: rule.code)
def test_every_rule_holds_at_its_number_and_not_one_below(rule: ClusterRule) -> None:
    everybody = [fell(rule, person, MONDAY) for person in range(1, rule.count + 1)]
    assert is_reached(rule, everybody)
    assert not is_reached(rule, everybody[1:])
    elsewhere = [fell(rule, 1, MONDAY, place=8), *everybody[1:]]
    assert not is_reached(rule, elsewhere)
    twice = [*everybody[1:], everybody[-1]]
    assert not is_reached(rule, twice)


@pytest.mark.parametrize("rule", DEFAULTS, ids=lambda rule: rule.code)
def test_every_rule_counts_its_days_and_not_one_more(rule: ClusterRule) -> None:
    others = [fell(rule, person, MONDAY) for person in range(2, rule.count + 1)]
    first_day, day_before = MONDAY - timedelta(days=rule.days - 1), MONDAY - timedelta(days=rule.days)
    assert is_reached(rule, [fell(rule, 1, first_day), *others])
    assert not is_reached(rule, [fell(rule, 1, day_before), *others])


#: Domain handbook 15.3, as its table reads: (scope, days, count) of each rule that has a source there.
TABLE = {
    "R1-1": ("class_unit", 1, 3),
    "R1-3": ("class_unit", 3, 5),
    "R1-1D": ("dormitory", 1, 3),
    "R1-3D": ("dormitory", 3, 5),
    "ILI-7": ("school", 7, 10),
    "ILI-30": ("school", 7, 30),
    "ILI-class": ("class_unit", 1, 5),
    "HFMD-5": ("school", 7, 5),
    "HFMD-class": ("class_unit", 7, 2),
    "HFMD-10": ("school", 7, 10),
    "NORO-10": ("school", 7, 10),
    "DIAR-20": ("school", 7, 20),
    "DYS-10": ("school", 3, 10),
    "POX-5": ("school", 7, 5),
    "MUMPS-5": ("school", 7, 5),
    "RUB-5": ("school", 7, 5),
    "SCAR-10": ("school", 7, 10),
    "MEAS-2": ("school", 10, 2),
    "EYE-3": ("school", 7, 3),
    "DENG-3": ("school", 14, 3),
    "COVID-2": ("school", 7, 2),
}


def test_the_rules_are_those_of_the_handbook() -> None:
    assert {code: (BY_CODE[code].scope, BY_CODE[code].days, BY_CODE[code].count) for code in TABLE} == TABLE
    assert set(BY_CODE) - set(TABLE) == {"G-3", "F-3"}  # the product's own, and said to be


FAMILIES = {"王乐乐": "奶奶", "李小明": "小明爸爸", "林林": "爸爸", "赵可": "可妈", "林森": "妈妈"}


def say_of(play: Play, *children: str, text: str = "36.5 拉肚子") -> None:
    for child in children:
        play.say(FAMILIES[child], f"林森{text}" if child == "林森" else text)


def signals(play: Play) -> list[tuple[str, str]]:
    with play.database.read() as connection:
        rows = connection.execute(select(ClusterSignal.rule, ClusterSignal.syndrome).order_by(ClusterSignal.id))
        return [(row.rule, row.syndrome) for row in rows]


def incidents(play: Play) -> list[tuple[int | None, str, str]]:
    """(person, reason, where) of each incident."""
    units = {number: path for path, number in play.cast.units.items()}
    with play.database.read() as connection:
        rows = connection.execute(select(Incident.person_id, Incident.reason, Incident.unit_id).order_by(Incident.id))
        return [(row.person_id, row.reason, units[row.unit_id]) for row in rows]


def test_a_class_without_fever_makes_a_signal_with_rule_source_and_incident(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:10")
    say_of(play, "王乐乐", "李小明")
    assert (signals(play), incidents(play)) == ([], [])
    say_of(play, "林林")
    assert signals(play) == [("R1-1", "digestive")]
    assert incidents(play) == [(None, "cluster", "红旗小学/三年级/2班")]
    for who in ("校医", "报告人", "校长", "应急组"):
        (text,) = [said for said in play.owed(who) if "聚集信号" in said]
        assert "同一班级1天内3例及以上相似症状" in text
        assert "出处：学校和托幼机构传染病疫情报告工作规范" in text
        assert "已建立事件1" in text
        assert not any(name in text for name in FAMILIES)
    assert not any("聚集信号" in said for said in play.owed("陈老师"))
    with play.database.read() as connection:
        steps = connection.execute(select(IncidentStep.due_at, IncidentStep.owner_id)).all()
    assert len(steps) == 10
    assert all(step.owner_id is not None and step.due_at > play.now for step in steps)
    shown = play.say("报告人", "事件 1")
    assert "三年级2班，聚集" in shown
    assert "事件1" in play.say("应急组", "事件")


def test_three_in_one_dormitory_of_different_classes_are_a_signal_and_two_are_not(play: Play) -> None:
    for child in ("王乐乐", "赵可", "林森"):
        play.say("报告人", f"宿舍 {child} 3号楼201")
    play.clock("08:10")
    say_of(play, "王乐乐", "赵可")
    assert signals(play) == []
    say_of(play, "林森")
    assert signals(play) == [("R1-1D", "digestive")]
    assert incidents(play) == [(None, "cluster", "红旗小学")]


def test_two_siblings_in_two_classes_are_a_signal_and_no_incident(play: Play) -> None:
    play.clock("08:10")
    play.say("妈妈", "林林36.5 起疹子了")
    assert signals(play) == []
    play.say("妈妈", "林森36.5 起疹子了")
    assert signals(play) == [("F-3", "rash")]
    assert incidents(play) == []
    assert "请两边学校互相知会" in next(said for said in play.owed("校医") if "聚集信号" in said)


@pytest.fixture
def own_rules(sqlite: Database) -> Play:
    """A district with a rule for grades of its own, valid until Monday is over, and none for siblings and classes."""
    until = MONDAY + timedelta(days=1)
    rules = (
        ClusterRule("G-3", "grade", "similar", 3, 4, "同一年级3天内4例，本区通知", "春江区教育局通知", MONDAY, until),
        *(replace(BY_CODE[code], to_date=MONDAY) for code in ("F-3", "R1-1", "R1-3")),
    )
    return Play(sqlite, replace(DISTRICT, cluster_rules=rules))


def test_a_grade_by_the_district_s_own_rule_until_its_last_day(own_rules: Play) -> None:
    play = own_rules
    play.clock("08:10")
    say_of(play, "王乐乐", "李小明", "林林")
    assert signals(play) == []
    say_of(play, "赵可")
    assert signals(play) == [("G-3", "digestive")]
    assert incidents(play) == [(None, "cluster", "红旗小学/三年级")]
    assert any("本区通知（出处：春江区教育局通知）" in said for said in play.owed("校医"))


def test_a_rule_that_has_ended_is_none(own_rules: Play) -> None:
    play = own_rules
    play.clock("08:10", MONDAY + timedelta(days=1))
    say_of(play, "王乐乐", "李小明", "林林", "赵可")
    assert signals(play) == []


def test_a_named_disease_counts_over_the_school_and_joins_the_incident_that_stands(play: Play) -> None:
    pox = "36.5 医院说是水痘"
    play.clock("08:10")
    say_of(play, "王乐乐", "赵可", "李小明", "林森", text=pox)
    assert ("POX-5", "chickenpox") not in signals(play)
    say_of(play, "林林", text=pox)
    assert ("POX-5", "chickenpox") in signals(play)
    assert (None, "cluster", "红旗小学") in incidents(play)


def test_a_narrower_signal_of_the_same_illness_is_a_line_of_the_incident_that_stands(sqlite: Database) -> None:
    wide = ClusterRule("G-3", "grade", "similar", 1, 2, "同一年级1天内2例，本区通知", "春江区教育局通知")
    play = Play(sqlite, replace(DISTRICT, cluster_rules=(wide,)))
    play.clock("08:10")
    say_of(play, "王乐乐", "李小明", "林林")
    assert signals(play) == [("G-3", "digestive"), ("R1-1", "digestive")]
    assert incidents(play) == [(None, "cluster", "红旗小学/三年级")]
    with play.database.read() as connection:
        texts = connection.execute(select(IncidentEvent.text).where(IncidentEvent.kind == "note")).scalars().all()
    assert [play.vault.open("incident_events.text", text) for text in texts] == [
        f"三年级2班1天内3人呕吐腹泻等消化道症状。规则R1-1：{BY_CODE['R1-1'].text}（出处：{BY_CODE['R1-1'].source}）"
    ]


def test_a_diagnosis_that_was_excluded_is_not_counted(play: Play) -> None:
    play.clock("08:10")
    say_of(play, "王乐乐", "赵可", "李小明", "林森", "林林", text="36.5 医院说不是水痘")
    assert ("POX-5", "chickenpox") not in signals(play)
