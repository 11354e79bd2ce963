"""From a batch of messages to their answers, on one connection, in one transaction that somebody else commits.

Per batch: the senders' accounts are locked, then what was answered before, then whom they speak for and what is already
recorded for those people: one statement each, however many messages wait, sent together. Then each message has its turn, in order, and
everything they changed is written one statement a table.

A message goes: repeat? → event → global word → waiting step → opening word → reading → help.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bots.engine.conversation import PATIENCE, Conversation, Said, Turn, Wait
from bots.engine.incoming import KINDS, Incoming
from bots.engine.registry import Registry
from bots.engine.replies import Reply, pack, unpack
from models.actions import accounts, inbox
from models.queries import days, people
from models.queries.people import Speaker
from models.statements import together
from models.work import Work

#: Events after which three messages may be sent within a minute (wechat-platform 5.1).
_TAPS = frozenset({"subscribe", "SCAN", "CLICK", "scancode_push", "scancode_waitmsg"})
_TRAILING = " \t\r\n。．.!！~～,，、;；?？"


class Dispatcher:
    """Answers batches. menu_words: what a tapped menu key stands for, e.g. TODAY → 今天."""

    def __init__(self, registry: Registry, public_url: str, menu_words: Mapping[str, str]) -> None:
        self._registry, self._public_url, self._menu_words = registry, public_url, menu_words

    def concerns(self, incoming: Incoming) -> bool:
        """Whether anybody here has a use for it. What has none gets `success` and touches nothing (contract 4)."""
        if incoming.is_event:
            return incoming.event in _TAPS or incoming.event in self._registry.by_event
        return incoming.kind in KINDS

    def answer(self, batch: Sequence[Incoming], work: Work) -> list[Reply | None]:
        """The reply to each message, None where nothing is said. What they change is flushed, not committed."""
        digests = {incoming.key: work.vault.index("inbox.key", incoming.key) for incoming in batch}
        speakers, seen = self._read(batch, digests, work)
        answers: list[Reply | None] = []
        # A parked message keeps the message itself; its retry hears nothing until the answer is pushed.
        said: dict[str, Reply | None] = {
            key: None if body is None or state == "parked" else unpack(body) for key, (state, body) in seen.items()
        }
        for incoming in batch:
            if incoming.key not in said:
                speaker = speakers[sender_of(incoming)]
                if speaker.gone:  # unfollowed and back within one batch: a clean start
                    speakers |= accounts.ensure(work, [speaker.openid])
                    speaker = speakers[speaker.openid]
                reply = said[incoming.key] = self._turn(incoming, speaker, work)
                body = None if reply is None else pack(reply)
                account_id = None if speaker.gone else speaker.account_id
                inbox.remember(work, digests[incoming.key], account_id, body)
            answers.append(said[incoming.key])
        accounts.write_back(work, speakers.values())
        work.flush()
        return answers

    def _read(
        self, batch: Sequence[Incoming], digests: Mapping[str, bytes], work: Work
    ) -> tuple[dict[str, Speaker], dict[str, tuple[str, Any]]]:
        """Everything a batch needs to know, on PostgreSQL in one round trip; each question sees what was committed
        before it was reached, so those after a lock see what its holder has done."""
        connection, openids = work.connection, [sender_of(incoming) for incoming in batch]
        dates = sorted({work.district.day_of(incoming.sent_at) for incoming in batch})  # one, but around midnight
        with together(connection):
            work.ask_units()
            asked_accounts = people.ask_accounts(connection, openids)
            asked_seen = inbox.ask_answered(connection, work.vault, digests)
            asked_people = people.ask_people(connection, openids)
            asked_days = [(day, days.ask_days(connection, openids, day)) for day in dates]
        _ = work.units  # known from here on, whatever is on its way
        speakers, bound = asked_accounts(), asked_people()
        people.seat_people(connection, list(speakers.values()), bound, work.today)
        locked = {row[1] for row in bound}
        for day, asked in asked_days:
            days.keep_days_of(work, locked, day, asked())
        new = accounts.make(work, sorted(set(openids) - speakers.keys()))
        if new:  # whoever made one of them beside us may have bound it already
            people.lock_people(connection, list(new.values()), work.today)
        return speakers | new, asked_seen()

    def _turn(self, incoming: Incoming, speaker: Speaker, work: Work) -> Reply | None:
        _open_window(incoming, speaker)
        turn = Turn(
            incoming=incoming,
            text=self._words(incoming),
            now=work.now,
            sent_at=incoming.sent_at,
            day=work.district.day_of(incoming.sent_at),
            speaker=speaker,
            work=work,
            public_url=self._public_url,
        )
        if incoming.is_event and incoming.event != "CLICK":
            return self._event(turn)
        wait = _open_wait(speaker, work, incoming.sent_at)
        said = self._choose(turn, wait)
        if said is None:
            return None
        if not speaker.gone:
            _keep_wait(speaker, work, said, incoming.sent_at)
        return said.reply

    def _words(self, incoming: Incoming) -> str:
        if incoming.event == "CLICK":
            return self._menu_words.get(incoming.event_key, incoming.event_key)
        return incoming.text.strip()

    def _event(self, turn: Turn) -> Reply | None:
        for conversation, step in self._registry.by_event.get(turn.incoming.event, ()):
            said = conversation.steps[step](turn)
            if said is not None:
                if not turn.speaker.gone:
                    _keep_wait(turn.speaker, turn.work, said, turn.sent_at)
                return said.reply
        return None

    def _choose(self, turn: Turn, wait: Wait | None) -> Said | None:
        if wait is None and turn.incoming.kind == "text":
            for at_once in self._registry.at_once:
                if (said := at_once(turn)) is not None:
                    return said
        word = _plain(turn.text)
        opened = self._registry.opened_by(word) if word else []
        turn.is_word, turn.opens = word in self._registry.by_word, bool(opened)
        for conversation in opened:
            if conversation.is_global and (said := self._open(conversation, turn)) is not None:
                return said
        if wait is not None and (waiting := self._registry.by_name.get(wait.conversation)) is not None:
            step = waiting.steps.get(wait.step)
            turn.data = wait.data
            if step is not None and (said := step(turn)) is not None:
                return said
            turn.data = {}
        kept = wait is not None
        for conversation in opened:
            if not conversation.is_global and (said := self._open(conversation, turn)) is not None:
                return _or_keep(said, kept)
        for conversation in self._registry.readers:
            if conversation.reads is not None and (said := conversation.reads(turn)) is not None:
                return _or_keep(said, kept)
        return None

    @staticmethod
    def _open(conversation: Conversation, turn: Turn) -> Said | None:
        return conversation.steps[conversation.first](turn)


def sender_of(incoming: Incoming) -> str:
    """Whose message it is: withdrawals of authorisation come from the platform's own sender."""
    return incoming.user_openid or incoming.openid


def _plain(text: str) -> str:
    """The text as words are compared: one width, no closing punctuation."""
    return unicodedata.normalize("NFKC", text).strip(_TRAILING)


def _or_keep(said: Said, kept: bool) -> Said:
    """An interruption is answered, and the open question stays open unless the answer opened another."""
    return Said(said.reply, said.wait, keep=True) if kept and said.wait is None else said


def _open_window(incoming: Incoming, speaker: Speaker) -> None:
    if incoming.event in _TAPS or incoming.menu_id:
        if speaker.tapped_at is None or incoming.sent_at > speaker.tapped_at:
            speaker.tapped_at, speaker.tapped_spent, speaker.refused = incoming.sent_at, 0, None
    elif not incoming.is_event and (speaker.typed_at is None or incoming.sent_at >= speaker.typed_at):
        speaker.typed_at, speaker.typed_spent, speaker.refused = incoming.sent_at, 0, None


def _open_wait(speaker: Speaker, work: Work, now: datetime) -> Wait | None:
    if speaker.wait is None:
        return None
    made = work.vault.open_json("accounts.wait", speaker.wait)
    until = datetime.fromisoformat(made["u"])
    if until < now:
        speaker.wait = None
        return None
    return Wait(made["c"], made["s"], made["d"], until)


def _keep_wait(speaker: Speaker, work: Work, said: Said, now: datetime) -> None:
    if said.wait is None:
        if not said.keep:
            speaker.wait = None
        return
    until = said.wait.until or now + PATIENCE
    made = {"c": said.wait.conversation, "s": said.wait.step, "d": dict(said.wait.data), "u": until.isoformat()}
    speaker.wait = work.vault.seal_json("accounts.wait", made)
