"""The district's tree, as one value that is read once and believed until the roster's version moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select

from models.statements import Question, values
from models.tables import Unit, Version


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """One unit. path: names from the school down, "红旗小学/三年级/2班"."""

    id: int
    parent_id: int | None
    kind: str
    name: str
    path: str
    school_id: int | None
    grade_id: int | None
    position: int
    school_kind: str | None
    closed_on: date | None


class Units:
    """All units of the district. version: the roster's, at which they were read."""

    def __init__(self, rows: list[UnitInfo], version: int) -> None:
        self.version = version
        self._by_id = {row.id: row for row in rows}
        self._by_path = {row.path: row for row in rows}
        self._schools = [row for row in rows if row.kind == "school" and row.closed_on is None]
        self._by_name: dict[str, list[UnitInfo]] | None = None  # made when first asked for
        self._children: dict[int | None, list[UnitInfo]] = {}
        for row in sorted(rows, key=lambda unit: (unit.position, unit.path)):
            self._children.setdefault(row.parent_id, []).append(row)

    def __getitem__(self, unit_id: int) -> UnitInfo:
        return self._by_id[unit_id]

    def get(self, unit_id: int | None) -> UnitInfo | None:
        return None if unit_id is None else self._by_id.get(unit_id)

    def at(self, path: str) -> UnitInfo | None:
        """The unit at "红旗小学/三年级/2班"."""
        return self._by_path.get(path)

    def children(self, unit_id: int | None) -> list[UnitInfo]:
        """Direct children in reading order."""
        return self._children.get(unit_id, [])

    def within(self, unit_id: int) -> Iterator[UnitInfo]:
        """The unit itself and all below it, in reading order."""
        yield self._by_id[unit_id]
        for child in self.children(unit_id):
            yield from self.within(child.id)

    def above(self, unit_id: int) -> list[int]:
        """The units a unit lies in, itself included: class, grade, school, district."""
        unit, top = self._by_id[unit_id], self.district
        found = (unit.id, unit.grade_id, unit.school_id, None if top is None else top.id)
        return [number for number in dict.fromkeys(found) if number is not None]

    def classes(self, unit_id: int) -> list[UnitInfo]:
        """The classes in a unit, in reading order (the unit itself if it is one)."""
        return [unit for unit in self.within(unit_id) if unit.kind == "class_unit"]

    def schools(self) -> list[UnitInfo]:
        """The schools that are open, in the order of the roster."""
        return list(self._schools)

    def of_kind(self, kind: str) -> list[UnitInfo]:
        """Every unit of a kind, closed ones too."""
        return [unit for unit in self._by_id.values() if unit.kind == kind]

    def called(self, name: str) -> list[UnitInfo]:
        """The units of open schools that are called so: "2班", "三年级2班", "红旗小学三年级2班"; in reading order."""
        if self._by_name is None:
            found: dict[str, list[UnitInfo]] = {}
            for unit in (below for school in self._schools for below in self.within(school.id)):
                for said in {unit.name, self.class_name(unit.id), unit.path.replace("/", "")}:
                    found.setdefault(said, []).append(unit)
            self._by_name = found
        return self._by_name.get(name, [])

    @property
    def district(self) -> UnitInfo | None:
        """The bureau; None before the first roster."""
        return next((unit for unit in self._children.get(None, []) if unit.kind == "district"), None)

    def class_name(self, unit_id: int) -> str:
        """ "三年级2班", as people say it."""
        unit = self._by_id[unit_id]
        grade = self.get(unit.grade_id)
        return f"{grade.name}{unit.name}" if unit.kind == "class_unit" and grade else unit.name


def load(connection: Connection, version: int | None = None) -> Units:
    """Every unit of the district. One statement, two where the version has not been read before it."""
    if version is None:
        version = version_of(connection)
    rows = connection.execute(
        select(
            Unit.id,
            Unit.parent_id,
            Unit.kind,
            Unit.name,
            Unit.path,
            Unit.school_id,
            Unit.grade_id,
            Unit.position,
            Unit.school_kind,
            Unit.closed_on,
        )
    )
    return Units([UnitInfo(*values(row)) for row in rows], version)


def version_of(connection: Connection, name: str = "roster") -> int:
    """The counter a cache compares with before it believes itself."""
    rows = _VERSION(connection, name=name)
    return rows[0][0] if rows else 0


_VERSION = Question(lambda _: select(Version.value).where(Version.name == bindparam("name")))


class UnitsCache:
    """Gives the tree, reading it again only when an import (in any process) has moved the version."""

    def __init__(self) -> None:
        self._units: Units | None = None

    def get(self, connection: Connection) -> Units:
        return self.ask(connection)()

    def ask(self, connection: Connection) -> Callable[[], Units]:
        """`get`, its question sent with others."""
        asked = _VERSION.ask(connection, name="roster")

        def units() -> Units:
            rows, known = asked(), self._units
            version = rows[0][0] if rows else 0
            if known is None or known.version != version:
                known = self._units = load(connection, version)
            return known

        return units
