"""Walks a message once, left to right: at each word, who is being talked about and which day it is.

Numbers written before their owner (36.5小明 36.7小红) or before their time (36.4早 36.6晚) are turned round first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bots.reading.clauses import Clause, Token
from bots.reading.days import last_weekday, named_date
from bots.reading.who import Who


@dataclass(frozen=True, slots=True)
class When:
    """A time: `kind` is today, day (an exact other day), night (last night), recent, season, distant, future, usual."""

    kind: str = "today"
    day: date | None = None
    moment: str = ""
    said: bool = False  # a time was named


@dataclass(slots=True)
class At:
    """What holds at one token. `mention` numbers the person words, so that each takes its own number."""

    who: Who | None
    when: When
    mention: int
    marked: bool  # an own time, method or ordinal stands before this number
    fresh: bool  # the person was named in this clause


TODAY = When()
_ONGOING = (
    "这几天",
    "最近",
    "近期",
    "近日",
    "这两天",
    "近两周",
    "近14天",
    "14天内",
    "十四天内",
    "近十四天",
    "最近14天",
    "两周内",
    "半个月内",
    "本周",
    "这周",
    "这礼拜",
    "这星期",
)
_AGAIN = (
    "复测",
    "再测",
    "再量",
    "重测",
    "重新测",
    "重新量",
    "复量",
    "刚量",
    "刚测",
    "刚又量",
    "重量",
    "再量了",
    "再测了",
    "又量",
    "又测",
    "又量了",
    "复查",
)
_TIMED = frozenset(("day", "night", "moment", "past", "future", "usual", "compare"))
_CARRIES = ("temperature", "medicine")


def time_of(token: Token, sent: datetime, before: When, same_clause: bool) -> When | None:
    """What a time word does to the running time, or None where it is none."""
    roles = token.roles
    today = sent.date()
    if token.number is not None:
        if token.number.kind != "date":
            return None
        day = named_date(token.number.text, today)
        if day is None:
            invalid = token.number.text[0].isdigit() and "月" in token.number.text
            return When("recent", None, "", True) if invalid else None  # 2月29日 of a year that has none
        if day == today:
            return When("today", day, "", True)
        return When("future" if day > today else "day", day, "", True)
    if "compare" in roles or not roles:
        return None
    if "night" in roles:
        return When("night", today - timedelta(days=1), "pm", True)
    if "day" in roles:
        offset = int(roles["day"])
        day = today + timedelta(days=offset)
        moment = "am" if "早" in token.text or "晨" in token.text or "上午" in token.text else ""
        moment = "pm" if "晚" in token.text or "下午" in token.text else moment
        if offset == -2 and "晚" in token.text:
            return When("day", day, "pm", True)
        return When(
            "today" if offset == 0 else "day",
            day,
            moment,
            offset != 0 or token.text not in ("刚", "刚刚", "刚才", "现"),
        )
    if "moment" in roles:
        moment = roles["moment"]
        if same_clause and before.said and (before.kind != "today" or before.day is not None):
            kind = "today" if before.kind == "night" and moment != "pm" else before.kind
            return (
                When(kind, before.day if before.kind != "night" else None, moment, True)
                if kind == "today"
                else When(kind, before.day, moment, True)
            )
        hour = sent.hour
        afternoon = token.text in ("下午", "放学", "放学后", "放学回来", "放学到家", "午后", "后晌")
        if (moment == "pm" and hour < (12 if afternoon else 17)) or (moment == "noon" and hour < 11):
            return When("night" if moment == "pm" and not afternoon else "day", today - timedelta(days=1), moment, True)
        return When("today", None, moment, True)
    if "past" in roles:
        value = roles["past"]
        if value == "recent":
            if token.text in _ONGOING:
                return When("recent", None, "ongoing", True)
            weekday = last_weekday(token.text, today)
            return When("today", today, "", True) if weekday == today else When("recent", weekday, "", True)
        return When(value, None, "", True)
    if "future" in roles:
        ahead = {"明天": 1, "明日": 1, "明早": 1, "明晚": 1, "明儿": 1, "明儿个": 1, "后天": 2, "大后天": 3}.get(
            token.text
        )
        day_ahead = today + timedelta(days=ahead) if ahead else last_weekday(token.text, today)
        return When("future", day_ahead, "", True)
    if "usual" in roles:
        return When("usual", None, "", True)
    return None


def _turned(events: list[tuple[str, Token]], first: str, second: str) -> bool:
    """Whether numbers stand before what they belong to, all through the message."""
    kinds = [kind for kind, _ in events]
    if len(kinds) < 2 or len(kinds) % 2 or kinds[0] != first:
        return False
    return all(kind == (first if at % 2 == 0 else second) for at, kind in enumerate(kinds))


def _listed_behind(events: list[tuple[str, Token]], named: dict[int, Who]) -> dict[int, tuple[Who, int]] | None:
    """36.5、36.6 小明、小红: as many names behind the numbers, each one child's, go in order."""
    half = len(events) // 2
    if half < 2 or len(events) != 2 * half or half > 4:
        return None
    numbers, people = events[:half], events[half:]
    if any(kind != "n" for kind, _ in numbers) or any(kind != "p" for kind, _ in people):
        return None
    keys = [token.keys for _, token in people]
    if any(key is None or len(key) != 1 for key in keys) or len(set(keys)) != half:
        return None
    if people[-1][1].clause - numbers[0][1].clause > half + 1:
        return None
    return {
        number.start: (Who("subjects", key or (), text=person.text), person.start)
        for (_, number), (_, person), key in zip(numbers, people, keys, strict=True)
    }


def _times_behind(tokens: list[Token], readings: list[Token], sent: datetime) -> list[tuple[str, Token]]:
    """Numbers and times in order where each number stands before its time (36.4早 36.6晚); else nothing."""
    if not readings:
        return []
    times: list[Token] = []
    for token in tokens:
        if (
            not (token.roles and _TIMED.isdisjoint(token.roles))
            and "polite" not in token.roles
            and (token.number is None or token.number.kind == "date")
            and time_of(token, sent, TODAY, False) is not None
        ):
            if token.start < readings[0].start:
                return []
            times.append(token)
    if len(times) != len(readings):
        return []
    events = sorted([("n", t) for t in readings] + [("t", t) for t in times], key=lambda event: event[1].start)
    return events if _turned(events, "n", "t") else []


def _ends(clauses: list[Clause], token: Token) -> bool:
    """Whether the clause says nothing after this word (or only goes on with the next number)."""
    row = clauses[token.clause].tokens
    at = row.index(token)
    rest = [other for other in row[at + 1 :] if not ("polite" in other.roles or "list" in other.roles)]
    return not rest or rest[0].number is not None


def walk(clauses: list[Clause], tokens: list[Token], named: dict[int, Who], sent: datetime) -> dict[int, At]:
    """What holds at every token, by its start."""
    readings = [t for t in tokens if t.number is not None and t.number.kind not in ("other", "date", "clock", "code")]
    places: dict[int, At] = {}
    people_events = (
        sorted(
            [("n", t) for t in readings] + [("p", t) for t in tokens if t.start in named],
            key=lambda event: event[1].start,
        )
        if readings and named
        else []
    )
    turned_people = _turned(people_events, "n", "p") and all(
        _ends(clauses, person) and _close(clauses, number, person)
        for (_, number), (_, person) in zip(people_events[::2], people_events[1::2], strict=True)
    )
    time_events = _times_behind(tokens, readings, sent)
    turned_times = bool(time_events) and all(
        _ends(clauses, t) and time_events[2 * at][1].clause in (t.clause, t.clause - 1)
        for at, (_, t) in enumerate(time_events[1::2])
    )
    if (
        turned_times
        and len(time_events) == 2
        and time_events[0][1].clause != time_events[1][1].clause
        and "(" not in (clauses[time_events[0][1].clause].stop)
    ):
        turned_times = False
    owner_after: dict[int, tuple[Who, int]] = {}
    if turned_people:
        for at in range(0, len(people_events), 2):
            owner = people_events[at + 1][1]
            owner_after[people_events[at][1].start] = (named[owner.start], owner.start)
    elif (listed := _listed_behind(people_events, named)) is not None:
        owner_after = listed
        turned_people = True
    elif named:
        owner_after = _owner_in_the_next_clause(clauses, named)
    time_after: dict[int, When] = {}
    if turned_times:
        for at in range(0, len(time_events), 2):
            word = time_events[at + 1][1]
            time_after[time_events[at][1].start] = time_of(word, sent, TODAY, False) or TODAY

    who: Who | None = None
    when = TODAY
    mention = -1
    marked = False
    previous: Clause | None = None
    began: When | None = None  # when what is told of began
    when_at = -1  # the clause in which the running time was named
    for index, clause in enumerate(clauses):
        if previous is not None:
            if (
                (previous.sentence != clause.sentence and who is not None and who.kind in ("kin", "outsider", "self"))
                or (
                    who is not None
                    and who.kind == "kin"
                    and not {"symptom", "generic"}.isdisjoint(previous.kinds)
                    and not {"go", "from", "back"}.isdisjoint(clause.kinds)
                )
                or (  # 外婆病了，上周回了一趟仙桃: who travelled is the writer's family
                    who is not None
                    and who.kind in ("kin", "outsider", "self")
                    and not _told(previous)
                    and not (
                        (previous.stop[:1] == " " or (previous.stop[:1] == "(" and _says_no_reading(clause)))
                        and all(token.start in named for token in previous.tokens)
                    )  # 爸 36.2 妈 36.4
                    and not (
                        index > 1
                        and clause.tokens
                        and clause.tokens[0].number is not None
                        and clauses[index - 2].stop[:1] == "("
                        and all(token.start in named for token in clauses[index - 2].tokens)
                    )  # 我36.3，孩子(5岁)36.8
                    and not (who.kind == "outsider" and "all" in clause.kinds)
                    and not _goes_on_about(previous, clause, clauses, index, named)
                )
            ):
                who, mention = None, -1
            if not _carries(clauses[index - 2] if index > 1 else None, previous, clause, when):
                when = TODAY
        fresh = False
        spoken = False
        prior: Token | None = None
        for token in clause.tokens:
            if token.start in named and not turned_people:
                if (
                    who is not None
                    and who.kind in ("kin", "outsider", "self")
                    and named[token.start].kind == "subjects"
                    and when_at < index
                ):
                    when = TODAY  # 他爸昨天38.5，孩子36.7
                if (
                    when_at < index
                    and previous is not None
                    and _travelled(previous)
                    and who is not None
                    and named[token.start].keys != who.keys
                ):
                    when = TODAY  # 小红昨天回来，小明36.5
                who, mention, fresh, marked = named[token.start], token.start, True, False
            elif "polite" not in token.roles or "day" in token.roles or "moment" in token.roles:
                if prior is not None and token.number is not None and _of_a_thing(prior, token):
                    prior = token
                    places[token.start] = At(who, when, mention, marked, fresh)
                    continue  # 视力4.9 is no date
                after_that = token.text in ("以后", "之后") and token.start > clause.start  # 进去以后又量
                changed = None if turned_times or after_that else time_of(token, sent, when, spoken)
                if changed is not None:
                    when, spoken, marked, when_at = changed, True, True, index
                elif when.kind in ("distant", "recent") and when_at < index and token.text in _AGAIN:
                    when = TODAY  # 原来报36.5，复测37.4
                elif "recovered" in token.roles and when_at < index and when.kind in ("day", "recent", "season"):
                    when = TODAY  # 前两天拉肚子，已经好了36.5
            if (
                "method" in token.roles
                or "ordinal" in token.roles
                or (token.number is not None and token.number.kind == "clock")
            ):
                marked = True
            here_who, here_mention, here_when = who, mention, when
            if token.start in owner_after:
                here_who, here_mention = owner_after[token.start]
                fresh = True
            if token.start in time_after:
                here_when = time_after[token.start]
            places[token.start] = At(here_who, here_when, here_mention, marked, fresh)
            prior = token
            if token.number is not None and began is not None and when_at < index and _days_follow(clauses, index):
                places[token.start] = At(here_who, began, here_mention, marked, fresh)  # 前天开始烧，39.2，昨天38.1
            if "onset" in token.roles and token.text != "就" and when.kind in ("day", "night", "recent", "season"):
                began = when
                when = TODAY  # 从昨天开始咳嗽，36.6: what follows is today's
            if token.number is not None and token.number.kind not in ("other", "date", "clock", "code"):
                marked = False
        previous = clause
    return places


_IT_IS = re.compile(r"\s*(?:这|那|说的|量的|测的|烧的|发烧的|咳的|咳嗽的)?(?:是|就是|都是)")


def _owner_in_the_next_clause(clauses: list[Clause], named: dict[int, Who]) -> dict[int, tuple[Who, int]]:
    """三十八度一，是妹妹; 烧的是小红: whose it is stands behind, with 是 before it and nothing after it."""
    owners: dict[int, tuple[Who, int]] = {}
    for index, clause in enumerate(clauses):
        row = clause.tokens
        person = row[-1] if row else None
        if person is not None and person.text in ("的", "了") and len(row) > 1:
            person = row[-2]
        if person is None or person.start not in named or "是" not in clause.text:
            continue
        opening = _IT_IS.match(clause.text)
        if opening is None or clause.start + opening.end() != person.start:
            continue
        about = [token for token in row if token.end <= person.start and "symptom" in token.roles]
        before = clauses[index - 1] if index else None
        if before is not None and before.sentence == clause.sentence and not about:
            about = [t for t in before.tokens if t.number is not None or "symptom" in t.roles]
            if any(token.start in named for token in before.tokens):
                continue
        for token in about:
            owners[token.start] = named[person.start], person.start
    return owners


def _close(clauses: list[Clause], number: Token, owner: Token) -> bool:
    """A name behind a number stands in the same clause, or alone in brackets."""
    if number.clause == owner.clause:
        return True
    return owner.clause == number.clause + 1 and clauses[number.clause].stop[:1] in ("(", " ")


def _told(clause: Clause) -> bool:
    """Whether the clause told of somebody's body, so that the next one may go on about the same person."""
    if clause.hypothetical:
        return False  # 超过37.3我就接他，现在36.9
    return any(
        token.number is not None and token.number.kind not in ("other", "date", "clock") for token in clause.tokens
    ) or not {"symptom", "temperature", "generic", "case", "recovered", "medicine"}.isdisjoint(clause.kinds)


def _of_a_thing(before: Token, token: Token) -> bool:
    """视力4.9, 油价3.2: a figure with a point right behind a thing that has figures of its own."""
    number = token.number
    return (
        number is not None
        and number.kind == "date"
        and "." in number.text
        and before.end == token.start
        and "foreign" in before.roles
    )


def _days_follow(clauses: list[Clause], index: int) -> bool:
    """Whether the next clause gives the number of a day gone by, so that this one is of a day before it."""
    following = clauses[index + 1] if index + 1 < len(clauses) else None
    return (
        following is not None
        and following.sentence == clauses[index].sentence
        and any("night" in t.roles or t.roles.get("day", "0") != "0" for t in following.tokens)
        and not _says_no_reading(following)
    )


def _says_no_reading(clause: Clause) -> bool:
    """Whether a clause gives no temperature: what stands in brackets behind a person, their age or name."""
    return all(token.number is None or token.number.kind == "other" for token in clause.tokens)


def _travelled(clause: Clause) -> bool:
    """Whether the clause told of a journey: what goes on about it is the same person's, a number is not."""
    return not {"go", "from", "back"}.isdisjoint(clause.kinds) or "来客" in clause.text or "来了客" in clause.text


_JOURNEY = frozenset(("go", "at", "from", "back", "out"))


_HEARD = ("说是", "据说", "听说是", "好像是", "说烧", "说他", "说她")
_ROUTE = re.compile(r"[一-鿿][-→][一-鿿]")
_SOMEBODY = re.compile(r"有一?个(?!别)|有人|有名|有位")  # 宿舍昨天有个38.2的，小明36.5


def _carries(before: Clause | None, previous: Clause, clause: Clause, when: When) -> bool:
    """Whether a day named before still holds: 昨天忘报了，36.6 is yesterday's, 昨天去奶奶家了，36.5 is not."""
    if when.kind == "today":
        return True
    if when.kind == "distant" and clause.text.startswith("今年"):
        return False  # 去年今天39度，今年36.5
    if when.kind == "usual" or _SOMEBODY.search(previous.text):
        return False
    if any(
        ("report" in token.roles and token.roles["report"] == "late")
        or token.text in ("忘", "忘了", "忘记", "忘记了", "忘报", "补", "补报", "补上", "漏报", "没报")
        for token in previous.tokens
    ):
        return True
    if (
        all(
            (token.number is not None and token.number.kind == "date")
            or not {"day", "night", "moment", "past"}.isdisjoint(token.roles)
            or ("polite" in token.roles and token.end - token.start <= 2)
            for token in previous.tokens
        )
        and sum(token.end - token.start for token in previous.tokens) >= len(previous.text.strip()) - 2
        and not (before is not None and before.sentence == previous.sentence and not _JOURNEY.isdisjoint(before.kinds))
        and not (before is not None and _ROUTE.search(before.text))  # 青岛-哈尔滨-伊春，28号，36.5
    ):
        return True  # a date on a line of its own
    if previous.sentence != clause.sentence:
        return False
    last = next((t for t in reversed(previous.tokens) if not {"day", "night", "past"}.isdisjoint(t.roles)), None)
    if last is not None and previous.text[last.end - previous.start :].strip() in ("的", "那天的", "那次的"):
        return True  # 这是他昨天的，36.5
    if any(
        token.number is not None and token.number.kind not in ("other", "date", "clock", "code")
        for token in previous.tokens
    ):
        return True
    if {"temperature", "medicine", "report"}.isdisjoint(previous.kinds) and _all_well(clause):
        return when.kind in ("day", "night") and any(  # 昨天咳了几声，36.5; 元宵节前发过烧，36.5
            token.roles.get("symptom") == "fever" for token in previous.tokens
        )
    return not {"symptom", "temperature", "medicine", "report", "generic"}.isdisjoint(previous.kinds)


def _goes_on_about(previous: Clause, clause: Clause, clauses: list[Clause], index: int, named: dict[int, Who]) -> bool:
    """姥爷从荆州回来了，咳嗽，孩子36.4: nobody new here, and the child is named afresh later in the sentence."""
    if _travelled(previous) and not {"go", "from", "back", "at"}.isdisjoint(clause.kinds):
        return True
    if clause.sentence == previous.sentence and clause.text.lstrip().startswith(_HEARD):
        return True  # 小明同桌没来，说是38.7
    following = clauses[index + 1] if index + 1 < len(clauses) else None
    return (
        following is not None
        and not any(t.number is not None for t in clause.tokens)
        and following.sentence == clause.sentence
        and any(t.start in named and named[t.start].kind == "subjects" for t in following.tokens[:2])
    )


def _all_well(clause: Clause) -> bool:
    """Whether the clause gives readings that are plainly no fever."""
    told = [
        token.number.tenths
        for token in clause.tokens
        if token.number is not None and token.number.kind == "temperature"
    ]
    return bool(told) and max(told) < 370
