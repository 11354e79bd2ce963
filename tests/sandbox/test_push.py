"""What the stand-in pushes, how often, and what it accepts as an answer."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import httpx
import pytest
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from app.sandbox import SandboxSettings
from app.sandbox.platform.settings import PushRules
from tests.sandbox.conftest import SETTINGS, Stage, text_reply

pytestmark = pytest.mark.anyio
FAULT = PushRules().fault_text


def query(request: httpx.Request) -> dict[str, str]:
    return dict(request.url.params)


async def test_a_text_is_signed_pushed_and_its_reply_shown(stage: Stage) -> None:
    mother = await stage.follower()
    stage.backend = lambda request: httpx.Response(200, text=text_reply(request, "已记录"))
    answer = await stage.does(mother, "text", content="36.5 ]]> 😀")
    assert (answer["outcome"], answer["deliveries"], answer["reply"]["text"]) == ("reply", 1, "已记录")
    request = stage.pushes[-1]
    params = query(request)
    check_signature(SETTINGS.token, params["signature"], params["timestamp"], params["nonce"])
    assert params["openid"] == mother
    assert params["timestamp"] == str(int(stage.seconds))
    message = parse_message(request.content.decode())
    assert (message.type, message.source, message.target) == ("text", mother, SETTINGS.account_id)
    assert message.content == "36.5 ]]> 😀"
    assert str(message.id) == answer["msg_id"]
    assert [(one["side"], one["text"]) for one in (await stage.chat(mother))[-2:]] == [
        ("me", "36.5 ]]> 😀"),
        ("account", "已记录"),
    ]


async def test_success_and_an_empty_body_show_nothing_and_are_not_retried(stage: Stage) -> None:
    mother = await stage.follower()
    for body in ("success", ""):
        stage.backend = lambda _, body=body: httpx.Response(200, text=body)  # type: ignore[misc]
        answer = await stage.does(mother, "text", content="36.5")
        assert (answer["outcome"], answer["deliveries"], answer["reply"]) == ("silent", 1, None)


def late(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("nothing came")


def refused(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody listens")


@pytest.mark.parametrize("backend", [late, refused])
async def test_three_deliveries_of_one_message_then_the_fault_bubble(stage: Stage, backend: Any) -> None:
    mother = await stage.follower()
    stage.pushes.clear()
    stage.backend = backend
    answer = await stage.does(mother, "text", content="36.5")
    assert (answer["outcome"], answer["deliveries"], answer["reply"]["text"]) == ("fault", 3, FAULT)
    bodies = {request.content for request in stage.pushes}
    assert len(stage.pushes) == 3
    assert len(bodies) == 1
    assert len({query(request)["nonce"] for request in stage.pushes}) == 3
    assert len(stage.pauses) == 2
    assert all(0 < pause <= 5 for pause in stage.pauses)


async def test_an_answer_to_the_third_delivery_is_shown(stage: Stage) -> None:
    mother = await stage.follower()
    stage.pushes.clear()
    stage.backend = lambda request: (
        late(request) if len(stage.pushes) < 3 else httpx.Response(200, text=text_reply(request, "好的"))
    )
    answer = await stage.does(mother, "text", content="36.5")
    assert (answer["outcome"], answer["deliveries"], answer["reply"]["text"]) == ("reply", 3, "好的")


async def test_a_slow_back_end_is_cut_off_at_the_deadline() -> None:
    stage = Stage(SETTINGS.changed(push=replace(PushRules(), deadline_seconds=0.01)))

    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    stage.app.state.world.pusher._transport = httpx.MockTransport(never)
    mother = stage.app.state.world.people.add("林妈妈")
    mother.following = True
    answer = await stage.does(mother.openid, "text", content="36.5")
    assert (answer["outcome"], answer["deliveries"]) == ("fault", 3)
    assert [one["outcome"] for one in (await stage.look("/wire", what="push"))["entries"]] == ["timeout"] * 3
    await stage.close()


BAD_ANSWERS = {
    "quoted success": (200, '"success"', "not well-formed"),
    "json": (200, '{"ok": true}', "not well-formed"),
    "html": (200, "<html><body>hi</body></html>", "root"),
    "server error": (500, "success", "status 500"),
    "client error": (403, "", "status 403"),
    "document type": (200, "<!DOCTYPE xml><xml></xml>", "document type"),
    "two documents": (200, "<xml></xml><xml></xml>", "not well-formed"),
    "success with a newline": (200, "success\n", "not well-formed"),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
async def test_a_bad_answer_shows_the_fault_bubble_and_says_why(stage: Stage, name: str) -> None:
    status, body, reason = BAD_ANSWERS[name]
    mother = await stage.follower()
    stage.backend = lambda _: httpx.Response(status, text=body)
    answer = await stage.does(mother, "text", content="36.5")
    assert (answer["outcome"], answer["deliveries"]) == ("fault", 1)
    assert reason in answer["reason"]
    refusals = (await stage.look("/refused"))["entries"]
    assert reason in refusals[-1]["reason"]


BAD_FIELDS = {
    "ToUserName": ("somebody", "ToUserName"),
    "FromUserName": ("gh_other", "FromUserName"),
    "CreateTime": ("today", "CreateTime"),
    "MsgType": ("markdown", "unknown MsgType"),
    "Content": ("", "Content"),
}


@pytest.mark.parametrize("name", BAD_FIELDS)
async def test_a_reply_with_one_wrong_field_is_illegal(stage: Stage, name: str) -> None:
    value, reason = BAD_FIELDS[name]
    mother = await stage.follower()
    stage.backend = lambda request: httpx.Response(200, text=text_reply(request, "好的", **{name: value}))
    answer = await stage.does(mother, "text", content="36.5")
    assert answer["outcome"] == "fault"
    assert reason in answer["reason"]


async def test_a_text_reply_may_be_2048_bytes_and_no_more(stage: Stage) -> None:
    mother = await stage.follower()
    for length, outcome in ((682, "reply"), (683, "fault")):
        stage.backend = lambda request, length=length: httpx.Response(  # type: ignore[misc]
            200, text=text_reply(request, "好" * length)
        )
        assert (await stage.does(mother, "text", content="36.5"))["outcome"] == outcome


def media_reply(request: httpx.Request, media_id: str) -> httpx.Response:
    text = text_reply(request, "x", MsgType="image").replace("</xml>", "")
    return httpx.Response(200, text=f"{text}<Image><MediaId>{media_id}</MediaId></Image></xml>")


async def test_an_image_reply_needs_a_living_medium(stage: Stage) -> None:
    mother = await stage.follower()
    upload = await stage.http.post(
        "/cgi-bin/media/upload",
        params={"access_token": await stage.token(), "type": "image"},
        files={"media": ("a.png", b"png")},
    )
    stage.backend = lambda request: media_reply(request, upload.json()["media_id"])
    assert (await stage.does(mother, "text", content="图"))["outcome"] == "reply"
    stage.backend = lambda request: media_reply(request, "unknown")
    assert (await stage.does(mother, "text", content="图"))["outcome"] == "fault"


def news_reply(request: httpx.Request, count: int) -> httpx.Response:
    items = "<item><Title>一</Title><Url>http://backend/h5</Url></item>" * count
    text = text_reply(request, "", MsgType="news").replace("<Content><![CDATA[]]></Content></xml>", "")
    return httpx.Response(200, text=f"{text}<ArticleCount>{count}</ArticleCount><Articles>{items}</Articles></xml>")


async def test_only_menu_and_follow_show_more_than_one_article(stage: Stage) -> None:
    mother = await stage.follower()
    await stage.call("menu/create", {"button": [{"type": "click", "name": "今天", "key": "TODAY"}]})
    stage.backend = lambda request: news_reply(request, 3)
    answer = await stage.does(mother, "text", content="新闻")
    assert len(answer["reply"]["data"]["articles"]) == 1
    assert "2 dropped" in answer["reason"]
    answer = await stage.does(mother, "menu", key="TODAY")
    assert len(answer["reply"]["data"]["articles"]) == 3


async def test_events_that_may_not_be_answered(stage: Stage) -> None:
    mother = await stage.follower()
    await stage.call("menu/create", {"button": [{"type": "view", "name": "页面", "url": "http://backend/h5"}]})
    before = len(await stage.chat(mother))
    stage.backend = lambda request: httpx.Response(200, text=text_reply(request, "好的"))
    answer = await stage.does(mother, "menu", name="页面")
    assert (answer["outcome"], answer["reply"], answer["button"]["url"]) == ("illegal", None, "http://backend/h5")
    location = {"MsgType": "event", "Event": "LOCATION", "Latitude": 47.1, "Longitude": 130.3, "Precision": 30}
    assert (await stage.does(mother, "raw", fields=location))["outcome"] == "illegal"
    assert len(await stage.chat(mother)) == before


async def test_mark_fail_stops_pushing_for_a_minute() -> None:
    stage = Stage(SETTINGS.changed(push=replace(PushRules(), mark_fail_after=2)))
    mother = await stage.follower()
    stage.backend = refused
    for _ in range(2):
        await stage.does(mother, "text", content="36.5")
    stage.pushes.clear()
    assert (await stage.does(mother, "text", content="36.5"))["outcome"] == "dropped"
    assert stage.pushes == []
    stage.seconds += 60
    stage.backend = lambda _: httpx.Response(200, text="success")
    assert (await stage.does(mother, "text", content="36.5"))["outcome"] == "silent"
    await stage.close()


class TestSafeMode:
    """Everything once more, sealed."""

    @pytest.fixture
    def settings(self) -> SandboxSettings:
        return SETTINGS.changed(mode="safe")

    async def test_push_and_reply_are_sealed(self, stage: Stage, codec: WeChatCrypto) -> None:
        mother = await stage.follower()
        seen = []

        def backend(request: httpx.Request) -> httpx.Response:
            params = query(request)
            seen.append(
                codec.decrypt_message(
                    request.content.decode(), params["msg_signature"], params["timestamp"], params["nonce"]
                )
            )
            return httpx.Response(200, text=codec.encrypt_message(text_reply(request, "已记录"), "n", "1772404200"))

        stage.backend = backend
        answer = await stage.does(mother, "text", content="36.5")
        assert answer["reply"]["text"] == "已记录"
        assert "<Content><![CDATA[36.5]]></Content>" in seen[0]
        assert "36.5" not in stage.pushes[-1].content.decode()
        assert query(stage.pushes[-1])["encrypt_type"] == "aes"

    async def test_a_plain_reply_is_illegal(self, stage: Stage) -> None:
        mother = await stage.follower()
        stage.backend = lambda request: httpx.Response(200, text=text_reply(request, "已记录"))
        answer = await stage.does(mother, "text", content="36.5")
        assert (answer["outcome"], "not encrypted" in answer["reason"]) == ("fault", True)

    @pytest.mark.parametrize("fault", ["signature", "app_id", "key"])
    async def test_a_wrongly_sealed_reply_is_illegal(self, stage: Stage, fault: str) -> None:
        mother = await stage.follower()
        app_id = "wx0000000000000000" if fault == "app_id" else SETTINGS.app_id
        key = "A" * 43 if fault == "key" else str(SETTINGS.aes_key)
        other = WeChatCrypto("other" if fault == "signature" else SETTINGS.token, key, app_id)
        stage.backend = lambda request: httpx.Response(
            200, text=other.encrypt_message(text_reply(request, "好"), "n", "1772404200")
        )
        assert (await stage.does(mother, "text", content="36.5"))["outcome"] == "fault"

    async def test_retries_carry_the_same_message_in_a_new_envelope(self, stage: Stage, codec: WeChatCrypto) -> None:
        mother = await stage.follower()
        stage.pushes.clear()
        stage.backend = late
        await stage.does(mother, "text", content="36.5")
        opened = set()
        for request in stage.pushes:
            params = query(request)
            body = request.content.decode()
            opened.add(codec.decrypt_message(body, params["msg_signature"], params["timestamp"], params["nonce"]))
        assert len(opened) == 1
        assert len({request.content for request in stage.pushes}) == 3

    async def test_the_key_before_still_opens_replies(self, stage: Stage, codec: WeChatCrypto) -> None:
        mother = await stage.follower()
        await stage.control("/account", aes_key="B" * 43)
        stage.backend = lambda request: httpx.Response(
            200, text=codec.encrypt_message(text_reply(request, "好"), "n", "1772404200")
        )
        assert (await stage.does(mother, "text", content="36.5"))["outcome"] == "reply"


class TestCompatMode:
    """Plain fields and a ciphertext side by side."""

    @pytest.fixture
    def settings(self) -> SandboxSettings:
        return SETTINGS.changed(mode="compat")

    async def test_both_forms_travel_and_either_reply_is_shown(self, stage: Stage, codec: WeChatCrypto) -> None:
        mother = await stage.follower()
        stage.backend = lambda request: httpx.Response(200, text=text_reply(request, "明文"))
        assert (await stage.does(mother, "text", content="36.5"))["reply"]["text"] == "明文"
        body = stage.pushes[-1].content.decode()
        assert "<Content><![CDATA[36.5]]></Content>" in body
        assert "<Encrypt>" in body
        stage.backend = lambda request: httpx.Response(
            200, text=codec.encrypt_message(text_reply(request, "密文"), "n", "1772404200")
        )
        assert (await stage.does(mother, "text", content="36.5"))["reply"]["text"] == "密文"


@pytest.mark.parametrize(
    ("body", "ok"),
    [("{echo}", True), ('"{echo}"', False), ("{echo}\n", False), ("\ufeff{echo}", False), ("success", False)],
)
async def test_verification_accepts_only_the_exact_bytes(stage: Stage, body: str, ok: bool) -> None:
    def backend(request: httpx.Request) -> httpx.Response:
        params = query(request)
        check_signature(SETTINGS.token, params["signature"], params["timestamp"], params["nonce"])
        assert re.fullmatch(r"\d{19}", params["echostr"])
        return httpx.Response(200, content=body.format(echo=params["echostr"]).encode())

    stage.backend = backend
    assert (await stage.control("/verify"))["ok"] is ok


async def test_message_kinds_carry_their_own_fields(stage: Stage) -> None:
    mother = await stage.follower()

    async def fields(deed: str, **body: Any) -> str:
        await stage.does(mother, deed, **body)
        return stage.pushes[-1].content.decode()

    voice = await fields("voice")
    assert "<Recognition><![CDATA[]]></Recognition>" in voice
    assert "<Format><![CDATA[amr]]></Format>" in voice
    place = await fields("location", latitude=47.3, longitude=130.2, label="鹤岗")
    assert "<Location_X>47.3</Location_X><Location_Y>130.2</Location_Y>" in place
    assert "<Title><![CDATA[标题]]></Title>" in await fields("link", title="标题", url="http://example.cn")
    assert "不支持的消息类型" in await fields("sticker")
    assert "<MsgType><![CDATA[shortvideo]]></MsgType>" in await fields("video", short=True)
    image = await fields("image")
    address = re.search(r"<PicUrl><!\[CDATA\[(.+?)]]>", image)
    assert address is not None
    assert (await stage.http.get(address.group(1))).content.startswith(b"\x89PNG")


async def test_follow_and_scan_events_differ_by_prefix(stage: Stage) -> None:
    code = await stage.call(
        "qrcode/create", {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "bind_A1"}}}
    )
    mother = str((await stage.control("/users", name="林妈妈"))["openid"])
    await stage.does(mother, "scan", ticket=code["ticket"])
    first = stage.pushes[-1].content.decode()
    assert "<Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_bind_A1]]></EventKey>" in first
    await stage.does(mother, "scan", scene="bind_A1")
    second = stage.pushes[-1].content.decode()
    assert "<Event><![CDATA[SCAN]]></Event><EventKey><![CDATA[bind_A1]]></EventKey>" in second
    assert "MsgId" not in second
    assert code["ticket"] in second


async def test_a_printed_code_nobody_made_here_can_be_scanned(stage: Stage) -> None:
    father = await stage.follower("林爸爸")
    await stage.does(father, "scan", scene="bind_ZZZ")
    assert "bind_ZZZ" in stage.pushes[-1].content.decode()


class TestFaultsOnPurpose:
    """Every fault of a push reaches the back end in the shape its name promises."""

    @pytest.fixture
    def settings(self) -> SandboxSettings:
        return SETTINGS.changed(mode="safe")

    async def strike(self, stage: Stage, mother: str, fault: str, **values: Any) -> list[httpx.Request]:
        rule = {"on": "push", "fault": fault, "times": 1, **values}
        answer = await stage.http.put("/control/faults", json={"rules": [rule]})
        assert answer.status_code == 200
        stage.pushes.clear()
        await stage.does(mother, "text", content="36.5")
        return stage.pushes

    def opened(self, codec: WeChatCrypto, request: httpx.Request) -> str:
        params = query(request)
        body = request.content.decode()
        return str(codec.decrypt_message(body, params["msg_signature"], params["timestamp"], params["nonce"]))

    async def test_signature_faults(self, stage: Stage) -> None:
        mother = await stage.follower()
        wrong = query((await self.strike(stage, mother, "wrong_signature"))[0])
        assert wrong["msg_signature"] == wrong["signature"] == "0" * 40
        missing = query((await self.strike(stage, mother, "missing_signature"))[0])
        assert "signature" not in missing
        assert "msg_signature" not in missing
        swapped = query((await self.strike(stage, mother, "swapped_signature"))[0])
        check_signature(SETTINGS.token, swapped["msg_signature"], swapped["timestamp"], swapped["nonce"])
        stale = query((await self.strike(stage, mother, "stale", seconds=301))[0])
        assert int(stale["timestamp"]) == int(stage.seconds) - 301

    async def test_repeats(self, stage: Stage, codec: WeChatCrypto) -> None:
        mother = await stage.follower()
        for fault in ("duplicate", "concurrent", "lost_answer"):
            first, second = await self.strike(stage, mother, fault)
            assert self.opened(codec, first) == self.opened(codec, second)

    async def test_contents(self, stage: Stage, codec: WeChatCrypto) -> None:
        mother = await stage.follower()
        assert "\x10" in self.opened(codec, (await self.strike(stage, mother, "control_character"))[0])
        assert "😀𠮷" in self.opened(codec, (await self.strike(stage, mother, "emoji"))[0])
        assert "]]]]><![CDATA[>" in self.opened(codec, (await self.strike(stage, mother, "cdata_end"))[0])
        assert "<!ENTITY" in self.opened(codec, (await self.strike(stage, mother, "entity_bomb"))[0])
        assert not self.opened(codec, (await self.strike(stage, mother, "broken_xml"))[0]).endswith("</xml>")
        assert len((await self.strike(stage, mother, "big"))[0].content) > 1 << 20

    async def test_ciphertext(self, stage: Stage, codec: WeChatCrypto) -> None:
        mother = await stage.follower()
        with pytest.raises(Exception, match="AppId"):
            self.opened(codec, (await self.strike(stage, mother, "wrong_app_id"))[0])
        (request,) = await self.strike(stage, mother, "garbled")
        params = query(request)
        sealed = re.search(r"Encrypt><!\[CDATA\[(.+?)]]>", request.content.decode())
        assert sealed is not None
        signature = codec.token, params["timestamp"], params["nonce"], sealed.group(1)
        assert params["msg_signature"] == __import__("hashlib").sha1("".join(sorted(signature)).encode()).hexdigest()

    async def test_identities(self, stage: Stage, codec: WeChatCrypto) -> None:
        mother, father = await stage.follower(), await stage.follower("林爸爸")
        await stage.does(mother, "text", content="36.5")
        first = re.search(r"<MsgId>\d+", self.opened(codec, stage.pushes[-1]))
        second = re.search(r"<MsgId>\d+", self.opened(codec, (await self.strike(stage, father, "same_msgid"))[0]))
        assert first is not None
        assert second is not None
        assert first.group() == second.group()

    async def test_an_unknown_fault_is_refused(self, stage: Stage) -> None:
        rules = {"rules": [{"on": "push", "fault": "earthquake"}]}
        assert (await stage.http.put("/control/faults", json=rules)).status_code == 422


async def test_a_url_that_fails_verification_is_not_enabled(stage: Stage) -> None:
    stage.backend = lambda request: httpx.Response(200, text=dict(request.url.params).get("echostr", "success"))
    good = {"callback_url": "http://elsewhere/wechat", "verify": True}
    assert (await stage.control("/account", **good))["callback_url"] == "http://elsewhere/wechat"
    stage.backend = lambda _: httpx.Response(200, text="hello")
    answer = await stage.http.post("/control/account", json={"callback_url": "http://wrong/wechat", "verify": True})
    assert answer.status_code == 400
    assert (await stage.control("/account"))["callback_url"] == "http://elsewhere/wechat"


async def test_no_push_is_on_the_wire_while_the_clock_moves() -> None:
    stage = Stage(SETTINGS.changed(product_clock_url="http://backend/clock"))
    mother = await stage.follower()
    answered, moved = asyncio.Event(), asyncio.Event()
    seen: list[str] = []

    async def backend(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        if request.url.path == "/clock":
            await moved.wait()
        elif "first" in request.content.decode():
            await answered.wait()
        return httpx.Response(200, text="success")

    stage.app.state.world.pusher._client = httpx.AsyncClient(transport=httpx.MockTransport(backend))
    object.__setattr__(stage.app.state.world.outside, "transport", httpx.MockTransport(backend))
    first = asyncio.create_task(stage.does(mother, "text", content="first"))
    while not seen:
        await asyncio.sleep(0)
    clock = asyncio.create_task(stage.control("/clock", to="next 08:40"))
    for _ in range(50):
        await asyncio.sleep(0)
    assert seen == ["/wechat"]
    answered.set()
    await first
    second = asyncio.create_task(stage.does(mother, "text", content="second"))
    for _ in range(50):
        await asyncio.sleep(0)
    assert seen == ["/wechat", "/clock"]
    moved.set()
    await asyncio.gather(clock, second)
    assert seen == ["/wechat", "/clock", "/wechat"]
    await stage.close()
