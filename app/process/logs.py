"""Structured logs: events with fixed words and fields apart. Names, readings and whole openids stay out of them."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog


def set_up(log_format: str, *, quiet: bool = False) -> None:
    """Log to stderr (stdout carries only results), for people or as JSON lines. quiet: warnings and errors only."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    steps: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_values,
    ]
    structlog.configure(
        processors=[*steps, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _without_values(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """An exception's place and type are kept, its text is not: it may quote what a person wrote."""
    if event.pop("exc_info", None):
        kind, error, trace = sys.exc_info()
        if kind is not None:
            frames: list[str] = []
            while trace is not None:
                code = trace.tb_frame.f_code
                frames.append(
                    f"{code.co_filename.rsplit('/', 2)[-2]}/{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
                )
                trace = trace.tb_next
            event["error"] = kind.__name__
            cause = getattr(error, "orig", None)
            if cause is not None:
                event["cause"] = type(cause).__name__
            event["at"] = " > ".join(frames[-4:])
    return event
