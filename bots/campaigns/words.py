"""Videos, notices, study guidance: what is said about them (domain handbook 10, 13.2 video_push, video_ask)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from bots.engine.replies import link
from models.queries.campaigns import CampaignInfo
from models.queries.receipts import Mine
from models.rules.campaign import KINDS, State
from models.rules.district import District

#: What the card shows of the text.
SHOWN = 50
#: How much of a text one message carries (the platform's 2,047 bytes, three a character, with room to spare).
PART = 550

SEEN = frozenset({"已看", "看完了", "看完", "看过了", "已看完", "都看了", "看了", "已观看", "已经看完了", "已经看了"})
READ = frozenset({"已读", "已阅", "读完了", "看完文字了", "已阅读"})
CONFIRM = frozenset({"确认", "我确认", "确认知晓", "已确认", "已知晓", "知道了"})
RECEIVED = frozenset({"收到", "收到了", "已收到", "好的收到"})
LIST = frozenset({"通知", "看通知", "视频", "看视频", "通知列表"})
TEXT = frozenset({"文字", "文字版", "看文字"})
MORE = frozenset({"继续", "下一段"})
WHO = frozenset({"谁没看", "谁没看完", "没看名单", "谁没读", "谁没签", "谁没签字", "观看情况", "阅读情况"})
YES = frozenset({"同意", "我同意"})
NO = frozenset({"不同意", "我不同意"})
STOP_STUDY, AGAIN_STUDY = "退订学习", "恢复学习"

NOTHING = "现在没有需要您看的视频或通知。有新的我会发给您；查看已发的，回复“通知”。"
NOT_BOUND = "绑定后才能登记观看。请先发送“绑定”加绑定码，绑定码请向班主任要。"
VIDEO_ASK = "谢谢您。收到不等于看过，请确认一下：视频已经看完了吗？看完请回复“已看”；没有流量请回复“文字”。"
NOT_YOURS = "观看和回执情况由班主任和学校、教育局的负责人查看，您目前没有这个职务。看自己的，请回复“通知”。"
NOTHING_RUNNING = "近期没有发给您所管单位的视频或通知。"
STUDY_STOPPED = "好的，不再给您发学习指导。通知和视频照常发送。想再收，请回复“恢复学习”。"
STUDY_AGAIN = "好的，以后继续给您发学习指导。看已发的，请回复“通知”。"
NO_TEXT_OPEN = "现在没有可看的文字版。看已发的视频和通知，请回复“通知”。"
GONE = "这条已经撤回，不用再看。看现在有效的，请回复“通知”。"
SIGN_HINT = "这条需要签字，请点开链接，在页面下方签名："
DEVICE_PAIRED = "好了，这部手机已登记为您本人的。请回到刚才的页面，刷新后再看。"
DEVICE_UNKNOWN = "这个登记码不对或已过期。请重新打开链接，把页面上的新登记码发给我。"


_HEADING, _ITEM, _RULE = re.compile(r"^#+\s*"), re.compile(r"^[-•]\s*"), re.compile(r"[\s|:-]+")


def plain(text: str) -> str:
    """A publication's text as a chat shows it: without the marks of headings, lists and tables."""
    lines = []
    for line in text.strip().replace("\r\n", "\n").split("\n"):
        if line.lstrip().startswith("|"):
            if _RULE.fullmatch(line):
                continue
            line = "　".join(cell.strip() for cell in line.strip().strip("|").split("|"))
        lines.append(_ITEM.sub("· ", _HEADING.sub("", line)))
    return "\n".join(lines)


def when(district: District, moment: datetime) -> str:
    """ "3月4日12:00"."""
    local = district.local(moment)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def how_to_answer(campaign: CampaignInfo) -> str:
    """What is to be typed or done."""
    match campaign.strength:
        case "sign":
            return "请点开链接签字"
        case "answer":
            return f"请回复“通知”查看并回答（{'、'.join(campaign.choices)}）"
        case "confirm":
            return "看完请回复“通知”，再回复“确认”"
        case _:
            return "看完请回复“已看”" if campaign.kind == "video" else "看完请回复“已读”"


def card(district: District, campaign: CampaignInfo, deadline: datetime) -> str:
    """Below the title of the card: what it is, until when, what to type."""
    begun = plain(campaign.text).replace("\n", " ")
    shown = begun if len(begun) <= SHOWN else begun[: SHOWN - 1] + "…"
    if campaign.kind == "study":
        return f"{shown}\n不要求打卡，请合理安排时间。不想再收请回复“退订学习”"
    no_data = "，没有流量请回复“文字”" if campaign.kind == "video" else ""
    return f"{shown}\n{when(district, deadline)}前{how_to_answer(campaign)}{no_data}"


def note(campaign: CampaignInfo) -> str:
    """For a template message, at most 20 characters (wechat-platform 6.2)."""
    return {
        "video": "请点开观看，看完回复已看",
        "study": "学习建议，不要求打卡",
    }.get(
        campaign.kind, {"sign": "请点开阅读并签字", "answer": "请点开阅读并回答"}.get(campaign.strength, "请点开阅读")
    )


def reminder(district: District, campaign: CampaignInfo, deadline: datetime, address: str) -> str:
    """To those alone who have not."""
    verb = "看完" if campaign.kind == "video" else "办完" if campaign.strength in {"sign", "answer"} else "读完"
    no_data = "没有流量可回复“文字”。" if campaign.kind == "video" else ""
    return (
        f"还没收到您对《{campaign.title}》的回执，{when(district, deadline)}截止，方便时请{verb}："
        f"{link(address, '点这里打开')}。{no_data}{how_to_answer(campaign)}，谢谢您。"
    )


def thanks(campaign: CampaignInfo, names: Sequence[str], moment: str) -> str:
    """A receipt was taken."""
    whom = f"，{'、'.join(names)}的一并登记" if names else ""
    done = {"video": "看完", "example": "阅读"}.get(campaign.kind, "回执")
    return f"谢谢您，《{campaign.title}》已登记{done}（{moment}）{whom}。看别的通知请回复“通知”。"


def answered(campaign: CampaignInfo, answer: str, names: Sequence[str]) -> str:
    whom = f"（{'、'.join(names)}）" if names else ""
    return f"记下了：《{campaign.title}》{whom}您的回答是“{answer}”。要改请在截止前重新回答；看别的请回复“通知”。"


def already(campaign: CampaignInfo, moment: str) -> str:
    return f"《{campaign.title}》在{moment}已经登记过了，不用重复。看别的请回复“通知”。"


def needs_more(campaign: CampaignInfo, address: str) -> str:
    """What was said is not the receipt that is asked for."""
    if campaign.strength == "sign":
        return f"《{campaign.title}》需要您签字，回复文字还不算。请{link(address, '点这里签字')}，只要一分钟。"
    if campaign.strength == "answer":
        return f"《{campaign.title}》要您回答：{campaign.question}\n请回复：{' 或 '.join(campaign.choices)}"
    if campaign.strength == "confirm":
        return f"谢谢您。《{campaign.title}》请您看完后回复“确认”，我再登记。"
    return VIDEO_ASK


def which(titles: Sequence[str]) -> str:
    listed = "\n".join(f"{number}. 《{title}》" for number, title in enumerate(titles, start=1))
    return f"您有几条还没登记，说的是哪一条？请回复数字：\n{listed}"


def state_words(one: Mine, district: District) -> str:
    """How a publication stands for this account."""
    campaign = one.campaign
    if one.confirmed_at is not None:
        return "已登记"
    if campaign.kind == "study":
        return "不要求打卡"
    until = f"，{when(district, campaign.deadline)}截止" if campaign.deadline else ""
    if campaign.kind == "video" and one.watched_seconds and campaign.video_seconds:
        return f"看了{min(99, one.watched_seconds * 100 // campaign.video_seconds)}%{until}"
    return ("待签字" if campaign.strength == "sign" else "待回答" if campaign.strength == "answer" else "待看") + until


def listing(found: Sequence[Mine], district: District, replaced: Mapping[int, str]) -> str:
    """replaced: publication → title of the one it took the place of."""
    lines = []
    for number, one in enumerate(found, start=1):
        kind = KINDS[one.campaign.kind]
        instead = f"（代替《{replaced[one.campaign.id]}》）" if one.campaign.id in replaced else ""
        lines.append(f"{number}. {kind}《{one.campaign.title}》{instead}：{state_words(one, district)}")
    return "现在有效的视频和通知：\n" + "\n".join(lines) + "\n请回复数字查看，例如：1。"


def body(campaign: CampaignInfo, part: int, names: Sequence[str]) -> str:
    """One part of the text, with what to type next. part: 0 the first."""
    text = plain(campaign.text)
    head = f"《{campaign.title}》" + (f"（{campaign.number}）" if campaign.number else "") + "\n" if part == 0 else ""
    shown = text[part * PART : (part + 1) * PART]
    if (part + 1) * PART < len(text):
        return f"{head}{shown}\n（未完，请回复“继续”看下一段）"
    if campaign.strength == "answer":
        who = f"（{'、'.join(names)}）" if names else ""
        return f"{head}{shown}\n{campaign.question}{who}请回复：{' 或 '.join(campaign.choices)}"
    if campaign.strength == "sign":
        return f"{head}{shown}\n{SIGN_HINT}"
    if campaign.kind == "study":
        return f"{head}{shown}\n不要求打卡。看别的请回复“通知”。"
    word = "确认" if campaign.strength == "confirm" else "已看" if campaign.kind == "video" else "已读"
    return f"{head}{shown}\n看完请回复“{word}”。有疑问直接问，我转给老师。"


def open_here(address: str) -> str:
    return link(address, "点这里打开")


def page_done(campaign: CampaignInfo, moment: str) -> str:
    """What the page says once the receipt is there, or (without a moment) will say when the video has been watched."""
    when_done = f"（{moment}）" if moment else ""
    if campaign.kind == "video" and campaign.strength != "read" and not moment:
        return "看完了，请在下面完成最后一步"
    return f"已看完，已登记{when_done}。谢谢您" if campaign.video else f"已登记{when_done}。谢谢您"


# --- which document holds, and questions ------------------------------------------------------------------------
def holds(campaign: CampaignInfo, before: Sequence[str], published: str) -> str:
    number = f"（{campaign.number}）" if campaign.number else ""
    old = "，代替" + "、".join(f"《{title}》" for title in before) + "，旧的不再执行" if before else ""
    return f"现在以《{campaign.title}》{number}为准（{published}发布）{old}。"


NOTHING_HOLDS = "目前没有被替换过的文件，已发的都有效。查看请回复“通知”。"


def known_answer(campaign: CampaignInfo, deadline: str) -> str:
    """What we know ourselves about a publication, before a person answers."""
    asked = {
        "sign": "需要签字，点开后在页面下方签",
        "confirm": "不用签字，看完回复“确认”就行",
        "answer": f"不用签字，请回答：{'或'.join(campaign.choices)}",
    }.get(
        campaign.strength,
        "不用签字，看完回复“已看”就行" if campaign.kind == "video" else "不用签字，看完回复“已读”就行",
    )
    if campaign.kind == "study":
        asked = "不用签字，也不用打卡"
    until = f"，{deadline}前" if deadline and campaign.kind != "study" else ""
    return f"《{campaign.title}》{asked}{until}。"


def passed_to(whom: str) -> str:
    return f"您的问题已转给{whom}，有回复我马上告诉您。"


def nobody_to_ask(unit: str) -> str:
    return f"其他问题请直接打电话问{unit}。"


def question_to_sender(title: str, who: str, text: str) -> str:
    return f"{who}问《{title}》：\n{text}\n请直接与对方联系答复。"


# --- who has not ------------------------------------------------------------------------------------------------
_DONE = (State.DONE,)
_STATE_WORDS: Mapping[State, str] = {
    State.DONE: "已完成",
    State.WATCHED: "看完未确认",
    State.PARTLY: "没看完",
    State.OPENED: "打开未完成",
    State.DELIVERED: "送达未打开",
    State.WAITING: "发送中",
    State.FAILED: "没送到",
    State.UNBOUND: "未绑定",
}


def counts(title: str, tallied: Mapping[State, int]) -> str:
    """ "《…》应看6，已完成2；送达未打开3，未绑定1"; the parts add up to the whole."""
    total = sum(tallied.values())
    rest = "，".join(
        f"{_STATE_WORDS[state]}{tallied[state]}" for state in _STATE_WORDS if state not in _DONE and tallied[state]
    )
    return f"《{title}》应完成{total}，已完成{tallied[State.DONE]}" + (f"；{rest}" if rest else "")


def names_of(by_state: Mapping[State, Sequence[str]]) -> str:
    return "\n".join(
        f"{_STATE_WORDS[state]}：{'、'.join(by_state[state])}"
        for state in _STATE_WORDS
        if state not in _DONE and by_state.get(state)
    )


ALL_DONE = "全部完成。"
PRIVATE = "名单只给您看，请不要发到班级群。"


def teacher(title: str, line: str) -> str:
    return f"{line}\n《{title}》已到截止时间。看名单请回复“谁没看”，只有您能看到。"


def rate(name: str, done: int, total: int) -> str:
    return f"{name} {done}/{total}（{done * 100 // total if total else 0}%）"


def ended(title: str, done: int, total: int) -> str:
    share = done * 100 // total if total else 0
    return f"《{title}》已到截止时间，完成{done}/{total}（{share}%）。各单位情况请点开看图；明细请回复“谁没看”。"


# --- publishing in the chat -------------------------------------------------------------------------------------
PUBLISH = "发布"
APPROVE = "批准发布"
WITHDRAW = "撤回发布"
REPLACE = "替换发布"
NOT_A_PUBLISHER = "发布视频和通知由学校负责人或教育局宣传组操作，您目前没有这个职务。有内容要发，请联系学校教务处。"
ASK_KIND = "要发布什么？请回复数字：\n1. 通知\n2. 短视频\n3. 学习指导\n4. 正面典型\n不发了请回复“取消”。"
ASK_TITLE = "请写标题，不超过30个字。"
ASK_TEXT = "请写正文。视频请写一段简介，没有流量的家庭会看到这段文字。"
ASK_VIDEO = "请把视频直接发给我（10MB以内），或者发一个公开的视频网页链接（https://开头）。"
ASK_AUDIENCE = (
    "发给谁？请回复数字：\n1. 家长\n2. 教职工\n3. 家长和教职工\n只发给一部分，请在数字后面写明，例如：1 {example}"
)
ASK_STRENGTH = "要什么回执？请回复数字：\n1. 阅读就行\n2. 要回复确认\n3. 要签字\n4. 要回答同意或不同意"
CANCELLED = "好的，没有发布。要再发，请回复“发布”。"
TITLE_LONG = "标题请控制在1到30个字，请重新写。"
BAD_LINK = "这个不像公开网页的链接，请发https://开头的链接，或直接把视频发给我。"
VIDEO_TAKEN = "视频收到了，作为草稿保存。要发布它，请写标题，不超过30个字；不发请回复“取消”。"
CHOOSE = "请回复列出的数字；不发了请回复“取消”。"
NOT_WAITING = "没有等您批准的内容。"
NOT_THE_SAME = "发给全区的内容要由另一位负责人批准，发布人自己不能批准。"


def preview(kind: str, title: str, text: str, audience: str, where: str, receipt: str, *, second: bool) -> str:
    text = plain(text)
    shown = text if len(text) <= 120 else text[:119] + "…"
    more = "发给全区需要另一位负责人批准。" if second else "发布后约10分钟内送出。"
    return f"请核对：{KINDS[kind]}《{title}》\n{shown}\n发给：{where}{audience}；回执：{receipt}。{more}无误请回复“确认发布”，不发请回复“取消”。"


def ask_audience(*, district: bool) -> str:
    return ASK_AUDIENCE.format(example="红旗小学、小学 或 三年级" if district else "三年级 或 三年级2班")


def no_such_unit(name: str) -> str:
    return f"没有找到“{name}”。请写名册里的名称，例如 1 三年级；发给全部只回复数字，不发了请回复“取消”。"


def published(number: int, title: str) -> str:
    return (
        f"已发布《{title}》（编号{number}），约10分钟内送出。看进度请回复“谁没看”，撤回请回复“撤回发布 {number} 原因”。"
    )


def published_video(number: int, title: str) -> str:
    return (
        f"《{title}》（编号{number}）已提交，视频取回检查后约10分钟内送出，不能用会告诉您原因。"
        f"看进度请回复“谁没看”，撤回请回复“撤回发布 {number} 原因”。"
    )


def video_refused(title: str, reason: str) -> str:
    return f"《{title}》没有发出：{reason}。请换一个视频重新发给我，或者回复“发布”再来一次。"


def waits_second(number: int, title: str, asked: int) -> str:
    """asked: how many may release it and can be reached."""
    if not asked:
        return (
            f"《{title}》（编号{number}）已提交。发给全区要由另一位负责人批准，可是还没有别的负责人绑定："
            f"请宣传组或领导小组的同事先绑定，再回复“批准发布 {number}”。"
        )
    return f"《{title}》（编号{number}）已提交，等另一位负责人回复“批准发布 {number}”后发出。"


def please_approve(number: int, title: str, text: str, who: str) -> str:
    text = plain(text)
    shown = text if len(text) <= 100 else text[:99] + "…"
    return f"{who}请您批准发给全区：《{title}》\n{shown}\n同意发出请回复“批准发布 {number}”，不同意请回复“撤回发布 {number} 原因”。"


def approved(title: str) -> str:
    return f"已批准《{title}》，约10分钟内送出。"


def replaces(title: str) -> str:
    return f"新的发出后，《{title}》自动撤回，家长问以哪个为准时会告知新的。{ASK_KIND}"


def withdrawn(title: str) -> str:
    return f"已撤回《{title}》，没送出的不再发送，已打开的页面会显示已撤回。"


def no_such(number: str) -> str:
    return f"没有找到您能操作的编号{number}，请核对后再发。"
