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


class CalendarChangeKind(StrEnum):
    """How a school's calendar came to be changed."""

    IMPORT = "import"
    CLOSING = "closing"


class SlotKind(StrEnum):
    """In which kind of time a class meets us."""

    PSHE = "pshe"
    TUTOR = "tutor"
    ASSEMBLY = "assembly"
