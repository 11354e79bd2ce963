"""Alibaba Cloud SendSms (version 2017-05-25): the RPC request format, signed with HMAC-SHA1.

A call that timed out and is repeated sends twice: the provider has no key against doubles (wechat-platform 17). So a
broken-off call is MaybeSent, and its kind decides.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

import httpx

from bots.engine.sender import Malformed, MaybeSent, Misconfigured, OutOfReach, QuotaSpent, SendError, TryLater

ADDRESS = "https://dysmsapi.aliyuncs.com"
TIMEOUT = httpx.Timeout(connect=5, read=10, write=10, pool=10)

#: The provider's words for what is wrong, and what to do next.
_CODES: Mapping[str, type[SendError]] = {
    "isv.BUSINESS_LIMIT_CONTROL": QuotaSpent,
    "isv.DAY_LIMIT_CONTROL": QuotaSpent,
    "isv.MONTH_LIMIT_CONTROL": QuotaSpent,
    "isv.MOBILE_NUMBER_ILLEGAL": OutOfReach,
    "isv.MOBILE_COUNT_OVER_LIMIT": Malformed,
    "isv.TEMPLATE_MISSING_PARAMETERS": Malformed,
    "isv.INVALID_PARAMETERS": Malformed,
    "isv.INVALID_JSON_PARAM": Malformed,
    "isv.BLACK_KEY_CONTROL_LIMIT": Malformed,
    "isv.PARAM_LENGTH_LIMIT": Malformed,
    "isv.AMOUNT_NOT_ENOUGH": Misconfigured,
    "isv.OUT_OF_SERVICE": Misconfigured,
    "isv.SMS_TEMPLATE_ILLEGAL": Misconfigured,
    "isv.SMS_SIGNATURE_ILLEGAL": Misconfigured,
    "isv.PRODUCT_UN_SUBSCRIPT": Misconfigured,
    "isv.ACCOUNT_NOT_EXISTS": Misconfigured,
    "isv.ACCOUNT_ABNORMAL": Misconfigured,
    "isp.SYSTEM_ERROR": TryLater,
    "isp.RAM_PERMISSION_DENY": Misconfigured,
    "InvalidAccessKeyId.NotFound": Misconfigured,
    "SignatureDoesNotMatch": Misconfigured,
    "Throttling.User": TryLater,
}


def percent(value: str) -> str:
    """RFC 3986, as the provider signs: blanks as %20, `~` left alone."""
    return quote(value, safe="~")


def signature(parameters: Mapping[str, str], secret: str, method: str = "POST") -> str:
    """The Signature of a request with these parameters."""
    query = "&".join(f"{percent(name)}={percent(value)}" for name, value in sorted(parameters.items()))
    signed = f"{method}&%2F&{percent(query)}"
    return base64.b64encode(hmac.new(f"{secret}&".encode(), signed.encode(), hashlib.sha1).digest()).decode()


class Aliyun:
    """One account and one signature (the 【】 before the text). clock: the moment now, aware."""

    def __init__(
        self,
        key_id: str,
        key_secret: str,
        sign_name: str,
        clock: Callable[[], datetime],
        address: str = ADDRESS,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._key_id, self._key_secret, self._sign_name, self._clock = key_id, key_secret, sign_name, clock
        self._client = httpx.AsyncClient(base_url=address, transport=transport, timeout=TIMEOUT, trust_env=False)

    async def close(self) -> None:
        await self._client.aclose()

    async def send(self, phone: str, template: str, values: Mapping[str, str], reference: str) -> str:
        """The BizId. No error ever names the phone."""
        parameters = {
            "AccessKeyId": self._key_id,
            "Action": "SendSms",
            "Format": "JSON",
            "OutId": reference,
            "PhoneNumbers": phone,
            "RegionId": "cn-hangzhou",
            "SignName": self._sign_name,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": secrets.token_hex(16),
            "SignatureVersion": "1.0",
            "TemplateCode": template,
            "TemplateParam": json.dumps(dict(values), ensure_ascii=False, separators=(",", ":")),
            "Timestamp": f"{self._clock().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "Version": "2017-05-25",
        }
        parameters["Signature"] = signature(parameters, self._key_secret)
        try:
            response = await self._client.post("/", data=parameters)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise TryLater("", "the SMS provider cannot be reached") from None
        except httpx.HTTPError as error:
            raise MaybeSent("", f"the call to the SMS provider broke off ({type(error).__name__})") from None
        try:
            answer = response.json()
            code = str(answer["Code"])
        except (ValueError, KeyError, TypeError):
            raise MaybeSent("", f"the SMS provider answered HTTP {response.status_code}") from None
        if code != "OK":
            raise _CODES.get(code, TryLater)("", f"SMS refused: {code}")
        return str(answer.get("BizId", ""))
