"""零报告, 上报: the school's evidence before it is signed. 补充 …: a sentence added to what was signed."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.reports.chain import Hat, has_started, hats_of, own_word, state, title, waiting
from bots.wording import posts
from bots.wording.plain import NAMES_SHOWN
from models.actions import reports
from models.queries.reports import reports_on

_LONGEST = 300  # characters of a remark (domain 6.3: the work note)


def show(turn: Turn) -> Said | None:
    if turn.text.startswith("补充"):
        return supplement(turn)
    hats = hats_of(turn, "school")
    if not hats:
        return say(posts.only_for("疫情报告人、副报告人和校长", own_word(turn)))
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    return say("\n\n".join(state(turn, hat) for hat in hats[:NAMES_SHOWN]), waiting(hats, turn.day))


def supplement(turn: Turn) -> Said | None:
    """Adds to the report the speaker signed last, else to the school's.

    Not for anybody else: a parent's "补充 孩子咳嗽" is a report, and goes on to whoever reads reports.
    """
    if not hats_of(turn, "school", "grade", "class_unit"):
        return None if turn.speaker.people else say(posts.only_for("签报日报的负责人"))
    text = turn.text.removeprefix("补充").strip(" ：:，,\t\n")
    hats = hats_of(turn, "school", "grade", "class_unit")
    if turn.speaker.me is None:
        return None
    if not text:
        return say(posts.SUPPLEMENT_HOW)
    hat = _last_signed(turn, hats)
    if hat is None:
        return say(posts.SUPPLEMENT_NOBODY)
    reports.remark(turn.work, hat.unit, turn.day, turn.speaker.me.person_id, text[:_LONGEST])
    return say(f"已补充到{title(turn.work, hat)}今日日报。还要补充可以再发“补充 …”。", keep=True)


def _last_signed(turn: Turn, hats: list[Hat]) -> Hat | None:
    found = reports_on(turn.work.flush(), [hat.unit.id for hat in hats], [turn.day])
    me = turn.speaker.me.person_id if turn.speaker.me else None
    signed = []
    for hat in hats:
        report = found.get((hat.unit.id, turn.day))
        if report is not None and report.confirmed_by == me and report.confirmed_at is not None:
            signed.append((report.confirmed_at, hat))
    if signed:
        return max(signed, key=lambda one: one[0])[1]
    return next((hat for hat in hats if hat.level == "school"), None)


conversation = Conversation(
    name="school_report",
    steps={"show": show},
    first="show",
    opens_on=frozenset({"零报告", "上报", "补充"}),
    prefixes=("补充",),
)
