"""What is asked and said when somebody declares journeys and contacts (domain handbook 5.5, 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bots.wording.health import on

WORD = "登记行程"
NOBODY = "登记行程由绑定的家长或教职工本人填写。请先绑定：回复“绑定”加纸条上的绑定码。"
#: What was near (domain handbook 5.5), by the number one answers with.
CONTACTS: Mapping[str, tuple[str, str]] = {
    "1": ("contact_case", "接触过确诊、疑似或密接的人"),
    "2": ("contact_key_region_person", "接触过从重点地区回来的人"),
    "3": ("same_transport_with_case", "和病例同乘一趟车或飞机"),
    "4": ("community_has_case", "住的小区或村里有病例"),
}
LATER = "随时可以停，回复“登记行程”接着填。"
_TRANSPORT = {"train": "火车", "plane": "飞机", "coach": "客车", "car": "自驾", "ship": "轮船", "other": "其他"}
_ISOLATION = {"home": "居家隔离", "central": "集中隔离", "none": "无需隔离"}


def which(names: Sequence[str]) -> str:
    return f"请问给哪一位登记行程：{'、'.join(names)}？请回复姓名。"


def trip(name: str, district: str, days: int, *, first: bool) -> str:
    begin = f"给{name}登记行程和接触情况，一分钟左右。{LATER}\n" if first else ""
    return (
        f"{begin}近{days}天离开过{district}吗？离开过请写去了哪里、哪天去、哪天回、怎么去的，"
        "比如：2月27日坐高铁去武汉，3月1日回来；马上要走也可以写，比如：打算3月5日去哈尔滨，3月8日回。没有请回“没有”。"
    )


def trip_place(heard: str) -> str:
    said = f"（看到的是“{heard}”）" if heard else ""
    return f"没看出去的是哪里{said}。请写上省、市或区县，比如：湖北武汉；没有离开过请回“没有”。"


TRIP_DAYS = "请再补一句：哪天去的、哪天回来的？比如：2月27日去，3月1日回；还没回来请写“还没回来”；记不清请回“不清楚”。"
RIDE = (
    "坐的什么车次或航班、座位号？同行几个人，有没有本校同学？比如：G1234 5车12A，同行3人，没有本校同学；"
    "自己开车写“自驾”；不清楚请回“不清楚”。"
)


def contact(days: int) -> str:
    listed = "；".join(f"{number} {said}" for number, (_, said) in CONTACTS.items())
    return (
        f"近{days}天有没有下面的情况：{listed}。有请回数字，可以几个，比如“2 4”；都没有请回“没有”；不清楚请回“不清楚”。"
    )


PLAN = (
    "向社区或村委会报备了吗？社区要不要求隔离？比如：已报备，居家隔离到3月14日；已报备，不用隔离；"
    "没报备；不清楚请回“不清楚”。"
)


def resumed(name: str) -> str:
    return f"{name}的行程登记上次没有填完，接着来。要从头填请回复“重填”。\n"


def summary(name: str, lines: Sequence[str]) -> str:
    return "\n".join((f"{name}的行程登记，请核对：", *lines, "没错请回复“确认”，要改请回复“重填”。"))


def lines_of(body: Mapping[str, Any], days: int, district: str, journeys: Sequence[str]) -> list[str]:
    """The answers as they will be kept, one line a field."""
    left = body.get("left")
    made = [
        "行程：" + "；".join(journeys)
        if journeys
        else f"行程：近{days}天没有离开{district}"
        if left is False
        else "行程：不清楚"
    ]
    if "ride" in body:
        made.append("车次座位同行：" + _ride(body))
    found = [said for code, said in CONTACTS.values() if body.get(code) is True]
    made.append("接触：" + ("；".join(found) if found else "不清楚" if body.get("contact") == "unknown" else "都没有"))
    if "plan" in body:
        made.append("社区：" + _plan(body))
    return made


def _ride(body: Mapping[str, Any]) -> str:
    if body["ride"] == "unknown":
        return "不清楚"
    parts = [str(body[name]) for name in ("transport_no", "seat") if body.get(name)]
    if body.get("companions") is not None:
        parts.append(f"同行{body['companions']}人")
    if body.get("schoolmates") is not None:
        parts.append("有本校同学" if body["schoolmates"] else "没有本校同学")
    return "，".join(parts) or str(body["ride"])


def _plan(body: Mapping[str, Any]) -> str:
    if body["plan"] == "unknown":
        return "不清楚"
    parts = []
    if body.get("registered_community") is not None:
        parts.append("已报备" if body["registered_community"] else "没有报备")
    if isolation := body.get("isolation_plan"):
        until = f"到{on(date.fromisoformat(body['isolation_until']))}" if body.get("isolation_until") else ""
        parts.append(_ISOLATION[isolation] + until)
    return "，".join(parts) or str(body["plan"])


def done(name: str, *, followed: bool, held: bool, exposed: bool, told: bool, staff: bool) -> str:
    """followed: on the list of key persons; held: away; exposed: contact or a key region; staff: of themselves."""
    parts = [f"已登记{name}的行程和接触情况，谢谢您。"]
    keeper = "年级主任" if staff else "班主任"
    if exposed:
        parts.append(f"请先在家，不要到校，每天早晚量一次体温报给我；有发热或不舒服，马上告诉我并联系{keeper}。")
    elif held:
        parts.append("在外地期间请先不要返校，返回前等学校通知；每天照常报一次体温。")
    elif followed:
        parts.append("请每天照常报一次体温，学校会安排一位老师和您联系。")
    if (exposed or followed) and told:
        parts.append(f"已告知{keeper}，由学校按规定安排，能否到校以学校通知为准。")
    if exposed and not told:
        parts.append(f"请打电话告诉{keeper}，能否到校以学校通知为准。")
    parts.append("行程有变化、返回以后，请再回复“登记行程”。")
    return "".join(parts)


#: Once a week, with the day's report (domain handbook 5).
AGAIN = "行程和接触情况上次登记已满一周：没有变化请回复“行程无变化”，有变化请回复“登记行程”。"
NEVER = "还没有登记过行程和接触情况，请回复“登记行程”，一分钟左右。"


def unchanged(names: Sequence[str]) -> str:
    return f"已记下：{'、'.join(names)}的行程和接触情况与上次登记的一样。有变化、返回以后，请再回复“登记行程”。"


NOT_ANY_MORE = "这份登记已经保存过了。要重新登记请回复“登记行程”。"
STOPPED = "好的，先不填。已填的先留着，回复“登记行程”可以接着填。"


def to_teacher(where: str, name: str, said: Sequence[str]) -> str:
    return (
        f"{where}{name}的家长登记了行程和接触情况：{'。'.join(said)}。请今天联系核实，"
        f"并回复：联系 {name} 已通话；名单请回复“重点人员”。"
    )


def to_keeper_of_staff(where: str, name: str, said: Sequence[str]) -> str:
    return f"{where}{name}登记了行程和接触情况：{'。'.join(said)}。请今天联系核实；名单请回复“重点人员”。"


def advice(name: str) -> str:
    """After a journey told in passing: the rest of the declaration is asked for (first use, change, return)."""
    return f"还请回复“登记行程”，补充{name}的车次、同行人和接触情况，一分钟左右。"
