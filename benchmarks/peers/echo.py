"""Peer (a): FastAPI and wechatpy as their pages show them; safe mode, an echo that stores nothing."""

from __future__ import annotations

import os

from fastapi import FastAPI, Request, Response
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto

crypto = WeChatCrypto(os.environ["BENCH_TOKEN"], os.environ["BENCH_AES_KEY"], os.environ["BENCH_APP_ID"])
app = FastAPI()


@app.post("/wechat")
async def answer(request: Request, timestamp: str, nonce: str, msg_signature: str) -> Response:
    opened = crypto.decrypt_message(await request.body(), msg_signature, timestamp, nonce)
    message = parse_message(opened)
    reply = create_reply(message.content, message).render()
    return Response(crypto.encrypt_message(reply, nonce, timestamp), media_type="application/xml")
