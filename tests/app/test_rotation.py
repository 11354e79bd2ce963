"""A changed SECRET_KEY: old values are still read, and `rotate` brings them under the new key."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from models.actions.rotation import reseal_slice, sealed_columns
from models.database import Database
from models.tables import Base, BindingCode, CheckIn, Person
from models.vault import SealBroken, Vault
from tests.cast import SECRET, at
from tests.play import Play

NEW = "the-new-secret-of-the-same-district"


def rotate(database: Database, vault: Vault) -> int:
    total = 0
    for table, columns in sealed_columns():
        after = None
        while True:
            with database.write() as connection:
                changed, after = reseal_slice(connection, vault, table, columns, after)
            total += changed
            if after is None:
                break
    return total


def test_every_sealed_column_is_found() -> None:
    names = {f"{table.name}.{column.name}" for table, columns in sealed_columns() for column in columns}
    assert {"check_ins.health", "check_ins.raw", "persons.phone", "outbox.body", "accounts.wait"} <= names
    assert not any(name.endswith("_index") for name in names)
    assert "inbox.key" not in names
    assert len(Base.metadata.tables) > len(sealed_columns())


def test_a_rotation_changes_each_value_once_and_loses_none(play_on_both: Play) -> None:
    play = play_on_both
    play.say("奶奶", "38.2 咳嗽")
    with play.database.write() as connection:
        old = Vault(SECRET)
        connection.execute(
            update(Person)
            .where(Person.number == "S001")
            .values(
                phone=old.seal("persons.phone", "13900000001"), phone_index=old.index("persons.phone", "13900000001")
            )
        )
    both, new = Vault(NEW, [SECRET]), Vault(NEW)
    assert rotate(play.database, both) > 0
    assert rotate(play.database, both) == 0
    with play.database.read() as connection:
        health, raw = connection.execute(select(CheckIn.health, CheckIn.raw)).one()
        assert new.open("check_ins.raw", raw) == "38.2 咳嗽"
        assert new.open_json("check_ins.health", health)["r"] == [[382, "unknown"]]
        found = connection.execute(
            select(BindingCode.code).where(
                BindingCode.code_index == new.index("binding_codes.code", play.cast.codes["周舟"])
            )
        ).scalar_one()
        assert new.open("binding_codes.code", found) == play.cast.codes["周舟"]
        phone = connection.execute(
            select(Person.phone).where(Person.phone_index == new.index("persons.phone", "13900000001"))
        ).scalar_one()
        assert new.open("persons.phone", phone) == "13900000001"


def test_without_the_old_key_nothing_is_half_rotated(play: Play) -> None:
    play.clock("08:00")
    play.say("奶奶", "36.5")
    with pytest.raises(SealBroken):
        rotate(play.database, Vault(NEW))
    assert play.say("奶奶", "今天")
    assert play.now > at("08:00")
