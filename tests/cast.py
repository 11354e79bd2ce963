"""One small permanent cast: two schools on one fixed Monday. All names are invented.

红旗小学 (primary): 三年级 1班, 2班; 五年级 1班.  江畔中学 (junior): 七年级 1班.
林林 (三2) and her brother 林森 (五1); their mother and father; 王乐乐 and 李小明 (三2); 赵可 (三1); 周舟 (七1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from models.rules.district import District, Times
from models.tables import Account, Binding, BindingCode, Enrolment, Person, Post, Unit, Version
from models.vault import Vault

MONDAY = date(2026, 3, 2)
ZONE = ZoneInfo("Asia/Shanghai")
SECRET = "the-cast-keeps-this-secret-for-tests-only"
SCHOOL_YEAR = date(2025, 9, 1)
DISTRICT = District(name="春江区", code="230717", bureau="春江区教育局", times=Times(starts_on=date(2026, 2, 22)))

#: (key, number, name, class path)
PUPILS = (
    ("林林", "S001", "林林", "红旗小学/三年级/2班"),
    ("王乐乐", "S002", "王乐乐", "红旗小学/三年级/2班"),
    ("李小明", "S003", "李小明", "红旗小学/三年级/2班"),
    ("赵可", "S004", "赵可", "红旗小学/三年级/1班"),
    ("林森", "S005", "林森", "红旗小学/五年级/1班"),
    ("周舟", "S006", "周舟", "江畔中学/七年级/1班"),
)
#: (key, number, name, unit that collects them, posts as (role, title, unit path))
STAFF = (
    ("陈老师", "T001", "陈静", "红旗小学/三年级", (("head_teacher", "班主任", "红旗小学/三年级/2班"),)),
    ("黄老师", "T002", "黄河", "红旗小学/三年级", (("head_teacher", "班主任", "红旗小学/三年级/1班"),)),
    ("吴老师", "T003", "吴越", "红旗小学/五年级", (("head_teacher", "班主任", "红旗小学/五年级/1班"),)),
    ("孙主任", "T004", "孙勤", "红旗小学", (("grade_head", "年级主任", "红旗小学/三年级"),)),
    ("教务", "T005", "钱进", "红旗小学", (("academic_office", "教务主任", "红旗小学"),)),
    ("报告人", "T006", "何清", "红旗小学", (("designated_reporter", "疫情报告人", "红旗小学"),)),
    ("副报告人", "T007", "郑好", "红旗小学", (("deputy_reporter", "副报告人", "红旗小学"),)),
    ("校医", "T008", "冯康", "红旗小学", (("school_doctor", "校医", "红旗小学"),)),
    ("校长", "T009", "褚明", "红旗小学", (("principal", "校长", "红旗小学"),)),
    ("卫老师", "T010", "卫东", "江畔中学", (("head_teacher", "班主任", "江畔中学/七年级/1班"),)),
    ("江畔报告人", "T011", "蒋欣", "江畔中学", (("designated_reporter", "疫情报告人", "江畔中学"),)),
    ("江畔校长", "T012", "沈稳", "江畔中学", (("principal", "校长", "江畔中学"),)),
    ("区报告人", "B001", "韩平", "春江区教育局", (("district_officer", "区报告人", "春江区教育局"),)),
    ("局领导", "B002", "杨安", "春江区教育局", (("district_leader", "区领导小组", "春江区教育局"),)),
    ("应急组", "B003", "朱急", "春江区教育局", (("wg_emergency", "应急防控组", "春江区教育局"),)),
)
UNITS = (
    ("春江区教育局", "district", None),
    ("红旗小学", "school", "春江区教育局"),
    ("江畔中学", "school", "春江区教育局"),
    ("红旗小学/三年级", "grade", "红旗小学"),
    ("红旗小学/五年级", "grade", "红旗小学"),
    ("江畔中学/七年级", "grade", "江畔中学"),
    ("红旗小学/三年级/1班", "class_unit", "红旗小学/三年级"),
    ("红旗小学/三年级/2班", "class_unit", "红旗小学/三年级"),
    ("红旗小学/五年级/1班", "class_unit", "红旗小学/五年级"),
    ("江畔中学/七年级/1班", "class_unit", "江畔中学/七年级"),
)
#: who is bound to whom from the start; "新人" follows the account and is bound to nobody
GUARDIANS = (
    ("妈妈", ("林林", "林森")),
    ("爸爸", ("林林",)),
    ("奶奶", ("王乐乐",)),
    ("小明爸爸", ("李小明",)),
    ("可妈", ("赵可",)),
    ("舟妈", ("周舟",)),
    ("新人", ()),
)


@dataclass(slots=True)
class Cast:
    """Ids by key. openids: "o-妈妈" …; codes: binding codes by person key."""

    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)


def openid(who: str) -> str:
    return f"o-{who}"


def at(clock: str, day: date = MONDAY) -> datetime:
    """The moment the district's clock shows "08:10" (or "08:10:30") on `day`."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZONE)


def build(connection: Connection, vault: Vault) -> Cast:
    """Put the cast into an empty, migrated database."""
    cast = Cast()
    rows: dict[type, list[dict[str, Any]]] = {
        table: [] for table in (Unit, Person, Enrolment, Post, BindingCode, Account, Binding)
    }
    for number, (path, kind, parent) in enumerate(UNITS, start=1):
        parts = path.split("/")
        cast.units[path] = number
        rows[Unit].append(
            {
                "id": number,
                "parent_id": cast.units[parent] if parent else None,
                "kind": kind,
                "name": parts[-1],
                "path": path,
                "school_id": None if kind == "district" else cast.units[parts[0]],
                "grade_id": cast.units["/".join(parts[:2])] if len(parts) > 1 else None,
                "position": number,
                "school_kind": {"红旗小学": "primary", "江畔中学": "junior"}.get(path),
            }
        )
    people = [(key, "student", number, name, unit, ()) for key, number, name, unit in PUPILS]
    people += [(key, "staff", number, name, unit, posts) for key, number, name, unit, posts in STAFF]
    made = datetime(2026, 2, 20, tzinfo=UTC)
    for number, (key, kind, roster_number, name, path, posts) in enumerate(people, start=1):
        cast.people[key] = number
        unit = cast.units[path]
        school = None if path.startswith("春江区") else cast.units[path.split("/")[0]]
        rows[Person].append(
            {
                "id": number,
                "kind": kind,
                "number": roster_number,
                "name": name,
                "unit_id": unit,
                "school_id": school,
                "joined_on": SCHOOL_YEAR,
            }
        )
        rows[Enrolment].append({"person_id": number, "unit_id": unit, "from_date": SCHOOL_YEAR})
        rows[Post] += (
            {
                "person_id": number,
                "role": role,
                "title": title,
                "unit_id": cast.units[post_unit],
                "from_date": SCHOOL_YEAR,
            }
            for role, title, post_unit in posts
        )
        cast.codes[key] = f"CODE{number:04d}"
        rows[BindingCode].append(
            {
                "person_id": number,
                "code": vault.seal("binding_codes.code", cast.codes[key]),
                "code_index": vault.index("binding_codes.code", cast.codes[key]),
                "made_at": made,
            }
        )
    accounts = list(GUARDIANS) + [(key, (key,)) for key, *_ in STAFF]
    for number, (key, bound) in enumerate(accounts, start=1):
        cast.accounts[key] = number
        rows[Account].append({"id": number, "openid": openid(key), "followed_at": made, "created_at": made})
        rows[Binding] += (
            {
                "account_id": number,
                "person_id": cast.people[person],
                "relation": "guardian" if key in dict(GUARDIANS) else "self",
                "rank": 2 if key == "爸爸" else 1,
                "bound_at": made,
                "consent_version": "2026-02",
                "consented_at": made,
            }
            for person in bound
        )
    for table, values in rows.items():
        connection.execute(insert(table), values)
    connection.execute(insert(Version).values(name="roster", value=1))
    if connection.dialect.name == "postgresql":  # ids were given by hand
        for table in ("units", "persons", "accounts"):
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1000)")
    return cast
