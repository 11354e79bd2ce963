"""The corpus of `corpus/*.jsonl`: how a line is read, which third is held back, and what counts as right.

One line is `{"text", "scene", "expect"}`. `scene` names one of the casts below, perhaps with `asked` and `hour`.
`expect` lists the facts; what it does not list must not be there (temperatures, symptoms present, left_area, place)
or is not looked at (denials, household, intents).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bots.reading import Asked, AskKind, Home, KeyRegion, Reading, Scene, Subject, Trip, read

CORPUS = Path(__file__).parent / "corpus"
EXAMINER = Path(__file__).parent / "examiner"  # written by somebody who had not read the code
ROUNDS = (
    Path(__file__).parent / "rounds"
)  # measured once as they came in (docs/reading.md), then mended as far as is sound
ZONE = timezone(timedelta(hours=8))
HOME = Home("230717", "黑龙江省", "伊春市", "伊美区", "春江区")
XIAOMING = Subject(1, "李小明", grade_rank=3, bound_rank=0, grade="三年级", class_unit="2班")
XIAOHONG = Subject(2, "李小红", grade_rank=1, bound_rank=1, grade="一年级", class_unit="1班")
LELE = Subject(3, "王乐乐", grade_rank=5, bound_rank=2, grade="五年级", class_unit="3班")
TEACHER = Subject(9, "王芳", is_self=True)
CASTS = {
    "one": (XIAOMING,),
    "two": (XIAOMING, XIAOHONG),
    "three": (XIAOMING, XIAOHONG, LELE),
    "staff": (TEACHER,),
    "both": (TEACHER, XIAOMING),
}
KEY_REGIONS = (KeyRegion("湖北省", "420000"),)
_CONFIRMING = frozenset((AskKind.CONFIRM_VALUE, AskKind.WHICH_PERSON, AskKind.CONFIRM_PERSON))


@dataclass(frozen=True)
class Line:
    """One message of the corpus."""

    text: str
    cast: str
    expect: dict[str, Any]
    asked: dict[str, Any] | None = None
    hour: int = 8
    where: str = ""

    @property
    def held_back(self) -> bool:
        """Whether the line belongs to the third that is only measured."""
        return hashlib.sha256(f"{self.cast}|{self.text}".encode()).digest()[0] % 3 == 0

    def scene(self) -> Scene:
        """The scene the message came into: Monday, 2 March 2026."""
        asked = None
        if self.asked is not None:
            values = dict(self.asked)
            trip = Trip(**values.pop("trip")) if "trip" in values else None
            for name in ("candidates", "choices", "subjects"):
                if name in values:
                    values[name] = tuple(values[name])
            asked = Asked(**values, trip=trip)
        return Scene(
            datetime(2026, 3, 2, self.hour, 0, tzinfo=ZONE), CASTS[self.cast], HOME, asked, key_regions=KEY_REGIONS
        )


@dataclass
class Figures:
    """The figures of issue 3 for a set of lines."""

    lines: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    asked_though_clear: int = 0
    clear: int = 0
    not_meant: int = 0
    total: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def right(self, name: str) -> float:
        """Share of the lines that are right in `name`."""
        return 1.0 if not self.total[name] else 1 - self.wrong[name] / self.total[name]


def corpus(folder: Path = CORPUS) -> Iterator[Line]:
    """All lines of all files of a folder, in order."""
    for path in sorted(folder.glob("*.jsonl")):
        for at, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            data = json.loads(row)
            scene = data.get("scene", {})
            yield Line(
                data["text"],
                scene.get("cast", "one"),
                data["expect"],
                scene.get("asked"),
                scene.get("hour", 8),
                f"{path.name}:{at}",
            )


def facts_of(reading: Reading) -> dict[str, Any]:
    """What a reading says, in the corpus's words."""
    found: dict[str, Any] = {"temperatures": {}, "symptoms": {}, "left": {}, "place": {}}
    for person in reading.people:
        key = str(person.subject)
        if person.temperatures:
            found["temperatures"][key] = sorted(reading.tenths for reading in person.temperatures)
        if person.symptoms:
            found["symptoms"][key] = sorted(symptom.code for symptom in person.symptoms)
        if person.left_area is not None:
            found["left"][key] = person.left_area
        if person.place:
            found["place"][key] = person.place
    return found


def score(lines: Iterator[Line] | list[Line]) -> Figures:
    """Read every line and compare."""
    figures = Figures()
    for line in lines:
        figures.lines += 1
        reading = read(line.text, line.scene())
        expect, found = line.expect, facts_of(reading)
        problems = _problems(expect, found, reading, figures)
        for name in problems:
            figures.wrong[name.split(" ")[0]] += 1
        if problems:
            figures.failures.append(f"{line.where} [{line.cast}] {line.text!r}: " + "; ".join(problems))
    return figures


def _problems(expect: dict[str, Any], found: dict[str, Any], reading: Reading, figures: Figures) -> list[str]:
    problems: list[str] = []
    for name in ("temperatures", "symptoms", "left", "place"):
        wanted = {
            key: sorted(value) if isinstance(value, list) else value for key, value in expect.get(name, {}).items()
        }
        figures.total[name] += 1
        if wanted != found[name]:
            problems.append(f"{name} {found[name]} instead of {wanted}")
            if name == "temperatures":
                meant = [tenths for values in wanted.values() for tenths in values]
                if (
                    any(value not in wanted.get(key, []) for key, values in found[name].items() for value in values)
                    and meant != []
                ) or (not meant and found[name]):
                    figures.not_meant += 1
    kinds = {ask.kind for ask in reading.asks}
    asks = expect.get("asks", [])
    if expect.get("temperatures") and not asks:
        figures.clear += 1
        if kinds & _CONFIRMING:
            figures.asked_though_clear += 1
            problems.append(f"asked {sorted(kinds & _CONFIRMING)}")
    for wanted_ask in asks:
        kind, _, value = wanted_ask.partition(":")
        if not any(ask.kind == kind and (not value or int(value) in ask.candidates) for ask in reading.asks):
            problems.append(f"asks {[(str(ask.kind), ask.candidates) for ask in reading.asks]} lack {wanted_ask}")
    figures.total["asks"] += 1
    for name, check in (
        (
            "denied",
            lambda: {
                key: sorted(value)
                for key, value in expect["denied"].items()
                if not set(value) <= set(_denied(reading, key))
            },
        ),
        (
            "household",
            lambda: [] if sorted(expect["household"]) == _household(reading) else _household(reading) or ["nobody"],
        ),
        (
            "backfills",
            lambda: (
                []
                if sorted(expect["backfills"]) == sorted(b.reading.tenths for b in reading.backfills)
                else [b.reading.tenths for b in reading.backfills] or "none"
            ),
        ),
        ("intent", lambda: "" if expect["intent"] in (reading.intent, *reading.also) else f"{reading.intent}"),
        ("pending", lambda: "" if bool(reading.alerts_pending) == expect["pending"] else f"{reading.alerts_pending}"),
        (
            "danger",
            lambda: "" if sorted(expect["danger"]) == sorted(c for p in reading.people for c in p.danger) else "other",
        ),
        ("planned", lambda: "" if any(p.plans for p in reading.people) == expect["planned"] else "no plan"),
        (
            "antipyretic",
            lambda: "" if any(p.antipyretic for p in reading.people) == expect["antipyretic"] else "missed",
        ),
        (
            "cases",
            lambda: (
                ""
                if sorted(expect["cases"]) == sorted(c.status for p in reading.people for c in p.cases)
                else f"{[c.status for p in reading.people for c in p.cases]}"
            ),
        ),
        ("leave", lambda: "" if expect["leave"] in [p.leave.kind for p in reading.people if p.leave] else "missed"),
    ):
        if name in expect:
            figures.total[name] += 1
            wrong = check()
            if wrong:
                problems.append(f"{name} {wrong} instead of {expect[name]}")
    return problems


def _denied(reading: Reading, key: str) -> list[str]:
    facts = reading.of(int(key))
    if facts is None:
        return []
    return [*facts.denied, *(["all"] if facts.denied_all else [])]


def _household(reading: Reading) -> list[str]:
    return sorted({f"{entry.who}:{entry.code}" for person in reading.people for entry in person.household})
