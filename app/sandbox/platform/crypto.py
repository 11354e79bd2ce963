"""Signatures and message encryption as the platform describes them ("Technical Plan", "encryption").

Written from the description alone, on `cryptography` only, so that it is a second opinion on the back end's codec.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # PKCS#7 pads to 32, not to the cipher's 16


class Unreadable(ValueError):
    """A ciphertext that is not ours: bad Base64, bad padding, bad length, or another account's AppID."""


def sign(*parts: str) -> str:
    """SHA-1, lower-case hex, of the parts sorted as strings and joined."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the platform's choice


def same(one: str, other: str) -> bool:
    """Whether two signatures are equal, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


class Sealer:
    """Encrypts and decrypts for one account and one EncodingAESKey (43 characters)."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        # The 43rd character carries bits that are not part of the key: a strict decoder would refuse some keys.
        self._key = base64.b64decode(aes_key + "=")
        self._app_id = app_id.encode()

    def seal(self, message: str, *, prefix: bytes | None = None) -> str:
        """Base64 of the encrypted message. `prefix` (16 bytes) replaces the random bytes, for published vectors."""
        body = message.encode()
        plain = (prefix or secrets.token_bytes(16)) + struct.pack(">I", len(body)) + body + self._app_id
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def open(self, sealed: str) -> str:
        """The message inside. Raises Unreadable."""
        try:
            data = base64.b64decode(sealed, validate=True)
        except binascii.Error as error:
            raise Unreadable("not Base64") from error
        if not data or len(data) % 16:
            raise Unreadable("length is not a multiple of the cipher's block")
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(data) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise Unreadable("bad padding")
        plain = plain[:-pad]
        if len(plain) < 20:
            raise Unreadable("too short")
        (length,) = struct.unpack(">I", plain[16:20])
        if plain[20 + length :] != self._app_id:
            raise Unreadable("the AppID inside is not this account's")
        try:
            return plain[20 : 20 + length].decode()
        except UnicodeDecodeError as error:
            raise Unreadable("not UTF-8") from error

    def for_app(self, app_id: str) -> Sealer:
        """The same key under another AppID, as a push meant for somebody else would carry it."""
        other = Sealer.__new__(Sealer)
        other._key, other._app_id = self._key, app_id.encode()
        return other

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
