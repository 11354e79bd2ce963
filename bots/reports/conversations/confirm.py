"""确认: signs the report that was last shown, by a conversation or by a push.

The word has one owner. It looks at what was shown; where nothing was, at what this person answers for and nobody has
signed; with several of those it asks which. "确认 2班" names one.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.isolation.presence import counted_present
from bots.isolation.words import counted_present_words
from bots.reports.chain import Hat, capacity_of, deputy_too_early, has_started, hats_of, state, title, waiting
from bots.reports.cosigning import ask, beside, needs
from bots.reports.words import units as reports
from bots.wording import posts
from models.actions import reports as deeds
from models.queries.people import holders
from models.queries.pushes import was_pushed
from models.queries.receipts import waits_for
from models.queries.reports import reports_on
from models.queries.units import UnitInfo
from models.rules.authority import HOLDERS, Sight, sight
from models.rules.push import Lane, Push

WORDS = frozenset({"确认", "签报", "确认签报", "确认零报告", "确认上报", "确认无误", "无误"})
_VERB = re.compile(r"^(确认零报告|确认签报|确认上报|确认无误|确认|签报)\s*")
_TRAILING = " \t\r\n。．.!！~～,，、;；?？"
_KIND = {"class_unit": "class-report", "grade": "grade-report", "office": "grade-report", "school": "school-report"}


def shown(turn: Turn) -> Said | None:
    """A report was shown and waits for a yes; anything else is somebody else's message."""
    if turn.text.strip(_TRAILING) not in WORDS or turn.data.get("day") != turn.day.isoformat():
        return None
    hats = []
    for level, unit_id in turn.data["shown"]:
        unit = turn.work.units.get(int(unit_id))
        if unit is not None:
            hats.append(Hat(str(level), unit))
    return _sign_one_of(turn, hats)


def begin(turn: Turn) -> Said | None:
    """Nothing is known to have been shown in this conversation."""
    named = _VERB.sub("", turn.text.strip(_TRAILING))
    hats = hats_of(turn)
    if turn.text.strip(_TRAILING) in WORDS:
        named = ""
    if named:
        return _named(turn, named)
    if not hats:
        # The word may be the receipt of a notice.
        waits = waits_for(turn.work.flush(), turn.speaker.account_id, turn.sent_at)
        return None if waits else say(posts.NO_POST)
    return _sign_one_of(turn, hats, seen=False)


def _named(turn: Turn, named: str) -> Said | None:
    """Signs the report called by name, also one whose holder is absent."""
    units = turn.work.units
    found = [
        hat for hat in hats_of(turn) if named in {hat.unit.name, units.class_name(hat.unit.id), title(turn.work, hat)}
    ]
    if not found:
        found = [
            Hat(unit.kind, unit)
            for unit in _within_reach(turn)
            if named in {unit.name, units.class_name(unit.id), unit.path} and capacity_of(turn, unit) is not None
        ]
    if not found:
        # A unit one may not sign for is refused; anything else ("确认一下时间") is not for this conversation.
        return say(posts.NOT_YOURS_TO_SIGN) if turn.work.units.called(named) else None
    if len(found) > 1:
        return say(posts.which([title(turn.work, hat) for hat in found], "确认"))
    return _sign(turn, found[0])


def _within_reach(turn: Turn) -> list[UnitInfo]:
    units = turn.work.units
    ids = {post.unit_id for post in turn.speaker.posts}
    return [
        unit
        for unit_id in sorted(ids)
        if units.get(unit_id) is not None
        for unit in units.within(unit_id)
        if unit.kind != "district" and sight(turn.speaker.posts, unit) > Sight.NOTHING
    ]


def _sign_one_of(turn: Turn, hats: list[Hat], *, seen: bool = True) -> Said:
    """Signs the one report that is still open. seen: they were shown in this conversation."""
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    connection = turn.work.flush()
    found = reports_on(connection, [hat.unit.id for hat in hats], [turn.day])
    unsigned = []
    for hat in hats:
        report = found.get((hat.unit.id, turn.day))
        waits = hat.level == "school" and report is not None and bool(turn.speaker.holds("principal"))
        if hat.level == "office" or report is None or not report.is_signed or (waits and needs(turn, report)):
            unsigned.append(hat)
    if len(hats) == 1 and not unsigned:
        return _sign(turn, hats[0])  # says who has signed it, or signs what has changed since
    if not unsigned:
        return say(posts.NOTHING_OPEN)
    if len(unsigned) > 1:
        return say(posts.which([title(turn.work, hat) for hat in unsigned], "确认"), waiting(unsigned, turn.day))
    hat = unsigned[0]
    if seen or _was_pushed(turn, connection, hat):
        return _sign(turn, hat)
    # Nobody says yes to figures they have not seen.
    return say(state(turn, hat), waiting([hat], turn.day))


def _was_pushed(turn: Turn, connection: Connection, hat: Hat) -> bool:
    return was_pushed(connection, f"{_KIND[hat.level]}:{hat.unit.id}:{turn.speaker.account_id}:{turn.day}")


def _sign(turn: Turn, hat: Hat) -> Said:
    work, unit, me = turn.work, hat.unit, turn.speaker.me
    if me is None:
        return say(posts.NO_POST)
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    name = title(work, hat)
    if hat.level == "office":
        grades = sum(one.kind == "grade" for one in work.units.children(unit.id))
        return say(reports.reviewed(unit.name, deeds.review(work, unit, turn.day, me.person_id, turn.sent_at), grades))
    capacity = capacity_of(turn, unit)
    if capacity is None:
        early = deputy_too_early(turn.speaker.posts, work, unit, turn.day, turn.sent_at)
        return say(early or posts.NO_POST, keep=bool(early))
    done = deeds.file(work, unit, turn.day, me.person_id, capacity, turn.sent_at)
    if done.outcome == "already" and unit.kind == "school" and capacity == "principal" and needs(turn, done.report):
        return say(beside(turn, unit))
    if done.outcome == "already":
        return say(reports.already_signed(turn.district, name, done.report))
    if done.outcome == "blocked":
        return say(reports.blocked(name, done.findings))
    if capacity:
        _tell_holders(turn, unit, name, reports.acted(turn.district, name, done.report), done.report.version)
    asked = ask(turn, unit, done.report, done.figures) if unit.kind == "school" else ""
    text = reports.filed(turn.district, name, done.report, done.figures, hat.level, asked)
    if stopped := counted_present(turn, unit, "班级日报"):
        text += counted_present_words(stopped)
    return say(text)


def _tell_holders(turn: Turn, unit: UnitInfo, name: str, text: str, version: int) -> None:
    """Whoever holds the report learns that somebody signed in their place."""
    for holder in holders(turn.work.connection, [unit.id], HOLDERS[unit.kind][:1], turn.day):
        if holder.account_id is not None and holder.account_id != turn.speaker.account_id:
            turn.push(
                Push(
                    key=f"signed-for:{unit.id}:{turn.day}:{version}:{holder.account_id}",
                    kind=_KIND[unit.kind],
                    account_id=holder.account_id,
                    body={"text": text},
                    moment=turn.now,
                    expires_at=turn.district.end_of(turn.district.day_of(turn.now)),
                    lane=Lane.ANSWER,
                    person_id=holder.person_id,
                    fields={"title": "日报已由他人签报", "unit": name, "time": f"{turn.day}", "note": "请进入对话查看"},
                )
            )


conversation = Conversation(
    name="confirm",
    steps={"begin": begin, "shown": shown},
    first="begin",
    opens_on=WORDS,
    prefixes=("确认", "签报"),
)
