"""Pictures of ours, kept until they are uploaded, and their media ids, kept as long as the platform keeps them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from models.statements import insert
from models.tables import Drawing
from models.work import Row, Work

#: A temporary file lives three days (wechat-platform 11); ours counts a little less, the platform's clock is not ours.
MEDIA_LIFE = timedelta(days=3) - timedelta(minutes=10)
#: So long one upload may take before another worker tries.
UPLOADING = timedelta(seconds=60)
#: A picture is kept this long: nobody sends an older one.
KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Taken:
    """What somebody who wants to send a picture gets. media_id: ready to be sent; else svg: theirs to upload; neither:
    another worker is at it. svg None and no media id and not busy: there is no such picture."""

    media_id: str = ""
    svg: str | None = None
    is_busy: bool = False


def keep(work: Work, key: str, svg: str) -> None:
    """Keep a picture under its key; one that is there already stays as it was. Written with the batch."""
    row = {"key": key, "svg": zlib.compress(svg.encode()), "made_at": work.now, "media_id": ""}
    work.later(50, "drawings", _insert, row)


def _insert(connection: Connection, rows: list[Row]) -> None:
    connection.execute(insert(connection, Drawing).values(rows).on_conflict_do_nothing(index_elements=("key",)))


def drop_old(work: Work) -> None:
    """Let go of what nobody sends any more. One statement."""
    work.flush().execute(delete(Drawing).where(Drawing.made_at < work.now - KEPT))


def take(connection: Connection, key: str, now: datetime) -> Taken:
    """The picture's media id, or the right to upload it: only one of many gets that. Three statements at most."""
    row = connection.execute(
        select(Drawing.media_id, Drawing.uploaded_at, Drawing.svg).where(Drawing.key == key)
    ).one_or_none()
    if row is None:
        return Taken()
    if row.media_id and row.uploaded_at is not None and now < row.uploaded_at + MEDIA_LIFE:
        return Taken(row.media_id)
    done = connection.execute(
        update(Drawing)
        .where(Drawing.key == key, Drawing.media_id == row.media_id)
        .where(or_(Drawing.busy_until.is_(None), Drawing.busy_until <= now))
        .values(busy_until=now + UPLOADING)
    )
    return Taken(svg=zlib.decompress(row.svg).decode()) if done.rowcount else Taken(is_busy=True)


def uploaded(connection: Connection, key: str, media_id: str, now: datetime) -> None:
    """media_id: as the platform gave it; empty: the upload failed, somebody may try again."""
    changed = {"media_id": media_id, "uploaded_at": now} if media_id else {}
    connection.execute(update(Drawing).where(Drawing.key == key).values(busy_until=None, **changed))


def forget(connection: Connection, key: str, media_id: str) -> None:
    """The platform does not know this id (any longer)."""
    connection.execute(update(Drawing).where(Drawing.key == key, Drawing.media_id == media_id).values(media_id=""))
