"""The two checks a day of persons in observation: asked at the slot's beginning, looked for an hour after its end (A12).

Also here, because it follows from the checks: how long each observation lasts, and whose release may be decided. The
passing of a date ends none (domain handbook 8.5).
"""

from __future__ import annotations

from collections.abc import Sequence

from bots.alerts.telling import Concerned, Posts, make_push, raise_and_tell
from bots.isolation import words
from models.actions.management import Standing, checks_missed, keep_standing
from models.queries.management import ManagedRow, checks_of, observed
from models.queries.people import Holder, Recipient, recipients_of
from models.rules.alerts import Finding
from models.rules.management import first_check, observation, over_now
from schedules.asking import useful_until
from schedules.job import Job, Moment, Owed, Push

_SLOTS = ("am", "am", "pm", "pm")


def plan(moment: Moment) -> Sequence[Push]:
    rows = observed(moment.work)
    if not rows:
        return []
    slot = _SLOTS[moment.slot]
    return _ask(moment, rows, slot) if moment.slot in {0, 2} else _missed(moment, rows, slot)


def _ask(moment: Moment, rows: Sequence[ManagedRow], slot: str) -> list[Push]:
    district, times = moment.district, moment.district.times
    ends = (times.observation_am if slot == "am" else times.observation_pm)[1]
    done = checks_of(moment.work, {row.person_id for row in rows}, moment.day)
    silent = {row.person_id: row for row in rows if done.get(row.person_id, {}).get((moment.day, slot)) is None}
    by_account: dict[int, list[Recipient]] = {}
    for to in recipients_of(moment.connection, silent):
        by_account.setdefault(to.account_id, []).append(to)
    pushes = []
    for account_id, people in by_account.items():
        children = [one.name for one in people if one.relation == "guardian"]
        own = next((one.name for one in people if one.relation == "self"), "")
        school = moment.work.units.get(silent[people[0].person_id].school_id)
        pushes.append(
            Push(
                key=f"observation-check:{slot}:{account_id}:{moment.day}",
                kind="observation-check",
                account_id=account_id,
                body={"text": words.ask_check(children, own, slot, f"{ends:%H:%M}")},
                moment=moment.at,
                expires_at=useful_until(moment, district.at(moment.day, ends)),
                person_id=people[0].person_id,
                relation=people[0].relation,
                fields={
                    "title": "观察期健康上报",
                    "unit": school.name if school else district.name,
                    "time": f"{moment.day}",
                    "note": f"请在{ends:%H:%M}前点开回复体温",
                },
                # By the evening a report of the day is there already; in the morning it answers the question.
                owed=Owed("unreported", moment.day, tuple(one.person_id for one in people)) if slot == "am" else None,
            )
        )
    return pushes


def _missed(moment: Moment, rows: Sequence[ManagedRow], slot: str) -> list[Push]:
    since = min(row.known_on for row in rows)
    checks = checks_of(moment.work, {row.person_id for row in rows}, since)
    owed = (moment.day, slot)
    silent = [
        row
        for row in rows
        if first_check(row.started_at, moment.district) <= owed and checks.get(row.person_id, {}).get(owed) is None
    ]
    checks_missed(moment.work, {row.person_id for row in silent}, moment.day, slot, moment.at)
    posts = Posts(moment.work, {row.unit_id for row in rows}, ["head_teacher", "designated_reporter"], moment.day)
    officers = {
        one.person_id: one
        for one in recipients_of(moment.connection, {row.officer_id for row in rows if row.officer_id is not None})
        if one.relation == "self"
    }

    def officer(row: ManagedRow) -> list[Holder]:
        known = officers.get(row.officer_id or 0)
        if known is not None:
            return [Holder(known.person_id, known.name, "contact_officer", "", row.unit_id, known.account_id)]
        return posts.reached(row.unit_id, "head_teacher")

    concerned = [
        Concerned(
            row.person_id,
            row.name,
            row.person_kind,
            row.unit_id,
            moment.day,
            (Finding("A12", {"slots": [f"{moment.day} {slot}"]}),),
        )
        for row in {row.person_id: row for row in silent}.values()
    ]
    instead = {row.person_id: officer(row) for row in silent}
    pushes = list(raise_and_tell(moment.work, concerned, "系统核对", at=moment.at, instead=instead).pushes)
    return pushes + _standings(moment, rows, checks, posts, officer)


def _standings(moment: Moment, rows: Sequence[ManagedRow], checks, posts: Posts, officer) -> list[Push]:  # type: ignore[no-untyped-def]
    """Move the ends of observations that had a gap, and ask for a decision on those that are over."""
    kept, pushes = [], []
    for row in rows:
        if row.last_exposure_on is None:
            continue
        answered = [check for check, at in checks.get(row.person_id, {}).items() if at is not None]
        standing = observation(
            row.last_exposure_on,
            moment.district.disease,
            answered,
            first_check(row.started_at, moment.district),
            moment.day,
            until=over_now(moment.at, moment.day, moment.district),
        )
        state = "observing" if standing.lacking else "due_for_release"
        if (state, standing.ends) == (row.state, row.ends_on):
            continue
        kept.append(Standing(row.id, standing.ends, state))
        if state != "due_for_release" or row.state == state:
            continue
        text = words.release_due(row.name, moment.work.units.class_name(row.unit_id), standing.ends)
        told = {
            holder.account_id: holder for holder in (*officer(row), *posts.reached(row.unit_id, "designated_reporter"))
        }
        for account, holder in told.items():
            key = f"release-due:{row.id}:{standing.ends}:{account}"
            unit = moment.district.name
            pushes.append(
                make_push(moment.work, holder, text, key=key, unit=unit, level="orange", at=moment.at, alert_id=None)
            )
    keep_standing(moment.work, kept)
    return pushes


job = Job(
    name="observation-check",
    times=lambda times: (
        times.observation_am[0],
        times.observation_missed[0],
        times.observation_pm[0],
        times.observation_missed[1],
    ),
    plan=plan,
)
