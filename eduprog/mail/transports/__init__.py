"""Ways out: an SMTP server, a folder of files, or a list in memory. What becomes of a message is told as a value."""

from eduprog.mail.transports.contract import Connection, Envelope, Transport, Unavailable
from eduprog.mail.transports.folder import FolderTransport
from eduprog.mail.transports.memory import MemoryTransport
from eduprog.mail.transports.smtp import Login, SmtpTransport

__all__ = ["Connection", "Envelope", "FolderTransport", "Login", "MemoryTransport", "SmtpTransport", "Transport", "Unavailable"]
