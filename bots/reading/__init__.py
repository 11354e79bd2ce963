"""Text in, facts out: pure functions that read one message of a parent or a member of staff."""

from bots.reading.facts import (
    Ask,
    Asked,
    AskKind,
    Backfill,
    CaseStatement,
    Home,
    HouseholdSymptom,
    Intent,
    KeyRegion,
    Leave,
    Method,
    PendingAlert,
    PersonFacts,
    Reading,
    Scene,
    Subject,
    Symptom,
    Temperature,
    Trip,
)
from bots.reading.read import read
from bots.reading.topics import topic

__all__ = [
    "Ask",
    "AskKind",
    "Asked",
    "Backfill",
    "CaseStatement",
    "Home",
    "HouseholdSymptom",
    "Intent",
    "KeyRegion",
    "Leave",
    "Method",
    "PendingAlert",
    "PersonFacts",
    "Reading",
    "Scene",
    "Subject",
    "Symptom",
    "Temperature",
    "Trip",
    "read",
    "topic",
]
