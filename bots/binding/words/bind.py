"""Binding and consent (contract 8; domain handbook 13.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bots.engine.replies import link
from bots.wording.names import both
from models.rules.binding import LENGTH, MOST_GUARDIANS, WARN_FROM
from models.rules.district import District

#: The version of the two notices below, kept with every consent. A new wording is a new version.
CONSENT_VERSION = "2026-02"
AGREE = frozenset({"同意", "我同意", "同意绑定", "同意的", "好的同意", "好的,同意", "同意,谢谢"})
REFUSE = frozenset({"不同意", "我不同意", "拒绝", "不绑定", "不绑了"})

HOW = "请发送“绑定”加绑定码，例如：绑定 ACDE3467。绑定码在学校发的纸条上，没有纸条请向班主任要。"
HOW_ANOTHER = "还有孩子要绑定，请接着发送“绑定”加那个孩子的绑定码。"
NAMES_DO_NOT_BIND = f"为保护孩子的信息，只凭姓名不能绑定，要有{LENGTH}位的绑定码。{HOW}"
NOTHING_TO_AGREE = f"现在没有等您同意的事项。要绑定，{HOW}"
ANSWER_FIRST = (
    "绑定还差一步：看过上面的说明，同意请回复“同意”，不同意请回复“不同意”。孩子有急事请直接打电话给班主任或120。"
)
REFUSED = (
    "好的，没有绑定，也没有登记任何健康信息，不影响孩子上学。"
    "孩子的情况请直接告诉班主任。以后想用，重新发送“绑定”加绑定码。"
)
STAFF_REFUSED = (
    "好的，没有绑定，也没有登记任何健康信息。请按单位要求直接报告本人情况。以后想用，重新发送“绑定”加绑定码。"
)
STAFF_CODE_USED = (
    "这个教职工绑定码已经用过，一个码只能用一次。如果不是您本人用的，请马上告诉学校；需要新码，请向学校管理员要。"
)
ONE_POST = "这个微信已经绑定了一位教职工，不能再绑另一位。要换人，请先发送“解绑”。"
FULL = f"这个孩子已有{MOST_GUARDIANS}位家长绑定，不能再增加。请与班主任联系，由老师撤销一位后，您再发送一次绑定码。"


def _bureau(district: District) -> str:
    return district.bureau or f"{district.name}教育局"


def _link(public_url: str) -> str:
    return link(f"{public_url}/h5/privacy", "隐私说明全文")


def notice(district: District, public_url: str) -> str:
    """What a guardian agrees to: what, why, who, how long, that it may be refused, how to correct and delete."""
    kept = district.retention
    return (
        f"绑定前请您先看：为做好校园健康工作，{_bureau(district)}和学校要登记孩子每天的体温、症状和近期行程，不用于别的事。"
        "孩子不满14周岁的，由监护人决定是否同意。\n"
        "谁能看到：班主任、校医和学校报告人按职责查看，区里平时只看汇总数字；发现传染病会依法报告疾控部门。\n"
        f"保存多久：您发来的原文{kept.raw_text}天，健康记录{kept.check_ins}天，到期删除。\n"
        "您可以不同意，不影响孩子上学，情况直接告诉班主任就行。绑定后回复“改”可更正，回复“解绑”可停用，"
        f"查询、删除请联系班主任，投诉请联系{_bureau(district)}。{_link(public_url)}\n"
        "同意请回复“同意”，不同意请回复“不同意”。"
    )


def staff_notice(district: District, public_url: str) -> str:
    """The same for a member of staff, about themselves."""
    kept = district.retention
    return (
        f"绑定前请您先看：为做好校园健康工作，{_bureau(district)}和单位要登记您本人每天的体温、症状和近期行程，不用于别的事。\n"
        "谁能看到：年级主任、教务处、校医和学校报告人按职责查看，区里平时只看汇总数字；发现传染病会依法报告疾控部门。\n"
        f"保存多久：您发来的原文{kept.raw_text}天，健康记录{kept.check_ins}天，到期删除。\n"
        "您可以不同意，改为向单位当面报告。绑定后回复“改”可更正，回复“解绑”可停用，查询、删除请联系学校报告人，"
        f"投诉请联系{_bureau(district)}。{_link(public_url)}\n"
        "同意请回复“同意”，不同意请回复“不同意”。"
    )


def wrong(left: int) -> str:
    tries = f"还可以再试{left}次。" if left <= WARN_FROM else ""
    return (
        f"这个绑定码不对。请对照纸条上的{LENGTH}位字母和数字，重新发送，例如：绑定 ACDE3467。"
        f"{tries}没有纸条请向班主任要。"
    )


def locked(until: str) -> str:
    """until: "09:10" on the district's clock."""
    return f"绑定码输错的次数太多，为保护孩子的信息，{until}前不能绑定。到时请再发一次，也可以请班主任帮您核对绑定码。"


def already(name: str) -> str:
    return f"您已经绑定了{name}，不用再绑。报体温直接发数字，比如：36.5。"


#: The declaration of domain handbook 5.5 is asked for at the first use.
DECLARE = "另请回复“登记行程”，登记近14天的行程和接触情况，一分钟左右。"


def bound_child(name: str, place: str, rank: int, children: Sequence[str]) -> str:
    """children: all of the account's, in the order of binding."""
    which = f"您是孩子的第{rank}位绑定家长。" if rank > 1 else ""
    if len(children) > 1:
        example = "，".join(f"{child}36.{5 + turn % 5}" for turn, child in enumerate(children[:3]))
        how = f"您现在可以为{both(children)}报体温，带上名字一起发，比如：{example}。"
    else:
        how = "现在就可以报体温，直接回复数字，比如：36.5。"
    return f"绑定成功：{name}，{place}。{which}{how}{DECLARE}{HOW_ANOTHER}"


def bound_staff(name: str, posts: str, word: str) -> str:
    """word: what this post types next, e.g. 班级."""
    next_word = f"查看情况请回复“{word}”，" if word else ""
    return (
        f"绑定成功：{name}，{posts}。请每天报您本人的体温，直接回复数字，比如：36.5。{next_word}其他功能请回复“帮助”。"
    )


def new_guardians(place: str, names: Sequence[str]) -> str:
    shown = "、".join(names[:30]) + (f"等{len(names)}名学生" if len(names) > 30 else "")
    return f"{place}有新家长绑定：{shown}。如有疑问，回复“撤销绑定 姓名”可以查看这个孩子的绑定家长，并撤销不认识的人。"


# --- the head teacher takes a guardian back ---------------------------------------------------------------------
REVOKE_HOW = "请写明学生姓名，例如：撤销绑定 张小明。我会列出这个孩子的绑定家长，由您选择。"
REVOKE_NOT_YOURS = "撤销绑定由班主任操作，您没有这项权限。"
REVOKE_KEPT = "好的，没有撤销，绑定照旧。"


def revoke_unknown(name: str) -> str:
    return f"您班里没有叫“{name}”的学生，请核对姓名后重新发送，例如：撤销绑定 张小明。"


def revoke_none(name: str) -> str:
    return f"{name}现在没有绑定的家长。"


def revoke_which(name: str, guardians: Sequence[tuple[int, date]]) -> str:
    """guardians: (number to answer with, day of binding)."""
    listed = "\n".join(f"第{number}位，{day.month}月{day.day}日绑定" for number, day in guardians)
    return f"{name}的绑定家长：\n{listed}\n要撤销哪一位，请回复数字，例如：{guardians[-1][0]}；不撤销请回复“取消”。"


def revoked(name: str, rank: int) -> str:
    return f"已撤销{name}的第{rank}位绑定家长，对方不能再替孩子上报。需要恢复时，请家长重新发送绑定码。"


def revoked_guardian(name: str) -> str:
    return f"班主任撤销了您与{name}的绑定，之后不再给您发提醒。如有疑问请联系班主任；核实后可重新发送“绑定”加绑定码。"
