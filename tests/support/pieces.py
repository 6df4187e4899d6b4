"""Which cases of a long row this run has: all, or one piece of them, so that a row of hours can be run in turns.

EDUPROG_PIECE="3/20" is the third twentieth; EDUPROG_SEED=7 gives cases that no run without it has.
"""

from __future__ import annotations

import os

PIECE = os.environ.get("EDUPROG_PIECE", "")
SEED = int(os.environ.get("EDUPROG_SEED", "0"))
_APART = 10_000_000


def piece(cases: int) -> range:
    """Give the numbers of this run's cases. A case's number is its seed."""
    number, of = (int(part) for part in (PIECE or "1/1").split("/"))
    first = SEED * _APART
    return range(first + cases * (number - 1) // of, first + cases * number // of)
