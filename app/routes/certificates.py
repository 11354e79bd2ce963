"""The picture of a certificate, for the doctor who checks it: by a signed link, judged again at each opening."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from app.media.certificate_fetch import kind_of
from app.process.runtime import Runtime
from bots.engine.links import open_picture
from models.actions.trail import note
from models.queries.bindings import speaks_for
from models.queries.management import picture_of
from models.queries.people import posts_of
from models.rules.incidents import DECIDERS

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_GONE = "链接已过期，或照片已按规定删除，或您已不再担任相应职务。请回到公众号，回复“查验 姓名”重新取。"


def make_router(runtime: Runtime) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/h5/k/{token}")
    def picture(token: str) -> Response:
        now = runtime.clock()
        asked = open_picture(runtime.vault, token, now)
        if asked is None:
            return PlainTextResponse(_GONE, 403, _HEADERS)
        clearance_id, account_id = asked
        with runtime.database.write() as connection:
            work = runtime.work(connection, now)
            own = [person_id for person_id, how in speaks_for(connection, account_id) if how == "self"]
            today = work.district.day_of(now)
            held = [post for posts in posts_of(connection, own, today).values() for post in posts] if own else []
            found = picture_of(work, clearance_id)
            above = [] if found is None else work.units.above(found.unit_id)
            allowed = any(post.role in DECIDERS and post.unit_id in above for post in held)
            if found is None or not allowed:
                return PlainTextResponse(_GONE, 403, _HEADERS)
            note(work, f"account:{account_id}", "certificate.read", f"clearance:{clearance_id}")
            work.flush()
        return Response(found.content, 200, _HEADERS, kind_of(found.content))

    return router
