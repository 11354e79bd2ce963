"""What each kind of person can type (domain handbook 13.4). One block a hat; nobody reads another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WORDS = frozenset({"帮助", "菜单", "help", "Help", "HELP", "功能", "怎么用", "使用说明"})
MARKS = frozenset({"?", "??", "???", "？"})

NOBODY_CAN = "我是平安报，帮家长和教职工报体温、看通知。"
GUARDIAN: Sequence[str] = (
    "报体温：直接发 36.5，不舒服一起说",
    "更正：改 36.8",
    "今天：看今天记了什么",
    "记录：看最近14天；导出：下载",
    "通知：看视频和通知",
    "请病假 感冒：给孩子请假",
    "登记行程：外出前、回来后登记行程和接触",
    "联系老师：给班主任留言",
    "绑定 加绑定码：再加一个孩子",
    "解绑：不再使用",
)
STAFF: Sequence[str] = (
    "报本人体温：直接发 36.5，不舒服一起说",
    "更正：改 36.8",
    "今天、记录：看本人情况",
    "登记行程：外出前、回来后登记",
    "通知：看视频和通知",
    "解绑：不再使用",
)
#: by role (domain handbook 1.1), in the order in which the blocks are shown
BY_ROLE: Mapping[str, tuple[str, Sequence[str]]] = {
    "head_teacher": (
        "班主任",
        (
            "班级 或 未报：看本班情况",
            "催报：提醒还没报的家长",
            "代报 姓名 36.5",
            "缺勤 姓名 病假 感冒",
            "电话 姓名 结果：登记打过电话",
            "追访 姓名 情况：登记缺勤追访",
            "重点人员：看名单；联系 姓名 已通话",
            "记录 姓名：看近14天；导出：下载本班",
            "晨检应到45实到43，张小明发烧38.2在家",
            "确认：报出班级情况",
            "谁没看：看谁还没看视频、通知",
            "绑定码：看谁还没绑定",
            "撤销绑定 姓名",
            "回复 姓名家长 内容：回家长留言",
        ),
    ),
    "grade_head": ("年级主任", ("年级：看各班情况", "确认：报出年级情况", "退回 2班 原因")),
    "academic_office": ("教务处", ("年级：看各年级情况", "确认：报出情况", "退回 三年级 原因", "发布：发视频、通知")),
    "designated_reporter": (
        "疫情报告人",
        (
            "零报告：看全校情况，再回复 确认 报出",
            "收到：正在处理催报",
            "补充 内容：加备注",
            "电话 姓名 结果：登记打过电话",
            "趋势、为什么 班级",
            "导出：下载记录和名单",
        ),
    ),
    "principal": (
        "学校领导",
        (
            "今日：看全校情况",
            "联签：有异常的日报，报告人签后",
            "未报：看还没报的班",
            "催报",
            "趋势：近7天变化",
            "为什么 班级：为何迟报未报",
            "发布：发视频、通知",
            "谁没看",
        ),
    ),
    "district_officer": (
        "区教育局",
        (
            "今日：看全区情况",
            "查 学校名",
            "未报：看还没报的学校",
            "催报",
            "趋势 或 趋势 14",
            "为什么 学校名",
            "日报表：下载打印",
            "通报：看草稿",
            "发布：发视频、通知",
            "谁没看：看各校完成率",
        ),
    ),
}
ALIKE: Mapping[str, str] = {
    "deputy_head_teacher": "head_teacher",
    "deputy_reporter": "designated_reporter",
    "district_leader": "district_officer",
}


def role_of(role: str) -> str:
    """The role whose block is shown for `role`; all workgroups read that of the bureau."""
    return "district_officer" if role.startswith("wg_") else ALIKE.get(role, role)


def block(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"【{title}】您可以发：", *lines])
