"""What a user does on the phone, and the push it causes.

Each deed first changes what the platform knows (chat, windows, following), then pushes and returns how that ended.
"""

from __future__ import annotations

from typing import Any

from app.sandbox.platform.people import Person
from app.sandbox.platform.push import Outcome
from app.sandbox.platform.world import World

# What an official account receives when a user sends a sticker it cannot be given.
_STICKER = "【收到不支持的消息类型，暂无法显示】"


class CannotDo(ValueError):
    """The user cannot do this: not following, no such button, no such code."""


class Deeds:
    """The thumbs of all users."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def follow(self, person: Person, *, ticket: str | None = None, scene: str | None = None) -> Outcome:
        """Follow the account, by a QR code where ticket or scene is given; a follower scanning gets SCAN instead."""
        world = self._world
        code = None
        if ticket is not None or scene is not None:
            try:
                code = world.qr.scan(ticket=ticket, scene=scene, now=world.now)
            except LookupError as error:
                raise CannotDo(str(error)) from error
        if person.following:
            if code is None:
                raise CannotDo("already following")
            return await self._scan(person, code.scene, code.ticket)
        person.following = True
        person.subscribed_at = int(world.now)
        person.subscribe_scene = "ADD_SCENE_QR_CODE" if code else "ADD_SCENE_SEARCH"
        person.qr_scene = code.scene if code else ""
        person.windows.open("follow", world.now)
        self._seen(person)
        self._notice(person, "您已关注该公众号")
        fields = self._event(person, "subscribe")
        if code is None:
            fields["EventKey"] = ""
        else:
            fields |= {"EventKey": f"qrscene_{code.scene}", "Ticket": code.ticket}
        return await world.pusher.push(person, fields)

    async def scan_unknown(self, person: Person, scene: str) -> Outcome:
        """Scan a code printed elsewhere (say on a slip): first make it known to the platform, then scan it."""
        world = self._world
        if not 1 <= len(scene) <= world.settings.qr.scene_characters:
            raise CannotDo("a scene has 1 to 64 characters")
        try:
            world.qr.scan(ticket=None, scene=scene, now=world.now)
        except LookupError:
            world.qr.create(
                {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}, world.now
            )
        return await self.follow(person, scene=scene)

    async def unfollow(self, person: Person) -> Outcome:
        """Stop following: every door closes."""
        self._must_follow(person)
        person.following = False
        person.windows.close()
        person.grants.clear()
        self._notice(person, "您已取消关注该公众号")
        return await self._world.pusher.push(person, {**self._event(person, "unsubscribe"), "EventKey": ""})

    async def text(self, person: Person, content: str, *, article: tuple[str, int] | None = None) -> Outcome:
        """Send a text. `article`: MsgDataId and Idx when the message came out of an article."""
        extra: dict[str, Any] = {"Content": content}
        if article is not None:
            extra |= {"MsgDataId": article[0], "Idx": article[1]}
        return await self._message(person, "text", extra, shown=content)

    async def sticker(self, person: Person, label: str) -> Outcome:
        """Send a sticker; the account only learns that something unsupported came."""
        return await self._message(person, "text", {"Content": _STICKER}, shown=label, kind="sticker")

    async def image(self, person: Person, name: str, data: bytes) -> Outcome:
        """Send a picture."""
        medium = self._world.media.from_user("image", name, data, self._world.now)
        url = f"{self._world.settings.public_url.rstrip('/')}/mmbiz_pic/{medium.media_id}"
        extra = {"PicUrl": url, "MediaId": medium.media_id}
        return await self._message(person, "image", extra, shown="[图片]", data={"media_id": medium.media_id})

    async def voice(self, person: Person, name: str, data: bytes) -> Outcome:
        """Send a voice message; recognition has been retired, the field comes empty."""
        medium = self._world.media.from_user("voice", name, data, self._world.now)
        extra = {"MediaId": medium.media_id, "Format": "amr", "Recognition": ""}
        return await self._message(person, "voice", extra, shown="[语音]", data={"media_id": medium.media_id})

    async def video(self, person: Person, name: str, data: bytes, *, short: bool = False) -> Outcome:
        """Send a video."""
        world = self._world
        medium = world.media.from_user("video", name, data, world.now)
        thumb = world.media.from_user("thumb", "thumb.jpg", b"\xff\xd8\xff\xd9", world.now)
        extra = {"MediaId": medium.media_id, "ThumbMediaId": thumb.media_id}
        return await self._message(person, "shortvideo" if short else "video", extra, shown="[视频]", kind="video")

    async def location(self, person: Person, latitude: float, longitude: float, scale: int, label: str) -> Outcome:
        """Send a place; Location_X is the latitude."""
        extra = {"Location_X": latitude, "Location_Y": longitude, "Scale": scale, "Label": label}
        return await self._message(person, "location", extra, shown=f"[位置] {label}", data=dict(extra))

    async def link(self, person: Person, title: str, description: str, url: str) -> Outcome:
        """Send a link."""
        extra = {"Title": title, "Description": description, "Url": url}
        return await self._message(person, "link", extra, shown=title, data={"description": description, "url": url})

    async def tap_menu(self, person: Person, *, name: str | None, key: str | None) -> tuple[Outcome, dict[str, Any]]:
        """Tap a button of the account's menu: the outcome, and the button (a `view` one carries the url to open)."""
        self._must_follow(person)
        world = self._world
        try:
            button = world.menu.find(name=name, key=key)
        except LookupError as error:
            raise CannotDo(str(error)) from error
        kind = str(button.get("type"))
        self._seen(person)
        if kind == "view":
            fields = {**self._event(person, "VIEW"), "EventKey": button["url"], "MenuId": world.menu.menu_id}
            return await world.pusher.push(person, fields), button
        if kind == "miniprogram":
            fields = {**self._event(person, "view_miniprogram"), "EventKey": str(button.get("pagepath", ""))}
            return await world.pusher.push(person, {**fields, "MenuId": world.menu.menu_id}), button
        if kind not in ("click", "scancode_push", "scancode_waitmsg"):
            raise CannotDo(f"the stand-in cannot tap a button of type {kind}")
        person.windows.open("menu", world.now)
        fields = {**self._event(person, "CLICK" if kind == "click" else kind), "EventKey": button["key"]}
        if kind != "click":
            fields["ScanCodeInfo"] = {"ScanType": "qrcode", "ScanResult": "1"}
        return await world.pusher.push(person, fields), button

    async def tap_msgmenu(self, person: Person, message: int | None, item: str) -> Outcome:
        """Tap an item of a message menu, however old: a text in the user's name, counted as a menu tap."""
        self._must_follow(person)
        for bubble in reversed(person.chat):
            if bubble.kind != "msgmenu" or (message is not None and bubble.seq != message):
                continue
            for one in bubble.data["list"]:
                if str(one["id"]) == item:
                    return await self._message(
                        person,
                        "text",
                        {"Content": one["content"], "bizmsgmenuid": str(one["id"])},
                        shown=str(one["content"]),
                        window="msgmenu",
                    )
        raise CannotDo("no message menu on this phone has this item")

    async def answer_popup(self, person: Person, template_id: str, *, accept: bool, long_term: bool) -> Outcome:
        """Answer the subscription pop-up of an H5 page."""
        try:
            self._world.subscriptions.answer_popup(person, template_id, accept=accept, long_term=long_term)
        except ValueError as error:
            raise CannotDo(str(error)) from error
        entry = {
            "TemplateId": template_id,
            "SubscribeStatusString": "accept" if accept else "reject",
            "PopupScene": 1,
        }
        fields = self._event(person, "subscribe_msg_popup_event")
        return await self._world.pusher.push(person, {**fields, "SubscribeMsgPopupEvent": {"List": entry}})

    async def raw(self, person: Person, fields: dict[str, Any]) -> Outcome:
        """Push any message or event of this user; ToUserName, FromUserName and CreateTime are filled in if absent."""
        head = {
            "ToUserName": self._world.account.account_id,
            "FromUserName": person.openid,
            "CreateTime": int(self._world.now),
        }
        return await self._world.pusher.push(person, {**head, **fields})

    async def _scan(self, person: Person, scene: str, ticket: str) -> Outcome:
        person.windows.open("scan", self._world.now)
        self._seen(person)
        fields = {**self._event(person, "SCAN"), "EventKey": scene, "Ticket": ticket}
        return await self._world.pusher.push(person, fields)

    async def _message(
        self,
        person: Person,
        msg_type: str,
        extra: dict[str, Any],
        *,
        shown: str,
        kind: str | None = None,
        data: dict[str, Any] | None = None,
        window: str = "message",
    ) -> Outcome:
        self._must_follow(person)
        world = self._world
        person.windows.open(window, world.now)
        self._seen(person)
        world.people.show(
            person, world.clock.now(), side="me", kind=kind or msg_type, via="user", text=shown, data=data
        )
        fields = {
            "ToUserName": world.account.account_id,
            "FromUserName": person.openid,
            "CreateTime": int(world.now),
            "MsgType": msg_type,
            **extra,
            "MsgId": world.pusher.next_msg_id(),
        }
        return await world.pusher.push(person, fields)

    def _event(self, person: Person, event: str) -> dict[str, Any]:
        return {
            "ToUserName": self._world.account.account_id,
            "FromUserName": person.openid,
            "CreateTime": int(self._world.now),
            "MsgType": "event",
            "Event": event,
        }

    def _seen(self, person: Person) -> None:
        person.last_deed = self._world.now
        person.typing_until = 0.0

    def _notice(self, person: Person, words: str) -> None:
        self._world.people.show(person, self._world.clock.now(), side="notice", kind="notice", via="system", text=words)

    def _must_follow(self, person: Person) -> None:
        if not person.following:
            raise CannotDo("this user does not follow the account")
