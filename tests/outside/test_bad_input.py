"""Bad input from outside, over real HTTP and the command line: a clear answer, nothing stored, nothing down."""

from __future__ import annotations

import base64
import gzip
import io
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import xlsxwriter

from app.__main__ import main
from app.files.roster import load
from app.process.runtime import Clock
from app.process.settings import Settings
from app.process.wiring import open_runtime
from models.schema import migrate
from tests.cast import openid
from tests.house import Platform
from tests.outside.site import ACCOUNT, AES_KEY, APP_ID, TOKEN, Site
from tests.outside.test_for_real import write_roster

Query = dict[str, str]


class Outside:
    """A running back end on SQLite, its platform's pen, and how many rows each of its tables has."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder)
        write_roster(folder / "roster.xlsx")
        runtime = open_runtime(folder)
        migrate(runtime.database)
        with runtime.database.write() as connection:
            work = runtime.work(connection)
            load(work, folder / "roster.xlsx")
            work.flush()
        runtime.close()
        self.platform = Platform(Clock(), TOKEN, APP_ID, AES_KEY, ACCOUNT)
        self.url = f"http://127.0.0.1:{self.site.port}/wechat"
        self.site.serve("--web-only")

    def rows(self) -> dict[str, int]:
        with sqlite3.connect(self.site.folder / "var" / "pinganbao.db") as connection:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            made = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        connection.close()
        return made

    def post(self, query: Query, body: bytes, **more: str) -> httpx.Response:
        return httpx.post(self.url, params=query, content=body, timeout=10, headers=more)

    def sealed(self, xml: str) -> httpx.Response:
        """A push that is authentic, whatever is in it."""
        return self.post(*self.platform.request(xml))

    def is_up(self) -> bool:
        port = self.site.port
        return all(
            httpx.get(f"http://127.0.0.1:{port}{path}", timeout=10).status_code == 200
            for path in ("/healthz", "/readyz", "/metrics")
        )


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    made = Outside(tmp_path_factory.mktemp("site"))
    yield made
    made.site.close()


@pytest.fixture
def stores() -> None:
    """For a test whose messages may leave something behind."""


@pytest.fixture(autouse=True)
def _nothing_is_stored_and_nothing_is_down(request: pytest.FixtureRequest) -> Iterator[None]:
    if "outside" not in request.fixturenames:
        yield
        return
    outside: Outside = request.getfixturevalue("outside")
    before = outside.rows()
    yield
    if "stores" not in request.fixturenames:
        assert outside.rows() == before
    assert outside.is_up()


def good(outside: Outside) -> tuple[Query, bytes]:
    return outside.platform.request(outside.platform.text_xml("某人", "36.5"))


def aged(outside: Outside, **by: float) -> tuple[Query, bytes]:
    clock = Clock(lambda: datetime.now(UTC) - timedelta(**by))
    return Platform(clock, TOKEN, APP_ID, AES_KEY, ACCOUNT).request(outside.platform.text_xml("某人", "36.5"))


def changed(**change: str) -> Callable[[Outside], tuple[Query, bytes]]:
    def make(outside: Outside) -> tuple[Query, bytes]:
        query, body = good(outside)
        return {name: value for name, value in (query | change).items() if value != "-"}, body

    return make


def swapped(outside: Outside) -> tuple[Query, bytes]:
    query, body = good(outside)
    return query | {"signature": query["msg_signature"], "msg_signature": query["signature"]}, body


def garbled(outside: Outside) -> tuple[Query, bytes]:
    query, body = good(outside)
    middle = len(body) // 2
    return query, body[:middle] + b"AAAA" + body[middle + 4 :]


def resigned(cipher: str) -> Callable[[Outside], tuple[Query, bytes]]:
    """Any ciphertext under a signature that holds."""

    def make(outside: Outside) -> tuple[Query, bytes]:
        query, _ = good(outside)
        signed = outside.platform._sign(query["timestamp"], query["nonce"], cipher)
        body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt><![CDATA[{cipher}]]></Encrypt></xml>"
        return query | {"msg_signature": signed}, body.encode()

    return make


def plaintext(outside: Outside) -> tuple[Query, bytes]:
    query, _ = good(outside)
    kept = {name: query[name] for name in ("signature", "timestamp", "nonce")}
    return kept, outside.platform.text_xml("某人", "36.5").encode()


def with_body(body: bytes) -> Callable[[Outside], tuple[Query, bytes]]:
    return lambda outside: (good(outside)[0], body)


def other_account(outside: Outside) -> tuple[Query, bytes]:
    return outside.platform.request(outside.platform.text_xml("某人", "36.5").replace(ACCOUNT, "gh_other"))


def other_app(outside: Outside) -> tuple[Query, bytes]:
    platform = Platform(outside.platform.clock, TOKEN, "wx-other", AES_KEY, ACCOUNT)
    return platform.request(outside.platform.text_xml("某人", "36.5"))


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{("&lol" + (str(n - 1) if n > 1 else "") + ";") * 10}">' for n in range(1, 9))
    + "]><xml><Encrypt>&lol8;</Encrypt></xml>"
)
REFUSED: dict[str, Callable[[Outside], tuple[Query, bytes]]] = {
    "no query": lambda outside: ({}, good(outside)[1]),
    "wrong signature": changed(signature="0" * 40),
    "no signature": changed(signature="-"),
    "empty signature": changed(signature=""),
    "a signature that is no ascii": changed(signature="签名"),
    "wrong msg_signature": changed(msg_signature="0" * 40),
    "no msg_signature": changed(msg_signature="-"),
    "swapped signatures": swapped,
    "another nonce": changed(nonce="1"),
    "another timestamp": changed(timestamp="1"),
    "a timestamp that is no number": changed(timestamp="now"),
    "stale": lambda outside: aged(outside, minutes=6),
    "from the future": lambda outside: aged(outside, minutes=-6),
    "garbled ciphertext": garbled,
    "ciphertext that is no Base64": resigned("!!!!"),
    "ciphertext of half a block": resigned(base64.b64encode(b"x" * 17).decode()),
    "ciphertext of noise": resigned(base64.b64encode(bytes(range(256))).decode()),
    "empty ciphertext": resigned(""),
    "plaintext in safe mode": plaintext,
    "plaintext under a safe query": with_body(b"<xml><Content>36.5</Content></xml>"),
    "to another account": other_account,
    "of another app": other_app,
    "entity bomb": with_body(BOMB.encode()),
    "DOCTYPE": with_body(b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml><Encrypt>x</Encrypt></xml>'),
    "empty body": with_body(b""),
    "no XML": with_body(b"36.5"),
    "JSON": with_body(b'{"Encrypt": "x"}'),
    "gzip": with_body(gzip.compress(b"<xml><Encrypt>x</Encrypt></xml>")),
    "half an XML": with_body(b"<xml><Encrypt>"),
    "a thousand deep": with_body(b"<xml>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</xml>"),
    "zero bytes": with_body(b"\0" * 5000),
    "a giant body": with_body(b"<xml>" + b"x" * (5 << 20) + b"</xml>"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_the_platforms_is_refused_and_touches_nothing(outside: Outside, case: str) -> None:
    query, body = REFUSED[case](outside)
    response = outside.post(query, body)
    assert 400 <= response.status_code < 500
    assert "36.5" not in response.text


def fields(**given: str | None) -> str:
    """An authentic text message with some fields changed (None: left out)."""
    made: dict[str, str | None] = {
        "ToUserName": ACCOUNT,
        "FromUserName": openid("某人"),
        "CreateTime": str(int(datetime.now(UTC).timestamp())),
        "MsgType": "text",
        "Content": "36.5",
        "MsgId": "1",
    }
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in (made | given).items() if value is not None)
    return f"<xml>{inside}</xml>"


BROKEN = {
    "an entity bomb inside": BOMB.replace("Encrypt", "Content"),
    "a DOCTYPE inside": f"<!DOCTYPE xml>{fields()}",
    "an outside entity": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{fields(Content="&e;")}',
    "broken XML inside": fields()[:-5],
    "no XML inside": "36.5",
    "nothing inside": "",
    "no sender": fields(FromUserName=None),
    "an empty sender": fields(FromUserName=""),
    "a sender of a kilobyte": fields(FromUserName="o" * 1024),
    "no type": fields(MsgType=None),
    "no moment": fields(CreateTime=None),
    "a moment that is no number": fields(CreateTime="yesterday"),
    "a moment beyond all calendars": fields(CreateTime=str(2**63)),
    "an unknown type": fields(MsgType="hologram"),
    "an unknown event": fields(MsgType="event", Event="teleport", Content=None, MsgId=None),
    "a control character in the type": fields(MsgType="te&#1;xt"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_authentic_and_broken_or_unknown_stores_nothing(outside: Outside, case: str) -> None:
    response = outside.sealed(BROKEN[case])
    assert 400 <= response.status_code < 500 or (response.status_code, response.text) == (200, "success")


@pytest.mark.parametrize("msg_id", ["0", "", None, str(2**64 - 1), str(2**80), "text", "-5", "1.5", " 17 "])
def test_an_odd_msgid_is_still_a_message_and_its_copy_is_none(
    outside: Outside, msg_id: str | None, stores: None
) -> None:
    before = outside.rows()["inbox"]
    xml = fields(MsgId=msg_id, FromUserName=f"o-odd-{msg_id}")
    first, again = outside.sealed(xml), outside.sealed(xml)
    assert (first.status_code, again.status_code) == (200, 200)
    assert outside.platform.heard(first) == outside.platform.heard(again) != ""
    assert outside.rows()["inbox"] == before + 1


@pytest.mark.parametrize(
    "content",
    [
        "36.5&#1;&#2;",
        "<![CDATA[]]>",
        "\u202e36.5\u202c",
        "😀" * 600,
        "36.5" * 4000,
        "&lt;script&gt;",
        "\ufffe36.5",
        "绑定 " * 900,
    ],
)
def test_odd_texts_are_answered(outside: Outside, content: str, stores: None) -> None:
    response = outside.sealed(fields(Content=content, MsgId=str(abs(hash(content)))))
    assert response.status_code in (200, 400, 413)
    if response.status_code == 200:
        assert outside.platform.heard(response)
    assert outside.rows()["check_ins"] == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(outside: Outside, method: str) -> None:
    assert httpx.request(method, outside.url, timeout=10).status_code in (400, 403, 405)


def test_a_verification_with_a_wrong_signature_echoes_nothing(outside: Outside) -> None:
    query = good(outside)[0] | {"echostr": "123"}
    assert httpx.get(outside.url, params=query, timeout=10).text == "123"
    response = httpx.get(outside.url, params=query | {"signature": "0" * 40}, timeout=10)
    assert (response.status_code, response.text) == (403, "")
    assert httpx.get(outside.url, timeout=10).status_code in range(400, 500)


def test_half_a_request_and_silence_hold_nobody_up(outside: Outside) -> None:
    open_sockets = []
    for _ in range(20):
        made = socket.create_connection(("127.0.0.1", outside.site.port))
        made.sendall(b"POST /wechat?signature=x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n<xml>")
        open_sockets.append(made)
    assert outside.is_up()
    for made in open_sockets:
        made.close()


# --- an operator's files -----------------------------------------------------------------------------------------
HEAD = ("学校", "年级", "班级", "学号", "姓名", "性别", "家长手机")
ROW = ("向阳小学", "三年级", "2班", "P009", "周小满", "男", "")
STAFF_HEAD = ("编号", "姓名", "手机", "单位", "职务", "管辖")


def workbook(path: Path, **sheets: list[tuple[str, ...]]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def changed_row(**change: str) -> tuple[str, ...]:
    return tuple(change.get(name, value) for name, value in zip(HEAD, ROW, strict=True))


BAD_WORKBOOKS: dict[str, dict[str, list[tuple[str, ...]]]] = {
    "no sheet of ours": {"Sheet1": [("a", "b")]},
    "a missing column": {"学生": [HEAD[:4], ROW[:4]]},
    "no name": {"学生": [HEAD, changed_row(姓名="")]},
    "no number": {"学生": [HEAD, changed_row(学号="")]},
    "a grade that is none": {"学生": [HEAD, changed_row(年级="火星年级班")]},
    "the same number twice": {"学生": [HEAD, ROW, changed_row(姓名="另一人")]},
    "a telephone of letters": {"学生": [HEAD, changed_row(家长手机="abc")]},
    "a duty that is none": {"人员": [STAFF_HEAD, ("T9", "某某", "", "向阳小学", "魔法师", "")]},
    "a unit that is none": {"人员": [STAFF_HEAD, ("T9", "某某", "", "不存在的小学", "校长", "")]},
    "a class that is none": {"人员": [STAFF_HEAD, ("T9", "某某", "", "向阳小学", "班主任", "九年级/9班")]},
}


@pytest.fixture(scope="module")
def folder(outside: Outside) -> Path:
    return outside.site.folder


@pytest.mark.parametrize("case", BAD_WORKBOOKS)
def test_a_bad_workbook_is_refused_with_sheet_row_and_what_is_expected(
    outside: Outside, folder: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook(folder / "bad.xlsx", **BAD_WORKBOOKS[case])
    said = command(monkeypatch, folder, 1, "roster", "import", "bad.xlsx")
    assert any(word in said for word in ("学生", "人员"))
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.xlsx", b"not a workbook"),
        ("empty.xlsx", b""),
        ("half.xlsx", b"PK\x03\x04" + b"\0" * 50),
        ("bad.csv", b"\xff\xfe\x00\x01"),
        ("roster.docx", b"PK"),
    ],
)
def test_a_file_that_is_no_workbook_is_said(
    outside: Outside, folder: Path, name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / name).write_bytes(content)
    said = command(monkeypatch, folder, 1, "roster", "import", name)
    assert name in said
    assert "Traceback" not in said


def command(monkeypatch: pytest.MonkeyPatch, folder: Path, code: int, *words: str) -> str:
    """`pinganbao WORDS` in the folder, in this process; gives what it says on stderr."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["pinganbao", *words])
    said = io.StringIO()
    with redirect_stderr(said), redirect_stdout(io.StringIO()), pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code, said.getvalue()
    return said.getvalue()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("SECRET_KEY=short", "SECRET_KEY"),
        ("DATABASE_URL=mysql://x/y", "DATABASE_URL"),
        ("DATABASE_URL=nonsense", "DATABASE_URL"),
        ("WECHAT_AES_KEY=tooshort", "WECHAT_AES_KEY"),
        ("WECHAT_TEMPLATES=not json", "WECHAT_TEMPLATES"),
        ("LOG_FORMAT=loud", "LOG_FORMAT"),
        ("DISTRICT_FILE=nowhere.toml", "nowhere.toml"),
    ],
)
def test_a_bad_setting_is_named_and_starts_nothing(
    tmp_path: Path, line: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(f"SECRET_KEY=a-long-enough-secret-for-everything\n{line}\n")
    said = command(monkeypatch, tmp_path, 1, "migrate" if "AES" not in line else "serve")
    assert named in said
    assert len(said.strip().splitlines()) <= 3
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[district]\n", "name"),
        ('[district]\nname = "春江区"\ncolour = "red"\n', "colour"),
        ('[district]\nname = "春江区"\n[weather]\nx = 1\n', "weather"),
        ('[district]\nname = "春江区"\n[times]\nprompt = "25:00"\n', "prompt"),
        ('[district]\nname = "春江区"\n[times]\nreminders = "08:40"\n', "reminders"),
        ('[district]\nname = "春江区"\n[disease]\nfever_c = "hot"\n', "fever_c"),
        ('[district]\nname = "春江区"\n[disease]\nfever_c = 99.0\n', "fever_c"),
        ('[district]\nname = "春江区"\nmode = "party"\n', "mode"),
        ('[district]\nname = "春江区"\ntime_zone = "Mars/Base"\n', "time_zone"),
        ('[district\nname = "春江区"\n', "1"),
        ("\x00\x01", "district.toml"),
    ],
)
def test_a_bad_district_file_is_named_with_line_and_what_is_expected(
    tmp_path: Path, text: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("SECRET_KEY=a-long-enough-secret-for-everything\n")
    (tmp_path / "district.toml").write_text(text)
    said = command(monkeypatch, tmp_path, 1, "migrate")
    assert "district.toml" in said
    assert named in said
    assert not (tmp_path / "var").exists()
