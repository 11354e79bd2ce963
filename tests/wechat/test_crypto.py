"""The platform's encryption, against published vectors, wechatpy and OpenSSL."""

from __future__ import annotations

import base64
import shutil
import subprocess

import pytest
from wechatpy.crypto import WeChatCrypto

from bots.wechat.crypto import AesKey, Crypto, sign
from bots.wechat.refused import Refused
from tests.wechat.pushes import APP_ID, KEY, OLD_KEY

A_CIPHER = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
A2_CIPHER = (
    "jn1L23DB+6ELqJ+6bruv26Bs5uYCV3HVmgeO4vSad7dLDr7+rnWyemcCRN5OR7WyYIOVZ+rWh44sv5pSbGODsKolwuzQmZIEVqYvwyIth36m"
    "xM82Fq0uc5AzBeGHP4YA"
)
B_CIPHER = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvu"
    "JTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwG"
    "c2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9"
    "EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0"
    "lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
C_CIPHER = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="

OURS = Crypto("pamtest", APP_ID, KEY)
THEIRS = WeChatCrypto("pamtest", KEY, APP_ID)


def opened(crypto: Crypto, encrypt: str) -> bytes:
    return crypto.open(encrypt, sign("pamtest", "1409304348", "xxxxxx", encrypt), "1409304348", "xxxxxx")[0]


@pytest.mark.parametrize(
    ("stamp", "nonce", "signature"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_the_platforms_own_url_signatures_hold(stamp: str, nonce: str, signature: str) -> None:
    crypto = Crypto("AAAAA", APP_ID)
    assert crypto.check_url_signature(signature, stamp, nonce)
    assert not crypto.check_url_signature(signature, stamp, nonce + "0")
    assert not crypto.check_url_signature(signature.upper(), stamp, nonce)
    assert not crypto.check_url_signature("签名\ud800", stamp, nonce)


def test_vector_a_is_sealed_byte_for_byte_and_opened() -> None:
    made, signature = OURS.seal(
        "我是中文abcd123".encode(), OURS.keys[0], "1409304348", "xxxxxx", random=b"aaaabbbbccccdddd"
    )
    assert (made, signature) == (A_CIPHER, "82c962d39941aa48552f90ef55aa323dc620cc10")
    assert opened(OURS, A_CIPHER) == "我是中文abcd123".encode()


def test_vector_a2_with_a_full_block_of_padding_is_sealed_and_opened() -> None:
    made, _ = OURS.seal(b"a" * 26, OURS.keys[0], "1409304348", "xxxxxx", random=b"aaaabbbbccccdddd")
    assert made == A2_CIPHER
    assert opened(OURS, A2_CIPHER) == b"a" * 26


def test_tencents_own_sample_opens() -> None:
    crypto = Crypto("QDG6eK", "wx5823bf96d3bd56c7", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
    message, _ = crypto.open(B_CIPHER, "477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149")
    assert len(message) == 284
    assert b"<MsgId>4561255354251345929</MsgId>" in message


def test_wechatpys_published_sample_opens() -> None:
    crypto = Crypto("123456", "wx49f0ab532d5d035a", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR")
    message, _ = crypto.open(C_CIPHER, "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96", "1411443780", "437374425")
    assert message == b"5927782489442352469"


@pytest.mark.parametrize("length", range(33))
def test_every_padding_passes_to_wechatpy_and_back(length: int) -> None:
    message = "好" * 7 + "x" * length
    made, signature = OURS.seal(message.encode(), OURS.keys[0], "1", "n")
    assert THEIRS.decrypt_message({"Encrypt": made}, signature, "1", "n") == message
    theirs = THEIRS.encrypt_message(message, "xxxxxx", "1409304348")
    encrypt = theirs.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    assert opened(OURS, encrypt) == message.encode()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="NO OPENSSL on this machine")
def test_openssl_reads_what_we_seal() -> None:
    made, _ = OURS.seal("36.5 没有不舒服".encode(), OURS.keys[0], "1", "n", random=b"0123456789abcdef")
    key = base64.b64decode(KEY + "=")
    command = ["openssl", "enc", "-d", "-aes-256-cbc", "-nopad", "-K", key.hex(), "-iv", key[:16].hex()]
    plain = subprocess.run(command, input=base64.b64decode(made), capture_output=True, check=True).stdout
    body = b"0123456789abcdef" + (20).to_bytes(4, "big") + "36.5 没有不舒服".encode()[:20]
    assert len("36.5 没有不舒服".encode()) == 20
    assert plain.startswith(body + APP_ID.encode())
    pad = plain[-1]
    assert len(plain) % 32 == 0
    assert plain.endswith(bytes([pad]) * pad)


def test_blanks_around_the_ciphertext_do_not_matter() -> None:
    signature = sign("pamtest", "1", "n", A_CIPHER)
    assert OURS.open(f"\n  {A_CIPHER}\n", signature, "1", "n")[0] == "我是中文abcd123".encode()


def test_the_previous_key_opens_and_is_named() -> None:
    both = Crypto("pamtest", APP_ID, OLD_KEY, [KEY])
    message, key = both.open(A_CIPHER, sign("pamtest", "1", "n", A_CIPHER), "1", "n")
    assert (message, key.number) == ("我是中文abcd123".encode(), 1)
    answer, signature = both.seal(b"ok", key, "1", "n")
    assert THEIRS.decrypt_message({"Encrypt": answer}, signature, "1", "n") == "ok"


def raw(plain: bytes) -> str:
    """Any bytes under our key, as a ciphertext."""
    encryptor = AesKey.read(KEY, 0).cipher.encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def layout(
    message: bytes = b"hello", length: int = 5, app_id: bytes = APP_ID.encode(), pad: bytes | None = None
) -> bytes:
    body = b"r" * 16 + length.to_bytes(4, "big") + message + app_id
    need = 32 - len(body) % 32
    return body + (bytes([need]) * need if pad is None else pad)


def test_a_well_formed_layout_opens() -> None:
    assert opened(OURS, raw(layout())) == b"hello"


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(layout(pad=b"\0" * 21), id="pad of zero"),
        pytest.param(layout(pad=b"\x21" * 21), id="pad over 32"),
        pytest.param(layout(pad=b"\x01" * 20 + b"\x15"), id="pad bytes that differ"),
        pytest.param(b"\x10" * 16, id="nothing but padding"),
        pytest.param(layout(length=4), id="length too short"),
        pytest.param(layout(length=6), id="length too long"),
        pytest.param(layout(length=2**32 - 1), id="length beyond everything"),
        pytest.param(layout(app_id=b"wx0000000000000000"), id="another AppID"),
        pytest.param(layout(app_id=b""), id="no AppID"),
    ],
)
def test_a_signed_but_damaged_layout_is_refused(plain: bytes) -> None:
    plain = plain[: len(plain) // 16 * 16] if len(plain) % 16 else plain
    with pytest.raises(Refused, match="none of the keys"):
        opened(OURS, raw(plain))


@pytest.mark.parametrize("encrypt", ["", "=", "abc", "你好", "AAAA", "A" * 64 + "=", "\ud800"])
def test_a_ciphertext_that_is_none_is_refused(encrypt: str) -> None:
    with pytest.raises(Refused) as refused:
        opened(OURS, encrypt)
    assert 400 <= refused.value.status < 500


def test_a_wrong_signature_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(Refused, match="msg_signature"):
        OURS.open(A_CIPHER, sign("pamtest", "1", "n"), "1", "n")


@pytest.mark.parametrize("key", ["short", KEY + "H", KEY[:-1] + "!", KEY[:-1] + "\n"])
def test_a_malformed_key_is_named_but_not_shown(key: str) -> None:
    with pytest.raises(ValueError, match="43") as error:
        Crypto("pamtest", APP_ID, key)
    assert key not in str(error.value)
