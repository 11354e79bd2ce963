"""A private PostgreSQL cluster for tests and benchmarks, from the machine's own binaries."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path


def binaries() -> Path | None:
    """The newest PostgreSQL server binaries on this machine."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


class Cluster:
    """A private PostgreSQL cluster in a temporary folder, reached through a Unix socket only."""

    def __init__(self, server: Path) -> None:
        self.binaries = server
        self.folder = Path(tempfile.mkdtemp(prefix="pinganbao-pg-"))  # short: a socket's path has a limit
        self._as: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            self._as = ["runuser", "-u", "nobody", "--"]
            shutil.chown(self.folder, "nobody")

    def _run(self, *command: str) -> None:
        done = subprocess.run([*self._as, *command], capture_output=True, text=True, cwd="/", timeout=60)
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stderr or done.stdout}")

    def start(self, *, durable: bool = False) -> None:
        """Start it; without `durable` nothing is synced to the disk, which tests do not need."""
        data = self.folder / "data"
        self._run(
            str(self.binaries / "initdb"),
            *("-D", str(data), "-U", "pinganbao", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"),
        )
        fsync = "on" if durable else "off"
        options = (
            f"-k {self.folder} -c listen_addresses='' -c fsync={fsync} -c max_connections=200 -c shared_buffers=128MB"
        )
        self._run(
            str(self.binaries / "pg_ctl"),
            *("-D", str(data), "-o", options, "-l", str(self.folder / "log"), "-w", "start"),
        )

    def stop(self) -> None:
        self._run(str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql://pinganbao@/{name}?host={self.folder}"
