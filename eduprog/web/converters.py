"""What may stand for a number in an address, a question or a form."""

from __future__ import annotations

from typing import Any

from flask import Request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.routing import IntegerConverter, ValidationError

LARGEST = 2**31 - 1  # what the number of a row may be on either database


class RowNumber(IntegerConverter):
    """A whole number that a row can have; where a larger one stands, there is no such page."""

    regex = r"[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        """Give the number. Raises ValidationError, which makes a 404, for one that no row can have."""
        number = int(value)
        if number > LARGEST:
            raise ValidationError
        return number


class _Sent(ImmutableMultiDict[str, str]):
    """What a question or a form says; a number that no row can have counts as not said, and so does what has no name."""

    def __init__(self, mapping: Any = None) -> None:
        """Take what was sent, but for parts of a form that say no name: they have no place in any."""
        pairs = mapping if isinstance(mapping, list) else []
        for _none, held in (pair for pair in pairs if pair[0] is None and isinstance(pair[1], FileStorage)):
            held.close()
        super().__init__([pair for pair in pairs if pair[0] is not None] if pairs else mapping)

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # its overloads
        """Give a value, or the default."""
        found = super().get(key, default, type)
        return default if type is int and isinstance(found, int) and abs(found) > LARGEST else found


class PlainRequest(Request):
    """A request whose numbers fit a row."""

    parameter_storage_class = _Sent
