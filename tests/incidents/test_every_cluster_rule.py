"""Every cluster rule as families set it off: silent one below its number, told once at it, silent again above it.

The cases lie as far apart as the rule's window allows. What is told is the rule's own text with its source.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from models.database import Database
from models.rules.clusters import DEFAULTS
from models.rules.district import ClusterRule
from models.tables import Account, Binding, ClusterSignal, Enrolment, Person, PersonPlace
from tests.cast import DISTRICT, MONDAY, SCHOOL_YEAR, openid
from tests.play import Play

#: What a family writes, by what it counts as; without fever wherever the illness needs none.
SAID = {
    "similar": "36.5 拉肚子",
    "ili": "38.5 咳嗽",
    "hfmd": "36.5 医院诊断是手足口病",
    "norovirus": "36.5 医院诊断是诺如",
    "digestive": "36.6 吐了两次",
    "dysentery": "36.5 医院诊断是痢疾",
    "chickenpox": "36.5 医院诊断是水痘",
    "mumps": "36.5 医院诊断是腮腺炎",
    "rubella": "36.5 医院诊断是风疹",
    "scarlet_fever": "36.5 医院诊断是猩红热",
    "measles": "36.5 医院诊断是麻疹",
    "eye": "36.5 医院诊断是红眼病",
    "dengue": "36.5 医院诊断是登革热",
    "covid": "36.5 医院诊断是新冠",
}
#: Where those of one rule are: no two of a school's or dormitory's in one class where that can be.
CLASSES = {
    "class_unit": ("红旗小学/三年级/2班",),
    "grade": ("红旗小学/三年级/1班", "红旗小学/三年级/2班"),
    "school": ("红旗小学/三年级/1班", "红旗小学/三年级/2班", "红旗小学/五年级/1班"),
    "dormitory": ("红旗小学/三年级/1班", "红旗小学/三年级/2班", "红旗小学/五年级/1班"),
    "family": ("红旗小学/三年级/2班", "红旗小学/五年级/1班"),
}
FIRST = 300


@dataclass(frozen=True)
class Child:
    name: str
    family: str


def seat(play: Play, rule: ClusterRule) -> list[Child]:
    """One more than the rule needs, in its own kind of place and nowhere else together."""
    made, cast = datetime(2026, 2, 20, tzinfo=UTC), play.cast
    paths = CLASSES[rule.scope]
    children = []
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in (Person, Enrolment, Account, Binding, PersonPlace)}
    for number in range(rule.count + 1):
        person = FIRST + number
        unit, family = cast.units[paths[number % len(paths)]], "一家" if rule.scope == "family" else f"家{number}"
        account = FIRST if rule.scope == "family" else person
        child = Child("甲乙丙丁戊己庚辛"[number // 10] + "子丑寅卯辰巳午未申酉"[number % 10], family)
        children.append(child)
        rows[Person].append(
            {
                "id": person,
                "kind": "student",
                "number": f"C{person}",
                "name": child.name,
                "unit_id": unit,
                "school_id": cast.units["红旗小学"],
                "joined_on": SCHOOL_YEAR,
            }
        )
        rows[Enrolment].append({"person_id": person, "unit_id": unit, "from_date": SCHOOL_YEAR})
        if family not in cast.accounts:
            cast.accounts[family] = account
            rows[Account].append({"id": account, "openid": openid(family), "followed_at": made, "created_at": made})
        rows[Binding].append(
            {
                "account_id": account,
                "person_id": person,
                "relation": "guardian",
                "rank": 1,
                "bound_at": made,
                "consent_version": "2026-02",
                "consented_at": made,
            }
        )
        if rule.scope == "dormitory":
            place = {"person_id": person, "kind": "dormitory", "school_id": cast.units["红旗小学"], "unit_id": unit}
            rows[PersonPlace].append({**place, "name": "3号楼201", "entered_at": made})
    with play.database.write() as connection:
        for table, values in rows.items():
            if values:
                connection.execute(insert(table), values)
    return children


def falls_ill(play: Play, rule: ClusterRule, child: Child, number: int) -> None:
    """The first on Monday, the last one needed on the last day of the window."""
    last = rule.days - 1
    on = MONDAY + timedelta(days=min(last, number * last // max(1, rule.count - 1)))
    play.clock(f"08:{10 + number}", on)
    said = SAID[rule.syndrome]
    play.say(child.family, f"{child.name}{said}" if rule.scope == "family" else said)


def reached(play: Play, rule: ClusterRule) -> list[tuple[int, dict[str, Any]]]:
    with play.database.read() as connection:
        rows = connection.execute(
            select(ClusterSignal.people, ClusterSignal.basis).where(ClusterSignal.rule == rule.code)
        )
        return [(len(row.people), row.basis) for row in rows]


def told(play: Play, rule: ClusterRule) -> list[str]:
    return [text for text in play.owed("校医", "alert") if f"规则{rule.code}：" in text]


@pytest.mark.parametrize("rule", DEFAULTS, ids=lambda rule: rule.code)
def test_silent_below_told_once_at_its_number_and_silent_above(rule: ClusterRule, sqlite: Database) -> None:
    play = Play(sqlite)
    children = seat(play, rule)
    for number, child in enumerate(children[:-2]):
        falls_ill(play, rule, child, number)
    assert reached(play, rule) == []
    assert told(play, rule) == []
    falls_ill(play, rule, children[-2], rule.count - 1)
    assert [count for count, _ in reached(play, rule)] == [rule.count]
    (text,) = told(play, rule)
    assert f"规则{rule.code}：{rule.text}（出处：{rule.source}）" in text
    assert f"{rule.days}天内{rule.count}人" in text
    assert not any(child.name in text for child in children)
    falls_ill(play, rule, children[-1], rule.count)
    ((count, basis),) = reached(play, rule)
    assert count == rule.count + (1 if rule.scope != "family" or len(children) > rule.count else 0)
    assert (basis["text"], basis["source"], basis["count"]) == (rule.text, rule.source, rule.count)
    assert len(told(play, rule)) == 1


LAST = {rule.code: MONDAY + timedelta(days=rule.days - 1) for rule in DEFAULTS}


@pytest.mark.parametrize("rule", [rule for rule in DEFAULTS if rule.count <= 5], ids=lambda rule: rule.code)
@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [(0, 1, True), (1, None, False), (None, 0, False), (0, None, True)],
    ids=["on its only day", "not valid yet", "no longer valid", "from today"],
)
def test_a_rule_holds_on_its_days_only(
    rule: ClusterRule, begins: int | None, ends: int | None, holds: bool, sqlite: Database
) -> None:
    def day(shift: int | None) -> date | None:
        return None if shift is None else LAST[rule.code] + timedelta(days=shift)

    dated = replace(rule, from_date=day(begins), to_date=day(ends))
    play = Play(sqlite, replace(DISTRICT, cluster_rules=(dated,)))
    for number, child in enumerate(seat(play, rule)[:-1]):
        falls_ill(play, rule, child, number)
    assert bool(reached(play, rule)) is holds
    assert len(told(play, rule)) == int(holds)


@pytest.mark.parametrize(
    ("text", "disease"),
    [("36.5 医院诊断是水痘", "水痘"), ("36.5 医生说是手足口病", "手足口"), ("37.0 去医院看了，是细菌性痢疾", "痢疾")],
)
def test_a_diagnosis_without_fever_reaches_teacher_and_doctor_at_once(
    text: str, disease: str, play_on_both: Play
) -> None:
    play = play_on_both
    play.clock("08:10")
    play.say("奶奶", text)
    for who in ("陈老师", "校医"):
        (said,) = play.owed(who, "alert")
        assert "【医院有诊断】三年级2班 王乐乐" in said
        assert disease in said
    assert play.owed("报告人", "alert") == []
    play.say("小明爸爸", text.replace("是", "不是"))
    assert len(play.owed("校医", "alert")) == 1


def test_a_diagnosis_with_a_wait_keeps_away_until_the_papers_are_checked(play: Play) -> None:
    play.clock("08:10")
    play.say("奶奶", "36.5 医院诊断是水痘")
    assert "不应到校" in play.say("校医", "到校 王乐乐")


@pytest.mark.parametrize("text", ["36.5 医院诊断是新冠", "36.5 确诊新冠了", "36.5 医院查出来是新冠肺炎"])
def test_a_diagnosis_of_what_everybody_is_watched_for_is_the_case_itself(text: str, play: Play) -> None:
    play.clock("08:10")
    assert "是否属于以疾控和医院的通知为准" in play.say("奶奶", text)
    assert any("自述与病例有关" in said for said in play.owed("报告人", "alert"))
    assert "已建立事件" in play.owed("区报告人", "alert")[0]
