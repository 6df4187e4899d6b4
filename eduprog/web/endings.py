"""Where a request ends is said once: one that says it in two ways could be two requests to a proxy, so it is refused."""

from __future__ import annotations

from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError

LONGEST_BODY = 32 * 1024 * 1024  # beyond it nothing is read; what is larger than a form may be gets its page before that


class _StrictParser(HTTPRequestParser):  # type: ignore[misc]  # waitress is untyped
    """waitress's parser, which takes a request with both a length and pieces for pieces, and a folded field for one field."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the fields, and raise ParsingError where they leave the end in doubt."""
        super().parse_header(header_plus)
        fields = header_plus.split(b"\r\n")[1:]
        pieces = [field for field in fields if field.lower().startswith(b"transfer-encoding:")]
        if len(pieces) > 1 or (pieces and "CONTENT_LENGTH" in self.headers):
            raise ParsingError("The request says in two ways where it ends")
        if any(field[:1] in (b" ", b"\t") for field in fields):
            raise ParsingError("A field of the request goes on in a new line")


class _StrictChannel(HTTPChannel):  # type: ignore[misc]  # waitress is untyped
    parser_class = _StrictParser


def refuse_doubtful_endings(server: Any) -> None:
    """Make a waitress server answer 400 to such a request and close the connection."""
    server.channel_class = _StrictChannel
