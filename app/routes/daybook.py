"""The day's workbook by a signed link: for whoever asked for it in the chat, as long as they hold the post."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.responses import HTMLResponse, Response

from app.files.daybook.book import workbook
from app.files.daybook.forms import FORMS
from app.process.runtime import Runtime
from bots.engine.links import open_daybook
from bots.reports.words.daybook import LAYOUTS
from models.actions.trail import note
from models.queries.due import due_of
from models.queries.figures.day_table import day_table
from models.queries.people import posts_of
from models.rules.authority import APPROVERS

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_GONE = (
    "链接两小时内有效，只供要它的人使用；现在已过期，或不完整。",
    "请回到公众号，重新回复“日报表”。",
)
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def make_router(runtime: Runtime) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    page = Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parents[1] / "templates"), autoescape=select_autoescape()
    ).get_template("h5/said.html")

    def gone() -> Response:
        """A page a phone can read, instead of a line of text."""
        district = runtime.district
        bureau = district.bureau or district.name
        return HTMLResponse(page.render(bureau=bureau, title="链接打不开了", lines=_GONE), 403, _HEADERS)

    @router.get("/h5/d/{token}")
    def daybook(token: str) -> Response:
        now = runtime.clock()
        asked = open_daybook(runtime.vault, token, now)
        if asked is None or asked.layout not in FORMS:
            return gone()
        with runtime.database.write() as connection:
            work = runtime.work(connection, now)
            held = posts_of(connection, [asked.person_id], work.district.day_of(now)).get(asked.person_id, [])
            if not any(post.role in APPROVERS for post in held):
                return gone()
            note(work, f"person:{asked.person_id}", "day-workbook", f"day:{asked.day}", asked.layout)
            table = day_table(work.flush(), work.units, work.district, due_of(work), asked.day, now)
        name = f"{table.district}{asked.day}{LAYOUTS[asked.layout]}.xlsx"
        headers = {**_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return Response(workbook(table, asked.layout, runtime.district), 200, headers, _TYPE)

    return router
