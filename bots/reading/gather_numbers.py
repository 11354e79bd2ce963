"""Judged numbers become readings, questions back, backfills, and alerts not yet confirmed."""

from __future__ import annotations

import re

from bots.reading.facts import (
    AskKind,
    HouseholdSymptom,
    PendingAlert,
    Temperature,
)
from bots.reading.gather_asks import AskingGathering
from bots.reading.names import told_as_outsider
from bots.reading.neighbours import Verdict
from bots.reading.rivals import rivals
from bots.reading.walk import At
from bots.reading.who import Who

#: So many numbers without a time of their own are days of a week, no measurements of this morning.
_A_TABLE = 5
_A_FEW_DAYS = 3
#: So many letters may stand between two of them: 周一36.5，周二36.6.
_BETWEEN_DAYS = 6
_SAID_AGAIN = re.compile("重复|也是|没错|确认|再说一遍|还是")
_OF_DAYS = re.compile("曲线|趋势|一周|本周|每日|历次|几天的|这周|变化")


_MEASURED_AGAIN = re.compile("(?:再|又|重新?)(?:给)?(?:他|她)?(?:去)?[量测夹试打扫](?![^，。]*(?:弟|妹|哥|姐|另))")


class NumberGathering(AskingGathering):
    """Adds what the numbers say."""

    def gather_numbers(self, verdicts: list[Verdict], places: dict[int, At]) -> None:
        """Readings, questions back, backfills and pending alerts of all numbers."""
        by_mention: dict[int, list[Verdict]] = {}
        which: list[Verdict] = []
        which_keys: tuple[int, ...] = ()
        broken: set[int] = set()
        open_mentions: set[int] = set()  # words for several of whose numbers one is in doubt
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
                if self._a_strangers(verdict, verdicts):
                    self.explain.append(f"{verdict.number.text} is somebody else's")
                    continue
                self.ask_person(verdict)
                broken.add(verdict.mention)
                continue
            if verdict.mention in broken and verdict.mention >= 0 and kind == "keys":
                kind, keys = "which", self.people.all_keys  # a name nobody knows stood between
            if kind == "household" and verdict.reason == "unknown words" and verdict.number.kind == "temperature":
                verdict.fate = "store"  # 我38.6躺着呢: whatever else is said, it is no child's number
            if kind == "nobody" or (kind == "household" and verdict.fate == "ask"):
                self.explain.append(f"{verdict.number.text} is somebody else's")
                continue
            if kind == "household":
                self._household_number(verdict, keys)
                continue
            if verdict.fate == "ask":
                if kind == "keys" and len(keys) > 1:
                    open_mentions.add(verdict.mention)
                self.ask_value(verdict, keys if kind == "keys" else (), places)
                continue
            if verdict.when.kind in ("day", "night", "recent") and verdict.when.moment != "ongoing":
                self.backfill(verdict, keys if kind == "keys" else ())
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
        if len(by_mention) > 1 or any(len(group) > 1 for group in by_mention.values()):
            by_mention = self._without_rivals(by_mention, places)
        unnumbered = self._named_without_a_number(by_mention) if several else frozenset()
        told_of = {key for group in by_mention.values() for verdict in group for key in verdict.keys}
        others_too = len(by_mention) > 1 and told_of >= set(self.people.all_keys)
        for mention, group in by_mention.items():
            if mention in open_mentions:
                which.extend(group)  # 俩娃数是36.6和36.2: if one is not clear, neither is the other for both
                which_keys = self.people.all_keys
                continue
            if (
                len(group) == 1 + len(unnumbered) > 1
                and len(group[0].keys) == 1
                and not any(verdict.marked or verdict.approximate for verdict in group[1:])
            ):
                which.extend(group)  # 小明没烧小红有点烫36.5和37.6: one each, most likely, but which?
                which_keys = self.people.all_keys
                continue
            if table := self._table_of_days(group):
                self.explain.append("a table of days, none of them named")
                self.pending.extend(
                    PendingAlert(v.number.tenths, self.source(v.token.start, v.token.end), None, "vague")
                    for v in table
                    if v.number.tenths >= self.scene.fever_tenths
                )
                group = [verdict for verdict in group if verdict not in table]
                if not group:
                    continue
            rest = self._share(group, others_too) if several else self._keep(group)
            if rest:
                which.extend(rest)
                which_keys = which_keys or self.people.all_keys
        if which:
            which.sort(key=lambda verdict: verdict.token.start)
            if not self._one_left(which):
                self.ask_which(which, which_keys)

    def _without_rivals(self, by_mention: dict[int, list[Verdict]], places: dict[int, At]) -> dict[int, list[Verdict]]:
        """The groups without the readings that nothing ties to the other readings of the same person: asked back."""
        of: dict[int, list[Verdict]] = {}
        for group in by_mention.values():
            for verdict in group:
                if len(verdict.keys) == 1:
                    of.setdefault(verdict.keys[0], []).append(verdict)
        for key, group in of.items():
            group.sort(key=lambda verdict: verdict.token.start)
            table = self._table_of_days(group)
            for verdict in rivals(self.normal.text, self.clauses, [v for v in group if v not in table]):
                verdict.fate, verdict.reason = "ask", "rival"
                self.ask_value(verdict, (key,), places)
        return {
            mention: kept
            for mention, group in by_mention.items()
            if (kept := [verdict for verdict in group if verdict.fate == "store"])
        }

    def _named_without_a_number(self, by_mention: dict[int, list[Verdict]]) -> frozenset[int]:
        """Who of several is named in the message and has no number of their own."""
        named = {key for token in self.tokens if token.keys is not None for key in token.keys}
        people = self.people
        for token in self.tokens:
            if "elder" in token.roles and people.elder is not None:
                named.add(people.elder)
            elif "younger" in token.roles and people.younger is not None:
                named.add(people.younger)
            elif token.roles.get("count") == str(len(people.children)):
                named.update(people.children)
        return frozenset(named - {key for group in by_mention.values() for v in group for key in v.keys})

    def _table_of_days(self, group: list[Verdict]) -> list[Verdict]:
        """The numbers of a run without times of their own, if there are too many of them for one morning."""
        fewest = _A_FEW_DAYS if _OF_DAYS.search(self.normal.text) else _A_TABLE
        table: list[Verdict] = []
        run: list[Verdict] = []
        for verdict in group:
            between = self.normal.text[run[-1].token.end : verdict.token.start] if run else ""
            if run and (verdict.marked or len(between) > _BETWEEN_DAYS):
                table += run if len(run) >= fewest else []
                run = []
            if not verdict.marked:
                run.append(verdict)
        return table + (run if len(run) >= fewest else [])

    def _keep(self, group: list[Verdict]) -> list[Verdict]:
        for verdict in group:
            for key in verdict.keys:
                self._store(key, verdict)
        return []

    def _store(self, key: int, verdict: Verdict) -> None:
        number = verdict.number
        told = {reading.tenths for reading in self.draft(key).temperatures}
        again = not verdict.marked or _SAID_AGAIN.search(self.clauses[verdict.token.clause].text)
        if again and told == {number.tenths}:
            self.explain.append(f"{number.text} said once more")
            return  # 36.5！我说了36.5
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

    def _share(self, group: list[Verdict], others_too: bool) -> list[Verdict]:
        """One mention, its numbers: a name takes one, or all that carry their own time, method or turn.

        others_too: everybody else of the scene has a reading of their own, so that no number can be theirs.
        """
        keys = group[0].keys
        if group[0].mention < 0:
            return self._keep(group)
        if len(keys) == 1:
            both_about = group[0].approximate
            theirs, rest = [group[0]], list[Verdict]()
            for verdict in group[1:]:
                sure = (
                    verdict.marked
                    or (verdict.approximate and both_about)
                    or (others_too and self._once_more(theirs, verdict))
                )
                (theirs if sure else rest).append(verdict)
            self._keep(theirs)
            return rest
        plain = [verdict for verdict in group[1:] if not verdict.marked]
        if len(group) == 1:
            return self._keep(group)
        if len(group) == len(keys) and (who := group[0].who) is not None and (who.listed or self._each_named(group[0])):
            for key, verdict in zip(keys, group, strict=True):
                self._store(key, verdict)  # 小明、小红36.5、36.7
            return []
        if not plain:
            return self._keep(group)
        return group

    def _once_more(self, before: list[Verdict], verdict: Verdict) -> bool:
        """哥哥37.4，凉快会儿再夹36.8: the same person measured again. 量了两回，36.9、36.7 may be two persons'."""
        between = self.normal.text[before[-1].token.end : verdict.token.start]
        return _MEASURED_AGAIN.search(between) is not None

    def _each_named(self, verdict: Verdict) -> bool:
        """小明小红二人36.5、36.7: as many names in the clause as the word counts."""
        who = verdict.who
        if who is None or "个" in who.text or who.text in ("俩", "都", "他们", "她们"):
            return False
        named = [
            token
            for token in self.clause_of(verdict).tokens
            if token.keys is not None or token.has("elder") or token.has("younger") or token.has("nth")
        ]
        return len(named) == len(who.keys)

    def _a_strangers(self, verdict: Verdict, verdicts: list[Verdict]) -> bool:
        """Whether a name nobody knows is surely nobody here: 韩梓轩37.9回家了，我36.4 of a teacher; 隔壁小张."""
        if told_as_outsider(self.normal.text, self.tokens, verdict.chunk):
            return True
        own = self.people.own
        return (
            own is not None
            and not self.people.children
            and not verdict.choices
            and any(
                other.fate == "store" and other.who is not None and other.who.keys == (own,) and other is not verdict
                for other in verdicts
            )
        )

    def _one_left(self, which: list[Verdict]) -> bool:
        """一个36.5一个36.8，36.8的是大的那个: what is left is the other child's, and is stored."""
        if len(self.people.all_keys) != 2 or any(v.who is None or v.who.text or v.mention != -1 for v in which):
            return False
        known = {(key, reading.tenths) for key, draft in self.drafts.items() for reading in draft.temperatures}
        values = [verdict.number.tenths for verdict in which]
        if len(known) != 1 or len(set(values)) != len(values) or len(values) > 2:
            return False
        ((key, tenths),) = known
        left = [verdict for verdict in which if verdict.number.tenths != tenths]
        if len(left) != 1 or (len(which) == 2 and tenths not in values):
            return False
        other = next(other for other in self.people.all_keys if other != key)
        self._store(other, left[0])
        return True

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

    def gather_copies(self, named: dict[int, Who], places: dict[int, At], verdicts: list[Verdict]) -> None:
        """小红也是, 弟弟一样: the reading said for another child of the same message."""
        if "copy" not in self.kinds:
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
