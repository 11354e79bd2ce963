"""Videos, notices and study guidance in the chat: 已看, 收到, 通知, 文字, an answer, a question (domain handbook 10)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bots.campaigns import words
from bots.campaigns.asking import ask_sender
from bots.check_in.holds import holds_report
from bots.engine.conversation import Conversation, Said, Turn, Wait, say
from bots.engine.links import campaign_link
from models.actions import devices as phones
from models.actions import receipts as taken
from models.queries import campaigns
from models.queries import receipts as standing
from models.queries.receipts import Mine
from models.rules.campaign import HOW, LATE, holding, takes_receipts, words_suffice

NAME = "campaign"
_EDGES = " \t\r\n。．.!！~～,，、;；:：《》"
#: How many publications a list shows.
_SHOWN = 9
_HOLDS = re.compile(
    r"(以|按)(哪|那)(个|份|一个|一份)?(文件|通知)?(为准|执行|算)|哪个(文件|通知)(有效|为准|算数)|(文件|通知).{0,4}为准"
)
#: A question about what was published: a word of asking and a word of the matter.
_ASKS = re.compile(r"[?？]|吗|呢$|怎么|什么|要不要|用不用|需不需要|能不能|可不可以|几点|哪里|谁")
_MATTER = re.compile(
    r"签字|签名|签个字|回执|视频|通知|文件|作业|打印|截止|交给|上交|观看|这条|这个(要|需要|用|得)|那个(要|需要|用|得)"
)
_PAIR = re.compile(r"登记\s*([0-9]{6})")
_STUDY = {words.STOP_STUDY: True, words.AGAIN_STUDY: False}


def begin(turn: Turn) -> Said | None:
    said = turn.text.strip(_EDGES)
    if said in _STUDY:
        return _study(turn, said)
    if not turn.speaker.people:
        return say(words.NOT_BOUND)
    if said in words.LIST:
        return _list(turn)
    if said in words.TEXT:
        return _text(turn)
    return _receive(turn, "seen")


# --- receipts -----------------------------------------------------------------------------------------------------
def _receive(turn: Turn, what: str) -> Said:
    """Somebody says that they have seen, received or confirmed something. One answer counts for all their people."""
    mine = _current(turn)
    waiting = [one for one in mine if one.confirmed_at is None and one.campaign.kind != "study"]
    fitting = [one for one in waiting if one.campaign.kind == "video"] if what == "seen" else waiting
    if len(fitting) > 1 and what == "seen" and len({one.campaign.kind for one in waiting}) > 1:
        fitting = waiting
    fitting = fitting or waiting
    if not fitting:
        return _already(turn, mine)
    if len(fitting) > 1:
        return _ask_which(fitting, what)
    return _take(turn, fitting[0], what)


def _take(turn: Turn, one: Mine, what: str) -> Said:
    campaign = one.campaign
    if not words_suffice(campaign.kind, campaign.strength, what):
        ask = Wait(NAME, "answer", {"id": campaign.id, "at": turn.sent_at.timestamp()})
        return say(words.needs_more(campaign, _link(turn, one)), ask)
    taken.confirm(turn.work, campaign.id, turn.speaker.account_id, HOW[what], turn.sent_at)
    return say(words.thanks(campaign, one.names if len(one.names) > 1 else (), _clock(turn)))


def _already(turn: Turn, mine: Sequence[Mine]) -> Said:
    done = next((one for one in mine if one.confirmed_at is not None), None)
    if done is None or done.confirmed_at is None:
        return say(words.NOTHING)
    return say(words.already(done.campaign, words.when(turn.district, done.confirmed_at)))


def which(turn: Turn) -> Said | None:
    """Which of several was meant, by number."""
    chosen = _numbered(turn)
    return None if chosen is None else _take(turn, chosen, str(turn.data["what"]))


def read(turn: Turn) -> Said | None:
    """收到 and 确认 of those whom these words have no other meaning for; questions; which document holds."""
    if not turn.speaker.people or turn.incoming.kind != "text":
        return None
    text = turn.text.strip(_EDGES)
    if (found := _PAIR.fullmatch(text)) is not None:
        return _pair(turn, found[1])
    if _HOLDS.search(text):
        return _holding(turn)
    if text in words.RECEIVED or text in words.CONFIRM or text in words.YES | words.NO:
        return _short_word(turn, text)
    if _ASKS.search(turn.text) and _MATTER.search(text) and not holds_report(turn, turn.text):
        return _question(turn, None)
    return None


def _short_word(turn: Turn, text: str) -> Said | None:
    waiting = [one for one in _current(turn) if one.confirmed_at is None and one.campaign.kind != "study"]
    if text in words.YES | words.NO:
        waiting = [one for one in waiting if one.campaign.strength == "answer"]
        return _answer(turn, waiting[0], text) if len(waiting) == 1 else None
    if not waiting:
        return None
    what = "received" if text in words.RECEIVED else "confirmed"
    if len(waiting) == 1:
        return _take(turn, waiting[0], what)
    return _ask_which(waiting, what)


# --- looking at them ----------------------------------------------------------------------------------------------
def _list(turn: Turn) -> Said:
    mine = _current(turn)[:_SHOWN]
    if not mine:
        return say(words.NOTHING)
    replaced = campaigns.replacements(turn.work.flush())
    before = {new: old for old, new in replaced.items()}
    old = {one.id: one.title for one in campaigns.by_ids(turn.work.connection, before.values())} if before else {}
    titles = {new: old[number] for new, number in before.items() if number in old}
    wait = Wait(NAME, "choose", {"ids": [one.campaign.id for one in mine]})
    return say(words.listing(mine, turn.district, titles), wait)


def choose(turn: Turn) -> Said | None:
    """A number of the list: the text, the link, and what is asked."""
    chosen = _numbered(turn)
    return None if chosen is None else _show(turn, chosen, 0)


def _text(turn: Turn) -> Said:
    mine = _current(turn)
    chosen = next((one for one in mine if one.confirmed_at is None), mine[0] if mine else None)
    return say(words.NO_TEXT_OPEN) if chosen is None else _show(turn, chosen, 0)


def _show(turn: Turn, one: Mine, part: int) -> Said:
    campaign = one.campaign
    text = words.body(campaign, part, one.names if campaign.strength == "answer" else ())
    if part == 0 and (campaign.video or campaign.link or campaign.strength == "sign"):
        text = f"{text}\n{words.open_here(_link(turn, one))}"
    return say(text, Wait(NAME, "answer", {"id": campaign.id, "part": part, "at": turn.sent_at.timestamp()}))


def answer(turn: Turn) -> Said | None:
    """A publication has just been shown: more of its text, its receipt, its answer, a question about it."""
    said = turn.text.strip(_EDGES)
    one = next(iter(standing.of_account(turn.work.flush(), turn.speaker.account_id, [turn.data["id"]])), None)
    if one is None or turn.incoming.kind != "text":
        return None
    if not takes_receipts(one.campaign.state, one.campaign.deadline, turn.sent_at):
        return say(words.GONE) if said in words.SEEN | words.READ | words.CONFIRM else None
    if said in words.RECEIVED | words.CONFIRM | words.SEEN and (newer := _came_since(turn, one)):
        what = "received" if said in words.RECEIVED else "confirmed" if said in words.CONFIRM else "seen"
        return _ask_which([*newer, one], what)
    if said in words.MORE:
        return _show(turn, one, int(turn.data.get("part", 0)) + 1)
    if one.campaign.strength == "answer" and said in {*one.campaign.choices}:
        return _answer(turn, one, said)
    for listed, what in (
        (words.CONFIRM, "confirmed"),
        (words.SEEN, "seen"),
        (words.READ, "text"),
        (words.RECEIVED, "received"),
    ):
        if said in listed:
            return _take(turn, one, what) if one.confirmed_at is None else _already(turn, [one])
    if said in words.TEXT:
        return _show(turn, one, 0)
    if turn.is_word or turn.opens or holds_report(turn, turn.text) or not _ASKS.search(turn.text):
        return None
    return _question(turn, one)


def _came_since(turn: Turn, one: Mine) -> list[Mine]:
    """What still waits and went out after `one` was shown: a bare word may mean it as well."""
    since = turn.data.get("at")
    if since is None or one.confirmed_at is not None:
        return []
    return [
        each
        for each in _current(turn)
        if each.confirmed_at is None
        and each.campaign.kind != "study"
        and each.campaign.id != one.campaign.id
        and each.campaign.started_at is not None
        and each.campaign.started_at.timestamp() > since
    ]


def _ask_which(found: Sequence[Mine], what: str) -> Said:
    shown = found[:_SHOWN]
    wait = Wait(NAME, "which", {"ids": [one.campaign.id for one in shown], "what": what})
    return say(words.which([one.campaign.title for one in shown]), wait)


def _answer(turn: Turn, one: Mine, said: str) -> Said:
    taken.answer(turn.work, one.campaign.id, turn.speaker.account_id, one.people, said, turn.sent_at)
    return say(words.answered(one.campaign, said, one.names))


# --- questions ----------------------------------------------------------------------------------------------------
def _holding(turn: Turn) -> Said:
    connection = turn.work.flush()
    replaced = campaigns.replacements(connection)
    mine = {one.campaign.id: one.campaign for one in _current(turn)}
    lines = []
    for campaign in mine.values():
        before = [old for old in replaced if holding(old, replaced) == campaign.id]
        if before:
            titles = [one.title for one in campaigns.by_ids(connection, before)]
            published = words.when(turn.district, campaign.started_at or campaign.created_at)
            lines.append(words.holds(campaign, titles, published))
    return say("\n".join(lines) if lines else words.NOTHING_HOLDS)


def _question(turn: Turn, one: Mine | None) -> Said | None:
    mine = _current(turn)
    chosen = one or next((each for each in mine if each.confirmed_at is None), mine[0] if mine else None)
    if chosen is None:
        return None
    campaign = chosen.campaign
    until = words.when(turn.district, campaign.deadline) if campaign.deadline else ""
    text = words.known_answer(campaign, until) + ask_sender(turn, chosen)
    return say(text, Wait(NAME, "answer", {"id": campaign.id, "at": turn.sent_at.timestamp()}))


# --- wishes and devices -------------------------------------------------------------------------------------------
def _study(turn: Turn, said: str) -> Said:
    phones.opt(turn.work, turn.speaker.account_id, "study", out=_STUDY[said])
    return say(words.STUDY_STOPPED if _STUDY[said] else words.STUDY_AGAIN)


def _pair(turn: Turn, code: str) -> Said:
    done = phones.pair_by_code(turn.work, turn.speaker.account_id, code, turn.sent_at)
    return say(words.DEVICE_PAIRED if done else words.DEVICE_UNKNOWN)


# --- helpers ------------------------------------------------------------------------------------------------------
def _current(turn: Turn) -> list[Mine]:
    """What this account may still answer, newest first."""
    found = standing.of_account(turn.work.flush(), turn.speaker.account_id)
    return [one for one in found if takes_receipts(one.campaign.state, one.campaign.deadline, turn.sent_at)]


def _numbered(turn: Turn) -> Mine | None:
    said = turn.text.strip(_EDGES)
    ids = turn.data["ids"]
    if not said.isdecimal() or len(said) > 2 or not 1 <= int(said) <= len(ids):
        return None
    found = standing.of_account(turn.work.flush(), turn.speaker.account_id, [ids[int(said) - 1]])
    return next(iter(found), None)


def _link(turn: Turn, one: Mine) -> str:
    until = (one.campaign.deadline or turn.now) + LATE
    return campaign_link(turn.work.vault, turn.public_url, one.campaign.id, turn.speaker.account_id, until)


def _clock(turn: Turn) -> str:
    return words.when(turn.district, turn.sent_at)


conversation = Conversation(
    name=NAME,
    steps={"begin": begin, "which": which, "choose": choose, "answer": answer},
    first="begin",
    opens_on=words.SEEN | words.READ | words.LIST | words.TEXT | frozenset(_STUDY),
    reads=read,
    order=45,
)
