"""A town with the workbook's people in it, whose clock ticks the timetable at every minute on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from app.files.exports.columns import COLUMNS
from app.files.exports.rows import ROWS, Source
from app.files.roster import load
from app.sandbox.platform.settings import PushRules
from models.database import Database
from models.queries import roster as stored
from schedules.delivery.drain import Delivery
from tests import cast
from tests.cast import MONDAY, at
from tests.day.roster import STAFF, UNBOUND, families, write_workbook
from tests.town import Town

#: Nobody owed anything before that Monday.
DISTRICT = replace(cast.DISTRICT, times=replace(cast.DISTRICT.times, starts_on=MONDAY))
SUNDAY = MONDAY - timedelta(days=1)
TEMPLATES = dict.fromkeys(
    (
        "checkin-prompt",
        "checkin-reminder",
        "class-report",
        "grade-report",
        "school-report",
        "zero-report-nudge",
        "zero-report-escalation",
        "daily-digest",
        "alert",
    ),
    "sandboxTemplateTodoNotice000000000000000001",
)
Row = dict[str, Any]


class Stage:
    """`async with Stage(database, folder) as stage`: everybody is bound on Sunday evening; then `until` and `say`."""

    def __init__(self, database: Database, folder: Path, faults: Sequence[Mapping[str, Any]] = ()) -> None:
        self._workbook = folder / "roster.xlsx"
        self.town = Town(
            database,
            district=DISTRICT,
            seated=False,
            start=at("18:00", SUNDAY),
            templates=TEMPLATES,
            rules=PushRules(spacing_seconds=0.0),
        )
        self.codes: dict[str, str] = {}
        self.accounts: list[str] = []
        self._worker: Delivery | None = None
        self._faults = faults

    async def __aenter__(self) -> Stage:
        await self.town.__aenter__()
        await self.town.faults(*self._faults)
        self._worker = await self.town.worker()
        self._import()
        self.town.timetable.tick(self.town.clock())
        for _, name, *_ in STAFF:
            if name not in UNBOUND:
                await self._enter(name, name)
        for who, children in families().items():
            await self._enter(who, *children)
        await self.drain()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.town.__aexit__(*error)

    def _import(self) -> None:
        write_workbook(self._workbook)
        runtime = self.town.runtime
        with runtime.database.write() as connection:
            work = runtime.work(connection)
            load(work, self._workbook)
            work.flush()
        with runtime.database.read() as connection:
            rows = stored.codes(connection, runtime.vault, runtime.units.get(connection), None)
        self.codes = {row.name: row.code for row in rows}

    async def _enter(self, who: str, *people: str) -> None:
        """Follow the account, and bind."""
        if who not in self.accounts:
            self.accounts.append(who)
            await self.town.arrive(who)
            assert "绑定" in (await self.town.do(who, "follow"))["reply"]["text"]
        for name in people:
            assert "同意" in await self.town.say(who, f"绑定 {self.codes[name]}")
            assert name in await self.town.say(who, "同意")

    async def drain(self) -> None:
        """Whatever is owed now goes out."""
        assert self._worker is not None
        while await self._worker.drain():
            pass

    async def until(self, clock: str, day: date = MONDAY) -> None:
        """Let the clock run to that moment; jobs fall due at their own minutes on the way."""
        end = at(clock, day)
        for moment in sorted(self._job_times(end)):
            self.town.clock.moment = moment
            self.town.timetable.tick(moment)
            await self.drain()
        self.town.clock.moment = max(end, self.town.clock.moment)  # two lines of one minute are seconds apart
        await self.drain()

    def _job_times(self, end: datetime) -> set[datetime]:
        timetable, begin = self.town.timetable, self.town.clock.moment
        due = {
            one.at for job in timetable.jobs.values() if not job.every for one in timetable.due_between(job, begin, end)
        }
        # Alerts are followed up every minute; every five are enough for the one that nobody acknowledges.
        fives = (at("08:00") + timedelta(minutes=5 * number) for number in range(18))
        return due | {moment for moment in fives if begin < moment <= end}

    async def play(self, script: str) -> dict[str, list[str]]:
        """`07:31 高晨妈: 36.5` a line; gives what the bot answered, by who, in order."""
        heard: dict[str, list[str]] = {}
        for line in script.strip().splitlines():
            clock, rest = line.strip().split(" ", 1)
            who, text = rest.split(": ", 1)
            await self.until(clock)
            heard.setdefault(who, []).append(await self.town.say(who, text))
            await self.drain()
        return heard

    def export(self, kind: str, day: date = MONDAY) -> list[Row]:
        """The rows of a day's export, by column."""
        runtime = self.town.runtime
        with runtime.database.read() as connection:
            source = Source(runtime, connection, day, day)
            return [dict(zip(COLUMNS[kind], row, strict=True)) for row in ROWS[kind](source)]

    async def pushed(self) -> Counter[str]:
        """How many messages came unasked on Monday, by account."""
        made: Counter[str] = Counter()
        for who in self.accounts:
            made[who] = len(await self.unasked(who))
        return made

    async def unasked(self, who: str) -> list[str]:
        """What came unasked on Monday."""
        return [
            message["text"]
            for message in await self.town.chat(who)
            if message["side"] == "account"
            and message["via"] != "passive"
            and datetime.fromisoformat(message["at"]) >= at("00:00")
        ]
