"""The operator's check: each thing that may be wrong, and what it says to do."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from app.process.doctor import Finding, examine
from bots.wechat.refused import Refused
from bots.wechat.wire import Wire
from tests.cast import at
from tests.cli.conftest import Desk
from tests.house import ACCOUNT, AES_KEY, APP_ID, TOKEN, StageClock

API, PUBLIC = "https://platform.test", "https://report.test"


class Outside:
    """The platform and our own back end, on the wire."""

    def __init__(self) -> None:
        self.clock = StageClock(at("08:00"))
        self.token_answer: dict[str, Any] = {"access_token": "t" * 40, "expires_in": 7200}
        self.templates = ["tpl-1"]
        self.back_end_token = TOKEN
        self.down: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host in self.down:
            raise httpx.ConnectError("refused", request=request)
        if request.url.host == "report.test":
            try:
                return httpx.Response(200, text=Wire(self.back_end_token, APP_ID).verify(dict(request.url.params)))
            except Refused as refused:
                return httpx.Response(refused.status)
        match request.url.path:
            case "/cgi-bin/stable_token":
                return httpx.Response(200, json=self.token_answer)
            case "/cgi-bin/template/get_all_private_template":
                listed = [{"template_id": name, "title": "t", "content": "{{thing1.DATA}}"} for name in self.templates]
                return httpx.Response(200, json={"template_list": listed})
            case _:
                return httpx.Response(404, headers={"date": format_datetime(at("08:00"))})


@pytest.fixture
def outside() -> Outside:
    return Outside()


def env(desk: Desk, **given: str) -> None:
    values = {
        "WECHAT_APP_ID": APP_ID,
        "WECHAT_APP_SECRET": "cast-app-secret",
        "WECHAT_ACCOUNT_ID": ACCOUNT,
        "WECHAT_TOKEN": TOKEN,
        "WECHAT_AES_KEY": AES_KEY,
        "WECHAT_API_URL": API,
        "PUBLIC_URL": PUBLIC,
        "WECHAT_TEMPLATES": '{"alert": "tpl-1"}',
    } | given
    with (desk.folder / ".env").open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())


def look(desk: Desk, outside: Outside) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in examine(desk.folder, outside.clock, httpx.MockTransport(outside)):
        found.setdefault(finding.subject, []).append(finding)
    return found


def faults(found: dict[str, list[Finding]]) -> dict[str, str]:
    return {subject: finding.text for subject, each in found.items() for finding in each if not finding.is_ok}


def test_a_sound_installation_is_ok_in_every_line(desk: Desk, outside: Outside) -> None:
    env(desk)
    found = look(desk, outside)
    assert faults(found) == {}
    assert list(found) == [
        "设置",
        "密钥",
        "区县规则",
        "数据库",
        "数据库结构",
        "校历",
        "时钟",
        "公众号凭证",
        "模板",
        "回调地址",
    ]
    assert all(str(finding).startswith("ok ") for each in found.values() for finding in each)


def _move_clock(outside: Outside) -> None:
    outside.clock.move(minutes=3)


def _wrong_secret(outside: Outside) -> None:
    outside.token_answer = {"errcode": 40125, "errmsg": "invalid appsecret"}


def _not_on_list(outside: Outside) -> None:
    outside.token_answer = {"errcode": 40164, "errmsg": "invalid ip"}


def _other_token(outside: Outside) -> None:
    outside.back_end_token = "anotherToken"


def _no_templates(outside: Outside) -> None:
    outside.templates = []


def _platform_down(outside: Outside) -> None:
    outside.down.add("platform.test")


def _back_end_down(outside: Outside) -> None:
    outside.down.add("report.test")


@pytest.mark.parametrize(
    ("spoil", "subject", "says"),
    [
        (_move_clock, "时钟", "相差 180 秒"),
        (_wrong_secret, "公众号凭证", "WECHAT_APP_SECRET"),
        (_not_on_list, "公众号凭证", "IP 白名单"),
        (_other_token, "回调地址", "WECHAT_TOKEN"),
        (_no_templates, "模板", "alert"),
        (_platform_down, "公众号凭证", "WECHAT_API_URL"),
        (_back_end_down, "回调地址", "pinganbao serve"),
    ],
)
def test_what_is_wrong_outside_is_said_with_what_to_do(
    desk: Desk, outside: Outside, spoil: Callable[[Outside], None], subject: str, says: str
) -> None:
    env(desk)
    spoil(outside)
    assert says in faults(look(desk, outside))[subject]


@pytest.mark.parametrize(
    ("given", "subject", "says"),
    [
        ({"SECRET_KEY": "short"}, "密钥", "至少 16 个字符"),
        ({"LOG_FORMAT": "loud"}, "设置", "LOG_FORMAT"),
        ({"WECHAT_APP_SECRET": ""}, "设置", "WECHAT_APP_SECRET"),
        ({"WECHAT_TEMPLATES": '{"chekin-promt": "tpl-1"}'}, "模板", "chekin-promt"),
        ({"DATABASE_URL": "sqlite:///nowhere.db"}, "数据库", "pinganbao migrate"),
        ({"DATABASE_URL": "mysql://x/y"}, "数据库", "postgresql"),
        ({"DISTRICT_FILE": "gone.toml"}, "区县规则", "gone.toml"),
        (
            {"WECHAT_API_URL": "https://api.weixin.qq.com", "PUBLIC_URL": "http://127.0.0.1:8000"},
            "回调地址",
            "公网域名",
        ),
        ({"WECHAT_API_URL": "https://api.weixin.qq.com", "PUBLIC_URL": "https://report.test:8443"}, "回调地址", "443"),
    ],
)
def test_what_is_wrong_at_home_is_said_with_what_to_do(
    desk: Desk, outside: Outside, given: dict[str, str], subject: str, says: str
) -> None:
    env(desk, **given)
    assert says in faults(look(desk, outside))[subject]


def test_an_empty_database_is_to_be_migrated(desk: Desk, outside: Outside) -> None:
    env(desk, DATABASE_URL="sqlite:///empty.db")
    (desk.folder / "empty.db").touch()
    found = faults(look(desk, outside))
    assert "pinganbao migrate" in found["数据库结构"]
    assert "公众号凭证" in found


def test_a_calendar_that_ends_soon_is_a_warning(desk: Desk, outside: Outside) -> None:
    env(desk)
    outside.clock.move(days=365 * 20)
    (found,) = look(desk, outside)["校历"]
    assert found.is_ok  # weekdays go on; the operator is told
    assert str(found).startswith("留意 校历：")
    assert "calendar import" in found.text


def test_what_works_and_should_be_looked_after_is_no_fault(desk: Desk, outside: Outside) -> None:
    env(desk, WECHAT_AES_KEY="", WECHAT_TEMPLATES="{}")
    found = look(desk, outside)
    assert faults(found) == {}
    assert [subject for subject, each in found.items() if any(finding.is_warning for finding in each)] == [
        "消息加密",
        "模板",
    ]


def test_the_command_ends_with_1_when_anything_is_wrong_and_tells_no_secret(desk: Desk) -> None:
    env(desk, WECHAT_API_URL="http://127.0.0.1:9", PUBLIC_URL="http://127.0.0.1:9")
    done = desk.run("doctor")
    assert done.exit_code == 1
    assert "需处理 时钟" in done.stdout
    assert "cast-app-secret" not in done.stdout + done.stderr
    assert TOKEN not in done.stdout + done.stderr
