"""Rows that the database joins into one text, as words: pages of thousands read a text once for as long as it stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, cast, literal

BETWEEN, PARTS = "|", " "
"""Stand between the words of a text, and between the parts of a word."""
_KEYS_FROM = 10**15
"""Added to ids, so that all have as many digits and words stand in their order."""


def key_of(column: Any) -> ColumnElement[str]:
    """Write a column of ids so that its words stand in their order."""
    return cast(cast(column, BigInteger) + literal(_KEYS_FROM, BigInteger), String)


def id_of(key: str) -> int:
    """Read an id that `key_of` wrote."""
    return int(key) - _KEYS_FROM
