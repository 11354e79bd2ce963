"""The levers of the control API: what a tester or the page may move (control.py is the reference)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import FastAPI, HTTPException

from app.sandbox.control.bodies import AccountChange, ClockMove, FaultRules, NewTemplate
from app.sandbox.phones.morning import Morning
from app.sandbox.platform.clock import read_moment
from app.sandbox.platform.faults import read_rule
from app.sandbox.platform.world import World


def add_levers(app: FastAPI, world: World) -> None:
    """Clock, faults, the account's configuration, templates, tokens."""

    @app.get("/clock")
    async def clock() -> dict[str, Any]:
        return clock_json(world)

    @app.post("/clock")
    async def move_clock(body: ClockMove) -> dict[str, Any]:
        async with world.pusher.grounded():
            before = world.clock.offset_seconds
            _move(world, body)
            try:
                await world.move_clock()
            except ConnectionError:
                world.clock.restore(before)
                raise
        world.feed.tell("clock", **clock_json(world))
        return clock_json(world)

    @app.get("/faults")
    async def faults() -> dict[str, Any]:
        return {"rules": [rule.as_json() for rule in world.faults.rules]}

    @app.put("/faults")
    async def set_faults(body: FaultRules) -> dict[str, Any]:
        try:
            world.faults.set([read_rule(rule) for rule in body.rules])
        except (ValueError, TypeError) as error:
            raise HTTPException(422, str(error)) from error
        return {"rules": [rule.as_json() for rule in world.faults.rules]}

    @app.delete("/faults")
    async def no_faults() -> dict[str, Any]:
        world.faults.set([])
        return {"rules": []}

    @app.post("/account")
    async def change_account(body: AccountChange) -> dict[str, Any]:
        account = world.account
        url, token, mode = account.callback_url, account.token, account.mode
        try:
            account.change(**body.model_dump(exclude_none=True, exclude={"verify"}))
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        if body.verify:
            ok, reason = await world.pusher.verify()
            if not ok:
                account.change(callback_url=url, token=token, mode=mode)
                raise HTTPException(400, f"the callback failed the check: {reason}")
        return {"callback_url": account.callback_url, "mode": account.mode, "kind": account.kind}

    @app.post("/verify")
    async def verify() -> dict[str, Any]:
        ok, reason = await world.pusher.verify()
        return {"ok": ok, "reason": reason}

    @app.post("/templates", status_code=201)
    async def add_template(body: NewTemplate) -> dict[str, Any]:
        try:
            (world.subscriptions if body.subscription else world.templates).add(body.template)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        return body.template

    @app.post("/tokens/revoke")
    async def revoke() -> dict[str, Any]:
        world.tokens.revoke_all(world.now)
        return {}

    @app.post("/settle")
    async def settle() -> dict[str, Any]:
        await world.settle()
        return {}


def _move(world: World, body: ClockMove) -> None:
    if body.to is not None:
        try:
            moment = read_moment(body.to, world.clock.now(), world.zone)
        except ValueError as error:
            raise HTTPException(422, "to must be an ISO time or like: next 07:30") from error
        world.clock.move_to(moment)
    elif body.by_seconds is not None:
        world.clock.move_by(timedelta(seconds=body.by_seconds))
    else:
        raise HTTPException(422, "the clock needs to or by_seconds")


def add_acts(app: FastAPI, morning: Morning) -> None:
    """What the users who are not on the page do."""

    @app.get("/acts")
    async def acts() -> list[dict[str, str]]:
        return morning.labels()

    @app.post("/acts/{name}")
    async def play(name: str) -> dict[str, int]:
        try:
            return await morning.play(name)
        except LookupError as error:
            raise HTTPException(404, str(error)) from error


def clock_json(world: World) -> dict[str, Any]:
    """The clock as the control API shows it."""
    now = world.clock.now()
    return {
        "now": now.isoformat(),
        "local": now.astimezone(world.zone).isoformat(timespec="seconds"),
        "offset_seconds": world.clock.offset_seconds,
    }
