"""What somebody has: words that only sound like a symptom, whose it is, whether it is stated, body parts and aches."""

from __future__ import annotations

import re
from dataclasses import replace

from bots.reading.clauses import Token, chunk_start
from bots.reading.lexicon import LENGTHS, ROLES, word_file, word_set
from bots.reading.names import looks_like_name, stranger
from bots.reading.negation import Finding, Reach
from bots.reading.walk import At
from bots.reading.when import When
from bots.reading.who import Who

# A part of the body and what it does make a symptom.
_PAIRS = {
    (part, ache): code
    for code, pairs in word_file("symptoms")["pairs"].items()
    for part, _, ache in (pair.partition("+") for pair in str(pairs).split())
}
_SERIOUS = frozenset(("fever", "dyspnea", "convulsion", "unconscious"))
_JUST_OVER = re.compile(
    r"(?:也|都|是)?(?:才|刚刚?|已经?|早|早就|基本|差不多)(?:好|痊愈)(?:了|利索|利落|没几天|[两几三四五]天)*$"
)
_IT_IS = re.compile(r"的(?:人|那个)?(?:就|都|其实)?是")  # 喊冷的是他奶
_TIMES = frozenset(("day", "night", "past"))
_GOES_ON = ("还", "仍", "依然")
_NOTHING: dict[str, str] = {}
_RULES = word_set("symptoms", "rules")
_EVERYWHERE = re.compile(
    r"(?:挺|很|太|特别|这么|比较|有点|又|的人|病人|孩子)*(?:多|高发|流行|猖獗|季|期|疫苗|疫情|病例|患者|来了|来袭|盛行|肆虐)"
)
_BOX = re.compile(
    r"\s*(?P<mark>[×✗√]|[ny](?![a-z]))|\s*[:(\[]\s*(?P<word>无|否|没有|没|不|有|是|x|×|√|-|\+|阴性)(?![一-鿿a-z])"
)
_UNTICKED = re.compile(r"\s*[\[(]\s*[\])]")
_TICKED = frozenset("有是√+y")
# 2人发烧, 3名学生咳嗽: a figure of a class, nobody who can be told apart
_A_FIGURE = re.compile(
    r"(?:\d+|[一二两三四五六七八九十几]+)\s*(?:人|(?:名|位|个)(?:学生|同学|人|幼儿))(?:在家)?(?:有|出现)?$|有(?:好?几|[二两三四五六七八九十]|[2-9])个$"
)


# 我妹家那个流鼻涕, 对门家的老二咳嗽: a child of another house
_OF_ANOTHER_HOUSE = re.compile(
    r"(?:[妹姐哥弟嫂姨姑舅叔伯婶]|邻居|隔壁|对门|楼上|楼下|朋友|同事|同学|闺蜜|人|亲戚)家(?:里)?(?:的|那|这)"
    r"(?:个|位|小子|孩子|娃|丫头|闺女|老[大二三]|[大小]的)"
)


# 头疼是装的: nobody had it
_PRETENDED = re.compile(
    r"(?:了|都|也|全|纯)*(?:是|纯属|算是)(?:他|她|自己)?(?:装|假|骗|演|编|闹着玩|开玩笑|借口|吓唬)"
    r"|[，,。 ]?(?:其实|我看|估计)(?:就|只|都)?是(?:为了)?(?:不想|不愿|想逃|想玩|逃|偷懒|装|馋|撒娇)"
)
# 听您语音鼻音好重: the reader's own cold
_YOURS = re.compile(
    r"听(?:着)?(?:您|你|老师)|(?:您|老师[你您])(?:的|最近|是不是|也|都|昨天|今天)*(?:语音|声音|嗓子|嗓音|鼻音|鼻子|感冒|咳|发烧|身体)"
)
# 同桌说是发烧了: what one of them says of himself
_PEER = re.compile(r"(?:同桌|同学|邻居|同事|朋友|室友|舍友|小伙伴|前排|后排|邻座|前桌|后桌)(?:说|说是|讲|讲是|都说)$")
_COUNTED = ("俩", "两个", "仨", "三个", "二个", "2个", "3个")


_HEATED = ("烧着", "在烧", "还烧", "烧了", "烧好", "烧得")
_HAULED = re.compile(r"[0-9一二两三四五六七八九十几半好]{1,3}[大小整满]?[车箱袋筐捆吨斤桶把条张根批套件包位卡船]")
_DRAWN = re.compile(r"[^，。]{0,3}?(?:血|烟|奖|签|空|时间|水|脂|丝|纸|背|考|检|陀螺)")


class Complaints(Reach):
    """Adds what one clause says that somebody has."""

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
        if token.end - token.start > 1 and self._runs_into_another_word(token):
            return True
        if _PRETENDED.match(self.text, token.end):
            return True
        if "disease" in token.roles and _EVERYWHERE.match(self.text, token.end):
            return True  # 最近流感多
        if self.text.startswith("是不" + token.text, token.end):
            return True  # 烧是不烧
        if self.text.startswith(("史", "体质"), token.end) or (
            token.text == "过敏" and "对" in self.text[max(self.clause.start, token.start - 6) : token.start]
        ):
            return True  # 有哮喘史, 对花粉过敏
        text, end = self.text, token.end
        if token.text in _HEATED and text[end : end + 1] in tuple("水饭菜汤茶炕火柴锅炉香纸奶粥"):
            return True  # 锅里烧着水
        if (token.text == "拉了" and _HAULED.match(text, end)) or ("抽" in token.text and _DRAWN.match(text, end)):
            return True  # 拉了一车白菜, 抽了管血
        if len(token.text) > 1 and token.text != "拉了":
            return False
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

    def _runs_into_another_word(self, token: Token) -> bool:
        """药在抽屉里: 在抽 is no symptom where its second half begins a word that is none."""
        for at in range(token.start + 1, token.end):
            for length in LENGTHS.get(self.text[at : at + 2], ()):
                if at + length > token.end and "ignore" in ROLES.get(self.text[at : at + length], _NOTHING):
                    return True
        return False

    def _add(self, code: str, token: Token, end: int, carried: bool) -> None:
        if self.skip:
            return
        here = self._told_of(token)
        clause = self.clause
        seen = code in ("blister", "rash")  # 有几个小水泡 are counted, no people
        if (
            (here.who is None or here.who.kind != "subjects")
            and not seen
            and _A_FIGURE.search(self.text[max(clause.start, token.start - 12) : token.start])
        ):
            return
        negated = self.negated is not None or carried
        told = here.when.kind in ("day", "recent", "night") and (self._compared(token) or self._still_so(token))
        when = When() if told else here.when
        box = _BOX.match(self.text, end)  # 是否发热：否, 咳嗽（无）
        if box is not None:
            negated = (box["word"] or box["mark"]) not in _TICKED
        elif "√" in self.text and _UNTICKED.match(self.text, end):
            negated = True  # 咳嗽[√] 发热[ ]
        if self.boxes and (ticked := self.boxes.of(token.start, end)) is not None:
            negated = not ticked  # □发热 ☑流涕
        if negated and "白天" in clause.text:
            return  # 夜里咳，白天不咳
        finding = Finding(
            code,
            token.start,
            end,
            not negated,
            here.who,
            when,
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
        if finding.present and _JUST_OVER.match(self.text, end, clause.end):
            finding.present, finding.recovered = False, True  # 支气管炎刚好
        finding.who = self._somebody_else(token, here) or finding.who
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

    def _somebody_else(self, token: Token, here: At) -> Who | None:
        """Whom else a symptom belongs to: a peer, the reader, a stranger, a child of another house; None for nobody."""
        clause, text = self.clause, self.text
        peer = here.who is None and _PEER.search(text, clause.start, token.start)
        if peer or (not (here.fresh and here.who) and _YOURS.search(text, clause.start, token.end)):
            return Who("outsider", text=clause.text)
        whose = _IT_IS.match(text, token.end)
        named = next((t for t in self.row if whose is not None and t.start == whose.end()), None)
        if named is not None and not {"kin", "other", "self"}.isdisjoint(named.roles):
            return Who("kin", role=named.roles.get("kin", "other"), text=named.text)
        if here.who is None and self._unknown_name(token):
            return Who("unknown", text=text[clause.start : token.start].strip())
        house = _OF_ANOTHER_HOUSE.search(text, clause.start, token.start) if "家" in clause.text else None
        return Who("outsider", text=clause.text) if house is not None and here.mention < house.end() else None

    def _told_of(self, token: Token) -> At:
        """Whom a symptom is told of: in 打了俩喷嚏 the 俩 counts sneezes, no children."""
        at = self.row.index(token)
        before = self.row[at - 1] if at else None
        if (
            before is None
            or before.end != token.start
            or before.text not in _COUNTED
            or self.text[max(0, before.start - 1) : before.start] not in tuple("了打起长过有")
        ):
            return self.places[token.start]
        if at > 1:
            return self.places[self.row[at - 2].start]
        earlier = [t for clause in self.clauses[: self.index] for t in clause.tokens]
        return self.places[earlier[-1].start] if earlier else replace(self.places[token.start], who=None, fresh=False)

    def _compared(self, token: Token) -> bool:
        """咳嗽比前两天轻，鼻涕比前两天多: the day that is only compared with is not the day told of."""
        rows = [*self.clauses[self.index - 1].tokens, *self.row] if self.index else self.row
        timed = [t for t in rows if t.start < token.start and not _TIMES.isdisjoint(t.roles)]
        return bool(timed) and self.text[timed[-1].start - 1 : timed[-1].start] == "比"

    def _still_so(self, token: Token) -> bool:
        """昨天39，今天37，还有点咳: what goes on is today's, where the clause names no other day."""
        if any(not _TIMES.isdisjoint(t.roles) for t in self.row if t.start < token.start):
            return False
        return any(word in self.text[self.clause.start : token.start] for word in _GOES_ON)

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
                or "contrast" in roles
                or "manner" in roles
                or roles.get("agent") == "house"
            ):
                return 0
        return 0
