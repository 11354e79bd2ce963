"""The phones page: served, mounted, and used in a browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

import app.sandbox.phones.pages
from app.sandbox import SandboxClock, SandboxSettings, create_sandbox
from tests.sandbox.conftest import MONDAY, SETTINGS, Stage
from tests.sandbox.test_control import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

STATIC = Path(app.sandbox.phones.pages.__file__).parent / "static"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.anyio
async def test_the_page_knows_its_cast_steps_and_clock() -> None:
    stage = Stage(SandboxSettings(mode="plain"))
    page = await stage.http.get("/")
    assert page.status_code == 200
    assert "script" not in page.headers["content-security-policy"]
    found = re.search(r'<script type="application/json" id="boot">(.+?)</script>', page.text)
    assert found is not None
    boot = json.loads(found.group(1))
    assert [member["id"] for member in boot["cast"]] == ["parent", "teacher", "reporter", "official"]
    assert [one["name"] for one in await stage.look("/users")] == [member["name"] for member in boot["cast"]]
    assert {step["when"]["kind"] for step in boot["steps"]} == {"said", "clock", "act", "got"}
    assert boot["clock"][0]["to"] == "next 07:30"
    await stage.close()


@pytest.mark.anyio
async def test_what_the_page_links_to_is_there_also_under_a_prefix() -> None:
    sandbox = create_sandbox(SETTINGS, SandboxClock(start=MONDAY))
    product = Starlette(routes=[Mount("/sandbox", sandbox)])
    transport = httpx.ASGITransport(product)
    async with httpx.AsyncClient(transport=transport, base_url="http://demo", follow_redirects=True) as client:
        page = await client.get("/sandbox")
        assert '<base href="/sandbox/">' in page.text
        links = re.findall(r'(?:src|href)="(static/[^"]+)"', page.text)
        assert len(links) >= 5
        for link in links:
            assert (await client.get(f"/sandbox/{link}")).status_code == 200, link
        assert (await client.get("/sandbox/control/clock")).status_code == 200
        assert (await client.get("/sandbox/platform/cgi-bin/getcallbackip")).json()["errcode"] == 41001
    await sandbox.state.world.close()


def test_a_name_cannot_become_markup() -> None:
    for path in STATIC.glob("*.js"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", source), path.name


def test_modules_import_only_files_that_exist() -> None:
    for path in STATIC.glob("*.js"):
        for name in re.findall(r'from "(\./[^"]+)"', path.read_text(encoding="utf-8")):
            assert (STATIC / name).exists(), f"{path.name}: {name}"


async def _backend(request: Request) -> Response:
    body = (await request.body()).decode()
    content = re.search(r"<Content><!\[CDATA\[(.*?)]]>", body)
    if content is None:
        return PlainTextResponse("success")
    reply = (
        f"<xml><ToUserName>{request.query_params['openid']}</ToUserName>"
        f"<FromUserName>{SandboxSettings(mode='plain').account_id}</FromUserName><CreateTime>1</CreateTime>"
        f"<MsgType>text</MsgType><Content><![CDATA[收到 {content.group(1)} <img src=x>]]></Content></xml>"
    )
    return PlainTextResponse("oops" if "坏" in content.group(1) else reply)


@pytest.fixture
def address() -> Iterator[str]:
    with served(Starlette(routes=[Route("/wechat", _backend, methods=["POST"])])) as backend:
        settings = SandboxSettings(mode="plain", callback_url=f"{backend}/wechat")
        sandbox = create_sandbox(settings, SandboxClock(start=MONDAY))
        with served(sandbox) as wechat, httpx.Client(base_url=f"{wechat}/control") as client:
            for member in settings.cast:
                client.post(f"/users/{member['openid']}/follow")
            client.post("/users", json={"name": "家长", "plays": "guardian", "following": True})
            yield f"{wechat}/"
            sandbox.state.world.feed.close()


def _call(address: str, openid: str, path: str, body: dict[str, Any]) -> Any:
    settings = SandboxSettings(mode="plain")
    credentials = {"grant_type": "client_credential", "appid": settings.app_id, "secret": settings.app_secret}
    with httpx.Client(base_url=f"{address}cgi-bin/") as client:
        token = client.post("stable_token", json=credentials).json()["access_token"]
        return client.post(path, params={"access_token": token}, json={"touser": openid, **body}).json()


@pytest.mark.long
@pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: install chromium to test the phones page")
class TestInABrowser:
    """A newcomer's first minute, on a laptop and on a phone."""

    @pytest.fixture
    def page(self, address: str, tmp_path: Path) -> Iterator[Page]:
        from playwright.sync_api import sync_playwright

        quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
        quiet += ["--disable-background-networking", "--disable-component-update"]
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                str(tmp_path), executable_path=CHROMIUM, args=quiet, viewport={"width": 1366, "height": 768}
            )
            page = context.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
            page.goto(address)
            page.wait_for_selector("html[data-ready=yes]")
            yield page
            context.close()
            assert errors == []

    def test_typing_is_answered_and_ticks_the_first_step(self, page: Page) -> None:
        page.fill("#phone-parent .say input", "36.5")
        page.press("#phone-parent .say input", "Enter")
        page.wait_for_selector("#phone-parent .row:not(.me) .bubble >> text=收到 36.5")
        assert page.inner_text("#phone-parent .row:not(.me) .bubble").endswith("<img src=x>")
        assert page.locator("#dots .done").count() == 1
        assert page.inner_text("#step-title") == "拨到早上 07:30"

    def test_the_clock_moves_and_the_others_answer(self, page: Page) -> None:
        page.click("#moves button >> nth=0")
        page.wait_for_selector("#time >> text=07:30")
        page.click("[data-act=guardians]")
        page.wait_for_selector("#toast >> text=人")

    def test_the_guide_offers_one_message_after_another(self, page: Page) -> None:
        page.click("#dots li:nth-child(5) button")
        assert page.inner_text("#step-do") == "替我发送 班级"
        page.click("#step-do")
        page.wait_for_selector("#step-do >> text=替我发送 确认")
        page.click("#step-do")
        page.wait_for_selector("#phone-teacher .row:not(.me) >> text=收到 确认")

    def test_anybodys_phone_can_be_looked_at(self, page: Page) -> None:
        page.click("#phone-official .swap")
        page.fill("#phone-official .picker input", "家")
        page.click("#phone-official .people button >> text=家长")
        page.wait_for_selector(".who strong >> text=家长")

    def test_a_fault_is_shown_and_explained(self, page: Page) -> None:
        page.fill("#phone-parent .say input", "坏")
        page.press("#phone-parent .say input", "Enter")
        page.wait_for_selector("#phone-parent .fault >> text=该公众号提供的服务出现故障")
        page.click("#wire-toggle")
        page.click("[data-filter=refused]")
        assert "微信不接受后台的回答" in page.inner_text("#entries")
        page.click("#entries summary")
        page.wait_for_selector("#entries pre >> text=oops")

    def test_menus_message_menus_and_links_can_be_tapped(self, page: Page, address: str) -> None:
        teacher = SandboxSettings(mode="plain").cast[1]["openid"]
        items = [{"id": "1", "content": "没有不舒服"}]
        menu = {"head_content": "今天好吗？", "list": items, "tail_content": ""}
        assert _call(address, teacher, "message/custom/send", {"msgtype": "msgmenu", "msgmenu": menu})["errcode"] == 0
        page.click("#phone-teacher .items button")
        page.wait_for_selector("#phone-teacher .row:not(.me) >> text=收到 没有不舒服")
        link = {"content": f'请看<a href="{address}static/icon.svg">这里</a>'}
        assert _call(address, teacher, "message/custom/send", {"msgtype": "text", "text": link})["errcode"] == 0
        page.click("#phone-teacher .bubble a")
        page.wait_for_selector("#phone-teacher .page iframe")

    def test_on_a_phone_one_chat_at_a_time_with_unread_dots(self, page: Page, address: str) -> None:
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.is_visible("#phone-parent")
        assert not page.is_visible("#phone-teacher")
        teacher = SandboxSettings(mode="plain").cast[1]["openid"]
        _call(address, teacher, "message/custom/send", {"msgtype": "text", "text": {"content": "新消息"}})
        page.wait_for_selector("#tabs button:nth-child(2) b >> text=1")
        page.click("#tabs button:nth-child(2)")
        assert page.is_visible("#phone-teacher")
        assert page.locator("#tabs b").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
