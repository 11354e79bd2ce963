"""事件 …: an incident is opened, looked at, taken step by step, and closed in chat (domain handbook 8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.incidents.contacts import find_candidates
from bots.incidents.opening import Case, Reach, case_of, open_case, reach, tell_leaders, units_handled
from bots.incidents.papers import DRAFTS, candidate_list, draft, hand_over
from bots.incidents.words import steps as words
from bots.people.charge import people_in_charge
from bots.people.finding import called
from bots.wording import posts
from bots.wording.names import place
from models.actions.incidents import Candidate, Opening, add_candidates, add_note, end_step, grade, reject
from models.actions.trail import note
from models.queries.incidents import open_in, steps_of
from models.queries.unreported import Named, people_named
from models.rules.authority import BUREAU
from models.rules.clusters import diagnoses_in
from models.rules.incidents import CLOSERS, DECIDERS, HANDLERS, STEPS, lacking

#: What is written for each step; the longest first where one begins another.
_STEPS: Mapping[str, str] = {
    "已隔离": "held",
    "已留观": "held",
    "已居家": "held",
    "已通知家长": "guardian_notified",
    "已就医": "referred",
    "已送医": "referred",
    "已报告": "reported",
    "已上报": "reported",
    "已消毒": "disinfected",
    "追踪": "tracking",
    "进展": "tracking",
    "排除": "outcome",
    "已排除": "outcome",
    "确诊": "outcome",
    "查验": "cleared",
    "结案": "case_closed",
    "销案": "case_closed",
}
_CONTACTS = frozenset({"排查", "排查名单", "接触"})
_SEVERITIES = frozenset({"Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级", "未定级"})
_WHERE = {"家": "home", "校门": "gate", "教室": "class", "班": "class", "宿舍": "dormitory", "食堂": "canteen"}
_CLOCK = re.compile(r"([01]?\d|2[0-3])\s*[:：点]\s*([0-5]?\d)?分?")
#: Names of steps as they are shown, for 不适用.
_NAMED = {name: step for step, name in words.STEP_NAMES.items() if step in STEPS} | {
    "隔离": "held",
    "报告": "reported",
    "排查": "contacts",
    "复课": "cleared",
    "排除": "outcome",
    "确诊": "outcome",
}
_LONGEST = 300


def begin(turn: Turn) -> Said | None:
    if not turn.speaker.posts or turn.speaker.me is None:
        return None
    if not (turn.speaker.holds(*HANDLERS) or any(post.role in BUREAU for post in turn.speaker.posts)):
        return say(words.NOT_YOURS)
    if turn.text.startswith("开事件"):
        return _open(turn, turn.text.removeprefix("开事件").strip(" ：:，,"))
    if turn.text.startswith("已报告"):
        return _reported(turn)
    said = turn.text.removeprefix("事件").strip(" ：:，,")
    if not said:
        return _list(turn)
    head, _, rest = said.partition(" ")
    case = _find(turn, head)
    if isinstance(case, Said):
        return case
    if case is None:
        return _open(turn, said) if rest and not head.isdecimal() else _unknown(turn, head)
    seen = reach(turn.work, turn.speaker.posts, case.row.unit_id)
    if seen is Reach.NOTHING:
        return say(words.NO_SUCH)
    _read(turn, case)
    rest = rest.strip()
    if not rest or seen is Reach.STEPS:
        return _for_bureau(turn, case, rest) if seen is Reach.STEPS else say(_shown(turn, case, plain=False))
    return _enter(turn, case, rest)


def _list(turn: Turn) -> Said:
    rows = open_in(turn.work, units_handled(turn))
    steps = steps_of(turn.work, [row.id for row in rows]) if rows else {}
    listed = []
    for row in rows:
        seen = reach(turn.work, turn.speaker.posts, row.unit_id)
        if seen is Reach.NOTHING:
            continue
        plain = seen is Reach.STEPS
        where = place(turn.work.units, row.unit_id) if plain else turn.work.units.class_name(row.unit_id)
        listed.append((row, where, steps.get(row.id, []), plain))
    return say(words.listed(turn.district, listed, turn.now))


def _find(turn: Turn, head: str) -> Case | Said | None:
    """The incident of this number, or the open one of the person called so."""
    if head.isdecimal():
        case = case_of(turn.work, int(head)) if len(head) < 12 else None
        return case if case is not None else say(words.NO_SUCH)
    if not turn.speaker.holds(*HANDLERS):
        return say(words.LOCAL_ONLY)
    named = [row for row in open_in(turn.work, units_handled(turn)) if row.person_name and _is(row.person_name, head)]
    if len(named) > 1:
        return say(words.which(named))
    return case_of(turn.work, named[0].id) if named else None


def _is(name: str, said: str) -> bool:
    return name == said or (len(said) >= 2 and name.endswith(said))


def _unknown(turn: Turn, head: str) -> Said:
    found = called(people_in_charge(turn, head), head)
    return say(words.no_incident(found[0].name) if len(found) == 1 else words.HOW)


def _read(turn: Turn, case: Case) -> None:
    me = turn.speaker.me
    assert me is not None
    note(turn.work, f"person:{me.person_id}", "incident.read", f"incident:{case.row.id}")


def _shown(turn: Turn, case: Case, *, plain: bool) -> str:
    where = place(turn.work.units, case.row.unit_id) if plain else case.where
    return words.shown(turn.district, case.row, where, case.steps, turn.now, plain=plain)


def _for_bureau(turn: Turn, case: Case, rest: str) -> Said:
    """The bureau sees steps and times, and enters its grading."""
    word, _, more = rest.partition(" ")
    if word == "定级" and more.strip() in _SEVERITIES:
        assert turn.speaker.me is not None
        grade(turn.work, case.row, more.strip(), turn.speaker.me.person_id)
        case.row.severity = more.strip()
    return say(_shown(turn, case, plain=True))


# --- opening ---------------------------------------------------------------------------------------------------------
def _open(turn: Turn, said: str) -> Said:
    head, _, reason = said.partition(" ")
    reason = reason.strip()
    if not head or not reason:
        return say(words.HOW)
    charge = [unit for unit in units_handled(turn) if reach(turn.work, turn.speaker.posts, unit) is Reach.ALL]
    found = called(people_named(turn.work.flush(), charge, head, turn.day), head) if charge else []
    if not found:
        return say(posts.nobody_called(head, "您负责的范围里"))
    if len(found) > 1:
        return say(posts.several_called(head, [f"{one.name}（{one.number}）" for one in found]))
    return _open_for(turn, found[0], reason)


def _open_for(turn: Turn, one: Named, reason: str) -> Said:
    me = turn.speaker.me
    assert me is not None
    disease = next(iter(sorted(diagnoses_in(reason))), "")
    what = (
        "disease"
        if disease
        else "severe"
        if any(word in reason for word in ("昏迷", "抽搐", "呼吸困难", "剧烈"))
        else "other"
    )
    found_at = _clock(turn, reason)
    if found_at is None:
        return say(words.LATER)
    opening = Opening(
        one.person_id,
        one.unit_id,
        what,
        found_at,
        found_by=me.person_id,
        found_where=next((code for word, code in _WHERE.items() if word in reason), ""),
        opened_by=me.person_id,
        facts={"said": reason[:_LONGEST], **({"disease": disease} if disease else {})},
    )
    case, is_new = open_case(turn, opening)
    if not is_new:
        return say(words.already_open(case.row, case.where))
    return say(words.opened(turn.district, case.row, case.where, case.steps, turn.now))


# --- entering --------------------------------------------------------------------------------------------------------
def _enter(turn: Turn, case: Case, said: str) -> Said:
    word, _, rest = said.partition(" ")
    rest = rest.strip()[:_LONGEST]
    if word in DRAFTS:
        return say(draft(turn, case, word, rest))
    if word == "交接":
        return say(hand_over(turn, case, rest))
    if word in _CONTACTS and case.row.closed_at is not None:
        return say(candidate_list(turn, case, is_at_school=True))
    if case.row.closed_at is not None:
        return say(words.closed_before(case.row))
    if word in _CONTACTS:
        return _contacts(turn, case)
    if word == "候选":
        return _candidate(turn, case, rest)
    if word == "不适用":
        return _skip(turn, case, rest)
    if word == "误报":
        return _false_alarm(turn, case, rest)
    if word == "定级":
        return say(words.ONLY_BUREAU)
    step = _STEPS.get(word)
    if step is not None:
        return _SPECIAL.get(step, _step)(turn, case, step, word, rest)
    return _note(turn, case, said[:_LONGEST])


def _step(turn: Turn, case: Case, step: str, word: str, rest: str) -> Said:
    at = _clock(turn, rest)
    if at is None:
        return say(words.LATER)
    facts = {}
    if step == "referred" and (hospital := _CLOCK.sub("", rest).strip(" ，,")):
        facts["hospital"] = hospital
    return _end(turn, case, step, at, rest, facts=facts)


def _report(turn: Turn, case: Case, step: str, word: str, rest: str) -> Said:
    """To whom and when: kept as facts, for the reports."""
    at = _clock(turn, rest)
    if at is None:
        return say(words.LATER)
    to = _CLOCK.sub("", rest).strip(" ，,")
    told = [*case.row.facts.get("reports", ()), {"to": to, "at": f"{turn.district.local(at):%Y-%m-%d %H:%M}"}]
    return _end(turn, case, step, at, rest, facts={"reports": told})


def _outcome(turn: Turn, case: Case, step: str, word: str, rest: str) -> Said:
    if not turn.speaker.holds(*DECIDERS):
        return say(words.ONLY_DECIDERS)
    is_diagnosis = word == "确诊"
    if not rest:
        return say(words.needs(case.row, "诊断" if is_diagnosis else "排除的依据"))
    facts: dict[str, object] = {"diagnosis" if is_diagnosis else "cause": rest}
    if is_diagnosis:
        case.row.disease = next(iter(sorted(diagnoses_in(rest))), case.row.disease)
    outcome = "diagnosed" if is_diagnosis else "excluded"
    return _end(turn, case, step, _clock(turn, rest) or turn.sent_at, rest, outcome=outcome, facts=facts)


def _cleared(turn: Turn, case: Case, step: str, word: str, rest: str) -> Said:
    if not turn.speaker.holds(*DECIDERS):
        return say(words.ONLY_DECIDERS)
    return _end(turn, case, step, turn.sent_at, rest)


def _close(turn: Turn, case: Case, step: str, word: str, rest: str) -> Said:
    if not turn.speaker.holds(*CLOSERS):
        return say(words.ONLY_CLOSERS)
    if lacking([one.standing for one in case.steps]):
        return say(words.still_open(case.row, case.steps))
    if not rest and not case.row.facts.get("cause"):
        return say(words.needs(case.row, "原因"))
    return _end(turn, case, step, turn.sent_at, rest, facts={"cause": rest or case.row.facts["cause"]})


_SPECIAL: Mapping[str, Callable[[Turn, Case, str, str, str], Said]] = {
    "reported": _report,
    "outcome": _outcome,
    "cleared": _cleared,
    "case_closed": _close,
}


def _end(
    turn: Turn,
    case: Case,
    step: str,
    at: datetime,
    text: str,
    *,
    state: str = "done",
    outcome: str | None = None,
    facts: Mapping[str, object] | None = None,
) -> Said:
    me = turn.speaker.me
    assert me is not None
    event = end_step(
        turn.work,
        case.row,
        case.steps,
        step,
        by=me.person_id,
        at=at,
        text=text,
        state=state,
        outcome=outcome,
        facts=facts,
    )
    shown = outcome or step
    what = words.STEP_NAMES[shown] + ("（不适用）" if state != "done" else "")
    tell_leaders(turn, case, event, what, at)
    return say(words.entered(turn.district, case.row, case.where, shown, at, case.steps, turn.now))


def _skip(turn: Turn, case: Case, rest: str) -> Said:
    name, _, reason = rest.partition(" ")
    step = _NAMED.get(name)
    if step is None or not reason.strip():
        return say(words.needs(case.row, "不适用的步骤和原因"))
    if step in {"outcome", "case_closed"}:
        return say(words.cannot_skip(case.row))
    if step == "cleared" and not turn.speaker.holds(*DECIDERS):
        return say(words.ONLY_DECIDERS)
    return _end(turn, case, step, turn.sent_at, reason.strip(), state="not_applicable")


def _false_alarm(turn: Turn, case: Case, rest: str) -> Said:
    if not turn.speaker.holds(*CLOSERS, "school_doctor"):
        return say(words.ONLY_CLOSERS)
    if not rest:
        return say(words.needs(case.row, "误报的原因"))
    me = turn.speaker.me
    assert me is not None
    event = reject(turn.work, case.row, case.steps, by=me.person_id, text=rest)
    tell_leaders(turn, case, event, "核实为误报，已结案", turn.sent_at)
    return say(words.entered(turn.district, case.row, case.where, "false_alarm", turn.sent_at, case.steps, turn.now))


def _note(turn: Turn, case: Case, text: str) -> Said:
    me = turn.speaker.me
    assert me is not None
    facts: dict[str, object] = {}
    if found := next((code for word, code in _WHERE.items() if text.startswith("地点") and word in text), ""):
        case.row.found_where = found
    add_note(turn.work, case.row, by=me.person_id, text=text, facts=facts)
    return say(words.noted(case.row, case.where))


def _reported(turn: Turn) -> Said | None:
    """已报告 疾控 15:20, without a number: where one open incident waits for it, it is meant."""
    rows = open_in(turn.work, units_handled(turn))
    mine = [row for row in rows if reach(turn.work, turn.speaker.posts, row.unit_id) is Reach.ALL]
    steps = steps_of(turn.work, [row.id for row in mine]) if mine else {}
    waiting = [
        row for row in mine if any(one.step == "reported" and one.state == "open" for one in steps.get(row.id, ()))
    ]
    if not waiting:
        return None
    if len(waiting) > 1:
        return say(words.which(waiting))
    case = case_of(turn.work, waiting[0].id)
    assert case is not None
    return _report(turn, case, "reported", "已报告", turn.text.removeprefix("已报告").strip(" ：:，,"))


def _clock(turn: Turn, text: str) -> datetime | None:
    """The time a text names, today; now where it names none; None where it has not come yet."""
    found = _CLOCK.search(text)
    if found is None:
        return turn.sent_at
    at = turn.district.at(turn.day, time(int(found[1]), int(found[2] or 0)))
    return None if at > turn.sent_at + timedelta(minutes=1) else min(at, turn.sent_at)


# --- papers and contacts ---------------------------------------------------------------------------------------------
def _contacts(turn: Turn, case: Case) -> Said:
    """The school's own list; making it is the step `contacts`."""
    me = turn.speaker.me
    assert me is not None
    found, at_school = find_candidates(turn.work, case.row)
    add_candidates(turn.work, case.row.id, found, me.person_id)
    if any(one.step == "contacts" and one.state == "open" for one in case.steps):
        event = end_step(
            turn.work, case.row, case.steps, "contacts", by=me.person_id, at=turn.sent_at, text=f"{len(found)}人"
        )
        tell_leaders(turn, case, event, f"排查名单{len(found)}人", turn.sent_at)
    return say(candidate_list(turn, case, is_at_school=at_school))


def _candidate(turn: Turn, case: Case, rest: str) -> Said:
    me = turn.speaker.me
    assert me is not None
    name, _, how = rest.partition(" ")
    school = case.row.school_id or case.row.unit_id
    units = [unit.id for unit in turn.work.units.within(school)]
    found = called(people_named(turn.work.flush(), units, name, turn.day), name) if name else []
    if not found:
        return say(posts.nobody_called(name, "本校") if name else words.HOW)
    if len(found) > 1:
        return say(posts.several_called(name, [f"{one.name}（{one.number}）" for one in found]))
    add_candidates(turn.work, case.row.id, [Candidate(found[0].person_id, ("other",), None, how)], me.person_id)
    return say(words.candidate_added(case.row, found[0].name))


conversation = Conversation(
    name="incidents",
    steps={"begin": begin},
    first="begin",
    is_global=True,  # an open question about health must not take these words for its answer
    opens_on=frozenset({"事件", "开事件", "已报告"}),
    prefixes=("事件", "开事件", "已报告"),
)
