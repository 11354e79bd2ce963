"""Journeys of one clause: stayed, been, away, back, planned."""

from __future__ import annotations

import re
from dataclasses import replace

from bots.reading.clauses import Token
from bots.reading.elsewhere import Elsewhere
from bots.reading.facts import Trip
from bots.reading.places import (
    Place,
    full_name,
    place_at,
    province_name,
    relation_to_home,
)
from bots.reading.routes import UNDER_WAY, Move
from bots.reading.walk import At
from bots.reading.when import When
from bots.reading.who import Who

NOT_OUT = re.compile(
    r"(?:(?:没有?|未|不曾|从未|从没|未曾)(?:出|离开|离|走出|出去)过?|(?:一直|始终|全程|老老实实|老实|安心|乖乖|踏踏实实|天天|都)(?:(?:待|呆|住|留|生活)?在|住))"
    r"|(?P<off>不在|没在)"
)
# 小明一直跟他爸在家: at home all the time, with whomever
KEPT_IN = re.compile(
    r"(?:一直|始终|全程|天天|每天|整天|成天|整个假期|整个寒假|这些天|这阵子|这几天)[^，。没不未]{0,8}?在家里?(?![乡长具门])"
)
_PAST_YEAR = re.compile(r"20[0-2]\d年?")
_BUT = re.compile(r"除了?(?:去过?|到过?|回)?")
_LEFT_BEHIND = re.compile(r"留在?(?:了)?家|[放搁扔撂]在?(?:了)?家|没跟|没带|没去|托给|交给|[让由].{1,4}看着")
_RHETORICAL = ("这不", "可不", "不就")  # 这不还没回来么
_SOMEBODY_THERE = re.compile(r"[^，。:]{1,10}?的$")
_SOME = re.compile(r"有(?:个|人|些|几个|几户)?$")


class Journeys(Elsewhere):
    """Reads the journeys of one clause."""

    def read(self) -> None:
        clause = self.clause
        found = self._places()
        if clause.asked and not clause.advice and not clause.text.lstrip().startswith(_RHETORICAL):
            return
        if self.still_asked(found):
            return
        if (
            self.moves
            and self.moves[-1].clause == self.index - 1
            and _LEFT_BEHIND.search(clause.text)
            and "隔离" not in clause.text
        ):
            last = self.moves[-1]  # 去了哈尔滨的医院拿药，孩子留家里: who went was the writer
            if last.kind in ("been", "away") and last.who is None and "child" in clause.kinds:
                last.who = Who("self", role="other")
                return
        if self._never_left_home() or self._nowhere_but():
            return
        if any(self.text[token.end : token.end + 1] in ("人", "车") for token in self.row if "exposure" in token.roles):
            return
        used, before = False, len(self.moves)
        for place in found:
            used = self._place(place) or used
        if used and (len(self.moves) > before or "stay" not in clause.kinds):
            return
        for token in self.row:
            if "stay" in token.roles and token.roles["stay"] == "home":
                here = self.places[token.start]
                if here.when.kind not in ("future", "distant", "usual"):
                    self._move("never", here)
                return
            if token.roles.get("stay") == "not_here":
                self._move("away", self.places[token.start], Trip(token.text, away_now=True), ask="place")
                return
        if not found and (kept := KEPT_IN.search(clause.text)) is not None:
            self._move("never", self._before(clause.start + kept.start() + 1) or self._here())
            return
        if self.named_before():
            return
        if self.at_somebodys() or self.still_there():
            return
        self.without_a_name()

    def _never_left_home(self) -> bool:
        """没出伊春, 一直在春江: told with the name of home."""
        for match in NOT_OUT.finditer(self.text, self.clause.start, self.clause.end):
            place = place_at(self.text, match.end(), self.scene.home) if match.end() < len(self.text) else None
            if place is None and self._short_for_home(match):
                self._move("never", self._here())
                return True  # 未离伊
            if place is None or place.end > self.clause.end:
                continue
            if relation_to_home(place.code, self.scene.home) not in ("inside", "home_city", "home_province"):
                continue
            here = self._here()
            if here.when.kind in ("future", "distant", "usual"):
                return False
            here = self._before(match.start()) or here
            if match["off"]:
                self._move("away", here, Trip(away_now=True), ask="place")
            else:
                self._move("never", here)
            return True
        return False

    def _before(self, at: int) -> At | None:
        """What holds at the last word before a place in the clause: 小明小红都没出过春江区 is about both."""
        before = [token for token in self.row if token.start < at]
        return self.places[before[-1].start] if before else None

    def _short_for_home(self, match: re.Match[str]) -> bool:
        """Whether the city of home is named by its first letter alone, with nothing behind it."""
        city = self.scene.home.city[:1]
        rest = self.text[match.end() : self.clause.end]
        return bool(city) and not match["off"] and rest.strip("。 了的") == city and "在" not in match[0]

    def _nowhere_but(self) -> bool:
        """除了武汉哪也没去: been there, and nowhere else."""
        match = _BUT.search(self.clause.text)
        if match is None or "stay" not in self.clause.kinds:
            return False
        at = self.clause.start + match.end()
        place = place_at(self.text, at, self.scene.home) if at < self.clause.end else None
        if place is None or relation_to_home(place.code, self.scene.home) != "away":
            return False
        choices = () if place.sure else tuple(full_name(code) for code in place.codes[:6])
        trip = Trip(
            self.text[place.start : place.end],
            province_name(place.code) if place.sure else "",
            place.code if place.sure else "",
        )
        self._add("been", self._here(), trip, choices, "when_back" if place.sure else "place")
        return True

    def _place(self, entry: tuple[Place, str, Token | None]) -> bool:
        place, tie, cue = entry
        here = self.places[cue.start] if cue is not None else self._here()
        when = self._when(cue, place)
        code = place.code
        relation = relation_to_home(code, self.scene.home)
        negated = self._negated(cue, place)
        if self._of_people(place) or self._where_somebody_is(place, tie):
            self._hometown(place)
            return True
        first = cue.start if cue is not None and cue.start < place.start else place.start
        if (
            tie == "at"
            and cue is not None
            and cue.text == "在"
            and any("kin" in t.roles and t.end == first - 1 for t in self.row)
            and self.text[first - 1] == "家"
            and not any("at" in t.roles for t in self.row if t.end <= first)
        ):
            return True  # 他姑姑家在武汉: where they live
        if _SOME.search(self.text[self.clause.start : first]) and self.clause.text.rstrip(" 了").endswith(("的", "人")):
            return True  # 小区有从武汉回来的
        if any(_PAST_YEAR.fullmatch(t.text) and int(t.text[:4]) < self.scene.sent_at.year for t in self.row) or (
            (year := _PAST_YEAR.search(self.clause.text)) and int(year[0][:4]) < self.scene.sent_at.year
        ):
            return True  # 2019年从武汉搬来的
        if negated:
            if (
                tie in ("from",)
                and cue is not None
                and cue.text.startswith("离开")
                and relation in ("inside", "home_city", "home_province")
            ):
                self._move("never", here)
            return True
        if relation == "inside" or relation in ("home_city", "home_province"):
            if tie == "from" and cue is not None and cue.text.startswith("离开"):
                self._move("away", here, Trip(away_now=True), ask="place")
            return self._at_home(tie, here, when)
        if tie in ("go", "at", "from", "via", "back", "asked", "route"):
            self._away(place, tie, cue, here, when)
        return True

    def _hometown(self, place: Place) -> None:
        """孩子跟我回娘家了，娘家在通河: the place of the journey told before."""
        last = self.moves[-1] if self.moves else None
        far = self.text[place.start - 3 : place.start - 1]
        if last is not None and last.kind in ("been", "away") and not last.trip.code and last.trip.place == far:
            last.trip = replace(
                last.trip,
                place=self.text[place.start : place.end],
                province=province_name(place.code) if place.sure else "",
                code=place.code if place.sure else "",
            )
            last.ask = "" if place.sure else "place"

    def _where_somebody_is(self, place: Place, tie: str) -> bool:
        """在上海念书的表姐: where she is, told in passing."""
        somebody = next((t for t in self.row if t.start > place.end and not {"kin", "other"}.isdisjoint(t.roles)), None)
        return (
            tie in ("at", "from", "go")
            and somebody is not None
            and _SOMEBODY_THERE.fullmatch(self.text, place.end, somebody.start) is not None
            and not any(t.keys or "child" in t.roles for t in self.row if place.end < t.start < somebody.start)
        )

    def _at_home(self, tie: str, here: At, when: When) -> bool:
        """回到伊春: back from somewhere that may have been told before."""
        if self.back and tie in ("back", "go") and self.moves and self.moves[-1].kind in ("been", "away"):
            self.return_last(when)
        return True

    def _away(self, place: Place, tie: str, cue: Token | None, here: At, when: When) -> None:
        sure = place.sure
        choices = () if sure else tuple(full_name(code) for code in place.codes[:6])
        trip = Trip(place.name, province_name(place.code) if sure else "", place.code if sure else "")
        trip = replace(trip, place=self.text[place.start : place.end])
        self.scene.sent_at.date()
        ask = "" if sure else "place"
        returned = bool(self.back) and not self.not_yet
        if tie == "asked":
            base = self.scene.asked.trip if self.scene.asked and self.scene.asked.trip else Trip(away_now=True)
            within = f"{place.name}{base.place}"  # 朝阳, and then: 辽宁的
            if base.place and not base.code and self.scene.asked and self.scene.asked.choices:
                narrowed = place_at(within, 0, self.scene.home)
                if narrowed is not None and narrowed.end == len(within) and narrowed.sure:
                    trip = replace(trip, place=within, province=province_name(narrowed.code), code=narrowed.code)
                    choices, ask = (), ""
            if base.place in ("", "老家", "外地") or not base.code:
                base = replace(base, place=trip.place, province=trip.province, code=trip.code)
            self.moves.append(
                Move("away" if base.away_now else "been", here.who, base, self.index, here.fresh, choices, ask)
            )
            return
        planned = self._planned(cue, when, place)
        if tie == "route" and not planned:
            trip = replace(trip, returned_on=self._day(when))
            self._add("been", here, trip, choices, ask or ("when_back" if trip.returned_on is None else ""), when)
            return
        if (tie == "from" and (returned or "back" in self.clause.kinds)) or (
            tie == "from"
            and cue is not None
            and cue.text in ("从", "自", "打", "由", "来自")
            and not self._goes_on(place)
        ):
            if planned or when.kind == "future":
                trip = replace(trip, away_now=True, planned_return=when.day)
                self._add("away", here, trip, choices, ask)
                return
            trip = replace(trip, returned_on=self._ago(place) or self._day(when))
            self._add("been", here, trip, choices, ask or ("when_back" if trip.returned_on is None else ""), when)
            return
        if tie == "from" and (cue.text.startswith("离开") if cue is not None else self.text[place.start - 1] == "离"):
            self._add("been", here, replace(trip, returned_on=self._day(when)), choices, ask, when)
            return
        if planned:
            self._add("planned", here, replace(trip, left_on=when.day), choices, ask)
            return
        if tie == "via" or (tie == "at" and any(t.roles.get("go") == "via" and t.start >= place.end for t in self.row)):
            day = self._day(when)
            self._add("been", here, replace(trip, left_on=day, returned_on=day), choices, ask, when)
            self.moves[-1].via = True
            return
        if tie == "at":
            when = here.when
            past = (
                when.kind in ("day", "recent", "season", "distant", "night")
                and when.moment != "ongoing"
                and self._was(cue, place)
            )
            if past:
                self._add("been", here, replace(trip, left_on=self._day(when)), choices, ask or "when_back", when)
            else:
                self._add("away", here, replace(trip, away_now=True), choices, ask)
            return
        if tie == "back":
            self._add("away", here, replace(trip, away_now=True, left_on=self._day(when)), choices, ask, when)
            return
        done = self._done(cue, place, when)
        if not done:
            self._add("planned", here, replace(trip, left_on=when.day), choices, "when_left" if sure else ask)
            return
        if (
            self.not_yet
            or (not self.back and UNDER_WAY.search(self.text, place.end, self.clause.end))
            or (
                cue is not None
                and (
                    cue.text in ("刚落地", "落地", "到了", "抵达", "飞到", "来到", "带到", "搬到", "回了")
                    or (cue.text == "到" and "刚" in self.text[self.clause.start : cue.start])
                )
                and not self.sentence_back
            )
            or (
                self.text[place.end : place.end + 1] == "了"
                and not self.sentence_back
                and cue is not None
                and cue.text in ("去", "到", "回", "飞", "前往", "赴", "回到", "带去", "送到")
            )
        ):
            self._add("away", here, replace(trip, away_now=True, left_on=self._day(when)), choices, ask, when)
            return
        if returned and self.back[-1].start > place.end:
            back_when = self.places[self.back[-1].start].when
            go_when = self.places[cue.start].when if cue is not None else when
            left = self._day(go_when) if go_when != back_when or go_when.kind == "recent" else None
            trip = replace(trip, left_on=left, returned_on=self._day(back_when))
            self._add("been", here, trip, choices, ask or ("when_back" if trip.returned_on is None else ""), back_when)
            return
        self._add(
            "been",
            here,
            replace(trip, left_on=self._day(when)),
            choices,
            ask or ("" if self.sentence_back else "when_back"),
            when,
        )
