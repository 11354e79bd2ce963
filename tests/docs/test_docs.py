"""What README and docs name exists: links, make targets, commands with their options, metrics, settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from app.__main__ import make_cli
from app.process.metrics import DELIVERIES, MESSAGES, REFUSED, TURN_SECONDS
from app.process.settings import Settings
from models.schema import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND: Any = typer.main.get_command(make_cli())


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8"))
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not lost


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_make_target_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^|&& |sudo )make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE))
    assert named <= targets


def fault(words: list[str]) -> str:
    """What is wrong with a command line as a page has it; empty when such a command and its options exist."""
    found: Any = COMMAND
    for word in words:
        if word.startswith("--"):
            known = {option for parameter in found.params for option in parameter.opts}
            if word not in known:
                return f"{found.name} has no {word}"
        elif isinstance(getattr(found, "commands", None), dict):
            if word not in found.commands:
                return f"{found.name} has no {word}"
            found = found.commands[word]
    return ""


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_command_and_option_exists(page: Path) -> None:
    lines = re.findall(r"(?:[`/\s]|^)pinganbao ((?:[a-z-]+|--[a-z-]+)(?: [^\s`#|)…]+)*)", page.read_text("utf-8"))
    commands = [line.split() for line in lines if line.split()[0] in COMMAND.commands]
    assert [problem for words in commands if (problem := fault(words))] == []
    if page.name in {"README.md", "operations.md"}:
        assert len(commands) >= 8


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert fault(["jobs", "walk"])
    assert fault(["export", "checkins", "--colour"])
    assert not fault(["jobs", "run", "NAME", "--at"])


def test_the_metrics_to_watch_are_told() -> None:
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    own = {metric.describe()[0].name for metric in (MESSAGES, REFUSED, TURN_SECONDS, DELIVERIES)}
    stored = set(re.findall(r'"(pinganbao_[a-z_]+)"', (ROOT / "app/process/metrics.py").read_text("utf-8")))
    named = set(re.findall(r"`(pinganbao_[a-z_]+)", text))
    assert {name.removesuffix("_total") for name in named} <= own | stored
    assert own <= {name.removesuffix("_total") for name in named}


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_every_setting_named_exists(page: Path) -> None:
    named = set(re.findall(r"`((?:WECHAT|SECRET|DATABASE|PUBLIC|DISTRICT|LOG|TURN)_[A-Z_]+)", page.read_text("utf-8")))
    assert named <= {name.upper() for name in Settings.model_fields}
