"""A publication's plain text as HTML: paragraphs, headings, lists, tables, links. Everything written is escaped.

`# ` begins a heading, `- ` a list item, `|` a table's row with cells between the strokes; https addresses become links.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup, escape

_LINK = re.compile(r"https://[\w\-./?=&%#:~+]+", re.ASCII)


@lru_cache(maxsize=64)
def html(text: str) -> Markup:
    """The text as safe HTML."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    parts = []
    for kind, group in groupby(lines, _kind):
        listed = list(group)
        if kind == "heading":
            parts += [Markup("<h2>{}</h2>").format(line.lstrip("# ")) for line in listed]
        elif kind == "list":
            items = [Markup("<li>{}</li>").format(_linked(line.lstrip("-• "))) for line in listed]
            parts.append(Markup("<ul>{}</ul>").format(Markup("").join(items)))
        elif kind == "table":
            parts.append(_table(listed))
        elif kind == "text":
            parts += [Markup("<p>{}</p>").format(_linked(line)) for line in listed]
    return Markup("\n").join(parts)


def _kind(line: str) -> str:
    if not line.strip():
        return "empty"
    if line.startswith("# "):
        return "heading"
    if line.startswith(("- ", "• ")):
        return "list"
    return "table" if line.startswith("|") else "text"


def _table(lines: list[str]) -> Markup:
    rows = []
    for number, line in enumerate(lines):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            continue
        tag = "th" if number == 0 else "td"
        shown = Markup("").join(Markup(f"<{tag}>{{}}</{tag}>").format(_linked(cell)) for cell in cells)  # noqa: S704
        rows.append(Markup("<tr>{}</tr>").format(shown))
    return Markup("<table>{}</table>").format(Markup("").join(rows))


def _linked(text: str) -> Markup:
    made, place = Markup(""), 0
    for found in _LINK.finditer(text):
        made += escape(text[place : found.start()])
        made += Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(found[0])
        place = found.end()
    return made + escape(text[place:])
