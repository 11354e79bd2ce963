"""The control API: the thumbs, the eyes and the clock of whoever plays with the stand-in. JSON, under `/control`.

Users
    GET  /users                                  → [user]           user: openid, name, following, windows, last …
    POST /users            {name, openid?, follow?}  → user         `follow: true` follows at once;
                                                   the answer's `followed` is how that push ended
                            further members: `following: true` (a follower of old, nothing is pushed), `plays`
                            (guardian, staff, teacher: the part in the morning), `children` (names, for the morning),
                            `caption` (who that is, for the page)
    POST /users/batch      {users: [as above]}   → {openids}
    GET  /users/{openid}                         → user
    PATCH /users/{openid}  {name?, receives?, blacklisted?} → user
    GET  /users/{openid}/chat?after=N&wait=S     → {messages: [message], last: N}; waits up to S seconds for one
         message: seq, at, side (me/account/notice), kind, via, text, data
What a user does; each answers {outcome, reply, reason, deliveries, msg_id} once the pushes are done
         outcome: reply, silent, fault, illegal, dropped, queued (see push.Outcome); reply: the message shown
    POST /users/{openid}/follow     {scene?, ticket?}      POST /users/{openid}/unfollow  {}
    POST /users/{openid}/scan       {scene?, ticket?}      a scene nobody has made yet counts as a printed code
    POST /users/{openid}/text       {content}              POST /users/{openid}/sticker   {label?}
    POST /users/{openid}/image      {name?, base64?}       POST /users/{openid}/voice     {name?, base64?}
    POST /users/{openid}/video      {name?, base64?, short?}
    POST /users/{openid}/location   {latitude, longitude, scale?, label?}
    POST /users/{openid}/link       {title, description?, url}
    POST /users/{openid}/menu       {name?, key?}          also {button} in the answer; a view button carries its url
    POST /users/{openid}/msgmenu    {id, message?}         `message`: the menu's seq; absent: the newest with it
    POST /users/{openid}/open       {url, fetch?}          no push; with fetch the page is read, as by that phone: {status, text, …}
    POST /users/{openid}/subscription {template_id, accept?, long_term?}
    POST /users/{openid}/raw        {fields}               any push of this user
What can be seen
    GET  /wire?after=N&what=push|call|note       → {entries, last}; one of them: GET /wire/{seq}
    GET  /refused?after=N                        → {entries, last}   what WeChat refused, with `reason`
    GET  /counters                               → {name: number}
    GET  /menu  /qrcodes  /templates             → the account's menu, living QR codes, templates
    GET  /events?after=N                         → server-sent events {seq, kind, data}; `poll=SECONDS` answers once
                                                   with {events, last} instead; `light=true` leaves out bodies
Levers
    GET  /clock · POST /clock {to} or {by_seconds}   → {now, local, offset_seconds}; `to`: ISO time or "next 07:30"
    GET  /faults · PUT /faults {rules} · DELETE /faults           (faults.py lists the rules)
    POST /account {callback_url?, token?, mode?, aes_key?, kind?, verify?} → the configuration; with `verify` it is
                                                   taken back, and 400, when the callback fails the console's check
    POST /verify                                 → {ok, reason}      the console's check of the callback URL
    POST /templates {template, subscription?}    → one more template of the account
    POST /tokens/revoke                          → every token dies, as if somebody else had fetched one
    GET  /acts · POST /acts/{id}                 → plays what the other users do (morning.py): {asked, quiet, …}
    POST /settle                                 → waits until no push is under way beside requests
Errors are {"detail": "…"} with 400 (cannot be done), 404 (no such user), 409 (the clock only moves forward),
502 (the back end's clock did not follow), 422 (wrong shape).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from app.sandbox.control.bodies import (
    ButtonTapped,
    CodeGiven,
    ImageSent,
    ItemTapped,
    LinkOpened,
    LinkSent,
    NewUser,
    NewUsers,
    PlaceSent,
    PopupAnswered,
    RawPush,
    StickerSent,
    TextSent,
    UserChange,
    VideoSent,
    VoiceSent,
)
from app.sandbox.control.levers import add_acts, add_levers
from app.sandbox.phones.deeds import CannotDo, Deeds
from app.sandbox.phones.morning import Morning
from app.sandbox.platform.clock import ClockMovesForward
from app.sandbox.platform.oauth import COOKIE as PHONE
from app.sandbox.platform.people import NobodyThere, Person
from app.sandbox.platform.world import World

#: What the browser inside WeChat calls itself.
WECHAT_BROWSER = "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Chrome/86.0 Mobile MicroMessenger/8.0.2"


def create_control(world: World, morning: Morning) -> FastAPI:
    """The control API of one stand-in; this module's docstring is its reference."""
    app = FastAPI(title="WeChat stand-in: control", docs_url="/docs", redoc_url=None)
    _errors(app)
    _users(app, world)
    _deeds(app, world, Deeds(world))
    _sights(app, world)
    add_levers(app, world)
    add_acts(app, morning)
    return app


def _errors(app: FastAPI) -> None:
    statuses: list[tuple[type[Exception], int]] = [
        (NobodyThere, 404),
        (CannotDo, 400),
        (ClockMovesForward, 409),
        (ConnectionError, 502),
    ]
    for kind, status in statuses:

        def answer(_: Request, error: Exception, status: int = status) -> JSONResponse:
            return JSONResponse({"detail": str(error)}, status_code=status)

        app.add_exception_handler(kind, answer)


def _users(app: FastAPI, world: World) -> None:
    @app.get("/users")
    async def all_users() -> list[dict[str, Any]]:
        return [person.as_json(world.now) for person in world.people.all()]

    @app.post("/users", status_code=201)
    async def new_user(body: NewUser) -> dict[str, Any]:
        person = _add(world, body)
        followed = (await Deeds(world).follow(person)).as_json() if body.follow else None
        return {**person.as_json(world.now), "followed": followed}

    @app.post("/users/batch", status_code=201)
    async def new_users(body: NewUsers) -> dict[str, Any]:
        people = [_add(world, one) for one in body.users]
        wanted = [person for person, one in zip(people, body.users, strict=True) if one.follow]
        await asyncio.gather(*(Deeds(world).follow(person) for person in wanted))
        return {"openids": [person.openid for person in people]}

    @app.get("/users/{openid}")
    async def one_user(openid: str) -> dict[str, Any]:
        return world.people.find(openid).as_json(world.now)

    @app.patch("/users/{openid}")
    async def change_user(openid: str, body: UserChange) -> dict[str, Any]:
        person = world.people.find(openid)
        for name, value in body.model_dump(exclude_none=True).items():
            setattr(person, name, value)
        return person.as_json(world.now)

    @app.get("/users/{openid}/chat")
    async def chat(openid: str, after: int = 0, wait: float = 0) -> dict[str, Any]:
        person = world.people.find(openid)
        loop = asyncio.get_running_loop()
        until = loop.time() + min(wait, 60)
        while not (messages := [bubble.as_json() for bubble in person.chat if bubble.seq > after]):
            if (rest := until - loop.time()) <= 0:
                break
            await world.feed.wait(world.feed.last, rest)
        return {"messages": messages, "last": person.chat[-1].seq if person.chat else 0}


def _add(world: World, given: NewUser) -> Person:
    try:
        person = world.people.add(given.name, given.openid)
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    person.plays, person.children, person.caption = given.plays, given.children, given.caption
    if given.following:
        person.following = True
        person.subscribed_at = int(world.now)
    return person


def _deeds(app: FastAPI, world: World, deeds: Deeds) -> None:
    def who(openid: str) -> Person:
        return world.people.find(openid)

    @app.post("/users/{openid}/follow")
    async def follow(openid: str, body: CodeGiven | None = None) -> dict[str, Any]:
        code = body or CodeGiven()
        return (await deeds.follow(who(openid), ticket=code.ticket, scene=code.scene)).as_json()

    @app.post("/users/{openid}/unfollow")
    async def unfollow(openid: str) -> dict[str, Any]:
        return (await deeds.unfollow(who(openid))).as_json()

    @app.post("/users/{openid}/scan")
    async def scan(openid: str, body: CodeGiven) -> dict[str, Any]:
        if body.ticket is None and body.scene is None:
            raise HTTPException(422, "a scan needs scene or ticket")
        if body.ticket is None and body.scene is not None:
            return (await deeds.scan_unknown(who(openid), body.scene)).as_json()
        return (await deeds.follow(who(openid), ticket=body.ticket, scene=body.scene)).as_json()

    @app.post("/users/{openid}/text")
    async def text(openid: str, body: TextSent) -> dict[str, Any]:
        return (await deeds.text(who(openid), body.content)).as_json()

    @app.post("/users/{openid}/sticker")
    async def sticker(openid: str, body: StickerSent | None = None) -> dict[str, Any]:
        return (await deeds.sticker(who(openid), (body or StickerSent()).label)).as_json()

    @app.post("/users/{openid}/image")
    async def image(openid: str, body: ImageSent | None = None) -> dict[str, Any]:
        sent = body or ImageSent()
        return (await deeds.image(who(openid), sent.name, _bytes(sent.base64))).as_json()

    @app.post("/users/{openid}/voice")
    async def voice(openid: str, body: VoiceSent | None = None) -> dict[str, Any]:
        sent = body or VoiceSent()
        return (await deeds.voice(who(openid), sent.name, _bytes(sent.base64))).as_json()

    @app.post("/users/{openid}/video")
    async def video(openid: str, body: VideoSent | None = None) -> dict[str, Any]:
        sent = body or VideoSent()
        return (await deeds.video(who(openid), sent.name, _bytes(sent.base64), short=sent.short)).as_json()

    @app.post("/users/{openid}/location")
    async def location(openid: str, body: PlaceSent) -> dict[str, Any]:
        place = (body.latitude, body.longitude, body.scale, body.label)
        return (await deeds.location(who(openid), *place)).as_json()

    @app.post("/users/{openid}/link")
    async def link(openid: str, body: LinkSent) -> dict[str, Any]:
        return (await deeds.link(who(openid), body.title, body.description, body.url)).as_json()

    @app.post("/users/{openid}/menu")
    async def menu(openid: str, body: ButtonTapped) -> dict[str, Any]:
        outcome, button = await deeds.tap_menu(who(openid), name=body.name, key=body.key)
        return {**outcome.as_json(), "button": button}

    @app.post("/users/{openid}/msgmenu")
    async def msgmenu(openid: str, body: ItemTapped) -> dict[str, Any]:
        return (await deeds.tap_msgmenu(who(openid), body.message, body.id)).as_json()

    @app.post("/users/{openid}/open")
    async def open_link(openid: str, body: LinkOpened) -> dict[str, Any]:
        person = who(openid)
        world.wire.note(summary=f"opened {body.url}", openid=person.openid)
        if not body.fetch:
            return {"url": body.url}
        return await _fetch(world, person, body.url)

    @app.post("/users/{openid}/subscription")
    async def subscription(openid: str, body: PopupAnswered) -> dict[str, Any]:
        person = who(openid)
        outcome = await deeds.answer_popup(person, body.template_id, accept=body.accept, long_term=body.long_term)
        return outcome.as_json()

    @app.post("/users/{openid}/raw")
    async def raw(openid: str, body: RawPush) -> dict[str, Any]:
        return (await deeds.raw(who(openid), body.fields)).as_json()


def _sights(app: FastAPI, world: World) -> None:
    @app.get("/wire")
    async def wire(after: int = 0, what: str | None = None) -> dict[str, Any]:
        entries = [one for one in world.wire.entries(after) if what is None or one["what"] == what]
        return {"entries": entries, "last": world.feed.last}

    @app.get("/wire/{seq}")
    async def wire_entry(seq: int) -> dict[str, Any]:
        for entry in world.wire.entries(seq - 1):
            if entry["seq"] == seq:
                return entry
        raise HTTPException(404, "this entry is not kept any more")

    @app.get("/refused")
    async def refused(after: int = 0) -> dict[str, Any]:
        return {"entries": world.wire.entries(after, refused_only=True), "last": world.feed.last}

    @app.get("/counters")
    async def counters() -> dict[str, int]:
        return dict(sorted(world.wire.counters.items()))

    @app.get("/menu")
    async def menu() -> dict[str, Any]:
        return {"buttons": world.menu.buttons}

    @app.get("/qrcodes")
    async def qrcodes() -> list[dict[str, Any]]:
        return world.qr.all(world.now)

    @app.get("/templates")
    async def templates() -> dict[str, Any]:
        return {"templates": world.templates.all(), "subscription": world.subscriptions.all()}

    @app.get("/events")
    async def events(request: Request, after: int = 0, poll: float | None = None, light: bool = False) -> Response:
        # A browser that reconnects repeats its old query, but says in this header how far it has come.
        resumed = request.headers.get("last-event-id", "")
        seen = int(resumed) if resumed.isdigit() else after
        if poll is not None:
            found = await world.feed.wait(seen, min(poll, 60))
            return JSONResponse({"events": [one.as_json(light=light) for one in found], "last": world.feed.last})
        return StreamingResponse(
            _stream(world, request, seen, light=light),
            media_type="text/event-stream",
            headers={"cache-control": "no-store"},
        )


async def _stream(world: World, request: Request, seen: int, *, light: bool) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    if seen > world.feed.last:  # the reader comes from an earlier run of the stand-in
        yield f"data: {json.dumps({'seq': 0, 'kind': 'restart', 'data': {}})}\n\n"
        seen = world.feed.last
    while not world.feed.closed and not await request.is_disconnected():
        found = await world.feed.wait(seen, 1.0)
        for one in found:
            seen = one.seq
            yield f"id: {one.seq}\ndata: {json.dumps(one.as_json(light=light), ensure_ascii=False)}\n\n"
        if not found:
            yield ": still here\n\n"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise HTTPException(422, "base64 is not Base64") from error


async def _fetch(world: World, person: Person, url: str) -> dict[str, Any]:
    """The page as the browser inside this user's WeChat reads it; it keeps its cookies."""
    jar = world.browsers.setdefault(person.openid, httpx.Cookies({PHONE: quote(person.openid, safe="")}))
    try:
        async with httpx.AsyncClient(
            transport=world.outside.transport,
            timeout=10,
            follow_redirects=True,
            trust_env=False,
            cookies=jar,
            headers={"user-agent": WECHAT_BROWSER},
        ) as client:
            answer = await client.get(url)
            jar.update(client.cookies)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CannotDo(f"the page cannot be read: {type(error).__name__}") from error
    return {
        "url": str(answer.url),
        "status": answer.status_code,
        "content_type": answer.headers.get("content-type", ""),
        "text": answer.text,
    }
