"""What parents and staff read when they report (domain handbook 13.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bots.alerts.words.telling import told
from bots.wording.health import degrees, on, symptoms

HOW_TO_MEND = "如有不对，回复“改”和正确的内容就能更正。"


# --- the echo ---------------------------------------------------------------------------------------------------
def echo(name: str, parts: Sequence[str], day: date) -> str:
    return f"记下了（{on(day)}）：{name}，{'，'.join(parts)}。"


def echo_several(lines: Sequence[tuple[str, Sequence[str]]], day: date) -> str:
    return f"记下了（{on(day)}）：\n" + "\n".join(f"{name}，{'，'.join(parts)}" for name, parts in lines) + "\n"


def number_only(is_self: bool) -> str:
    """After a bare number: it is enough, and it says nothing of how the child feels."""
    return "您如有咳嗽、腹泻等不舒服，请直接告诉我。" if is_self else "孩子如有咳嗽、拉肚子等不舒服，请直接告诉我。"


def corrected(name: str, day: date, old: Sequence[str], new: Sequence[str]) -> str:
    return f"已更正：{name}{on(day)}由{'，'.join(old)}改为{'，'.join(new)}。原记录会保留备查。"


def late(deadline: str) -> str:
    return f"今天过了{deadline}，记为迟报，下次请尽量在{deadline}前发，谢谢理解。"


def backfilled(deadline: str) -> str:
    return f"已补记，学校当天的汇总不变。下次请尽量在当天{deadline}前发，谢谢理解。"


def already(name: str, parts: Sequence[str]) -> str:
    return f"{name}今天已经报过了（{'，'.join(parts)}），不用重复发。如果要更正，回复“改”和正确的内容。"


#: An answer without a number that adds nothing.
KNOWN = "这一点已经记下了。"


def already_by(name: str, parts: Sequence[str], by: str, at: datetime) -> str:
    return f"谢谢您。{name}今天{at:%H:%M}已由{by}报过了（{'，'.join(parts)}），内容一致，不用再报。"


def which_counts(name: str, mine: Sequence[int], others: Sequence[int], by: str) -> str:
    theirs, yours = "、".join(degrees(t) for t in others), "、".join(degrees(t) for t in mine)
    return (
        f"{name}今天有两份不同的记录：{by}报的{theirs}和您报的{yours}，两份都已保留，先按高的算。"
        "请问以哪一份为准？回复“我的”或“前面的”，也可以直接发数字。"
    )


def counted(name: str, parts: Sequence[str]) -> str:
    return f"好的，{name}今天以{'，'.join(parts)}为准，两份记录都保留备查。"


LEFT_TO_TEACHER = "好的，两份记录都保留，老师会与您核实。"


# --- guidance ---------------------------------------------------------------------------------------------------
def _have_told(roles: Sequence[str]) -> str:
    names = told(roles)
    return f"已告知{names}。" if names else "请同时打电话告诉学校。"


def fever_again(name: str, tenths: int, roles: Sequence[str], is_self: bool) -> str:
    """A first reading a little high, and otherwise well: at home, measured again (domain handbook 4.4)."""
    who = "请" if is_self else "让孩子"
    return (
        f"{name}体温{degrees(tenths)}偏高，{_have_told(roles)}请先留在家里，不要到校；{who}安静休息15分钟，"
        "用体温计量一下腋温，再把数字告诉我。"
    )


def fever_guide(name: str, roles: Sequence[str], is_self: bool) -> str:
    return (
        f"{name}发热，{_have_told(roles)}请先留在家里，不要到校，戴好口罩，尽快到医院发热门诊就诊，"
        "就诊后把结果告诉我们。如呼吸困难、抽搐或叫不醒，请立即拨打120。"
    )


def ask_low(name: str, tenths: int) -> str:
    return f"{name}体温{degrees(tenths)}偏低，可能是额头受凉。请在室内休息几分钟再量一次，回复新的数字。"


def ask_retest(name: str) -> str:
    return f"请过15分钟再给{name}量一次腋温，把数字告诉我。"


def typo_high(tenths: int) -> str:
    return f"{degrees(tenths)}非常高，请再看一眼体温计：没错请马上就医或拨打120，打错了回复“改”和正确的数字。"


def urgent_guide(name: str, what: Sequence[str], roles: Sequence[str]) -> str:
    named = symptoms(what) or "高热且精神差"
    return f"{name}出现{named}，请立即就医，情况危急请马上拨打120。{_have_told(roles)}他们会尽快联系您。"


def pending(roles: Sequence[str]) -> str:
    """A likely fever that waits for its yes."""
    return f"（已先按待核实告知{told(roles)}。）" if told(roles) else ""


def masked(roles: Sequence[str], is_self: bool) -> str:
    who = "您" if is_self else "孩子"
    return (
        f"用过退烧药，体温正常也不代表退烧了，{_have_told(roles)}请让{who}在家休息，"
        "药效过后（6至8小时）再量一次发给我。"
    )


def household_trip(roles: Sequence[str]) -> str:
    """Somebody at home was away; in a key region the school hears of it (domain handbook 14 row 66)."""
    tell = f"已告知{told(roles)}，老师会与您联系。" if told(roles) else "老师会看到。"
    return f"家人的行程已记下，{tell}请家人按社区要求报备，如有不舒服请及时告诉我。"


def rest(roles: Sequence[str], is_self: bool) -> str:
    if is_self:
        return "请注意休息，如果加重请及时就医。"
    return ("班主任会看到并关注，" if "head_teacher" in roles else "") + "请让孩子多休息，如果加重请及时就医。"


def case_said(roles: Sequence[str]) -> str:
    return f"您说的情况已如实记下，{_have_told(roles)}请先留在家里，是否属于以疾控和医院的通知为准，老师会联系您。"


def household(roles: Sequence[str], *, is_case: bool = False) -> str:
    """is_case: somebody at home is said to be a case or a contact; the child stays at home until somebody decides."""
    stay = "孩子也请先留在家里，不要到校，等疾控和学校的通知。" if is_case else ""
    return f"谢谢告知，请同住的家人也注意休息、及时就医，并尽量分开住。{stay}{_have_told(roles)}"


def implausible(written: str) -> str:
    """A number outside what a body can have is stored nowhere (domain handbook 4.2)."""
    return f"{written}℃不像是体温，没有记录，可能是体温计没有量好或打错了。"


def conflict_told(roles: Sequence[str]) -> str:
    return "老师也会与您核实。" if roles else ""


CORRECTED_DOWN = "之前的发热提醒不会自动取消，老师会与您核实。"
AGAIN_NOTED = "谢谢您又量了一次，记录都会保留，老师会看到。今天请继续留在家里观察。"
KEY_REGION = (
    "请先留在家里，不要到校，按社区要求报备；每天早晚各量一次体温发给我，有不舒服马上告诉我。"
    "老师会与您联系登记，能否到校以学校通知为准。"
)
#: The same beside a fever, whose guidance has said to stay at home.
KEY_REGION_TOO = "也请按社区要求报备，老师会与您联系登记，能否到校以学校通知为准。"
#: A plan is no journey yet (domain handbook 14 row 72; 5.5: leaving and coming back are both told).
PLAN_NOTED = "还没出发就先不算外出；出发后、返回后请各告诉我一声，也请按社区要求报备。"
TRIP_NOTED = "行程已登记，老师会看到。"
TRIP_AWAY = "行程已登记，老师会看到；返校请等学校通知，返回后请告诉我一声。"


# --- questions --------------------------------------------------------------------------------------------------
def ask_temperature(name: str, heard: Sequence[str], *, first: bool = True, several: bool = False) -> str:
    """Nothing is recorded before the number: what was said waits for it. first: the message begins with it."""
    said = f"收到，{name}{'，'.join(heard)}。" if heard else "收到。"
    example = f"{name}36.5" if several else "36.5"
    return f"{said if first else ''}为了留下准确记录，请补充{name}今天的体温是多少度，比如：{example}。"


def ask_temperature_bare(names: Sequence[str]) -> str:
    return f"请发{'、'.join(names)}今天的体温数字，比如：36.5，有不舒服也请一起告诉我。"


def ask_temperature_correction(name: str) -> str:
    return f"好的，请发{name}正确的体温，比如：36.5，我来更正，原记录保留备查。"


def confirm_value(name: str, tenths: int, source: str) -> str:
    shown = f"您发的{source}，" if source and source != f"{tenths // 10}.{tenths % 10}" else ""
    return f"{shown}{name}的体温是{degrees(tenths)}吗？是请回“对”，不是请重新发一次。"


def confirm_values(name: str, candidates: Sequence[int]) -> str:
    return f"{name}的体温是{'还是'.join(degrees(t) for t in candidates)}？请再发一次数字。"


def which_person(names: Sequence[str], candidates: Sequence[int]) -> str:
    number = "和".join(degrees(t) for t in candidates) or "您说的"
    return f"您绑定了{'和'.join(names)}，请问{number}是哪一位的？请回复名字。"


def whose(name: str, candidates: Sequence[int]) -> str:
    number = "、".join(degrees(t) for t in candidates) or "您说的"
    return f"请问{number}是{name}的吗？是请回“对”，不是请重新发一次。"


def confirm_own(candidates: Sequence[int]) -> str:
    """A number beside a name that is not the writer's own."""
    what = "、".join(degrees(tenths) for tenths in candidates)
    return f"{what or '您说的'}是您本人的体温吗？是请回“对”，不是请只发您自己的。"


def confirm_person(choices: Sequence[str]) -> str:
    return f"您说的是{'还是'.join(choices)}吗？是请回“对”，不是请把名字再发一次。"


def ask_symptoms(name: str, is_self: bool) -> str:
    who = "您" if is_self else name
    return f"请问{who}还有没有咳嗽、乏力、拉肚子等不舒服？没有请回“没有”。"


def since_when(name: str, symptom: str, is_self: bool) -> str:
    who = "您" if is_self else name
    return f"请问{who}{symptoms([symptom]) if symptom not in {'', 'other'} else '不舒服'}是从什么时候开始的？"


FOR_A_PUPIL = "替学生报请发“代报 姓名 体温”；报您自己的体温直接发数字就行。"


def ask_method() -> str:
    return "请问是怎么量的，额温、耳温还是腋下？"


def ask_place(name: str, choices: Sequence[str]) -> str:
    if choices:
        return f"请问{name}去的是{'还是'.join(choices)}？"
    return f"请问{name}去的是哪个省、哪个市？"


def when_left(name: str, place: str) -> str:
    return f"请问{name}是哪天去{place or '那边'}的？"


def when_back(name: str, place: str, is_away: bool) -> str:
    if is_away:
        return f"请问{name}打算哪天从{place or '那边'}回来？还没定请回“不知道”。"
    return f"请问{name}是哪天从{place or '那边'}回来的？还没回来请告诉我打算哪天回。"


def which_day(name: str, tenths: int | None) -> str:
    return f"请问{degrees(tenths) if tenths else '这个体温'}是{name}哪一天的？比如：昨天。"


def offer_backfill(name: str, day: date, tenths: int) -> str:
    return f"{degrees(tenths)}是{on(day)}的，要补记到{name}的{on(day)}吗？要请回“对”，不要请回“不用”。"


def what_withdraw() -> str:
    return "请问要撤销哪一条？可以直接回复“改”和正确的内容。"


def fever_suspected(name: str) -> str:
    return f"现在方便的话，请给{name}量一下体温，把数字告诉我。"


def asked_before(question: str) -> str:
    """The thread is taken up again after an interruption."""
    return f"刚才还想请问：{question.removeprefix('请问')}"


# --- the rest ---------------------------------------------------------------------------------------------------
def not_counted_yet(name: str, day: date) -> str:
    return f"{name}从{on(day)}起才开始上报，今天还不用报，谢谢您。"


def not_counted_any_more(name: str) -> str:
    return f"{name}已经不在册了，不用再上报。如有疑问，请回复“联系老师”。"


def too_old(name: str, days: int) -> str:
    return f"只能补记最近{days}天的体温，更早的请回复“联系老师”，由老师处理。"


def not_before(name: str) -> str:
    return f"将来的体温还不能报，请到当天量好{name}的体温再发。"


BACKFILL_DECLINED = "好的，没有补记。"
DECLINED = "好的，没有记录。请把正确的体温发给我，比如：36.5。"


def left_as_it_is(name: str) -> str:
    """A doubtful second number was denied; what was recorded before stands."""
    return f"好的，这个数不算，{name}今天的记录不变。回复“今天”可以看。"


NOTHING_TO_CORRECT = "今天还没有记录，直接发体温就行，比如：36.5。"


def withdrawn(name: str, parts: Sequence[str]) -> str:
    return (
        f"已撤回{name}最后一次的内容，恢复为：{'，'.join(parts)}。撤回的内容保留备查；"
        "已发出的健康提醒由老师核实后处理。"
    )


def cannot_withdraw(name: str, parts: Sequence[str]) -> str:
    return f"{name}今天只有这一条记录（{'，'.join(parts)}），撤掉就等于没报。请发正确的体温，我来更正，原记录保留备查。"


# --- today and the record ---------------------------------------------------------------------------------------
def today_line(name: str, parts: Sequence[str], at: datetime, state: str) -> str:
    note = {"late": "，迟报", "backfill": "，补报"}.get(state, "")
    return f"{name}：{'，'.join(parts)}（{at:%H:%M}报{note}）"


def today_open(name: str) -> str:
    return f"{name}：今天还没报，请发体温，比如：36.5"


def today_exempt(name: str) -> str:
    return f"{name}：今天不用报"


def today(day: date, lines: Sequence[str]) -> str:
    return f"{on(day)}的情况：\n" + "\n".join(lines)


def record(name: str, lines: Sequence[str]) -> str:
    return f"{name}近14天的记录：\n" + "\n".join(lines)


def record_line(day: date, parts: Sequence[str], note: str = "") -> str:
    return f"{day.month}/{day.day} {'，'.join(parts) if parts else '未报'}{note}"


def unread_region(places: Sequence[str], roles: Sequence[str]) -> str:
    """A key region was named, and we do not know whether anybody was there."""
    who = f"，已请{told(roles)}核实" if roles else ""
    return (
        f"您提到{'、'.join(places)}，我没有看懂孩子或家人是否去过{who}。"
        "去过请直接告诉我哪天去、哪天回；没去过不用再回复，告诉老师就行。"
    )
