"""What a feature says about its messages: whether each is still due, to whom, and with what text.

A feature exports one `MailKind` for each message it sends; wiring hands them to `install_kinds`. Dispatch asks at send time,
so that somebody who has left, opted out or been told already hears nothing, however early the message was queued.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class RecipientKind(StrEnum):
    """Who a message is for; the id beside it says which."""

    PERSON = "person"
    CONTACT = "contact"


class MailState(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    CANCELLED = "cancelled"
    MISSED = "missed"


@dataclass(frozen=True)
class Letter:
    """A text for many: written once, then only its slots differ from one recipient to the next.

    `slots` is the closed list of names that may stand in `text` and `html` as «name»; any other «word» is ordinary text.
    The subject has no slots, so nothing personal can show on a locked screen. `html` may be empty. In `html` the values of
    slots are escaped. `from_name` is shown before the installation's own address; `reply_to` is the school's.
    """

    subject: str
    text: str
    html: str = ""
    slots: tuple[str, ...] = ()
    language: str = "en-GB"
    from_name: str = ""
    reply_to: str = ""


@dataclass(frozen=True)
class Send:
    """Yes: this message goes to this one address.

    `letter` is a key: messages of one kind and school with equal keys share a text, and `MailKind.render` is asked for it
    once. `slots` gives the values of that letter's slots. `unsubscribe` is the address of a page that stops these messages
    by a POST without signing in; with it the message carries List-Unsubscribe and List-Unsubscribe-Post.
    """

    address: str
    letter: Hashable
    slots: Mapping[str, str] = field(default_factory=dict)
    unsubscribe: str = ""


@dataclass(frozen=True)
class Stop:
    """No: this message is no longer due. The reason is a sentence for the page that shows it."""

    reason: str


@dataclass(frozen=True)
class Wait:
    """Not now: this message is due, but its people are not written to before `until`. It is asked about again then."""

    reason: str
    until: datetime


def _never() -> bool:
    return False


def _nothing_more(_subject_ids: Sequence[int]) -> Mapping[int, str]:
    return {}


def _unknown_address(_recipient_id: int) -> str:
    return ""


def _at_any_time(_now: datetime) -> str:
    return ""


@dataclass(frozen=True)
class MailKind:
    """One kind of message.

    `still_due(subject_ids, now)` and `render(letter_key)` run with the message's school current and may only read. A subject
    missing from the answer is stopped. One subject of a kind has one recipient: a message to several people has a subject
    for each. `doubtful_wait()` says whether the current school wants a person to decide before a message that may have
    arrived already is sent again. The rest is for the page of what went wrong: `label` says what such a message is,
    `about(subject_ids)` what each is about, without naming a family or giving an address, and `not_now(now)` why the current
    school's people cannot have one sent at that moment (an empty text if they can).
    `address_of(recipient_id)` gives the address to which no more is written when a message came back (an empty text: none is
    known, or it is for people to mend).
    """

    name: str
    still_due: Callable[[Sequence[int], datetime], Mapping[int, Send | Stop | Wait]]
    render: Callable[[Hashable], Letter]
    doubtful_wait: Callable[[], bool] = _never
    label: str = "Message"
    about: Callable[[Sequence[int]], Mapping[int, str]] = _nothing_more
    not_now: Callable[[datetime], str] = _at_any_time
    address_of: Callable[[int], str] = _unknown_address


class UnknownKind(LookupError):
    """No feature sends messages of this kind."""


_kinds: dict[str, MailKind] = {}


def install_kinds(kinds: Iterable[MailKind]) -> None:
    """Make these the kinds of message that exist. Raises ValueError if two share a name."""
    by_name: dict[str, MailKind] = {}
    for kind in kinds:
        if by_name.setdefault(kind.name, kind) is not kind:
            raise ValueError(f"two kinds of message are called {kind.name!r}")
    _kinds.clear()
    _kinds.update(by_name)


def installed_kinds() -> tuple[MailKind, ...]:
    """Give the kinds of message that exist."""
    return tuple(_kinds.values())


def kind_named(name: str) -> MailKind:
    """Give a kind by its name. Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(f"no feature sends messages of the kind {name!r}") from None
