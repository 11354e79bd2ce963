"""Changing the register of key persons. Rows are ended, never deleted; every decision keeps the rule it was made by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from models.actions import trail
from models.queries.keepers import keeper_of, still_keeps
from models.queries.regions import StoredRegion
from models.rules.key_persons import level_of, until_of
from models.tables import Journey, KeyContact, KeyDecision, KeyPerson, Person, Version
from models.work import Work

#: Ids named in one statement.
_AT_ONCE = 900
_STATE_ONCE_HEARD = case(
    (and_(KeyPerson.state.in_(("registered", "in_contact")), KeyPerson.until.is_not(None)), "observing"),
    (KeyPerson.state == "registered", "in_contact"),
    else_=KeyPerson.state,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody to register. reason, place: in words (sealed); since: the last day of exposure, None while it goes on.

    by: the person who entered it, None for the system; actor: the same for the trail; region: what it was decided by.
    """

    person_id: int
    unit_id: int
    category: str
    reason: str
    place: str
    source: str
    since: date | None
    is_held: bool = False
    by: int | None = None
    actor: str = "system"
    region: StoredRegion | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of an entry. is_new: it was not on the list; keeper_id: who keeps in contact."""

    id: int
    is_new: bool
    keeper_id: int | None


def register(work: Work, entry: Entry, day: date) -> Registered:
    """Put somebody on the list, or bring what is known of them up to date; a later exposure moves the end on.

    Three statements. The keeper is named in the same transaction.
    """
    connection = work.flush()
    days = work.district.disease.observation_days
    until = until_of(entry.category, entry.since, days)
    row = connection.execute(
        select(
            KeyPerson.id,
            KeyPerson.since,
            KeyPerson.state,
            KeyPerson.keeper_id,
            KeyPerson.is_held,
            KeyPerson.approved_at,
        ).where(
            KeyPerson.person_id == entry.person_id,
            KeyPerson.category == entry.category,
            KeyPerson.ended_at.is_(None),
        )
    ).first()
    if row is not None:
        known = row.since
        since = entry.since if known is None or entry.since is None else max(known, entry.since)
        changes = {
            "since": since,
            "until": until_of(entry.category, since, days),
            "reason": _reason(work, entry),
            # Back without anybody's approval is held still: only a person ends 暂不返校.
            "is_held": row.is_held or (entry.is_held and row.approved_at is None),
            "state": "observing" if row.is_held and not entry.is_held else row.state,
        }
        connection.execute(update(KeyPerson).where(KeyPerson.id == row.id).values(**changes))
        if since != known:
            _decide(work, row.id, "kept", entry.actor, _rule(entry), entry.region, f"{entry.reason}；末次暴露{since}")
        return Registered(row.id, False, row.keeper_id)
    school = select(Person.school_id).where(Person.id == entry.person_id).scalar_subquery()
    made = connection.execute(
        insert(KeyPerson)
        .values(
            person_id=entry.person_id,
            unit_id=entry.unit_id,
            school_id=school,
            category=entry.category,
            state="registered",
            reason=_reason(work, entry),
            source=entry.source,
            since=entry.since,
            until=until,
            is_held=entry.is_held,
            registered_on=day,
            registered_at=work.now,
            registered_by=entry.by,
            keeper_id=keeper_of(literal(entry.unit_id), day),
            next_contact_at=work.district.at(day + timedelta(days=1), work.district.times.class_report),
        )
        .returning(KeyPerson.id, KeyPerson.keeper_id)
    ).one()
    _decide(work, made.id, "registered", entry.actor, _rule(entry), entry.region, entry.reason)
    trail.note(work, entry.actor, "key-person.register", f"person:{entry.person_id}", entry.category)
    return Registered(made.id, True, made.keeper_id)


def log_contact(work: Work, ids: Sequence[int], day: date, outcome: str, by: int, note: str) -> None:
    """Somebody was phoned, or could not be reached, on `day`. Two statements."""
    connection = work.flush()
    sealed = work.vault.seal("key_contacts.note", note) if note else None
    connection.execute(
        insert(KeyContact),
        [
            {
                "key_person_id": number,
                "day": day,
                "outcome": outcome,
                "by_person_id": by,
                "at": work.now,
                "note": sealed,
            }
            for number in ids
        ],
    )
    changes: dict[str, Any] = {
        "next_contact_at": work.district.at(day + timedelta(days=1), work.district.times.class_report)
    }
    if outcome != "unreachable":
        changes |= {"last_contact_on": day, "escalated_on": None, "state": _STATE_ONCE_HEARD}
    connection.execute(update(KeyPerson).where(KeyPerson.id.in_(list(ids))).values(**changes))


def note_heard(work: Work, ids: Sequence[int], day: date) -> None:
    """These were heard on `day`: what was only registered is in contact, or observed where the exposure has ended."""
    connection = work.flush()
    for begin in range(0, len(ids), _AT_ONCE):
        chosen = KeyPerson.id.in_(list(ids[begin : begin + _AT_ONCE]))
        connection.execute(
            update(KeyPerson).where(chosen).values(last_contact_on=day, state=_STATE_ONCE_HEARD, escalated_on=None)
        )


def note_escalated(work: Work, ids: Sequence[int], day: date) -> None:
    """It was told higher up that these cannot be reached."""
    connection = work.flush()
    for begin in range(0, len(ids), _AT_ONCE):
        chosen = KeyPerson.id.in_(list(ids[begin : begin + _AT_ONCE]))
        connection.execute(update(KeyPerson).where(chosen).values(escalated_on=day))


def approve_return(work: Work, ids: Sequence[int], by: int, reason: str) -> None:
    """They may come back: no longer held away. Who decided stays on the row."""
    connection = work.flush()
    connection.execute(
        update(KeyPerson)
        .where(KeyPerson.id.in_(list(ids)))
        .values(is_held=False, state="returning", approved_by=by, approved_at=work.now)
    )
    for number in ids:
        _decide(work, number, "approved", f"person:{by}", "return", None, reason)
        trail.note(work, f"person:{by}", "key-person.approve-return", f"key-person:{number}")


def waive(work: Work, ids: Sequence[int], days: int, by: int, reason: str) -> None:
    """A person answers for days that were missed: they do not put the end off any more."""
    connection = work.flush()
    connection.execute(
        update(KeyPerson).where(KeyPerson.id.in_(list(ids))).values(waived_days=KeyPerson.waived_days + days)
    )
    for number in ids:
        _decide(work, number, "waived", f"person:{by}", "missing-days", None, f"{days}天：{reason}")
        trail.note(work, f"person:{by}", "key-person.waive", f"key-person:{number}", f"{days} days")


def end(work: Work, ids: Sequence[int], day: date, by: int, note: str, *, state: str = "released") -> None:
    """Released (or transferred) by a person, with what they gave as a reason or a document."""
    connection = work.flush()
    connection.execute(
        update(KeyPerson)
        .where(KeyPerson.id.in_(list(ids)), KeyPerson.ended_at.is_(None))
        .values(
            state=state,
            is_held=False,
            ended_on=day,
            ended_at=work.now,
            ended_by=by,
            note=work.vault.seal("key_persons.note", note) if note else None,
        )
    )
    for number in ids:
        _decide(work, number, state, f"person:{by}", "person", None, note)
        trail.note(work, f"person:{by}", f"key-person.{state}", f"key-person:{number}")


def propose(work: Work, ids: Iterable[int], proposal: str) -> None:
    """Release is proposed to those who decide; nothing ends by itself."""
    listed = list(ids)
    if not listed:
        return
    work.flush().execute(
        update(KeyPerson)
        .where(KeyPerson.id.in_(listed), KeyPerson.ended_at.is_(None))
        .values(state="due_for_release", proposal=proposal)
    )
    for number in listed:
        _decide(work, number, "proposed", "system", proposal, None, "")


def keep_keepers(work: Work, day: date) -> int:
    """Follow people into their new class, and name a keeper anew wherever the one named holds no post over them any
    more. Two statements; gives how many keepers were changed.
    """
    connection = work.flush()
    here = select(Person.unit_id).where(Person.id == KeyPerson.person_id).scalar_subquery()
    school = select(Person.school_id).where(Person.id == KeyPerson.person_id).scalar_subquery()
    connection.execute(
        update(KeyPerson)
        .where(KeyPerson.ended_at.is_(None), KeyPerson.unit_id != here)
        .values(unit_id=here, school_id=school)
    )
    changed = connection.execute(
        update(KeyPerson)
        .where(KeyPerson.ended_at.is_(None), ~still_keeps(KeyPerson.unit_id, KeyPerson.keeper_id, day))
        .values(keeper_id=keeper_of(KeyPerson.unit_id, day))
    )
    return int(changed.rowcount)


def region_added(work: Work, region: StoredRegion, day: date, actor: str) -> list[int]:
    """Look at every journey within the lookback again for a region that is new on the list; gives the new key persons.

    Five statements, however many people: found by the digest of the region's code, never by opening a row. A person
    already on the list for a key region stays on it once; those who were there are marked as having been.
    """
    connection = work.flush()
    level, stem = level_of(region.code)
    column = {"province": Journey.province_index, "city": Journey.city_index, "county": Journey.county_index}[level]
    horizon = day - timedelta(days=work.district.disease.lookback_days)
    stay = [
        column.in_(work.vault.indexes("journeys.code", stem)),
        Journey.kind != "plan",
        or_(Journey.last_on.is_(None), Journey.last_on >= max(horizon, region.from_date)),
    ]
    if region.to_date is not None:
        stay.append(or_(Journey.left_on.is_(None), Journey.left_on < region.to_date))
    connection.execute(update(Journey).where(*stay, Journey.region_id.is_(None)).values(region_id=region.id))
    version = _version(work)
    before = connection.execute(select(func.coalesce(func.max(KeyPerson.id), 0))).scalar_one()
    reason = work.vault.seal_json(
        "key_persons.reason",
        {
            "reason": f"{region.name}自{region.from_date}起列入重点地区，名单更新后复核到其停留或接触",
            "place": region.name,
        },
    )
    earlier = aliased(KeyPerson)
    observation = work.district.disease.observation_days
    there = func.max(Journey.last_on)
    still = func.count() > func.count(Journey.last_on)
    rows = connection.execute(
        select(Journey.person_id, Person.unit_id, Person.school_id, there, still)
        .join(Person, Person.id == Journey.person_id)
        .where(
            *stay,
            or_(Person.left_on.is_(None), Person.left_on > day),
            ~exists().where(
                and_(
                    earlier.person_id == Journey.person_id,
                    earlier.category == "kp_region",
                    earlier.ended_at.is_(None),
                )
            ),
        )
        .group_by(Journey.person_id, Person.unit_id, Person.school_id)
    ).all()
    if not rows:
        return []
    first_contact = work.district.at(day, work.district.times.class_report)
    first_contact = max(first_contact, work.now)
    connection.execute(
        insert(KeyPerson),
        [
            {
                "person_id": person_id,
                "unit_id": unit_id,
                "school_id": school_id,
                "category": "kp_region",
                "state": "registered",
                "reason": reason,
                "source": "region",
                "since": None if is_there else last,
                "until": None if is_there else until_of("kp_region", last, observation),
                "is_held": bool(is_there),
                "waived_days": 0,
                "proposal": "",
                "registered_on": day,
                "registered_at": work.now,
                "next_contact_at": first_contact,
            }
            for person_id, unit_id, school_id, last, is_there in rows
        ],
    )
    keep_keepers(work, day)
    ours = and_(KeyPerson.id > before, KeyPerson.source == "region", KeyPerson.registered_at == work.now)
    new = list(connection.execute(select(KeyPerson.id).where(ours)).scalars())
    connection.execute(
        insert(KeyDecision).from_select(
            ["key_person_id", "at", "deed", "actor", "rule", "region_id", "regions_version"],
            select(
                KeyPerson.id,
                literal(work.now, KeyDecision.__table__.c.at.type),
                literal("registered"),
                literal(actor[:64]),
                literal("kp_region"),
                literal(region.id),
                literal(version),
            ).where(ours),
        )
    )
    trail.note(work, actor, "key-person.region-added", f"region:{region.id}", f"{len(new)} persons, list {version}")
    return new


def region_ended(work: Work, region_ids: Sequence[int], actor: str) -> list[int]:
    """A region left the list: release is proposed for those who are followed up because of it; nobody is deleted.

    Gives the key persons concerned. Three statements.
    """
    connection = work.flush()
    other = aliased(Journey)
    ids = list(
        connection.execute(
            select(KeyPerson.id)
            .distinct()
            .join(Journey, Journey.person_id == KeyPerson.person_id)
            .where(
                KeyPerson.category == "kp_region",
                KeyPerson.ended_at.is_(None),
                KeyPerson.proposal != "region_ended",
                Journey.region_id.in_(list(region_ids)),
                ~exists().where(
                    and_(
                        other.person_id == KeyPerson.person_id,
                        other.region_id.is_not(None),
                        other.region_id.not_in(list(region_ids)),
                    )
                ),
            )
        ).scalars()
    )
    if not ids:
        return []
    version = _version(work)
    for begin in range(0, len(ids), _AT_ONCE):
        chosen = KeyPerson.id.in_(ids[begin : begin + _AT_ONCE])
        connection.execute(update(KeyPerson).where(chosen).values(proposal="region_ended"))
    connection.execute(
        insert(KeyDecision),
        [
            {
                "key_person_id": number,
                "at": work.now,
                "deed": "proposed",
                "actor": actor[:64],
                "rule": "region_ended",
                "region_id": region_ids[0],
                "regions_version": version,
            }
            for number in ids
        ],
    )
    trail.note(work, actor, "key-person.region-ended", f"region:{region_ids[0]}", f"{len(ids)} persons, list {version}")
    return ids


def _reason(work: Work, entry: Entry) -> bytes:
    return work.vault.seal_json("key_persons.reason", {"reason": entry.reason, "place": entry.place})


def _rule(entry: Entry) -> str:
    return entry.category if entry.region is None else "kp_region"


def _version(work: Work) -> int:
    """Which version of the list of key regions holds."""
    found = work.flush().execute(select(Version.value).where(Version.name == "regions")).scalar_one_or_none()
    return int(found or 0)


def _decide(
    work: Work, number: int, deed: str, actor: str, rule: str, region: StoredRegion | None, detail: str
) -> None:
    work.flush().execute(
        insert(KeyDecision).values(
            key_person_id=number,
            at=work.now,
            deed=deed,
            actor=actor[:64],
            rule=rule,
            region_id=region.id if region else None,
            regions_version=_version(work) if region else None,
            detail=work.vault.seal("key_decisions.detail", detail) if detail else None,
        )
    )
