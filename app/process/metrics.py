"""What Prometheus may ask of a process. No label ever holds a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from prometheus_client import Counter, Histogram, generate_latest
from prometheus_client.core import CollectorRegistry, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app.process.runtime import Runtime
from models.actions.delivery import Outcome
from models.queries.owed import Owed, owed

MESSAGES = Counter("pinganbao_messages", "messages accepted, by what became of them", ["outcome"])
REFUSED = Counter("pinganbao_refused", "requests refused at the door, by status", ["status"])
TURN_SECONDS = Histogram(
    "pinganbao_turn_seconds",
    "seconds to read, answer and commit one batch",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
DELIVERIES = Counter(
    "pinganbao_deliveries",
    "tries to deliver by this process, by rung, what became of them and the platform's code",
    ["channel", "state", "code"],
)
SENT = Counter("pinganbao_pushes_sent", "pushes the platform accepted, by rung and kind", ["rung", "kind"])
PUSH_REFUSED = Counter("pinganbao_pushes_refused", "refusals of pushes, by rung and errcode", ["rung", "errcode"])
SEND_SECONDS = Histogram(
    "pinganbao_push_seconds",
    "seconds the platform took to accept a push",
    ["rung"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class DeliveryMeter:
    """What delivery counts (`schedules.delivery.context.Meter`)."""

    def sent(self, rung: str, kind: str, seconds: float) -> None:
        SENT.labels(rung, kind).inc()
        SEND_SECONDS.labels(rung).observe(seconds)

    def refused(self, rung: str, errcode: int) -> None:
        PUSH_REFUSED.labels(rung, str(errcode)).inc()

    def recorded(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            DELIVERIES.labels(outcome.channel or "none", outcome.state, str(outcome.errcode or 0)).inc()


class _Stored(Collector):
    """What lies in the database, asked at each scrape: only rows that are still open, by their partial indexes."""

    def __init__(self, found: Owed | None, now: datetime) -> None:
        self._found, self._now = found, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("pinganbao_database_up", "whether the database answered this scrape")
        up.add_metric([], 0 if self._found is None else 1)
        yield up
        if self._found is None:
            return
        waiting = GaugeMetricFamily("pinganbao_outbox_owed", "pushes not yet final", labels=["kind", "state"])
        oldest = GaugeMetricFamily(
            "pinganbao_outbox_oldest_seconds", "age of the oldest push that is due and not final", labels=["kind"]
        )
        for pile in self._found.piles:
            waiting.add_metric([pile.kind, pile.state], pile.count)
        for kind, since in self._found.oldest.items():
            oldest.add_metric([kind], max(0.0, (self._now - since).total_seconds()))
        parked = GaugeMetricFamily("pinganbao_inbox_parked", "messages accepted and waiting for their turn")
        parked.add_metric([], self._found.parked)
        yield from (waiting, oldest, parked)


def exposed(runtime: Runtime) -> bytes:
    """Everything a scrape is told: this process's counters, and what lies in the database."""
    now = runtime.clock()
    try:
        with runtime.database.read() as connection:
            found = owed(connection, now)
    except SQLAlchemyError:
        found = None
    stored = CollectorRegistry()
    stored.register(_Stored(found, now))
    return generate_latest() + generate_latest(stored)
