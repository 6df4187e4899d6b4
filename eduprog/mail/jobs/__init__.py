"""Dispatch: from the outbox to the mail server."""

from eduprog.mail.jobs.dispatcher import Dispatcher, Drained
from eduprog.mail.jobs.notify_statuses import POLL_NOTIFY, poll_notify
from eduprog.mail.jobs.running import (
    DISPATCH,
    DispatchThreads,
    dispatch_due,
    drain_once,
    make_dispatcher,
    make_dispatchers,
    transport_of,
)

__all__ = [
    "DISPATCH", "POLL_NOTIFY", "DispatchThreads", "Dispatcher", "Drained", "dispatch_due", "drain_once", "make_dispatcher",
    "make_dispatchers", "poll_notify", "transport_of",
]  # fmt: skip
