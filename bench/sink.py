"""A mail server that does as little as one can: takes everything, keeps nothing. `python bench/sink.py` prints its port.

`--pipelining` offers that; `--wait=0.005` thinks so many seconds before each answer, as servers elsewhere do.
"""

from __future__ import annotations

import asyncio
import sys


class Sink(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.unread = b""
        self.in_data = False
        self.transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.unread += data
        answers: list[bytes] = []
        while True:
            end = b"\r\n.\r\n" if self.in_data else b"\r\n"
            line, found, rest = self.unread.partition(end)
            if not found:
                break
            self.unread = rest
            answers.append(self.answer(line))
        if answers and WAIT:
            asyncio.get_running_loop().call_later(WAIT, self.transport.write, b"".join(answers))
        elif answers:
            self.transport.write(b"".join(answers))

    def answer(self, line: bytes) -> bytes:
        """Answer a command, or a whole message."""
        if self.in_data:
            self.in_data = False
            return b"250 taken\r\n"
        verb = line[:4].upper()
        if verb == b"DATA":
            self.in_data = True
            return b"354 go on\r\n"
        if verb == b"EHLO":
            return b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n" if PIPELINING else b"250-sink\r\n250 8BITMIME\r\n"
        if verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
            return b""
        return b"250 ok\r\n"


PIPELINING = "--pipelining" in sys.argv
WAIT = max((float(one.partition("=")[2]) for one in sys.argv if one.startswith("--wait=")), default=0.0)


async def main() -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
