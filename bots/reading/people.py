"""Whose words are whose: names, nicknames, elder and younger, kin and outsiders, and who only held the thermometer."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from bots.reading.clauses import Clause, Token
from bots.reading.company import (
    JOIN,
    at_home_of,
    introduces,
    is_agent,
    is_company,
    is_measured,
    is_owner,
    is_title,
    joined_by_house,
    other_family_name,
    some_of_many,
)
from bots.reading.facts import Scene
from bots.reading.groups import all_of, of_one_sex
from bots.reading.lexicon import word_set
from bots.reading.names import (
    People,
    looks_like_name,
)
from bots.reading.strangers import child_of_others
from bots.reading.who import Who, resolve, the_child

_INTRODUCES = frozenset(("是", "的", "也是", "这里是", "这是", "乃"))


_TITLES = word_set("people", "titles")


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
    last_clause: Clause | None = None
    told = False  # a number has been given to the last one named
    said: list[Who] = []  # who was named in the clauses before, the last few
    for clause in clauses:
        excepted = explicit if clause_before.startswith("除") and clause_before.endswith("外") else []
        clause_before = clause.text.strip()
        said = [*said, *(who for who in explicit if who.kind == "subjects" and len(who.keys) == 1)][-_CLOSE_BY:]
        explicit = []
        row = clause.tokens
        skip = -1
        for at, token in enumerate(row):
            if at <= skip:
                continue
            who = all_of(row, at, explicit or excepted, people, bool(excepted), said) or resolve(token, people, scene)
            if (
                who is None
                and "rest" in token.roles
                and len(people.children) == 1
                and any(t.number is not None and t.number.kind == "temperature" for t in row[at + 1 : at + 3])
                and not _instruments(clause)
            ):
                who = Who("which", people.all_keys, text=token.text)  # 双胞胎一个在你们学校，另一个37.8
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
                    found[token.start] = last = the_child(people.children, token)  # 他同学咳嗽他没有
                elif (
                    token.text.startswith("给孩")
                    and last is not None
                    and last.kind in ("self", "kin")
                    and len(people.children) == 1
                ):
                    found[token.start] = last = the_child(people.children, token)  # 我量了36.4，才给孩子量，36.6
                elif (
                    "pronoun" in token.roles
                    and last is not None
                    and last.kind in ("kin", "outsider")
                    and not told
                    and last_clause is not None
                    and clause is not last_clause
                    and clause.sentence == last_clause.sentence
                    and at + 1 < len(row)
                    and (number := row[at + 1].number) is not None
                    and number.kind == "temperature"
                ):
                    found[token.start] = Who("which", people.all_keys, text=token.text)  # 弟弟没上学，他37.8
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
                speaker = next((t for t in row[:at] if "kin" in t.roles and t.keys is None), None)
                told_of_self = speaker is not None and any(t.text == "说" for t in row[row.index(speaker) : at])
                who = the_child(people.children, token)
                if told_of_self and speaker is not None and "pronoun" in row[at - 1].roles:
                    who = resolve(speaker, people, scene) or who  # 孩子他妈说她自己37.8
                elif who.kind == "kin":
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
                    found[he.start] = the_child(people.children, he)
            if (
                token.keys is None
                and ("child" in token.roles or "other" in token.roles)
                and before is not None
                and before.keys is not None
                and before.end == token.start
                and token.text in _TITLES
            ):
                continue
            if (
                at == 0
                and token.text in ("老师", "班主任", "校长")
                and after is not None
                and after.start == token.end
                and after.number
            ):
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
                and is_agent(row, at, after, clause)
            ):
                continue  # 幼儿园老师量的
            if token.text == "老师" and token.start > (row[at - 1].end if at else clause.start):
                found[token.start] = Who("outsider", text=token.text)  # 李老师
                explicit.append(found[token.start])
                continue
            if token.keys is not None and other_family_name(clause, row, at, people):
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
            if (
                token.keys is None
                and not {"child", "younger", "elder", "nth"}.isdisjoint(token.roles)
                and child_of_others(clause, row, at)
            ):
                found[token.start] = last = Who("outsider", text=token.text)
                last_clause, told = clause, False
                explicit.append(last)
                continue
            if "child" in token.roles and some_of_many(clause.text[: token.start - clause.start]):
                found[token.start] = Who("outsider", text=token.text)  # 好几个孩子, 有个娃
                explicit.append(found[token.start])
                continue
            if token.text in _WHERE and before is not None and not _WAYS.isdisjoint(before.roles):
                continue  # 去楼下, 在班里
            if is_title(token, before, row, at) or is_owner(token, who, after):
                continue
            near = range(max(0, at - 3), at)
            if (
                before is not None
                and before.end == token.start
                and token.keys is None
                and "child" in token.roles
                and any(found.get(row[k].start, Who("")).kind == "outsider" for k in near)
                and joined_by_house(row, at)
            ):
                found[token.start] = Who("outsider", text=token.text)
                continue
            if at_home_of(row, at, who, people, found):
                skip = at + 1
                continue
            if introduces(row, at, who, clause):
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
            if before is not None and at >= 2 and before.text in JOIN and row[at - 2].roles.get("negation") == "no":
                continue  # 没跟小红一起
            if (
                before is not None
                and not (
                    at >= 2
                    and (number := row[at - 2].number) is not None
                    and number.kind not in ("other", "date", "clock", "code")
                    and before.text in JOIN
                )  # 小明36.5和小红36.7
                and is_company(before, who, after)
            ):
                if (
                    who.kind == "subjects"
                    and explicit
                    and explicit[-1].kind == "subjects"
                    and before.text in ("或", "或者", "还是")
                ):
                    who = Who("which", tuple(dict.fromkeys(explicit[-1].keys + who.keys)), text=token.text)
                elif who.kind == "subjects" and explicit and explicit[-1].kind == "subjects" and before.text in JOIN:
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
                and is_agent(row, at, after, clause)
                and not (before is not None and is_measured(before, who, after))
                and not (who.kind == "self" and _the_child_too(clauses, clause, row, at))
            ):
                continue
            if (
                who.kind == "subjects"
                and who.keys == (people.own,)
                and people.children
                and is_agent(row, at, after, clause)
            ):
                continue
            found[token.start] = last = who
            last_clause = clause
            told = False
            explicit.append(who)
    return of_one_sex(found, people)


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


_CLOSE_BY = 4  # names said before that a closing 都 may be about
_IN_PERSON = ("本人", "自己")
_BUT_THE_CHILD = re.compile(
    r"(?:就|只有|唯独|除了|除)(?:我家|我们)?(?:他|她|孩子|娃儿?|宝宝|宝贝|儿子|女儿|闺女|小的)(?:一个|一人|自己|没|好|不|还|以?外|之外)"
)


def _the_child_too(clauses: list[Clause], clause: Clause, row: list[Token], at: int) -> bool:
    """我测36.5，孩子测36.8: both are measured in the same words, so the first number is the writer's own."""
    rest = row[at + 1 :]
    while rest and rest[0].text in ("先", "也", "自己"):
        rest = rest[1:]
    if len(rest) < 2 or rest[0].text not in _MEASURED or rest[1].number is None:
        return False
    behind = rest[2:] or [
        token
        for near in clauses[row[at].clause + 1 : row[at].clause + 4]
        if near.sentence == clause.sentence
        for token in near.tokens
    ]
    child = next(
        (
            k
            for k, t in enumerate(behind)
            if t.keys is not None or not {"child", "pronoun"}.isdisjoint(t.roles) or t.text.startswith("给孩")
        ),
        None,
    )
    if child is None or (child and "给" not in (behind[child - 1].text[-1:], behind[child].text[:1])):
        return False
    return any(token.number is not None and token.number.kind == "temperature" for token in behind[child:])


def _instruments(clause: Clause) -> bool:
    return "method" in clause.kinds or any(mark in clause.text for mark in "表计枪支耳腋")


_MEASURED = ("量", "测", "量了", "测了", "量的", "测的", "量是", "测是")


def text_after(clauses: list[Clause], token: Token) -> str:
    """What the sentence says behind a word, two clauses at most."""
    here = clauses[token.clause]
    more = [c.text for c in clauses[token.clause + 1 : token.clause + 2] if c.sentence == here.sentence]
    return "，".join([here.text[token.end - here.start :], *more])


_LENT = re.compile(
    r"(?:家)?的?(?:体温计|温度计|体温表|温度表|体温枪|额温枪|耳温枪|水银计|电子计|水银表|电子表|手表|手环)"
)
_TOLD_TO = (
    "吓",
    "吓坏",
    "吓死",
    "急死",
    "急坏",
    "愁死",
    "累死",
    "气死",
    "担心死",
    "烦死",
    "折腾",
    "把",
    "害",
    "告诉",
    "通知",
    "发给",
    "跟",
    "说给",
    "发信息给",
    "打电话给",
    "转告",
)
