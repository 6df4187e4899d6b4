"""Running dispatch: once, or in threads that look at the outbox again and again until they are stopped."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app

from eduprog.core import clock
from eduprog.core.errors import BadSettings
from eduprog.core.jobs import SiteJob
from eduprog.core.settings import Settings
from eduprog.mail.emails import Composer
from eduprog.mail.jobs.dispatcher import Dispatcher, Drained
from eduprog.mail.transports import FolderTransport, Login, SmtpTransport, Transport
from eduprog.mail.transports.routing import SchoolLogins, SchoolsTransport

_log = structlog.get_logger()
_HELD_AT_ONCE = 10  # by one sender: so many are in doubt if the machine fails; after a kill it is one
_HELD_OF_A_QUICK_SERVER = 50  # less than a quarter of a second's messages, and what a journal has room for
_BEYOND_PATIENCE = 300
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

Note = Callable[[datetime, Drained], None]


def transport_of(settings: Settings) -> Transport:
    """Give the way out that the settings name. Raises BadSettings rather than send in the clear to another machine."""
    if settings.MAIL_TRANSPORT == "folder":
        return FolderTransport(settings.DATA_DIR / "mail")
    if settings.SMTP_SECURITY == "none" and settings.SMTP_HOST not in _LOOPBACK:
        raise BadSettings("SMTP_SECURITY: none is for a mail server on this machine; use starttls or tls for any other.")
    login = Login(
        settings.SMTP_HOST, settings.SMTP_PORT, settings.SMTP_SECURITY, settings.SMTP_USER, settings.SMTP_PASSWORD,
        our_name=urlsplit(settings.BASE_URL).hostname or "localhost",
    )  # fmt: skip
    return SchoolsTransport(SmtpTransport(login, patience_seconds=settings.SMTP_PATIENCE_SECONDS), SchoolLogins())


def make_dispatcher(settings: Settings, transport: Transport, *, place: float = 0.0) -> Dispatcher:
    """Make a sender, for the use of one thread, that begins at `place`, from 0 to 1, of what is due."""
    return Dispatcher(
        transport,
        Composer(settings.MAIL_FROM),
        owners=settings.DATA_DIR / "owners",
        batch=_HELD_AT_ONCE,
        most=_HELD_OF_A_QUICK_SERVER,
        place=place,
        lease_seconds=settings.SMTP_PATIENCE_SECONDS + _BEYOND_PATIENCE,
    )


def make_dispatchers(settings: Settings, transport: Transport, number: int) -> list[Dispatcher]:
    """Make the senders of one process, far from each other in what is due, and from those of other processes by chance."""
    begin = random.random()
    return [make_dispatcher(settings, transport, place=(begin + n / number) % 1) for n in range(number)]


def dispatch_due(now: datetime) -> int:
    """Send everything that is due, in this thread. Gives how many messages were accepted."""
    settings: Settings = current_app.extensions["eduprog"]
    dispatcher = make_dispatcher(settings, transport_of(settings))
    try:
        return dispatcher.drain(now).accepted
    finally:
        dispatcher.close()


DISPATCH = SiteJob(name="mail.dispatch", run=dispatch_due, every_seconds=15)


class DispatchThreads:
    """The senders of a process, each in its thread with its own connection. `note` hears of every look at the outbox."""

    def __init__(self, app: Flask, *, note: Note | None = None) -> None:
        settings: Settings = app.extensions["eduprog"]
        self._app = app
        self._note = note
        self._tick = settings.TICK_SECONDS
        self._woken = threading.Event()
        self._stopping = threading.Event()
        transport = transport_of(settings)
        self._dispatchers = make_dispatchers(settings, transport, settings.DISPATCH_THREADS)
        self._threads = [
            threading.Thread(target=self._run, args=(dispatcher,), name=f"dispatch-{number}", daemon=True)
            for number, dispatcher in enumerate(self._dispatchers, 1)
        ]

    def start(self) -> None:
        """Start sending."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look at the outbox now instead of at the next tick."""
        self._woken.set()

    def stop(self, *, seconds: float) -> bool:
        """Finish the messages on their way, for at most so long; then break off. Says whether every thread has ended."""
        until = time.monotonic() + seconds
        self._stopping.set()
        self._woken.set()
        for dispatcher in self._dispatchers:
            dispatcher.stop()
        self._join(until)
        if any(thread.is_alive() for thread in self._threads):
            for dispatcher in self._dispatchers:
                dispatcher.abort()
            self._join(time.monotonic() + 1.0)
        return not any(thread.is_alive() for thread in self._threads)

    def _join(self, until: float) -> None:
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))

    def _run(self, dispatcher: Dispatcher) -> None:
        try:
            while not self._stopping.is_set():
                self._look(dispatcher)
                self._woken.wait(self._tick)
                if not self._stopping.is_set():
                    self._woken.clear()
        finally:
            with self._app.app_context():
                dispatcher.close()

    def _look(self, dispatcher: Dispatcher) -> None:
        drain_once(self._app, dispatcher, clock.now(), self._note)


def drain_once(app: Flask, dispatcher: Dispatcher, now: datetime, note: Note | None) -> None:
    """Let a sender look at the outbox once, in a context of its own; a fault is logged and noted, not raised."""
    with app.app_context():
        try:
            drained = dispatcher.drain(now)
        except Exception as problem:
            _log.exception("dispatch failed")
            drained = Drained(0, f"{type(problem).__name__}")
        if note is not None:
            note(now, drained)
