"""Journeys whose place stands in the clause beside: 孩子在姑姑家，沈阳的; 襄阳封了，孩子还在那; 合肥的，昨晚到家."""

from __future__ import annotations

import re
from dataclasses import replace

from bots.reading.clauses import Token
from bots.reading.facts import Trip
from bots.reading.places import (
    Place,
    full_name,
    part_of_longer_name,
    place_at,
    province_name,
    relation_to_home,
)
from bots.reading.routes import Move
from bots.reading.unnamed import STILL, Unnamed

# Where somebody is, without the place's name: 姑姑家, 她爸那, 外头, 老家
_SOMEWHERE = re.compile(r"[^，]{0,8}?(?:家|那儿?|那边|那里|外头|外面|外边|老家)(?:里|住着|呢|了|住)*(?:没回来?)?\s*$")
_HOST_LIVES = re.compile(r"\s*[^，在住]{0,5}家(?:就|是|也)?(?:在|住在?)")  # 孩子去他大伯家了，大伯家在富锦
_THERE = re.compile(r"(?:还|都|一直|仍|仍然|也)(?:滞留|留|住|待|呆)?在(?:那|那儿|那边|那里|当地)(?:呢|没回来?)?\s*$")


class Elsewhere(Unnamed):
    """Reads a clause whose place is named by its neighbour."""

    def at_somebodys(self) -> bool:
        """孩子在姑姑家，沈阳的; 铁力的，在姑姑家住着: the place stands in the clause beside."""
        cue = next((t for t in self.row if not {"at", "go"}.isdisjoint(t.roles)), None)
        if cue is None or (
            not ("at" in cue.roles and "家" in self.text[cue.end : cue.end + 6])
            and not _SOMEWHERE.match(self.text, cue.end, self.clause.end)
        ):
            return False
        if "at" not in cue.roles and (
            "了" not in self.clause.text or not {"plan", "negation"}.isdisjoint(self.clause.kinds)
        ):
            return False
        here = self.places[cue.start]
        if here.who is not None and not here.who.sure and here.fresh and here.mention < cue.start:
            return False
        for near in (self.index - 1, self.index + 1):
            if not 0 <= near < len(self.clauses):
                continue
            clause = self.clauses[near]
            host = _HOST_LIVES.match(clause.text)
            start = clause.start + (host.end() if host else len(clause.text) - len(clause.text.lstrip(" 是在")))
            place = place_at(self.text, start, self.scene.home) if start < clause.end else None
            if place is not None and place.end < clause.end:
                within = place_at(self.text, place.end, self.scene.home)  # 吉林松原
                place = within if within is not None and within.code[:2] == place.code[:2] else place
            if (
                place is None
                or clause.sentence != self.clause.sentence
                or self.text[place.end : clause.end].strip(" ") not in ("", "的", "那边", "那边的", "那")
                or relation_to_home(place.code, self.scene.home) != "away"
            ):
                continue
            trip = Trip(
                self.text[place.start : place.end],
                province_name(place.code) if place.sure else "",
                place.code if place.sure else "",
                away_now=True,
            )
            who = None if here.who is not None and not here.who.sure else here.who
            choices = () if place.sure else tuple(full_name(code) for code in place.codes[:6])
            self.moves.append(Move("away", who, trip, self.index, here.fresh, choices, "" if place.sure else "place"))
            return True
        return False

    def still_there(self) -> bool:
        """襄阳那边封了，孩子还在那: the place is that of the clause before."""
        if not self.index or self.moves or not _THERE.search(self.clause.text) or "negation" in self.clause.kinds:
            return False
        before = self.clauses[self.index - 1]
        if before.sentence != self.clause.sentence or before.asked or before.hypothetical or before.hearsay:
            return False
        for at in range(before.start, before.end):
            place = place_at(self.text, at, self.scene.home)
            if place is None or place.end > before.end or not place.sure:
                continue
            if relation_to_home(place.code, self.scene.home) != "away" or part_of_longer_name(self.text, place):
                return False
            mine = any(t.keys is not None or not {"child", "pronoun", "self"}.isdisjoint(t.roles) for t in self.row)
            here = self._here()
            trip = Trip(self.text[place.start : place.end], province_name(place.code), place.code, away_now=True)
            self.moves.append(Move("away", None if mine else here.who, trip, self.index, here.fresh))
            return True
        return False

    def still_asked(self, found: list[tuple[Place, str, Token | None]]) -> bool:
        """回来要隔离吗，从上海: what only completes the question before it."""
        before = self.clauses[self.index - 1] if self.index else None
        return bool(
            before is not None
            and before.asked
            and before.sentence == self.clause.sentence
            and not self.back
            and len(found) == 1
            and all(t is found[0][2] or t.start >= found[0][0].start for t in self.row)
            and found[0][1] == "from"
            and found[0][0].end >= self.clause.end - 1
        )

    def named_before(self) -> bool:
        """恩施利川，2月23日离开; 合肥的，昨晚开车到家: the place stands alone in the clause before the return."""
        leaving = next((t for t in self.row if "from" in t.roles and t.text.startswith("离开")), None)
        if (
            (not self.back and leaving is None and not (self.not_yet and STILL.search(self.clause.text)))
            or self.moves
            or not self.index
        ):
            return False
        if leaving is not None and self.text[leaving.end : self.clause.end].strip("了的 "):
            return False
        for earlier in range(self.index - 1, max(-1, self.index - 3), -1):
            clause = self.clauses[earlier]
            if (
                clause.asked
                or clause.hypothetical
                or clause.hearsay
                or not {"negation", "plan"}.isdisjoint(clause.kinds)
            ):
                continue
            for at in range(clause.start, clause.end):
                place = place_at(self.text, at, self.scene.home)
                if place is None or place.end > clause.end:
                    continue
                rest = self.text[place.end : clause.end].strip(" 那边这的家老")
                if rest or relation_to_home(place.code, self.scene.home) != "away":
                    break
                cue = self.back[-1] if self.back else leaving
                here = self.places[cue.start] if cue is not None else self._here()
                if here.who is not None and here.who.kind in ("kin", "self", "outsider") and here.fresh:
                    return False
                trip = Trip(
                    self.text[place.start : place.end],
                    province_name(place.code) if place.sure else "",
                    place.code if place.sure else "",
                )
                choices = () if place.sure else tuple(full_name(code) for code in place.codes[:6])
                ask = "" if place.sure else "place"
                if self.not_yet:
                    self._add("away", here, replace(trip, away_now=True), choices, ask)
                else:
                    day = self._day(here.when)
                    self._add(
                        "been", here, replace(trip, returned_on=day), choices, ask or ("" if day else "when_back")
                    )
                return True
        return False
