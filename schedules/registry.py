"""Finding jobs: every file of `schedules/jobs/` holds one `job`; two of one name stop the start-up."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from schedules import jobs
from schedules.job import Job


class JobClash(Exception):
    """Two jobs have one name, or a file has no job. The sentence says which."""


def discover(folder: ModuleType = jobs) -> dict[str, Job]:
    """Jobs by name, in the order of their names. Raises JobClash."""
    found: dict[str, Job] = {}
    for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda info: info.name):
        if module.name.startswith("_"):
            continue
        job = getattr(importlib.import_module(f"{folder.__name__}.{module.name}"), "job", None)
        if not isinstance(job, Job):
            raise JobClash(f"{folder.__name__}.{module.name} has no `job`")
        if job.name in found:
            raise JobClash(f"two jobs are called {job.name!r}")
        if job.name != module.name.replace("_", "-"):
            raise JobClash(
                f"{folder.__name__}.{module.name} holds a job called {job.name!r}; file and job share a name"
            )
        found[job.name] = job
    return found
