"""Short answers to what is no report (domain handbook 13.2, 14.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bots.reading import Intent

ANSWERS: Mapping[Intent, str] = {
    Intent.THANKS: "不客气。",
    Intent.ACKNOWLEDGE: "好的，谢谢您。",
    Intent.GREETING: "您好。",
    Intent.REFUSAL: "尊重您的选择，我不再追问。孩子的健康情况请直接告诉班主任。以后想报，直接发体温就行。",
    Intent.DEFER: "好的，量好以后把数字发给我就行。",
    Intent.NO_THERMOMETER: "明白，家里暂时没有体温计，老师会帮您想办法。有不舒服请随时告诉我。",
    Intent.WRONG_PERSON: "抱歉打扰，可能绑定有误。请回复“解绑”，或回复“联系老师”请老师核对。",
    Intent.TRANSFERRED: "收到，会请老师核对学籍，核对前您不用再报。有疑问请回复“联系老师”。",
    Intent.CONTACT_TEACHER: "请回复“联系老师”这四个字，我帮您转给班主任。",
    Intent.SEEN: "好的，谢谢您。",
    Intent.SAME_AS_BEFORE: "谢谢，每天的体温都要新量一次，请把今天的数字发给我，比如：36.5。",
    Intent.PRIVACY: (
        "体温和症状只用于校园健康工作，班主任、校医和学校报告人按职责查看，其他家长看不到。"
        "您可以不同意，回复“解绑”就不再登记，孩子的情况直接告诉班主任即可。"
    ),
    Intent.CHAIN: "看到是一份多人名单，为保护其他孩子，内容没有处理也没有保存。请只发您孩子的情况，比如：36.5。",
    Intent.INJECTION: "我是健康上报助手，只能帮您报体温、登记行程、看通知，名单和别人的信息不能提供。",
    Intent.OPINION: "谢谢您的意见，理解您的辛苦。需要老师帮忙请回复“联系老师”。",
    Intent.QUESTION: "这个问题我答不了，请回复“联系老师”，老师会答复您。",
    Intent.CHAT: "我是健康上报助手，能帮您报体温、登记行程、看通知。其他问题请回复“联系老师”。",
}
#: The same to somebody who answers for nobody's child: there is no teacher to ask for them.
STAFF_ANSWERS: Mapping[Intent, str] = {
    **ANSWERS,
    Intent.REFUSAL: "尊重您的选择，我不再追问。您的健康情况请直接告诉年级主任或教务处。以后想报，直接发体温就行。",
    Intent.NO_THERMOMETER: "明白，暂时没有体温计，到校请找校医测量。有不舒服请随时告诉我。",
    Intent.WRONG_PERSON: "抱歉打扰，可能绑定有误。请回复“解绑”，并请学校管理员核对。",
    Intent.TRANSFERRED: "收到，人员变动请告诉学校管理员，由他更新名册。",
    Intent.CONTACT_TEACHER: "“联系老师”是家长给班主任留言用的。工作上的事请直接联系同事，或回复“帮助”看我能做什么。",
    Intent.PRIVACY: (
        "体温和症状只用于校园健康工作，年级主任、教务处、校医和学校报告人按职责查看。"
        "您可以不同意，回复“解绑”就不再登记，您的情况直接告诉教务处即可。"
    ),
    Intent.CHAIN: "看到是一份多人名单，为保护孩子们，内容没有处理也没有保存。替学生报请一位一位发“代报 姓名 36.5”。",
    Intent.OPINION: "谢谢您的意见，理解您的辛苦。回复“帮助”看我能做什么。",
    Intent.QUESTION: "这个问题我答不了。回复“帮助”看您可以查什么；系统的问题请找学校管理员。",
    Intent.CHAT: "我是健康上报助手，能帮您报体温、看通知、查看职责范围内的情况。回复“帮助”看有哪些。",
}
#: What people often ask, by topic (`bots/reading/words/questions.toml`): what may be said to everybody, and no more.
TOPICS: Mapping[str, str] = {
    "hospital": (
        "发热请到就近医院的发热门诊，戴好口罩，尽量不坐公共交通；其他不适到医院对应科室就可以。"
        "情况危急请马上拨打120。看完医生，请把结果告诉我们。"
    ),
    "what_now": (
        "体温到{fever}℃或有不舒服：先留在家里不要到校，多休息、多喝水，与家里人分开住，过一会儿再量一次腋温告诉我；"
        "一直不退或加重，请戴好口罩到发热门诊就诊，用药听医生的。呼吸困难、抽搐或叫不醒，请立即拨打120。"
        "其他事情请回复“联系老师”。"
    ),
    "at_hospital": "好的，先照顾好孩子。看完医生，请把结果和体温告诉我们，老师会看到。",
    "fever": "体温到{fever}℃就按发热处理。请让孩子安静休息15分钟，用体温计量腋温，再把数字发给我。",
    "school_opening": "开学和返校的时间以学校通知为准，我不能替学校答复。请留意学校通知，或回复“联系老师”。",
    "correct": "发错了没关系：直接回复“改”和正确的内容，比如：改 36.8。",
    "who_sees": ("您报的内容只有班主任、校医和学校疫情报告人按职责查看，其他家长看不到。"),
    "second_guardian": "家里其他人也可以一起用：关注本公众号后，用纸条上同一个绑定码绑定，最多四位家长。",
    "deadline": "每天{deadline}前发就可以，晚了也请补上。",
}
STAFF_QUESTIONS = "您问的事我答不了，回复“帮助”看您可以查什么。"
STAFF_LEAVE = "请假请按学校的规定办理，我这里不登记教职工请假。体温请照常每天发一次。"
OTHER_QUESTIONS = "您问的事请回复“联系老师”，老师会答复您。"
LEAVE_NOTED = "请假已登记，也告诉了班主任。请每天报一次孩子的体温，直接发数字就行。"
LEAVE = "请假的事已转告班主任。请每天报一次孩子的体温，直接发数字就行。"
LEAVE_UNTOLD = "请假请直接打电话告诉班主任，或回复“联系老师”。孩子的体温请照常每天发一次。"
METHOD_HEARD = "好的，知道是怎么量的了。"
UNKNOWN = "不好意思没有看懂。您可以直接发体温，比如：36.5；或回复“帮助”看我能做什么。"
NO_CLEAR_NUMBER = "没有看到明确的体温，没有记录。报体温请直接发数字，比如：36.5；其他问题请回复“帮助”。"
YES_TO_NOTHING = "好的。今天的情况已经记下了，回复“今天”可以查看。"
PICTURE = "图片里的数字我看不准，请把体温打字发给我，比如：36.5。"
VOICE = "语音我听不了，请打字发体温，比如：36.5，谢谢您。"
VIDEO = "视频我看不了，请打字发体温，比如：36.5，谢谢您。"
LINK = "链接我打不开。报体温请直接发数字，比如：36.5；其他事请回复“联系老师”。"
FILE = "文件我打不开。报体温请直接发数字，比如：36.5；其他事请回复“联系老师”。"
LOCATION = "收到您的位置。如果孩子离开了本区，请告诉我去了哪里、哪天去的；报体温直接发数字就行。"
STICKER = "请打字发体温，比如：36.5，谢谢您。"
OTHER_KINDS: Mapping[str, str] = {
    "image": PICTURE,
    "voice": VOICE,
    "video": VIDEO,
    "shortvideo": VIDEO,
    "link": LINK,
    "location": LOCATION,
    "file": FILE,
}
#: Words that choose between two guardians' records.
MINE = frozenset(
    {"我的", "我报的", "以我的为准", "我的为准", "按我的", "后面的", "第二个", "后一个", "我的对", "我这个", "以我为准"}
)
THEIRS = frozenset(
    {
        "前面的",
        "第一个",
        "前一个",
        "他的",
        "她的",
        "爸爸的",
        "妈妈的",
        "他爸的",
        "她妈的",
        "原来的",
        "先报的",
        "以前面的为准",
        "按前面的",
    }
)
UNSURE = frozenset({"不知道", "不清楚", "都对", "都行", "问老师", "不确定"})


_OF_ONE: Mapping[Intent, str] = {
    Intent.TRANSFERRED: "收到。请问是哪个孩子转学了？请写上名字，例如：{name}转学了。我们只告诉这个孩子的老师。",
    Intent.WRONG_PERSON: "抱歉打扰。请问是哪个孩子绑错了？请写上名字，例如：我不是{name}的家长；要解除请回复“解绑”。",
}


def which_child(intent: Intent, names: Sequence[str]) -> str:
    """It is said of one child, and nobody knows of which. names: in the order in which they are shown."""
    return _OF_ONE[intent].format(name=names[0])


def teacher_told(what: str, unit: str, name: str) -> str:
    return f"{unit} {name}的家长说：{what}。请方便时联系家长。"
