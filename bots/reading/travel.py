"""Journeys: been, away, back, never, planned; whose, where to, by what, and whether a key region was touched."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bots.reading.clauses import Clause, Token
from bots.reading.facts import Scene, Trip
from bots.reading.lexicon import word_set
from bots.reading.places import (
    Place,
    full_name,
    key_region_of,
    province_name,
    relation_to_home,
)
from bots.reading.routes import Mentions, Move
from bots.reading.walk import At, When

_CUES = ("go", "at", "back", "from", "out", "far", "stay", "trip_moment")


_TRAIN = re.compile(r"[gdcktzly]\d{1,4}")


_PLANE = re.compile(r"[a-z]{2}\d{3,4}|[a-z]\d[a-z]?\d{3}|\d[a-z]\d{3,4}")


_HOME_WORDS = word_set("travel", "home_words")


_GOODS = word_set("travel", "goods")


def find_moves(text: str, clauses: list[Clause], places: dict[int, At], scene: Scene) -> list[Move]:
    """Everything said about journeys, in order."""
    moves: list[Move] = []
    asked_place = scene.asked is not None and scene.asked.kind in ("place", "when_back", "when_left")
    for index, clause in enumerate(clauses):
        if clause.hypothetical or clause.hearsay:
            continue
        if clause.kinds.isdisjoint(_CUES) and not (asked_place and len(text) <= 24):
            continue
        if any(goods in clause.text for goods in _GOODS):
            continue  # 快递从武汉来的
        _Clause(text, clauses, index, places, scene, moves, asked_place).read()
    _transport(clauses, moves)
    return [_dated(move, scene) for move in moves]


def _transport(clauses: list[Clause], moves: list[Move]) -> None:
    for move in moves:
        if move.kind == "never":
            continue
        kind, number = "", ""
        for clause in clauses[max(0, move.clause - 1) : move.clause + 2]:
            for token in clause.tokens:
                if "transport" in token.roles and not kind:
                    kind = token.roles["transport"]
                if token.number is not None and token.number.kind == "code":
                    code = token.text.replace(" ", "").replace("-", "")
                    if _TRAIN.fullmatch(code):
                        kind, number = "train", code.upper()
                    elif _PLANE.fullmatch(code):
                        kind, number = "plane", code.upper()
        if kind or number:
            move.trip = replace(move.trip, transport=kind, transport_no=number)


def _dated(move: Move, scene: Scene) -> Move:
    """Apply the lookback and the key regions of the day."""
    today = scene.sent_at.date()
    horizon = today - timedelta(days=scene.lookback_days)
    trip = move.trip
    if move.kind == "been" and trip.returned_on is not None and trip.returned_on < horizon:
        move.counts, move.ask = False, ""
    if trip.code and move.counts and move.kind in ("been", "away"):
        region = key_region_of(trip.code, scene.key_regions, trip.left_on, trip.returned_on or today, scene.home)
        if region:
            move.trip = replace(trip, key_region=region)
    return move


class _Clause(Mentions):
    """Reads one clause."""

    def read(self) -> None:
        clause = self.clause
        found = self._places()
        if clause.asked and not clause.advice:
            return
        if any(self.text[token.end : token.end + 1] in ("人", "车") for token in self.row if "exposure" in token.roles):
            return
        used = False
        for place in found:
            used = self._place(place) or used
        if used:
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
        self._without_a_name()

    def _place(self, entry: tuple[Place, str, Token | None]) -> bool:
        place, tie, cue = entry
        here = self.places[cue.start] if cue is not None else self._here()
        when = self._when(cue, place)
        code = place.code
        relation = relation_to_home(code, self.scene.home)
        negated = self._negated(cue, place)
        if self._of_people(place):
            return True
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
        if tie in ("go", "at", "from", "via", "back", "asked"):
            self._away(place, tie, cue, here, when)
        return True

    def _at_home(self, tie: str, here: At, when: When) -> bool:
        """回到伊春: back from somewhere that may have been told before."""
        if self.back and tie in ("back", "go") and self.moves and self.moves[-1].kind in ("been", "away"):
            self._return_last(when)
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
            if base.place in ("", "老家", "外地") or not base.code:
                base = replace(base, place=trip.place, province=trip.province, code=trip.code)
            self.moves.append(
                Move("away" if base.away_now else "been", here.who, base, self.index, here.fresh, choices, ask)
            )
            return
        planned = self._planned(cue, when, place)
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
        if tie == "from" and cue is not None and cue.text.startswith("离开"):
            self._add("been", here, replace(trip, returned_on=self._day(when)), choices, ask, when)
            return
        if planned:
            self._add("planned", here, replace(trip, left_on=when.day), choices, ask)
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
            or (
                cue is not None
                and (
                    cue.text in ("到了", "抵达", "飞到", "来到", "带到", "搬到", "回了")
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
        if tie == "via":
            self._add(
                "been", here, replace(trip, left_on=self._day(when), returned_on=self._day(when)), choices, ask, when
            )
            return
        self._add(
            "been",
            here,
            replace(trip, left_on=self._day(when)),
            choices,
            ask or ("" if self.sentence_back else "when_back"),
            when,
        )

    def _without_a_name(self) -> None:
        clause = self.clause
        there = next((t for t in self.row if "at" in t.roles and self.text.startswith("那", t.end)), None)
        if there is not None and self.moves and self.moves[-1].kind in ("been", "away"):
            last = self.moves[-1]  # 现在还在那边
            last.kind, last.counts, last.ask = "away", True, "place" if last.ask == "place" else ""
            last.trip = replace(last.trip, away_now=True, returned_on=None)
            return
        far = next((t for t in self.row if "far" in t.roles), None)
        out = next((t for t in self.row if "out" in t.roles), None)
        if far is not None:
            cue = self._cue_before(far.start)
            after = next((t for t in self.row if t.start >= far.end), None)
            if cue is not None or (
                after is not None and ("back" in after.roles or "go" in after.roles or "negation" in after.roles)
            ):
                here = self.places[far.start]
                token = cue or after
                negated = any(
                    t.roles.get("negation") == "no" and -1 <= (token.start if token else far.start) - t.end <= 3
                    for t in self.row
                    if token is not None and t.end <= token.start
                ) or (after is not None and after.roles.get("negation") == "no")
                if negated:
                    self._move("never", here)
                    return
                when = self._when(cue, Place(far.start, far.end, far.text, ("",)))
                if self._planned(cue, when, Place(far.start, far.end, far.text, ("",))):
                    self._add("planned", here, Trip(far.text, left_on=when.day), (), "place")
                    return
                if (
                    self.back
                    and not self.not_yet
                    and (cue is None or "from" in cue.roles or self.back[-1].start > far.end)
                ):
                    self._add("been", here, Trip(far.text, returned_on=self._day(when)), (), "place", when)
                    return
                if (
                    cue is not None
                    and cue.text in ("去", "到", "往")
                    and not self._done(cue, Place(far.start, far.end, far.text, ("",)), when)
                ):
                    self._add("planned", here, Trip(far.text), (), "place")
                    return
                gone_now = cue is not None and (
                    "at" in cue.roles or (cue.text in ("回", "去", "回了", "到了") and not self.sentence_back)
                )
                self._add("away" if gone_now else "been", here, Trip(far.text, away_now=gone_now), (), "place", when)
                return
        if any(t.text in ("回老家", "回老家了") for t in self.row):
            token = next(t for t in self.row if t.text.startswith("回老家"))
            here = self.places[token.start]
            if any(t.roles.get("negation") == "no" and t.end == token.start for t in self.row):
                self._move("never", here)
            elif here.when.kind == "future" or any(
                "plan" in t.roles and t.end <= token.start and token.start - t.end <= 2 for t in self.row
            ):
                self._add("planned", here, Trip("老家"), (), "place")
            else:
                self._add(
                    "been" if self.sentence_back and self.back else "away",
                    here,
                    Trip("老家", away_now=not self.back),
                    (),
                    "place",
                    here.when,
                )
            return
        if out is not None:
            before = [t for t in self.row if t.end <= out.start]
            negation = next(
                (t for t in reversed(before) if t.roles.get("negation") in ("no",) and out.start - t.end <= 3), None
            )
            after = next((t for t in self.row if t.start >= out.end), None)
            if negation is not None or (
                after is not None and after.roles.get("negation") == "no" and after.start - out.end <= 2
            ):
                here = self.places[out.start]
                if here.when.kind not in ("future", "distant", "usual"):
                    self._move("never", here)
                return
            if out.text in (
                "离开本地",
                "离开过本地",
                "离开本区",
                "离开过本区",
                "离开本市",
                "离开过本市",
                "出市",
                "出省",
                "出区",
                "出过市",
                "出过省",
                "出过区",
                "出国",
                "出过国",
                "出境",
                "出远门",
                "出过远门",
                "出本市",
                "出本区",
                "离区",
                "离市",
                "离省",
            ):
                here = self.places[out.start]
                if not self._planned(out, here.when, Place(out.end, out.end, "", ("",))) and not clause.asked:
                    self._add(
                        "been",
                        here,
                        Trip(province="境外" if "国" in out.text or "境" in out.text else ""),
                        (),
                        "place",
                        here.when,
                    )
            return
        if self.not_yet or any("trip_moment" in t.roles for t in self.row):
            token = next(t for t in self.row if t.roles.get("back") == "not_yet" or "trip_moment" in t.roles)
            if self.moves and self.moves[-1].kind in ("been", "away") and self.moves[-1].clause >= self.index - 2:
                self.moves[-1].kind = "away"
                self.moves[-1].trip = replace(self.moves[-1].trip, away_now=True, returned_on=None)
                self.moves[-1].ask = self.moves[-1].ask if self.moves[-1].ask == "place" else ""
                return
            asked = self.scene.asked
            if asked is not None and asked.trip is not None and asked.trip.code:
                self._add(
                    "away", self.places[token.start], replace(asked.trip, away_now=True, returned_on=None), (), ""
                )
            elif "shop" not in clause.kinds:
                self._add("away", self.places[token.start], Trip(away_now=True), (), "place")
            return
        if self.back:
            self._bare_return()

    def _bare_return(self) -> None:
        token = self.back[-1]
        here = self.places[token.start]
        if (
            self.moves
            and self.moves[-1].kind in ("been", "away", "planned")
            and (here.who is None or not here.fresh or here.who == self.moves[-1].who)
        ):
            if here.when.kind == "future":
                self.moves[-1].kind = "away" if self.moves[-1].kind == "away" else self.moves[-1].kind
                self.moves[-1].trip = replace(self.moves[-1].trip, planned_return=here.when.day)
                return
            if self.moves[-1].kind != "planned":
                self._return_last(here.when)
            return
        if (
            "shop" in self.clause.kinds
            or token.text in ("回", "返校", "返", "回家", "到家", "回家了", "到家了", "回到家", "回到家了", "已回")
            or any("moment" in t.roles and "放学" in t.text for t in self.row)
        ) and not (self.clause.kinds & {"transport"}):
            return
        asked = self.scene.asked
        if asked is not None and asked.trip is not None:
            day = self._day(here.when)
            self.moves.append(
                Move(
                    "been",
                    here.who,
                    replace(asked.trip, returned_on=day or asked.trip.returned_on, away_now=False),
                    self.index,
                )
            )
            return
        if here.when.kind == "future" and token.text in ("回来", "返回", "回", "返程", "赶回来", "回春江"):
            if here.who is None or here.who.sure:
                self._add("away", here, Trip(away_now=True, planned_return=here.when.day), (), "place")
            return
        if (
            here.when.kind in ("day", "night", "recent")
            or self.clause.kinds & {"transport"}
            or token.text in ("刚回来", "返程")
        ):
            if any(
                t.text in ("下班", "上班", "买菜", "遛弯", "散步", "看病", "放学", "跑步", "锻炼") for t in self.row
            ) or re.search("下班|上班|买|遛|散步|看病|放学|上课|打针|补课|上学|跑步|玩", self.clause.text):
                return
            self._add("unknown_back", here, Trip(returned_on=self._day(here.when)), (), "place", here.when)

    def _return_last(self, when: When) -> None:
        last = self.moves[-1]
        day = self._day(when) if when.kind in ("day", "night", "recent") or when.said else None
        last.kind = "been"
        last.trip = replace(last.trip, returned_on=day or last.trip.returned_on, away_now=False)
        if last.ask == "when_back":
            last.ask = "" if last.trip.returned_on else "when_back"
        elif not last.ask and last.trip.returned_on is None:
            last.ask = "when_back"
        last.counts = day is not None or (last.counts and when.kind != "distant")
