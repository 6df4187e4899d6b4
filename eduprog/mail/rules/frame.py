"""A message as bytes: one fixed MIME frame for each letter, into which only slots, recipient and ids are filled.

Building every message with `email.message` costs about forty times as much as filling a frame. What makes that safe is
that nothing reaches a header unless it is plain ASCII without spaces or control characters (addresses, links, ids) or has
been encoded (subject, sender's name), and that bodies are quoted-printable, where each slot stands on lines of its own
between soft line breaks.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Mapping
from email.header import Header
from email.utils import formataddr

from markupsafe import escape

from eduprog.mail.rules.kinds import Letter

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}"
_ADDRESS = re.compile(rf"(?!\.)(?!.*\.\.){_LOCAL}(?<!\.)@[A-Za-z0-9](?:[A-Za-z0-9.-]{{0,251}}[A-Za-z0-9])?")
_LINK = re.compile(r"https?://[!-;=?-~]{1,900}")
_HARMLESS = re.compile(r"[A-Za-z0-9:/._~?#!$()*+,;%@-]+")  # the same in a text, in HTML and in quoted-printable
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_SOFT_BREAK = b"=\r\n"
_FULL_LINE = 76


class NotAnAddress(ValueError):
    """No message can be sent to what was given as an address."""


class MissingSlot(ValueError):
    """A letter has a slot for which no value was given."""


def as_address(text: str) -> str:
    """Give an address as it stands in an envelope: ASCII, its domain in IDNA form. Raises NotAnAddress."""
    local, at, domain = text.strip().rpartition("@")
    try:
        address = f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise NotAnAddress("the part after the @ is not a domain") from None
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise NotAnAddress("this is not an e-mail address we can write to")
    return address


def header_text(name: str, text: str) -> str:
    """Give free text as the value of a header: control characters become spaces, what is not short plain ASCII is encoded."""
    clean = " ".join(_CONTROL.sub(" ", text).split())
    if clean.isascii() and len(clean) <= 60 and "=?" not in clean:
        return clean
    return Header(clean, "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")


def _sender(name: str, address: str) -> str:
    clean = " ".join(_CONTROL.sub(" ", name).split())
    if clean.isascii() and len(clean) <= 60 and "=?" not in clean:
        return formataddr((clean, address))
    return f"{Header(clean, 'utf-8', header_name='From', maxlinelen=76).encode(linesep=chr(13) + chr(10))}\r\n <{address}>"


def _quoted(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    return binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


def _unfinished(encoded: bytes) -> bytes:
    """End encoded text with a soft break, so that what follows continues its last line."""
    last = len(encoded) - (encoded.rfind(b"\n") + 1)
    if last < _FULL_LINE:
        return encoded + _SOFT_BREAK
    cut = len(encoded) - 1
    while b"=" in encoded[cut - 2 : cut]:
        cut -= 1
    return encoded[:cut] + _SOFT_BREAK + encoded[cut:] + _SOFT_BREAK


class Frame:
    """One letter from one sender, ready to be filled for each recipient."""

    def __init__(self, letter: Letter, sender_name: str, sender_address: str) -> None:
        self._slots = letter.slots
        self.sender = as_address(sender_address)
        self._host = self.sender.rpartition("@")[2]
        content = f"{letter.subject}\0{letter.text}\0{letter.html}"
        self._boundary = f"=_{hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:32]}"
        self._head = self._fixed_headers(letter, letter.from_name or sender_name)
        self._text = self._pieces(letter.text)
        self._html = self._pieces(letter.html)

    def _fixed_headers(self, letter: Letter, sender_name: str) -> bytes:
        kind = f'multipart/alternative; boundary="{self._boundary}"' if letter.html else 'text/plain; charset="utf-8"'
        lines = [
            f"From: {_sender(sender_name, self.sender)}",
            f"Subject: {header_text('Subject', letter.subject)}",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            f"Content-Type: {kind}",
        ]
        if letter.reply_to:
            lines.append(f"Reply-To: {as_address(letter.reply_to)}")
        if re.fullmatch(r"[A-Za-z0-9-]{2,20}", letter.language):
            lines.append(f"Content-Language: {letter.language}")
        if not letter.html:
            lines.append("Content-Transfer-Encoding: quoted-printable")
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")

    def _pieces(self, text: str) -> list[bytes | str]:
        """Cut at the slots: encoded text and slot names in turn, beginning and ending with text."""
        if not self._slots:
            return [_quoted(text)]
        names = "|".join(re.escape(name) for name in self._slots)
        *parts, last = re.split(f"«({names})»", text)
        cut: list[bytes | str] = [part if index % 2 else _unfinished(_quoted(part)) for index, part in enumerate(parts)]
        return [*cut, _quoted(last)]

    def message_id(self, mark: str) -> str:
        """Give the Message-ID for the mark of a row: the same on every try."""
        return f"<{mark}@{self._host}>"

    def fill(self, *, address: str, message_id: str, date: str, slots: Mapping[str, str], unsubscribe: str = "") -> bytes:
        """Give the message to one recipient, lines ending CR LF, dots not yet doubled.

        `address` comes from `as_address`, `message_id` from `message_id`, `date` is in the form of RFC 5322. Raises MissingSlot,
        or ValueError for an unsubscribe link that cannot stand in a header.
        """
        head = f"To: {address}\r\nMessage-ID: {message_id}\r\nDate: {date}\r\n"
        if unsubscribe:
            if not _LINK.fullmatch(unsubscribe):
                raise ValueError("the unsubscribe link cannot stand in a header")
            head += f"List-Unsubscribe: <{unsubscribe}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        text = _filled(self._text, _slot_values(self._slots, slots, html=False))
        if self._html == [b""]:
            return b"".join((self._head, head.encode("ascii"), b"\r\n", text, b"\r\n"))
        html = _filled(self._html, _slot_values(self._slots, slots, html=True))
        mark = self._boundary.encode("ascii")
        return b"".join((
            self._head, head.encode("ascii"), b"\r\n--", mark, _part(b"plain"), text,
            b"\r\n--", mark, _part(b"html"), html, b"\r\n--", mark, b"--\r\n",
        ))  # fmt: skip


def _filled(pieces: list[bytes | str], values: Mapping[str, bytes]) -> bytes:
    return b"".join([piece if isinstance(piece, bytes) else values[piece] for piece in pieces])


def _slot_values(names: tuple[str, ...], slots: Mapping[str, str], *, html: bool) -> dict[str, bytes]:
    try:
        return {name: _slot_value(slots[name], html=html) for name in names}
    except KeyError as missing:
        raise MissingSlot(f"no value for «{missing.args[0]}»") from None


def _slot_value(text: str, *, html: bool) -> bytes:
    if _HARMLESS.fullmatch(text):
        return b"".join([line.encode("ascii") + _SOFT_BREAK for line in _in_lines(text)])
    value = " ".join(_CONTROL.sub(" ", text).split())
    return _unfinished(_quoted(str(escape(value)) if html else value))


def _in_lines(text: str) -> list[str]:
    room = _FULL_LINE - 1
    return [text] if len(text) <= room else [text[start : start + room] for start in range(0, len(text), room)]


def _part(subtype: bytes) -> bytes:
    return b"\r\nContent-Type: text/" + subtype + b'; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
