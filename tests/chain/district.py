"""A district of any size on an empty database: schools, grades, classes, pupils with a guardian each, and their staff.

Written in bulk. Every person has one account of the same number: a pupil's is the guardian's, a member of staff's their
own. All names are put together from syllables and invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from typing import Any

from sqlalchemy import Connection, insert

from models.tables import Account, Binding, Enrolment, Person, Post, Unit, Version
from tests.cast import DISTRICT, SCHOOL_YEAR

BUREAU = DISTRICT.bureau
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严金魏陶姜"
_GIVEN = "安佳宁涵轩博雅欣怡晨曦梓萱睿泽浩宇航琪瑶妍蕾彤诗岚枫楠桐柏彬辰悦韵绮昊昕"
_GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级")
#: role, the roster's word
SCHOOL_POSTS = (
    ("academic_office", "教务主任"),
    ("designated_reporter", "疫情报告人"),
    ("deputy_reporter", "副报告人"),
    ("principal", "校长"),
    ("school_doctor", "校医"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """schools × grades × classes, with `pupils` children a class (a few more or less)."""

    schools: int
    grades: int
    classes: int
    pupils: int


@dataclass(slots=True)
class Someone:
    """One person. unit: the path of their class, or of what collects their own answer."""

    id: int
    kind: str
    number: str
    name: str
    unit: str


@dataclass(slots=True)
class Place:
    """Ids by path, people by id, and who holds which post: (role, path) → person."""

    units: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    people: dict[int, Someone] = field(default_factory=dict)
    posts: dict[tuple[str, str], int] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[str]:
        return [path for path, is_a in self.kinds.items() if is_a == kind]

    def chain(self, path: str) -> list[str]:
        """The unit, its grade, its school: what an answer of somebody in it counts in."""
        parts = path.split("/")
        return ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]


def openid(person_id: int) -> str:
    return f"o{person_id}"


def build(connection: Connection, size: Size) -> Place:
    """Put the district into a migrated database; the bureau has one officer."""
    place = Place()
    names = ("".join(parts) for parts in product(_SURNAMES, _GIVEN, _GIVEN))
    rows: dict[type, list[dict[str, Any]]] = {table: [] for table in (Unit, Person, Enrolment, Post, Account, Binding)}

    def unit(path: str, kind: str, parent: str | None) -> None:
        number = place.units[path] = len(place.units) + 1
        place.kinds[path] = kind
        parts = path.split("/")
        rows[Unit].append(
            {
                "id": number,
                "parent_id": place.units[parent] if parent else None,
                "kind": kind,
                "name": parts[-1],
                "path": path,
                "school_id": None if kind == "district" else place.units[parts[0]],
                "grade_id": place.units["/".join(parts[:2])] if len(parts) > 1 else None,
                "position": number,
                "school_kind": "primary" if kind == "school" else None,
            }
        )

    def person(kind: str, path: str, *posts: tuple[str, str, str]) -> None:
        number = len(place.people) + 1
        one = place.people[number] = Someone(number, kind, f"{kind[:2]}{number:06d}", next(names), path)
        school = None if path == BUREAU else place.units[path.split("/")[0]]
        rows[Person].append(
            {
                "id": number,
                "kind": kind,
                "number": one.number,
                "name": one.name,
                "school_id": school,
                "unit_id": place.units[path],
                "joined_on": SCHOOL_YEAR,
            }
        )
        rows[Enrolment].append({"person_id": number, "unit_id": place.units[path], "from_date": SCHOOL_YEAR})
        for role, title, of in posts:
            place.posts[role, of] = number
            rows[Post].append(
                {
                    "person_id": number,
                    "role": role,
                    "title": title,
                    "unit_id": place.units[of],
                    "from_date": SCHOOL_YEAR,
                }
            )
        made = datetime(2026, 2, 20, tzinfo=UTC)
        rows[Account].append({"id": number, "openid": openid(number), "followed_at": made, "created_at": made})
        rows[Binding].append(
            {
                "account_id": number,
                "person_id": number,
                "rank": 1,
                "bound_at": made,
                "relation": "guardian" if kind == "student" else "self",
                "consent_version": "2026-02",
                "consented_at": made,
            }
        )

    unit(BUREAU, "district", None)
    person("staff", BUREAU, ("district_officer", "区报告人", BUREAU))
    for school_number in range(1, size.schools + 1):
        school = f"第{school_number}小学"
        unit(school, "school", BUREAU)
        for role, title in SCHOOL_POSTS:
            person("staff", school, (role, title, school))
        for grade_name in _GRADES[: size.grades]:
            grade = f"{school}/{grade_name}"
            unit(grade, "grade", school)
            person("staff", school, ("grade_head", "年级主任", grade))
            for class_number in range(1, size.classes + 1):
                path = f"{grade}/{class_number}班"
                unit(path, "class_unit", grade)
                person("staff", grade, ("head_teacher", "班主任", path))
                for _ in range(size.pupils + (school_number + class_number) % 3 - 1):
                    person("student", path)
    for table, values in rows.items():
        connection.execute(insert(table), values)
    connection.execute(insert(Version).values(name="roster", value=1))
    if connection.dialect.name == "postgresql":  # ids were given by hand
        for table in ("units", "persons", "accounts"):
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1000000)")
    return place
