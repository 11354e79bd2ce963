"""The privacy notice in full, as the page the binding conversation links to (domain handbook 13.4)."""

from __future__ import annotations

from collections.abc import Sequence

from models.rules.district import District

TITLE = "隐私说明"


def sections(district: District) -> Sequence[tuple[str, Sequence[str]]]:
    """(heading, paragraphs)."""
    kept = district.retention
    bureau = district.bureau or f"{district.name}教育局"
    return (
        (
            "谁在处理这些信息",
            (f"{bureau}和您孩子的学校。平安报是他们使用的上报工具。投诉请联系{bureau}。",),
        ),
        (
            "登记什么",
            (
                "孩子（教职工为本人）每天的体温、症状、请假原因，近期是否离开本区、去过哪里（只到省份和地区，不要定位）。",
                "学校花名册里的姓名、班级、学号，以及您留给学校的联系电话。",
                "您看过哪些视频和通知、看了多少秒、您的确认、回答和签名。",
                "不收集身份证号、人脸照片、家庭详细住址。",
            ),
        ),
        (
            "为什么登记",
            ("只用于校园健康和疫情防控，以及把防疫视频和通知送到每个家庭。不用于评比、不做广告、不给商业机构。",),
        ),
        (
            "谁能看到",
            (
                "班主任看本班；校医、学校疫情报告人按职责看异常情况；年级和学校看汇总数字；区里平时只看汇总数字。",
                "发现传染病，会依法报告疾控和卫生健康部门。别的家长看不到您孩子的信息。",
                "每一次查看、导出都留有记录。",
            ),
        ),
        (
            "保存多久",
            (
                f"您发来的原文{kept.raw_text}天，健康记录{kept.check_ins}天，操作记录{kept.audit}天，到期删除。",
                "体温、症状、行程、电话、签名加密保存。",
            ),
        ),
        (
            "不满14周岁的孩子",
            ("孩子的健康信息属于敏感个人信息，由监护人决定是否同意。",),
        ),
        (
            "您可以",
            (
                "不同意：不影响孩子上学，每天的情况直接告诉班主任就行。",
                "查看：回复“今天”或“记录”。更正：回复“改 36.8”这样的内容。",
                "停用：回复“解绑”。取消关注公众号，会删除您的微信标识、绑定关系和原文。",
                "不再收学习指导：回复“退订学习”。复制、删除：请向班主任提出，学校会登记并答复您。",
            ),
        ),
    )
