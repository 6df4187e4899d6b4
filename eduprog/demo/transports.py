"""The other end of the demo's mail: a real SMTP server on this machine that keeps what it is given as files."""

from __future__ import annotations

import threading
from asyncio.base_events import Server
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
KEPT = 500
_LARGEST = 1024 * 1024


class _Keeper:
    """Writes each message to a numbered file and forgets the oldest beyond `KEPT`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._lock = threading.Lock()
        self._last = max((int(file.stem) for file in folder.glob("*.eml") if file.stem.isdecimal()), default=0)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a message."""
        content = envelope.content or b""
        with self._lock:
            self._last += 1
            unready = self._folder / f"{self._last:08d}.part"
            unready.write_bytes(content if isinstance(content, bytes) else content.encode())
            unready.rename(unready.with_suffix(".eml"))
            (self._folder / f"{self._last - KEPT:08d}.eml").unlink(missing_ok=True)
        return "250 kept"


class Catcher(Controller):
    """The server; after `start`, `port` says where it listens. It takes mail for anybody and delivers to nobody."""

    def __init__(self, folder: Path) -> None:
        super().__init__(_Keeper(folder), hostname=LOOPBACK, port=0, ready_timeout=10.0, data_size_limit=_LARGEST)

    def _trigger_server(self) -> None:
        """With port 0 the system chose; the base class would knock at the wrong one."""
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd is untyped
