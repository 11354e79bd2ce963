"""What Prometheus may ask of a process. No label ever holds a person."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from app.runtime import Runtime
from models.queries.sending import open_lanes
from models.rules.push import Lane

MESSAGES = Counter("pinganbao_messages", "messages accepted, by what became of them", ["outcome"])
REFUSED = Counter("pinganbao_refused", "requests refused at the door, by status", ["status"])
TURN_SECONDS = Histogram(
    "pinganbao_turn_seconds",
    "seconds to read, answer and commit one batch",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
SENT = Counter("pinganbao_pushes_sent", "pushes the platform accepted, by rung and kind", ["rung", "kind"])
PUSH_REFUSED = Counter("pinganbao_pushes_refused", "refusals of pushes, by rung and errcode", ["rung", "errcode"])
ENDED = Counter("pinganbao_pushes_ended", "what became of pushes: sent, dropped, expired, failed, unknown", ["state"])
SEND_SECONDS = Histogram(
    "pinganbao_push_seconds",
    "seconds the platform took to accept a push",
    ["rung"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
OPEN = Gauge("pinganbao_pushes_open", "pushes that are not final, by state and lane", ["state", "lane"])
OLDEST = Gauge("pinganbao_pushes_oldest_seconds", "how long the oldest due push has waited, by lane", ["lane"])


class DeliveryMeter:
    """What delivery counts (`schedules.house.Meter`)."""

    def sent(self, rung: str, kind: str, seconds: float) -> None:
        SENT.labels(rung, kind).inc()
        SEND_SECONDS.labels(rung).observe(seconds)

    def refused(self, rung: str, errcode: int) -> None:
        PUSH_REFUSED.labels(rung, str(errcode)).inc()

    def ended(self, state: str) -> None:
        if state not in ("queued", "sending"):
            ENDED.labels(state).inc()


def look_at_outbox(runtime: Runtime) -> None:
    """Set the gauges from the database, for a scrape."""
    now = runtime.clock()
    OPEN.clear()
    OLDEST.clear()
    for each in Lane:
        OLDEST.labels(each.name.lower()).set(0)
    with runtime.database.read() as connection:
        for state, lane, count, oldest in open_lanes(connection):
            name = Lane(lane).name.lower()
            OPEN.labels(state, name).set(count)
            if state == "queued":
                OLDEST.labels(name).set(max(0.0, (now - oldest).total_seconds()))
