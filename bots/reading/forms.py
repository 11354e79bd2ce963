"""Forms: boxes that are ticked or left empty, and what is written behind the heading of a journey."""

from __future__ import annotations

import re
from typing import NamedTuple

from bots.reading.clauses import Clause
from bots.reading.normalise import Normal

_EMPTY = "□☐▢◻⬜"
_DRAWN = re.compile(f"[{_EMPTY}]")
_TICKED = "☑✅✔✓√☒■▣◉●⬛"
_YES_OR_NO = re.compile(r"\s*:?[\s，]*(是|有)[\s，]*(?:/[\s，]*)?(否|无|没有|没)")
# 是否外出: 否, 14天内有无离开本区: 有, 鸡西
_HEADING = re.compile(
    r"(?:有无|是否|有没有|有否|曾否|是不是)?[^，。:?;；\n]{0,6}"
    r"(?:(外出)(?!史)|离开|离[区市省县家]|出[区市省县]|外出史|旅居史|旅行史|行程|去过外地|到过外地)[^，。:?;；\n]{0,6}\s*[:?]"
)
# a question of a form that is denied (是否到过湖北)
_ASKED = re.compile(r"(?:有无|是否|有没有|有否|曾否|是不是)[^，。:?;；\n]{2,20}[:?]")
_ANSWER = re.compile(
    r"[\s，]*(?:答\s*[:，]?\s*)?"
    r"(?:(?P<yes>有|是|√|去过|出过|离开过)(?!没|无|否)"
    r"|(?P<no>没有|没去过?|没出过?|没|无|否|未|不是|不|从没|从未|×|x)(?=[\s，。,.;；()!！、]|$))"
)


class Boxes:
    """The boxes of a form, ticked or empty, by their place in the plain text."""

    def __init__(self, text: str, ticked: dict[int, bool]) -> None:
        self.text, self.ticked = text, ticked
        first = min(ticked, default=0)
        # 发热□ 咳嗽☑: words stand before the first box on its own line; □发热 ☑咳嗽: none do
        self.behind = bool(re.search(r"[一-鿿]\s*$", text[:first].rsplit("\n", 1)[-1].rsplit(":", 1)[-1]))

    def __bool__(self) -> bool:
        return bool(self.ticked)

    def of(self, start: int, end: int) -> bool | None:
        """Whether the box of the word at `start` to `end` is ticked; None where it has none."""
        choice = _YES_OR_NO.match(self.text, end)
        if choice is not None:
            if self.ticked.get(choice.start(1) - 1) is not None:  # □是 ☑否
                return self.ticked[choice.start(1) - 1]
            if (yes := self.ticked.get(choice.end(1))) is not None:  # 是□ 否☑
                return yes
        return self._beside(start, end)

    def _beside(self, start: int, end: int) -> bool | None:
        at = end if self.behind else start - 1
        while self.text[at : at + 1] == " ":
            at += 1 if self.behind else -1
        return self.ticked.get(at)


NO_BOXES = Boxes("", {})


def boxes_of(normal: Normal) -> Boxes:
    """The boxes of a message: there are some where an empty one is drawn."""
    raw = normal.raw
    if normal.places is None or not _DRAWN.search(raw):
        return NO_BOXES
    marks = {at: raw[place] for at, place in enumerate(normal.places)}
    return Boxes(normal.text, {at: mark in _TICKED for at, mark in marks.items() if mark in _TICKED + _EMPTY})


class Line(NamedTuple):
    """A heading of journeys with its answer, where it ends, and the clauses it fills.

    `yes` is None where something else is denied: 是否到过湖北: 否.
    """

    yes: bool | None
    end: int
    filled: tuple[int, ...]


def journey_lines(text: str, clauses: list[Clause], boxes: Boxes) -> list[Line]:
    """The lines of a form that ask for journeys and are answered."""
    lines: list[Line] = []
    if ":" not in text and "?" not in text:
        return lines
    for heading in _HEADING.finditer(text):
        ticked = boxes.of(heading.start(), heading.end()) if boxes else None
        answer = _ANSWER.match(text, heading.end())
        if ticked is None and answer is None:
            continue
        yes = ticked if ticked is not None else bool(answer and answer["yes"])
        if not yes and heading[1]:
            continue  # 外出: 否 says nothing of the district
        end = answer.end() if answer is not None else heading.end()
        lines.append(Line(yes, end, _filled(clauses, heading.start(), end)))
    for heading in _ASKED.finditer(text):
        answer = _ANSWER.match(text, heading.end())
        if answer is not None and answer["no"] and not any(line.end == answer.end() for line in lines):
            lines.append(Line(None, answer.end(), _filled(clauses, heading.start(), answer.end())))
    return lines


def _filled(clauses: list[Clause], start: int, end: int) -> tuple[int, ...]:
    return tuple(at for at, clause in enumerate(clauses) if clause.start < end and clause.end > start)
