"""The pages on a phone: Chromium at phone width, a small real video made on the spot, the real player."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.main import create_app
from app.media.pictures import bars, poster
from app.media.videos import check_video, keep_file
from app.process.runtime import Clock
from bots.engine.links import campaign_link
from bots.engine.registry import Registry
from models.rules.campaign import State
from tests.campaigns.film import CHROMIUM, browser, make_film
from tests.campaigns.stage import publish, push, rows, states
from tests.cast import at
from tests.house import make_runtime
from tests.play import Play
from tests.sandbox.test_control import served

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

SECONDS = 8
#: Where screenshots are kept for looking at; a temporary folder unless this says otherwise.
SHOTS = os.environ.get("PAGE_SHOTS", "")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: install chromium to test the pages"),
]


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[BrowserContext]:
    with browser(tmp_path / "profile") as context:
        yield context


@pytest.fixture
def film(phone: BrowserContext, tmp_path: Path) -> Path:
    """A real video of a few seconds."""
    path = tmp_path / "lesson.mp4"
    if not make_film(phone, path, SECONDS):
        pytest.skip("NO VIDEO: neither ffmpeg nor a browser that records MP4")
    return path


class House:
    """The application behind a real socket, its clock running from 12:30 of the cast's Monday."""

    def __init__(self, play: Play) -> None:
        self.play = play
        begun = time.monotonic()
        clock = Clock(lambda: at("12:30") + timedelta(seconds=time.monotonic() - begun))
        self.runtime = make_runtime(play.database, clock, public_url="http://127.0.0.1")
        self.app = create_app(self.runtime, registry=Registry([]))

    def link(self, address: str, number: int, who: str) -> str:
        return campaign_link(
            self.play.vault, address, number, self.play.cast.accounts[who], at("12:30") + timedelta(days=2)
        )


@pytest.fixture
def house(play: Play) -> House:
    return House(play)


def shot(page: Page, tmp_path: Path, name: str) -> None:
    """Keep a picture of the page; big enough to show something."""
    folder = Path(SHOTS) if SHOTS else tmp_path
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    assert path.stat().st_size > 5_000


def no_overflow(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def play_until(page: Page, seconds: float) -> None:
    page.evaluate("document.getElementById('video').muted = true; document.getElementById('video').play()")
    reach(page, seconds)


def reach(page: Page, seconds: float) -> None:
    """Asked from outside: the page's own policy forbids scripts that ask inside."""
    wait_for(lambda: page.evaluate("document.getElementById('video').currentTime") >= seconds, 30)


def wait_for(check: object, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not check():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.1)


def test_a_video_is_watched_left_found_again_and_finished(
    house: House, phone: BrowserContext, film: Path, tmp_path: Path
) -> None:
    checked = check_video(film) if shutil.which("ffmpeg") else None
    assert checked is None or (checked.seconds, checked.codec, checked.starts_fast) == (SECONDS, "avc1", True)
    title = "开学前防疫小课堂：洗手和戴口罩"
    from app.media.videos import keep_bytes

    number = publish(
        house.play,
        "video",
        title,
        video=keep_file(house.runtime, film),
        video_seconds=SECONDS,
        poster=keep_bytes(house.runtime, poster(title, "视频", "春江区教育局", SECONDS), "png"),
        text="# 五个要点\n- 用流水和肥皂洗手20秒\n- 口罩盖住口鼻\n请全家一起学习。",
    )
    push(house.play)
    who = ("林林", "guardian")
    with served(house.app) as address:
        page = phone.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(house.link(address, number, "妈妈"))
        no_overflow(page)
        shot(page, tmp_path, "video-new")
        assert states(house.play, number)[who] is State.OPENED
        page.evaluate("document.getElementById('video').currentTime = 7")  # no way ahead
        page.wait_for_timeout(600)
        assert page.evaluate("document.getElementById('video').currentTime") < 2
        play_until(page, 3)
        page.close()  # leaves in the middle
        wait_for(lambda: states(house.play, number)[who] is State.PARTLY)
        seen = rows(house.play, number)[who].facts.watched_seconds
        assert 2 <= seen <= 6
        assert rows(house.play, number)[who].facts.confirmed_at is None

        page = phone.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(house.link(address, number, "妈妈"))
        reach(page, 1)  # goes on where she left
        shot(page, tmp_path, "video-again")
        play_until(page, SECONDS - 0.5)
        page.wait_for_selector("#state.ok >> text=已看完", timeout=15_000)
        shot(page, tmp_path, "video-done")
        wait_for(lambda: states(house.play, number)[who] is State.DONE)
        assert rows(house.play, number)[who].how == "watched"
        assert rows(house.play, number)["王乐乐", "guardian"].facts.opened_at is None
        assert errors == []


def test_a_notice_is_signed_with_the_finger(house: House, phone: BrowserContext, tmp_path: Path) -> None:
    number = publish(
        house.play,
        title="关于2026年春季学期返校安排的通知",
        text="# 返校时间\n|年级|日期|\n|---|---|\n|三年级|3月9日|\n|五年级|3月11日|\n# 请您做到\n- 连续14天测温\n- 如有不适不要到校",
        strength="sign",
        number="春教〔2026〕3号",
    )
    push(house.play)
    with served(house.app) as address:
        page = phone.new_page()
        page.goto(house.link(address, number, "奶奶"))
        no_overflow(page)
        box = page.locator("#pad").bounding_box()
        assert box is not None
        page.locator("#pad").scroll_into_view_if_needed()
        box = page.locator("#pad").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 40, box["y"] + 60)
        page.mouse.down()
        for step in range(12):
            page.mouse.move(box["x"] + 40 + step * 18, box["y"] + 60 + (step % 3) * 40)
        page.mouse.up()
        shot(page, tmp_path, "sign")
        page.click("text=签字确认")
        page.wait_for_selector(".ok >> text=已登记")
        shot(page, tmp_path, "signed")
    assert rows(house.play, number)["王乐乐", "guardian"].how == "signed"


def test_a_study_plan_and_a_stranger_and_the_privacy_notice_fit_a_phone(
    house: House, phone: BrowserContext, tmp_path: Path
) -> None:
    table = "|时间|内容|\n|---|---|\n|8:30|语文：朗读一篇课文|\n|10:00|眼保健操、室内运动|\n|14:00|课外阅读|"
    number = publish(
        house.play, "study", "本周居家学习建议（三年级）", text=f"# 每日安排\n{table}\n# 提醒\n- 每次看屏幕不超过20分钟"
    )
    push(house.play)
    with served(house.app) as address:
        page = phone.new_page()
        link = house.link(address, number, "奶奶")
        page.goto(link)
        no_overflow(page)
        shot(page, tmp_path, "study")
        phone.clear_cookies()
        page.goto(link)
        assert re.search(r"登记 \d{6}", page.inner_text("main"))
        no_overflow(page)
        shot(page, tmp_path, "stranger")
        page.goto(f"{address}/h5/privacy")
        no_overflow(page)
        shot(page, tmp_path, "privacy")


def test_the_pictures_are_drawn(tmp_path: Path) -> None:
    folder = Path(SHOTS) if SHOTS else tmp_path
    chart = bars(
        "开学前防疫小课堂",
        "完成 37/52（71%）",
        [("三年级1班", 12, 17), ("三年级2班", 18, 18), ("五年级1班", 7, 17), ("名字特别特别长的一个学校", 0, 0)],
    )
    card = poster("开学前防疫小课堂：洗手、戴口罩、勤通风，全家一起学", "视频", "春江区教育局", 128)
    for name, content in (("chart", chart), ("poster", card)):
        (folder / f"{name}.png").write_bytes(content)
        assert content.startswith(b"\x89PNG")
        assert 4_000 < len(content) < 120_000
