"""What a message is, how it is framed, and what becomes of it: pure functions and values."""

from eduprog.mail.rules.frame import Frame, MissingSlot, NotAnAddress, as_address
from eduprog.mail.rules.kinds import (
    Letter,
    MailKind,
    MailState,
    RecipientKind,
    Send,
    Stop,
    UnknownKind,
    install_kinds,
    installed_kinds,
    kind_named,
)
from eduprog.mail.rules.outcomes import (
    GIVE_UP_AFTER,
    Accepted,
    Claimed,
    InDoubt,
    Later,
    Outcome,
    Refused,
    Result,
    Stopped,
    TooLate,
    may_try_again,
    retry_gap,
)
from eduprog.mail.rules.troubles import Trouble, TroubleLine, in_lines

__all__ = [
    "GIVE_UP_AFTER", "Accepted", "Claimed", "Frame", "InDoubt", "Later", "Letter", "MailKind", "MailState", "MissingSlot",
    "NotAnAddress", "Outcome", "RecipientKind", "Refused", "Result", "Send", "Stop", "Stopped", "TooLate", "Trouble",
    "TroubleLine", "UnknownKind", "as_address", "in_lines", "install_kinds", "installed_kinds", "kind_named", "may_try_again",
    "retry_gap",
]  # fmt: skip
