"""Some weeks of a school with the truth known beforehand: who fell ill, who was where, and when it was said.

`Month` puts the truth together, lets families and staff say it through the product's own conversation, and keeps what
was injected. Nothing of the product decides what is true; the tests count it again from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, update

from models.actions.regions import add_regions
from models.database import Database
from models.queries.key_persons import missing, open_rows
from models.rules.district import KeyRegion
from models.tables import Account, Alert, Binding, Enrolment, Incident, IncidentStep, Person, Post
from tests.cast import MONDAY, SCHOOL_YEAR, openid
from tests.conversations.test_key_persons_truth import IN, OUT, REGIONS, SAID
from tests.jobs.helper import run
from tests.play import Play

CLASSES = ("红旗小学/三年级/1班", "红旗小学/三年级/2班", "红旗小学/五年级/1班", "江畔中学/七年级/1班")
TEACHER = dict(zip(CLASSES, ("黄老师", "陈老师", "吴老师", "卫老师"), strict=True))
REPORTER = {"红旗小学": "报告人", "江畔中学": "江畔报告人"}
#: What one illness makes somebody say; the syndrome it counts as; the alerts it raises.
ILLNESSES = (
    ("{n}", "fever", {"A01"}),
    ("36.5 拉肚子", "digestive", {"A06"}),
    ("36.6 咳嗽", "respiratory", {"A06"}),
    ("36.5 起疹子了", "rash", set()),
    ("吃了退烧药，现在36.8", "fever", {"A15"}),
)
FIRST, LAST_ID = 200, 900


@dataclass(frozen=True)
class Child:
    """A pupil of the month; each falls ill, or travels, at most once."""

    id: int
    name: str
    family: str
    second: str
    unit: str


@dataclass(frozen=True)
class Event:
    """One injected fact. codes: alerts that must follow; region: whether a key region was stayed in."""

    child: Child
    day: date
    clock: str
    text: str
    kind: str
    syndrome: str = ""
    codes: frozenset[str] = frozenset()
    region: bool = False


@dataclass
class Month:
    """days, children and journeys give the size; what was injected is in `events`, what was seen in the other lists."""

    database: Database
    days: int
    children: int
    journeys: int
    seed: int = 20260302
    events: list[Event] = field(default_factory=list)
    registered: set[int] = field(default_factory=set)
    listed: set[int] = field(default_factory=set)
    ownerless: list[str] = field(default_factory=list)
    looked: int = 0

    def __post_init__(self) -> None:
        self.play = Play(self.database)
        self.chance = Random(self.seed)
        self.teachers = dict(TEACHER)
        self.pupils = [self._child(number) for number in range(self.children)]
        self._seat()
        self._write_truth()

    # -- the truth ---------------------------------------------------------------------------------------------------
    def _child(self, number: int) -> Child:
        name = (
            "甲乙丙丁戊己庚辛壬癸"[number // 100]
            + "子丑寅卯辰巳午未申酉"[number // 10 % 10]
            + "一二三四五六七八九十"[number % 10]
        )
        second = f"另家{number}" if number % 5 == 0 else ""
        return Child(FIRST + number, name, f"家{number}", second, CLASSES[number % len(CLASSES)])

    def _seat(self) -> None:
        play, made = self.play, datetime(2026, 2, 20, tzinfo=UTC)
        rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in (Person, Enrolment, Account, Binding)}
        number = LAST_ID // 2
        for child in self.pupils:
            unit, school = play.cast.units[child.unit], play.cast.units[child.unit.split("/")[0]]
            rows[Person].append(
                {
                    "id": child.id,
                    "kind": "student",
                    "number": f"M{child.id}",
                    "name": child.name,
                    "unit_id": unit,
                    "school_id": school,
                    "joined_on": SCHOOL_YEAR,
                }
            )
            rows[Enrolment].append({"person_id": child.id, "unit_id": unit, "from_date": SCHOOL_YEAR})
            play.cast.people[child.name] = child.id
            for rank, family in enumerate(filter(None, (child.family, child.second)), start=1):
                number += 1
                play.cast.accounts[family] = number
                rows[Account].append({"id": number, "openid": openid(family), "followed_at": made, "created_at": made})
                rows[Binding].append(
                    {
                        "account_id": number,
                        "person_id": child.id,
                        "relation": "guardian",
                        "rank": rank,
                        "bound_at": made,
                        "consent_version": "2026-02",
                        "consented_at": made,
                    }
                )
        with play.database.write() as connection:
            for table, values in rows.items():
                connection.execute(insert(table), values)
            duty, isolation = play.cast.people["教务"], play.cast.people["局领导"]
            for person, role, unit in ((duty, "duty_leader", "红旗小学"), (isolation, "wg_isolation", "春江区教育局")):
                place = play.cast.units[unit]
                connection.execute(
                    insert(Post).values(person_id=person, role=role, title=role, unit_id=place, from_date=SCHOOL_YEAR)
                )
            work = play.work(connection)
            add_regions(work, [KeyRegion(*one, MONDAY - timedelta(days=40)) for one in REGIONS], "test")
            work.flush()

    def day(self, number: int) -> date:
        return MONDAY + timedelta(days=number % self.days)

    def _write_truth(self) -> None:
        free = list(self.pupils)
        self.chance.shuffle(free)
        places = (*IN, *OUT[:3])
        for number in range(self.journeys):
            place = places[number % len(places)]
            text = SAID[number % len(SAID)].format(place)
            clock = ("07:40", "08:30", "12:10", "15:20")[number % 4]
            event = Event(free.pop(), MONDAY, clock, text, "journey", region=place in IN)
            self.events.append(event)  # said on the Monday: the sentences name days of its calendar
        self._cluster(free, "digestive", 2, 1, 3)  # just below R1-1
        self._cluster(free, "digestive", 3, 2, 5)  # just reached
        self._cluster(free, "rash", 4, 3, 7, days=3)  # just below R1-3, two a day at most
        self._cluster(free, "rash", 5, 0, 11, days=3)  # just reached
        for number, child in enumerate(free[: max(self.days, 6)]):
            text, syndrome, codes = ILLNESSES[(0, 4, 0, 2)[number % 4]]
            clock = ("07:45", "09:40", "13:00", "22:40")[number % 4]
            said = text.format(n=f"3{7 + number % 2}.{5 + number % 4}")
            # One illness a class and day, days apart: no cluster but those meant.
            day = self.day(14 + number) if self.days > 14 else self.day(number)
            kind = "medicine" if number % 4 == 1 else "illness"
            self.events.append(Event(child, day, clock, said, kind, syndrome, frozenset(codes)))
        for child in [one for one in free[max(self.days, 6) :] if one.second][: max(1, self.days // 6)]:
            day = self.day(self.chance.randrange(self.days))
            self.events.append(Event(child, day, "07:42", "36.5 没有不舒服", "contradiction"))
            self.events.append(
                Event(child, day, "08:44", "36.5 流鼻涕", "contradicted", "respiratory", frozenset({"A06", "A14"}))
            )

    def _cluster(self, free: list[Child], syndrome: str, count: int, unit: int, begins: int, days: int = 1) -> None:
        said, _, codes = next(one for one in ILLNESSES if one[1] == syndrome)
        found = [child for child in free if child.unit == CLASSES[unit]][:count]
        assert len(found) == count, "too few children for the truth asked for"
        for number, child in enumerate(found):
            free.remove(child)
            day = self.day(begins + number * days // count)
            self.events.append(Event(child, day, "08:05", said, "cluster", syndrome, frozenset(codes)))

    # -- what is said ------------------------------------------------------------------------------------------------
    def run(self) -> None:
        """Live all the days. After every message, and every job, it is looked for cases nobody owns."""
        for number in range(self.days):
            self._live(MONDAY + timedelta(days=number))
        self._close(MONDAY + timedelta(days=self.days))

    def _leave(self, day: date) -> None:
        """The head teacher of 三年级2班 goes, and nobody comes yet: the head of grade has the class."""
        teacher = self.play.cast.people["陈老师"]
        with self.play.database.write() as connection:
            connection.execute(update(Post).where(Post.person_id == teacher).values(to_date=day))
        self.teachers["红旗小学/三年级/2班"] = "孙主任"
        run(self.play, "alert-follow-up", "00:00", day)  # the clock ticks every minute, at night too

    def _live(self, day: date) -> None:
        if day == MONDAY + timedelta(days=self.days // 2):
            self._leave(day)
        play, today = self.play, [event for event in self.events if event.day == day]
        busy = {event.child.id for event in today}
        play.clock("07:35", day)
        ordinary = f"36.{4 + day.toordinal() % 3}"
        # Whoever had symptoms is asked for more than a number; everybody else is done with one.
        play.turn(*(play.incoming(child.family, ordinary) for child in self.pupils if child.id not in busy))
        jobs = [("09:05", "key-person-follow-up"), ("10:30", "daily-watch"), ("10:31", "alert-follow-up")]
        jobs += [("11:15", "alert-follow-up"), ("11:16", "incident-follow-up"), ("16:00", "incident-progress")]
        steps: list[tuple[str, Any]] = [(event.clock, event) for event in today] + list(jobs)
        for clock, what in sorted(steps, key=lambda step: step[0]):
            if isinstance(what, Event):
                play.clock(clock, day)
                self._say(what)
            else:
                run(play, what, clock, day)
            self._look(day)
        if day.toordinal() % 2:
            self._receive(day)

    def _say(self, event: Event) -> None:
        who = event.child.second if event.kind == "contradicted" else event.child.family
        self.play.say(who, event.text)
        if event.kind != "journey":
            return
        with self.play.database.read() as connection:
            if any(
                row.person_id == event.child.id and row.category == "kp_region"
                for row in open_rows(connection, self.play.vault, event.day)
            ):
                self.registered.add(event.child.id)
            if any(one.person_id == event.child.id for one in missing(connection, event.day, event.day)):
                self.listed.add(event.child.id)

    def _receive(self, day: date) -> None:
        self.play.clock("17:00", day)
        for teacher in self.teachers.values():
            self.play.say(teacher, "收到")

    def _look(self, day: date) -> None:
        """Every open alert that has a clock, every open step and every key person has somebody who holds a post."""
        self.looked += 1
        with self.play.database.read() as connection:
            posted = set(
                connection.execute(
                    select(Post.person_id).where((Post.to_date.is_(None)) | (Post.to_date > day))
                ).scalars()
            )
            for row in connection.execute(select(Alert.id, Alert.code, Alert.owner_id).where(Alert.outcome.is_(None))):
                if row.owner_id not in posted:
                    self.ownerless.append(f"{day} alert {row.id} {row.code}")
            steps = select(IncidentStep.incident_id, IncidentStep.step, IncidentStep.owner_id)
            for row in connection.execute(steps.where(IncidentStep.state == "open")):
                if row.owner_id not in posted:
                    self.ownerless.append(f"{day} incident {row.incident_id} {row.step}")
            for kept in open_rows(connection, self.play.vault, day):
                if kept.keeper_id not in posted:
                    self.ownerless.append(f"{day} key person {kept.id}")

    def _close(self, day: date) -> None:
        """Those who answer for it end every case, in the product's own words."""
        play = self.play
        play.clock("08:30", day)
        with play.database.read() as connection:
            rows = connection.execute(
                select(Alert.person_id, Alert.report_date).where(Alert.outcome.is_(None)).distinct()
            ).all()
            incidents = connection.execute(
                select(Incident.id, Incident.school_id).where(Incident.closed_at.is_(None)).order_by(Incident.id)
            ).all()
        schools = {play.cast.units[name]: who for name, who in REPORTER.items()}
        named = {child.id: child for child in self.pupils}
        for number in sorted({row.person_id for row in rows if row.person_id in named}):
            child = named[number]
            reporter = REPORTER[child.unit.split("/")[0]]
            for back in sorted({row.report_date for row in rows if row.person_id == number}):
                # An alert is spoken of within a fortnight of its day.
                play.clock("08:30", min(day, back + timedelta(days=13)))
                play.say(self.teachers[child.unit], "收到")
                play.say(reporter, f"处理 {child.name} 不需报告 已电话核实")
        play.clock("08:40", day)
        for incident in incidents:
            play.say(schools[incident.school_id], f"事件 {incident.id} 误报 已核实，普通不适")
