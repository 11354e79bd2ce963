"""The calm next steps a report gets in the same reply (domain handbook 4.4, 4.5, 13.2)."""

from __future__ import annotations

from bots.check_in.following import wants_retest
from bots.check_in.keep import Kept
from bots.check_in.words import report as words
from bots.wording.health import SYMPTOMS
from models.rules.alerts import URGENT, findings
from models.rules.check_in import Health, is_fever
from models.rules.district import Disease


def guidance(kept: Kept, disease: Disease, is_self: bool) -> list[str]:
    """What to do now, for one recorded answer; empty where nothing is the matter or it has been said already."""
    health, said, name, told = kept.health, kept.said, kept.person.name, kept.told
    before = kept.recorded.health_before
    out: list[str] = []
    step = _step(health, disease)
    if any("earlier" in finding.facts for finding in kept.found):
        step = _step(before, disease)  # yesterday's fever: what to do was said when it was first spoken of
    new_number = said.tenths is not None
    if step != _step(before, disease) or (new_number and step in {"urgent", "guide"}):
        out += _words(step, health, name, told, is_self)
    elif new_number and step == "again":
        out.append(words.fever_guide(name, told, is_self))
    if any("later" in finding.facts for finding in kept.found):
        out.append(words.CORRECTED_DOWN)
    elif before is not None and is_fever(before, disease) and new_number and not is_fever(said, disease):
        out = [words.AGAIN_NOTED]
    if said.tenths is not None and said.tenths >= disease.suspect_typo_tenths:
        out.append(words.typo_high(said.tenths))
    codes = kept.codes
    out += _said_of_cases(said, codes, told)
    if said.left_area and kept.recorded.changed and not (before is not None and before.left_area):
        away = any(trip.get("away_now") for trip in said.trips)
        at_home = any("不要到校" in said_so for said_so in out)
        key = words.KEY_REGION_TOO if at_home else words.KEY_REGION
        out.append(key if {"A03", "A08"} & codes else words.TRIP_AWAY if away else words.TRIP_NOTED)
    if said.household_trips:
        out.append(words.household_trip(told if "A08" in codes else ()))
    if said.plans:
        out.append(words.PLAN_NOTED)
    return out


def _step(health: Health | None, disease: Disease) -> str:
    if health is None:
        return ""
    said = {*health.symptoms, *health.danger}
    high = health.tenths is not None and health.tenths >= disease.high_fever_tenths
    if said & URGENT or (high and "fatigue" in said):
        return "urgent"
    if wants_retest(health, disease):
        return "again"
    if is_fever(health, disease):
        return "guide"
    if health.antipyretic or health.recent_fever:
        return "masked" if health.antipyretic else "guide"
    return "rest" if health.symptoms else ""


def _words(step: str, health: Health, name: str, told: tuple[str, ...], is_self: bool) -> list[str]:
    match step:
        case "urgent":
            said = [code for code in (*health.symptoms, *health.danger) if code in URGENT and code in SYMPTOMS]
            return [words.urgent_guide(name, said, told)]
        case "again":
            return [words.fever_again(name, health.tenths or 0, told, is_self)]
        case "guide":
            return [words.fever_guide(name, told, is_self)]
        case "masked":
            return [words.masked(told, is_self)]
        case "rest":
            return [words.rest(told, is_self)]
        case _:
            return []


def _said_of_cases(said: Health, codes: frozenset[str], told: tuple[str, ...]) -> list[str]:
    """What follows from a word about a case, a contact or the household."""
    out = []
    is_contact = bool(said.contact) and not said.household_trips and "A08" in codes
    if ("A04" in codes and said.statements) or is_contact:
        out.append(words.case_said(told))
    is_case = "A05" in codes and bool(said.household_statements)
    if is_case or ("A10" in codes and said.household_symptoms):
        out.append(words.household(told, is_case=is_case))
    return out


def urgent_now(health: Health, disease: Disease, name: str, told: tuple[str, ...]) -> list[str]:
    """The steps for what was said without a number, before the number is asked for: danger, a case, a key region."""
    step = _step(health, disease)
    out = _words(step, health, name, told, False) if step in {"urgent", "guide"} else []
    codes = frozenset(finding.code for finding in findings(health, disease))
    out += _said_of_cases(health, codes, told)
    if {"A03", "A08"} & codes and health.trips:
        out.append(words.KEY_REGION_TOO if any("不要到校" in one for one in out) else words.KEY_REGION)
    return out
