"""催报: reminds whoever still owes something, now; once an hour for each unit."""

from __future__ import annotations

from datetime import timedelta

from bots.conversation import Conversation, Said, Turn, say
from bots.phrases import asking, posts
from bots.phrases import district as words
from bots.phrases.plain import names
from bots.reporting import attends, has_started, hats_of
from models.queries.bound import Asked, asked_on
from models.queries.pushes import pushed_since
from models.queries.people import Holder, holders
from models.queries.reports import deadline_of
from models.queries.schools import SchoolDay, schools_on
from models.queries.units import UnitInfo
from models.queries.unreported import unreported
from models.rules.authority import BUREAU
from models.rules.push import Lane, Owed, Push

#: A unit is reminded by hand at most this often.
EVERY = timedelta(hours=1)
_SCHOOL_ROLES = ("academic_office", "designated_reporter", "deputy_reporter", "principal", "duty_leader")


def begin(turn: Turn) -> Said:
    classes = [hat.unit for hat in hats_of(turn, "class_unit")]
    grades = [hat.unit for hat in hats_of(turn, "grade")]
    schools = [unit for post in turn.speaker.holds(*_SCHOOL_ROLES) if (unit := turn.work.units.get(post.unit_id))]
    bureau = bool(turn.speaker.holds(*BUREAU))
    if not (classes or grades or schools or bureau):
        return say(posts.only_for("班主任、年级主任、学校和教育局的负责人"))
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    told = []
    if classes:
        told.append(_families(turn, classes))
    if bureau:
        told.append(_reporters(turn))
    elif schools or grades:
        told.append(_teachers(turn, list(dict.fromkeys([*schools, *grades]))))
    return say("\n".join(told))


def _families(turn: Turn, classes: list[UnitInfo]) -> str:
    """The guardians of those not heard, each once; who cannot be reached is named for a call."""
    work = turn.work
    connection, ids = work.flush(), [unit.id for unit in classes]
    missing = unreported(connection, ids, turn.day)
    if not missing:
        return "全班都已上报，不用催报。回复“确认”可签报班级日报。"
    asked = [
        one for one in asked_on(connection, turn.day, silent_only=True, unit_ids=ids) if one.relation == "guardian"
    ]
    reached = {one.person_id for one in asked}
    unreached = [one.name for one in missing if one.person_id not in reached]
    call = f"{names(unreached)}没有家长绑定，请电话联系。" if unreached else ""
    by_account: dict[int, list[Asked]] = {}
    for one in asked:
        by_account.setdefault(one.account_id, []).append(one)
    prefix = f"class-remind:{classes[0].id}:{turn.day}:"
    if by_account and pushed_since(connection, by_account, prefix, turn.sent_at - EVERY):
        return f"一小时内已经提醒过了，还有{len(missing)}名学生未报：{names(one.name for one in missing)}。{call}"
    for account_id, children in by_account.items():
        turn.push(
            Push(
                key=f"{prefix}{turn.district.local(turn.sent_at):%H%M}:{account_id}",
                kind="checkin-reminder",
                account_id=account_id,
                body={"text": asking.from_teacher([child.name for child in children])},
                moment=turn.now,
                expires_at=turn.now + EVERY,
                person_id=children[0].person_id,
                relation="guardian",
                fields={
                    "title": "健康上报提醒",
                    "unit": work.units.class_name(children[0].unit_id),
                    "time": turn.day.isoformat(),
                    "note": "今天还没有收到上报，请点开回复",
                },
                owed=Owed("unreported", turn.day, tuple(child.person_id for child in children)),
            )
        )
    return f"已提醒{len(by_account)}位家长（{len(missing)}名学生未报）。{call}回复“未报”可查看最新名单。"


def _teachers(turn: Turn, units: list[UnitInfo]) -> str:
    """The head teachers of classes nobody has signed."""
    work = turn.work
    schools = [one for unit in units if (one := work.units.get(unit.school_id))]
    within = {lower.id for unit in units for lower in work.units.within(unit.id)}
    days = schools_on(work.flush(), work.units, turn.day, list(dict.fromkeys(schools)), attends=attends(work))
    unfiled = [unit for one in days for unit in one.unfiled if unit.id in within]
    if not unfiled:
        return "班级都已确认，不用催报。"
    found = holders(work.connection, [unit.id for unit in unfiled], ["head_teacher"], turn.day)
    told = [
        _nudge(
            turn,
            holder,
            work.units[holder.unit_id],
            "class-report",
            f"{work.units.class_name(holder.unit_id)}今日日报还没有确认，请回复“班级”核对，无误请回复“确认”。",
        )
        for holder in found
        if holder.account_id is not None
    ]
    return _outcome(turn, "班主任", [work.units.class_name(unit.id) for unit in unfiled], told)


def _reporters(turn: Turn) -> str:
    """The reporters of schools that have not filed."""
    work = turn.work
    late = [one for one in schools_on(work.flush(), work.units, turn.day) if not one.report.is_signed]
    if not late:
        return "各校日报都已提交，不用催报。"
    by_school = {one.school.id: one for one in late}
    found = holders(work.connection, by_school, ["designated_reporter", "deputy_reporter"], turn.day)
    told = [
        _nudge(
            turn, holder, by_school[holder.unit_id].school, "zero-report-nudge", _text(turn, by_school[holder.unit_id])
        )
        for holder in found
        if holder.account_id is not None
    ]
    return _outcome(turn, "报告人", [one.school.name for one in late], told)


def _text(turn: Turn, one: SchoolDay) -> str:
    left = deadline_of(turn.district, one.school, turn.day) - turn.sent_at
    unfiled = [turn.work.units.class_name(unit.id) for unit in one.unfiled]
    figures = one.figures
    return words.nudge(
        one.school.name, int(left.total_seconds() // 60), figures.classes_filed, figures.classes, unfiled
    )


def _nudge(turn: Turn, holder: Holder, unit: UnitInfo, kind: str, text: str) -> bool:
    """Owe one holder a nudge, unless this unit was reminded within the hour; gives whether it was owed."""
    assert holder.account_id is not None
    hour = turn.district.local(turn.sent_at)
    key = f"unit-remind:{unit.id}:{turn.day}:{hour:%H}:{holder.account_id}"
    turn.push(
        Push(
            key=key,
            kind=kind,
            account_id=holder.account_id,
            body={"text": text},
            moment=turn.now,
            expires_at=turn.now + EVERY,
            lane=Lane.NUDGE,
            person_id=holder.person_id,
            fields={"title": "日报待确认", "unit": unit.name, "time": f"{turn.day}", "note": "请进入对话核对"},
            owed=Owed("report_open", turn.day, unit=unit.id),
        )
    )
    return True


def _outcome(turn: Turn, role: str, units: list[str], told: list[bool]) -> str:
    del turn
    rest = "" if told else f"他们都没有绑定，请电话联系{role}。"
    return f"已提醒{len(told)}位{role}（{len(units)}个单位未报：{names(units)}）。{rest}同一单位一小时内只提醒一次。"


conversation = Conversation(
    name="remind",
    steps={"begin": begin},
    first="begin",
    opens_on=frozenset({"催报", "催一下"}),
)
