"""What a school's report still needs after its reporter's yes: the principal's name beside it, asked for and kept."""

from __future__ import annotations

from datetime import date

from bots.engine.conversation import Turn
from bots.reports.words import units as words
from models.actions import reports as deeds
from models.queries.people import Holder, holders
from models.queries.reports import ReportInfo, report_on
from models.queries.units import UnitInfo
from models.rules.authority import wants_cosign
from models.rules.figures import Figures
from models.rules.push import Lane, Push


def needs(turn: Turn, report: ReportInfo) -> bool:
    """Whether a signed report of a school waits for its principal."""
    wanted = wants_cosign(turn.district.reporting, is_zero=report.is_zero, capacity=report.capacity)
    return report.is_signed and report.cosigned_at is None and wanted


def key_of(unit: UnitInfo, day: date, version: int, account_id: int) -> str:
    return f"cosign:{unit.id}:{version}:{account_id}:{day}"


def ask(turn: Turn, unit: UnitInfo, report: ReportInfo, figures: Figures) -> str:
    """Ask the principals of a school that has just been signed; gives what the signer is told of it."""
    if not needs(turn, report):
        return ""
    found = holders(turn.work.flush(), [unit.id], ["principal"], turn.day)
    reached = [holder for holder in found if holder.account_id is not None]
    text = words.ask_cosign(turn.district, unit.name, turn.day, report, figures)
    for holder in reached:
        assert holder.account_id is not None
        turn.push(_push(turn, unit, holder, text, key_of(unit, turn.day, report.version, holder.account_id)))
    return words.cosign_asked([holder.name for holder in reached], [holder.name for holder in found])


def beside(turn: Turn, unit: UnitInfo) -> str:
    """The principal's yes; the signer is told. What changed meanwhile is said instead."""
    me = turn.speaker.me
    assert me is not None
    before = report_on(turn.work.flush(), unit.id, turn.day)
    done = deeds.cosign(turn.work, unit, turn.day, me.person_id, turn.sent_at) if needs(turn, before) else None
    if done is None:
        return words.nothing_to_cosign(turn.district, unit.name, report_on(turn.work.flush(), unit.id, turn.day))
    text = words.cosigned(turn.district, unit.name, done)
    roles = ["designated_reporter", "deputy_reporter"]
    for holder in holders(turn.work.connection, [unit.id], roles, turn.day):
        if holder.person_id == done.confirmed_by and holder.account_id is not None:
            key = f"cosigned:{unit.id}:{done.version}:{holder.account_id}:{turn.day}"
            turn.push(_push(turn, unit, holder, text, key))
    return text


def _push(turn: Turn, unit: UnitInfo, holder: Holder, text: str, key: str) -> Push:
    assert holder.account_id is not None
    return Push(
        key=key,
        kind="school-report",
        account_id=holder.account_id,
        body={"text": text},
        moment=turn.now,
        expires_at=turn.district.end_of(turn.district.day_of(turn.now)),
        lane=Lane.ANSWER,
        person_id=holder.person_id,
        fields={"title": "学校日报联签", "unit": unit.name, "time": f"{turn.day}", "note": "请进入对话查看"},
    )
