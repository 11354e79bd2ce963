"""`收到`: somebody who was told of an alert, or reminded of a report, takes it on."""

from __future__ import annotations

from datetime import timedelta

from bots.alerts.words import telling as words
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.reports.taking_on import answer_reminders
from bots.wording.plain import lines
from models.actions.alerts import acknowledge
from models.actions.trail import note
from models.queries.alerts import AlertRow, open_within
from models.queries.receipts import waits_for
from models.rules.alerts import OFFICER

#: How far back an alert may lie that a bare 收到 answers.
_BACK = timedelta(days=3)


def received(turn: Turn) -> Said | None:
    """Stamps every open alert the speaker was told of; without one it is a thank-you."""
    me = turn.speaker.me
    if me is None or not turn.speaker.posts:
        return None
    units = turn.work.units
    charge: dict[int, set[str]] = {}
    for post in turn.speaker.posts:
        if units.get(post.unit_id) is not None:
            for unit in units.within(post.unit_id):
                charge.setdefault(unit.id, set()).add(post.role)
    alerts = open_within(turn.work, charge, turn.day - _BACK, me.person_id) if charge else []
    mine = [
        alert
        for alert in alerts
        if charge.get(alert.unit_id, set()) & set(alert.told)
        or (alert.owner_id == me.person_id and OFFICER in alert.told)
    ]
    reminded = answer_reminders(turn)
    if not mine and reminded:
        return say(reminded, keep=True)
    if not mine:
        if waits_for(turn.work.flush(), turn.speaker.account_id, turn.sent_at):
            return None  # a notice waits for this word
        return say(words.NOTHING_OPEN, keep=True)
    acknowledge(turn.work, mine, me.person_id)
    for alert in mine:
        note(turn.work, f"person:{me.person_id}", "alert.acknowledge", f"alert:{alert.id}", alert.code)
    return say(lines(words.acknowledged(_lines(turn, mine)), reminded), keep=True)


def _lines(turn: Turn, alerts: list[AlertRow]) -> list[str]:
    """One line an alert; the bureau's people see the school and the matter, no name (domain handbook 2.4)."""
    bureau = turn.work.units.district
    plain = bureau is not None and all(post.unit_id == bureau.id for post in turn.speaker.posts)
    out = []
    for alert in alerts:
        unit = turn.work.units[alert.unit_id]
        school = turn.work.units.get(unit.school_id)
        where = turn.work.units.class_name(unit.id)
        out.append(
            words.acknowledged_line(f"{school.name if school else ''}{where}", "1人", alert.code)
            if plain
            else words.acknowledged_line(where, alert.person_name, alert.code)
        )
    return list(dict.fromkeys(out))


conversation = Conversation(
    name="alerts",
    opens_on=frozenset({"收到", "已联系"}),
    steps={"received": received},
    first="received",
)
