"""A warm parent whose children each answer one request and may be killed at it: `… launch --recording PATH COOKIE`.

For each line it reads it forks a child, prints the child's id, and when the child has ended how. The child is a whole web
server of one thread, on a socket of the parent's; it waits for the request until whoever watches it is in place.
"""

from __future__ import annotations

import os
import select
import socket
import sys

import holidays  # noqa: F401 - the first record loads it; here once for all children
from flask import Flask
from werkzeug.serving import make_server

from eduprog import wiring
from eduprog.core.db import db
from tests.process.children import ended, fork, say


def main(path: str, cookie: str) -> None:
    """Warm up on a page, then answer one request for each line."""
    app = wiring.create_app()
    browser = app.test_client()
    browser.set_cookie("eduprog-session", cookie, domain="127.0.0.1")
    assert browser.get(path, base_url="http://127.0.0.1").status_code == 200
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    listening = socket.create_server(("127.0.0.1", 0))
    say(listening.getsockname()[1])
    while _asked(listening):
        child = fork(lambda: _answer_one(app, listening))
        say(child)
        say(ended(child))


def _asked(listening: socket.socket) -> bool:
    """Wait for a line; whoever knocks meanwhile came for a child that was killed before it opened, and is sent away."""
    while True:
        ready, _, _ = select.select([sys.stdin, listening], [], [])
        if listening in ready:
            listening.accept()[0].close()
        else:
            return bool(os.read(sys.stdin.fileno(), 1))


def _answer_one(app: Flask, listening: socket.socket) -> None:
    host, port = listening.getsockname()
    make_server(host, port, app, fd=listening.fileno()).handle_request()
