"""One clause being read for journeys: whose, when, and whether it happened, was planned or denied."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bots.reading.clauses import Clause, Token
from bots.reading.days import small_number
from bots.reading.facts import Scene, Trip
from bots.reading.lexicon import word_set
from bots.reading.places import (
    Place,
)
from bots.reading.walk import At
from bots.reading.when import When
from bots.reading.who import Who

BARE_GO = word_set("travel", "bare_go")


@dataclass(slots=True)
class Move:
    """One thing said about a journey. `kind`: been, away, planned, never, unknown_back."""

    kind: str
    who: Who | None
    trip: Trip
    clause: int
    fresh: bool = False
    choices: tuple[str, ...] = ()  # full names of an ambiguous place
    ask: str = ""  # place, when_back, when_left
    via: bool = False  # only passed through
    counts: bool = True  # lies within the lookback


_STAYING = ("还在", "人在", "人还在", "目前在", "现在在", "正在", "在", "仍在", "都在", "一直在")
_AGO = re.compile(
    r"(?:来|回|家|开|到)\S{0,2}?\s*(\d{1,2}|[一二两三四五六七八九十]{1,3})\s*(天|周|个?星期|个?礼拜|个月)"
)


# 从孝感跑出来的，今天正好四十天
_SINCE = re.compile(
    r"\s*(?:到?(?:今天|现在|今|目前|这会儿))?(?:已经|正好|刚好|整整|都|快|有|满|是|第)*\s*"
    r"(\d{1,3}|[一二两三四五六七八九十]{1,3})多?\s*(天|周|个?星期|个?礼拜|个月)(?:了|整|多)*(?:了|呢|啦)?\s*$"
)
_BEFORE = re.compile(
    r"(\d{1,3}|[一二两三四五六七八九十]{1,3})\s*(?:多)?(天|周|个?星期|个?礼拜|个?月)(?:多)?(?:以|之)?前"
)
_DAYS_IN = {"天": 1, "周": 7, "期": 7, "拜": 7, "月": 30}
_NOT_LONG = re.compile(r"(?:待|呆|住|停留?|玩)(?:多久|几天|多长|两天|太久|很久)")
_GUEST = re.compile(r"(?:刚|才)?(?:回来|来|返回|过来|归来)的[一-鿿]")  # 武汉回来的同事
BELONGS = re.compile(
    r"(?:户口|户籍|籍贯|祖籍|学籍|身份证)(?:还|都|是|地)?(?:在|是)?$|(?:老家|娘家|婆家|家乡)(?:就|都|也)?(?:在|是)$"
)
UNDER_WAY = re.compile(r"(?:的)?(?:路上|途中|火车上|高铁上|动车上|飞机上|车上)")
_BROUGHT = re.compile(
    r"(?:带|接|领|捎)(?:着|上|了)?(?:他|她|孩子|娃|小孩)[^，]{0,4}(?:从|去|回|到)|把(?:他|她|孩子|娃|小孩)(?:带|接|送|领|捎)"
)
_TITLES = ("老师", "同学", "小朋友")
_THEIR_FAMILY = ("一家", "一家人", "一家三口", "一家四口", "一家五口", "全家", "全家人", "一家老小", "一大家子")
_SETS_OUT = re.compile(r"动身|出发|启程|起程|上路|在路上")
# 孩子爸是跑长途的，昨天从荆门回来: whose work was told goes on being told of
_WORKS = re.compile(
    r"跑长途|跑运输|跑车|跑货|跑线|开大?车|开货车|开大货|开出租|拉货|送货|当兵|打工|做生意|务工|出差|上班|工作"
)
BOOKED = re.compile(r"的?(?:火车|飞机|高铁|动车|机|车)?(?:票|行程|计划|航班)")


class Mentions:
    """One clause being read for journeys."""

    def __init__(
        self,
        text: str,
        clauses: list[Clause],
        index: int,
        places: dict[int, At],
        scene: Scene,
        moves: list[Move],
        asked_place: bool,
    ) -> None:
        self.text, self.clauses, self.index, self.places, self.scene, self.moves = (
            text,
            clauses,
            index,
            places,
            scene,
            moves,
        )
        self.clause = clauses[index]
        self.row = self.clause.tokens
        self.asked_place = asked_place
        self.back = [
            t
            for t in self.row
            if t.roles.get("back") == "returned"
            and not (t.text == "回" and text[t.start - 1 : t.start] in tuple("这那上下头每几"))  # 这回没去
        ]
        self.not_yet = any(t.roles.get("back") == "not_yet" for t in self.row)
        self.sentence_back = any(
            "back" in other.kinds for other in clauses[index : index + 3] if other.sentence == self.clause.sentence
        )

    def _here(self) -> At:
        if self.row:
            return self.places[self.row[0].start]
        return At(None, When(), -1, False, False)

    def _when(self, cue: Token | None, place: Place) -> When:
        """The time that stands in this clause before the place, or after it."""
        said = [
            self.places[t.start].when
            for t in self.row
            if (t.end <= place.start or t.start >= place.end) and self.places[t.start].when.said
        ]  # 原来 in 松原来的 is no time
        here = self.places[cue.start].when if cue is not None else (said[-1] if said else When())
        if here.said:
            return here
        later = [w for w in said if w.kind != "today"]
        return later[-1] if later else (said[-1] if said else here)

    def _day(self, when: When) -> date | None:
        if when.kind == "today":
            return self.scene.sent_at.date() if when.said else None
        return when.day

    def _negated(self, cue: Token | None, place: Place) -> bool:
        if cue is not None and cue.text.startswith(("没去", "没到", "未去")):
            return True
        if (
            cue is not None
            and cue.roles.get("go")
            and BOOKED.match(self.text, place.end)
            and not any("plan" in t.roles or "future" in t.roles for t in self.row)
            and "订" not in self.clause.text
            and "买" not in self.clause.text
        ):
            return True  # 去武汉的票退了
        if _NOT_LONG.search(self.text, place.end, self.clause.end):
            return False  # 没在湖北待多久
        anchor = cue.start if cue is not None and cue.start < place.start else place.start
        for token in reversed([t for t in self.row if t.end <= anchor]):
            if token.roles.get("negation") in ("no", "notis") or "negated" in token.roles:
                return True
            if anchor - token.end > 2 or not (
                "polite" in token.roles or "all" in token.roles or "from" in token.roles or token.text in ("有", "去")
            ):
                break
            anchor = token.start
        for token in [t for t in self.row if t.start >= place.end][:2]:
            if cue is not None and (cue.roles.get("go") == "via" or cue.text in _STAYING):
                break  # 路过襄阳没下车, 在沈阳没返岗
            if (
                token.roles.get("negation") == "no"
                and token.start - place.end <= 1
                and not token.text.startswith(("还没", "没回"))
            ):
                return True
            if token.roles.get("plan") == "cancelled":
                return cue is None or "at" not in cue.roles  # 还在桂林没走
            break
        nxt = self.clauses[self.index + 1] if self.index + 1 < len(self.clauses) else None
        return bool(
            any(t.roles.get("plan") == "cancelled" for t in self.row if cue is None or "at" not in cue.roles)
            or (
                nxt is not None
                and (cue is None or "at" not in cue.roles)
                and nxt.sentence == self.clause.sentence
                and (
                    (nxt.text.strip().startswith(("没去", "没走", "没成", "没敢去")) and not nxt.has("stay"))
                    or any(t.roles.get("plan") == "cancelled" for t in nxt.tokens)
                )
            )
        )

    def _of_people(self, place: Place) -> bool:
        """武汉人, 武汉的亲戚, 从武汉来的亲戚: a person, no journey of the child."""
        if BELONGS.search(self.text, self.clause.start, place.start):
            return True  # 户口在湖北
        rest = self.text[place.end : place.end + 6]
        guest = _GUEST.match(self.text, place.end)
        if guest is not None and not any(
            t.start == guest.end() - 1
            and (
                t.keys is not None
                or not {
                    "child",
                    "pronoun",
                    "polite",
                    "elder",
                    "younger",
                    "self",
                    "all",
                    "day",
                    "night",
                    "moment",
                    "negation",
                    "well",
                    "temperature",
                }.isdisjoint(t.roles)
                or t.number is not None
            )
            for t in self.row
        ):
            return True
        return rest.startswith(
            (
                "人",
                "的亲戚",
                "亲戚",
                "的朋友",
                "来的亲戚",
                "来的朋友",
                "来的客人",
                "的同学",
                "来的人",
                "回来的人",
                "回来的亲戚",
                "的人",
                "来人",
                "籍",
                "户口",
            )
        )

    def _planned(self, cue: Token | None, when: When, place: Place) -> bool:
        if when.kind == "future":
            return True
        nxt = self.clauses[self.index + 1] if self.index + 1 < len(self.clauses) else None
        if (
            nxt is not None
            and cue is not None
            and cue.roles.get("go")
            and nxt.sentence == self.clause.sentence
            and "future" in nxt.kinds
            and nxt.text.rstrip(" 了").endswith(("走", "去", "出发", "动身"))
        ):
            return True  # 改去湖北了，下周走
        anchor = cue.start if cue is not None and cue.start <= place.start else place.start
        for token in reversed([t for t in self.row if t.end <= anchor]):
            if anchor - token.end > 4:
                break
            if token.roles.get("plan") == "intends":
                return True
            if "past" in token.roles and token.roles["past"] == "season" and any(t.roles.get("plan") for t in self.row):
                return True
            anchor = token.start
        return bool(cue is not None and cue.roles.get("plan"))

    def _goes_on(self, place: Place) -> bool:
        """从哈尔滨到沈阳: the next place is where to."""
        return self.text[place.end : place.end + 1] in ("到", "去", "飞")

    def _was(self, cue: Token | None, place: Place) -> bool:
        return not any(t.roles.get("day") == "0" for t in self.row)

    def _done(self, cue: Token | None, place: Place, when: When) -> bool:
        """Whether 去 … has happened: 了, 过, a past time, or a return in the same sentence."""
        if cue is not None and cue.text not in BARE_GO:
            return True
        if when.kind in ("day", "night", "recent", "season", "distant"):
            return True
        tail = self.text[place.end : self.clause.end]
        if UNDER_WAY.search(tail) and not any("plan" in t.roles or "future" in t.roles for t in self.row):
            return True  # 正在去哈尔滨的路上
        if self.text[place.end : place.end + 1] in ("了", "过") or "了" in tail or "过" in tail or "的" in tail[-2:]:
            return True
        if when.kind == "today" and when.said and not self.back:
            return False  # 今天去大庆，晚上回来
        return self.sentence_back or self.not_yet or any(t.text in ("刚", "刚刚", "已经", "已") for t in self.row)

    def _ago(self, place: Place) -> date | None:
        """回来十天了: the day that was."""
        lasted = _AGO.search(self.text, place.end, self.clause.end)
        count = small_number(lasted[1]) if lasted else None
        if lasted is None or not count:
            following = self.clauses[self.index + 1] if self.index + 1 < len(self.clauses) else None
            lasted = _SINCE.match(following.text) if following and following.sentence == self.clause.sentence else None
            count = small_number(lasted[1]) if lasted else None
        if lasted is None or not count:
            return None
        days = count * (1 if lasted[2] == "天" else 30 if "月" in lasted[2] else 7)
        return self.scene.sent_at.date() - timedelta(days=days)

    def _add(
        self, kind: str, here: At, trip: Trip, choices: tuple[str, ...], ask: str, when: When | None = None
    ) -> None:
        who = self._whose(here)
        if who is not None and who.kind == "kin" and _BROUGHT.search(self.clause.text):
            who = None  # 姑姑从武汉把他带回来的
        move = Move(kind, who, trip, self.index, here.fresh, choices, ask)
        if when is not None and when.kind == "distant":
            move.counts, move.ask = False, ""
        if kind == "been" and trip.returned_on is None and not self.sentence_back and self._long_before():
            move.counts, move.ask = False, ""  # 三周前去过一趟长春
        if when is not None and when.kind == "season":
            move.counts, move.ask = False, ask if ask else "when_back"
        self.moves.append(move)

    def _long_before(self) -> bool:
        """Whether the clause says so many weeks ago that it lies before the lookback."""
        ago = _BEFORE.search(self.clause.text)
        count = small_number(ago[1]) if ago else None
        return ago is not None and bool(count) and (count or 0) * _DAYS_IN[ago[2][-1]] > self.scene.lookback_days

    def _move(self, kind: str, here: At, trip: Trip | None = None, ask: str = "") -> None:
        self.moves.append(Move(kind, self._whose(here), trip or Trip(), self.index, here.fresh, (), ask))

    def _whose(self, here: At) -> Who | None:
        """小姑一家从孝感来: their family, not ours. 我妈要来，已经从福州动身了: who was said to come."""
        for at, token in enumerate(self.row[1:], 1):
            if token.start == here.mention and token.text in _TITLES and self.row[at - 1].end == token.start:
                return self.places[self.row[at - 1].start].who if self.row[at - 1].keys else here.who  # 王芳老师
        for at, token in enumerate(self.row[:-1]):
            beside = self.row[at + 1]
            if (
                not {"kin", "other"}.isdisjoint(token.roles)
                and beside.start == token.end == here.mention
                and beside.roles.get("self") == "we"
                and beside.text in _THEIR_FAMILY
            ):
                return self.places[token.start].who
        if here.who is None and self.index and _SETS_OUT.search(self.clause.text):
            before = self.clauses[self.index - 1]
            comer = next((t for t in before.tokens if not {"kin", "other"}.isdisjoint(t.roles)), None)
            if comer is not None and before.sentence == self.clause.sentence and "来" in before.text:
                return self.places[comer.start].who or Who("kin", role="other", text=comer.text)
        if here.who is None and self.index:
            before = self.clauses[self.index - 1]
            works = _WORKS.search(before.text) if before.sentence == self.clause.sentence else None
            worker = next((t for t in before.tokens if "kin" in t.roles), None)
            if works is not None and worker is not None and worker.start < before.start + works.start():
                return self.places[worker.start].who or Who("kin", role=worker.roles["kin"], text=worker.text)
        return here.who
