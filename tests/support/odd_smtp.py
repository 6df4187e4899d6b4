"""SMTP servers with manners of their own: each connection is a function over a bare socket, so that anything can be said."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Manners = Callable[["Talk", int], None]
"""(the conversation, which connection this is, from 1) -> None; it ends when the function does."""


class Gone(Exception):
    """The client has left."""


@dataclass
class Taken:
    """What a server has taken responsibility for, or has seen whole without saying so: by Message-ID, how often; and raw."""

    messages: list[tuple[str, str, bytes]] = field(default_factory=list)
    connections: int = 0
    heard: list[bytes] = field(default_factory=list)

    def times(self, recipient: str) -> int:
        """Say how often a recipient's message was seen whole."""
        return sum(to == recipient for to, _id, _content in self.messages)


class Talk:
    """One connection, from the server's side."""

    def __init__(self, connection: socket.socket, taken: Taken) -> None:
        self.socket = connection
        self.taken = taken
        self._unread = b""
        self.recipient = ""
        self._noted = ("", "", b"")

    def say(self, *lines: str) -> None:
        """Send lines, each ending CR LF."""
        self.raw("".join(f"{line}\r\n" for line in lines).encode("latin-1"))

    def raw(self, data: bytes) -> None:
        """Send bytes."""
        try:
            self.socket.sendall(data)
        except OSError as gone:
            raise Gone from gone

    def drip(self, data: bytes = b"", *, gap: float = 0.03) -> None:
        """Send these bytes one at a time; with none, go on for ever."""
        for byte in data or iter(lambda: 50, None):
            self.raw(bytes([byte]))
            time.sleep(gap)

    def hear(self) -> str:
        """Give the next line."""
        while b"\n" not in self._unread:
            self._more()
        line, _, self._unread = self._unread.partition(b"\n")
        self.taken.heard.append(line)
        return line.decode("latin-1").strip()

    def _more(self) -> None:
        try:
            got = self.socket.recv(65536)
        except OSError as gone:
            raise Gone from gone
        if not got:
            raise Gone
        self._unread += got

    def flush(self) -> None:
        """Throw away what has come and was not heard yet."""
        self._unread = b""

    def message(self) -> None:
        """Read a message to its final dot, and note it."""
        while b"\r\n.\r\n" not in self._unread:
            self._more()
        content, _, self._unread = self._unread.partition(b"\r\n.\r\n")
        self.note(content)

    def note(self, content: bytes) -> None:
        """Note a message seen whole."""
        lines = content.split(b"\r\n")
        number = next(line[11:].strip().decode() for line in lines if line.lower().startswith(b"message-id:"))
        self.taken.messages.append((self.recipient, number, content))
        self._noted = self.taken.messages[-1]

    def unnote(self) -> None:
        """Take the note of the last message back."""
        self.taken.messages.remove(self._noted)

    def vanish(self) -> None:
        """End the connection with a reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.socket.close()
        raise Gone

    def serve(self, *, offers: tuple[str, ...] = (), **said: Callable[[Talk], bool | None]) -> None:
        """Be a server: `said` has, by verb in lower case or "dot" or "greeting", what to do; True if it is done with that."""
        self._greet(said)
        answers = {"EHLO": ["250-mail.test", *[f"250-{one}" for one in offers], "250 SIZE 1000000"], "QUIT": ["221 bye"]}
        while True:
            line = self.hear()
            verb = line.split(" ")[0].upper()
            if verb == "RCPT":
                self.recipient = line.split("<")[1].split(">")[0]
            instead = said.get(verb.lower())
            if instead is not None and instead(self):
                continue
            if verb == "DATA":
                self.say("354 go on")
                self._take(said)
            else:
                self.say(*answers.get(verb, ["250 fine"]))

    def _greet(self, said: dict[str, Callable[[Talk], bool | None]]) -> None:
        if "greeting" not in said or not said["greeting"](self):
            self.say("220 mail.test")

    def _take(self, said: dict[str, Callable[[Talk], bool | None]]) -> None:
        self.message()
        if "dot" not in said or not said["dot"](self):
            self.say("250 taken")


def ends(act: Callable[[Talk], object]) -> Callable[[Talk], bool]:
    """Do it, and nothing after it."""

    def done(talk: Talk) -> bool:
        act(talk)
        return True

    return done


def says(*lines: str) -> Callable[[Talk], bool]:
    """Say these lines instead of what is proper."""
    return ends(lambda talk: talk.say(*lines))


def refuses(*lines: str) -> Callable[[Talk], bool]:
    """Refuse a message in these words: it was seen whole, and is not taken."""

    def act(talk: Talk) -> None:
        talk.unnote()
        talk.say(*lines)

    return ends(act)


def says_and_closes(*lines: str) -> Callable[[Talk], bool]:
    """Say these lines and close the connection."""

    def act(talk: Talk) -> bool:
        talk.say(*lines)
        talk.socket.shutdown(socket.SHUT_RDWR)
        return True

    return act


class OddServer:
    """Runs manners on a free port; `taken` says what it saw."""

    def __init__(self, manners: Manners) -> None:
        self.taken = Taken()
        self._manners = manners
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.taken.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._converse, args=(connection, self.taken.connections), daemon=True).start()

    def _converse(self, connection: socket.socket, number: int) -> None:
        talk = Talk(connection, self.taken)
        with suppress(Gone, OSError, ssl.SSLError):
            self._manners(talk, number)
        with suppress(OSError):
            talk.socket.close()

    def stop(self) -> None:
        """End every conversation."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def odd_server(manners: Manners) -> Iterator[OddServer]:
    """Run a server with these manners for the time of a block."""
    server = OddServer(manners)
    try:
        yield server
    finally:
        server.stop()
