"""What the packaging files name exists: settings, commands, units, files. No container engine runs here; systemd judges
its units where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.process.settings import Settings
from models.schema import ROOT
from tests.docs.test_docs import fault

PACKAGING = ROOT / "packaging"
UNITS = sorted(PACKAGING.glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((PACKAGING / "compose.yaml").read_text("utf-8"))
#: read by the images of others, not by us
THEIRS = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
SETTINGS = {name.upper() for name in Settings.model_fields}


def _ours() -> dict[str, Any]:
    return {name: one for name, one in COMPOSE["services"].items() if one["image"] == "pinganbao"}


def test_compose_runs_every_kind_of_process() -> None:
    commands = [" ".join(one["command"]) for one in _ours().values()]
    assert sum("serve --web-only" in line for line in commands) == 2
    for word in ("migrate", "timetable", "deliver"):
        assert sum(line == f"pinganbao {word}" for line in commands) == 1


@pytest.mark.parametrize("name", sorted(_ours()))
def test_a_compose_service_starts_a_command_that_exists(name: str) -> None:
    program, *words = _ours()[name]["command"]
    assert program == "pinganbao"
    assert fault([word for word in words if word != "0.0.0.0"]) == ""  # noqa: S104 - an option's value


def test_compose_gives_only_settings_we_know() -> None:
    for one in COMPOSE["services"].values():
        assert set(one.get("environment", {})) <= (SETTINGS if one["image"] == "pinganbao" else THEIRS)


def test_every_name_compose_wants_from_the_env_file_is_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (PACKAGING / "compose.yaml").read_text("utf-8")))
    example = (ROOT / ".env.example").read_text("utf-8")
    assert wanted == {"POSTGRES_PASSWORD"}
    assert set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE)) >= wanted


def test_what_compose_depends_on_and_mounts_is_there() -> None:
    for name, one in COMPOSE["services"].items():
        assert set(one.get("depends_on", ())) <= set(COMPOSE["services"]), name
        for volume in one.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith(".") and not source.endswith("/tls"):  # the chain and key are the operator's
                assert (PACKAGING / source).exists(), source
            elif not source.startswith("."):
                assert source in COMPOSE["volumes"], source


def test_the_proxy_passes_to_the_web_services_of_compose() -> None:
    servers = re.findall(
        r"^\s*server (\w+):(\d+);", (PACKAGING / "nginx-compose.conf").read_text("utf-8"), re.MULTILINE
    )
    web = {name for name, one in _ours().items() if "serve" in one["command"]}
    assert {name for name, _ in servers} == web
    assert {port for _, port in servers} == {"8000"}  # the port that `serve` takes by itself


def _instructions() -> list[tuple[str, str]]:
    text = (PACKAGING / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_container_file_copies_what_exists_and_everything_that_runs() -> None:
    copied = [source for word, rest in _instructions() if word == "COPY" for source in rest.split()[:-1]]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert {"app", "bots", "models", "schedules", "alembic", "requirements.txt", "pyproject.toml"} <= set(copied)


def test_the_container_file_makes_targets_and_runs_commands_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    made = [word for _, rest in _instructions() for word in re.findall(r"\.venv/stamps/(\w+)", rest)]
    assert made == ["runtime", "project"]
    assert all(f"$(STAMPS)/{word}:" in makefile for word in made)
    (run,) = [rest for word, rest in _instructions() if word == "CMD"]
    commands = re.findall(r"pinganbao ((?:[a-z-]+)(?: --[a-z-]+ [\w.]+)*)", run)
    assert len(commands) == 2
    for command in commands:
        words = command.split()
        assert fault([words[0], *(word for word in words[1:] if word.startswith("--"))]) == ""


def _unit(path: Path) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            made.setdefault(name, []).append(value)
    return made


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_exists_and_is_given_time_to_end(path: Path) -> None:
    unit = _unit(path)
    for line in [*unit["ExecStart"], *unit.get("ExecStartPre", [])]:
        program, *words = line.split()
        assert program == "/opt/pinganbao/.venv/bin/pinganbao"
        kept = [word for number, word in enumerate(words) if number == 0 or word.startswith("--")]
        assert fault(kept) == ""
    assert int(unit["TimeoutStopSec"][0]) >= 30
    assert unit["Restart"] == ["always"]
    # The system is read-only to it; what it keeps in files must not be.
    assert unit["ReadWritePaths"] == ["/srv/pinganbao/var"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    # Where the program is not installed systemd says so and nothing else: it is let point at one that is there.
    for path in UNITS:
        text = path.read_text("utf-8").replace("/opt/pinganbao/.venv/bin/pinganbao", "/bin/true")
        (tmp_path / path.name).write_text(text, "utf-8")
    for path in UNITS:
        name = path.name.replace("@.", "@8001.")
        given = tmp_path / name
        if not given.exists():
            given.write_text((tmp_path / path.name).read_text("utf-8"), "utf-8")
        done = subprocess.run(["systemd-analyze", "verify", str(given)], capture_output=True, text=True, timeout=30)
        complaints = [line for line in done.stderr.splitlines() if "pinganbao" in line]
        assert complaints == []
