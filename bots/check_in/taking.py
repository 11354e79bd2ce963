"""One message of a reporting conversation, from its words to what is said."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bots.check_in.choosing import chosen
from bots.check_in.correcting import ask_correction, withdraw
from bots.check_in.echo import echo
from bots.check_in.following import NEEDS_NUMBER, in_order, of_kept, still_open, wording
from bots.check_in.guidance import guidance, urgent_now
from bots.check_in.health import health_of
from bots.check_in.hearing import hear
from bots.check_in.keep import is_counted, keep, raise_without_record
from bots.check_in.mentioned import tell_of_unread
from bots.check_in.taken import Taking
from bots.check_in.talk import small_talk, tell_teacher_once, topic_answer
from bots.check_in.thread import WHICH_COUNTS, Thread, name_of
from bots.check_in.words import report as words
from bots.check_in.words import talk as talk_words
from bots.engine.conversation import Said, Turn, say
from bots.reading import Ask, Asked, AskKind, Intent, Reading
from bots.wording.health import body, journey
from models.queries.days import day_of
from models.queries.people import BoundPerson
from models.rules.check_in import Health, Measured, is_fever, merge

#: A number that might have been meant: whoever wrote 不到37 hears that nothing was recorded.
_NEARLY = re.compile(r"(?<!\d)(?:3[4-9]|4[0-2])(?!\d)|三十[四五六七八九]|四十[一二]?度")
_ALONE = re.compile(r"(\d{2})[.．](\d)\s*(?:℃|度)?")
_ASIDE = frozenset({Intent.NO_THERMOMETER, Intent.WRONG_PERSON, Intent.TRANSFERRED, Intent.REFUSAL, Intent.LEAVE})


def take(turn: Turn, text: str, thread: Thread, *, waiting: bool) -> Said | None:
    """Read one message and do what it says. waiting: a question is open; None where the message is no answer to it."""
    taking = Taking(turn, thread, {person.person_id: person for person in turn.speaker.people})
    first = thread.first
    if first is not None and first.kind == WHICH_COUNTS and (said := chosen(turn, thread, text)) is not None:
        return said
    heard = hear(taking, text, waiting=waiting)
    if heard is None:
        return None
    reading, asked = heard
    taking.held = dict(thread.held)
    taking.pending = set(thread.pending)
    taking.correcting = thread.correcting or reading.intent is Intent.CORRECTION
    _facts(taking, reading)
    _confirmed(taking, reading, asked)
    _pendings(taking, reading)
    _past_days(taking, reading, asked)
    if unread := tell_of_unread(turn, text, reading, turn.speaker.people):
        taking.notes.append(unread)
    return _answer(taking, reading, asked)


# --- what the message says -----------------------------------------------------------------------------------------
def _facts(taking: Taking, reading: Reading) -> None:
    """Record what is said of each person; what has no number yet is held until it comes."""
    turn = taking.turn
    for facts in reading.people:
        person = taking.person(facts.subject)
        if person is None:
            continue
        health = health_of(facts, turn.district.code, turn.district.disease.fever_tenths)
        if health == Health():
            continue
        _say_of(taking, person, health)


def _say_of(taking: Taking, person: BoundPerson, health: Health) -> None:
    turn = taking.turn
    if not is_counted(person, turn.day):
        taking.notes.append(_not_counted(person, turn.day))
        return
    key = person.person_id
    day = day_of(turn.work, key, person.unit_id, turn.day)
    held = taking.held.pop(key, None)
    if held is not None:
        health = merge(held, health)
    if health.tenths is None and (day.health is None or day.health.tenths is None):
        taking.held[key] = health
        told = raise_without_record(turn, person, health, unconfirmed=False)
        guide = urgent_now(health, turn.district.disease, person.name, told)
        heard = [*body(health), *journey(health)]
        if guide:
            taking.notes += guide
        if told and "fever" in health.symptoms:
            taking.pending.add(key)
        taking.asked.append(Asked(str(AskKind.TEMPERATURE), key, source="，".join(heard)))
        return
    taking.kept.append(
        keep(
            turn,
            person,
            health,
            correction=taking.correcting and not day.is_open,
            reporter=person.relation,
            reporter_person_id=key if person.relation == "self" else None,
            pending=key in taking.pending,
        )
    )
    taking.pending.discard(key)


def _confirmed(taking: Taking, reading: Reading, asked: Asked | None) -> None:
    """A yes to "36.5?": the value asked about is recorded, unless the reading has already given it."""
    if asked is None or taking.kept or asked.kind != "confirm_value" or reading.intent is not Intent.YES:
        return
    person = taking.person(asked.subject) or (next(iter(taking.people.values())) if len(taking.people) == 1 else None)
    if person is not None and len(asked.candidates) == 1 and not reading.people:
        _say_of(taking, person, Health(readings=(Measured(asked.candidates[0]),)))


def _pendings(taking: Taking, reading: Reading) -> None:
    """A likely fever that is not confirmed alerts at once (待核实), for everybody it may be about."""
    turn = taking.turn
    for pending in reading.alerts_pending:
        known = taking.person(pending.subject)
        for person in [known] if known is not None else list(taking.people.values()):
            if not is_counted(person, turn.day):
                continue
            if any(kept.person.person_id == person.person_id for kept in taking.kept):
                continue
            no_number = pending.tenths is None or pending.tenths < turn.district.disease.fever_tenths  # 37度多
            said = (
                Health(symptoms=("fever",))
                if no_number or pending.tenths is None
                else Health(readings=(Measured(pending.tenths),))
            )
            told = raise_without_record(turn, person, said, unconfirmed=True)
            taking.pending.add(person.person_id)
            if told and (line := words.pending(told)) not in taking.after:
                taking.after.append(line)


def _past_days(taking: Taking, reading: Reading, asked: Asked | None) -> None:
    """Readings of other days are offered as a backfill, and kept after the yes only (contract 9, domain 3.4)."""
    turn = taking.turn
    if asked is not None and asked.kind == "backfill" and asked.day is not None:
        chosen = taking.person(asked.subject) or next(iter(taking.people.values()))
        if reading.intent is Intent.YES and asked.candidates:
            health = Health(readings=tuple(Measured(tenths) for tenths in asked.candidates))
            taking.kept.append(
                keep(
                    turn,
                    chosen,
                    health,
                    day=asked.day,
                    reporter=chosen.relation,
                    reporter_person_id=chosen.person_id if chosen.relation == "self" else None,
                )
            )
            return
        if reading.intent is Intent.NO:
            taking.notes.append(words.BACKFILL_DECLINED)
            return
    oldest = turn.day - timedelta(days=turn.district.disease.backfill_days)
    only = next(iter(taking.people)) if len(taking.people) == 1 else None
    for entry in reading.backfills:
        key = entry.subject if entry.subject is not None else only
        person = taking.person(key)
        name = next(iter(taking.people.values())).name if person is None else person.name
        tenths = (entry.reading.tenths,)
        if entry.day is None:
            taking.asked.append(Asked(str(AskKind.WHICH_DAY), key, candidates=tenths))
        elif entry.day > turn.day:
            taking.notes.append(words.not_before(name))
        elif entry.day < oldest:
            taking.notes.append(words.too_old(name, turn.district.disease.backfill_days))
        elif person is not None and not is_counted(person, entry.day):
            taking.notes.append(_not_counted(person, entry.day))
        elif person is not None:
            taking.asked.append(Asked(str(AskKind.BACKFILL), key, candidates=tenths, day=entry.day))
        else:
            taking.asked.append(Asked(str(AskKind.WHICH_PERSON), candidates=tenths, day=entry.day))


def _not_counted(person: BoundPerson, day: date) -> str:
    return (
        words.not_counted_yet(person.name, person.joined_on)
        if day < person.joined_on
        else words.not_counted_any_more(person.name)
    )


# --- what is said --------------------------------------------------------------------------------------------------
def _answer(taking: Taking, reading: Reading, asked: Asked | None) -> Said | None:
    turn, thread = taking.turn, taking.thread
    parts = echo(turn, taking.kept, taking.correcting)
    for kept in taking.kept:
        parts += guidance(kept, turn.district.disease, taking.is_self(kept.person.person_id))
        taking.asked += of_kept(kept, turn.district.disease)
    parts += dict.fromkeys(taking.notes)
    fresh = [_of_ask(ask, reading) for ask in reading.asks if _is_needed(taking, ask, reading)]
    if asked is not None and asked.kind == "which_person" and asked.day is not None:
        fresh = [_with_day(entry, asked) for entry in fresh]
    declined = asked is not None and reading.intent is Intent.NO and asked.kind in {"confirm_value", "confirm_person"}
    if declined and not taking.kept and not reading.people:
        if asked is not None and asked.subject in taking.people and _has_number(taking, asked.subject):
            parts.append(words.left_as_it_is(taking.people[asked.subject].name))  # 38.2是洗澡水; 36.6 stands
            fresh = []
        else:
            parts.append(words.DECLINED)
            fresh = [Asked(str(AskKind.TEMPERATURE), None if asked is None else asked.subject)]
    answered = _moved(taking, reading)
    left = [entry for entry in thread.asked if not _is_closed(taking, entry, asked, answered)]
    put = thread.done | ({name_of(thread.first)} if thread.first is not None else frozenset())
    new = [entry for entry in (*fresh, *taking.asked) if name_of(entry) not in put or str(entry.kind) in _ALWAYS]
    needed = [entry for entry in left if str(entry.kind) in NEEDS_NUMBER or entry.kind == "backfill"]
    open_now = in_order([*new, *needed])
    open_now += tuple(entry for entry in in_order(left) if entry not in open_now)
    if _speaks_of_pupils(taking) and any(entry.kind == "confirm_person" for entry in open_now):
        # A name a teacher writes is a pupil's: a yes to "is it yours?" would store it as the teacher's own.
        open_now = tuple(entry for entry in open_now if entry.kind != "confirm_person")
        parts.append(words.FOR_A_PUPIL)
    if taking.correcting and not taking.kept and not new and not parts:
        return ask_correction(turn)
    if reading.intent is Intent.WITHDRAW and not taking.kept:
        return withdraw(turn)
    if not parts and not answered and not new:
        if any(facts.method is not None for facts in reading.people):
            return ask_again(turn, thread, talk_words.METHOD_HEARD)
        return _talk(taking, reading)
    asks_us = Intent.QUESTION in (reading.intent, *reading.also)
    if asks_us and not any(is_fever(kept.health, turn.district.disease) for kept in taking.kept):
        parts.append(topic_answer(turn))  # a fever's guidance has said it already
    if asks_us and taking.kept and not (parts and parts[-1]):
        parts.append(talk_words.OTHER_QUESTIONS if turn.speaker.children else talk_words.STAFF_QUESTIONS)
    if reading.intent in _ASIDE or any(intent in _ASIDE for intent in reading.also):
        parts += _asides(taking, reading)
    asks_number = (
        bool(open_now) and str(open_now[0].kind) in {"temperature", "confirm_value"} and not open_now[0].candidates
    )
    odd = _implausible(turn) if asks_number and not parts and not taking.held else ""
    if odd:
        parts.append(words.implausible(odd))
    if open_now and not declined:
        question = _question(taking, open_now[0], parts)
        parts.append(question.removeprefix("收到。") if odd else question)
    parts += taking.after
    following = Thread(
        asked=open_now,
        held=taking.held,
        correcting=taking.correcting and not taking.kept,
        pending=frozenset(taking.pending),
        done=put,
    )
    text = "".join(part for part in parts if part)
    return say(text or _nothing_said(taking), following.wait())


def _implausible(turn: Turn) -> str:
    """A number alone that is no body's temperature, as written; empty where it is one, or something else is said."""
    found = _ALONE.fullmatch(turn.text.strip())
    if found is None:
        return ""
    low, high = turn.district.disease.plausible_tenths
    return "" if low <= int(found[1]) * 10 + int(found[2]) <= high else f"{found[1]}.{found[2]}"


#: Questions without whose answer nothing is recorded may be put again.
_ALWAYS = frozenset(
    {"which_person", "confirm_value", "confirm_person", "temperature", "backfill", "which_day", WHICH_COUNTS}
)


def _moved(taking: Taking, reading: Reading) -> bool:
    return bool(
        taking.kept
        or taking.held != dict(taking.thread.held)
        or reading.backfills
        or reading.intent in {Intent.YES, Intent.NO, Intent.DONT_KNOW}
    )


def _is_closed(taking: Taking, entry: Asked, asked: Asked | None, answered: bool) -> bool:
    """Whether a question that was open needs no answer any more."""
    kinds = {str(AskKind.CONFIRM_VALUE), str(AskKind.BACKFILL), str(AskKind.CONFIRM_PERSON), str(AskKind.WHICH_PERSON)}
    if entry is asked and answered and str(entry.kind) in kinds:
        return True
    for kept in taking.kept:
        if kept.report_date == taking.turn.day and entry.subject in (None, kept.person.person_id):
            return entry is asked or not still_open(entry, kept.health, kept.said)
    if entry.trip is not None and asked is not None and answered and name_of(entry) == name_of(asked):
        return True  # the same of the same journey, under the name it had before
    return entry is asked and answered and str(entry.kind) != str(AskKind.TEMPERATURE)


def _of_ask(ask: Ask, reading: Reading) -> Asked:
    asked = ask.as_asked()
    if asked.kind == "backfill" and asked.day is None and reading.backfills:
        return Asked(asked.kind, asked.subject, asked.candidates, day=reading.backfills[0].day)
    return asked


def _with_day(entry: Asked, asked: Asked) -> Asked:
    return Asked(
        entry.kind, entry.subject, entry.candidates, entry.choices, entry.source, entry.symptom, entry.trip, asked.day
    )


def _is_needed(taking: Taking, ask: Ask, reading: Reading) -> bool:
    """Whether a question of the reading is to be put; ours replace some of them."""
    kind = str(ask.kind)
    if kind in {"backfill", "which_day", "retest", "method"}:
        return False
    if kind == "temperature":
        if reading.intent not in {Intent.REPORT, Intent.CORRECTION} and not reading.people:
            return False
        keys = [ask.subject] if ask.subject is not None else list(taking.people)
        done = {kept.person.person_id for kept in taking.kept} | set(taking.held)
        return not done and any(not _has_number(taking, key) for key in keys if key in taking.people)
    if kind in {"symptoms", "since_when"}:
        return bool(taking.kept)
    return True


def _has_number(taking: Taking, key: int) -> bool:
    person = taking.people[key]
    day = day_of(taking.turn.work, key, person.unit_id, taking.turn.day)
    return day.health is not None and day.health.tenths is not None


def _speaks_of_pupils(taking: Taking) -> bool:
    speaker = taking.turn.speaker
    return not speaker.children and bool(speaker.holds("head_teacher", "deputy_head_teacher"))


def _question(taking: Taking, asked: Asked, parts: list[str]) -> str:
    subject = asked.subject
    if asked.kind == "retest" and not asked.candidates and parts:
        return ""  # the guidance has already asked for it
    if asked.kind == "temperature" and subject in taking.held:
        person = taking.people[subject]
        health = taking.held[subject]
        heard = [*body(health), *journey(health)]
        return words.ask_temperature(person.name, heard, first=not parts, several=len(taking.people) > 1)
    by = next((kept.earlier_by for kept in taking.kept if kept.other_guardian), "")
    by = "另一位家长" if by in {"", "guardian"} else "老师"
    return wording(asked, taking.people, taking.is_self(subject), by, first=not parts)


# --- what is no report ---------------------------------------------------------------------------------------------
def _asides(taking: Taking, reading: Reading) -> list[str]:
    intents = [intent for intent in (reading.intent, *reading.also) if intent in _ASIDE]
    return [small_talk(taking.turn, intent, tell_teacher_once) for intent in intents[:1]]


def _talk(taking: Taking, reading: Reading) -> Said:
    """An answer to what reports nothing; an open question is taken up again."""
    turn, thread = taking.turn, taking.thread
    text = small_talk(turn, reading.intent, tell_teacher_once)
    if reading.intent in {Intent.CHAT, Intent.OTHER} and _NEARLY.search(turn.text):
        text = talk_words.NO_CLEAR_NUMBER
    if not text:
        is_short = reading.intent in {Intent.YES, Intent.NO, Intent.DONT_KNOW}
        text = _nothing_said(taking) if is_short else talk_words.UNKNOWN
    return ask_again(turn, thread, text)


def _nothing_said(taking: Taking) -> str:
    """A yes to nothing: who is not yet reported is asked for; that all is recorded is said only where it is."""
    people = [person for person in taking.turn.speaker.people if is_counted(person, taking.turn.day)]
    names = [person.name for person in people if not _has_number(taking, person.person_id)]
    return words.ask_temperature_bare(names) if names else talk_words.YES_TO_NOTHING


def ask_again(turn: Turn, thread: Thread, text: str) -> Said:
    """`text` answers an interruption; the open question follows it, once."""
    first = thread.first
    again = "" if first is None else f"again:{name_of(first)}"
    if first is None or again in thread.done:
        return say(text, keep=True)
    people = {person.person_id: person for person in turn.speaker.people}
    subject = people.get(first.subject or 0)
    question = wording(first, people, subject is not None and subject.relation == "self", first=False)
    renewed = Thread(thread.asked, thread.held, thread.correcting, thread.pending, thread.done | {again})
    return say(text + words.asked_before(question), renewed.wait())
