"""Do both servers we run on agree with every proxy about where a request ends, so that nobody slips one inside another?"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from eduprog.web import endings
from tests.process import echo
from tests.support.in_threads import in_threads

ROOT = Path(__file__).resolve().parent.parent.parent
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
LENGTH = str(len(HIDDEN)).encode()
_SIZE = f"{len(HIDDEN):x}".encode()
# The fields of a request whose body holds another one, and that body. Each is refused, or ends after its whole body, or by
# what the standard says of it; whatever a proxy made of it, the other request is never taken for one.
BODIES = {
    "an honest length": (b"Content-Length: " + LENGTH, HIDDEN),
    "honest pieces": (b"Transfer-Encoding: chunked", _SIZE + b"\r\n" + HIDDEN + b"\r\n0\r\n\r\n"),
    "two lengths, the shorter first": (b"Content-Length: 0\r\nContent-Length: " + LENGTH, HIDDEN),
    "two lengths, the longer first": (b"Content-Length: " + LENGTH + b"\r\nContent-Length: 0", HIDDEN),
    "two lengths in one": (b"Content-Length: 0, " + LENGTH, HIDDEN),
    "a length with a sign": (b"Content-Length: +0", HIDDEN),
    "a length below nothing": (b"Content-Length: -1", HIDDEN),
    "a length in another base": (b"Content-Length: 0x0", HIDDEN),
    "a length with a line between": (b"Content-Length: 0_0", HIDDEN),
    "a blank before the colon": (b"Content-Length : 0", HIDDEN),
    "a folded field": (b"X-Long: a\r\n Content-Length: 0", HIDDEN),
    "pieces of another name": (b"Transfer-Encoding: xchunked\r\nContent-Length: " + LENGTH, HIDDEN),
    "pieces named with a tab": (b"Transfer-Encoding:\x0bchunked\r\nContent-Length: " + LENGTH, b"0\r\n\r\n" + HIDDEN),
    "pieces, then something else": (b"Transfer-Encoding: chunked, identity", b"0\r\n\r\n" + HIDDEN),
    "pieces twice": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"0\r\n\r\n" + HIDDEN),
    "a size in another base": (b"Transfer-Encoding: chunked", b"0x0\r\n\r\n" + HIDDEN),
    "a size with a sign": (b"Transfer-Encoding: chunked", b"+0\r\n\r\n" + HIDDEN),
    "a size below nothing": (b"Transfer-Encoding: chunked", b"-0\r\n\r\n" + HIDDEN),
    "a length and pieces": (b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"0\r\n\r\n" + HIDDEN),
}


@contextmanager
def _waitress(_notes: Path) -> Iterator[int]:
    with in_threads(echo.application, 2, endings.refuse_doubtful_endings) as port:
        yield port


@contextmanager
def _gunicorn(notes: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "EDUPROG_TEST_NOTES": str(notes),
        "EDUPROG_BIND": f"127.0.0.1:{port}",
        "EDUPROG_WEB_PROCESSES": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--log-level", "error", "tests.process.echo"]
    running = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _until_it_listens(port)
        yield port
    finally:
        running.terminate()
        running.wait(20)


def _until_it_listens(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server did not begin to listen")


@pytest.mark.parametrize("server", [_waitress, _gunicorn])
def test_asvs_4_2_1_a_request_ends_where_it_says_and_no_other_hides_in_it(
    server: Callable[[Path], AbstractContextManager[int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes"
    monkeypatch.setenv("EDUPROG_TEST_NOTES", str(notes))
    took = {}
    with server(notes) as port:
        for name, (fields, body) in BODIES.items():
            notes.write_text("")
            status = _ask(port, b"POST /seen HTTP/1.1\r\nHost: localhost\r\n" + fields + b"\r\n\r\n" + body)
            took[name] = (status in (400, 501), notes.read_text().splitlines())
    assert took.pop("an honest length") == took.pop("honest pieces") == (False, [f"POST /seen {len(HIDDEN)}"])
    assert {name: what for name, what in took.items() if what != (True, [])} == {}


def _ask(port: int, said: bytes) -> int:
    """Send bytes as they are, read until the server has no more to say, and give the first status."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        heard = b""
        while piece := connection.recv(65536):
            heard += piece
    return int(heard.split(b" ", 2)[1]) if heard else 0
