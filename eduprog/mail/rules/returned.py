"""What a mail server sends back about a message of ours: it could not be delivered, or its reader called it spam."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import Any, TypeAlias

_Part: TypeAlias = "Message[Any, Any]"
LARGEST = 1024 * 1024
_PLAIN = policy.compat32  # the newer one takes every header apart, and some headers bring it down
_OURS = re.compile(r"<([1-9][0-9]{0,17}\.[0-9a-f]{40})@[A-Za-z0-9.-]{1,253}>")
_PERMANENT = re.compile(r"\s*5\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Returned:
    """A report about one message: the mark in its Message-ID, and the status (RFC 3463) or an empty text for a complaint."""

    mark: str
    status: str

    @property
    def is_complaint(self) -> bool:
        """Say whether the reader called the message spam."""
        return not self.status


def read_returned(content: bytes) -> Returned | None:
    """Read a report of a delivery that failed for good (RFC 3464) or of a complaint (RFC 5965).

    None for what is neither: a delay, a delivery, an answer of somebody away, or a report about a message without our mark.
    """
    message = BytesParser(policy=_PLAIN).parsebytes(content[:LARGEST])
    parts = list(message.walk()) if message.get_content_type() == "multipart/report" else []
    status = _status(parts)
    if status is None:
        return None
    held = next((found for part in parts if (found := _mark_of(part)) is not None), None)
    return Returned(held, status) if held is not None else None


def _status(parts: Sequence[_Part]) -> str | None:
    """Give the status of a final failure, an empty text for a complaint, None for any other report."""
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            return ""
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload() if part.is_multipart() else ():
            if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
                found = _PERMANENT.match(str(block.get("Status", "")))
                return found.group(0).strip() if found else None
    return None


def _mark_of(part: _Part) -> str | None:
    """Give the mark in the Message-ID of the message that came back, whole or its headers only."""
    kind = part.get_content_type()
    if kind == "text/rfc822-headers":
        text = str(part.get_payload()).encode(errors="replace")
        headers: _Part = BytesParser(policy=_PLAIN).parsebytes(text, headersonly=True)
    elif kind == "message/rfc822" and part.is_multipart():
        inner = part.get_payload()
        headers = inner[0] if isinstance(inner, list) and isinstance(inner[0], Message) else part
    else:
        return None
    found = _OURS.search(str(headers.get("Message-ID", "")))
    return found.group(1) if found else None
