"""A caught message, taken apart for reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_TRAILING = ".,;:!?"


@dataclass(frozen=True)
class CaughtMail:
    """A message as its reader sees it. `html` is empty for a message of plain text only."""

    id: str
    sender: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str
    html: str
    unsubscribe: str

    @property
    def links(self) -> list[str]:
        """Give the addresses named in the text, each once, in order."""
        found = (address.rstrip(_TRAILING) for address in _ADDRESS.findall(self.text))
        return list(dict.fromkeys(found))


def read_mail(mail_id: str, content: bytes) -> CaughtMail:
    """Read a message from its bytes; what cannot be decoded is shown with marks in its place."""
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return CaughtMail(
        id=mail_id,
        sender=str(message.get("From", "")),
        to=str(message.get("To", "")),
        subject=str(message.get("Subject", "")) or "(no subject)",
        sent_at=_moment(message.get("Date")),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        unsubscribe=str(message.get("List-Unsubscribe", "")).strip("<>"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    payload = part.get_payload(decode=True)
    charset = part.get_content_charset("utf-8")
    content = payload if isinstance(payload, bytes) else b""
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _moment(written: object) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(written))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
