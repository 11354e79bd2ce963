"""What fault injection does to a push: to its fields, its XML, its ciphertext and its signatures."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from app.sandbox.platform.account import Account
from app.sandbox.platform.crypto import Sealer

Hits = Mapping[str, Mapping[str, Any]]

_BOMB = '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
_ADDITIONS = {"control_character": "\x10", "emoji": "😀𠮷", "cdata_end": "]]>"}


def fields(given: dict[str, Any], hits: Hits, last: Mapping[str, Any]) -> dict[str, Any]:
    """The push's fields, after the faults that touch them. `last` is the push before."""
    spoilt = dict(given)
    if "Content" in spoilt:
        for fault, addition in _ADDITIONS.items():
            if fault in hits:
                spoilt["Content"] = f"{spoilt['Content']}{addition}"
        if "big" in hits:
            spoilt["Content"] = str(spoilt["Content"]) + "大" * (1 << 20)
    if "same_msgid" in hits and "MsgId" in spoilt and "MsgId" in last:
        spoilt["MsgId"] = last["MsgId"]
    if "same_second" in hits and "CreateTime" in last:
        spoilt["CreateTime"] = last["CreateTime"]
    if "msgmenu_id_zero" in hits and "bizmsgmenuid" in spoilt:
        spoilt["bizmsgmenuid"] = "0"
    return spoilt


def document(xml: str, hits: Hits) -> str:
    """The push's XML, after the faults that break it."""
    if "entity_bomb" in hits:
        return _BOMB + xml.replace("</xml>", "<Bomb>&c;</Bomb></xml>")
    if "broken_xml" in hits:
        return xml.removesuffix("</xml>")
    return xml


def ciphertext(sealed: str, hits: Hits) -> str:
    """The ciphertext, with bytes in its middle changed when it is to be garbled (the signature still matches)."""
    if "garbled" not in hits:
        return sealed
    data = bytearray(base64.b64decode(sealed))
    data[-1] ^= 0xFF
    data[-20] ^= 0xFF
    return base64.b64encode(bytes(data)).decode()


def foreign_sealer(account: Account, hits: Hits) -> Sealer | None:
    """A sealer with our key and somebody else's AppID, when that is the fault."""
    return account.sealer.for_app("wxffffffffffffffff") if "wrong_app_id" in hits else None


def signatures(params: dict[str, str], hits: Hits) -> dict[str, str]:
    """The query, after the faults that touch signatures."""
    names = [name for name in ("signature", "msg_signature") if name in params]
    spoilt = dict(params)
    if "wrong_signature" in hits:
        spoilt |= dict.fromkeys(names, "0" * 40)
    if "missing_signature" in hits:
        spoilt = {name: value for name, value in spoilt.items() if name not in names}
    if "swapped_signature" in hits and "msg_signature" in params:
        spoilt |= {"signature": params["msg_signature"], "msg_signature": params["signature"]}
    return spoilt
