"""What is let go when, table by table (domain handbook 13.4). A table without a line here stops the tests.

Each line names the days of `[retention]` that hold, and from which day they count; or says why nothing is let go.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """How long rows of one table stay. days: the name in `[retention]`; "" for those that stay, or go with `of`.

    since: from which day the days count, or why the rows stay. of: the table with whose rows they go.
    """

    days: str = ""
    since: str = ""
    of: str = ""

    @property
    def keeps(self) -> bool:
        """Whether its rows stay as long as the district does."""
        return not self.days and not self.of


#: Tables that hold something of a person's health, whereabouts or words.
HEALTH: Mapping[str, Rule] = {
    "check_ins": Rule("check_ins", "the day reported; the words after raw_text"),
    "person_days": Rule("check_ins", "the day reported"),
    "absences": Rule("check_ins", "the day of absence"),
    "absence_followups": Rule("check_ins", "the day asked"),
    "alerts": Rule("check_ins", "the day reported"),
    "onsets": Rule("check_ins", "the day last seen"),
    "cluster_signals": Rule("check_ins", "the last day counted"),
    "calls": Rule("check_ins", "the day called about"),
    "journeys": Rule("check_ins", "the last day away, else the day it was last spoken of"),
    "declarations": Rule("check_ins", "the moment declared"),
    "key_persons": Rule("check_ins", "the day released; open ones stay"),
    "key_contacts": Rule(of="key_persons"),
    "key_decisions": Rule(of="key_persons"),
    "managements": Rule("check_ins", "the day ended; open ones stay"),
    "observation_checks": Rule("check_ins", "the day of the check"),
    "clearances": Rule("check_ins", "the day ended; open ones stay; the picture after media"),
    "incidents": Rule("incidents", "the moment closed; open ones stay"),
    "incident_steps": Rule(of="incidents"),
    "incident_events": Rule(of="incidents"),
    "contact_candidates": Rule(of="incidents"),
    "inbox": Rule("inbox", "the moment received"),
    "outbox": Rule("outbox", "the moment made; the words after raw_text"),
    "teacher_threads": Rule("raw_text", "the moment closed, else the last word"),
}

#: Tables that hold nothing of the kind, and why their rows stay or who lets them go.
OTHERS: Mapping[str, str] = {
    "units": "the roster",
    "persons": "the roster",
    "enrolments": "the roster",
    "roster_steps": "the roster",
    "school_steps": "the roster",
    "class_spans": "the roster",
    "posts": "the roster",
    "binding_codes": "the roster",
    "person_places": "the roster: where somebody sits and sleeps; overwritten at a change",
    "accounts": "until unfollowing; an open question lapses after two hours",
    "bindings": "until unbinding, with the consent",
    "account_devices": "until unfollowing",
    "opt_outs": "until unfollowing",
    "subscription_grants": "until unfollowing",
    "unit_days": "counts, no person",
    "reports": "counts signed by a post",
    "report_versions": "counts signed by a post",
    "circulars": "when schools filed",
    "report_nudges": "who asked whom for a report",
    "campaigns": "what was published",
    "receipts": "who read what was published: the school's proof",
    "signatures": "who signed what was published: the school's proof",
    "campaign_answers": "answers to notices, no health question among them",
    "watch_sessions": "who watched what was published",
    "audit": "the trail: [retention] audit",
    "calendar_days": "the calendar",
    "calendar_modes": "the calendar",
    "key_regions": "the list and its versions: old decisions explain themselves by it",
    "versions": "counters",
    "job_cursors": "the timetable",
    "occurrences": "the timetable",
    "drawings": "counts and names of schools",
    "early_failures": "the platform's word on messages",
    "sending_stops": "the platform's word on messages",
    "platform_tokens": "the platform's",
    "quota_days": "counts of calls",
}
