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
    part_of_longer_name,
    place_at,
    place_letters,
    province_name,
    relation_to_home,
)
from bots.reading.routes import BOOKED, Mentions, Move
from bots.reading.walk import At, When

_NOT_OUT = re.compile(
    r"(?:(?:没有?|未|不曾|从未|从没|未曾)(?:出|离开|离|走出|出去)过?|(?:一直|始终|全程|老老实实|天天|都)(?:待|呆|住|留)?在)"
    r"|(?P<off>不在|没在)"
)
# What may stand before a place that opens a clause: dates, whom, where to.
_OPENING = re.compile(
    r"[\s:是在由随老家住去从到自打的]*(?:\d{1,4}[-./月号日年]?)*[\s至~-]*(?:孩子|小孩|娃|我们|咱们|俺们|我家|他|她)?[\s是在由从到去]*"
)
_SOMEBODYS = re.compile(
    r"(?:他|她|我|孩子)?(?:爷爷|奶奶|姥姥|姥爷|外婆|外公|爷|奶|叔叔|叔|姑姑|姑|大姑|小姑|姨|老姨|大姨|小姨|二姨|舅舅|舅|大舅|老舅|伯伯|大伯|亲戚|老丈人|婆婆|公婆|丈母娘|岳母|娘|表哥|表姐|老)?家"
)
_BEEN = re.compile(
    r"滑雪|旅游|玩了|泡温泉|探亲|参加|比赛|住院|出差|培训|集训|回|返|到家|到的?(?:春江|伊春|家)|抵|落地|出院|来的|过来|去的|去过|借读|转来|插班|上的?车|[日号天晚早]到|→|—"
)
_AWAY = re.compile(r"住着|住了|住呢|待着|呆着|待了|呆了|没回|还没|没走|隔离")
_EVIDENCE = re.compile(f"{_BEEN.pattern}|{_AWAY.pattern}|-")
_SHORTEST_TOLD = 3  # 武汉回
_OTHERWISE = re.compile(r"[不没]|吗|加油|菜|味|人|话|口音|电视|新闻|路|街|大学|牌|产")
_STRANGERS = re.compile(r"(?:返回|回来|来|返乡)?(?:的)?(?:人员|亲戚|客人|朋友)")
_TO_THEM = re.compile(r"去(?:看|找|陪|探望|那|他|她)|过去|看望")
_PAST_YEAR = re.compile(r"20[0-2]\d年?")
_BUT = re.compile(r"除了?(?:去过?|到过?|回)?")
_STILL = re.compile(r"还|来|返|尚")
_THIS_YEAR = re.compile(r"今年|过年|春节|好几年|多年|一直没")
_SETTLED = frozenset(("negation", "negated", "kin", "other", "plan", "future", "stay", "exposure", "compare"))
_PEOPLE_OF = ("人", "的", "大学", "加油", "疫情", "肺炎", "籍", "户口", "口音")
_NOW = ("现在", "目前", "眼下", "人")
_RIDES = ("出差", "旅游", "旅行", "度假", "旅")
# How a place was touched, the weaker last: where several were, the strongest names the province.
_SOME = re.compile(r"有(?:个|人|些|几个|几户)?$")


_CUES = ("go", "at", "back", "from", "out", "far", "stay", "trip_moment")


_TRAIN = re.compile(r"[gdcktzly]\d{1,4}")


_PLANE = re.compile(r"[a-z]{2}\d{3,4}|[a-z]\d[a-z]?\d{3}|\d[a-z]\d{3,4}")


_HOME_WORDS = word_set("travel", "home_words")


_GOODS = re.compile("|".join(map(re.escape, sorted(word_set("travel", "goods")))))


def find_moves(text: str, clauses: list[Clause], places: dict[int, At], scene: Scene) -> list[Move]:
    """Everything said about journeys, in order."""
    moves: list[Move] = []
    asked_place = scene.asked is not None and scene.asked.kind in ("place", "when_back", "when_left")
    for index, clause in enumerate(clauses):
        if clause.hypothetical or clause.hearsay:
            continue
        if (
            clause.kinds.isdisjoint(_CUES)
            and not (asked_place and len(text) <= 24)
            and not ("negation" in clause.kinds and _NOT_OUT.search(clause.text))
            and not (len(clause.text) <= 9 and clause.text.lstrip().startswith(_NOW))
        ):
            continue
        if _GOODS.search(clause.text):
            continue  # 快递从武汉来的
        if "转学" in clause.text:
            continue
        _Clause(text, clauses, index, places, scene, moves, asked_place).read()
    if (
        len(text) > _SHORTEST_TOLD
        and all(move.kind in ("planned", "never", "unknown_back") and not move.trip.code for move in moves)
        and _EVIDENCE.search(text)
    ):
        _leftover(text, clauses, places, scene, moves)
    if scene.key_regions and not any(move.trip.code for move in moves):
        _doubtful(text, clauses, places, scene, moves)
    _transport(clauses, moves)
    return [_dated(move, scene) for move in moves]


def _doubtful(text: str, clauses: list[Clause], places: dict[int, At], scene: Scene, moves: list[Move]) -> None:
    """A place in a key region beside words of travel that no rule tied together: asked, never passed over."""
    today = scene.sent_at.date()
    letters = place_letters(scene.home)
    for index, clause in enumerate(clauses):
        if (
            clause.asked
            or clause.hypothetical
            or clause.hearsay
            or clause.kinds.isdisjoint(_CUES)
            or not _SETTLED.isdisjoint(clause.kinds)
            or _GOODS.search(clause.text)
        ):
            continue
        at = clause.start
        while at < clause.end:
            place = place_at(text, at, scene.home) if text[at] in letters else None
            if place is None or place.end > clause.end or part_of_longer_name(text, place):
                at += 1
                continue
            at = place.end
            region = key_region_of(place.code, scene.key_regions, None, today, scene.home)
            if not region or BOOKED.match(text, place.end) or text.startswith(_PEOPLE_OF, place.end):
                continue
            here = places[clause.tokens[0].start]
            if here.when.kind in ("distant", "future", "usual"):
                continue
            trip = Trip(text[place.start : place.end], province_name(place.code), place.code, key_region=region)
            moves.append(
                Move("unknown_back", None if here.who is None or here.who.sure else here.who, trip, index, ask="place")
            )
            return


def _leftover(text: str, clauses: list[Clause], places: dict[int, At], scene: Scene, moves: list[Move]) -> None:
    """A place that no verb ties in, with words of having been there behind it: 通辽奶奶家，住了半个月，昨天刚回."""
    for clause in clauses[:6]:
        if clause.asked or clause.hypothetical or clause.hearsay or _GOODS.search(clause.text):
            continue
        opening = _OPENING.match(text, clause.start, clause.end)
        at = opening.end() if opening else clause.start
        place = place_at(text, at, scene.home) if at < clause.end else None
        if place is None or relation_to_home(place.code, scene.home) != "away":
            continue
        home_of = _SOMEBODYS.match(text, place.end)
        behind = text[home_of.end() if home_of else place.end : place.end + 40]
        if part_of_longer_name(text, place) and not home_of:
            continue
        been, away = _BEEN.search(behind), _AWAY.search(behind)
        if behind[:1] in ("-", "~") and place_at(text, place.end + 1, scene.home) is not None:
            been = been or _BEEN.match("→")  # 武汉-哈尔滨-伊春
        if (been is None and away is None) or _OTHERWISE.search(behind[:12]):
            continue
        if any(t.roles.get("plan") or "future" in t.roles for t in clause.tokens):
            continue
        rows = [t for t in clause.tokens if t.start >= place.start]
        before = [t for t in clause.tokens if t.end <= place.start]
        here = (
            places[before[-1].start]
            if before
            else (places[rows[0].start] if rows else At(None, When(), -1, False, False))
        )
        who = here.who if before or here.who is None or here.who.sure else None
        days = [
            places[t.start].when
            for near in clauses
            for t in near.tokens
            if t.start >= clause.start
            and places[t.start].when.kind in ("day", "night", "recent")
            and places[t.start].when.said
        ]
        returned = days[-1].day if days and been is not None else None
        trip = Trip(
            text[place.start : place.end],
            province_name(place.code) if place.sure else "",
            place.code if place.sure else "",
            returned_on=returned,
            away_now=been is None,
        )
        ask = "" if place.sure else "place"
        choices = () if place.sure else tuple(full_name(code) for code in place.codes[:6])
        moves[:] = [move for move in moves if move.kind == "never"]
        moves.append(
            Move(
                "been" if been is not None else "away",
                who,
                trip,
                clauses.index(clause),
                here.fresh,
                choices,
                ask or ("when_back" if been is not None and returned is None else ""),
            )
        )
        return


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
    if trip.code and (move.counts or move.ask) and move.kind in ("been", "away"):
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
        if self._still_asked(found):
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
        if self._named_before():
            return
        if self._at_somebodys():
            return
        self._without_a_name()

    def _at_somebodys(self) -> bool:
        """孩子在姑姑家，沈阳的; 铁力的，在姑姑家住着: the place stands in the clause beside."""
        cue = next((t for t in self.row if "at" in t.roles), None)
        if cue is None or "家" not in self.text[cue.end : cue.end + 6]:
            return False
        here = self.places[cue.start]
        if here.who is not None and not here.who.sure and here.fresh and here.mention < cue.start:
            return False
        for near in (self.index - 1, self.index + 1):
            if not 0 <= near < len(self.clauses):
                continue
            clause = self.clauses[near]
            start = clause.start + len(clause.text) - len(clause.text.lstrip(" 是在"))
            place = place_at(self.text, start, self.scene.home) if start < clause.end else None
            if (
                place is None
                or clause.sentence != self.clause.sentence
                or self.text[place.end : clause.end].strip(" ") not in ("的", "那边", "那边的", "那")
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

    def _still_asked(self, found: list[tuple[Place, str, Token | None]]) -> bool:
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

    def _never_left_home(self) -> bool:
        """没出伊春, 一直在春江: told with the name of home."""
        for match in _NOT_OUT.finditer(self.text, self.clause.start, self.clause.end):
            place = place_at(self.text, match.end(), self.scene.home) if match.end() < len(self.text) else None
            if place is None or place.end > self.clause.end:
                continue
            if relation_to_home(place.code, self.scene.home) not in ("inside", "home_city", "home_province"):
                continue
            here = self._here()
            if here.when.kind in ("future", "distant", "usual"):
                return False
            if match["off"]:
                self._move("away", here, Trip(away_now=True), ask="place")
            else:
                self._move("never", here)
            return True
        return False

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

    def _named_before(self) -> bool:
        """恩施利川，2月23日离开; 合肥的，昨晚开车到家: the place stands alone in the clause before the return."""
        leaving = next((t for t in self.row if "from" in t.roles and t.text.startswith("离开")), None)
        if (
            (not self.back and leaving is None and not (self.not_yet and _STILL.search(self.clause.text)))
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

    def _place(self, entry: tuple[Place, str, Token | None]) -> bool:
        place, tie, cue = entry
        here = self.places[cue.start] if cue is not None else self._here()
        when = self._when(cue, place)
        code = place.code
        relation = relation_to_home(code, self.scene.home)
        negated = self._negated(cue, place)
        if self._of_people(place):
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
        if tie == "from" and cue is not None and cue.text.startswith("离开"):
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
        if far is not None and _STRANGERS.match(self.text, far.end, clause.end):
            far = None  # 无外地返回人员接触
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
        if (
            out is not None
            and "史" in out.text
            and any(
                place_at(self.text, at, self.scene.home) is not None
                for at in range(max(clause.start, out.start - 5), out.start)
                if (found_at := place_at(self.text, at, self.scene.home)) is not None and found_at.end == out.start
            )
        ):
            return  # 没有武汉旅居史
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
                "出了省",
                "出了市",
                "出了区",
                "出了县",
                "出了国",
                "出了趟远门",
                "出了一趟远门",
                "出了次远门",
                "出趟远门",
                "出了远门",
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
        if self.not_yet and _THIS_YEAR.search(clause.text) and not _STILL.search(clause.text):
            return  # 今年没回
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
        if self._arrived():
            return
        ride = next((t for t in self.row if t.text in _RIDES), None)
        if ride is not None and (self.back or "了" in self.clause.text[ride.end - self.clause.start :][:3]):
            if not self.moves and self.places[ride.start].when.kind not in ("future", "distant", "usual"):
                here = self.places[ride.start]
                self._add("been", here, Trip(ride.text, returned_on=self._day(here.when)), (), "place", here.when)
            return
        if self.back:
            self._bare_return()

    def _arrived(self) -> bool:
        """去浙江看姥姥，刚到: arrived there. 寒假在湖北老家，昨天才到: arrived here."""
        if not self.moves or self.moves[-1].clause != self.index - 1 or self.back:
            return False
        arriving = next((t for t in reversed(self.row) if t.text in ("到", "到了", "抵达")), None)
        if arriving is None or self.text[arriving.end : self.clause.end].strip("的了呢 "):
            return False
        last, when = self.moves[-1], self.places[arriving.start].when
        if when.kind == "future":
            return False
        if last.kind == "planned":
            last.kind, last.ask = "away", "place" if last.ask == "place" else ""
            last.trip = replace(last.trip, away_now=True)
            return True
        if last.kind in ("been", "away"):
            self._return_last(when)
            return True
        return False

    def _bare_return(self) -> None:
        token = self.back[-1]
        here = self.places[token.start]
        if self.moves and self.moves[-1].kind in ("been", "away"):
            last = self.moves[-1]
            between = self.text[self.clauses[last.clause].end : self.clause.end]
            if (
                last.who is not None
                and last.who.kind == "kin"
                and (here.who is None or here.who.sure)
                and _TO_THEM.search(between)
            ):  # 爷爷在临沂，我们去看他，28号回来
                day = self._day(here.when)
                trip = replace(last.trip, returned_on=day, away_now=False)
                self._add("been", here, trip, last.choices, "" if day else "when_back")
                return
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
            or any(t.number is not None and t.number.kind == "code" and _TRAIN.fullmatch(t.text) for t in self.row)
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
