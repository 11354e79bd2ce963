"""A whole day of a two-school district over both wires, against a truth written by hand."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import structlog

from app.files.exports.columns import COLUMNS
from models.database import Database, database_url
from tests.day import truth
from tests.day.roster import families
from tests.day.script import AFTER, SCRIPT
from tests.day.stage import SUNDAY, Row, Stage

REPORTS = ("class-reports", "grade-reports", "school-reports")
COUNTS = COLUMNS["class-reports"][
    COLUMNS["class-reports"].index("expected") : COLUMNS["class-reports"].index("is_zero")
]
FAULTS = (
    {"on": "push", "fault": "duplicate", "probability": 0.3},
    {"on": "push", "fault": "concurrent", "probability": 0.3},
    {"on": "push", "fault": "lost_answer", "probability": 0.2},
)


def to_the_minute(rows: Iterable[Row], column: str) -> list[Row]:
    """Two lines of one minute are seconds apart; the truth does not know which was first."""
    return [row | {column: row[column] and row[column][: len("2026-03-02T07:31")]} for row in rows]


def added(rows: Iterable[Row], names: Iterable[str]) -> dict[str, int]:
    kept = list(rows)
    return {name: sum(row[name] or 0 for row in kept) for name in names}


pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def quiet_logs() -> Iterator[None]:
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    yield
    structlog.configure(**before)


async def live(stage: Stage) -> dict[str, list[str]]:
    """The day from before dawn to the evening; gives what the bot answered."""
    heard = await stage.play(SCRIPT)
    await stage.until("15:30")
    for who, answers in (await stage.play(AFTER)).items():
        heard.setdefault(who, []).extend(answers)
    return heard


async def test_a_whole_day_ends_in_exactly_what_was_true(database: Database, tmp_path: Path) -> None:
    async with Stage(database, tmp_path) as stage:
        heard = await live(stage)
        compare_exports(stage)
        await compare_pushes(stage)
        (digest,) = [text for text in await stage.unasked("杨安") if "日报" in text]
        assert digest.startswith(truth.DIGEST)
        assert await stage.unasked("朱正") == [digest, ""]  # the words, then the picture
        assert any("重新打开" in text for text in await stage.unasked("吴越"))
        assert "已由另一位家长报过" in heard["程爸"][0]
        assert "以哪一份为准" in heard["曹爸"][0]
        assert "迟报" in heard["冯小雨妈"][0]
        assert "已补记" in heard["于洋洋妈"][0]
        assert "由校长签报" in heard["沈稳"][-1]
        assert (await stage.town.control.get("/refused")).json()["entries"] == []


def compare_exports(stage: Stage) -> None:
    """Every export, every count."""
    check_ins = stage.export("checkins")
    everybody = truth.check_ins()
    assert len(check_ins) == len(everybody)
    for row in to_the_minute(check_ins, "reported_at"):
        assert row == everybody[row["name"]]
    assert {name for name, row in everybody.items() if row["state"] == "unreported"} == {
        *truth.SILENT_PUPILS,
        *truth.SILENT_STAFF,
    }

    exported = {kind: stage.export(kind) for kind in REPORTS}
    for kind in REPORTS:
        assert to_the_minute(exported[kind], "confirmed_at") == truth.reports(kind)
    pupils = [name for name in COUNTS if not name.startswith("staff")]
    sums = [added(exported[kind], pupils) for kind in REPORTS]
    assert sums[0] == sums[1] == sums[2]
    by_hand = Counter(row["state"] for row in everybody.values() if row["kind"] == "student")
    assert (sums[0]["due"], sums[0]["reported"]) == (by_hand.total(), by_hand["reported"] + by_hand["late"])

    alerts = [
        (row["raised_at"][11:16], row["code"], row["level"], row["person"], row["told"], row["acknowledged_by"])
        for row in stage.export("alerts")
    ]
    assert alerts == list(truth.ALERTS)
    (absence,) = stage.export("absences")
    assert (absence["person"], absence["kind"], absence["reason"], absence["explained_by"]) == (
        "许诺",
        "sick",
        "感冒",
        "吴越",
    )
    assert Counter(row["action"] for row in stage.export("audit")) == truth.AUDIT
    (key_person,) = stage.export("key-persons")
    assert (key_person["person"], key_person["place"], key_person["status"]) == ("谢安安", "湖北省武汉", "observing")
    for kind in ("incidents", "receipts"):
        assert stage.export(kind) == []


async def compare_pushes(stage: Stage) -> None:
    """Who got which kind how often, in the export and on the phones."""
    expected = truth.pushes()
    accounts = {children[0]: who for who, children in families().items() if who not in {"程爸", "曹爸"}}
    sent: Counter[tuple[str, str]] = Counter()
    unsent: list[tuple[str, ...]] = []
    for row in stage.export("deliveries"):
        child = str(row["person"]).removesuffix("的家长")
        person = accounts[child] if child != row["person"] else child
        if row["status"] == "sent":
            assert (row["error"], row["attempts"]) == (None, 1)
            assert row["channel"] in {"service", "template"}
            sent[row["kind"], person] += 1
        else:
            unsent.append((person, row["kind"], row["status"], row["error"]))
    assert unsent == truth.UNSENT
    # The export names a child's parents alike: what two of them got stands under one name.
    merged: Counter[tuple[str, str]] = Counter()
    for (kind, who), times in expected.items():
        merged[kind, {"程爸": "程程妈", "曹爸": "曹阳妈"}.get(who, who)] += times
    assert sent == merged
    per_account: Counter[str] = Counter()
    for (_, who), times in expected.items():
        per_account[who] += times
    assert +(await stage.pushed()) == per_account


async def test_new_guardians_after_the_first_are_told_to_the_head_teacher_once(
    sqlite: Database, tmp_path: Path
) -> None:
    async with Stage(sqlite, tmp_path) as stage:
        runtime = stage.town.runtime
        told = stage.export("deliveries", SUNDAY)
        assert [(row["kind"], row["person"], row["status"]) for row in told] == [("reply", "黄河", "sent")]
        assert runtime.district.day_of(runtime.clock()) == SUNDAY


@pytest.mark.long
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_the_same_day_with_pushes_repeated_at_random_ends_alike(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Delivered twice, twice at once, and again because the answer was lost."""
    opened = Database(database_url(request.getfixturevalue(f"{engine}_address"), Path.cwd()))
    try:
        async with Stage(opened, tmp_path, FAULTS) as stage:
            await live(stage)
            posts = [push["faults"] for push in await stage.town.wire("push") if push["faults"]]
            assert {fault for faults in posts for fault in faults} == {fault["fault"] for fault in FAULTS}
            compare_exports(stage)
            await compare_pushes(stage)
    finally:
        opened.close()
