"""A cell of the roll-ups as a value."""

from __future__ import annotations

from typing import NamedTuple


class Cell(NamedTuple):
    """One cell of the coverage grid: lessons planned, delivered, part taught, and minutes taught.

    Its place is given by the codes as they are stored (equal to the members of YearGroup, Strand and HalfTermBlock): making
    members of five hundred of them would take longer than reading them.
    """

    year_group: str
    strand: str
    block: str
    planned: int
    delivered: int
    part: int
    minutes: int
