"""What somebody has and what they are said not to have: negation and its reach, degree, onset, recovery."""

from __future__ import annotations

import re
from dataclasses import replace

from bots.reading.clauses import Clause, Token, chunk_start
from bots.reading.facts import Scene
from bots.reading.lexicon import word_set
from bots.reading.names import looks_like_name, stranger
from bots.reading.negation import Finding, Reach, Symptoms
from bots.reading.walk import At
from bots.reading.when import When
from bots.reading.who import Who

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
    ("breath", "fast"): "dyspnea",
    ("breath", "pain"): "chest_tightness",
    ("mouth", "bubbles"): "blister",
    ("limb", "bubbles"): "blister",
    ("body", "bubbles"): "blister",
    ("mouth", "pain"): "other",
    ("mouth", "swollen"): "other",
    ("skin", "spots"): "rash",
    ("skin", "bubbles"): "blister",
    ("skin", "pain"): "other",
    ("stool", "thin"): "diarrhea",
    ("eye", "yellow"): "jaundice",
    ("face", "yellow"): "jaundice",
    ("body", "yellow"): "jaundice",
}


_SERIOUS = frozenset(("fever", "dyspnea", "convulsion", "unconscious"))


_COMPLAINTS = word_set("symptoms", "complaints")


_FEVER_UP = word_set("symptoms", "fever_up")


_RULES = word_set("symptoms", "rules")


_AT_HAND = word_set("symptoms", "not_taken")
_TAKEN = word_set("symptoms", "taken")
# 2人发烧, 3名学生咳嗽: a figure of a class, nobody who can be told apart
_NOT_SO = ("其实没有", "并没有", "其实没", "其实并没有", "实际没有", "根本没有", "没有的事", "其实不是")
_ALSO = re.compile(r"也(?:是|有|有点|有一点|有些|这样|一样|差不多|是这样|犯了)(?:的|了|呢)?$")
_EVERYWHERE = re.compile(
    r"(?:挺|很|太|特别|这么|比较|有点|又|的人|病人|孩子)*(?:多|高发|流行|猖獗|季|期|疫苗|疫情|病例|患者|来了|来袭|盛行|肆虐)"
)
_BOX = re.compile(r"\s*[:(]\s*(无|否|没有|没|不|有|是|x|×|√|-|\+|阴性)(?![一-鿿a-z])")
_TICKED = frozenset("有是√+")
_A_FIGURE = re.compile(
    r"(?:\d+|[一二两三四五六七八九十几]+)\s*(?:人|(?:名|位|个)(?:学生|同学|人|幼儿))(?:在家)?(?:有|出现)?$|有(?:好?几|[二两三四五六七八九十]|[2-9])个$"
)


def find_symptoms(text: str, clauses: list[Clause], places: dict[int, At], scene: Scene) -> Symptoms:
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
        }.isdisjoint(clause.kinds) or ("也" in clause.text and _ALSO.search(clause.text)):
            carry = _Reader(text, clauses, index, places, scene, result).read(carry)
        else:
            carry = ""
    return result


class _Reader(Reach):
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
        if row and not self.result.findings[self.first :] and _ALSO.search(self.clause.text):
            self._also(row[0])
        self._onsets()
        return self._going_on(carry)

    def _also(self, token: Token) -> None:
        """小明有点咳，小红也有点: what was told of the one before holds for this one too."""
        here = self.places[self.row[-1].start]
        before = [f for f in self.result.findings if f.clause == self.index - 1 and f.present]
        if not here.fresh or here.who is None or not before or any(f.who == here.who for f in before):
            return
        if any(t.number is not None for t in (*self.row, *self.clauses[self.index - 1].tokens)):
            return
        self.result.findings.extend(
            replace(
                f, who=here.who, when=here.when, clause=self.index, start=token.start, end=self.clause.end, fresh=True
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

    def _hearing(self, at: int) -> bool:
        """吐, 烧, 病 inside a word we do not know is no symptom; nor is water that boils."""
        token = self.row[at]
        if (
            at
            and token.roles["symptom"] in _SERIOUS
            and "foreign" in self.row[at - 1].roles
            and self.row[at - 1].end == token.start
        ):
            return True
        if "disease" in token.roles and _EVERYWHERE.match(self.text, token.end):
            return True  # 最近流感多
        if self.text.startswith("是不" + token.text, token.end):
            return True  # 烧是不烧
        if self.text.startswith(("史", "体质"), token.end) or (
            token.text == "过敏" and "对" in self.text[max(self.clause.start, token.start - 6) : token.start]
        ):
            return True  # 有哮喘史, 对花粉过敏
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
        seen = code in ("blister", "rash")  # 有几个小水泡 are counted, no people
        if (
            (here.who is None or here.who.kind != "subjects")
            and not seen
            and _A_FIGURE.search(self.text[max(clause.start, token.start - 12) : token.start])
        ):
            return
        negated = self.negated is not None or carried
        box = _BOX.match(self.text, end)  # 是否发热：否, 咳嗽（无）
        if box is not None:
            negated = box[1] not in _TICKED
        if negated and "白天" in clause.text:
            return  # 夜里咳，白天不咳
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
        following = next((t for t in self.row if t.start >= token.end), None)
        if (
            token.text.endswith("到")
            and following is not None
            and following.start == token.end
            and following.roles.get("day") == "0"
        ):
            finding.onset, finding.when = here.when.day, When()  # 从周五烧到今天
        if here.who is None and self._unknown_name(token):
            finding.who = Who("unknown", text=self.text[clause.start : token.start].strip())
        if clause.usual and any(t.text in _RULES for t in self.row):
            return
        if clause.hypothetical or clause.hearsay or finding.when.kind in ("future", "usual", "distant", "season"):
            return
        finding.uncertain = self.guess
        finding.asked = box is None and clause.asked and not self._rests_on_statement(token)
        if finding.asked and not (code in _SERIOUS and self._happened(token)):
            return
        self.result.findings.append(finding)
        self.severity = self.note = ""

    def _about(self, here: At) -> Who | None:
        """Whom a remark is about: a stranger's name at the head of the clause keeps it from being the child's."""
        name = stranger(self.clause) if here.who is None else ""
        return Who("unknown", text=name) if name else here.who

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
        beside = bool(chunk) and left == self.clause.start and looks_like_name(chunk)
        return beside or bool(stranger(self.clause))

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
                or "norm" in roles
            ):
                return 0
        return 0

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
