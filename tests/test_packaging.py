"""What the packaging files name exists: settings, commands, units, files. No container engine runs here; systemd judges
its units where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.h5.pages import LARGEST_DRAWING
from app.main import create_app
from app.process.settings import Settings
from models.database import Database
from models.schema import ROOT
from tests.docs.test_docs import fault
from tests.house import make_runtime

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


@dataclass(frozen=True)
class Location:
    """One `location` of a proxy file: how it is found, and what it does."""

    how: str
    pattern: str
    lines: tuple[str, ...]

    def says(self, word: str) -> str:
        """The value of a directive, empty where it is not given."""
        return next((line.removeprefix(word).strip() for line in self.lines if line.startswith(f"{word} ")), "")


def _locations(name: str) -> list[Location]:
    text = re.sub(r"#.*", "", (PACKAGING / name).read_text("utf-8"))
    return [
        Location(how or "", pattern, tuple(line.strip() for line in body.split(";") if line.strip()))
        for how, pattern, body in re.findall(r"location (=|~)?\s*(\S+) \{(.*?)\}", text, re.DOTALL)
    ]


def _location_of(path: str, name: str) -> Location:
    """As nginx chooses: an exact one, else the first expression that fits, else the longest prefix."""
    found = _locations(name)
    exact = [one for one in found if one.how == "=" and one.pattern == path]
    fitting = [one for one in found if one.how == "~" and re.search(one.pattern, path)]
    prefixes = [one for one in found if not one.how and path.startswith(one.pattern)]
    return next(iter(exact or fitting or sorted(prefixes, key=lambda one: -len(one.pattern))))


def _paths(database: Database) -> list[str]:
    found, waiting = set(), list(create_app(make_runtime(database)).routes)
    while waiting:
        route = waiting.pop()
        inside = getattr(route, "original_router", None)  # a router of ours within the application's
        waiting += inside.routes if inside is not None else []
        found.add(re.sub(r"\{\w+(:path)?\}", "x1", getattr(route, "path", "")))
    return sorted(found - {""})


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-compose.conf"])
def test_the_proxy_serves_every_address_of_the_application(name: str, sqlite: Database) -> None:
    paths = [*_paths(sqlite), "/wechat"]
    assert "/h5/privacy" in paths
    assert "/h5/x/x1" in paths
    lost = [path for path in paths if not _location_of(path, name).says("proxy_pass")]
    assert lost == []


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-compose.conf"])
def test_the_proxy_keeps_what_is_for_operators_from_the_world_and_links_out_of_its_log(
    name: str, sqlite: Database
) -> None:
    for path in _paths(sqlite):
        chosen = _location_of(path, name)
        inside = path.startswith(("/metrics", "/readyz", "/docs", "/api/openapi"))
        assert (chosen.says("deny") == "all") is inside, path
        if path.startswith("/h5/"):
            assert chosen.says("access_log") == "off", path


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-compose.conf"])
def test_a_drawn_signature_and_a_download_pass_the_proxy(name: str) -> None:
    chosen = _location_of("/h5/c/x1/done", name)
    assert int(chosen.says("client_max_body_size").removesuffix("k")) * 1024 > 3 * LARGEST_DRAWING
    assert int(_location_of("/h5/x/x1", name).says("proxy_read_timeout").removesuffix("s")) >= 60


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
