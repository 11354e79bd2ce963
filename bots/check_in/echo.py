"""A reply always shows what was understood, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from bots.check_in.keep import Kept
from bots.check_in.words import report as words
from bots.engine.conversation import Turn
from bots.isolation.words import check_noted
from bots.wording.health import body, journey
from models.rules.management import slot_of


def is_check(kept: Kept) -> bool:
    """Whether the answer is a check of somebody in observation: the same number again is no repetition."""
    return kept.person.in_observation and kept.said.tenths is not None


def echo(turn: Turn, kept_all: Sequence[Kept], correcting: bool) -> list[str]:
    """What was understood and kept, and how to mend it."""
    clear: list[Kept] = []
    out: list[str] = []
    for kept in kept_all:
        name, parts = kept.person.name, [*body(kept.health), *journey(kept.health)]
        if not kept.recorded.changed and is_check(kept):
            out.append(check_noted(name, slot_of(turn.sent_at, turn.district)))
        elif not kept.recorded.changed:
            at, parts = kept.earlier_at or turn.sent_at, [*body(kept.health, brief=True), *journey(kept.health)]
            if kept.said.tenths is None:
                out.append(words.KNOWN)
                continue
            mine = kept.day.reporter_account_id == turn.speaker.account_id
            if mine or kept.earlier_by == "self":
                out.append(words.already(name, parts))
            else:
                by = "另一位家长" if kept.earlier_by == "guardian" else "老师"
                out.append(words.already_by(name, parts, by, turn.district.local(at)))
        elif correcting and kept.recorded.health_before is not None:
            before = kept.recorded.health_before
            out.append(words.corrected(name, kept.report_date, [*body(before), *journey(before)], parts))
        else:
            clear.append(kept)
    if len(clear) == 1:
        kept = clear[0]
        out.append(words.echo(kept.person.name, [*body(kept.health), *journey(kept.health)], kept.report_date))
    elif clear:
        lines = [(kept.person.name, [*body(kept.health), *journey(kept.health)]) for kept in clear]
        out.append(words.echo_several(lines, clear[0].report_date))
    if clear:
        bare = [kept for kept in clear if _is_bare(kept)]
        if len(bare) == len(clear):
            out.append(words.number_only(bare[0].person.kind == "staff"))
        out.append(words.HOW_TO_MEND)
        deadline = f"{turn.district.times.personal_deadline:%H:%M}"
        first = [kept for kept in clear if not kept.recorded.state_before]
        if any(kept.day.state == "late" for kept in first):
            out.append(words.late(deadline))
        elif any(kept.day.state == "backfill" for kept in first):
            out.append(words.backfilled(deadline))
    return out


def first_of_day(turn: Turn, kept: Kept, parts: Sequence[str]) -> str:
    """The echo of one bare number, the first of its day; parts: the number as it is shown."""
    text = (
        words.echo(kept.person.name, parts, kept.report_date)
        + words.number_only(kept.person.kind == "staff")
        + words.HOW_TO_MEND
    )
    state = kept.day.state
    if state == "reported":
        return text
    deadline = f"{turn.district.times.personal_deadline:%H:%M}"
    return text + (words.late(deadline) if state == "late" else words.backfilled(deadline))


def _is_bare(kept: Kept) -> bool:
    """A number and nothing else that was ever said that day."""
    health = kept.health
    return not (health.symptoms or health.denied or health.denied_all) and not kept.found
