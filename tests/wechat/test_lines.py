"""The lines at the wire: a real socket, and a platform that answers, is late, cuts off or babbles."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bots.engine.sender import MaybeSent, Misconfigured, SendError, TryLater
from bots.wechat.http import Http
from bots.wechat.lines import BrokeOff, Lines, NotLeft, Response

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n" + b'{"errcode":0}'
Say = Callable[[asyncio.StreamWriter, int], Awaitable[None]]


class Platform:
    """Answers each request with what `say` writes; keeps what it read, and counts connections."""

    def __init__(self, say: Say) -> None:
        self.say, self.requests, self.connections = say, list[bytes](), 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                await self.say(writer, len(self.requests))
                await writer.drain()
                if writer.is_closing():
                    return
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


def saying(*pieces: bytes, then_close: bool = False) -> Say:
    async def say(writer: asyncio.StreamWriter, _number: int) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        if then_close:
            writer.close()

    return say


def talk(
    say: Say, *, times: int = 1, together: bool = False, at_most: int = 4, reading: float = 5.0, keep_alive: float = 3.0
) -> tuple[list[Response | BaseException], Platform]:
    """`times` posts, one after the other or together; what came of each, and the platform."""

    async def run() -> tuple[list[Response | BaseException], Platform]:
        platform = Platform(say)
        server = await asyncio.start_server(platform.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        lines = Lines(f"http://127.0.0.1:{port}/api", at_most, keep_alive=keep_alive, reading=reading)

        async def post() -> Response | BaseException:
            try:
                return await lines.post("/send?access_token=T", '{"content":"您好"}'.encode(), "application/json")
            except (NotLeft, BrokeOff) as error:
                return error

        if together:
            came = list(await asyncio.gather(*(post() for _ in range(times))))
        else:
            came = [await post() for _ in range(times)]
        lines.close()
        server.close()
        return came, platform

    return asyncio.run(run())


def test_one_line_carries_one_request_after_the_other() -> None:
    came, platform = talk(saying(OK), times=20)
    assert [one.content for one in came if isinstance(one, Response)] == [b'{"errcode":0}'] * 20
    assert platform.connections == 1
    head, _, body = platform.requests[0].partition(b"\r\n\r\n")
    assert head.splitlines()[0] == b"POST /api/send?access_token=T HTTP/1.1"
    assert body == '{"content":"您好"}'.encode()


def test_there_are_never_more_lines_than_allowed_and_each_answer_goes_to_who_asked() -> None:
    came, platform = talk(saying(OK), times=50, together=True, at_most=3)
    assert len([one for one in came if isinstance(one, Response) and one.status == 200]) == 50
    assert platform.connections == 3


@pytest.mark.parametrize(
    ("pieces", "then_close", "content"),
    [
        pytest.param([OK[:20], OK[20:70], OK[70:]], False, b'{"errcode":0}', id="in pieces"),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3\r\nabc\r\n", b"2\r\nde\r\n0\r\n\r\n"],
            False,
            b"abcde",
            id="chunked",
        ),
        pytest.param([b"HTTP/1.1 200 OK\r\n\r\n", b"to the end"], True, b"to the end", id="ends with its connection"),
        pytest.param([b"HTTP/1.1 100 Continue\r\n\r\n", OK], False, b'{"errcode":0}', id="a word ahead"),
        pytest.param([OK.replace(b"200 OK", b"502 Bad")], False, b'{"errcode":0}', id="an error page"),
    ],
)
def test_answers_of_every_shape_are_read_whole(pieces: list[bytes], then_close: bool, content: bytes) -> None:
    came, _ = talk(saying(*pieces, then_close=then_close))
    assert isinstance(came[0], Response)
    assert came[0].content == content


@pytest.mark.parametrize(
    ("say", "reason"),
    [
        pytest.param(saying(then_close=True), "ConnectionLost", id="closed without a word"),
        pytest.param(saying(OK[:40], then_close=True), "ConnectionLost", id="cut in the head"),
        pytest.param(saying(OK[:-4], then_close=True), "ConnectionLost", id="cut in the body"),
        pytest.param(saying(b"SSH-2.0-OpenSSH_9\r\n"), "NotHttp", id="another protocol"),
        pytest.param(saying(), "ReadTimeout", id="silence"),
        pytest.param(saying(OK[:-4]), "ReadTimeout", id="stuck in the middle"),
    ],
)
def test_a_call_that_broke_off_after_it_left_is_told_apart(say: Say, reason: str) -> None:
    came, _ = talk(say, reading=0.05)
    assert isinstance(came[0], BrokeOff)
    assert str(came[0]) == reason


def test_a_broken_line_is_never_used_again() -> None:
    async def say(writer: asyncio.StreamWriter, number: int) -> None:
        if number == 1:
            writer.close()
        else:
            writer.write(OK)

    came, platform = talk(say, times=3)
    assert [type(one) for one in came] == [BrokeOff, Response, Response]
    assert platform.connections == 2


@pytest.mark.parametrize("word", [b"Connection: close", b"Connection: Close"])
def test_a_line_the_platform_is_done_with_is_left(word: bytes) -> None:
    came, platform = talk(saying(OK.replace(b"Content-Type", word + b"\r\nContent-Type")), times=3)
    assert [type(one) for one in came] == [Response] * 3
    assert platform.connections == 3


def test_a_line_that_was_idle_for_long_is_not_trusted() -> None:
    _, platform = talk(saying(OK), times=3, keep_alive=-1.0)
    assert platform.connections == 3


def test_words_nobody_asked_for_close_the_line() -> None:
    came, platform = talk(saying(OK + OK), times=2)
    assert isinstance(came[0], Response)
    assert platform.connections == 2


def test_a_caller_who_gives_up_takes_the_line_with_him() -> None:
    async def run() -> int:
        async def say(writer: asyncio.StreamWriter, number: int) -> None:
            if number > 1:
                writer.write(OK)

        platform = Platform(say)
        server = await asyncio.start_server(platform.serve, "127.0.0.1", 0)
        lines = Lines(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", 1, keep_alive=3)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(lines.post("/", b"{}", "application/json"), 0.05)
        assert (await lines.post("/", b"{}", "application/json")).status == 200
        lines.close()
        server.close()
        return platform.connections

    assert asyncio.run(run()) == 2


def post_to(address: str) -> SendError:
    async def run() -> SendError:
        http = Http(address)
        with pytest.raises(SendError) as failed:
            await http.post("/send", {"access_token": "secret-token"}, {}, "o-1")
        await http.close()
        return failed.value

    return asyncio.run(run())


def test_nobody_there_is_not_the_same_as_a_call_that_broke_off() -> None:
    error = post_to("http://127.0.0.1:1")
    assert type(error) is TryLater
    assert (error.openid, error.__cause__) == ("o-1", None)
    assert "secret-token" not in str(error)


@pytest.mark.parametrize("address", ["ftp://x.test", "not an address", ""])
def test_an_address_that_is_none_is_the_operators_to_mend(address: str) -> None:
    assert type(post_to(address)) is Misconfigured


@pytest.mark.parametrize(
    ("say", "error"),
    [
        (saying(then_close=True), MaybeSent),
        (saying(OK.replace(b"200 OK", b"503 No")), TryLater),
        (saying(OK.replace(b"200 OK", b"500 No")), MaybeSent),
        (saying(OK.replace(b"200 OK", b"404 No")), Misconfigured),
    ],
)
def test_what_a_failure_means_is_the_same_over_lines(say: Say, error: type[SendError]) -> None:
    async def run() -> SendError:
        server = await asyncio.start_server(Platform(say).serve, "127.0.0.1", 0)
        http = Http(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(SendError) as failed:
            await http.post("/send", {}, {}, "o-1")
        await http.close()
        server.close()
        return failed.value

    assert type(asyncio.run(run())) is error
