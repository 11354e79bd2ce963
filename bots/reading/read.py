"""The door: one message and its scene in, one `Reading` out.

Order: bare numbers at once; else normalise, find numbers, find words, cut into clauses, settle who and when, judge
the numbers, read symptoms and journeys, take the open question into account, and put the answer together.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bots.reading.answer import Builder
from bots.reading.cutting import cut, scan
from bots.reading.facts import AskKind, Intent, PersonFacts, Reading, Scene, Temperature
from bots.reading.forms import boxes_of
from bots.reading.intent import holds, is_chain, talk_of, whole
from bots.reading.lexicon import word_pattern
from bots.reading.names import people_of
from bots.reading.normalise import normalise
from bots.reading.numbers import find_numbers
from bots.reading.people import named_people
from bots.reading.symptoms import find_symptoms
from bots.reading.temperature import judge
from bots.reading.travel import find_moves
from bots.reading.walk import walk

# Numbers in an address are the address's; a number inside a machine's notation was not said by anybody.
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+")
# Somebody trying the machine out means no child's temperature.
_TRYING = re.compile(r"测试一下|测试下|试一下|试试|测试测试|测试数据|我测试")
# What was not written about anybody here: a till's receipt, a form with its choices, a forwarded or a class's report.
_NOT_THEIRS = re.compile(
    word_pattern("meant", "not_theirs") + r"|(?:^|[\s:,，])a[.、:]\s*\d[^\n]*[\s,，;；]b[.、:]\s*\d"
)
_MARKED = re.compile(r"[<{'=]")
_MARKUP = re.compile(r"</?[!a-z]|\{ ?[\"']|' or |1=1")

_BARE = re.compile(r"(3[4-9]|4[0-2])[.。．·度]([0-9])(?:度|℃)?")


def read(text: str, scene: Scene) -> Reading:
    """Read one message. Total: any text of any script gives an answer.

    text: the message as it came. scene: who may be meant, when it was sent, where home is, what was asked.
    """
    if len(text) <= _LONGEST_BARE and len(scene.subjects) == 1:
        tenths = bare_tenths(text)
        is_answer = scene.asked is None or scene.asked.kind in _PLAIN_QUESTIONS
        if tenths is not None and is_answer and scene.plausible[0] <= tenths <= scene.plausible[1]:
            facts = PersonFacts(scene.subjects[0].key, (Temperature(tenths, text),))
            return Reading((facts,), intent=Intent.REPORT, explain=(f"read {tenths // 10}.{tenths % 10} from {text}",))
    return _read(text, scene)


_LONGEST_BARE = 6


@lru_cache(maxsize=1024)
def bare_tenths(text: str) -> int | None:
    """The reading, in tenths of a degree, of a text that is nothing but one as nearly everybody writes it (36.5, 36。5度)."""
    bare = _BARE.fullmatch(text) if len(text) <= _LONGEST_BARE else None
    return None if bare is None else int(bare[1]) * 10 + int(bare[2])


_PLAIN_QUESTIONS = frozenset((AskKind.TEMPERATURE, AskKind.RETEST, AskKind.SYMPTOMS))


def _read(raw: str, scene: Scene) -> Reading:
    normal = normalise(raw)
    if "://" in normal.text or "www." in normal.text:
        normal = normal._replace(text=_ADDRESS.sub(lambda found: " " * len(found[0]), normal.text))
    if "参拾" in normal.text:
        normal = normal._replace(text=normal.text.replace("参拾", "叁拾"))
    text = normal.text
    people, aliases = people_of(scene.subjects)
    numbers = find_numbers(text, scene.plausible, scene.sent_at.date())
    tokens = scan(text, numbers, aliases)
    clauses = cut(text, tokens)
    word = whole(raw if len(raw) < 4 else text)
    spoken = holds(text)
    talk = talk_of(clauses)
    builder = Builder(normal, scene, people, clauses, tokens)
    several = sum(number.kind in ("temperature", "integer") for number in numbers) > 1
    if ("chain" in spoken and (several or text.count("\n") > 1)) or is_chain(text, people.name_of.values()):
        return builder.only(Intent.CHAIN)
    named, acting = named_people(clauses, tokens, people, scene)
    places = walk(clauses, tokens, named, scene.sent_at, acting)
    verdicts = judge(
        text,
        clauses,
        tokens,
        places,
        people,
        scene,
        "injection" in spoken
        or (_MARKED.search(text) is not None and _MARKUP.search(text) is not None)
        or ("试" in text and _TRYING.search(text) is not None),
        _NOT_THEIRS.search(text) is not None,
    )
    boxes = boxes_of(normal)
    symptoms = find_symptoms(text, clauses, places, scene, boxes)
    moves = find_moves(text, clauses, places, scene, boxes)
    return builder.build(word, spoken, talk, named, places, verdicts, symptoms, moves)
