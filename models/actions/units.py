"""Making the units a roster names. Units are never deleted: reports hang on them."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select, update

from models.rules.roster import Roster
from models.tables import Unit
from models.work import Row, Work


def ensure_units(work: Work, roster: Roster) -> tuple[dict[str, int], list[str]]:
    """Make what is missing of the tree, one statement a level; gives ids by path, and the paths that are new.

    A school's kind and campus follow the roster, the bureau's name the district file; nothing else of a unit changes.
    """
    connection = work.flush()
    rows = connection.execute(
        select(Unit.id, Unit.kind, Unit.path, Unit.position, Unit.school_kind, Unit.campus, Unit.closed_on)
    ).all()
    ids = {row.path: row.id for row in rows}
    new: list[str] = []
    top = next((row for row in rows if row.kind == "district"), None)
    if top is None:
        _add(connection, ids, new, [_row("district", roster.bureau, None)])
    elif top.path != roster.bureau:
        connection.execute(update(Unit).where(Unit.id == top.id).values(name=roster.bureau, path=roster.bureau))
        ids[roster.bureau] = ids.pop(top.path)
    district_id = ids[roster.bureau]

    stored = {row.path: row for row in rows}
    last = max((row.position for row in rows if row.kind == "school"), default=0)
    schools, changed = [], []
    for school in roster.schools:
        known = stored.get(school.name)
        if known is None:
            last += 1
            extra = {"school_kind": school.kind, "campus": school.campus}
            schools.append(_row("school", school.name, district_id, last, **extra))
        else:
            campus = school.campus or known.campus
            if (known.school_kind, known.campus, known.closed_on) != (school.kind, campus, None):
                changed.append({"the_id": known.id, "school_kind": school.kind, "campus": campus, "closed_on": None})
    _add(connection, ids, new, schools)
    if schools:  # a school's own id is its school_id
        connection.execute(
            update(Unit).where(Unit.kind == "school", Unit.school_id.is_(None)).values(school_id=Unit.id)
        )
    if changed:
        names = ("school_kind", "campus", "closed_on")
        connection.execute(
            update(Unit).where(Unit.id == bindparam("the_id")).values({name: bindparam(name) for name in names}),
            changed,
        )
        new += [school.name for school in roster.schools if any(row["the_id"] == ids[school.name] for row in changed)]

    grades, classes = [], []
    for school_name, of_school in roster.classes.items():
        for grade, of_grade in of_school.items():
            path = f"{school_name}/{grade.name}"
            if path not in ids:
                school_id = ids[school_name]
                grades.append(_row("grade", path, school_id, grade.position, school_id=school_id))
            classes += [(path, found, school_name) for found in of_grade.values() if f"{path}/{found.name}" not in ids]
    _add(connection, ids, new, grades)
    if grades:
        connection.execute(update(Unit).where(Unit.kind == "grade", Unit.grade_id.is_(None)).values(grade_id=Unit.id))
    made = []
    for path, found, school_name in classes:
        extra = {"school_id": ids[school_name], "grade_id": ids[path]}
        made.append(_row("class_unit", f"{path}/{found.name}", ids[path], found.position, **extra))
    _add(connection, ids, new, made)
    return ids, new


def _row(kind: str, path: str, parent_id: int | None, position: int = 0, **extra: object) -> Row:
    empty: Row = {"school_id": None, "grade_id": None, "school_kind": None, "campus": None}
    name = path.rpartition("/")[2]
    return {"kind": kind, "name": name, "path": path, "parent_id": parent_id, "position": position, **empty, **extra}


def _add(connection: Connection, ids: dict[str, int], new: list[str], rows: list[Row]) -> None:
    if not rows:
        return
    made = connection.execute(insert(Unit).returning(Unit.path, Unit.id), rows)
    ids.update((path, unit_id) for path, unit_id in made)
    new.extend(row["path"] for row in rows)
