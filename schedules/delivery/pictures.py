"""Pictures on their way: drawn and uploaded once for all who get them, by whichever worker comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from bots.engine.drawing import render
from bots.engine.sender import Malformed, Sender, TryLater
from models.actions import drawings
from models.database import Database

T = TypeVar("T")


class Pictures:
    """The pictures of one worker."""

    def __init__(self, database: Database, sender: Sender) -> None:
        self._database, self._sender = database, sender
        self._one_at_a_time = asyncio.Lock()
        self._known: dict[str, tuple[str, datetime]] = {}

    async def media_id(self, key: str, now: datetime) -> str:
        """The id to send the picture by, good for now. Raises a SendError: the picture is owed, the text went before."""
        async with self._one_at_a_time:
            known = self._known.get(key)
            if known is not None and now < known[1]:
                return known[0]
            taken = await self._write(lambda connection: drawings.take(connection, key, now))
            if taken.is_busy:
                raise TryLater("", "another worker is uploading the picture")
            if not taken.media_id and taken.svg is None:
                raise Malformed("", "there is no such picture")
            media_id = taken.media_id
            if taken.svg is not None:
                media_id = await self._upload(key, taken.svg, now)
            self._known = {key: (media_id, now + drawings.UPLOADING)}
            return media_id

    async def _upload(self, key: str, svg: str, now: datetime) -> str:
        media_id = ""
        try:
            content = await asyncio.to_thread(render, svg)
            media_id = await self._sender.upload_media("image", "day.png", content, "image/png")
        except ValueError as error:  # what resvg says of an SVG it cannot read
            raise Malformed("", f"the picture cannot be drawn: {error}") from None
        finally:
            given = media_id
            await self._write(lambda connection: drawings.uploaded(connection, key, given, now))
        return media_id

    async def forget(self, key: str, media_id: str) -> None:
        """The platform refused this id as unknown."""
        async with self._one_at_a_time:
            self._known.pop(key, None)
            await self._write(lambda connection: drawings.forget(connection, key, media_id))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._database.write() as connection:
                return work(connection)

        return await asyncio.to_thread(run)
