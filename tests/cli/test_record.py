"""record: health records for the files, as an operator prints them before term."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import openpyxl
import pypdf
import pytest
from sqlalchemy import insert, select, update

from models.actions.check_ins import Entry, record
from models.rules.check_in import Health, Measured
from models.tables import Absence, Audit, Enrolment, Person
from tests.cast import MONDAY, at
from tests.cli.conftest import Desk

CLASS = "红旗小学/三年级/2班"
SPAN = ("--from", "2026-02-21", "--to", "2026-03-02")


def said(desk: Desk, who: str, day: int, clock: str, health: Health, **more: Any) -> None:
    """`who` is reported for on the day `day` days before Monday."""
    on = MONDAY - timedelta(days=day)
    with desk.database.write() as connection:
        work = desk.work(connection)
        kind, unit_id = connection.execute(
            select(Person.kind, Person.unit_id).where(Person.id == desk.cast.people[who])
        ).one()
        fields: dict[str, Any] = {"reporter": "guardian", "account_id": 1} | more
        entry = Entry(desk.cast.people[who], kind, unit_id, on, health, "…", sent_at=at(clock, on), **fields)
        record(work, entry)
        work.flush()


@pytest.fixture
def fortnight(desk: Desk) -> Desk:
    """林林 has a fever once, corrected once, is away once; 王乐乐 is reported for by the teacher; 李小明 is silent."""
    said(desk, "林林", 3, "07:50", Health((Measured(365, "axillary"),), denied_all=True))
    said(desk, "林林", 2, "07:40", Health((Measured(362),)))
    said(desk, "林林", 2, "09:20", Health((Measured(368, "ear"),)), msg_id=9, correction=True)
    said(desk, "林林", 1, "08:00", Health((Measured(384, "ear"), Measured(379, "axillary")), symptoms=("cough",)))
    said(
        desk,
        "王乐乐",
        1,
        "09:10",
        Health((Measured(364),)),
        reporter="head_teacher",
        reporter_person_id=desk.cast.people["陈老师"],
    )
    with desk.database.write() as connection:
        connection.execute(
            insert(Absence).values(
                person_id=desk.cast.people["林林"],
                report_date=MONDAY,
                unit_id=desk.cast.units[CLASS],
                kind="sick",
                reason=desk.vault.seal("absences.reason", "感冒"),
                entered_at=at("08:30"),
            )
        )
    return desk


def pages(desk: Desk, name: str) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(desk.folder / name).pages]


def test_each_child_has_a_page_with_every_value_and_every_gap_explained(fortnight: Desk) -> None:
    desk = fortnight
    done = desk.run("record", "--unit", CLASS, *SPAN, "--out", "class.pdf")
    assert done.exit_code == 0, done.output
    assert "已写好 3 人的健康记录（2026-02-21 至 2026-03-02）" in done.output
    lin, wang, li = pages(desk, "class.pdf")
    for part in ("林林", "S001", "红旗小学", "三年级2班", "应报 9 天", "已报 3 天", "发热 1 天", "最高 38.4"):
        assert part in lin
    for part in ("36.5（腋温）", "无不适", "38.4（耳温）", "37.9", "咳嗽", "家长", "03-01 08:00", "病假：感冒"):
        assert part in lin
    assert "更正前" in lin
    assert "监测未开始" in lin
    assert "班主任陈静" in wang
    assert li.count("未报") >= 9
    assert all("班主任签字" in page and "校验码" in page for page in (lin, wang, li))


def test_the_same_record_has_the_same_checksum_and_another_value_another(fortnight: Desk) -> None:
    desk = fortnight

    def checksum() -> str:
        assert desk.run("record", "--number", "S001", *SPAN, "--out", "lin.pdf").exit_code == 0
        (page,) = pages(desk, "lin.pdf")
        return page.split("校验码", 1)[1].split()[0]

    before = checksum()
    assert checksum() == before
    said(desk, "林林", 4, "08:00", Health((Measured(366),)))
    assert checksum() != before


def test_the_workbook_shows_the_class_at_a_glance_and_what_was_corrected(fortnight: Desk) -> None:
    desk = fortnight
    assert desk.run("record", "--unit", CLASS, *SPAN, "--out", "class.xlsx").exit_code == 0
    book = openpyxl.load_workbook(desk.folder / "class.xlsx")
    assert book.sheetnames == ["汇总", "林林", "王乐乐", "李小明", "更正前的记录"]
    heads, lin, *_ = book["汇总"].iter_rows(values_only=True)
    row = dict(zip(heads, lin, strict=True))
    assert (row["姓名"], row["02-28"], row["03-01"], row["02-27"], row["02-26"]) == ("林林", 36.8, 38.4, 36.5, "未报")
    (earlier,) = book["更正前的记录"].iter_rows(min_row=2, values_only=True)
    assert earlier == ("林林", "S001", "2026-02-28", "02-28 07:40", "家长", "36.2", "")


def test_a_school_is_one_archive_with_each_class_twice(fortnight: Desk) -> None:
    desk = fortnight
    done = desk.run("record", "--unit", "红旗小学", *SPAN, "--out", "school.zip")
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(desk.folder / "school.zip") as archive:
        names = archive.namelist()
        assert f"{CLASS.replace('/', '-')}.pdf" in names
        assert len(names) == 6
        assert pypdf.PdfReader(io.BytesIO(archive.read(names[0]))).pages


def test_who_moved_keeps_their_days_and_who_was_not_there_is_not_called_silent(fortnight: Desk) -> None:
    desk = fortnight
    person, new = desk.cast.people["林林"], desk.cast.units["红旗小学/三年级/1班"]
    with desk.database.write() as connection:
        connection.execute(update(Enrolment).where(Enrolment.person_id == person).values(to_date=MONDAY))
        connection.execute(insert(Enrolment).values(person_id=person, unit_id=new, from_date=MONDAY))
        connection.execute(update(Person).where(Person.number == "S003").values(joined_on=MONDAY - timedelta(days=1)))
    assert desk.run("record", "--unit", CLASS, *SPAN, "--out", "class.pdf").exit_code == 0
    lin, _, li = pages(desk, "class.pdf")
    assert "38.4（耳温）" in lin
    assert "应报 2 天" in li
    assert "不在册" in li


def test_it_is_on_the_trail_without_a_name(fortnight: Desk) -> None:
    desk = fortnight
    desk.run("record", "--number", "S001", *SPAN, "--out", "lin.pdf")
    with desk.database.read() as connection:
        rows = connection.execute(select(Audit.action, Audit.object, Audit.detail)).all()
    assert ("record", "student S001", "2026-02-21..2026-03-02 pdf") in [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--out", "x.doc", "--number", "S001"), 2, "应以 .pdf、.xlsx 或 .zip 结尾"),
        (("--out", "x.pdf"), 2, "二者选一"),
        (("--out", "x.pdf", "--number", "S999"), 1, "名册里没有学号 S999"),
        (("--out", "x.pdf", "--unit", "没有的学校"), 2, "没有「没有的学校」这个单位"),
        (("--out", "x.pdf", "--unit", CLASS, "--staff"), 1, "没有在册的教职工"),
        (("--out", "x.pdf", "--number", "S001", "--from", "三月"), 2, "--from 应为日期"),
    ],
)
def test_wrong_use_is_told_in_one_line(desk: Desk, words: tuple[str, ...], code: int, sentence: str) -> None:
    done = desk.run("record", *words)
    assert (done.exit_code, sentence in done.output) == (code, True), done.output


def test_a_further_measurement_is_no_correction_and_a_silent_day_is_explained(fortnight: Desk) -> None:
    desk = fortnight
    said(desk, "李小明", 3, "08:00", Health((Measured(384),), symptoms=("cough",)))
    said(desk, "李小明", 3, "09:00", Health((Measured(381, "axillary"),)))
    assert desk.run("record", "--number", "S003", *SPAN, "--out", "li.pdf").exit_code == 0
    (page,) = pages(desk, "li.pdf")
    assert "38.4、38.1（腋温）" in page
    assert "更正前38" not in page
    assert "没有收到上报，也没有登记缺勤原因" in page.replace("\n", "")
    assert "再打印一次" in page.replace("\n", "")
