"""Sealing what is sensitive: AES-GCM with a key id, and keyed indexes for equality search.

The district's `SECRET_KEY` is expanded by HKDF into an encrypting, an indexing and a signing key (contract 10). Keys
being rotated out are still opened and still found, never written with.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.randomness import RandomPool

_FORMAT = b"\x01"
_KEY_ID = 4
_NONCE = 12

#: Any plain value as compact JSON.
to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_fresh_nonce = RandomPool(_NONCE)


class SealBroken(Exception):
    """A sealed value cannot be opened: its key is not among ours, or it was altered or moved to another column."""


def _expand(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"pinganbao/{purpose}".encode()).derive(
        secret.encode()
    )


class _Key:
    def __init__(self, secret: str) -> None:
        encrypting = _expand(secret, "encrypt")
        self.id = hashlib.sha256(encrypting).digest()[:_KEY_ID]
        self.cipher = AESGCM(encrypting)
        self.index = _expand(secret, "index")
        self.sign = _expand(secret, "sign")


class Vault:
    """Seals and opens values; each carries the id of its key and is bound to the column it belongs to.

    secret: the district's `SECRET_KEY`; previous: keys still accepted while rotating, newest first.
    """

    def __init__(self, secret: str, previous: Sequence[str] = ()) -> None:
        keys = [_Key(value) for value in (secret, *previous)]
        self._key = keys[0]
        self._keys = {key.id: key for key in keys}
        self._all = keys
        #: whether older keys are still accepted
        self.is_rotating = len(keys) > 1

    def seal(self, column: str, value: str) -> bytes:
        """Encrypt `value` for `column` ("table.column"); two seals of one value differ."""
        nonce = _fresh_nonce()
        return _FORMAT + self._key.id + nonce + self._key.cipher.encrypt(nonce, value.encode(), column.encode())

    def open(self, column: str, sealed: bytes) -> str:
        """The value behind `sealed`. Raises SealBroken."""
        key = self._keys.get(bytes(sealed[1 : 1 + _KEY_ID]))
        if bytes(sealed[:1]) != _FORMAT or key is None:
            raise SealBroken(f"{column}: sealed with a key we do not have")
        start = 1 + _KEY_ID
        try:
            plain = key.cipher.decrypt(
                bytes(sealed[start : start + _NONCE]), bytes(sealed[start + _NONCE :]), column.encode()
            )
        except InvalidTag:
            raise SealBroken(f"{column}: altered, or moved from another column") from None
        return plain.decode()

    def seal_json(self, column: str, value: Any) -> bytes:
        return self.seal(column, to_json(value))

    def open_json(self, column: str, sealed: bytes) -> Any:
        return json.loads(self.open(column, sealed))

    def is_current(self, sealed: bytes) -> bool:
        """Whether the value is under the newest key; if not, sealing it again finishes a rotation."""
        return bytes(sealed[1 : 1 + _KEY_ID]) == self._key.id

    def index(self, column: str, value: str) -> bytes:
        """A keyed digest (16 bytes) to find equal values by, under the newest key."""
        return _digest(self._key.index, column, value)

    def indexes(self, column: str, value: str) -> list[bytes]:
        """The digests of `value` under every key still accepted; look for any of them."""
        return [_digest(key.index, column, value) for key in self._all]

    def sign(self, purpose: str, value: str) -> str:
        """A signature for links: 32 hex digits."""
        return _signature(self._key.sign, purpose, value)

    def is_signed(self, purpose: str, value: str, signature: str) -> bool:
        """Whether `signature` was made by us for `purpose`; compared in constant time."""
        given = signature.encode("utf-8", "replace")
        return any(hmac.compare_digest(_signature(key.sign, purpose, value).encode(), given) for key in self._all)


@lru_cache(maxsize=64)
def _prepared(key: bytes, label: str) -> hmac.HMAC:
    made = hmac.new(key, digestmod=hashlib.sha256)
    made.update(label.encode() + b"\x00")
    return made


def _digest(key: bytes, column: str, value: str) -> bytes:
    made = _prepared(key, column).copy()
    made.update(value.encode())
    return made.digest()[:16]


def _signature(key: bytes, purpose: str, value: str) -> str:
    return _digest(key, f"sign/{purpose}", value).hex()
