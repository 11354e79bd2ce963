"""Numbers in doubt become questions back and alerts not yet confirmed; those of another day are offered as backfills."""

from __future__ import annotations

import re

from bots.reading.clauses import Clause
from bots.reading.facts import Ask, AskKind, Backfill, PendingAlert, Temperature
from bots.reading.gathering import Gathering
from bots.reading.neighbours import Verdict
from bots.reading.unexplained import unexplained
from bots.reading.walk import At

#: What makes a clause one about somebody.
_BODILY = frozenset(
    [
        "child",
        "elder",
        "younger",
        "nth",
        "symptom",
        "temperature",
        "method",
        "day",
        "moment",
        "night",
        "report",
        "all",
        "pronoun",
        "self",
        "kin",
        "medicine",
        "suspect",
        "ordinal",
        "recovered",
        "generic",
    ]
)
_CHILDREN = frozenset(("child", "elder", "younger", "nth"))
_TOLD_WITH_THINGS = frozenset(("self", "report"))
_CHANGES = re.compile("[降退升涨烧热]")


class AskingGathering(Gathering):
    """Adds what has to be asked about numbers: whose, who is meant, which value."""

    def clause_of(self, verdict: Verdict) -> Clause:
        """Where the person is named whose number this is: 小明小红，36.5，36.7."""
        for at in range(verdict.token.clause, -1, -1):
            if self.clauses[at].start <= verdict.mention:
                return self.clauses[at]
        return self.clauses[verdict.token.clause]

    def ask_which(self, which: list[Verdict], keys: tuple[int, ...]) -> None:
        """Ask whose these numbers are. keys: those it may be."""
        candidates = tuple(verdict.number.tenths for verdict in which)
        source = self.source(which[0].token.start, which[-1].token.end)
        names = tuple(self.people.name_of[key] for key in keys)
        self.asks.append(Ask(AskKind.WHICH_PERSON, None, candidates, names, source, subjects=keys))
        for verdict in which:
            if verdict.number.tenths >= self.scene.fever_tenths:
                self.pending.append(
                    PendingAlert(
                        verdict.number.tenths, self.source(verdict.token.start, verdict.token.end), None, "which_person"
                    )
                )

    def ask_person(self, verdict: Verdict) -> None:
        """Ask who is meant by a name that is nearly one, or nobody's here."""
        keys = verdict.choices or self.people.all_keys
        names = tuple(self.people.name_of[key] for key in keys)
        tenths = verdict.number.tenths
        source = self.source(verdict.token.start, verdict.token.end)
        self.asks.append(
            Ask(
                AskKind.CONFIRM_PERSON,
                keys[0] if len(keys) == 1 else None,
                (tenths,) if tenths else (),
                names,
                source,
                subjects=keys,
            )
        )
        if verdict.choices and tenths >= self.scene.fever_tenths:
            self.pending.append(PendingAlert(tenths, source, keys[0] if len(keys) == 1 else None, "which_person"))

    def ask_value(self, verdict: Verdict, keys: tuple[int, ...], places: dict[int, At]) -> None:
        """Ask whether the value is right; what may be a fever is pending until then."""
        if verdict.when.kind in ("day", "night", "recent", "future", "distant") and verdict.when.moment != "ongoing":
            past = verdict.when.kind in ("day", "night") and verdict.number.kind == "temperature"
            if past and verdict.reason == "unknown words" and len(keys) == 1:
                self.backfill(verdict, keys)  # only offered: 昨晚折腾一宿39.5
            return
        tenths = verdict.number.tenths
        source = self.source(verdict.token.start, verdict.token.end)
        if (
            verdict.reason == "unknown words"
            and verdict.number.kind in ("integer", "confirm")
            and not verdict.number.degree
            and not self._about_bodies(verdict)
        ):
            self.explain.append(f"{source} not taken for a reading")
            return
        subject = keys[0] if len(keys) == 1 else None
        if not tenths:
            if self._alone(verdict) or verdict.number.degree or self._about_bodies(verdict):
                self.asks.append(Ask(AskKind.CONFIRM_VALUE, subject, (), (), source))
            return
        if (
            verdict.number.kind in ("confirm", "fahrenheit")
            and verdict.reason != "voice"
            and not self._alone(verdict)
            and not self._about_bodies(verdict)
            and not verdict.number.degree
        ) and not self._beside_known(verdict):
            return
        self.asks.append(
            Ask(
                AskKind.CONFIRM_VALUE,
                subject,
                (tenths,),
                (f"{tenths // 10}.{tenths % 10}",),
                source,
                subjects=keys or self.people.all_keys,
            )
        )
        hardly = (
            verdict.reason == "unknown words"
            and not verdict.number.degree
            and not self._about_bodies(verdict)
            and not (tenths >= self.scene.fever_tenths and self._right_behind_a_child(verdict))
        )
        if hardly and tenths < self.scene.fever_tenths:
            self.idle.append(self.asks[-1])
        elif verdict.reason == "unknown words" and self._of_nobody(verdict):
            self.idle.append(self.asks[-1])  # 箱子里恒温37.8，他自己36.5
        if verdict.reason in ("usual", "taken back"):
            self.idle.append(self.asks[-1])  # 前天起每天37.5，今天37.4; 开玩笑的，哪有39度，36.6
        if verdict.reason == "question":
            self.questions.append(self.asks[-1])
        fever = self.scene.fever_tenths - (
            9 if verdict.reason == "vague" and tenths % 10 == 0 else 0
        )  # 37度多 may be one
        if tenths >= fever and not hardly:
            self.pending.append(PendingAlert(tenths, source, subject, verdict.reason))

    def _right_behind_a_child(self, verdict: Verdict) -> bool:
        """小明38.9正挂着: whatever follows, a fever right behind a child's name is pending until it is cleared up."""
        row = self.clauses[verdict.token.clause].tokens
        at = row.index(verdict.token)
        return (
            verdict.number.kind == "temperature"
            and at > 0
            and row[at - 1].end == verdict.token.start
            and (row[at - 1].keys is not None or not _CHILDREN.isdisjoint(row[at - 1].roles))
        )

    def _of_nobody(self, verdict: Verdict) -> bool:
        """Whether the clause names no person, no body and no time but something we have no word for: a thing's number."""
        clause = self.clauses[verdict.token.clause]
        if any(token.keys is not None for token in clause.tokens):
            return False
        if not (_BODILY & clause.kinds) <= _TOLD_WITH_THINGS:
            return False  # but 校服扣子钱38.2我转过去了
        if _CHANGES.search(clause.text):
            return False
        ends = [clause.start, *(token.end for token in clause.tokens)]
        starts = [*(token.start for token in clause.tokens), clause.end]
        return any(unexplained(self.normal.text[a:b]) for a, b in zip(ends, starts, strict=True) if a < b)

    def _alone(self, verdict: Verdict) -> bool:
        clause = self.clauses[verdict.token.clause]
        return all(
            token is verdict.token
            or "polite" in token.roles
            or "norm" in token.roles
            or "report" in token.roles
            or token.keys is not None
            or "child" in token.roles
            or "day" in token.roles
            or "moment" in token.roles
            for token in clause.tokens
        ) and self._gapless(clause)

    def _gapless(self, clause: Clause) -> bool:
        covered = sum(token.end - token.start for token in clause.tokens)
        return len(clause.text.replace(" ", "")) - covered <= 1

    def _beside_known(self, verdict: Verdict) -> bool:
        row = self.clauses[verdict.token.clause].tokens
        at = row.index(verdict.token)
        if at == 0:
            return False
        before = row[at - 1]
        known = before.keys is not None or not {
            "child",
            "elder",
            "younger",
            "nth",
            "day",
            "moment",
            "all",
            "count",
            "correct",
            "ordinal",
            "method",
        }.isdisjoint(before.roles)
        after = row[at + 1] if at + 1 < len(row) else None
        return (
            known
            and verdict.token.start - before.end <= 1
            and (after is None or after.start - verdict.token.end > 0 or after.number is None)
        )

    def _about_bodies(self, verdict: Verdict) -> bool:
        clause = self.clauses[verdict.token.clause]
        return any(
            "temperature" in token.roles or "method" in token.roles or token.roles.get("symptom") == "fever"
            for token in clause.tokens
        ) or clause.has("correct")

    def backfill(self, verdict: Verdict, keys: tuple[int, ...]) -> None:
        """Offer the reading as one of an earlier day. keys: whose; empty where that is not known yet."""
        number = verdict.number
        source = self.source(verdict.token.start, verdict.token.end)
        day = verdict.when.day
        reading = Temperature(number.tenths, source, verdict.method, verdict.approximate, verdict.when.moment)
        recent = day is not None and (self.today - day).days <= 1
        if day is None or (self.today - day).days > self.scene.lookback_days:
            self.explain.append(f"{source} is of another day")
            return
        for key in keys or (None,):
            self.backfills.append(Backfill(day, reading, key))
            if key is not None and recent and number.tenths >= self.scene.fever_tenths:
                self.draft(key).recent_fever = True
