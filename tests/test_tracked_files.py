"""What a clean clone may hold: no package registry's address, no path of somebody's machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Written in pieces, so that this file passes its own test.
REGISTRIES = re.compile(
    "|".join(
        (
            "py" + r"pi\.org",
            "python" + "hosted",
            "npm" + r"js\.(?:org|com)",
            "registry" + r"\.npm",
            "proxy" + r"\.golang",
        )
    )
)
MACHINE = re.compile(
    r"(?<![\w.$}])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "t" + "mp", "Us" + "ers")) + r")/[\w.-]"
)


def tracked() -> list[Path]:
    """The files git knows; without git, those that are not ignored by habit."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if done.returncode == 0:
        return [path for name in done.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]
    skipped = {".venv", "node_modules", "vendor", "var", "build", ".git", "__pycache__"}
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not skipped & set(path.relative_to(ROOT).parts) and "_cache" not in str(path)
    ]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        try:
            found.append((path.relative_to(ROOT).as_posix(), path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINE], ids=["registries", "machine-paths"])
def test_no_tracked_file_names_a_package_registry_or_a_path_of_one_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found, "\n".join(found)


def test_the_patterns_find_what_they_are_for() -> None:
    assert REGISTRIES.search("https://" + "py" + "pi.org/simple")
    assert MACHINE.search("see /" + "home/li/pinganbao/x")
    assert not MACHINE.search("https://example.com/" + "home/x")


def test_requirement_files_pin_every_package_by_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        blocks = re.split(r"\n(?=\S)", text.strip())
        unpinned = [block.splitlines()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block]
        assert len(blocks) > 40
        assert not unpinned
