"""处理 姓名 …: what somebody did about an alert, how it ended, and the reporter's judgement (domain handbook 4.5, 5.7)."""

from __future__ import annotations

from datetime import timedelta

from bots.alerts.words import handling as words
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.people.charge import people_in_charge
from bots.people.finding import called
from bots.wording import posts
from models.actions.alerts import follow_up
from models.actions.trail import note
from models.queries.alerts import AlertRow, unended, unended_within
from models.rules.alerts import FEVERS
from models.rules.authority import JUDGES, SETTLERS

#: How far back an alert may lie that is spoken of by the person's name.
BACK = timedelta(days=14)
EXCLUDED = frozenset({"已排除", "排除", "误报", "已核实无事", "没事", "已恢复", "不是发热"})
NOT_REPORTABLE = frozenset({"不需报告", "不用报告", "无需报告", "不报告", "不需要报告"})
REPORTABLE = frozenset({"需报告", "需要报告", "要报告", "应报告"})


def handle(turn: Turn) -> Said | None:
    """One sentence about one person; several alerts of theirs are handled together."""
    if not turn.speaker.posts or turn.speaker.me is None:
        return say(words.NOT_YOURS)
    said = turn.text.removeprefix("处理").split(maxsplit=2)
    if len(said) < 2:
        return say(words.HOW)
    name, verdict, reason = said[0], said[1], said[2] if len(said) > 2 else ""
    found = called(people_in_charge(turn, name), name)
    if not found:
        return say(posts.nobody_called(name, "您负责的范围里"))
    if len(found) > 1:
        return say(posts.several_called(name, [f"{one.name}（{one.number}）" for one in found]))
    alerts = unended(turn.work, [found[0].person_id], turn.day - BACK)
    if not alerts:
        return say(words.nothing_open(found[0].name))
    if verdict in EXCLUDED:
        return _exclude(turn, found[0].name, alerts, reason)
    if verdict in NOT_REPORTABLE | REPORTABLE:
        return _judge(turn, found[0].name, alerts, reason, reportable=verdict in REPORTABLE)
    text = f"{verdict} {reason}".strip()
    follow_up(turn.work, [alert for alert in alerts if alert.outcome is None], turn.speaker.me.person_id, text)
    _trail(turn, alerts, "alert.follow-up", "")
    return say(words.noted(found[0].name))


def _exclude(turn: Turn, name: str, alerts: list[AlertRow], reason: str) -> Said:
    """Risk down takes a human: the teacher, the doctor or the reporter (domain handbook 0.4)."""
    assert turn.speaker.me is not None
    if not turn.speaker.holds(*SETTLERS):
        return say(words.ONLY_SETTLERS)
    if not reason:
        return say(words.exclude_needs_reason(name))
    ending = [alert for alert in alerts if alert.outcome is None]
    follow_up(turn.work, ending, turn.speaker.me.person_id, reason, outcome="excluded")
    _trail(turn, ending, "alert.exclude", "")
    owed = any(alert.code in FEVERS and alert.reportable is None for alert in alerts)
    return say(words.excluded(name, owed))


def _judge(turn: Turn, name: str, alerts: list[AlertRow], reason: str, *, reportable: bool) -> Said:
    """Reportable or not: the reporter's word, and theirs who may sign for the school."""
    assert turn.speaker.me is not None
    if not turn.speaker.holds(*JUDGES):
        return say(words.ONLY_JUDGES)
    if not reason:
        return say(words.judgement_needs_reason(name, reportable))
    judged = "reportable" if reportable else "not_reportable"
    fevers = [alert for alert in alerts if alert.code in FEVERS]
    others = [alert for alert in alerts if alert.code not in FEVERS]
    me = turn.speaker.me.person_id
    # What a teacher has excluded stays excluded; the judgement is kept beside it.
    ended = [alert for alert in fevers if alert.outcome is not None]
    follow_up(turn.work, ended, me, reason, reportable=reportable)
    still = [alert for alert in (*fevers, *others) if alert.outcome is None]
    follow_up(turn.work, still, me, reason, outcome=judged, reportable=reportable)
    _trail(turn, alerts, "alert.judge", judged)
    return say(words.judged(name, reportable))


def _trail(turn: Turn, alerts: list[AlertRow], action: str, detail: str) -> None:
    assert turn.speaker.me is not None
    for alert in alerts:
        note(turn.work, f"person:{turn.speaker.me.person_id}", action, f"alert:{alert.id}", detail or alert.code)


def pending(turn: Turn) -> Said:
    """待办: what is open in the speaker's charge, names only where they may see them."""
    charge = people_in_charge(turn, units_only=True)
    if not charge:
        return say(words.NOT_YOURS)
    rows = unended_within(turn.work, charge, turn.day - BACK)
    lines = [words.line(turn.work.units.class_name(row.unit_id), row) for row in rows]
    return say(words.open_list(lines))


def begin(turn: Turn) -> Said | None:
    return handle(turn) if turn.text.startswith("处理") else pending(turn)


conversation = Conversation(
    name="handling",
    opens_on=frozenset({"处理", "待办"}),
    prefixes=("处理",),
    steps={"begin": begin},
    first="begin",
)
