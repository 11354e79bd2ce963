"""A delivery worker in a process of its own that kills itself (−9) at a named step; run as a module.

    python -m tests.schedules.crashing DATABASE_URL PLATFORM_URL STEP NUMBER OCCURRENCE

STEP: claimed (committed, not called), called (accepted by the platform, not recorded), half (before the commit that
records), recorded (just after it), or none (works to the end). NUMBER: at which such moment.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from app.process.liveness import Liveness
from app.process.runtime import Clock
from app.process.serving import TemplateBook, calendar_of, make_client
from bots.engine.replies import Reply
from bots.engine.sender import Sender, Sent
from models.actions import delivery
from models.database import Database, database_url
from schedules.delivery.drain import Delivery, House
from tests import cast
from tests.house import make_runtime
from tests.schedules.crowd import KINDS

TEMPLATE_ID = "sandboxTemplateTodoNotice000000000000000001"


class Fuse:
    """Burns down a little at each moment of its step, and kills the process at the end."""

    def __init__(self, step: str, number: int) -> None:
        self.step, self.left = step, number

    def burn(self, step: str, by: int = 1) -> None:
        if step == self.step and by:
            self.left -= by
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Fused:
    """A sender whose process may die just before a call leaves or just after it was accepted."""

    def __init__(self, inner: Sender, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    async def send_service(self, openid: str, reply: Reply) -> Sent:
        self._fuse.burn("claimed")
        done = await self._inner.send_service(openid, reply)
        self._fuse.burn("called")
        return done

    async def send_template(
        self, openid: str, template_id: str, data: Mapping[str, str], url: str, client_msg_id: str
    ) -> Sent:
        self._fuse.burn("claimed")
        done = await self._inner.send_template(openid, template_id, data, url, client_msg_id)
        self._fuse.burn("called")
        return done

    async def send_subscription(self, openid: str, template_id: str, data: Mapping[str, str], url: str) -> Sent:
        return await self._inner.send_subscription(openid, template_id, data, url)


async def main(address: str, platform: str, step: str, number: int, occurrence: int) -> None:
    database = Database(database_url(address, Path.cwd()))
    runtime = make_runtime(database, Clock(), cast.DISTRICT, wechat_api_url=platform)
    fuse = Fuse(step, number)
    settle = delivery.settle

    def fused_settle(*given: object) -> None:
        outcomes = given[2]
        settle(*given)  # type: ignore[arg-type]
        fuse.burn("half", len(outcomes))  # type: ignore[arg-type]

    delivery.settle = fused_settle  # type: ignore[assignment]
    liveness = Liveness(database)
    client = make_client(runtime)
    book = TemplateBook(dict.fromkeys((kind for kind in KINDS if kind.endswith("template")), TEMPLATE_ID))
    await book.learn(client)
    house = House(
        database,
        runtime.vault,
        runtime.district,
        runtime.clock,
        liveness.worker,
        liveness.alive,
        book,
        is_due=calendar_of(runtime),
    )
    worker = Delivery(house, Fused(client, fuse))
    turn = worker._turn

    async def fused_turn(landed: list[delivery.Outcome], *rest: object) -> object:
        done = await turn(landed, *rest)  # type: ignore[arg-type]
        fuse.burn("recorded", len(landed))
        return done

    worker._turn = fused_turn  # type: ignore[method-assign,assignment]
    await worker.finish(occurrence)
    await client.close()
    liveness.close()
    database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
