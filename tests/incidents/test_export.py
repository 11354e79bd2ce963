"""`pinganbao export incidents`: every incident open in the days asked for, as it stands (contract 7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.files.exports.columns import COLUMNS
from app.files.exports.rows import ROWS, Source
from tests.cast import MONDAY
from tests.house import make_runtime
from tests.play import Play

TUESDAY = MONDAY + timedelta(days=1)


def exported(play: Play, first: date, last: date) -> list[dict[str, Any]]:
    with play.database.read() as connection:
        rows = list(ROWS["incidents"](Source(make_runtime(play.database), connection, first, last)))
    return [dict(zip(COLUMNS["incidents"], row, strict=True)) for row in rows]


def test_every_incident_is_a_row_with_its_reason_stage_and_times(play_on_both: Play) -> None:
    play = play_on_both
    play(
        "【08:10】\n小明爸爸: 38.5，社区通知我们是密接\n报告人: 开事件 赵可 医院诊断水痘\n报告人: 开事件 林森 操场摔伤骨折"
    )
    play("【08:20】\n小明爸爸: 还拉肚子\n爸爸: 36.5 拉肚子\n奶奶: 36.5 拉肚子")
    play("【08:30】\n报告人: 事件 1 已报告 疾控 08:20\n报告人: 事件 2 误报 家长看错了")
    rows = exported(play, MONDAY, MONDAY)
    place = {row["id"]: (row["school"], row["grade"], row["class"]) for row in rows}
    assert [(row["id"], row["person"], row["reason"], row["stage"]) for row in rows] == [
        (1, "李小明", "case_said", "reported"),
        (2, "赵可", "disease chickenpox 医院诊断水痘", "case_closed"),
        (3, "林森", "other 操场摔伤骨折", "found"),
        (4, None, "cluster R1-1 digestive", "found"),
    ]
    assert place[4] == ("红旗小学", "三年级", "2班")
    assert place[3] == ("红旗小学", "五年级", "1班")
    assert [row["opened_at"][:16] for row in rows] == ["2026-03-02T08:10"] * 3 + ["2026-03-02T08:20"]
    assert [bool(row["closed_at"]) for row in rows] == [False, True, False, False]
    assert all(row["updated_at"] >= row["opened_at"] for row in rows)
    # Later days hold what was still open then, and earlier ones nothing.
    assert [row["id"] for row in exported(play, TUESDAY, TUESDAY)] == [1, 3, 4]
    assert exported(play, MONDAY - timedelta(days=3), MONDAY - timedelta(days=1)) == []
