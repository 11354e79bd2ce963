"""Letting go of what need not be kept any longer, and of one person's health data on request (domain handbook 13.4).

Days come from the district's `[retention]`; which hold for which table is said in
`rules.retention`. Counts of units and signed figures stay: they hold no person.

Nothing here takes long in one transaction: people go by ranges, the rest by so many rows, and the night's progress is
kept in counters, so that whoever was killed is followed by somebody who goes on from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Delete, Update, and_, delete, func, or_, select, update

from models.actions.trail import note
from models.queries.retention import KEPT_FROM
from models.statements import insert
from models.tables import (
    Absence,
    AbsenceFollowUp,
    Account,
    Alert,
    Audit,
    Binding,
    Call,
    CheckIn,
    Clearance,
    ClusterSignal,
    ContactCandidate,
    Declaration,
    Inbox,
    Incident,
    Journey,
    KeyContact,
    KeyDecision,
    KeyPerson,
    Management,
    ObservationCheck,
    Onset,
    Outbox,
    Person,
    PersonDay,
    TeacherThread,
    Version,
)
from models.work import Work

#: Persons whose rows go in one unit of work, so that on SQLite nobody waits long behind it.
PEOPLE_AT_A_TIME = 2000
#: Rows of one class of data that go in one unit of work: under a second on either engine (docs/scale.md).
ROWS_AT_A_TIME = 10_000
#: Ranges of people looked at in one unit of work of the night, however little falls due in them.
RANGES_AT_A_TIME = 5
#: Counters of a night's work: whose night (its ordinal), and the person to go on with: 0 when the people are done, -1
#: when everything is. Beside them one a class of data counts rows, until the night is on the trail.
NIGHT, NEXT, COUNTED = "retention_night", "retention_next", "retention:"
FINAL = ("sent", "dropped", "expired", "failed", "unknown")
ERASED = "应申请已删除"


def begin(work: Work, at: datetime) -> list[tuple[int, int]]:
    """Say from which day on check-ins are kept, and give the ranges of person ids to purge one after another.

    It is said first, so that a purge broken off never makes deleted days look unreported.
    """
    connection = work.flush()
    kept_from = work.district.day_of(at) - timedelta(days=work.district.retention.check_ins)
    statement = insert(connection, Version).values(name=KEPT_FROM, value=kept_from.toordinal())
    known = Version.__table__.c.value
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=("name",),
            set_={"value": statement.excluded.value},
            where=known < statement.excluded.value,
        )
    )
    ids = connection.execute(select(func.min(Person.id), func.max(Person.id)).having(func.count() > 0)).one_or_none()
    if ids is None:
        return []
    first, last = ids
    return [(low, low + PEOPLE_AT_A_TIME - 1) for low in range(first, last + 1, PEOPLE_AT_A_TIME)]


def purge_people(work: Work, at: datetime, low: int, high: int) -> Counter[str]:
    """Delete what the rule says of persons `low` to `high`. Gives how many rows of each class of data."""
    keep, today = work.district.retention, work.district.day_of(at)
    silent = today - timedelta(days=keep.raw_text)
    gone = today - timedelta(days=keep.check_ins)
    ended = at - timedelta(days=keep.incidents)

    def of(table: Any) -> Any:
        return table.person_id.between(low, high)

    past = select(KeyPerson.id).where(of(KeyPerson), KeyPerson.ended_on < gone)
    return _run(
        work,
        [
            ("check_ins", delete(CheckIn).where(of(CheckIn), CheckIn.report_date < gone)),
            ("person_days", delete(PersonDay).where(of(PersonDay), PersonDay.report_date < gone)),
            ("alerts", delete(Alert).where(of(Alert), Alert.report_date < gone)),
            ("absences", delete(Absence).where(of(Absence), Absence.report_date < gone)),
            ("calls", delete(Call).where(of(Call), Call.report_date < gone)),
            ("incidents", delete(Incident).where(of(Incident), Incident.closed_at < ended)),
            ("managements", delete(Management).where(of(Management), Management.ended_on < gone)),
            ("observation_checks", delete(ObservationCheck).where(of(ObservationCheck), ObservationCheck.day < gone)),
            ("clearances", delete(Clearance).where(of(Clearance), Clearance.ended_on < gone)),
            ("onsets", delete(Onset).where(of(Onset), Onset.last_seen_on < gone)),
            (
                "certificates",
                update(Clearance)
                .where(
                    of(Clearance),
                    Clearance.media_at < at - timedelta(days=keep.media),
                    or_(Clearance.media.is_not(None), Clearance.picture.is_not(None)),
                )
                .values(media=None, picture=None),
            ),
            ("absence_followups", delete(AbsenceFollowUp).where(of(AbsenceFollowUp), AbsenceFollowUp.day < gone)),
            ("key_contacts", delete(KeyContact).where(KeyContact.key_person_id.in_(past))),
            ("key_decisions", delete(KeyDecision).where(KeyDecision.key_person_id.in_(past))),
            ("key_persons", delete(KeyPerson).where(of(KeyPerson), KeyPerson.ended_on < gone)),
            # A stay whose end nobody told of, and a plan, count from when they were last spoken of.
            ("journeys", delete(Journey).where(of(Journey), func.coalesce(Journey.last_on, Journey.said_on) < gone)),
            (
                "declarations",
                delete(Declaration).where(of(Declaration), Declaration.declared_at < work.district.end_of(gone)),
            ),
            (
                "raw_text",
                update(CheckIn)
                .where(of(CheckIn), CheckIn.report_date < silent, CheckIn.raw.is_not(None))
                .values(raw=None),
            ),
        ],
    )


def purge_rest(work: Work, at: datetime, most: int = ROWS_AT_A_TIME) -> Counter[str]:
    """Delete what is old and belongs to no person's record: answers kept for repeats, pushes, the trail. The oldest
    first, at most so many of each class; what was nothing leaves nothing to do."""
    keep = work.district.retention
    silent = at - timedelta(days=keep.raw_text)

    def oldest(key: Any, when: Any, before: datetime | date, *conditions: Any) -> Any:
        return key.in_(select(key).where(when < before, *conditions).order_by(when).limit(most))

    is_final = Outbox.state.in_(FINAL)
    answered = oldest(Inbox.key, Inbox.received_at, at - timedelta(days=keep.inbox), Inbox.state == "done")
    pushed = oldest(Outbox.id, Outbox.created_at, at - timedelta(days=keep.outbox), is_final)
    # The body is asked for as the index of the few that still have one knows it.
    told = oldest(Outbox.id, Outbox.created_at, silent, is_final, Outbox.body.is_not(None))
    closed = oldest(TeacherThread.id, func.coalesce(TeacherThread.closed_at, TeacherThread.last_at), silent)
    seen = oldest(ClusterSignal.id, ClusterSignal.last_day, work.district.day_of(at) - timedelta(days=keep.check_ins))
    return _run(
        work,
        [
            ("inbox", delete(Inbox).where(answered)),
            ("outbox", delete(Outbox).where(pushed)),
            ("push_text", update(Outbox).where(told).values(body=None)),
            ("threads", delete(TeacherThread).where(closed)),
            ("cluster_signals", delete(ClusterSignal).where(seen)),
            ("audit", delete(Audit).where(oldest(Audit.id, Audit.at, at - timedelta(days=keep.audit)))),
        ],
    )


def work_on(work: Work, at: datetime) -> bool:
    """The next piece of the rule as of `at`, the same moment all night; whether anything is left of it.

    A piece is as much as a transaction may take. The last one puts the night on the trail.
    """
    known = _counters(work)
    night = work.district.day_of(at).toordinal()
    if known.get(NIGHT, 0) > night:
        return False
    next_one, done = known.get(NEXT, -1), Counter[str]()
    if known.get(NIGHT) == night and next_one < 0:
        return False
    if known.get(NIGHT) != night:
        ranges = begin(work, at)
        next_one = ranges[0][0] if ranges else 0
    newest = work.connection.execute(select(func.max(Person.id))).scalar_one() or 0
    for _ in range(RANGES_AT_A_TIME):
        if not 0 < next_one <= newest or done.total() >= ROWS_AT_A_TIME:
            break
        done += purge_people(work, at, next_one, next_one + PEOPLE_AT_A_TIME - 1)
        next_one += PEOPLE_AT_A_TIME
    if next_one > newest:
        next_one = 0
    if next_one == 0 and done.total() < ROWS_AT_A_TIME:
        rest = purge_rest(work, at)
        done += rest
        next_one = 0 if rest.total() >= ROWS_AT_A_TIME else -1
    changed = {NIGHT: night, NEXT: next_one}
    if next_one < 0:
        earlier = {name.removeprefix(COUNTED): count for name, count in known.items() if name.startswith(COUNTED)}
        note(work, "job:retention", "purge", "district", said(done + Counter(earlier)))
        work.connection.execute(delete(Version).where(Version.name.startswith(COUNTED, autoescape=True)))
    else:
        changed |= {COUNTED + name: count + known.get(COUNTED + name, 0) for name, count in done.items()}
    _count(work, changed)
    return next_one >= 0


def _counters(work: Work) -> dict[str, int]:
    mine = or_(Version.name.in_((NIGHT, NEXT)), Version.name.startswith(COUNTED, autoescape=True))
    rows = work.flush().execute(select(Version.name, Version.value).where(mine))
    return {row.name: row.value for row in rows}


def _count(work: Work, values: dict[str, int]) -> None:
    statement = insert(work.connection, Version)
    work.connection.execute(
        statement.on_conflict_do_update(index_elements=("name",), set_={"value": statement.excluded.value}),
        [{"name": name, "value": value} for name, value in values.items()],
    )


def said(done: Counter[str]) -> str:
    """What was let go, for the trail."""
    return " ".join(f"{name}={count}" for name, count in sorted(done.items()))


def forget_person(work: Work, person_id: int) -> Counter[str]:
    """Erase one person's health data. Gives how many rows of each class of data.

    That somebody reported on a day stays, what was reported goes: readings, symptoms, travel, texts, alerts, absences,
    and what was to be said or is still being asked about it. The person stays on the roster and bound.
    """
    connection = work.flush()
    accounts = [
        row.account_id
        for row in connection.execute(
            select(Binding.account_id).where(Binding.person_id == person_id, Binding.ended_at.is_(None))
        )
    ]
    about = Outbox.person_id == person_id
    listed = select(KeyPerson.id).where(KeyPerson.person_id == person_id)
    return _run(
        work,
        [
            (
                "check_ins",
                update(CheckIn).where(CheckIn.person_id == person_id).values(health=None, raw=None),
            ),
            ("person_days", update(PersonDay).where(PersonDay.person_id == person_id).values(result="", marks="")),
            ("absences", delete(Absence).where(Absence.person_id == person_id)),
            ("calls", delete(Call).where(Call.person_id == person_id)),
            ("absence_followups", delete(AbsenceFollowUp).where(AbsenceFollowUp.person_id == person_id)),
            ("key_contacts", delete(KeyContact).where(KeyContact.key_person_id.in_(listed))),
            ("key_decisions", delete(KeyDecision).where(KeyDecision.key_person_id.in_(listed))),
            ("key_persons", delete(KeyPerson).where(KeyPerson.person_id == person_id)),
            ("journeys", delete(Journey).where(Journey.person_id == person_id)),
            ("declarations", delete(Declaration).where(Declaration.person_id == person_id)),
            (
                "open_pushes",
                update(Outbox)
                .where(about, Outbox.state.in_(("queued", "held")))
                .values(state="dropped", error=ERASED, body=None, fields={}),
            ),
            (
                "push_text",
                update(Outbox)
                .where(about, Outbox.body.is_not(None), Outbox.state.in_(FINAL))
                .values(body=None, fields={}),
            ),
            (
                "alert_text",  # what was said of it to teachers and doctors
                update(Outbox)
                .where(
                    Outbox.kind == "alert",
                    Outbox.owed["alert"].as_integer().in_(select(Alert.id).where(Alert.person_id == person_id)),
                )
                .values(body=None, fields={}),
            ),
            ("alerts", delete(Alert).where(Alert.person_id == person_id)),
            ("incidents", delete(Incident).where(Incident.person_id == person_id)),
            ("candidates", delete(ContactCandidate).where(ContactCandidate.person_id == person_id)),
            ("managements", delete(Management).where(Management.person_id == person_id)),
            ("observation_checks", delete(ObservationCheck).where(ObservationCheck.person_id == person_id)),
            ("clearances", delete(Clearance).where(Clearance.person_id == person_id)),
            ("onsets", delete(Onset).where(Onset.person_id == person_id)),
            (
                "answers",
                update(Inbox)
                .where(and_(Inbox.account_id.in_(accounts), Inbox.state == "done", Inbox.body.is_not(None)))
                .values(body=None),
            ),
            (
                "conversations",
                update(Account).where(Account.id.in_(accounts), Account.wait.is_not(None)).values(wait=None),
            ),
        ],
    )


def _run(work: Work, deeds: Sequence[tuple[str, Delete | Update]]) -> Counter[str]:
    connection = work.flush()
    done = Counter[str]()
    for name, statement in deeds:  # one statement a class of data
        done[name] += int(connection.execute(statement).rowcount or 0)
    return +done
