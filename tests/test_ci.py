"""What a run does about servers the machine lacks: install them where it may, and say so loudly where it may not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from models.schema import ROOT


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder of programs without any server, browser or package manager among them."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "mkdir"):
        found = shutil.which(name)
        assert found is not None
        (programs / name).symlink_to(found)
    return programs


def program(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    (folder / name).chmod(0o755)


def ensure(bare: Path, *servers: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(ROOT / ".ci/servers"), *servers],
        cwd=bare.parent,
        env={"PATH": str(bare)} | env,
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_without_rights_it_says_loudly_what_is_skipped_and_goes_on(bare: Path) -> None:
    program(bare, "id", "echo 1000")
    done = ensure(bare, "chromium")
    assert done.returncode == 0
    assert "!!! NO CHROMIUM ON THIS MACHINE" in done.stderr
    assert "SKIPPED" in done.stderr


def test_as_root_it_installs_what_is_missing_without_asking(bare: Path) -> None:
    program(bare, "id", "echo 0")
    program(bare, "timeout", 'shift; exec "$@"')
    program(
        bare,
        "apt-get",
        f'echo "$@" >> {bare.parent}/asked; [ "$1" = update ] || touch {bare}/chromium; chmod +x {bare}/* 2>/dev/null; true',
    )
    touch, chmod = shutil.which("touch"), shutil.which("chmod")
    assert touch is not None
    assert chmod is not None
    (bare / "touch").symlink_to(touch)
    (bare / "chmod").symlink_to(chmod)
    done = ensure(bare, "chromium", CI="true")
    assert (done.returncode, done.stderr) == (0, "")
    asked = (bare.parent / "asked").read_text("utf-8").splitlines()
    assert asked[0].startswith("update")
    assert asked[1].startswith("install -y")
    assert "fonts-wqy-microhei" in asked[1]


def test_what_is_there_is_left_alone(bare: Path) -> None:
    program(bare, "chromium", "true")
    program(bare, "id", "echo 0")
    program(bare, "apt-get", "echo not to be called; exit 1")
    done = ensure(bare, "chromium")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
