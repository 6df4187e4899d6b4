"""What a school is, as values."""

from __future__ import annotations

from enum import StrEnum


class Nation(StrEnum):
    """Whose law, bank holidays and help lines apply to a school."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"

    @property
    def label(self) -> str:
        """Give the name for people: "Northern Ireland"."""
        return self.value.replace("-", " ").title()


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
