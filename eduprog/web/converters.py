"""What may stand for a number in an address."""

from __future__ import annotations

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
