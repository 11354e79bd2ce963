"""Journeys of a message: clause by clause, forms, places nothing ties in, by what, and whether a key region was touched."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bots.reading.clauses import Clause
from bots.reading.facts import Scene, Trip
from bots.reading.forms import NO_BOXES, Boxes, Line, journey_lines
from bots.reading.journeys import KEPT_IN, NOT_OUT, Journeys
from bots.reading.places import (
    key_region_of,
    place_at,
    province_name,
    relation_to_home,
)
from bots.reading.routes import Move
from bots.reading.unnamed import TRAIN
from bots.reading.untied import AWAY, BEEN, CUES, GOODS, ask_doubtful, read_heading, read_leftover
from bots.reading.walk import At

_EVIDENCE = re.compile(f"{BEEN.pattern}|{AWAY.pattern}|-|地[方点址]|所在|旅居|位置|定位|住址|居住")
_SHORTEST_TOLD = 3  # 武汉回
_NOW = ("现在", "目前", "眼下", "人")


_PLANE = re.compile(r"[a-z]{2}\d{3,4}|[a-z]\d[a-z]?\d{3}|\d[a-z]\d{3,4}")


def find_moves(
    text: str, clauses: list[Clause], places: dict[int, At], scene: Scene, boxes: Boxes = NO_BOXES
) -> list[Move]:
    """Everything said about journeys, in order."""
    moves: list[Move] = []
    asked_place = scene.asked is not None and scene.asked.kind in ("place", "when_back", "when_left")
    form = journey_lines(text, clauses, boxes)
    filled = {at for line in form for at in line.filled}
    for line in form:
        if line.yes is False:
            here = _filled_by(line, clauses, places)
            moves.append(Move("never", here.who if here else None, Trip(), line.filled[0], bool(here and here.fresh)))
    cued = False
    for index, clause in enumerate(clauses):
        if clause.hypothetical or clause.hearsay or index in filled:
            continue
        said = clause.text
        uncued = clause.kinds.isdisjoint(CUES)
        cued = cued or not uncued
        if (
            uncued
            and not (asked_place and len(text) <= 24)
            and not (
                "negation" in clause.kinds and ("出" in said or "离" in said or "在" in said) and NOT_OUT.search(said)
            )
            and not ("在家" in said and KEPT_IN.search(said))
            and not (len(said) <= 9 and said.lstrip().startswith(_NOW))
        ):
            continue
        if GOODS.search(said) or "转学" in said:
            continue  # 快递从武汉来的
        Journeys(text, clauses, index, places, scene, moves, asked_place).read()
    if form and not any(move.kind != "never" for move in moves):
        moves += [move for line in form if line.yes and (move := _from_form(text, line, scene, clauses, places))]
    if (
        len(text) > _SHORTEST_TOLD
        and all(move.kind in ("planned", "never", "unknown_back") and not move.trip.code for move in moves)
        and _EVIDENCE.search(text)
    ):
        read_heading(text, clauses, scene, moves)
        if not any(move.trip.code for move in moves):
            read_leftover(text, clauses, places, scene, moves)
    if cued and scene.key_regions and not any(move.trip.code for move in moves):
        ask_doubtful(text, clauses, places, scene, moves)
    _transport(clauses, moves)
    return [_dated(move, scene) for move in moves]


def _filled_by(line: Line, clauses: list[Clause], places: dict[int, At]) -> At | None:
    """Whom a form's line is about: the last one named in it or before it."""
    tokens = [token for at in line.filled for token in clauses[at].tokens]
    return places[tokens[-1].start] if tokens else None


_BEHIND = 8  # letters between a yes and the place


def _from_form(text: str, line: Line, scene: Scene, clauses: list[Clause], places: dict[int, At]) -> Move | None:
    """是否外出:是(哈尔滨), 有无离开本区: 有, 鸡西: a form's yes and the place written behind it."""
    near = range(line.end, min(len(text), line.end + _BEHIND))
    place = next((found for at in near if (found := place_at(text, at, scene.home)) is not None), None)
    here = _filled_by(line, clauses, places)
    who = here.who if here else None
    if place is None or not place.sure:
        return Move("been", who, Trip(), line.filled[0], ask="place")
    if relation_to_home(place.code, scene.home) != "away":
        return None
    trip = Trip(text[place.start : place.end], province_name(place.code), place.code)
    return Move("been", who, trip, line.filled[0], ask="when_back")


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
                    if TRAIN.fullmatch(code):
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
