"""`eduprog serve`: web pages and clock in one process. `eduprog dispatch`: a process that only sends mail."""

from __future__ import annotations

import gc
import logging
import os
import queue
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from types import FrameType
from typing import Any

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext
from waitress.server import create_server

from eduprog.core.db import session, transaction
from eduprog.core.errors import BadSettings
from eduprog.core.settings import Settings
from eduprog.mail.jobs import DISPATCH
from eduprog.scheduler import actions
from eduprog.scheduler.commands.database import refuse_damaged_file, refuse_unknown_schema
from eduprog.scheduler.jobs import Clockwork
from eduprog.web import endings

_log = structlog.get_logger()
_FINISH_SECONDS = 8.0
_LOOK_EVERY = 0.5


@click.command(help="Serve eduprog, and run its jobs unless SCHEDULER is off. Stops cleanly on SIGTERM and Ctrl-C.")
@click.option("--host", help="The address to listen on, instead of HOST.")
@click.option("--port", type=int, help="The port to listen on, instead of PORT; 0 takes a free one.")
@with_appcontext
def serve(host: str | None, port: int | None) -> None:
    """Serve until told to stop."""
    app = _checked_app()
    settings: Settings = app.extensions["eduprog"]
    listening = _listen(host or settings.HOST, settings.PORT if port is None else port)
    clockwork = Clockwork(app, app.extensions["eduprog_jobs"]) if settings.SCHEDULER else None
    web = _Web(app, listening, threads=settings.THREADS)
    _on_signals(web.stop)
    if clockwork is not None:
        clockwork.start()
    gc.collect()
    gc.freeze()
    shown, number = listening.getsockname()[:2]
    click.echo(f"eduprog is at http://{f'[{shown}]' if ':' in shown else shown}:{number}")
    web.run()
    until = time.monotonic() + _FINISH_SECONDS
    _finish(clockwork, web.finish, until)


@click.command(help="Only send mail, as one of several processes. Stops cleanly on SIGTERM and Ctrl-C.")
@with_appcontext
def dispatch() -> None:
    """Send until told to stop."""
    app = _checked_app()
    clockwork = Clockwork(app, [DISPATCH])
    told = Told()
    clockwork.start()
    gc.collect()
    gc.freeze()
    click.echo("eduprog sends mail")
    told.wait()
    _finish(clockwork, lambda _until: True, time.monotonic() + _FINISH_SECONDS)


@click.command(help="On PostgreSQL: run the jobs and send mail, as one of as many processes and machines as wanted.")
@with_appcontext
def worker() -> None:
    """Work until told to stop."""
    app = _checked_app()
    settings: Settings = app.extensions["eduprog"]
    if not settings.DATABASE_URL.startswith("postgresql"):
        raise BadSettings("eduprog worker needs PostgreSQL; on SQLite `eduprog serve` runs the jobs itself.")
    if find_spec("procrastinate") is None:
        raise BadSettings("eduprog worker needs more packages: pip install 'eduprog[postgres]'")
    with transaction():
        actions.make_queue_tables()
    from eduprog.scheduler.jobs.worker import Worker  # noqa: PLC0415 - installed with the extra `postgres` only

    working = Worker(app, app.extensions["eduprog_jobs"])
    gc.collect()
    gc.freeze()
    raise SystemExit(working.run(ready=lambda: click.echo("eduprog works")))


def _checked_app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy hides it from types
    refuse_damaged_file()
    refuse_unknown_schema()
    session().rollback()
    return app


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as problem:
        raise BadSettings(f"{host}:{port} cannot be listened on: {problem.strerror or problem}.") from problem


def _on_signals(stop: Callable[[], None]) -> None:
    def heard(_number: int, _frame: FrameType | None) -> None:
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heard)


class Told:
    """Hears SIGTERM and Ctrl-C, and waits for one of them.

    It is no `threading.Event`: a handler that interrupts the first steps of `Event.wait()` waits in `set()` for ever. Putting
    into a simple queue is safe there (Python's library reference, `queue.SimpleQueue.put`). Nor does it wait without an end: a
    signal that comes just before the thread falls asleep is handled when it next wakes.
    """

    def __init__(self) -> None:
        self._heard: queue.SimpleQueue[None] = queue.SimpleQueue()
        _on_signals(lambda: self._heard.put(None))

    def wait(self) -> None:
        """Return once told to stop, at once if that was before."""
        while True:
            with suppress(queue.Empty):
                return self._heard.get(timeout=_LOOK_EVERY)


def _finish(clockwork: Clockwork | None, finish_web: Callable[[float], bool], until: float) -> None:
    """End clock and web side by side; what has not ended in time must not keep the process."""
    ended: list[bool] = []
    clock_thread = threading.Thread(target=lambda: ended.append(_stop_clock(clockwork, until)), daemon=True)
    clock_thread.start()
    answered = finish_web(until)
    clock_thread.join(max(0.0, until - time.monotonic()) + 1.5)
    if answered and ended == [True]:
        return
    _log.warning("stopped before everything had finished", answered=answered, jobs=bool(ended and ended[0]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # a thread that still waits for somebody must not hold up a deploy


def _stop_clock(clockwork: Clockwork | None, until: float) -> bool:
    return clockwork is None or clockwork.stop(seconds=until - time.monotonic())


class _Web:
    """waitress on a socket of ours, with an end: no new connections, requests in hand are answered."""

    def __init__(self, app: Flask, listening: socket.socket, *, threads: int) -> None:
        self._listening = listening
        self._server: Any = create_server(
            app,
            sockets=[listening],
            threads=threads,
            ident=None,
            clear_untrusted_proxy_headers=not app.extensions["eduprog"].BEHIND_PROXY,
            max_request_body_size=endings.LONGEST_BODY,
        )
        endings.refuse_doubtful_endings(self._server)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line for each page that waits, and none of them ours
        self._stopping = False

    def stop(self) -> None:
        """Ask for the end; safe in a signal handler."""
        self._stopping = True
        self._server.pull_trigger()

    def run(self) -> None:
        """Serve until asked to stop."""
        while not self._stopping:
            self._turn()

    def finish(self, until: float) -> bool:
        """Take no new connection and answer what is in hand. Says whether all of it was."""
        self._server.del_channel()
        self._listening.close()
        while self._busy() and time.monotonic() < until:
            self._turn()
        return not self._busy()

    def _busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.requests or channel.request is not None or channel.total_outbufs_len for channel in channels)

    def _turn(self) -> None:
        server = self._server
        server.asyncore.loop(timeout=_LOOK_EVERY, map=server._map, use_poll=server.adj.asyncore_use_poll, count=1)
