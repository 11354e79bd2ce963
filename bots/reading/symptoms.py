"""What somebody has and what they are said not to have: negation and its reach, degree, onset, recovery."""

from __future__ import annotations

import re
from dataclasses import replace

from bots.reading.clauses import Clause, Token
from bots.reading.complaints import Complaints
from bots.reading.facts import Scene
from bots.reading.forms import Boxes
from bots.reading.lexicon import word_set
from bots.reading.negation import Finding, Symptoms
from bots.reading.walk import At
from bots.reading.when import When

_COMPLAINTS = word_set("symptoms", "complaints")


_AT_HAND = word_set("symptoms", "not_taken")
_TAKEN = word_set("symptoms", "taken")
_TELLING = frozenset(
    ("symptom", "generic", "well", "body", "recovered", "still", "suspect", "medicine", "negation", "degree", "ache")
)
_STAYS = frozenset(("convulsion", "unconscious"))
_NOT_SO = ("其实没有", "并没有", "其实没", "其实并没有", "实际没有", "根本没有", "没有的事", "其实不是")
_HAS_STILL = re.compile(r"还(?:有|有点|有一点|有些|在|是有|没好|没停|那样)(?:呢|的)?$")
_ALSO = re.compile(r"也(?:是|有|有点|有一点|有些|这样|一样|差不多|是这样|犯了)(?:的|了|呢)?$")


def find_symptoms(
    text: str, clauses: list[Clause], places: dict[int, At], scene: Scene, boxes: Boxes | None = None
) -> Symptoms:
    """Findings of a message in order. Later words about the same thing come later in the list."""
    result = Symptoms([], [], [])
    carry = ""  # a negation word whose list goes on over commas
    for index, clause in enumerate(clauses):
        if carry and clause.stop is not None and index and clauses[index - 1].sentence != clause.sentence:
            carry = ""
        if index and clause.text.strip() in _NOT_SO and clauses[index - 1].sentence == clause.sentence:
            for finding in result.findings:
                if finding.clause == index - 1:
                    finding.present = False  # 同学说他发烧了，其实没有
            continue
        if not clause.kinds.isdisjoint(_TELLING) or (
            ("也" in clause.text and _ALSO.search(clause.text))
            or ("还" in clause.text and _HAS_STILL.search(clause.text))
        ):
            carry = _Reader(text, clauses, index, places, scene, result, boxes).read(carry)
        else:
            carry = ""
    return result


class _Reader(Complaints):
    """Reads the symptoms of one clause."""

    def read(self, carry: str) -> str:
        """Add this clause's findings; returns the negation whose list may go on in the next clause."""
        row = self.row
        carried = self._carried(carry)
        at = 0
        while at < len(row):
            token = row[at]
            roles = token.roles
            if token.number is not None or not roles:
                self.negated = None
                at += 1
                continue
            after = row[at + 1] if at + 1 < len(row) else None
            if "symptom" in roles and not self._hearing(at):
                self._add(roles["symptom"], token, token.end, carried)
            elif "body" in roles and (step := self._pair(at, carried)):
                at += step
                continue
            elif (
                "ache" in roles
                and "generic" not in roles
                and self.negated is not None
                and self.negated.end == token.start
            ):
                self._no_longer(token)
            elif (
                "ache" in roles
                and {"generic", "degree", "symptom"}.isdisjoint(roles)
                and self.negated is None
                and self.index
            ):
                self._as_well(token)
            elif "generic" in roles:
                self._generic(token, at)
            elif "well" in roles:
                self._well(token, roles["well"], at)
            elif "recovered" in roles:
                self._recovered(token, roles["recovered"])
            elif "still" in roles:
                self._still(token)
            elif "suspect" in roles:
                self._suspect(token)
            elif "medicine" in roles:
                if (
                    self.negated is None
                    and not self.clause.hypothetical
                    and not self.clause.asked
                    and not self.skip
                    and not self._only_at_hand(token)
                ):
                    self.result.medicine.append(self.places[token.start])
            elif "negation" in roles or "negated" in roles:
                self._negation(token, at, after)
            elif "degree" in roles:
                self._degree(token, roles["degree"], at, after)
            elif "contrast" in roles or "have" in roles:
                joined = self.negated is not None and token.start == self.negated.end and "have" in roles
                telling = "contrast" in roles or token.text in ("有", "还有", "出现", "伴有", "也有", "出现了")
                if telling and not joined:
                    self.negated = None
                    carried = False
            elif roles.get("ignore") == "figurative" or roles.get("guess") == "fear":
                self.skip = True
            elif "guess" in roles or token.text in ("可能会", "可能要"):
                self.guess = True
            elif (
                "day" in roles
                or "night" in roles
                or "moment" in roles
                or (token.start in self.places and self.places[token.start].fresh and "child" in roles)
            ):
                self.negated = None
                carried = False
            at += 1
        if (
            row
            and not self.result.findings[self.first :]
            and (_ALSO.search(self.clause.text) or _HAS_STILL.search(self.clause.text))
        ):
            self._also(row[0])
        self._onsets()
        return self._going_on(carry)

    def _as_well(self, token: Token) -> None:
        """小红头不疼了，小明还疼: the part that aches is the one named before."""
        here = self.places[token.start]
        said = self.text[self.clause.start : token.start].rstrip("有点")
        if not said.endswith(("还", "还在", "也", "又", "仍", "还是")) or self.clause.hypothetical or self.clause.asked:
            return
        for finding in reversed(self.result.findings):
            if finding.clause < self.index - 1:
                return
            if token.text[-1] in self.text[finding.start : finding.end]:
                code = finding.code if finding.code != "any" else "other"
                self.result.findings.append(
                    Finding(code, token.start, token.end, True, here.who, When(), self.index, fresh=here.fresh)
                )
                return

    def _no_longer(self, token: Token) -> None:
        """嗓子疼不疼，说不疼: what aches is the part named before."""
        for finding in reversed(self.result.findings):
            if finding.clause < self.index - 2 or self.clauses[finding.clause].sentence != self.clause.sentence:
                return
            if (
                finding.present
                and finding.clause < self.index
                and self.text[finding.start : finding.end].endswith(token.text[-1])
            ):
                finding.present = False
                return

    def _also(self, token: Token) -> None:
        """小明有点咳，小红也有点: what was told of the one before holds for this one too."""
        here = self.places[self.row[-1].start]
        goes_on = _HAS_STILL.search(self.clause.text) is not None  # 小明没鼻涕了，小红还有
        before = [
            f for f in self.result.findings if f.clause == self.index - 1 and f.present != goes_on and f.code != "any"
        ]
        if not here.fresh or here.who is None or not before or any(f.who == here.who for f in before):
            return
        if any(t.number is not None for t in (*self.row, *self.clauses[self.index - 1].tokens)):
            return
        self.result.findings.extend(
            replace(
                f,
                who=here.who,
                when=here.when,
                clause=self.index,
                start=token.start,
                end=self.clause.end,
                present=True,
                recovered=False,
                fresh=True,
            )
            for f in before
        )

    def _only_at_hand(self, token: Token) -> bool:
        """家里备了美林: there is medicine, nobody took it."""
        said = self.clause.text[: token.start - self.clause.start]
        behind = self.clause.text[token.end - self.clause.start :].lstrip()
        if behind.startswith(("没", "还没", "未", "备着", "备用", "不想", "先没")):
            return True  # 美林没给吃
        following = self.clauses[self.index + 1] if self.index + 1 < len(self.clauses) else None
        if following is not None and following.text.strip().startswith(
            ("没吃", "没喂", "还没吃", "还没喂", "没用", "没敢吃", "没给")
        ):
            return True
        return any(word in said for word in _AT_HAND) and not any(word in self.clause.text for word in _TAKEN)

    def _generic(self, token: Token, at: int) -> None:
        here = self.places[token.start]
        if self.clause.hypothetical or self.clause.hearsay or self.skip:
            return
        if self.negated is not None:
            self.result.findings.append(
                Finding(
                    "any", token.start, token.end, False, self._about(here), here.when, self.index, fresh=here.fresh
                )
            )
            return
        following = self.row[at + 1] if at + 1 < len(self.row) else None
        if (
            following is not None
            and following.roles.get("negation") == "no"
            and at + 2 == len(self.row)
            and not self.text[following.end : self.clause.end].strip()
            and self.text[token.end : following.start].strip() in ("", ":")
            and not any("symptom" in other.roles for other in self.row[:at])
        ):  # 症状：无
            self.result.findings.append(
                Finding(
                    "any", token.start, token.end, False, self._about(here), here.when, self.index, fresh=here.fresh
                )
            )
            return
        if token.text in _COMPLAINTS and not self.clause.asked:
            before = self.row[at - 1] if at else None
            if before is not None and "symptom" in before.roles and before.end == token.start:
                return
            after = self.row[at + 1] if at + 1 < len(self.row) else None
            present = not (after is not None and after.text in ("没有", "没", "无", "都没有", "也没有", "均无"))
            code = "other" if present else "any"
            self.result.findings.append(
                Finding(
                    code,
                    token.start,
                    token.end,
                    present,
                    self._about(here),
                    here.when,
                    self.index,
                    self.severity,
                    fresh=here.fresh,
                )
            )
            self.severity = ""

    def _well(self, token: Token, value: str, at: int) -> None:
        if self.clause.hypothetical or self.clause.asked or self.clause.hearsay:
            return
        before = self.row[at - 1] if at else None
        if (
            before is not None
            and "temperature" in before.roles
            and token.text in ("均正常", "全部正常", "全都正常", "很好", "挺好")
        ):
            return
        here = self.places[token.start]
        code = "fatigue" if value == "fatigue" else "any"
        self.result.findings.append(
            Finding(code, token.start, token.end, False, self._about(here), here.when, self.index, fresh=here.fresh)
        )

    def _recovered(self, token: Token, value: str) -> None:
        if self.negated is not None and self.negated.end == token.start and value == "fever":
            self._still(token)
            return
        if self.clause.hypothetical or self.clause.asked:
            return
        here = self.places[token.start]
        if value != "any":
            self.result.findings.append(
                Finding(
                    value,
                    token.start,
                    token.end,
                    False,
                    self._about(here),
                    here.when,
                    self.index,
                    recovered=True,
                    fresh=here.fresh,
                )
            )
            return
        for finding in reversed(self.result.findings):
            if finding.clause < self.index - 2 or self.clauses[finding.clause].sentence < self.clause.sentence - 1:
                break
            if finding.clause < self.index and self.first < len(self.result.findings):
                break
            if finding.code in _STAYS and finding.when.kind in ("today", "night"):
                continue  # 刚才抽了一下，现在缓过来了: that it happened today stays
            if finding.present and finding.start < token.start:
                finding.present, finding.recovered = False, True
                finding.when = When()

    def _still(self, token: Token) -> None:
        """还没退烧: the fever goes on."""
        here = self.places[token.start]
        if self.clause.hypothetical or self.clause.asked:
            return
        if "烧" in token.text or (self.negated is not None and token.roles.get("recovered") == "fever"):
            self.result.findings.append(
                Finding("fever", token.start, token.end, True, here.who, When(), self.index, fresh=here.fresh)
            )
            self.negated = None
            return
        own = self.result.findings[self.first :]
        for finding in own[-1:] or reversed(self.result.findings):  # 烧退咳没退
            if finding.clause >= self.index - 1:
                finding.present = True
                finding.when = When()

    def _suspect(self, token: Token) -> None:
        if self.negated is not None or self.clause.hypothetical or self.skip:
            return
        if token.text == "烫" and self.text[token.end : token.end + 1] in ("了", "伤", "发", "着", "坏", "到"):
            return
        here = self.places[token.start]
        if here.when.kind in ("today", "night", "recent"):
            self.result.suspicion.append(
                Finding("fever", token.start, token.end, True, here.who, here.when, self.index, fresh=here.fresh)
            )
