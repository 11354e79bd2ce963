"""The stand-in's codec against published vectors and against wechatpy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from app.sandbox.platform.crypto import Sealer, Unreadable, sign
from tests.sandbox.conftest import AES_KEY

APP_ID = "wxb11529c136998cb6"
PUBLISHED = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
FULL_BLOCK = (
    "jn1L23DB+6ELqJ+6bruv26Bs5uYCV3HVmgeO4vSad7dLDr7+rnWyemcCRN5OR7WyYIOVZ+rWh44sv5pSbGODsKolwuzQmZIEVqYvwyIth36mxM82"
    "Fq0uc5AzBeGHP4YA"
)
WECOM = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3"
    "TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gs"
    "ijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUa"
    "x5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIG"
    "HBZZIs2pDBS8R07+qN+E7Q=="
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("AAAAA", "1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (("AAAAA", "1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        (("pamtest", "1409304348", "xxxxxx", PUBLISHED), "82c962d39941aa48552f90ef55aa323dc620cc10"),
        (("QDG6eK", "1409659813", "1372623149", WECOM), "477715d11cdb4164915debcba66cb864d751f3e6"),
    ],
)
def test_signatures_match_the_published_ones(parts: tuple[str, ...], expected: str) -> None:
    assert sign(*parts) == expected


def test_sealing_matches_the_published_ciphertext() -> None:
    assert Sealer(AES_KEY, APP_ID).seal("我是中文abcd123", prefix=b"aaaabbbbccccdddd") == PUBLISHED


def test_an_aligned_message_gets_a_full_block_of_padding() -> None:
    assert Sealer(AES_KEY, APP_ID).seal("a" * 26, prefix=b"aaaabbbbccccdddd") == FULL_BLOCK


def test_the_second_published_sample_opens() -> None:
    opened = Sealer("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7").open(WECOM)
    assert "<Content><![CDATA[hello]]></Content>" in opened
    assert len(opened.encode()) == 284


@pytest.mark.parametrize("length", range(1, 34))
def test_every_padding_length_is_read_by_an_independent_codec(length: int) -> None:
    sealed = Sealer(AES_KEY, APP_ID).seal("x" * length)
    other = WeChatCrypto("pamtest", AES_KEY, APP_ID)
    envelope = f"<xml><ToUserName>gh</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
    assert other.decrypt_message(envelope, sign("pamtest", "1", "2", sealed), "1", "2") == "x" * length


@given(st.text(max_size=300))
def test_whatever_is_sealed_opens_again(message: str) -> None:
    sealer = Sealer(AES_KEY, APP_ID)
    assert sealer.open(sealer.seal(message)) == message


@given(st.binary(max_size=200))
def test_rubbish_is_refused_and_never_crashes(data: bytes) -> None:
    import base64

    with pytest.raises(Unreadable):
        Sealer(AES_KEY, APP_ID).open(base64.b64encode(data).decode())


def test_another_accounts_message_is_refused() -> None:
    with pytest.raises(Unreadable, match="AppID"):
        Sealer(AES_KEY, APP_ID).open(Sealer(AES_KEY, "wx0000000000000000").seal("hello"))
