"""Web authorization: the authorize page a phone is sent to, its codes, and their exchange.

A phone's browser says who holds it by a cookie that `/browser` sets (the phones page and `/control/users/X/open` go
through it); a browser without one is asked. Source: "Web page authorization", wechat-platform 12.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.sandbox.platform.calls import Answer, Call
from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.world import World

COOKIE = "sandbox_phone"
_STATE = re.compile(r"[a-zA-Z0-9]{0,128}")
_SCOPES = frozenset({"snsapi_base", "snsapi_userinfo"})
#: What the page tells the user, by the platform's number.
_PAGE_ERRORS = {
    10003: "redirect_uri 域名与后台配置不一致",
    10005: "该公众号没有这个 scope 的权限",
    10010: "scope 不能为空",
    10011: "redirect_uri 不能为空",
    10012: "appid 不能为空",
    10013: "state 不能为空",
    10016: "不支持微信外网页授权请求",
}


async def exchange(world: World, call: Call) -> Answer:
    """`GET /sns/oauth2/access_token`. A fault `snapshot` makes it the made-up user of a snapshot page."""
    given = call.query
    if given.get("appid") != world.settings.app_id:
        raise Refused(40013)
    if given.get("secret") != world.settings.app_secret:
        raise Refused(40125)
    if given.get("grant_type") != "authorization_code":
        raise Refused(40002)
    code = world.codes.take(given.get("code"), world.now)
    snapshot: Answer = {"is_snapshotuser": 1} if "snapshot" in call.faults else {}
    token = f"{world.codes.give(code.openid, 'token', world.now)}-web"
    return {
        "access_token": token,
        "expires_in": 7200,
        "refresh_token": f"{token}-refresh",
        "openid": f"o-snapshot-{code.openid[-6:]}" if snapshot else code.openid,
        "scope": code.scope,
        **snapshot,
    }


async def authorize(world: World, request: Request) -> Response:
    """`GET /connect/oauth2/authorize`: on to the back end with a code, or a page that says what is wrong."""
    query = request.query_params
    wrong = _wrong(world, query)
    if wrong:
        world.wire.note(summary=f"authorize page error {wrong}", reason=_PAGE_ERRORS[wrong])
        return _page(f"{wrong}：{_PAGE_ERRORS[wrong]}")
    openid = query.get("as") or unquote(request.cookies.get(COOKIE, ""))
    if openid not in {person.openid for person in world.people.all()}:
        return _page("谁在用这部手机？", _choices(world, request))
    code = world.codes.give(openid, query["scope"], world.now)
    back = query["redirect_uri"]
    world.wire.note(summary=f"authorized {urlsplit(back).path}", openid=openid)
    joint = "&" if urlsplit(back).query else "?"
    return RedirectResponse(f"{back}{joint}{urlencode({'code': code, 'state': query.get('state', '')})}", 302)


def _wrong(world: World, query: Any) -> int:
    for number, name in ((10012, "appid"), (10011, "redirect_uri"), (10010, "scope"), (10013, "state")):
        if not query.get(name):
            return number
    if query["scope"] not in _SCOPES or query["appid"] != world.settings.app_id or query.get("response_type") != "code":
        return 10005
    if not _STATE.fullmatch(query["state"]):
        return 10013
    allowed = world.settings.web_host or urlsplit(world.account.callback_url).netloc
    return 10003 if urlsplit(query["redirect_uri"]).netloc != allowed else 0


def _choices(world: World, request: Request) -> str:
    rows = [
        f'<p><a href="?{escape(urlencode([*request.query_params.multi_items(), ("as", person.openid)]))}">'
        f"{escape(person.name)}</a></p>"
        for person in world.people.all()
    ]
    return "".join(rows)


def _page(title: str, body: str = "") -> HTMLResponse:
    head = '<!DOCTYPE html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return HTMLResponse(f'{head}<body style="font:20px/1.8 sans-serif;margin:24px"><h1>{escape(title)}</h1>{body}')


async def browse(world: World, request: Request) -> Response:
    """`GET /browser?openid=&url=`: the browser becomes this user's phone, and opens the address."""
    url, openid = request.query_params.get("url", ""), request.query_params.get("openid", "")
    if urlsplit(url).scheme not in {"http", "https"} or openid not in {one.openid for one in world.people.all()}:
        return _page("打不开这个地址")
    response = RedirectResponse(quote(url, safe=":/?#[]@!$&'()*+,;=%~"), 302)
    response.set_cookie(COOKIE, quote(openid, safe=""), path="/", httponly=True, samesite="lax")
    return response
