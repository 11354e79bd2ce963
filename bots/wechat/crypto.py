"""Signatures and the platform's message encryption (wechat-platform 1.1 and 2).

By hand on `cryptography` because this runs for every message and wechatpy compares signatures with `!=`, never checks
the padding and raises IndexError, ValueError or struct.error on odd ciphertext (frameworks 1). The tests cross-check it
against wechatpy, the published vectors and OpenSSL.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from hmac import compare_digest

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bots.wechat.refused import Refused
from models.randomness import RandomPool

#: The platform pads to multiples of 32 bytes, twice the cipher's own block.
PAD_TO = 32
_RANDOM = 16
_LENGTH = 4
_fresh_random = RandomPool(_RANDOM)
_KEY_SHAPE = re.compile(r"[A-Za-z0-9+/]{43}")


@dataclass(frozen=True, slots=True)
class AesKey:
    """One EncodingAESKey, ready for use. number: 0 for the current one, 1… for previous ones."""

    number: int
    cipher: Cipher[modes.CBC] = field(repr=False, compare=False)

    @classmethod
    def read(cls, encoded: str, number: int) -> AesKey:
        """The key behind the console's 43 characters. Raises ValueError, without the key in its text."""
        if not _KEY_SHAPE.fullmatch(encoded):
            raise ValueError("EncodingAESKey: 43 letters and digits are expected")
        raw = b64decode(encoded + "=")  # lenient: the 43rd character carries unused bits
        return cls(number, Cipher(algorithms.AES(raw), modes.CBC(raw[:16])))


def sign(*parts: str) -> str:
    """SHA-1 in hex over the parts in lexicographic order, joined without separator."""
    return sha1("".join(sorted(parts)).encode("utf-8", "replace")).hexdigest()  # noqa: S324 (the platform's choice)


def same(expected: str, given: str) -> bool:
    """Compare two signatures in constant time."""
    return compare_digest(expected.encode(), given.encode("utf-8", "replace"))


class Crypto:
    """The account's secrets of the way in.

    token: signs every request. aes_key: the current EncodingAESKey, empty for plain mode. previous: keys still accepted
    while the key is being changed; a reply goes out under the key that opened its request.
    Raises ValueError for a key that is not 43 letters and digits.
    """

    def __init__(self, token: str, app_id: str, aes_key: str = "", previous: Sequence[str] = ()) -> None:
        self._token = token
        self._app_id = app_id.encode()
        wanted = [aes_key, *previous] if aes_key else []
        self.keys = tuple(AesKey.read(value, number) for number, value in enumerate(wanted))

    def check_url_signature(self, signature: str, timestamp: str, nonce: str) -> bool:
        """Whether `signature` covers the query of a request."""
        return same(sign(self._token, timestamp, nonce), signature)

    def open(self, encrypt: str, msg_signature: str, timestamp: str, nonce: str) -> tuple[bytes, AesKey]:
        """The message inside `encrypt` and the key that opened it.

        Raises Refused: the signature does not cover it, it is not ours, or it is damaged.
        """
        encrypt = encrypt.strip()  # blanks around it break other people's signatures (WxJava#1634)
        if not same(sign(self._token, timestamp, nonce, encrypt), msg_signature):
            raise Refused(403, "msg_signature does not cover the message")
        try:
            sealed = b64decode(encrypt)
        except (binascii.Error, ValueError):
            raise Refused(400, "the ciphertext is not Base64") from None
        if not sealed or len(sealed) % 16:
            raise Refused(400, "the ciphertext is not a number of whole blocks")
        for key in self.keys:
            message = self._message(key, sealed)
            if message is not None:
                return message, key
        raise Refused(400, "none of the keys opens the message for this AppID")

    def _message(self, key: AesKey, sealed: bytes) -> bytes | None:
        decryptor = key.cipher.decryptor()
        plain = decryptor.update(sealed) + decryptor.finalize()
        pad = plain[-1]
        end = len(plain) - pad
        start = _RANDOM + _LENGTH
        if not 1 <= pad <= PAD_TO or end < start or plain[end:] != plain[-1:] * pad:
            return None
        stop = start + int.from_bytes(plain[_RANDOM:start], "big")
        if stop > end or not compare_digest(plain[stop:end], self._app_id):
            return None
        return plain[start:stop]

    def seal(self, message: bytes, key: AesKey, timestamp: str, nonce: str, random: bytes = b"") -> tuple[str, str]:
        """`Encrypt` and `MsgSignature` for a reply. random: 16 bytes, for tests only."""
        body = b"".join((random or _fresh_random(), len(message).to_bytes(_LENGTH, "big"), message, self._app_id))
        pad = PAD_TO - len(body) % PAD_TO
        encryptor = key.cipher.encryptor()
        sealed = encryptor.update(body + bytes((pad,)) * pad) + encryptor.finalize()
        encrypt = b64encode(sealed).decode()
        return encrypt, sign(self._token, timestamp, nonce, encrypt)
