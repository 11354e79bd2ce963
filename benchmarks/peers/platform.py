"""The least a platform can be: answers every call with a token or with `ok`, and counts. Run as a module with a port."""

from __future__ import annotations

import asyncio
import sys
from typing import cast

_OK = b'{"errcode":0,"errmsg":"ok","msgid":1}'
_TOKEN = b'{"access_token":"bench-token","expires_in":7200}'


class Platform(asyncio.Protocol):
    """One connection; requests carry Content-Length and follow one another."""

    def __init__(self) -> None:
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without saying so

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            place = head.find(b"content-length:")
            length = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            if len(self._buffer) < end + 4 + length:
                return
            self._buffer = self._buffer[end + 4 + length :]
            body = _TOKEN if b"stable_token" in head[:200] else _OK
            self._transport.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
            )


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Platform, "127.0.0.1", port, backlog=1024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(int(sys.argv[1])))
