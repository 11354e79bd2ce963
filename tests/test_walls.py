"""What the import contracts cannot see: who reads the clock or the environment, and who commits."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.schema import ROOT

#: Calls by which code below app would learn the time or the surroundings by itself.
CLOCK = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.localtime",
    "time.gmtime",
}
SURROUNDINGS = {"os.environ", "os.getenv", "Path.cwd", "os.getcwd", "sys.argv"}
KEEPING = {"commit", "rollback", "begin_nested"}


def used(path: Path) -> Iterator[tuple[str, int]]:
    """Every dotted name in a file, with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}", node.lineno


def files(*floors: str) -> list[Path]:
    return [path for floor in floors for path in sorted((ROOT / floor).rglob("*.py"))]


def offences(paths: list[Path], forbidden: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{line} {name}" for path in paths for name, line in used(path) if name in forbidden
    ]


@pytest.mark.parametrize("forbidden", [CLOCK, SURROUNDINGS], ids=["clock", "surroundings"])
def test_nobody_below_app_reads_the_clock_or_the_environment(forbidden: set[str]) -> None:
    paths = files("models", "bots", "schedules")
    assert len(paths) > 50
    assert not offences(paths, forbidden)


def test_handlers_actions_and_jobs_never_commit() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in files("bots", "models/actions", "models/queries", "schedules/jobs")
        for name, line in used(path)
        if name.split(".")[1] in KEEPING
    ]
    assert not found


def test_nobody_prints_or_logs_a_whole_exception_below_the_command_line() -> None:
    """What a person wrote may stand in an exception's text; logs keep its type and place (app/process/logs.py)."""
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in files("models", "bots", "schedules")
        for name, line in used(path)
        if name in {"traceback.format_exc", "traceback.print_exc", "logging.exception"}
    ]
    assert not found


def test_the_search_finds_what_it_is_for(tmp_path: Path) -> None:
    path = tmp_path / "late.py"
    path.write_text("from datetime import datetime\nnow = datetime.now()\n", "utf-8")
    assert list(used(path)) == [("datetime.now", 2)]
