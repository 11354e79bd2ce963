"""The versioned list of key regions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from models.actions.regions import add_regions, end_region, seed_regions
from models.queries.regions import all_regions, as_rules
from models.rules.district import KeyRegion
from tests.cast import DISTRICT, MONDAY
from tests.play import Play

HUBEI = KeyRegion("湖北省", "420000", date(2026, 2, 1))


def test_a_region_is_added_once_ends_on_a_day_and_may_come_back(play_on_both: Play) -> None:
    play = play_on_both
    later = date(2026, 4, 1)
    with play.database.write() as connection:
        work = play.work(connection)
        assert add_regions(work, [HUBEI, HUBEI], "cli:test") == 1
        assert add_regions(work, [replace(HUBEI, from_date=MONDAY)], "cli:test") == 0
        assert end_region(work, "420000", MONDAY, "cli:test") == 1
        assert end_region(work, "420000", MONDAY, "cli:test") == 0
        assert add_regions(work, [replace(HUBEI, from_date=later)], "cli:test") == 1
        work.flush()
    with play.database.read() as connection:
        assert as_rules(connection) == (replace(HUBEI, to_date=MONDAY), replace(HUBEI, from_date=later))
        first = all_regions(connection)[0]
    assert first.holds_on(date(2026, 3, 1))
    assert not first.holds_on(MONDAY)


def test_the_district_file_seeds_a_list_nobody_has_touched(play: Play) -> None:
    play.district = replace(DISTRICT, key_regions=(HUBEI,))
    with play.database.write() as connection:
        work = play.work(connection)
        assert seed_regions(work) == 1
        assert end_region(work, "420000", MONDAY, "cli:test") == 1
        assert seed_regions(work) == 0
