"""催报: reminds whoever still owes something, now; once an hour for each unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.reports.chain import has_started, hats_of
from bots.reports.words import district as words
from bots.wording import asking, posts
from bots.wording.plain import names
from models.actions.nudges import asked
from models.queries.bound import Asked, asked_on
from models.queries.due import due_of
from models.queries.figures.schools import SchoolDay, schools_on
from models.queries.people import holders
from models.queries.pushes import recent_keys
from models.queries.reports import deadline_of
from models.queries.units import UnitInfo
from models.queries.unreported import unreported
from models.rules.authority import BUREAU, REMINDERS
from models.rules.push import Owed, Push

_LEADERS = ("principal", "duty_leader")


def begin(turn: Turn) -> Said:
    classes = [hat.unit for hat in hats_of(turn, "class_unit")]
    grades = [hat.unit for hat in hats_of(turn, "grade")]
    schools = [unit for post in turn.speaker.holds(*REMINDERS) if (unit := turn.work.units.get(post.unit_id))]
    bureau = bool(turn.speaker.holds(*BUREAU))
    if not (classes or grades or schools or bureau):
        return say(posts.only_for("班主任、年级主任、学校和教育局的负责人"))
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    told = []
    if classes:
        told.append(_families(turn, classes))
    if bureau:
        told.append(_reporters(turn, None))
    elif led := [unit for post in turn.speaker.holds(*_LEADERS) if (unit := turn.work.units.get(post.unit_id))]:
        told.append(_reporters(turn, led))
    if schools or grades:
        told.append(_teachers(turn, list(dict.fromkeys([*schools, *grades]))))
    return say("\n".join(told))


def _families(turn: Turn, classes: list[UnitInfo]) -> str:
    """The guardians of those not heard, each once; who cannot be reached is named for a call."""
    work = turn.work
    connection, ids = work.flush(), [unit.id for unit in classes]
    missing = unreported(connection, ids, turn.day)
    if not missing:
        return "全班都已上报，不用催报。回复“班级”核对后可签报班级日报。"
    silent = asked_on(connection, turn.day, silent_only=True, unit_ids=ids)
    by_account: dict[int, list[Asked]] = {}
    for one in silent:
        by_account.setdefault(one.account_id, []).append(one)
    reached = {one.person_id for one in silent}
    unreached = [one.name for one in missing if one.person_id not in reached]
    call = f"{names(unreached)}没有家长绑定，请电话联系。" if unreached else ""
    recent = recent_keys(connection, by_account, "class-remind:", turn.now - _every(turn))
    done = {int(key.split(":")[1]) for key in recent}
    owed = {account: children for account, children in by_account.items() if children[0].unit_id not in done}
    if by_account and not owed:
        return f"{words.within(turn.district.reporting.remind_again_minutes)}已经提醒过了，还有{len(missing)}名学生未报：{names(one.name for one in missing)}。{call}"
    for account_id, children in owed.items():
        unit = work.units[children[0].unit_id]
        turn.push(
            Push(
                key=f"class-remind:{unit.id}:{turn.day}:{_stamp(turn)}:{account_id}",
                kind="checkin-reminder",
                account_id=account_id,
                body={"text": asking.from_teacher([child.name for child in children])},
                moment=turn.now,
                expires_at=turn.now + _every(turn),
                person_id=children[0].person_id,
                relation=children[0].relation,
                fields={
                    "title": "健康上报提醒",
                    "unit": work.units.class_name(unit.id),
                    "time": turn.day.isoformat(),
                    "note": "今天还没有收到上报，请点开回复",
                },
                owed=Owed("unreported", turn.day, tuple(child.person_id for child in children)),
            )
        )
    return f"已提醒{len(owed)}位家长（{len(missing)}名学生未报）。{call}回复“未报”可查看最新名单。"


def _teachers(turn: Turn, units: list[UnitInfo]) -> str:
    """The head teachers of classes nobody has signed."""
    work = turn.work
    schools = [one for unit in units if (one := work.units.get(unit.school_id))]
    within = {lower.id for unit in units for lower in work.units.within(unit.id)}
    days = schools_on(work.flush(), work.units, turn.day, due_of(work), list(dict.fromkeys(schools)))
    unfiled = [unit for one in days for unit in one.unfiled if unit.id in within]
    if not unfiled:
        return "班级都已确认，不用催报。"
    texts = {unit.id: words.class_nudge(work.units.class_name(unit.id)) for unit in unfiled}
    told = _nudge(turn, texts, ["head_teacher"], "class-report")
    return words.reminded(
        "班主任",
        [work.units.class_name(unit.id) for unit in unfiled],
        *told,
        minutes=turn.district.reporting.remind_again_minutes,
    )


def _reporters(turn: Turn, schools: list[UnitInfo] | None) -> str:
    """The reporters of schools (None: all) that have not filed."""
    work = turn.work
    days = schools_on(work.flush(), work.units, turn.day, due_of(work), schools)
    late = [one for one in days if not one.report.is_signed]
    if not late:
        return "学校日报都已提交，不用催报。"
    texts = {one.school.id: _text(turn, one) for one in late}
    told = _nudge(turn, texts, ["designated_reporter", "deputy_reporter"], "zero-report-nudge")
    return words.reminded(
        "报告人", [one.school.name for one in late], *told, minutes=turn.district.reporting.remind_again_minutes
    )


def _text(turn: Turn, one: SchoolDay) -> str:
    left = deadline_of(turn.district, one.school, turn.day) - turn.sent_at
    unfiled = [turn.work.units.class_name(unit.id) for unit in one.unfiled]
    figures = one.figures
    return words.nudge(
        one.school.name, int(left.total_seconds() // 60), figures.classes_filed, figures.classes, unfiled
    )


def _nudge(turn: Turn, texts: Mapping[int, str], roles: list[str], kind: str) -> tuple[int, int, int]:
    """Owe the holders of these units a nudge; gives how many were told, had been told within the hour, are unbound."""
    assert turn.speaker.me is not None
    found = holders(turn.work.connection, texts, roles, turn.day)
    accounts = [holder.account_id for holder in found if holder.account_id is not None]
    recent = recent_keys(turn.work.connection, accounts, "unit-remind:", turn.now - _every(turn))
    done = {int(key.split(":")[1]) for key in recent}
    told = 0
    asked(turn.work, {holder.unit_id for holder in found} - done, turn.day, turn.now, turn.speaker.me.person_id)
    for holder in found:
        if holder.account_id is None or holder.unit_id in done:
            continue
        told += 1
        unit = turn.work.units[holder.unit_id]
        turn.push(
            Push(
                key=f"unit-remind:{unit.id}:{turn.day}:{_stamp(turn)}:{holder.account_id}",
                kind=kind,
                account_id=holder.account_id,
                body={"text": texts[unit.id]},
                moment=turn.now,
                expires_at=turn.now + _every(turn),
                person_id=holder.person_id,
                fields={
                    "title": "日报待确认",
                    "unit": turn.work.units.class_name(unit.id),
                    "time": turn.day.isoformat(),
                    "note": "请进入对话核对",
                },
                owed=Owed("report_open", turn.day, unit=unit.id),
            )
        )
    unbound = sum(holder.account_id is None for holder in found)
    return told, len(accounts) - told, unbound


def _every(turn: Turn) -> timedelta:
    """How long a unit is not reminded again by hand."""
    return timedelta(minutes=turn.district.reporting.remind_again_minutes)


def _stamp(turn: Turn) -> str:
    """The minute of the reminder, as part of its key."""
    return f"{turn.district.local(turn.now):%Y%m%dT%H%M}"


conversation = Conversation(
    name="remind",
    steps={"begin": begin},
    first="begin",
    opens_on=frozenset({"催报", "催一下"}),
)
