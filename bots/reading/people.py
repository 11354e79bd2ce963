"""Whose words are whose: names, nicknames, elder and younger, kin and outsiders, and who only held the thermometer."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from bots.reading.clauses import Clause, Token
from bots.reading.facts import Scene
from bots.reading.lexicon import SURNAMES, word_file, word_set
from bots.reading.names import (
    People,
    given_name,
    looks_like_name,
)
from bots.reading.normalise import simplify

_INTRODUCES = frozenset(("是", "的", "也是", "这里是", "这是", "乃"))


_HOUSE = frozenset(str(word_file("people")["agent"]["house"]).split())


_ACTS = frozenset(str(word_file("people")["agent"]["verb"]).split())


_OBJECT = word_set("people", "object")


_JOIN = word_set("people", "join")
_TITLES = word_set("people", "titles")


_BOTH_OF_US = ("俩", "母子", "母女", "父子", "父女", "全家", "一家")


_PERSONAL = frozenset(("elder", "younger", "nth", "count", "child", "self", "kin", "other"))


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody meant. `kind`: subjects (keys), self, kin (role), outsider, which (keys: one of these), unknown."""

    kind: str
    keys: tuple[int, ...] = ()
    role: str = ""
    text: str = ""

    @property
    def sure(self) -> bool:
        """Whether facts may be kept for `keys`."""
        return self.kind == "subjects"


def resolve(token: Token, people: People, scene: Scene) -> Who | None:
    """Whom a person word means in this scene, or None where it is no person word."""
    if token.keys is not None:
        if len(token.keys) == 1:
            return Who("subjects", token.keys, text=token.text)
        return Who("which", token.keys, text=token.text)
    roles = token.roles
    if not roles or _PERSONAL.isdisjoint(roles):
        return None
    children = people.children
    if "elder" in roles or "younger" in roles:
        chosen = people.elder if "elder" in roles else people.younger
        if chosen is not None:
            return Who("subjects", (chosen,), text=token.text)
        if len(children) <= 1:
            if "child" in roles:
                return _child(children, token)
            if token.text in ("哥哥", "姐姐", "弟弟", "妹妹", "哥", "姐", "弟", "妹", "阿哥", "阿姐", "阿弟", "阿妹"):
                return Who("kin", role="sibling", text=token.text)
            return Who("which", children, text=token.text)
        if token.text in ("老大", "大宝", "大的") and len(
            {s.grade_rank for s in people.subjects if not s.is_self}
        ) == len(children):
            return Who("subjects", (people.order[0],), text=token.text)
        return Who("which", children, text=token.text)
    if "nth" in roles:
        at = int(roles["nth"]) - 1
        if len(children) == 2 and at < 2:
            return Who("subjects", (people.order[at],), text=token.text)
        distinct = len({s.grade_rank for s in people.subjects if not s.is_self}) == len(children)
        if len(children) > 2 and at < len(children) and distinct:
            return Who("subjects", (people.order[at],), text=token.text)
        return Who("which", children, text=token.text)
    if "count" in roles:
        if int(roles["count"]) == len(children):
            return Who("subjects", children, text=token.text)
        if token.text in ("他们", "她们") and len(children) > 1:
            return Who("subjects", children, text=token.text)
        if int(roles["count"]) == len(people.all_keys):
            return Who("subjects", people.all_keys, text=token.text)
        return Who("which", people.all_keys, text=token.text) if len(children) > 1 else None
    if "child" in roles:
        if roles["child"] == "many":
            return Who("subjects", children, text=token.text) if children else Who("kin", role="other", text=token.text)
        return _child(children, token)
    if "self" in roles:
        if token.text in ("家长", "大人") and people.own is not None and not children:
            return Who("outsider", text=token.text)  # a member of staff writes of a parent
        if roles["self"] == "we":
            if people.own is not None and children and any(pair in token.text for pair in _BOTH_OF_US):
                return Who("subjects", people.all_keys, text=token.text)
            if not children and "家" in token.text:
                return Who("kin", role="other", text=token.text)
            if children:
                return (
                    Who("subjects", children, text=token.text)
                    if len(children) == 1 or token.text not in ("我家", "家人")
                    else None
                )
            return Who("subjects", people.all_keys, text=token.text) if people.all_keys else None
        if people.own is not None:
            return Who("subjects", (people.own,), text=token.text)
        return Who("self", role="other", text=token.text)
    if "kin" in roles:
        if roles["kin"] == "sibling" and token.text == "弟弟妹妹" and len(children) > 1:
            return Who("which", children, text=token.text)
        return Who("kin", role=roles["kin"], text=token.text)
    if "other" in roles:
        return Who("outsider", text=token.text)
    return None


def _child(children: tuple[int, ...], token: Token) -> Who:
    if len(children) == 1:
        return Who("subjects", children, text=token.text)
    if children:
        return Who("which", children, text=token.text)
    return Who("kin", role="other", text=token.text)


@dataclass(slots=True)
class Named:
    """A person word that carries what stands beside it. `at` is the index of its token."""

    at: int
    who: Who


def named_people(clauses: list[Clause], tokens: list[Token], people: People, scene: Scene) -> dict[int, Who]:
    """Person words that carry facts, by the place of their token's start. Agents, owners, companions are left out."""
    found: dict[int, Who] = {}
    explicit: list[Who] = []
    clause_before = ""
    last: Who | None = None
    told = False  # a number has been given to the last one named
    for clause in clauses:
        excepted = explicit if clause_before.startswith("除") and clause_before.endswith("外") else []
        clause_before = clause.text.strip()
        explicit = []
        row = clause.tokens
        skip = -1
        for at, token in enumerate(row):
            if at <= skip:
                continue
            who = _all_of(row, at, explicit or excepted, people, bool(excepted)) or resolve(token, people, scene)
            if who is None:
                if token.number is not None and token.number.kind not in ("other", "date", "clock", "code"):
                    told = True
                if (
                    "pronoun" in token.roles
                    and len(people.children) == 1
                    and (
                        _HE_HOWEVER.match(clause.text, token.end - clause.start)
                        or (told and at + 1 < len(row) and row[at + 1].number is not None)  # 他姐38.4，他36.6
                    )
                    and last is not None
                    and (last.kind in ("kin", "outsider", "self") or last.keys == (people.own,))
                ):
                    found[token.start] = last = _child(people.children, token)  # 他同学咳嗽他没有
                continue
            after = row[at + 1] if at + 1 < len(row) and row[at + 1].start - token.end <= 1 else None
            before = row[at - 1] if at and token.start - row[at - 1].end <= 1 else None
            if (
                token.text in _IN_PERSON
                and at
                and row[at - 1].end == token.start
                and ("pronoun" in row[at - 1].roles or "child" in row[at - 1].roles or row[at - 1].keys)
            ):
                if row[at - 1].start in found:
                    continue  # 孩子本人, 小明自己
                who = _child(people.children, token)
                if who.kind == "kin":
                    continue
            if (
                token.keys is None
                and not {"self", "kin"}.isdisjoint(token.roles)
                and after is not None
                and after.roles.get("correct") == "wrong"
                and after.start == token.end
            ):
                continue  # 是我看错了
            if (
                "nth" in token.roles
                and token.text in _SO_MANY
                and _numbers_behind(tokens, token) >= int(token.roles["nth"])
            ):
                who = Who("which", people.children or people.all_keys, text=token.text)  # 三娃36.5 36.6 36.7
            if (
                "self" in token.roles
                and token.roles["self"] == "we"
                and _BUT_THE_CHILD.search(text_after(clauses, token))
            ):
                who = Who("kin", role="other", text=token.text)  # 全家都感冒了，就他没事
                he = next((other for other in row[at + 1 :] if "pronoun" in other.roles), None)
                if he is not None:
                    found[he.start] = _child(people.children, he)
            if (
                token.keys is None
                and ("child" in token.roles or "other" in token.roles)
                and before is not None
                and before.keys is not None
                and before.end == token.start
                and token.text in _TITLES
            ):
                continue
            if at == 0 and token.text == "老师" and after is not None and after.start == token.end and after.number:
                found[token.start] = Who("which", people.all_keys, text=token.text)  # 老师36.5: called, or meant?
                explicit.append(found[token.start])
                continue
            if token.text in ("家长", "大人") and who.kind == "outsider":
                found[token.start] = who
                explicit.append(who)
                continue
            if (
                who.kind == "kin"
                and before is not None
                and before.keys is not None
                and before.end == token.start
                and clause.text[token.end - clause.start :].lstrip()[:1] == ":"
            ):
                continue  # 李小明妈妈:36.5
            if who.kind in ("kin", "outsider", "self") and _LENT.match(clause.text, token.end - clause.start):
                continue  # 邻居的体温计
            if "self" in token.roles and clause.text.endswith(_TOLD_TO, 0, token.start - clause.start):
                continue  # 奶奶告诉我36.5
            if (
                token.text == "老师"
                and token.start > (row[at - 1].end if at else clause.start)
                and _acts(row, at, after, clause)
            ):
                continue  # 幼儿园老师量的
            if token.text == "老师" and token.start > (row[at - 1].end if at else clause.start):
                found[token.start] = Who("outsider", text=token.text)  # 李老师
                explicit.append(found[token.start])
                continue
            if token.keys is not None and _other_family_name(clause, row, at, people):
                found[token.start] = Who("unknown", text=token.text)  # 王小明 is not 李小明
                explicit.append(found[token.start])
                continue
            if (before is not None and before.text.endswith(("比", "像"))) or clause.text[
                token.start - clause.start - 1 : token.start - clause.start
            ] in ("比", "像"):
                continue
            if (
                token.text in ("老师", "班主任", "校长")
                and before is not None
                and before.text == "的"
                and at >= 2
                and (row[at - 2].keys is not None or "child" in row[at - 2].roles)
            ):
                found[token.start] = Who("outsider", text=token.text)
                explicit.append(found[token.start])
                continue
            if (
                "child" in token.roles
                and token.keys is None
                and before is not None
                and before.end == token.start
                and "count" in before.roles
            ):
                who = resolve(before, people, scene) or who  # 三个宝贝
                found[token.start] = last = who
                explicit.append(who)
                continue
            if (
                token.keys is not None
                and before is not None
                and before.end == token.start
                and before.text in ("不是", "并不是", "不是说")
                and len(people.children) > 1
                and any(other.keys is not None and other.keys != token.keys for other in tokens)
            ):
                continue  # 是小红，不是小明，37.2
            if (
                token.keys is None
                and at >= 2
                and row[at - 1].text == "家"
                and row[at - 1].end == token.start
                and row[at - 2].end == row[at - 1].start
                and "pronoun" in row[at - 2].roles
            ):
                found[token.start] = Who("outsider", text=token.text)  # 她家老二
                explicit.append(found[token.start])
                continue
            if "child" in token.roles and _some(clause.text[: token.start - clause.start]):
                found[token.start] = Who("outsider", text=token.text)  # 好几个孩子, 有个娃
                explicit.append(found[token.start])
                continue
            if token.text in _WHERE and before is not None and not _WAYS.isdisjoint(before.roles):
                continue  # 去楼下, 在班里
            if _is_title(token, before, row, at) or _owner(token, who, after):
                continue
            near = range(max(0, at - 3), at)
            if (
                before is not None
                and before.end == token.start
                and token.keys is None
                and "child" in token.roles
                and any(found.get(row[k].start, Who("")).kind == "outsider" for k in near)
                and _joined_by_house(row, at)
            ):
                found[token.start] = Who("outsider", text=token.text)
                continue
            if _at_home_of(row, at, who, people, found):
                skip = at + 1
                continue
            if _introduces(row, at, who, clause):
                chunk = (
                    clause.text[row[at - 1].end - clause.start : token.start - clause.start].strip("的 ") if at else ""
                )
                if who.kind == "kin" and looks_like_name(chunk):  # 我是张浩然妈妈: of a child not known here
                    found[token.start] = Who("unknown", text=chunk)
                    explicit.append(found[token.start])
                continue
            if (
                who.kind == "which"
                and "count" in token.roles
                and at
                and row[at - 1].text in ("那", "另", "另外", "其他", "其余")
            ):
                who = Who("rest", people.all_keys, text=token.text)  # 除了乐乐37.5，那俩都36.5
            if who.kind == "rest":
                known = {
                    key
                    for other in found.values()
                    if other.kind == "subjects" and len(other.keys) < len(people.all_keys)
                    for key in other.keys
                }
                rest = tuple(key for key in people.all_keys if key not in known)
                who = (
                    Who("subjects", rest, text=token.text)
                    if known and rest
                    else Who("which", people.all_keys, text=token.text)
                )
            if (
                at
                and explicit
                and who.kind == "subjects"
                and explicit[-1].kind == "subjects"
                and "all" not in token.roles
                and row[at - 1].start in found
            ):
                gap = clause.text[row[at - 1].end - clause.start : token.start - clause.start]
                if gap in ("", "、", " ") and not set(who.keys) & set(explicit[-1].keys):
                    who = Who("subjects", explicit[-1].keys + who.keys, text=token.text)  # 小明、小红
            if (
                before is not None
                and not (
                    at >= 2
                    and (number := row[at - 2].number) is not None
                    and number.kind not in ("other", "date", "clock", "code")
                    and before.text in _JOIN
                )  # 小明36.5和小红36.7
                and _kept_company(before, who, explicit, found, token)
            ):
                if (
                    who.kind == "subjects"
                    and explicit
                    and explicit[-1].kind == "subjects"
                    and before.text in ("或", "或者", "还是")
                ):
                    who = Who("which", tuple(dict.fromkeys(explicit[-1].keys + who.keys)), text=token.text)
                elif who.kind == "subjects" and explicit and explicit[-1].kind == "subjects" and before.text in _JOIN:
                    who = Who("subjects", tuple(dict.fromkeys(explicit[-1].keys + who.keys)), text=token.text)
                elif who.kind != "subjects":
                    continue
            if (
                after is not None
                and after.start == token.end
                and "child" in after.roles
                and (who.kind == "outsider" or (who.kind == "kin" and who.role == "other"))
            ):
                found[token.start] = found[after.start] = Who("outsider", text=after.text)  # 邻居孩子
                explicit.append(found[after.start])
                skip = at + 1
                continue
            if (
                who.kind in ("kin", "self", "outsider")
                and token.roles.get("other") != "pet"
                and _acts(row, at, after, clause)
            ):
                continue
            if (
                who.kind == "subjects"
                and who.keys == (people.own,)
                and people.children
                and _acts(row, at, after, clause)
            ):
                continue
            found[token.start] = last = who
            told = False
            explicit.append(who)
    return found


_MEASURERS = ("校医", "医生", "大夫", "护士", "保安", "老师", "班主任", "门卫", "物业", "保健医", "社区")
_ADJECTIVES_OF_MANY = (
    "好多",
    "许多",
    "很多",
    "不少",
    "好些",
    "好几个",
    "大部分",
    "一半",
    "其他",
    "其它",
    "有的",
    "别的",
    "一些",
    "有些",
)
_HE_HOWEVER = re.compile(
    r"(?:没有(?![^，。,.]*(?:吃|量|去))|没事|好好|正常|倒没|倒是没|倒不|一点事|一点没|没症状|没咳|没烧|没发烧|不咳|不烧|不发烧|都正常|啥事没|还好|挺好)"
)
_WHERE = ("楼下", "楼上", "对门", "隔壁", "班里", "班上", "小区里", "群里")
_WAYS = frozenset(("go", "at", "from", "back"))
_SO_MANY = ("二宝", "二娃", "二孩", "三宝", "三娃", "三孩")


def _numbers_behind(tokens: list[Token], token: Token) -> int:
    """Readings that follow one another behind a word, nothing between them; more than three are not counted."""
    count = 0
    at = bisect_right(tokens, token.start, key=lambda other: other.start)
    for other in tokens[at : at + 3]:
        if other.number is None or other.number.kind in ("other", "date", "clock", "code"):
            break
        count += 1
    return count


_IN_PERSON = ("本人", "自己")
_BUT_THE_CHILD = re.compile(
    r"(?:就|只有|唯独|除了|除)(?:我家|我们)?(?:他|她|孩子|娃儿?|宝宝|宝贝|儿子|女儿|闺女|小的)(?:一个|一人|自己|没|好|不|还|以?外|之外)"
)


def text_after(clauses: list[Clause], token: Token) -> str:
    """What the sentence says behind a word, two clauses at most."""
    here = clauses[token.clause]
    more = [c.text for c in clauses[token.clause + 1 : token.clause + 2] if c.sentence == here.sentence]
    return "，".join([here.text[token.end - here.start :], *more])


_LENT = re.compile(r"(?:家)?的?(?:体温计|温度计|体温表|温度表|体温枪|额温枪|耳温枪)")
_TOLD_TO = ("告诉", "通知", "发给", "跟", "说给", "发信息给", "打电话给", "转告")
_ACQUAINTED = re.compile(r"(?:玩|坐|住|上学|上课|补课|吃饭|接触|接触过|认识)的(?:那个|这个|一个)?$")


def _some(left: str) -> bool:
    if left.endswith(_ADJECTIVES_OF_MANY):
        return True
    if _ACQUAINTED.search(left) or (
        left.endswith("有") and not left.endswith(("没有", "只有", "还有", "我有", "家有"))
    ):
        return True
    return left.endswith("个") and not left.endswith(
        ("这个", "那个", "俩个", "两个", "三个", "二个", "每个", "2个", "3个", "我家一个")
    )


def _other_family_name(clause: Clause, row: list[Token], at: int, people: People) -> bool:
    """A given name behind a family name that is not this child's."""
    token = row[at]
    if token.start <= clause.start or token.keys is None:
        return False
    char = clause.text[token.start - clause.start - 1]
    if char not in SURNAMES or (at and row[at - 1].end == token.start and len(row[at - 1].text) > 1):
        return False
    names = [simplify(people.name_of[key]).lower() for key in token.keys]
    return all(name != token.text and given_name(name) == token.text and not name.startswith(char) for name in names)


def _is_title(token: Token, before: Token | None, row: list[Token], at: int) -> bool:
    """老师 in 老师好, 李老师: an address, no person told about."""
    if token.text in ("老师", "老师您", "班主任", "校长"):
        if at + 1 < len(row) and row[at + 1].start == token.end and "symptom" in row[at + 1].roles:
            return False
        return (
            at == 0
            or "polite" in (before.roles if before else {})
            or at == len(row) - 1
            or "polite" in row[at + 1].roles
        )
    return False


def _all_of(row: list[Token], at: int, explicit: list[Who], people: People, excepted: bool) -> Who | None:
    """都, 均, 全: everybody, or everybody named before in this clause. 都没事 and 都没有 begin with it."""
    token = row[at]
    if "all" not in token.roles and "rest" not in token.roles and token.text[:1] not in ("都", "均", "体"):
        return None
    begins = (
        (len(token.text) > 1 and token.text[0] in "都均") or token.text.startswith(("体温都", "体温均"))
    ) and not {"well", "negation", "temperature", "stay"}.isdisjoint(token.roles)
    if "all" in token.roles or begins:
        if at and (
            "symptom" in row[at - 1].roles or ("day" in row[at - 1].roles and row[at - 1].text in ("每天", "天天"))
        ):
            return None
        if explicit and (excepted or any(other.text in ("除", "除了", "除开", "除去") for other in row[:at])):
            left_out = {key for who in explicit for key in who.keys}
            rest = tuple(key for key in people.all_keys if key not in left_out)
            return Who("subjects", rest, text=token.text) if rest else None  # 除了小明都36.5
        if len(explicit) == 1:
            return None
        if len(explicit) > 1:
            sure = [who for who in explicit if who.kind == "subjects"]
            keys = tuple(dict.fromkeys(key for who in sure for key in who.keys))
            return Who("subjects", keys, text=token.text) if keys else None
        if len(people.all_keys) > 1:
            return Who("subjects", people.all_keys, text=token.text)
        return None
    if "rest" in token.roles and len(people.all_keys) > 1:
        return Who("rest", people.all_keys, text=token.text)
    return None


def _owner(token: Token, who: Who, after: Token | None) -> bool:
    """孩子爸爸, 我儿子, 他同学: the owner is not the one told about."""
    if after is None:
        return False
    gap = after.start - token.end
    if gap > 1:
        return False
    if (
        "kin" in after.roles
        or ("other" in after.roles and after.text not in ("同学", "老师"))
        or (after.text == "同学" and token.keys is None)
    ):
        return gap == 0
    if who.kind == "self" and (
        "child" in after.roles or after.keys is not None or "elder" in after.roles or "younger" in after.roles
    ):
        return gap == 0
    return False


def _joined_by_house(row: list[Token], at: int) -> bool:
    return any(row[k].text in _HOUSE or row[k].text == "的" for k in range(max(0, at - 2), at))


def _at_home_of(row: list[Token], at: int, who: Who, people: People, found: dict[int, Who]) -> bool:
    """奶奶家 is a place; 邻居家孩子 and 姑姑家的孩子 are somebody else."""
    if who.kind not in ("kin", "outsider", "self") or at + 1 >= len(row):
        return False
    after = row[at + 1]
    if after.start != row[at].end or not (after.text in _HOUSE or after.text == "的"):
        return False
    beyond = row[at + 2] if at + 2 < len(row) else None
    if beyond is not None and beyond.text == "的" and at + 3 < len(row):
        beyond = row[at + 3]
    if (
        beyond is not None
        and beyond.start - after.end <= 1
        and ("child" in beyond.roles or "elder" in beyond.roles or "younger" in beyond.roles)
    ):
        if who.kind == "self":
            return False
        found[beyond.start] = Who("outsider", text=beyond.text)
        found[row[at].start] = Who("outsider", text=row[at].text)
        return True
    if who.kind == "outsider" and beyond is not None and beyond.start == after.end and "symptom" in beyond.roles:
        found[row[at].start] = Who("outsider", text=row[at].text)  # 邻居家发烧了
        return True
    return after.text != "的"  # 妈妈的36.5 is hers, 我妈的体温 too


def _introduces(row: list[Token], at: int, who: Who, clause: Clause) -> bool:
    """我是小明妈妈: who writes, not whom it is about."""
    if who.kind not in ("kin", "self") and not (
        who.kind == "subjects" and at + 1 < len(row) and "kin" in row[at + 1].roles
    ):
        return False
    start = next((k for k, other in enumerate(row) if "polite" not in other.roles), 0)
    if "self" in row[start].roles and len(row) > start + 1 and row[start + 1].text in ("是", "就是"):
        return start <= at <= start + 4
    return bool(who.kind == "self" and at + 1 < len(row) and row[at + 1].text == "是" and at + 2 < len(row))


def _kept_company(before: Token, who: Who, explicit: list[Who], found: dict[int, Who], token: Token) -> bool:
    return before.text in _JOIN or before.text in _OBJECT or before.text in ("由", "找", "被", "随", "问", "请")


def _acts(row: list[Token], at: int, after: Token | None, clause: Clause) -> bool:
    """爸爸量的, 妈妈说, 我给孩子: the one who acts."""
    if (
        after is not None
        and "self" in row[at].roles
        and after.roles.get("negation") == "no"
        and at + 2 < len(row)
        and row[at + 2].number is None
        and {"symptom", "generic", "body", "recovered", "well", "degree", "polite", "have"}.isdisjoint(
            row[at + 2].roles
        )
    ):
        return True  # 我不会打字今天早上量的是36.6
    for token in row[at + 1 : at + 4]:
        if token.text in _ACTS or token.text in _OBJECT or token.text[0] in "带陪领抱送接":
            return True
        if token.text.startswith(("告诉", "跟您", "说", "汇报", "报")):
            return True
        if "agent" in token.roles and token.roles["agent"] == "verb":
            return True
        if token.text in ("量", "测", "量的", "测的", "量体温", "测体温"):
            return True
        if "self" in row[at].roles and token.roles.get("temperature") == "measure" and token.text[0] in "再又量测看":
            return True  # 我再量一遍是36.6
        if token.text[0] in "量测" and row[at].text in _MEASURERS:
            return True  # 校医量了是37.6
        if token.text == "量了" or token.text == "测了":
            return "self" in row[at].roles
        if token.number is not None or not (
            "day" in token.roles
            or "moment" in token.roles
            or "polite" in token.roles
            or "correct" in token.roles
            or "ordinal" in token.roles
        ):
            return False
    return False
