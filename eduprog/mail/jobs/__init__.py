"""Dispatch: from the outbox to the mail server."""

from eduprog.mail.jobs.dispatcher import Dispatcher, Drained
from eduprog.mail.jobs.running import DISPATCH, DispatchThreads, dispatch_due, make_dispatcher, transport_of

__all__ = ["DISPATCH", "DispatchThreads", "Dispatcher", "Drained", "dispatch_due", "make_dispatcher", "transport_of"]
