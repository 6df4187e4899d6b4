"""A list in memory, for tests that ask what would have been sent."""

from __future__ import annotations

from collections.abc import Callable

from eduprog.mail.rules import Accepted, Outcome
from eduprog.mail.transports.contract import Envelope


class MemoryTransport:
    """Keeps every message, in order; both transport and connection."""

    def __init__(self) -> None:
        self.sent: list[Envelope] = []
        self.usable = True

    def pause(self) -> float:
        """Never wait."""
        return 0.0

    def connect(self) -> MemoryTransport:
        """Give itself."""
        return self

    def hand_over(self, envelope: Envelope, waiting: Callable[[float], None]) -> Outcome:
        """Keep the message."""
        self.sent.append(envelope)
        return Accepted()

    def abort(self) -> None:
        """Nothing can be waiting."""

    def close(self) -> None:
        """Nothing is open."""
