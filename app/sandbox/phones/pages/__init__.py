"""The phones page: four WeChat chats side by side, the clock, the other users' morning, and the wire.

Plain HTML, CSS and JavaScript modules; everything the page does goes through the control API, so whatever is possible
here is possible in a test. What it shows is data (settings; samples in data/stage.json):

* `cast`: the phones: {openid, id, name, role, caption, face (one character), colour, hints: [text or {say, label}]}
* `clock_buttons`: {to ("next 07:30"), time ("07:30"), note, label?}
* `steps`: the guide: {title, text, who? (a cast id), when, do?}. `when` ticks the step: {kind: said, who, like?},
  {kind: got, who, via?, like?}, {kind: clock, time} or {kind: act, id}; `like` is a regular expression. `do` is what the
  button does: {kind: say, who, texts}, {kind: clock, to, label} or {kind: act, id, label}.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.sandbox.phones.morning import Morning
from app.sandbox.platform.world import World

_HERE = Path(__file__).parent
# Pages of the back end are shown inside the phones, whatever host they live on; pictures come with messages.
_POLICY = "default-src 'self'; img-src 'self' data: http: https:; frame-src http: https:; media-src http: https:"


class _Files(StaticFiles):
    """Files that a browser asks for again each time: they change while somebody works on them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


def add_pages(app: FastAPI, world: World, morning: Morning) -> None:
    """Put the page at `/` and its files at `/static` of the stand-in."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = environment.get_template("phones.html")
    settings = world.settings
    boot: dict[str, Any] = {
        "account": settings.account_name,
        "zone": settings.time_zone,
        "cast": [dict(member) for member in world.cast],
        "steps": [dict(step) for step in settings.steps],
        "clock": [dict(button) for button in settings.clock_buttons],
        "acts": morning.labels(),
    }

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def phones(request: Request) -> HTMLResponse:
        page = template.render(boot=boot, account=settings.account_name, root=request.scope.get("root_path", ""))
        return HTMLResponse(page, headers={"content-security-policy": _POLICY, "cache-control": "no-cache"})

    app.mount("/static", _Files(directory=_HERE / "static"))
