"""Kinds and states of imports."""

from __future__ import annotations

from enum import StrEnum


class ImportKind(StrEnum):
    """What sort of files were read."""

    ONEROSTER = "oneroster"
    TABLE = "table"
    SIMS_TIMETABLE = "sims-timetable"

    @property
    def label(self) -> str:
        """Give the name for people."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    ImportKind.ONEROSTER: "OneRoster set",
    ImportKind.TABLE: "Table of staff or classes",
    ImportKind.SIMS_TIMETABLE: "SIMS timetable report",
}


class ImportState(StrEnum):
    """How far an import has come."""

    PREVIEWED = "previewed"
    DROPPED = "dropped"
    APPLIED = "applied"
    UNDONE = "undone"


class ImportChoiceKind(StrEnum):
    """What a school is asked once and need not say again."""

    COLUMNS = "columns"
    ANSWERS = "answers"
