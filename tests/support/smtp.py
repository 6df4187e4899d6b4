"""A real SMTP server for tests, which misbehaves exactly as it is told."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

VERBS = ("CONNECT", "MAIL", "RCPT", "DATA", "BODY", "DOT")
"""Moments at which a server can misbehave; BODY is in the middle of the message, DOT after its final dot."""


@dataclass(frozen=True)
class Say:
    """Answer this instead of what is proper."""

    reply: str


@dataclass(frozen=True)
class Drop:
    """Break the connection off."""


@dataclass(frozen=True)
class Stall:
    """Keep silent for so long, then behave."""

    seconds: float


Act = Say | Drop | Stall | None
Behaviour = Callable[[str, int, str], Act]
"""(verb, how many of that verb there have been, recipient if known) -> how to misbehave."""


@dataclass(frozen=True)
class Received:
    """A message the server took: from its DATA on it is the server's, whatever it answered."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    answered: bool

    @property
    def message_id(self) -> str:
        """Give its Message-ID."""
        for line in self.content.split(b"\r\n"):
            if line.lower().startswith(b"message-id:"):
                return line[11:].decode().strip()
        raise AssertionError("a message without Message-ID")


@dataclass
class Log:
    """What a server has seen."""

    received: list[Received] = field(default_factory=list)
    connections: list[float] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, verb: str) -> int:
        """Count one more of that verb."""
        with self.lock:
            self.counts[verb] = self.counts.get(verb, 0) + 1
            return self.counts[verb]

    def wait_for(self, messages: int, seconds: float = 20.0) -> None:
        """Wait until so many messages have come."""
        until = time.monotonic() + seconds
        while len(self.received) < messages:
            assert time.monotonic() < until, f"only {len(self.received)} of {messages} messages came"
            time.sleep(0.01)


class _Server(SMTP):
    def __init__(self, log: Log, behaviour: Behaviour, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._log = log
        self._behaviour = behaviour

    async def _act(self, verb: str, recipient: str = "") -> str | None:
        """Misbehave if told to; gives an answer to use instead of the proper one, or None."""
        act = self._behaviour(verb, self._log.count(verb), recipient)
        match act:
            case Stall(seconds):
                await asyncio.sleep(seconds)
            case Drop():
                self.transport.abort()
                raise ConnectionResetError
            case Say(reply):
                return reply
        return None

    async def _handle_client(self) -> None:
        self._log.connections.append(time.monotonic())
        try:
            said = await self._act("CONNECT")
        except ConnectionResetError:
            return
        if said is not None:
            self.transport.write(f"{said}\r\n".encode())
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:
        recipient = self.envelope.rcpt_tos[0] if self.envelope and self.envelope.rcpt_tos else ""
        said = await self._act("DATA", recipient)
        if said is not None:
            await self.push(said)
            return
        act = self._behaviour("BODY", self._log.count("BODY"), recipient)
        if act is not None and recipient:
            await self.push("354 go on")
            await self._reader.readline()
            if isinstance(act, Stall):
                await asyncio.sleep(act.seconds)
            self.transport.abort()
            raise ConnectionResetError
        await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, log: Log, pipelining: bool) -> None:
        self._log = log
        self._pipelining = pipelining

    async def handle_EHLO(
        self, server: _Server, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", *responses[-1:]] if self._pipelining else responses

    async def handle_MAIL(self, server: _Server, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        said = await server._act("MAIL")
        if said is not None:
            return said
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: _Server, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        said = await server._act("RCPT", address)
        if said is not None:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: _Server, session: Session, envelope: Envelope) -> str:
        recipients = tuple(envelope.rcpt_tos)
        content = bytes(envelope.content or b"")
        act = server._behaviour("DOT", self._log.count("DOT"), recipients[0] if recipients else "")
        if isinstance(act, Say) and not act.reply.startswith("2"):
            return act.reply
        answered = not isinstance(act, Drop)
        self._log.received.append(Received(envelope.mail_from or "", recipients, content, answered))
        if isinstance(act, Stall):
            await asyncio.sleep(act.seconds)
        elif isinstance(act, Drop):
            server.transport.abort()
            raise ConnectionResetError
        elif isinstance(act, Say):
            return act.reply
        return "250 taken"

    async def handle_exception(self, error: Exception) -> str:
        return "421 gone" if isinstance(error, ConnectionResetError) else f"500 {type(error).__name__}"


class MailServer(Controller):
    """The server; `port` is free at the start, `log` says what it saw."""

    def __init__(self, behaviour: Behaviour, *, pipelining: bool = False, port: int = 0, patience: float = 300) -> None:
        self.log = Log()
        self._behaviour = behaviour
        self._patience = patience
        super().__init__(_Handler(self.log, pipelining), hostname="127.0.0.1", port=port, ready_timeout=10)

    def factory(self) -> _Server:
        """Make the conversation of one connection."""
        said = {"hostname": "mail.test", "enable_SMTPUTF8": False, "timeout": self._patience}
        return _Server(self.log, self._behaviour, self.handler, **said)

    def _trigger_server(self) -> None:
        """With port 0 the system chose; the base class would knock at the wrong one."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def well_behaved(_verb: str, _number: int, _recipient: str) -> Act:
    """Do everything right."""
    return None


def on(verb: str, act: Act, *, numbers: range | None = None, recipient: str = "") -> Behaviour:
    """Misbehave at that verb: always, or only at these occurrences, or only for one recipient."""

    def behave(seen: str, number: int, to: str) -> Act:
        fits = seen == verb and (numbers is None or number in numbers) and (not recipient or recipient == to)
        return act if fits else None

    return behave


@contextmanager
def mail_server(
    behaviour: Behaviour = well_behaved, *, pipelining: bool = False, port: int = 0, patience: float = 300
) -> Iterator[MailServer]:
    """Run a server for the time of a block; it closes a connection on which nothing is said for `patience` seconds."""
    server = MailServer(behaviour, pipelining=pipelining, port=port, patience=patience)
    server.start()
    try:
        yield server
    finally:
        server.stop(no_assert=True)
