"""Exports, as an operator runs them: every kind, every format, the truth of a small day."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import insert, select, update

from app.files.exports.columns import COLUMNS, HEADINGS
from app.files.exports.writers import WRITERS, write_xlsx
from models.actions.check_ins import Entry, record
from models.rules.check_in import Health, Measured
from models.tables import Absence, Alert, Audit, CheckIn, Enrolment, Outbox, Person, Report
from tests.cast import MONDAY, at
from tests.cli.conftest import Desk

DAY = ("--from", "2026-03-02", "--to", "2026-03-02")


def report(desk: Desk, who: str, clock: str, health: Health, raw: str, **more: Any) -> None:
    with desk.database.write() as connection:
        work = desk.work(connection, clock)
        kind, unit_id = connection.execute(
            select(Person.kind, Person.unit_id).where(Person.id == desk.cast.people[who])
        ).one()
        fields: dict[str, Any] = {"reporter": "guardian", "account_id": 1} | more
        record(work, Entry(desk.cast.people[who], kind, unit_id, MONDAY, health, raw, sent_at=at(clock), **fields))
        work.flush()


def told(*tenths: int, **more: Any) -> Health:
    return Health(tuple(Measured(value) for value in tenths), **more)


def exported(desk: Desk, kind: str, *words: str) -> list[dict[str, Any]]:
    done = desk.run("export", kind, *(words or DAY), "--format", "json", "--out", "-")
    assert done.exit_code == 0, done.stderr
    read: list[dict[str, Any]] = json.loads(done.stdout)
    return read


def by_name(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in rows}


def test_every_person_due_is_a_row_with_the_revision_that_counts(desk_on_both: Desk) -> None:
    desk = desk_on_both
    report(desk, "林林", "07:40", told(366), "36.6")
    report(
        desk,
        "林林",
        "08:10",
        told(366, 385, symptoms=("cough", "fever"), left_area=True, place="湖北省"),
        "改 38.5，咳嗽，去过武汉",
        correction=True,
    )
    report(desk, "王乐乐", "09:30", told(365, left_area=False), "都好 36.5\n没出门")
    report(
        desk,
        "李小明",
        "08:20",
        told(370),
        "代报 李小明 37",
        reporter="head_teacher",
        reporter_person_id=desk.cast.people["陈老师"],
    )
    report(desk, "陈老师", "08:00", told(362), "36.2", reporter="self")

    rows = exported(desk, "checkins")
    people = by_name(rows)
    assert len(rows) == len(desk.cast.people)
    assert list(rows[0]) == list(COLUMNS["checkins"])
    assert people["林林"] == {
        "date": "2026-03-02",
        "slot": "am",
        "school": "红旗小学",
        "grade": "三年级",
        "class": "2班",
        "kind": "student",
        "number": "S001",
        "name": "林林",
        "state": "reported",
        "result": "fever",
        "temperature_c": 38.5,
        "readings": "36.6|38.5",
        "symptoms": "cough|fever",
        "household_symptoms": None,
        "left_area": True,
        "place": "湖北省",
        "reported_by": "家长",
        "reported_at": "2026-03-02T08:10:00+08:00",
        "revision": 2,
        "raw": "改 38.5，咳嗽，去过武汉",
    }
    assert (people["王乐乐"]["state"], people["王乐乐"]["left_area"]) == ("late", False)
    assert people["王乐乐"]["raw"] == "都好 36.5\n没出门"
    assert people["李小明"]["reported_by"] == "班主任陈静"
    assert people["陈静"]["reported_by"] == "本人"
    assert (people["陈静"]["school"], people["陈静"]["grade"], people["陈静"]["class"]) == ("红旗小学", "三年级", None)
    silent = people["赵可"]
    assert silent["state"] == "unreported"
    assert {silent[name] for name in COLUMNS["checkins"][9:]} == {None}


def test_csv_has_a_bom_one_decimal_true_and_false_and_empty_for_null(desk: Desk) -> None:
    report(desk, "林林", "07:40", told(370, left_area=False), '=cmd|"/c"!A1')
    done = desk.run("export", "checkins", *DAY, "--format", "csv", "--out", "out/rows.csv")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    raw = Path("out/rows.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS["checkins"]
    row = dict(zip(rows[0], next(row for row in rows if "林林" in row), strict=True))
    assert (row["temperature_c"], row["left_area"], row["symptoms"], row["raw"]) == (
        "37.0",
        "false",
        "",
        '=cmd|"/c"!A1',
    )
    assert [path.name for path in Path("out").iterdir()] == ["rows.csv"]


def test_a_workbook_has_chinese_headings_in_row_1_and_no_formulas(desk: Desk) -> None:
    report(desk, "林林", "07:40", told(370, left_area=True), "=1+1")
    done = desk.run("export", "checkins", *DAY, "--out", "rows.xlsx")
    assert done.exit_code == 0, done.stderr
    sheet = openpyxl.load_workbook("rows.xlsx").worksheets[0]
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == [HEADINGS[name] for name in COLUMNS["checkins"]]
    found = next(row for row in rows if row[7].value == "林林")
    assert (found[10].value, found[14].value) == (37.0, True)
    assert (found[19].value, found[19].data_type) == ("=1+1", "s")


def test_a_sheet_that_is_full_goes_on_in_the_next(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    with path.open("wb") as file:
        assert write_xlsx(file, ["date"], [(str(number),) for number in range(5)], sheet_rows=3) == 5
    sheets = openpyxl.load_workbook(path).worksheets
    assert [[row[0].value for row in sheet.iter_rows()] for sheet in sheets] == [
        ["日期", "0", "1"],
        ["日期", "2", "3"],
        ["日期", "4"],
    ]


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("form", WRITERS)
def test_every_kind_exports_at_least_its_header(desk: Desk, kind: str, form: str) -> None:
    span = ("--from", "2020-01-01", "--to", "2020-01-01")
    done = desk.run("export", kind, *span, "--format", form, "--out", f"out.{form}")
    assert done.exit_code == 0, done.stderr
    raw = Path(f"out.{form}").read_bytes()
    if form == "csv":
        assert raw.decode("utf-8-sig") == ",".join(COLUMNS[kind]) + "\r\n"
    elif form == "json":
        assert json.loads(raw) == []
    else:
        (headings,) = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0].iter_rows(values_only=True)
        assert headings == tuple(HEADINGS[name] for name in COLUMNS[kind])


def test_days_before_monitoring_began_and_after_leaving_owe_nothing(desk: Desk) -> None:
    with desk.database.write() as connection:
        connection.execute(update(Person).where(Person.id == desk.cast.people["王乐乐"]).values(left_on=MONDAY))
    before = exported(desk, "checkins", "--from", "2026-02-20", "--to", "2026-02-22")
    assert {row["date"] for row in before} == {"2026-02-22"}
    assert "王乐乐" in by_name(before)
    assert "王乐乐" not in by_name(exported(desk, "checkins"))


def test_a_day_that_has_not_come_owes_nothing(desk: Desk) -> None:
    assert exported(desk, "checkins", "--from", "2099-03-02", "--to", "2099-03-03") == []


def test_yesterdays_reports_stay_with_yesterdays_class(desk: Desk) -> None:
    report(desk, "林林", "07:40", told(366), "36.6")
    person = desk.cast.people["林林"]
    with desk.database.write() as connection:
        connection.execute(
            update(Enrolment).where(Enrolment.person_id == person).values(to_date=at("00:00").replace(day=3).date())
        )
        new = desk.cast.units["红旗小学/三年级/1班"]
        connection.execute(
            insert(Enrolment).values(person_id=person, unit_id=new, from_date=at("00:00").replace(day=3).date())
        )
        connection.execute(update(Person).where(Person.id == person).values(unit_id=new))
    rows = exported(desk, "checkins", "--from", "2026-03-02", "--to", "2026-03-03")
    assert [(row["date"], row["class"], row["state"]) for row in rows if row["name"] == "林林"] == [
        ("2026-03-02", "2班", "reported"),
        ("2026-03-03", "1班", "unreported"),
    ]


def test_a_report_whose_text_was_deleted_keeps_its_row(desk: Desk) -> None:
    report(desk, "林林", "07:40", told(366), "36.6")
    with desk.database.write() as connection:
        connection.execute(update(CheckIn).values(raw=None, health=None, reporter_account_id=None))
    row = by_name(exported(desk, "checkins"))["林林"]
    assert (row["state"], row["temperature_c"], row["raw"], row["left_area"]) == ("reported", None, None, None)


def test_deliveries_name_the_recipient_and_say_why_something_was_not_sent(desk_on_both: Desk) -> None:
    desk = desk_on_both
    base = {
        "lane": 2,
        "fields": {},
        "moment": at("07:30"),
        "due_at": at("07:30"),
        "expires_at": at("11:30"),
        "created_at": at("07:30"),
        "attempts": 1,
        "retryable": False,
    }
    child, teacher = desk.cast.people["林林"], desk.cast.people["陈老师"]
    rows = [
        {
            "key": "a",
            "kind": "checkin-prompt",
            "person_id": child,
            "relation": "guardian",
            "state": "sent",
            "channel": "service",
            "error": "",
            "errcode": None,
            "sent_at": at("07:31"),
        },
        {
            "key": "b",
            "kind": "class-report",
            "person_id": teacher,
            "relation": "self",
            "state": "failed",
            "channel": "",
            "error": "没有可用的方式",
            "errcode": 45015,
            "sent_at": None,
        },
        {
            "key": "c",
            "kind": "class-report",
            "person_id": teacher,
            "relation": "self",
            "state": "sending",
            "channel": "",
            "error": "",
            "errcode": None,
            "sent_at": None,
        },
        {
            "key": "d",
            "kind": "class-report",
            "person_id": None,
            "relation": "self",
            "state": "dropped",
            "channel": "",
            "error": "",
            "errcode": None,
            "sent_at": None,
        },
    ]
    with desk.database.write() as connection:
        connection.execute(insert(Outbox), [base | row for row in rows])
    found = exported(desk, "deliveries")
    assert [tuple(row.values()) for row in found] == [
        (
            "2026-03-02T07:30:00+08:00",
            "checkin-prompt",
            "林林的家长",
            "service",
            "sent",
            1,
            "2026-03-02T07:31:00+08:00",
            None,
        ),
        (
            "2026-03-02T07:30:00+08:00",
            "class-report",
            "陈静",
            None,
            "failed",
            1,
            None,
            "没有可用的方式（errcode 45015）",
        ),
        ("2026-03-02T07:30:00+08:00", "class-report", "陈静", None, "queued", 1, None, None),
        ("2026-03-02T07:30:00+08:00", "class-report", None, None, "dropped", 1, None, "不再需要"),
    ]
    assert exported(desk, "deliveries", "--from", "2026-03-03", "--to", "2026-03-03") == []


def test_alerts_and_absences_are_opened_and_placed(desk: Desk) -> None:
    child, class_unit = desk.cast.people["林林"], desk.cast.units["红旗小学/三年级/2班"]
    seal, teacher = desk.vault.seal, desk.cast.people["陈老师"]
    with desk.database.write() as connection:
        connection.execute(
            insert(Alert).values(
                person_id=child,
                report_date=MONDAY,
                code="A01",
                level="red",
                unit_id=class_unit,
                facts=desk.vault.seal_json("alerts.facts", {"tenths": 385}),
                raised_at=at("08:10"),
                updated_at=at("08:10"),
                clock_from=at("08:10"),
                told="head_teacher,school_doctor",
                acknowledged_by=teacher,
                acknowledged_at=at("08:12"),
            )
        )
        connection.execute(
            insert(Absence).values(
                person_id=child,
                report_date=MONDAY,
                unit_id=class_unit,
                kind="sick",
                reason=seal("absences.reason", "感冒"),
                symptoms=desk.vault.seal_json("absences.symptoms", ["cough"]),
                entered_by=teacher,
                entered_at=at("08:20"),
            )
        )
    (alert,) = exported(desk, "alerts")
    assert (alert["raised_at"], alert["person"], alert["class"], alert["acknowledged_by"], alert["outcome"]) == (
        "2026-03-02T08:10:00+08:00",
        "林林",
        "2班",
        "陈静",
        None,
    )
    assert json.loads(alert["facts"]) == {"tenths": 385}
    (absence,) = exported(desk, "absences")
    assert (absence["kind"], absence["reason"], absence["symptoms"], absence["explained_by"]) == (
        "sick",
        "感冒",
        "cough",
        "陈静",
    )


def test_an_export_is_on_the_trail_and_the_trail_can_be_exported(desk: Desk) -> None:
    exported(desk, "checkins")
    with desk.database.read() as connection:
        day = connection.execute(select(Audit.at)).scalar_one().date().isoformat()
    rows = exported(desk, "audit", "--from", "2026-01-01", "--to", day.replace(day[:4], "2100"))
    assert next((row["action"], row["object"], row["detail"]) for row in rows) == (
        "export",
        "checkins",
        "2026-03-02..2026-03-02 json",
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("feelings", *DAY), 2, "没有 feelings 这种导出"),
        (("checkins", "--from", "2.3.2026", "--to", "2026-03-02"), 2, "--from 应为日期"),
        (("checkins", "--from", "2026-03-03", "--to", "2026-03-02"), 2, "早于"),
        (("checkins", *DAY, "--format", "pdf"), 2, "--format 应为"),
    ],
)
def test_wrong_use_is_one_clear_line(desk: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    done = desk.run("export", *words, "--out", "rows.csv")
    assert (done.exit_code, done.stdout) == (code, "")
    assert says in done.stderr
    assert not Path("rows.csv").exists()


def test_a_file_that_cannot_be_written_is_said(desk: Desk) -> None:
    Path("taken").write_text("a file", "utf-8")
    done = desk.run("export", "checkins", *DAY, "--out", "taken/rows.csv")
    assert done.exit_code == 1
    assert "写不了 taken/rows.csv" in done.stderr


def test_reports_carry_counts_of_the_records_and_the_name_of_who_signed(desk: Desk) -> None:
    with desk.database.write() as connection:
        connection.execute(
            insert(Report).values(
                unit_id=desk.cast.units["红旗小学/三年级/2班"],
                report_date=MONDAY,
                slot="am",
                status="submitted",
                version=1,
                is_zero=False,
                zero_kind="",
                figures={"due": 3, "reported": 2, "fever": 1},
                confirmed_at=at("09:10"),
                confirmed_by=desk.cast.people["陈老师"],
                capacity="",
                on_time=True,
            )
        )
    row = next(row for row in exported(desk, "class-reports") if row["status"] == "submitted")
    assert (row["class"], row["confirmed_by"], row["on_time"], row["version"]) == ("2班", "陈静", True, 1)
    assert (row["due"], row["reported"], row["unreported"], row["fever"]) == (3, 0, 3, 0)
    assert {row["status"] for row in exported(desk, "school-reports")} == {"missing"}
