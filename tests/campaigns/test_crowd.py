"""Twenty-five thousand families: refused, unopened, half-watched, twice-watched, forwarded. Everybody is in one state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select, update

from app.main import create_app
from benchmarks.place import seat
from bots.campaigns.state import by_unit
from bots.engine.links import campaign_link
from bots.engine.registry import Registry
from models.actions import campaigns as deeds
from models.actions import receipts as taken
from models.database import Database
from models.queries import campaigns as queries
from models.queries import receipts as standing
from models.rules.campaign import State, tally
from models.tables import Binding, Enrolment, Outbox, Person, Receipt
from schedules.registry import discover
from schedules.timetable import Timetable
from tests.campaigns.test_pages import report_address
from tests.cast import MONDAY, SCHOOL_YEAR, at
from tests.house import StageClock, make_runtime
from tests.jobs.helper import Counted

PEOPLE, SECONDS = 25_000, 60
TUESDAY = MONDAY + timedelta(days=1)
#: What becomes of the push to account n, by n % 10.
FATES = ("sent",) * 7 + ("failed", "dropped", "queued")

pytestmark = pytest.mark.long


class Town:
    """A district of one school with 25,000 families, and one video for all of them."""

    def __init__(self, database: Database) -> None:
        self.database = database  # the name by which statements are counted
        self.clock = StageClock(at("12:00"))
        self.runtime = make_runtime(database, self.clock, public_url="http://pinganbao.test")
        seat(database, PEOPLE)
        with database.write() as connection:
            connection.execute(update(Enrolment).values(from_date=SCHOOL_YEAR))
            connection.execute(update(Person).values(joined_on=SCHOOL_YEAR))
            connection.execute(update(Binding).where(Binding.id % 25 == 24).values(ended_at=at("08:00")))
            work = self.runtime.work(connection, at("11:00"))
            self.number = deeds.publish(
                work, "test", kind="video", title="防疫小课堂", text="洗手。", strength="read",
                roles=["guardian"], unit_id=1, video="0" * 24 + ".mp4", video_seconds=SECONDS,
            )  # fmt: skip
            work.flush()

    def run(self, job: str, clock: str, day=MONDAY):  # type: ignore[no-untyped-def]
        jobs = discover()
        timetable = Timetable(jobs, self.database, self.runtime.district, self.runtime.work, "http://pinganbao.test")
        self.clock.moment = at(clock, day)
        return timetable.run_as_of(jobs[job], at(clock, day), at(clock, day))

    def states(self) -> dict[int, State]:
        """person → state, as everybody who looks sees it."""
        from models.rules.campaign import state_of

        with self.database.read() as connection:
            rows = list(standing.standings(connection, [self.number]))
        assert len({(row.person_id, row.role) for row in rows}) == len(rows) == PEOPLE
        return {row.person_id: state_of(row.facts, SECONDS) for row in rows}


@pytest.fixture
def town(sqlite: Database) -> Iterator[Town]:
    made = Town(sqlite)
    yield made
    made.runtime.close()


def bound(number: int) -> bool:
    return number % 25 != 24


def watch(town: Town, account: int, spans: list[tuple[int, int]]) -> None:
    """Pages opened one after the other, each played from one second to another."""
    with town.database.write() as connection:
        work = town.runtime.work(connection, at("13:00"))
        for sitting, (start, end) in enumerate(spans):
            opened = at("13:00") + timedelta(hours=sitting)
            taken.open_page(work, town.number, account, opened)
            session, _ = taken.begin_watching(work, town.number, account, opened)
            page = standing.watching(work.flush(), session)
            assert page is not None
            taken.played(work, page, start, end, opened + timedelta(seconds=end - start), completes=True)
        work.flush()


@pytest.mark.anyio
async def test_states_add_up_and_nobody_is_in_two(town: Town) -> None:
    # --- sent -------------------------------------------------------------------------------------------------
    with Counted(town) as pushing:  # type: ignore[arg-type]
        planned = town.run("campaign-push", "12:00")
    assert planned.owed == PEOPLE * 24 // 25
    assert planned.state == "held"  # so many wait for a second person's word
    assert len(pushing) < 100  # slices of a thousand, no statement a person
    assert set(town.states().values()) == {State.WAITING, State.UNBOUND}
    with Counted(town) as again:  # type: ignore[arg-type]
        assert town.run("campaign-push", "12:10").owed == 0
    assert len(again) < 12
    with town.database.write() as connection:
        for remainder, fate in enumerate(FATES):
            sent_at = at("12:05") if fate == "sent" else None
            which = Outbox.account_id % 10 == remainder
            connection.execute(update(Outbox).where(which).values(state=fate, sent_at=sent_at))

    # --- what they did ----------------------------------------------------------------------------------------
    expected = {
        person: State.UNBOUND
        if not bound(person)
        else {"sent": State.DELIVERED, "queued": State.WAITING}.get(FATES[person % 10], State.FAILED)
        for person in range(1, PEOPLE + 1)
    }
    reached = [person for person in expected if expected[person] is State.DELIVERED]
    opened, half, twice, faster, words = (reached[start : start + 200] for start in range(0, 1000, 200))
    with town.database.write() as connection:
        work = town.runtime.work(connection, at("13:00"))
        for account in opened:
            taken.open_page(work, town.number, account, at("13:00"))
        for account in words:
            taken.confirm(work, town.number, account, "text", at("13:00"))
        work.flush()
    for account in half:
        watch(town, account, [(0, 20), (0, 25)])  # the same beginning twice is not two halves
    for account in twice:
        watch(town, account, [(0, 30), (30, 60), (0, 60)])
    for account in faster:
        watch(town, account, [(40, 60)])  # the end alone
    expected |= dict.fromkeys(opened + faster, State.OPENED) | dict.fromkeys(half, State.PARTLY)
    expected |= dict.fromkeys(twice + words, State.DONE)

    # --- forwarded --------------------------------------------------------------------------------------------
    app = create_app(town.runtime, registry=Registry([]))
    town.clock.moment = at("16:00")
    until = at("12:00") + timedelta(days=2)
    own, owner, others = reached[1100], reached[1101], reached[1102:1152]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pinganbao.test") as phone:
        link = campaign_link(town.runtime.vault, "", town.number, own, until)
        assert report_address((await phone.get(link)).text) != ""
        expected[own] = State.OPENED
        for other in (owner, *others):  # fifty links forwarded to one phone that is known
            page = await phone.get(campaign_link(town.runtime.vault, "", town.number, other, until))
            assert report_address(page.text) == ""
    assert town.states() == expected

    # --- the same for everybody who looks ---------------------------------------------------------------------
    counted = Counter(expected.values())
    with town.database.read() as connection, Counted(town) as looking:  # type: ignore[arg-type]
        campaign = queries.campaign(connection, town.number)
        assert campaign is not None
        units = by_unit(standing.standings(connection, [town.number]), {town.number: campaign})
    assert len(looking) == 2
    assert sum(len(states) for states in units.values()) == PEOPLE
    assert sum((Counter(states) for states in units.values()), Counter()) == counted
    assert sum(tally(expected.values()).values()) == PEOPLE
    with town.database.read() as connection:
        how = dict(connection.execute(select(Receipt.how, func.count()).group_by(Receipt.how)).all())
    assert how == {"": PEOPLE - 400, "watched": 200, "text": 200}

    # --- reminders: those alone who were told and have not answered --------------------------------------------
    with Counted(town) as reminding:  # type: ignore[arg-type]
        reminded = town.run("campaign-reminder", "12:00", TUESDAY)
    told = sum(1 for person, state in expected.items() if bound(person) and FATES[person % 10] != "queued")
    assert reminded.owed == told - counted[State.DONE]
    assert len(reminding) < 100  # as above: a few for each slice of a thousand, none for a person
