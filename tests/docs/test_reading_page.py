"""docs/reading.md is what the reading does: its examples are read, its files and word tables exist."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.reading import Reading, read
from models.schema import ROOT
from tests.reading.scoring import TEACHER, XIAOHONG, XIAOMING, Line

PAGE = (ROOT / "docs/reading.md").read_text(encoding="utf-8")
READING = ROOT / "bots/reading"


def _table(heading: str) -> Iterator[list[str]]:
    """The rows of the first table below a heading, without its head."""
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    for row in rows[2:]:
        yield [cell.strip() for cell in row.strip("|").split("|")]


EXAMPLES = list(_table("Examples that are kept true"))


def _shown(reading: Reading) -> set[str]:
    """A reading in the notation of the page."""
    prefix = {XIAOMING.key: "", XIAOHONG.key: "2:", TEACHER.key: "own:"}
    shown = {
        f"{prefix[person.subject]}{temperature.tenths / 10:.1f}"
        for person in reading.people
        for temperature in person.temperatures
    }
    shown |= {
        f"?{tenths / 10:.1f}"
        for ask in reading.asks
        if ask.kind in ("confirm_value", "confirm_person")
        for tenths in ask.candidates
    }
    shown |= {f"!{alert.tenths / 10:.1f}" for alert in reading.alerts_pending if alert.tenths is not None}
    shown |= {f"昨{entry.reading.tenths / 10:.1f}" for entry in reading.backfills}
    return shown or {"–"}


@pytest.mark.parametrize(("message", "bound", "expected"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_an_example_of_the_page_is_read_as_it_says(message: str, bound: str, expected: str) -> None:
    assert _shown(read(message, Line(message, bound, {}).scene())) == set(expected.split())


def test_the_steps_name_files_that_exist_and_every_step_has_one() -> None:
    steps = list(_table("The steps, in their order"))
    assert len(steps) >= 12
    for row in steps:
        names = re.findall(r"`([a-z_*]+\.py)`", row[2])
        assert names, row
        assert all(list(READING.glob(name)) for name in names), row


def test_every_file_of_the_reading_is_named_on_the_page() -> None:
    named = set(re.findall(r"`([a-z_]+\.py)`", PAGE))
    assert {path.name for path in READING.glob("*.py")} - {"__init__.py"} <= named


def test_the_tables_for_new_words_exist() -> None:
    for what, file, tables in _table("Adding words"):
        words = tomllib.loads((READING / "words" / file.strip("`")).read_text(encoding="utf-8"))
        assert words["source"], file
        assert set(re.findall(r"\[(\w+)\]", tables)) <= words.keys(), what


def test_the_page_counts_the_rounds_it_lists_and_their_corpus_files_exist() -> None:
    rounds = re.findall(r"^\| (\d+) [^|]+\| \d+ \| [\d.]+ % \|", PAGE, re.MULTILINE)
    assert rounds == [str(number) for number in range(1, len(rounds) + 1)]
    last = re.search(r"`10\.jsonl` to `(\d+)\.jsonl`", PAGE)
    assert last is not None
    assert int(last[1]) == 9 + len(rounds)
    assert sorted(Path(ROOT / "tests/reading/corpus").glob("*.jsonl"))[-1].stem == last[1]
