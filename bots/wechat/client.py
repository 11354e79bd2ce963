"""The way out: everything we ask of the platform (wechat-platform 4–6, 9, 11, 13)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from bots.engine.replies import Card, Choices, Picture, Reply, Text, with_links
from bots.engine.sender import Malformed, Misconfigured, SendError, Sent
from bots.wechat.errcodes import NO_MENU, NO_MSGMENU, TOKEN_REFUSED, error_for
from bots.wechat.http import CLIENTS, Answer, Http
from bots.wechat.passive import as_text, cut, legal
from bots.wechat.token import Tokens
from models.database import Database
from models.vault import Vault

#: Where scene pictures are drawn; a stand-in for the platform draws them itself.
PLATFORM_HOST = "api.weixin.qq.com"
PICTURES = "https://mp.weixin.qq.com"
SCENE_LENGTH = 64  # characters of a string scene
SCENE_LIFE = timedelta(days=30)  # the longest a temporary scene lives

_FIELD = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
_FILE_NAME = re.compile(r'filename="?([^";]+)"?')


@dataclass(frozen=True, slots=True)
class QrCode:
    """A parametric QR code. url: what the code says. expires_in: seconds, 0 for ever."""

    ticket: str
    url: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the account. fields: the keys of its data, in the order they are with_links."""

    id: str
    title: str
    content: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Download:
    """A file from the platform. For a video content is empty and url says where it lies."""

    content: bytes
    media_type: str
    name: str = ""
    url: str = ""


class WeChatClient:
    """The account, from outside; a `bots.engine.sender.Sender`. Every method raises a SendError when the platform says no.

    base_url: the platform's API or a stand-in for it. clock: the moment now, aware. clients: small HTTP clients, five
    requests in flight each. transport: a stand-in for the network, for tests.
    """

    def __init__(
        self,
        base_url: str,
        app_id: str,
        app_secret: str,
        database: Database,
        vault: Vault,
        clock: Callable[[], datetime],
        *,
        clients: int = CLIENTS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._app_id, self._app_secret, self._clock = app_id, app_secret, clock
        self._http = Http(base_url, transport, clients)
        self._tokens = Tokens(database, vault, app_id, self._fetch_token, clock)
        self._pictures = PICTURES if urlsplit(base_url).hostname == PLATFORM_HOST else base_url.rstrip("/")

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def check_credentials(self) -> datetime:
        """Until when the access token we hold is good; for the operator's check."""
        return (await self._tokens.current()).expires_at

    # messages

    async def send_service(self, openid: str, reply: Reply) -> Sent:
        """A customer-service message (48 h window). Accounts without menu messages get choices as numbered lines."""
        try:
            await self._post("/cgi-bin/message/custom/send", {"touser": openid, **_service_body(reply)}, openid)
        except Malformed as error:
            if error.errcode != NO_MSGMENU or not isinstance(reply, Choices):
                raise
            await self.send_service(openid, Text(as_text(reply)))
        return Sent()

    async def send_template(
        self, openid: str, template_id: str, data: Mapping[str, str], url: str, client_msg_id: str
    ) -> Sent:
        """A template message; the platform sends one `client_msg_id` once within ten minutes."""
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {key: {"value": legal(value)} for key, value in data.items()},
        }
        if url:
            body["url"] = url
        if client_msg_id:
            body["client_msg_id"] = client_msg_id
        answer = await self._post("/cgi-bin/message/template/send", body, openid)
        return Sent(str(answer.fields.get("msgid", "")))

    async def send_subscription(self, openid: str, template_id: str, data: Mapping[str, str], url: str) -> Sent:
        """A subscription notice (wechat-platform 7.1); it uses up a one-time grant of the person."""
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {key: {"value": legal(value)} for key, value in data.items()},
        }
        if url:
            body["page"] = url
        answer = await self._post("/cgi-bin/message/subscribe/bizsend", body, openid)
        return Sent(str(answer.fields.get("msgid", "")))

    async def list_subscriptions(self) -> tuple[Template, ...]:
        """The account's subscription templates."""
        answer = await self._get("/wxaapi/newtmpl/gettemplate")
        return tuple(
            Template(
                str(entry.get("template_id", entry.get("priTmplId", ""))),
                str(entry.get("title", "")),
                str(entry.get("content", "")),
                tuple(_FIELD.findall(str(entry.get("content", "")))),
            )
            for entry in _objects(answer, "data")
        )

    async def list_templates(self) -> tuple[Template, ...]:
        """The account's templates."""
        answer = await self._get("/cgi-bin/template/get_all_private_template")
        return tuple(
            Template(
                str(entry.get("template_id", "")),
                str(entry.get("title", "")),
                str(entry.get("content", "")),
                tuple(_FIELD.findall(str(entry.get("content", "")))),
            )
            for entry in _objects(answer, "template_list")
        )

    # media

    async def upload_media(self, kind: str, name: str, content: bytes, media_type: str) -> str:
        """The media id of a temporary file, good for three days. kind: image, voice, video or thumb."""

        async def call(token: dict[str, str]) -> Answer:
            return await self._http.upload("/cgi-bin/media/upload", {**token, "type": kind}, name, content, media_type)

        fields = (await self._with_token(call)).fields
        return _text(fields, "thumb_media_id" if kind == "thumb" and "thumb_media_id" in fields else "media_id")

    async def download_media(self, media_id: str) -> Download:
        """A temporary file, ours or a user's."""
        answer = await self._get("/cgi-bin/media/get", {"media_id": media_id})
        if "video_url" in answer.fields:
            return Download(b"", "", url=_text(answer.fields, "video_url"))
        found = _FILE_NAME.search(answer.disposition)
        return Download(answer.content, answer.media_type, found[1] if found else "")

    async def download_material(self, media_id: str) -> Download:
        """A permanent file of the account."""
        answer = await self._post("/cgi-bin/material/get_material", {"media_id": media_id})
        if "down_url" in answer.fields:
            return Download(b"", "", url=_text(answer.fields, "down_url"))
        return Download(answer.content, answer.media_type)

    # codes

    async def create_qrcode(self, scene: str, life: timedelta | None = SCENE_LIFE) -> QrCode:
        """A code whose scan brings `scene` to us. life: None for ever (100,000 in all, never deleted)."""
        if not 1 <= len(scene) <= SCENE_LENGTH:
            raise Malformed("", f"a scene has 1 to {SCENE_LENGTH} characters")
        action: dict[str, Any] = {"action_info": {"scene": {"scene_str": scene}}}
        if life is None:
            action["action_name"] = "QR_LIMIT_STR_SCENE"
        else:
            seconds = int(min(life, SCENE_LIFE).total_seconds())
            action.update(action_name="QR_STR_SCENE", expire_seconds=seconds)
        fields = (await self._post("/cgi-bin/qrcode/create", action)).fields
        expires = fields.get("expire_seconds", 0)
        return QrCode(_text(fields, "ticket"), str(fields.get("url", "")), expires if isinstance(expires, int) else 0)

    def qrcode_picture(self, ticket: str) -> str:
        """The address of a code's picture; it needs no token."""
        return f"{self._pictures}/cgi-bin/showqrcode?ticket={quote(ticket, safe='')}"

    # the account

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Put `menu` in place of the account's menu."""
        await self._post("/cgi-bin/menu/create", menu)

    async def get_menu(self) -> dict[str, Any] | None:
        """The menu as set by API; None where none is set."""
        try:
            answer = await self._get("/cgi-bin/menu/get")
        except Malformed as error:
            if error.errcode == NO_MENU:
                return None
            raise
        menu = answer.fields.get("menu")
        return menu if isinstance(menu, dict) else None

    async def callback_addresses(self) -> tuple[str, ...]:
        """The addresses pushes come from; they change, ask daily."""
        listed = (await self._get("/cgi-bin/getcallbackip")).fields.get("ip_list", [])
        return tuple(str(address) for address in listed) if isinstance(listed, list) else ()

    # the calls themselves

    async def _get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        return await self._with_token(lambda token: self._http.get(path, {**token, **(params or {})}))

    async def _post(self, path: str, body: Mapping[str, Any], openid: str = "") -> Answer:
        return await self._with_token(lambda token: self._http.post(path, token, body, openid), openid)

    async def _with_token(self, call: Callable[[dict[str, str]], Awaitable[Answer]], openid: str = "") -> Answer:
        """Call with the stored token; where the platform refuses it, once more with another one, and no more."""
        try:
            token = await self._tokens.current()
            answer = await call({"access_token": token.value})
            if answer.errcode in TOKEN_REFUSED:
                token = await self._tokens.renew(token)
                answer = await call({"access_token": token.value})
        except SendError as error:
            if error.openid == openid:
                raise
            raise type(error)(openid, error.reason, error.errcode, error.retry_after) from None
        if answer.errcode:
            raise error_for(answer.errcode, answer.errmsg, openid, self._clock())
        return answer

    async def _fetch_token(self, force: bool) -> tuple[str, int]:
        body = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._app_secret,
            "force_refresh": force,
        }
        answer = await self._http.post("/cgi-bin/stable_token", {}, body)
        if answer.errcode in TOKEN_REFUSED:  # here it is the AppSecret that is wrong
            error = error_for(answer.errcode, answer.errmsg, "", self._clock())
            raise Misconfigured("", error.reason, error.errcode)
        if answer.errcode:
            raise error_for(answer.errcode, answer.errmsg, "", self._clock())
        seconds = answer.fields.get("expires_in")
        if not isinstance(seconds, int) or seconds <= 0:
            raise Misconfigured("", "the platform's answer carries no access token")
        return _text(answer.fields, "access_token"), seconds


def _service_body(reply: Reply) -> dict[str, Any]:
    match reply:
        case Text(content):
            return {"msgtype": "text", "text": {"content": cut(legal(with_links(content)))}}
        case Picture(media_id):
            return {"msgtype": "image", "image": {"media_id": media_id}}
        case Card(title, description, url, picture_url):
            article = {"title": legal(title), "description": legal(description), "url": url, "picurl": picture_url}
            return {"msgtype": "news", "news": {"articles": [article]}}
        case Choices(head, items, tail):
            listed = [{"id": number, "content": legal(with_links(label))} for number, label in items]
            menu = {"head_content": legal(with_links(head)), "list": listed, "tail_content": legal(with_links(tail))}
            return {"msgtype": "msgmenu", "msgmenu": menu}


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise Misconfigured("", f"the platform's answer carries no {name}")
    return value


def _objects(answer: Answer, name: str) -> list[dict[str, Any]]:
    listed = answer.fields.get(name, [])
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
