"""A proxy before a server that retries: every POST reaches the server twice, and only the second answer comes back.

Every other time it waits for the first answer and loses it, as where a connection broke; else it sends the second at once, as
where a proxy's patience ended while the server was still at work.
"""

from __future__ import annotations

import http.client
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_OWN = ("connection", "transfer-encoding", "content-length")


@dataclass
class Retries:
    """A running proxy: its port, and the statuses of the answers that nobody saw."""

    port: int
    lost: list[int] = field(default_factory=list)


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, server: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = server
        self.retries = Retries(self.server_address[1])
        self.turn = itertools.count()


class _Handler(BaseHTTPRequestHandler):
    server: _Proxy

    def do_POST(self) -> None:
        """Send it on twice."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        first = self._sent(body)
        if next(self.server.turn) % 2:
            self._lose(first)
            second = self._sent(body)
        else:
            second = self._sent(body)
            self._lose(first)
        answer = second.getresponse()
        said = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _OWN:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
        second.close()

    def _sent(self, body: bytes) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN}
        connection.request("POST", self.path, body, headers)
        return connection

    def _lose(self, connection: http.client.HTTPConnection) -> None:
        answer = connection.getresponse()
        answer.read()
        self.server.retries.lost.append(answer.status)
        connection.close()

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@contextmanager
def retrying(server: int) -> Iterator[Retries]:
    """Run it before the server on that port."""
    proxy = _Proxy(server)
    thread = threading.Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy.retries
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join(5)
