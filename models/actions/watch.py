"""Keeping onsets of illness, and the signals that several of them make."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import insert, update

from models.actions.trail import hold
from models.queries.units import UnitInfo
from models.queries.watch import dormitory_of, family_of, illnesses_of, onsets_around, signals_of
from models.rules.clusters import DEFAULTS, SAME_ILLNESS, Reached, reached, rules_in_force
from models.rules.clusters import Onset as Fell
from models.tables import ClusterSignal, Onset
from models.work import Work


def note_onsets(
    work: Work, person_id: int, unit_id: int, day: date, syndromes: Iterable[str], since: date | None = None
) -> list[Reached]:
    """Keep that a person showed these syndromes on `day`; gives the rules newly reached by it, each place once.

    since: the first day, where it was said. An illness seen again within a week is the same one; nothing is counted
    twice. Rules that stand as signals already take the new cases in silently.
    """
    named = sorted(set(syndromes))
    unit = work.units.get(unit_id)
    if not named or unit is None:
        return []
    connection = work.flush()
    known = {row.syndrome: row for row in illnesses_of(connection, person_id, day - SAME_ILLNESS)}
    new: list[tuple[str, date]] = []
    for syndrome in named:
        began = min(since or day, day)
        before = known.get(syndrome)
        if before is None:
            new.append((syndrome, began))
        else:
            first = min(before.onset_on, began)
            connection.execute(
                update(Onset)
                .where(Onset.person_id == person_id, Onset.syndrome == syndrome, Onset.onset_on == before.onset_on)
                .values(onset_on=first, last_seen_on=max(before.last_seen_on, day))
            )
            if first != before.onset_on:
                new.append((syndrome, first))
    added = [(syndrome, began) for syndrome, began in new if syndrome not in known]
    if added:
        connection.execute(
            insert(Onset),
            [
                {
                    "person_id": person_id,
                    "syndrome": syndrome,
                    "onset_on": began,
                    "last_seen_on": day,
                    "unit_id": unit_id,
                    "school_id": unit.school_id,
                }
                for syndrome, began in added
            ],
        )
    return _signals(work, person_id, unit, new) if new else []


def _signals(work: Work, person_id: int, unit: UnitInfo, new: Sequence[tuple[str, date]]) -> list[Reached]:
    rules = rules_in_force(work.district.cluster_rules, DEFAULTS)
    reach = max((rule.days for rule in rules), default=1)
    days = [began for _, began in new]
    first, last = date.fromordinal(min(days).toordinal() - reach), date.fromordinal(max(days).toordinal() + reach)
    connection = work.connection
    # One at a time a school, so that two answers at once cannot both be the last but one.
    _hold(work, unit.school_id)
    family = family_of(connection, person_id)
    rows = onsets_around(connection, unit.school_id, family, first, last)
    sleeps = dormitory_of(connection, person_id)
    onsets = [
        _as_rule(work, row.person_id, row.syndrome, row.onset_on, row.unit_id, family, row.dormitory) for row in rows
    ]
    found: list[Reached] = []
    for syndrome, began in new:
        found += reached(rules, onsets, _as_rule(work, person_id, syndrome, began, unit.id, family, sleeps))
    return _new_only(work, found)


def _hold(work: Work, school_id: int | None) -> None:
    if work.connection.dialect.name != "sqlite":
        hold(work, f"clusters:{school_id}")


def _as_rule(
    work: Work, person: int, syndrome: str, day: date, unit_id: int, family: tuple[int, ...], sleeps: str | None
) -> Fell:
    unit = work.units.get(unit_id)
    is_class = unit is not None and unit.kind == "class_unit"
    return Fell(
        person,
        syndrome,
        day,
        class_id=unit_id if is_class else 0,
        grade_id=(unit.grade_id or 0) if unit is not None and is_class else 0,
        school_id=(unit.school_id or 0) if unit is not None else 0,
        dormitory=_number_of(unit.school_id if unit is not None else None, sleeps),
        family=family[0] if person in family and len(family) > 1 else 0,
    )


def _number_of(school_id: int | None, dormitory: str | None) -> int:
    """One number for one dormitory of one school, the same wherever it is made; 0 for nowhere."""
    if not dormitory:
        return 0
    return int.from_bytes(hashlib.sha256(f"{school_id}:{dormitory}".encode()).digest()[:7], "big") or 1


def _new_only(work: Work, found: Sequence[Reached]) -> list[Reached]:
    """Keep a signal for each rule reached; those that only add to one that stands are written into it."""
    if not found:
        return []
    connection = work.connection
    standing = list(signals_of(connection, {one.place for one in found}, min(one.first for one in found)))
    fresh: list[Reached] = []
    for one in found:
        same = [row for row in standing if row.rule == one.rule.code and row.place == one.place]
        row = next((row for row in same if row.syndrome == one.syndrome or set(one.people) <= set(row.people)), None)
        if row is not None:
            people = sorted({*row.people, *one.people})
            connection.execute(
                update(ClusterSignal)
                .where(ClusterSignal.id == row.id)
                .values(people=people, last_day=max(row.last_day, one.last))
            )
            continue
        if any(
            other.rule.code == one.rule.code and other.place == one.place and set(one.people) <= set(other.people)
            for other in fresh
        ):
            continue  # the same children by another of their symptoms
        connection.execute(
            insert(ClusterSignal).values(
                rule=one.rule.code,
                place=one.place,
                syndrome=one.syndrome,
                first_day=one.first,
                last_day=one.last,
                people=list(one.people),
                basis={
                    "count": one.rule.count,
                    "days": one.rule.days,
                    "text": one.rule.text,
                    "source": one.rule.source,
                },
                raised_at=work.now,
            )
        )
        fresh.append(one)
    return fresh
