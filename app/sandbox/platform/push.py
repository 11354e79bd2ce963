"""Pushing to the back end: sign, seal, deliver up to three times, judge the answer, show it or the fault bubble."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from app.sandbox.platform import spoil
from app.sandbox.platform.account import Account
from app.sandbox.platform.clock import SandboxClock
from app.sandbox.platform.crypto import sign
from app.sandbox.platform.envelope import IllegalReply, Reply, read_reply, unwrap, wrap, write
from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.faults import Faults
from app.sandbox.platform.feed import WireLog
from app.sandbox.platform.media import Media
from app.sandbox.platform.people import Bubble, People, Person
from app.sandbox.platform.settings import PushRules

Hits = Mapping[str, Mapping[str, Any]]
Pause = Callable[[float], Awaitable[None]]

_NOT_REPLIABLE = frozenset({"unsubscribe", "VIEW", "LOCATION", "view_miniprogram", "user_info_modified"})
_NOT_REPLIABLE_STARTS = ("subscribe_msg_", "user_authorization_")
_MANY_ARTICLES = frozenset({"CLICK", "subscribe", "SCAN"})
_ANSWER_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a push ended.

    `outcome`: reply (shown), silent (`success` or empty), fault (the user saw the fault bubble), illegal (a reply where
    none is allowed, or a bad answer to such a push; nothing shown), dropped (not delivered: MarkFail), queued.
    """

    outcome: str
    deliveries: int
    reason: str = ""
    bubble: Bubble | None = None
    msg_id: str = ""

    def as_json(self) -> dict[str, Any]:
        """The shape the control API answers with."""
        return {
            "outcome": self.outcome,
            "deliveries": self.deliveries,
            "reason": self.reason,
            "reply": self.bubble.as_json() if self.bubble else None,
            "msg_id": self.msg_id,
        }


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one delivery brought: a verdict, and for a legal reply the reply itself."""

    verdict: str  # reply, silent, illegal, timeout, unreachable
    reason: str = ""
    reply: Reply | None = None


def repliable(fields: Mapping[str, Any]) -> bool:
    """Whether the back end may answer this push with a message."""
    event = str(fields.get("Event", ""))
    if fields.get("MsgType") != "event":
        return True
    if event in _NOT_REPLIABLE or event.startswith(_NOT_REPLIABLE_STARTS):
        return False
    return not event.endswith("JOBFINISH")


def describe(fields: Mapping[str, Any]) -> str:
    """One line for the wire panel."""
    if fields.get("MsgType") == "event":
        return " ".join(
            str(part) for part in (fields.get("Event"), fields.get("EventKey"), fields.get("Status")) if part
        )
    return f"{fields.get('MsgType')} {fields.get('Content', '')}".strip()


class Pusher:
    """One account's pushes. `pause` replaces asyncio.sleep in tests."""

    def __init__(
        self,
        *,
        rules: PushRules,
        account: Account,
        clock: SandboxClock,
        people: People,
        media: Media,
        faults: Faults,
        wire: WireLog,
        rng: random.Random,
        transport: httpx.AsyncBaseTransport | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._rules = rules
        self._account = account
        self._clock = clock
        self._people = people
        self._media = media
        self._faults = faults
        self._wire = wire
        self._rng = rng
        self._transport = transport
        self._pause = pause
        self._client: httpx.AsyncClient | None = None
        self._slots = asyncio.Semaphore(rules.parallel)
        self._flying = 0
        self._may_fly, self._landed, self._grounding = asyncio.Event(), asyncio.Event(), asyncio.Lock()
        self._may_fly.set()
        self._failures = 0
        self._blocked_until = 0.0
        self._queue: list[tuple[Person, dict[str, Any]]] = []
        # From the clock, so that a stand-in started anew never repeats the ids of the one before.
        self._msg_id = int(clock.timestamp() * 1000) * 1_000_000
        self._last: dict[str, Any] = {}

    def next_msg_id(self) -> int:
        """A fresh 64-bit MsgId."""
        self._msg_id += 1 + self._rng.randrange(1000)
        return self._msg_id

    @property
    def blocked(self) -> bool:
        """Whether MarkFail holds back all pushes now."""
        return self._blocked_until > self._clock.timestamp()

    async def close(self) -> None:
        """Close the connections to the back end."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def verify(self) -> tuple[bool, str]:
        """The GET by which the console checks the URL before it enables it: whether it passed, and why not."""
        echo = str(self._rng.randrange(10**18, 10**19))
        timestamp, nonce = self._stamp()
        params = {"signature": sign(self._account.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        try:
            async with asyncio.timeout(self._rules.deadline_seconds):
                answer = await self._http().get(self._account.callback_url, params={**params, "echostr": echo})
        except (TimeoutError, httpx.HTTPError) as error:
            reason = f"the URL cannot be reached: {type(error).__name__}"
        else:
            reason = ""
            if answer.status_code != 200:
                reason = f"status {answer.status_code}"
            elif answer.content != echo.encode():
                reason = "the body is not exactly echostr (no quotes, no BOM, no newline)"
        self._wire.note(summary="verify URL", refused=bool(reason), reason=reason, params={**params, "echostr": echo})
        return not reason, reason

    async def push(self, person: Person, fields: dict[str, Any]) -> Outcome:
        """Deliver one message or event of a user; returns when the user's phone has shown what it will show."""
        msg_id = str(fields.get("MsgId", ""))
        if self.blocked:
            if self._rules.mark_fail_policy == "queue":
                self._queue.append((person, fields))
                return Outcome("queued", 0, "MarkFail: pushing stopped for a while", msg_id=msg_id)
            bubble = self._fault_bubble(person, fields)
            self._wire.note(
                summary=describe(fields), openid=person.openid, refused=True, reason="MarkFail: not pushed, lost"
            )
            return Outcome("dropped", 0, "MarkFail: pushing stopped for a while", bubble, msg_id)
        waiting, self._queue = self._queue, []
        for earlier, kept in waiting:
            await self._push_now(earlier, kept)
        return await self._push_now(person, fields)

    async def _push_now(self, person: Person, fields: dict[str, Any]) -> Outcome:
        hits = self._faults.strike("push", str(fields.get("MsgType")), str(fields.get("Event", "")))
        fields = spoil.fields(fields, hits, self._last)
        self._last = fields
        msg_id = str(fields.get("MsgId", ""))
        answer, count = await self._deliver_all(person, fields, hits)
        if answer.verdict == "silent":
            self._failures = 0
            return Outcome("silent", count, msg_id=msg_id)
        if answer.verdict == "reply" and answer.reply is not None:
            self._failures = 0
            reply = answer.reply
            if reply.kind == "transfer_customer_service":
                return Outcome("silent", count, "handed to human agents", msg_id=msg_id)
            bubble = self._people.show(
                person,
                self._clock.now(),
                side="account",
                kind=reply.kind,
                via="passive",
                text=reply.text,
                data=reply.data,
            )
            return Outcome("reply", count, "; ".join(reply.notes), bubble, msg_id)
        self._failures += 1
        if self._failures >= self._rules.mark_fail_after:
            self._blocked_until = self._clock.timestamp() + self._rules.mark_fail_seconds
            self._failures = 0
            self._wire.note(
                summary="MarkFail", refused=True, reason=f"pushes stop for {self._rules.mark_fail_seconds:g} s"
            )
        bubble_or_none = self._fault_bubble(person, fields)
        return Outcome("fault" if bubble_or_none else "illegal", count, answer.reason, bubble_or_none, msg_id)

    async def _deliver_all(self, person: Person, fields: dict[str, Any], hits: Hits) -> tuple[_Answer, int]:
        loop = asyncio.get_running_loop()
        answer = _Answer("unreachable", "no callback URL is set")
        if not self._account.callback_url:
            return answer, 0
        for number in range(1, self._rules.deliveries + 1):
            started = loop.time()
            if number == 1 and "concurrent" in hits:
                both = await asyncio.gather(*(self._deliver(person, fields, hits, 1) for _ in range(2)))
                answer = next((one for one in both if one.verdict in ("reply", "silent")), both[0])
            else:
                answer = await self._deliver(person, fields, hits if number == 1 else {}, number)
            retried = answer.verdict in ("timeout", "unreachable") or (
                answer.verdict == "illegal" and self._rules.retry_on_bad_answer
            )
            if not retried:
                if "duplicate" in hits:
                    await self._deliver(person, fields, {}, number + 1)
                return answer, number
            rest = self._rules.spacing_seconds - (loop.time() - started)
            if number < self._rules.deliveries and rest > 0:
                await self._pause(rest)
        return answer, self._rules.deliveries

    async def _deliver(self, person: Person, fields: dict[str, Any], hits: Hits, number: int) -> _Answer:
        plain = spoil.document(write(fields), hits)
        if "slow" in hits:
            await self._pause(float(hits["slow"].get("seconds", 1)))
        loop = asyncio.get_running_loop()
        status, raw, opened = 0, "", ""
        # A slot is held for one delivery only: users whose push waits for its next try must not hold up the others.
        async with self._slots, self._flight():
            params, body = self._address(person, fields, plain, hits)
            started = loop.time()
            sent = await self._post(params, body)
        if isinstance(sent, _Answer):
            answer = sent
        else:
            status, raw = sent.status_code, sent.content[:_ANSWER_LIMIT].decode("utf-8", "replace")
            answer, opened = self._judge(person, fields, status, raw)
            if "lost_answer" in hits:
                answer = _Answer("timeout", "the connection was cut before the answer arrived (fault injection)")
        self._wire.push(
            openid=person.openid,
            summary=describe(fields),
            delivery=number,
            params=params,
            raw=body[:20_000],
            plain=plain[:20_000],
            status=status,
            answer=raw[:20_000],
            answer_plain=opened,
            outcome=answer.verdict,
            refused=answer.verdict not in ("reply", "silent"),
            reason=answer.reason or ("; ".join(answer.reply.notes) if answer.reply else ""),
            faults=sorted(hits),
            ms=round((loop.time() - started) * 1000),
        )
        return answer

    @asynccontextmanager
    async def grounded(self) -> AsyncIterator[None]:
        """Inside, nothing is on the wire: what flies has landed, and new deliveries wait.

        For moving the clock: a push signed before the move and read after it would be stale.
        """
        async with self._grounding:
            self._may_fly.clear()
            try:
                while self._flying:
                    self._landed.clear()
                    await self._landed.wait()
                yield
            finally:
                self._may_fly.set()

    @asynccontextmanager
    async def _flight(self) -> AsyncIterator[None]:
        while not self._may_fly.is_set():
            await self._may_fly.wait()
        self._flying += 1
        try:
            yield
        finally:
            self._flying -= 1
            self._landed.set()

    async def _post(self, params: dict[str, str], body: str) -> httpx.Response | _Answer:
        """The back end's response, or how it failed to come."""
        try:
            async with asyncio.timeout(self._rules.deadline_seconds):
                return await self._http().post(
                    self._account.callback_url,
                    params=params,
                    content=body.encode("utf-8", "surrogatepass"),
                    headers={"content-type": "text/xml", "user-agent": "Mozilla/4.0"},
                )
        except (TimeoutError, httpx.TimeoutException):
            return _Answer("timeout", f"no answer within {self._rules.deadline_seconds:g} s")
        except httpx.HTTPError as error:
            return _Answer("unreachable", f"connection failed: {type(error).__name__}")

    def _address(self, person: Person, fields: Mapping[str, Any], plain: str, hits: Hits) -> tuple[dict[str, str], str]:
        """Query and body of one delivery, signed afresh."""
        account = self._account
        timestamp, nonce = self._stamp()
        if "stale" in hits:
            timestamp = str(int(timestamp) - int(hits["stale"].get("seconds", 600)))
        params = {
            "signature": sign(account.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": person.openid,
        }
        body = plain
        if account.mode != "plain":
            sealer = spoil.foreign_sealer(account, hits) or account.sealer
            sealed = spoil.ciphertext(sealer.seal(plain), hits)
            params |= {"encrypt_type": "aes", "msg_signature": sign(account.token, timestamp, nonce, sealed)}
            if account.mode == "safe":
                body = wrap(account.account_id, sealed)
            else:
                body = plain.replace("</xml>", f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>")
        return spoil.signatures(params, hits), body

    def _judge(self, person: Person, fields: Mapping[str, Any], status: int, raw: str) -> tuple[_Answer, str]:
        if status != 200:
            return _Answer("illegal", f"status {status}"), ""
        if raw in ("", "success"):
            return _Answer("silent"), ""
        try:
            inner, sealed = unwrap(
                raw, mode=self._account.mode, token=self._account.token, sealers=self._account.sealers
            )
            reply = read_reply(
                inner,
                openid=person.openid,
                account_id=self._account.account_id,
                text_bytes=self._rules.reply_text_bytes,
                articles=8 if fields.get("Event") in _MANY_ARTICLES else 1,
                media_known=self._media_known,
            )
        except IllegalReply as error:
            return _Answer("illegal", str(error)), ""
        opened = inner if sealed else ""
        if not repliable(fields):
            return _Answer("illegal", f"{fields.get('Event')} must be answered with success or nothing"), opened
        return _Answer("reply", reply=reply), opened

    def _media_known(self, media_id: str, *kinds: str) -> bool:
        try:
            self._media.find(media_id, self._clock.timestamp(), *kinds)
        except Refused:
            return False
        return True

    def _fault_bubble(self, person: Person, fields: Mapping[str, Any]) -> Bubble | None:
        if not repliable(fields):
            return None
        return self._people.show(
            person, self._clock.now(), side="notice", kind="fault", via="system", text=self._rules.fault_text
        )

    def _stamp(self) -> tuple[str, str]:
        return str(int(self._clock.timestamp())), str(self._rng.randrange(10**8, 10**10))

    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=self._transport,
                timeout=None,  # noqa: S113 - the deadline of a push is judged apart
                trust_env=False,
                limits=httpx.Limits(keepalive_expiry=3.0),  # back ends close idle connections after five seconds
            )
        return self._client
