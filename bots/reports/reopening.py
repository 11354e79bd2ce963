"""After an answer: what was signed is opened again, and those who signed are told (contract 10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from bots.check_in.keep import AFTER, AFTER_DANGER, Kept
from bots.check_in.scene import Known
from bots.engine.conversation import Turn
from bots.reports.chain import WORDS
from bots.reports.words.units import reopened
from models.actions import reports
from models.actions.check_ins import Recorded
from models.actions.reports import Reopened
from models.queries.days import day_of
from models.rules.check_in import contribution, difference, marks_of
from models.rules.figures import STATED, UNTIL_REPORTED
from models.rules.push import Lane, Push
from models.work import Work

_KIND = {"class_unit": "class-report", "grade": "grade-report", "school": "school-report"}


def after_answer(work: Work, recorded: Recorded, kind: str, at: datetime) -> None:
    """What an answer changed in signed reports. kind: student or staff; at: the message's own time."""
    if not recorded.changed or not recorded.newest:
        return
    before: Mapping[str, int] = {}
    if recorded.health_before is not None:
        marks = marks_of(recorded.health_before, work.district.disease)
        before = contribution(recorded.state_before, marks)
    after = contribution(recorded.day.state, recorded.day.marks)
    changes = difference(before, after)
    after_change(work, recorded.day.unit_id, kind, recorded.day.report_date, changes, at)


def after_change(work: Work, unit_id: int, kind: str, day: date, changes: Mapping[str, int], at: datetime) -> None:
    """The same for any other change of a unit's figures (figure → difference), such as an absence."""

    def tell(change: Reopened) -> list[Push]:
        name = work.units.class_name(change.unit.id)
        text = reopened(work.district, name, change.status, change.changes, change.at, WORDS[change.unit.kind])
        return [
            Push(
                key=f"reopened:{change.unit.id}:{change.day}:{change.version}:{change.status}:{account}",
                kind=_KIND[change.unit.kind],
                account_id=account,
                body={"text": text},
                moment=work.now,
                expires_at=work.district.end_of(work.district.day_of(work.now)),
                lane=Lane.ANSWER,
                person_id=person,
                fields={"title": "日报有更正", "unit": name, "time": f"{change.day}", "note": "请进入对话查看"},
            )
            for account, person in change.accounts
        ]

    reports.reopen(work, unit_id, kind, day, changes, at, tell)


def _after_keeping(turn: Turn, kept: Kept) -> None:
    after_answer(turn.work, kept.recorded, kept.person.kind, turn.sent_at)


def _after_danger(turn: Turn, person: Known, codes: frozenset[str]) -> None:
    """Somebody is said to be ill of whom nothing is recorded: what was signed of them holds no longer."""
    is_open = day_of(turn.work, person.person_id, person.unit_id, turn.day).is_open
    if is_open and codes & {*UNTIL_REPORTED, *STATED}:
        after_change(turn.work, person.unit_id, person.kind, turn.day, {"alerted": 1}, turn.sent_at)


AFTER.append(_after_keeping)
AFTER_DANGER.append(_after_danger)
