"""Making and ending bindings, and counting wrong codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, update

from models.actions import codes, trail
from models.queries import people
from models.queries.bindings import CodeHolder
from models.queries.people import BoundPerson, Speaker
from models.rules.binding import after_wrong_code
from models.tables import Binding, BindingCode, Outbox, TeacherThread
from models.work import Work


def bind(
    work: Work, speaker: Speaker, holder: CodeHolder, rank: int, consent_version: str, consented_at: datetime
) -> BoundPerson:
    """Bind the account to the code's holder; the speaker speaks for them from now on.

    rank: which guardian of the child this is, 1 to 4 (1 for staff). Three statements at most.
    """
    relation = "guardian" if holder.kind == "student" else "self"
    connection = work.flush()
    binding_id = connection.execute(
        insert(Binding)
        .values(
            account_id=speaker.account_id,
            person_id=holder.person_id,
            relation=relation,
            rank=rank,
            bound_at=work.now,
            consent_version=consent_version,
            consented_at=consented_at,
        )
        .returning(Binding.id)
    ).scalar_one()
    connection.execute(update(BindingCode).where(BindingCode.id == holder.code_id).values(used_at=work.now))
    bound = BoundPerson(
        holder.person_id,
        holder.kind,
        holder.number,
        holder.name,
        holder.unit_id,
        holder.school_id,
        holder.joined_on,
        holder.left_on,
        relation,
        rank,
        binding_id,
        work.now,
    )
    speaker.people.append(bound)
    if relation == "self":
        today = work.district.day_of(work.now)
        speaker.posts = people.posts_of(connection, [holder.person_id], today).get(holder.person_id, [])
    trail.note(work, relation, "bind", f"person:{holder.person_id}", f"consent {consent_version}")
    return bound


def count_wrong_code(speaker: Speaker, at: datetime) -> None:
    """One more wrong code of this account."""
    speaker.wrong_codes, speaker.wrong_codes_since = after_wrong_code(
        speaker.wrong_codes, speaker.wrong_codes_since, at
    )


def unbind(work: Work, speaker: Speaker, ended: Iterable[BoundPerson]) -> None:
    """The speaker ends bindings of their own. What was recorded stays."""
    gone = list(ended)
    for bound in gone:
        _end(work, bound.binding_id, speaker.account_id, bound.person_id, "unbound")
        if bound.relation == "self":
            renew_staff_code(work, bound.person_id)
            speaker.posts = []
        trail.note(work, bound.relation, "unbind", f"person:{bound.person_id}")
    speaker.people = [person for person in speaker.people if person not in gone]


def revoke(work: Work, binding_id: int, account_id: int, person_id: int, teacher_id: int) -> None:
    """The head teacher (a person's id) ends somebody else's binding to a child of the class."""
    _end(work, binding_id, account_id, person_id, "revoked")
    trail.note(work, f"person:{teacher_id}", "revoke_binding", f"person:{person_id}", f"binding {binding_id}")


def renew_staff_code(work: Work, person_id: int) -> None:
    """A staff code serves once: the used one is revoked, and a fresh one waits to be handed out."""
    connection = work.flush()
    revoked = connection.execute(
        update(BindingCode)
        .where(BindingCode.person_id == person_id, BindingCode.revoked_at.is_(None))
        .values(revoked_at=work.now)
    )
    if revoked.rowcount:
        code = codes.new_code()
        connection.execute(
            insert(BindingCode).values(
                person_id=person_id,
                code=work.vault.seal("binding_codes.code", code),
                code_index=work.vault.index("binding_codes.code", code),
                made_at=work.now,
            )
        )


def _end(work: Work, binding_id: int, account_id: int, person_id: int, reason: str) -> None:
    connection = work.flush()
    connection.execute(
        update(Binding)
        .where(Binding.id == binding_id, Binding.ended_at.is_(None))
        .values(ended_at=work.now, end_reason=reason)
    )
    connection.execute(
        update(TeacherThread)
        .where(TeacherThread.account_id == account_id, TeacherThread.person_id == person_id)
        .where(TeacherThread.closed_at.is_(None))
        .values(closed_at=work.now)
    )
    connection.execute(
        update(Outbox)
        .where(Outbox.account_id == account_id, Outbox.person_id == person_id)
        .where(Outbox.state.in_(("queued", "held")))
        .values(state="dropped", error=reason)
    )
