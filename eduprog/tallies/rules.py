"""A cell of the roll-ups as a value."""

from __future__ import annotations

from dataclasses import dataclass

from eduprog.curriculum.vocabulary import HalfTermBlock, Strand, YearGroup


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the coverage grid: lessons planned, delivered, part taught, and minutes taught."""

    year_group: YearGroup
    strand: Strand
    block: HalfTermBlock
    planned: int
    delivered: int
    part: int
    minutes: int
