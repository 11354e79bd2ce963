"""What the digits of a number amount to, and the likely value where they are a slip."""

from __future__ import annotations

from dataclasses import dataclass

DIGIT = "零一二三四五六七八九壹贰叁肆伍陆柒捌玖"

VALUE = {char: at % 10 for at, char in enumerate("零一二三四五六七八九")}

VALUE |= {char: at + 1 for at, char in enumerate("壹贰叁肆伍陆柒捌玖")}

VALUE |= {"两": 2, "幺": 1, "〇": 0}

NOT_READINGS = ("other", "date", "clock", "code")


@dataclass(slots=True)
class Number:
    """One number. `kind`: temperature, integer, confirm, implausible, fahrenheit, date, clock, other."""

    start: int
    end: int
    kind: str
    tenths: int = 0  # temperature, integer, confirm, fahrenheit: the value or the likely one
    degree: bool = False  # ℃ or 度 stands with it
    approximate: bool = False
    reason: str = ""
    text: str = ""


def digits_of(part: str) -> str:
    return "".join(char if char.isascii() else str(VALUE[char]) for char in part)


def cjk_integer(part: str) -> tuple[str, str]:
    """Digits of the whole degrees, and digits that follow at once (三十六五)."""
    first = part[0]
    if first in "卅卌":
        return ("3" if first == "卅" else "4") + (digits_of(part[1:2]) or "0"), ""
    if len(part) > 1 and part[1] in "十拾":
        return digits_of(first) + (digits_of(part[2:3]) or "0"), ""
    return digits_of(part), ""


def fraction_tenths(fraction: str) -> tuple[int, bool] | None:
    """Tenths (0–10) and whether it is approximate; None where it is no sensible fraction."""
    if fraction == "半":
        return 5, False
    if fraction[0].isascii():
        if len(fraction) == 1:
            return int(fraction), False
        if len(fraction) == 2:
            return (int(fraction) + 5) // 10, False
        return None
    value = digits_of(fraction)
    if len(value) == 1:
        return int(value), False
    if int(value[1]) == int(value[0]) + 1:  # 三十六度二三: about 36.2 to 36.3
        return int(value[1]), True
    return (int(value) + 5) // 10, False


def whole_number(digits: str, low: int, high: int) -> tuple[str, int]:
    """Kind and likely tenths of digits without a separator."""
    value = int(digits)
    if len(digits) == 2:
        if 36 <= value <= 42:
            return "integer", value * 10
        if value in (34, 35):
            return "confirm", value * 10
        if 93 <= value <= 99:
            return "fahrenheit", from_fahrenheit(value * 10)
        return "other", 0
    if len(digits) == 3:
        if low <= value <= high:
            return "confirm", value
        if 100 <= value <= 109:
            return "fahrenheit", from_fahrenheit(value * 10)
        if 930 <= value <= 999:
            return "fahrenheit", from_fahrenheit(value)
        return "other", 0
    if len(digits) == 4 and low * 10 <= value <= high * 10 + 9 and not 1900 <= value <= 2100:
        return "confirm", (value + 5) // 10
    return "other", 0


def from_fahrenheit(tenths: int) -> int:
    return ((tenths - 320) * 10 + 9) // 18


def decimal(whole: int, part: int, fraction: str, low: int, high: int) -> tuple[str, int]:
    """Kind and tenths of `whole.part`; the likely value where it is a slip."""
    tenths = whole * 10 + part
    if low <= tenths <= high:
        return "temperature", tenths
    if 930 <= tenths <= 1099:
        return "fahrenheit", from_fahrenheit(tenths)
    first = fraction[0] if fraction[0].isdigit() else str(part)
    if 30 <= whole <= 43:
        return "implausible", 0
    swapped = int(str(whole)[::-1]) * 10 + part if 10 < whole < 100 else 0
    if 350 <= swapped <= 420:  # 63.5
        return "confirm", swapped
    if whole in (3, 4) and len(fraction) == 2 and fraction.isdigit():  # 3.65
        moved = whole * 100 + int(fraction)
        if 350 <= moved <= 420:
            return "confirm", moved
    if 5 <= whole <= 9 and len(fraction) == 1:  # 6.5: the 3 is missing
        return "confirm", 300 + whole * 10 + int(first)
    if 50 <= whole < 100 and 5 <= whole % 10 <= 9:  # 66.5, 56.5: the wrong key
        return "confirm", 300 + whole % 10 * 10 + part
    if 340 <= whole <= 429 and len(fraction) >= 1:  # 366.5
        return "confirm", whole
    return "implausible", 0
