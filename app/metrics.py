"""What Prometheus may ask of a process. No label ever holds a person."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

MESSAGES = Counter("pinganbao_messages", "messages accepted, by what became of them", ["outcome"])
REFUSED = Counter("pinganbao_refused", "requests refused at the door, by status", ["status"])
TURN_SECONDS = Histogram(
    "pinganbao_turn_seconds",
    "seconds to read, answer and commit one batch",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
