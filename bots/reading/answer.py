"""Puts the answer together: facts per person, questions back in order of weight, what is left pending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bots.reading.asked import settle
from bots.reading.clauses import Clause, Token
from bots.reading.facts import (
    Ask,
    AskKind,
    Backfill,
    CaseStatement,
    HouseholdSymptom,
    Intent,
    Leave,
    Method,
    PendingAlert,
    PersonFacts,
    Reading,
    Scene,
    Symptom,
    Temperature,
    Trip,
)
from bots.reading.normalise import Normal
from bots.reading.people import People, Who
from bots.reading.statements import cases_of, contact_of, leave_of
from bots.reading.symptoms import Finding, Symptoms
from bots.reading.temperature import Verdict
from bots.reading.travel import Move
from bots.reading.walk import At

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
_DANGER = frozenset(("fever", "dyspnea", "convulsion", "unconscious"))
_TALK = (
    ("wrong_person", Intent.WRONG_PERSON),
    ("transferred", Intent.TRANSFERRED),
    ("contact_teacher", Intent.CONTACT_TEACHER),
    ("privacy", Intent.PRIVACY),
    ("refusal", Intent.REFUSAL),
    ("opinion", Intent.OPINION),
)


@dataclass(slots=True)
class Draft:
    """The facts of one person while they are gathered."""

    temperatures: list[Temperature] = field(default_factory=list)
    present: dict[str, Symptom] = field(default_factory=dict)
    denied: dict[str, None] = field(default_factory=dict)
    denied_all: bool = False
    household: list[HouseholdSymptom] = field(default_factory=list)
    household_denied: bool = False
    never_left: bool = False
    trips: list[tuple[Trip, bool]] = field(default_factory=list)
    plans: list[Trip] = field(default_factory=list)
    contact: bool | None = None
    antipyretic: bool = False
    recent_fever: bool = False
    danger: dict[str, None] = field(default_factory=dict)
    cases: list[CaseStatement] = field(default_factory=list)
    leave: Leave | None = None
    no_thermometer: bool = False
    method: Method | None = None
    household_trips: list[Trip] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """Whether anything was said of this person."""
        return self != Draft()

    def facts(self, key: int) -> PersonFacts:
        """The finished facts."""
        counting = [trip for trip, counts in self.trips if counts]
        left = True if counting else (False if self.never_left else None)
        named = [trip for trip in counting if trip.province]
        away = [trip for trip in named if trip.away_now]
        place = (away or named)[-1].province if named else ""
        return PersonFacts(
            key,
            tuple(self.temperatures),
            tuple(self.present.values()),
            tuple(code for code in self.denied if code not in self.present),
            self.denied_all,
            tuple(self.household),
            self.household_denied,
            left,
            place,
            tuple(trip for trip, _ in self.trips),
            tuple(self.plans),
            self.contact,
            self.antipyretic,
            self.recent_fever,
            tuple(self.danger),
            tuple(self.cases),
            self.leave,
            self.no_thermometer,
            tuple(self.household_trips),
            self.method,
        )


class Builder:
    """One message's answer in the making."""

    def __init__(
        self, normal: Normal, scene: Scene, people: People, clauses: list[Clause], tokens: list[Token]
    ) -> None:
        self.normal, self.scene, self.people, self.clauses, self.tokens = normal, scene, people, clauses, tokens
        self.drafts: dict[int, Draft] = {}
        self.asks: list[Ask] = []
        self.backfills: list[Backfill] = []
        self.pending: list[PendingAlert] = []
        self.explain: list[str] = []
        self.today = scene.sent_at.date()
        self.kept_numbers = 0
        self.corrected = False
        self.questions: list[Ask] = []

    def draft(self, key: int) -> Draft:
        """The draft of one person, marked as spoken of."""
        return self.drafts.setdefault(key, Draft())

    def only(self, intent: Intent) -> Reading:
        """An answer without any fact."""
        return Reading(
            asks=(Ask(AskKind.TEMPERATURE, self.people.default),), intent=intent, explain=(f"taken as {intent}",)
        )

    def source(self, start: int, end: int) -> str:
        """The writer's own words."""
        return self.normal.source(start, end)

    # -- whose ------------------------------------------------------------------

    def keys_of(self, who: Who | None) -> tuple[str, tuple[int, ...]]:
        """`keys`, `which`, `household` or `nobody`, with the subjects it is about."""
        people = self.people
        if who is None:
            if people.default is not None:
                return "keys", (people.default,)
            asked = self.scene.asked
            if asked is not None and asked.subject in people.all_keys and asked.kind != AskKind.WHICH_PERSON:
                return "keys", (asked.subject,) if asked.subject is not None else ()
            return ("which", people.all_keys) if people.all_keys else ("nobody", ())
        if who.kind == "subjects":
            return "keys", who.keys
        if who.kind == "which":
            return "which", who.keys or people.all_keys
        if who.kind == "rest":
            rest = tuple(key for key in people.all_keys if key not in self.drafts)
            return ("keys", rest) if rest else ("which", people.all_keys)
        if who.kind in ("kin", "self"):
            return "household", people.children or people.all_keys
        return "nobody", ()

    # -- the whole ----------------------------------------------------------------

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
        self._numbers(verdicts, places)
        self._copies(named, places, verdicts)
        self._symptoms(symptoms, verdicts, named)
        self._moves(moves, named)
        self._statements(places)
        intent, also = self._intent(word, spoken, talk, verdicts, settled)
        self._follow_up(intent, also, settled, verdicts, symptoms)
        people = tuple(
            self.drafts[key].facts(key)
            for key in self.people.all_keys
            if key in self.drafts and self.drafts[key].touched
        )
        if self.questions and any(draft.temperatures for draft in self.drafts.values()):
            # 37.3算发烧吗？今早36.9: the question was a general one
            self.asks = [ask for ask in self.asks if ask not in self.questions]
            self.pending = [alert for alert in self.pending if alert.reason != "question"]
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

    # -- numbers ------------------------------------------------------------------

    def _numbers(self, verdicts: list[Verdict], places: dict[int, At]) -> None:
        by_mention: dict[int, list[Verdict]] = {}
        which: list[Verdict] = []
        which_keys: tuple[int, ...] = ()
        broken: set[int] = set()
        several = len(self.people.all_keys) > 1
        self.corrected = any(verdict.fate == "old" for verdict in verdicts)
        for verdict in verdicts:
            if verdict.fate in ("drop", "old"):
                self.explain.append(f"{verdict.number.text} not a reading ({verdict.reason})")
                continue
            kind, keys = self.keys_of(verdict.who)
            if verdict.reason in ("name", "unknown name") or (
                verdict.who is not None and verdict.who.kind == "unknown"
            ):
                self._ask_person(verdict)
                broken.add(verdict.mention)
                continue
            if verdict.mention in broken and verdict.mention >= 0 and kind == "keys":
                kind, keys = "which", self.people.all_keys  # a name nobody knows stood between
            if kind == "nobody" or (kind == "household" and verdict.fate == "ask"):
                self.explain.append(f"{verdict.number.text} is somebody else's")
                continue
            if kind == "household":
                self._household_number(verdict, keys)
                continue
            if verdict.fate == "ask":
                self._ask_value(verdict, keys if kind == "keys" else (), places)
                continue
            if verdict.when.kind in ("day", "night", "recent") and verdict.when.moment != "ongoing":
                self._backfill(verdict, keys if kind == "keys" else ())
                continue
            if kind == "which":
                which.append(verdict)
                which_keys = keys
                continue
            if (
                several
                and verdict.who is None
                and self.scene.asked is not None
                and verdict.number.tenths >= self.scene.fever_tenths
                and self.scene.asked.kind != AskKind.RETEST
            ):
                which.append(verdict)  # whose fever it is, is never guessed from what was asked
                which_keys = self.people.all_keys
                continue
            verdict.keys = keys
            by_mention.setdefault(verdict.mention, []).append(verdict)
        for group in by_mention.values():
            rest = self._share(group) if several else self._keep(group)
            if rest:
                which.extend(rest)
                which_keys = which_keys or self.people.all_keys
        if which:
            which.sort(key=lambda verdict: verdict.token.start)
            self._ask_which(which, which_keys)

    def _keep(self, group: list[Verdict]) -> list[Verdict]:
        for verdict in group:
            for key in verdict.keys:
                self._store(key, verdict)
        return []

    def _store(self, key: int, verdict: Verdict) -> None:
        number = verdict.number
        source = self.source(verdict.token.start, verdict.token.end)
        self.draft(key).temperatures.append(
            Temperature(
                number.tenths,
                source,
                verdict.method,
                verdict.approximate,
                verdict.when.moment if verdict.when.moment in ("am", "noon", "pm") else "",
            )
        )
        self.kept_numbers += 1

    def _share(self, group: list[Verdict]) -> list[Verdict]:
        """One mention, its numbers: a name takes one, or all that carry their own time, method or turn."""
        keys = group[0].keys
        if group[0].mention < 0:
            return self._keep(group)
        plain = [verdict for verdict in group[1:] if not verdict.marked]
        if len(keys) == 1:
            both_about = group[0].approximate
            self._keep(
                [group[0]] + [verdict for verdict in group[1:] if verdict.marked or verdict.approximate and both_about]
            )
            return [verdict for verdict in plain if not (verdict.approximate and both_about)]
        if len(group) == 1:
            return self._keep(group)
        if (
            len(group) == len(keys)
            and group[0].who is not None
            and "个" not in group[0].who.text
            and group[0].who.text not in ("俩", "都", "他们", "她们")
        ):
            listed = [
                token
                for token in self.tokens
                if token.keys is not None or token.has("elder") or token.has("younger") or token.has("nth")
            ]
            if len(listed) == len(keys):
                for key, verdict in zip(keys, group, strict=True):
                    self._store(key, verdict)
                return []
        if not plain:
            return self._keep(group)
        return group

    def _ask_which(self, which: list[Verdict], keys: tuple[int, ...]) -> None:
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

    def _ask_person(self, verdict: Verdict) -> None:
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

    def _ask_value(self, verdict: Verdict, keys: tuple[int, ...], places: dict[int, At]) -> None:
        if verdict.when.kind in ("day", "night", "recent", "future", "distant") and verdict.when.moment != "ongoing":
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
        ):
            if not self._beside_known(verdict):
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
        if verdict.reason == "question":
            self.questions.append(self.asks[-1])
        fever = self.scene.fever_tenths - (9 if verdict.reason == "vague" else 0)  # 37度多 may be one
        if tenths >= fever and not (
            verdict.reason == "unknown words" and not self._about_bodies(verdict) and not verdict.number.degree
        ):
            self.pending.append(PendingAlert(tenths, source, subject, verdict.reason))

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
            "temperature" in token.roles or token.roles.get("symptom") == "fever" for token in clause.tokens
        ) or clause.has("correct")

    def _household_number(self, verdict: Verdict, keys: tuple[int, ...]) -> None:
        tenths = verdict.number.tenths
        self.explain.append(f"{verdict.number.text} is a relative's")
        if tenths >= self.scene.fever_tenths and verdict.when.kind in ("today", "night"):
            role = verdict.who.role if verdict.who is not None else "other"
            for key in keys:
                household = self.draft(key).household
                if not any(entry.who == role and entry.code == "fever" for entry in household):
                    household.append(
                        HouseholdSymptom(role, "fever", self.source(verdict.token.start, verdict.token.end), tenths)
                    )

    def _backfill(self, verdict: Verdict, keys: tuple[int, ...]) -> None:
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

    def _copies(self, named: dict[int, Who], places: dict[int, At], verdicts: list[Verdict]) -> None:
        """小红也是, 弟弟一样: the reading said for another child of the same message."""
        if not any("copy" in token.roles for token in self.tokens):
            return
        for token in self.tokens:
            if "copy" not in token.roles:
                continue
            here = places[token.start]
            before = [
                verdict
                for verdict in verdicts[:50]
                if verdict.token.start < token.start and verdict.keys and verdict.fate == "store"
            ]
            if not before or here.who is None or not here.fresh or self.clauses[token.clause].has("compare"):
                continue
            kind, keys = self.keys_of(here.who)
            if kind != "keys" or here.when.kind != "today":
                continue
            for key in keys:
                if key not in before[-1].keys and not (key in self.drafts and self.drafts[key].temperatures):
                    self._store(key, before[-1])

    # -- bodies --------------------------------------------------------------------

    def _everybody_named(self, finding_clause: int, fresh: bool, named: dict[int, Who]) -> tuple[int, ...]:
        """A closing remark without a name is about all who were named before it."""
        if fresh or any(token.start in named for token in self.clauses[finding_clause].tokens):
            return ()
        keys = tuple(dict.fromkeys(key for who in named.values() if who.kind == "subjects" for key in who.keys))
        return keys if len(keys) > 1 else ()

    def _symptoms(self, symptoms: Symptoms, verdicts: list[Verdict], named: dict[int, Who]) -> None:
        for finding in symptoms.findings:
            kind, keys = self.keys_of(finding.who)
            if kind == "nobody":
                if finding.who is not None and finding.who.kind == "unknown" and finding.present:
                    self.asks.append(
                        Ask(
                            AskKind.CONFIRM_PERSON,
                            None,
                            (),
                            tuple(self.people.name_of.values()),
                            self.source(finding.start, finding.end),
                            finding.code,
                        )
                    )
                continue
            if kind == "household":
                self._household(finding, keys)
                continue
            if kind == "which":
                self._which_symptom(finding, keys)
                continue
            if not finding.present and finding.code == "any":
                keys = self._everybody_named(finding.clause, finding.fresh, named) or keys
            for key in keys:
                self._finding(key, finding)
        for here in symptoms.medicine:
            kind, keys = self.keys_of(here.who)
            if kind == "keys" and here.when.kind in ("today", "night", "recent", "day"):
                for key in keys:
                    self.draft(key).antipyretic = True
        for finding in symptoms.suspicion:
            kind, keys = self.keys_of(finding.who)
            if kind in ("keys", "which") and not any(v.fate in ("store", "ask") for v in verdicts):
                self._suspect(finding, keys if kind == "keys" else ())

    def _suspect(self, finding: Finding, keys: tuple[int, ...]) -> None:
        subject = keys[0] if len(keys) == 1 else None
        source = self.source(finding.start, finding.end)
        if any(ask.kind == AskKind.FEVER and ask.subject == subject for ask in self.asks):
            return
        self.asks.append(Ask(AskKind.FEVER, subject, source=source))
        self.pending.append(PendingAlert(None, source, subject, "suspicion"))

    def _which_symptom(self, finding: Finding, keys: tuple[int, ...]) -> None:
        if not finding.present:
            return
        source = self.source(finding.start, finding.end)
        names = tuple(self.people.name_of[key] for key in keys)
        self.asks.append(Ask(AskKind.WHICH_PERSON, None, (), names, source, finding.code, subjects=keys))
        if finding.code in _DANGER and finding.when.kind in ("today", "night") and not finding.asked:
            self.pending.append(PendingAlert(None, source, None, "which_person"))

    def _household(self, finding: Finding, keys: tuple[int, ...]) -> None:
        role = finding.who.role if finding.who is not None else "other"
        for key in keys:
            if not finding.present:
                if finding.code == "any":
                    self.draft(key).household_denied = True
                continue
            if finding.asked or finding.uncertain or finding.when.kind in ("distant", "season", "future"):
                continue
            code = "other" if finding.code == "unconscious" else finding.code
            if not any(entry.who == role and entry.code == code for entry in self.draft(key).household):
                self.draft(key).household.append(HouseholdSymptom(role, code, self.source(finding.start, finding.end)))

    def _finding(self, key: int, finding: Finding) -> None:
        draft = self.draft(key)
        source = self.source(finding.start, finding.end)
        if not finding.present:
            if finding.recovered and finding.code == "fever":
                draft.recent_fever = True
            if finding.when.kind in ("day", "night") and not finding.recovered:
                return
            if finding.code == "any":
                draft.denied_all = True
            else:
                draft.denied[finding.code] = None
                if finding.code != "fever" or finding.recovered:
                    draft.present.pop(finding.code, None)
                    draft.danger.pop(finding.code, None)
            return
        when = finding.when
        if when.kind == "night" and finding.code == "fever":
            draft.recent_fever = True
            return
        if when.kind == "day" or (when.kind == "recent" and when.moment != "ongoing"):
            if finding.code == "fever" and when.day is not None and (self.today - when.day).days <= 1:
                draft.recent_fever = True
            if finding.code not in draft.denied:
                self.asks.append(Ask(AskKind.SYMPTOMS, key, source=source, symptom=finding.code))
            return
        if (finding.uncertain or finding.asked) and finding.code in _DANGER:
            self._suspect(finding, (key,))
            return
        onset = finding.onset or (when.day if when.kind == "night" else None)
        code = "other" if finding.code == "unconscious" else finding.code
        note = "uncertain" if finding.uncertain and not finding.note else finding.note
        old = draft.present.get(code)
        if old is None or (onset and not old.onset) or finding.severity and not old.severity:
            draft.present[code] = Symptom(
                code,
                old.source if old else source,
                onset or (old.onset if old else None),
                finding.severity or (old.severity if old else ""),
                note or (old.note if old else ""),
            )
        elif note and not old.note:
            draft.present[code] = replace(old, note=note)
        if finding.code != "fever":
            draft.denied.pop(finding.code, None)
        if finding.code in _DANGER:
            draft.danger[finding.code] = None

    # -- journeys -------------------------------------------------------------------

    def _moves(self, moves: list[Move], named: dict[int, Who]) -> None:
        for move in moves:
            kind, keys = self.keys_of(move.who)
            if kind == "household" and move.kind in ("been", "away"):
                for key in keys:
                    self.draft(key).household_trips.append(move.trip)
            if kind in ("nobody", "household"):
                continue
            if kind == "which":
                if move.kind == "never":
                    for key in self.people.children or keys:
                        self.draft(key).never_left = True
                elif move.kind in ("been", "away"):
                    names = tuple(self.people.name_of[key] for key in keys)
                    self.asks.append(
                        Ask(AskKind.WHICH_PERSON, None, (), names, move.trip.place, trip=move.trip, subjects=keys)
                    )
                continue
            if move.kind == "never":
                keys = self._everybody_named(move.clause, move.fresh, named) or keys
            for key in keys:
                draft = self.draft(key)
                if move.kind == "never":
                    draft.never_left = True
                elif move.kind == "planned":
                    draft.plans.append(move.trip)
                    self.explain.append(f"plan, not a trip: {move.trip.place}")
                elif move.kind in ("been", "away"):
                    draft.trips.append((move.trip, move.counts))
                if move.ask:
                    self.asks.append(
                        Ask(AskKind(move.ask), key, choices=move.choices, source=move.trip.place, trip=move.trip)
                    )

    def _statements(self, places: dict[int, At]) -> None:
        for case, who in cases_of(self.clauses, places, self.normal):
            kind, keys = self.keys_of(who)
            if kind == "nobody" or kind == "which":
                continue
            for key in keys:
                cases = self.draft(key).cases
                if not any(entry.status == case.status for entry in cases):
                    cases.append(replace(case, household=kind == "household"))
        contact = contact_of(self.clauses)
        if contact is not None:
            for key in (self.people.default,) if self.people.default is not None else self.people.children:
                self.draft(key).contact = contact
        leave = leave_of(self.clauses, self.normal, any(draft.present for draft in self.drafts.values()))
        if leave is not None:
            who = next((places[t.start].who for c in self.clauses for t in c.tokens if "leave" in t.roles), None)
            kind, keys = self.keys_of(who)
            if kind == "keys":
                for key in keys:
                    self.draft(key).leave = leave

    # -- what is wanted ---------------------------------------------------------------

    def _intent(
        self,
        word: frozenset[str],
        spoken: frozenset[str],
        talk: list[Intent],
        verdicts: list[Verdict],
        settled: Intent | None,
    ) -> tuple[Intent, tuple[Intent, ...]]:
        facts = any(draft.touched for draft in self.drafts.values()) or bool(self.backfills)
        numbers = any(verdict.fate in ("store", "ask") for verdict in verdicts)
        changing = any(token.roles.get("correct") in ("change", "wrong") for token in self.tokens) or self.corrected
        found: list[Intent] = []
        if "injection" in spoken:
            found.append(Intent.INJECTION)
        if settled is not None:
            found.append(settled)
        if (changing and (numbers or facts or self.corrected)) or (changing and not word and self._only_changes()):
            found.append(Intent.CORRECTION)
        elif (
            any(token.roles.get("correct") == "should" for token in self.tokens)
            and any(token.roles.get("correct") == "earlier" for token in self.tokens)
            and numbers
        ):
            found.append(Intent.CORRECTION)
        for name, intent in _TALK:
            if name in spoken:
                found.append(intent)
        if facts and any(draft.touched for draft in self.drafts.values()) and settled is None:
            if Intent.WRONG_PERSON not in found and Intent.TRANSFERRED not in found:
                found.insert(1 if found and found[0] in (Intent.INJECTION, Intent.CORRECTION) else 0, Intent.REPORT)
        elif (
            (numbers and self.asks)
            or self.backfills
            or any(ask.kind in (AskKind.WHICH_PERSON, AskKind.FEVER, AskKind.CONFIRM_PERSON) for ask in self.asks)
        ):
            if settled is None:
                found.append(Intent.REPORT)
        asked = self.scene.asked is not None
        order = [
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
        ]
        if not asked:
            order = [
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
            ]
        for name in order:
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
            token.roles.get("correct") == "wrong"
            and len(token.text) > 2
            or token.roles.get("correct") == "change"
            and len(token.text) > 1
            for token in self.tokens
        )

    def _follow_up(
        self,
        intent: Intent,
        also: tuple[Intent, ...],
        settled: Intent | None,
        verdicts: list[Verdict],
        symptoms: Symptoms,
    ) -> None:
        everything = (intent, *also)
        if Intent.NO_THERMOMETER in everything and self.people.default is not None and not self.kept_numbers:
            self.draft(self.people.default).no_thermometer = True
        if intent == Intent.WITHDRAW:
            self.asks.append(Ask(AskKind.WHAT_WITHDRAW, self.people.default))
            return
        waiting = any(ask.candidates or ask.kind in (AskKind.CONFIRM_VALUE, AskKind.FEVER) for ask in self.asks)
        if self.kept_numbers or waiting or settled is not None:
            return
        quiet = {
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
        }
        spoken_of = [key for key in self.people.all_keys if key in self.drafts and self.drafts[key].touched]
        dropped = bool(verdicts) and Intent.QUESTION not in everything
        if intent in quiet and not spoken_of and not dropped:
            return
        if Intent.NO_THERMOMETER in everything or Intent.DEFER in everything and not spoken_of:
            return
        subject = spoken_of[0] if len(spoken_of) == 1 else self.people.default
        self.asks.append(Ask(AskKind.TEMPERATURE, subject))


def _unique(items: Iterable[_T]) -> list[_T]:
    return list(dict.fromkeys(items))
