"""Binding codes → a PDF of slips, a page (or pages) a class, by typst with the OFL font Noto Sans SC.

The QR code is what a phone can use: the platform's scene code where the platform answered, else the words to send.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import segno
import typst
from pylopdf_fonts_zh_cn import sans_path

from models.queries.roster import CodeRow

#: Gives, for a binding code, the address its QR code carries (the platform's `qrcode/create` with scene
#: `bind_CODE`), or None where the platform cannot be reached.
SceneAddress = Callable[[str], str | None]

_SOURCE = Path(__file__).with_name("slips.typ")
_STEPS = {
    ("student", True): (
        "微信扫一扫右边的码，关注公众号",
        "看完说明后回复：同意（码已过期就发送：绑定 {code}）",
        "以后每天回复孩子的体温，例如 36.5",
    ),
    ("staff", True): (
        "微信扫一扫右边的码，关注公众号",
        "看完说明后回复：同意（码已过期就发送：绑定 {code}）",
        "以后每天回复自己的体温，例如 36.5",
    ),
    ("student", False): (
        "微信关注{account}公众号",
        "发送：绑定 {code}　看完说明后回复：同意",
        "以后每天回复孩子的体温，例如 36.5",
    ),
    ("staff", False): (
        "微信关注{account}公众号",
        "发送：绑定 {code}　看完说明后回复：同意",
        "以后每天回复自己的体温，例如 36.5",
    ),
}


def make_slips(rows: Sequence[CodeRow], address: SceneAddress | None = None, account: str = "本校通知的") -> bytes:
    """A PDF with the slips of these codes, in their order, each unit on pages of its own.

    account: how the official account is called, for the steps of slips without a scene code.
    """
    return _typeset(rows, address, account, "pdf")[0]


def picture_slips(
    rows: Sequence[CodeRow], address: SceneAddress | None = None, account: str = "本校通知的"
) -> list[bytes]:
    """The same pages as PNG pictures, to look at."""
    return _typeset(rows, address, account, "png")


def _typeset(rows: Sequence[CodeRow], address: SceneAddress | None, account: str, output: str) -> list[bytes]:
    units = [_unit(list(people), address, account) for _, people in groupby(rows, key=lambda row: (row.unit, row.kind))]
    compiler: Any = typst.compile  # its overloads do not know a format chosen at run time
    made: bytes | list[bytes] = compiler(
        _SOURCE.read_bytes(),
        font_paths=[sans_path().parent],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({"units": units}, ensure_ascii=False)},
        format=output,
        ppi=110.0,
    )
    return made if isinstance(made, list) else [made]


def _unit(rows: Sequence[CodeRow], address: SceneAddress | None, account: str) -> dict[str, Any]:
    people = []
    for row in rows:
        scene = address(row.code) if address else None
        steps = [step.format(account=account, code=row.code) for step in _STEPS[row.kind, scene is not None]]
        people.append({"name": row.name, "code": row.code, "steps": steps, "qr": _qr(scene or f"绑定 {row.code}")})
    first = rows[0]
    place = f"{first.grade}{first.class_name}" + ("教职工" if first.kind == "staff" else "")
    return {"school": first.school, "place": place, "people": people}


def _qr(content: str) -> str:
    """An SVG of the QR code; level Q stays readable on a folded or smudged slip."""
    made = io.BytesIO()
    segno.make(content, error="q", micro=False).save(made, kind="svg", scale=4, border=2, xmldecl=False)
    return made.getvalue().decode()
