"""登记行程: journeys and contacts declared in a short talk that can be broken off and taken up (domain handbook 5.5).

Every answer is kept as it comes. What is declared feeds the register of key persons and the day's report, and a human
hears of it; nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bots.alerts.telling import Posts
from bots.check_in.again import asked_again
from bots.check_in.alerting import alert
from bots.check_in.before import ADVICE
from bots.check_in.health import health_of, where_is
from bots.check_in.keep import SAID_BY, Kept, is_counted, keep
from bots.check_in.scene import subject_of, trip_of, understand
from bots.check_in.thread import Thread
from bots.check_in.words import report as check_in_words
from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.key_persons.registering import enrol
from bots.key_persons.words import declaration as words
from bots.reading import Asked, AskKind, PersonFacts
from bots.reading.days import span
from bots.reading.until import until_day
from bots.wording.health import plan_words, trip_words
from models.actions import declarations
from models.queries.days import day_of
from models.queries.declarations import last_of
from models.queries.people import BoundPerson
from models.rules.alerts import findings
from models.rules.check_in import Health
from models.rules.key_persons import HELD
from models.rules.push import Lane, Push

NAME = "declaration"
#: A declaration left off is taken up again for so long; after that it is asked from the beginning.
_KEEPS = timedelta(days=3)
_NO = re.compile(
    r"^(?:都|全部?|我们|家里|孩子|一直)?(?:没有?|无|没离开过?|没出过?去?|没去|没外出|在家|否|不是|0|０)(?:过|的|了)?$"
)
_UNKNOWN = re.compile(r"^(?:不清楚|不知道|不记得|记不清|忘了?|不确定|不了解|说不准)")
_REFUSED = re.compile(r"^(?:不想说|不方便说|不愿意|保密|拒绝)")
_EDGES = " \t\r\n：:，,。.、；;！!"
_LONGEST = 200
_NUMBER = re.compile(r"(?<![A-Za-z\d])(?:[GCDZTKLYSgcdztklys]\d{1,4}|[A-Za-z]{2}\d{3,4}|[3MCHUZ8][A-Z]\d{3,4})(?!\d)")
_SEAT = re.compile(
    r"\d{1,2}\s*车(?:厢)?\s*\d{1,3}\s*[A-Fa-f]?(?:号|座)?|\d{1,2}排\s*[A-Za-z]?\d{0,2}座?|\d{1,2}[A-HJ-Ka-hj-k](?!\d)"
)
_COMPANIONS = re.compile(r"([\d一二两三四五六七八九十]{1,2})\s*(?:个)?(?:人|位|口)")
_COUNT = {char: number for number, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_MATES = re.compile(r"本校|同校|我们学校|一个学校|同学")
_NO_MATES = re.compile(r"(?:没有?|无|不是)[^，,。；;]{0,4}(?:本校|同校|学校|同学)")
_WENT_ON = re.compile(
    r"(\d{1,2})[月./-](\d{1,2})[日号]?\s*(?:早上|上午|下午|晚上)?\s*(?:就|才)?(?:去|走|出发|离开|动身)"
)
_CAME_ON = re.compile(r"(\d{1,2})[月./-](\d{1,2})[日号]?\s*(?:早上|上午|下午|晚上)?\s*(?:就|才)?(?:回|返|到家)")
_PICKED = re.compile(r"[1-4](?:[\s,，、和及;；.]*[1-4])*")
_REGISTERED = re.compile(r"报备|登记|报告|备案|报过|报了")
_NOT_REGISTERED = re.compile(r"(?:没有?|未|还没|尚未).{0,4}(?:报备|登记|报告|备案|报)")
_NONE_NEEDED = re.compile(r"(?:无需|不用|不需要?|不要求|没要求|没有要求|不必).{0,3}隔离|不隔离")


def begin(turn: Turn) -> Said | None:
    people = turn.speaker.people
    if turn.incoming.kind != "text" and not turn.incoming.is_event:
        return None
    if not people:
        return say(words.NOBODY)
    rest = _rest(turn.text)
    named = [one for one in people if one.name in rest or (len(one.name) > 2 and one.name[1:] in rest)]
    if len(people) > 1 and len(named) != 1:
        return say(words.which([one.name for one in people]), Wait(NAME, "which", {"text": rest}))
    return _start(turn, named[0] if named else people[0], rest)


def _rest(text: str) -> str:
    word = next((word for word in (*_PREFIXES, *_WORDS) if text.startswith(word)), "")
    return text.removeprefix(word).strip(_EDGES)


def which(turn: Turn) -> Said | None:
    said = turn.text.strip(_EDGES)
    people = turn.speaker.people
    found = [one for one in people if one.name == said or (len(one.name) > 2 and one.name[1:] == said)]
    if said.isdecimal() and 1 <= int(said) <= len(people):
        found = [people[int(said) - 1]]
    return _start(turn, found[0], str(turn.data.get("text", ""))) if len(found) == 1 else None


def _start(turn: Turn, person: BoundPerson, rest: str) -> Said:
    """From the beginning, or where it was left off."""
    said = rest.replace(person.name, "").strip(_EDGES)
    left = last_of(turn.work, person.person_id, complete=False, account_id=turn.speaker.account_id)
    if not said and left is not None and left.body and turn.now - left.declared_at <= _KEEPS:
        body = dict(left.body)
        return _ask(turn, person, left.id, body, _next(turn, body), words.resumed(person.name))
    number = declarations.begin(turn.work, person.person_id, person.relation, turn.speaker.account_id)
    if not said:
        return _ask(turn, person, number, {}, "trip", first=True)
    answered = _trip(turn, person, said, {})
    return (
        _ask(turn, person, number, {}, "trip", first=True) if answered is None else _go(turn, person, number, *answered)
    )


# --- the questions -----------------------------------------------------------------------------------------------
def _next(turn: Turn, body: Mapping[str, Any]) -> str:
    """The question that comes next: rides and the community only where somebody was, or will be, away."""
    if "left" not in body:
        return "trip"
    away = bool(_trips(body))
    if away and body.get("days") == "ask":
        return "trip_days"
    if away and _went(body) and "ride" not in body:
        return "ride"
    if "contact" not in body:
        return "contact"
    if away and "plan" not in body:
        return "plan"
    return "confirm"


def _trips(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    health = Health.from_json(body.get("health", {}))
    return [*health.trips, *health.plans]


def _went(body: Mapping[str, Any]) -> bool:
    return bool(Health.from_json(body.get("health", {})).trips)


def _ask(
    turn: Turn,
    person: BoundPerson,
    number: int,
    body: Mapping[str, Any],
    step: str,
    lead: str = "",
    *,
    first: bool = False,
) -> Said:
    days = turn.district.disease.lookback_days
    match step:
        case "trip":
            text = words.trip(person.name, turn.district.name, days, first=first)
        case "trip_days":
            text = words.TRIP_DAYS
        case "ride":
            text = words.RIDE
        case "contact":
            text = words.contact(days)
        case "plan":
            text = words.PLAN
        case _:
            text = words.summary(person.name, _shown(turn, body))
    data = {"id": number, "person": person.person_id, "step": step, "body": dict(body)}
    return say(lead + text, Wait(NAME, "answer", data, turn.sent_at + _KEEPS))


def _shown(turn: Turn, body: Mapping[str, Any]) -> list[str]:
    health = Health.from_json(body.get("health", {}))
    journeys = [*(trip_words(one) for one in health.trips), *("打算" + plan_words(one) for one in health.plans)]
    return words.lines_of(body, turn.district.disease.lookback_days, turn.district.name, journeys)


# --- the answers -------------------------------------------------------------------------------------------------
def answer(turn: Turn) -> Said | None:
    """An answer to the open question. Anything else is passed on, and the question stays open."""
    person = next((one for one in turn.speaker.people if one.person_id == turn.data["person"]), None)
    said = turn.text.strip(_EDGES)[:_LONGEST]
    if person is None or turn.incoming.kind != "text" or not said:
        return None
    number, step, body = int(turn.data["id"]), str(turn.data["step"]), dict(turn.data["body"])
    if said in {"重填", "重新填", "从头填"}:
        return _start_over(turn, person)
    if said in {"取消", "不填了", "先不填", "算了", "退出"}:
        return say(words.STOPPED)
    if step == "confirm":
        return _confirmed(turn, person, number, body) if said in _YES else None
    if turn.opens or _is_a_report(turn, person, said):
        return None
    read = _ANSWERS[step](turn, person, said, body)
    return None if read is None else _go(turn, person, number, *read)


_YES = frozenset({"确认", "对", "是", "是的", "对的", "没错", "好", "好的", "可以", "正确"})
#: What came of an answer: the fields so far, and what is said before the next question ("again": the same once more).
Read = tuple[dict[str, Any], str]


def _start_over(turn: Turn, person: BoundPerson) -> Said:
    number = declarations.begin(turn.work, person.person_id, person.relation, turn.speaker.account_id)
    return _ask(turn, person, number, {}, "trip", first=True)


def _go(turn: Turn, person: BoundPerson, number: int, body: dict[str, Any], again: str) -> Said:
    declarations.keep(turn.work, number, body)
    if again:
        step = str(turn.data.get("step", "trip")) if turn.data else "trip"
        data = {"id": number, "person": person.person_id, "step": step, "body": body}
        return say(again, Wait(NAME, "answer", data, turn.sent_at + _KEEPS))
    return _ask(turn, person, number, body, _next(turn, body))


def _is_a_report(turn: Turn, person: BoundPerson, said: str) -> bool:
    """A temperature or an illness goes its own way at once, whatever is open."""
    reading = understand(turn, said, tuple(subject_of(turn, one) for one in turn.speaker.people))
    return bool(reading.alerts_pending) or any(
        facts.temperatures or facts.symptoms or facts.danger for facts in reading.people
    )


def _facts(turn: Turn, person: BoundPerson, said: str, asked: Asked | None = None) -> PersonFacts | None:
    return understand(turn, said, (subject_of(turn, person),), asked).of(person.person_id)


def _unsaid(said: str) -> str:
    return "unknown" if _UNKNOWN.match(said) else "refused" if _REFUSED.match(said) else ""


def _trip(turn: Turn, person: BoundPerson, said: str, body: dict[str, Any]) -> Read | None:
    before = str(body.get("trip", ""))
    if _NO.match(said):
        return {"trip": said, "left": False}, ""
    if unsaid := _unsaid(said):
        return {"trip": said, "left": unsaid}, ""
    whole = f"{before}，{said}".strip("，")
    facts = _facts(turn, person, whole) or _facts(turn, person, f"去过{said}")
    health = Health() if facts is None else health_of(facts, turn.district.code, turn.district.disease.fever_tenths)
    trips = [*(health.trips if health.left_area else ()), *health.plans]
    if facts is not None and health.left_area is False and not trips:
        return {"trip": said, "left": False}, ""
    if not trips or not any(one.get("code") or one.get("province") for one in trips):
        if before:  # asked twice: a human asks on
            return {"trip": whole, "left": "unknown", "health": _travel(health).to_json()}, ""
        return {"trip": whole}, words.trip_place(str(trips[0].get("place", "")) if trips else "")
    if len(health.trips) == 1 and _lacks_days(health.trips[0]):
        health = replace(health, trips=(_with_days(health.trips[0], whole, turn.day),))
    days = "ask" if any(_lacks_days(one) for one in health.trips) else "said"
    return {"trip": whole, "left": True, "days": days, "health": _travel(health).to_json()}, ""


def _lacks_days(trip: Mapping[str, Any]) -> bool:
    return not trip.get("left_on") or not (trip.get("returned_on") or trip.get("away_now"))


def _travel(health: Health) -> Health:
    """Of an answer, what belongs to a declaration."""
    return Health(
        left_area=health.left_area,
        place=health.place,
        where=health.where,
        in_key_region=health.in_key_region,
        trips=health.trips,
        household_trips=health.household_trips,
        plans=health.plans,
        contact=health.contact,
    )


def _trip_days(turn: Turn, person: BoundPerson, said: str, body: dict[str, Any]) -> Read | None:
    """The days of the journey told last; what cannot be read is kept as said, and a human asks on."""
    whole = f"{body.get('trip', '')}，{said}"
    known = Health.from_json(body["health"])
    last = {} if _unsaid(said) else _with_days(known.trips[-1], said, turn.day)
    if not last or last == known.trips[-1]:
        facts = None if _unsaid(said) else _facts(turn, person, whole)
        health = Health() if facts is None else health_of(facts, turn.district.code, turn.district.disease.fever_tenths)
        if not health.left_area or any(_lacks_days(one) for one in health.trips):
            return body | {"trip": whole, "days": "unknown"}, ""
        return body | {"trip": whole, "days": "said", "health": _travel(health).to_json()}, ""
    health = replace(known, trips=(*known.trips[:-1], last))
    return body | {"trip": whole, "days": "said", "health": health.to_json()}, ""


def _with_days(trip: Mapping[str, Any], said: str, today: date) -> dict[str, Any]:
    """The journey with the days `said` names beside going and coming back, and whether it goes on."""
    made = dict(trip)
    if (stay := span(said, today)) is not None and stay[0] <= today:  # 20号去的，28号回来
        made["left_on"] = stay[0].isoformat()
        if stay[1] <= today:
            made["returned_on"] = stay[1].isoformat()
            made.pop("away_now", None)
        else:
            made |= {"away_now": True, "planned_return": stay[1].isoformat()}
    for name, pattern in (("left_on", _WENT_ON), ("returned_on", _CAME_ON)):
        if (day := _day(pattern, said, today)) is not None:
            made[name] = day.isoformat()
            if name == "returned_on":
                made.pop("away_now", None)
    if _STILL_AWAY.search(said):
        made["away_now"] = True
        made.pop("returned_on", None)
    return made


_STILL_AWAY = re.compile(r"还没回|没回来|还在|仍在|目前在")


def _day(pattern: re.Pattern[str], said: str, today: date) -> date | None:
    found = pattern.search(said)
    try:
        day = None if found is None else date(today.year, int(found[1]), int(found[2]))
    except ValueError:
        return None
    return day.replace(year=day.year - 1) if day is not None and day > today else day


def _ride(turn: Turn, person: BoundPerson, said: str, body: dict[str, Any]) -> Read | None:
    made: dict[str, Any] = {"ride": _unsaid(said) or said}
    if found := _NUMBER.search(said):
        made["transport_no"] = found[0].upper()
    if found := _SEAT.search(said.replace(made.get("transport_no", "\0"), "")):
        made["seat"] = found[0]
    if found := _COMPANIONS.search(said):
        made["companions"] = int(found[1]) if found[1].isdecimal() else _COUNT.get(found[1][0], 0)
    if _MATES.search(said):
        made["schoolmates"] = _NO_MATES.search(said) is None
    return body | made, ""


def _contact(turn: Turn, person: BoundPerson, said: str, body: dict[str, Any]) -> Read | None:
    codes = [code for code, _ in words.CONTACTS.values()]
    if unsaid := _unsaid(said):
        return body | {"contact": unsaid}, ""
    if _NO.match(said):
        return body | {"contact": "none", **dict.fromkeys(codes, False)}, ""
    if _PICKED.fullmatch(said):
        picked = {words.CONTACTS[number][0] for number in said if number in words.CONTACTS}
    else:
        if re.search(r"没|无|不", said):
            return None
        picked = {code for pattern, code in _CONTACT_WORDS if pattern.search(said)}
        if not picked:
            return None
    return body | {"contact": said, **{code: code in picked for code in codes}}, ""


_CONTACT_WORDS = (
    (re.compile(r"同乘|同车|同一(?:趟|个)?(?:车|飞机|航班)"), "same_transport_with_case"),
    (re.compile(r"小区|楼里|村里|邻居"), "community_has_case"),
    (re.compile(r"重点地区|疫区|中?高风险|回来的"), "contact_key_region_person"),
    (re.compile(r"接触.*(?:确诊|疑似|密接|病例|阳性)|(?:确诊|疑似|密接|病例|阳性).*接触"), "contact_case"),
)


def _plan(turn: Turn, person: BoundPerson, said: str, body: dict[str, Any]) -> Read | None:
    made: dict[str, Any] = {"plan": _unsaid(said) or said}
    if _NOT_REGISTERED.search(said) or _NO.match(said):
        made["registered_community"] = False
    elif _REGISTERED.search(said) or said in {"是", "有", "已", "报了"}:
        made["registered_community"] = True
    if _NONE_NEEDED.search(said):
        made["isolation_plan"] = "none"
    elif "集中" in said:
        made["isolation_plan"] = "central"
    elif "居家" in said or "在家" in said or "隔离" in said:
        made["isolation_plan"] = "home"
    if made.get("isolation_plan") in {"central", "home"} and (until := until_day(said, turn.day)):
        made["isolation_until"] = until.isoformat()
    return body | made, ""


_ANSWERS: Mapping[str, Callable[[Turn, BoundPerson, str, dict[str, Any]], Read | None]] = {
    "trip": _trip,
    "trip_days": _trip_days,
    "ride": _ride,
    "contact": _contact,
    "plan": _plan,
}


# --- kept --------------------------------------------------------------------------------------------------------
def _confirmed(turn: Turn, person: BoundPerson, number: int, body: dict[str, Any]) -> Said:
    said = _shown(turn, body)
    if not declarations.complete(
        turn.work, person.person_id, number, {**body, "declared_by": person.relation}, turn.day
    ):
        return say(words.NOT_ANY_MORE)
    health = _declared(body)
    registered = enrol(
        turn.work,
        person,
        person.unit_id,
        turn.day,
        health,
        "declaration",
        actor=f"account:{turn.speaker.account_id}",
    )
    wait = _into_the_day(turn, person, health)
    home = turn.district.code
    away = any(one.get("away_now") and where_is(trip_of(dict(one)), home) in HELD for one in health.trips)
    exposed = bool(health.contact or any(one.get("key_region") for one in health.trips))
    notable = bool(registered or body.get("community_has_case") or "unknown" in (body.get("left"), body.get("contact")))
    told = _tell(turn, person, number, said) if notable else False
    text = words.done(
        person.name, followed=bool(registered), held=away, exposed=exposed, told=told, staff=person.relation == "self"
    )
    if wait is not None:
        text += check_in_words.ask_temperature_bare([person.name])
    return say(text, wait)


def _declared(body: Mapping[str, Any]) -> Health:
    """The declaration as a day's report would say it."""
    health = Health.from_json(body.get("health", {}))
    near = [body.get(code) for code in ("contact_case", "contact_key_region_person", "same_transport_with_case")]
    contact = True if any(near) else False if near[0] is False else health.contact
    isolation = {"home": ("home_isolation",), "central": ("central_isolation",)}.get(
        str(body.get("isolation_plan")), ()
    )
    left = False if body.get("left") is False else health.left_area
    return replace(health, left_area=left, contact=contact, statements=isolation if health.trips else ())


def _into_the_day(turn: Turn, person: BoundPerson, health: Health) -> Wait | None:
    """What was declared is part of the day's report: of one that is there, or of the one that comes with a number."""
    if not is_counted(person, turn.day):
        return None
    day = day_of(turn.work, person.person_id, person.unit_id, turn.day)
    if day.health is not None and day.health.tenths is not None:
        own = person.person_id if person.relation == "self" else None
        keep(turn, person, health, reporter=person.relation, reporter_person_id=own)
        return None
    found = findings(health, turn.district.disease, day=turn.day)
    if found:
        alert(turn, person, person.unit_id, turn.day, found, SAID_BY[person.relation])
    return Thread(asked=(Asked(str(AskKind.TEMPERATURE), person.person_id),), held={person.person_id: health}).wait()


def _tell(turn: Turn, person: BoundPerson, number: int, said: list[str]) -> bool:
    """One message to who keeps in contact; gives whether anybody can be reached."""
    role = "head_teacher" if person.kind == "student" else "grade_head"
    posts = Posts(turn.work, [person.unit_id], [role], turn.district.day_of(turn.now))
    where = turn.work.units.class_name(person.unit_id)
    worded = words.to_teacher if person.kind == "student" else words.to_keeper_of_staff
    found = [one for one in posts.reached(person.unit_id, role) if one.account_id != turn.speaker.account_id]
    for holder in found:
        turn.push(
            Push(
                key=f"declaration:{number}:{holder.account_id}",
                kind="reply",
                account_id=holder.account_id or 0,
                person_id=holder.person_id,
                body={"text": worded(where, person.name, said)},
                moment=turn.now,
                expires_at=turn.now + timedelta(hours=24),
                lane=Lane.ANSWER,
                fields={"title": "行程登记", "unit": where, "time": f"{turn.day}", "note": "请进入对话查看"},
            )
        )
    return bool(found)


# --- asked for ---------------------------------------------------------------------------------------------------
def _advice(turn: Turn, kept: Kept) -> str:
    """On a change and on return: a journey told in passing lacks what only the declaration asks for."""
    trips = [one for one in kept.said.trips if one.get("far") is not False or one.get("key_region")]
    if not kept.said.left_area or not trips or kept.report_date != turn.day:
        return ""
    last = last_of(turn.work, kept.person.person_id, complete=True)
    if last is not None:
        known = {one.get("code"): one for one in Health.from_json(last.body.get("health", {})).trips}
        if all(one.get("code") in known and not _is_back(one, known[one.get("code")]) for one in trips):
            return ""
    return words.advice(kept.person.name)


def _is_back(now: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    returned = now.get("returned_on")
    return bool(returned) and returned != then.get("returned_on") and date.fromisoformat(str(returned)) > date.min


def _again(turn: Turn, kept: Kept) -> str:
    """Once a week, with the first report of a day on which nothing else is asked or told."""
    person = next((one for one in turn.speaker.people if one.person_id == kept.person.person_id), None)
    if person is None or kept.said.trips or kept.recorded.state_before or kept.report_date != turn.day:
        return ""
    return asked_again(turn, person)


ADVICE.append(_advice)
ADVICE.append(_again)

_WORDS = frozenset({"登记行程", "行程登记", "行程申报", "申报行程", "报备行程", "行程报备", "出省报备", "离区报备"})
_PREFIXES = ("登记行程", "申报行程", "报备行程", "行程报备")

conversation = Conversation(
    name=NAME,
    steps={"begin": begin, "which": which, "answer": answer},
    first="begin",
    opens_on=_WORDS,
    prefixes=_PREFIXES,
    is_global=True,  # an open question about health must not take these words for its answer
)
