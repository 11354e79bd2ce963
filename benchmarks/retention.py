"""A night's retention at size: so many old answers in the inbox, let go in pieces; how long each piece takes.

    python -m benchmarks.retention [--rows 3000000] [--pieces 30] [--database sqlite|postgresql]

The rows are made by the database. Only `--pieces` pieces are timed; what a whole night takes follows from the median,
and the last piece beside the first says whether it slows down.
"""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import UTC, datetime, timedelta

from benchmarks.machine import facts
from benchmarks.place import SECRET, Place
from models.actions.retention import ROWS_AT_A_TIME, purge_rest
from models.queries.units import UnitsCache
from models.rules.district import District
from models.vault import Vault
from models.work import Work


def fill(place: Place, rows: int) -> None:
    """Answers of the last days, as long as a usual one."""
    if place.kind == "sqlite":
        body, key = "randomblob(180)", "randomblob(16)"
        moment = "strftime('%Y-%m-%d %H:%M:%f000', '2026-03-01', (n / 100.0) || ' seconds')"
        numbers = f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows}) "
        text = f"SELECT {key}, n % 60000 + 1, 'done', {body}, {moment} FROM n"
        text = f"{numbers}INSERT INTO inbox (key, account_id, state, body, received_at) {text}"
    else:
        key, body = "decode(md5(n::text), 'hex')", "decode(repeat(md5(n::text), 11), 'hex')"
        moment = "timestamptz '2026-03-01' + n * interval '10 milliseconds'"
        text = f"SELECT {key}, n %% 60000 + 1, 'done', {body}, {moment} FROM generate_series(1, {rows}) AS n"
        text = f"INSERT INTO inbox (key, account_id, state, body, received_at) {text}"
    with place.database.write() as connection:
        connection.exec_driver_sql(text.replace("%%", "%") if place.kind == "sqlite" else text)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--pieces", type=int, default=30)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    arguments = parser.parse_args()
    print(facts())
    place = Place(arguments.database, 1000)
    try:
        began = time.monotonic()
        fill(place, arguments.rows)
        print(f"{arguments.database}: {arguments.rows} answers made in {time.monotonic() - began:.0f} s", flush=True)
        at = datetime.now(UTC) + timedelta(days=3650)
        took = []
        for _ in range(arguments.pieces):
            start = time.perf_counter()
            with place.database.write() as connection:
                work = Work(connection, at, District("区"), Vault(SECRET), UnitsCache())
                gone = purge_rest(work, at)["inbox"]
            took.append(time.perf_counter() - start)
            if gone < ROWS_AT_A_TIME:
                break
        median = statistics.median(took)
        print(
            f"  {len(took)} pieces of {ROWS_AT_A_TIME}: median {median * 1e3:.0f} ms, longest {max(took) * 1e3:.0f} ms,"
            f" last {took[-1] * 1e3:.0f} ms; {arguments.rows} rows in {arguments.rows / ROWS_AT_A_TIME * median:.0f} s of work"
        )
    finally:
        place.close()


if __name__ == "__main__":
    main()
