"""The levers: users, clock, live events, and the stand-in behind real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.sandbox import ClockMovesForward, SandboxClock, create_sandbox
from app.sandbox.platform.clock import read_moment
from tests.sandbox.conftest import MONDAY, SETTINGS, ZONE, Stage

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("next 07:30", "2026-03-02T07:30:00+08:00"),
        ("next 06:30", "2026-03-03T06:30:00+08:00"),
        ("06:00", "2026-03-03T06:00:00+08:00"),
        ("2026-03-05T10:30", "2026-03-05T10:30:00+08:00"),
        ("2026-03-05T02:30:00+00:00", "2026-03-05T10:30:00+08:00"),
    ],
)
def test_moments_are_read_in_local_time(words: str, expected: str) -> None:
    assert read_moment(words, MONDAY, ZONE) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("words", ["", "tomorrow", "next 25:00", "next noon", "7.30"])
def test_other_words_are_no_moment(words: str) -> None:
    with pytest.raises(ValueError):
        read_moment(words, MONDAY, ZONE)


def test_a_clock_can_start_anywhere_and_only_moves_forward() -> None:
    clock = SandboxClock(start=MONDAY, real=lambda: 1000.0)
    assert clock.now() == MONDAY
    with pytest.raises(ClockMovesForward):
        clock.move_to(datetime(2026, 3, 2, 6, 29, tzinfo=ZONE))
    clock.move_to(datetime(2026, 3, 2, 7, 30, tzinfo=ZONE))
    assert clock.timestamp() - 1000.0 == clock.offset_seconds


async def test_moving_the_clock_tells_the_back_end() -> None:
    stage = Stage(SETTINGS.changed(product_clock_url="http://backend/clock", product_clock_token="t"))
    answer = await stage.control("/clock", to="next 07:30")
    assert answer["local"] == "2026-03-02T07:30:00+08:00"
    request = stage.pushes[-1]
    assert json.loads(request.content) == {"offset_seconds": 3600.0}
    assert request.headers["authorization"] == "Bearer t"
    stage.backend = lambda _: httpx.Response(500)
    failed = await stage.http.post("/control/clock", json={"to": "next 08:40"})
    assert failed.status_code == 502
    assert (await stage.look("/clock"))["local"] == "2026-03-02T07:30:00+08:00"
    await stage.close()


async def test_the_clock_refuses_to_go_back(stage: Stage) -> None:
    answer = await stage.http.post("/control/clock", json={"to": "2026-03-01T07:30:00+08:00"})
    assert answer.status_code == 409
    assert (await stage.http.post("/control/clock", json={"to": "soon"})).status_code == 422
    assert (await stage.http.post("/control/clock", json={})).status_code == 422


async def test_users_keep_the_openid_they_are_given(stage: Stage) -> None:
    given = await stage.control("/users", name="林妈妈", openid="oMother")
    assert (given["openid"], given["following"]) == ("oMother", False)
    assert (await stage.http.post("/control/users", json={"name": "x", "openid": "oMother"})).status_code == 400
    assert (await stage.http.get("/control/users/oNobody")).status_code == 404
    assert [one["name"] for one in await stage.look("/users")] == ["林妈妈"]


async def test_somebody_who_does_not_follow_cannot_write(stage: Stage) -> None:
    await stage.control("/users", name="林妈妈", openid="oMother")
    answer = await stage.http.post("/control/users/oMother/text", json={"content": "36.5"})
    assert answer.status_code == 400
    assert stage.pushes == []


async def test_what_happens_can_be_followed_with_a_cursor(stage: Stage) -> None:
    mother = await stage.follower()
    start = (await stage.look("/events", after=0, poll=0))["last"]
    await stage.does(mother, "text", content="36.5")
    seen = await stage.look("/events", after=start, poll=5)
    assert [one["kind"] for one in seen["events"]] == ["bubble", "wire"]
    assert seen["events"][0]["data"]["message"]["text"] == "36.5"
    assert (await stage.look("/events", after=seen["last"], poll=0))["events"] == []
    light = (await stage.look("/events", after=start, poll=0, light=True))["events"][-1]
    assert "raw" not in light["data"]
    assert "36.5" in (await stage.look(f"/wire/{light['seq']}"))["raw"]
    assert (await stage.http.get("/control/wire/99999")).status_code == 404


async def test_counters_and_refusals(stage: Stage) -> None:
    mother = await stage.follower()
    stage.seconds += 61
    await stage.say(mother)
    counters = await stage.look("/counters")
    assert counters["errcode.45015"] == 1
    assert counters["call.message.custom.send"] == 1
    assert counters["push.silent"] == 1
    (refusal,) = (await stage.look("/refused"))["entries"]
    assert refusal["path"] == "/cgi-bin/message/custom/send"
    assert refusal["reason"].startswith("response out of time limit")


async def test_an_opened_link_can_be_read(stage: Stage) -> None:
    mother = await stage.follower()
    stage.backend = lambda _: httpx.Response(200, text="<h1>表单</h1>")
    page = await stage.does(mother, "open", url="http://backend/h5/form", fetch=True)
    assert (page["status"], page["text"]) == (200, "<h1>表单</h1>")


@contextmanager
def served(app: Any) -> Iterator[str]:
    """An ASGI application behind a real socket, in a thread; yields its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)  # from now on nobody is refused, however late the server starts
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
    assert not thread.is_alive()


async def _echo(request: Request) -> Response:
    body = (await request.body()).decode()
    openid = request.query_params["openid"]
    reply = (
        f"<xml><ToUserName>{openid}</ToUserName><FromUserName>{SETTINGS.account_id}</FromUserName>"
        "<CreateTime>1772404200</CreateTime><MsgType>text</MsgType><Content>收到</Content></xml>"
    )
    return PlainTextResponse(reply if "<MsgType><![CDATA[text]]>" in body else "success")


def test_alone_behind_real_sockets() -> None:
    backend = Starlette(routes=[Route("/wechat", _echo, methods=["POST"])])
    with served(backend) as address:
        sandbox = create_sandbox(
            SETTINGS.changed(callback_url=f"{address}/wechat"), SandboxClock(start=MONDAY), pause=_no_pause
        )
        with served(sandbox) as wechat, httpx.Client(base_url=wechat, timeout=20) as client:
            mother = client.post("/control/users", json={"name": "林妈妈", "follow": True}).json()["openid"]
            answer = client.post(f"/control/users/{mother}/text", json={"content": "36.5"}).json()
            assert answer["reply"]["text"] == "收到"
            credentials = {
                "grant_type": "client_credential",
                "appid": SETTINGS.app_id,
                "secret": SETTINGS.app_secret,
            }
            token = client.post("/cgi-bin/stable_token", json=credentials).json()["access_token"]
            with client.stream("GET", "/control/events", params={"after": 0}) as stream:
                lines = stream.iter_lines()
                first = next(line for line in lines if line.startswith("data: "))
                assert json.loads(first.removeprefix("data: "))["kind"] == "user"
            with client.stream("GET", "/control/events", headers={"last-event-id": "100000"}) as stream:
                first = next(line for line in stream.iter_lines() if line.startswith("data: "))
                assert json.loads(first.removeprefix("data: "))["kind"] == "restart"
            rule = {"on": "call", "fault": "cut_after", "route": "/cgi-bin/message/custom/send", "times": 1}
            client.put("/control/faults", json={"rules": [rule]})
            with pytest.raises(httpx.RemoteProtocolError):
                client.post(
                    "/platform/cgi-bin/message/custom/send",
                    params={"access_token": token},
                    json={"touser": mother, "msgtype": "text", "text": {"content": "通知"}},
                )
            chat = client.get(f"/control/users/{mother}/chat").json()["messages"]
            assert chat[-1]["text"] == "通知"


async def _no_pause(_: float) -> None:
    return None


async def test_a_chat_can_be_waited_for(stage: Stage) -> None:
    mother, other = await stage.follower(), await stage.follower("林爸爸")
    last = (await stage.look(f"/users/{mother}/chat"))["last"]
    waiting = asyncio.create_task(stage.look(f"/users/{mother}/chat", after=last, wait=30))
    await asyncio.sleep(0)
    await stage.say(other, "别人的")
    assert not waiting.done()
    await stage.say(mother, "您好")
    assert [one["text"] for one in (await waiting)["messages"]] == ["您好"]
    assert (await stage.look(f"/users/{mother}/chat", after=last + 100, wait=0))["messages"] == []


async def test_another_run_repeats_neither_message_ids_nor_tokens(stage: Stage) -> None:
    mother = await stage.follower()
    first = await stage.does(mother, "text", content="36.5")
    later = Stage(SETTINGS)
    later.app = create_sandbox(
        SETTINGS, SandboxClock(real=lambda: stage.seconds + 1), transport=httpx.MockTransport(later._answer)
    )
    later.http = httpx.AsyncClient(transport=httpx.ASGITransport(later.app), base_url="http://wechat")
    again = await later.does(await later.follower(), "text", content="36.5")
    assert int(again["msg_id"]) > int(first["msg_id"])
    assert await later.token() != await stage.token()
    await later.close()
