"""The command line as a process: where it may be run, how it ends, and that it loads no more than it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.__main__ import COMMANDS, make_cli
from app.process.settings import Settings
from models.schema import ROOT
from tests.cli.conftest import Desk


def run(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)} | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_bad_settings_end_in_one_clear_line(tmp_path: Path) -> None:
    done = run(tmp_path, "migrate", SECRET_KEY="short")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("设置 SECRET_KEY：未设置或太短")
    assert "Traceback" not in done.stderr


def test_a_bad_district_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "district.toml").write_text('[district]\nname = "春江区"\ncolour = "red"\n', "utf-8")
    done = run(tmp_path, "migrate", SECRET_KEY="s" * 32)
    assert (done.returncode, done.stdout) == (1, "")
    assert "district.toml" in done.stderr
    assert "colour" in done.stderr


def test_the_wrong_key_for_the_data_is_told_and_nothing_is_left_half_written(desk: Desk) -> None:
    from tests.cli.test_export import DAY, report, told

    report(desk, "林林", "08:00", told(366), "36.6")
    done = run(desk.folder, "export", "checkins", *DAY, "--out", "rows.csv", SECRET_KEY="another-key-" * 3)
    assert (done.returncode, done.stdout) == (1, "")
    assert "SECRET_KEY_PREVIOUS" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(desk.folder.glob("*rows.csv*"))


def test_an_old_schema_is_told_with_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, "jobs", "list", SECRET_KEY="s" * 32)
    assert (done.returncode, done.stdout) == (1, "")
    assert "pinganbao migrate" in done.stderr


@pytest.mark.parametrize("words", [("walk",), ("export",), ("export", "checkins", "--colour", "red")])
def test_wrong_use_ends_with_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_stdout_carries_the_result_alone(desk: Desk) -> None:
    done = run(desk.folder, "export", "audit", "--from", "2026-03-02", "--to", "2026-03-02", "--out", "-")
    assert (done.returncode, done.stdout.lstrip("\ufeff")) == (0, "at,actor,action,object,detail\n")
    assert "audit：0 行" in done.stderr


def test_a_command_loads_its_own_file_and_not_the_others() -> None:
    probe = "import sys; from app.__main__ import make_cli; make_cli('export'); print('app.demo' in sys.modules, 'uvicorn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "False False\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_alone(name: str) -> None:
    registered = make_cli(name)
    assert [group.name for group in registered.registered_groups] + [
        command.name for command in registered.registered_commands
    ] == [name]
