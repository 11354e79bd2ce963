"""A campaign file (TOML) → what is to be published, as a value (contract 7).

Every fault is told at once, with the file, the line and what is expected.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from models.queries.units import Units
from models.rules.campaign import KINDS, ROLE_WORDS, STRENGTHS
from models.rules.district import District
from models.rules.organisation import SCHOOL_KINDS

TITLE, TEXT, CHOICE = 64, 20_000, 20
KEYS = [
    "kind",
    "title",
    "text",
    "video",
    "link",
    "media_id",
    "audience",
    "units",
    "grades",
    "school_kinds",
    "at",
    "deadline",
    "strength",
    "question",
    "choices",
    "number",
    "dated",
    "replaces",
    "reason",
    "repeat",
    "repeat_until",
    "from",
]


class CampaignFileError(ValueError):
    """The file cannot be used. faults: one sentence each, with file, line and what is expected."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class CampaignFile:
    """What a file says. video: a file beside it; fields: columns of the publication."""

    fields: Mapping[str, Any]
    video: Path | None
    replaces: int | None


def read_campaign(path: Path, district: District, units: Units) -> CampaignFile:
    """The publication a file describes. Raises CampaignFileError."""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise CampaignFileError([f"{path.name}：读不了（{error.strerror}）"]) from None
    except UnicodeDecodeError:
        raise CampaignFileError([f"{path.name}：文字编码应为 UTF-8"]) from None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise CampaignFileError(
            [f"{path.name} 第 {line} 行：不合 TOML 的写法，应为 键 = 值（文字加引号，多行文字用三个引号）"]
        ) from None
    return _Reading(path, text, content, district, units).campaign()


class _Reading:
    def __init__(self, path: Path, text: str, content: dict[str, Any], district: District, units: Units) -> None:
        self.path, self.text, self.content, self.district, self.units = path, text, content, district, units
        self.faults: list[tuple[int, str]] = []

    def fault(self, key: str, sentence: str) -> None:
        found = re.search(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?[ \t]*=", self.text, re.MULTILINE)
        line = self.text.count("\n", 0, found.start()) + 1 if found else 1
        self.faults.append((line, f"{self.path.name} 第 {line} 行：{key} {sentence}"))

    def read(self, key: str, reader: Callable[[Any], Any], default: Any = None, *, needed: str = "") -> Any:
        """The value of a key, read; the fault is kept and the default given where it cannot be."""
        if key not in self.content:
            if needed:
                self.fault(key, f"缺少；应为 {needed}")
            return default
        try:
            return reader(self.content[key])
        except ValueError as error:
            self.fault(key, f"{error}，现为 {_shown(self.content[key])}")
            return default

    def campaign(self) -> CampaignFile:
        for key in self.content:
            if key not in KEYS:
                self.fault(key, "不认识；可以有：" + " ".join(KEYS))
        kind = self.read("kind", _one_of(KINDS), "notice", needed='kind = "video"，可选 ' + " ".join(KINDS))
        choices = self.read("choices", _texts(CHOICE), [])
        fields: dict[str, Any] = {
            "kind": kind,
            "title": self.read("title", _text(TITLE), "", needed='title = "标题"'),
            "text": self.read("text", _text(TEXT), "", needed='text = "正文"，没有流量的家庭会看到它'),
            "strength": self.read("strength", _one_of(STRENGTHS), "answer" if choices else "read"),
            "question": self.read("question", _text(120), ""),
            "choices": choices,
            "roles": self.read("audience", _roles, ["guardian"], needed='audience = ["家长", "教职工"]'),
            "unit_ids": self.audience_units(),
            "school_kinds": self.read("school_kinds", _school_kinds, []),
            "link": self.read("link", _link, ""),
            "media_id": self.read("media_id", _text(160), ""),
            "number": self.read("number", _text(40), ""),
            "dated": self.read("dated", _day),
            "reason": self.read("reason", _text(120), ""),
            "at": self.read("at", self.moment),
            "deadline": self.read("deadline", self.moment),
            "repeats": self.read("repeat", _one_of({"weekly": "每周"}), ""),
            "repeats_until": self.read("repeat_until", self.moment),
            "unit_id": self.read("from", self.unit),
        }
        video = self.read("video", self.file)
        self.together(fields, video)
        replaces = self.read("replaces", _number)
        if self.faults:
            raise CampaignFileError([sentence for _, sentence in sorted(self.faults)])
        if fields["strength"] == "answer":
            fields["choices"] = fields["choices"] or ["同意", "不同意"]
            fields["question"] = fields["question"] or fields["title"]
        return CampaignFile(fields, video, replaces)

    def together(self, fields: Mapping[str, Any], video: Path | None) -> None:
        """What only makes sense together."""
        given = [name for name in ("video", "link", "media_id") if name in self.content]
        if "media_id" in self.content and fields["kind"] not in {"video", "example"}:
            self.fault("media_id", '是微信里的永久视频素材，kind 应为 "video" 或 "example"')
        if fields["kind"] == "video" and not given:
            self.fault("kind", '是 "video" 时应有 video = "文件.mp4" 或 link = "https://…"')
        if len(given) > 1:
            self.fault(given[1], f"与 {given[0]} 只能有一个")
        if fields["strength"] == "answer" and len(fields["choices"]) == 1:
            self.fault("choices", '应有两个以上，例如 ["同意", "不同意"]')
        at, deadline = fields["at"], fields["deadline"]
        if at and deadline and deadline <= at:
            self.fault("deadline", f"应晚于 at（{at:%Y-%m-%d %H:%M}）")
        if at and deadline and deadline > at + timedelta(days=60):
            self.fault("deadline", "应在发出后 60 天之内")
        if "repeat" in self.content and "at" not in self.content:
            self.fault("repeat", "每周重复时应写明第一次的 at")

    def audience_units(self) -> list[int]:
        """Ids of the units that narrow the audience; grades are those of every school, or of the named ones."""
        named: list[int] = self.read("units", self.unit_list, [])
        grades: list[str] = self.read("grades", _texts(20), [])
        if not grades:
            return named
        schools = {self.units[unit_id].school_id for unit_id in named}
        found = [
            unit.id
            for school in self.units.schools()
            if not named or school.id in schools
            for unit in self.units.children(school.id)
            if unit.kind == "grade" and unit.name in grades
        ]
        if not found:
            self.fault("grades", "没有找到这些年级；应为名册里的年级名，例如 三年级")
        return found

    def unit_list(self, value: Any) -> list[int]:
        if not isinstance(value, list) or not value:
            raise ValueError('应为单位的列表，例如 ["红旗小学/三年级"]')
        return [self.unit(item) for item in value]

    def unit(self, value: Any) -> int:
        if isinstance(value, str):
            wanted = value.strip().strip("/").replace("／", "/")
            found = self.units.at(wanted) or next(
                (
                    unit
                    for unit in [self.units.district]
                    if unit and wanted in {self.district.name, self.district.bureau}
                ),
                None,
            )
            if found is not None:
                return found.id
            raise ValueError(f"没有「{value}」这个单位；应为名册里的名称，例如 红旗小学/三年级/2班")
        raise ValueError('应为单位名，例如 "红旗小学/三年级"')

    def moment(self, value: Any) -> datetime:
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                raise ValueError("应为时间，例如 2026-03-02T12:00:00+08:00") from None
        if not isinstance(value, datetime):
            raise ValueError("应为时间，例如 2026-03-02T12:00:00+08:00")
        return value if value.tzinfo else value.replace(tzinfo=self.district.zone)

    def file(self, value: Any) -> Path:
        if not isinstance(value, str) or not value.strip():
            raise ValueError('应为这个文件旁边的视频文件名，例如 "lesson.mp4"')
        path = self.path.parent / value
        if not path.is_file():
            raise ValueError("没有这个文件；应放在推送文件旁边")
        return path


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if isinstance(value, str) and 1 <= len(value.strip()) <= longest:
            return value.strip()
        raise ValueError(f'应为 "文字"，1 到 {longest} 个字')

    return read


def _texts(longest: int) -> Callable[[Any], list[str]]:
    def read(value: Any) -> list[str]:
        if (
            isinstance(value, list)
            and value
            and all(isinstance(one, str) and 0 < len(one.strip()) <= longest for one in value)
        ):
            return [one.strip() for one in value]
        raise ValueError(f"应为文字的列表，每项不超过 {longest} 个字")

    return read


def _one_of(known: Mapping[str, str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value in known:
            return str(value)
        raise ValueError("应为 " + " ".join(f'"{word}"（{said}）' for word, said in known.items()) + " 之一")

    return read


def _roles(value: Any) -> list[str]:
    if isinstance(value, list) and value and all(isinstance(one, str) and one in ROLE_WORDS for one in value):
        return list(dict.fromkeys(ROLE_WORDS[one] for one in value))
    raise ValueError('应为 ["家长", "学生", "教职工"] 中的一个或几个')


def _school_kinds(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(one, str) and one in SCHOOL_KINDS for one in value):
        return [SCHOOL_KINDS[one] for one in value]
    raise ValueError("应为学校类别的列表，可用：" + " ".join(SCHOOL_KINDS))


def _link(value: Any) -> str:
    if isinstance(value, str) and len(value) <= 400:
        parts = urlsplit(value)
        if parts.scheme == "https" and "." in (parts.hostname or ""):
            return value
    raise ValueError('应为公开网页的链接，例如 "https://v.example.cn/lesson"')


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("应为日期，例如 2026-03-02（不加引号）")


def _number(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise ValueError("应为被代替那一条的编号（pinganbao campaign list 可查），例如 3")


def _shown(value: Any) -> str:
    match value:
        case str():
            return f'"{value[:40]}"'
        case list():
            return "[" + ", ".join(_shown(one) for one in value) + "]"
        case _:
            return str(value)
