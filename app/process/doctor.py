"""What may be wrong with an installation, looked at one thing after another, each with what to do about it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from sqlalchemy.exc import SQLAlchemyError

from app.files.district import read_district
from app.process.runtime import Clock, Runtime
from app.process.serving import make_client
from app.process.settings import BadSettings, Settings, check_secret, read_settings
from app.process.wiring import find_district_file, open_runtime
from bots.engine.sender import SendError
from bots.wechat.client import PLATFORM_HOST
from bots.wechat.crypto import sign
from models import schema
from models.database import database_url
from models.queries import calendar
from schedules.registry import discover

#: A message's timestamp may be five minutes off; a clock should be far better than that.
CLOCK_MAY_DIFFER = timedelta(seconds=60)
PATIENCE = 8.0  # seconds for one call
#: How far ahead the legal calendar should be known.
CALENDAR_DAYS = 60
#: Pushes that are no job's.
OTHER_KINDS = frozenset({"alert", "reply"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. text: what was found, or what to do. is_warning: it works, and should be looked after."""

    is_ok: bool
    subject: str
    text: str = ""
    is_warning: bool = False

    def __str__(self) -> str:
        mark = "留意" if self.is_warning else "ok" if self.is_ok else "需处理"
        return f"{mark} {self.subject}" + (f"：{self.text}" if self.text else "")


def good(subject: str, text: str = "") -> Finding:
    return Finding(True, subject, text)


def warning(subject: str, text: str) -> Finding:
    return Finding(True, subject, text, is_warning=True)


def bad(subject: str, text: str) -> Finding:
    return Finding(False, subject, text)


def examine(
    folder: Path, clock: Clock | None = None, transport: httpx.AsyncBaseTransport | None = None
) -> Iterator[Finding]:
    """Look at everything, from what stands alone to what needs the rest. transport: a stand-in for the network."""
    try:
        settings = read_settings(folder)
    except BadSettings as error:
        yield from (bad("设置", line) for line in str(error).splitlines())
        return
    yield from _settings(settings)
    yield from (secret := list(_secret(settings)))
    yield from (district := list(_district(folder, settings)))
    if not all(finding.is_ok for finding in (*secret, *district)):
        return
    try:
        runtime = open_runtime(folder, clock)
    except BadSettings as error:
        yield bad("数据库", str(error))
        return
    try:
        yield from (stored := list(_database(folder, runtime)))
        if all(finding.is_ok for finding in stored):
            yield from _calendar(runtime)
        yield from asyncio.run(_outside(runtime, transport, with_store=all(finding.is_ok for finding in stored)))
    finally:
        runtime.close()


def _settings(settings: Settings) -> Iterator[Finding]:
    wanted = {
        "WECHAT_APP_ID": settings.wechat_app_id,
        "WECHAT_APP_SECRET": settings.wechat_app_secret.get_secret_value(),
        "WECHAT_ACCOUNT_ID": settings.wechat_account_id,
        "WECHAT_TOKEN": settings.wechat_token.get_secret_value(),
    }
    missing = [name for name, value in wanted.items() if not value]
    yield bad("设置", f"没有填写 {'、'.join(missing)}（见 .env.example）") if missing else good("设置")
    if not settings.wechat_aes_key.get_secret_value():
        yield warning("消息加密", "明文模式；建议在公众平台改为安全模式，并填写 WECHAT_AES_KEY")


def _secret(settings: Settings) -> Iterator[Finding]:
    try:
        check_secret(settings)
    except BadSettings as error:
        yield bad("密钥", str(error).removeprefix("设置 "))
    else:
        yield good("密钥")


def _district(folder: Path, settings: Settings) -> Iterator[Finding]:
    try:
        path = find_district_file(folder, settings)
        district = read_district(path)
    except BadSettings as error:
        yield from (bad("区县规则", line) for line in str(error).splitlines())
    else:
        yield good("区县规则", f"{path.name}，{district.name}")


def _database(folder: Path, runtime: Runtime) -> Iterator[Finding]:
    url = database_url(runtime.settings.database_url, folder)
    shown = Path(url.database or "").name if runtime.database.is_sqlite else url.render_as_string(hide_password=True)
    if runtime.database.is_sqlite and not Path(url.database or "").exists():
        yield bad("数据库", f"{shown} 还不存在，请运行 pinganbao migrate")
        return
    try:
        at = schema.current(runtime.database)
    except SQLAlchemyError as error:
        reason = type(getattr(error, "orig", None) or error).__name__
        yield bad("数据库", f"{shown} 连不上（{reason}），请检查 DATABASE_URL 和数据库服务")
        return
    yield good("数据库", shown)
    newest = schema.newest()
    if at == newest:
        yield good("数据库结构", str(at))
    elif schema.fits(at):
        yield warning("数据库结构", f"现为 {at}，比本程序的 {newest} 新：正在升级，请把本程序也更新")
    else:
        yield bad("数据库结构", f"现为 {at or '空'}，应为 {newest}，请运行 pinganbao migrate")


def _calendar(runtime: Runtime) -> Iterator[Finding]:
    today = runtime.district.day_of(runtime.clock())
    with runtime.database.read() as connection:
        known = calendar.load(connection, runtime.district)
    unknown = known.unverified(today + timedelta(days=number) for number in range(CALENDAR_DAYS))
    if unknown:
        yield warning(
            "校历",
            f"{unknown[0]} 起没有法定节假日数据，只按周末推算（待核对），"
            "请用 pinganbao calendar import 导入国务院办公厅的放假安排",
        )
    else:
        yield good("校历", f"未来 {CALENDAR_DAYS} 天的节假日已知")


async def _outside(runtime: Runtime, transport: httpx.AsyncBaseTransport | None, *, with_store: bool) -> list[Finding]:
    async with httpx.AsyncClient(timeout=PATIENCE, transport=transport) as http:
        found = [await _clock(runtime, http)]
        if with_store:
            found += await _account(runtime, transport)
        else:
            found.append(bad("公众号凭证", "要先有数据库才能检查"))
        found += await _callback(runtime, http)
    return found


async def _clock(runtime: Runtime, http: httpx.AsyncClient) -> Finding:
    address = runtime.settings.wechat_api_url
    try:
        answer = await http.head(address)
        theirs = parsedate_to_datetime(answer.headers["date"])
    except (httpx.HTTPError, httpx.InvalidURL):
        return bad("时钟", f"连不上 {address}，无法核对；请检查网络和 WECHAT_API_URL")
    except (KeyError, ValueError):
        return bad("时钟", f"{address} 没有给出时间，无法核对；请检查 WECHAT_API_URL")
    differs = abs(runtime.clock() - theirs)
    if differs > CLOCK_MAY_DIFFER:
        return bad(
            "时钟", f"与微信平台相差 {int(differs.total_seconds())} 秒，请打开时间同步（timedatectl set-ntp true）"
        )
    return good("时钟")


async def _account(runtime: Runtime, transport: httpx.AsyncBaseTransport | None) -> list[Finding]:
    configured = runtime.settings.wechat_templates
    unknown = sorted(set(configured) - set(discover()) - OTHER_KINDS)
    found = [bad("模板", f"WECHAT_TEMPLATES 里没有 {'、'.join(unknown)} 这种消息")] if unknown else []
    client = make_client(runtime, transport)
    try:
        try:
            until = await client.check_credentials()
        except SendError as error:
            return [bad("公众号凭证", _advice(error)), *found]
        checked = good("公众号凭证", f"access_token 有效至 {runtime.district.local(until):%H:%M}")
        try:
            owned = {template.id for template in await client.list_templates()}
        except SendError as error:
            return [checked, *found, bad("模板", _advice(error))]
    finally:
        await client.close()
    ids = {
        kind: str(entry["id"] if isinstance(entry, dict) and "id" in entry else entry)
        for kind, entry in configured.items()
    }
    lost = sorted(kind for kind, template_id in ids.items() if template_id not in owned)
    if lost:
        found.append(bad("模板", f"公众号里没有 {'、'.join(lost)} 对应的模板，请在公众平台「模板消息」核对编号"))
    elif not configured:
        found.append(warning("模板", "没有配置；48 小时内没有发过消息的人收不到提醒"))
    elif not unknown:
        found.append(good("模板", f"{len(ids)} 个"))
    return [checked, *found]


#: errcode → what an operator does (wechat-platform 10).
_ADVICE = {
    40164: "请把本机的公网 IP 加进公众平台的「IP 白名单」",
    40001: "AppSecret 不对，请检查 WECHAT_APP_SECRET",
    40125: "AppSecret 不对，请检查 WECHAT_APP_SECRET",
    40013: "AppID 不对，请检查 WECHAT_APP_ID",
    48001: "公众号没有这个接口的权限（需要认证的服务号）",
}


def _advice(error: SendError) -> str:
    if not error.errcode:
        return f"连不上平台或没有得到回答（{error.reason}），请检查网络和 WECHAT_API_URL"
    return _ADVICE.get(error.errcode, error.reason) + f"（errcode {error.errcode}）"


async def _callback(runtime: Runtime, http: httpx.AsyncClient) -> list[Finding]:
    """The way the platform verifies us: signed, and the echo must come back byte for byte."""
    settings = runtime.settings
    found: list[Finding] = []
    place = urlsplit(settings.public_url)
    if urlsplit(settings.wechat_api_url).hostname == PLATFORM_HOST:
        if place.hostname in {"127.0.0.1", "localhost"}:
            return [bad("回调地址", "PUBLIC_URL 还是本机地址，微信到不了；请填写公网域名")]
        if place.port not in {None, 80, 443}:
            found.append(bad("回调地址", f"微信只回调 80 和 443 端口，PUBLIC_URL 现为 {place.port}"))
    stamp, nonce, echo = str(int(runtime.clock().timestamp())), secrets.token_hex(5), secrets.token_hex(10)
    query = {
        "signature": sign(settings.wechat_token.get_secret_value(), stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "echostr": echo,
    }
    address = f"{settings.public_url}/wechat"
    try:
        answer = await http.get(address, params=query)
    except (httpx.HTTPError, httpx.InvalidURL):
        return [*found, bad("回调地址", f"{address} 连不上；请先启动 pinganbao serve，并检查域名、防火墙和反向代理")]
    if answer.status_code == httpx.codes.OK and answer.text == echo:
        return [*found, good("回调地址", address)]
    if answer.status_code in {400, 401, 403}:
        return [*found, bad("回调地址", f"{address} 不认签名；运行中的后端的 WECHAT_TOKEN 与这里的不一致")]
    return [
        *found,
        bad("回调地址", f"{address} 的回答不对（HTTP {answer.status_code}）；请检查反向代理是否转发到本后端"),
    ]
