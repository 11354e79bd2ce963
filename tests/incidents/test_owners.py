"""No case without an owner: a post ends, and what it answered for is the next one's within the minute."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from models.tables import Alert, IncidentStep, Post
from tests.cast import MONDAY
from tests.jobs.helper import run
from tests.play import Play

TUESDAY = MONDAY + timedelta(days=1)


def owners(play: Play) -> set[str]:
    names = {number: name for name, number in play.cast.people.items()}
    with play.database.read() as connection:
        found = {*connection.execute(select(Alert.owner_id)).scalars()}
        found |= {*connection.execute(select(IncidentStep.owner_id).where(IncidentStep.state == "open")).scalars()}
    return {names.get(number, "?") for number in found}


def test_what_somebody_who_left_answered_for_is_the_next_ones(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n小明爸爸: 38.5，社区通知我们是密接")
    assert "陈老师" in owners(play)
    with play.database.write() as connection:
        teacher = play.cast.people["陈老师"]
        connection.execute(update(Post).where(Post.person_id == teacher).values(to_date=TUESDAY))
    run(play, "alert-follow-up", "23:59")
    assert "陈老师" in owners(play)
    run(play, "alert-follow-up", "00:01", TUESDAY)
    assert owners(play) == {"孙主任", "报告人", "校医"}
