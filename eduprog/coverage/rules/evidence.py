"""The evidence pack as values: sections of sentences, tables and charts, for one audience."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Cell = str | int


class Audience(StrEnum):
    """For whom the pack is made."""

    GOVERNORS = "governors"
    INSPECTION = "inspection"
    PARENTS = "parents"

    @property
    def label(self) -> str:
        """Give the words of pages."""
        return {"governors": "Governors", "inspection": "Inspection", "parents": "Parents and carers"}[self.value]

    @property
    def sees_classes(self) -> bool:
        """Say whether classes are named; parents see year groups only."""
        return self is not Audience.PARENTS


@dataclass(frozen=True)
class Table:
    """A table with its name in file names, its title, and what is good to know of it."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """Bars of done against planned; the same figures stand in the table it belongs to."""

    title: str
    bars: tuple[tuple[str, int, int], ...]

    @property
    def words(self) -> str:
        """Say the chart in words, for those who do not see it."""
        return "; ".join(f"{label}: {done} of {planned}" for label, done, planned in self.bars)


@dataclass(frozen=True)
class Section:
    """A part of the pack."""

    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True)
class Pack:
    """The whole pack."""

    school: str
    audience: Audience
    period: str
    made_on: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """Give its title."""
        return f"Prevention education at {self.school}, {self.period}"

    @property
    def tables(self) -> list[Table]:
        """Give every table, in order."""
        return [table for section in self.sections for table in section.tables]


LIMITS = (
    "These figures count what this programme plans and what teachers recorded. They do not show what pupils learned, and say"
    " nothing of any one child or teacher.",
    "This programme is part of relationships, sex and health education. Items outside it must be taught elsewhere, so this pack"
    " alone never shows that the statutory guidance is met.",
    "Evidence for programmes against harm online is still thin. What each element rests on is said beside it.",
    "Counts of paper slips are shown from ten answers up. No name, no answer of a child and no disclosure is stored here.",
)


def safe(cell: Cell) -> Cell:
    """Give a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
