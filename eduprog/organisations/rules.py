"""What a school is, as values."""

from __future__ import annotations

from enum import StrEnum

from eduprog.curriculum.vocabulary import Nation

__all__ = ["GroupKind", "Nation", "Phase"]


class Phase(StrEnum):
    """Which ages a school takes."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    ALL_THROUGH = "all-through"
    SPECIAL = "special"


class GroupKind(StrEnum):
    """What holds several schools together."""

    TRUST = "trust"
    FEDERATION = "federation"
    AUTHORITY = "authority"
