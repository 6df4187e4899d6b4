"""How counts of families are shown."""

from __future__ import annotations

SMALLEST_SHOWN = 5


def from_five(count: int) -> str:
    """Give a count of families in words that point at nobody: the number from five up, else "fewer than 5"."""
    return f"{count:,}" if count >= SMALLEST_SHOWN else f"fewer than {SMALLEST_SHOWN}"
