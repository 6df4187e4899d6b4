"""The smallest valid rows of the outbox, and a kind of message of our own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from eduprog.core import clock
from eduprog.mail.models import OutboundEmail, SuppressedAddress
from eduprog.mail.rules import Letter, MailKind, MailState, RecipientKind, Send, Stop

NOTICE = "test-notice"


def an_outbound_email(**changes: Any) -> OutboundEmail:
    """A message that is due now."""
    now = clock.now()
    return OutboundEmail(
        **{
            "key": secrets.token_hex(8), "kind": NOTICE, "subject_id": 1, "recipient_kind": RecipientKind.CONTACT,
            "recipient_id": 1, "state": MailState.PENDING, "created_at": now, "due_at": now, **changes,
        }
    )  # fmt: skip


def a_suppressed_address(**changes: Any) -> SuppressedAddress:
    """An address nobody writes to."""
    return SuppressedAddress(**{"address_hash": secrets.token_hex(32), "reason": "refused", "since": clock.now(), **changes})


@dataclass
class Notices:
    """A feature for tests: every subject is due to its own address, unless it was stopped here."""

    stopped: dict[int, str] = field(default_factory=dict)
    asked: list[tuple[int, ...]] = field(default_factory=list)
    rendered: list[Hashable] = field(default_factory=list)
    waits: bool = False
    on_ask: Callable[[], None] = lambda: None

    def still_due(self, subject_ids: Sequence[int], now: datetime) -> Mapping[int, Send | Stop]:
        """Say yes to all that were not stopped."""
        self.asked.append(tuple(subject_ids))
        self.on_ask()
        return {i: Stop(self.stopped[i]) if i in self.stopped else send(i) for i in subject_ids}

    def render(self, letter: Hashable) -> Letter:
        """Write the one letter there is."""
        self.rendered.append(letter)
        return Letter(
            subject="This week’s activity", text="Hello,\n\nread it here: «link»\n",
            html='<p>Read it <a href="«link»">here</a></p>\n', slots=("link",),
        )  # fmt: skip

    def kind(self, name: str = NOTICE) -> MailKind:
        """Give it as wiring would install it."""
        return MailKind(name, self.still_due, self.render, lambda: self.waits)


def address_of(subject_id: int) -> str:
    """Give a subject's address."""
    return f"family-{subject_id}@home.example"


def send(subject_id: int) -> Send:
    """Give the answer for a subject that is due."""
    link = f"https://eduprog.example/f/{subject_id}?t=abc&u=1"
    return Send(address_of(subject_id), letter="activity", slots={"link": link}, unsubscribe=f"{link}&stop=1")
