"""`pinganbao demo` as a newcomer meets it: a process, a browser, one day on four phones."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.outside.site import ROOT, free_port

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 30_000  # milliseconds: some three hundred people answer on a busy machine
pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: install chromium to test the demonstration"),
]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """The demonstration as a process; gives its address."""
    port = free_port()
    log = tmp_path / "demo.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "demo", "--port", str(port), "--folder", str(tmp_path / "demo")],
            cwd=ROOT,
            stdout=out,
            stderr=out,
        )
    try:
        until = time.monotonic() + 60
        while f":{port}" not in log.read_text("utf-8"):  # the address is printed when everybody is seated
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < until, log.read_text("utf-8")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
        assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=10).status_code == 200
        process.terminate()
        assert process.wait(15) in (0, -15)
        assert "Traceback" not in log.read_text("utf-8")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[BrowserContext]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"), executable_path=CHROMIUM, args=list(QUIET), viewport=LAPTOP
        )
        yield context
        context.close()


class Phones:
    """The phones page, and what was said on its console."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.set_default_timeout(PATIENCE)
        self.page.goto(address)
        self.page.wait_for_selector("html[data-ready=yes]")

    def say(self, who: str, text: str, until: str) -> None:
        """Type a line on somebody's phone; wait for an answer with these words after it."""
        before = self.page.locator(f"#phone-{who} .row:not(.me)").count()
        self.page.fill(f"#phone-{who} .say input", text)
        self.page.press(f"#phone-{who} .say input", "Enter")
        self.got(who, until, before)

    def got(self, who: str, words: str, after: int = 0) -> None:
        """Wait until the phone shows these words in a message beyond the first `after`."""
        self.page.wait_for_function(
            """([who, words, after]) => [...document.querySelectorAll(`#phone-${who} .row:not(.me)`)]
                .slice(after).some(row => row.innerText.includes(words))""",
            arg=[who, words, after],
        )

    def move(self, clock: str) -> None:
        self.page.click(f"#moves button >> text={clock}")
        self.page.wait_for_selector(f"#time >> text={clock}")

    def done(self) -> int:
        """How many steps of the guide are ticked."""
        return self.page.locator("#dots .done").count()


def test_a_day_on_four_phones(demo: str, browser: BrowserContext, tmp_path: Path) -> None:
    phones = Phones(browser, demo)
    page = phones.page
    assert phones.done() == 0
    phones.say("parent", "36.5", "36.5℃")
    phones.got("parent", "林林")
    assert phones.done() == 1
    phones.move("07:30")
    phones.got("teacher", "请报今日体温")
    phones.got("reporter", "请报今日体温")
    page.click("[data-act=guardians]")
    page.wait_for_selector("#toast >> text=人")
    phones.say("parent", "林林 37.8，有点咳嗽", "37.8℃")
    phones.got("teacher", "【发热")
    phones.got("reporter", "【发热")
    phones.say("teacher", "收到", "已记下您收到")
    phones.say("reporter", "收到", "已记下您收到")
    page.wait_for_function("document.querySelectorAll('#dots .done').length >= 3")
    phones.move("09:05")
    phones.got("teacher", "请在09:30前核对")
    phones.say("teacher", "班级", "应报")
    phones.say("teacher", "确认", "已确认")
    assert phones.done() >= 5
    page.wait_for_selector("#toast", state="hidden")
    page.screenshot(path=tmp_path / "mid-morning.png")
    page.click("[data-act=teachers]")
    page.wait_for_selector("#toast >> text=人")
    phones.move("10:10")
    phones.got("reporter", "零报告")
    phones.say("reporter", "零报告", "应报")
    phones.say("reporter", "确认", "已上报")
    phones.move("11:30")
    phones.got("official", "日报")
    page.wait_for_function("document.querySelectorAll('#dots .done').length === 7")
    page.wait_for_selector("#toast", state="hidden")
    assert "连续" not in page.inner_text("#phones")  # nobody was silent before the first day
    page.screenshot(path=tmp_path / "noon.png")
    page.click("#wire-toggle")
    page.wait_for_selector("#entries >> text=36.5")
    page.screenshot(path=tmp_path / "wire.png")
    assert phones.errors == []


def test_on_a_phone_one_chat_fits_the_screen(demo: str, browser: BrowserContext, tmp_path: Path) -> None:
    phones = Phones(browser, demo)
    page = phones.page
    page.set_viewport_size(PHONE)
    assert page.is_visible("#phone-parent")
    assert not page.is_visible("#phone-teacher")
    phones.say("parent", "36.5", "36.5℃")
    page.screenshot(path=tmp_path / "phone-parent.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phones.move("07:30")
    page.wait_for_selector("#tabs b")  # something unread on the other phones
    page.click("#tabs button:nth-child(2)")
    assert page.is_visible("#phone-teacher")
    phones.say("teacher", "班级", "应报")
    page.screenshot(path=tmp_path / "phone-teacher.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phones.errors == []
