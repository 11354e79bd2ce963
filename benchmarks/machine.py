"""Facts about the machine a figure was measured on."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path


def facts() -> str:
    """One line: processor, cores, memory, Python."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    size = f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "?"
    return (
        f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, {size}, Python {platform.python_version()}"
    )


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used so far."""
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
