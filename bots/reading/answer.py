"""Puts the answer together: facts per person, questions back in order of weight, what is left pending."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from bots.reading.asked import settle
from bots.reading.facts import (
    Ask,
    AskKind,
    Intent,
    Reading,
)
from bots.reading.gather_bodies import BodyGathering
from bots.reading.gather_numbers import NumberGathering
from bots.reading.gather_wishes import WishGathering
from bots.reading.negation import Symptoms
from bots.reading.neighbours import Verdict
from bots.reading.routes import Move
from bots.reading.walk import At
from bots.reading.who import Who

_T = TypeVar("_T")
_WEIGHT = {
    AskKind.WHICH_PERSON: 0,
    AskKind.CONFIRM_PERSON: 1,
    AskKind.CONFIRM_VALUE: 2,
    AskKind.FEVER: 3,
    AskKind.TEMPERATURE: 4,
    AskKind.WHAT_WITHDRAW: 4,
    AskKind.WHICH_DAY: 5,
    AskKind.PLACE: 6,
    AskKind.WHEN_BACK: 7,
    AskKind.WHEN_LEFT: 8,
    AskKind.SYMPTOMS: 9,
    AskKind.SINCE_WHEN: 10,
    AskKind.BACKFILL: 11,
}


class Builder(NumberGathering, BodyGathering, WishGathering):
    """One message's answer in the making."""

    def only(self, intent: Intent) -> Reading:
        """An answer without any fact."""
        return Reading(
            asks=(Ask(AskKind.TEMPERATURE, self.people.default),), intent=intent, explain=(f"taken as {intent}",)
        )

    def build(
        self,
        word: frozenset[str],
        spoken: frozenset[str],
        talk: list[Intent],
        named: dict[int, Who],
        places: dict[int, At],
        verdicts: list[Verdict],
        symptoms: Symptoms,
        moves: list[Move],
    ) -> Reading:
        """The answer."""
        settled = settle(self, word, verdicts, named, places, symptoms, moves) if self.scene.asked is not None else None
        self.gather_numbers(verdicts, places)
        self.gather_copies(named, places, verdicts)
        self.gather_symptoms(symptoms, verdicts, named)
        self.gather_moves(moves, named)
        self.gather_statements(places)
        intent, also = self.settle_intent(word, spoken, talk, verdicts, settled)
        self.follow_up(intent, also, settled, verdicts, symptoms)
        people = tuple(
            self.drafts[key].facts(key, self.scene.home.province)
            for key in self.people.all_keys
            if key in self.drafts and self.drafts[key].touched
        )
        if self.questions and any(draft.temperatures for draft in self.drafts.values()):
            # 37.3算发烧吗？今早36.9: the question was a general one
            told = {key for key, draft in self.drafts.items() if draft.temperatures}
            general = [ask for ask in self.questions if ask.subject is None or ask.subject in told]
            self.asks = [ask for ask in self.asks if ask not in general]
            self.pending = [
                alert
                for alert in self.pending
                if alert.reason != "question" or (alert.subject is not None and alert.subject not in told)
            ]
        if self.idle and self.kept_numbers:
            # 36.6，校服钱36.5我下午转; but 小明健健康康36.5，小红37.6 is asked of 小明, of whom nothing else is known
            idle = [ask for ask in self.idle if ask.subject is None or self._told_of(ask.subject)]
            self.asks = [ask for ask in self.asks if ask not in idle]
            things = {ask.source for ask in idle}
            self.pending = [alert for alert in self.pending if alert.source not in things]
        self.asks = [ask for ask in self.asks if not self._settled(ask)]
        asks = sorted(_unique(self.asks), key=lambda ask: _WEIGHT.get(ask.kind, 12))
        for draft_key, draft in self.drafts.items():
            for reading in draft.temperatures:
                self.explain.append(
                    f"read {reading.tenths // 10}.{reading.tenths % 10} from {reading.source} for {draft_key}"
                )
            self.explain.extend(f"{code} present" for code in draft.present)
            self.explain.extend(f"{code} denied" for code in draft.denied)
        question = next((clause.text.strip() for clause in self.clauses if clause.asked), "")
        return Reading(
            people,
            tuple(asks),
            tuple(self.backfills),
            intent,
            also,
            tuple(_unique(self.pending)),
            tuple(self.explain),
            question,
        )

    def _told_of(self, key: int) -> bool:
        """Whether a reading of this person was taken."""
        return key in self.drafts and bool(self.drafts[key].temperatures)

    def _settled(self, ask: Ask) -> bool:
        """Whether another reading of the same person stands, and this one would change nothing: 额温33.8，腋下36.6."""
        if ask.kind != AskKind.CONFIRM_VALUE or ask.subject is None or ask.subject not in self.drafts:
            return False
        told = [reading.tenths for reading in self.drafts[ask.subject].temperatures]
        fever = self.scene.fever_tenths
        return bool(told) and (not ask.candidates or max(ask.candidates) < fever or max(ask.candidates) <= max(told))


def _unique(items: Iterable[_T]) -> list[_T]:
    return list(dict.fromkeys(items))
