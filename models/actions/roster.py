"""Loading a checked roster: a few statements a table, whatever the size of the district.

All of it belongs to one unit of work, so it is stored wholly or not at all; a second run finds nothing to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import bindparam, delete, insert, or_, select, update

from models.actions import codes, roster_steps, trail
from models.actions.transfers import bring_along
from models.actions.units import ensure_units
from models.queries.roster import StoredPerson, StoredPost, everybody, lasting_enrolments, lasting_posts
from models.rules.roster import Member, Roster
from models.tables import BindingCode, Enrolment, Person, Post, Unit
from models.work import Row, Work


@dataclass(frozen=True, slots=True)
class Touched:
    """One person an import changed, or did not find: for the operator's eyes, never for a log."""

    kind: str
    number: str
    name: str
    what: str


@dataclass(slots=True)
class Changes:
    """What an import did, or would do."""

    units: list[str] = field(default_factory=list)
    added: Counter[str] = field(default_factory=Counter)  # kind → people
    changed: list[Touched] = field(default_factory=list)
    moved: list[Touched] = field(default_factory=list)
    posts_begun: int = 0
    posts_ended: int = 0
    codes: int = 0
    unchanged: int = 0
    missing: list[Touched] = field(default_factory=list)
    retired: list[Touched] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing was stored. (People may be missing; they were left alone.)"""
        parts = (self.units, self.added, self.changed, self.moved, self.retired)
        return not (any(parts) or self.posts_begun or self.posts_ended or self.codes)


def school_year_start(day: date) -> date:
    """The first day of the school year `day` falls in: 1 September (contract 10)."""
    return date(day.year if day.month >= 9 else day.year - 1, 9, 1)


def import_roster(
    work: Work,
    roster: Roster,
    *,
    on: date | None = None,
    retire_missing: bool = False,
    actor: str = "operator",
) -> Changes:
    """Make the stored district agree with `roster`.

    on: the day additions, transfers and departures count from. Without it a school's first load counts from the
    school year's start, everything later from the day after `work.now` (contract 10). Somebody new counts from their own
    入册日期, whenever that is; a transfer and a return never from a day before that, which is answered and signed already.
    """
    trail.hold(work, "roster")
    return _Import(work, roster, on, retire_missing, actor).run()


class _Import:
    def __init__(self, work: Work, roster: Roster, on: date | None, retire_missing: bool, actor: str) -> None:
        self.work, self.roster, self.actor, self.retire_missing = work, roster, actor, retire_missing
        self.connection = work.flush()
        self.today = work.district.day_of(work.now)
        self.on, self.day = on, on or self.today + timedelta(days=1)
        self.stored = everybody(self.connection)
        self.enrolments = lasting_enrolments(self.connection)
        self.posts = lasting_posts(self.connection)
        self.changes = Changes()
        self.ids: dict[str, int] = {}
        self.schools: dict[str, int] = {}
        self.before = frozenset((person.school_id, person.kind) for person in self.stored.values())
        self.person_ids: dict[tuple[str, str], int] = {who: person.id for who, person in self.stored.items()}
        self.enrol: list[Row] = []

    def run(self) -> Changes:
        self.ids, self.changes.units = ensure_units(self.work, self.roster)
        self.schools = {school.name: self.ids[school.name] for school in self.roster.schools}
        self._add([person for person in self.roster.people if (person.kind, person.number) not in self.stored])
        self._change([person for person in self.roster.people if (person.kind, person.number) in self.stored])
        self._fill_posts()
        self._look_for_missing()
        if self.enrol:
            self.connection.execute(insert(Enrolment), self.enrol)
        here = [self.person_ids[person.kind, person.number] for person in self.roster.people]
        numbers = {self.person_ids[person.kind, person.number]: person.number for person in self.roster.people}
        self.changes.codes = codes.make_missing(self.work, here, numbers)
        settle(self.work, self.today)
        if not self.changes.is_empty:
            self._note()
            trail.bump(self.work, "roster")
            roster_steps.sum_up(self.work)
        return self.changes

    def _joins_on(self, person: Member) -> date:
        """From which day somebody new is counted."""
        if person.joined_on or self.on:
            return person.joined_on or self.day
        is_first_load = (self._school_of(person), person.kind) not in self.before
        return school_year_start(self.today) if is_first_load else self.day

    def _next(self, person: Member) -> date:
        """From which day somebody known is counted elsewhere: the days up to today were answered and signed where they
        were, so a date of their own counts only where it is later."""
        return max(self.day, person.joined_on or self.day)

    def _school_of(self, person: Member) -> int | None:
        return self.ids[person.school] if person.school else None

    def _phone(self, phone: str | None) -> Row:
        vault = self.work.vault
        return {
            "phone": vault.seal("persons.phone", phone) if phone else None,
            "phone_index": vault.index("persons.phone", phone) if phone else None,
        }

    def _add(self, people: Sequence[Member]) -> None:
        if not people:
            return
        rows: list[Row] = [
            {
                "kind": person.kind,
                "number": person.number,
                "name": person.name,
                "sex": person.sex,
                "unit_id": self.ids[person.unit],
                "school_id": self._school_of(person),
                "joined_on": self._joins_on(person),
                **self._phone(person.phone),
            }
            for person in people
        ]
        last = max((person.id for person in self.stored.values()), default=0)
        self.connection.execute(insert(Person), rows)
        made = self.connection.execute(select(Person.kind, Person.number, Person.id).where(Person.id > last))
        self.person_ids.update(((kind, number), person_id) for kind, number, person_id in made)
        for row in rows:
            self._begin(self.person_ids[row["kind"], row["number"]], row["unit_id"], row["joined_on"])
            self.changes.added[row["kind"]] += 1

    def _begin(self, person_id: int, unit_id: int, day: date) -> None:
        self.enrol.append({"person_id": person_id, "unit_id": unit_id, "from_date": day, "to_date": None})

    def _change(self, people: Sequence[Member]) -> None:
        updates: list[Row] = []
        ended: list[Row] = []
        corrected: list[Row] = []
        for person in people:
            stored = self.stored[person.kind, person.number]
            row, words = self._new_facts(person, stored)
            unit_id, lasting = self.ids[person.unit], self.enrolments.get(stored.id)
            if lasting is None:  # gone, and back again
                day = self._next(person)
                self._begin(stored.id, unit_id, day)
                row["left_on"] = None
                words.append(f"自 {day} 起重新入册")
            elif lasting.unit_id != unit_id:
                day = self._next(person)
                if lasting.from_date >= day:  # it never counted: put right in place
                    corrected.append({"the_id": lasting.id, "unit_id": unit_id, "from_date": lasting.from_date})
                else:
                    ended.append({"the_id": lasting.id, "to_date": day})
                    self._begin(stored.id, unit_id, day)
                self.changes.moved.append(_touched(person, f"自 {day} 起转到 {person.unit}"))
            elif person.joined_on and person.joined_on != stored.joined_on == lasting.from_date:
                row["joined_on"] = person.joined_on
                corrected.append({"the_id": lasting.id, "unit_id": unit_id, "from_date": person.joined_on})
                words.append("入册日期")
            if words:
                self.changes.changed.append(_touched(person, "、".join(words)))
                updates.append({"the_id": stored.id, **row})
            elif lasting is not None and lasting.unit_id == unit_id:
                self.changes.unchanged += 1
        names = ("name", "sex", "phone", "phone_index", "joined_on", "left_on")
        self._update(Person, names, [row for row in updates if "phone" in row])
        self._update(Person, ("name", "sex", "joined_on", "left_on"), [row for row in updates if "phone" not in row])
        self._update(Enrolment, ("to_date",), ended)
        self._update(Enrolment, ("unit_id", "from_date"), corrected)

    def _new_facts(self, person: Member, stored: StoredPerson) -> tuple[Row, list[str]]:
        """What a row would change of the person themselves; an empty cell changes nothing."""
        row: Row = {
            "name": person.name,
            "sex": person.sex or stored.sex,
            "joined_on": stored.joined_on,
            "left_on": stored.left_on,
        }
        words = []
        if person.name != stored.name:
            words.append(f"姓名（原 {stored.name}）")
        if person.sex and person.sex != stored.sex:
            words.append("性别")
        if person.phone and not _is_index_of(self.work, stored.phone_index, person.phone):
            words.append("手机")
            row |= self._phone(person.phone)
        return row, words

    def _fill_posts(self) -> None:
        begun: list[Row] = []
        ended: list[Row] = []
        dropped: list[int] = []
        renamed: list[Row] = []
        for person in self.roster.people:
            if person.kind != "staff":
                continue
            stored = self.stored.get((person.kind, person.number))
            person_id = self.person_ids[person.kind, person.number]
            day = self._joins_on(person) if stored is None else self.day
            wanted = {(post.role, self.ids[post.unit]): post.title for post in person.posts}
            held = {(post.role, post.unit_id): post for post in self.posts.get(person_id, [])}
            for (role, unit_id), title in wanted.items():
                known = held.get((role, unit_id))
                if known is None:
                    begun.append(
                        {"person_id": person_id, "role": role, "unit_id": unit_id, "title": title, "from_date": day}
                    )
                elif known.title != title:
                    renamed.append({"the_id": known.id, "title": title})
                    self.changes.changed.append(_touched(person, f"职务（{title}）"))
            gone = [post for place, post in held.items() if place not in wanted]
            self._end_posts(gone, ended, dropped)
        if begun:
            self.connection.execute(insert(Post), begun)
        self._write_ended(ended, dropped)
        self._update(Post, ("title",), renamed)
        self.changes.posts_begun += len(begun)

    def _end_posts(self, posts: Iterable[StoredPost], ended: list[Row], dropped: list[int]) -> None:
        for post in posts:
            if post.from_date >= self.day:
                dropped.append(post.id)
            else:
                ended.append({"the_id": post.id, "to_date": self.day})

    def _write_ended(self, ended: list[Row], dropped: list[int]) -> None:
        self._update(Post, ("to_date",), ended)
        if dropped:
            self._drop(Post, dropped)
        self.changes.posts_ended += len(ended) + len(dropped)

    def _look_for_missing(self) -> None:
        """Somebody of a school (or the bureau) the workbook covers whom it does not list."""
        covered: set[int | None] = set(self.schools.values())
        covered |= {self._school_of(person) for person in self.roster.people}
        listed = {(person.kind, person.number) for person in self.roster.people}
        gone = [
            person
            for who, person in self.stored.items()
            if who not in listed
            and person.left_on is None
            and person.kind in self.roster.kinds
            and person.school_id in covered
        ]
        paths = {unit_id: path for path, unit_id in self.ids.items()}
        people = [Touched(person.kind, person.number, person.name, paths.get(person.unit_id, "")) for person in gone]
        if not self.retire_missing:
            self.changes.missing = people
            return
        self.changes.retired = people
        self._retire(gone)

    def _retire(self, gone: Sequence[StoredPerson]) -> None:
        if not gone:
            return
        ended: list[Row] = []
        dropped: list[int] = []
        posts_ended: list[Row] = []
        posts_dropped: list[int] = []
        for person in gone:
            lasting = self.enrolments.get(person.id)
            if lasting and lasting.from_date >= self.day:
                dropped.append(lasting.id)
            elif lasting:
                ended.append({"the_id": lasting.id, "to_date": self.day})
            self._end_posts(self.posts.get(person.id, []), posts_ended, posts_dropped)
        self._update(Person, ("left_on",), [{"the_id": person.id, "left_on": self.day} for person in gone])
        self._update(Enrolment, ("to_date",), ended)
        if dropped:
            self._drop(Enrolment, dropped)
        self._write_ended(posts_ended, posts_dropped)
        self.connection.execute(
            update(BindingCode)
            .where(BindingCode.person_id == bindparam("whose"), BindingCode.revoked_at.is_(None))
            .values(revoked_at=bindparam("moment", type_=BindingCode.__table__.c.revoked_at.type)),
            [{"whose": person.id, "moment": self.work.now} for person in gone],
        )

    def _drop(self, table: type[Enrolment | Post], ids: Sequence[int]) -> None:
        """Take back what never counted."""
        self.connection.execute(
            delete(table).where(table.id == bindparam("the_id")), [{"the_id": each} for each in ids]
        )

    def _update(self, table: type[Person | Enrolment | Post], names: Sequence[str], rows: list[Row]) -> None:
        if rows:
            wanted = [{name: row[name] for name in ("the_id", *names)} for row in rows]
            self.connection.execute(
                update(table).where(table.id == bindparam("the_id")).values({name: bindparam(name) for name in names}),
                wanted,
            )

    def _note(self) -> None:
        made = self.changes
        detail = (
            f"units {len(made.units)}, students {made.added['student']}, staff {made.added['staff']}, "
            f"changed {len(made.changed)}, moved {len(made.moved)}, posts +{made.posts_begun} -{made.posts_ended}, "
            f"codes {made.codes}, missing {len(made.missing)}, retired {len(made.retired)}, from {self.day}"
        )
        trail.note(self.work, self.actor, "roster.import", self.roster.bureau, detail)
        for person in (*made.moved, *made.retired):
            who = f"{person.kind}:{self.person_ids[person.kind, person.number]}"
            trail.note(self.work, self.actor, "roster.retire" if person in made.retired else "roster.move", who)


def _touched(person: Member, what: str) -> Touched:
    return Touched(person.kind, person.number, person.name, what)


def _is_index_of(work: Work, index: bytes | None, phone: str) -> bool:
    return index is not None and bytes(index) in work.vault.indexes("persons.phone", phone)


def settle(work: Work, today: date) -> int:
    """Bring everybody's present unit in step with their enrolment of `today`; gives how many moved. One statement, a few more
    where somebody did.

    A transfer is entered ahead of its day, so this runs with every import and once at the beginning of each day.
    """
    done = work.flush().execute(
        update(Person)
        .where(
            Person.id == Enrolment.person_id,
            Unit.id == Enrolment.unit_id,
            Person.unit_id != Enrolment.unit_id,
            Enrolment.from_date <= today,
            or_(Enrolment.to_date.is_(None), Enrolment.to_date > today),
        )
        .values(unit_id=Enrolment.unit_id, school_id=Unit.school_id)
    )
    if done.rowcount:
        bring_along(work, today)
    return done.rowcount
