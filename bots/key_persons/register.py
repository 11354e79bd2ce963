"""Whom a speaker may look at, contact and release on the register of key persons (domain handbook 2.4, 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bots.engine.conversation import Turn
from bots.key_persons.registering import together
from models.queries.key_persons import KeyRow, heard, open_rows
from models.rules.key_persons import DECIDERS, SEES_NAMES, Readiness, readiness

_CLASS = ("head_teacher", "deputy_head_teacher")


@dataclass(frozen=True, slots=True)
class View:
    """What the speaker sees: rows by person, who has been heard today, and on which days before."""

    rows: Mapping[int, list[KeyRow]]
    days: Mapping[int, set[date]]
    newest: Mapping[int, str]
    day: date

    def is_heard(self, person_id: int) -> bool:
        return self.day in self.days.get(person_id, ())

    def ready(self, row: KeyRow) -> Readiness:
        begins = max(row.registered_on, row.since or row.registered_on)
        return readiness(
            row.category,
            begins,
            row.until,
            row.waived_days,
            self.days.get(row.person_id, set()),
            self.newest.get(row.person_id, ""),
            self.day,
        )

    def called(self, name: str) -> list[KeyRow]:
        """Whose name begins a text: by number, full name, else given name; the first row of each person."""
        firsts = [rows[0] for rows in self.rows.values()]
        for matches in (
            [row for row in firsts if row.number == name],
            [row for row in firsts if row.name == name],
            [row for row in firsts if len(name) >= 2 and row.name.endswith(name)],
        ):
            if matches:
                return matches
        return []


def units_by_name(turn: Turn) -> list[int] | None:
    """The units whose key persons the speaker sees by name; None: of the whole district (the isolation group)."""
    speaker = turn.speaker
    if speaker.holds("wg_isolation"):
        return None
    units = turn.work.units
    found: dict[int, None] = {}
    for post in speaker.posts:
        if units.get(post.unit_id) is None:
            continue
        if post.role in _CLASS:
            found[post.unit_id] = None
        elif post.role in SEES_NAMES:
            found |= dict.fromkeys(unit.id for unit in units.within(post.unit_id))
    return list(found)


def view(turn: Turn) -> View:
    """The register as the speaker sees it: those of their units, and those they keep in contact with. Three statements."""
    units = units_by_name(turn)
    me = turn.speaker.me
    connection = turn.work.flush()
    rows = open_rows(connection, turn.work.vault, turn.day)
    if units is not None:
        allowed = set(units)
        rows = [row for row in rows if row.unit_id in allowed or (me is not None and row.keeper_id == me.person_id)]
    first = min((row.registered_on for row in rows), default=turn.day)
    days, newest = heard(connection, rows, first, turn.day)
    return View(together(rows), days, newest, turn.day)


def may_decide(turn: Turn) -> bool:
    return bool(turn.speaker.holds(*DECIDERS))


def ids(rows: Sequence[KeyRow]) -> list[int]:
    return [row.id for row in rows]
