"""解除重点 姓名 依据, 批准返校 姓名 依据: risk down takes a human, and their grounds are kept (domain handbook 0.4, 9)."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.isolation.words import KINDS
from bots.key_persons.register import View, ids, may_decide, view
from bots.key_persons.words import register as words
from models.actions.key_persons import approve_return, end, waive
from models.queries.key_persons import KeyRow
from models.queries.management import managed
from models.rules.key_persons import MANAGED_AS

_RELEASE, _APPROVE, _WAIVE = "解除重点", "批准返校", "豁免"
_EDGES = " ：:，,。"
_DOCUMENT = ("证明", "通知书", "报告", "告知书")


def begin(turn: Turn) -> Said | None:
    text = turn.text.strip()
    release = text.startswith(_RELEASE)
    rest = text.removeprefix(_RELEASE if release else _APPROVE).removeprefix("人员").strip(_EDGES)
    if not turn.speaker.posts or turn.speaker.me is None:
        return say(words.NOT_YOURS)
    if not may_decide(turn):
        return say(words.ONLY_DECIDERS)
    parts = rest.split(None, 1)
    if len(parts) < 2:
        return say(words.RELEASE_HOW if release else words.APPROVE_HOW)
    name, grounds = parts[0], parts[1].strip(_EDGES)
    seen = view(turn)
    found = seen.called(name)
    if not found:
        return say(words.not_listed(name))
    units = turn.work.units
    if len(found) > 1:
        return say(words.which(name, [f"{units.class_name(row.unit_id)} 学号{row.number}" for row in found]))
    rows = seen.rows[found[0].person_id]
    return _release(turn, seen, rows, grounds) if release else _approve(turn, rows, grounds)


def _release(turn: Turn, seen: View, rows: list[KeyRow], grounds: str) -> Said:
    assert turn.speaker.me is not None
    me, name = turn.speaker.me.person_id, rows[0].name
    still = [row.kind for row in managed(turn.work, [rows[0].person_id]) if row.kind in MANAGED_AS]
    if still:
        return say(words.managed_still(name, "、".join(KINDS[kind] for kind in still)))
    waives = grounds.startswith(_WAIVE)
    if waives and not grounds.removeprefix(_WAIVE).strip(_EDGES):
        return say(words.RELEASE_HOW)
    owed = []
    for row in rows:
        ready = seen.ready(row)
        documented = (
            row.proposal == "management_ended" or not ready.needs_document or any(word in grounds for word in _DOCUMENT)
        )
        over = (
            ready.is_due(turn.day)
            or row.proposal in {"region_ended", "management_ended"}
            or (ready.due_on is None and documented)
        )
        missed_only = waives and row.until is not None and turn.day >= row.until and not ready.unwell
        if ready.unwell or not documented or not (over or missed_only):
            owed.append(words.lacking(ready))
        elif waives and ready.missing:
            waive(turn.work, [row.id], len(ready.missing), me, grounds)
    if owed:
        return say(words.not_yet(name, owed[0]))
    end(turn.work, ids(rows), turn.day, me, grounds[:400])
    return say(words.released(name))


def _approve(turn: Turn, rows: list[KeyRow], grounds: str) -> Said:
    assert turn.speaker.me is not None
    held = [row for row in rows if row.is_held]
    if not held:
        return say(words.nothing_held(rows[0].name))
    approve_return(turn.work, ids(held), turn.speaker.me.person_id, grounds[:200])
    return say(words.approved(rows[0].name))


conversation = Conversation(
    name="key_release",
    opens_on=frozenset({_RELEASE, "解除重点人员", _APPROVE}),
    prefixes=(_RELEASE, _APPROVE),
    steps={"begin": begin},
    first="begin",
)
