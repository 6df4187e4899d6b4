"""How counts of families are shown."""

from __future__ import annotations

SMALLEST_SHOWN = 5


def from_five(count: int) -> str:
    """Give a count of families in words that point at nobody: "fewer than 5", "5–9", "10–14" and so on.

    Steps of five, so that one family more tomorrow, or a class beside its prompts, is no figure.
    """
    first = count - count % SMALLEST_SHOWN
    return f"{first:,}–{first + SMALLEST_SHOWN - 1:,}" if first else f"fewer than {SMALLEST_SHOWN}"
