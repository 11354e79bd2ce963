"""Pictures made of words and numbers for cards and pages; drawn by `bots.engine.drawing`."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bots.engine.drawing import FONT as _FONT
from bots.engine.drawing import render, wrapped

#: The platform shows a single card's picture at 900 × 383.
CARD = (900, 383)
_GREEN, _DARK, _GREY, _LINE = "#07c160", "#1f2329", "#6b7280", "#e5e7eb"


def poster(title: str, kind: str, unit: str, seconds: int = 0) -> bytes:
    """The picture of a card: what it is, its title, who sends it, how long it takes."""
    width, height = CARD
    lines = wrapped(title, 12 if seconds else 14, 2)
    top = 205 if len(lines) == 1 else 172
    shown = "".join(
        f'<text x="60" y="{top + number * 70}" font-size="54" font-weight="700" fill="#fff">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    length = f"{seconds // 60}分{seconds % 60:02d}秒" if seconds >= 60 else f"{seconds}秒" if seconds else ""
    # above: a player's own bar covers the lower edge
    head = "　".join(part for part in (kind, unit, length) if part)
    play = (
        '<circle cx="800" cy="192" r="56" fill="#fff" fill-opacity=".92"/>'
        f'<path d="M783 162 L783 222 L833 192 Z" fill="{_GREEN}"/>'
        if seconds
        else ""
    )
    return render(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="{_FONT}">'
        '<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#0a8f4a"/>'
        f'<stop offset="1" stop-color="{_GREEN}"/></linearGradient></defs>'
        f'<rect width="{width}" height="{height}" fill="url(#g)"/>'
        f'<text x="60" y="84" font-size="32" fill="#fff" fill-opacity=".85">{escape(head)}</text>{shown}{play}</svg>'
    )


def bars(title: str, foot: str, rows: Sequence[tuple[str, int, int]]) -> bytes:
    """How it ended, a bar a unit. rows: (unit, done, audience), in reading order."""
    width, row_height, top = 750, 58, 150
    height = top + row_height * max(1, len(rows)) + 70
    parts = []
    for number, (name, done, total) in enumerate(rows):
        y = top + number * row_height
        share = done / total if total else 0.0
        label = wrapped(name, 9, 1)[0] if name else ""
        parts.append(
            f'<text x="40" y="{y + 32}" font-size="26" fill="{_DARK}">{escape(label)}</text>'
            f'<rect x="290" y="{y + 10}" width="300" height="28" rx="6" fill="{_LINE}"/>'
            f'<rect x="290" y="{y + 10}" width="{300 * share:.1f}" height="28" rx="6" fill="{_GREEN}"/>'
            f'<text x="606" y="{y + 33}" font-size="26" fill="{_DARK}">{done}/{total}</text>'
        )
    heading = wrapped(title, 19, 1)[0]
    return render(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="{_FONT}">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="40" y="70" font-size="34" font-weight="700" fill="{_DARK}">{escape(heading)}</text>'
        f'<text x="40" y="115" font-size="24" fill="{_GREY}">{escape(foot)}</text>'
        + "".join(parts)
        + f'<text x="40" y="{height - 24}" font-size="22" fill="{_GREY}">完成人数/应完成人数，按单位</text></svg>'
    )
