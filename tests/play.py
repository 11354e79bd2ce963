"""Plays dialogues against the real dispatcher on a real database, as a person would read them.

    【08:10】
    妈妈: 36.5
    机器人: 记下了：…

`play(script)` plays the people's lines and gives the whole dialogue back with what the bot really said; a test compares
the two. `play.say(who, text)` plays one line; `play.owed(who)` lists the pushes owed to somebody since the last look.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bots.engine.dispatcher import Dispatcher
from bots.engine.incoming import Incoming
from bots.engine.registry import Registry, discover
from bots.engine.replies import Choices, Reply, Text, with_links
from models.database import Database
from models.queries.units import UnitsCache
from models.rules.district import District
from models.tables import Outbox
from models.vault import Vault
from models.work import Work
from tests.cast import DISTRICT, MONDAY, SECRET, Cast, at, build, openid

PUBLIC_URL = "https://pinganbao.test"


def shown(reply: Reply | None) -> str:
    """A reply as one reads it; empty when nothing is said."""
    match reply:
        case None:
            return ""
        case Text(content):
            return with_links(content)
        case Choices(head, items, tail):
            return "\n".join([head, *(f"[{label}]" for _, label in items), *([tail] if tail else [])])
        case _:
            return str(reply)


class Play:
    """A cast on a stage: a database, a dispatcher and a clock that only the script moves."""

    def __init__(self, database: Database, district: District = DISTRICT, registry: Registry | None = None) -> None:
        self.database, self.district = database, district
        self.vault = Vault(SECRET)
        with database.write() as connection:
            self.cast: Cast = build(connection, self.vault)
        from bots.wechat.menu import MENU_WORDS

        self.dispatcher = Dispatcher(registry or discover(), PUBLIC_URL, MENU_WORDS)
        self.units = UnitsCache()
        self.now = at("07:31")
        self._msg_id = 1000
        self._seen = 0

    def clock(self, text: str, day: date = MONDAY) -> None:
        self.now = at(text, day)

    def work(self, connection: Any) -> Work:
        """A unit of work as the turn loop makes it."""
        return Work(connection, self.now, self.district, self.vault, self.units)

    def incoming(self, who: str, text: str = "", **fields: Any) -> Incoming:
        """A message of `who` now; each gets its own MsgId."""
        self._msg_id += 1
        sent_at: datetime = fields.pop("sent_at", self.now)
        kind = fields.pop("kind", "text")
        msg_id = 0 if kind == "event" else fields.pop("msg_id", self._msg_id)
        key = fields.pop("key", f"{openid(who)}+{msg_id or (sent_at, fields.get('event'), fields.get('event_key'))}")
        return Incoming(
            key=key,
            openid=openid(who),
            account="gh_cast",
            sent_at=sent_at,
            kind=kind,
            msg_id=msg_id,
            text=text,
            **fields,
        )

    def turn(self, *messages: Incoming) -> list[str]:
        """Handle messages as one batch, committed; gives what is shown to each."""
        with self.database.write() as connection:
            replies = self.dispatcher.answer(list(messages), self.work(connection))
        return [shown(reply) for reply in replies]

    def say(self, who: str, text: str, **fields: Any) -> str:
        """One line of one person; a second passes between lines."""
        said = self.turn(self.incoming(who, text, **fields))[0]
        self.now += timedelta(seconds=1)
        return said

    def event(self, who: str, event: str, event_key: str = "", **fields: Any) -> str:
        said = self.turn(self.incoming(who, kind="event", event=event, event_key=event_key, **fields))[0]
        self.now += timedelta(seconds=1)
        return said

    def __call__(self, script: str) -> str:
        """Play the people's lines of a script; gives the dialogue with the bot's real lines."""
        made = []
        for line in script.strip("\n").splitlines():
            if found := re.fullmatch(r"【(\d\d:\d\d)】", line.strip()):
                self.clock(found[1])
                made.append(line.strip())
            elif (found := re.match(r"(\w+): (.*)", line)) and found[1] != "机器人":
                made.append(f"{found[1]}: {found[2]}")
                if said := self.say(found[1], found[2]):
                    made.append(f"机器人: {said}")
        return "\n" + "\n".join(made) + "\n"

    def owed(self, who: str | None = None, kind: str | None = None) -> list[str]:
        """The texts of pushes owed (to `who`, of `kind`), oldest first."""
        with self.database.read() as connection:
            rows = connection.execute(select(Outbox.account_id, Outbox.kind, Outbox.body).order_by(Outbox.id)).all()
        wanted = self.cast.accounts[who] if who else None
        return [
            with_links(str(self.vault.open_json("outbox.body", row.body).get("text", "")))
            for row in rows
            if (wanted is None or row.account_id == wanted) and (kind is None or row.kind == kind)
        ]
