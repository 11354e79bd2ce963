"""Days of a whole district, spoken through the dispatcher and run by the product's jobs, against a `Ledger`.

Doors: whatever is out of the ordinary is said in chat (answers that are late, wrong, corrected or feverish, absences,
signatures, returns, judgements, delegations), in batches as the webhook hands them over; the timetable's jobs run at
their minutes; transfers come as a sheet of the roster. The many ordinary answers of the morning go through `record`, the
action behind the chat, a school at a time – but for the `spoken` schools, of which every word goes through the chat.
Nothing is delivered: what is owed stays in the outbox, where the tests look for it. Prompts and reminders to parents are
left out; other tests have them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update

from app.files.roster import check
from bots.engine.dispatcher import Dispatcher
from bots.engine.incoming import Incoming
from bots.engine.registry import discover
from bots.wechat.menu import MENU_WORDS
from models.actions.calendar import set_mode
from models.actions.check_ins import Entry, record
from models.actions.roster import import_roster
from models.actions.roster_steps import sum_up
from models.actions.trail import bump
from models.database import Database
from models.queries.days import preload
from models.queries.units import UnitsCache
from models.rules.check_in import Health, Measured
from models.rules.roster import COLUMNS, JOINED, PUPILS, Sheet
from models.tables import Enrolment, Outbox, Person, Post
from models.vault import Vault, to_json
from models.work import Work
from tests.cast import DISTRICT, MONDAY, SECRET, at
from tests.chain.district import BUREAU, Place, Size, Someone, build, openid
from tests.chain.ledger import FEVER, Ledger
from tests.jobs.helper import run
from tests.play import PUBLIC_URL, shown

#: Of every thousand pupils a day: late, never, feverish, coughing, corrected after the class, the school and the lock …
LATE, NEVER, FEVERISH, COUGHING, CORRECTED = 6, 8, 1, 2, 1
_BATCH = 60
_NORMAL = {tenths: Health(readings=(Measured(tenths),)) for tenths in range(360, 370)}
_WRITTEN = {tenths: to_json(health.to_json()) for tenths, health in _NORMAL.items()}


@dataclass(slots=True)
class Line:
    """One message. after: told to the ledger once it was answered; it gets the answer."""

    at: datetime
    order: int
    account: int
    text: str
    after: Callable[[str], None]


@dataclass(slots=True)
class Again(Line):
    """A signature given once more, where its report is open when it comes to that."""

    path: str


class Month:
    """`Month(database, size).live(days)`; then compare `ledger` with whatever is exported. odd: how many times as often
    things are out of the ordinary."""

    def __init__(self, database: Database, size: Size, *, spoken: int, odd: float = 1, seed: int = 20260302) -> None:
        self.database, self.district, self.vault = database, DISTRICT, Vault(SECRET)
        self.units, self.now = UnitsCache(), at("00:00")
        with database.write() as connection:
            self.place: Place = build(connection, size)
        self.ledger = Ledger(self.place, [])
        self.chance, self.odd = Random(seed), odd
        self.spoken = set(self.place.of_kind("school")[:spoken])
        self.dispatcher = Dispatcher(discover(), PUBLIC_URL, MENU_WORDS)
        self.days: list[date] = []
        self._number = 10_000
        self._lines: list[Line] = []
        self.delegates: dict[tuple[str, date], int] = {}
        self.unbound: set[str] = set()
        #: people nobody speaks for: they came in the month, and no code was given out
        self.mute: set[int] = set()
        self.here: dict[str, list[int]] = {}
        self.classes: dict[str, list[int]] = {}
        #: what the morning after is asked of: people of whom nothing was heard
        self.silent: list[int] = []

    # -- the stage ------------------------------------------------------------------------------------------------------
    def work(self, connection: Any) -> Work:
        return Work(connection, self.now, self.district, self.vault, self.units.get(connection))

    def turn(self, batch: Sequence[tuple[int, str, datetime]]) -> list[str]:
        """Messages as one batch; gives what is shown to each."""
        made = []
        for account, text, moment in batch:
            self._number += 1
            key = f"{account}+{self._number}"
            made.append(Incoming(key=key, openid=openid(account), account="gh_cast", sent_at=moment, kind="text",
                                 msg_id=self._number, text=text))  # fmt: skip
            self.now = moment
        with self.database.write() as connection:
            return [shown(reply) for reply in self.dispatcher.answer(made, self.work(connection))]

    def say(self, account: int, text: str, moment: datetime) -> str:
        return self.turn([(account, text, moment)])[0]

    def later(self, clock: str, account: int, text: str, after: Callable[[str], None], *, spread: int = 0) -> datetime:
        """Plan a line of the day; spread: up to so many minutes after `clock`."""
        moment = at(clock, self.days[-1]) + timedelta(seconds=self.chance.randint(0, spread * 60))
        self._lines.append(Line(moment, len(self._lines), account, text, after))
        return moment

    def holder(self, role: str, path: str) -> int:
        return self.place.posts[role, path]

    def name(self, person_id: int) -> str:
        return self.place.people[person_id].name

    def lucky(self, thousandths: float) -> bool:
        return self.chance.random() * 1000 < thousandths

    def rarely(self, thousandths: float) -> bool:
        return self.lucky(thousandths * self.odd)

    # -- the month ------------------------------------------------------------------------------------------------------
    def live(self, days: int) -> None:
        for number in range(days):
            self._day(MONDAY + timedelta(days=number), number)
        self.now = at("20:00", self.days[-1])

    def _day(self, day: date, number: int) -> None:
        self.days.append(day)
        self._lines = []
        run(self, "day-begin", "00:00:10", day)  # type: ignore[arg-type]
        self._upheavals(day, number)
        self.ledger.open(day)
        self.here, self.classes = {}, {}
        for person in self.place.people.values():
            if (unit := self.ledger.unit_on(person.id, day)) is not None:
                self.here.setdefault(unit.split("/")[0], []).append(person.id)
                if person.kind == "student":
                    self.classes.setdefault(unit, []).append(person.id)
        if number:
            self._yesterday(day)
        for school in self.place.of_kind("school"):
            if self.ledger.owes(school, day):
                self._school(school, day)
        run(self, "open-days", "08:00", day)  # type: ignore[arg-type]
        run(self, "reporter-check", "08:00", day)  # type: ignore[arg-type]
        lock = at("11:30", day)
        self._play([line for line in self._lines if line.at <= lock])
        run(self, "day-lock", "11:30", day)  # type: ignore[arg-type]
        self.ledger.lock(day)
        run(self, "daily-digest", "11:30", day)  # type: ignore[arg-type]
        self._play([line for line in self._lines if line.at > lock])
        if number % 3 == 0:
            self._transfer(day, number)

    def _play(self, lines: list[Line]) -> None:
        batch: list[Line] = []
        for line in sorted(lines, key=lambda line: (line.at, line.order)):
            if len(batch) == _BATCH or (batch and isinstance(line, Again) is not isinstance(batch[-1], Again)):
                self._turn(batch)
                batch = []
            batch.append(line)
        self._turn(batch)

    def _turn(self, batch: list[Line]) -> None:
        due = [line for line in batch if not isinstance(line, Again) or self._is_open(line)]
        if due:
            for line, said in zip(due, self.turn([(one.account, one.text, one.at) for one in due]), strict=True):
                line.after(said)

    def _is_open(self, line: Again) -> bool:
        report = self.ledger.reports.get((self.days[-1], line.path))
        return report is not None and report.state in {"open", "returned"}

    # -- a school's day -------------------------------------------------------------------------------------------------
    def _school(self, school: str, day: date) -> None:
        ordinary: list[tuple[int, int]] = []
        fevers: list[int] = []
        for who in self.here.get(school, ()):
            if who not in self.mute and not self._odd(who, day, fevers):
                ordinary.append((who, self.chance.choice((362, 365, 366, 368))))
        self._ordinary(school, day, ordinary)
        self._absences(school, day)
        for path in self.place.units:
            kind = self.place.kinds[path]
            if path.startswith(f"{school}/"):
                (self._class if kind == "class_unit" else self._grade)(path, day)
        self._sign_school(school, day, fevers)

    def _ordinary(self, school: str, day: date, people: list[tuple[int, int]]) -> None:
        moment = self.now = at("08:20", day)
        if school in self.spoken:
            for begin in range(0, len(people), 200):
                said = self.turn([(who, f"{tenths / 10:.1f}", moment) for who, tenths in people[begin : begin + 200]])
                odd = [
                    one
                    for (_, tenths), one in zip(people[begin:], said, strict=False)
                    if f"{tenths / 10:.1f}" not in one
                ]
                assert not odd, odd
        else:
            with self.database.write() as connection:
                work = self.work(connection)
                preload(work, [who for who, _ in people], [day])
                for who, tenths in people:
                    self._number += 1
                    one = self.place.people[who]
                    unit = self.place.units[self.ledger.unit_on(who, day) or ""]
                    record(work, Entry(
                        who, one.kind, unit, day, _NORMAL[tenths], f"{tenths / 10:.1f}",
                        "guardian" if one.kind == "student" else "self", moment, self._number, who,
                        who if one.kind == "staff" else None, written=_WRITTEN[tenths],
                    ))  # fmt: skip
                work.flush()
        for who, tenths in people:
            self.ledger.answer(day, who, moment, tenths)

    def _odd(self, who: int, day: date, fevers: list[int]) -> bool:
        """Whether this person's morning is out of the ordinary; then it is planned."""
        pupil = self.place.people[who].kind == "student"
        me = "" if pupil else "我"
        if self.rarely(FEVERISH):
            fevers.append(who)
            self._answers("07:40", who, me, 382, spread=70)
            if self.lucky(250):
                self._answers(self.chance.choice(("09:45", "10:45", "13:00")), who, me, 366, corrects=True, spread=20)
            return True
        if pupil and self.rarely(COUGHING):
            self._answers("07:40", who, "", 366, cough=True, spread=70)
            return True
        if self.rarely(CORRECTED):
            self._answers("08:00", who, me, 365, spread=20)
            clock = self.chance.choice(("09:41", "10:35", "12:10", "16:00"))
            fevers.append(who)
            self._answers(clock, who, me, self.chance.choice((384, 367)), corrects=True, spread=15)
            return True
        if self.rarely(LATE):
            clock = self.chance.choice(("09:01", "09:01", "09:31", "10:05", "10:50", "12:20"))
            tenths = 379 if self.lucky(150) else 364
            if tenths >= 373:
                fevers.append(who)
            self._answers(clock, who, me, tenths, spread=25 if clock != "09:01" else 5)
            return True
        if self.rarely(NEVER):
            if pupil:
                self.silent.append(who)
            return True
        return False

    def _answers(self, clock: str, who: int, me: str, tenths: int, *, cough: bool = False, corrects: bool = False, spread: int = 0) -> None:  # fmt: skip
        day = self.days[-1]
        text = f"{'改 ' if corrects else me}{tenths / 10:.1f}{' 咳嗽' if cough else ''}"

        def after(said: str) -> None:
            assert f"{tenths / 10:.1f}" in said, (text, said)
            self.ledger.answer(day, who, moment, tenths, cough=cough, corrects=corrects)

        moment = self.later(clock, who, text, after, spread=spread)

    def _yesterday(self, day: date) -> None:
        """Some of whom nothing was heard are reported the morning after, once it was asked whether that was meant."""
        before = day - timedelta(days=1)
        for who in self.silent:
            if not self.lucky(80) or self.ledger.unit_on(who, day) is None or (before, who) in self.ledger.told:
                continue
            moment, tenths = at("07:20", day), 381 if self.lucky(300) else 365
            assert "是" in self.say(who, f"昨天{tenths / 10:.1f}", moment)
            assert f"{tenths / 10:.1f}" in self.say(who, "是", moment)
            self.ledger.answer(before, who, moment, tenths)
            if tenths >= FEVER:
                self.ledger.worry(day, who)
        self.silent = []

    def _absences(self, school: str, day: date) -> None:
        for path in self.place.of_kind("class_unit"):
            teacher = self.holder("head_teacher", path)
            if not path.startswith(f"{school}/") or self.ledger.unit_on(teacher, day) is None or not self.rarely(60):
                continue
            who = self.chance.choice(self.classes[path])
            kind, words = self.chance.choice(
                (("sick", "病假 感冒"), ("personal", "事假 家里有事"), ("unexplained", "不明"))
            )
            clock = self.chance.choice(("09:06", "09:06", "09:06", "10:36", "12:30"))
            self._absent(clock, teacher, who, kind, words)
            if self.lucky(200):
                self._absent("13:30", teacher, who, None, "取消")

    def _absent(self, clock: str, teacher: int, who: int, kind: str | None, words: str) -> None:
        day = self.days[-1]

        def after(said: str) -> None:
            assert self.name(who) in said, said
            self.ledger.absent(day, who, kind, moment)

        moment = self.later(clock, teacher, f"缺勤 {self.name(who)} {words}", after)

    # -- signatures -----------------------------------------------------------------------------------------------------
    def _signs(self, clock: str, who: int, path: str, *, spread: int = 0, again: bool = False) -> None:
        """`again`: only where the report is open then."""
        day, kind = self.days[-1], self.place.kinds[path]
        title = "".join(path.split("/")[1:]) or path
        moment = at(clock, day) + timedelta(seconds=self.chance.randint(0, spread * 60))
        order = len(self._lines)

        def after(said: str) -> None:
            done = "已上报" if kind == "school" else "已确认"
            assert said.startswith(f"{done}：{title}"), (path, said)
            self.ledger.sign(day, path, moment, self.name(who))

        text = f"确认 {title}"
        if again:
            self._lines.append(Again(moment, order, who, text, after, path))
        else:
            self._lines.append(Line(moment, order, who, text, after))

    def _class(self, path: str, day: date) -> None:
        teacher, grade = self.holder("head_teacher", path), path.rsplit("/", 1)[0]
        if self.ledger.unit_on(teacher, day) is None:
            if self.lucky(500):  # nobody's class: the grade head acts for it, or it is missing
                self._signs("09:29", self.holder("grade_head", grade), path)
            return
        luck = self.chance.random()
        if luck < 0.01:
            return
        if luck < 0.02:
            self._signs("12:40", teacher, path, spread=60)
            return
        self._signs("09:10" if luck < 0.96 else "09:31", teacher, path, spread=19 if luck < 0.96 else 60)
        if luck > 0.99:
            self._returns("09:51", self.holder("grade_head", grade), path)
        if self.lucky(700):
            self._signs("10:02", teacher, path, again=True)
        if self.lucky(500):
            self._signs("11:20", teacher, path, again=True)

    def _grade(self, path: str, day: date) -> None:
        head = self.holder("grade_head", path)
        if (path in self.ledger.headless and self.ledger.headless[path] <= day) or self.lucky(20):
            return
        self._signs("09:35", head, path, spread=14)
        if self.lucky(500):
            self._signs("11:22", head, path, again=True)

    def _sign_school(self, school: str, day: date, fevers: list[int]) -> None:
        reporter, deputy = self.holder("designated_reporter", school), self.holder("deputy_reporter", school)
        principal = self.holder("principal", school)
        signer = reporter
        clock, spread = "10:16", 13
        luck = self.chance.random()
        if (school, day) in self.delegates:
            signer = self.delegates[school, day]
        elif school in self.unbound:
            signer = principal if luck < 0.3 else deputy
        elif luck < 0.05:
            signer = deputy
        elif luck < 0.1:
            signer = principal
        elif luck < 0.14:
            clock, spread = "10:31", 50
        elif luck < 0.17:
            clock = "12:45"
        elif luck < 0.2:
            return
        if self.lucky(700):
            for who in fevers:
                self._judges("10:10", signer if signer != deputy else deputy, who)
        self._signs(clock, signer, school, spread=spread)
        if clock != "12:45":
            if self.lucky(60):
                self._returns("11:00", self.holder("district_officer", BUREAU), school)
            if self.lucky(600):
                self._signs("11:25", signer, school, again=True)

    def _returns(self, clock: str, by: int, path: str) -> None:
        day = self.days[-1]
        called = path if self.place.kinds[path] == "school" else "".join(path.split("/")[1:])

        def after(said: str) -> None:
            done = self.ledger.send_back(day, path)
            assert said.startswith("已退回") is done, (path, said)

        self.later(clock, by, f"退回 {called} 缺人", after)

    def _judges(self, clock: str, by: int, who: int) -> None:
        day = self.days[-1]

        def after(said: str) -> None:
            if "不需报告" in said and "没有" not in said.split("。")[0]:
                self.ledger.judge(day, who)

        self.later(clock, by, f"不需报告 {self.name(who)} 普通感冒", after)

    # -- what a month brings ----------------------------------------------------------------------------------------------
    def _upheavals(self, day: date, number: int) -> None:
        schools = self.place.of_kind("school")
        if number == 1:
            self._delegate(schools[0], day, 2)
            self._no_head(schools[-1], day)
        if number == 2:
            self._unbind(schools[1])
            self._no_teacher(schools[-1], day)
        if number == 4:
            with self.database.write() as connection:
                work = self.work(connection)
                for school in schools[2::3]:
                    set_mode(work, self.place.units[school], "school_day", day + timedelta(days=3), "bureau")
                work.flush()
        if number >= 7:
            for school in schools[2::3]:
                (self.ledger.quiet if day.weekday() >= 5 else self.ledger.taught).add((school, day))

    def _delegate(self, school: str, day: date, days: int) -> None:
        reporter, to = self.holder("designated_reporter", school), self.holder("school_doctor", school)
        last = day + timedelta(days=days - 1)
        moment = at("07:00", day)
        said = self.say(reporter, f"我出差到{last.month}月{last.day}日，请{self.name(to)}代报", moment)
        assert self.name(to) in said, said
        assert self.name(to) in self.say(reporter, "确认", moment)
        for back in range(days):
            self.delegates[school, day + timedelta(days=back)] = to

    def _unbind(self, school: str) -> None:
        """The reporter leaves the account: nobody in the school is a valid reporter any more."""
        reporter, moment = self.holder("designated_reporter", school), at("07:10", self.days[-1])
        self.say(reporter, "解绑", moment)
        self.say(reporter, "确认解绑", moment)
        self.unbound.add(school)
        self.mute.add(reporter)

    def _ends(self, role: str, path: str, day: date) -> None:
        with self.database.write() as connection:
            ended = (Post.role == role) & (Post.unit_id == self.place.units[path])
            connection.execute(update(Post).where(ended).values(to_date=day))

    def _no_head(self, school: str, day: date) -> None:
        grade = next(path for path in self.place.of_kind("grade") if path.startswith(f"{school}/"))
        self._ends("grade_head", grade, day)
        self.ledger.headless[grade] = day

    def _no_teacher(self, school: str, day: date) -> None:
        """A head teacher leaves the school, and nobody follows."""
        path = [path for path in self.place.of_kind("class_unit") if path.startswith(f"{school}/")][-1]
        teacher = self.holder("head_teacher", path)
        self._ends("head_teacher", path, day)
        with self.database.write() as connection:
            work = self.work(connection)
            connection.execute(update(Person).where(Person.id == teacher).values(left_on=day))
            connection.execute(update(Enrolment).where(Enrolment.person_id == teacher).values(to_date=day))
            bump(work, "roster")
            sum_up(work)
        self.ledger.moves(teacher, None, day)

    def _transfer(self, day: date, number: int) -> None:
        """In the afternoon a sheet of transfers: they count from tomorrow, whatever date stands beside them."""
        self.now = at("15:00", day)
        classes, rows = self.place.of_kind("class_unit"), []
        moved = self.chance.sample([one for one in self.place.people.values() if one.kind == "student"], 6)
        for place, one in enumerate(moved):
            to = self.chance.choice(classes)
            dated = day if place % 3 == 0 else day - timedelta(days=2) if place % 3 == 1 else None
            if to != self.ledger.unit_on(one.id, day):
                rows.append((one.number, one.name, to, dated))
                self.ledger.moves(one.id, to, day + timedelta(days=1))
        fresh = (f"new{number:04d}", "欧阳新来", self.chance.choice(classes), None)
        with self.database.write() as connection:
            work = self.work(connection)
            cells = [
                (line, (*to.split("/"), code, name, "", "", dated.isoformat() if dated else ""))
                for line, (code, name, to, dated) in enumerate([*rows, fresh], start=2)
            ]
            sheet = Sheet(PUPILS, (*COLUMNS[PUPILS], JOINED), cells)
            import_roster(work, check(work, [sheet], partial=True))
            work.flush()
            who = connection.execute(select(Person.id).where(Person.number == fresh[0])).scalar_one()
        self.place.people[who] = Someone(who, "student", fresh[0], fresh[1], fresh[2])
        self.ledger.rolls[who] = [(date.min, None), (day + timedelta(days=1), fresh[2])]
        self.mute.add(who)

    # -- what was owed to whom ----------------------------------------------------------------------------------------------
    def owed(self, kind: str) -> list[tuple[int, datetime, str]]:
        """(account, moment, text) of what was owed of a kind."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(Outbox.account_id, Outbox.moment, Outbox.body).where(Outbox.kind == kind).order_by(Outbox.id)
            ).all()
        return [(row.account_id, row.moment, self.vault.open_json("outbox.body", row.body)["text"]) for row in rows]
