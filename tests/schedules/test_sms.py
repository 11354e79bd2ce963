"""Alibaba Cloud's request format: signed as its documentation shows, refusals sorted by what to do next."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs

import httpx
import pytest

from bots.engine.sender import Malformed, MaybeSent, Misconfigured, OutOfReach, QuotaSpent, SendError, TryLater
from bots.sms.aliyun import Aliyun, signature

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_the_signature_of_the_documentations_example() -> None:
    parameters = {
        "AccessKeyId": "testId",
        "Action": "SendSms",
        "Format": "XML",
        "OutId": "123",
        "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou",
        "SignName": "阿里云短信测试专用",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
        "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}',
        "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }
    assert signature(parameters, "testSecret", "GET") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def provider(answer: httpx.Response | Exception, seen: list[httpx.Request]) -> Aliyun:
    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Aliyun("key", "secret", "平安报", lambda: NOW, transport=httpx.MockTransport(handle))


async def test_a_message_is_a_signed_form_with_the_templates_values() -> None:
    seen: list[httpx.Request] = []
    sms = provider(httpx.Response(200, json={"Code": "OK", "BizId": "900"}), seen)
    assert await sms.send("13800000000", "SMS_1", {"title": "每日上报"}, "p7") == "900"
    form = {name: values[0] for name, values in parse_qs(seen[0].content.decode()).items()}
    given = form.pop("Signature")
    assert given == signature(form, "secret")
    assert (form["PhoneNumbers"], form["TemplateCode"], form["OutId"]) == ("13800000000", "SMS_1", "p7")
    assert form["TemplateParam"] == '{"title":"每日上报"}'
    assert form["Timestamp"] == "2026-03-02T00:30:00Z"
    await sms.close()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(200, json={"Code": "isv.BUSINESS_LIMIT_CONTROL"}), QuotaSpent),
        (httpx.Response(200, json={"Code": "isv.MOBILE_NUMBER_ILLEGAL"}), OutOfReach),
        (httpx.Response(200, json={"Code": "isv.TEMPLATE_MISSING_PARAMETERS"}), Malformed),
        (httpx.Response(400, json={"Code": "SignatureDoesNotMatch"}), Misconfigured),
        (httpx.Response(200, json={"Code": "isv.SOMETHING_NEW"}), TryLater),
        (httpx.Response(502, text="bad gateway"), MaybeSent),
        (httpx.ReadTimeout("slow"), MaybeSent),
        (httpx.ConnectError("down"), TryLater),
    ],
)
async def test_a_refusal_says_what_to_do_next(answer: httpx.Response | Exception, error: type[SendError]) -> None:
    sms = provider(answer, [])
    with pytest.raises(error) as caught:
        await sms.send("13800000000", "SMS_1", {}, "p7")
    assert type(caught.value) is error
    assert "13800000000" not in str(caught.value)
    await sms.close()
