"""Two hundred journeys said as people say them, through the whole conversation: none is lost (issue 6).

The truth is put together from parts: where, whether it was a key region then, and how it is said. Whoever was in one is
on the list, or on the list of gaps a person has to close.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle, islice
from random import Random

import pytest
from sqlalchemy import delete, select, update

from models.actions.regions import add_regions
from models.database import Database
from models.queries.key_persons import missing, open_rows
from models.rules.authority import BUREAU
from models.rules.district import KeyRegion
from models.tables import Alert, CheckIn, Journey, KeyPerson, Person, PersonDay, Post
from tests.cast import MONDAY
from tests.play import Play

REGIONS = (
    ("武汉市", "420100"),
    ("黑河市", "231100"),
    ("石家庄市", "130100"),
    ("通化市", "220500"),
    ("温州市", "330300"),
)
IN = ("武汉", "黑河", "石家庄", "通化", "温州", "湖北武汉", "黑龙江黑河", "河北石家庄", "吉林通化", "浙江温州")
OUT = ("长春", "沈阳", "上海", "广州", "成都")
SAID = (
    "36.5 昨天从{}回来的",
    "36.5，2月20号去的{}，还没回来",
    "36.5 上周去了趟{}",
    "体温36.5，孩子现在在{}",
    "36.5 我们在{}姥姥家",
    "36.5 前天从{}坐火车回来",
    "36.5没有不舒服，2月25日从{}返回",
    "孩子36.5 人在{}",
    "36.5 2月24号到{}，2月27号回来的",
    "36.5 带孩子去{}玩了两天，昨天回来",
    "36.5 刚从{}回来",
    "36.5 去过{}，上周六回来的",
    "36.5 一直在{}没回来",
    "三十六度五 昨晚从{}自驾回来",
    "36.5 寒假去了{}，2月28日回的",
    "36.5 孩子在{}爷爷家，还没回",
    "36.5 不咳嗽 2月26号从{}坐飞机回来的",
    "36.5 正在{}，下周回",
    "36.5，我们23号从{}回来",
    "36.5 2月22日至2月26日在{}",
)


@pytest.mark.long
def test_two_hundred_sentences_lose_no_journey_to_a_key_region(database: Database) -> None:
    play = Play(database)
    with play.database.write() as connection:
        work = play.work(connection)
        add_regions(work, [KeyRegion(*one, MONDAY - timedelta(days=40)) for one in REGIONS], "test")
        work.flush()
    child = play.cast.people["王乐乐"]
    play.clock("08:00")
    found, listed, false = 0, 0, 0
    truths = [
        (form.format(place), place in IN)
        for form, place in zip(islice(cycle(SAID), 200), islice(cycle((*IN, *OUT[:3])), 200), strict=True)
    ]
    lost = []
    for text, in_region in truths:
        play.say("奶奶", text)
        with play.database.write() as connection:
            categories = {row.category for row in open_rows(connection, play.vault, MONDAY)}
            gaps = missing(connection, MONDAY, MONDAY)
            for table in (KeyPerson, Journey, CheckIn, PersonDay, Alert):
                connection.execute(delete(table).where(table.person_id == child))
            from models.tables import Account

            connection.execute(update(Account).values(wait=None))
        if in_region and "kp_region" in categories:
            found += 1
        elif in_region and (categories or gaps):
            listed += 1
        elif in_region:
            lost.append(text)
        elif "kp_region" in categories:
            false += 1
    there = sum(in_region for _, in_region in truths)
    assert lost == []
    assert found / there >= 0.99
    assert false == 0


@pytest.mark.long
def test_no_key_person_is_without_a_keeper_at_any_moment(database: Database) -> None:
    """Whatever becomes of teachers and classes, between any two messages: everybody on the list has one named keeper."""
    play = Play(database)
    chance = Random(20260302)
    cast, today = play.cast, MONDAY
    families = (("奶奶", "王乐乐"), ("小明爸爸", "李小明"), ("可妈", "赵可"), ("舟妈", "周舟"))
    for number in range(40):
        today = MONDAY + timedelta(days=number // 8)
        play.clock(f"{9 + number % 8:02}:00", today)
        match chance.randrange(4):
            case 0:
                who, _ = chance.choice(families)
                play.say(who, f"36.5 昨天从{chance.choice(OUT)}回来")
            case 1:
                with play.database.write() as connection:
                    held = connection.execute(
                        select(Post.id).where(Post.to_date.is_(None), Post.role.notin_(BUREAU))
                    ).scalars()
                    ids = list(held)
                    if ids:
                        connection.execute(update(Post).where(Post.id == chance.choice(ids)).values(to_date=today))
            case 2:
                with play.database.write() as connection:
                    leaving = cast.people[chance.choice(("陈老师", "黄老师", "卫老师", "孙主任", "报告人"))]
                    connection.execute(update(Person).where(Person.id == leaving).values(left_on=today))
            case _:
                with play.database.write() as connection:
                    moved = cast.people[chance.choice(families)[1]]
                    unit = cast.units[
                        chance.choice(("红旗小学/三年级/1班", "红旗小学/五年级/1班", "江畔中学/七年级/1班"))
                    ]
                    connection.execute(update(Person).where(Person.id == moved).values(unit_id=unit))
        with play.database.read() as connection:
            rows = open_rows(connection, play.vault, today)
        assert [row.name for row in rows if row.keeper_id is None] == []
    assert rows
