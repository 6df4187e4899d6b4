"""A cell of the roll-ups as a value."""

from __future__ import annotations

from typing import NamedTuple

from eduprog.curriculum.vocabulary import HalfTermBlock, Strand, YearGroup


class Cell(NamedTuple):
    """One cell of the coverage grid: lessons planned, delivered, part taught, and minutes taught."""

    year_group: YearGroup
    strand: Strand
    block: HalfTermBlock
    planned: int
    delivered: int
    part: int
    minutes: int
