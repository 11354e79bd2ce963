"""One access token for all processes: stored, sealed, and fetched by one of them at a time (wechat-platform 4).

The row of `platform_tokens` holds the token and a short lease; whoever wins the guarded update fetches, the others wait
for the row to change. No transaction is open during an HTTP call, and database work stays off the event loop.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bots.engine.sender import MaybeSent, SendError, TryLater
from models.actions.platform_token import claim_refresh, give_up_refresh, store_token
from models.database import Database
from models.queries.platform_token import stored_token
from models.vault import SealBroken, Vault

#: `stable_token` gives a new token only within the last five minutes of the old one, so asking earlier is in vain.
EARLY = timedelta(minutes=4, seconds=50)
#: The platform refreshes by force at most every 30 seconds (and 20 times a day).
PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
#: How long one process may take to fetch; longer than the HTTP timeouts together.
LEASE = timedelta(seconds=30)
POLL = 0.1  # seconds
#: How long a failed fetch speaks for the callers that come after it.
FAILURE_HOLDS = timedelta(seconds=3)

_COLUMN = "platform_tokens.token"

#: Asks the platform (force_refresh or not) and gives the token and its seconds to live.
Fetch = Callable[[bool], Awaitable[tuple[str, int]]]
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Token:
    value: str = field(repr=False)
    generation: int
    expires_at: datetime


class Tokens:
    """The account's access token. clock: the moment now, aware. pause: how to wait between looks at the row."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        app_id: str,
        fetch: Fetch,
        clock: Callable[[], datetime],
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._database, self._vault, self._app_id = database, vault, app_id
        self._fetch, self._clock, self._pause = fetch, clock, pause
        self._who = secrets.token_hex(12)
        self._one_at_a_time = asyncio.Lock()
        self._known: Token | None = None
        self._failure: tuple[datetime, SendError] | None = None
        self._ask_again_at: datetime | None = None
        self._forced: tuple[int, timedelta, datetime] | None = None  # generation it made, pause, not again before

    async def current(self) -> Token:
        """A token that is good for minutes yet. Raises a SendError where none can be had."""
        known = self._known
        if known is not None and self._clock() < known.expires_at - EARLY:
            return known
        async with self._one_at_a_time:
            known = self._known
            if known is not None and self._clock() < known.expires_at - EARLY:
                return known
            return await self._obtain(None)

    async def renew(self, refused: Token) -> Token:
        """Another token than the one the platform has just refused: the stored one if it is newer, else a forced one.

        Raises a SendError, among others TryLater where forcing again so soon would be in vain.
        """
        async with self._one_at_a_time:
            known = self._known
            if known is not None and known.value != refused.value:
                return known
            return await self._obtain(refused)

    async def _obtain(self, refused: Token | None) -> Token:
        self._raise_recent_failure()
        for _ in range(int(LEASE.total_seconds() / POLL) + 10):
            stored, generation = await asyncio.to_thread(self._read)
            now = self._clock()
            usable = stored if stored and now < stored.expires_at and not _same(stored, refused) else None
            if usable and (
                now < usable.expires_at - EARLY or (self._ask_again_at is not None and now < self._ask_again_at)
            ):
                self._known = usable
                return usable
            force = stored is not None and _same(stored, refused)
            if force and self._forced is not None and now < self._forced[2]:
                raise TryLater("", "the platform refuses a token it has just given", 0, PAUSE.total_seconds())
            if await asyncio.to_thread(self._claim, generation, now):
                self._known = await self._fetch_as_refresher(force, generation, now)
                return self._known
            if usable:  # somebody else is fetching the next one, this one lives on meanwhile
                return usable
            await self._pause(POLL)
        raise TryLater("", "another process has not finished fetching the access token", 0, LEASE.total_seconds())

    async def _fetch_as_refresher(self, force: bool, generation: int, now: datetime) -> Token:
        stored = False
        try:
            value, seconds = await self._fetch(force)
            token = Token(value, generation + 1, now + timedelta(seconds=seconds))
            stored = await asyncio.to_thread(self._store, generation, token)
        except SendError as error:
            if isinstance(error, MaybeSent):  # a question was cut off, not a message
                error = TryLater("", error.reason, error.errcode, error.retry_after)
            self._failure = (now + FAILURE_HOLDS, error)
            raise error from None
        finally:
            if not stored:
                await asyncio.to_thread(self._give_up)
        self._ask_again_at = now + PAUSE
        if force:
            again = self._forced is not None and self._forced[0] == generation
            pause = min(self._forced[1] * 2, LONGEST_PAUSE) if self._forced and again else PAUSE
            self._forced = (token.generation, pause, now + pause)
        return token

    def _raise_recent_failure(self) -> None:
        if self._failure is None:
            return
        until, error = self._failure
        if self._clock() < until:
            raise type(error)("", error.reason, error.errcode, error.retry_after)
        self._failure = None

    def _read(self) -> tuple[Token | None, int]:
        with self._database.read() as connection:
            row = stored_token(connection, self._app_id)
        if row is None:
            return None, 0
        if row.token is None or row.expires_at is None:
            return None, row.generation
        try:
            return Token(self._vault.open(_COLUMN, row.token), row.generation, row.expires_at), row.generation
        except SealBroken:  # sealed under a key that is gone: as good as none
            return None, row.generation

    def _claim(self, generation: int, now: datetime) -> bool:
        with self._database.write() as connection:
            return claim_refresh(connection, self._app_id, generation, self._who, now, now + LEASE)

    def _store(self, generation: int, token: Token) -> bool:
        sealed = self._vault.seal(_COLUMN, token.value)
        with self._database.write() as connection:
            return store_token(connection, self._app_id, generation, self._who, sealed, token.expires_at)

    def _give_up(self) -> None:
        with self._database.write() as connection:
            give_up_refresh(connection, self._app_id, self._who)


def _same(token: Token, other: Token | None) -> bool:
    return other is not None and token.value == other.value
