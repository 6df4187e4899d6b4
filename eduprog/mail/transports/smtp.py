"""Handing over to an SMTP server: how a connection is opened, and how often.

The standard library opens it (greeting, STARTTLS, sign-in); the messages themselves are spoken by `conversation`, which
pipelines where the server offers it and knows at every moment whether the final dot has been sent.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from eduprog.mail.transports.contract import Unavailable
from eduprog.mail.transports.conversation import Conversation

_CONNECT_SECONDS = 30.0
_LONGEST_PAUSE = 60.0
_IN_STEP_FOR = 3600.0  # after pipelining failed, one command at a time


@dataclass(frozen=True)
class Login:
    """Where the server is and how to get in. Without a user nobody signs in."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"] = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    our_name: str = "localhost"


class _Door:
    """Keeps connections apart: at most one a second after a failure, and ever longer pauses while none succeeds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opens_at = 0.0
        self._failures = 0

    def pause(self) -> float:
        with self._lock:
            return max(0.0, self._opens_at - time.monotonic())

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._opens_at = time.monotonic() + min(2.0 ** (self._failures - 1), _LONGEST_PAUSE)

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def turned_away(self) -> None:
        with self._lock:
            self._opens_at = max(self._opens_at, time.monotonic() + 1.0)


class _Opening(smtplib.SMTP):
    """The library's client, which waits for a whole answer no longer than for a part of it."""

    def getreply(self) -> tuple[int, bytes]:
        """Read one answer, and break off if it is not whole in time, however busily it comes."""
        cut = threading.Timer(_CONNECT_SECONDS if self.timeout is None else self.timeout, self._cut)
        cut.daemon = True
        cut.start()
        try:
            return super().getreply()
        finally:
            cut.cancel()

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _SecureOpening(_Opening, smtplib.SMTP_SSL):
    """The same, secured from the first byte."""


class SmtpTransport:
    """An SMTP server. One object serves all threads; each opens its own connection."""

    def __init__(
        self, login: Login, *, patience_seconds: float, verb_seconds: float = 45.0, tls: ssl.SSLContext | None = None
    ) -> None:
        self._login = login
        self._patience = patience_seconds
        self._verb_seconds = verb_seconds
        self._tls = tls
        self._door = _Door()
        self._in_step_until = 0.0

    def pause(self) -> float:
        """Give the seconds until another connection may be tried."""
        return self._door.pause()

    def connect(self) -> Conversation:
        """Open a connection, secured and signed in as the settings say. Raises Unavailable; never sends in the clear instead."""
        try:
            client = self._open()
        except (smtplib.SMTPException, OSError) as problem:
            self._door.failed()
            raise Unavailable(_in_words(problem)) from problem
        self._door.succeeded()
        return Conversation(
            client, patience_seconds=self._patience, verb_seconds=self._verb_seconds, turned_away=self._door.turned_away,
            pipelining=time.monotonic() >= self._in_step_until, pipelining_failed=self._go_in_step,
        )  # fmt: skip

    def _go_in_step(self) -> None:
        """Speak one command at a time for a while: some servers offer pipelining and lose what comes before they answer."""
        self._in_step_until = time.monotonic() + _IN_STEP_FOR

    def _open(self) -> smtplib.SMTP:
        login = self._login
        timeout = min(_CONNECT_SECONDS, self._verb_seconds)
        client: smtplib.SMTP
        if login.security == "tls":
            client = _SecureOpening(login.host, login.port, login.our_name, timeout=timeout, context=self._context())
        else:
            client = _Opening(login.host, login.port, login.our_name, timeout=timeout)
        try:
            client.ehlo_or_helo_if_needed()
            if login.security == "starttls":
                client.starttls(context=self._context())
                client.ehlo_or_helo_if_needed()
            if login.user:
                client.login(login.user, login.password)
        except BaseException:
            client.close()
            raise
        return client

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls


def _in_words(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return f"the mail server refused our name or password ({problem.smtp_code})"
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return "the mail server offers no encryption or sign-in, which our settings demand"
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"the mail server turned us away ({problem.smtp_code})"
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"no secure connection to the mail server: {problem.verify_message or 'certificate not trusted'}"
    if isinstance(problem, ssl.SSLError):
        return f"no secure connection to the mail server: {problem.reason or 'it broke off'}"
    if isinstance(problem, TimeoutError):
        return "the mail server did not answer in time"
    if isinstance(problem, OSError) and problem.strerror:
        return f"the mail server cannot be reached: {problem.strerror}"
    return f"the mail server broke off ({type(problem).__name__})"
