"""追访 姓名 情况: what the family of an absent child said; first the same morning, then daily (domain handbook 8.6)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.people.charge import units_in_charge
from bots.people.finding import called
from bots.pupils.absences import follow_sick, symptoms_in
from bots.pupils.words import absences as words
from bots.wording import posts
from bots.wording.health import SYMPTOMS, on
from models.actions.absences import follow_up
from models.queries.absences import last_absence
from models.queries.unreported import people_of

_WORD = "追访"
_WHO = ("head_teacher", "deputy_head_teacher", "school_doctor", "designated_reporter", "deputy_reporter")
_UNREACHABLE = re.compile(r"联系不上|没联系上|打不通|没接|无人接听|未接通|不通$")
_BACK = re.compile(r"(\d{1,2})[月./-](\d{1,2})[日号]?\s*(?:返校|回校|到校|上学)")
_ONSET = re.compile(r"(\d{1,2})[月./-](\d{1,2})[日号]?\s*(?:起病|发病|开始|起)")
_DIAGNOSIS = re.compile(r"(?:确?诊断?[为是：:]?|医生说是?)\s*([^，,。；;\s]{1,20})")
_VISIT = re.compile(r"([^，,。；;\s]{0,12}(?:医院|门诊|卫生院|诊所))|(已?就诊|看了医生|看过医生|去看医生)")
_OUTCOME = re.compile(r"好转|退烧|痊愈|住院|加重|未愈")


def begin(turn: Turn) -> Said | None:
    if turn.speaker.me is None or not turn.speaker.holds(*_WHO):
        return say(words.NOT_YOURS)
    parts = turn.text.strip().removeprefix(_WORD).strip(" ：:，,").split(None, 1)
    if len(parts) < 2:
        return say(words.FOLLOW_HOW)
    name, said = parts[0], parts[1][:300]
    pupils = called(people_of(turn.work.flush(), units_in_charge(turn), turn.day), name)
    if not pupils:
        return say(posts.nobody_called(name, "您负责的班里"))
    if len(pupils) > 1:
        return say(posts.several_called(name, [f"{one.name}（学号{one.number}）" for one in pupils]))
    pupil = pupils[0]
    last = last_absence(turn.work.flush(), pupil.person_id, turn.day)
    if last is None:
        return say(words.nobody_absent(pupil.name))
    reached = not _UNREACHABLE.search(said)
    body = _fields(said, turn.day)
    if symptoms := symptoms_in(turn, pupil, said):
        body["symptoms"] = list(symptoms)
    follow_up(
        turn.work, pupil.person_id, last, turn.day, turn.speaker.me.person_id, turn.sent_at, body, reached=reached
    )
    if not reached:
        return say(words.not_reached(pupil.name))
    onset = date.fromisoformat(body["onset"]) if "onset" in body else None
    asks = follow_sick(turn, pupil, last, body.get("diagnosis", ""), tuple(body.get("symptoms", ())), onset)
    shown = [SYMPTOMS[code] for code in body.get("symptoms", ())]
    shown += [f"诊断{body['diagnosis']}"] if "diagnosis" in body else []
    if "expected_return" in body:
        shown.append(f"预计{on(date.fromisoformat(body['expected_return']))}返校")
    return say(words.followed(pupil.name, shown) + (words.needs_paper(pupil.name) if asks else ""))


def _fields(said: str, today: date) -> dict[str, Any]:
    """The fields of domain handbook 8.6, as far as they were said; the words stay beside them."""
    body: dict[str, Any] = {"note": said}
    for name, pattern in (("diagnosis", _DIAGNOSIS), ("visit", _VISIT), ("outcome", _OUTCOME)):
        if found := pattern.search(said):
            body[name] = next((part for part in found.groups() if part), found[0]) if found.groups() else found[0]
    for name, pattern in (("expected_return", _BACK), ("onset", _ONSET)):
        if found := pattern.search(said):
            try:
                body[name] = date(today.year, int(found[1]), int(found[2])).isoformat()
            except ValueError:
                continue
    return body


conversation = Conversation(
    name="absence_follow_up",
    opens_on=frozenset({_WORD}),
    prefixes=(_WORD,),
    steps={"begin": begin},
    first="begin",
)
