"""The settings: declared once, read only here, from the environment and from `.env` in the folder one works in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRET_LENGTH = 16


class BadSettings(Exception):
    """A setting is missing or wrong; the sentence says which one and what is expected."""


class Settings(BaseSettings):
    """Everything the environment may say (contract 2). Each name is in `.env.example` with a comment."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    database_url: str = "sqlite:///var/pinganbao.db"
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_account_id: str = ""
    wechat_token: SecretStr = SecretStr("")
    wechat_aes_key: SecretStr = SecretStr("")
    wechat_api_url: str = "https://api.weixin.qq.com"
    wechat_aes_key_previous: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    wechat_templates: Annotated[dict[str, Any], NoDecode] = Field(default_factory=dict)
    wechat_subscriptions: Annotated[dict[str, Any], NoDecode] = Field(default_factory=dict)
    #: pages opened inside WeChat ask the platform who holds the phone: off, on, or everywhere (also in other browsers,
    #: for the stand-in)
    wechat_oauth: str = "off"
    #: short messages for whom nothing else reaches: off, aliyun, or record (nothing is sent)
    sms_provider: str = "off"
    sms_key_id: str = ""
    sms_key_secret: SecretStr = SecretStr("")
    sms_sign_name: str = ""
    sms_templates: Annotated[dict[str, Any], NoDecode] = Field(default_factory=dict)
    sms_api_url: str = "https://dysmsapi.aliyuncs.com"
    #: what one short message costs, in fen, for `jobs run --dry-run`
    sms_price_fen: int = Field(default=5, ge=0)
    secret_key: SecretStr = SecretStr("")
    secret_key_previous: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    public_url: str = "http://127.0.0.1:8000"
    district_file: str = "district.toml"
    log_format: str = "console"
    #: batches handled at once per process on PostgreSQL (SQLite has one writer whatever is said here); more processes
    #: bring more than more batches, which only share one interpreter (benchmarks/webhook.py: 1,200/s with 1, 840 with 2)
    turn_workers: int = Field(default=1, ge=1, le=16)
    #: messages that may wait in one process before they are parked
    turn_queue: int = Field(default=2000, ge=1)

    @field_validator("secret_key_previous", "wechat_aes_key_previous", mode="before")
    @classmethod
    def _comma_list(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("wechat_templates", "wechat_subscriptions", "sms_templates", mode="before")
    @classmethod
    def _templates(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            read = json.loads(value or "{}")
        except json.JSONDecodeError as error:
            raise ValueError(f'应为 JSON，例如 {{"checkin-prompt": "模板ID"}}（{error.msg}）') from None
        if not isinstance(read, dict):
            raise ValueError("应为 JSON 对象：消息种类 → 模板 ID")
        return read

    @field_validator("wechat_oauth")
    @classmethod
    def _oauth(cls, value: str) -> str:
        if value not in {"off", "on", "everywhere"}:
            raise ValueError("应为 off、on 或 everywhere（只用于沙箱）")
        return value

    @field_validator("sms_provider")
    @classmethod
    def _sms_provider(cls, value: str) -> str:
        if value not in {"off", "aliyun", "record"}:
            raise ValueError("应为 off、aliyun 或 record（只记录，不发送）")
        return value

    @field_validator("log_format")
    @classmethod
    def _log_format(cls, value: str) -> str:
        if value not in {"console", "json"}:
            raise ValueError("应为 console 或 json")
        return value

    @field_validator("public_url", "wechat_api_url", "sms_api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("应以 http:// 或 https:// 开头")
        return value.rstrip("/")

    @field_validator("wechat_aes_key")
    @classmethod
    def _aes_key(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) != 43:
            raise ValueError("应为 43 个字符的 EncodingAESKey，或留空（明文模式）")
        return value


def read_settings(folder: Path, **given: Any) -> Settings:
    """The settings as seen from `folder`; `given` wins over environment and file. Raises BadSettings."""
    try:
        return Settings(_env_file=folder / ".env", **given)  # type: ignore[call-arg]
    except ValidationError as error:
        lines = [
            f"设置 {'.'.join(str(part) for part in fault['loc']).upper()}：{fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        ]
        raise BadSettings("\n".join(lines)) from None


def check_secret(settings: Settings) -> None:
    """Refuse to start on a missing or short SECRET_KEY. Raises BadSettings."""
    if len(settings.secret_key.get_secret_value()) < SECRET_LENGTH:
        raise BadSettings(
            f"设置 SECRET_KEY：未设置或太短，至少 {SECRET_LENGTH} 个字符。"
            '可用 python -c "import secrets; print(secrets.token_urlsafe(32))" 生成一个，妥善保管。'
        )
