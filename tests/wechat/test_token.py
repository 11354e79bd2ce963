"""One token for everybody: storms, refusals, and two processes at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from bots.engine.replies import Text
from bots.engine.sender import MaybeSent, Misconfigured, QuotaSpent, SendError, TryLater
from bots.wechat.token import Token, Tokens
from models.actions.platform_token import claim_refresh, store_token
from models.database import Database
from models.queries.platform_token import stored_token
from models.vault import Vault
from tests.wechat.standin import APP_ID, OPENID, Clock, Platform, run, saying

SEND = "/cgi-bin/message/custom/send"
HELLO = Text("您好")


async def no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)


def test_a_hundred_callers_at_once_fetch_one_token(platform: Platform, database: Database, vault: Vault) -> None:
    platform.slowly = True

    async def storm() -> None:
        client = platform.client(database, vault)
        await asyncio.gather(*(client.send_service(OPENID, HELLO) for _ in range(100)))
        assert (platform.fetched, platform.calls[SEND]) == (1, 100)
        platform.clock.forward(seconds=7200)
        await asyncio.gather(*(client.send_service(OPENID, HELLO) for _ in range(100)))
        assert (platform.fetched, platform.calls[SEND]) == (2, 200)

    run(storm())


def test_the_token_is_renewed_before_it_ends(platform: Platform, sqlite: Database, vault: Vault) -> None:
    async def day() -> None:
        client = platform.client(sqlite, vault)
        await client.send_service(OPENID, HELLO)
        platform.clock.forward(seconds=7200 - 301)
        await client.send_service(OPENID, HELLO)
        assert platform.fetched == 1
        platform.clock.forward(seconds=20)
        await client.send_service(OPENID, HELLO)
        assert (platform.fetched, platform.calls[SEND], platform.forced) == (2, 3, 0)

    run(day())


def test_a_platform_that_gives_the_old_token_again_is_not_asked_at_every_call(
    platform: Platform, sqlite: Database, vault: Vault
) -> None:
    platform.token = "T0"
    platform.answers["/cgi-bin/stable_token"] = saying({"access_token": "T0", "expires_in": 200})
    platform.born = platform.clock()

    async def calls() -> None:
        client = platform.client(sqlite, vault)
        for _ in range(20):
            await client.send_service(OPENID, HELLO)

    run(calls())
    assert platform.fetched == 1


def test_the_stored_token_is_sealed_and_serves_the_next_process(
    platform: Platform, database: Database, vault: Vault
) -> None:
    run(platform.client(database, vault).send_service(OPENID, HELLO))
    run(platform.client(database, vault).send_service(OPENID, HELLO))
    assert platform.fetched == 1
    with database.read() as connection:
        row = stored_token(connection, APP_ID)
    assert row is not None
    assert row.token is not None
    assert platform.token.encode() not in row.token
    assert row.expires_at == platform.clock() + timedelta(hours=2)


def test_a_token_sealed_under_a_lost_key_is_fetched_anew(platform: Platform, sqlite: Database, vault: Vault) -> None:
    run(platform.client(sqlite, vault).send_service(OPENID, HELLO))
    other = Vault("another-secret-after-a-lost-env-file")
    run(platform.client(sqlite, other).send_service(OPENID, HELLO))
    assert platform.fetched == 2


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_refused_token_is_renewed_once_for_everybody(
    platform: Platform, sqlite: Database, vault: Vault, errcode: int
) -> None:
    platform.slowly = True

    async def storm() -> None:
        client = platform.client(sqlite, vault)
        await client.send_service(OPENID, HELLO)
        platform.kill_token()
        await asyncio.gather(*(client.send_service(OPENID, HELLO) for _ in range(50)))

    run(storm())
    assert (platform.fetched, platform.forced) == (2, 1)
    assert platform.calls[SEND] <= 1 + 2 * 50


def test_a_refused_token_that_another_process_has_renewed_is_read_and_not_fetched(
    platform: Platform, sqlite: Database, vault: Vault
) -> None:
    async def two() -> None:
        here, there = platform.client(sqlite, vault), platform.client(sqlite, vault)
        await here.send_service(OPENID, HELLO)
        await there.send_service(OPENID, HELLO)
        platform.kill_token()
        await here.send_service(OPENID, HELLO)
        assert (platform.fetched, platform.forced) == (2, 1)
        await there.send_service(OPENID, HELLO)
        assert (platform.fetched, platform.forced) == (2, 1)

    run(two())


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_lasting_refusal_costs_one_retry_a_call_and_few_tokens(
    platform: Platform, sqlite: Database, vault: Vault, errcode: int
) -> None:
    platform.refuses_every_token = errcode

    async def storm() -> list[SendError | None]:
        client = platform.client(sqlite, vault)

        async def one() -> SendError | None:
            try:
                await client.send_service(OPENID, HELLO)
            except SendError as error:
                return error
            return None

        return await asyncio.gather(*(one() for _ in range(100)))

    errors = run(storm())
    assert all(isinstance(error, TryLater) and not isinstance(error, MaybeSent) for error in errors)
    assert platform.calls[SEND] <= 200
    assert platform.forced == 1


def test_forcing_is_tried_again_later_and_ever_more_rarely(platform: Platform, sqlite: Database, vault: Vault) -> None:
    platform.refuses_every_token = 40001

    async def hours() -> int:
        client = platform.client(sqlite, vault)
        for _ in range(6 * 60):
            with pytest.raises(TryLater):
                await client.send_service(OPENID, HELLO)
            platform.clock.forward(seconds=10)
        return platform.forced

    assert 3 <= run(hours()) <= 8  # in an hour


def test_a_wrong_secret_is_the_operators_to_mend_and_is_not_asked_for_ever(
    platform: Platform, sqlite: Database, vault: Vault
) -> None:
    async def storm() -> None:
        client = platform.client(sqlite, vault, secret="wrong")
        outcomes = await asyncio.gather(
            *(client.send_service(OPENID, HELLO) for _ in range(50)), return_exceptions=True
        )
        assert all(isinstance(outcome, Misconfigured) for outcome in outcomes)
        assert all(isinstance(outcome, SendError) and outcome.openid == OPENID for outcome in outcomes)

    run(storm())
    assert (platform.fetched, platform.calls[SEND]) == (1, 0)


def test_a_token_question_that_broke_off_is_not_a_message_that_may_have_arrived(
    platform: Platform, sqlite: Database, vault: Vault
) -> None:
    def broken(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    platform.answers["/cgi-bin/stable_token"] = broken

    async def again() -> None:
        client = platform.client(sqlite, vault)
        with pytest.raises(TryLater) as failed:
            await client.send_service(OPENID, HELLO)
        assert type(failed.value) is TryLater
        del platform.answers["/cgi-bin/stable_token"]
        platform.clock.forward(seconds=5)
        await client.send_service(OPENID, HELLO)

    run(again())


def test_a_spent_token_quota_is_told_as_such(platform: Platform, sqlite: Database, vault: Vault) -> None:
    platform.answers["/cgi-bin/stable_token"] = saying({"errcode": 45009, "errmsg": "reach max api daily quota limit"})
    with pytest.raises(QuotaSpent):
        run(platform.client(sqlite, vault).send_service(OPENID, HELLO))


def test_while_one_process_fetches_the_others_wait_and_take_its_token(database: Database, vault: Vault) -> None:
    clock = Clock()
    fetched: list[str] = []

    async def together() -> list[Token]:
        may_answer = asyncio.Event()
        looks = 0

        async def fetch(_force: bool) -> tuple[str, int]:
            fetched.append("T1")
            await may_answer.wait()
            return "T1", 7200

        async def pause(_seconds: float) -> None:
            nonlocal looks
            looks += 1
            if looks == 6:
                may_answer.set()
            await asyncio.sleep(0.001)

        keepers = [Tokens(database, vault, APP_ID, fetch, clock, pause) for _ in range(4)]
        return await asyncio.gather(*(keeper.current() for keeper in keepers))

    assert {token.value for token in run(together())} == {"T1"}
    assert fetched == ["T1"]


def test_a_refresher_that_died_is_replaced_when_its_lease_is_over(sqlite: Database, vault: Vault) -> None:
    clock = Clock()

    async def fetch(_force: bool) -> tuple[str, int]:
        return "T1", 7200

    async def never(_force: bool) -> tuple[str, int]:
        await asyncio.Event().wait()
        raise AssertionError

    async def pause(_seconds: float) -> None:
        clock.forward(seconds=1)
        await asyncio.sleep(0)

    async def story() -> None:
        dead = Tokens(sqlite, vault, APP_ID, never, clock, no_pause)
        dead._give_up = lambda: None  # type: ignore[method-assign]  # a killed process tidies nothing up
        task = asyncio.create_task(dead.current())
        alive = Tokens(sqlite, vault, APP_ID, fetch, clock, pause)
        for _ in range(1000):
            if await asyncio.to_thread(_is_claimed, sqlite):
                break
        assert (await alive.current()).value == "T1"
        task.cancel()

    run(story())


def _is_claimed(database: Database) -> bool:
    with database.read() as connection:
        return bool(connection.exec_driver_sql("SELECT refresher IS NOT NULL FROM platform_tokens").scalar())


def test_who_looked_before_the_last_token_came_may_not_fetch_another(database: Database) -> None:
    now, until = Clock().now, Clock().now + timedelta(seconds=30)
    with database.write() as connection:
        assert claim_refresh(connection, APP_ID, 0, "one", now, until)
        assert not claim_refresh(connection, APP_ID, 0, "two", now, until)
        assert not store_token(connection, APP_ID, 0, "two", b"sealed", until)
        assert store_token(connection, APP_ID, 0, "one", b"sealed", until)
        assert not claim_refresh(connection, APP_ID, 0, "two", now, until)
        assert claim_refresh(connection, APP_ID, 1, "two", now, until)
        assert claim_refresh(connection, APP_ID, 1, "three", until, until + timedelta(seconds=30))


def test_a_cancelled_fetch_lets_the_next_one_try_at_once(sqlite: Database, vault: Vault) -> None:
    clock = Clock()

    async def story() -> None:
        started = asyncio.Event()

        async def never(_force: bool) -> tuple[str, int]:
            started.set()
            await asyncio.Event().wait()
            raise AssertionError

        async def fetch(_force: bool) -> tuple[str, int]:
            return "T1", 7200

        async def no_waiting(_seconds: float) -> None:
            raise AssertionError("the claim was left behind")

        task = asyncio.create_task(Tokens(sqlite, vault, APP_ID, never, clock, no_pause).current())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await Tokens(sqlite, vault, APP_ID, fetch, clock, no_waiting).current()).value == "T1"

    run(story())


class _TokenServer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        body = b'{"access_token":"T%d","expires_in":7200}' % len(self.server.asked)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_parts: object) -> None:
        """Quiet."""


@pytest.fixture
def token_server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _TokenServer)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


PROCESS = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from bots.wechat.client import WeChatClient
from models.database import Database, database_url
from models.vault import Vault

async def main():
    database = Database(database_url(sys.argv[1], Path.cwd()))
    client = WeChatClient(sys.argv[2], "wx1", "secret", database, Vault("shared-by-both-processes-of-the-test"),
                          lambda: datetime(2026, 3, 2, tzinfo=UTC))
    print("ready", flush=True)
    sys.stdin.readline()
    tokens = await asyncio.gather(*(client._tokens.current() for _ in range(20)))
    print({token.value for token in tokens}, flush=True)
    await client.close()
    database.close()

asyncio.run(main())
"""


def test_processes_that_share_a_file_fetch_one_token(address: str, token_server: ThreadingHTTPServer) -> None:
    url = f"http://127.0.0.1:{token_server.server_address[1]}"
    root = Path(__file__).resolve().parents[2]
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROCESS, address, url],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    answers = [process.communicate("go\n", timeout=30)[0] for process in processes]
    assert answers == ["{'T1'}\n"] * 2
    assert token_server.asked == ["/cgi-bin/stable_token"]  # type: ignore[attr-defined]
