"""Small pieces of text the reporting chain's sentences are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import lru_cache

from bots.wording.health import degrees, symptoms
from models.rules.check_in import Health
from models.rules.district import District
from models.rules.figures import Figures

#: How many names a message lists before it says how many more there are.
NAMES_SHOWN = 30


def names(called: Iterable[str], shown: int = NAMES_SHOWN, counted: str = "人") -> str:
    """ "林林、王乐乐", with how many in all where the list is cut; counted: what they are counted in (人, 所, 个班)."""
    listed = list(called)
    cut = "、".join(listed[:shown])
    return cut if len(listed) <= shown else f"{cut} 等{len(listed)}{counted}"


def clock(district: District, moment: datetime) -> str:
    """The moment on the district's clock, "09:42"."""
    return _clock(district.zone, moment)


@lru_cache(maxsize=256)
def _clock(zone: tzinfo, moment: datetime) -> str:
    """A large occasion says one moment a hundred thousand times."""
    return f"{moment.astimezone(zone):%H:%M}"


def health_words(health: Health | None) -> str:
    """What was reported of somebody, "38.2℃ 咳嗽"; empty where nothing was."""
    if health is None:
        return ""
    parts = ["" if health.tenths is None else degrees(health.tenths), symptoms(health.symptoms)]
    return " ".join(part for part in parts if part)


def lines(*parts: str | None) -> str:
    """The lines that say something, one below the other."""
    return "\n".join(part for part in parts if part)


def new_cases(figures: Figures) -> str:
    """How many of the cases are new today; empty where there are none at all (domain handbook 6.5: two numbers)."""
    if not (figures.suspected or figures.confirmed or figures.close_contact):
        return ""
    new = figures.new_suspected + figures.new_confirmed + figures.new_close_contact
    return f"（今日新增{new}人）"
