"""How far a negation reaches, what a degree word belongs to, and since when something lasts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bots.reading.clauses import Clause, Token
from bots.reading.days import small_number
from bots.reading.facts import Scene
from bots.reading.forms import Boxes
from bots.reading.lexicon import word_set
from bots.reading.walk import At
from bots.reading.when import When
from bots.reading.who import Who

FORMAL = word_set("symptoms", "formal")


LASTED = re.compile(
    r"(?:了|有|已经|都|大概|快|差不多|,|，| )*(?:第)?\s*"
    r"([一二两三四五六七八九十]{1,3}|\d{1,2})\s*(?:多)?\s*(天|日|周|个?星期|个?礼拜|宿|夜|晚)"
)


_LETTER = re.compile("[\u4e00-\u9fff]")


_JOINED = re.compile(r"(?:加上|又?添了|又加|又多了|又起了?|又来了|接着|跟着(?:也|又)?|开始)$")


FILL = frozenset(("polite", "all", "etcetera", "list", "day", "onset", "have"))


@dataclass(slots=True)
class Finding:
    """One symptom of one person, said or denied. `code` `any` is "anything at all"."""

    code: str
    start: int
    end: int
    present: bool
    who: Who | None
    when: When
    clause: int
    severity: str = ""
    note: str = ""
    onset: date | None = None
    uncertain: bool = False
    asked: bool = False
    recovered: bool = False
    fresh: bool = False


@dataclass(slots=True)
class Symptoms:
    """Everything the message says about bodies."""

    findings: list[Finding]
    medicine: list[At]
    suspicion: list[Finding]


class Reach:
    """One clause being read: what has been found in it, and what is in force."""

    def __init__(
        self,
        text: str,
        clauses: list[Clause],
        index: int,
        places: dict[int, At],
        scene: Scene,
        result: Symptoms,
        boxes: Boxes | None = None,
    ) -> None:
        self.text, self.clauses, self.index, self.places = text, clauses, index, places
        self.scene, self.result, self.boxes = scene, result, boxes
        self.clause = clauses[index]
        self.row = self.clause.tokens
        self.first = len(result.findings)
        self.negated: Token | None = None
        self.severity = ""
        self.note = ""
        self.guess = False
        self.skip = False

    def _negation(self, token: Token, at: int, after: Token | None) -> None:
        value = token.roles.get("negation", "no")
        if value == "weak":
            self.severity = "mild"
            if token.text in ("没那么", "没有那么", "不那么"):
                self.note = "improving"
            self.negated = None
            return
        if after is not None and after.roles.get("degree") == "worse" and after.start == token.end:
            return  # 咳嗽没加重
        before = self.row[at - 1] if at else None
        if self.negated is not None and before is self.negated and before.end == token.start:
            self.negated = None  # 不是不发烧
            return
        following = after is not None and (
            "symptom" in after.roles
            or "body" in after.roles
            or "generic" in after.roles
            or "recovered" in after.roles
            or "medicine" in after.roles
        )
        if (
            not following
            and after is not None
            and after.start - token.end <= 2
            and (
                "degree" in after.roles
                or "all" in after.roles
                or "have" in after.roles
                or "polite" in after.roles
                or "negation" in after.roles
                or after.text in ("再", "怎么")
            )
            and at + 2 < len(self.row)
        ):
            beyond = self.row[at + 2]
            following = (
                "symptom" in beyond.roles
                or "body" in beyond.roles
                or "generic" in beyond.roles
                or "negation" in beyond.roles
            )
        if (not following or self._closes_a_list(token, at)) and self._denies_what_stands_before(token, at):
            self.negated = None
            return
        self.negated = token

    def _closes_a_list(self, token: Token, at: int) -> bool:
        """咳嗽也没有发烧也没有: each is denied by what stands behind it, for the same words close the next one too."""
        if token.text[0] not in "也都" or not at or "symptom" not in self.row[at - 1].roles:
            return False
        return any(
            other.text == token.text and "symptom" in self.row[k - 1].roles
            for k, other in enumerate(self.row)
            if k > at + 1 and other.start == self.row[k - 1].end
        )

    def _denies_what_stands_before(self, token: Token, at: int) -> bool:
        """咳嗽没有, 发烧咳嗽都没有."""
        if token.text in ("不", "不会", "未", "不是", "没再", "不再") or self._verb_of_its_own(token, at):
            return False
        own = [finding for finding in self.result.findings[self.first :] if finding.present]
        gap_from = own[-1].end if own else None
        if own and all(
            FILL & set(t.roles)
            or "contrast" in t.roles
            or "degree" in t.roles
            or "generic" in t.roles
            or "negation" in t.roles
            for t in self.row[:at]
            if t.start >= (gap_from or 0)
        ):
            for finding in own:
                finding.present = False
            return True
        if (
            not own
            and self.index
            and all(FILL & set(t.roles) or "negation" in t.roles for t in self.row[:at])
            and self.clauses[self.index - 1].sentence == self.clause.sentence
        ):
            earlier = [f for f in self.result.findings if f.clause == self.index - 1 and f.present and not f.severity]
            only = all(
                FILL & set(t.roles) or "symptom" in t.roles or "body" in t.roles or "ache" in t.roles
                for t in self.clauses[self.index - 1].tokens
            )
            if (
                earlier
                and only
                and ("all" in self.clause.kinds or token.text in ("都没有", "均无", "都没", "均没有", "也没有"))
            ):
                for finding in self.result.findings:
                    if finding.clause == self.index - 1:
                        finding.present = False
                back = self.index - 2
                while (
                    back >= 0
                    and self.clauses[back].sentence == self.clause.sentence
                    and all(FILL & set(t.roles) or "symptom" in t.roles for t in self.clauses[back].tokens)
                ):
                    for finding in self.result.findings:
                        if finding.clause == back:
                            finding.present = False
                    back -= 1
                return True
        return False

    def _verb_of_its_own(self, token: Token, at: int) -> bool:
        """头有点晕说是没睡好: 没 denies an act we have no word for."""
        following = self.row[at + 1].start if at + 1 < len(self.row) else self.clause.end
        return len(token.text) == 1 and _LETTER.match(self.text, token.end, following) is not None

    def _degree(self, token: Token, value: str, at: int, after: Token | None) -> None:
        own = self.result.findings[self.first :]
        leads = after is not None and (
            "symptom" in after.roles
            or "body" in after.roles
            or "ache" in after.roles
            or "generic" in after.roles
            or "suspect" in after.roles
            or "degree" in after.roles
        )
        if self.negated is not None and token.start - self.negated.end <= 0 and value in ("mild", "severe"):
            if value == "severe":
                self.negated = None
                self.severity = "mild"
            return
        if value in ("mild", "severe") and leads:
            self.severity = value
            self.negated = None
            return
        target = own[-1] if own else None
        if target is None and value in ("improving", "worse") and self.result.findings:
            last = self.result.findings[-1]
            target = last if last.clause == self.index - 1 else None
        if target is None:
            if value in ("mild", "severe"):
                self.severity = value
                self.negated = None
            return
        if value in ("mild", "severe") and token.start - target.end <= 3:
            if not target.present and value == "mild" and token.text.startswith("有"):
                target.present = True
            target.severity = value
        elif value == "improving":
            target.note = "improving"
            here = self.places[token.start]
            if target.present and here.when.kind == "today" and here.when.said and target.when.kind == "day":
                target.when = here.when  # 昨天咳嗽，今天好多了
        elif value == "worse":
            target.note = "worse"
        elif value == "chronic":
            target.note = "chronic"

    def _carried(self, carry: str) -> bool:
        """Whether this clause only goes on with the list of a negation before the comma."""
        if not carry:
            return False
        plain = [t for t in self.row if "polite" not in t.roles]
        if not plain or not ("symptom" in plain[0].roles or "list" in plain[0].roles):
            return False
        if any(
            "degree" in t.roles
            or "have" in t.roles
            or "contrast" in t.roles
            or t.number is not None
            or "negation" in t.roles
            or "day" in t.roles
            for t in self.row
        ):
            return False
        if self.text[plain[-1].end : self.clause.end].strip() or any(
            t.text in ("了", "着", "得", "过") for t in self.row
        ):
            return False
        if carry in FORMAL:
            if any("etcetera" in t.roles for t in self.row):
                return True
            previous = self.clauses[self.index - 1]
            mark = previous.stop[:1]
            follower = self.clauses[self.index + 1] if self.index + 1 < len(self.clauses) else None
            goes_on = (
                follower is not None
                and follower.sentence == self.clause.sentence
                and follower.tokens
                and "symptom" in follower.tokens[0].roles
                and not {"degree", "have", "negation"} & follower.kinds
            )
            many = sum("symptom" in t.roles for t in previous.tokens) >= 2
            return (
                mark == " "
                or bool(goes_on)
                or many
                or carry in ("无", "均无", "未见", "无明显", "未出现", "没有出现", "没出现", "否认")
                or self._carried_before()
            )
        return False

    def _carried_before(self) -> bool:
        return (
            self.index >= 2
            and any(f.clause == self.index - 1 and not f.present for f in self.result.findings)
            and "negation" not in self.clauses[self.index - 1].kinds
        )

    def _going_on(self, carry: str) -> str:
        own = self.result.findings[self.first :]
        if self.negated is not None and own and not own[-1].present:
            return self.negated.text
        if carry and own and not own[-1].present and "negation" not in self.clause.kinds:
            return carry
        return ""

    def _onsets(self) -> None:
        """昨天开始咳, 咳了三天: since when."""
        own = [finding for finding in self.result.findings[self.first :] if finding.present]
        if not own:
            return
        today = self.scene.sent_at.date()
        if "onset" in self.clause.kinds:
            for token in self.row:
                here = self.places[token.start]
                if "onset" in token.roles and here.when.kind in ("day", "night", "recent", "season"):
                    for finding in own:
                        finding.onset = here.when.day
                        finding.when = When()
        for finding in own:
            if finding.when.kind == "day" and _JOINED.search(self.text, self.clause.start, finding.start):
                finding.onset, finding.when = finding.when.day, When()  # 前天开始流鼻涕，昨天加上咳嗽
            lasted = LASTED.match(self.text, finding.end)
            if lasted is None:
                continue
            count = small_number(lasted[1])
            if count:
                days = count * (7 if lasted[2] not in ("天", "日", "宿", "夜", "晚") else 1)
                finding.onset = finding.onset or today - timedelta(days=days - (1 if lasted[2] in ("天", "日") else 0))
                if finding.when.kind in ("recent",):
                    finding.when = When()
