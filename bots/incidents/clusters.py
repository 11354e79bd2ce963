"""After an answer: does it make a cluster? Signals go out once, with the rule's text and its source (domain 4.6, 15.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bots.alerts.telling import Concerned, Posts, chain_of, raise_and_tell
from bots.alerts.words.telling import cluster_line
from bots.check_in.keep import AFTER_SAID
from bots.check_in.scene import Known
from bots.engine.conversation import Turn
from models.actions.incidents import Opening, add_event, open_incident
from models.actions.watch import note_onsets
from models.queries.incidents import open_in
from models.queries.watch import dormitory_of
from models.rules.alerts import Finding
from models.rules.check_in import Health
from models.rules.clusters import NAMES, SYMPTOMS_OF, Reached, syndromes_of
from models.rules.incidents import OWNERS


def watch(
    turn: Turn, person: Known, unit_id: int, day: date, syndromes: Iterable[str], since: date | None = None
) -> list[Reached]:
    """Keep the onsets and raise A11 for every rule newly reached; gives those rules."""
    found = note_onsets(turn.work, person.person_id, unit_id, day, syndromes, since)
    if not found:
        return []
    facts = {"clusters": [_facts(turn, one) | _incident(turn, one, unit_id) for one in found]}
    concerned = Concerned(person.person_id, person.name, person.kind, unit_id, turn.day, (Finding("A11", facts),))
    for push in raise_and_tell(turn.work, [concerned], "", at=turn.now, said_at=turn.sent_at).pushes:
        turn.push(push)
    return found


def _incident(turn: Turn, one: Reached, unit_id: int) -> dict[str, object]:
    """Open an incident for a place with a cluster, in the same transaction, or add the signal to the one that stands
    for it; siblings are for the schools to tell one another, and make none. Gives its number as a fact."""
    if one.rule.scope == "family":
        return {}
    work = turn.work
    unit = work.units.get(one.place) or work.units.get(work.units[unit_id].school_id) or work.units[unit_id]
    said = cluster_line(_facts(turn, one))
    around = [other.id for other in chain_of(work, unit.id) if other.kind != "district"]
    for row in open_in(work, around):
        if row.reason == "cluster" and row.facts.get("syndrome") == one.syndrome:
            add_event(work, row.id, "note", at=turn.sent_at, by=None, text=said)
            return {"incident": row.id}
    posts = Posts(work, [unit.id], set(OWNERS.values()), work.district.day_of(turn.now))
    opening = Opening(
        None,
        unit.id,
        "cluster",
        turn.sent_at,
        facts={
            "said": said,
            "syndrome": one.syndrome,
            "rule": one.rule.code,
            "first": one.first.isoformat(),
            **({"dormitory": name} if (name := _dormitory(turn, one)) else {}),
        },
    )
    made, _ = open_incident(work, opening, lambda role: posts.owner(unit.id, [role]))
    return {"incident": made}


def _dormitory(turn: Turn, one: Reached) -> str:
    """The name of the dormitory a signal is about; empty where it is about none."""
    if one.rule.scope != "dormitory":
        return ""
    return dormitory_of(turn.work.connection, one.people[0]) or ""


#: Places that are no unit.
_WHERE = {"family": "同一家庭", "dormitory": "同一宿舍"}


def _facts(turn: Turn, one: Reached) -> dict[str, object]:
    """The signal as facts: where, how many, and the rule as it reads."""
    unit = None if one.rule.scope in _WHERE else turn.work.units.get(one.place)
    return {
        "rule": one.rule.code,
        "where": _WHERE.get(one.rule.scope) or ("" if unit is None else turn.work.units.class_name(unit.id)),
        "count": len(one.people),
        "days": one.rule.days,
        "what": NAMES.get(one.syndrome, one.syndrome),
        "text": one.rule.text,
        "source": one.rule.source,
        "people": list(one.people),
    }


def _after_said(turn: Turn, person: Known, unit_id: int, day: date, health: Health) -> None:
    text = turn.text if {"diagnosis", "confirmed", "asymptomatic"} & set(health.statements) else ""
    syndromes = syndromes_of(health, turn.district.disease, text)
    if syndromes:
        watch(turn, person, unit_id, day, syndromes, _since(health, syndromes))


def _since(health: Health, syndromes: Iterable[str]) -> date | None:
    """The first day of what is counted, where it was said."""
    codes = {code for name in syndromes for code in SYMPTOMS_OF.get(name, ())} | {"fever"}
    days = [date.fromisoformat(text) for code, text in _onsets(health) if code in codes]
    return min(days, default=None)


def _onsets(health: Health) -> Sequence[tuple[str, str]]:
    return [(code, text) for code, _, text in (entry.partition(":") for entry in health.onsets)]


AFTER_SAID.append(_after_said)
