"""Peer (b): the usual way to store it: an async session and a commit a message, SQLite (WAL, FULL) or PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from sqlalchemy import BigInteger, Integer, String, event
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto

crypto = WeChatCrypto(os.environ["BENCH_TOKEN"], os.environ["BENCH_AES_KEY"], os.environ["BENCH_APP_ID"])
engine = create_async_engine(os.environ["BENCH_DATABASE_URL"])
sessions = async_sessionmaker(engine)


class Base(DeclarativeBase): ...


class CheckIn(Base):
    __tablename__ = "naive_check_ins"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    msg_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    openid: Mapped[str] = mapped_column(String(64), index=True)
    text: Mapped[str] = mapped_column(String(200))
    at: Mapped[str] = mapped_column(String(40))


if engine.dialect.name == "sqlite":

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection, _record):  # type: ignore[no-untyped-def]
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@asynccontextmanager
async def start(_app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield


app = FastAPI(lifespan=start)


@app.post("/wechat")
async def answer(request: Request, timestamp: str, nonce: str, msg_signature: str) -> Response:
    message = parse_message(crypto.decrypt_message(await request.body(), msg_signature, timestamp, nonce))
    async with sessions() as session:
        session.add(
            CheckIn(msg_id=message.id, openid=message.source, text=message.content, at=datetime.now(UTC).isoformat())
        )
        await session.commit()
    reply = create_reply(f"记下了：{message.content}", message).render()
    return Response(crypto.encrypt_message(reply, nonce, timestamp), media_type="application/xml")
