"""What the back end may ask of the platform, and what it is told."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from app.sandbox import SandboxSettings
from app.sandbox.platform.settings import CustomRules, MassRules, QuotaRules
from tests.sandbox.conftest import SETTINGS, Stage

pytestmark = pytest.mark.anyio
TEMPLATE = "sandboxTemplateTodoNotice000000000000000001"
CREDENTIALS = {"grant_type": "client_credential", "appid": SETTINGS.app_id, "secret": SETTINGS.app_secret}


async def classic(stage: Stage) -> str:
    return str((await stage.http.get("/cgi-bin/token", params=CREDENTIALS)).json()["access_token"])


async def stable(stage: Stage, *, force: bool = False) -> dict[str, Any]:
    body = CREDENTIALS | {"force_refresh": force}
    return dict((await stage.http.post("/cgi-bin/stable_token", json=body)).json())


async def code(stage: Stage, token: str) -> int:
    answer = await stage.http.get("/cgi-bin/getcallbackip", params={"access_token": token})
    return int(answer.json().get("errcode", 0))


class TestTokens:
    async def test_a_new_classic_token_kills_the_old_one_five_minutes_later(self, stage: Stage) -> None:
        first = await classic(stage)
        second = await classic(stage)
        assert first != second
        stage.seconds += 299
        assert (await code(stage, first), await code(stage, second)) == (0, 0)
        stage.seconds += 1
        assert (await code(stage, first), await code(stage, second)) == (40001, 0)

    async def test_a_stable_token_stays_until_five_minutes_before_its_end(self, stage: Stage) -> None:
        first = await stable(stage)
        assert first["expires_in"] == 7200
        stage.seconds += 6899
        assert await stable(stage) == {"access_token": first["access_token"], "expires_in": 301}
        stage.seconds += 1
        second = await stable(stage)
        assert second["access_token"] != first["access_token"]
        assert await code(stage, first["access_token"]) == 0
        stage.seconds += 300
        assert await code(stage, first["access_token"]) == 42001
        assert await code(stage, second["access_token"]) == 0

    async def test_the_two_families_do_not_touch_each_other(self, stage: Stage) -> None:
        first = (await stable(stage))["access_token"]
        await classic(stage)
        stage.seconds += 600
        assert await code(stage, first) == 0

    async def test_a_forced_refresh_kills_at_once_but_not_within_thirty_seconds(self, stage: Stage) -> None:
        first = (await stable(stage))["access_token"]
        second = (await stable(stage, force=True))["access_token"]
        assert second != first
        assert await code(stage, first) == 40001
        assert (await stable(stage, force=True))["access_token"] == second
        stage.seconds += 30
        assert (await stable(stage, force=True))["access_token"] != second

    async def test_twenty_forced_refreshes_a_day(self, stage: Stage) -> None:
        seen = {(await stable(stage))["access_token"]}
        for _ in range(25):
            seen.add((await stable(stage, force=True))["access_token"])
            stage.seconds += 30
        assert len(seen) == 21

    async def test_wrong_tokens_are_told_apart(self, stage: Stage) -> None:
        good = await stage.token()
        assert await code(stage, "") == 41001
        assert await code(stage, "short") == 40014
        assert await code(stage, "x" * len(good)) == 40001
        stage.seconds += 7200
        assert await code(stage, good) == 42001

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"appid": ""}, 41002),
            ({"secret": ""}, 41004),
            ({"grant_type": "password"}, 40002),
            ({"appid": "wx0000000000000000"}, 40013),
            ({"secret": "wrong"}, 40125),
        ],
    )
    async def test_wrong_credentials(self, stage: Stage, change: dict[str, str], expected: int) -> None:
        answer = await stage.http.post("/cgi-bin/stable_token", json=CREDENTIALS | change)
        assert answer.status_code == 200
        assert answer.json()["errcode"] == expected

    async def test_an_unlisted_address_is_named(self) -> None:
        stage = Stage(SETTINGS.changed(ip_whitelist=frozenset({"10.0.0.1"})))
        answer = await stable(stage)
        assert answer["errcode"] == 40164
        assert "invalid ip 127.0.0.1" in answer["errmsg"]
        await stage.close()

    async def test_secrets_and_tokens_stay_out_of_the_wire_log(self, stage: Stage) -> None:
        token = await stage.token()
        await stage.call("getcallbackip")
        log = json.dumps(await stage.look("/wire"))
        assert token not in log
        assert SETTINGS.app_secret not in log


class TestTheGate:
    async def test_errors_travel_with_status_200_and_a_rid(self, stage: Stage) -> None:
        answer = await stage.call(
            "message/custom/send", {"touser": "nobody", "msgtype": "text", "text": {"content": "x"}}
        )
        assert answer["errcode"] == 40003
        assert re.search(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", answer["errmsg"])

    async def test_content_types_vary(self, stage: Stage) -> None:
        token = await stage.token()
        seen = set()
        for _ in range(30):
            answer = await stage.http.get("/cgi-bin/getcallbackip", params={"access_token": token})
            seen.add(answer.headers["content-type"])
        assert "text/plain" in seen
        assert len(seen) == 3

    async def test_shape_errors(self, stage: Stage) -> None:
        assert (await stage.call("message/custom/send"))["errcode"] == 43002
        assert (await stage.call("getcallbackip", {"a": 1}))["errcode"] == 43001
        assert (await stage.call("message/custom/send", b""))["errcode"] == 44002
        for body in (b"{", b"[]", b"\xff"):
            assert (await stage.call("message/custom/send", body))["errcode"] == 47001
        assert (await stage.call("no/such/thing", {"a": 1}))["errcode"] == 40066

    async def test_escapes_are_read_letter_by_letter(self, stage: Stage) -> None:
        mother = await stage.follower()
        escaped = json.dumps({"touser": mother, "msgtype": "text", "text": {"content": "您\n\\"}}).encode()
        await stage.call("message/custom/send", escaped)
        assert (await stage.chat(mother))[-1]["text"] == "\\u60a8\n\\"

    async def test_fetching_calls_omit_errcode_and_sending_ones_carry_it(self, stage: Stage) -> None:
        mother = await stage.follower()
        assert "errcode" not in await stage.call("user/info", openid=mother)
        assert (await stage.say(mother)) == {"errcode": 0, "errmsg": "ok"}

    async def test_the_daily_quota_ends_and_can_be_cleared(self) -> None:
        stage = Stage(SETTINGS.changed(quota=QuotaRules(daily={"/cgi-bin/menu/get": (2, 1)}, clears_per_month=1)))
        codes = [(await stage.call("menu/get"))["errcode"] for _ in range(3)]
        assert codes == [46003, 46003, 45009]
        look = await stage.call("openapi/quota/get", {"cgi_path": "/cgi-bin/menu/get"})
        assert look["quota"] == {"daily_limit": 2, "used": 2, "remain": 0}
        assert (await stage.call("clear_quota", {"appid": SETTINGS.app_id}))["errcode"] == 0
        assert (await stage.call("menu/get"))["errcode"] == 46003
        v2 = {"appid": SETTINGS.app_id, "appsecret": SETTINGS.app_secret}
        assert (await stage.http.post("/cgi-bin/clear_quota/v2", params=v2)).json()["errcode"] == 48006
        await stage.close()

    async def test_the_quota_starts_anew_at_midnight_in_china(self) -> None:
        stage = Stage(SETTINGS.changed(quota=QuotaRules(daily={"/cgi-bin/menu/get": (1, 1)})))
        assert [(await stage.call("menu/get"))["errcode"] for _ in range(2)] == [46003, 45009]
        await stage.control("/clock", to="2026-03-03T00:00:00+08:00")
        stage._token = ""
        assert (await stage.call("menu/get"))["errcode"] == 46003
        await stage.close()


class TestWindows:
    async def test_a_message_opens_five_for_48_hours(self, stage: Stage) -> None:
        mother = await stage.follower()
        stage.seconds += 61
        assert (await stage.say(mother))["errcode"] == 45015
        await stage.does(mother, "text", content="36.5")
        stage.seconds += 3600
        assert [(await stage.say(mother))["errcode"] for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
        await stage.does(mother, "text", content="36.5")
        stage.seconds += 48 * 3600 - 1
        stage._token = ""
        assert (await stage.say(mother))["errcode"] == 0
        stage.seconds += 1
        assert (await stage.say(mother))["errcode"] == 45015

    async def test_following_opens_three_for_a_minute(self, stage: Stage) -> None:
        mother = await stage.follower()
        assert [(await stage.say(mother))["errcode"] for _ in range(4)] == [0, 0, 0, 45047]
        stage.seconds += 60
        assert (await stage.say(mother))["errcode"] == 45015

    async def test_a_message_menu_tap_counts_as_a_menu_tap(self, stage: Stage) -> None:
        mother = await stage.follower()
        menu = {"head_content": "体温正常吗？", "list": [{"id": "d0302:1", "content": "正常"}], "tail_content": ""}
        body = {"touser": mother, "msgtype": "msgmenu", "msgmenu": menu}
        assert (await stage.call("message/custom/send", body))["errcode"] == 0
        stage.seconds += 3 * 86_400
        stage._token = ""
        await stage.does(mother, "msgmenu", id="d0302:1")
        push = stage.pushes[-1].content.decode()
        assert "<Content><![CDATA[正常]]></Content><bizmsgmenuid><![CDATA[d0302:1]]></bizmsgmenuid>" in push
        assert [(await stage.say(mother))["errcode"] for _ in range(4)] == [0, 0, 0, 45047]
        stage.seconds += 60
        assert (await stage.say(mother))["errcode"] == 45015

    async def test_a_view_tap_opens_nothing(self, stage: Stage) -> None:
        mother = await stage.follower()
        await stage.call("menu/create", {"button": [{"type": "view", "name": "页面", "url": "http://backend/"}]})
        stage.seconds += 61
        await stage.does(mother, "menu", name="页面")
        assert (await stage.say(mother))["errcode"] == 45015

    @pytest.mark.parametrize(("overlap", "sent"), [("cautious", 5), ("separate", 8)])
    async def test_two_open_windows_are_never_added_up_unless_asked(self, overlap: Any, sent: int) -> None:
        stage = Stage(SETTINGS.changed(custom=replace(CustomRules(), overlap=overlap)))
        mother = await stage.follower()
        await stage.does(mother, "text", content="36.5")
        codes = [(await stage.say(mother))["errcode"] for _ in range(9)]
        assert codes.count(0) == sent
        await stage.close()

    async def test_unfollowing_closes_every_door(self, stage: Stage) -> None:
        mother = await stage.follower()
        await stage.does(mother, "text", content="36.5")
        await stage.does(mother, "unfollow")
        assert (await stage.say(mother))["errcode"] == 45015
        data = {key: {"value": "好"} for key in ("thing1", "thing2", "time3", "thing4")}
        template = {"touser": mother, "template_id": TEMPLATE, "data": data}
        assert (await stage.call("message/template/send", template))["errcode"] == 43004
        assert await stage.call("user/info", openid=mother) == {"subscribe": 0, "openid": mother}
        await stage.does(mother, "follow")
        stage.seconds += 61
        assert (await stage.say(mother))["errcode"] == 45015

    async def test_reception_off_and_black_list(self, stage: Stage) -> None:
        mother = await stage.follower()
        await stage.http.patch(f"/control/users/{mother}", json={"receives": False})
        assert (await stage.say(mother))["errcode"] == 48002
        await stage.http.patch(f"/control/users/{mother}", json={"blacklisted": True})
        assert (await stage.say(mother))["errcode"] == 43019

    async def test_sizes_and_shapes(self, stage: Stage) -> None:
        mother = await stage.follower()
        assert (await stage.say(mother, "好" * 683))["errcode"] == 45002
        article = {"title": "一", "url": "http://backend/h5"}

        async def send(kind: str, content: Any) -> int:
            body = {"touser": mother, "msgtype": kind, kind: content}
            return int((await stage.call("message/custom/send", body))["errcode"])

        assert await send("news", {"articles": [article, article]}) == 45008
        assert await send("news", {"articles": [{"title": "一", "url": "h5"}]}) == 45162
        assert await send("news", {"articles": [article]}) == 0
        assert await send("image", {"media_id": "unknown"}) == 40007
        assert await send("poem", {}) == 40008

    async def test_a_test_account_has_no_message_menus(self, stage: Stage) -> None:
        mother = await stage.follower()
        await stage.control("/account", kind="test")
        body = {"touser": mother, "msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": "好"}]}}
        assert (await stage.call("message/custom/send", body))["errcode"] == 40200

    async def test_typing(self, stage: Stage) -> None:
        mother = await stage.follower()
        body = {"touser": mother, "command": "Typing"}
        assert (await stage.call("message/custom/typing", body))["errcode"] == 0
        assert (await stage.call("message/custom/typing", body))["errcode"] == 45081
        stage.seconds += 31
        assert (await stage.call("message/custom/typing", body))["errcode"] == 45080
        assert (await stage.call("message/custom/typing", body | {"command": "Sing"}))["errcode"] == 45072


def todo(mother: str, **values: str) -> dict[str, Any]:
    filled = {"thing1": "登记", "thing2": "三年级2班", "time3": "09:00", "thing4": "请按时"} | values
    return {"touser": mother, "template_id": TEMPLATE, "data": {key: {"value": value} for key, value in filled.items()}}


class TestTemplates:
    async def test_fields_are_cut_without_a_word(self, stage: Stage) -> None:
        mother = await stage.follower()
        body = todo(mother, thing1="一二三四五六七八九十" * 3, thing2="两\n行😀", first="您好", remark="再见")
        assert (await stage.call("message/template/send", body))["errcode"] == 0
        await stage.settle()
        shown = (await stage.chat(mother))[-1]
        assert shown["data"]["lines"][0] == ["事项名称", "一二三四五六七八九十" * 2]
        assert shown["data"]["lines"][1] == ["相关人员", "两 行"]
        assert "您好" not in json.dumps(shown, ensure_ascii=False)

    async def test_delivery_is_reported_by_an_event(self, stage: Stage) -> None:
        mother = await stage.follower()
        for receives, status in ((True, "success"), (False, "failed:user block")):
            await stage.http.patch(f"/control/users/{mother}", json={"receives": receives})
            msg_id = (await stage.call("message/template/send", todo(mother)))["msgid"]
            await stage.settle()
            push = stage.pushes[-1].content.decode()
            assert "<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>" in push
            assert f"<MsgID>{msg_id}</MsgID><Status><![CDATA[{status}]]></Status>" in push

    async def test_a_status_can_be_chosen(self, stage: Stage) -> None:
        mother = await stage.follower()
        rule = {"on": "call", "fault": "template_status", "status": "failed: system failed"}
        await stage.http.put("/control/faults", json={"rules": [rule]})
        before = len(await stage.chat(mother))
        await stage.call("message/template/send", todo(mother))
        await stage.settle()
        assert "failed: system failed" in stage.pushes[-1].content.decode()
        assert len(await stage.chat(mother)) == before

    async def test_the_same_client_msg_id_is_sent_once_in_ten_minutes(self, stage: Stage) -> None:
        mother = await stage.follower()
        body = todo(mother) | {"client_msg_id": "prompt-1"}
        first = await stage.call("message/template/send", body)
        stage.seconds += 599
        assert await stage.call("message/template/send", body) == first
        await stage.settle()
        assert [one["kind"] for one in await stage.chat(mother)].count("template") == 1
        stage.seconds += 1
        assert (await stage.call("message/template/send", body))["msgid"] != first["msgid"]

    async def test_refusals(self, stage: Stage) -> None:
        mother = await stage.follower()

        async def send(**changes: Any) -> int:
            return int((await stage.call("message/template/send", todo(mother) | changes))["errcode"])

        assert await send(template_id="another") == 40037
        assert await send(template_id="") == 40036
        assert await send(touser="nobody") == 40003
        assert await send(data={"thing1": {"value": ""}}) == 47003

    async def test_the_list_names_the_fields(self, stage: Stage) -> None:
        listed = await stage.call("template/get_all_private_template")
        assert listed["template_list"][0]["template_id"] == TEMPLATE
        assert "{{thing1.DATA}}" in listed["template_list"][0]["content"]


class TestSubscriptions:
    @pytest.fixture
    def settings(self) -> SandboxSettings:
        template = {"template_id": "sub1", "title": "结果", "content": "内容:{{thing1.DATA}}"}
        return SETTINGS.changed(subscription_templates=(template,))

    async def test_a_grant_is_spent_by_one_message_and_a_long_field_fails(self, stage: Stage) -> None:
        mother = await stage.follower()
        body = {"touser": mother, "template_id": "sub1", "data": {"thing1": {"value": "好"}}}
        assert (await stage.call("message/subscribe/bizsend", body))["errcode"] == 43101
        await stage.does(mother, "subscription", template_id="sub1")
        long = body | {"data": {"thing1": {"value": "好" * 21}}}
        assert (await stage.call("message/subscribe/bizsend", long))["errcode"] == 47003
        assert (await stage.call("message/subscribe/bizsend", body))["errcode"] == 0
        await stage.settle()
        assert "subscribe_msg_sent_event" in stage.pushes[-1].content.decode()
        assert (await stage.call("message/subscribe/bizsend", body))["errcode"] == 43101

    async def test_a_long_term_grant_lasts(self, stage: Stage) -> None:
        mother = await stage.follower()
        await stage.does(mother, "subscription", template_id="sub1", long_term=True)
        body = {"touser": mother, "template_id": "sub1", "data": {"thing1": {"value": "好"}}}
        assert [(await stage.call("message/subscribe/bizsend", body))["errcode"] for _ in range(3)] == [0, 0, 0]


class TestMediaAndCodes:
    async def upload(self, stage: Stage, kind: str, name: str, data: bytes, path: str = "media/upload") -> Any:
        params = {"access_token": await stage.token(), "type": kind}
        answer = await stage.http.post(f"/cgi-bin/{path}", params=params, files={"media": (name, data)})
        return answer.json()

    async def test_temporary_media_live_three_days(self, stage: Stage) -> None:
        mother = await stage.follower()
        medium = (await self.upload(stage, "image", "a.png", b"png"))["media_id"]
        body = {"touser": mother, "msgtype": "image", "image": {"media_id": medium}}
        assert (await stage.call("message/custom/send", body))["errcode"] == 0
        stage.seconds += 3 * 86_400
        stage._token = ""
        await stage.does(mother, "text", content="36.5")
        assert (await stage.call("message/custom/send", body))["errcode"] == 40007

    async def test_permanent_media_stay_and_get_a_url(self, stage: Stage) -> None:
        medium = await self.upload(stage, "image", "a.png", b"png", "material/add_material")
        assert (await stage.http.get(medium["url"])).content == b"png"
        stage.seconds += 30 * 86_400
        assert (await stage.http.get(medium["url"])).content == b"png"

    async def test_wrong_uploads(self, stage: Stage) -> None:
        assert (await self.upload(stage, "poem", "a.png", b"x"))["errcode"] == 40004
        assert (await self.upload(stage, "image", "a.txt", b"x"))["errcode"] == 40005
        assert (await self.upload(stage, "thumb", "a.jpg", b"x" * (64 * 1024 + 1)))["errcode"] == 45001
        assert (await stage.call("media/upload", {"a": 1}, type="image"))["errcode"] == 41005

    async def test_downloads(self, stage: Stage) -> None:
        image = (await self.upload(stage, "image", "a.png", b"png"))["media_id"]
        video = (await self.upload(stage, "video", "a.mp4", b"mp4"))["media_id"]
        params = {"access_token": await stage.token()}
        answer = await stage.http.get("/cgi-bin/media/get", params=params | {"media_id": image})
        assert answer.content == b"png"
        assert "attachment" in answer.headers["content-disposition"]
        assert "video_url" in await stage.call("media/get", media_id=video)

    async def test_codes_expire_to_the_second(self, stage: Stage) -> None:
        body = {
            "action_name": "QR_STR_SCENE",
            "expire_seconds": 90,
            "action_info": {"scene": {"scene_str": "bind_B2"}},
        }
        made = await stage.call("qrcode/create", body)
        assert made["expire_seconds"] == 90
        picture = await stage.http.get("/cgi-bin/showqrcode", params={"ticket": made["ticket"]})
        assert picture.content.startswith(b"\x89PNG")
        mother = await stage.follower()
        stage.seconds += 89
        await stage.does(mother, "scan", ticket=made["ticket"])
        stage.seconds += 1
        answer = await stage.http.post(f"/control/users/{mother}/scan", json={"ticket": made["ticket"]})
        assert answer.status_code == 400

    @pytest.mark.parametrize(
        "body",
        [
            {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "x" * 65}}},
            {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}},
            {"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}},
            {"action_name": "QR", "action_info": {"scene": {"scene_id": 1}}},
            {"action_name": "QR_SCENE"},
        ],
    )
    async def test_scenes_out_of_range(self, stage: Stage, body: dict[str, Any]) -> None:
        assert (await stage.call("qrcode/create", body))["errcode"] == 40035


CLICK: dict[str, Any] = {"type": "click", "name": "今天", "key": "TODAY"}


class TestMenu:
    @pytest.mark.parametrize(
        ("buttons", "expected"),
        [
            ([CLICK] * 4, 40016),
            ([], 40016),
            ([CLICK | {"name": "今天今天今天"}], 40018),
            ([CLICK | {"type": "dance"}], 40017),
            ([CLICK | {"key": "K" * 129}], 40019),
            ([{"type": "view", "name": "页", "url": "h" * 1025}], 40020),
            ([{"name": "更多", "sub_button": [CLICK] * 6}], 40023),
            ([{"name": "更多", "sub_button": [CLICK | {"name": "一二三四五六七八九十一二三四五六七八九十"}]}], 0),
        ],
    )
    async def test_limits(self, stage: Stage, buttons: list[Any], expected: int) -> None:
        assert (await stage.call("menu/create", {"button": buttons}))["errcode"] == expected

    async def test_escapes_are_refused(self, stage: Stage) -> None:
        body = json.dumps({"button": [CLICK]}).encode()
        assert (await stage.call("menu/create", body))["errcode"] == 40033

    async def test_create_read_delete(self, stage: Stage) -> None:
        assert (await stage.call("menu/get"))["errcode"] == 46003
        await stage.call("menu/create", {"button": [CLICK]})
        assert (await stage.call("menu/get"))["menu"]["button"][0]["key"] == "TODAY"
        assert (await stage.call("get_current_selfmenu_info"))["is_menu_open"] == 1
        assert (await stage.call("menu/delete"))["errcode"] == 0
        assert (await stage.call("menu/get"))["errcode"] == 46003


class TestMass:
    async def test_four_a_month_for_each_user(self) -> None:
        stage = Stage(SETTINGS.changed(mass=MassRules(per_user_and_month=2)))
        mother = await stage.follower()
        body = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": "通知"}}
        for _ in range(3):
            assert (await stage.call("message/mass/sendall", body))["errcode"] == 0
        await stage.settle()
        assert [one["via"] for one in await stage.chat(mother)].count("mass") == 2
        push = stage.pushes[-1].content.decode()
        assert "<TotalCount>1</TotalCount><FilterCount>0</FilterCount><SentCount>0</SentCount>" in push
        await stage.close()

    async def test_the_same_clientmsgid_is_sent_once(self, stage: Stage) -> None:
        await stage.follower()
        body = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": "x"}, "clientmsgid": "a1"}
        first = await stage.call("message/mass/sendall", body)
        again = await stage.call("message/mass/sendall", body)
        assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])


class TestFaultsOnPurpose:
    async def set(self, stage: Stage, **rule: Any) -> None:
        answer = await stage.http.put("/control/faults", json={"rules": [{"on": "call", **rule}]})
        assert answer.status_code == 200, answer.text

    async def test_errcodes_strike_as_often_as_asked(self, stage: Stage) -> None:
        mother = await stage.follower()
        await stage.token()
        await self.set(stage, fault="errcode", errcode=-1, route="/cgi-bin/message/custom/send", times=2, after=1)
        assert [(await stage.say(mother))["errcode"] for _ in range(4)] == [0, -1, -1, 0]

    async def test_a_revoked_token_and_a_bad_gateway(self, stage: Stage) -> None:
        mother = await stage.follower()
        await stage.token()
        await self.set(stage, fault="revoked", times=1)
        assert (await stage.say(mother))["errcode"] == 40001
        stage._token = ""
        assert (await stage.say(mother))["errcode"] == 0
        await self.set(stage, fault="status", status=502, times=1)
        answer = await stage.http.get("/cgi-bin/getcallbackip", params={"access_token": await stage.token()})
        assert answer.status_code == 502

    async def test_slow_answers_wait_outside_of_real_time(self, stage: Stage) -> None:
        mother = await stage.follower()
        await stage.token()
        await self.set(stage, fault="slow", seconds=12, times=1)
        await stage.say(mother)
        assert stage.pauses[-1] == 12

    async def test_broken_answers_to_work_that_was_done(self, stage: Stage) -> None:
        mother = await stage.follower()
        params = {"access_token": await stage.token()}
        body = {"touser": mother, "msgtype": "text", "text": {"content": "通知"}}
        for fault in ("truncated", "garbage"):
            await self.set(stage, fault=fault, times=1)
            answer = await stage.http.post("/cgi-bin/message/custom/send", params=params, json=body)
            with pytest.raises(ValueError):
                json.loads(answer.content.decode())
        assert [one["text"] for one in await stage.chat(mother)].count("通知") == 2

    async def test_the_same_seed_draws_the_same_faults(self) -> None:
        drawn = []
        for _ in range(2):
            stage = Stage(SETTINGS)
            await stage.token()
            await self.set(stage, fault="errcode", errcode=-1, probability=0.5)
            drawn.append([(await stage.call("getcallbackip")).get("errcode", 0) for _ in range(20)])
            await stage.close()
        assert drawn[0] == drawn[1]
        assert set(drawn[0]) == {0, -1}


async def test_names_and_avatars_are_blank(stage: Stage) -> None:
    mother = await stage.follower()
    info = await stage.call("user/info", openid=mother)
    assert (info["subscribe"], info["nickname"], info["headimgurl"]) == (1, "", "")
    assert await stage.call("user/get") == {
        "total": 1,
        "count": 1,
        "next_openid": mother,
        "data": {"openid": [mother]},
    }


async def test_openids_differ_between_accounts(stage: Stage) -> None:
    other = Stage(SETTINGS.changed(app_id="wx0000000000000001"))
    one, two = await stage.follower(), await other.follower()
    assert one != two
    assert len(one) == len(two) == 28
    await other.close()


async def test_messages_can_arrive_out_of_order(stage: Stage) -> None:
    mother = await stage.follower()
    await stage.token()
    rule = {"on": "call", "fault": "out_of_order", "times": 1}
    await stage.http.put("/control/faults", json={"rules": [rule]})
    await stage.say(mother, "一")
    await stage.say(mother, "二")
    assert [one["text"] for one in (await stage.chat(mother))[-2:]] == ["二", "一"]
