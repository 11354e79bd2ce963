"""Pages inside WeChat: the platform says who holds the phone, over the wire to the stand-in's authorize page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.main import create_app
from app.sandbox import SandboxClock, SandboxSettings, create_sandbox
from app.sandbox.platform.faults import read_rule
from bots.engine.registry import Registry
from models.rules.campaign import State
from tests.campaigns.stage import publish, push, rows, states
from tests.campaigns.test_pages import Pages, report_address
from tests.cast import openid
from tests.house import APP_ID, StageClock, make_runtime
from tests.play import Play

WECHAT = "http://wechat"
HOST = "http://pinganbao.test"
IN_WECHAT = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.2"}


class Inside(Pages):
    """The application with OAuth on, and the stand-in beside it."""

    def __init__(self, play: Play, **given: str) -> None:
        super().__init__(play)
        self.clock = StageClock(self.clock())
        settings = SandboxSettings(
            app_id=APP_ID,
            app_secret="cast-app-secret",
            mode="plain",
            callback_url=f"{HOST}/wechat",
            public_url=WECHAT,
            cast=tuple({"name": who, "openid": openid(who)} for who in ("妈妈", "爸爸", "奶奶", "小明爸爸", "路人")),
        )
        self.sandbox = create_sandbox(settings, SandboxClock(real=lambda: self.clock().timestamp()))
        self.runtime = make_runtime(
            play.database, self.clock, public_url=HOST, wechat_api_url=WECHAT, wechat_oauth="on", **given
        )
        self.platform = httpx.ASGITransport(self.sandbox)
        self.app = create_app(self.runtime, registry=Registry([]), platform=self.platform)

    def phone(self, who: str = "", *, follow: bool = True, **headers: str) -> httpx.AsyncClient:
        """The browser inside somebody's WeChat; without a name, any other browser."""
        return httpx.AsyncClient(
            mounts={"all://wechat": self.platform, "all://pinganbao.test": httpx.ASGITransport(self.app)},
            base_url=HOST,
            follow_redirects=follow,
            headers=(IN_WECHAT if who else {}) | headers,
        )

    async def open(self, phone: httpx.AsyncClient, who: str, link: str) -> httpx.Response:
        """The way of a tap: the phone is known to the platform, and opens the link."""
        return await phone.get(f"{WECHAT}/browser", params={"openid": openid(who), "url": HOST + link})


@pytest.fixture
def inside(play: Play) -> Inside:
    return Inside(play)


@pytest.mark.anyio
async def test_a_tap_inside_wechat_is_known_by_the_platform_and_asked_once(inside: Inside) -> None:
    number = inside.video()
    push(inside.play)
    async with inside.phone("妈妈") as phone:
        page = await inside.open(phone, "妈妈", inside.link(number, "妈妈"))
        hops = [urlsplit(str(hop.url)).path for hop in page.history]
        assert hops[-2:] == ["/connect/oauth2/authorize", "/h5/oauth"]
        assert report_address(page.text) != ""
        assert states(inside.play, number)["林林", "guardian"] is State.OPENED
        assert (await phone.get(inside.link(number, "妈妈"))).history == []  # known from now on


@pytest.mark.anyio
async def test_a_forwarded_link_leads_everybody_to_their_own_page_or_to_none(inside: Inside) -> None:
    number = publish(inside.play)
    push(inside.play)
    link = inside.link(number, "妈妈")
    async with inside.phone("奶奶") as hers, inside.phone("路人") as strangers, inside.phone() as desk:
        page = await inside.open(hers, "奶奶", link)  # forwarded before the mother ever opened it
        assert str(page.url).startswith(f"{HOST}/h5/c/{number}.{inside.play.cast.accounts['奶奶']}.")
        assert states(inside.play, number)["王乐乐", "guardian"] is State.OPENED
        for other in (await inside.open(strangers, "路人", link), await desk.get(link)):
            assert other.status_code == 200
            assert "可以看，但不登记" in other.text
            for private in ("林林", "林森", "王乐乐", "妈妈", "o-妈"):
                assert private not in other.text
        for phone in (strangers, desk):
            assert (await phone.post(f"{link}/done", data={"action": "read"})).status_code == 403
    assert rows(inside.play, number)["林林", "guardian"].facts.opened_at is None
    assert states(inside.play, number)["林森", "guardian"] is not State.OPENED


@pytest.mark.anyio
async def test_what_was_claimed_before_is_asked_again_once_the_platform_can_be_asked(inside: Inside) -> None:
    number = publish(inside.play)
    push(inside.play)
    link = inside.link(number, "妈妈")
    before = Pages(inside.play)
    async with before.browser() as first:
        await first.get(link)  # without OAuth the first browser is taken at its word
        cookie = first.cookies["pinganbao_device"]
    async with inside.phone("路人") as phone:
        phone.cookies.set("pinganbao_device", cookie, domain="pinganbao.test", path="/h5")
        assert "可以看，但不登记" in (await inside.open(phone, "路人", link)).text


@pytest.mark.anyio
async def test_forged_states_replayed_codes_and_foreign_browsers_credit_nobody(inside: Inside) -> None:
    number = publish(inside.play)
    push(inside.play)
    link = inside.link(number, "妈妈")
    async with inside.phone("妈妈", follow=False) as phone, inside.phone("路人", follow=False) as other:
        away = (await phone.get(link)).headers["location"]
        assert away.startswith(f"{WECHAT}/connect/oauth2/authorize?appid={APP_ID}&redirect_uri=")
        assert away.endswith("#wechat_redirect")
        state = parse_qs(urlsplit(away).query)["state"][0]
        assert state.isascii()
        assert state.isalnum()
        assert len(state) <= 128
        await other.get(link)
        back = (await phone.get(away, params=None, headers={"cookie": "sandbox_phone=" + "o-x"})).text
        assert "谁在用这部手机" in back  # the platform does not know this phone
        code = inside.sandbox.state.world.codes.give(openid("妈妈"), "snsapi_base", inside.clock().timestamp())
        for browser, given in (
            (phone, {"code": code, "state": state[:-1] + ("0" if state[-1] != "0" else "1")}),
            (phone, {"code": code, "state": ""}),
            (other, {"code": code, "state": state}),  # somebody else's way back
        ):
            refused = await browser.get("/h5/oauth", params=given)
            assert refused.status_code == 403
            assert "开学须知" not in refused.text
        assert states(inside.play, number)["林林", "guardian"] is not State.OPENED
        kept = await phone.get("/h5/oauth", params={"code": code, "state": state})
        assert kept.headers["location"] == link
        again = await phone.get("/h5/oauth", params={"code": code, "state": state})  # loaded twice: harmless
        assert again.headers["location"] == f"{link}?w=1"
        assert "我已阅读" in (await phone.get(f"{link}?w=1")).text
        await other.get(link)
        theirs = parse_qs(urlsplit((await other.get(link)).headers["location"]).query)["state"][0]
        spent = await other.get("/h5/oauth", params={"code": code, "state": theirs})  # her code, taken from somewhere
        assert spent.headers["location"] == f"{link}?w=1"
        assert "可以看，但不登记" in (await other.get(f"{link}?w=1")).text
        inside.clock.move(minutes=11)
        late = await other.get("/h5/oauth", params={"code": "x", "state": theirs})
        assert late.status_code == 403


@pytest.mark.anyio
async def test_snapshots_and_a_silent_platform_are_explained_and_machines_are_left_alone(inside: Inside) -> None:
    number = publish(inside.play)
    push(inside.play)
    link = inside.link(number, "妈妈")
    world = inside.sandbox.state.world
    async with inside.phone("妈妈") as phone:
        world.faults.set([read_rule({"on": "call", "fault": "snapshot", "times": 1})])
        assert "使用完整服务" in (await inside.open(phone, "妈妈", link)).text
        world.faults.set([read_rule({"on": "call", "fault": "status", "status": 502, "times": 1})])
        silent = await inside.open(phone, "妈妈", link)
        assert silent.status_code == 503
        assert "再点一次" in silent.text
        for machine in ({"Sec-Purpose": "prefetch"}, {"User-Agent": "LinkPreview MicroMessenger"}):
            assert (await phone.get(link, headers=machine)).history == []
        assert states(inside.play, number)["林林", "guardian"] is not State.OPENED
        assert "我已阅读" in (await inside.open(phone, "妈妈", link)).text


@pytest.mark.anyio
async def test_a_redirect_to_another_host_is_stopped_by_the_platform(inside: Inside) -> None:
    inside.runtime.settings = inside.runtime.settings.model_copy(update={"public_url": "http://elsewhere.test"})
    number = publish(inside.play)
    push(inside.play)
    async with inside.phone("妈妈") as phone:
        assert "10003" in (await inside.open(phone, "妈妈", inside.link(number, "妈妈"))).text
