"""Journeys told without a place's name: out of town, still there, on the way back, back since yesterday."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bots.reading.facts import Trip
from bots.reading.places import (
    Place,
    place_at,
)
from bots.reading.routes import Move
from bots.reading.tied import Tied
from bots.reading.when import When

_STRANGERS = re.compile(r"(?:返回|回来|来|返乡)?(?:的)?(?:人员|亲戚|客人|朋友)")
_TO_THEM = re.compile(r"去(?:看|找|陪|探望|那|他|她)|过去|看望")
STILL = re.compile(r"还|来|返|尚")
_THIS_YEAR = re.compile(r"今年|过年|春节|好几年|多年|一直没|[0-9一二两三四五六七八九十几]年(?:多)?(?:都|也)?没")
_RIDES = ("出差", "旅游", "旅行", "度假", "旅")
_HEADING = re.compile(r"(?:情况|信息|记录|登记|与否)\s*:")  # 离区情况:未离区
_NOT_BACK_TO = ("没回", "未回", "还没回", "没返", "未返")  # 没回老家
_LONG_SINCE = re.compile(r"(?:早|早就|早已|早都|老早|老早就|很早就|早早就|早早)(?:已经)?$")
TRAIN = re.compile(r"[gdcktzly]\d{1,4}")


class Unnamed(Tied):
    """Reads what a clause tells of a journey without naming a place."""

    def without_a_name(self) -> None:
        """Add what the clause tells of a journey though it names no place."""
        clause = self.clause
        there = next(
            (t for t in self.row if "at" in t.roles and (self.text.startswith("那", t.end) or t.text.endswith("喺度"))),
            None,
        )
        if there is not None and self.moves and self.moves[-1].kind in ("been", "away"):
            last = self.moves[-1]  # 现在还在那边
            last.kind, last.counts, last.ask = "away", True, "place" if last.ask == "place" else ""
            last.trip = replace(last.trip, away_now=True, returned_on=None)
            return
        far = next((t for t in self.row if "far" in t.roles), None)
        if far is not None and _STRANGERS.match(self.text, far.end, clause.end):
            far = None  # 无外地返回人员接触
        out = next((t for t in self.row if "out" in t.roles and not _HEADING.match(self.text, t.end)), None)
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
                negated = negated or (cue is not None and cue.text in _NOT_BACK_TO and cue.end == far.start)
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
        if self.not_yet and _THIS_YEAR.search(clause.text) and not STILL.search(clause.text):
            return  # 今年没回
        if self.not_yet or any("trip_moment" in t.roles for t in self.row):
            token = next(t for t in self.row if t.roles.get("back") == "not_yet" or "trip_moment" in t.roles)
            if self.moves and self.moves[-1].kind in ("been", "away") and self.moves[-1].clause >= self.index - 2:
                self.moves[-1].kind, self.moves[-1].counts = "away", True
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
            self.return_last(when)
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
                self.return_last(here.when)
                if _LONG_SINCE.search(self.text, self.clause.start, token.start) and self._long_ago(self.moves[-1]):
                    self.moves[-1].counts = False  # 一月十号去过北京，早回来了
                    self.moves[-1].trip = replace(self.moves[-1].trip, returned_on=None)
                    self.moves[-1].ask = ""
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
            or any(t.number is not None and t.number.kind == "code" and TRAIN.fullmatch(t.text) for t in self.row)
            or token.text in ("刚回来", "返程")
        ):
            if any(
                t.text in ("下班", "上班", "买菜", "遛弯", "散步", "看病", "放学", "跑步", "锻炼") for t in self.row
            ) or re.search("下班|上班|买|遛|散步|看病|放学|上课|打针|补课|上学|跑步|玩", self.clause.text):
                return
            self._add("unknown_back", here, Trip(returned_on=self._day(here.when)), (), "place", here.when)

    def _long_ago(self, move: Move) -> bool:
        """Whether a journey began before the lookback."""
        left = move.trip.left_on
        return left is not None and left < self.scene.sent_at.date() - timedelta(days=self.scene.lookback_days)

    def return_last(self, when: When) -> None:
        last = self.moves[-1]
        day = self._day(when) if when.kind in ("day", "night", "recent") or when.said else None
        last.kind = "been"
        last.trip = replace(last.trip, returned_on=day or last.trip.returned_on, away_now=False)
        if last.ask == "when_back":
            last.ask = "" if last.trip.returned_on else "when_back"
        elif not last.ask and last.trip.returned_on is None:
            last.ask = "when_back"
        last.counts = day is not None or (last.counts and when.kind != "distant")
