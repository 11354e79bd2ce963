"""Why a push did not go out, or not by the cheapest rung, as the export and the teacher's list say it."""

from __future__ import annotations

from collections.abc import Mapping

EXPIRED = "已过时效"
QUIET = "夜间免打扰，且到次日已失效"
WINDOW_SHUT = "48小时内未发过消息"
WINDOW_SPENT = "48小时内的可发条数已用完"
NOT_CONFIGURED = "未配置"
NOT_GRANTED = "未授权订阅"
GONE = "已取消关注"
NO_PHONE = "没有手机号"
QUOTA_RESERVED = "今日余量只留给预警"
QUOTA_SPENT = "今日额度已用完"
GAVE_UP = "多次重试仍未成功"
DOWN = "平台暂时连不上"
HELD_TOO_LONG = "未获批准，已过时效"
NO_BODY = "内容已按规定删除"

#: What the platform's number means, for people; its own words are in English and stay in the log.
ERRCODES: Mapping[int, str] = {
    -1: "平台繁忙",
    40001: "公众号凭证失效",
    40003: "收件人标识不属于本公众号",
    40013: "公众号 AppID 有误",
    40014: "公众号凭证无效",
    40037: "模板不属于本公众号",
    40125: "公众号密钥有误",
    40164: "服务器地址不在公众号白名单",
    40200: "公众号类型不支持按钮消息",
    40249: "模板被平台封禁",
    42001: "公众号凭证过期",
    43004: "已取消关注",
    43019: "在公众号黑名单中",
    43101: "未授权订阅，或授权次数已用完",
    43107: "公众号的订阅通知能力被封禁",
    43108: "同一通知正在发送",
    43116: "模板未启用",
    43117: "对该用户发送过于频繁",
    45002: "内容过长",
    45009: QUOTA_SPENT,
    45011: "每分钟调用次数已满",
    45015: "超过48小时或已取消关注",
    45047: "可发条数已用完",
    45168: "含有敏感词",
    47003: "模板字段不合要求",
    48001: "公众号没有此接口权限",
    48002: "对方关闭了接收消息",
    48004: "接口被封禁",
    49003: "收件人标识不属于本公众号",
    50002: "公众号受限",
}
