"""Places in a clause and how a verb or preposition ties them in."""

from __future__ import annotations

import re

from bots.reading.clauses import Token
from bots.reading.lexicon import word_set
from bots.reading.places import (
    Place,
    abbreviation_at,
    part_of_longer_name,
    place_at,
    place_letters,
)
from bots.reading.routes import Mentions

ABBREVIATED = word_set("travel", "abbreviated")
_LEFT = re.compile(r"[，,。.;；、 ]|后|时|返|回|赴|到|$")
# How somebody came from a place without a preposition: 广州南站上的车, 遵义那边回来的, 松原来的
_CAME = re.compile(
    r"(?:[东南西北]?站|口岸|机场|那边|这边|那儿|市里|市区|老家|农村|乡下|县里)?(?:过来|来的|回来|返回|返程|上的?车|赶回|飞回|开回|下来的)(?![^，。,.\s了的]{0,2}(?:人|同事|同学|亲戚|客人|朋友))"
)


class Tied(Mentions):
    """Finds the places of one clause, each with how it is tied in."""

    def _places(self) -> list[tuple[Place, str, Token | None]]:
        """Places of the clause, each with how it is tied in: go, at, from, via, back, list, asked."""
        text, start, end = self.text, self.clause.start, self.clause.end
        taken = [(t.start, t.end) for t in self.row if t.keys is not None or t.number is not None]
        found: list[tuple[Place, str, Token | None]] = []
        at = start
        letters = place_letters(self.scene.home)
        while at < end:
            if text[at] not in letters:
                at += 1
                continue
            if any(low <= at < high for low, high in taken):
                at += 1
                continue
            place = place_at(text, at, self.scene.home)
            cue: Token | None = None
            if place is None and (short := abbreviation_at(text, at)) is not None:
                cue = self._cue_before(at)
                if (cue is not None and cue.end == at and cue.text in ABBREVIATED) or text[at - 1 : at] == "离":
                    place = short
            if place is None or place.end > end:
                at += 1
                continue
            cue = cue or self._cue_before(at)
            if found and place.start == found[-1][0].end:
                at = place.end  # 汤旺河石林: one name made of two
                continue
            tie, token = self._tie(place, cue, found)
            if tie and not (part_of_longer_name(text, place) and tie != "asked"):
                found.append((place, tie, token))
                at = place.end
            else:
                at += 1
        return found

    def _cue_before(self, at: int) -> Token | None:
        for token in reversed(self.row):
            if token.end <= at:
                if at - token.end > 3:
                    return None
                if token.roles.get("plan") == "intends" and token.text[-1] in "去到回":
                    return token
                if any(kind in token.roles for kind in ("go", "at", "from", "back")) or token.text in (
                    "离开",
                    "离开过",
                    "离开了",
                    "出差",
                ):
                    return token
                if (
                    "polite" in token.roles
                    or "child" in token.roles
                    or "self" in token.roles
                    or "pronoun" in token.roles
                    or "kin" in token.roles
                    or "measure" in token.roles
                    or "day" in token.roles
                    or "norm" in token.roles
                    or token.keys is not None
                ):
                    continue
                if token.text in ("没", "刚", "也", "都", "过", "的", "了") or "far" in token.roles:
                    continue
                return None
        return None

    def _tie(
        self, place: Place, cue: Token | None, found: list[tuple[Place, str, Token | None]]
    ) -> tuple[str, Token | None]:
        if self.text[place.start - 1 : place.start] == "离" and _LEFT.match(self.text, place.end):
            return "from", None  # 2月25日离哈返伊
        if cue is not None:
            roles = cue.roles
            if "plan" in roles:
                return "go", cue
            if "from" in roles:
                return "from", cue
            if "at" in roles and "go" not in roles:
                return "at", cue
            if "go" in roles:
                return ("via" if roles["go"] == "via" else "go"), cue
            if "back" in roles:
                return "back", cue
            return "from", cue
        if (
            found
            and 1 <= place.start - found[-1][0].end <= 2
            and not self.text[found[-1][0].end : place.start].strip("、和跟及与,，-→到 >")
        ):
            return found[-1][1], found[-1][2]
        anchor = self._end_of_list(place)
        for token in self.row:
            if token.start >= anchor and token.start - anchor <= 3:
                if "back" in token.roles:
                    return "from", token
                if token.text == "来的" and not self.text[token.end : self.clause.end].strip("了呢啊哈 "):
                    return "from", token  # 武汉来的
                if (
                    token.text.startswith("飞")
                    and token.end < len(self.text)
                    and place_at(self.text, token.end, self.scene.home) is not None
                ):
                    return "route", None  # 武汉飞哈尔滨
                if "go" in token.roles and token.text not in ("到", "来的", "上", "走"):
                    return "go", token
                if not {"day", "night", "moment", "past", "all"}.isdisjoint(token.roles) or (
                    token.number is not None and token.number.kind in ("date", "clock", "code")
                ):
                    anchor = token.end  # 银川 昨天回的
                    continue
                if "negation" in token.roles or "polite" in token.roles or "stay" in token.roles:
                    if token.text.startswith(("没去", "没到")):
                        return "go", token
                    continue
                break
        if self._route(place) or _CAME.match(self.text, place.end):
            return "route", None
        if self.asked_place and len(self.text) <= 24:
            return "asked", None
        before = next((t for t in reversed(self.row) if t.end <= place.start), None)
        if (
            before is not None
            and place.start - before.end <= 1
            and before.text in ("现在", "人", "目前", "刚", "昨天", "人还")
        ):
            if before.text in ("刚", "昨天"):
                return ("from", self.back[0]) if self.back else ("", None)
            return ("at", before) if place.end >= self.clause.end - 2 else ("", None)
        return "", None

    def _end_of_list(self, place: Place) -> int:
        """沈阳、长春、哈尔滨都去过: where the list of places ends that begins with this one."""
        end = place.end
        for _ in range(8):
            if end >= self.clause.end or self.text[end] not in "、和跟及与":
                break
            following = place_at(self.text, end + 1, self.scene.home) if end + 1 < len(self.text) else None
            if following is None:
                break
            end = following.end
        return end

    def _route(self, place: Place) -> bool:
        """飞机CA1611北京到哈尔滨: a ride from one place to the next."""
        end = place.end
        while end < self.clause.end and self.text[end] in " —→~-=>":
            end += 1
        if end > place.end and end < self.clause.end and place_at(self.text, end, self.scene.home) is not None:
            return True  # 武汉→春江
        end = place.end
        if end + 1 < self.clause.end and self.text[end] == "飞":
            return place_at(self.text, end + 1, self.scene.home) is not None
        if end + 1 >= self.clause.end or self.text[end] not in "到至":
            return False
        rides = "transport" in self.clause.kinds or any(
            t.number is not None and t.number.kind == "code" for t in self.row
        )
        return rides and place_at(self.text, end + 1, self.scene.home) is not None
