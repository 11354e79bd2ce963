"""Whom a person word means in a scene."""

from __future__ import annotations

from dataclasses import dataclass

from bots.reading.clauses import Clause, Token
from bots.reading.facts import Scene
from bots.reading.names import (
    People,
)

_BOTH_OF_US = ("俩", "母子", "母女", "父子", "父女", "全家", "一家")


# What a word may be that stands for somebody.
PERSONAL = frozenset(("elder", "younger", "nth", "count", "child", "self", "kin", "other"))


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody meant. `kind`: subjects (keys), self, kin (role), outsider, which (keys: one of these), unknown."""

    kind: str
    keys: tuple[int, ...] = ()
    role: str = ""
    text: str = ""
    listed: bool = False  # several named one by one, so that as many numbers go in their order

    @property
    def sure(self) -> bool:
        """Whether facts may be kept for `keys`."""
        return self.kind == "subjects"


@dataclass(slots=True)
class Look:
    """One person word with what stands around it. `found` and `explicit` hold those named before, the latter in this clause."""

    clauses: list[Clause]
    clause: Clause
    row: list[Token]
    at: int
    who: Who
    people: People
    scene: Scene
    found: dict[int, Who]
    explicit: list[Who]
    acting: set[int]  # where 我 only measured or looked, which ends what was told of a relative
    token: Token
    before: Token | None  # the word right before and right behind, a blank between at most
    after: Token | None

    @property
    def touching(self) -> Token | None:
        """The word before, if no blank is between."""
        return self.before if self.before is not None and self.before.end == self.token.start else None

    @property
    def left(self) -> str:
        """What the clause says before the word."""
        return self.clause.text[: self.token.start - self.clause.start]

    @property
    def right(self) -> str:
        """What the clause says behind the word."""
        return self.clause.text[self.token.end - self.clause.start :]


#: What a rule says of a word that carries nothing: 老师 in 老师好.
NOBODY = Who("nobody")


def resolve(token: Token, people: People, scene: Scene) -> Who | None:
    """Whom a person word means in this scene, or None where it is no person word."""
    if token.keys is not None:
        if len(token.keys) == 1:
            return Who("subjects", token.keys, text=token.text)
        return Who("which", token.keys, text=token.text)
    roles = token.roles
    if not roles or PERSONAL.isdisjoint(roles):
        return None
    children = people.children
    if "elder" in roles or "younger" in roles:
        chosen = people.elder if "elder" in roles else people.younger
        if chosen is not None:
            return Who("subjects", (chosen,), text=token.text)
        if not children and people.own is not None:
            return Who("kin", role="other", text=token.text)  # a member of staff's own children
        if len(children) <= 1:
            if "child" in roles:
                return the_child(children, token)
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
        return the_child(children, token)
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
        return Who("kin", role="other" if roles["kin"] == "further" else roles["kin"], text=token.text)
    if "other" in roles:
        return Who("outsider", text=token.text)
    return None


def the_child(children: tuple[int, ...], token: Token) -> Who:
    if len(children) == 1:
        return Who("subjects", children, text=token.text)
    if children:
        return Who("which", children, text=token.text)
    return Who("kin", role="other", text=token.text)
