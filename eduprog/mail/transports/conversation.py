"""One SMTP conversation: message after message on one connection, one recipient each."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from eduprog.mail.rules import Accepted, InDoubt, Later, Outcome, Refused
from eduprog.mail.transports.contract import Envelope

_LOOK_UP = 0.25
_IDLE_SECONDS = 10.0
_LONGEST_REPLY = 64 * 1024
_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")
_BAD_ADDRESS_CODES = (550, 551, 553)
_ENOUGH = 452  # often: no more recipients on this connection
_FULL = 552  # too many recipients or a full box: RFC 5321 has us treat it as passing

Waiting = Callable[[float], None]


class _Lost(Exception):
    """The connection is gone, or the other side no longer speaks SMTP."""


@dataclass(frozen=True)
class _Reply:
    code: int
    text: str

    @property
    def ok(self) -> bool:
        return 200 <= self.code < 300

    @property
    def words(self) -> str:
        """The reply without anybody's address, short enough to keep."""
        return f"{self.code} {_ADDRESS.sub('(address)', self.text)}"[:300].strip()


class Conversation:
    """A connection to an SMTP server, greeted and signed in."""

    def __init__(
        self, client: smtplib.SMTP, *, patience_seconds: float, verb_seconds: float, turned_away: Callable[[], None],
        pipelining: bool = True, pipelining_failed: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        assert client.sock is not None
        self._client = client
        self._socket: socket.socket = client.sock
        _look_up_now_and_then(self._socket)
        self._pipelining = pipelining and client.has_extn("pipelining")
        self._pipelining_failed = pipelining_failed
        self._patience = patience_seconds
        self._verb_seconds = verb_seconds
        self._turned_away = turned_away
        self._unread = b""
        self._good = True
        self._taken = 0
        self._last_used = time.monotonic()

    @property
    def usable(self) -> bool:
        """Whether the next message may go this way: nothing went wrong, it was used a moment ago, and the other side listens."""
        return self._good and time.monotonic() - self._last_used < _IDLE_SECONDS and not self._speaks_unasked()

    def _speaks_unasked(self) -> bool:
        """Say whether the other side has closed, or said what nobody asked: then no answer could be told from the one before."""
        if self._unread:
            return True
        if isinstance(self._socket, ssl.SSLSocket):
            return self._socket.pending() > 0
        try:
            self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def abort(self) -> None:
        """Break off from another thread: whoever waits on this connection finds it gone."""
        self._good = False
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye if the other side still listens; wait for nothing."""
        with suppress(OSError):
            if self._good:
                self._socket.send(b"QUIT\r\n")
        self._good = False
        self._client.close()

    def hand_over(self, envelope: Envelope, waiting: Waiting) -> Outcome:
        """Hand one message over; see `Connection`."""
        outcome = self._before_the_dot(envelope, waiting)
        if outcome is None:
            outcome = self._after_the_dot(waiting)
        self._last_used = time.monotonic()
        return outcome

    def _before_the_dot(self, envelope: Envelope, waiting: Waiting) -> Outcome | None:
        """Give what went wrong, or None once the final dot is on its way."""
        until = time.monotonic() + self._verb_seconds
        try:
            refused = self._introduce(envelope, until, waiting)
            if refused is None:
                if self._unread:
                    raise _Lost("the mail server answered before it was asked")
                self._write(_with_dot(envelope.content), until, waiting)
            return refused
        except _Lost as problem:
            self._drop()
            if self._pipelining:
                self._pipelining_failed()
            return Later(str(problem))

    def _after_the_dot(self, waiting: Waiting) -> Outcome:
        try:
            reply = self._read(time.monotonic() + self._patience, waiting)
        except _Lost as problem:
            self._drop()
            return InDoubt(f"The message was handed over, then {problem}.")
        if reply.ok:
            self._taken += 1
            return Accepted()
        if 400 <= reply.code < 600:
            self._note_421(reply)
            return Later(reply.words) if reply.code < 500 else Refused(reply.words)
        self._drop()
        return InDoubt(f"The message was handed over; the answer made no sense: {reply.words}")

    def _introduce(self, envelope: Envelope, until: float, waiting: Waiting) -> Outcome | None:
        """Give sender and recipient and ask to send the data: give what was refused, or None if the data may come."""
        commands = (
            f"MAIL FROM:<{envelope.sender}>\r\n".encode("ascii"),
            f"RCPT TO:<{envelope.recipient}>\r\n".encode("ascii"),
            b"DATA\r\n",
        )
        if self._pipelining:
            self._write(b"".join(commands), until, waiting)
            replies = [self._read(until, waiting) for _ in commands]
        else:
            replies = []
            for command in commands:
                self._write(command, until, waiting)
                replies.append(self._read(until, waiting))
                if not (replies[-1].ok or replies[-1].code == 354):
                    break
        return self._judge(replies, until, waiting)

    def _judge(self, replies: list[_Reply], until: float, waiting: Waiting) -> Outcome | None:
        mail, *rest = replies
        rcpt = rest[0] if rest else None
        data = rest[1] if len(rest) > 1 else None
        if mail.ok and rcpt is not None and rcpt.ok and data is not None and data.code == 354:
            return None
        for reply in replies:
            self._note_421(reply)
        if self._good:
            self._start_over(data, until, waiting, enough=bool(self._taken) and any(one.code == _ENOUGH for one in replies))
        if not mail.ok:
            return Later(f"our sender address was refused: {mail.words}")
        if rcpt is not None and not rcpt.ok:
            return _refused_recipient(rcpt)
        return _refused(data) if data is not None else Later("the mail server broke off")

    def _start_over(self, data: _Reply | None, until: float, waiting: Waiting, *, enough: bool) -> None:
        """Leave no half-made message behind on the server, nor a connection on which it has taken enough."""
        try:
            if data is not None and data.code == 354:  # pipelined DATA was let in without a recipient: send nothing, to nobody
                self._write(b".\r\n", until, waiting)
                self._read(until, waiting)
            self._write(b"RSET\r\n", until, waiting)
            if not self._read(until, waiting).ok or enough:
                self._drop()
        except _Lost:
            self._drop()

    def _note_421(self, reply: _Reply) -> None:
        if reply.code == 421:
            self._drop()
            self._turned_away()

    def _drop(self) -> None:
        self._good = False
        self._client.close()

    def _write(self, data: bytes, until: float, waiting: Waiting) -> None:
        begun = time.monotonic()
        view = memoryview(data)
        while view:
            try:
                view = view[self._socket.send(view) :]
                if view:
                    self._look_up(begun, until, waiting)
            except (TimeoutError, BlockingIOError):
                self._look_up(begun, until, waiting)
            except OSError as problem:
                raise _Lost("the connection broke") from problem

    def _read(self, until: float, waiting: Waiting) -> _Reply:
        """Read one reply of one or more lines."""
        begun = time.monotonic()
        lines: list[bytes] = []
        while True:
            line, newline, rest = self._unread.partition(b"\n")
            if newline:
                self._unread = rest
                lines.append(line.rstrip(b"\r"))
                if line[3:4] != b"-":
                    return _parsed(lines)
            else:
                self._receive(begun, until, waiting)
                self._be_in_time(until)
            if len(self._unread) + sum(map(len, lines)) > _LONGEST_REPLY:
                raise _Lost("the mail server talked without end")

    def _receive(self, begun: float, until: float, waiting: Waiting) -> None:
        try:
            received = self._socket.recv(8192)
        except (TimeoutError, BlockingIOError):
            self._look_up(begun, until, waiting)
            return
        except OSError as problem:
            raise _Lost("the connection broke") from problem
        if not received:
            raise _Lost("the mail server closed the connection")
        self._unread += received

    def _look_up(self, begun: float, until: float, waiting: Waiting) -> None:
        self._be_in_time(until)
        waiting(time.monotonic() - begun)

    @staticmethod
    def _be_in_time(until: float) -> None:
        """Give up on a server that speaks on and on, a little at a time, as on one that keeps silent."""
        if time.monotonic() >= until:
            raise _Lost("the mail server did not answer in time")


def _look_up_now_and_then(connection: socket.socket) -> None:
    """Let reads and writes return four times a second. A bare socket's own limits save Python a poll before each call."""
    if isinstance(connection, ssl.SSLSocket):
        connection.settimeout(_LOOK_UP)
        return
    connection.settimeout(None)
    limit = struct.pack("@ll", 0, int(_LOOK_UP * 1_000_000))
    for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        connection.setsockopt(socket.SOL_SOCKET, direction, limit)


def _with_dot(content: bytes) -> bytes:
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _parsed(lines: list[bytes]) -> _Reply:
    code = lines[-1][:3]
    if not (code.isdigit() and len(code) == 3) or any(line[:3] != code for line in lines):
        raise _Lost("the mail server answered something that is not SMTP")
    return _Reply(int(code), " ".join(line[4:].decode("utf-8", "replace") for line in lines))


def _refused_recipient(reply: _Reply) -> Outcome:
    if 500 <= reply.code < 600 and reply.code != _FULL:
        enhanced = re.match(r"5\.(\d+)\.\d+", reply.text)
        bad = reply.code in _BAD_ADDRESS_CODES and (enhanced is None or enhanced[1] == "1")
        return Refused(reply.words, bad_address=bad)
    return Later(reply.words)


def _refused(reply: _Reply) -> Outcome:
    return Refused(reply.words) if 500 <= reply.code < 600 else Later(reply.words)
