"""Contract 7 through the command line: exact columns, exact formats, one truth in all three."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from app.__main__ import make_cli
from app.process.settings import Settings
from tests.cast import SECRET
from tests.contract.conftest import Line

pytestmark = pytest.mark.anyio
REPORT = (
    "date,slot,school,grade,class,expected,due,reported,unreported,present,absent,sick_absence,personal_leave,"
    "isolation_absence,unexplained_absence,fever,symptomatic,new_abnormal,suspected,confirmed,close_contact,"
    "home_isolation,central_isolation,not_returned,in_key_region,key_persons,staff_due,staff_reported,staff_fever,"
    "is_zero,zero_kind,status,confirmed_by,confirmed_at,on_time,version"
)
#: As the contract writes them.
COLUMNS = {
    "checkins": "date,slot,school,grade,class,kind,number,name,state,result,temperature_c,readings,symptoms,"
    "household_symptoms,left_area,place,reported_by,reported_at,revision,raw",
    "class-reports": REPORT,
    "grade-reports": REPORT,
    "school-reports": REPORT,
    "incidents": "id,opened_at,person,school,grade,class,reason,stage,updated_at,closed_at",
    "key-persons": "person,school,grade,class,reason,place,since,until,last_contact,status",
    "alerts": "raised_at,code,level,person,school,grade,class,facts,told,acknowledged_by,acknowledged_at,outcome",
    "absences": "date,person,number,school,grade,class,kind,reason,symptoms,onset,explained_by,followed_up_at,"
    "returned_on",
    "receipts": "campaign,kind,person,role,school,grade,class,delivered_at,opened_at,watched_seconds,confirmed_at",
    "deliveries": "created_at,kind,person,channel,status,attempts,sent_at,error",
    "audit": "at,actor,action,object,detail",
}


@pytest.fixture
def folder(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The operator's folder beside the running back end."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    made = tmp_path / "desk"
    made.mkdir()
    (made / ".env").write_text(f"DATABASE_URL=sqlite:///{tmp_path}/line.db\nSECRET_KEY={SECRET}\n", "utf-8")
    (made / "district.toml").write_text(
        '[district]\nname = "春江区"\ncode = "230717"\n[times]\nstarts_on = 2026-02-22\n', "utf-8"
    )
    monkeypatch.chdir(made)
    return made


def export(kind: str, form: str, out: str) -> Result:
    words = ["export", kind, "--from", "2026-03-02", "--to", "2026-03-02", "--format", form, "--out", out]
    done = CliRunner().invoke(make_cli("export"), words)
    assert done.exit_code == 0, done.output
    return done


async def a_morning(line: Line) -> None:
    await line.say("舟妈", "37.5 咳嗽，上周去了武汉，昨天回来的")
    await line.say("妈妈", "林林36，林森36.6")
    await line.say("可妈", "36.6 没出门")
    await line.say("陈老师", "缺勤 李小明 病假 感冒")
    line.clock_at("09:10")
    await line.talk("卫老师", "班级", "确认")


@pytest.mark.parametrize("kind", COLUMNS)
async def test_every_kind_has_its_columns_in_every_format(line: Line, folder: Path, kind: str) -> None:
    await a_morning(line)
    columns = COLUMNS[kind].split(",")
    for form in ("csv", "xlsx", "json"):
        export(kind, form, f"out.{form}")
    raw = (folder / "out.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0] == columns
    listed: list[dict[str, Any]] = json.loads((folder / "out.json").read_text("utf-8-sig"))
    assert isinstance(listed, list)
    assert all(list(row) == columns for row in listed)
    book = openpyxl.load_workbook(folder / "out.xlsx")
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(sheet[0]) == len(columns)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in str(heading)) for heading in sheet[0])
    assert len(rows) - 1 == len(listed) == len(sheet) - 1
    for written, row in zip(rows[1:], listed, strict=True):
        for text, value in zip(written, row.values(), strict=True):
            if value is None:
                assert text == ""
            elif isinstance(value, bool):
                assert text == ("true" if value else "false")
            elif isinstance(value, float):
                assert text == f"{value:.1f}"
            else:
                assert text == str(value)


async def test_values_are_written_as_the_contract_says(line: Line, folder: Path) -> None:
    await a_morning(line)
    export("checkins", "json", "out.json")
    rows = {row["name"]: row for row in json.loads((folder / "out.json").read_text("utf-8-sig"))}
    child = rows["周舟"]
    assert (child["date"], child["slot"], child["kind"], child["state"]) == ("2026-03-02", "am", "student", "reported")
    assert (child["result"], child["temperature_c"], child["readings"], child["symptoms"]) == (
        "fever",
        37.5,
        "37.5",
        "cough",
    )
    assert (child["left_area"], child["place"]) == (True, "湖北省")
    assert child["reported_at"] == "2026-03-02T07:31:00+08:00"
    assert child["raw"] == "37.5 咳嗽，上周去了武汉，昨天回来的"
    assert (rows["赵可"]["left_area"], rows["林林"]["temperature_c"]) == (False, 36.0)
    silent = rows["王乐乐"]
    assert silent["state"] == "unreported"
    assert [silent[name] for name in COLUMNS["checkins"].split(",")[9:]] == [None] * 11
    export("checkins", "csv", "out.csv")
    written = csv.DictReader(io.StringIO((folder / "out.csv").read_text("utf-8-sig")))
    line_ = next(row for row in written if row["name"] == "林林")
    assert (line_["temperature_c"], line_["left_area"], line_["place"]) == ("36.0", "", "")
    export("class-reports", "json", "out.json")
    signed = next(
        row for row in json.loads((folder / "out.json").read_text("utf-8-sig")) if row["school"] == "江畔中学"
    )
    assert (signed["fever"], signed["symptomatic"], signed["is_zero"], signed["zero_kind"]) == (1, 1, False, None)
    assert (signed["confirmed_by"], signed["status"], signed["on_time"]) == ("卫东", "submitted", True)
    assert signed["confirmed_at"].startswith("2026-03-02T09:10")
    assert signed["present"] is None  # nobody is at school on a closed day, and that is not nought


async def test_stdout_carries_the_result_alone(line: Line, folder: Path) -> None:
    done = export("checkins", "json", "-")
    assert isinstance(json.loads(done.stdout.lstrip("\ufeff")), list)
    assert done.stderr
