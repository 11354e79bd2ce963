"""A bare number costs what its batch costs, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.play import Play

GUARDIANS = ("爸爸", "奶奶", "小明爸爸", "可妈", "舟妈")


@contextmanager
def statements(play: Play) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = play.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_twenty_bare_numbers_cost_as_many_statements_as_one(play_on_both: Play) -> None:
    play = play_on_both
    play.say("奶奶", "36.5")  # whatever is prepared once has been prepared
    with statements(play) as one:
        play.turn(play.incoming("爸爸", "36.5"))
    batch = [play.incoming(GUARDIANS[number % 5], f"36.{number % 7}") for number in range(20)]
    with statements(play) as twenty:
        said = play.turn(*batch)
    assert len(said) == 20
    assert all("℃" in line for line in said)
    assert len(twenty) == len(one)


def test_a_bare_number_reads_nothing_of_alerts_posts_or_holders(play: Play) -> None:
    with statements(play) as seen:
        play.say("爸爸", "36.5")
    assert not [statement for statement in seen if "alerts" in statement or "posts" in statement]
