"""Draining the outbox: claim a few, look again, send by the cheapest rung that arrives, record. Any number may run.

A claim is committed before the call and the outcome after it, so a crash leaves at most the calls in flight in doubt;
what a dead worker held is settled by the others as its kind demands (`rules.reach.SENT_AGAIN`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from aiolimiter import AsyncLimiter
from sqlalchemy import Connection

from bots.replies import unpack
from bots.sender import (
    Malformed,
    MaybeSent,
    Misconfigured,
    OutOfReach,
    QuotaSpent,
    Sender,
    SendError,
    TryLater,
    WindowClosed,
)
from models.actions import delivery
from models.actions.delivery import Outcome
from models.database import Database
from models.queries.deliveries import no_longer_owed
from models.rules.district import District
from models.rules.push import Lane
from models.rules.reach import SENT_AGAIN, Claimed, back_off, effective_now, quiet_until, service_window
from models.vault import Vault

log = structlog.get_logger()
T = TypeVar("T")

#: Pushes one crew claims at a time: all of them are in flight at once.
CLAIM = 20
CREWS = 3
MISCONFIGURED_PAUSE = timedelta(seconds=60)
IDLE = 0.5  # seconds between looks at an empty outbox

#: Why a push did not go out, as the export and the teacher's list say it.
EXPIRED = "已过时效"
NO_RUNG = "48小时内未发过消息，且未配置模板消息"
GONE = "已取消关注"
GAVE_UP = "多次重试仍未成功"
QUIET = "夜间免打扰，且到次日已失效"


@dataclass(frozen=True, slots=True)
class Template:
    """The account's template for one kind: our field (title, unit, time, note) → the template's key."""

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class House:
    """What delivery works on. is_alive: of these workers, those whose process still runs (this one is)."""

    database: Database
    vault: Vault
    district: District
    clock: Callable[[], datetime]
    worker: str
    is_alive: Callable[[Collection[str]], set[str]]
    templates: Callable[[], Mapping[str, Template]] = dict
    public_url: str = ""
    #: told of every batch of outcomes once it is recorded
    observe: Callable[[Sequence[Outcome]], None] = lambda _outcomes: None


class Delivery:
    """One worker's delivery. `run` drains for ever; `finish` drains one occurrence to its end."""

    def __init__(self, house: House, sender: Sender) -> None:
        self._house, self._sender = house, sender
        self._pace = AsyncLimiter(house.district.messages.rate_per_second, 1)
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Drain until `stop`; what is in flight is finished and recorded."""
        await asyncio.gather(self._watch(), *(self._crew() for _ in range(CREWS)))

    def stop(self) -> None:
        self._stopping.set()

    async def _crew(self) -> None:
        while not self._stopping.is_set():
            try:
                sent = await self.drain()
            except Exception:
                log.exception("delivery paused")
                sent = 0
            if not sent:
                await self._pause(IDLE)

    async def _watch(self) -> None:
        """Settle what dead workers held."""
        while not self._stopping.is_set():
            try:
                await self.take_over()
            except Exception:
                log.exception("take-over paused")
            await self._pause(1.0)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def take_over(self) -> int:
        """Settle what dead workers held; gives how many pushes."""
        alive = self._house.is_alive
        return await self._write(lambda connection: delivery.take_over(connection, alive))

    async def drain(self, occurrence_id: int | None = None) -> int:
        """One round: claim, send, record. Gives how many were claimed."""
        house = self._house
        now = house.clock()

        def take(connection: Connection) -> tuple[list[Claimed], dict[int, str]]:
            claimed = delivery.claim(connection, house.vault, house.worker, now, CLAIM, occurrence_id)
            return claimed, no_longer_owed(connection, claimed) if claimed else {}

        claimed, dropped = await self._write(take)
        if not claimed:
            return 0
        # One account's pushes go one after another: its budget is counted, and their order is kept.
        by_account: dict[int | None, list[Claimed]] = {}
        for push in claimed:
            by_account.setdefault(push.account_id, []).append(push)
        outcomes: list[Outcome] = []

        async def deliver(pushes: list[Claimed]) -> None:
            spent = Counter[str]()
            for push in pushes:
                if (reason := dropped.get(push.id)) is not None:
                    outcomes.append(Outcome(push.id, "dropped", error=reason))
                    continue
                outcome = await self._deliver(replace(push, windows=push.windows.after(spent)), now)
                spent[outcome.spent] += 1
                outcomes.append(outcome)

        await asyncio.gather(*(deliver(pushes) for pushes in by_account.values()))
        await self._write(lambda connection: delivery.settle(connection, house.worker, outcomes))
        house.observe(outcomes)
        return len(claimed)

    async def _deliver(self, push: Claimed, now: datetime) -> Outcome:
        judged = effective_now(now, push.moment, push.created_at)
        if judged >= push.expires_at:
            return Outcome(push.id, "expired", error=EXPIRED)
        if push.openid is None or push.body is None:
            return Outcome(push.id, "dropped", error=GONE)
        if (until := quiet_until(judged, push.lane, self._house.district)) is not None:
            if until >= push.expires_at:
                return Outcome(push.id, "expired", error=QUIET)
            return Outcome(push.id, "queued", due_at=now + (until - judged))
        if push.refused:
            return Outcome(push.id, "failed", error=push.refused)
        try:
            return await self._by_rungs(push, judged, push.openid, push.body)
        except SendError as error:
            return self._refusal(push, now, error)

    async def _by_rungs(self, push: Claimed, judged: datetime, openid: str, body: Mapping[str, Any]) -> Outcome:
        """Service message in the window, else a template; the next rung when the platform says the window is shut."""
        reserve = self._house.district.messages.window_reserve
        window = service_window(push.windows, judged, push.lane, reserve)
        template = self._house.templates().get(push.kind)
        shut: WindowClosed | None = None
        if window is not None:
            try:
                async with self._pace:
                    await self._sender.send_service(openid, unpack(body))
            except WindowClosed as closed:
                shut = closed
            else:
                return self._sent(push, "service", spent=window)
        if template is not None:
            data = {template.fields.get(name, name): value for name, value in push.fields.items()}
            async with self._pace:
                # The platform sends one client_msg_id once within ten minutes, whoever repeats it.
                done = await self._sender.send_template(
                    openid, template.id, data, self._house.public_url, f"p{push.id}"
                )
            return self._sent(push, "template", msgid=done.msgid, shut=shut is not None)
        if shut is not None:
            return Outcome(
                push.id, "failed", "service", shut.errcode, shut.reason, account_id=push.account_id, shut=True
            )
        return Outcome(push.id, "failed", error=NO_RUNG)

    def _sent(self, push: Claimed, channel: str, *, spent: str = "", msgid: str = "", shut: bool = False) -> Outcome:
        return Outcome(
            push.id,
            "sent",
            channel,
            sent_at=self._house.clock(),
            msgid=msgid or None,
            account_id=push.account_id,
            spent=spent,
            shut=shut,
        )

    def _refusal(self, push: Claimed, now: datetime, error: SendError) -> Outcome:
        code, reason = error.errcode, error.reason
        match error:
            case MaybeSent() if push.kind not in SENT_AGAIN:
                return Outcome(push.id, "unknown", errcode=code, error=reason)
            case TryLater():
                pause = back_off(push.attempts)
                if pause is None:
                    return Outcome(push.id, "failed", errcode=code, error=f"{GAVE_UP}：{reason}", retryable=True)
                return Outcome(push.id, "queued", errcode=code, error=reason, due_at=now + pause)
            case QuotaSpent():
                if push.lane == Lane.ALERT and (pause := back_off(push.attempts)) is not None:
                    return Outcome(push.id, "queued", errcode=code, error=reason, due_at=now + pause)
                return Outcome(push.id, "failed", errcode=code, error=reason, retryable=True)
            case OutOfReach():
                return Outcome(
                    push.id, "failed", errcode=code, error=reason, account_id=push.account_id, refused=reason
                )
            case Misconfigured():  # nobody is reached until an operator mends it; meanwhile it stays owed
                log.error("delivery is misconfigured", errcode=code)
                return Outcome(push.id, "queued", errcode=code, error=reason, due_at=now + MISCONFIGURED_PAUSE)
            case Malformed() | WindowClosed():
                return Outcome(push.id, "failed", errcode=code, error=reason)
            case _:
                return Outcome(push.id, "failed", errcode=code, error=reason, retryable=True)

    async def finish(self, occurrence_id: int, horizon: timedelta = timedelta(seconds=40)) -> None:
        """Drain one occurrence until each of its pushes is final, or waits for longer than `horizon` (quiet hours,
        or an operator)."""
        while True:
            await self.take_over()
            while await self.drain(occurrence_id):
                pass
            now = self._house.clock()
            waiting = await self._read(lambda connection: delivery.next_due(connection, occurrence_id))
            if waiting is None or waiting > now + horizon:
                return
            await self._pause(min(0.5, max(0.05, (waiting - now).total_seconds())))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._house.database.write() as connection:
                return work(connection)

        return await asyncio.to_thread(run)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        def run() -> T:
            with self._house.database.read() as connection:
                return work(connection)

        return await asyncio.to_thread(run)
