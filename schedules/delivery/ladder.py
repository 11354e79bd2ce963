"""One push, rung by rung: the cheapest way that is open, the next one when the platform refuses it, the list at last.

service (in the window) → subscription (where granted) → template (where configured) → SMS (where configured) → the head
teacher's call list. What is known not to arrive is not tried.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiolimiter import AsyncLimiter

from bots.engine.replies import Picture, drawn, link_of, unpack
from bots.engine.sender import (
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
from models.actions.delivery import Outcome
from models.queries.sending import Allowed
from models.rules import template_fields
from models.rules.reach import (
    DAY_QUOTA,
    LIST,
    RETRY_LATER,
    SERVICE,
    SMS,
    SUBSCRIPTION,
    TEMPLATE,
    Claimed,
    back_off,
    effective_now,
    platform_midnight,
    quiet_until,
)
from schedules.delivery import reasons
from schedules.delivery.channels import WECHAT, Climb, look
from schedules.delivery.context import House, Template
from schedules.delivery.pictures import Pictures

log = structlog.get_logger()

#: The platform's number for media it does not know, or no longer.
UNKNOWN_MEDIA = 40007
MISCONFIGURED_PAUSE = timedelta(seconds=60)
#: The platform refuses one interface altogether (no right, banned, template blocked): another rung may be open.
_INTERFACE_ONLY = frozenset({40249, 43107, 48001, 48004})


class Ladder:
    """The rungs of one worker."""

    def __init__(self, house: House, sender: Sender, pace: AsyncLimiter) -> None:
        self._house, self._sender, self._pace = house, sender, pace
        self._pictures = Pictures(house.database, sender)

    # before any call

    def begin(self, push: Claimed, now: datetime, allowed: Allowed) -> Climb | Outcome:
        """The climb of a due push, or what is decided without a call."""
        judged = effective_now(now, push.moment, push.created_at)
        if judged >= push.expires_at:
            return self._decided(push, "expired", reasons.EXPIRED)
        if (until := quiet_until(judged, push.lane, self._house.district)) is not None:
            if until >= push.expires_at:
                return self._decided(push, "expired", reasons.QUIET)
            return Outcome(push.id, "queued", due_at=now + (until - judged), tried=push.tried, is_try=False)
        if push.openid is None or push.account_id is None:
            return self._decided(push, "dropped", reasons.GONE)
        if push.body is None:
            return self._decided(push, "dropped", reasons.NO_BODY)
        climb = look(self._house, push, judged, allowed)
        return climb if climb.rungs else self._end(climb, now)

    @staticmethod
    def _decided(push: Claimed, state: str, why: str) -> Outcome:
        return Outcome(push.id, state, error=why, tried=push.tried, is_try=False)

    # the calls

    async def climb(self, climb: Climb, now: datetime) -> Outcome:
        """Try the rungs in turn; gives what became of the push."""
        for number, rung in enumerate(climb.rungs):
            if climb.refused and rung in (SERVICE, TEMPLATE):
                continue
            if number:
                await self._pace.acquire()
            started = time.perf_counter()
            try:
                climb.used.append(rung)
                msgid = await self._call(climb, rung, now)
            except SendError as error:
                self._house.meter.refused(rung, error.errcode)
                stopped = self._refused(climb, rung, error, now)
                if stopped is not None:
                    return stopped
            else:
                self._house.meter.sent(rung, climb.push.kind, time.perf_counter() - started)
                return self._outcome(
                    climb, "sent", channel=rung, sent_at=self._house.clock(), msgid=msgid or None, why=climb.told
                )
        return self._end(climb, now)

    async def _call(self, climb: Climb, rung: str, now: datetime) -> str:
        push, house = climb.push, self._house
        assert push.openid is not None
        assert push.body is not None
        if rung == SERVICE:
            climb.spent = climb.window
            if key := drawn(push.body):
                await self._send_drawn(push.openid, key, now)
                return ""
            await self._sender.send_service(push.openid, unpack(push.body))
            return ""
        if rung == SUBSCRIPTION:
            template = house.subscriptions()[push.kind]
            climb.granted = "" if template.is_long_term else template.id
            data = self._data(template, climb)
            done = await self._sender.send_subscription(
                push.openid, template.id, data, link_of(push.body, house.public_url)
            )
            return done.msgid
        if rung == TEMPLATE:
            template = house.templates()[push.kind]
            data = self._data(template, climb)
            # The platform sends one client_msg_id once within ten minutes, whoever repeats it.
            done = await self._sender.send_template(
                push.openid, template.id, data, link_of(push.body, house.public_url), f"p{push.id}"
            )
            return done.msgid
        assert house.sms is not None
        assert push.phone is not None
        template = house.sms_templates()[push.kind]
        phone = house.vault.open("persons.phone", push.phone)
        return await house.sms.send(phone, template.id, self._data(template, climb), f"p{push.id}")

    async def _send_drawn(self, openid: str, key: str, now: datetime) -> None:
        """A picture, uploaded by whoever comes first; one the platform has forgotten is uploaded again, once."""
        media_id = await self._pictures.media_id(key, now)
        try:
            await self._sender.send_service(openid, Picture(media_id))
        except Malformed as error:
            if error.errcode != UNKNOWN_MEDIA:
                raise
            await self._pictures.forget(key, media_id)
            await self._sender.send_service(openid, Picture(await self._pictures.media_id(key, now)))

    def _data(self, template: Template, climb: Climb) -> dict[str, str]:
        local = self._house.district.local(climb.judged)
        fields = {name: str(value) for name, value in climb.push.fields.items()}
        return template_fields.fill(template.keys, template.fields, fields, local)

    def _refused(self, climb: Climb, rung: str, error: SendError, now: datetime) -> Outcome | None:
        """What a refusal means: None, another rung may arrive; else what becomes of the push now."""
        climb.errcode = error.errcode or climb.errcode
        said = reasons.ERRCODES.get(error.errcode, error.reason)
        granted = climb.granted
        if not isinstance(error, MaybeSent):  # what may have arrived has cost its place in the window, or its grant
            climb.spent = climb.granted = ""
        match error:
            case MaybeSent():
                return self._maybe(climb, rung, said, now)
            case QuotaSpent() if error.errcode == DAY_QUOTA or rung == SMS:
                climb.closed.append(rung)
                climb.barred[rung] = reasons.QUOTA_SPENT
            case QuotaSpent():
                pause = timedelta(seconds=error.retry_after or 60)
                return self._outcome(climb, "queued", error=said, due_at=now + pause, is_try=False)
            case TryLater():
                return self._later(climb, said, now)
            case Misconfigured() if error.errcode in _INTERFACE_ONLY or rung == SMS:
                log.error("a rung is closed to us", rung=rung, errcode=error.errcode)
                climb.barred[rung] = said
            case Misconfigured():  # nobody is reached until an operator mends it; meanwhile it stays owed
                log.error("delivery is misconfigured", errcode=error.errcode)
                return self._outcome(climb, "queued", error=said, due_at=now + MISCONFIGURED_PAUSE)
            case OutOfReach():
                climb.barred[rung] = said
                if rung in WECHAT:
                    climb.refused = said
            case WindowClosed():
                climb.barred[rung] = said
                if rung == SERVICE:
                    climb.shut = True
                elif rung == SUBSCRIPTION:
                    climb.ungranted = granted
            case Malformed():
                log.warning("message refused", rung=rung, kind=climb.push.kind, errcode=error.errcode)
                climb.barred[rung] = said
            case _:
                return self._later(climb, said, now)
        return None

    def _maybe(self, climb: Climb, rung: str, said: str, now: datetime) -> Outcome:
        """The call broke off after it may have been accepted: repeat where that is harmless, or the lesser evil."""
        if climb.push.is_sent_again or (rung == TEMPLATE and back_off(climb.push.attempts) is not None):
            return self._later(climb, said, now)
        return self._outcome(climb, "unknown", channel=rung, error=said)

    def _later(self, climb: Climb, said: str, now: datetime) -> Outcome:
        pause = back_off(climb.push.attempts)
        if pause is not None:
            return self._outcome(climb, "queued", error=said, due_at=now + pause)
        return self._outcome(
            climb, "failed", error=f"{reasons.GAVE_UP}：{said}", due_at=now + RETRY_LATER, retryable=True
        )

    def _end(self, climb: Climb, now: datetime) -> Outcome:
        """No rung is left: tomorrow, where only today's allowance is missing and it still helps then; else the list."""
        quotas = {reasons.QUOTA_SPENT, reasons.QUOTA_RESERVED}
        if quotas & set(climb.barred.values()):
            midnight = platform_midnight(now)
            if effective_now(midnight, climb.push.moment, climb.push.created_at) < climb.push.expires_at:
                return self._outcome(climb, "queued", error=climb.told, due_at=midnight, is_try=bool(climb.used))
        channel = LIST if climb.push.relation == "guardian" else ""
        if climb.push.tried and not climb.barred:  # accepted by the platform, and then not delivered
            return self._outcome(climb, "failed", channel=channel, error=climb.push.error, is_try=False)
        return self._outcome(
            climb, "failed", channel=channel, error=climb.told, retryable=True, is_try=bool(climb.used)
        )

    def _outcome(self, climb: Climb, state: str, **given: Any) -> Outcome:
        push = climb.push
        return replace(
            Outcome(
                push.id,
                state,
                errcode=climb.errcode,
                account_id=push.account_id,
                spent=climb.spent,
                shut=climb.shut,
                refused=climb.refused,
                tried=push.tried,
                used=tuple(climb.used),
                closed=tuple(climb.closed),
                granted=climb.granted,
                ungranted=climb.ungranted,
            ),
            **given,
        )
