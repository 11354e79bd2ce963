"""Answers to what is not text (domain handbook 14.5, no. 88)."""

from __future__ import annotations

from collections.abc import Mapping

REPORT = "请把体温打字发给我，比如：36.5。"
#: by kind of message (wechat-platform 1.3)
ANSWERS: Mapping[str, str] = {
    "image": "图片我看不了，也没有保存。",
    "voice": "语音我听不了，也没有保存。",
    "video": "视频我看不了，也没有保存。",
    "shortvideo": "视频我看不了，也没有保存。",
    "link": "链接我打不开。",
    "file": "文件我打不开，也没有保存。",
    "location": "位置我收到了，但没有保存坐标。如果孩子离开了本区，请打字告诉我去了哪里、哪天去的。",
}
STAFF_LOCATION = "位置我收到了，但没有保存坐标。如果您离开了本区，请打字告诉我去了哪里、哪天去的。"
STICKER = "谢谢您。表情我看不懂，"
#: what the platform writes in place of a message it does not pass on
NOT_PASSED_ON = "不支持的消息类型"
NOT_SHOWN = "这类消息我收不到。"
