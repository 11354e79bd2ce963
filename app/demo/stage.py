"""Seating the demonstration: everybody bound, the four people of the page through the real conversation.

Most of the district is bound before the curtain rises; the four whose phones are shown follow the account, send their
code and agree, over the wire, so that a newcomer reads in their chats how it began.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from app.demo.district import TOUR_CHILD, TOUR_CLASS
from app.process.runtime import Runtime
from app.sandbox.platform.settings import stage
from models.actions import accounts
from models.actions.bindings import bind
from models.queries import roster as stored
from models.queries.bindings import by_code
from models.queries.people import Holder, holders
from models.queries.roster import CodeRow
from models.rules.binding import canonical
from models.work import Work

CONSENT = "demo"


@dataclass(frozen=True, slots=True)
class Seated:
    """users: for the stand-in's user list; cast: the four phones; codes: what each of the four will send."""

    users: list[dict[str, Any]]
    cast: list[dict[str, Any]]
    codes: dict[str, str]


def seat(runtime: Runtime) -> Seated:
    """Bind the district (but for the four on the page) and say who is who."""
    with runtime.database.write() as connection:
        work = runtime.work(connection)
        rows = stored.codes(connection, runtime.vault, work.units)
        cast, codes = _cast(work, rows)
        taken = set(codes.values())
        users = _families(work, [row for row in rows if row.kind == "student" and row.code not in taken])
        users += _staff(work, [row for row in rows if row.kind == "staff" and row.code not in taken])
        work.flush()
    return Seated(users, cast, codes)


def _families(work: Work, rows: Sequence[CodeRow]) -> list[dict[str, Any]]:
    bindings = {f"oDemoFamily{row.number:0>17}"[:28]: row for row in rows}
    _bind_all(work, {openid: row.code for openid, row in bindings.items()})
    return [
        {
            "openid": openid,
            "name": f"{row.name}的家长",
            "caption": f"{row.school}{row.grade}{row.class_name}",
            "following": True,
            "plays": "guardian",
            "children": [row.name],
        }
        for openid, row in bindings.items()
    ]


def _staff(work: Work, rows: Sequence[CodeRow]) -> list[dict[str, Any]]:
    bindings = {f"oDemoStaff{row.number:0>18}"[:28]: row for row in rows}
    _bind_all(work, {openid: row.code for openid, row in bindings.items()})
    teachers = _teaching(work)
    return [
        {
            "openid": openid,
            "name": row.name,
            "caption": row.school,
            "following": True,
            "plays": "teacher" if row.number in teachers else "staff",
            "children": [],
        }
        for openid, row in bindings.items()
    ]


def _teaching(work: Work) -> set[str]:
    classes = [unit.id for school in work.units.schools() for unit in work.units.classes(school.id)]
    people = holders(work.flush(), classes, ["head_teacher"], work.district.day_of(work.now))
    numbers = {person.id: person.number for person in stored.everybody(work.connection).values()}
    return {numbers[holder.person_id] for holder in people if holder.person_id in numbers}


def _bind_all(work: Work, codes: Mapping[str, str]) -> None:
    speakers = accounts.ensure(work, codes)
    today = work.district.day_of(work.now)
    for openid, code in codes.items():
        holder = by_code(work.connection, work.vault, canonical(code), today)
        if holder is not None:
            speaker = speakers[openid]
            speaker.followed_at = work.now
            bind(work, speaker, holder, 1, CONSENT, work.now)
    accounts.write_back(work, speakers.values())
    work.flush()


def _cast(work: Work, rows: Sequence[CodeRow]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The four phones with the names of this district, and each one's binding code."""
    unit = work.units.at(TOUR_CLASS)
    district = work.units.district
    if unit is None or unit.school_id is None or district is None:
        raise LookupError(f"the demonstration has no {TOUR_CLASS}")
    today = work.district.day_of(work.now)
    school = work.units[unit.school_id]
    people = {
        "teacher": _holder(work, unit.id, "head_teacher", today),
        "reporter": _holder(work, school.id, "designated_reporter", today),
        "official": _holder(work, district.id, "district_officer", today),
    }
    by_person = {person.id: person.number for person in stored.everybody(work.flush()).values()}
    codes_by_number = {row.number: row.code for row in rows if row.kind == "staff"}
    child = next(row for row in rows if row.kind == "student" and row.name == TOUR_CHILD and row.unit.id == unit.id)
    captions = {
        "teacher": f"{work.units.class_name(unit.id)}班主任",
        "reporter": f"{school.name}疫情报告人",
        "official": "区教育局报告人",
    }
    cast, codes = [], {}
    for member in stage("cast"):
        made = dict(member)
        if member["id"] == "parent":
            codes[member["openid"]] = child.code
        else:
            holder = people[member["id"]]
            made |= {"name": f"{holder.name}", "caption": captions[member["id"]], "face": holder.name[:1]}
            codes[member["openid"]] = codes_by_number[by_person[holder.person_id]]
        cast.append(made)
    return cast, codes


def _holder(work: Work, unit_id: int, role: str, today: Any) -> Holder:
    found = holders(work.flush(), [unit_id], [role], today)
    if not found:
        raise LookupError(f"the demonstration has no {role}")
    return found[0]


async def raise_curtain(control: str, seated: Seated) -> None:
    """Tell the stand-in who there is, and let the four of the page bind themselves over the wire."""
    async with httpx.AsyncClient(base_url=control, timeout=30) as client:
        (await client.post("/users/batch", json={"users": seated.users})).raise_for_status()
        for member in seated.cast:
            openid = member["openid"]
            if (await client.get(f"/users/{openid}")).status_code == httpx.codes.NOT_FOUND:
                (await client.post("/users", json={"openid": openid, "name": member["name"]})).raise_for_status()
            (await client.post(f"/users/{openid}/follow", json={})).raise_for_status()
            for text in (f"绑定 {seated.codes[openid]}", "同意"):
                (await client.post(f"/users/{openid}/text", json={"content": text})).raise_for_status()
