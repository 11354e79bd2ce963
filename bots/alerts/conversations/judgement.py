"""不需报告 姓名 原因, 需报告 姓名 原因: the reporter judges a fever (domain handbook 4.5)."""

from __future__ import annotations

from bots.alerts.words import judging as words
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.people.finding import called
from bots.reports.reopening import after_change
from bots.wording import posts
from models.actions.judgements import NOT_REPORTABLE, REPORTABLE, Judged, judge, owed
from models.actions.reports import remark
from models.actions.trail import note
from models.queries.people import holders
from models.queries.units import UnitInfo
from models.queries.unreported import Named, people_of
from models.rules.push import Lane, Push

_JUDGES = ("designated_reporter", "deputy_reporter", "principal")
_NO, _YES = ("不需报告", "不需要报告", "无需报告", "不用报告"), ("需报告", "需要报告")
#: Characters of a reason that are kept.
_LONGEST = 200


def begin(turn: Turn) -> Said | None:
    verb = next((word for word in (*_NO, *_YES) if turn.text.startswith(word)), "")
    if not turn.speaker.posts or turn.speaker.me is None or not verb:
        return None
    schools = [unit for post in turn.speaker.holds(*_JUDGES) if (unit := turn.work.units.get(post.unit_id))]
    if not schools:
        return say(words.ONLY)
    parts = turn.text.removeprefix(verb).strip(" ：:，,").split(None, 1)
    if not parts:
        return say(words.HOW)
    ids = [unit.id for school in schools for unit in turn.work.units.within(school.id)]
    people = people_of(turn.work.flush(), ids, turn.day)
    found = called(people, parts[0])
    if not found:
        return say(posts.nobody_called(parts[0], "本校"))
    waiting = owed(turn.work, ids, turn.day)
    if len(found) > 1:
        ill = [one for one in found if one.person_id in {person for person, _ in waiting}]
        found = ill if len(ill) == 1 else found
    if len(found) > 1:
        where = [f"{one.name}（{turn.work.units.class_name(one.unit_id)}，{one.number}）" for one in found]
        return say(posts.several_called(parts[0], where))
    if len(parts) < 2:
        return say(words.ask_reason(found[0].name, verb))
    named = {one.person_id: one.name for one in people}
    left = [named[person] for person, _ in waiting if person in named and person != found[0].person_id]
    return _judge(turn, found[0], verb in _NO, parts[1][:_LONGEST], left)


def _judge(turn: Turn, one: Named, is_ordinary: bool, reason: str, left: list[str]) -> Said:
    work, me = turn.work, turn.speaker.me
    assert me is not None
    done = judge(work, one.person_id, turn.day, NOT_REPORTABLE if is_ordinary else REPORTABLE, me.person_id, reason)
    if done is None:
        return say(words.nothing(one.name))
    note(work, f"person:{me.person_id}", "names-read", f"unit:{one.unit_id}:{turn.day}", "judgement")
    unit = work.units[one.unit_id]
    school = work.units.get(unit.school_id) or unit
    verdict = "不需报告" if is_ordinary else "需报告"
    # The reason belongs to the school's report, sealed there; the class sees it through the alert's outcome.
    remark(work, school, turn.day, me.person_id, f"发热判断：{work.units.class_name(unit.id)}1例{verdict}，{reason}")
    if is_ordinary:
        return say(words.not_reportable(one.name, left))
    if NOT_REPORTABLE in done.before:
        name = "staff_judged" if one.kind == "staff" else "judged"
        after_change(work, one.unit_id, "student", turn.day, {name: -1}, turn.sent_at)
    return say(words.reportable(one.name, _tell(turn, one, school, done)))


def _tell(turn: Turn, one: Named, school: UnitInfo, done: Judged) -> int:
    """The principal by name, the bureau without one (domain handbook 2.4)."""
    work, me, told = turn.work, turn.speaker.me, 0
    assert me is not None
    where = work.units.class_name(one.unit_id) if one.unit_id != school.id else ""
    bureau = work.units.district
    places = [school.id, *([bureau.id] if bureau else [])]
    for holder in holders(work.flush(), places, ["principal", "district_officer", "wg_emergency"], turn.day):
        if holder.account_id is None or holder.person_id == me.person_id:
            continue
        of_school = holder.unit_id == school.id
        if of_school:
            text = words.told_principal(school.name, where, one.name, me.name)
        else:
            text = words.told_bureau(school.name, where)
        told += 1
        turn.push(
            Push(
                key=f"judged:{done.alert_ids[0]}:reportable:{holder.account_id}",
                kind="alert",
                account_id=holder.account_id,
                body={"text": text},
                moment=turn.now,
                expires_at=turn.district.end_of(turn.district.day_of(turn.now)),
                lane=Lane.ALERT,
                person_id=holder.person_id,
                fields={"title": "发热需报告", "unit": school.name, "time": f"{turn.day}", "note": "请进入对话查看"},
            )
        )
    return told


conversation = Conversation(
    name="judgement",
    steps={"begin": begin},
    first="begin",
    opens_on=frozenset({*_NO, *_YES}),
    prefixes=(*_NO, *_YES),
)
