"""`district.toml` → the district's rules as a value (contract 6).

Unknown keys and bad values stop the start with the file, the line and what is expected; all of them at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.process.settings import BadSettings
from models.rules.clusters import NAMES as SYNDROMES
from models.rules.district import (
    COSIGN,
    MODES,
    ZERO_SCOPE,
    ClusterRule,
    Disease,
    District,
    Escalation,
    IncidentRules,
    KeyRegion,
    Messages,
    Reporting,
    Retention,
    ReturnWait,
    Times,
)
from models.rules.organisation import BUREAU_DUTIES, SCHOOL_DUTIES

#: The roles a file may name (domain handbook 1.1).
ROLES = frozenset(duty.role for duty in (*SCHOOL_DUTIES.values(), *BUREAU_DUTIES.values()))
#: Turns a value of the file into ours; raises ValueError with what is expected.
Reader = Callable[[Any], Any]


class DistrictFileError(BadSettings):
    """The district file cannot be used. faults: one sentence each, with file, line and what is expected."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def _text(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError('应为 "文字"')


def _code(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{6}", value):
        return value
    raise ValueError('应为六位行政区划代码，例如 "230717"')


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(_text(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('应为时区名，例如 "Asia/Shanghai"') from None


def _one_of(words: Iterable[str]) -> Reader:
    allowed = tuple(words)

    def read(value: Any) -> str:
        if value in allowed:
            return str(value)
        raise ValueError("应为 " + " ".join(f'"{word}"' for word in allowed) + " 之一")

    return read


def _time(value: Any) -> time:
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if isinstance(value, str) and re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", value):
        hour, minute = value.split(":")
        return time(int(hour), int(minute))
    raise ValueError('应为 "HH:MM"')


def _list(read: Reader, expected: str) -> Reader:
    def reading(value: Any) -> tuple[Any, ...]:
        try:
            if isinstance(value, list):
                return tuple(read(item) for item in value)
        except ValueError:
            pass
        raise ValueError(expected)

    return reading


def _times(value: Any) -> tuple[time, ...]:
    made: tuple[time, ...] = _list(_time, '应为 ["HH:MM", …]')(value)
    if list(made) != sorted(set(made)):
        raise ValueError('应为 ["HH:MM", …]，从早到晚，不重复')
    return made


def _pair_of_times(value: Any) -> tuple[time, time]:
    made = _list(_time, '应为 ["HH:MM", "HH:MM"]')(value)
    if len(made) != 2:
        raise ValueError('应为 ["HH:MM", "HH:MM"]')
    return made[0], made[1]


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("应为日期，例如 2026-02-22（不加引号）")


def _whole(least: int, most: int) -> Reader:
    def read(value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise ValueError(f"应为 {least} 到 {most} 的整数")

    return read


def _tenths(value: Any) -> int:
    """°C with at most one decimal → tenths."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        tenths = Decimal(str(value)) * 10
        if tenths == int(tenths) and 300 <= tenths <= 450:
            return int(tenths)
    raise ValueError("应为 30.0 到 45.0 的摄氏度，至多一位小数，例如 37.3")


def _range_tenths(value: Any) -> tuple[int, int]:
    made = _list(_tenths, "应为 [最低, 最高] 摄氏度，例如 [34.0, 42.9]")(value)
    if len(made) != 2 or made[0] >= made[1]:
        raise ValueError("应为 [最低, 最高] 摄氏度，例如 [34.0, 42.9]")
    return made[0], made[1]


def _roles(value: Any) -> tuple[str, ...]:
    expected = '应为职务代码的列表，例如 ["principal", "school_doctor"]；可用：' + " ".join(sorted(ROLES))
    return tuple(_list(_one_of(ROLES), expected)(value))


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("应为 true 或 false")


def _zero_scope(value: Any) -> tuple[str, ...]:
    return tuple(_list(_one_of(ZERO_SCOPE), "应为列名的列表；可用：" + " ".join(ZERO_SCOPE))(value))


def _role_lists(value: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(_list(_roles, '应为职务代码列表的列表，例如 [["grade_head"], ["academic_office"]]')(value))


def _steps(value: Any) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return _steps_of(value, "minutes", '应为 [{ minutes = 10, to = ["school_doctor"] }, …]，分钟从少到多')


def _day_steps(value: Any) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return _steps_of(value, "days", '应为 [{ days = 2, to = ["grade_head"] }, …]，天数从少到多')


def _steps_of(value: Any, unit: str, expected: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
    if not isinstance(value, list) or not all(isinstance(step, dict) for step in value):
        raise ValueError(expected)
    made = []
    for step in value:
        if set(step) != {unit, "to"}:
            raise ValueError(expected)
        made.append((_whole(1, 1440)(step[unit]), _roles(step["to"])))
    if [step[0] for step in made] != sorted({step[0] for step in made}):
        raise ValueError(expected)
    return tuple(made)


def _symptoms(value: Any) -> tuple[str, ...]:
    expected = '应为症状代码的列表，例如 ["cough", "sore_throat"]'

    def read(item: Any) -> str:
        if isinstance(item, str) and re.fullmatch(r"[a-z_]+", item):
            return item
        raise ValueError(expected)

    return tuple(_list(read, expected)(value))


_DAYS = _whole(1, 36500)
_COUNT = _whole(0, 1_000_000_000)
#: section → key → (field of the value, how it is read)
_KEYS: Mapping[str, Mapping[str, tuple[str, Reader]]] = {
    "district": {
        "name": ("name", _text),
        "code": ("code", _code),
        "bureau": ("bureau", _text),
        "time_zone": ("zone", _zone),
        "mode": ("mode", _one_of(MODES)),
    },
    "times": {
        **{
            name: (name, _time)
            for name in (
                "window_opens",
                "prompt",
                "personal_deadline",
                "reporter_check",
                "class_report",
                "class_deadline",
                "grade_deadline",
                "office_deadline",
                "school_deadline",
                "digest",
                "lock",
                "open_days",
                "incident_draft",
                "self_report",
                "silent_list",
            )
        },
        **{name: (name, _times) for name in ("reminders", "nudges", "escalations", "class_nudges")},
        "quiet": ("quiet", _pair_of_times),
        "observation_am": ("observation_am", _pair_of_times),
        "observation_pm": ("observation_pm", _pair_of_times),
        "observation_missed": ("observation_missed", _pair_of_times),
        "starts_on": ("starts_on", _day),
        "readings_per_day": ("readings_per_day", _whole(1, 2)),
    },
    "disease": {
        "name": ("name", _text),
        "fever_c": ("fever_tenths", _tenths),
        "high_fever_c": ("high_fever_tenths", _tenths),
        "plausible_c": ("plausible_tenths", _range_tenths),
        "very_low_c": ("very_low_tenths", _tenths),
        "observation_days": ("observation_days", _whole(1, 365)),
        "lookback_days": ("lookback_days", _whole(1, 365)),
        "declaration_days": ("declaration_days", _whole(0, 365)),
        "backfill_days": ("backfill_days", _whole(0, 365)),
        "symptoms": ("symptoms", _symptoms),
    },
    "escalation": {
        "alert_repeat_minutes": ("alert_repeat_minutes", _whole(1, 1440)),
        "alert_steps": ("alert_steps", _steps),
        "school_first": ("school_first", _roles),
        "school_wider": ("school_wider", _role_lists),
        "class_to": ("class_to", _role_lists),
        "silent_steps": ("silent_steps", _day_steps),
        "return_minutes": ("return_minutes", _whole(1, 1440)),
        "circular_late": ("circular_late", _whole(1, 31)),
        "circular_missing": ("circular_missing", _whole(1, 31)),
    },
    "reporting": {
        "principal_cosign": ("principal_cosign", _one_of(COSIGN)),
        "strict_zero": ("strict_zero", _yes_or_no),
        "zero_scope_class": ("zero_scope_class", _zero_scope),
        "zero_scope_school": ("zero_scope_school", _zero_scope),
        "deputy_lead_minutes": ("deputy_lead_minutes", _whole(0, 1440)),
        "remind_again_minutes": ("remind_again_minutes", _whole(1, 1440)),
        "answer_minutes": ("answer_minutes", _whole(1, 1440)),
        "class_next": ("class_next", _roles),
        "school_next": ("school_next", _roles),
        "delegation_days": ("delegation_days", _whole(1, 366)),
    },
    "messages": {
        "per_guardian_day": ("per_guardian_day", _COUNT),
        "per_family_week": ("per_family_week", _COUNT),
        "rate_per_second": ("rate_per_second", _whole(1, 10_000)),
        "blast_guard": ("blast_guard", _COUNT),
        "blast_factor": ("blast_factor", _whole(1, 1000)),
        "window_reserve": ("window_reserve", _whole(0, 5)),
        "start_per_second": ("start_per_second", _whole(1, 100_000)),
        "daily_service": ("daily_service", _COUNT),
        "daily_template": ("daily_template", _COUNT),
        "daily_subscription": ("daily_subscription", _COUNT),
        "quota_reserve_percent": ("quota_reserve_percent", _whole(0, 100)),
        "operators": ("operators", _list(_text, '应为名册里的编号，例如 ["T001"]')),
    },
    "incident": {
        **{
            name: (name, _whole(1, 10_080))
            for name in (
                "held_minutes",
                "guardian_minutes",
                "hospital_minutes",
                "report_minutes",
                "report_limit_minutes",
                "report_target_minutes",
                "contacts_minutes",
                "remind_before_minutes",
                "escalate_minutes",
            )
        },
        **{name: (name, _time) for name in ("disinfect_by", "progress_by")},
        **{
            name: (name, _whole(1, 365))
            for name in ("outcome_days", "cleared_days", "closing_limit_days", "contact_lookback_days")
        },
        "certificate_photo": ("certificate_photo", _yes_or_no),
    },
    "retention": {
        name: (name, _DAYS) for name in ("raw_text", "check_ins", "inbox", "outbox", "audit", "incidents", "media")
    },
}
_REGION: Mapping[str, tuple[str, Reader]] = {
    "name": ("name", _text),
    "code": ("code", _code),
    "from": ("from_date", _day),
    "to": ("to_date", _day),
}
_SCOPES = ("class_unit", "dormitory", "grade", "school", "family")
_CLUSTER: Mapping[str, tuple[str, Reader]] = {
    "code": ("code", _text),
    "scope": ("scope", _one_of(_SCOPES)),
    "syndrome": ("syndrome", _one_of(("similar", *SYNDROMES))),
    "days": ("days", _whole(1, 30)),
    "count": ("count", _whole(2, 10_000)),
    "text": ("text", _text),
    "source": ("source", _text),
    "from": ("from_date", _day),
    "to": ("to_date", _day),
}
_WAIT: Mapping[str, tuple[str, Reader]] = {
    "disease": ("disease", _one_of(tuple(SYNDROMES))),
    "days": ("days", _whole(1, 365)),
    "counted_from": ("counted_from", _one_of(("onset", "symptoms_gone", "rash", "treatment"))),
    "text": ("text", _text),
    "source": ("source", _text),
    "from": ("from_date", _day),
    "to": ("to_date", _day),
}
_MAKERS: Mapping[str, Callable[..., Any]] = {
    "times": Times,
    "disease": Disease,
    "escalation": Escalation,
    "incident": IncidentRules,
    "reporting": Reporting,
    "messages": Messages,
    "retention": Retention,
}


def read_district(path: Path) -> District:
    """The district a file describes; what it leaves out has the contract's defaults.

    Raises DistrictFileError with every fault: file, line, what is there and what is expected.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise DistrictFileError([f"{path.name}：读不了（{error.strerror}）"]) from None
    except UnicodeDecodeError:
        raise DistrictFileError([f"{path.name}：文字编码应为 UTF-8"]) from None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DistrictFileError([_syntax(path.name, text, error)]) from None
    return _Reading(path.name, text, content).district()


def _syntax(name: str, text: str, error: tomllib.TOMLDecodeError) -> str:
    found = re.search(r"at line (\d+)", str(error))
    line = int(found[1]) if found else text.count("\n") + 1
    shown = text.splitlines()[line - 1].strip() if line <= len(text.splitlines()) else ""
    return f"{name} 第 {line} 行：不合 TOML 的写法，应为 键 = 值（文字加引号），现为 {shown or '文件结尾'}"


class _Reading:
    def __init__(self, name: str, text: str, content: dict[str, Any]) -> None:
        self.name, self.content = name, content
        self.lines = _line_numbers(text)
        self.faults: list[tuple[int, str]] = []

    def fault(self, key: str, sentence: str) -> None:
        line = next((self.lines[part] for part in _outwards(key) if part in self.lines), 1)
        self.faults.append((line, f"{self.name} 第 {line} 行：{re.sub(r'#[0-9]+', '', key)} {sentence}"))

    def section(self, place: str, content: Any, keys: Mapping[str, tuple[str, Reader]]) -> dict[str, Any]:
        """The fields a table of the file sets."""
        made: dict[str, Any] = {}
        if not isinstance(content, dict):
            self.fault(place, f"应为一节 [{place}]")
            return made
        for key, value in content.items():
            known = keys.get(key)
            if known is None:
                self.fault(f"{place}.{key}", "不认识；这一节可以有：" + " ".join(keys))
                continue
            field, read = known
            try:
                made[field] = read(value)
            except ValueError as error:
                self.fault(f"{place}.{key}", f"{error}，现为 {_shown(value)}")
        return made

    def district(self) -> District:
        sections = (*_KEYS, "titles", "key_region", "cluster_rule", "return_after")
        for key in self.content:
            if key not in sections:
                self.fault(key, "不认识；可以有：" + " ".join(f"[{name}]" for name in sections))
        found = {name: self.section(name, self.content.get(name, {}), keys) for name, keys in _KEYS.items()}
        if "name" not in self.content.get("district", {}):
            self.fault("district.name", '缺少；应为 name = "区县名"')
        titles = self.section("titles", self.content.get("titles", {}), {role: (role, _text) for role in sorted(ROLES)})
        regions = self.regions()
        rules = self.listed("cluster_rule", _CLUSTER, ("code", "scope", "syndrome", "days", "count", "text", "source"))
        waits = self.listed("return_after", _WAIT, ("disease", "days", "counted_from", "text", "source"))
        codes = [rule["code"] for rule in rules]
        for double in sorted({code for code in codes if codes.count(code) > 1}):
            self.fault("cluster_rule", f'code = "{double}" 出现了不止一次')
        disease = Disease(**found["disease"])
        low, high = disease.plausible_tenths
        if not low < disease.fever_tenths <= disease.high_fever_tenths <= high:
            self.fault("disease.fever_c", f"应在 plausible_c（{low / 10}–{high / 10}）之内，且不高于 high_fever_c")
        if self.faults:
            raise DistrictFileError(sentence for _, sentence in sorted(self.faults))
        parts = {name: make(**found[name]) for name, make in _MAKERS.items()}
        return District(
            **found["district"],
            **parts,
            key_regions=regions,
            cluster_rules=tuple(ClusterRule(**rule) for rule in rules),
            return_after=tuple(ReturnWait(**wait) for wait in waits),
            titles=titles,
        )

    def regions(self) -> tuple[KeyRegion, ...]:
        return tuple(KeyRegion(**found) for found in self.listed("key_region", _REGION, ("name", "code", "from")))

    def listed(
        self, name: str, keys: Mapping[str, tuple[str, Reader]], required: Iterable[str]
    ) -> list[dict[str, Any]]:
        """The complete tables of an array; each holds while from ≤ day < to."""
        listed = self.content.get(name, [])
        if not isinstance(listed, list):
            self.fault(name, f"应写成 [[{name}]]（两层方括号）")
            return []
        made = []
        for at, content in enumerate(listed):
            place = f"{name}#{at}"
            found = self.section(place, content, keys)
            lacking = [key for key in required if not isinstance(content, dict) or key not in content]
            if lacking:
                self.fault(place, "缺少 " + "、".join(lacking))
            elif {keys[key][0] for key in required} <= set(found):
                first = found.get("from_date")
                if found.get("to_date") and first and found["to_date"] <= first:
                    self.fault(f"{place}.to", f"应晚于 from（{first}），现为 {found['to_date']}")
                made.append(found)
        return made


def _outwards(key: str) -> list[str]:
    parts = key.split(".")
    return [".".join(parts[:end]) for end in range(len(parts), 0, -1)]


def _line_numbers(text: str) -> dict[str, int]:
    """Where each key and each table stands; the tables of an array are numbered: "key_region#0.code"."""
    lines: dict[str, int] = {}
    table, counts = "", {}  # type: str, dict[str, int]
    for number, line in enumerate(text.split("\n"), start=1):
        if found := re.match(r"\s*\[\[\s*([^\]]+?)\s*\]\]", line):
            at = counts[found[1]] = counts.get(found[1], -1) + 1
            table = f"{found[1]}#{at}"
            lines.setdefault(table, number)
            lines.setdefault(found[1], number)
        elif (found := re.match(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$", line)) and "," not in found[1]:
            table = found[1].replace('"', "")
            lines.setdefault(table, number)
        elif found := re.match(r"""\s*["']?([^\s"'=\[\]{},#]+)["']?\s*=""", line):
            lines.setdefault(f"{table}.{found[1]}" if table else found[1], number)
    return lines


def _shown(value: Any) -> str:
    """A value as it would be written in the file."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case list():
            return "[" + ", ".join(_shown(item) for item in value) + "]"
        case dict():
            return "{ " + ", ".join(f"{key} = {_shown(item)}" for key, item in value.items()) + " }"
        case _:
            return str(value)
