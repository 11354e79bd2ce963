"""A day's figures for a thousand schools and a million people on PostgreSQL: times, plans, and a recount from scratch.

    python -m benchmarks.figures [--schools 1000] [--classes 25] [--pupils 38] [--staff 50] [--plans]

Seeds by bulk SQL, a fortnight of counters and one day of persons. `今日` is asked through the real dispatcher.
Durability is off: nothing here waits for a disk. Medians of `--rounds`.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, insert, text

from app.files.daybook.book import workbook
from benchmarks.machine import cpu_seconds, facts
from bots.engine.dispatcher import Dispatcher
from bots.engine.incoming import Incoming
from bots.engine.registry import discover
from bots.engine.replies import Text
from models.actions import roster_steps
from models.database import Database, database_url
from models.queries.due import due_of
from models.queries.figures.day_table import day_table
from models.queries.figures.school import figures_by_school
from models.queries.figures.schools import sums_on
from models.queries.figures.unit import figures_by_unit
from models.queries.units import UnitsCache
from models.rules.district import District, Times
from models.rules.figures import total
from models.schema import migrate
from models.tables import Account, Binding, Person, Post, Version
from models.vault import Vault
from models.work import Work
from tests.postgres import Cluster, binaries

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)  # 11:30 in the district
DISTRICT = District(name="大区", bureau="大区教育局", times=Times(starts_on=date(2026, 2, 1)))
SECRET = "benchmarks-need-a-secret-of-some-length"

UNITS = """
INSERT INTO units (id, parent_id, kind, name, path, school_id, grade_id, position, school_kind)
SELECT 1, NULL::bigint, 'district', '大区教育局', '大区教育局', NULL::bigint, NULL::bigint, 0, NULL
UNION ALL SELECT 1 + s, 1, 'school', '第' || s || '小学', '第' || s || '小学', 1 + s, NULL, s, 'primary'
  FROM generate_series(1, :schools) s
UNION ALL SELECT 100000 + s * 10 + g, 1 + s, 'grade', g || '年级', '第' || s || '小学/' || g || '年级', 1 + s,
  100000 + s * 10 + g, g, NULL FROM generate_series(1, :schools) s, generate_series(1, 6) g
UNION ALL SELECT 1000000 + s * 100 + c, 100000 + s * 10 + 1 + c % 6, 'class_unit', c || '班',
  '第' || s || '小学/' || (1 + c % 6) || '年级/' || c || '班', 1 + s, 100000 + s * 10 + 1 + c % 6, c, NULL
  FROM generate_series(1, :schools) s, generate_series(1, :classes) c
"""
PEOPLE = """
INSERT INTO persons (id, kind, number, name, unit_id, school_id, joined_on)
SELECT row_number() OVER (), 'student', 'S' || s || '-' || c || '-' || p, '学生', 1000000 + s * 100 + c, 1 + s,
  DATE '2025-09-01'
  FROM generate_series(1, :schools) s, generate_series(1, :classes) c, generate_series(1, :pupils) p
UNION ALL SELECT 10000000 + s * 1000 + t, 'staff', 'T' || s || '-' || t, '老师',
  CASE WHEN t % 7 = 0 THEN 1 + s ELSE 100000 + s * 10 + t % 7 END, 1 + s, DATE '2025-09-01'
  FROM generate_series(1, :schools) s, generate_series(1, :staff) t
"""
ENROLMENTS = """
INSERT INTO enrolments (person_id, unit_id, from_date) SELECT id, unit_id, joined_on FROM persons
"""
#: Of a hundred: two unreported, one late, some with a cough, and one in a thousand with a fever.
DAYS = """
INSERT INTO person_days (person_id, report_date, slot, unit_id, state, result, marks, revision, revisions,
  newest_sent_at, newest_msg_id, first_sent_at)
SELECT id, :day, 'am', unit_id, CASE WHEN id % 100 = 3 THEN 'late' ELSE 'reported' END,
  CASE WHEN id % 1000 = 7 THEN 'fever' WHEN id % 100 = 9 THEN 'symptomatic' ELSE 'normal' END,
  CASE WHEN id % 1000 = 7 THEN 'fever,symptomatic' WHEN id % 100 = 9 THEN 'cough,symptomatic' ELSE '' END,
  1, 1, :at, id, :at FROM persons WHERE id % 50 <> 1
"""
#: The counters as answers keep them, here from the persons; earlier days alike, and written before, as they are in life.
COUNTERS = """
INSERT INTO unit_days (unit_id, report_date, slot, kind, reported, on_time, fever, symptomatic, cough, digestive, rash,
  other_symptom, other_city, other_province, abroad, in_key_region, exempt)
SELECT d.unit_id, :day - back, 'am', p.kind, count(*), count(*) FILTER (WHERE d.state = 'reported'),
  count(*) FILTER (WHERE d.result = 'fever'), count(*) FILTER (WHERE d.result <> 'normal'),
  count(*) FILTER (WHERE d.marks LIKE '%cough%'), 0, 0, 0, 0, 0, 0, 0, 0
FROM person_days d JOIN persons p ON p.id = d.person_id, generate_series(0, 13) back
GROUP BY d.unit_id, p.kind, back ORDER BY back DESC, d.unit_id
"""
#: On earlier days one unit in twenty did not file; today, at half past ten, three in ten have not yet.
REPORTS = """
INSERT INTO reports (unit_id, report_date, slot, status, version, is_zero, zero_kind, capacity, first_filed_at,
  confirmed_at, confirmed_by, on_time, figures)
SELECT u.id, :day - back, 'am', 'submitted', 1, true, 'qualified', '', :at, :at, 10000000 + 1001, true, '{}'
FROM units u, generate_series(0, 13) back
WHERE u.kind IN ('school', 'class_unit') AND u.id % 10 < CASE WHEN back = 0 THEN 7 ELSE 10 END AND u.id % 20 <> 0
ORDER BY back DESC, u.id
"""
#: Every fever has its alert; one pupil in two hundred is away since last week, one in two thousand at home under watch.
ALERTS = """
INSERT INTO alerts (person_id, report_date, code, level, unit_id, facts, raised_at, updated_at, version, told,
  clock_from, steps_done) SELECT person_id, report_date, 'A01', 'red', unit_id, '', :at, :at, 1, '', :at, 0
FROM person_days WHERE result = 'fever'
"""
JOURNEYS = """
INSERT INTO journeys (person_id, unit_id, kind, place, place_index, far, first_on, source, said_on, updated_at)
SELECT id, unit_id, 'own', '', '', 'other_province', CAST(:day AS date) - 5, 'answer', CAST(:day AS date) - 5, :at
FROM persons WHERE id % 200 = 11
"""
MANAGED = """
INSERT INTO managements (person_id, unit_id, school_id, kind, known_on, state, started_at)
SELECT id, unit_id, school_id, 'home_isolation', CAST(:day AS date) - 3, 'observing', :at FROM persons
WHERE id % 2000 = 13
"""
#: One of each school's staff reports for it, and is bound.
REPORTERS = """
WITH them AS (SELECT 10000000 + s * 1000 + 1 AS id, 1 + s AS school FROM generate_series(1, :schools) s),
  posted AS (INSERT INTO posts (id, person_id, role, title, unit_id, from_date)
    SELECT 10 + school, id, 'designated_reporter', '报告人', school, DATE '2025-09-01' FROM them),
  known AS (INSERT INTO accounts (id, openid, created_at, typed_spent, tapped_spent, wrong_codes)
    SELECT id, 'o' || id, :at, 0, 0, 0 FROM them)
INSERT INTO bindings (account_id, person_id, relation, rank, bound_at, consent_version, consented_at)
SELECT id, id, 'self', 1, :at, 'bench', :at FROM them
"""
#: Nothing of the product: who was due and what was reported, straight from the persons.
RECOUNT = """
SELECT u.school_id, p.kind, count(*), count(d.person_id), count(*) FILTER (WHERE d.result = 'fever'),
  count(*) FILTER (WHERE d.result IN ('fever', 'symptomatic'))
FROM enrolments e JOIN persons p ON p.id = e.person_id JOIN units u ON u.id = e.unit_id
LEFT JOIN person_days d ON d.person_id = p.id AND d.report_date = :day
WHERE e.from_date <= :day AND (e.to_date IS NULL OR e.to_date > :day) GROUP BY 1, 2
"""


def main() -> None:
    asked = argparse.ArgumentParser()
    for name, value in (("schools", 1000), ("classes", 25), ("pupils", 38), ("staff", 50), ("rounds", 5)):
        asked.add_argument(f"--{name}", type=int, default=value)
    asked.add_argument("--chat", action="store_true", help="only what officials ask in the chat")
    asked.add_argument("--plans", action="store_true", help="print how the server answers each statement")
    given = asked.parse_args()
    server = binaries()
    if server is None:
        raise SystemExit("NO POSTGRESQL: install the server binaries")
    print(facts())
    cluster = Cluster(server)
    cluster.start()
    try:
        database = Database(database_url(cluster.url("postgres"), Path.cwd()))
        migrate(database)
        seed(database, given)
        measure(database, given)
        database.close()
    finally:
        cluster.stop()


def seed(database: Database, given: argparse.Namespace) -> None:
    begun = time.perf_counter()
    size = {"schools": given.schools, "classes": given.classes, "pupils": given.pupils, "staff": given.staff}
    moment = {"day": DAY, "at": NOW - timedelta(hours=2)}
    with database.write() as connection:
        for statement, values in (
            (UNITS, size),
            (PEOPLE, size),
            (ENROLMENTS, {}),
            (DAYS, moment),
            (COUNTERS, moment),
            (REPORTS, moment),
            (ALERTS, moment),
            (JOURNEYS, moment),
            (MANAGED, moment),
            (REPORTERS, size | moment),
        ):
            connection.execute(text(statement), {key: values[key] for key in values if f":{key}" in statement})
        connection.execute(insert(Person).values(id=1_900_000_000, kind="staff", number="B1", name="韩", unit_id=1,
                                                 joined_on=date(2025, 9, 1)))  # fmt: skip
        connection.execute(insert(Post).values(id=1, person_id=1_900_000_000, role="district_officer",
                                               title="区报告人", unit_id=1, from_date=date(2025, 9, 1)))  # fmt: skip
        connection.execute(insert(Account).values(id=1, openid="o-bench", created_at=NOW, typed_spent=0,
                                                  tapped_spent=0, wrong_codes=0, followed_at=NOW))  # fmt: skip
        connection.execute(insert(Binding).values(account_id=1, person_id=1_900_000_000, relation="self", rank=1,
                                                  bound_at=NOW, consent_version="bench", consented_at=NOW))  # fmt: skip
        connection.execute(insert(Version).values(name="roster", value=1))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    people = given.schools * (given.classes * given.pupils + given.staff)
    print(f"seeded {given.schools} schools, {people:,} people in {time.perf_counter() - begun:.0f} s")


def measure(database: Database, given: argparse.Namespace) -> None:
    units = UnitsCache()
    vault = Vault(SECRET)

    @contextmanager
    def work(*, writes: bool = False) -> Iterator[Work]:
        with database.write() if writes else database.read() as connection:
            yield Work(connection, NOW, DISTRICT, vault, units.get(connection))

    def timed(name: str, ask: Callable[[Work], Any], rounds: int = given.rounds, *, writes: bool = False) -> Any:
        wall, spent, theirs, answer = [], [], [], None
        for _ in range(rounds):
            with work(writes=writes) as one:
                due_of(one)
                pid = one.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
                begun, used, served = time.perf_counter(), time.process_time(), cpu_seconds(pid)
                answer = ask(one)
                wall.append(time.perf_counter() - begun)
                spent.append(time.process_time() - used)
                theirs.append(cpu_seconds(pid) - served)
        shown = (f"{statistics.median(times) * 1000:9.0f} ms" for times in (wall, theirs, spent))
        print(f"{name:<50}{' '.join(shown)}", flush=True)
        return answer

    print(f"{'':<50}{'wall':>12} {'server':>12} {'ours':>12}   (processor time of its backend, and of this process)")
    fortnight = [DAY - timedelta(days=back) for back in range(13, -1, -1)]
    timed("units read into memory", lambda one: UnitsCache().get(one.connection), 1)
    dispatcher = Dispatcher(discover(), "https://bench.test", {})
    if given.chat:
        timed("roster summed up (once after an import)", roster_steps.sum_up, 1, writes=True)
        chat(timed, dispatcher, given)
        return
    counted = timed("a day, roster counted person by person", lambda one: by_school(one, [DAY]), 2)
    timed("roster summed up (once after an import)", roster_steps.sum_up, 1, writes=True)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE roster_steps"))
    summed = timed("a day, every school", lambda one: by_school(one, [DAY]))
    apart = timed("a day, every class, added up here", added_up, 2)
    timed("a day, one school", lambda one: by_school(one, [DAY], [500]))
    timed("schools with reports, the day", lambda one: sums_on(one.connection, one.units, [DAY], due_of(one)))
    timed(
        "schools with reports, a fortnight", lambda one: sums_on(one.connection, one.units, fortnight, due_of(one)), 2
    )
    table = timed(
        "the workbook's table", lambda one: day_table(one.connection, one.units, DISTRICT, due_of(one), DAY, NOW)
    )
    timed("the workbook", lambda _: workbook(table, "district", DISTRICT), 1)
    chat(timed, dispatcher, given)
    with work() as one:
        recounted = recount(one.connection)
    for name, made in (("counted", counted), ("summed", summed), ("class by class", apart)):
        found = {
            school: (
                (f.due, f.reported, f.fever, f.symptomatic),
                (f.staff_due, f.staff_reported, f.staff_fever, f.staff_symptomatic),
            )
            for (school, _), f in made.items()
        }
        print(f"equal to a recount from the persons ({name}): {found == recounted}")
    if given.plans:
        plans(database, lambda one: by_school(one, [DAY]), work)


def chat(timed: Callable[..., Any], dispatcher: Dispatcher, given: argparse.Namespace) -> None:
    """Every command of an official, through the real dispatcher."""
    for asked in ("今日", "查 第7小学", "趋势", "趋势 14", "为什么 第7小学", "未报", "催报", "催报"):
        rounds = 1 if asked == "催报" else given.rounds  # the first time it reminds everybody, then it says so
        said = timed(asked, lambda one, asked=asked: answer(dispatcher, one, asked), rounds, writes=True)
        print(f"    {said.splitlines()[0][:70]}")


def by_school(one: Work, days: list[date], schools: list[int] | None = None) -> dict[tuple[int, date], Any]:
    return figures_by_school(one.connection, one.units, days, due_of(one), schools)


def added_up(one: Work) -> dict[tuple[int, date], Any]:
    parts = figures_by_unit(one.connection, None, [DAY], due_of(one))
    return {
        (school.id, DAY): total(parts[unit.id, DAY] for unit in one.units.within(school.id) if (unit.id, DAY) in parts)
        for school in one.units.schools()
    }


_NUMBER = iter(range(1, 10**6))


def answer(dispatcher: Dispatcher, one: Work, said: str) -> str:
    number = next(_NUMBER)
    incoming = Incoming(key=f"bench+{number}", openid="o-bench", account="gh", sent_at=NOW, kind="text", msg_id=number,
                        text=said)  # fmt: skip
    (reply,) = dispatcher.answer([incoming], one)
    return reply.content if isinstance(reply, Text) else str(reply)


def recount(connection: Connection) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    found: dict[int, dict[str, tuple[int, ...]]] = {}
    for school, kind, *numbers in connection.execute(text(RECOUNT), {"day": DAY}):
        if school is not None:
            found.setdefault(school, {})[kind] = tuple(numbers)
    return {school: (kinds.get("student", (0,) * 4), kinds.get("staff", (0,) * 4)) for school, kinds in found.items()}


def plans(database: Database, ask: Callable[[Work], Any], work: Callable[[], Any]) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "(")):
            asked.append((statement, parameters))

    with work() as one:
        due_of(one)
        event.listen(database.engine, "before_cursor_execute", note)
        ask(one)
        event.remove(database.engine, "before_cursor_execute", note)
        for statement, parameters in asked:
            cursor = one.connection.connection.cursor()
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF) " + statement, parameters)
            print("\n".join(row[0] for row in cursor.fetchall()))


if __name__ == "__main__":
    main()
