"""谁没看: counts for everybody in charge, names for the head teacher alone, rates by school for the bureau."""

from __future__ import annotations

from collections import defaultdict

from bots.campaigns import words
from bots.campaigns.state import state
from bots.engine.conversation import Conversation, Said, Turn, say
from models.actions.trail import note
from models.queries import campaigns
from models.queries import receipts as standing
from models.queries.campaigns import CampaignInfo
from models.queries.receipts import Standing
from models.rules.authority import Sight, sight
from models.rules.campaign import State, tally

#: How many publications one answer speaks of, the newest first.
_SHOWN = 3
#: Units of a school that one answer lists.
_LINES = 30


def begin(turn: Turn) -> Said | None:
    if not turn.speaker.posts:
        return say(words.NOT_YOURS)
    units = turn.work.units
    seen = {
        unit.id: closeness
        for post in turn.speaker.posts
        if units.get(post.unit_id) is not None
        for unit in units.within(post.unit_id)
        if (closeness := sight(turn.speaker.posts, unit)) > Sight.NOTHING
    }
    if not seen:
        return say(words.NOT_YOURS)
    connection = turn.work.flush()
    running = [one for one in campaigns.newest(connection) if one.state in {"open", "closed"} and one.started_at]
    wanted = {one.id: one for one in running if one.kind != "study"}
    found: dict[int, list[Standing]] = defaultdict(list)
    for row in standing.standings(connection, wanted, seen):
        found[row.campaign_id].append(row)
    if not found:
        return say(words.NOTHING_RUNNING)
    parts, named = [], False
    for number in sorted(found, reverse=True)[:_SHOWN]:
        text, has_names = _one(turn, wanted[number], found[number], seen)
        parts.append(text)
        named = named or has_names
    if named and turn.speaker.me is not None:
        note(turn.work, f"person:{turn.speaker.me.person_id}", "receipts.names", "campaigns", "")
        parts.append(words.PRIVATE)
    return say("\n".join(parts))


def _one(turn: Turn, campaign: CampaignInfo, rows: list[Standing], seen: dict[int, Sight]) -> tuple[str, bool]:
    """What is told of one publication, and whether it names anybody."""
    states = {(row.person_id, row.role): state(row, campaign) for row in rows}
    head = words.counts(campaign.title, tally(states.values()))
    own = {unit_id for unit_id, closeness in seen.items() if closeness == Sight.NAMES}
    # A child's own row follows the household's: one name is enough.
    mine = [row for row in rows if row.unit_id in own and row.role != "student"]
    if mine:
        by_state: dict[State, list[str]] = defaultdict(list)
        for row in mine:
            by_state[states[row.person_id, row.role]].append(row.name)
        return f"{head}\n{words.names_of(by_state) or words.ALL_DONE}", any(
            names for one, names in by_state.items() if one is not State.DONE
        )
    return "\n".join([head, *_rates(turn, rows, states)]), False


def _rates(turn: Turn, rows: list[Standing], states: dict[tuple[int, str], State]) -> list[str]:
    """A line a school where there are several, else a line a class or group."""
    units = turn.work.units
    schools = {units[row.unit_id].school_id for row in rows}
    sums: dict[int, list[int]] = {}
    for row in rows:
        unit = units[row.unit_id]
        place = unit.id if len(schools) == 1 else unit.school_id or unit.id
        both = sums.setdefault(place, [0, 0])
        both[0] += states[row.person_id, row.role] is State.DONE
        both[1] += 1
    if len(sums) < 2:
        return []
    lowest = sorted(sums, key=lambda place: (sums[place][0] / sums[place][1], place))[:_LINES]
    return [words.rate(units.class_name(place), *sums[place]) for place in lowest]


conversation = Conversation(name="campaign_who", steps={"begin": begin}, first="begin", opens_on=words.WHO)
