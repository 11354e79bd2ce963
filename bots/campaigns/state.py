"""An audience's rows as states by unit: conversations and jobs say the same of the same rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from models.queries.campaigns import CampaignInfo
from models.queries.receipts import Standing
from models.rules.campaign import State, state_of


def state(row: Standing, campaign: CampaignInfo) -> State:
    return state_of(row.facts, campaign.video_seconds)


def by_unit(rows: Iterable[Standing], campaigns: Mapping[int, CampaignInfo]) -> dict[tuple[int, int], list[State]]:
    """(publication, unit) → the states of its rows."""
    found: dict[tuple[int, int], list[State]] = defaultdict(list)
    for row in rows:
        found[row.campaign_id, row.unit_id].append(state(row, campaigns[row.campaign_id]))
    return found
