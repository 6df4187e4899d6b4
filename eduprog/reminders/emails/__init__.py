"""What staff are mailed, and whether it is still due."""

from eduprog.reminders.emails.kinds import mail_kinds
from eduprog.reminders.emails.letters import write_letter

__all__ = ["mail_kinds", "write_letter"]
