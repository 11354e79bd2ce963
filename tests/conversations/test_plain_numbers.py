"""A bare number answered at once is answered, kept and counted exactly as it would have been the long way."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import LargeBinary, select

from bots.engine.incoming import Incoming
from models.tables import Account, Alert, CheckIn, Outbox, PersonDay, UnitDay
from tests.cast import MONDAY
from tests.play import Play, shown

TEXTS = [f"{whole}.{tenth}" for whole in range(35, 38) for tenth in range(10)] + ["34.0", "34.9", "38.4", "42.9"]
OTHER_FORMS = ["36。5", "36.5度", "36．8℃", "36·4", "36.5 ", "36.55", "136.5", "365", "36.5。", "体温36.5"]


def _open(table: Any) -> list[Any]:
    """The columns that are not sealed: two seals of one value differ."""
    return [column for column in table.__table__.columns if not isinstance(column.type, LargeBinary)]


class Compared:
    """What a message would do to a fresh morning, with and without the short way; nothing stays."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.at_once = list(play.dispatcher._registry.at_once)
        self.taken = 0

    def both(self, *messages: Incoming) -> None:
        short, long = self.outcome(messages, self._watched()), self.outcome(messages, [])
        assert short == long

    def _watched(self) -> list[Any]:
        def watched(step: Any) -> Any:
            def see(turn: Any) -> Any:
                said = step(turn)
                self.taken += said is not None
                return said

            return see

        return [watched(step) for step in self.at_once]

    def outcome(self, messages: tuple[Incoming, ...], at_once: list[Any]) -> Any:
        play, vault = self.play, self.play.vault
        play.dispatcher._registry.at_once = at_once
        with play.database.engine.connect() as connection:
            transaction = connection.begin()
            replies = play.dispatcher.answer(list(messages), play.work(connection))
            made = [
                [tuple(row) for row in connection.execute(select(*_open(table)).order_by(*order))]
                for table, order in (
                    (PersonDay, (PersonDay.person_id,)),
                    (UnitDay, (UnitDay.unit_id, UnitDay.kind)),
                    (Alert, (Alert.id,)),
                )
            ]
            kept = []
            for row in connection.execute(select(CheckIn).order_by(CheckIn.person_id, CheckIn.revision)).mappings():
                values = dict(row)
                values["health"] = vault.open_json("check_ins.health", values["health"])
                values["raw"] = vault.open("check_ins.raw", values["raw"])
                kept.append(values)
            owed = [tuple(row) for row in connection.execute(select(Outbox.key, Outbox.kind).order_by(Outbox.key))]
            waits = [
                None if row.wait is None else vault.open_json("accounts.wait", row.wait)
                for row in connection.execute(select(Account.wait).order_by(Account.id))
            ]
            transaction.rollback()
        return [shown(reply) for reply in replies], made, kept, owed, waits


@pytest.mark.parametrize("clock", ["07:31", "09:31", "12:31"])
def test_every_number_is_answered_and_kept_alike(play: Play, clock: str) -> None:
    play.clock(clock)
    compared = Compared(play)
    for text in [*TEXTS[:: 1 if clock == "07:31" else 5], *OTHER_FORMS]:
        compared.both(play.incoming("爸爸", text))
    assert compared.taken > (8 if clock == "07:31" else 1)  # the short way was in fact taken


def test_whoever_speaks_for_several_or_for_oneself_is_answered_alike(play: Play) -> None:
    compared = Compared(play)
    for who in ("妈妈", "奶奶", "小明爸爸", "王老师", "陌生人"):
        for text in ("36.5", "37.3", "35.9"):
            compared.both(play.incoming(who, text))


def test_a_second_number_and_a_batch_of_several_are_answered_alike(play: Play) -> None:
    compared = Compared(play)
    compared.both(play.incoming("爸爸", "36.5"), play.incoming("爸爸", "36.5"), play.incoming("爸爸", "36.9"))
    compared.both(play.incoming("爸爸", "36.5"), play.incoming("奶奶", "36.6"), play.incoming("可妈", "38.2"))
    compared.both(play.incoming("爸爸", "咳嗽"), play.incoming("爸爸", "36.5"))  # its question is open


def test_a_number_of_a_day_that_has_passed_is_answered_alike(play: Play) -> None:
    message = play.incoming("爸爸", "36.5")
    play.clock("07:31", MONDAY.replace(day=MONDAY.day + 1))
    Compared(play).both(message)
