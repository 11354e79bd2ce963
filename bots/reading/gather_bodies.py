"""Findings, journeys and statements become facts of a person."""

from __future__ import annotations

from dataclasses import replace

from bots.reading.facts import (
    Ask,
    AskKind,
    HouseholdSymptom,
    PendingAlert,
    Symptom,
)
from bots.reading.gathering import Gathering
from bots.reading.negation import Finding, Symptoms
from bots.reading.neighbours import Verdict
from bots.reading.routes import Move
from bots.reading.statements import cases_of, contact_of, leave_of
from bots.reading.walk import At
from bots.reading.who import Who

_MANY = 40  # nobody names more; a pasted text stays linear
_DANGER = frozenset(("fever", "dyspnea", "convulsion", "unconscious"))


_STATED = frozenset(("case", "diagnosis", "disease", "exposure", "leave"))


class BodyGathering(Gathering):
    """Adds what is said of bodies, journeys and cases."""

    def _everybody_named(self, finding_clause: int, fresh: bool, named: dict[int, Who]) -> tuple[int, ...]:
        """A closing remark without a name is about all who were named before it."""
        if fresh or any(token.start in named for token in self.clauses[finding_clause].tokens):
            return ()
        if self.everybody is None:
            self.everybody = [
                (start, key) for start, who in sorted(named.items()) if who.kind == "subjects" for key in who.keys
            ]
        end = self.clauses[finding_clause].end  # 小明在家没出门。小红36.5: nothing is said of who comes later
        keys = tuple(dict.fromkeys(key for start, key in self.everybody[:_MANY] if start < end))
        return keys if len(keys) > 1 else ()

    def gather_symptoms(self, symptoms: Symptoms, verdicts: list[Verdict], named: dict[int, Who]) -> None:
        """Symptoms, denials, medicine and suspicion."""
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
            elif (
                finding.code == "other"
                and (kept := draft.present.get("other")) is not None
                and kept.source not in source
                and source not in kept.source
            ):
                return  # 鼻炎犯了，不是感冒: both are "other"
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
        if old is None or (onset and not old.onset) or (finding.severity and not old.severity):
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

    def gather_moves(self, moves: list[Move], named: dict[int, Who]) -> None:
        """Trips, plans and staying."""
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
                    if move.via:
                        draft.passed.append(move.trip)
                if move.ask:
                    self.asks.append(
                        Ask(AskKind(move.ask), key, choices=move.choices, source=move.trip.place, trip=move.trip)
                    )

    def gather_statements(self, places: dict[int, At]) -> None:
        """Case statements, contacts and leave."""
        if _STATED.isdisjoint(self.kinds):
            return
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
        ill = any(
            draft.present
            or draft.recent_fever
            or draft.antipyretic
            or any(reading.tenths >= self.scene.fever_tenths for reading in draft.temperatures)
            for draft in self.drafts.values()
        )
        leave = leave_of(self.clauses, self.normal, ill)
        if leave is not None:
            who = next((places[t.start].who for c in self.clauses for t in c.tokens if "leave" in t.roles), None)
            kind, keys = self.keys_of(who)
            if kind == "keys":
                for key in keys:
                    self.draft(key).leave = leave
