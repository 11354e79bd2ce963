"""重点人员: the list as one may see it; 登记重点人员 姓名 原因 说明: a teacher or the school puts somebody on it."""

from __future__ import annotations

from bots.check_in.health import health_of
from bots.check_in.scene import subject_of, understand
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.key_persons.register import View, units_by_name, view
from bots.key_persons.registering import enrol
from bots.key_persons.words import register as words
from bots.people.charge import units_in_charge
from bots.people.finding import called
from models.actions.key_persons import Entry, register
from models.actions.trail import note
from models.queries.key_persons import counts, decisions_of, rows_by_id
from models.queries.unreported import people_of
from models.rules.authority import OVERSEERS
from models.rules.key_persons import WORDS

_WORD, _REGISTER = "重点人员", "登记重点人员"
#: Persons a message lists; the rest is asked for by name.
_SHOWN = 12
_ENTERERS = ("head_teacher", "deputy_head_teacher", "designated_reporter", "deputy_reporter", "school_doctor")


def begin(turn: Turn) -> Said | None:
    text = turn.text.strip()
    if text.startswith(_REGISTER):
        return _register(turn, text.removeprefix(_REGISTER).strip(" ：:，,"))
    rest = text.removeprefix(_WORD).strip(" ：:，,。？?")
    if not turn.speaker.posts:
        return say(words.NOT_YOURS) if not rest else None
    if rest.startswith("登记"):
        return _register(turn, rest.removeprefix("登记").strip(" ：:，,"))
    return _one(turn, rest) if rest else _list(turn)


def _list(turn: Turn) -> Said:
    by_name = units_by_name(turn)
    if by_name == []:
        return _counts(turn)
    seen = view(turn)
    if not seen.rows:
        return say(words.EMPTY)
    _note(turn, seen)
    units = turn.work.units
    ordered = sorted(seen.rows.values(), key=lambda rows: (seen.is_heard(rows[0].person_id), rows[0].name))
    parts = [words.line(rows, units.class_name(rows[0].unit_id), seen.is_heard(rows[0].person_id)) for rows in ordered]
    heard = sum(seen.is_heard(person_id) for person_id in seen.rows)
    title = turn.district.name if by_name is None else ""
    return say(words.listed(title, len(ordered), heard, parts[:_SHOWN] + [""] * max(0, len(parts) - _SHOWN), _SHOWN))


def _counts(turn: Turn) -> Said:
    """Numbers only, for those who oversee and see no names (domain handbook 9)."""
    posts = turn.speaker.holds(*OVERSEERS, "grade_head")
    if not posts:
        return say(words.NOT_YOURS)
    units = turn.work.units
    schools = {units[post.unit_id].school_id for post in posts if units.get(post.unit_id) is not None}
    rows = [row for row in counts(turn.work.flush()) if None in schools or row.school_id in schools]
    named = [(units.class_name(row.school_id) if row.school_id else turn.district.bureau, row) for row in rows]
    return say(words.by_school("", named))


def _one(turn: Turn, name: str) -> Said | None:
    seen = view(turn)
    found = seen.called(name)
    if not found:
        return say(words.not_listed(name)) if len(name) <= 8 else None
    units = turn.work.units
    if len(found) > 1:
        return say(words.which(name, [f"{units.class_name(row.unit_id)} 学号{row.number}" for row in found]))
    rows = seen.rows[found[0].person_id]
    _note(turn, seen)
    connection = turn.work.flush()
    steps = [
        words.decision(f"{turn.district.local(one.at):%m-%d %H:%M}", one)
        for one in decisions_of(connection, turn.work.vault, [row.id for row in rows])
    ]
    row = rows[0]
    return say(words.detail(row, units.class_name(row.unit_id), seen.ready(row), steps[-8:]))


def _register(turn: Turn, text: str) -> Said:
    me = turn.speaker.me
    posts = turn.speaker.holds(*_ENTERERS)
    if not posts or me is None:
        return say(words.NOT_YOURS)
    parts = text.split(None, 2)
    category = next((code for word, code in WORDS.items() if len(parts) > 1 and word in parts[1]), "")
    if not category:
        return say(words.HOW)
    name, reason, said = parts[0], parts[1], parts[2] if len(parts) > 2 else ""
    pupils = called(people_of(turn.work.flush(), units_in_charge(turn), turn.day), name)
    if not pupils:
        return say(words.not_listed(name))
    if len(pupils) > 1:
        return say(words.which(name, [f"学号{one.number}" for one in pupils]))
    pupil = pupils[0]
    source = "head_teacher" if posts[0].role in {"head_teacher", "deputy_head_teacher"} else "school"
    actor = f"person:{me.person_id}"
    # What is said of a journey is kept as one, so that later changes of the list find it.
    subject = subject_of(turn, pupil)
    facts = next((one for one in understand(turn, said, (subject,)).people if one.subject == pupil.person_id), None)
    made = []
    if facts is not None:
        health = health_of(facts, turn.district.code, turn.district.disease.fever_tenths)
        made = enrol(turn.work, pupil, pupil.unit_id, turn.day, health, source, by=me.person_id, actor=actor)
    rows = rows_by_id(turn.work.flush(), turn.work.vault, [one.id for one in made], turn.day)
    if not any(row.category == category for row in rows):
        since = None if category in {"kp_sealed", "kp_case"} else turn.day
        entry = Entry(
            pupil.person_id,
            pupil.unit_id,
            category,
            f"{reason}，{said}".strip("，"),
            "",
            source,
            since,
            by=me.person_id,
            actor=actor,
        )
        made.append(register(turn.work, entry, turn.day))
        rows = rows_by_id(turn.work.flush(), turn.work.vault, [made[-1].id], turn.day)
    row = next(row for row in rows if row.category == category)
    is_new = any(one.is_new for one in made)
    return say(words.registered(pupil.name, category, row.keeper, is_new=is_new, held=row.is_held))


def _note(turn: Turn, seen: View) -> None:
    """Whoever but the head teacher reads names leaves a line in the trail (domain handbook 2.4)."""
    me = turn.speaker.me
    if me is not None and not turn.speaker.holds("head_teacher"):
        note(turn.work, f"person:{me.person_id}", "names-read", "key-persons", f"{len(seen.rows)} persons")


conversation = Conversation(
    name="key_persons",
    opens_on=frozenset({_WORD, "重点人员名单", _REGISTER}),
    prefixes=(_WORD, _REGISTER),
    steps={"begin": begin},
    first="begin",
)
