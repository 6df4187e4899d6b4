"""A real web server of threads around an application of the test's own process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from waitress.server import create_server


def _as_it_is(_server: Any) -> None:
    """Change nothing."""


@contextmanager
def in_threads(app: Any, threads: int, change: Callable[[Any], None] = _as_it_is) -> Iterator[int]:
    """Serve it on loopback, the server changed first by `change`; give its port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    server = create_server(app, sockets=[listening], threads=threads, ident=None)
    change(server)

    def run() -> None:
        with suppress(OSError):  # closed below while it waits
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.task_dispatcher.shutdown()
        server.close()
        thread.join(5)
        for channel in list(server.active_channels.values()):
            channel.close()
