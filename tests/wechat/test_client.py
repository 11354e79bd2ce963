"""The way out: bodies as the platform wants them, and every kind of no."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from bots.engine.replies import Card, Choices, Picture, Reply, Text
from bots.engine.sender import (
    Malformed,
    MaybeSent,
    Misconfigured,
    OutOfReach,
    QuotaSpent,
    Sender,
    SendError,
    TryLater,
    WindowClosed,
)
from bots.wechat.client import WeChatClient
from bots.wechat.errcodes import ERRCODES, TOKEN_REFUSED
from bots.wechat.http import CLIENTS, IN_FLIGHT
from models.database import Database
from models.vault import Vault
from tests.wechat.standin import OPENID, Clock, Platform, run, said, saying

SEND = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"


@pytest.fixture
def client(platform: Platform, sqlite: Database, vault: Vault) -> WeChatClient:
    return platform.client(sqlite, vault)


def test_the_client_is_a_sender(client: WeChatClient) -> None:
    sender: Sender = client
    assert sender is client


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (Text("您好"), {"msgtype": "text", "text": {"content": "您好"}}),
        (Picture("m1"), {"msgtype": "image", "image": {"media_id": "m1"}}),
        (
            Card("公开课", "点开观看", "https://x.test", "https://x.test/p.png"),
            {
                "msgtype": "news",
                "news": {
                    "articles": [
                        {
                            "title": "公开课",
                            "description": "点开观看",
                            "url": "https://x.test",
                            "picurl": "https://x.test/p.png",
                        }
                    ]
                },
            },
        ),
        (
            Choices("有没有不舒服？", (("a", "没有"), ("b", "咳嗽")), "点一下即可"),
            {
                "msgtype": "msgmenu",
                "msgmenu": {
                    "head_content": "有没有不舒服？",
                    "list": [{"id": "a", "content": "没有"}, {"id": "b", "content": "咳嗽"}],
                    "tail_content": "点一下即可",
                },
            },
        ),
    ],
)
def test_every_reply_has_its_customer_service_body(
    client: WeChatClient, platform: Platform, reply: Reply, body: dict[str, object]
) -> None:
    run(client.send_service(OPENID, reply))
    assert platform.bodies(SEND) == [{"touser": OPENID, **body}]


def test_json_goes_out_in_real_utf8_and_without_control_characters(client: WeChatClient, platform: Platform) -> None:
    run(client.send_service(OPENID, Text("您好😀\x00&\ud800")))
    sent = platform.requests[-1]
    assert '"content":"您好😀&"'.encode() in sent.content
    assert b"\\u" not in sent.content
    assert sent.headers["content-type"] == "application/json; charset=utf-8"


def test_long_text_is_cut_to_the_platforms_bytes(client: WeChatClient, platform: Platform) -> None:
    run(client.send_service(OPENID, Text("林" * 3000)))
    assert len(platform.bodies(SEND)[0]["text"]["content"].encode()) <= 2000


def test_choices_go_out_as_text_where_the_account_has_no_menu_messages(
    client: WeChatClient, platform: Platform
) -> None:
    def menus_refused(request: httpx.Request) -> httpx.Response:
        refused = json.loads(request.content)["msgtype"] == "msgmenu"
        return said({"errcode": 40200 if refused else 0, "errmsg": "invalid account type"})

    platform.answers[SEND] = menus_refused
    run(client.send_service(OPENID, Choices("哪一个？", (("a", "林林"), ("b", "林森")))))
    assert platform.bodies(SEND)[-1]["text"] == {"content": "哪一个？\n1. 林林\n2. 林森"}
    assert platform.calls[SEND] == 2


def test_a_template_message_carries_its_client_msg_id_and_gives_its_msgid(
    client: WeChatClient, platform: Platform
) -> None:
    platform.answers[TEMPLATE] = saying({"errcode": 0, "errmsg": "ok", "msgid": 200228332})
    sent = run(client.send_template(OPENID, "tpl", {"thing1": "请查看"}, "https://x.test", "checkin-prompt:1"))
    assert sent.msgid == "200228332"
    assert platform.bodies(TEMPLATE) == [
        {
            "touser": OPENID,
            "template_id": "tpl",
            "url": "https://x.test",
            "client_msg_id": "checkin-prompt:1",
            "data": {"thing1": {"value": "请查看"}},
        }
    ]


KINDS: dict[type[SendError], tuple[int, ...]] = {
    TryLater: (-1, 43108, 999999),
    WindowClosed: (45015, 45047, 43101, 43117),
    OutOfReach: (40003, 43004, 43019, 48002, 49003),
    QuotaSpent: (45009, 45011),
    Malformed: (40007, 40037, 45002, 45008, 47001, 47003, 45168, 44002),
    Misconfigured: (40013, 40125, 40164, 40243, 48001, 48004, 50002, 61004, 40249),
}


@pytest.mark.parametrize(("error", "errcode"), [(kind, code) for kind, codes in KINDS.items() for code in codes])
def test_every_no_is_sorted_by_what_to_do_next(
    client: WeChatClient, platform: Platform, error: type[SendError], errcode: int
) -> None:
    platform.answers[SEND] = saying({"errcode": errcode, "errmsg": f"no to {OPENID}\x07 rid: 1-2-3"})
    with pytest.raises(SendError) as refused:
        run(client.send_service(OPENID, Text("您好")))
    assert type(refused.value) is error
    assert (refused.value.errcode, refused.value.openid) == (errcode, OPENID)
    assert OPENID not in str(refused.value)
    assert platform.calls[SEND] == 1


def test_the_table_leaves_no_number_without_a_meaning() -> None:
    assert all(entry.meaning for entry in ERRCODES.values())
    assert set(ERRCODES) >= TOKEN_REFUSED


def test_the_operator_is_told_the_address_that_is_not_on_the_list(client: WeChatClient, platform: Platform) -> None:
    told = "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 1-2-3"
    platform.answers["/cgi-bin/stable_token"] = saying({"errcode": 40164, "errmsg": told})
    with pytest.raises(Misconfigured, match=r"203\.0\.113\.9.*白名单"):
        run(client.send_service(OPENID, Text("您好")))


def test_a_spent_day_ends_at_midnight_in_china_and_a_spent_minute_in_a_minute(
    client: WeChatClient, platform: Platform, sqlite: Database
) -> None:
    platform.clock.forward(hours=1)  # 08:42 in China
    for errcode, seconds in ((45009, (15 * 60 + 18) * 60.0), (45011, 60)):
        platform.answers[SEND] = saying({"errcode": errcode, "errmsg": "reach max api daily quota limit"})
        with pytest.raises(QuotaSpent) as spent:
            run(client.send_service(OPENID, Text("您好")))
        assert spent.value.retry_after == seconds


def breaking(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise error

    return answer


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]
)
def test_a_call_that_never_left_may_be_repeated(client: WeChatClient, platform: Platform, error: Exception) -> None:
    platform.answers[SEND] = breaking(error)
    with pytest.raises(TryLater) as failed:
        run(client.send_service(OPENID, Text("您好")))
    assert type(failed.value) is TryLater


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("broken pipe"),
        httpx.RemoteProtocolError("closed"),
    ],
)
def test_a_call_that_broke_off_after_leaving_may_have_arrived(
    client: WeChatClient, platform: Platform, error: Exception
) -> None:
    platform.answers[SEND] = breaking(error)
    with pytest.raises(MaybeSent) as failed:
        run(client.send_service(OPENID, Text("您好")))
    assert failed.value.__cause__ is None
    assert "access_token" not in str(failed.value)


@pytest.mark.parametrize(
    ("status", "error"),
    [(502, TryLater), (503, TryLater), (429, TryLater), (500, MaybeSent), (504, MaybeSent), (404, Misconfigured)],
)
def test_http_errors_are_sorted_too(
    client: WeChatClient, platform: Platform, status: int, error: type[SendError]
) -> None:
    platform.answers[SEND] = lambda _request: httpx.Response(status, text="<html>Bad Gateway</html>")
    with pytest.raises(SendError) as failed:
        run(client.send_service(OPENID, Text("您好")))
    assert type(failed.value) is error


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"errcode":45015,"errmsg":"out of \x01\x1f time"}', id="raw control characters"),
        pytest.param(b'{"errcode":45015,"errmsg":"\xff\xfe"}', id="no UTF-8"),
        pytest.param(b'{"errcode":45015,"errm', id="cut off"),
        pytest.param(b'\xef\xbb\xbf{"errcode":45015}', id="with a BOM"),
    ],
)
@pytest.mark.parametrize("media_type", ["text/plain", "application/json; encoding=utf-8", "application/json"])
def test_a_spoilt_answer_is_still_understood(
    client: WeChatClient, platform: Platform, content: bytes, media_type: str
) -> None:
    platform.answers[SEND] = lambda _request: httpx.Response(200, content=content, headers={"Content-Type": media_type})
    with pytest.raises(WindowClosed):
        run(client.send_service(OPENID, Text("您好")))


@pytest.mark.parametrize("content", [b"", b"<html/>", b'{"errmsg":', b"[]", b"7"])
def test_an_answer_that_says_nothing_leaves_it_open(client: WeChatClient, platform: Platform, content: bytes) -> None:
    platform.answers[SEND] = lambda _request: httpx.Response(
        200, content=content, headers={"Content-Type": "text/html"}
    )
    with pytest.raises(MaybeSent):
        run(client.send_service(OPENID, Text("您好")))


def test_the_address_with_the_token_is_not_logged(
    client: WeChatClient, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        run(client.send_service(OPENID, Text("您好")))
    assert platform.token
    assert platform.token not in caplog.text


def test_media_go_up_and_come_down(client: WeChatClient, platform: Platform) -> None:
    platform.answers["/cgi-bin/media/upload"] = saying({"type": "image", "media_id": "m1", "created_at": 1})
    platform.answers["/cgi-bin/media/get"] = lambda _request: httpx.Response(
        200,
        content=b"\x89PNG",
        headers={"Content-Type": "image/png", "Content-Disposition": 'attachment; filename="m1.png"'},
    )
    assert run(client.upload_media("image", "slip.png", b"\x89PNG", "image/png")) == "m1"
    upload = platform.requests[-1]
    assert upload.url.params["type"] == "image"
    assert b'name="media"; filename="slip.png"' in upload.content
    got = run(client.download_media("m1"))
    assert (got.content, got.media_type, got.name) == (b"\x89PNG", "image/png", "m1.png")


def test_a_video_comes_down_as_an_address_and_an_expired_file_as_an_error(
    client: WeChatClient, platform: Platform
) -> None:
    platform.answers["/cgi-bin/media/get"] = saying({"video_url": "http://v.test/1"})
    assert run(client.download_media("m1")).url == "http://v.test/1"
    platform.answers["/cgi-bin/media/get"] = lambda _request: said({"errcode": 40007, "errmsg": "x"}, "text/plain")
    with pytest.raises(Malformed):
        run(client.download_media("m1"))


def test_scene_codes(client: WeChatClient, platform: Platform) -> None:
    platform.answers["/cgi-bin/qrcode/create"] = saying(
        {"ticket": "gQH/+=", "expire_seconds": 604800, "url": "http://w"}
    )
    code = run(client.create_qrcode("bind_AB12", timedelta(days=7)))
    assert (code.ticket, code.url, code.expires_in) == ("gQH/+=", "http://w", 604800)
    run(client.create_qrcode("bind_AB12", timedelta(days=90)))
    run(client.create_qrcode("bind_AB12", None))
    scene = {"action_info": {"scene": {"scene_str": "bind_AB12"}}}
    assert platform.bodies("/cgi-bin/qrcode/create") == [
        {**scene, "action_name": "QR_STR_SCENE", "expire_seconds": 604800},
        {**scene, "action_name": "QR_STR_SCENE", "expire_seconds": 2592000},
        {**scene, "action_name": "QR_LIMIT_STR_SCENE"},
    ]
    assert client.qrcode_picture("gQH/+=") == "https://wechat.test/cgi-bin/showqrcode?ticket=gQH%2F%2B%3D"
    for scene_text in ("", "x" * 65):
        with pytest.raises(Malformed):
            run(client.create_qrcode(scene_text))


def test_pictures_of_codes_come_from_the_real_platforms_other_host(sqlite: Database, vault: Vault) -> None:
    real = WeChatClient("https://api.weixin.qq.com", "wx1", "secret", sqlite, vault, Clock())
    assert real.qrcode_picture("t") == "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=t"


def test_templates_are_listed_with_their_fields(client: WeChatClient, platform: Platform) -> None:
    content = "学生：{{thing1.DATA}}\n时间：{{ time2.DATA }}\n"
    entry = {"template_id": "tpl", "title": "健康上报", "content": content, "example": "…"}
    platform.answers["/cgi-bin/template/get_all_private_template"] = saying({"template_list": [entry, "?"]})
    (template,) = run(client.list_templates())
    assert (template.id, template.title, template.fields) == ("tpl", "健康上报", ("thing1", "time2"))


def test_the_menu_is_set_and_read_back(client: WeChatClient, platform: Platform) -> None:
    run(client.create_menu({"button": [{"type": "click", "name": "帮助", "key": "HELP"}]}))
    assert "帮助".encode() in platform.requests[-1].content
    platform.answers["/cgi-bin/menu/get"] = saying({"menu": {"button": []}})
    assert run(client.get_menu()) == {"button": []}
    platform.answers["/cgi-bin/menu/get"] = saying({"errcode": 46003, "errmsg": "menu no exist"})
    assert run(client.get_menu()) is None


def test_callback_addresses_and_the_token_check(client: WeChatClient, platform: Platform) -> None:
    platform.answers["/cgi-bin/getcallbackip"] = saying({"ip_list": ["203.0.113.1", "203.0.113.2"]})
    assert run(client.callback_addresses()) == ("203.0.113.1", "203.0.113.2")
    assert run(client.check_credentials()) == platform.clock() + timedelta(hours=2)


def test_a_storm_of_messages_stays_within_what_the_clients_may_carry(
    platform: Platform, sqlite: Database, vault: Vault
) -> None:
    flying, most = 0, 0

    async def handle(request: httpx.Request) -> httpx.Response:
        nonlocal flying, most
        if request.url.path != SEND:
            return await platform.handle(request)
        flying += 1
        most = max(most, flying)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        flying -= 1
        return said({"errcode": 0})

    async def storm() -> None:
        client = WeChatClient(
            "https://wechat.test",
            "wxb11529c136998cb6",
            "the-apps-secret",
            sqlite,
            vault,
            platform.clock,
            transport=httpx.MockTransport(handle),
        )
        await client.check_credentials()
        await asyncio.gather(*(client.send_service(OPENID, Text("您好")) for _ in range(200)))
        await client.close()

    run(storm())
    assert most == CLIENTS * IN_FLIGHT
