"""Schools with an account of their own at GOV.UK Notify send through it; all others through the installation's way out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from eduprog.mail import queries
from eduprog.mail.rules import Later, Outcome
from eduprog.mail.transports.contract import Connection, Envelope, Transport, Unavailable
from eduprog.mail.transports.logins import NOTIFY_URL, NotifyLogin

_KNOWN_FOR = 60.0

Accounts = Callable[[], Mapping[int, NotifyLogin]]


class SchoolLogins:
    """The accounts of all schools, read from their table at most once a minute."""

    def __init__(self, url: str = NOTIFY_URL) -> None:
        self._url = url
        self._read_at = -_KNOWN_FOR
        self._held: Mapping[int, NotifyLogin] = {}

    def __call__(self) -> Mapping[int, NotifyLogin]:
        """Give the logins by school id."""
        if time.monotonic() - self._read_at >= _KNOWN_FOR:
            accounts = queries.notify_accounts()
            self._held = {one.school_id: NotifyLogin(one.key, one.template_id, self._url) for one in accounts}
            self._read_at = time.monotonic()
        return self._held


class SchoolsTransport:
    """The installation's transport, and for some schools their own. `accounts` gives logins by school id; it may ask a table."""

    def __init__(self, usual: Transport, accounts: Accounts) -> None:
        self._usual = usual
        self._accounts = accounts

    def pause(self) -> float:
        """Give the seconds until the usual way out may be tried; 0 while a school has its own."""
        return 0.0 if self._accounts() else self._usual.pause()

    def connect(self) -> Connection:
        """Open the usual way out or, once a school has its own, one that opens each when it is needed. Raises Unavailable."""
        return _Routed(self._usual, self._accounts) if self._accounts() else self._usual.connect()


class _Routed:
    """Opens each way out when the first message needs it."""

    def __init__(self, usual: Transport, accounts: Accounts) -> None:
        self._usual, self._accounts = usual, accounts
        self._known, self._asked_at = accounts(), time.monotonic()
        self._open: dict[int, Connection] = {}
        self.usable = True

    def hand_over(self, envelope: Envelope, waiting: Callable[[float], None]) -> Outcome:
        """Hand one message over by the way its school has chosen."""
        if time.monotonic() - self._asked_at > _KNOWN_FOR:
            self._forget()
        try:
            connection = self._connection(envelope.school_id)
        except Unavailable as problem:
            return Later(str(problem))
        outcome = connection.hand_over(envelope, waiting)
        if not connection.usable:
            self._open.pop(self._name(envelope.school_id), None)
        return outcome

    def abort(self) -> None:
        """Break all off."""
        self.usable = False
        for connection in list(self._open.values()):
            connection.abort()

    def close(self) -> None:
        """Leave all politely."""
        self.usable = False
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def _name(self, school_id: int) -> int:
        return school_id if school_id in self._known else 0

    def _connection(self, school_id: int) -> Connection:
        name = self._name(school_id)
        if name in self._open and not self._open[name].usable:
            self._open.pop(name).close()
        if name not in self._open:
            self._open[name] = _through_notify(self._known[name]) if name else self._usual.connect()
        return self._open[name]

    def _forget(self) -> None:
        """Ask again who has an account, so that a new key is used within a minute."""
        for name in [name for name in self._open if name]:
            self._open.pop(name).close()
        self._known, self._asked_at = self._accounts(), time.monotonic()


def _through_notify(login: NotifyLogin) -> Connection:
    from eduprog.mail.transports.notify import NotifyConnection  # noqa: PLC0415 - brings an HTTP library few schools need

    return NotifyConnection(login)
