"""Words for several children at once (都, 俩, 其他的), and words two children cannot share (弟弟…妹妹…)."""

from __future__ import annotations

import re
from itertools import pairwise

from bots.reading.clauses import Clause
from bots.reading.names import People
from bots.reading.who import Look, Who

_BOY = ("弟", "哥", "儿子", "小子", "男")

_GIRL = ("妹", "姐", "女儿", "闺女", "丫头", "姑娘", "女", "妞")


def of_one_sex(found: dict[int, Who], people: People) -> dict[int, Who]:
    """弟弟36.5妹妹36.6 where both would be the younger one: a child is not both, so neither is taken for sure."""
    if len(found) < 2 or len(people.children) < 2:
        return found
    for key in (people.elder, people.younger):
        mine = [start for start, who in found.items() if key is not None and who.keys == (key,)]
        words = [found[start].text for start in mine]
        if any(word.startswith(_BOY) or word.endswith(_BOY) for word in words) and any(
            word.startswith(_GIRL) or word.endswith(_GIRL) for word in words
        ):
            name = people.name_of[key] if key is not None else ""
            for start in mine:
                if found[start].text not in name:
                    found[start] = Who("which", people.children, text=found[start].text)
    return found


def all_of(
    clause: Clause,
    at: int,
    explicit: list[Who],
    people: People,
    excepted: bool,
    before: list[Who],
    left_open: list[Who],
    clause_before: str | None = None,
) -> Who | None:
    """都, 均, 全: everybody, or everybody named before in this clause. 都没事 and 都没有 begin with it."""
    row = clause.tokens
    token = row[at]
    if "all" not in token.roles and "rest" not in token.roles and token.text[:1] not in ("都", "均", "体"):
        return None
    begins = (
        (len(token.text) > 1 and token.text[0] in "都均") or token.text.startswith(("体温都", "体温均"))
    ) and not {"well", "negation", "temperature", "stay"}.isdisjoint(token.roles)
    if "all" in token.roles or begins:
        if (
            token.text in ("都是", "全是")
            and at + 1 == len(row)
            and "一" <= clause.text[token.end - clause.start :][:1] <= "鿿"
        ):
            return None  # 身上都是汗
        if at and (
            "symptom" in row[at - 1].roles or ("day" in row[at - 1].roles and row[at - 1].text in ("每天", "天天"))
        ):
            return None
        if explicit and (excepted or any(other.text in ("除", "除了", "除开", "除去") for other in row[:at])):
            left_out = {key for who in explicit for key in who.keys}
            rest = tuple(key for key in people.all_keys if key not in left_out)
            return Who("subjects", rest, text=token.text) if rest else None  # 除了小明都36.5
        if len(explicit) == 1:
            keys = tuple(dict.fromkeys(key for who in (*before, *explicit) for key in who.keys))
            told = any(
                other.number is not None and other.number.kind in ("temperature", "integer") for other in row[:at]
            )
            both = told and set(keys) == set(people.children) and len(keys) > 1
            return Who("subjects", keys, text=token.text) if both else None  # 小明36.5小红36.4都没症状
        if len(explicit) > 1:
            sure = [who for who in explicit if who.kind == "subjects"]
            keys = tuple(dict.fromkeys(key for who in sure for key in who.keys))
            each = token.text.startswith("各")  # 小明小红各36.5、36.6
            return Who("subjects", keys, text=token.text, listed=each) if keys else None
        if len(people.all_keys) > 1:
            just_named = tuple(dict.fromkeys(key for who in left_open if who.kind == "subjects" for key in who.keys))
            if len(just_named) > 1:
                return Who("subjects", just_named, text=token.text)  # 小明乐乐没被传上，都36.5
            if clause_before is not None and _GROWN_UPS.search(clause_before):
                return Who("kin", role="other", text=token.text)  # 我跟他爸也量了，都36.5
            return Who("subjects", people.all_keys, text=token.text)
        return None
    if "rest" in token.roles and len(people.all_keys) > 1:
        return Who("rest", people.all_keys, text=token.text)
    return None


_GROWN_UPS = re.compile(
    "(?:我|俺|咱)(?:跟|和|与|同)(?:他|她|孩子|娃)?(?:爸|妈|爷|奶|姥)[^，。]{0,6}(?:也|都|俩|两)|大人(?:也|都)|(?:爷爷奶奶|姥姥姥爷|爸爸妈妈)(?:也|都)"
)


def rest_of(look: Look) -> None:
    """其余的, 另外俩: those of the scene not named yet."""
    token, row, at, people = look.token, look.row, look.at, look.people
    if (
        look.who.kind == "which"
        and "count" in token.roles
        and at
        and row[at - 1].text in ("那", "另", "另外", "其他", "其余")
    ):
        look.who = Who("rest", people.all_keys, text=token.text)  # 除了乐乐37.5，那俩都36.5
    if look.who.kind != "rest":
        return
    known = {
        key
        for other in look.found.values()
        if other.kind == "subjects" and len(other.keys) < len(people.all_keys)
        for key in other.keys
    }
    rest = tuple(key for key in people.all_keys if key not in known)
    look.who = (
        Who("subjects", rest, text=token.text) if known and rest else Who("which", people.all_keys, text=token.text)
    )


def listed(look: Look) -> None:
    """小明、小红: names side by side are one mention of both."""
    token, row, at, who, explicit = look.token, look.row, look.at, look.who, look.explicit
    if not (
        at
        and explicit
        and who.kind == "subjects"
        and explicit[-1].kind == "subjects"
        and "all" not in token.roles
        and row[at - 1].start in look.found
    ):
        return
    start = look.clause.start
    gap = look.clause.text[row[at - 1].end - start : token.start - start]
    if gap in ("", "、", " ") and not set(who.keys) & set(explicit[-1].keys):
        look.who = Who("subjects", explicit[-1].keys + who.keys, text=token.text, listed=True)


def alone_in_a_row(clauses: list[Clause], found: dict[int, Who]) -> None:
    """小明，乐乐，36.6: names that are a clause each, a number right behind the last, are one mention of all."""
    keys: tuple[int, ...] = ()
    for clause, following in pairwise(clauses):
        token = clause.tokens[0] if len(clause.tokens) == 1 else None
        who = found.get(token.start) if token is not None else None
        if (
            token is None
            or who is None
            or token.keys is None
            or who.kind != "subjects"
            or len(clause.text.strip()) != len(token.text)
            or clause.stop[:1] not in ("，", ",", "、")
            or set(who.keys) & set(keys)
        ):
            keys = ()
            continue
        if keys:
            found[token.start] = Who("subjects", keys + who.keys, text=token.text, listed=True)
        keys += who.keys
        if not following.tokens or clause.sentence != following.sentence:
            keys = ()
