"""Kinds of closed days and of meeting slots."""

from __future__ import annotations

from enum import StrEnum


class ClosureKind(StrEnum):
    """Why the school is shut to pupils on a day of term."""

    INSET = "inset"
    IN_LIEU = "in-lieu"
    SNOW = "snow"
    POLLING = "polling"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Give the words used on pages."""
        return _CLOSURE_LABELS[self]


_CLOSURE_LABELS = {
    ClosureKind.INSET: "INSET day",
    ClosureKind.IN_LIEU: "in lieu of twilight training",
    ClosureKind.SNOW: "snow or another emergency",
    ClosureKind.POLLING: "polling day",
    ClosureKind.OTHER: "shut for another reason",
}


class CalendarChangeKind(StrEnum):
    """How a school's calendar came to be changed."""

    IMPORT = "import"
    CLOSING = "closing"
    BY_HAND = "by-hand"

    @property
    def label(self) -> str:
        """Give the words used on pages."""
        return _CHANGE_LABELS[self]


_CHANGE_LABELS = {
    CalendarChangeKind.IMPORT: "Term dates taken in",
    CalendarChangeKind.CLOSING: "Days shut",
    CalendarChangeKind.BY_HAND: "Half-terms written by hand",
}


class SlotKind(StrEnum):
    """In which kind of time a class meets us."""

    PSHE = "pshe"
    TUTOR = "tutor"
    ASSEMBLY = "assembly"
