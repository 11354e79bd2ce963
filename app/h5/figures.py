"""A publication's numbers by school, or by class where it is one school's: for the sender's picture and page."""

from __future__ import annotations

from sqlalchemy import Connection

from bots.campaigns.state import by_unit
from models.queries import receipts as standing
from models.queries.campaigns import CampaignInfo
from models.queries.units import Units
from models.rules.campaign import State


def figures(connection: Connection, units: Units, campaign: CampaignInfo) -> list[tuple[str, int, int]]:
    """(unit, done, audience) in reading order."""
    found = by_unit(standing.standings(connection, [campaign.id]), {campaign.id: campaign})
    schools = {units[unit_id].school_id for _, unit_id in found}
    by_class = len(schools) == 1
    sums: dict[int, list[int]] = {}
    for (_, unit_id), states in found.items():
        unit = units[unit_id]
        place = unit.id if by_class else unit.school_id or unit.id
        both = sums.setdefault(place, [0, 0])
        both[0] += states.count(State.DONE)
        both[1] += len(states)
    order = {unit.id: number for number, unit in enumerate(units.within(units.district.id))} if units.district else {}
    listed = sorted(sums, key=lambda unit_id: order.get(unit_id, 0))
    return [(units.class_name(unit_id), sums[unit_id][0], sums[unit_id][1]) for unit_id in listed]
