"""The morning of everybody who is not on the page: other parents answer, other teachers confirm.

Who plays what is told when users are created (`plays`, `children`); what they write and how often is data
(data/morning.json): shares of moods, temperatures in tenths of °C, and texts about one child, several, or oneself (for
users without children). All of it is drawn from a seed.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.sandbox.phones.deeds import CannotDo, Deeds
from app.sandbox.platform.people import Person
from app.sandbox.platform.world import World

_DATA = Path(__file__).resolve().parents[1] / "data" / "morning.json"


def read_morning() -> dict[str, Any]:
    """The acts that come with the stand-in."""
    return dict(json.loads(_DATA.read_text(encoding="utf-8")))


class Morning:
    """Plays acts for one world. An act skips those on the page, and those who already had their part in it today."""

    def __init__(self, world: World, script: Mapping[str, Any]) -> None:
        self._world = world
        self._deeds = Deeds(world)
        self._acts: dict[str, Mapping[str, Any]] = {str(act["id"]): act for act in script["acts"]}
        self._parallel = int(script.get("parallel", 8))
        self._rng = random.Random(f"morning {world.settings.seed}")
        self._playing = asyncio.Lock()
        self._played: dict[str, str] = {}

    def labels(self) -> list[dict[str, str]]:
        """The acts for the page: id and label."""
        return [{"id": name, "label": str(act["label"])} for name, act in self._acts.items()]

    async def play(self, name: str) -> dict[str, int]:
        """Play one act to its end: how many were asked, wrote, stayed quiet, and how their pushes ended.

        Raises LookupError for an act that does not exist.
        """
        act = self._acts.get(name)
        if act is None:
            raise LookupError(f"no act is called {name}")
        async with self._playing:
            lines = {person.openid: self._lines(act, person) for person in self._players(act)}
            total = len(lines)
            tally: Counter[str] = Counter(asked=total, quiet=sum(not texts for texts in lines.values()))
            self._tell(name, "started", tally)
            slots = asyncio.Semaphore(self._parallel)

            async def one(openid: str, texts: list[str]) -> None:
                async with slots:
                    self._played[f"{name} {openid}"] = self._today()
                    for text in texts:
                        try:
                            outcome = await self._deeds.text(self._world.people.find(openid), text)
                        except CannotDo:
                            tally["gone"] += 1
                            return
                        tally[outcome.outcome] += 1
                    tally["answered"] += 1
                    if tally["answered"] % 20 == 0:
                        self._tell(name, "playing", tally)

            await asyncio.gather(*(one(openid, texts) for openid, texts in lines.items() if texts))
            self._tell(name, "done", tally)
            return dict(tally)

    def _players(self, act: Mapping[str, Any]) -> list[Person]:
        on_page = {str(member["openid"]) for member in self._world.cast}
        return [
            person
            for person in self._world.people.all()
            if person.plays in act["plays"]
            and person.following
            and person.openid not in on_page
            and self._played.get(f"{act['id']} {person.openid}") != self._today()
        ]

    def _today(self) -> str:
        return f"{self._world.clock.now().astimezone(self._world.zone):%Y-%m-%d}"

    def _lines(self, act: Mapping[str, Any], person: Person) -> list[str]:
        if self._rng.random() < float(act.get("silent", 0)):
            return []
        if "sequence" in act:
            return [str(text) for text in act["sequence"]]
        moods = list(act["moods"])
        mood = self._rng.choices(moods, weights=[float(one["share"]) for one in moods])[0]
        names = person.children
        whose = "several" if len(names) > 1 else "one" if names else "self"
        text = str(self._rng.choice(list(mood[whose])))
        # The second child of a family with something to tell is well.
        calm = moods[0]
        return [
            text.format(
                t=self._reading(mood),
                t2=self._reading(calm),
                name=names[0] if names else "",
                name2=names[1] if len(names) > 1 else "",
            )
        ]

    def _reading(self, mood: Mapping[str, Any]) -> str:
        tenths = self._rng.randint(int(mood["low"]), int(mood["high"]))
        return f"{tenths // 10}.{tenths % 10}"

    def _tell(self, name: str, state: str, tally: Counter[str]) -> None:
        self._world.feed.tell("act", id=name, state=state, **tally)
