"""Changing accounts: first seen, state written back, unfollowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, and_, delete, or_, select, update

from models.actions import bindings, trail
from models.queries.people import Speaker, lock_accounts
from models.rules.teacher_thread import LINE
from models.statements import BulkUpdate, insert
from models.tables import Account, CheckIn, Inbox, Outbox, TeacherThread
from models.work import Row, Work


def ensure(work: Work, openids: Iterable[str]) -> dict[str, Speaker]:
    """The accounts of `openids`, locked; those never seen before are made. One statement, three when some are new."""
    wanted = sorted(set(openids))
    speakers = lock_accounts(work.connection, wanted)
    return speakers | make(work, [openid for openid in wanted if openid not in speakers])


def make(work: Work, missing: Sequence[str]) -> dict[str, Speaker]:
    """The accounts of openids never seen before, made and locked. Two statements, none where nobody is new."""
    if missing:
        work.connection.execute(
            insert(work.connection, Account).on_conflict_do_nothing(index_elements=("openid",)),
            [
                {"openid": openid, "typed_spent": 0, "tapped_spent": 0, "wrong_codes": 0, "created_at": work.now}
                for openid in missing
            ],
        )
        return lock_accounts(work.connection, missing)
    return {}


#: The columns of `Speaker.state()`, in its order.
_STATE = (
    "wait",
    "typed_at",
    "typed_spent",
    "tapped_at",
    "tapped_spent",
    "refused",
    "wrong_codes",
    "wrong_codes_since",
    "followed_at",
)
_WRITE_BACK = BulkUpdate(Account, "id", _STATE)


def write_back(work: Work, speakers: Iterable[Speaker]) -> None:
    """Write what turns changed in their accounts with the next flush; one statement for all of them."""
    for speaker in speakers:
        state = speaker.state()
        if not speaker.gone and state != speaker.before:
            row: Row = {"id": speaker.account_id, **dict(zip(_STATE, state, strict=True))}
            work.later(7, "accounts", _WRITE_BACK, row)


def forget(work: Work, speaker: Speaker) -> None:
    """Unfollowed: delete everything that came from the platform. The child's record belongs to the school and stays.

    openid, bindings, raw texts, conversation state, inbox text and open pushes go; revisions keep the role only; the
    dedup keys stay as HMACs (contract 10).
    """
    connection: Connection = work.flush()
    account = speaker.account_id
    _forget_lines(connection, account)
    connection.execute(
        update(CheckIn).where(CheckIn.reporter_account_id == account).values(reporter_account_id=None, raw=None)
    )
    connection.execute(update(Inbox).where(Inbox.account_id == account).values(account_id=None, body=None))
    connection.execute(delete(Outbox).where(Outbox.account_id == account, Outbox.state.in_(("queued", "held"))))
    connection.execute(update(Outbox).where(Outbox.account_id == account).values(account_id=None, body=None))
    connection.execute(delete(Account).where(Account.id == account))  # bindings and threads go with it
    if speaker.me is not None:
        bindings.renew_staff_code(work, speaker.me.person_id)
    was = "self" if speaker.me else "guardian" if speaker.people else "nobody"
    trail.note(work, was, "forget_account", "account", f"bindings {len(speaker.people)}")
    speaker.gone = True
    speaker.people, speaker.posts = [], []
    for place in [place for place in work.known if place[0] == "day"]:
        del work.known[place]


def drop_unknown(work: Work, speaker: Speaker) -> None:
    """Undo the making of an account that never followed, wrote or bound anybody.

    The platform reports on people who have unfollowed; that must not bring their openid back.
    """
    blank = (None, None, 0, None, 0, None, 0, None, None)
    if not speaker.gone and not speaker.people and speaker.state() == blank:
        work.flush().execute(delete(Account).where(Account.id == speaker.account_id))
        speaker.gone = True


def _forget_lines(connection: Connection, account: int) -> None:
    """What this account wrote to a teacher is its raw text too: unsent pushes go, the others lose their words."""
    lines = connection.execute(
        select(TeacherThread.id, TeacherThread.opened_at).where(TeacherThread.account_id == account)
    ).all()
    if not lines:
        return
    theirs = and_(
        Outbox.created_at >= min(line.opened_at for line in lines),
        or_(*(Outbox.key.startswith(f"{LINE}:{line.id}:", autoescape=True) for line in lines)),
    )
    connection.execute(delete(Outbox).where(theirs, Outbox.state.in_(("queued", "held"))))
    connection.execute(update(Outbox).where(theirs).values(body=None))
