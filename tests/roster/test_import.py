"""Importing a roster into a real database, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, func, select

from app.files.roster import check
from models.actions.roster import Changes, import_roster, school_year_start, settle
from models.database import Database
from models.queries import roster as stored
from models.queries import units as unit_queries
from models.rules.roster import COLUMNS, JOINED, BadRoster, Cell, Sheet
from models.tables import Audit, BindingCode, Enrolment, Person, Post, Unit
from models.vault import Vault
from models.work import Work
from tests.cast import DISTRICT, MONDAY, SECRET, at

TUESDAY, WEDNESDAY = date(2026, 3, 3), date(2026, 3, 4)
LIN = ("红旗小学", "三年级", "2班", "S001", "林林", "女", "13900000001")
WANG = ("红旗小学", "三年级", "10班", "S002", "王乐乐", "男", "")
CHEN = ("T001", "陈静", "13900000002", "红旗小学", "班主任", "三年级/2班")
HE = ("T002", "何清", "13900000003", "红旗小学", "疫情报告人", "")
HAN = ("B001", "韩平", "13900000004", "春江区教育局", "区报告人", "")
PUPILS, STAFF = (LIN, WANG), (CHEN, HE, HAN)


class District:
    """One district's database, into which rosters are loaded as an operator does."""

    def __init__(self, database: Database) -> None:
        self.database, self.vault = database, Vault(SECRET)
        self.now = at("10:00")

    def load(
        self,
        pupils: Sequence[tuple[Cell, ...]] = PUPILS,
        staff: Sequence[tuple[Cell, ...]] = STAFF,
        columns: tuple[str, ...] = COLUMNS["学生"],
        **options: Any,
    ) -> Changes:
        sheets = [
            Sheet("学生", columns, list(enumerate(pupils, start=2))),
            Sheet("人员", COLUMNS["人员"], list(enumerate(staff, start=2))),
        ]
        with self.database.write() as connection:
            work = Work(connection, self.now, DISTRICT, self.vault, unit_queries.load(connection))
            changes = import_roster(work, check(work, sheets), **options)
            work.flush()
            return changes

    def all(self, *columns: Any) -> list[tuple[Any, ...]]:
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).order_by(*columns))]

    def history(self, number: str) -> list[tuple[Any, ...]]:
        """Where a person belonged: (path, from, to)."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(Unit.path, Enrolment.from_date, Enrolment.to_date)
                .join(Enrolment, Enrolment.unit_id == Unit.id)
                .join(Person, Person.id == Enrolment.person_id)
                .where(Person.number == number)
                .order_by(Enrolment.from_date)
            )
            return [tuple(row) for row in rows]

    def unit_of(self, number: str) -> str:
        with self.database.read() as connection:
            return connection.execute(
                select(Unit.path).join(Person, Person.unit_id == Unit.id).where(Person.number == number)
            ).scalar_one()

    def posts(self, number: str) -> list[tuple[Any, ...]]:
        with self.database.read() as connection:
            rows = connection.execute(
                select(Post.role, Unit.path, Post.from_date, Post.to_date)
                .join(Unit, Unit.id == Post.unit_id)
                .join(Person, Person.id == Post.person_id)
                .where(Person.number == number)
                .order_by(Post.id)
            )
            return [tuple(row) for row in rows]


@pytest.fixture
def district(database: Database) -> District:
    return District(database)


SCHOOL_YEAR = date(2025, 9, 1)


def test_a_first_load_makes_the_tree_the_people_and_their_codes(district: District) -> None:
    changes = district.load()
    assert dict(changes.added) == {"student": 2, "staff": 3}
    assert changes.codes == 5
    with district.database.read() as connection:
        units = unit_queries.load(connection)
        codes = stored.codes(connection, district.vault, units)
    assert units.district is not None
    assert [unit.path for unit in units.within(units.district.id)] == [
        "春江区教育局",
        "红旗小学",
        "红旗小学/三年级",
        "红旗小学/三年级/2班",
        "红旗小学/三年级/10班",
    ]
    school, class_unit = units.at("红旗小学"), units.at("红旗小学/三年级/2班")
    assert school
    assert class_unit
    assert (school.school_id, school.school_kind) == (school.id, "primary")
    assert (class_unit.school_id, class_unit.grade_id) == (school.id, class_unit.parent_id)
    assert [(row.kind, row.school, row.grade, row.class_name, row.number) for row in codes] == [
        ("student", "红旗小学", "三年级", "2班", "S001"),
        ("student", "红旗小学", "三年级", "10班", "S002"),
        ("staff", "春江区教育局", "", "", "B001"),
        ("staff", "红旗小学", "", "", "T002"),
        ("staff", "红旗小学", "三年级", "", "T001"),
    ]
    assert len({row.code for row in codes}) == 5
    assert all(len(row.code) == 8 and row.number not in row.code for row in codes)


def test_a_first_load_counts_from_the_school_years_start(district: District) -> None:
    district.load()
    assert {row[0] for row in district.all(Person.joined_on)} == {SCHOOL_YEAR}
    assert district.posts("T001") == [("head_teacher", "红旗小学/三年级/2班", SCHOOL_YEAR, None)]


@pytest.mark.parametrize(
    ("day", "start"),
    [(date(2026, 8, 31), date(2025, 9, 1)), (date(2026, 9, 1), date(2026, 9, 1)), (MONDAY, date(2025, 9, 1))],
)
def test_a_school_year_starts_in_september(day: date, start: date) -> None:
    assert school_year_start(day) == start


def test_the_second_run_changes_nothing(district: District) -> None:
    district.load()
    before = [district.all(table.id) for table in (Unit, Person, Enrolment, Post, BindingCode, Audit)]
    again = district.load()
    assert again.is_empty
    assert again.unchanged == 5
    assert [district.all(table.id) for table in (Unit, Person, Enrolment, Post, BindingCode, Audit)] == before


def test_other_writings_of_a_class_make_no_second_one(district: District) -> None:
    district.load()
    again = district.load(((*LIN[:1], "3年级", "（二）班", *LIN[3:]), WANG))
    assert again.is_empty


def test_only_a_change_moves_the_version_that_caches_compare_with(district: District) -> None:
    def version() -> int:
        with district.database.read() as connection:
            return unit_queries.version_of(connection)

    district.load()
    first = version()
    district.load()
    assert version() == first
    district.load((*PUPILS, ("红旗小学", "三年级", "2班", "S003", "李小明", "男", "")))
    assert version() == first + 1


def test_somebody_added_later_counts_from_the_next_day(district: District) -> None:
    district.load()
    changes = district.load((*PUPILS, ("红旗小学", "三年级", "2班", "S003", "李小明", "男", "")))
    assert (changes.added["student"], changes.unchanged, changes.codes) == (1, 5, 1)
    assert district.history("S003") == [("红旗小学/三年级/2班", TUESDAY, None)]


def test_the_column_of_days_wins_over_every_default(district: District) -> None:
    columns = (*COLUMNS["学生"], JOINED)
    district.load(((*LIN, ""), (*WANG, "2026-02-24")), columns=columns)
    assert district.history("S001")[0][1] == SCHOOL_YEAR
    assert district.history("S002")[0][1] == date(2026, 2, 24)
    changed = district.load(((*LIN, date(2026, 2, 25)), (*WANG, "2026-02-24")), columns=columns)
    assert [person.what for person in changed.changed] == ["入册日期"]
    assert district.history("S001") == [("红旗小学/三年级/2班", date(2026, 2, 25), None)]
    assert district.load(((*LIN, date(2026, 2, 25)), (*WANG, "2026-02-24")), columns=columns).is_empty


def test_a_school_that_joins_later_counts_from_the_school_years_start_too(district: District) -> None:
    district.load()
    district.load((*PUPILS, ("江畔中学", "七年级", "1班", "S006", "周舟", "女", "")))
    assert district.history("S006")[0][1] == SCHOOL_YEAR


def test_a_transfer_ends_one_enrolment_and_begins_the_next(district: District) -> None:
    district.load()
    moved = ("红旗小学", "三年级", "10班", *LIN[3:])
    changes = district.load((moved, WANG))
    assert [person.number for person in changes.moved] == ["S001"]
    assert district.history("S001") == [
        ("红旗小学/三年级/2班", SCHOOL_YEAR, TUESDAY),
        ("红旗小学/三年级/10班", TUESDAY, None),
    ]
    assert district.unit_of("S001") == "红旗小学/三年级/2班"  # today's reports stay with today's class
    assert district.load((moved, WANG)).is_empty
    with district.database.write() as connection:
        work = Work(connection, at("00:01", TUESDAY), DISTRICT, district.vault, unit_queries.load(connection))
        assert settle(work, TUESDAY) == 1
    assert district.unit_of("S001") == "红旗小学/三年级/10班"


def test_a_transfer_taken_back_before_its_day_leaves_no_second_row_to_count(district: District) -> None:
    district.load()
    district.load((("红旗小学", "三年级", "10班", *LIN[3:]), WANG))
    district.load((("红旗小学", "四年级", "1班", *LIN[3:]), WANG))
    assert district.history("S001") == [
        ("红旗小学/三年级/2班", SCHOOL_YEAR, TUESDAY),
        ("红旗小学/四年级/1班", TUESDAY, None),
    ]


def test_a_transfer_may_be_given_its_day(district: District) -> None:
    district.load()
    district.load((("江畔中学", "七年级", "1班", *LIN[3:]), WANG), on=MONDAY)
    assert district.history("S001")[1] == ("江畔中学/七年级/1班", MONDAY, None)
    assert district.unit_of("S001") == "江畔中学/七年级/1班"
    with district.database.read() as connection:
        school = connection.execute(select(Person.school_id).where(Person.number == "S001")).scalar_one()
        assert unit_queries.load(connection)[school].name == "江畔中学"


def test_facts_that_change_are_named_and_empty_cells_erase_nothing(district: District) -> None:
    district.load()
    changes = district.load(((*LIN[:4], "林琳", "", "13900000009"), WANG))
    assert [person.what for person in changes.changed] == ["姓名（原 林林）、手机"]
    with district.database.read() as connection:
        row = connection.execute(select(Person).where(Person.number == "S001")).one()
    assert (row.name, row.sex) == ("林琳", "女")
    assert district.vault.open("persons.phone", row.phone) == "13900000009"
    assert row.phone_index == district.vault.index("persons.phone", "13900000009")
    district.load(((*LIN[:4], "林琳", "女", ""), WANG))
    with district.database.read() as connection:
        assert connection.execute(select(Person.phone_index).where(Person.number == "S001")).scalar_one()


def test_phones_and_codes_are_nowhere_in_the_clear(sqlite: Database) -> None:
    district = District(sqlite)
    district.load()
    with sqlite.read() as connection:
        codes = stored.codes(connection, district.vault, unit_queries.load(connection))
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    from pathlib import Path

    content = Path(str(sqlite.url.database)).read_bytes()
    assert "林林".encode() in content  # the file is the right one
    for secret in ["13900000001", *(row.code for row in codes)]:
        assert secret.encode() not in content


def test_missing_people_are_listed_and_left_alone(district: District) -> None:
    district.load()
    changes = district.load((LIN,), (CHEN, HAN))
    assert [(person.kind, person.number) for person in changes.missing] == [("student", "S002"), ("staff", "T002")]
    assert changes.is_empty
    assert {row[0] for row in district.all(Person.left_on)} == {None}


def test_missing_people_retire_when_told_so_and_may_come_back(district: District) -> None:
    district.load()
    changes = district.load((LIN,), (CHEN, HAN), retire_missing=True)
    assert [person.number for person in changes.retired] == ["S002", "T002"]
    assert district.history("S002") == [("红旗小学/三年级/10班", SCHOOL_YEAR, TUESDAY)]
    assert district.posts("T002") == [("designated_reporter", "红旗小学", SCHOOL_YEAR, TUESDAY)]
    with district.database.read() as connection:
        live = {row.number for row in stored.codes(connection, district.vault, unit_queries.load(connection))}
    assert live == {"S001", "T001", "B001"}
    assert district.load((LIN,), (CHEN, HAN), retire_missing=True).is_empty

    district.now = at("10:00", WEDNESDAY)
    back = district.load()
    assert (len(back.changed), back.codes, back.posts_begun) == (2, 2, 1)
    assert district.history("S002")[1] == ("红旗小学/三年级/10班", date(2026, 3, 5), None)
    assert district.load().is_empty


def test_a_workbook_of_one_school_does_not_miss_the_others(district: District) -> None:
    district.load((*PUPILS, ("江畔中学", "七年级", "1班", "S006", "周舟", "女", "")))
    changes = district.load((("江畔中学", "七年级", "1班", "S006", "周舟", "女", ""),), (), retire_missing=True)
    assert changes.is_empty
    assert not changes.missing


def test_posts_begin_and_end_with_the_day(district: District) -> None:
    district.load()
    changes = district.load(staff=((*CHEN[:5], "三年级/10班"), HE, HAN))
    assert (changes.posts_begun, changes.posts_ended) == (1, 1)
    assert district.posts("T001") == [
        ("head_teacher", "红旗小学/三年级/2班", SCHOOL_YEAR, TUESDAY),
        ("head_teacher", "红旗小学/三年级/10班", TUESDAY, None),
    ]
    district.load()  # and back, on the same day: what never counted is taken away
    assert district.posts("T001")[-1] == ("head_teacher", "红旗小学/三年级/2班", TUESDAY, None)
    assert len(district.posts("T001")) == 2
    assert district.load().is_empty


def test_one_bad_row_keeps_everything_out(district: District) -> None:
    with pytest.raises(BadRoster):
        district.load((LIN, (*WANG[:6], "12")))
    assert district.all(Person.id) == district.all(Unit.id) == district.all(Audit.id) == []


def test_a_number_stored_for_somebody_else_is_no_silent_transfer(district: District) -> None:
    district.load()
    with pytest.raises(BadRoster) as caught:
        district.load((("江畔中学", "七年级", "1班", "S001", "周舟", "女", ""),))
    assert "另一个人的学号" in str(caught.value.faults[0])


def test_the_trail_tells_what_was_done_without_a_childs_name(district: District) -> None:
    district.load(actor="cli:test")
    district.load((("红旗小学", "三年级", "10班", *LIN[3:]), WANG), actor="cli:test")
    lines = district.all(Audit.action, Audit.actor, Audit.detail, Audit.object)
    assert [line[0] for line in lines] == ["roster.import", "roster.import", "roster.move"]
    assert not any("林林" in str(line) for line in lines)


def test_the_size_of_a_school_does_not_change_the_number_of_statements(sqlite: Database) -> None:
    district = District(sqlite)
    counts = []
    for size in (10, 400):
        seen: list[str] = []

        def count(*arguments: Any, seen: list[str] = seen) -> None:
            seen.append(arguments[2])

        event.listen(sqlite.engine, "before_cursor_execute", count)
        rows = [("红旗小学", "三年级", "2班", f"N{size}{number}", f"赵{number}", "男", "") for number in range(size)]
        district.load(rows)
        event.remove(sqlite.engine, "before_cursor_execute", count)
        counts.append(len(seen))
    assert counts[1] <= counts[0]  # the first run also made the units


def test_the_bureau_may_change_its_name(district: District) -> None:
    district.load()
    with district.database.read() as connection:
        before = connection.execute(select(func.count()).select_from(Unit)).scalar_one()
    with district.database.write() as connection:
        from dataclasses import replace

        renamed = replace(DISTRICT, bureau="春江区教体局")
        work = Work(connection, at("10:00"), renamed, district.vault, unit_queries.load(connection))
        sheets = [
            Sheet("学生", COLUMNS["学生"], list(enumerate(PUPILS, start=2))),
            Sheet("人员", COLUMNS["人员"], list(enumerate(STAFF, start=2))),
        ]
        import_roster(work, check(work, sheets))
        work.flush()
    with district.database.read() as connection:
        units = unit_queries.load(connection)
        assert connection.execute(select(func.count()).select_from(Unit)).scalar_one() == before
    assert units.district
    assert units.district.path == "春江区教体局"


def test_a_transfer_never_counts_from_a_day_that_was_answered_where_they_were(district: District) -> None:
    columns = (*COLUMNS["学生"], JOINED)
    district.load()
    moved = (*LIN[:2], "1班", *LIN[3:])
    district.load(((*moved, "2026-02-24"),), columns=columns)  # a date long past, entered on Monday
    assert district.history("S001") == [
        ("红旗小学/三年级/2班", SCHOOL_YEAR, TUESDAY),
        ("红旗小学/三年级/1班", TUESDAY, None),
    ]
