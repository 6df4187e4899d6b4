"""What every way out promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from eduprog.mail.rules import Outcome


class Unavailable(Exception):
    """Nothing can be sent now, to anybody; the message says why, in words for the state page."""


@dataclass(frozen=True)
class Envelope:
    """One message to one recipient; lines of the content end CR LF."""

    sender: str
    recipient: str
    message_id: str
    content: bytes
    school_id: int = 0


class Connection(Protocol):
    """An open way out, used by one thread."""

    @property
    def usable(self) -> bool:
        """Whether the next message may go this way."""
        ...

    def hand_over(self, envelope: Envelope, waiting: Callable[[float], None]) -> Outcome:
        """Hand one message over and say what became of it; never raises for what the other side does.

        While the other side keeps silent, `waiting` is called about four times a second with the seconds waited so far.
        """
        ...

    def abort(self) -> None:
        """Break off from another thread, at once."""
        ...

    def close(self) -> None:
        """Leave politely."""
        ...


class Transport(Protocol):
    """A way out that can be opened."""

    def pause(self) -> float:
        """Give the seconds until another connection may be tried; 0 if now."""
        ...

    def connect(self) -> Connection:
        """Open a connection. Raises Unavailable."""
        ...
