"""The register of persons in management: put on it, their checks, and taken off it by a person with a document."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from models.actions.trail import note
from models.queries.management import ASKED, ClearanceRow, ManagedRow, managed
from models.rules.management import EXCLUDED_FROM_SCHOOL, earliest_return, ends_on, kin, wait_of
from models.statements import insert
from models.tables import Clearance, Management, ObservationCheck, Person
from models.work import Row, Work


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody is found to be, or put under, `kind` (see `rules.management`). source: who decided it, as said."""

    person_id: int
    unit_id: int
    kind: str
    day: date
    source: str
    by: int
    last_exposure_on: date | None = None
    officer_id: int | None = None
    incident_id: int | None = None


def start(work: Work, given: Start) -> tuple[list[str], bool]:
    """Put somebody on the register; gives the kinds whose place it takes, and whether it is new.

    A person has one finding and one measure at a time (V11, V12). The same again moves its end where the exposure is
    a later one, and nothing else.
    """
    connection = work.flush()
    now = managed(work, [given.person_id])
    same = next((row for row in now if row.kind == given.kind), None)
    exposed = given.last_exposure_on or (given.day if given.kind in ASKED else None)
    end = ends_on(exposed, work.district.disease) if exposed is not None and given.kind in ASKED else None
    if same is not None:
        if exposed is not None and (same.last_exposure_on is None or exposed > same.last_exposure_on):
            connection.execute(
                update(Management)
                .where(Management.id == same.id)
                .values(last_exposure_on=exposed, ends_on=end, state="observing")
            )
            note(work, f"person:{given.by}", "management.exposure", f"management:{same.id}", f"{exposed}")
        return [], False
    former = [row for row in now if row.kind in kin(given.kind)]
    if former:
        connection.execute(
            update(Management)
            .where(Management.id.in_([row.id for row in former]))
            .values(state="superseded", ended_on=given.day, ended_by=given.by, ended_at=work.now)
        )
    made = connection.execute(
        insert(connection, Management)
        .values(
            person_id=given.person_id,
            unit_id=given.unit_id,
            school_id=work.units[given.unit_id].school_id,
            kind=given.kind,
            known_on=given.day,
            last_exposure_on=exposed,
            ends_on=end,
            state="observing",
            incident_id=given.incident_id,
            officer_id=given.officer_id,
            source=work.vault.seal("managements.source", given.source),
            started_by=given.by,
            started_at=work.now,
        )
        .on_conflict_do_nothing()
        .returning(Management.id)
    ).scalar()
    _watch(work, given.person_id)
    if given.kind in EXCLUDED_FROM_SCHOOL:
        need_clearance(work, given.person_id, given.unit_id, "isolation", given.day, incident_id=given.incident_id)
    note(work, f"person:{given.by}", "management.start", f"management:{made}", given.kind)
    return [row.kind for row in former], True


def release(work: Work, rows: Sequence[ManagedRow], day: date, document: str, by: int) -> None:
    """A person with a document ends these. Nothing else does (domain handbook 0.4, 8.5)."""
    if not rows:
        return
    work.flush().execute(
        update(Management)
        .where(Management.id.in_([row.id for row in rows]), Management.ended_on.is_(None))
        .values(
            state="released",
            ended_on=day,
            ended_by=by,
            ended_at=work.now,
            document=work.vault.seal("managements.document", document),
        )
    )
    for row in rows:
        note(work, f"person:{by}", "management.release", f"management:{row.id}", row.kind)
    for person_id in {row.person_id for row in rows}:
        _watch(work, person_id)


def _watch(work: Work, person_id: int) -> None:
    """Whether two checks a day are asked of somebody, kept where every answer's first statement finds it."""
    holds = select(Management.id).where(
        Management.person_id == person_id, Management.kind.in_(ASKED), Management.ended_on.is_(None)
    )
    work.connection.execute(update(Person).where(Person.id == person_id).values(in_observation=holds.exists()))


def assign(work: Work, person_id: int, officer_id: int, by: int) -> None:
    """From now on this member of staff is the person's contact."""
    work.flush().execute(
        update(Management)
        .where(Management.person_id == person_id, Management.ended_on.is_(None))
        .values(officer_id=officer_id)
    )
    note(work, f"person:{by}", "management.officer", f"person:{person_id}", f"person:{officer_id}")


@dataclass(frozen=True, slots=True)
class Standing:
    """How an observation stands after its checks were looked at."""

    row_id: int
    ends_on: date
    state: str


def keep_standing(work: Work, standings: Sequence[Standing]) -> None:
    """Keep ends that have moved, and whose release may be decided. One statement."""
    if standings:
        work.flush().execute(
            update(Management)
            .where(Management.id == bindparam("the_id"), Management.ended_on.is_(None))
            .values(ends_on=bindparam("new_ends_on"), state=bindparam("new_state")),
            [{"the_id": one.row_id, "new_ends_on": one.ends_on, "new_state": one.state} for one in standings],
        )


def check_answered(work: Work, person_id: int, day: date, slot: str, at: datetime) -> None:
    """One of the two checks was answered; the first answer's time stays. Written with the batch."""
    work.later(25, "observation_checks", _answer, {"person_id": person_id, "day": day, "slot": slot, "answered_at": at})


def _answer(connection: Connection, rows: list[Row]) -> object:
    first = {(row["person_id"], row["day"], row["slot"]): row for row in reversed(rows)}
    statement = insert(connection, ObservationCheck)
    return connection.execute(
        statement.on_conflict_do_update(
            index_elements=("person_id", "day", "slot"),
            set_={"answered_at": statement.excluded.answered_at},
            where=ObservationCheck.answered_at.is_(None),
        ),
        list(first.values()),
    )


def checks_missed(work: Work, person_ids: Iterable[int], day: date, slot: str, at: datetime) -> None:
    """These people did not answer a check. One statement."""
    rows = [
        {"person_id": person_id, "day": day, "slot": slot, "missed_at": at} for person_id in sorted(set(person_ids))
    ]
    if rows:
        statement = insert(work.flush(), ObservationCheck)
        work.connection.execute(
            statement.on_conflict_do_update(
                index_elements=("person_id", "day", "slot"),
                set_={"missed_at": statement.excluded.missed_at},
                where=ObservationCheck.missed_at.is_(None),
            ),
            rows,
        )


# --- coming back -----------------------------------------------------------------------------------------------------
def need_clearance(
    work: Work,
    person_id: int,
    unit_id: int,
    reason: str,
    day: date,
    *,
    disease: str = "",
    since: date | None = None,
    incident_id: int | None = None,
) -> None:
    """From `day` on somebody comes back only with a clearance; one open a person, a named disease is added to it.

    reason: incident, isolation, sick, person. since: what the disease's wait is counted from. One or two statements.
    """
    connection = work.flush()
    earliest = earliest_return(wait_of(disease, work.district, day), since) if disease else None
    connection.execute(
        insert(connection, Clearance)
        .values(
            person_id=person_id,
            unit_id=unit_id,
            school_id=work.units[unit_id].school_id,
            reason=reason,
            disease=disease,
            needed_on=day,
            earliest_on=earliest,
            incident_id=incident_id,
        )
        .on_conflict_do_nothing()
    )
    if disease:
        connection.execute(
            update(Clearance)
            .where(Clearance.person_id == person_id, Clearance.ended_on.is_(None))
            .values(disease=disease, earliest_on=earliest)
        )


def not_needed(work: Work, incident_id: int, day: date) -> None:
    """An incident was a false alarm: what it asked for is not asked any more, unless papers were brought."""
    work.flush().execute(
        update(Clearance)
        .where(Clearance.incident_id == incident_id, Clearance.reason == "incident", Clearance.ended_on.is_(None))
        .values(ended_on=day)
    )


def present(work: Work, row: ClearanceRow, certificate: str, issuer: str, issued_on: date | None) -> None:
    """The family brought a certificate. A former check no longer counts: it was of another paper."""
    _change(
        work,
        row,
        certificate=certificate,
        issuer=work.vault.seal("clearances.issuer", issuer),
        issued_on=issued_on,
        presented_at=work.now,
        check_passed=None,
        checked_at=None,
        checked_by=None,
    )


def keep_picture(work: Work, row: ClearanceRow, media_id: str) -> None:
    """The platform's reference of a picture, where schools ask for one; it is fetched soon after, and the last counts."""
    _change(work, row, media=work.vault.seal("clearances.media", media_id), media_at=work.now, picture=None)


def store_picture(work: Work, clearance_id: int, content: bytes) -> bool:
    """The picture was fetched; the reference is needed no more. Gives whether it was still waited for."""
    done = work.flush().execute(
        update(Clearance)
        .where(Clearance.id == clearance_id, Clearance.media.is_not(None))
        .values(picture=work.vault.seal("clearances.picture", base64.b64encode(content).decode()), media=None)
    )
    return bool(done.rowcount)


def drop_picture(work: Work, clearance_id: int) -> None:
    """What was sent is no picture, or the platform has it no more."""
    work.flush().execute(update(Clearance).where(Clearance.id == clearance_id).values(media=None, media_at=None))


def check(work: Work, row: ClearanceRow, passed: bool, text: str, by: int) -> None:
    """The school doctor has looked at somebody and their papers."""
    sealed = work.vault.seal("clearances.check_note", text) if text else None
    _change(work, row, check_passed=passed, checked_at=work.now, checked_by=by, check_note=sealed)
    note(work, f"person:{by}", "clearance.check", f"clearance:{row.id}", "passed" if passed else "not passed")


def admit(work: Work, row: ClearanceRow, day: date, by: int) -> None:
    """The teacher takes somebody back; nothing stands against it from `day` on."""
    _change(work, row, admitted_at=work.now, admitted_by=by, ended_on=day)
    note(work, f"person:{by}", "clearance.admit", f"clearance:{row.id}")


def _change(work: Work, row: ClearanceRow, **made: Any) -> None:
    work.connection.execute(update(Clearance).where(Clearance.id == row.id).values(made))
