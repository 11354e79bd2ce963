"""The settings and the file that explains them say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.process.settings import BadSettings, Settings, check_secret, read_settings
from models.schema import ROOT

EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
_NAMES = re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE)


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_example_names_every_setting_once_and_nothing_else() -> None:
    assert sorted(_NAMES) == sorted(name.upper() for name in Settings.model_fields)


def test_every_setting_in_the_example_has_a_comment_in_chinese_above_it() -> None:
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[A-Z_]+=", line):
            assert re.match(r"# .*[一-鿿]", lines[number - 1]), line


def test_the_example_read_as_it_is_gives_the_defaults(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(EXAMPLE, "utf-8")
    assert read_settings(tmp_path) == read_settings(tmp_path / "nothing")


def test_lists_and_templates_are_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        'SECRET_KEY_PREVIOUS=one-old-key, two-old-key\nWECHAT_TEMPLATES={"alert": {"id": "T1"}}\n', "utf-8"
    )
    read = read_settings(tmp_path)
    assert [key.get_secret_value() for key in read.secret_key_previous] == ["one-old-key", "two-old-key"]
    assert read.wechat_templates == {"alert": {"id": "T1"}}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("WECHAT_TEMPLATES=[1]", "WECHAT_TEMPLATES：应为 JSON 对象"),
        ("WECHAT_TEMPLATES={oops", "WECHAT_TEMPLATES：应为 JSON"),
        ("WECHAT_AES_KEY=short", "WECHAT_AES_KEY：应为 43 个字符"),
        ("PUBLIC_URL=report.example", "PUBLIC_URL：应以 http"),
        ("LOG_FORMAT=loud", "LOG_FORMAT：应为 console 或 json"),
        ("TURN_WORKERS=99", "TURN_WORKERS"),
    ],
)
def test_a_bad_value_is_named_with_what_is_expected(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / ".env").write_text(line + "\n", "utf-8")
    with pytest.raises(BadSettings, match=re.escape(says)):
        read_settings(tmp_path)


@pytest.mark.parametrize("secret", ["", "fifteen-letters"])
def test_a_missing_or_short_secret_is_refused(tmp_path: Path, secret: str) -> None:
    with pytest.raises(BadSettings, match="SECRET_KEY"):
        check_secret(read_settings(tmp_path, secret_key=secret))
