"""Messages that wait are one batch; nothing is said before it is stored; repeats change nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select

from app.process.parking import handle_parked
from app.process.runtime import Runtime
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.engine.registry import Registry
from models.actions.check_ins import Entry, record
from models.database import Database
from models.rules.check_in import Health, Measured
from models.tables import Account, CheckIn, Inbox, Outbox, PersonDay, UnitDay
from tests.cast import openid
from tests.house import Open, make_runtime, seat

pytestmark = pytest.mark.anyio


def listen(turn: Turn) -> Said | None:
    """A conversation small enough to watch the loop through: a number is recorded, 坏 breaks."""
    if turn.text == "坏":
        raise RuntimeError("this message is a bad one")
    if not turn.text.isdigit() or not turn.speaker.children:
        return say("请发数字")
    child = turn.speaker.children[0]
    entry = Entry(
        child.person_id,
        child.kind,
        child.unit_id,
        turn.day,
        Health((Measured(int(turn.text)),)),
        turn.text,
        "guardian",
        turn.sent_at,
        turn.incoming.msg_id,
        turn.speaker.account_id,
    )
    recorded = record(turn.work, entry)
    return say(f"记下了{turn.text}，第{recorded.day.revisions}次")


SMALL = Registry([Conversation("small", {"listen": listen}, "listen", reads=listen)])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def runtime(database: Database) -> Runtime:
    made = make_runtime(database)
    seat(made)
    return made


def count(runtime: Runtime, table: type) -> int:
    with runtime.database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


async def test_one_message_is_answered_and_stored(runtime: Runtime) -> None:
    async with Open(runtime, SMALL) as web:
        assert await web.say("奶奶", "365") == "记下了365，第1次"
    assert count(runtime, CheckIn) == 1
    with runtime.database.read() as connection:
        day = connection.execute(select(PersonDay.state, PersonDay.result)).one()
        unit = connection.execute(select(UnitDay.reported, UnitDay.on_time, UnitDay.fever)).one()
    assert tuple(day) == ("reported", "normal")
    assert tuple(unit) == (1, 1, 0)


async def test_the_same_message_pushed_again_gets_the_same_answer_and_changes_nothing(runtime: Runtime) -> None:
    async with Open(runtime, SMALL) as web:
        xml = web.platform.text_xml("奶奶", "365")
        first = await web.post(xml)
        again = await asyncio.gather(*(web.post(xml) for _ in range(5)))
        assert {web.platform.heard(answer) for answer in (first, *again)} == {"记下了365，第1次"}
    assert count(runtime, CheckIn) == 1


async def test_copies_that_arrive_together_are_one_message(runtime: Runtime) -> None:
    async with Open(runtime, SMALL) as web:
        xml = web.platform.text_xml("奶奶", "365")
        answers = await asyncio.gather(*(web.post(xml) for _ in range(12)))
        assert {web.platform.heard(answer) for answer in answers} == {"记下了365，第1次"}
    assert count(runtime, CheckIn) == 1
    assert count(runtime, Inbox) == 1


async def test_a_bad_message_does_not_spoil_its_neighbours(runtime: Runtime) -> None:
    async with Open(runtime, SMALL) as web:
        posts = [
            web.post(web.platform.text_xml(who, text))
            for who, text in (("奶奶", "365"), ("新人", "坏"), ("可妈", "366"), ("舟妈", "367"))
        ]
        answers = await asyncio.gather(*posts)
    assert [answer.status_code for answer in answers] == [200, 500, 200, 200]
    assert count(runtime, CheckIn) == 3


async def test_a_sender_is_heard_in_order(runtime: Runtime) -> None:
    async with Open(runtime, SMALL) as web:
        for number in range(360, 370):
            await web.say("奶奶", str(number))
    with runtime.database.read() as connection:
        day = connection.execute(select(PersonDay.revision, PersonDay.revisions)).one()
    assert tuple(day) == (10, 10)


async def test_an_older_message_that_comes_late_is_kept_and_counts_for_nothing(runtime: Runtime) -> None:
    clock = runtime.clock
    async with Open(runtime, SMALL) as web:
        early = web.platform.text_xml("奶奶", "381", sent_at=clock())
        clock.move(minutes=2)  # type: ignore[attr-defined]
        await web.say("奶奶", "365")
        assert web.platform.heard(await web.post(early)) == "记下了381，第2次"
    with runtime.database.read() as connection:
        assert connection.execute(select(PersonDay.result, PersonDay.revision)).one() == ("normal", 1)


async def test_somebody_never_seen_is_answered(runtime: Runtime) -> None:
    async with Open(runtime, SMALL) as web:
        assert await web.say("陌生人", "365") == "请发数字"
    with runtime.database.read() as connection:
        assert connection.execute(select(Account.id).where(Account.openid == openid("陌生人"))).scalar_one()


async def test_a_batch_costs_the_same_statements_whatever_its_size(runtime: Runtime) -> None:
    from app.main import make_dispatcher
    from tests.play import Play

    statements: list[str] = []
    event.listen(
        runtime.database.engine, "before_cursor_execute", lambda _c, _u, statement, *_: statements.append(statement)
    )
    dispatcher = make_dispatcher(runtime, SMALL)
    counted = []
    play = Play.__new__(Play)
    play._msg_id, play.now = 1, runtime.clock()
    for who in (["奶奶"], ["可妈", "舟妈", "小明爸爸", "爸爸"]):
        statements.clear()
        with runtime.database.write() as connection:
            work = runtime.work(connection)
            dispatcher.answer([play.incoming(name, "365") for name in who], work)
        counted.append(len([one for one in statements if not one.startswith(("BEGIN", "PRAGMA"))]))
    # The first batch also reads the tree of units, once in the life of the process.
    assert counted[1] <= 11
    assert counted[0] <= counted[1] + 2


async def test_a_parked_message_is_answered_success_and_its_reply_pushed(runtime: Runtime) -> None:
    from app.main import make_dispatcher
    from app.process.parking import pack_message
    from models.actions.inbox import park
    from tests.play import Play

    play = Play.__new__(Play)
    play._msg_id, play.now = 1, runtime.clock()
    message = play.incoming("奶奶", "365")
    with runtime.database.write() as connection:
        park(connection, runtime.vault, [(message.key, pack_message(message))], runtime.clock())
    dispatcher = make_dispatcher(runtime, SMALL)
    with runtime.database.write() as connection:  # its retry hears nothing and does nothing
        assert dispatcher.answer([message], runtime.work(connection)) == [None]
    assert count(runtime, CheckIn) == 0
    assert handle_parked(runtime, dispatcher) == 1
    assert handle_parked(runtime, dispatcher) == 0
    assert count(runtime, CheckIn) == 1
    with runtime.database.read() as connection:
        owed = connection.execute(select(Outbox.kind, Outbox.body)).one()
    assert owed.kind == "reply"
    assert runtime.vault.open_json("outbox.body", owed.body) == {"text": "记下了365，第1次"}


@pytest.fixture(autouse=True)
def _closed(runtime: Runtime) -> Iterator[None]:
    yield
    runtime.close()


async def test_under_overload_messages_are_parked_and_answered_success_and_none_is_lost(runtime: Runtime) -> None:
    from app.main import make_dispatcher

    crowded = replace(runtime, settings=runtime.settings.model_copy(update={"turn_queue": 3}))
    who = ["奶奶", "可妈", "舟妈", "小明爸爸", "爸爸"]
    async with Open(crowded, SMALL) as web:
        posts = [web.post(web.platform.text_xml(name, str(360 + turn))) for turn in range(8) for name in who]
        answers = await asyncio.gather(*posts)
        assert {answer.status_code for answer in answers} == {200}
        parked = sum(answer.text == "success" for answer in answers)
        assert parked > 0
    assert count(runtime, CheckIn) == len(answers) - parked
    dispatcher = make_dispatcher(runtime, SMALL)
    while handle_parked(runtime, dispatcher):
        pass
    assert count(runtime, CheckIn) == len(answers)
    assert count(runtime, Outbox) == parked


async def test_a_message_neither_handled_nor_parked_is_never_answered_success(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Open(runtime, SMALL) as web:
        monkeypatch.setattr("app.process.turn_loop.GIVE_UP", 0.2)
        with runtime.database.write() as connection:  # somebody else holds the database
            connection.execute(select(Account.id).with_for_update())
            answer = await web.post(web.platform.text_xml("奶奶", "365"))
            assert (answer.status_code, answer.text) == (500, "")
        answer = None
        for _ in range(100):  # it is handled once the database is free, and its retry hears what was said
            if count(runtime, CheckIn):
                break
            await asyncio.sleep(0.02)
    assert count(runtime, CheckIn) == 1
