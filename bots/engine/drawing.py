"""SVG built from parts that are escaped, and drawn to PNG in the OFL font Noto Sans SC that comes with the packages."""

from __future__ import annotations

from html import escape

import resvg_py
from pylopdf_fonts_zh_cn import sans_path

FONT = "Noto Sans SC"


def render(svg: str) -> bytes:
    """The PNG of an SVG. System fonts are not looked at: every machine draws the same."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        font_files=[str(sans_path())],
        font_family=FONT,
        sans_serif_family=FONT,
        skip_system_fonts=True,
    )


def wrapped(text: str, width: int, lines: int) -> list[str]:
    """The text in lines of at most `width` characters, two narrow ones counting as one; cut with … after `lines`."""
    made, line, room = [], "", float(width)
    for sign in text.strip():
        size = 0.55 if sign.isascii() else 1.0
        if room < size:
            made.append(line)
            line, room = "", float(width)
        line += sign
        room -= size
    made.append(line)
    if len(made) > lines:
        made = made[:lines]
        made[-1] = made[-1][:-1] + "…"
    return [one for one in made if one]


class Sheet:
    """A white sheet one draws on, `width` wide; how high it is, is said at the end. Every text is escaped."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._parts: list[str] = []

    def text(
        self, x: float, y: float, words: str, size: int, colour: str, *, bold: bool = False, anchor: str = "start"
    ) -> None:
        """One line, its base at `y`. anchor: start, middle or end."""
        weight = ' font-weight="700"' if bold else ""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{escape(colour)}" '
            f'text-anchor="{escape(anchor)}"{weight}>{escape(words)}</text>'
        )

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *, edge: str = "", round_by: float = 0
    ) -> None:
        """fill: a colour, "none", or "url(#unknown)" for the hatching that stands for what is not known."""
        stroke = f' stroke="{escape(edge)}" stroke-width="2"' if edge else ""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" '
            f'rx="{round_by:.1f}" fill="{escape(fill)}"{stroke}/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, *, thick: float = 2) -> None:
        self._parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{escape(colour)}" stroke-width="{thick:.1f}"/>'
        )

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{escape(colour)}"/>')

    def svg(self, height: float) -> str:
        """The whole, `height` high."""
        hatching = (
            '<defs><pattern id="unknown" width="10" height="10" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect width="10" height="10" fill="#fff"/>'
            '<rect width="4" height="10" fill="#c9ced6"/></pattern></defs>'
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{height:.0f}" '
            f'font-family="{FONT}">{hatching}<rect width="{self.width}" height="{height:.0f}" fill="#fff"/>'
            + "".join(self._parts)
            + "</svg>"
        )
