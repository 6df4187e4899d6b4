"""What families are mailed: the weekly digest, and a link to confirm that somebody wants it."""

from eduprog.families.emails.kinds import mail_kinds
from eduprog.families.emails.letters import JoinLetter, WeeklyLetter, write_digest, write_join_confirm

__all__ = [
    "JoinLetter", "WeeklyLetter", "mail_kinds", "write_digest", "write_join_confirm",
]  # fmt: skip
