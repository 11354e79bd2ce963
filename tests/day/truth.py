"""What is true of that Monday, written by hand from the script, and the sums that follow from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.day.roster import BUREAU, CLASSES, JUNIOR, PRIMARY, PUPILS, STAFF, UNBOUND, families, number_of

DAY = "2026-03-02"

#: name, minute, readings, raw; then what differs from a normal report in time, by a parent, in one revision
PUPILS_SAID: tuple[tuple[Any, ...], ...] = (
    ("高晨", "07:31", "36.5", "36.5"),
    ("马悦", "07:33", "36.6", "我36.4，马悦36.6"),
    ("罗琪", "07:32", "36.6", "三十六度六 没有不舒服"),
    ("梁一帆", "07:10", "36.8", "36。8"),
    ("宋子涵", "07:35", "37.3", "37.3", {"result": "fever"}),
    ("郑妙", "07:38", "37.2", "37.2"),
    ("谢安安", "07:40", "36.4", "36.4 上周去了武汉，昨天回来的", {"left_area": True, "place": "湖北省"}),
    ("韩果", "07:42", "36.6", "36.6 有点咳嗽", {"result": "symptomatic", "symptoms": "cough"}),
    ("唐小满", "07:44", "36.5", "对"),
    ("冯小雨", "09:02", "36.5", "36.5", {"state": "late"}),
    ("于洋洋", "12:00", "36.6", "36.6", {"state": "backfill"}),
    ("萧然", "07:47", "36.8", "改 36.8", {"revision": 2}),
    ("程程", "07:48", "36.5", "36.5"),
    ("曹阳", "07:51", "36.5|36.9", "36.9", {"revision": 2}),
    ("袁梦", "08:25", "36.5", "代报 袁梦 36.5", {"reported_by": "班主任黄河"}),
    ("邓可可", "07:55", "36.5", "邓可可36.5，邓朗36.6"),
    ("傅文", "09:20", "38.2", "38.2", {"state": "late", "result": "fever"}),
    ("沈心怡", "07:57", "36.5", "36度5"),
    ("曾晓", "07:58", "36.7", "３６．７"),
    ("彭博文", "07:58", "36.4", "体温36.4℃，一切正常"),
    ("吕薇", "07:59", "36.3", "36.3没发烧不咳嗽"),
    ("苏木木", "08:00", "36.5|36.8", "早36.5，刚才36.8"),
    ("邓朗", "07:55", "36.6", "邓可可36.5，邓朗36.6"),
    ("卢晓东", "08:01", "36.5", "36.5"),
    ("蒋佳", "08:01", "36.6", "36.6"),
    ("蔡明轩", "08:02", "36.7", "36.7"),
    ("贾雨桐", "08:02", "36.4", "36.4"),
    ("丁宁宁", "08:03", "36.5", "36.5正常"),
    ("魏莱", "08:03", "36.5", "三十六点五"),
    ("薛冰", "08:04", "36.9", "36.9"),
    ("叶青青", "07:56", "36.5", "都36.5"),
    ("叶红", "07:56", "36.5", "都36.5"),
    ("阎立", "08:05", "36.7", "36.7 拉肚子", {"result": "symptomatic", "symptoms": "diarrhea"}),
    ("潘多多", "08:06", "36.8", "孩子36.8，没出门", {"left_area": False}),
    ("杜若溪", "08:07", "36.5", "36.5"),
    ("戴维维", "08:08", "36.5", "36.5"),
    ("钟灵", "08:09", "36.5", "36.5"),
)
STAFF_SAID: tuple[tuple[Any, ...], ...] = (
    ("金兰", "07:33", "36.4", "我36.4，马悦36.6"),
    ("陈静", "08:10", "36.5", "36.5"),
    ("黄河", "08:10", "36.4", "36.4"),
    ("吴越", "08:11", "36.5", "36.5"),
    ("孙勤", "08:11", "36.6", "36.6"),
    ("周平", "08:12", "36.5", "36.5"),
    ("钱进", "08:12", "36.5", "36.5"),
    ("何清", "08:13", "36.4", "36.4"),
    ("方好", "08:13", "36.5", "36.5"),
    ("褚明", "08:14", "36.5", "36.5"),
    ("任佳", "08:15", "37.5", "37.5", {"result": "fever"}),
    ("卫东", "08:16", "36.5", "36.5"),
    ("陶然", "08:17", "36.5", "36.5"),
    ("蒋欣", "08:18", "36.5", "36.5"),
    ("水清", "08:19", "36.5", "36.5"),
    ("窦安", "08:20", "36.5", "36.5"),
    ("沈稳", "08:21", "36.5", "36.5"),
    ("章程", "08:22", "36.5", "36.5"),
)
#: Whoever is collected by a grade rather than by the school (contract 10: the staff chain).
COLLECTED = {"陈静": "三年级", "黄河": "三年级", "任佳": "三年级", "吴越": "五年级", "卫东": "七年级", "金兰": "七年级"}
SILENT_PUPILS = ("董一一", "许诺", "余乐乐")
SILENT_STAFF = ("冯康", "石坚", "韩平", "杨安", "朱正")


def check_ins() -> dict[str, dict[str, Any]]:
    """The rows of the export `checkins`, by name; reported_at to the minute."""
    rows: dict[str, dict[str, Any]] = {}
    for letter, names in PUPILS.items():
        school, grade, class_ = CLASSES[letter]
        for name in names:
            rows[name] = _place(school, grade, class_) | _who("student", name)
    for _, name, unit, *_ in STAFF:
        rows[name] = _place(unit, COLLECTED.get(name), None) | _who("staff", name)
    for name, minute, readings, raw, *other in PUPILS_SAID:
        rows[name] |= _said(minute, readings, raw, "家长") | (other[0] if other else {})
    for name, minute, readings, raw, *other in STAFF_SAID:
        rows[name] |= _said(minute, readings, raw, "本人") | (other[0] if other else {})
    return rows


def _place(school: str, grade: str | None, class_: str | None) -> dict[str, Any]:
    return {"date": DAY, "slot": "am", "school": school, "grade": grade, "class": class_}


def _who(kind: str, name: str) -> dict[str, Any]:
    unheard = (
        "result,temperature_c,readings,symptoms,household_symptoms,left_area,place,reported_by,reported_at,revision,raw"
    )
    return {
        "kind": kind,
        "number": number_of(name),
        "name": name,
        "state": "unreported",
        **dict.fromkeys(unheard.split(",")),
    }


def _said(minute: str, readings: str, raw: str, by: str) -> dict[str, Any]:
    return {
        "state": "reported",
        "result": "normal",
        "temperature_c": max(float(reading) for reading in readings.split("|")),
        "readings": readings,
        "reported_by": by,
        "reported_at": f"{DAY}T{minute}",
        "revision": 1,
        "raw": raw,
    }


@dataclass(frozen=True, slots=True)
class Signature:
    """How a unit's report ended."""

    by: str
    minute: str
    zero: str | None = None
    version: int = 1
    on_time: bool = True


SIGNED = {
    (PRIMARY, "三年级", "1班"): Signature("陈静", "09:10"),
    (PRIMARY, "三年级", "2班"): Signature("黄河", "09:12", "qualified"),
    (PRIMARY, "五年级", "1班"): Signature("吴越", "09:25", version=2),  # opened again by a late fever
    (JUNIOR, "七年级", "1班"): Signature("卫东", "09:14", "full"),
    (JUNIOR, "七年级", "2班"): Signature("金兰", "09:16"),
    (PRIMARY, "三年级", None): Signature("孙勤", "09:35"),
    (PRIMARY, "五年级", None): Signature("周平", "09:36"),
    (JUNIOR, "七年级", None): Signature("陶然", "09:37"),
    (PRIMARY, None, None): Signature("何清", "10:02"),
    (JUNIOR, None, None): Signature("沈稳", "10:50", "qualified", on_time=False),
}


def report(unit: tuple[str, str | None, str | None]) -> dict[str, Any]:
    """A unit's row in its export; confirmed_at to the minute."""
    school, grade, class_ = unit
    here = [
        row
        for row in check_ins().values()
        if row["school"] == school and grade in (None, row["grade"]) and class_ in (None, row["class"])
    ]
    pupils = [row for row in here if row["kind"] == "student"]
    staff = [row for row in here if row["kind"] == "staff"]
    heard = [row for row in pupils if row["state"] in {"reported", "late"}]
    unwell = [row for row in heard if row["result"] in {"fever", "symptomatic"}]
    signed = SIGNED[unit]
    none = "suspected,confirmed,close_contact,home_isolation,central_isolation,not_returned,in_key_region"
    leave = "personal_leave,isolation_absence,unexplained_absence"
    return {
        **_place(school, grade, class_),
        "expected": len(pupils),
        "due": len(pupils),
        "reported": len(heard),
        "unreported": len(pupils) - len(heard),
        "present": None,
        "absent": None,
        "sick_absence": sum(row["name"] == "许诺" for row in pupils),
        **dict.fromkeys(leave.split(","), 0),
        "fever": sum(row["result"] == "fever" for row in heard),
        "symptomatic": len(unwell),
        "new_abnormal": len(unwell),
        **dict.fromkeys(none.split(","), 0),
        "key_persons": sum(bool(row["left_area"]) for row in pupils),  # back from another province (handbook 9)
        "staff_due": len(staff),
        "staff_reported": sum(row["state"] == "reported" for row in staff),
        "staff_fever": sum(row["result"] == "fever" for row in staff),
        "is_zero": signed.zero is not None,
        "zero_kind": signed.zero,
        "status": "locked",
        "confirmed_by": signed.by,
        "confirmed_at": f"{DAY}T{signed.minute}",
        "on_time": signed.on_time,
        "version": signed.version,
    }


def reports(kind: str) -> list[dict[str, Any]]:
    """The rows of one of the three exports of reports."""
    level = {"class-reports": 3, "grade-reports": 2, "school-reports": 1}[kind]
    return [report(unit) for unit in SIGNED if sum(part is not None for part in unit) == level]


#: minute, code, level, person, told, acknowledged by
ALERTS = (
    ("07:35", "A01", "red", "宋子涵", "head_teacher,school_doctor,designated_reporter", "陈静"),
    ("07:40", "A09", "yellow", "谢安安", "head_teacher", None),
    ("07:42", "A06", "yellow", "韩果", "head_teacher", None),
    ("08:05", "A06", "yellow", "阎立", "head_teacher", None),
    # Nobody acknowledges this one: after 20 minutes the principal hears of it, after 45 the bureau.
    (
        *("08:15", "A01", "red", "任佳"),
        "grade_head,academic_office,designated_reporter,school_doctor,principal,district_officer",
        None,
    ),
    ("09:20", "A01", "red", "傅文", "head_teacher,school_doctor,designated_reporter", "吴越"),
)


def pushes() -> Counter[tuple[str, str]]:
    """(kind, account) of everything that reached a phone unasked, and how often."""
    made: Counter[tuple[str, str]] = Counter()
    asked = {*families(), *(name for _, name, unit, *_ in STAFF if unit != BUREAU and name not in UNBOUND)}
    for who in asked - {"梁一帆妈"}:  # she had answered before the question
        made["checkin-prompt", who] = 1
    silent = {
        "冯小雨妈": 1,  # 08:40
        "于洋洋妈": 2,  # 08:40, 09:05
        "傅文妈": 2,
        "董一一妈": 3,  # 08:40, 09:05, 15:00
        "余乐乐妈": 3,
        "冯康": 3,
    }
    made.update({("checkin-reminder", who): times for who, times in silent.items()})
    made.update(
        [
            ("alert", "陈静"),  # 宋子涵's fever
            ("alert", "陈静"),  # 谢安安's trip; a mild symptom waits for the class's list
            *[("alert", "冯康")] * 2,  # the pupils' two fevers
            *[("alert", "何清")] * 2,
            ("alert", "吴越"),
            # The colleague's fever at 08:15, and again at 08:20, 08:25, 08:35 and 09:00, since nobody acknowledged it.
            *[("alert", who) for who in ("孙勤", "钱进", "何清", "冯康")] * 5,
            *[("alert", "褚明")] * 2,
            ("alert", "韩平"),
            *[("class-report", who) for who in ("陈静", "黄河", "卫东", "金兰")],
            ("class-report", "吴越"),  # what she had signed is open again
            *[("grade-report", who) for who in ("孙勤", "周平", "陶然", "钱进")],
            ("school-report", "何清"),
            ("school-report", "褚明"),  # a report with a fever is the principal's to sign beside
            *[("school-report", "蒋欣")] * 2,  # the figures; and that the principal has signed
            *[("zero-report-nudge", "蒋欣")] * 2,
            ("zero-report-nudge", "水清"),
            # Nobody of 江畔中学 says 收到 to the reminder of 10:10: the deputy hears of it, then the principal.
            *[("nudge-follow-up", who) for who in ("水清", "沈稳")],
            ("zero-report-escalation", "沈稳"),
            ("zero-report-escalation", "韩平"),
            # Nobody has said how 许诺 is: her teacher is asked in the morning and once more in the afternoon.
            *[("absence-follow-up", "吴越")] * 2,
            *[("daily-digest", who) for who in ("韩平", "杨安", "朱正")],
            *[("daily-digest-picture", who) for who in ("杨安", "朱正")],
        ]
    )
    return made


#: What was owed and not sent: (who, kind, status, why). 韩平 heard so much that morning that the last two messages of
#: the window are kept for alerts; the words of the digest go as a template, its picture has no other way.
UNSENT = [
    ("梁一帆妈", "checkin-prompt", "dropped", "已上报"),
    ("韩平", "daily-digest-picture", "failed", "客服消息：48小时内的可发条数已用完"),
]


#: action → how often it stands on the trail
AUDIT = Counter(
    {
        "alert.acknowledge": 2,
        "report-signed": 10 + 1,  # every unit once, the class that was opened again twice
        "office-reviewed": 1,
        "names-read": 2,
        "day-closed": 1,
        "key-person.register": 1,
        "purge": 1,  # the night's retention, one line when it is done
    }
)

#: The digest, but for the advice on what to type.
DIGEST = (
    "春江区3月2日日报：应报2校，已报2（按时1），未报0。\n迟报：江畔中学（迟20分）。\n"
    "学生：应报40，已报36（90.0%），发热2，因病缺勤1，不在本地0。\n教职工：应报20，已报18（90.0%），发热1。\n"
    "疑似0，确诊0，密接0，在管0。\n有异常的学校：朝阳小学。\n"
    "明天联系不上3人（未绑定3，收不到0），请学校补发绑定码或电话通知。\n情况不明：学生4人、教职工2人未报。"
)
