"""Places no rule of travel tied in: told by what stands behind them, or asked where a key region is touched."""

from __future__ import annotations

import re

from bots.reading.clauses import Clause
from bots.reading.facts import Scene, Trip
from bots.reading.lexicon import word_set
from bots.reading.places import (
    full_name,
    key_region_of,
    part_of_longer_name,
    place_at,
    place_letters,
    province_name,
    relation_to_home,
)
from bots.reading.routes import BELONGS, BOOKED, Move
from bots.reading.walk import At
from bots.reading.when import When

# What may stand before a place that opens a clause: dates, whom, where to.
_OPENING = re.compile(
    r"[\s:是在由随老家住去从到自打的]*(?:\d{1,4}[-./月号日年]?)*[\s至~-]*(?:孩子|小孩|娃|我们|咱们|俺们|我家|他|她)?[\s是在由从到去]*"
)


_SOMEBODYS = re.compile(
    r"(?:他|她|我|孩子)?(?:爷爷|奶奶|姥姥|姥爷|外婆|外公|爷|奶|叔叔|叔|姑姑|姑|大姑|小姑|姨|老姨|大姨|小姨|二姨|舅舅|舅|大舅|老舅|伯伯|大伯|亲戚|老丈人|婆婆|公婆|丈母娘|岳母|娘|表哥|表姐|老)?家"
)


BEEN = re.compile(
    r"滑雪|旅游|玩了|泡温泉|探亲|参加|比赛|住院|出差|培训|集训|回|返|到家|到的?(?:春江|伊春|家)|抵|落地|出院|来的|过来|去的|去过|借读|转来|插班|上的?车|[日号天晚早]到|→|—|至今(?:都|一直)?[在居]家|(?:其余|其他)(?:时间|时候)?(?:都|均)?在家"
)


_GUESTS = re.compile(r"(?:那边)?(?:刚|才)?(?:回来|来|返回|过来|归来|探亲)的(?:那个|一个|个)?")


# 当前位置 哈尔滨市道外区; 去过的地方: 哈尔滨: a form's heading with the place behind it
_HEADING = re.compile(
    r"(?:(?P<now>(?:当前|目前|现在|现)的?(?:所在地|所在位置|所在城市|所在|位置|住址|居住地|居住|定位|地点))(?:是|为|在)?\s*:?"
    r"|(?:(?:去过|到过)的?(?:地方|城市|地点)|旅居(?:地点?|城市))(?:是|为|有)?\s*:|(?:外出|出行|停留)(?:地点|地|目的地)\s*:)\s*"
)


AWAY = re.compile(r"住着|住了|住呢|待着|呆着|待了|呆了|没回|还没|没走|隔离")


_OTHERWISE = re.compile(r"[不没]|吗|加油|菜|味|人|话|口音|电视|新闻|路|街|大学|牌|产")


_NEAR = 8
_TAKES = re.compile(r"[接带领把]")  # 在武汉打工的爸爸把孩子接过去
_SETTLED = frozenset(("negation", "negated", "kin", "other", "plan", "future", "stay", "exposure", "compare"))


_PEOPLE_OF = ("人", "的", "大学", "加油", "疫情", "肺炎", "籍", "户口", "口音")


CUES = frozenset(("go", "at", "back", "from", "out", "far", "stay", "trip_moment"))


GOODS = re.compile("|".join(map(re.escape, sorted(word_set("travel", "goods")))))


def ask_doubtful(text: str, clauses: list[Clause], places: dict[int, At], scene: Scene, moves: list[Move]) -> None:
    """A place in a key region beside words of travel that no rule tied together: asked, never passed over."""
    today = scene.sent_at.date()
    letters = place_letters(scene.home)
    for index, clause in enumerate(clauses):
        if (
            clause.kinds.isdisjoint(CUES)
            or clause.asked
            or clause.hypothetical
            or clause.hearsay
            or not _SETTLED.isdisjoint(clause.kinds)
            or GOODS.search(clause.text)
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
            if BELONGS.search(text, clause.start, place.start):
                continue  # 老家在湖北
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


def read_heading(text: str, clauses: list[Clause], scene: Scene, moves: list[Move]) -> None:
    """A place behind the heading that asks for it: 当前位置 哈尔滨; 去过的地方: 大庆."""
    heading = _HEADING.search(text)
    place = place_at(text, heading.end(), scene.home) if heading and heading.end() < len(text) else None
    if heading is None or place is None or relation_to_home(place.code, scene.home) != "away":
        return
    index = next((at for at, clause in enumerate(clauses) if clause.end > place.start), 0)
    trip = Trip(
        text[place.start : place.end],
        province_name(place.code) if place.sure else "",
        place.code if place.sure else "",
        away_now=heading["now"] is not None,
    )
    choices = () if place.sure else tuple(full_name(code) for code in place.codes[:6])
    kind, ask = ("away", "") if trip.away_now else ("been", "when_back")
    moves[:] = [move for move in moves if move.kind not in ("never", "unknown_back")]
    moves.append(Move(kind, None, trip, index, False, choices, ask if place.sure else "place"))


def read_leftover(text: str, clauses: list[Clause], places: dict[int, At], scene: Scene, moves: list[Move]) -> None:
    """A place that no verb ties in, with words of having been there behind it: 通辽奶奶家，住了半个月，昨天刚回."""
    for clause in clauses[:6]:
        if clause.asked or clause.hypothetical or clause.hearsay or GOODS.search(clause.text):
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
        if (guest := _GUESTS.match(text, place.end)) and any(
            t.start == guest.end() and not {"kin", "other"}.isdisjoint(t.roles) for t in clause.tokens
        ):
            continue  # 武汉回来的堂哥在我家住
        somebody = next(
            (t for t in clause.tokens if t.start > place.end and not {"kin", "other"}.isdisjoint(t.roles)), None
        )
        if (
            somebody is not None
            and somebody.start - place.end <= _NEAR
            and text[somebody.start - 1] == "的"
            and not _TAKES.search(clause.text)
        ):
            continue  # 武汉出差的同事跟我一个办公室
        been, away = BEEN.search(behind), AWAY.search(behind)
        if behind[:1] in ("-", "~") and place_at(text, place.end + 1, scene.home) is not None:
            been = been or BEEN.match("→")  # 武汉-哈尔滨-伊春
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
