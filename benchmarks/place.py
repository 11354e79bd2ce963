"""Where the benchmarks happen: a database with a seated district, and server processes beside it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, insert, select, text

from benchmarks.load import Account
from models.database import Database, database_url
from models.schema import migrate
from models.tables import CheckIn, Version
from tests.postgres import Cluster, binaries

ACCOUNT = Account("benchToken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx-bench", "gh_bench")
SECRET = "a-secret-for-the-benchmark-only"
CLASS_SIZE = 40
SERVE = ("-m", "app", "serve", "--web-only", "--port")
PEER = ("-m", "uvicorn", "--no-access-log", "--log-level", "warning")


def openid_of(number: int) -> str:
    return f"oBENCH{number:022d}"


def staff_openid_of(number: int) -> str:
    return f"oSTAFF{number:022d}"


def seat(database: Database, people: int, schools: int = 1, *, staffed: bool = False) -> list[str]:
    """A district of `people` pupils in classes of forty, each with one guardian; gives the guardians' openids.

    staffed: every class has a head teacher, every school a designated reporter and the bureau an officer, each with an
    account. Rows are made by the database itself, so that a million take seconds.
    """
    now = datetime.now(UTC)
    moment, day = (
        now.replace(tzinfo=None).isoformat(" ", "microseconds"),
        (now - timedelta(days=100)).date().isoformat(),
    )
    if not database.is_sqlite:
        moment += "+00"
    classes = max(1, people // CLASS_SIZE)
    base = max(10, 2 + 2 * schools)  # the district is 1, schools and their grades follow, then classes
    count = "n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {})"
    if database.is_sqlite:
        numbers, padded = "WITH RECURSIVE " + count, "printf('{}%022d', n - 1)"
    else:
        numbers, padded = "WITH n(n) AS (SELECT generate_series(1, {}))", "'{}' || lpad((n - 1)::text, 22, '0')"
    with database.write() as connection:

        def fill(table: str, columns: str, made: str, size: int) -> None:
            if not database.is_sqlite:
                made = made.replace("%", "%%")
            connection.exec_driver_sql(
                f"INSERT INTO {table} ({columns}) {numbers.format(size)} SELECT {made} FROM n"
                if not database.is_sqlite
                else f"{numbers.format(size)} INSERT INTO {table} ({columns}) SELECT {made} FROM n"
            )

        def bound(first: int, openid: str, relation: str, size: int) -> None:
            fill(
                "accounts",
                "id, openid, typed_spent, tapped_spent, wrong_codes, created_at",
                f"n + {first}, {padded.format(openid)}, 0, 0, 0, '{moment}'",
                size,
            )
            fill(
                "bindings",
                "account_id, person_id, relation, rank, bound_at, consent_version, consented_at",
                f"n + {first}, n + {first}, '{relation}', 1, '{moment}', '1', '{moment}'",
                size,
            )

        units = "id, parent_id, kind, name, path, school_id, grade_id, position"
        persons = "id, kind, number, name, unit_id, school_id, joined_on"
        fill("units", units, "1, NULL, 'district', '区', '区', NULL, NULL, 0", 1)
        school = "'第' || n || '小学'"
        fill("units", units, f"2 * n, 1, 'school', {school}, {school}, 2 * n, NULL, n", schools)
        fill("units", units, f"2 * n + 1, 2 * n, 'grade', '级', {school} || '/级', 2 * n, 2 * n + 1, n", schools)
        its = f"(2 + 2 * ((n - 1) % {schools}))"  # the school of the class number n
        path = f"'第' || ((n - 1) % {schools} + 1) || '小学/级/' || n || '班'"
        fill("units", units, f"n + {base}, {its} + 1, 'class_unit', n || '班', {path}, {its}, {its} + 1, n", classes)
        unit = f"{base + 1} + n % {classes}"
        of = f"2 + 2 * (n % {classes} % {schools})"
        fill("persons", persons, f"n, 'student', 'N' || n, '学生' || n, {unit}, {of}, '{day}'", people)
        fill("enrolments", "person_id, unit_id, from_date", f"n, {unit}, '{day}'", people)
        bound(0, "oBENCH", "guardian", people)
        if staffed:
            size = classes + schools + 1
            is_officer, is_reporter = f"n = {size}", f"n > {classes}"
            home = f"CASE WHEN {is_officer} THEN 1 WHEN {is_reporter} THEN 2 * (n - {classes}) ELSE {its} END"
            its_school = f"CASE WHEN {is_officer} THEN NULL WHEN {is_reporter} THEN 2 * (n - {classes}) ELSE {its} END"
            post = f"CASE WHEN {is_officer} THEN 'district_leader' WHEN {is_reporter} THEN 'designated_reporter' ELSE 'head_teacher' END"
            place = f"CASE WHEN {is_officer} THEN 1 WHEN {is_reporter} THEN 2 * (n - {classes}) ELSE n + {base} END"
            fill(
                "persons", persons, f"n + {people}, 'staff', 'T' || n, '老师' || n, {home}, {its_school}, '{day}'", size
            )
            fill("enrolments", "person_id, unit_id, from_date", f"n + {people}, {home}, '{day}'", size)
            fill(
                "posts",
                "person_id, role, unit_id, title, from_date",
                f"n + {people}, {post}, {place}, '', '{day}'",
                size,
            )
            bound(people, "oSTAFF", "self", size)
            # Who works here wrote lately, and so did two families of five: the others are reached by template message.
            fresh = f"id > {people} OR id %% 5 < 2" if not database.is_sqlite else f"id > {people} OR id % 5 < 2"
            connection.exec_driver_sql(f"UPDATE accounts SET typed_at = '{moment}' WHERE {fresh}")
        connection.execute(insert(Version).values(name="roster", value=1))
        if not database.is_sqlite:
            connection.exec_driver_sql("ANALYZE")
    return [openid_of(number) for number in range(people)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One process on core 0; with a port, ready to be loaded."""

    def __init__(
        self, command: Sequence[str], port: int, folder: Path, environment: dict[str, str], core: str = "0"
    ) -> None:
        self.port = port
        self.process = subprocess.Popen(
            ["taskset", "-c", core, sys.executable, *command],
            cwd=folder,
            env=os.environ | environment | {"PYTHONPATH": str(Path.cwd())},
            stdout=subprocess.DEVNULL,
            stderr=(folder / f"server-{port}.log").open("a"),
        )
        if not port:
            return
        for _ in range(1200):
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError((folder / f"server-{port}.log").read_text()[-2000:])

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(15)

    def kill(self) -> None:
        """End it without warning."""
        self.process.kill()
        self.process.wait(15)


def settings(url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "WECHAT_APP_ID": ACCOUNT.app_id,
        "WECHAT_ACCOUNT_ID": ACCOUNT.gh,
        "WECHAT_TOKEN": ACCOUNT.token,
        "WECHAT_AES_KEY": ACCOUNT.aes_key,
        "WECHAT_APP_SECRET": "bench",
        "BENCH_TOKEN": ACCOUNT.token,
        "BENCH_AES_KEY": ACCOUNT.aes_key,
        "BENCH_APP_ID": ACCOUNT.app_id,
    }


class Turns:
    """Openids handed out so that nobody is asked twice a day as long as there are enough."""

    def __init__(self, openids: Sequence[str]) -> None:
        self._openids, self._at = openids, 0

    def next(self, count: int) -> list[str]:
        start = self._at % len(self._openids)
        self._at += count
        found = self._openids[start : start + count]
        return [*found, *self._openids[: count - len(found)]]


def postgres(folder: Path) -> tuple[str, Any]:
    server = binaries()
    if server is None:
        raise SystemExit("no PostgreSQL server binaries on this machine")
    cluster = Cluster(server)
    cluster.start(durable=True)
    engine = create_engine(database_url(cluster.url("postgres"), folder), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE bench"))
    engine.dispose()
    return cluster.url("bench"), cluster


class Place:
    """A database with people, and where the servers keep their things."""

    def __init__(self, kind: str, people: int, schools: int = 1, *, staffed: bool = False) -> None:
        self.kind = kind
        self.folder = Path(tempfile.mkdtemp(prefix="pinganbao-bench-"))
        self.cluster: Any = None
        if kind == "postgresql":
            self.url, self.cluster = postgres(self.folder)
        else:
            self.url = f"sqlite:///{self.folder}/bench.db"
        self.database = Database(database_url(self.url, self.folder))
        migrate(self.database)
        self.openids = seat(self.database, people, schools, staffed=staffed)
        self.turns = Turns(self.openids)

    def server(self, command: Sequence[str], core: str = "0") -> Server:
        naive = self.url.replace("postgresql", "postgresql+psycopg")
        if self.kind == "sqlite":
            naive = f"sqlite+aiosqlite:///{self.folder}/naive.db"
        port = free_port()
        given = settings(self.url) | {"BENCH_DATABASE_URL": naive}
        return Server([*command, str(port)], port, self.folder, given, core)

    def stored(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(CheckIn)).scalar_one())

    def close(self) -> None:
        self.database.close()
        if self.cluster is not None:
            self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
