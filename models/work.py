"""One batch's unit of work: a connection, the moment, the vault, and the writes that wait to go out together.

Actions add rows; `flush` writes them one statement a table, in an order that respects foreign keys and locks. Whoever
reads through `connection` for themselves calls `flush` first, so that nothing of this batch is missing from the answer.
Nothing here commits: the door does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from models.queries.units import Units, UnitsCache
from models.rules.district import District
from models.statements import together
from models.vault import Vault

Row = dict[str, Any]
#: Writes all rows of one kind with as few statements as it can; may ask a question and give back a callable: what to do
#: when its answer has come.
Writer = Callable[[Connection, list[Row]], object]
#: Writers of a lower order are sent together, and what their questions leave to do follows; the others one by one.
FIRST_ALONE = 50


@dataclass(slots=True)
class Work:
    """What an action needs to change rows. `now` is the moment of the batch, not of a message."""

    connection: Connection
    now: datetime
    district: District
    vault: Vault
    #: the district's tree, or how to get it
    tree: Units | UnitsCache
    #: facts a batch has loaded once and keeps in step with what it writes (people's days, reports …)
    known: dict[Any, Any] = field(default_factory=dict)
    #: no lock is held: what waits is written later, on another connection (`carry_to`)
    only_asks: bool = False
    #: the district's day of `now`
    today: date = field(init=False)
    _units: Units | None = field(init=False, default=None)
    _asked: Callable[[], Units] | None = field(init=False, default=None)
    _rows: dict[tuple[int, str], list[Row]] = field(default_factory=lambda: defaultdict(list))
    _writers: dict[tuple[int, str], Writer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.today = self.district.day_of(self.now)

    @property
    def units(self) -> Units:
        """The district's tree as of when it was first asked for."""
        if self._units is None:
            if isinstance(self.tree, Units):
                self._units = self.tree
            else:
                self._units = (self._asked or self.tree.ask(self.connection))()
        return self._units

    def ask_units(self) -> None:
        """Send the question whether the tree we know is still true, with others."""
        if isinstance(self.tree, UnitsCache) and self._asked is None:
            self._asked = self.tree.ask(self.connection)

    def later(self, order: int, name: str, writer: Writer, row: Row) -> None:
        """Write `row`, which is ours from now on, at the next flush; rows of one `name` go out together, lower `order`
        first."""
        place = (order, name)
        self._writers[place] = writer
        self._rows[place].append(row)

    def flush(self) -> Connection:
        """Write what waits and give the connection for reading. Raises RuntimeError where this unit of work only asks."""
        if self._rows:
            if self.only_asks:
                raise RuntimeError("what only asks has owed something and asks again: ask first, then owe")
            waiting, self._rows = self._rows, defaultdict(list)
            for is_plain, places in groupby(sorted(waiting), key=lambda place: place[0] < FIRST_ALONE):
                rest: list[object] = []
                with together(self.connection) if is_plain else nullcontext():
                    for place in places:
                        rest.append(self._writers[place](self.connection, waiting[place]))
                for finish in rest:
                    if callable(finish):
                        finish()
        return self.connection

    def carry_to(self, other: Work) -> None:
        """Leave what waits to another unit of work, which writes it with its own; to itself, nothing happens."""
        if other is self:
            return
        for place, rows in self._rows.items():
            for row in rows:
                other.later(*place, self._writers[place], row)
        self._rows = defaultdict(list)
