"""Files by signed links (`导出`): for whoever asked, while they still hold the binding or the post, each time on the trail."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import PlainTextResponse, Response

from app.files.exports.columns import COLUMNS
from app.files.exports.rows import ROWS, Cell
from app.files.exports.rows import Source as Rows
from app.files.exports.writers import WRITERS
from app.files.records.make import as_pdf, as_workbook
from app.files.records.rows import Sheet, Source, sheets
from app.process.runtime import Runtime
from bots.engine.links import HandedOut, open_file
from bots.front_desk.words.handing_out import KINDS
from models.actions.trail import note
from models.queries import health_records as stored
from models.queries.bindings import speaks_for
from models.queries.calendar import load as load_calendar
from models.queries.people import posts_of
from models.queries.retention import kept_from
from models.queries.units import UnitInfo, Units
from models.rules.handing_out import kinds_for

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_GONE = "链接已过期或不完整，或您已不再担任相应职务。请回到公众号，重新回复“导出”。"
_NOTHING = "这段时间没有在册的人，没有可以导出的记录。"
_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


class Nothing(Exception):
    """There is nobody to write a file about."""


def make_router(runtime: Runtime) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/h5/x/{token}")
    def file(token: str) -> Response:
        now = runtime.clock()
        asked = open_file(runtime.vault, token, now)
        if asked is None:
            return PlainTextResponse(_GONE, 403, _HEADERS)
        with runtime.database.write() as connection:
            work = runtime.work(connection, now)
            allowed = _may(connection, work.units, asked, work.district.day_of(now))
            if allowed:  # noted before anything leaves
                what = f"{'person' if asked.of == 'p' else 'unit'}:{asked.of_id}"
                note(
                    work,
                    f"account:{asked.account_id}",
                    f"file.{asked.kind}",
                    what,
                    f"{asked.first}..{asked.last} {asked.form}",
                )
                work.flush()
        if not allowed:
            return PlainTextResponse(_GONE, 403, _HEADERS)
        with runtime.database.read() as connection:
            try:
                name, content = _made(runtime, connection, asked)
            except Nothing:
                return PlainTextResponse(_NOTHING, 404, _HEADERS)
        headers = {**_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return Response(content, 200, headers, _TYPES[asked.form])

    return router


def _may(connection: Connection, units: Units, asked: HandedOut, today: date) -> bool:
    """Judged again at each download: who lost the binding or the post gets nothing."""
    bound = speaks_for(connection, asked.account_id)
    if asked.of == "p":
        return asked.kind == "record" and any(person_id == asked.of_id for person_id, _ in bound)
    unit = units.get(asked.of_id)
    own = [person_id for person_id, relation in bound if relation == "self"]
    if unit is None or not own:
        return False
    held = [post for posts in posts_of(connection, own, today).values() for post in posts]
    return asked.kind in kinds_for(held, unit.id, units.above(unit.id))


def _made(runtime: Runtime, connection: Connection, asked: HandedOut) -> tuple[str, bytes]:
    """The file's name and content."""
    units = runtime.units.get(connection)
    span = f"{asked.first:%Y%m%d}-{asked.last:%Y%m%d}"
    if asked.kind != "record":
        unit = units[asked.of_id]
        return f"{units.class_name(unit.id)}{KINDS[asked.kind]}{span}.xlsx", _table(runtime, connection, asked, unit)
    groups = list(_groups(runtime, connection, units, asked))
    if not groups:
        raise Nothing
    made, fever = runtime.district.local(runtime.clock()), runtime.district.disease.fever_tenths / 10
    title = groups[0][0] if len(groups) == 1 else units.class_name(asked.of_id)
    by = "平安报"
    if asked.form == "zip":
        done = io.BytesIO()
        with zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, people in groups:
                archive.writestr(f"{name}.pdf", as_pdf(people, made, by, fever))
                archive.writestr(f"{name}.xlsx", as_workbook(people, made, by, fever))
        return f"{title}健康记录{span}.zip", done.getvalue()
    everybody = [sheet for _, people in groups for sheet in people]
    maker = as_pdf if asked.form == "pdf" else as_workbook
    return f"{title}健康记录{span}.{asked.form}", maker(everybody, made, by, fever)


def _groups(
    runtime: Runtime, connection: Connection, units: Units, asked: HandedOut
) -> Iterator[tuple[str, Sequence[Sheet]]]:
    """Sheets by class, each with its name; one person's under their own."""
    source = Source(
        runtime=runtime,
        connection=connection,
        units=units,
        calendar=load_calendar(connection, runtime.district),
        first=asked.first,
        last=asked.last,
        today=runtime.district.day_of(runtime.clock()),
        kept_from=kept_from(connection),
    )
    if asked.of == "p":
        person = stored.person_of(connection, asked.of_id)
        if person is not None:
            yield person.name, sheets(source, [person])
        return
    for place in units.within(asked.of_id):
        people = stored.people_of(connection, place.id, "student", asked.first, asked.last)
        if people:
            yield place.path.replace("/", "-"), sheets(source, people)


def _table(runtime: Runtime, connection: Connection, asked: HandedOut, unit: UnitInfo) -> bytes:
    """The rows of a kind of contract 7 that are of this unit."""
    columns = COLUMNS[asked.kind]
    parts = [] if unit.kind == "district" else unit.path.split("/")
    places = [columns.index(name) for name in ("school", "grade", "class")][: len(parts)]

    def mine(row: Sequence[Cell]) -> bool:
        return all(row[place] == part for place, part in zip(places, parts, strict=True))

    rows = (row for row in ROWS[asked.kind](Rows(runtime, connection, asked.first, asked.last)) if mine(row))
    done = io.BytesIO()
    WRITERS["xlsx"](done, columns, rows)
    return done.getvalue()
