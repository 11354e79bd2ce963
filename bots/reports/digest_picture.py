"""The day as one picture for officials: the numbers, a fortnight, and the schools at a glance.

Made for a phone (750 wide, nothing smaller than 20). Colours are those of Okabe and Ito, which people with any kind of
colour blindness tell apart, and each is said in words as well. What is not known is hatched and never drawn as 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bots.engine.drawing import Sheet, wrapped
from bots.wording.health import on
from models.rules.figures import Figures, completeness, staff_completeness

WIDTH, EDGE = 750, 36
_INK, _GREY, _PALE = "#1f2329", "#5b6472", "#e5e7eb"
_BLUE, _ORANGE, _RED = "#0072b2", "#e69f00", "#d55e00"
_UNKNOWN = "url(#unknown)"
#: Tiles by name at most; the others that need a look are counted.
_TILES = 60


@dataclass(frozen=True, slots=True)
class Past:
    """One day of the fortnight. figures None: nobody was asked then, nothing is known."""

    day: date
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One school. late: minutes after the deadline at its first filing, 0 on time; filed False: missing."""

    name: str
    filed: bool
    late: int
    figures: Figures

    @property
    def fever(self) -> int:
        return self.figures.fever + self.figures.staff_fever

    @property
    def cases(self) -> int:
        return self.figures.suspected + self.figures.confirmed

    @property
    def unknown(self) -> int:
        return self.figures.unreported + self.figures.staff_unreported

    @property
    def is_quiet(self) -> bool:
        return self.filed and not self.late and not self.fever and not self.cases


def draw(name: str, day: date, clock: str, past: Sequence[Past], tiles: Sequence[Tile], whole: Figures) -> str:
    """The SVG. clock: up to when the day is counted. past: oldest first, `day` last. whole: the sum of the tiles."""
    sheet = Sheet(WIDTH)
    sheet.text(EDGE, 66, wrapped(f"{name}健康日报", 16, 1)[0], 36, _INK, bold=True)
    sheet.text(EDGE, 104, f"{on(day)}，截至{clock}", 24, _GREY)
    y = _numbers(sheet, 130, past, tiles, whole)
    y = _fevers(sheet, y + 54, past)
    y = _heard(sheet, y + 54, past)
    y = _schools(sheet, y + 54, tiles)
    sheet.text(EDGE, y + 40, "斜线＝未报或无数据，情况不明，不等于没有", 20, _GREY)
    return sheet.svg(y + 66)


def _numbers(sheet: Sheet, y: float, past: Sequence[Past], tiles: Sequence[Tile], whole: Figures) -> float:
    filed = sum(one.filed for one in tiles)
    fever = whole.fever + whole.staff_fever
    unknown = whole.unreported + whole.staff_unreported
    before = past[-2].figures if len(past) > 1 else None
    moved = "昨日无数据"
    if before is not None:
        change = fever - before.fever - before.staff_fever
        moved = "与昨日持平" if not change else f"较昨日{'+' if change > 0 else '−'}{abs(change)}"
    fields = (
        ("学校报送", f"{filed}/{len(tiles)}", f"未报{len(tiles) - filed}校" if filed < len(tiles) else "全部报送"),
        ("发热", str(fever), moved),
        ("疑似/确诊", f"{whole.suspected}/{whole.confirmed}", f"在管{whole.in_care}"),
        ("情况不明", str(unknown), "人未报" if unknown else "全部已报"),
    )
    step = (WIDTH - 2 * EDGE + 12) / len(fields)
    for number, (label, value, below) in enumerate(fields):
        x = EDGE + number * step
        doubt = label == "情况不明" and unknown
        sheet.box(x, y, step - 12, 150, _UNKNOWN if doubt else "#f5f7fa", round_by=10)
        if doubt:
            sheet.box(x + 8, y + 8, step - 28, 134, "#fff", round_by=6)
        middle = x + (step - 12) / 2
        size = 44 if len(value) <= 6 else 30
        sheet.text(middle, y + 40, label, 24, _GREY, anchor="middle")
        sheet.text(middle, y + 92, value, size, _INK, bold=True, anchor="middle")
        sheet.text(middle, y + 130, below, 22, _GREY, anchor="middle")
    return y + 150


def _columns(past: Sequence[Past]) -> tuple[float, float]:
    """(how far apart the days stand, how wide a bar is)."""
    step = (WIDTH - 2 * EDGE) / max(1, len(past))
    return step, step * 0.62


def _days(sheet: Sheet, y: float, past: Sequence[Past]) -> None:
    step, _ = _columns(past)
    for number, one in enumerate(past):
        is_first = not number or one.day.day == 1
        label = f"{one.day.month}/{one.day.day}" if is_first or number == len(past) - 1 else str(one.day.day)
        sheet.text(EDGE + step * (number + 0.5), y, label, 20, _GREY, anchor="middle")


def _fevers(sheet: Sheet, y: float, past: Sequence[Past]) -> float:
    """Bars of fever by day; hatched where nobody was asked."""
    sheet.text(EDGE, y, f"近{len(past)}天发热人数", 26, _INK, bold=True)
    top, high = y + 44, 120
    counts = [None if one.figures is None else one.figures.fever + one.figures.staff_fever for one in past]
    most = max([count for count in counts if count is not None], default=0) or 1
    step, wide = _columns(past)
    for number, count in enumerate(counts):
        x = EDGE + step * (number + 0.5)
        if count is None:
            sheet.box(x - wide / 2, top, wide, high, _UNKNOWN)
            continue
        tall = high * count / most
        sheet.box(x - wide / 2, top + high - tall, wide, tall, _RED)
        sheet.text(x, top + high - tall - 8, str(count), 20, _INK, anchor="middle")
    sheet.line(EDGE, top + high, WIDTH - EDGE, top + high, _GREY)
    _days(sheet, top + high + 28, past)
    return top + high + 28


def _heard(sheet: Sheet, y: float, past: Sequence[Past]) -> float:
    """How many of those due were heard of, pupils and staff together as persons; the rest of a bar is hatched."""
    sheet.text(EDGE, y, "完整率", 26, _INK, bold=True)
    last = past[-1].figures
    if last is not None:
        words = f"今日学生{completeness(last)}，教职工{staff_completeness(last)}"
        sheet.text(WIDTH - EDGE, y, words, 22, _GREY, anchor="end")
    top, high = y + 22, 90
    step, wide = _columns(past)
    for number, one in enumerate(past):
        x = EDGE + step * (number + 0.5) - wide / 2
        sheet.box(x, top, wide, high, _UNKNOWN)
        figures = one.figures
        if figures is None:
            continue
        due = figures.due + figures.staff_due - figures.exempt - figures.staff_exempt
        heard = figures.reported + figures.staff_reported
        tall = high if due <= heard else min(high * heard / due, high - 2)  # never whole while somebody is missing
        sheet.box(x, top + high - tall, wide, tall, _BLUE)
    sheet.line(EDGE, top + high, WIDTH - EDGE, top + high, _GREY)
    _days(sheet, top + high + 28, past)
    return top + high + 28


def _schools(sheet: Sheet, y: float, tiles: Sequence[Tile]) -> float:
    """Few schools: a line each. Many: those that need a look by name, the quiet ones as small squares."""
    sheet.text(EDGE, y, "各校情况", 26, _INK, bold=True)
    if len(tiles) <= 12:
        return _lines(sheet, y + 20, tiles)
    ranked = sorted(
        (one for one in tiles if not one.is_quiet), key=lambda one: (one.filed, -one.cases, -one.fever, -one.late)
    )
    shown = ranked[:_TILES]
    wide, high, gap, across = 218, 68, 12, 3
    for number, one in enumerate(shown):
        x, top = EDGE + (number % across) * (wide + gap), y + 24 + (number // across) * (high + gap)
        _tile(sheet, x, top, wide, high, one)
    y += 24 + -(-len(shown) // across) * (high + gap)
    if len(ranked) > len(shown):
        sheet.text(EDGE, y + 24, f"另有{len(ranked) - len(shown)}校需要关注，回复“未报”或“查 学校名”查看", 22, _GREY)
        y += 36
    quiet = len(tiles) - len(ranked)
    sheet.text(EDGE, y + 32, f"按时报送、未见发热：{quiet}校", 24, _INK)
    side, between = (22, 7) if quiet <= 240 else (9, 3)
    row = int((WIDTH - 2 * EDGE + between) // (side + between))
    for number in range(quiet):
        x, line = EDGE + (number % row) * (side + between), number // row
        sheet.box(x, y + 50 + line * (side + between), side, side, _BLUE, round_by=3)
    return y + 50 + -(-quiet // row) * (side + between)


def _state(one: Tile) -> tuple[str, str]:
    """(in a word, colour)."""
    if not one.filed:
        return "未报", _UNKNOWN
    return (f"迟报{one.late}分" if one.late else "按时"), _ORANGE if one.late else _BLUE


def _facts(one: Tile) -> str:
    parts = [
        f"疑似确诊{one.cases}" if one.cases else "",
        f"发热{one.fever}" if one.fever else "",
        f"不明{one.unknown}人" if one.unknown else "",
    ]
    return " ".join(part for part in parts if part)


def _tile(sheet: Sheet, x: float, y: float, wide: float, high: float, one: Tile) -> None:
    state, colour = _state(one)
    sheet.box(x, y, wide, high, "#fff", edge=_PALE, round_by=6)
    sheet.box(x, y, 16, high, colour, edge=_GREY if not one.filed else "", round_by=3)
    sheet.text(x + 26, y + 29, wrapped(one.name, 8, 1)[0], 22, _INK, bold=True)
    facts = _facts(one)
    sheet.text(x + 26, y + 57, state, 20, _GREY)
    sheet.text(x + wide - 8, y + 57, facts, 20, _RED if one.fever or one.cases else _GREY, anchor="end")


def _lines(sheet: Sheet, y: float, tiles: Sequence[Tile]) -> float:
    for number, one in enumerate(tiles):
        top = y + number * 74
        state, colour = _state(one)
        sheet.box(EDGE, top + 6, 16, 56, colour, edge=_GREY if not one.filed else "", round_by=3)
        sheet.text(EDGE + 30, top + 30, wrapped(one.name, 14, 1)[0], 24, _INK, bold=True)
        pupils, staff = completeness(one.figures), staff_completeness(one.figures)
        sheet.text(EDGE + 30, top + 60, f"学生{pupils} 教职工{staff}", 20, _GREY)
        sheet.text(WIDTH - EDGE, top + 30, state, 24, _INK, anchor="end")
        sheet.text(
            WIDTH - EDGE,
            top + 60,
            _facts(one) or ("已报的无发热" if one.unknown else "无发热"),
            20,
            _RED if one.fever or one.cases else _GREY,
            anchor="end",
        )
    return y + len(tiles) * 74
