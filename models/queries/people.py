"""Who is speaking: an account, whom it speaks for, and what those people are charged with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from models.statements import Question, Rows, values
from models.tables import Account, Binding, Enrolment, Person, Post


@dataclass(frozen=True, slots=True)
class BoundPerson:
    """Somebody an account speaks for. relation: guardian (a child) or self (a member of staff)."""

    person_id: int
    kind: str
    number: str
    name: str
    unit_id: int
    school_id: int | None
    joined_on: date
    left_on: date | None
    relation: str
    rank: int
    binding_id: int
    bound_at: datetime
    in_observation: bool = False  # two checks a day are asked for (`models.tables.Management`)
    declared_on: date | None = None  # journeys and contacts, declared or confirmed as unchanged


@dataclass(frozen=True, slots=True)
class PostHeld:
    """One duty the speaker holds today: role (domain handbook 1.1) and the unit it is for."""

    role: str
    unit_id: int
    title: str
    person_id: int
    delegated_by: int | None = None  # whose duty it is, where somebody has handed it over for a time


@dataclass(slots=True)
class Speaker:
    """One account and what it may speak of. The mutable fields are written back at the end of the batch."""

    account_id: int
    openid: str
    wait: bytes | None
    typed_at: datetime | None
    typed_spent: int
    tapped_at: datetime | None
    tapped_spent: int
    refused: str | None
    wrong_codes: int
    wrong_codes_since: datetime | None
    followed_at: datetime | None
    people: list[BoundPerson] = field(default_factory=list)
    posts: list[PostHeld] = field(default_factory=list)
    gone: bool = False  # unfollowed in this batch: nothing is written back
    before: tuple[object, ...] = ()

    @property
    def children(self) -> list[BoundPerson]:
        """The children in the order in which they were bound."""
        return [person for person in self.people if person.relation == "guardian"]

    @property
    def me(self) -> BoundPerson | None:
        """The member of staff behind the account, if it is one."""
        return next((person for person in self.people if person.relation == "self"), None)

    def holds(self, *roles: str) -> list[PostHeld]:
        """The posts of these roles."""
        return [post for post in self.posts if post.role in roles]

    def state(self) -> tuple[object, ...]:
        """What is written back when it changed."""
        return (
            self.wait,
            self.typed_at,
            self.typed_spent,
            self.tapped_at,
            self.tapped_spent,
            self.refused,
            self.wrong_codes,
            self.wrong_codes_since,
            self.followed_at,
        )


_ACCOUNT = (
    Account.id,
    Account.openid,
    Account.wait,
    Account.typed_at,
    Account.typed_spent,
    Account.tapped_at,
    Account.tapped_spent,
    Account.refused,
    Account.wrong_codes,
    Account.wrong_codes_since,
    Account.followed_at,
)


_ACCOUNTS = Question(
    lambda among: select(*_ACCOUNT).where(among(Account.openid, "openids")).order_by(Account.id).with_for_update()
)


def lock_accounts(connection: Connection, openids: Iterable[str]) -> dict[str, Speaker]:
    """The accounts of `openids`, locked in the order of their ids, without people yet. One statement."""
    return ask_accounts(connection, openids)()


def ask_accounts(connection: Connection, openids: Iterable[str]) -> Callable[[], dict[str, Speaker]]:
    """`lock_accounts`, sent with other questions."""
    asked = _ACCOUNTS.ask(connection, openids=sorted(set(openids)))

    def speakers() -> dict[str, Speaker]:
        found = {}
        for row in asked():
            speaker = Speaker(*row)
            speaker.before = row[2:]
            found[speaker.openid] = speaker
        return found

    return speakers


_BOUND = Question(
    lambda among: (
        select(
            Binding.account_id,
            Person.id,
            Person.kind,
            Person.number,
            Person.name,
            Person.unit_id,
            Person.school_id,
            Person.joined_on,
            Person.left_on,
            Binding.relation,
            Binding.rank,
            Binding.id,
            Binding.bound_at,
            Person.in_observation,
            Person.declared_on,
        )
        .join(Account, Account.id == Binding.account_id)
        .join(Person, Person.id == Binding.person_id)
        .where(Binding.ended_at.is_(None), among(Account.openid, "openids"))
        .order_by(Person.id)
        .with_for_update(of=Person, key_share=True)
    )
)


def ask_people(connection: Connection, openids: Iterable[str]) -> Rows:
    """Whom the accounts of `openids` speak for, locked in the order of their ids; for `seat_people`. One statement."""
    return _BOUND.ask(connection, openids=sorted(set(openids)))


def lock_people(connection: Connection, speakers: Sequence[Speaker], today: date) -> None:
    """Fill in whom the speakers speak for, and their posts; the people are locked in the order of their ids.

    One statement, and a second one where a member of staff is among them.
    """
    seat_people(connection, speakers, ask_people(connection, [speaker.openid for speaker in speakers])(), today)


def seat_people(
    connection: Connection, speakers: Sequence[Speaker], rows: Sequence[tuple[Any, ...]], today: date
) -> None:
    """Give the speakers whom they speak for (`ask_people`), and their posts. One statement where staff is among them."""
    by_account = {speaker.account_id: speaker for speaker in speakers}
    for row in rows:
        if row[0] in by_account:
            by_account[row[0]].people.append(BoundPerson(*row[1:]))
    for speaker in speakers:
        if len(speaker.people) > 1:
            speaker.people.sort(key=lambda person: person.binding_id)
    staff = {row[1] for row in rows if row[9] == "self" and row[0] in by_account}
    if staff:
        held = posts_of(connection, staff, today)
        for speaker in speakers:
            if speaker.me is not None:
                speaker.posts = held.get(speaker.me.person_id, [])


def posts_of(connection: Connection, person_ids: Iterable[int], today: date) -> dict[int, list[PostHeld]]:
    """The posts these people hold on `today`. One statement."""
    held: dict[int, list[PostHeld]] = defaultdict(list)
    rows = connection.execute(
        select(Post.role, Post.unit_id, Post.title, Post.person_id, Post.delegated_by)
        .where(Post.person_id.in_(sorted(set(person_ids))), Post.from_date <= today)
        .where((Post.to_date.is_(None)) | (Post.to_date > today))
        .order_by(Post.id)
    ).all()
    for row in rows:
        held[row.person_id].append(PostHeld(*values(row)))
    return held


@dataclass(frozen=True, slots=True)
class Recipient:
    """An account that can be written to, and for whom: a guardian of `person_id`, or that person themselves."""

    account_id: int
    person_id: int
    relation: str
    name: str
    rank: int


def recipients_of(connection: Connection, person_ids: Iterable[int]) -> list[Recipient]:
    """The accounts bound to these people, by person and rank. One statement."""
    rows = connection.execute(
        select(Binding.account_id, Person.id, Binding.relation, Person.name, Binding.rank)
        .join(Person, Person.id == Binding.person_id)
        .where(Binding.ended_at.is_(None), Person.id.in_(sorted(set(person_ids))))
        .order_by(Person.id, Binding.rank, Binding.id)
    )
    return [Recipient(*values(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post, and the account by which they can be reached (None: not bound)."""

    person_id: int
    name: str
    role: str
    title: str
    unit_id: int
    account_id: int | None


def holders(connection: Connection, unit_ids: Iterable[int], roles: Iterable[str], today: date) -> list[Holder]:
    """Who holds one of `roles` for one of `unit_ids` on `today`. One statement."""
    rows = connection.execute(
        select(Person.id, Person.name, Post.role, Post.title, Post.unit_id, Binding.account_id)
        .join(Person, Person.id == Post.person_id)
        .outerjoin(
            Binding,
            (Binding.person_id == Person.id) & (Binding.relation == "self") & (Binding.ended_at.is_(None)),
        )
        .where(Post.unit_id.in_(sorted(set(unit_ids))), Post.role.in_(sorted(set(roles))), Post.from_date <= today)
        .where((Post.to_date.is_(None)) | (Post.to_date > today))
        .where(Person.left_on.is_(None) | (Person.left_on > today))
        .order_by(Post.id)
    )
    return [Holder(*values(row)) for row in rows]


def unit_on(connection: Connection, person_id: int, day: date) -> int | None:
    """Where somebody belonged on a day; None where they were not on the roster. One statement."""
    return connection.execute(
        select(Enrolment.unit_id)
        .where(Enrolment.person_id == person_id, Enrolment.from_date <= day)
        .where((Enrolment.to_date.is_(None)) | (Enrolment.to_date > day))
        .order_by(Enrolment.from_date.desc())
        .limit(1)
    ).scalar_one_or_none()


#: More people than this are not listed in a statement: the whole roster is read instead.
_LISTED = 2000


def school_by_person(connection: Connection, person_ids: Iterable[int]) -> dict[int, int | None]:
    """Person → school; of many, the whole roster's. One statement."""
    wanted = set(person_ids)
    statement = select(Person.id, Person.school_id)
    if len(wanted) <= _LISTED:
        statement = statement.where(Person.id.in_(sorted(wanted)))
    return {row.id: row.school_id for row in connection.execute(statement)}
