"""The ladder: service, subscription, template, SMS, the call list; the rung, the reason and the errcode on the row."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from bots.sms.recorder import Recorder
from models.database import Database
from models.rules.push import Lane, Push
from models.tables import Account, Grant, Outbox, Person, QuotaDay
from schedules.job import Job, Moment
from tests import cast
from tests.schedules.test_delivery import TEMPLATE, half_past_seven, nudge
from tests.town import Town

pytestmark = pytest.mark.anyio

NOTICE = {
    "template_id": "sandboxSubscribeNotice000000000000000000001",
    "title": "健康登记通知",
    "content": "事项：{{thing1.DATA}}\n单位：{{thing2.DATA}}\n时间：{{time3.DATA}}\n备注：{{phrase4.DATA}}",
}
SUBSCRIBED = {"wechat_subscriptions": {"test-nudge": NOTICE["template_id"]}}
SMS = {"sms_templates": {"test-nudge": {"id": "SMS_1", "fields": {"unit": "unit"}}}}


def grandmother(kind: str = "test-nudge", **given: Any) -> Job:
    def plan(moment: Moment) -> Sequence[Push]:
        return [nudge(moment, "奶奶", "王乐乐", key=f"{kind}:{moment.at.isoformat()}", kind=kind, **given)]

    return Job(kind, half_past_seven, plan)


JOBS = {"test-nudge": grandmother(), "alert": grandmother("alert", lane=Lane.ALERT)}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def town(sqlite: Database) -> AsyncIterator[Town]:
    async with Town(sqlite, jobs=JOBS, templates=TEMPLATE) as made:
        yield made


async def send(town: Town, name: str = "test-nudge") -> tuple[Any, ...]:
    """Plan at the clock's minute and drain once; the row as (state, channel, errcode, why, error)."""
    planned = town.timetable.run_as_of(JOBS[name], town.clock(), town.clock())
    await (await town.worker()).drain(planned.occurrence_id)
    return rows(town)[-1]


def rows(town: Town) -> list[tuple[Any, ...]]:
    with town.runtime.database.read() as connection:
        found = connection.execute(
            select(Outbox.state, Outbox.channel, Outbox.errcode, Outbox.why, Outbox.error).order_by(Outbox.id)
        )
        return [tuple(row) for row in found]


def quota(town: Town) -> dict[str, tuple[int, bool]]:
    with town.runtime.database.read() as connection:
        found = connection.execute(select(QuotaDay.interface, QuotaDay.used, QuotaDay.closed))
        return {row.interface: (row.used, row.closed) for row in found}


async def grant(town: Town, **given: Any) -> None:
    await town.do("奶奶", "subscription", template_id=NOTICE["template_id"], **given)


@pytest.fixture
async def subscribed(sqlite: Database) -> AsyncIterator[Town]:
    async with Town(sqlite, jobs=JOBS, templates=TEMPLATE, settings=SUBSCRIBED) as made:
        (await made.control.post("/templates", json={"template": NOTICE, "subscription": True})).raise_for_status()
        yield made


async def test_a_granted_subscription_goes_before_the_template_and_is_used_up(subscribed: Town) -> None:
    await grant(subscribed)
    subscribed.at("07:30")
    assert await send(subscribed) == ("sent", "subscription", None, "客服消息：48小时内未发过消息", "")
    with subscribed.runtime.database.read() as connection:
        assert connection.execute(select(Grant.remaining)).scalars().all() == [0]
    subscribed.timetable.jobs = {"test-nudge": JOBS["test-nudge"]}
    subscribed.at("07:30", cast.MONDAY.replace(day=3))
    assert (await send(subscribed))[:2] == ("sent", "template")


async def test_a_subscription_taken_back_is_not_tried(subscribed: Town) -> None:
    await grant(subscribed)
    await grant(subscribed, accept=False)
    subscribed.at("07:30")
    assert (await send(subscribed))[:2] == ("sent", "template")


async def test_a_grant_the_platform_does_not_know_costs_one_call_and_is_forgotten(subscribed: Town) -> None:
    await grant(subscribed)
    await subscribed.faults(
        {"on": "call", "route": "/cgi-bin/message/subscribe/bizsend", "fault": "errcode", "errcode": 43101}
    )
    subscribed.at("07:30")
    state, channel, errcode, why, _ = await send(subscribed)
    assert (state, channel, errcode) == ("sent", "template", 43101)
    assert "订阅通知：未授权订阅" in why
    with subscribed.runtime.database.read() as connection:
        assert connection.execute(select(Grant.remaining)).scalars().all() == [0]


@pytest.mark.parametrize(("errcode", "reason"), [(45015, "超过48小时"), (45047, "可发条数已用完")])
async def test_a_window_the_platform_has_shut_leads_to_the_template(town: Town, errcode: int, reason: str) -> None:
    await town.say("奶奶", "你好")
    await town.faults(
        {"on": "call", "route": "/cgi-bin/message/custom/send", "fault": "errcode", "errcode": errcode, "times": 1}
    )
    town.at("07:30")
    state, channel, code, why, _ = await send(town)
    assert (state, channel, code) == ("sent", "template", errcode)
    assert reason in why
    with town.runtime.database.read() as connection:
        typed = select(Account.typed_at).where(Account.openid == cast.openid("奶奶"))
        assert connection.execute(typed).scalar_one() is None


@pytest.mark.parametrize("errcode", [43004, 48002, 43019])
async def test_whom_the_platform_cannot_reach_is_on_the_list_and_not_asked_again(town: Town, errcode: int) -> None:
    await town.faults({"on": "call", "route": "/cgi-bin/message/template/send", "fault": "errcode", "errcode": errcode})
    town.at("07:30")
    assert (await send(town))[:3] == ("failed", "list", errcode)
    calls = [entry for entry in await town.wire() if "template/send" in str(entry)]
    town.at("07:30", cast.MONDAY.replace(day=3))
    assert (await send(town))[:2] == ("failed", "list")
    assert [entry for entry in await town.wire() if "template/send" in str(entry)] == calls
    await town.faults()
    await town.say("奶奶", "我回来了")
    town.at("07:30", cast.MONDAY.replace(day=4))
    assert (await send(town))[:2] == ("sent", "service")


async def test_a_template_that_did_not_arrive_leads_to_the_list(town: Town) -> None:
    await town.faults(
        {
            "on": "call",
            "route": "/cgi-bin/message/template/send",
            "fault": "template_status",
            "status": "failed:user block",
        }
    )
    town.at("07:30")
    await send(town)
    (await town.control.post("/settle")).raise_for_status()
    await town.drain()
    assert rows(town)[-1][:2] == ("failed", "list")


async def test_sms_is_the_last_rung_before_the_list(sqlite: Database) -> None:
    recorder = Recorder()
    async with Town(sqlite, jobs=JOBS, sms=recorder, settings=SMS) as town:
        with town.runtime.database.write() as connection:
            phone = town.runtime.vault.seal("persons.phone", "13800000000")
            connection.execute(update(Person).where(Person.name == "王乐乐").values(phone=phone))
        town.at("07:30")
        state, channel, _, why, _ = await send(town)
        assert (state, channel) == ("sent", "sms")
        assert why == "客服消息：48小时内未发过消息；模板消息：未配置"
        ((phone_sent, values),) = [(one.phone, one.values) for one in recorder.sent]
        assert (phone_sent, values) == ("13800000000", {"unit": "红旗小学"})


async def test_the_day_quota_closes_a_rung_until_midnight_in_china(town: Town) -> None:
    await town.say("奶奶", "你好")
    await town.faults(
        {"on": "call", "route": "/cgi-bin/message/custom/send", "fault": "errcode", "errcode": 45009, "times": 1}
    )
    town.at("07:30")
    assert (await send(town))[:3] == ("sent", "template", 45009)
    assert quota(town)["service"] == (1, True)
    calls = [entry for entry in await town.wire() if "custom/send" in str(entry)]
    town.at("07:40")
    again = Job("again", lambda times: (town.runtime.district.local(town.clock()).time(),), JOBS["test-nudge"].plan)
    planned = town.timetable.run_as_of(again, town.clock(), town.clock())
    await (await town.worker()).drain(planned.occurrence_id)
    assert rows(town)[-1][:2] == ("sent", "template")
    assert [entry for entry in await town.wire() if "custom/send" in str(entry)] == calls
    town.at("07:30", cast.MONDAY.replace(day=3))
    assert (await send(town))[:2] == ("sent", "service")
    assert not [entry for entry in await town.wire() if "clear_quota" in str(entry)]


async def test_the_last_of_the_quota_is_kept_for_alerts(town: Town) -> None:
    await town.say("奶奶", "你好")
    limit = town.runtime.district.messages.daily_service
    town.at("07:30")
    with town.runtime.database.write() as connection:
        row = {"interface": "service", "day": cast.MONDAY, "used": limit - 5, "closed": False}
        connection.execute(QuotaDay.__table__.insert().values(row))  # type: ignore[attr-defined]
    state, channel, _, why, _ = await send(town)
    assert (state, channel) == ("sent", "template")
    assert "只留给预警" in why
    assert (await send(town, "alert"))[:2] == ("sent", "service")


def test_fields_are_shaped_to_the_platforms_types() -> None:
    from models.rules.template_fields import fill, shape

    local = datetime(2026, 3, 2, 7, 30, tzinfo=cast.ZONE)
    assert shape("thing1", "一" * 30, local) == "一" * 19 + "…"
    assert shape("phrase2", "请尽快点开查看", local) == "请尽快点开"
    assert shape("time3", "2026-03-02", local) == "2026年3月2日"
    assert shape("time3", "09:00", local) == "2026年3月2日 09:00"
    assert shape("date3", "", local) == "2026年3月2日 07:30"
    assert shape("number4", "应报45人", local) == "45"
    assert shape("character_string5", "三年级", local) == "-"
    assert shape("thing1", "上\n下", local) == "上 下"
    data = fill(("thing1", "thing9"), {"title": "thing1"}, {"title": "每日上报"}, local)
    assert data == {"thing1": "每日上报", "thing9": "请点开查看"}
