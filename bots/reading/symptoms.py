"""What somebody has and what they are said not to have: negation and its reach, degree, onset, recovery."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bots.reading.clauses import Clause, Token, chunk_start
from bots.reading.days import small_number
from bots.reading.facts import Scene
from bots.reading.lexicon import word_set
from bots.reading.people import Who, looks_like_name
from bots.reading.walk import At, When

# A part of the body and what it does make a symptom.
_PAIRS = {
    ("head", "pain"): "headache",
    ("head", "dizzy"): "dizziness",
    ("throat", "pain"): "sore_throat",
    ("throat", "itch"): "sore_throat",
    ("throat", "swollen"): "sore_throat",
    ("throat", "blocked"): "sore_throat",
    ("belly", "pain"): "abdominal_pain",
    ("nose", "blocked"): "stuffy_nose",
    ("eye", "itch"): "conjunctivitis",
    ("eye", "swollen"): "conjunctivitis",
    ("body", "pain"): "muscle_ache",
    ("chest", "tight"): "chest_tightness",
    ("chest", "pain"): "chest_tightness",
    ("face", "swollen"): "parotid_swelling",
    ("face", "pain"): "parotid_swelling",
    ("body", "spots"): "rash",
    ("face", "spots"): "rash",
    ("limb", "spots"): "rash",
    ("limb", "pain"): "other",
    ("ear", "pain"): "other",
    ("eye", "pain"): "other",
    ("nose", "pain"): "other",
    ("body", "itch"): "other",
    ("ear", "itch"): "other",
    ("limb", "swollen"): "other",
    ("nose", "itch"): "other",
}
_SERIOUS = frozenset(("fever", "dyspnea", "convulsion", "unconscious"))
_COMPLAINTS = word_set("symptoms", "complaints")
_FORMAL = word_set("symptoms", "formal")
_LASTED = re.compile(
    r"(?:了|有|已经|都|大概|快|差不多|,|，| )*(?:第)?\s*([一二两三四五六七八九十]{1,3}|\d{1,2})\s*(?:多)?\s*(天|日|周|个?星期|个?礼拜|宿|夜|晚)"
)
_FEVER_UP = word_set("symptoms", "fever_up")
_RULES = word_set("symptoms", "rules")
_FILL = frozenset(("polite", "all", "etcetera", "list", "day", "onset", "have"))


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


def find_symptoms(text: str, clauses: list[Clause], places: dict[int, At], scene: Scene) -> Symptoms:
    """Findings of a message in order. Later words about the same thing come later in the list."""
    result = Symptoms([], [], [])
    carry = ""  # a negation word whose list goes on over commas
    for index, clause in enumerate(clauses):
        if carry and clause.stop is not None and index and clauses[index - 1].sentence != clause.sentence:
            carry = ""
        if not {
            "symptom",
            "generic",
            "well",
            "body",
            "recovered",
            "still",
            "suspect",
            "medicine",
            "negation",
            "degree",
        }.isdisjoint(clause.kinds):
            carry = _Reader(text, clauses, index, places, scene, result).read(carry)
        else:
            carry = ""
    return result


class _Reader:
    """Reads the symptoms of one clause."""

    def __init__(
        self, text: str, clauses: list[Clause], index: int, places: dict[int, At], scene: Scene, result: Symptoms
    ) -> None:
        self.text, self.clauses, self.index, self.places, self.scene, self.result = (
            text,
            clauses,
            index,
            places,
            scene,
            result,
        )
        self.clause = clauses[index]
        self.row = self.clause.tokens
        self.first = len(result.findings)
        self.negated: Token | None = None
        self.severity = ""
        self.note = ""
        self.guess = False
        self.skip = False

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
            elif "generic" in roles:
                self._generic(token, at)
            elif "well" in roles and not ("polite" in roles and self.index == 0 and False):
                self._well(token, roles["well"], at)
            elif "recovered" in roles:
                self._recovered(token, roles["recovered"])
            elif "still" in roles:
                self._still(token)
            elif "suspect" in roles:
                self._suspect(token)
            elif "medicine" in roles:
                if self.negated is None and not self.clause.hypothetical and not self.clause.asked and not self.skip:
                    self.result.medicine.append(self.places[token.start])
            elif "negation" in roles or "negated" in roles:
                self._negation(token, at, after)
            elif "degree" in roles:
                self._degree(token, roles["degree"], at, after)
            elif "contrast" in roles or "have" in roles:
                if not (self.negated is not None and token.start == self.negated.end and "have" in roles):
                    if "contrast" in roles or token.text in ("有", "还有", "出现", "伴有", "也有", "出现了"):
                        self.negated = None
                        carried = False
            elif roles.get("ignore") == "figurative" or roles.get("guess") == "fear":
                self.skip = True
            elif "guess" in roles:
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
        self._onsets()
        return self._going_on(carry)

    # -- one kind of word each -------------------------------------------------

    def _hearing(self, at: int) -> bool:
        """吐, 烧, 病 inside a word we do not know is no symptom; nor is water that boils."""
        token = self.row[at]
        if (
            at
            and token.roles["symptom"] == "fever"
            and "foreign" in self.row[at - 1].roles
            and self.row[at - 1].end == token.start
        ):
            return True
        if len(token.text) > 1 and token.text != "拉了":
            return False
        text, end = self.text, token.end
        after = text[end : end + 1]
        if token.text == "烧" and after and after in "饭水菜烤鸡饼香纸火炕心伤坏杯瓶茶肉鱼酒开了水焊录":
            return not (after == "了" or after == "开")
        if token.text == "吐" and after and after in "槽痰字司奶露气泡鲁蕃番丝舌":
            return True
        if token.text == "晕" and (
            after in ("车", "船", "机", "针", "血") or text[token.start - 1 : token.start] in ("我", "真")
        ):
            return True
        if (
            token.text == "拉了"
            and after
            and not (after.isdigit() or after in "一二两三四五六七八九十几好多肚稀水，。、 ")
        ):
            return True
        if token.text == "咳" and self.clause.text.strip() == "咳":
            return False
        if token.text == "喘" and after == "口":
            return True
        return bool(token.text == "呕" and after == "心")

    def _add(self, code: str, token: Token, end: int, carried: bool) -> None:
        if self.skip:
            return
        here = self.places[token.start]
        clause = self.clause
        negated = self.negated is not None or carried
        finding = Finding(
            code,
            token.start,
            end,
            not negated,
            here.who,
            here.when,
            self.index,
            self.severity,
            self.note,
            fresh=here.fresh,
        )
        if token.text.startswith(("高烧", "高热", "发高烧")):
            finding.severity = "severe"
        elif token.text.startswith(("低烧", "低热", "发低烧")):
            finding.severity = "mild"
        if here.who is None and self._unknown_name(token):
            finding.who = Who("unknown", text=self.text[clause.start : token.start].strip())
        if clause.usual and any(t.text in _RULES for t in self.row):
            return
        if clause.hypothetical or clause.hearsay or here.when.kind in ("future", "usual", "distant", "season"):
            return
        finding.uncertain = self.guess
        finding.asked = clause.asked and not self._rests_on_statement(token)
        if finding.asked and not (code in _SERIOUS and self._happened(token)):
            return
        self.result.findings.append(finding)
        self.severity = self.note = ""

    def _happened(self, token: Token) -> bool:
        return (
            self.text[token.end : token.end + 1] in ("了", "着")
            or token.text.endswith("了")
            or self.guess
            or bool(self.severity)
        )

    def _unknown_name(self, token: Token) -> bool:
        """王小红发烧了: a name nobody told us stands right before."""
        left = chunk_start(self.clause, self.row.index(token))
        chunk = self.text[left : token.start].strip(" :，、")
        return bool(chunk) and left == self.clause.start and looks_like_name(chunk)

    def _rests_on_statement(self, token: Token) -> bool:
        """孩子发烧了怎么办 states a fever; 发烧怎么办 asks in general."""
        here = self.places[token.start]
        told = (
            (here.fresh and here.who is not None)
            or here.when.said
            or any(t.number is not None and t.number.kind not in ("other", "date", "clock") for t in self.row)
        )
        if self.clause.advice or (
            self.clause.wh and not any(t.text in ("为什么", "什么", "怎么") and t.start < token.start for t in self.row)
        ):
            asks = [t for t in self.row if "question" in t.roles]
            return told and (not asks or asks[0].start > token.start)
        return False

    def _pair(self, at: int, carried: bool) -> int:
        """头有点疼, 肚子不疼: a part of the body and what it does; returns how many words it took."""
        body = self.row[at]
        part = body.roles["body"]
        negation: Token | None = None
        severity = ""
        for step in range(1, 6):
            if at + step >= len(self.row):
                return 0
            token = self.row[at + step]
            if token.start - self.row[at + step - 1].end > 2:
                return 0
            roles = token.roles
            if token.number is not None or ("symptom" in roles and step == 1 and "ache" not in roles):
                return 0
            if "ache" in roles:
                code = _PAIRS.get((part, roles["ache"]))
                if code is None:
                    return 0
                if negation is not None:
                    self.negated = negation
                self.severity = self.severity or severity
                keep, self.negated = self.negated, self.negated
                if negation is None and self.negated is not None and self.negated.end != body.start and not carried:
                    self.negated = keep
                self._add(code, body, token.end, carried)
                if negation is not None:
                    self.negated = None
                return step + 1
            if "negation" in roles:
                negation = None if roles["negation"] == "weak" else token
                severity = "mild" if roles["negation"] == "weak" else severity
            elif "degree" in roles:
                severity = roles["degree"] if roles["degree"] in ("mild", "severe") else severity
            elif not (
                "polite" in roles
                or "have" in roles
                or "list" in roles
                or "day" in roles
                or "onset" in roles
                or "all" in roles
                or "still" in roles
                or "body" in roles
                or "past" in roles
            ):
                return 0
        return 0

    def _generic(self, token: Token, at: int) -> None:
        here = self.places[token.start]
        if self.clause.hypothetical or self.clause.hearsay or self.skip:
            return
        if self.negated is not None:
            self.result.findings.append(
                Finding("any", token.start, token.end, False, here.who, here.when, self.index, fresh=here.fresh)
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
                    here.who,
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
            Finding(code, token.start, token.end, False, here.who, here.when, self.index, fresh=here.fresh)
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
                    here.who,
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
        for finding in reversed(self.result.findings):
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
        if not following and self._denies_what_stands_before(token, at):
            self.negated = None
            return
        self.negated = token

    def _denies_what_stands_before(self, token: Token, at: int) -> bool:
        """咳嗽没有, 发烧咳嗽都没有."""
        if token.text in ("不", "不会", "未", "不是", "没再", "不再"):
            return False
        own = [finding for finding in self.result.findings[self.first :] if finding.present]
        gap_from = own[-1].end if own else None
        if own and all(
            _FILL & set(t.roles)
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
            and all(_FILL & set(t.roles) or "negation" in t.roles for t in self.row[:at])
            and self.clauses[self.index - 1].sentence == self.clause.sentence
        ):
            earlier = [f for f in self.result.findings if f.clause == self.index - 1 and f.present and not f.severity]
            only = all(
                _FILL & set(t.roles) or "symptom" in t.roles or "body" in t.roles or "ache" in t.roles
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
                    and all(_FILL & set(t.roles) or "symptom" in t.roles for t in self.clauses[back].tokens)
                ):
                    for finding in self.result.findings:
                        if finding.clause == back:
                            finding.present = False
                    back -= 1
                return True
        return False

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
        elif value == "worse":
            target.note = "worse"
        elif value == "chronic":
            target.note = "chronic"

    # -- over several words ----------------------------------------------------

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
        if carry in _FORMAL:
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
            lasted = _LASTED.match(self.text, finding.end)
            if lasted is None:
                continue
            count = small_number(lasted[1])
            if count:
                days = count * (7 if lasted[2] not in ("天", "日", "宿", "夜", "晚") else 1)
                finding.onset = finding.onset or today - timedelta(days=days - (1 if lasted[2] in ("天", "日") else 0))
                if finding.when.kind in ("recent",):
                    finding.when = When()
