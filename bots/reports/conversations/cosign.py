"""联签: the principal's signature beside the reporter's, under a report with something in it (domain handbook 6.6)."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.reports.chain import Hat, state
from bots.reports.cosigning import beside, key_of, needs
from bots.reports.words import units as words
from bots.wording import posts
from models.queries.pushes import was_pushed
from models.queries.reports import ReportInfo, report_on
from models.queries.units import UnitInfo


def begin(turn: Turn) -> Said:
    held = [unit for post in turn.speaker.holds("principal") if (unit := turn.work.units.get(post.unit_id))]
    if not held:
        return say(posts.only_for("校长"))
    found = [(unit, report_on(turn.work.flush(), unit.id, turn.day)) for unit in held]
    waiting = [(unit, report) for unit, report in found if needs(turn, report)]
    if not waiting:
        unit, report = found[0]
        return say(words.nothing_to_cosign(turn.district, unit.name, report))
    unit, report = waiting[0]
    if turn.data.get("version") == [unit.id, report.version] or _was_shown(turn, unit, report):
        return say(beside(turn, unit))
    # Nobody says yes to figures they have not seen.
    shown = f"{state(turn, Hat('school', unit))}\n{words.COSIGN_HOW}"
    return say(shown, Wait("cosign", "shown", {"version": [unit.id, report.version]}))


def shown(turn: Turn) -> Said | None:
    """The figures were shown here and wait for the word."""
    return begin(turn) if turn.text.strip(" 。.!！") in conversation.opens_on | {"确认"} else None


def _was_shown(turn: Turn, unit: UnitInfo, report: ReportInfo) -> bool:
    return was_pushed(turn.work.flush(), key_of(unit, turn.day, report.version, turn.speaker.account_id))


conversation = Conversation(
    name="cosign",
    steps={"begin": begin, "shown": shown},
    first="begin",
    opens_on=frozenset({"联签", "同意联签", "校长联签"}),
)
