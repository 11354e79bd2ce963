"""Pages for slow networks: every page and all it loads, the video apart, stays below 100 KB."""

from __future__ import annotations

import re

import httpx
import pytest

from app.media.pictures import poster
from app.media.videos import keep_bytes
from bots.engine.links import figures_link
from tests.campaigns.stage import publish, push
from tests.campaigns.test_pages import UNTIL, Pages, pages  # noqa: F401 - a fixture
from tests.play import PUBLIC_URL

LIMIT = 100_000
#: The longest text a notice of four printed pages has.
TEXT = "# 返校安排\n" + "|年级|日期|返校时间|\n|---|---|---|\n" * 20 + "请各位家长配合做好健康监测，如实上报。\n" * 100


async def weight(phone: httpx.AsyncClient, address: str) -> int:
    """Bytes of a page and of everything in it but the video."""
    page = await phone.get(address)
    loaded = re.findall(r'(?:src|href|poster)="(/h5/(?:static|media)/[^"]+)"', page.text)
    parts = [await phone.get(one) for one in dict.fromkeys(loaded) if not one.endswith(".mp4")]
    assert all(part.status_code == 200 for part in parts)
    return len(page.content) + sum(len(part.content) for part in parts)


@pytest.mark.anyio
async def test_every_page_and_what_it_loads_is_below_100_kb(pages: Pages) -> None:  # noqa: F811
    title = "开学前防疫小课堂：洗手、戴口罩、勤通风，全家一起学一起做"
    card = keep_bytes(pages.runtime, poster(title, "视频", "春江区教育局", 128), "png")
    numbers = [pages.video(text=TEXT, poster=card)]
    numbers += [publish(pages.play, text=TEXT, strength=strength) for strength in ("read", "confirm", "sign")]
    numbers.append(publish(pages.play, "study", text=TEXT))
    push(pages.play)
    found: dict[str, int] = {}
    async with pages.browser() as phone, pages.browser() as stranger:
        for number in numbers:
            link = pages.link(number, "妈妈")
            found[f"page {number}"] = await weight(phone, link)
            found[f"stranger {number}"] = await weight(stranger, link)
        for address in (
            "/h5/privacy",
            "/h5/c/1.2.3.x",
            figures_link(pages.play.vault, PUBLIC_URL, numbers[0], UNTIL).removeprefix(PUBLIC_URL),
        ):
            found[address] = await weight(phone, address)
        film = re.search(r'src="(/h5/media/[^"]+\.mp4)"', (await phone.get(pages.link(numbers[0], "妈妈"))).text)
        assert film is not None
        again = await phone.get(film[1])
        assert "immutable" in again.headers["cache-control"]  # a second view on the same phone sends nothing
    assert {name: size for name, size in found.items() if size >= LIMIT} == {}
