"""Binding slips: pages, what is on them, and what their QR codes say."""

from __future__ import annotations

import io

import pypdf
import pytest
import segno

from app.files.slips import make
from models.queries.roster import CodeRow
from models.queries.units import UnitInfo


def unit(number: int, name: str) -> UnitInfo:
    return UnitInfo(number, None, "class_unit", name, f"红旗小学/三年级/{name}", 1, 2, number, None, None)


def rows(of: UnitInfo, *names: str) -> list[CodeRow]:
    return [
        CodeRow("student", "红旗小学", "三年级", of.name, f"S{number}", name, f"ACDE{of.id}GH{number % 10}", of)
        for number, name in enumerate(names)
    ]


FIRST = rows(unit(1, "1班"), "赵可", "阿依古丽·买买提")
SECOND = rows(unit(2, "2班"), *[f"林{letter}" for letter in "一二三四五六七八九十百千"])


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_every_class_begins_on_its_own_page_and_long_ones_go_on() -> None:
    first, second, third = pages(make.make_slips(FIRST + SECOND))
    assert "红旗小学 三年级1班" in first
    assert "赵可" in first
    assert "阿依古丽·买买提" in first
    assert "林一" not in first
    assert "林一" in second
    assert "林千" in third


def test_a_slip_has_name_class_code_and_three_steps() -> None:
    (page,) = pages(make.make_slips(FIRST[:1]))
    for part in ("赵可", "三年级1班", "ACDE1GH0", "1. ", "2. 发送：绑定 ACDE1GH0", "3. 以后每天回复孩子的体温"):
        assert part in page


def test_the_page_is_a4_upright() -> None:
    box = pypdf.PdfReader(io.BytesIO(make.make_slips(FIRST))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


@pytest.mark.parametrize("address", [None, "http://weixin.qq.com/q/02abc"])
def test_the_qr_code_carries_the_scene_or_else_the_words_to_send(
    address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    real = segno.make

    def listen(content: str, **options: object) -> segno.QRCode:
        said.append(content)
        return real(content, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(segno, "make", listen)
    (page,) = pages(make.make_slips(FIRST[:1], lambda code: address))
    assert said == [address or "绑定 ACDE1GH0"]
    assert ("微信扫一扫" in page) is (address is not None)


def test_the_pages_can_be_looked_at_as_pictures() -> None:
    pictures = make.picture_slips(FIRST + SECOND)
    assert len(pictures) == 3
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
