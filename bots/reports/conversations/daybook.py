"""日报表: links to the day's workbook, for those at the bureau who report upwards."""

from __future__ import annotations

from datetime import timedelta

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.engine.links import daybook_link
from bots.reading.days import named_date
from bots.reports.words import daybook as words
from models.actions.trail import note
from models.queries.due import due_of
from models.rules.authority import APPROVERS

#: How long a link holds.
HOURS = 2


def begin(turn: Turn) -> Said | None:
    rest = turn.text.removeprefix("日报表").strip(" ：:，,")
    back = {"": 0, "今天": 0, "昨天": 1, "前天": 2}.get(rest)
    day = turn.day - timedelta(days=back) if back is not None else named_date(rest, turn.day)
    if day is None:
        return None
    me = turn.speaker.me
    if me is None or not turn.speaker.holds(*APPROVERS):
        return say(words.NOT_YOURS)
    due = due_of(turn.work)
    if day > turn.day or not any(due.owes(school.id, day) for school in turn.work.units.schools()):
        return say(words.nothing(day))
    until = turn.now + timedelta(hours=HOURS)
    made = {
        layout: daybook_link(turn.work.vault, turn.public_url, day, layout, me.person_id, until)
        for layout in words.LAYOUTS
    }
    note(turn.work, f"person:{me.person_id}", "day-workbook-link", f"day:{day}")
    return say(words.links(day, made, HOURS))


conversation = Conversation(
    name="daybook", steps={"begin": begin}, first="begin", opens_on=frozenset({"日报表"}), prefixes=("日报表",)
)
