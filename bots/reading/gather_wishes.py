"""What the writer wants besides, and what is still owed."""

from __future__ import annotations

from bots.reading.facts import (
    Ask,
    AskKind,
    Intent,
)
from bots.reading.gathering import Gathering
from bots.reading.negation import Symptoms
from bots.reading.neighbours import Verdict

_TALK = (
    ("wrong_person", Intent.WRONG_PERSON),
    ("transferred", Intent.TRANSFERRED),
    ("contact_teacher", Intent.CONTACT_TEACHER),
    ("privacy", Intent.PRIVACY),
    ("refusal", Intent.REFUSAL),
    ("opinion", Intent.OPINION),
)


_ORDER_ASKED = (
    "withdraw",
    "contact_teacher",
    "seen",
    "dont_know",
    "defer",
    "yes",
    "no",
    "nothing",
    "acknowledge",
    "thanks",
    "greeting",
)
_ORDER = (
    "withdraw",
    "contact_teacher",
    "seen",
    "dont_know",
    "defer",
    "acknowledge",
    "thanks",
    "greeting",
    "yes",
    "no",
    "nothing",
)


_QUIET = frozenset(
    (
        Intent.THANKS,
        Intent.ACKNOWLEDGE,
        Intent.GREETING,
        Intent.WRONG_PERSON,
        Intent.TRANSFERRED,
        Intent.REFUSAL,
        Intent.CONTACT_TEACHER,
        Intent.SEEN,
        Intent.PRIVACY,
        Intent.DEFER,
        Intent.NO_THERMOMETER,
        Intent.CHAT,
        Intent.INJECTION,
        Intent.OPINION,
        Intent.YES,
        Intent.NO,
        Intent.DONT_KNOW,
        Intent.QUESTION,
    )
)


class WishGathering(Gathering):
    """Settles the intent and the questions that follow from it."""

    def settle_intent(
        self,
        word: frozenset[str],
        spoken: frozenset[str],
        talk: list[Intent],
        verdicts: list[Verdict],
        settled: Intent | None,
    ) -> tuple[Intent, tuple[Intent, ...]]:
        """The main wish and the others."""
        touched = any(draft.touched for draft in self.drafts.values())
        facts = touched or bool(self.backfills)
        numbers = any(verdict.fate in ("store", "ask") for verdict in verdicts)
        said = (
            {t.roles["correct"] for t in self.tokens if "correct" in t.roles}
            if "correct" in self.kinds
            else frozenset()
        )
        changing = self.corrected or "change" in said or "wrong" in said
        found: list[Intent] = []
        if "injection" in spoken:
            found.append(Intent.INJECTION)
        if settled is not None:
            found.append(settled)
        if (
            (changing and (numbers or facts or self.corrected))
            or (changing and not word and self._only_changes())
            or ("should" in said and "earlier" in said and numbers)
        ):
            found.append(Intent.CORRECTION)
        if Intent.WITHDRAW in talk and not numbers and not facts:
            found.insert(0, Intent.WITHDRAW)
        for name, intent in _TALK:
            if name in spoken:
                found.append(intent)
        if touched and settled is None:
            if Intent.WRONG_PERSON not in found and Intent.TRANSFERRED not in found:
                found.insert(1 if found and found[0] in (Intent.INJECTION, Intent.CORRECTION) else 0, Intent.REPORT)
        elif (
            (numbers and self.asks)
            or self.backfills
            or any(ask.kind in (AskKind.WHICH_PERSON, AskKind.FEVER, AskKind.CONFIRM_PERSON) for ask in self.asks)
        ) and settled is None:
            found.append(Intent.REPORT)
        asked = self.scene.asked is not None
        if self.no_yes:
            word = word - {"yes", "acknowledge"}
        order = _ORDER_ASKED if asked else _ORDER
        for name in order if word else ():
            if name in word:
                found.append({"nothing": Intent.NO}.get(name) or Intent(name))
                break
        found.extend(talk)
        if Intent.LEAVE in found and Intent.REPORT in found:
            found.remove(Intent.LEAVE)
            found.append(Intent.LEAVE)
            only_leave = not any(
                d.temperatures or d.present or d.trips or d.denied or d.denied_all for d in self.drafts.values()
            )
            if only_leave:
                found.remove(Intent.LEAVE)
                found.insert(0, Intent.LEAVE)
        if not found:
            if any(token.has("polite") and token.text.startswith(("谢", "多谢", "感谢")) for token in self.tokens):
                found.append(Intent.THANKS)
            elif any(self.clauses) and any(c.asked for c in self.clauses):
                found.append(Intent.QUESTION)
            elif self.tokens and any("temperature" in token.roles for token in self.tokens):
                found.append(Intent.REPORT)
            elif len(self.normal.text.strip()) > 3 and any("\u4e00" <= char <= "\u9fff" for char in self.normal.text):
                found.append(Intent.CHAT)
            else:
                found.append(Intent.OTHER)
        unique = list(dict.fromkeys(found))
        return unique[0], tuple(unique[1:])

    def _only_changes(self) -> bool:
        return any(
            (token.roles.get("correct") == "wrong" and len(token.text) > 2)
            or (token.roles.get("correct") == "change" and len(token.text) > 1)
            for token in self.tokens
        )

    def follow_up(
        self,
        intent: Intent,
        also: tuple[Intent, ...],
        settled: Intent | None,
        verdicts: list[Verdict],
        symptoms: Symptoms,
    ) -> None:
        """Ask for what is still owed."""
        everything = (intent, *also)
        if Intent.NO_THERMOMETER in everything and self.people.default is not None and not self.kept_numbers:
            self.draft(self.people.default).no_thermometer = True
        if intent == Intent.WITHDRAW:
            self.asks.append(Ask(AskKind.WHAT_WITHDRAW, self.people.default))
            return
        waiting = any(ask.candidates or ask.kind in (AskKind.CONFIRM_VALUE, AskKind.FEVER) for ask in self.asks)
        if self.kept_numbers or waiting or settled is not None:
            return
        spoken_of = [key for key in self.people.all_keys if key in self.drafts and self.drafts[key].touched]
        dropped = bool(verdicts) and Intent.QUESTION not in everything
        if intent in _QUIET and not spoken_of and not dropped:
            return
        if Intent.NO_THERMOMETER in everything or (Intent.DEFER in everything and not spoken_of):
            return
        subject = spoken_of[0] if len(spoken_of) == 1 else self.people.default
        self.asks.append(Ask(AskKind.TEMPERATURE, subject))
