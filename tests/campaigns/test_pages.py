"""The pages over HTTP: whose opening, watching and signing counts, and what a stranger sees."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.media.videos import keep_bytes
from bots.engine.links import campaign_link, open_link
from bots.engine.registry import Registry
from models.database import Database
from models.rules.campaign import State
from tests.campaigns.stage import TEXT, publish, push, rows, states
from tests.cast import at
from tests.house import StageClock, make_runtime
from tests.play import PUBLIC_URL, Play

HOST = "http://pinganbao.test"
UNTIL = at("12:00").replace(day=20)


class Pages:
    """The application on a stage's database, a browser for each person."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.clock = StageClock(at("12:30"))
        self.runtime = make_runtime(play.database, self.clock, public_url=PUBLIC_URL.replace("https", "http"))
        self.app = create_app(self.runtime, registry=Registry([]))

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=HOST)

    def link(self, number: int, who: str, until=UNTIL) -> str:  # type: ignore[no-untyped-def]
        return campaign_link(self.play.vault, "", number, self.play.cast.accounts[who], until)

    def video(self, number: int = 0, **fields) -> int:  # type: ignore[no-untyped-def]
        name = keep_bytes(self.runtime, bytes(range(256)) * 40, "mp4")
        made = {"video": name, "video_seconds": 60} | fields
        return publish(self.play, "video", "防疫小课堂", **made)


@pytest.fixture
def pages(play: Play) -> Pages:
    return Pages(play)


def report_address(page: str) -> str:
    found = re.search(r'data-report="([^"]*)"', page)
    assert found is not None
    return found[1]


@pytest.mark.anyio
async def test_watching_in_two_sittings_is_one_receipt(pages: Pages) -> None:
    number = pages.video(roles=["guardian", "student"])
    push(pages.play)
    async with pages.browser() as phone:
        first = await phone.get(pages.link(number, "妈妈"))
        assert first.status_code == 200
        assert states(pages.play, number)["林林", "guardian"] is State.OPENED
        pages.clock.move(seconds=25)
        answer = await phone.post(report_address(first.text), content='{"start": 0, "end": 25}')
        assert answer.json() == {"reached": 25, "done": False}
        assert states(pages.play, number)["林林", "guardian"] is State.PARTLY
        pages.clock.move(hours=2)
        again = await phone.get(pages.link(number, "妈妈"))
        assert 'data-reached="25"' in again.text
        pages.clock.move(seconds=36)
        answer = await phone.post(report_address(again.text), content='{"start": 25, "end": 60}')
        assert answer.json()["done"] is True
        assert "已看完，已登记" in (await phone.get(pages.link(number, "妈妈"))).text
    found = rows(pages.play, number)
    assert found["林林", "guardian"].facts.watched_seconds == 60
    assert (found["林林", "guardian"].how, found["林森", "guardian"].how) == ("watched", "watched")
    assert (found["林林", "student"].how, found["林林", "student"].facts.watched_seconds) == ("household", 0)


@pytest.mark.anyio
async def test_seeking_ahead_and_playing_faster_than_the_clock_credit_nothing(pages: Pages) -> None:
    number = pages.video()
    push(pages.play)
    async with pages.browser() as phone:
        report = report_address((await phone.get(pages.link(number, "妈妈"))).text)
        assert (await phone.post(report, content='{"start": 50, "end": 60}')).json()["reached"] == 0
        pages.clock.move(seconds=5)
        assert (await phone.post(report, content='{"start": 0, "end": 60}')).json()["reached"] == 8
        for _ in range(20):  # saying it again does not make it more
            await phone.post(report, content='{"start": 0, "end": 60}')
        assert rows(pages.play, number)["林林", "guardian"].facts.watched_seconds == 8
        assert states(pages.play, number)["林林", "guardian"] is State.PARTLY


@pytest.mark.anyio
async def test_a_forwarded_link_credits_nobody_and_shows_nothing_private(pages: Pages) -> None:
    number = pages.video()
    push(pages.play)
    link = pages.link(number, "妈妈")
    async with pages.browser() as hers, pages.browser() as strangers:
        await hers.get(link)
        page = await strangers.get(link)
        assert page.status_code == 200
        assert report_address(page.text) == ""
        for private in ("林林", "林森", "妈妈", "o-妈"):
            assert private not in page.text
        assert (await strangers.post(f"{link}/done", data={"action": "text"})).status_code == 403
        assert states(pages.play, number)["林林", "guardian"] is State.OPENED


@pytest.mark.anyio
async def test_another_parents_phone_is_not_taken_over_by_a_forwarded_link(pages: Pages) -> None:
    number = pages.video()
    push(pages.play)
    async with pages.browser() as fathers:
        await fathers.get(pages.link(number, "小明爸爸"))
        page = await fathers.get(pages.link(number, "妈妈"))  # she has never opened it herself
        assert report_address(page.text) == ""
        assert states(pages.play, number)["林森", "guardian"] is not State.OPENED
        assert states(pages.play, number)["李小明", "guardian"] is State.OPENED


@pytest.mark.anyio
async def test_a_new_phone_becomes_ones_own_by_a_code_in_ones_own_chat(pages: Pages) -> None:
    number = pages.video()
    push(pages.play)
    link = pages.link(number, "妈妈")
    async with pages.browser() as old, pages.browser() as new:
        await old.get(link)
        code = re.search(r"登记 (\d{6})", (await new.get(link)).text)
        assert code is not None
        pages.play.now = pages.clock()
        assert "不对或已过期" in pages.play.say("爸爸", f"登记 {code[1]}")
        assert "已登记为您本人" in pages.play.say("妈妈", f"登记 {code[1]}")
        assert report_address((await new.get(link)).text) != ""


@pytest.mark.anyio
async def test_what_only_fetches_links_neither_opens_nor_pairs(pages: Pages) -> None:
    number = pages.video()
    push(pages.play)
    link = pages.link(number, "妈妈")
    async with pages.browser() as machine, pages.browser() as hers:
        await machine.head(link)
        await machine.get(link, headers={"Sec-Purpose": "prefetch"})
        await machine.get(link, headers={"User-Agent": "SomeBot/1.0"})
        assert states(pages.play, number)["林林", "guardian"] is not State.OPENED
        assert report_address((await hers.get(link)).text) != ""


@pytest.mark.anyio
@pytest.mark.parametrize("spoil", ["signature", "account", "campaign", "end", "empty", "odd"])
async def test_forged_and_expired_links_open_nothing(pages: Pages, spoil: str) -> None:
    number = publish(pages.play)
    push(pages.play)
    link = pages.link(number, "妈妈")
    parts = link.rsplit("/", 1)[1].split(".")
    match spoil:
        case "signature":
            parts[3] = parts[3][:-1] + ("0" if parts[3][-1] != "0" else "1")
        case "account":
            parts[1] = str(pages.play.cast.accounts["爸爸"])
        case "campaign":
            parts[0] = "99"
        case "end":
            link = pages.link(number, "妈妈", at("12:00"))
            parts = link.rsplit("/", 1)[1].split(".")
        case "empty":
            parts = ["", "", "", ""]
        case "odd":
            parts = ["家", "…", "%00", "x"]
    async with pages.browser() as phone:
        page = await phone.get(f"/h5/c/{'.'.join(parts)}")
        assert page.status_code == 403
        assert "开学须知" not in page.text
        assert (await phone.post("/h5/w/1.abc", content='{"start":0,"end":5}')).status_code == 403
    assert states(pages.play, number)["林林", "guardian"] is not State.OPENED


@pytest.mark.anyio
async def test_titles_and_texts_cannot_become_markup(pages: Pages) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    number = publish(
        pages.play,
        title=evil[:64],
        text=f'# {evil}\n- {evil}\n|{evil}|b|\n{evil} https://a.cn/"onclick=alert(1) javascript:alert(1)',
        strength="answer",
        question=evil,
        choices=[evil[:20], "不同意"],
    )
    push(pages.play)
    async with pages.browser() as phone:
        page = await phone.get(pages.link(number, "妈妈"))
        assert "<script>" not in page.text
        assert "<img" not in page.text
        assert 'href="javascript' not in page.text
        assert "default-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.anyio
async def test_the_video_is_served_by_ranges(pages: Pages) -> None:
    number = pages.video()
    push(pages.play)
    async with pages.browser() as phone:
        address = re.search(r'src="(/h5/media/[^"]+)"', (await phone.get(pages.link(number, "妈妈"))).text)
        assert address is not None
        part = await phone.get(address[1], headers={"Range": "bytes=256-511"})
        assert part.status_code == 206
        assert part.headers["content-range"] == "bytes 256-511/10240"
        assert part.content == bytes(range(256))
        assert (await phone.get(address[1], headers={"Range": "bytes=99999-"})).status_code == 416
        whole = await phone.get(address[1])
        assert whole.headers["accept-ranges"] == "bytes"
        assert whole.headers["content-type"] == "video/mp4"
        for other in ("..%2Fpinganbao.db", "%2e%2e/pinganbao.db", "x.mp4", "0" * 24 + ".mp4"):
            assert (await phone.get(f"/h5/media/{other}")).status_code == 404


@pytest.mark.anyio
async def test_a_signature_is_kept_sealed_and_an_empty_one_is_not_one(pages: Pages) -> None:
    number = publish(pages.play, strength="sign")
    push(pages.play)
    link = pages.link(number, "妈妈")
    async with pages.browser() as phone:
        assert 'id="pad"' in (await phone.get(link)).text
        empty = await phone.post(
            f"{link}/done", data={"action": "sign", "typed": " ", "drawn": "data:image/png;base64,AAAA"}
        )
        assert "请在框里签名" in empty.text
        assert states(pages.play, number)["林林", "guardian"] is State.OPENED
        signed = await phone.post(f"{link}/done", data={"action": "sign", "typed": "林妈妈"})
        assert signed.status_code == 303
        assert "已登记" in (await phone.get(link)).text
    assert rows(pages.play, number)["林林", "guardian"].how == "signed"
    from sqlalchemy import select

    from models.tables import Signature

    with pages.play.database.read() as connection:
        kept = connection.execute(select(Signature.typed)).scalar_one()
    assert "林妈妈".encode() not in kept
    assert pages.play.vault.open("signatures.typed", kept) == "林妈妈"


@pytest.mark.anyio
async def test_withdrawn_is_said_on_the_page_and_takes_no_receipt(pages: Pages) -> None:
    old = publish(pages.play, title="返校安排")
    push(pages.play)
    publish(pages.play, title="返校安排（修订）", replaces_id=old)
    async with pages.browser() as phone:
        page = await phone.get(pages.link(old, "妈妈"))
        assert "已经撤回" in page.text
        assert "《返校安排（修订）》" in page.text
        assert (await phone.post(f"{pages.link(old, '妈妈')}/done", data={"action": "read"})).status_code == 403
    assert states(pages.play, old)["林林", "guardian"] is not State.DONE


@pytest.mark.anyio
async def test_pages_are_small_and_work_without_script(pages: Pages) -> None:
    number = publish(pages.play, text=TEXT * 100)
    push(pages.play)
    link = pages.link(number, "妈妈")
    async with pages.browser() as phone:
        page = await phone.get(link)
        size = len(page.content)
        for address in re.findall(r'(?:src|href)="(/h5/[^"]+)"', page.text):
            size += len((await phone.get(address)).content)
        assert size < 100_000
        assert "<form" in page.text
        assert (await phone.post(f"{link}/done", data={"action": "read"})).status_code == 303
    assert states(pages.play, number)["林林", "guardian"] is State.DONE


@pytest.mark.anyio
async def test_the_privacy_notice_has_its_page(pages: Pages) -> None:
    async with pages.browser() as phone:
        page = await phone.get("/h5/privacy")
        assert page.status_code == 200
        for fact in ("不满14周岁", "270天", "春江区教育局", "解绑"):
            assert fact in page.text


def test_a_link_names_nobody_and_ends(play: Play, sqlite: Database, tmp_path: Path) -> None:
    link = campaign_link(play.vault, "https://p.test", 7, 3, at("12:00"))
    assert re.fullmatch(r"https://p\.test/h5/c/7\.3\.[0-9a-f]+\.[0-9a-f]{32}", link)
    token = link.rsplit("/", 1)[1]
    assert open_link(play.vault, token, at("11:59")) is not None
    assert open_link(play.vault, token, at("12:01")) is None
