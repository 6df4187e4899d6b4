"""Ask an application for a page as a server would, and count what that costs: processor time and statements."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.big_school import TOKEN

PAGES = 10


class Answer:
    """What came back: the status as a number, the kind of content and the text."""

    def __init__(self, status: str, headers: dict[str, str], text: str) -> None:
        self.status = int(status.split()[0])
        self.is_page = headers.get("content-type", "").startswith("text/html")
        self.text = text


def ask(app: Flask, path: str, token: str = TOKEN) -> Answer:
    """Fetch a path by the cookie of a session; with an empty token as nobody."""
    said: list[tuple[str, dict[str, str]]] = []
    address, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        "HTTP_HOST": "127.0.0.1:8000", "HTTP_COOKIE": f"eduprog-session={token}" if token else "", "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    answer = app.wsgi_app(
        environ, lambda status, headers, _problem=None: said.append((status, {k.lower(): v for k, v in headers}))
    )
    body = b"".join(answer).decode(errors="replace")
    if hasattr(answer, "close"):
        answer.close()
    return Answer(*said[-1], body)


def page_of(app: Flask, path: str, token: str = TOKEN) -> str:
    """Fetch a page that must be there; give its text."""
    answer = ask(app, path, token)
    assert answer.status == 200, (path, answer.status)
    return answer.text


def cpu_of(app: Flask, path: str, token: str = TOKEN, *, pages: int = PAGES) -> Callable[[], float]:
    """Give a way to measure one page: milliseconds of CPU of this process, over a few pages."""

    def run() -> float:
        begun = time.process_time()
        for _ in range(pages):
            ask(app, path, token)
        return (time.process_time() - begun) * 1000 / pages

    return run


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements sent to the database inside, those that only open or end a unit of work apart."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not re.match(r"BEGIN|PRAGMA|SET |SELECT set_config|SAVEPOINT|RELEASE", statement):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)
