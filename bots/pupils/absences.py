"""What an absence brings with it: symptoms for the cluster rules, a clearance where the disease asks for one.

Shared by the family's leave, the teacher's entry and the enquiry after an absent person (domain handbook 8.6, 15.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bots.check_in.health import health_of
from bots.check_in.scene import Known, subject_of, understand
from bots.engine.conversation import Turn
from bots.incidents.clusters import watch
from models.actions.management import need_clearance
from models.rules.check_in import Health
from models.rules.clusters import diagnoses_in, syndromes_of
from models.rules.management import wait_of

#: An illness by a name that is no symptom and no notifiable disease.
_ILL = re.compile(r"感冒|不舒服|生病|病了|输液|打针|看病|住院|手术|骨折|受伤|扭伤")


def symptoms_in(turn: Turn, person: Known, text: str) -> tuple[str, ...]:
    """The symptoms a reason names, read as a report about the person would be: 拉肚子 is one, 没咳嗽 none."""
    if not text:
        return ()
    facts = understand(turn, text, (subject_of(turn, person),)).of(person.person_id)
    if facts is None:
        return ()
    health = health_of(facts, turn.district.code, turn.district.disease.fever_tenths)
    fever = ("fever",) if health.tenths is not None and health.tenths >= turn.district.disease.fever_tenths else ()
    said = (*fever, *health.symptoms, *health.danger)
    return tuple(code for code in dict.fromkeys(said) if code != "other")


def is_ill(text: str, symptoms: Iterable[str]) -> bool:
    """Whether a reason speaks of an illness."""
    return bool(tuple(symptoms) or _ILL.search(text) or diagnoses_in(text))


def follow_sick(
    turn: Turn, person: Known, day: date, reason: str, symptoms: tuple[str, ...], since: date | None = None
) -> str:
    """A sick absence counts in the cluster rules, and a disease with a wait asks for papers; gives that disease.

    since: the first day of the illness, where it was said.
    """
    diseases = sorted(diagnoses_in(reason))
    syndromes = syndromes_of(Health(symptoms=symptoms), turn.district.disease) | frozenset(diseases)
    if syndromes:
        watch(turn, person, person.unit_id, day, syndromes, since)
    asks = next((disease for disease in diseases if wait_of(disease, turn.district, day) is not None), "")
    if asks:
        need_clearance(turn.work, person.person_id, person.unit_id, "sick", day, disease=asks, since=since)
    return asks
