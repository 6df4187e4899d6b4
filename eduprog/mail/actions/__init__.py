"""Writes of the outbox: queueing by features, claiming and settling by dispatch."""

from eduprog.mail.actions.deciding import NotAtThisHour, let_be, send_all_again
from eduprog.mail.actions.journal import Progress
from eduprog.mail.actions.notify_accounts import note_gone_wrong, remove_notify_account, save_notify_account
from eduprog.mail.actions.outbox import claim, declare_missed, held_by, note_sent, release, rescue, settle
from eduprog.mail.actions.owners import Owner, is_alive, progress_of, sweep, take_name
from eduprog.mail.actions.queueing import NewMessage, NotToSendAgain, cancel, enqueue, enqueue_all, send_again
from eduprog.mail.actions.returned import take_returned
from eduprog.mail.actions.suppression import suppress, unsuppress

__all__ = [
    "NewMessage",
    "NotAtThisHour",
    "NotToSendAgain",
    "Owner",
    "Progress",
    "cancel",
    "claim",
    "declare_missed",
    "enqueue",
    "enqueue_all",
    "held_by",
    "is_alive",
    "let_be",
    "note_gone_wrong",
    "note_sent",
    "progress_of",
    "release",
    "remove_notify_account",
    "rescue",
    "save_notify_account",
    "send_again",
    "send_all_again",
    "settle",
    "suppress",
    "sweep",
    "take_name",
    "take_returned",
    "unsuppress",
]  # fmt: skip
